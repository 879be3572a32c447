/* SPDX-License-Identifier: Apache-2.0
 *
 * quarantine: evidence within limits; the oldest of its kind goes, and nothing else (PROTOCOL.md 1.7).
 */
#include "plans.h"
#include "post_kit.h"
#include "quarantine.h"

#define NOW INT64_C(1790000000000)

struct bench {
    struct post_kit kit;
    struct quarantine *quarantine;
    struct buffer buffer;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(quarantine_open(bench->kit.db, &bench->quarantine, NULL));
    buffer_init(&bench->buffer, 4096);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    buffer_release(&bench->buffer);
    quarantine_close(&bench->quarantine);
    assert_null(bench->quarantine);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static size_t put(
    struct bench *bench, enum quarantine_why why, int64_t at_ms, struct span bytes)
{
    size_t dropped = 777;
    assert_ok(
        quarantine_put(bench->quarantine, why, at_ms % 1000, at_ms, bytes, &dropped));
    return dropped;
}

static int64_t count(struct bench *bench, enum quarantine_why why)
{
    int64_t n = -1;
    assert_ok(quarantine_count(bench->quarantine, why, &n));
    return n;
}

static void assert_next(struct bench *bench, enum quarantine_why why, int64_t *cursor,
    int64_t at_ms, const char *text)
{
    int64_t detail = -1, at = -1, before = *cursor;
    buffer_clear(&bench->buffer);
    assert_ok(
        quarantine_next(bench->quarantine, why, cursor, &detail, &at, &bench->buffer));
    assert_span(buffer_span(&bench->buffer), span_text(text));
    assert_int_equal(at, at_ms);
    assert_int_equal(detail, at_ms % 1000);
    assert_true(*cursor > before);
}

static void assert_end(struct bench *bench, enum quarantine_why why, int64_t cursor)
{
    int64_t detail = -1, at = -1, before = cursor;
    assert_status(
        quarantine_next(bench->quarantine, why, &cursor, &detail, &at, &bench->buffer),
        STATUS_NOT_FOUND);
    assert_int_equal(cursor, before);
}

static void quarantine__gives_back_each_kind_in_order_of_arrival(void **state)
{
    struct bench *bench = *state;
    int64_t cursor = 0;
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW + 1, span_text("a")), 0);
    assert_int_equal(put(bench, QUARANTINE_PARKED, NOW + 2, span_text("b")), 0);
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW + 3, span_text("c")), 0);
    assert_next(bench, QUARANTINE_REFUSED, &cursor, NOW + 1, "a");
    assert_next(bench, QUARANTINE_REFUSED, &cursor, NOW + 3, "c");
    assert_end(bench, QUARANTINE_REFUSED, cursor);
    cursor = 0;
    assert_next(bench, QUARANTINE_PARKED, &cursor, NOW + 2, "b");
    assert_end(bench, QUARANTINE_PARKED, cursor);
    assert_end(bench, QUARANTINE_UNREADABLE, 0);
    assert_int_equal(count(bench, QUARANTINE_REFUSED), 2);
    assert_int_equal(count(bench, QUARANTINE_PARKED), 1);
    assert_int_equal(count(bench, QUARANTINE_UNREADABLE), 0);
}

static void quarantine__goes_on_behind_what_was_dropped_on_the_way(void **state)
{
    struct bench *bench = *state;
    int64_t cursor = 0;
    put(bench, QUARANTINE_PARKED, NOW + 1, span_text("a"));
    put(bench, QUARANTINE_PARKED, NOW + 2, span_text("b"));
    assert_next(bench, QUARANTINE_PARKED, &cursor, NOW + 1, "a");
    assert_ok(quarantine_drop(bench->quarantine, cursor));
    assert_ok(quarantine_drop(bench->quarantine, cursor)); /* harmless */
    assert_next(bench, QUARANTINE_PARKED, &cursor, NOW + 2, "b");
    assert_int_equal(count(bench, QUARANTINE_PARKED), 1);
}

static void quarantine__holds_16_mib_of_a_kind_and_drops_the_oldest(void **state)
{
    struct bench *bench = *state;
    enum { PIECE = 1024 * 1024 };
    uint8_t *piece = memory_new(PIECE);
    struct span bytes = span_of(piece, PIECE);
    int64_t cursor = 0;
    int kept = 0;
    put(bench, QUARANTINE_PARKED, NOW, span_text("another kind is not touched"));
    put(bench, QUARANTINE_REFUSED, NOW, span_text("oldest"));
    while (kept < 100 && put(bench, QUARANTINE_REFUSED, NOW + 1, bytes) == 0)
        kept++;
    /* Each counts for a little more than its bytes: the sixteenth made the oldest and a first piece go. */
    assert_int_equal(kept, 15);
    assert_int_equal(count(bench, QUARANTINE_REFUSED), 15);
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW + 2, bytes), 1);
    assert_int_equal(count(bench, QUARANTINE_REFUSED), 15);
    /* A greater one makes two go; what comes after an opening knows the same sizes. */
    quarantine_close(&bench->quarantine);
    assert_ok(quarantine_open(bench->kit.db, &bench->quarantine, NULL));
    uint8_t *great = memory_new(2 * PIECE);
    assert_int_equal(
        put(bench, QUARANTINE_REFUSED, NOW + 3, span_of(great, 2 * PIECE)), 2);
    assert_next(bench, QUARANTINE_PARKED, &cursor, NOW, "another kind is not touched");
    memory_free(great);
    memory_free(piece);
}

/* Rubbish of one byte each takes no more disk than rubbish in large pieces. */
static void quarantine__counts_what_a_tiny_row_costs(void **state)
{
    struct bench *bench = *state;
    int64_t before = db_bytes(bench->kit.db);
    for (int i = 0; i < 20000; i++)
        put(bench, QUARANTINE_REFUSED, NOW, span_text("x"));
    int64_t grown = db_bytes(bench->kit.db) - before;
    int64_t counted =
        post_kit_number(&bench->kit, "SELECT sum(size) FROM post_quarantine");
    assert_true(grown > 0 && grown <= counted);
}

static void quarantine__refuses_what_is_beyond_the_limit_and_drops_nothing(void **state)
{
    struct bench *bench = *state;
    size_t dropped = 777;
    static const uint8_t byte;
    put(bench, QUARANTINE_REFUSED, NOW, span_text("evidence"));
    struct span endless = span_of(&byte, QUARANTINE_BYTES_MAX); /* is not read */
    assert_status(
        quarantine_put(bench->quarantine, QUARANTINE_REFUSED, 0, NOW, endless, &dropped),
        STATUS_TOO_BIG);
    assert_int_equal(dropped, 777);
    assert_int_equal(count(bench, QUARANTINE_REFUSED), 1);
}

static void quarantine__drops_those_of_a_kind_that_came_before(void **state)
{
    struct bench *bench = *state;
    int64_t dropped = -1, cursor = 0;
    for (int i = 0; i < 5; i++) {
        put(bench, QUARANTINE_UNREADABLE, NOW + i, span_text("u"));
        put(bench, QUARANTINE_PARKED, NOW + i, span_text("p"));
    }
    assert_ok(quarantine_drop_before(
        bench->quarantine, QUARANTINE_UNREADABLE, NOW + 2, &dropped));
    assert_int_equal(dropped, 2);
    assert_int_equal(count(bench, QUARANTINE_UNREADABLE), 3);
    assert_int_equal(count(bench, QUARANTINE_PARKED), 5);
    assert_next(bench, QUARANTINE_UNREADABLE, &cursor, NOW + 2, "u");
    assert_ok(quarantine_drop_before(
        bench->quarantine, QUARANTINE_UNREADABLE, NOW + 2, &dropped));
    assert_int_equal(dropped, 0);
}

/* After everything of a kind was dropped, its whole room is there again. */
static void quarantine__has_its_room_back_after_a_drop(void **state)
{
    struct bench *bench = *state;
    enum { PIECE = 8 * 1024 * 1024 };
    uint8_t *piece = memory_new(PIECE);
    struct span bytes = span_of(piece, PIECE);
    int64_t dropped = 0, cursor = 0, detail, at_ms;
    struct buffer large;
    buffer_init(&large, PIECE);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW, bytes), 0);
        assert_ok(quarantine_drop_before(
            bench->quarantine, QUARANTINE_REFUSED, NOW + 1, &dropped));
        assert_int_equal(dropped, 1);
        assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW, bytes), 0);
        assert_ok(quarantine_next(
            bench->quarantine, QUARANTINE_REFUSED, &cursor, &detail, &at_ms, &large));
        assert_ok(quarantine_drop(bench->quarantine, cursor));
        buffer_clear(&large);
    }
    buffer_release(&large);
    memory_free(piece);
}

static void quarantine__knows_its_sizes_again_after_a_rollback(void **state)
{
    struct bench *bench = *state;
    enum { PIECE = 8 * 1024 * 1024 - 200 };
    uint8_t *piece = memory_new(PIECE);
    struct span bytes = span_of(piece, PIECE);
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW, bytes), 0);
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW, bytes), 0);
    post_kit_mend(&bench->kit);
    assert_ok(quarantine_reload(bench->quarantine));
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW, bytes), 0);
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW, bytes), 0);
    assert_int_equal(put(bench, QUARANTINE_REFUSED, NOW, bytes), 1);
    memory_free(piece);
}

/* Sizes that no rows explain: not dropped and tried for ever. */
static void quarantine__with_sizes_that_are_not_there_is_corrupt(void **state)
{
    struct bench *bench = *state;
    size_t dropped = 777;
    put(bench, QUARANTINE_REFUSED, NOW, span_text("x"));
    post_kit_run(&bench->kit, "UPDATE post_quarantine SET size = 17000000");
    assert_ok(quarantine_reload(bench->quarantine));
    post_kit_run(&bench->kit, "DELETE FROM post_quarantine");
    assert_status(quarantine_put(bench->quarantine, QUARANTINE_REFUSED, 0, NOW,
                      span_text("y"), &dropped),
        STATUS_CORRUPT);
    assert_int_equal(dropped, 777);
}

static void quarantine__passes_over_kinds_of_a_newer_program(void **state)
{
    struct bench *bench = *state;
    post_kit_run(&bench->kit,
        "INSERT INTO post_quarantine (why, detail, at_ms, size, bytes)"
        " VALUES (9, 0, 0, 5, x'00'), (-1, 0, 0, 5, x'00')");
    assert_ok(quarantine_reload(bench->quarantine));
    assert_ok(quarantine_drop(bench->quarantine, 1));
    assert_ok(quarantine_drop(bench->quarantine, 2));
    assert_int_equal(
        post_kit_number(&bench->kit, "SELECT count(*) FROM post_quarantine"), 0);
}

static void quarantine__keeps_what_the_buffer_cannot_hold(void **state)
{
    struct bench *bench = *state;
    struct buffer tiny;
    int64_t cursor = 0, detail = 7, at_ms = 7;
    buffer_init(&tiny, 2);
    put(bench, QUARANTINE_REFUSED, NOW, span_text("123"));
    assert_status(quarantine_next(bench->quarantine, QUARANTINE_REFUSED, &cursor, &detail,
                      &at_ms, &tiny),
        STATUS_TOO_BIG);
    assert_true(cursor == 0 && detail == 7 && at_ms == 7);
    buffer_release(&tiny);
}

static void quarantine__needs_its_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct quarantine *quarantine = NULL;
    post_kit_open_bare(&kit);
    assert_status(quarantine_open(kit.db, &quarantine, NULL), STATUS_CORRUPT);
    assert_null(quarantine);
    quarantine_close(&quarantine); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct quarantine *second = NULL;
    size_t dropped = 7;
    int64_t a = 7, b = 7, cursor = 0;
    assert_status(quarantine_put(bench->quarantine, QUARANTINE_REFUSED, 0, NOW,
                      span_text("x"), &dropped),
        wanted);
    assert_status(quarantine_next(bench->quarantine, QUARANTINE_REFUSED, &cursor, &a, &b,
                      &bench->buffer),
        wanted);
    assert_status(quarantine_drop(bench->quarantine, 1), wanted);
    assert_status(
        quarantine_drop_before(bench->quarantine, QUARANTINE_REFUSED, NOW, &a), wanted);
    assert_status(quarantine_count(bench->quarantine, QUARANTINE_REFUSED, &a), wanted);
    assert_status(quarantine_reload(bench->quarantine), wanted);
    assert_status(quarantine_open(bench->kit.db, &second, NULL), wanted);
    assert_null(second);
    assert_true(dropped == 7 && a == 7 && b == 7 && cursor == 0);
}

static void quarantine__says_what_the_disk_says(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void try_full(void *context, enum status wanted)
{
    struct bench *bench = context;
    size_t dropped = 7;
    uint8_t *piece = memory_new(8 * 1024 * 1024);
    assert_status(quarantine_put(bench->quarantine, QUARANTINE_REFUSED, 0, NOW,
                      span_of(piece, 8 * 1024 * 1024), &dropped),
        wanted);
    assert_int_equal(dropped, 7);
    memory_free(piece);
}

/* The same where the oldest would have to go first. */
static void quarantine__says_what_the_disk_says_when_it_is_full_itself(void **state)
{
    struct bench *bench = *state;
    enum { PIECE = 8 * 1024 * 1024 - 200 };
    uint8_t *piece = memory_new(PIECE);
    put(bench, QUARANTINE_REFUSED, NOW, span_of(piece, PIECE));
    put(bench, QUARANTINE_REFUSED, NOW, span_of(piece, PIECE));
    memory_free(piece);
    assert_ok(db_commit(bench->kit.db));
    assert_ok(db_begin(bench->kit.db));
    post_kit_each_fault(&bench->kit, try_full, bench);
}

static void quarantine__finds_the_oldest_of_many_at_once(void **state)
{
    struct bench *bench = *state;
    static const struct post_kit_excuse excuses[] = {{"sum(size)",
        "SCAN post_quarantine USING COVERING INDEX", "once, when it opens"}};
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
    for (int i = 0; i < 1000; i++)
        put(bench, QUARANTINE_REFUSED, NOW, span_text("x"));
    struct quarantine *quarantine = bench->quarantine;
    int64_t cursor = 0, detail, at_ms;
    (void)plans_steps("ORDER BY id LIMIT 1");
    assert_ok(quarantine_next(
        quarantine, QUARANTINE_REFUSED, &cursor, &detail, &at_ms, &bench->buffer));
    assert_in_range(plans_steps("ORDER BY id LIMIT 1"), 1, 60);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(quarantine__gives_back_each_kind_in_order_of_arrival),
        TEST(quarantine__goes_on_behind_what_was_dropped_on_the_way),
        TEST(quarantine__holds_16_mib_of_a_kind_and_drops_the_oldest),
        TEST(quarantine__counts_what_a_tiny_row_costs),
        TEST(quarantine__refuses_what_is_beyond_the_limit_and_drops_nothing),
        TEST(quarantine__drops_those_of_a_kind_that_came_before),
        TEST(quarantine__has_its_room_back_after_a_drop),
        TEST(quarantine__knows_its_sizes_again_after_a_rollback),
        TEST(quarantine__with_sizes_that_are_not_there_is_corrupt),
        TEST(quarantine__passes_over_kinds_of_a_newer_program),
        TEST(quarantine__keeps_what_the_buffer_cannot_hold),
        cmocka_unit_test(quarantine__needs_its_table),
        TEST(quarantine__says_what_the_disk_says),
        TEST(quarantine__says_what_the_disk_says_when_it_is_full_itself),
        TEST(quarantine__finds_the_oldest_of_many_at_once),
    };
    return cmocka_run_group_tests_name("post_quarantine", tests, NULL, NULL);
}
