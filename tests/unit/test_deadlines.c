/* SPDX-License-Identifier: Apache-2.0
 *
 * deadlines: every priority has the times of the policy, every state says what it waits for and whose turn it is.
 */
#include "deadlines.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "clock.h"
#include "memory.h"

#define T0 (INT64_C(20783) * DAY_MS)

static struct deadline_policy policy;

static int set_up(void **state)
{
    (void)state;
    deadlines_load(&policy);
    return 0;
}

static struct watched make(
    enum service service, enum priority priority, enum progress progress)
{
    return (struct watched){.service = service,
        .priority = priority,
        .progress = progress,
        .created_ms = T0,
        .since_ms = T0};
}

static void deadlines__are_15_minutes_and_1_hour_tonight_and_24_72_hours_and_14_days(
    void **state)
{
    (void)state;
    static const struct {
        enum service service;
        enum priority priority;
        int64_t opening, decision; /* minutes; 0: none */
    } rows[] = {
        {SERVICE_SHELTER, PRIORITY_TONIGHT, 15, 60},
        {SERVICE_MEDICAL, PRIORITY_TONIGHT, 15, 60},
        {SERVICE_MEDICAL, PRIORITY_EMERGENCY, 60, 180},
        {SERVICE_MEDICAL, PRIORITY_URGENT, 60, 180},
        {SERVICE_MEDICAL, PRIORITY_NORMAL, 0, 14 * 1440},
        {SERVICE_SHELTER, PRIORITY_EMERGENCY, 0, 24 * 60},
        {SERVICE_LEGAL, PRIORITY_URGENT, 0, 72 * 60},
        {SERVICE_LIVELIHOOD, PRIORITY_NORMAL, 0, 14 * 1440},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct watched watched =
            make(rows[i].service, rows[i].priority, PROGRESS_REQUESTED);
        struct deadline deadlines[DEADLINES_OF_ONE];
        size_t n = deadlines_of(&policy, &watched, deadlines);
        assert_int_equal(n, rows[i].opening != 0 ? 2 : 1);
        if (n == 2) {
            assert_int_equal(deadlines[0].waits, WAITS_OPENING);
            assert_int_equal(deadlines[0].due_ms, T0 + rows[i].opening * MINUTE_MS);
        }
        assert_int_equal(deadlines[n - 1].waits, WAITS_DECISION);
        assert_int_equal(deadlines[n - 1].owner, ACTOR_RECIPIENT);
        assert_int_equal(deadlines[n - 1].due_ms, T0 + rows[i].decision * MINUTE_MS);
        watched.progress = PROGRESS_OPENED;
        assert_int_equal(deadlines_of(&policy, &watched, deadlines), 1);
        assert_int_equal(deadlines[0].due_ms, T0 + rows[i].decision * MINUTE_MS);
    }
}

static void deadlines__every_open_state_has_an_owner_and_every_end_but_a_refusal_has_none(
    void **state)
{
    (void)state;
    int n_open = 0, n_next = 0;
    for (int at = PROGRESS_REQUESTED; at < PROGRESS_COUNT; at++) {
        struct watched watched =
            make(SERVICE_SHELTER, PRIORITY_URGENT, (enum progress)at);
        struct deadline deadlines[DEADLINES_OF_ONE];
        size_t n = deadlines_of(&policy, &watched, deadlines);
        bool refused =
            at == PROGRESS_DECLINED || at == PROGRESS_REDIRECTED || at == PROGRESS_FAILED;
        if (refused) {
            assert_int_equal(n, 1);
            assert_int_equal(deadlines[0].waits, WAITS_NEXT);
            assert_int_equal(deadlines[0].owner, ACTOR_SENDER);
            n_next++;
        } else if (progress_is_over((enum progress)at)) {
            assert_int_equal(n, 0);
        } else {
            assert_true(n > 0);
            assert_int_equal(deadlines[0].owner, ACTOR_RECIPIENT);
            assert_true(deadlines[0].due_ms > T0);
            n_open++;
        }
        watched.settled = true;
        assert_int_equal(deadlines_of(&policy, &watched, deadlines), 0);
    }
    print_message("open=%d next=%d\n", n_open, n_next);
    assert_int_equal(n_next, 3);
    assert_true(n_open >= 8);
}

static void deadlines__half_and_full_time_are_told_apart(void **state)
{
    (void)state;
    struct watched watched =
        make(SERVICE_SHELTER, PRIORITY_EMERGENCY, PROGRESS_REQUESTED);
    struct deadline deadlines[DEADLINES_OF_ONE];
    assert_int_equal(deadlines_of(&policy, &watched, deadlines), 1);
    assert_int_equal(deadline_late(deadlines, T0), LATE_NOT);
    assert_int_equal(deadline_late(deadlines, T0 + 12 * HOUR_MS - 1), LATE_NOT);
    assert_int_equal(deadline_late(deadlines, T0 + 12 * HOUR_MS), LATE_HALF);
    assert_int_equal(deadline_late(deadlines, T0 + 24 * HOUR_MS - 1), LATE_HALF);
    assert_int_equal(deadline_late(deadlines, T0 + 24 * HOUR_MS), LATE_FULL);
}

static void deadlines__only_normal_clocks_pause(void **state)
{
    (void)state;
    for (int service = 1; service < SERVICE_COUNT; service++)
        for (int priority = 1; priority < PRIORITY_COUNT; priority++)
            assert_int_equal(
                deadline_pauses((enum service)service, (enum priority)priority),
                priority == PRIORITY_NORMAL);
}

static void deadlines__of_a_letter_that_never_arrives_are_its_senders_at_once(
    void **state)
{
    (void)state;
    struct watched watched = make(SERVICE_SHELTER, PRIORITY_TONIGHT, PROGRESS_REQUESTED);
    struct deadline deadlines[DEADLINES_OF_ONE];
    watched.failed = true;
    assert_int_equal(deadlines_of(&policy, &watched, deadlines), 1);
    assert_int_equal(deadlines[0].waits, WAITS_NEXT);
    assert_int_equal(deadlines[0].owner, ACTOR_SENDER);
    assert_int_equal(deadline_late(deadlines, T0), LATE_FULL);
}

static void deadlines__of_an_appointment_end_a_day_after_it(void **state)
{
    (void)state;
    struct watched watched = make(SERVICE_LEGAL, PRIORITY_NORMAL, PROGRESS_SCHEDULED);
    struct deadline deadlines[DEADLINES_OF_ONE];
    watched.day = 20783 + 5;
    assert_int_equal(deadlines_of(&policy, &watched, deadlines), 1);
    assert_int_equal(deadlines[0].waits, WAITS_APPOINTMENT);
    assert_int_equal(deadlines[0].due_ms, T0 + 6 * DAY_MS);
}

static void deadlines__a_policy_of_another_shape_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{}", "[]",
        "{\"policy\":\"deadlines\",\"version\":1,\"state\":\"draft\",\"reviewed_by\":"
        "\"\"}",
        "{\"policy\":\"deadlines\",\"version\":1,\"state\":\"reviewed\",\"reviewed_by\":"
        "\"\",\"minutes\":{},\"days\":{},\"ring_minutes\":15,\"silence_hours\":24}"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct deadline_policy read;
        struct trouble trouble = {""};
        assert_int_not_equal(
            deadlines_parse(span_text(texts[i]), &read, &trouble), STATUS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            deadlines__are_15_minutes_and_1_hour_tonight_and_24_72_hours_and_14_days),
        cmocka_unit_test(
            deadlines__every_open_state_has_an_owner_and_every_end_but_a_refusal_has_none),
        cmocka_unit_test(deadlines__half_and_full_time_are_told_apart),
        cmocka_unit_test(deadlines__only_normal_clocks_pause),
        cmocka_unit_test(
            deadlines__of_a_letter_that_never_arrives_are_its_senders_at_once),
        cmocka_unit_test(deadlines__of_an_appointment_end_a_day_after_it),
        cmocka_unit_test(deadlines__a_policy_of_another_shape_is_refused),
    };
    return cmocka_run_group_tests_name("deadlines", tests, set_up, NULL);
}
