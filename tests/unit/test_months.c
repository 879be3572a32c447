/* SPDX-License-Identifier: Apache-2.0
 *
 * months: days and times become months, by arithmetic.
 */
#include "months.h"

#include "check.h"
#include "clock.h"

static void months__begin_with_the_days_that_a_node_keeps(void **state)
{
    (void)state;
    int64_t december =
        INT64_C(1796083200000); /* 2026-12-01 00:00 UTC, 05:00 in Karachi */
    assert_int_equal(month_of_ms(december - 1), 202611);
    assert_int_equal(month_of_ms(december), 202612);
    assert_int_equal(month_of_ms(december), month_of_day(december / DAY_MS));
    assert_int_equal(month_of_ms(0), 197001);
    assert_int_equal(month_of_ms(-1), 196912);
}

static void months__of_a_day_know_leap_years_and_ends(void **state)
{
    (void)state;
    assert_int_equal(month_of_day(0), 197001);
    assert_int_equal(month_of_day(-1), 196912);
    assert_int_equal(month_of_day(19782), 202402); /* 2024-02-29 */
    assert_int_equal(month_of_day(19783), 202403);
    assert_int_equal(month_of_day(20782), 202611); /* 2026-11-25 */
    assert_int_equal(month_of_day(20787), 202611);
    assert_int_equal(month_of_day(20788), 202612);
    assert_int_equal(month_of_day(47540), 210002);
    assert_int_equal(month_of_day(47541), 210003); /* 2100 has no 29 February */
}

static void months__first_day_is_the_first_that_lies_in_it(void **state)
{
    (void)state;
    for (int32_t month = MONTH_FIRST; month <= MONTH_LAST;
         month = month_before(month, -1)) {
        assert_int_equal(month_of_day(month_first_day(month)), month);
        assert_int_equal(
            month_of_day(month_first_day(month) - 1), month_before(month, 1));
    }
    assert_int_equal(month_first_day(202612), 20788);
}

static void months__are_read_strictly_and_printed_again(void **state)
{
    (void)state;
    char text[MONTH_TEXT_BYTES];
    int32_t month = 7;
    static const char *const WRONG[] = {"", "2026", "2026-1", "2026-13", "2026-00",
        "2026-1a", "26-11-01", "2026/11", "2019-12", "2100-01", "2026-111", " 2026-1"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_status(month_parse(WRONG[i], &month), STATUS_MALFORMED);
    assert_int_equal(month, 7);
    assert_ok(month_parse("2026-11", &month));
    assert_int_equal(month, 202611);
    month_format(month, text);
    assert_string_equal(text, "2026-11");
}

static void months__know_their_neighbours_and_quarters(void **state)
{
    (void)state;
    char text[MONTH_TEXT_BYTES];
    assert_int_equal(month_before(202601, 1), 202512);
    assert_int_equal(month_before(202603, 2), 202601);
    assert_int_equal(month_before(202612, -1), 202701);
    assert_int_equal(month_before(202612, 0), 202612);
    assert_true(month_ends_quarter(202612));
    assert_false(month_ends_quarter(202611));
    quarter_format(202612, text);
    assert_string_equal(text, "2026-Q4");
    quarter_format(202601, text);
    assert_string_equal(text, "2026-Q1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months__begin_with_the_days_that_a_node_keeps),
        cmocka_unit_test(months__of_a_day_know_leap_years_and_ends),
        cmocka_unit_test(months__first_day_is_the_first_that_lies_in_it),
        cmocka_unit_test(months__are_read_strictly_and_printed_again),
        cmocka_unit_test(months__know_their_neighbours_and_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
