/* SPDX-License-Identifier: Apache-2.0
 *
 * pulse: daily to who is heard, rarer and rarer to who is silent, never to strangers (PROTOCOL.md 6.7).
 */
#include "check.h"
#include "clock.h"
#include "memory.h"
#include "pulse.h"

#define NOW INT64_C(1790000000000)

static void pulse__waits_1_1_2_4_7_7_days_and_then_7_for_ever(void **state)
{
    (void)state;
    static const int days[] = {1, 1, 2, 4, 7, 7, 7, 7};
    for (uint32_t i = 0; i < ARRAY_LENGTH(days); i++)
        assert_int_equal(pulse_wait_ms(i), days[i] * DAY_MS);
    assert_int_equal(pulse_wait_ms(UINT32_MAX), 7 * DAY_MS);
}

static void pulse__leaves_seven_in_the_mailbox_of_who_is_silent_for_35_days(void **state)
{
    (void)state;
    struct pulse pulse = {.traffic_ms = NOW, .out_ms = NOW};
    int sent = 0;
    for (int64_t now_ms = NOW; now_ms <= NOW + 35 * DAY_MS; now_ms += HOUR_MS)
        if (pulse_due(&pulse, now_ms)) {
            sent++;
            pulse.tries++;
            pulse.out_ms = now_ms;
        }
    assert_int_equal(sent, 7);
}

static void pulse__beats_daily_while_the_member_is_heard(void **state)
{
    (void)state;
    struct pulse pulse = {.traffic_ms = NOW, .out_ms = NOW};
    assert_false(pulse_due(&pulse, NOW + DAY_MS - 1));
    assert_true(pulse_due(&pulse, NOW + DAY_MS));
}

static void pulse__goes_only_where_there_was_traffic_in_60_days(void **state)
{
    (void)state;
    struct pulse never = {.out_ms = NOW - 100 * DAY_MS};
    struct pulse old = {.traffic_ms = NOW - 60 * DAY_MS, .out_ms = NOW - 30 * DAY_MS};
    assert_false(pulse_due(&never, NOW));
    assert_false(pulse_due(&old, NOW));
    old.traffic_ms++;
    assert_true(pulse_due(&old, NOW));
}

static void pulse__goes_wherever_a_number_is_unsettled(void **state)
{
    (void)state;
    struct pulse pulse = {.unsettled = true, .out_ms = NOW - DAY_MS};
    assert_true(pulse_due(&pulse, NOW));
    pulse.traffic_ms = NOW - 600 * DAY_MS;
    assert_true(pulse_due(&pulse, NOW));
    pulse.out_ms = NOW - DAY_MS + 1;
    assert_false(pulse_due(&pulse, NOW));
}

/* Nothing is refused because of a clock alone. */
static void pulse__goes_on_after_a_clock_that_was_set_back(void **state)
{
    (void)state;
    struct pulse pulse = {.traffic_ms = NOW + 400 * DAY_MS, .out_ms = NOW + 400 * DAY_MS};
    assert_true(pulse_due(&pulse, NOW));
    pulse.out_ms = NOW;
    assert_false(pulse_due(&pulse, NOW));
    assert_true(pulse_due(&pulse, NOW + DAY_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pulse__waits_1_1_2_4_7_7_days_and_then_7_for_ever),
        cmocka_unit_test(pulse__leaves_seven_in_the_mailbox_of_who_is_silent_for_35_days),
        cmocka_unit_test(pulse__beats_daily_while_the_member_is_heard),
        cmocka_unit_test(pulse__goes_only_where_there_was_traffic_in_60_days),
        cmocka_unit_test(pulse__goes_wherever_a_number_is_unsettled),
        cmocka_unit_test(pulse__goes_on_after_a_clock_that_was_set_back),
    };
    return cmocka_run_group_tests_name("post_pulse", tests, NULL, NULL);
}
