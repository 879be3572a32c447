/* SPDX-License-Identifier: Apache-2.0
 * The tables of an exchange: rows, tombstones, bundles, origin.
 */
#include "store_kit.h"

static struct hash hash_number(uint64_t number)
{
    return hash_of(span_of(&number, sizeof number));
}

/* ---- origin ---- */

static struct origin *open_origin(void)
{
    struct origin *origin = NULL;
    assert_ok(db_begin(db));
    assert_ok(origin_open(db, chance, &origin, &trouble));
    assert_ok(db_commit(db));
    return origin;
}

static void origin__is_made_once_and_keeps_its_hour(void **state)
{
    (void)state;
    struct origin *origin = open_origin();
    struct ident name = *origin_store_id(origin);
    assert_false(ident_is_zero(&name));
    assert_int_equal(origin_hour(origin), 0);
    assert_ok(db_begin(db));
    assert_ok(origin_set_hour(origin, 498000));
    assert_ok(db_commit(db));
    origin_close(&origin);
    power_cut();
    origin = open_origin();
    assert_true(ident_equal(origin_store_id(origin), &name));
    assert_int_equal(origin_hour(origin), 498000);
    origin_close(&origin);
    origin_close(&origin);
}

/* ---- rows ---- */

static enum status count_row(void *context, const struct envelope_row *row)
{
    int64_t *before = context;
    assert_true(row->id > *before);
    *before = row->id;
    assert_int_equal(row->n_bytes, 100 + row->id);
    assert_int_equal(row->hour, 7);
    return STATUS_OK;
}

static enum status stop_at_three(void *context, const struct envelope_row *row)
{
    (void)context;
    return row->id == 3 ? STATUS_DENIED : STATUS_OK;
}

static void rows__come_back_in_the_order_of_arrival(void **state)
{
    (void)state;
    struct rows *rows = NULL;
    uint8_t bytes[200], read[200];
    struct envelope_row row = {.queue_id = ident_new(chance), .hour = 7};
    chance_fill(chance, bytes, sizeof bytes);
    assert_ok(rows_open(db, &rows, &trouble));
    assert_ok(db_begin(db));
    for (row.id = 1; row.id <= 10; row.id++) {
        row.msg_id = ident_new(chance);
        assert_ok(rows_put(rows, &row, span_of(bytes, 100 + (size_t)row.id)));
    }
    assert_ok(rows_remove(rows, 5));
    assert_ok(rows_set_ended(rows, 6, 4));
    assert_ok(db_commit(db));
    int64_t last = 0;
    assert_ok(rows_each_envelope(rows, count_row, &last));
    assert_int_equal(last, 10);
    assert_status(rows_each_envelope(rows, stop_at_three, NULL), STATUS_DENIED);
    assert_ok(rows_read(rows, 4, read, 104));
    assert_memory_equal(read, bytes, 104);
    assert_status(rows_read(rows, 4, read, 103), STATUS_CORRUPT);
    assert_status(rows_read(rows, 5, read, 105), STATUS_CORRUPT);
    assert_ok(db_begin(db));
    row.id = 4;
    assert_status(rows_put(rows, &row, span_of(bytes, 104)), STATUS_CORRUPT);
    db_rollback(db);
    rows_close(&rows);
}

/* ---- tombstones ---- */

static struct tombstones *open_tombstones(void)
{
    struct tombstones *tombstones = NULL;
    assert_ok(tombstones_open(db, chance, &tombstones, &trouble));
    return tombstones;
}

static void add_tombstones(struct tombstones *tombstones, const struct ident *ids,
    size_t n, uint32_t hour, bool commit)
{
    assert_ok(db_begin(db));
    for (size_t i = 0; i < n; i++) {
        struct hash hash = hash_number(i);
        tombstones_add(tombstones, &ids[i], &hash);
    }
    assert_ok(tombstones_flush(tombstones, hour));
    if (commit) {
        assert_ok(db_commit(db));
        tombstones_committed(tombstones);
    } else {
        db_rollback(db);
        tombstones_rolled_back(tombstones);
    }
}

static void tombstones__tell_the_same_bytes_from_others(void **state)
{
    (void)state;
    struct ident ids[3] = {ident_new(chance), ident_new(chance), ident_new(chance)};
    struct hash one = hash_number(1);
    struct tombstones *tombstones = open_tombstones();
    add_tombstones(tombstones, ids, 2, 100, false);
    assert_status(tombstones_find(tombstones, &ids[1], &one), STATUS_NOT_FOUND);
    add_tombstones(tombstones, ids, 2, 100, true);
    assert_status(tombstones_find(tombstones, &ids[1], &one), STATUS_EXISTS);
    assert_status(tombstones_find(tombstones, &ids[0], &one), STATUS_CONFLICT);
    assert_status(tombstones_find(tombstones, &ids[2], &one), STATUS_NOT_FOUND);
    tombstones_close(&tombstones);
    power_cut();
    tombstones = open_tombstones();
    assert_int_equal(tombstones_count(tombstones), 2);
    assert_status(tombstones_find(tombstones, &ids[1], &one), STATUS_EXISTS);
    tombstones_close(&tombstones);
}

static void tombstones__are_purged_by_their_hour(void **state)
{
    (void)state;
    struct ident ids[4];
    struct hash zero = hash_number(0);
    struct tombstones *tombstones = open_tombstones();
    for (size_t i = 0; i < 4; i++) {
        ids[i] = ident_new(chance);
        add_tombstones(tombstones, &ids[i], 1, 100 + (uint32_t)i, true);
    }
    assert_false(tombstones_are_due(tombstones, 100));
    assert_true(tombstones_are_due(tombstones, 102));
    assert_ok(db_begin(db));
    assert_ok(tombstones_purge(tombstones, 102, 500));
    db_rollback(db);
    tombstones_rolled_back(tombstones);
    assert_int_equal(tombstones_count(tombstones), 4);
    assert_ok(db_begin(db));
    assert_ok(tombstones_purge(tombstones, 102, 500));
    assert_ok(db_commit(db));
    tombstones_committed(tombstones);
    assert_int_equal(tombstones_count(tombstones), 2);
    assert_status(tombstones_find(tombstones, &ids[1], &zero), STATUS_NOT_FOUND);
    assert_status(tombstones_find(tombstones, &ids[2], &zero), STATUS_EXISTS);
    tombstones_close(&tombstones);
    tombstones = open_tombstones();
    assert_int_equal(tombstones_count(tombstones), 2);
    tombstones_close(&tombstones);
}

static void tombstones__forget_the_oldest_beyond_their_maximum(void **state)
{
    (void)state;
    enum { TURN = 32768, TURNS = TOMBSTONES_MAX / TURN + 2 };
    struct ident *ids = memory_new_array(TURN, sizeof *ids);
    struct ident first, last = {{0}};
    struct hash zero = hash_number(0);
    struct tombstones *tombstones = open_tombstones();
    for (size_t turn = 0; turn < TURNS; turn++) {
        for (size_t i = 0; i < TURN; i++) {
            ids[i] = ident_new(chance);
        }
        if (turn == 0) {
            first = ids[0];
        }
        last = ids[0];
        add_tombstones(tombstones, ids, TURN, 100, true);
        assert_true(tombstones_count(tombstones) <= TOMBSTONES_MAX);
    }
    assert_int_equal(tombstones_count(tombstones), TOMBSTONES_MAX);
    assert_status(tombstones_find(tombstones, &first, &zero), STATUS_NOT_FOUND);
    assert_status(tombstones_find(tombstones, &last, &zero), STATUS_EXISTS);
    tombstones_close(&tombstones);
    tombstones = open_tombstones();
    assert_int_equal(tombstones_count(tombstones), TOMBSTONES_MAX);
    assert_status(tombstones_find(tombstones, &last, &zero), STATUS_EXISTS);
    tombstones_close(&tombstones);
    memory_free(ids);
}

/* ---- bundles ---- */

static struct bundles *open_bundles(void)
{
    struct bundles *bundles = NULL;
    assert_ok(bundles_open(db, chance, &bundles, &trouble));
    return bundles;
}

/* Unsigned: the store does not look at signatures. */
static struct span make_bundle(const struct ident *node, uint64_t number, size_t n,
    struct bundle *ret, uint8_t bytes[static BUNDLE_BYTES_MAX])
{
    struct writer writer = writer_over(bytes, BUNDLE_BYTES_MAX);
    *ret = (struct bundle){.suite = SUITE_X25519,
        .node_id = *node,
        .number = number,
        .created_ms = 5,
        .roster_version = 1,
        .n = n};
    for (size_t i = 0; i < n; i++) {
        ret->prekeys[i].id = number * 100 + i;
        ret->prekeys[i].not_before_ms = (int64_t)i * DAY_MS;
        ret->prekeys[i].not_after_ms = (int64_t)i * DAY_MS + 14 * DAY_MS;
        chance_fill(chance, ret->prekeys[i].public_key, 32);
    }
    bundle_encode_unsigned(ret, &writer);
    writer_zeros(&writer, BUNDLE_SIGNATURE_BYTES);
    return writer_span(&writer);
}

static void put_bundle(struct bundles *bundles, const struct ident *node, uint64_t number,
    size_t n, bool commit)
{
    struct bundle bundle;
    uint8_t bytes[BUNDLE_BYTES_MAX];
    struct span span = make_bundle(node, number, n, &bundle, bytes);
    assert_ok(db_begin(db));
    assert_ok(bundles_put(bundles, &bundle, span));
    if (commit) {
        assert_ok(db_commit(db));
        bundles_committed(bundles);
    } else {
        db_rollback(db);
        bundles_rolled_back(bundles);
    }
}

static void bundles__keep_the_newest_of_each_node_and_its_ends(void **state)
{
    (void)state;
    struct ident node = ident_new(chance), other = ident_new(chance);
    struct bundle bundle;
    uint8_t bytes[BUNDLE_BYTES_MAX];
    int64_t end = 0;
    struct bundles *bundles = open_bundles();
    assert_int_equal(bundles_mark(bundles), 0);
    put_bundle(bundles, &node, 3, 2, false);
    assert_int_equal(bundles_number(bundles, &node), 0);
    assert_int_equal(bundles_mark(bundles), 0);
    put_bundle(bundles, &node, 3, 2, true);
    put_bundle(bundles, &node, 4, 3, false); /* rolled back: 3 is still there */
    assert_int_equal(bundles_number(bundles, &node), 3);
    assert_true(bundles_find_end(bundles, &node, 301, &end));
    assert_int_equal(end, 15 * DAY_MS);
    assert_false(bundles_find_end(bundles, &node, 401, &end));
    assert_false(bundles_find_end(bundles, &other, 301, &end));
    struct span span = make_bundle(&node, 2, 1, &bundle, bytes);
    assert_status(bundles_compare(bundles, &bundle, span), STATUS_EXPIRED);
    span = make_bundle(&node, 3, 1, &bundle, bytes);
    assert_status(bundles_compare(bundles, &bundle, span), STATUS_CONFLICT);
    span = make_bundle(&node, 4, 1, &bundle, bytes);
    assert_ok(bundles_compare(bundles, &bundle, span));
    bundles_close(&bundles);
    power_cut();
    bundles = open_bundles();
    assert_int_equal(bundles_number(bundles, &node), 3);
    assert_true(bundles_find_end(bundles, &node, 300, &end));
    bundles_close(&bundles);
}

static void bundles__are_given_since_a_mark_in_parts(void **state)
{
    (void)state;
    enum { NODES = 100 };
    static struct ident nodes[NODES];
    struct bundles *bundles = open_bundles();
    for (size_t i = 0; i < NODES; i++) {
        nodes[i] = ident_new(chance);
        put_bundle(bundles, &nodes[i], 1, BUNDLE_PREKEYS_MAX, true);
    }
    uint64_t mark = 0, middle = 0;
    size_t all = 0, parts = 0;
    bool more = true;
    while (more) {
        size_t sizes[64], n = 0;
        struct buffer buffer;
        buffer_init(&buffer, PART_BYTES_MAX);
        assert_ok(bundles_since(
            bundles, mark, &buffer, PART_BYTES_MAX, sizes, 64, &n, &mark, &more));
        assert_true(n > 0 && buffer.used <= PART_BYTES_MAX);
        all += n;
        if (++parts == 2) {
            middle = mark;
        }
        buffer_release(&buffer);
    }
    assert_int_equal(all, NODES);
    assert_true(parts > 3);
    assert_int_equal(mark, bundles_mark(bundles));
    put_bundle(bundles, &nodes[0], 2, 1, true); /* changed: it comes last now */
    size_t sizes[1], n = 0;
    struct buffer buffer;
    buffer_init(&buffer, PART_BYTES_MAX);
    assert_ok(bundles_since(
        bundles, mark, &buffer, PART_BYTES_MAX, sizes, 1, &n, &mark, &more));
    assert_int_equal(n, 1);
    assert_false(more);
    assert_true(middle < mark);
    buffer_release(&buffer);
    bundles_close(&bundles);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(origin__is_made_once_and_keeps_its_hour),
        TEST(rows__come_back_in_the_order_of_arrival),
        TEST(tombstones__tell_the_same_bytes_from_others),
        TEST(tombstones__are_purged_by_their_hour),
        TEST(tombstones__forget_the_oldest_beyond_their_maximum),
        TEST(bundles__keep_the_newest_of_each_node_and_its_ends),
        TEST(bundles__are_given_since_a_mark_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
