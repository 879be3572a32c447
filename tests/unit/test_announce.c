/* SPDX-License-Identifier: Apache-2.0
 *
 * announce: when a node makes itself heard. Times are turned by hand; nothing runs here.
 */
#include "announce.h"
#include "check.h"
#include "memory.h"

/* 2026-11-24 12:00 and 23:00 in Pakistan, which is five hours east. */
#define NOON_MS (INT64_C(1795478400000) + 7 * HOUR_MS)
#define NIGHT_MS (NOON_MS + 11 * HOUR_MS)
#define START_MS INT64_C(7000000) /* of the steady clock */

struct bench {
    struct announce announce;
    int64_t steady_ms, wall_ms;
};

static struct bench begin(int64_t wall_ms)
{
    return (struct bench){.steady_ms = START_MS, .wall_ms = wall_ms};
}

static bool look(struct bench *bench, int64_t express, int64_t normal)
{
    struct announce_counts counts = {express, normal, true};

    return announce_decide(&bench->announce, &counts, bench->steady_ms, bench->wall_ms);
}

static void pass(struct bench *bench, int64_t ms)
{
    bench->steady_ms += ms;
    bench->wall_ms += ms;
}

/* How often it is heard in that time, looked at every ten seconds. */
static int count_heard(struct bench *bench, int64_t express, int64_t normal, int64_t ms)
{
    int n = 0;

    for (int64_t passed = 0; passed < ms; passed += 10 * SECOND_MS) {
        n += look(bench, express, normal);
        pass(bench, 10 * SECOND_MS);
    }
    return n;
}

static void announce__is_silent_while_nothing_waits(void **state)
{
    (void)state;
    struct bench bench = begin(NOON_MS);
    assert_int_equal(count_heard(&bench, 0, 0, DAY_MS), 0);
    assert_false(look(&bench, -1, -5));
}

static void announce__tells_an_express_letter_at_once_by_night_too(void **state)
{
    (void)state;
    struct bench bench = begin(NIGHT_MS);
    assert_true(look(&bench, 1, 0));
    assert_false(look(&bench, 1, 0));
}

static void announce__repeats_every_five_minutes_while_an_express_letter_waits(
    void **state)
{
    (void)state;
    struct bench bench = begin(NIGHT_MS);
    assert_true(look(&bench, 1, 0));
    pass(&bench, ANNOUNCE_REPEAT_MS - 1);
    assert_false(look(&bench, 1, 0));
    pass(&bench, 1);
    assert_true(look(&bench, 1, 0));
    pass(&bench, ANNOUNCE_REPEAT_MS);
    assert_false(look(&bench, 0, 0)); /* it was opened */
    pass(&bench, DAY_MS);
    assert_false(look(&bench, 0, 0));
}

static void announce__tells_a_further_express_letter_after_a_minute(void **state)
{
    (void)state;
    struct bench bench = begin(NIGHT_MS);
    assert_true(look(&bench, 1, 0));
    pass(&bench, ANNOUNCE_RISE_GAP_MS - 1);
    assert_false(look(&bench, 2, 0));
    pass(&bench, 1);
    assert_true(look(&bench, 2, 0));
    pass(&bench, ANNOUNCE_RISE_GAP_MS);
    assert_false(look(&bench, 1, 0)); /* one was opened: no reason */
    assert_true(look(&bench, 2, 0));  /* and another came */
}

static void announce__tells_a_normal_letter_once(void **state)
{
    (void)state;
    struct bench bench = begin(NOON_MS);
    assert_int_equal(count_heard(&bench, 0, 3, 9 * HOUR_MS), 1);
}

static void announce__tells_rises_of_normal_letters_once_an_hour(void **state)
{
    (void)state;
    struct bench bench = begin(NOON_MS);
    int heard = 0;
    for (int minute = 0; minute < 8 * 60; minute++) {
        heard += look(&bench, 0, minute + 1);
        pass(&bench, MINUTE_MS);
    }
    assert_int_equal(heard, 8);
}

static void announce__holds_normal_letters_back_until_the_morning(void **state)
{
    (void)state;
    struct bench bench = begin(NIGHT_MS);
    assert_int_equal(count_heard(&bench, 0, 1, 7 * HOUR_MS), 0); /* until 6 */
    assert_true(look(&bench, 0, 1));
    assert_false(look(&bench, 0, 1));
    bench = begin(NIGHT_MS);
    assert_int_equal(count_heard(&bench, 0, 1, 3 * HOUR_MS), 0);
    assert_int_equal(count_heard(&bench, 0, 0, 9 * HOUR_MS), 0); /* opened in the night */
}

static void announce__of_an_express_letter_tells_the_normal_ones_with_it(void **state)
{
    (void)state;
    struct bench bench = begin(NIGHT_MS);
    assert_true(look(&bench, 1, 4));
    assert_int_equal(count_heard(&bench, 0, 4, DAY_MS), 0); /* they were told then */
    pass(&bench, 13 * HOUR_MS);                             /* noon */
    assert_true(look(&bench, 0, 5));
}

static void announce__knows_the_night_in_pakistan(void **state)
{
    (void)state;
    static const struct {
        int64_t hour_utc;
        bool night;
    } rows[] = {{15, false}, {16, true}, {19, true}, {0, true}, {1, false}, {12, false}};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int64_t at_ms = 20000 * DAY_MS + rows[i].hour_utc * HOUR_MS;
        assert_int_equal(announce_is_night(at_ms), rows[i].night);
        assert_int_equal(announce_is_night(at_ms - 30000 * DAY_MS), rows[i].night);
        assert_int_equal(announce_is_night(at_ms + HOUR_MS - 1), rows[i].night);
    }
}

static void announce__keeps_its_pace_when_the_clock_jumps(void **state)
{
    (void)state;
    static const int64_t jumps[] = {73 * 365 * DAY_MS, -40 * 365 * DAY_MS, -HOUR_MS, 5};
    struct bench bench = begin(NOON_MS);
    assert_true(look(&bench, 1, 1));
    for (size_t i = 0; i < ARRAY_LENGTH(jumps); i++) {
        bench.wall_ms += jumps[i];
        assert_false(look(&bench, 1, 1));                               /* no burst */
        assert_int_equal(count_heard(&bench, 1, 1, 11 * MINUTE_MS), 2); /* no silence */
    }
}

static void announce__makes_no_burst_after_the_machine_slept(void **state)
{
    (void)state;
    struct bench bench = begin(NOON_MS);
    assert_true(look(&bench, 1, 0));
    pass(&bench, 3 * DAY_MS);
    assert_true(look(&bench, 1, 0));
    assert_false(look(&bench, 1, 0));
}

static void announce__of_a_flood_is_bounded_and_never_quite_silent(void **state)
{
    (void)state;
    struct bench bench = begin(NOON_MS);
    int in_hour = 0, in_day = 0, second_day = 0;
    for (int64_t second = 0; second < 2 * 24 * 3600; second++) {
        bool heard = look(&bench, 1 + second * 50, second);
        in_hour += heard && second < 3600;
        in_day += heard && second < 24 * 3600;
        second_day += heard && second >= 24 * 3600;
        pass(&bench, SECOND_MS);
    }
    /* Normal letters may add one an hour by day. */
    assert_in_range(in_hour, ANNOUNCE_HOUR_MAX, ANNOUNCE_HOUR_MAX + 1);
    assert_in_range(in_day, ANNOUNCE_DAY_MAX, ANNOUNCE_DAY_MAX + 48);
    assert_in_range(second_day, 24, ANNOUNCE_DAY_MAX + 48);
}

static void announce__of_an_unattended_node_is_heard_every_hour_for_ever(void **state)
{
    (void)state;
    struct bench bench = begin(NOON_MS);
    assert_int_equal(count_heard(&bench, 1, 0, HOUR_MS), ANNOUNCE_HOUR_MAX);
    (void)count_heard(&bench, 1, 0, 9 * DAY_MS);
    for (int hour = 0; hour < 72; hour++)
        assert_in_range(
            count_heard(&bench, 1, 0, HOUR_MS + 20 * SECOND_MS), 1, ANNOUNCE_HOUR_MAX);
}

static void announce__says_numbers_and_fixed_words_alone(void **state)
{
    (void)state;
    static const struct {
        struct announce_counts counts;
        const char *words[ANNOUNCE_WORDS];
    } rows[] = {
        {{0, 0, false}, {"express=0", "normal=0", "locked=no"}},
        {{2, 5, true}, {"express=2", "normal=5", "locked=yes"}},
        {{99, 100, true}, {"express=99", "normal=99+", "locked=yes"}},
        {{INT64_MAX, INT64_MIN, true}, {"express=99+", "normal=0", "locked=yes"}},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char words[ANNOUNCE_WORDS][ANNOUNCE_WORD_BYTES];
        announce_words(&rows[i].counts, words);
        for (int k = 0; k < ANNOUNCE_WORDS; k++)
            assert_string_equal(words[k], rows[i].words[k]);
    }
    char line[ANNOUNCE_LINE_BYTES];
    announce_line(&rows[3].counts, line);
    assert_holds(line, "99+ express, 0 normal");
    assert_holds(line, "(draft)"); /* nothing was cut */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(announce__is_silent_while_nothing_waits),
        cmocka_unit_test(announce__tells_an_express_letter_at_once_by_night_too),
        cmocka_unit_test(
            announce__repeats_every_five_minutes_while_an_express_letter_waits),
        cmocka_unit_test(announce__tells_a_further_express_letter_after_a_minute),
        cmocka_unit_test(announce__tells_a_normal_letter_once),
        cmocka_unit_test(announce__tells_rises_of_normal_letters_once_an_hour),
        cmocka_unit_test(announce__holds_normal_letters_back_until_the_morning),
        cmocka_unit_test(announce__of_an_express_letter_tells_the_normal_ones_with_it),
        cmocka_unit_test(announce__knows_the_night_in_pakistan),
        cmocka_unit_test(announce__keeps_its_pace_when_the_clock_jumps),
        cmocka_unit_test(announce__makes_no_burst_after_the_machine_slept),
        cmocka_unit_test(announce__of_a_flood_is_bounded_and_never_quite_silent),
        cmocka_unit_test(announce__of_an_unattended_node_is_heard_every_hour_for_ever),
        cmocka_unit_test(announce__says_numbers_and_fixed_words_alone),
    };
    return cmocka_run_group_tests_name("announce", tests, NULL, NULL);
}
