/* SPDX-License-Identifier: Apache-2.0
 *
 * peers: one row per member ever met, its bundle beside it.
 */
#include "peers.h"
#include "post_kit.h"

struct bench {
    struct post_kit kit;
    struct peers *peers;
    struct buffer buffer;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(peers_open(bench->kit.db, &bench->peers, NULL));
    buffer_init(&bench->buffer, BUNDLE_BYTES_MAX);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    buffer_release(&bench->buffer);
    peers_close(&bench->peers);
    assert_null(bench->peers);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static struct peer make_peer(unsigned n)
{
    return (struct peer){.node_id = post_kit_ident(n),
        .epoch = UINT32_MAX,
        .last_epoch = UINT32_MAX - 1,
        .last_seq = UINT64_MAX - n,
        .last_link = post_kit_hash(n),
        .conflicted = true,
        .conflict_ms = 11 + n,
        .heartbeat_in = UINT64_MAX,
        .heartbeat_out_ms = 12 + n,
        .heartbeat_tries = UINT32_MAX,
        .heard_ms = 13 + n,
        .signed_ms = TIME_MS_MAX,
        .traffic_ms = 15 + n};
}

static void assert_peer(const struct peer *is, const struct peer *wanted)
{
    assert_true(ident_equal(&is->node_id, &wanted->node_id));
    assert_true(is->bundle_number == wanted->bundle_number);
    assert_true(is->epoch == wanted->epoch);
    assert_true(is->last_epoch == wanted->last_epoch);
    assert_true(is->last_seq == wanted->last_seq);
    assert_true(hash_equal(&is->last_link, &wanted->last_link));
    assert_int_equal(is->conflicted, wanted->conflicted);
    assert_int_equal(is->conflict_ms, wanted->conflict_ms);
    assert_true(is->heartbeat_in == wanted->heartbeat_in);
    assert_int_equal(is->heartbeat_out_ms, wanted->heartbeat_out_ms);
    assert_true(is->heartbeat_tries == wanted->heartbeat_tries);
    assert_int_equal(is->heard_ms, wanted->heard_ms);
    assert_int_equal(is->signed_ms, wanted->signed_ms);
    assert_int_equal(is->traffic_ms, wanted->traffic_ms);
}

/* The bytes of a bundle that can be decoded; nothing here looks at its signature. */
static struct span make_bundle(struct bench *bench, unsigned n, uint64_t number,
    uint8_t memory[static BUNDLE_BYTES_MAX])
{
    struct bundle bundle = {.suite = SUITE_X25519,
        .node_id = post_kit_ident(n),
        .number = number,
        .created_ms = 1,
        .n = 1,
        .prekeys = {{.id = chance_u64(bench->kit.chance), .not_after_ms = 5}}};
    struct writer writer = writer_over(memory, BUNDLE_BYTES_MAX);
    bundle_encode_unsigned(&bundle, &writer);
    writer_zeros(&writer, BUNDLE_SIGNATURE_BYTES);
    return writer_span(&writer);
}

static void peers__never_met_are_fresh(void **state)
{
    struct bench *bench = *state;
    struct ident ident = post_kit_ident(9);
    struct peer peer = make_peer(1), fresh = {.node_id = ident};
    assert_ok(peers_find(bench->peers, &ident, &peer));
    assert_peer(&peer, &fresh);
    assert_int_equal(post_kit_number(&bench->kit, "SELECT count(*) FROM post_peers"), 0);
}

static void peers__are_found_again_as_they_were_put(void **state)
{
    struct bench *bench = *state;
    for (unsigned i = 1; i <= 3; i++) {
        struct peer peer = make_peer(i);
        assert_ok(peers_put(bench->peers, &peer));
    }
    for (unsigned i = 1; i <= 3; i++) {
        struct peer peer, wanted = make_peer(i);
        assert_ok(peers_find(bench->peers, &wanted.node_id, &peer));
        assert_peer(&peer, &wanted);
    }
    struct peer changed = {.node_id = post_kit_ident(2), .epoch = 1};
    struct peer peer;
    assert_ok(peers_put(bench->peers, &changed)); /* the row as a whole */
    assert_ok(peers_find(bench->peers, &changed.node_id, &peer));
    assert_peer(&peer, &changed);
}

static void peers__come_in_the_order_of_meeting(void **state)
{
    struct bench *bench = *state;
    static const unsigned order[] = {30, 10, 20};
    struct peer peer;
    int64_t cursor = 0;
    assert_status(peers_next(bench->peers, &cursor, &peer), STATUS_NOT_FOUND);
    assert_int_equal(cursor, 0);
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
        peer = make_peer(order[i]);
        assert_ok(peers_put(bench->peers, &peer));
    }
    peer = make_peer(30); /* again: it keeps its place */
    assert_ok(peers_put(bench->peers, &peer));
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
        struct peer wanted = make_peer(order[i]);
        assert_ok(peers_next(bench->peers, &cursor, &peer));
        assert_peer(&peer, &wanted);
    }
    int64_t end = cursor;
    assert_status(peers_next(bench->peers, &cursor, &peer), STATUS_NOT_FOUND);
    assert_int_equal(cursor, end);
}

static void peers__keep_their_bundle_and_their_row_apart(void **state)
{
    struct bench *bench = *state;
    uint8_t memory[BUNDLE_BYTES_MAX];
    struct peer peer = make_peer(1), found;
    struct ident stranger = post_kit_ident(2);
    struct bundle bundle;
    struct span bytes = make_bundle(bench, 1, 5, memory);
    assert_status(peers_bundle(bench->peers, &peer.node_id, &bundle), STATUS_NOT_FOUND);
    assert_ok(peers_put(bench->peers, &peer));
    assert_status(peers_bundle_bytes(bench->peers, &peer.node_id, &bench->buffer),
        STATUS_NOT_FOUND);
    assert_ok(peers_put_bundle(bench->peers, &peer.node_id, UINT64_MAX, bytes));
    assert_ok(peers_bundle(bench->peers, &peer.node_id, &bundle));
    assert_int_equal(bundle.number, 5);
    assert_ok(buffer_put(&bench->buffer, "|", 1)); /* appended */
    assert_ok(peers_bundle_bytes(bench->peers, &peer.node_id, &bench->buffer));
    assert_span(span_of(bench->buffer.bytes + 1, bench->buffer.used - 1), bytes);
    peer.bundle_number = 4; /* is not written by put */
    assert_ok(peers_put(bench->peers, &peer));
    assert_ok(peers_find(bench->peers, &peer.node_id, &found));
    peer.bundle_number = UINT64_MAX;
    assert_peer(&found, &peer);
    assert_status(peers_bundle(bench->peers, &stranger, &bundle), STATUS_NOT_FOUND);
}

/* The bundle may come before anything else is known. */
static void peers__are_met_by_their_bundle_as_well(void **state)
{
    struct bench *bench = *state;
    uint8_t memory[BUNDLE_BYTES_MAX];
    struct ident ident = post_kit_ident(4);
    struct peer peer, wanted = {.node_id = ident, .bundle_number = 6};
    struct bundle bundle;
    assert_ok(
        peers_put_bundle(bench->peers, &ident, 6, make_bundle(bench, 4, 6, memory)));
    assert_ok(peers_find(bench->peers, &ident, &peer));
    assert_peer(&peer, &wanted);
    assert_ok(
        peers_put_bundle(bench->peers, &ident, 7, make_bundle(bench, 4, 7, memory)));
    assert_ok(peers_bundle(bench->peers, &ident, &bundle));
    assert_int_equal(bundle.number, 7);
    assert_int_equal(post_kit_number(&bench->kit, "SELECT count(*) FROM post_peers"), 1);
}

static void peers__all_lose_their_numbering_after_a_restore(void **state)
{
    struct bench *bench = *state;
    for (unsigned i = 1; i <= 3; i++) {
        struct peer peer = make_peer(i);
        assert_ok(peers_put(bench->peers, &peer));
    }
    assert_ok(peers_end_epochs(bench->peers));
    for (unsigned i = 1; i <= 3; i++) {
        struct peer peer, wanted = make_peer(i);
        wanted.epoch = 0;
        wanted.conflicted = false; /* no day to wait for: the new one is opened at once */
        assert_ok(peers_find(bench->peers, &wanted.node_id, &peer));
        assert_peer(&peer, &wanted);
    }
}

static void peers__with_broken_rows_are_corrupt(void **state)
{
    struct bench *bench = *state;
    struct peer peer = make_peer(1), found = make_peer(2), before = found;
    struct bundle bundle;
    int64_t cursor = 0;
    assert_ok(peers_put(bench->peers, &peer));
    assert_ok(peers_put_bundle(bench->peers, &peer.node_id, 1, span_text("nonsense")));
    assert_status(peers_bundle(bench->peers, &peer.node_id, &bundle), STATUS_CORRUPT);
    post_kit_run(&bench->kit, "UPDATE post_peers SET last_link = x'00'");
    assert_status(peers_find(bench->peers, &peer.node_id, &found), STATUS_CORRUPT);
    post_kit_run(&bench->kit, "UPDATE post_peers SET last_link = NULL, node_id = x'00'");
    assert_status(peers_next(bench->peers, &cursor, &found), STATUS_CORRUPT);
    assert_int_equal(cursor, 0);
    assert_peer(&found, &before);
}

static void peers__need_their_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct peers *peers = NULL;
    post_kit_open_bare(&kit);
    assert_status(peers_open(kit.db, &peers, NULL), STATUS_CORRUPT);
    assert_null(peers);
    peers_close(&peers); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct peer peer = make_peer(1), found = make_peer(2), before = found;
    struct bundle bundle;
    int64_t cursor = 0;
    assert_status(peers_put(bench->peers, &peer), wanted);
    assert_status(peers_find(bench->peers, &peer.node_id, &found), wanted);
    assert_status(peers_next(bench->peers, &cursor, &found), wanted);
    assert_status(peers_bundle(bench->peers, &peer.node_id, &bundle), wanted);
    assert_status(
        peers_bundle_bytes(bench->peers, &peer.node_id, &bench->buffer), wanted);
    assert_status(
        peers_put_bundle(bench->peers, &peer.node_id, 1, span_text("x")), wanted);
    assert_status(peers_end_epochs(bench->peers), wanted);
    assert_peer(&found, &before);
    assert_int_equal(cursor, 0);
}

static void peers__say_what_the_disk_says(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void peers__are_found_by_their_name(void **state)
{
    (void)state;
    static const struct post_kit_excuse excuses[] = {
        {"WHERE id > ?1 ORDER BY id LIMIT 1", "(rowid>?)",
            "the next row is the one found"},
        {"SET epoch = 0", "SCAN", "every peer, once after a restore"},
    };
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(peers__never_met_are_fresh),
        TEST(peers__are_found_again_as_they_were_put),
        TEST(peers__come_in_the_order_of_meeting),
        TEST(peers__keep_their_bundle_and_their_row_apart),
        TEST(peers__are_met_by_their_bundle_as_well),
        TEST(peers__all_lose_their_numbering_after_a_restore),
        TEST(peers__with_broken_rows_are_corrupt),
        cmocka_unit_test(peers__need_their_table),
        TEST(peers__say_what_the_disk_says),
        TEST(peers__are_found_by_their_name),
    };
    return cmocka_run_group_tests_name("post_peers", tests, NULL, NULL);
}
