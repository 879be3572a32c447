/* SPDX-License-Identifier: Apache-2.0
 * Days that pass, and clocks that jump.
 */
#include "check.h"
#include "memory.h"
#include "retention.h"

#define POLICY(days, more)                                                               \
    "{\"policy\":\"retention\",\"version\":1,\"state\":\"draft\",\"reviewed_by\":\"\","  \
    "\"days\":{" days "},\"reflection_days\":30" more "}"
#define DAYS                                                                             \
    "\"declined\":7,\"lapsed\":7,\"late\":30,\"completed\":90,\"case-closed\":90,"       \
    "\"screening-unfinished\":30,\"arrivals\":30,\"audit\":1826"

static void retention__reads_the_policy_of_the_program(void **state)
{
    struct retention retention;

    (void)state;
    retention_load(&retention);
    assert_int_equal(retention.days[RETAINED_DECLINED], 7);
    assert_int_equal(retention.days[RETAINED_LAPSED], 7);
    assert_int_equal(retention.days[RETAINED_COMPLETED], 90);
    assert_int_equal(retention.days[RETAINED_AUDIT], 5 * 365 + 1);
    assert_int_equal(retention.reflection_days, 30);
    assert_false(retention.reviewed);
}

static void retention__refuses_a_policy_that_leaves_something_out(void **state)
{
    static const char *const BAD[] = {"", "[]", POLICY("", ""),
        POLICY("\"declined\":7", ""), POLICY(DAYS, ",\"x\":1"),
        POLICY(DAYS ",\"declined\":7", ""), POLICY(DAYS ",\"never\":7", ""),
        "{\"policy\":\"retention\",\"version\":1,\"state\":\"reviewed\",\"reviewed_by\":"
        "\"\",\"days\":{" DAYS "},\"reflection_days\":30}",
        "{\"policy\":\"disclosure\",\"version\":1,\"state\":\"draft\",\"reviewed_by\":"
        "\"\",\"days\":{" DAYS "},\"reflection_days\":30}",
        "{\"policy\":\"retention\",\"version\":1,\"state\":\"draft\",\"reviewed_by\":"
        "\"\",\"days\":{" DAYS "},\"reflection_days\":0}"};
    struct retention retention;
    struct trouble trouble;

    (void)state;
    assert_ok(retention_parse(span_text(POLICY(DAYS, "")), &retention, &trouble));
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++) {
        trouble.text[0] = 0;
        assert_status(
            retention_parse(span_text(BAD[i]), &retention, &trouble), STATUS_MALFORMED);
        assert_true(*trouble.text);
    }
}

static void dp15__each_class_is_kept_to_its_day_and_not_beyond(void **state)
{
    struct retention retention;

    (void)state;
    retention_load(&retention);
    for (int what = 1; what < RETAINED_COUNT; what++) {
        int64_t ends = retention_ends(&retention, (enum retained)what, 20000);

        assert_true(ends == 20000 + retention.days[what]);
        assert_false(retention_is_over(&retention, (enum retained)what, 20000,
            (struct two_days){ends - 1, ends - 1}));
        assert_true(retention_is_over(
            &retention, (enum retained)what, 20000, (struct two_days){ends, ends}));
        assert_non_null(retained_name((enum retained)what));
    }
    assert_null(retained_name(RETAINED_COUNT));
}

static void dp15__a_clock_that_jumped_destroys_nothing_alone(void **state)
{
    struct retention retention;

    (void)state;
    retention_load(&retention);
    assert_false(retention_is_over(
        &retention, RETAINED_DECLINED, 20000, (struct two_days){47000, 20001}));
    assert_false(retention_is_over(
        &retention, RETAINED_DECLINED, 20000, (struct two_days){20001, 47000}));
}

static void dp27__reflection_lasts_thirty_days_unless_the_person_asks(void **state)
{
    struct retention retention;

    (void)state;
    retention_load(&retention);
    assert_false(
        reflection_is_over(&retention, 20000, false, (struct two_days){20029, 20029}));
    assert_false(
        reflection_is_over(&retention, 20000, false, (struct two_days){20030, 20029}));
    assert_true(
        reflection_is_over(&retention, 20000, false, (struct two_days){20030, 20030}));
    assert_true(
        reflection_is_over(&retention, 20000, true, (struct two_days){20000, 20000}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retention__reads_the_policy_of_the_program),
        cmocka_unit_test(retention__refuses_a_policy_that_leaves_something_out),
        cmocka_unit_test(dp15__each_class_is_kept_to_its_day_and_not_beyond),
        cmocka_unit_test(dp15__a_clock_that_jumped_destroys_nothing_alone),
        cmocka_unit_test(dp27__reflection_lasts_thirty_days_unless_the_person_asks),
    };
    return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
