/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"
#include "check.h"
#include "clock.h"
#include "memory.h"

static const struct {
    int64_t wall_ms;
    const char *text;
} PAIRS[] = {
    {0, "1970-01-01T00:00:00Z"},
    {951782400000, "2000-02-29T00:00:00Z"},
    {951868800000, "2000-03-01T00:00:00Z"},
    {1709164800000, "2024-02-29T00:00:00Z"},
    {1735689599000, "2024-12-31T23:59:59Z"},
    {1795496400000, "2026-11-24T05:00:00Z"},
    {4107542400000, "2100-03-01T00:00:00Z"},
    {253402300799000, "9999-12-31T23:59:59Z"},
};

static void time__formats_and_parses_back(void **state)
{
    char text[TIME_TEXT_BYTES];
    int64_t wall_ms;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(PAIRS); i++) {
        time_format(PAIRS[i].wall_ms, text);
        assert_string_equal(text, PAIRS[i].text);
        assert_ok(time_parse(PAIRS[i].text, &wall_ms));
        assert_true(wall_ms == PAIRS[i].wall_ms);
    }
}

static void time__goes_forth_and_back_for_every_day_of_400_years(void **state)
{
    char text[TIME_TEXT_BYTES], before[TIME_TEXT_BYTES] = "";
    int64_t wall_ms;

    (void)state;
    for (int64_t day = 0; day < 146097; day++) {
        time_format(day * DAY_MS + 3723 * SECOND_MS, text);
        assert_true(strcmp(before, text) < 0);
        assert_ok(time_parse(text, &wall_ms));
        assert_true(wall_ms == day * DAY_MS + 3723 * SECOND_MS);
        memcpy(before, text, sizeof(before));
    }
}

static void time__of_a_bare_day_is_its_midnight(void **state)
{
    int64_t wall_ms;

    (void)state;
    assert_ok(time_parse("2026-11-24", &wall_ms));
    assert_true(wall_ms == 1795496400000 - 5 * HOUR_MS);
}

static void time__refuses_what_is_no_day_or_time(void **state)
{
    static const char *const BAD[] = {"", "2026", "2026-11", "2026-11-", "2026-11-2",
        "2026-13-01", "2026-00-01", "2026-01-00", "2026-02-29", "2100-02-29",
        "2026-04-31", "1969-12-31", "2026-11-24T", "2026-11-24T05:00",
        "2026-11-24T05:00:00", "2026-11-24T24:00:00Z", "2026-11-24T23:60:00Z",
        "2026-11-24T23:59:60Z", "2026-11-24T05:00:00Zx", "2026-11-24T05:00:00z",
        "2026-11-24 05:00:00Z", "2026/11/24", "+026-11-24", " 2026-11-24", "2026-11-24 ",
        "20261-1-24"};
    int64_t wall_ms = 7;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        assert_status(time_parse(BAD[i], &wall_ms), STATUS_MALFORMED);
    assert_true(wall_ms == 7);
}

static void time__outside_of_its_range_is_shown_as_the_nearest(void **state)
{
    char text[TIME_TEXT_BYTES];

    (void)state;
    time_format(-1, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    time_format(INT64_MIN, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    time_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
    time_format(TIME_MS_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
}

static void clock__of_the_system_is_in_this_century_and_never_goes_back(void **state)
{
    struct clock *clock = clock_system();
    int64_t before_ms = clock_steady_ms(clock);

    (void)state;
    assert_true(clock_wall_ms(clock) > 1700000000000);
    assert_true(clock_wall_ms(clock) < TIME_MS_MAX);
    for (int i = 0; i < 1000; i++) {
        int64_t now_ms = clock_steady_ms(clock);

        assert_true(now_ms >= before_ms);
        before_ms = now_ms;
    }
}

static int64_t give_context(void *context)
{
    return *(int64_t *)context;
}

static void clock__can_be_replaced(void **state)
{
    int64_t now_ms = 42;
    struct clock clock = {
        .wall_ms = give_context, .steady_ms = give_context, .context = &now_ms};

    (void)state;
    assert_true(clock_wall_ms(&clock) == 42);
    now_ms = 43;
    assert_true(clock_steady_ms(&clock) == 43);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time__formats_and_parses_back),
        cmocka_unit_test(time__goes_forth_and_back_for_every_day_of_400_years),
        cmocka_unit_test(time__of_a_bare_day_is_its_midnight),
        cmocka_unit_test(time__refuses_what_is_no_day_or_time),
        cmocka_unit_test(time__outside_of_its_range_is_shown_as_the_nearest),
        cmocka_unit_test(clock__of_the_system_is_in_this_century_and_never_goes_back),
        cmocka_unit_test(clock__can_be_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
