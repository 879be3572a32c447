/* SPDX-License-Identifier: Apache-2.0
 *
 * alarms: once a day, seen by a person, and never more than 10,000.
 */
#include "alarms.h"
#include "log.h"
#include "post_kit.h"

#define NOW (INT64_C(20000) * DAY_MS + HOUR_MS)

struct bench {
    struct post_kit kit;
    struct alarms *alarms;
    int lines;
    char line[512];
};

static void keep_line(void *context, const char *line)
{
    struct bench *bench = context;
    bench->lines++;
    snprintf(bench->line, sizeof bench->line, "%s", line);
}

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(alarms_open(bench->kit.db, &bench->alarms, NULL));
    log_set_clock(NULL); /* forgets what earlier tests said */
    log_set_sink(keep_line, bench);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    log_set_sink(NULL, NULL);
    alarms_close(&bench->alarms);
    assert_null(bench->alarms);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static void raise(struct bench *bench, enum alarm_code code, unsigned peer,
    int64_t detail, int64_t now_ms)
{
    struct ident ident = post_kit_ident(peer);
    assert_ok(
        alarms_raise(bench->alarms, code, peer == 0 ? NULL : &ident, detail, now_ms));
}

static size_t count(struct bench *bench)
{
    struct post_alarm alarms[64];
    size_t n = 0;
    assert_ok(alarms_list(bench->alarms, 0, alarms, ARRAY_LENGTH(alarms), &n));
    return n;
}

static void alarms__all_have_names_of_their_own(void **state)
{
    (void)state;
    for (int i = 1; i < ALARM_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(
                alarm_name((enum alarm_code)i), alarm_name((enum alarm_code)k));
    assert_string_equal(alarm_name(ALARM_FORK), "fork");
    assert_string_equal(alarm_name((enum alarm_code)0), "unknown");
    assert_string_equal(alarm_name((enum alarm_code) - 1), "unknown");
    assert_string_equal(alarm_name(ALARM_COUNT), "unknown");
}

static void alarms__are_listed_as_they_were_raised(void **state)
{
    struct bench *bench = *state;
    struct post_alarm list[4];
    struct ident peer = post_kit_ident(5);
    size_t n = 0;
    raise(bench, ALARM_GAP, 5, INT64_MIN, NOW);
    raise(bench, ALARM_RESTORED, 0, 0, NOW + 1);
    raise(bench, ALARM_LOST, 6, INT64_MAX, NOW + 2);
    assert_ok(alarms_list(bench->alarms, 0, list, 4, &n));
    assert_int_equal(n, 3);
    assert_int_equal(list[0].at_ms, NOW);
    assert_string_equal(list[0].code, "gap");
    assert_true(ident_equal(&list[0].peer, &peer));
    assert_true(list[0].detail == INT64_MIN);
    assert_true(ident_is_zero(&list[1].peer));
    assert_string_equal(list[1].code, "restored");
    assert_true(list[2].detail == INT64_MAX);
    assert_true(list[0].id < list[1].id && list[1].id < list[2].id);
    assert_ok(alarms_list(bench->alarms, list[0].id, list, 1, &n));
    assert_int_equal(n, 1);
    assert_string_equal(list[0].code, "restored");
    assert_ok(alarms_list(bench->alarms, list[2].id, list, 4, &n));
    assert_int_equal(n, 0);
    assert_ok(alarms_list(bench->alarms, 0, list, 0, &n));
    assert_int_equal(n, 0);
}

static void alarms__of_one_kind_and_member_are_kept_once_a_day(void **state)
{
    struct bench *bench = *state;
    int64_t midnight_ms = (NOW / DAY_MS + 1) * DAY_MS;
    for (int i = 0; i < 5; i++)
        raise(bench, ALARM_FORK, 1, 7, NOW + i);
    assert_int_equal(count(bench), 1);
    assert_int_equal(bench->lines, 1); /* and is no news in the log */
    raise(bench, ALARM_FORK, 1, 7, midnight_ms - 1);
    assert_int_equal(count(bench), 1);
    raise(bench, ALARM_FORK, 1, 7, midnight_ms);
    assert_int_equal(count(bench), 2);
    raise(bench, ALARM_FORK, 2, 7, NOW);
    raise(bench, ALARM_GAP, 1, 7, NOW);
    raise(bench, ALARM_FORK, 0, 7, NOW);
    assert_int_equal(count(bench), 5);
}

static void alarms__are_also_said_in_the_log(void **state)
{
    struct bench *bench = *state;
    raise(bench, ALARM_CONFLICT, 1, 42, NOW);
    assert_int_equal(bench->lines, 1);
    assert_holds(bench->line, "event=alarm");
    assert_holds(bench->line, "code=conflict");
    assert_holds(bench->line, "detail=42");
    assert_holds(bench->line, "peer=00010000");
}

static void alarms__are_unseen_until_a_person_saw_them(void **state)
{
    struct bench *bench = *state;
    struct post_alarm list[3];
    size_t n = 0;
    int64_t unseen = -1;
    for (unsigned i = 1; i <= 3; i++)
        raise(bench, ALARM_GAP, i, 0, NOW);
    assert_ok(alarms_unseen(bench->alarms, &unseen));
    assert_int_equal(unseen, 3);
    assert_ok(alarms_list(bench->alarms, 0, list, 3, &n));
    assert_ok(alarms_see(bench->alarms, list[1].id));
    assert_ok(alarms_unseen(bench->alarms, &unseen));
    assert_int_equal(unseen, 1);
    assert_int_equal(count(bench), 3);  /* kept all the same */
    raise(bench, ALARM_GAP, 1, 0, NOW); /* the same day: seen is seen */
    assert_ok(alarms_unseen(bench->alarms, &unseen));
    assert_int_equal(unseen, 1);
}

static void alarms__of_one_kind_and_member_are_32_a_day_at_most(void **state)
{
    struct bench *bench = *state;
    for (int64_t i = 1; i <= 100; i++)
        raise(bench, ALARM_CONFLICT, 1, i, NOW);
    assert_int_equal(count(bench), 32);
    raise(bench, ALARM_CONFLICT, 2, 1, NOW); /* another member's still counts */
    raise(bench, ALARM_GAP, 1, 1, NOW);      /* and another kind's */
    raise(bench, ALARM_CONFLICT, 1, 101, NOW + DAY_MS);
    assert_int_equal(count(bench), 35);
}

static void alarms__stay_the_newest_10000(void **state)
{
    struct bench *bench = *state;
    struct post_alarm first;
    size_t n = 0;
    for (int64_t i = 1; i <= 10050; i++)
        raise(bench, ALARM_GAP, (unsigned)i, i, NOW);
    assert_int_equal(
        post_kit_number(&bench->kit, "SELECT count(*) FROM post_alarms"), 10000);
    assert_ok(alarms_list(bench->alarms, 0, &first, 1, &n));
    assert_int_equal(first.detail, 51);
    assert_true(
        bench->lines <= LOG_BURST + 1); /* the log is no way to fill a disk either */
}

static void alarms__with_a_broken_name_are_corrupt(void **state)
{
    struct bench *bench = *state;
    struct post_alarm list[2];
    size_t n = 77;
    raise(bench, ALARM_GAP, 1, 1, NOW);
    raise(bench, ALARM_GAP, 2, 1, NOW);
    post_kit_run(&bench->kit, "UPDATE post_alarms SET peer = x'00' WHERE id = 1");
    assert_status(alarms_list(bench->alarms, 0, list, 2, &n), STATUS_CORRUPT);
    assert_int_equal(n, 77);
    post_kit_run(&bench->kit, "UPDATE post_alarms SET code = 99 WHERE id = 2");
    assert_ok(alarms_list(bench->alarms, 1, list, 2, &n));
    assert_string_equal(list[0].code, "unknown"); /* of a newer program */
}

static void alarms__need_their_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct alarms *alarms = NULL;
    post_kit_open_bare(&kit);
    assert_status(alarms_open(kit.db, &alarms, NULL), STATUS_CORRUPT);
    assert_null(alarms);
    alarms_close(&alarms); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct post_alarm list[1];
    size_t n = 77;
    int64_t unseen = 77;
    assert_status(alarms_raise(bench->alarms, ALARM_GAP, NULL, 0, NOW), wanted);
    assert_status(alarms_list(bench->alarms, 0, list, 1, &n), wanted);
    assert_status(alarms_see(bench->alarms, 5), wanted);
    assert_status(alarms_unseen(bench->alarms, &unseen), wanted);
    assert_int_equal(n, 77);
    assert_int_equal(unseen, 77);
    assert_int_equal(bench->lines, 0);
}

static void alarms__say_what_the_disk_says_and_log_nothing(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void alarms__are_asked_for_by_their_number(void **state)
{
    (void)state;
    static const struct post_kit_excuse excuses[] = {
        {"INSERT INTO post_alarms", "SCAN CONSTANT ROW", "one row"},
        {"INSERT INTO post_alarms", "SCAN (subquery-1)", "at most 32 rows"},
        {"DELETE FROM post_alarms", "(rowid<?)", "finds what it deletes"},
        {"SELECT id, at_ms", "(rowid>?)", "finds what it lists"},
        {"SET seen = 1", "(rowid<?)", "at most 10,000 rows, on a person's word"},
        {"count(*) FROM post_alarms WHERE seen", "SCAN",
            "at most 10,000 rows, for a page"},
    };
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alarms__all_have_names_of_their_own),
        TEST(alarms__are_listed_as_they_were_raised),
        TEST(alarms__of_one_kind_and_member_are_kept_once_a_day),
        TEST(alarms__are_also_said_in_the_log),
        TEST(alarms__are_unseen_until_a_person_saw_them),
        TEST(alarms__of_one_kind_and_member_are_32_a_day_at_most),
        TEST(alarms__stay_the_newest_10000),
        TEST(alarms__with_a_broken_name_are_corrupt),
        cmocka_unit_test(alarms__need_their_table),
        TEST(alarms__say_what_the_disk_says_and_log_nothing),
        TEST(alarms__are_asked_for_by_their_number),
    };
    return cmocka_run_group_tests_name("post_alarms", tests, NULL, NULL);
}
