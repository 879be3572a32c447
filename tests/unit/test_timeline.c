/* SPDX-License-Identifier: Apache-2.0
 *
 * timeline: the newest first, boxed, of one case only.
 */
#include "timeline.h"

#include "casebook_kit.h"

struct bench {
    struct casebook_kit kit;
    struct timeline *timeline;
};

static void open_bench(struct bench *bench, uint64_t seed)
{
    casebook_kit_open(&bench->kit, seed);
    assert_ok(timeline_open(bench->kit.care.db, bench->kit.care.chance,
        bench->kit.casebook, &bench->timeline, NULL));
}

static void close_bench(struct bench *bench)
{
    timeline_close(&bench->timeline);
    casebook_kit_close(&bench->kit);
}

static void add(struct bench *bench, const struct case_row *row, int64_t day,
    enum case_event event, const char *text)
{
    struct event_row made = {.day = day,
        .event = event,
        .detail = 4,
        .who = {{9, 9}},
        .reference = "7K2MQ4XTA"};

    snprintf(made.text, sizeof(made.text), "%s", text);
    casebook_kit_begin(&bench->kit);
    assert_ok(timeline_add(bench->timeline, &row->ident, &made));
    casebook_kit_commit(&bench->kit);
}

static void timeline__shows_the_newest_first_and_all_that_was_said(void **state)
{
    (void)state;
    struct bench bench;
    struct event_row found;
    open_bench(&bench, 61);
    struct case_row row = casebook_kit_add(&bench.kit, "Zarq"),
                    other = casebook_kit_add(&bench.kit, "Quolm");
    add(&bench, &row, KIT_DAY, EVENT_OPENED, "");
    add(&bench, &other, KIT_DAY, EVENT_OPENED, "another case");
    add(&bench, &row, KIT_DAY + 1, EVENT_NOTE, "flimquarble");
    assert_ok(timeline_next(bench.timeline, &row.ident, INT64_MAX, &found));
    assert_int_equal(found.event, EVENT_NOTE);
    assert_int_equal(found.detail, 4);
    assert_int_equal(found.day, KIT_DAY + 1);
    assert_int_equal(found.who.bytes[1], 9);
    assert_string_equal(found.reference, "7K2MQ4XTA");
    assert_string_equal(found.text, "flimquarble");
    assert_ok(timeline_next(bench.timeline, &row.ident, found.id, &found));
    assert_int_equal(found.event, EVENT_OPENED);
    assert_string_equal(found.text, "");
    assert_status(
        timeline_next(bench.timeline, &row.ident, found.id, &found), STATUS_NOT_FOUND);
    assert_false(faultvfs_contains(bench.kit.care.vfs, "flimquarble", 11));
    assert_false(faultvfs_contains(bench.kit.care.vfs, "7K2MQ4XTA", 9));
    close_bench(&bench);
}

static void timeline__takes_a_text_at_its_limit_and_refuses_tricks(void **state)
{
    (void)state;
    struct bench bench;
    struct event_row found, row = {.day = KIT_DAY, .event = EVENT_NOTE};
    char text[EVENT_TEXT_BYTES_MAX + 1];
    open_bench(&bench, 62);
    struct case_row made = casebook_kit_add(&bench.kit, "Zarq");
    memset(text, 'x', sizeof(text));
    text[EVENT_TEXT_BYTES_MAX] = 0;
    add(&bench, &made, KIT_DAY, EVENT_NOTE, text);
    assert_ok(timeline_next(bench.timeline, &made.ident, INT64_MAX, &found));
    assert_string_equal(found.text, text);
    snprintf(row.text, sizeof(row.text), "\xe2\x80\xaetrick");
    casebook_kit_begin(&bench.kit);
    assert_status(timeline_add(bench.timeline, &made.ident, &row), STATUS_MALFORMED);
    db_rollback(bench.kit.care.db);
    close_bench(&bench);
}

static void timeline__knows_no_case_that_is_not_there(void **state)
{
    (void)state;
    struct bench bench;
    struct event_row found, row = {.day = KIT_DAY, .event = EVENT_NOTE};
    struct ident nobody = {{3}};
    open_bench(&bench, 63);
    assert_status(
        timeline_next(bench.timeline, &nobody, INT64_MAX, &found), STATUS_NOT_FOUND);
    casebook_kit_begin(&bench.kit);
    assert_status(timeline_add(bench.timeline, &nobody, &row), STATUS_NOT_FOUND);
    db_rollback(bench.kit.care.db);
    casebook_lock(bench.kit.casebook);
    assert_status(
        timeline_next(bench.timeline, &nobody, INT64_MAX, &found), STATUS_LOCKED);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timeline__shows_the_newest_first_and_all_that_was_said),
        cmocka_unit_test(timeline__takes_a_text_at_its_limit_and_refuses_tricks),
        cmocka_unit_test(timeline__knows_no_case_that_is_not_there),
    };
    return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
