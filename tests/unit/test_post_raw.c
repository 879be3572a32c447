/* SPDX-License-Identifier: Apache-2.0
 *
 * raw: what a locked node took, express first (PROTOCOL.md 3).
 */
#include "plans.h"
#include "post_kit.h"
#include "raw.h"

#define NOW (INT64_C(500000) * HOUR_MS)

struct bench {
    struct post_kit kit;
    struct raw *raw;
    struct buffer buffer;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(raw_open(bench->kit.db, &bench->raw, NULL));
    buffer_init(&bench->buffer, ENVELOPE_BYTES_MAX);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    buffer_release(&bench->buffer);
    raw_close(&bench->raw);
    assert_null(bench->raw);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static void put(struct bench *bench, enum lane lane, uint64_t prekey, const char *text)
{
    assert_ok(raw_put(bench->raw, lane, prekey, NOW, span_text(text)));
}

static void assert_count(
    struct bench *bench, int64_t rows, int64_t express, int64_t bytes)
{
    int64_t is_rows = -1, is_express = -1, is_bytes = -1;
    assert_ok(raw_count(bench->raw, &is_rows, &is_express, &is_bytes));
    assert_int_equal(is_rows, rows);
    assert_int_equal(is_express, express);
    assert_int_equal(is_bytes, bytes);
}

static void raw__comes_express_first_and_then_in_order_of_arrival(void **state)
{
    struct bench *bench = *state;
    static const char *const wanted[] = {
        "express 1", "express 2", "normal 1", "normal 2"};
    put(bench, LANE_NORMAL, 1, "normal 1");
    put(bench, LANE_EXPRESS, 1, "express 1");
    put(bench, LANE_NORMAL, 2, "normal 2");
    put(bench, LANE_EXPRESS, 2, "express 2");
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        int64_t id, again, hour_ms;
        buffer_clear(&bench->buffer);
        assert_ok(raw_next(bench->raw, &id, &hour_ms, &bench->buffer));
        assert_span(buffer_span(&bench->buffer), span_text(wanted[i]));
        assert_ok(raw_next(bench->raw, &again, &hour_ms, &bench->buffer)); /* stays */
        assert_int_equal(again, id);
        assert_int_equal(bench->buffer.used, 2 * strlen(wanted[i])); /* appended */
        assert_ok(raw_drop(bench->raw, id));
    }
    int64_t id = 7, hour_ms = 7;
    assert_status(raw_next(bench->raw, &id, &hour_ms, &bench->buffer), STATUS_NOT_FOUND);
    assert_int_equal(id, 7);
}

static void raw__keeps_the_time_of_arrival_to_the_hour(void **state)
{
    struct bench *bench = *state;
    static const int64_t minutes[] = {0, 1, 59};
    for (size_t i = 0; i < ARRAY_LENGTH(minutes); i++) {
        int64_t id, hour_ms = -1;
        assert_ok(raw_put(
            bench->raw, LANE_NORMAL, 1, NOW + minutes[i] * MINUTE_MS, span_text("x")));
        assert_ok(raw_next(bench->raw, &id, &hour_ms, &bench->buffer));
        assert_int_equal(hour_ms, NOW);
        assert_ok(raw_drop(bench->raw, id));
    }
}

static void raw__pins_the_prekeys_that_its_rows_name(void **state)
{
    struct bench *bench = *state;
    static const uint64_t prekeys[] = {0, 5, UINT64_MAX, (uint64_t)INT64_MAX + 1};
    int64_t hour_ms = -1, id;
    for (size_t i = 0; i < ARRAY_LENGTH(prekeys); i++) {
        assert_status(raw_pinned(bench->raw, prekeys[i], &hour_ms), STATUS_NOT_FOUND);
        assert_ok(raw_put(bench->raw, LANE_NORMAL, prekeys[i],
            NOW + (int64_t)(i + 1) * HOUR_MS, span_text("x")));
        assert_ok(raw_put(bench->raw, LANE_EXPRESS, prekeys[i],
            NOW + (int64_t)(i + 9) * HOUR_MS, span_text("x")));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(prekeys); i++) {
        assert_ok(raw_pinned(bench->raw, prekeys[i], &hour_ms));
        assert_int_equal(hour_ms, NOW + (int64_t)(i + 1) * HOUR_MS); /* the oldest */
    }
    assert_status(raw_pinned(bench->raw, 6, &hour_ms), STATUS_NOT_FOUND);
    while (raw_next(bench->raw, &id, &hour_ms, &bench->buffer) == STATUS_OK)
        assert_ok(raw_drop(bench->raw, id));
    assert_status(raw_pinned(bench->raw, 5, &hour_ms), STATUS_NOT_FOUND);
}

static void raw__counts_rows_express_and_bytes(void **state)
{
    struct bench *bench = *state;
    int64_t id, hour_ms;
    assert_count(bench, 0, 0, 0);
    put(bench, LANE_NORMAL, 1, "12345");
    put(bench, LANE_EXPRESS, 1, "123");
    put(bench, LANE_EXPRESS, 1, "1");
    assert_count(bench, 3, 2, 9);
    assert_ok(raw_next(bench->raw, &id, &hour_ms, &bench->buffer));
    assert_ok(raw_drop(bench->raw, id));
    assert_ok(raw_drop(bench->raw, id)); /* harmless */
    assert_count(bench, 2, 1, 6);
}

static void raw__that_the_buffer_cannot_hold_stays(void **state)
{
    struct bench *bench = *state;
    struct buffer tiny;
    int64_t id = 7, hour_ms = 7;
    buffer_init(&tiny, 2);
    put(bench, LANE_NORMAL, 1, "123");
    assert_status(raw_next(bench->raw, &id, &hour_ms, &tiny), STATUS_TOO_BIG);
    assert_int_equal(id, 7);
    assert_int_equal(hour_ms, 7);
    assert_count(bench, 1, 0, 3);
    buffer_release(&tiny);
}

static void raw__needs_its_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct raw *raw = NULL;
    post_kit_open_bare(&kit);
    assert_status(raw_open(kit.db, &raw, NULL), STATUS_CORRUPT);
    assert_null(raw);
    raw_close(&raw); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    int64_t a = 7, b = 7, c = 7;
    assert_status(raw_put(bench->raw, LANE_NORMAL, 1, NOW, span_text("x")), wanted);
    assert_status(raw_next(bench->raw, &a, &b, &bench->buffer), wanted);
    assert_status(raw_drop(bench->raw, 1), wanted);
    assert_status(raw_pinned(bench->raw, 1, &a), wanted);
    assert_status(raw_count(bench->raw, &a, &b, &c), wanted);
    assert_true(a == 7 && b == 7 && c == 7);
}

static void raw__says_what_the_disk_says(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void raw__never_reads_the_envelopes_to_count_them(void **state)
{
    struct bench *bench = *state;
    static const struct post_kit_excuse excuses[] = {
        {"ORDER BY lane DESC, id LIMIT 1", "SCAN post_raw USING INDEX post_raw_order",
            "stops at the first"},
        {"count(*)", "SCAN post_raw USING COVERING INDEX",
            "an index of the sizes, asked for by a page"},
    };
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
    /* Many envelopes that name one prekey are no reason to read them all when it is to be destroyed. */
    for (int i = 0; i < 1000; i++)
        put(bench, LANE_NORMAL, 5, "x");
    int64_t hour_ms;
    (void)plans_steps("min(hour_ms)");
    assert_ok(raw_pinned(bench->raw, 5, &hour_ms));
    assert_in_range(plans_steps("min(hour_ms)"), 1, 60);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(raw__comes_express_first_and_then_in_order_of_arrival),
        TEST(raw__keeps_the_time_of_arrival_to_the_hour),
        TEST(raw__pins_the_prekeys_that_its_rows_name),
        TEST(raw__counts_rows_express_and_bytes),
        TEST(raw__that_the_buffer_cannot_hold_stays),
        cmocka_unit_test(raw__needs_its_table),
        TEST(raw__says_what_the_disk_says),
        TEST(raw__never_reads_the_envelopes_to_count_them),
    };
    return cmocka_run_group_tests_name("post_raw", tests, NULL, NULL);
}
