/* SPDX-License-Identifier: Apache-2.0
 *
 * load: what is open, late and waited for, by service and by district, and the middle of the waits.
 */
#include "load.h"

#include "check.h"
#include "clock.h"
#include "memory.h"

#define T0 (INT64_C(20783) * DAY_MS)

static struct deadline_policy policy;
static struct load_line lines[LOAD_LINES_MAX];

static struct board_row make(
    enum service service, uint16_t district, enum progress progress, int64_t hours_ago)
{
    return (struct board_row){.reference = "28T5CY4TY",
        .service = service,
        .priority = PRIORITY_NORMAL,
        .progress = progress,
        .created_ms = T0 - hours_ago * HOUR_MS,
        .since_ms = T0 - hours_ago * HOUR_MS,
        .district = district};
}

static int set_up(void **state)
{
    (void)state;
    deadlines_load(&policy);
    return 0;
}

static void load__counts_by_service_the_most_open_first(void **state)
{
    const struct board_row rows[] = {
        make(SERVICE_MEDICAL, 513, PROGRESS_REQUESTED, 1),
        make(SERVICE_SHELTER, 513, PROGRESS_REQUESTED, 1),
        make(SERVICE_SHELTER, 528, PROGRESS_ACCEPTED, 2),
        make(SERVICE_SHELTER, 528, PROGRESS_COMPLETED, 3), /* is over */
    };

    (void)state;
    assert_int_equal(
        load_count(&policy, rows, ARRAY_LENGTH(rows), LOAD_BY_SERVICE, T0, lines), 2);
    assert_int_equal(lines[0].key, SERVICE_SHELTER);
    assert_int_equal(lines[0].open, 2);
    assert_int_equal(lines[1].key, SERVICE_MEDICAL);
    assert_int_equal(lines[1].open, 1);
    assert_int_equal(lines[1].overdue, 0);
}

static void load__counts_by_district_and_what_was_told_of_none(void **state)
{
    const struct board_row rows[] = {
        make(SERVICE_MEDICAL, 528, PROGRESS_REQUESTED, 1),
        make(SERVICE_MEDICAL, 513, PROGRESS_REQUESTED, 1),
        make(SERVICE_SHELTER, 0, PROGRESS_REQUESTED, 1),
    };

    (void)state;
    assert_int_equal(
        load_count(&policy, rows, ARRAY_LENGTH(rows), LOAD_BY_DISTRICT, T0, lines), 3);
    assert_int_equal(lines[0].key, 0); /* as many everywhere: by key */
    assert_int_equal(lines[1].key, 513);
    assert_int_equal(lines[2].key, 528);
}

static void load__takes_the_middle_of_the_waits_and_not_of_those_who_are_served(
    void **state)
{
    struct board_row rows[] = {
        make(SERVICE_SHELTER, 513, PROGRESS_REQUESTED, 40),
        make(SERVICE_SHELTER, 513, PROGRESS_ACCEPTED, 2),
        make(SERVICE_SHELTER, 513, PROGRESS_OPENED, 10),
        make(SERVICE_SHELTER, 513, PROGRESS_IN_SERVICE, 500),
    };

    (void)state;
    assert_int_equal(load_count(&policy, rows, 4, LOAD_BY_SERVICE, T0, lines), 1);
    assert_int_equal(lines[0].open, 4);
    assert_int_equal(lines[0].waiting, 3);
    assert_int_equal(lines[0].median_ms, 10 * HOUR_MS);
    assert_int_equal(lines[0].longest_ms, 40 * HOUR_MS);
    rows[3].progress = PROGRESS_REQUESTED; /* four wait: between the two in the middle */
    rows[3].created_ms = T0 - 20 * HOUR_MS;
    assert_int_equal(load_count(&policy, rows, 4, LOAD_BY_SERVICE, T0, lines), 1);
    assert_int_equal(lines[0].median_ms, 15 * HOUR_MS);
}

static void load__counts_a_wait_from_the_beginning_whoever_had_it_meanwhile(void **state)
{
    struct board_row row = make(SERVICE_SHELTER, 513, PROGRESS_WAITLISTED, 100);

    (void)state;
    row.since_ms = T0 - HOUR_MS;
    assert_int_equal(load_count(&policy, &row, 1, LOAD_BY_SERVICE, T0, lines), 1);
    assert_int_equal(lines[0].median_ms, 100 * HOUR_MS);
}

static void load__counts_what_is_late_and_what_did_not_arrive(void **state)
{
    struct board_row rows[] = {
        make(SERVICE_SHELTER, 513, PROGRESS_REQUESTED, 24 * 60),
        make(SERVICE_SHELTER, 513, PROGRESS_REQUESTED, 0),
    };

    (void)state;
    rows[0].undelivered = true;
    assert_int_equal(load_count(&policy, rows, 2, LOAD_BY_DISTRICT, T0, lines), 1);
    assert_int_equal(lines[0].open, 2);
    assert_int_equal(lines[0].overdue, 1);
    assert_int_equal(lines[0].half, 0);
    assert_int_equal(lines[0].undelivered, 1);
}

/* A member's clock that was ahead makes no wait below nothing. */
static void load__of_nothing_is_nothing_and_of_tomorrow_is_no_wait(void **state)
{
    struct board_row row = make(SERVICE_SHELTER, 513, PROGRESS_REQUESTED, -30);

    (void)state;
    assert_int_equal(load_count(&policy, NULL, 0, LOAD_BY_SERVICE, T0, lines), 0);
    assert_int_equal(load_count(&policy, &row, 1, LOAD_BY_SERVICE, T0, lines), 1);
    assert_int_equal(lines[0].waiting, 1);
    assert_int_equal(lines[0].median_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load__counts_by_service_the_most_open_first),
        cmocka_unit_test(load__counts_by_district_and_what_was_told_of_none),
        cmocka_unit_test(
            load__takes_the_middle_of_the_waits_and_not_of_those_who_are_served),
        cmocka_unit_test(load__counts_a_wait_from_the_beginning_whoever_had_it_meanwhile),
        cmocka_unit_test(load__counts_what_is_late_and_what_did_not_arrive),
        cmocka_unit_test(load__of_nothing_is_nothing_and_of_tomorrow_is_no_wait),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
