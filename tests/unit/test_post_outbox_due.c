/* SPDX-License-Identifier: Apache-2.0
 *
 * outbox_due: what is to be offered, sealed, expired, recalled, confirmed, voided and forgotten (PROTOCOL.md
 * 2.4, 2.5), at a cost of what is found and not of what was ever sent.
 */
#include "plans.h"
#include "post_outbox_kit.h"

/* One letter of each state with a number of its own; its id is at [state]. */
static void put_all_states(
    struct outbox_bench *bench, unsigned peer, int64_t ids[LETTER_STATE_COUNT])
{
    for (int at = 1; at < LETTER_STATE_COUNT; at++)
        ids[at] = put_one(bench, peer, at == LETTER_STATE_DRAFT ? 0 : (uint64_t)at,
            (enum letter_state)at)
                      .id;
}

/* ---- offers ---- */

static void outbox_due__offers_sealed_and_held_letters_of_a_lane_in_order(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter;
    int64_t ids[LETTER_STATE_COUNT];
    assert_status(
        outbox_next_offer(bench->outbox, LANE_NORMAL, 0, NOW, &letter), STATUS_NOT_FOUND);
    put_all_states(bench, 1, ids);
    struct outbox_letter express = make_letter(bench, 1, 50, LETTER_STATE_SEALED);
    express.lane = LANE_EXPRESS;
    put(bench, &express);
    assert_ok(outbox_next_offer(bench->outbox, LANE_NORMAL, 0, NOW, &letter));
    assert_int_equal(letter.id, ids[LETTER_STATE_SEALED]);
    assert_ok(outbox_next_offer(bench->outbox, LANE_NORMAL, letter.id, NOW, &letter));
    assert_int_equal(letter.id, ids[LETTER_STATE_HELD]);
    assert_status(outbox_next_offer(bench->outbox, LANE_NORMAL, letter.id, NOW, &letter),
        STATUS_NOT_FOUND);
    assert_ok(outbox_next_offer(bench->outbox, LANE_EXPRESS, 0, NOW, &letter));
    assert_int_equal(letter.id, express.id);
}

static void outbox_due__offers_a_letter_when_its_time_has_come(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = make_letter(bench, 1, 1, LETTER_STATE_HELD), found;
    letter.next_ms = NOW + REOFFER_NEXT_MS;
    put(bench, &letter);
    assert_status(
        outbox_next_offer(bench->outbox, LANE_NORMAL, 0, NOW, &found), STATUS_NOT_FOUND);
    assert_status(
        outbox_next_offer(bench->outbox, LANE_NORMAL, 0, letter.next_ms - 1, &found),
        STATUS_NOT_FOUND);
    assert_ok(outbox_next_offer(bench->outbox, LANE_NORMAL, 0, letter.next_ms, &found));
    /* A clock that was set back by years delays nothing. */
    assert_ok(outbox_next_offer(
        bench->outbox, LANE_NORMAL, 0, letter.next_ms - 9 * DAY_MS - 1, &found));
    assert_status(outbox_next_offer(
                      bench->outbox, LANE_NORMAL, 0, letter.next_ms - 9 * DAY_MS, &found),
        STATUS_NOT_FOUND);
    assert_ok(outbox_next_offer(
        bench->outbox, LANE_NORMAL, 0, letter.next_ms - 4000 * DAY_MS, &found));
}

static void outbox_due__seals_drafts_and_blocked_letters_in_order(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter;
    int64_t ids[LETTER_STATE_COUNT];
    assert_status(outbox_next_draft(bench->outbox, 0, &letter), STATUS_NOT_FOUND);
    put_all_states(bench, 1, ids);
    assert_ok(outbox_next_draft(bench->outbox, 0, &letter));
    assert_int_equal(letter.id, ids[LETTER_STATE_DRAFT]);
    assert_ok(outbox_next_draft(bench->outbox, letter.id, &letter));
    assert_int_equal(letter.id, ids[LETTER_STATE_BLOCKED]);
    assert_status(outbox_next_draft(bench->outbox, letter.id, &letter), STATUS_NOT_FOUND);
}

/* ---- expiry ---- */

static void outbox_due__expires_every_letter_without_a_receipt(void **state)
{
    struct outbox_bench *bench = *state;
    static const enum letter_state wanted[] = {
        LETTER_STATE_DRAFT, LETTER_STATE_SEALED, LETTER_STATE_HELD, LETTER_STATE_BLOCKED};
    struct outbox_letter letter = {.id = 0};
    int64_t ids[LETTER_STATE_COUNT], end_ms = NOW + LETTER_LIFETIME_S * SECOND_MS;
    put_all_states(bench, 1, ids);
    assert_status(
        outbox_next_overdue(bench->outbox, 0, end_ms, &letter), STATUS_NOT_FOUND);
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        assert_ok(outbox_next_overdue(bench->outbox, letter.id, end_ms + 1, &letter));
        assert_int_equal(letter.id, ids[wanted[i]]);
    }
    assert_status(outbox_next_overdue(bench->outbox, letter.id, end_ms + 1, &letter),
        STATUS_NOT_FOUND);
}

static void outbox_due__never_expires_a_void_and_counts_the_longest_lifetime(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = make_letter(bench, 1, 1, LETTER_STATE_HELD), found;
    letter.kind = LETTER_VOID;
    letter.lifetime_s = 0;
    put(bench, &letter);
    assert_status(
        outbox_next_overdue(bench->outbox, 0, INT64_MAX, &found), STATUS_NOT_FOUND);
    letter = make_letter(bench, 1, 2, LETTER_STATE_HELD);
    letter.lifetime_s = UINT32_MAX;
    put(bench, &letter);
    int64_t end_ms = NOW + UINT32_MAX * SECOND_MS;
    assert_status(
        outbox_next_overdue(bench->outbox, 0, end_ms, &found), STATUS_NOT_FOUND);
    assert_ok(outbox_next_overdue(bench->outbox, 0, end_ms + 1, &found));
}

/* ---- numbers ---- */

static void outbox_due__walks_over_the_unsettled_numbers_of_one_member(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = {.id = 0};
    struct ident peer = post_kit_ident(1);
    struct outbox_letter settled = make_letter(bench, 1, 7, LETTER_STATE_STORED);
    settled.settled = true;
    (void)put_one(bench, 1, 9, LETTER_STATE_SEALED); /* ids and numbers run apart */
    (void)put_one(bench, 2, 1, LETTER_STATE_SEALED);
    (void)put_one(bench, 1, 0, LETTER_STATE_DRAFT);
    put(bench, &settled);
    (void)put_one(bench, 1, 8, LETTER_STATE_EXPIRED);
    static const uint64_t wanted[] = {9, 8};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        assert_ok(outbox_next_unsettled(bench->outbox, &peer, letter.id, &letter));
        assert_int_equal(letter.seq, wanted[i]);
    }
    assert_status(outbox_next_unsettled(bench->outbox, &peer, letter.id, &letter),
        STATUS_NOT_FOUND);
}

static void outbox_due__knows_the_lowest_unsettled_number_of_an_epoch(void **state)
{
    struct outbox_bench *bench = *state;
    struct ident peer = post_kit_ident(1);
    struct outbox_letter settled = make_letter(bench, 1, 3, LETTER_STATE_STORED);
    struct outbox_letter other = make_letter(bench, 1, 2, LETTER_STATE_SEALED);
    uint64_t oldest = 77;
    assert_ok(outbox_oldest_unsettled(bench->outbox, &peer, EPOCH, &oldest));
    assert_int_equal(oldest, 0);
    settled.settled = true;
    other.epoch = EPOCH + 1;
    put(bench, &settled);
    put(bench, &other);
    (void)put_one(bench, 1, 0, LETTER_STATE_DRAFT);
    (void)put_one(bench, 2, 1, LETTER_STATE_SEALED);
    (void)put_one(bench, 1, 9, LETTER_STATE_SEALED);
    (void)put_one(bench, 1, 5, LETTER_STATE_WITHDRAWN);
    assert_ok(outbox_oldest_unsettled(bench->outbox, &peer, EPOCH, &oldest));
    assert_int_equal(oldest, 5);
}

/* ---- recalls and the broker's memory ---- */

static void outbox_due__recalls_whatever_is_to_be_recalled_in_order(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter;
    int64_t ids[LETTER_STATE_COUNT];
    put_all_states(bench, 1, ids);
    assert_status(outbox_next_recall(bench->outbox, &letter), STATUS_NOT_FOUND);
    static const enum letter_state recalled[] = {
        LETTER_STATE_WITHDRAWN, LETTER_STATE_SEALED};
    for (size_t i = 0; i < ARRAY_LENGTH(recalled); i++) {
        letter = get(bench, ids[recalled[i]]);
        letter.recall = post_kit_ident(600);
        assert_ok(outbox_update(bench->outbox, &letter));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(recalled); i++) {
        assert_ok(outbox_next_recall(bench->outbox, &letter));
        assert_int_equal(
            letter.id, ids[recalled[ARRAY_LENGTH(recalled) - 1 - i]]); /* by row */
        letter.recall = (struct ident){{0}};
        assert_ok(outbox_update(bench->outbox, &letter));
    }
    assert_status(outbox_next_recall(bench->outbox, &letter), STATUS_NOT_FOUND);
}

static void outbox_due__lists_held_letters_for_have(void **state)
{
    struct outbox_bench *bench = *state;
    int64_t ids[LETTER_STATE_COUNT], held[10] = {0};
    int64_t found[4];
    struct ident msg_ids[4];
    size_t n = 77;
    assert_ok(outbox_held(bench->outbox, 0, found, msg_ids, 4, &n));
    assert_int_equal(n, 0);
    put_all_states(bench, 1, ids);
    held[0] = ids[LETTER_STATE_HELD];
    for (int i = 1; i < 10; i++) {
        struct outbox_letter letter =
            make_letter(bench, 2, (uint64_t)i, LETTER_STATE_HELD);
        letter.lane = i % 2 ? LANE_EXPRESS : LANE_NORMAL; /* of both lanes, by row */
        put(bench, &letter);
        held[i] = letter.id;
    }
    int64_t cursor = 0;
    for (size_t at = 0; at < 10; at += n) {
        assert_ok(outbox_held(bench->outbox, cursor, found, msg_ids, 4, &n));
        assert_int_equal(n, at == 8 ? 2 : 4);
        for (size_t i = 0; i < n; i++) {
            struct outbox_letter letter = get(bench, found[i]);
            assert_int_equal(found[i], held[at + i]);
            assert_true(ident_equal(&msg_ids[i], &letter.msg_id));
        }
        cursor = found[n - 1];
    }
    assert_ok(outbox_held(bench->outbox, cursor, found, msg_ids, 4, &n));
    assert_int_equal(n, 0);
    assert_ok(outbox_held(bench->outbox, 0, found, msg_ids, 0, &n));
    assert_int_equal(n, 0);
}

/* ---- confirmed, asked for again ---- */

static struct outbox_letter put_stored(
    struct outbox_bench *bench, unsigned peer, uint64_t seq, int64_t received_ms)
{
    struct outbox_letter letter = make_letter(bench, peer, seq, LETTER_STATE_STORED);
    letter.settled = true;
    letter.stored_ms = NOW;
    letter.received_ms = received_ms;
    put(bench, &letter);
    return letter;
}

static void outbox_due__confirms_up_to_the_head_what_was_signed_a_day_before(void **state)
{
    struct outbox_bench *bench = *state;
    struct ident peer = post_kit_ident(1);
    int64_t early = put_stored(bench, 1, 1, NOW - DAY_MS).id;
    int64_t late = put_stored(bench, 1, 2, NOW - DAY_MS + 1).id;
    int64_t at_head = put_stored(bench, 1, 3, NOW - DAY_MS).id;
    int64_t above = put_stored(bench, 1, 4, NOW - DAY_MS).id;
    int64_t stranger = put_stored(bench, 2, 1, NOW - DAY_MS).id;
    struct outbox_letter other = make_letter(bench, 1, 1, LETTER_STATE_STORED);
    other.epoch = EPOCH + 1;
    put(bench, &other);
    int64_t held = put_one(bench, 1, 6, LETTER_STATE_HELD).id;
    assert_ok(outbox_confirm(bench->outbox, &peer, EPOCH, 3, NOW - DAY_MS, NOW + 9));
    struct outbox_letter letter = get(bench, early);
    assert_int_equal(letter.state, LETTER_STATE_CONFIRMED);
    assert_int_equal(letter.changed_ms, NOW + 9);
    assert_int_equal(get(bench, at_head).state, LETTER_STATE_CONFIRMED);
    static const char *const why = "stays STORED";
    const int64_t stays[] = {late, above, stranger, other.id};
    for (size_t i = 0; i < ARRAY_LENGTH(stays); i++)
        if (get(bench, stays[i]).state != LETTER_STATE_STORED)
            fail_msg("letter %zu %s", i, why);
    assert_ok(outbox_confirm(bench->outbox, &peer, EPOCH, UINT64_MAX, NOW, NOW + 10));
    assert_int_equal(get(bench, above).state, LETTER_STATE_CONFIRMED);
    assert_int_equal(get(bench, held).state, LETTER_STATE_HELD); /* no receipt, no word */
    assert_int_equal(get(bench, early).changed_ms, NOW + 9);     /* once */
}

static void outbox_due__gives_the_epochs_in_which_a_member_was_written_to(void **state)
{
    struct outbox_bench *bench = *state;
    struct ident peer = post_kit_ident(1), other = post_kit_ident(3);
    struct outbox_letter letter = put_stored(bench, 1, 7, NOW);
    uint32_t epoch = 0;
    (void)put_stored(bench, 1, 8, NOW);
    (void)put_stored(bench, 2, 9, NOW);
    letter = put_stored(bench, 1, 9, NOW);
    letter.epoch = EPOCH + 4;
    assert_ok(outbox_update(bench->outbox, &letter));
    assert_ok(outbox_next_epoch(bench->outbox, &peer, epoch, &epoch));
    assert_int_equal(epoch, EPOCH);
    assert_ok(outbox_next_epoch(bench->outbox, &peer, epoch, &epoch));
    assert_int_equal(epoch, EPOCH + 4);
    assert_status(
        outbox_next_epoch(bench->outbox, &peer, epoch, &epoch), STATUS_NOT_FOUND);
    assert_status(outbox_next_epoch(bench->outbox, &other, 0, &epoch), STATUS_NOT_FOUND);
}

static void outbox_due__finds_what_was_stored_above_the_head_of_a_restored_peer(
    void **state)
{
    struct outbox_bench *bench = *state;
    struct ident peer = post_kit_ident(1);
    struct outbox_letter letter, confirmed;
    (void)put_stored(bench, 1, 7, NOW - 5);
    (void)put_stored(bench, 1, 5, NOW - 5);
    confirmed = put_stored(bench, 1, 6, NOW - 5);
    confirmed.state = LETTER_STATE_CONFIRMED;
    assert_ok(outbox_update(bench->outbox, &confirmed));
    (void)put_stored(bench, 1, 8, NOW); /* signed after: its heartbeat may not know it */
    (void)put_stored(bench, 2, 9, NOW - 5);
    (void)put_one(bench, 1, 10, LETTER_STATE_HELD);
    uint64_t above = 4;
    for (uint64_t wanted = 5; wanted <= 7; wanted++) {
        assert_ok(outbox_next_stored(bench->outbox, &peer, EPOCH, above, NOW, &letter));
        assert_int_equal(letter.seq, wanted);
        above = letter.seq;
    }
    assert_status(outbox_next_stored(bench->outbox, &peer, EPOCH, above, NOW, &letter),
        STATUS_NOT_FOUND);
    assert_status(outbox_next_stored(bench->outbox, &peer, EPOCH + 1, 0, NOW, &letter),
        STATUS_NOT_FOUND);
    /* A head beyond every number that can be: nothing is above it. */
    assert_status(outbox_next_stored(
                      bench->outbox, &peer, EPOCH, (uint64_t)INT64_MAX + 1, NOW, &letter),
        STATUS_NOT_FOUND);
    assert_status(
        outbox_next_stored(bench->outbox, &peer, EPOCH, UINT64_MAX, NOW, &letter),
        STATUS_NOT_FOUND);
    assert_ok(
        outbox_forget(bench->outbox, NOW + 1)); /* the confirmed one has no letter now */
    assert_ok(outbox_next_stored(bench->outbox, &peer, EPOCH, 5, NOW, &letter));
    assert_int_equal(letter.seq, 7);
}

/* ---- voids ---- */

static struct outbox_letter put_void_due(
    struct outbox_bench *bench, unsigned peer, uint64_t seq)
{
    struct outbox_letter letter = make_letter(bench, peer, seq, LETTER_STATE_EXPIRED);
    letter.void_due = VOID_EXPIRED;
    put(bench, &letter);
    return letter;
}

static void outbox_due__gathers_the_voids_of_one_member_the_oldest_first(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter voids[VOIDS_PER_ENVELOPE];
    size_t n = 77;
    assert_ok(outbox_voids(bench->outbox, voids, &n));
    assert_int_equal(n, 0);
    static const unsigned order[] = {5, 2, 5, 2, 2, 9};
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
        (void)put_void_due(bench, order[i], 100 - i);
    (void)put_one(bench, 1, 1, LETTER_STATE_EXPIRED); /* no VOID is due for it */
    static const unsigned peers[] = {2, 5, 9};
    static const size_t wanted[] = {3, 2, 1};
    for (size_t round = 0; round < ARRAY_LENGTH(peers); round++) {
        struct ident peer = post_kit_ident(peers[round]);
        assert_ok(outbox_voids(bench->outbox, voids, &n));
        assert_int_equal(n, wanted[round]);
        for (size_t i = 0; i < n; i++) {
            assert_true(ident_equal(&voids[i].peer, &peer));
            assert_int_equal(voids[i].void_due, VOID_EXPIRED);
            if (i > 0)
                assert_true(voids[i].id > voids[i - 1].id);
            voids[i].void_due = 0;
            assert_ok(outbox_update(bench->outbox, &voids[i]));
        }
    }
    assert_ok(outbox_voids(bench->outbox, voids, &n));
    assert_int_equal(n, 0);
}

static void outbox_due__gathers_no_more_voids_than_an_envelope_holds(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter voids[VOIDS_PER_ENVELOPE];
    size_t n = 77;
    for (uint64_t seq = 1; seq <= VOIDS_PER_ENVELOPE; seq++)
        (void)put_void_due(bench, 1, seq);
    assert_ok(outbox_voids(bench->outbox, voids, &n));
    assert_int_equal(
        n, VOIDS_PER_ENVELOPE); /* all of them, and nobody else's behind them */
    (void)put_void_due(bench, 2, 1);
    assert_ok(outbox_voids(bench->outbox, voids, &n));
    assert_int_equal(n, VOIDS_PER_ENVELOPE);
    (void)put_void_due(bench, 1, 100);
    assert_ok(outbox_voids(bench->outbox, voids, &n));
    assert_int_equal(n, VOIDS_PER_ENVELOPE);
    assert_int_equal(voids[n - 1].seq, VOIDS_PER_ENVELOPE);
}

/* One place before the end: the row that is read and found to be another member's is not counted. */
static void outbox_due__gathers_26_voids_before_another_members(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter voids[VOIDS_PER_ENVELOPE];
    size_t n = 77;
    for (uint64_t seq = 1; seq < VOIDS_PER_ENVELOPE; seq++)
        (void)put_void_due(bench, 1, seq);
    (void)put_void_due(bench, 2, 1);
    assert_ok(outbox_voids(bench->outbox, voids, &n));
    assert_int_equal(n, VOIDS_PER_ENVELOPE - 1);
}

static void outbox_due__settles_the_numbers_that_a_void_named(void **state)
{
    struct outbox_bench *bench = *state;
    int64_t plain = put_one(bench, 1, 1, LETTER_STATE_SEALED).id;
    struct outbox_letter letter = make_letter(bench, 1, 2, LETTER_STATE_EXPIRED);
    letter.void_row = 500;
    put(bench, &letter);
    int64_t named = letter.id;
    letter = make_letter(bench, 1, 3, LETTER_STATE_EXPIRED);
    letter.void_row = 501;
    put(bench, &letter);
    assert_ok(outbox_voided(bench->outbox, 500));
    assert_true(get(bench, named).settled);
    assert_false(get(bench, letter.id).settled);
    assert_ok(outbox_voided(bench->outbox, 0)); /* is no row, and names nobody */
    assert_false(get(bench, plain).settled);
}

/* ---- forgetting ---- */

static bool is_kept(struct outbox_bench *bench, int64_t id)
{
    buffer_clear(&bench->buffer);
    enum status letter = outbox_boxed(bench->outbox, id, &bench->buffer);
    enum status envelope = outbox_envelope(bench->outbox, id, &bench->buffer);
    assert_int_equal(letter, envelope); /* here both were put and go together */
    return letter == STATUS_OK;
}

static void outbox_due__forgets_letters_that_need_not_be_kept_and_keeps_the_rows(
    void **state)
{
    struct outbox_bench *bench = *state;
    int64_t ids[LETTER_STATE_COUNT];
    put_all_states(bench, 1, ids);
    for (int at = 1; at < LETTER_STATE_COUNT; at++) {
        struct outbox_letter letter = get(bench, ids[at]);
        letter.stored_ms = NOW;
        letter.changed_ms = NOW;
        assert_ok(outbox_update(bench->outbox, &letter));
    }
    assert_ok(outbox_forget(bench->outbox, NOW)); /* before, not at */
    for (int at = 1; at < LETTER_STATE_COUNT; at++)
        assert_true(is_kept(bench, ids[at]));
    assert_ok(outbox_forget(bench->outbox, NOW + 1));
    static const bool kept[LETTER_STATE_COUNT] = {[LETTER_STATE_DRAFT] = true,
        [LETTER_STATE_SEALED] = true,
        [LETTER_STATE_HELD] = true,
        [LETTER_STATE_STORED] = true, /* until CONFIRMED, however long that takes */
        [LETTER_STATE_BLOCKED] = true};
    for (int at = 1; at < LETTER_STATE_COUNT; at++) {
        if (is_kept(bench, ids[at]) != kept[at])
            fail_msg("%s", letter_state_name((enum letter_state)at));
        assert_int_equal(get(bench, ids[at]).state, at);
    }
}

/* The later of CONFIRMED and STORED + 45 d: the time that counts is that of STORED. */
static void outbox_due__forgets_by_the_time_of_the_receipt_and_not_before_its_void(
    void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter confirmed = make_letter(bench, 1, 1, LETTER_STATE_CONFIRMED);
    confirmed.stored_ms = NOW - 100;
    confirmed.changed_ms = NOW;
    put(bench, &confirmed);
    struct outbox_letter expired = put_void_due(bench, 1, 2);
    assert_ok(outbox_forget(bench->outbox, NOW - 100));
    assert_true(is_kept(bench, confirmed.id));
    assert_ok(outbox_forget(bench->outbox, NOW - 99));
    assert_false(is_kept(bench, confirmed.id));
    assert_ok(outbox_forget(bench->outbox, NOW + DAY_MS));
    assert_true(is_kept(bench, expired.id)); /* its VOID quotes it */
    expired.void_due = 0;
    assert_ok(outbox_update(bench->outbox, &expired));
    assert_ok(outbox_forget(bench->outbox, NOW + DAY_MS));
    assert_false(is_kept(bench, expired.id));
}

/* ---- failures and costs ---- */

static void outbox_due__with_broken_rows_is_corrupt(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter voids[VOIDS_PER_ENVELOPE], letter = {.id = 77};
    int64_t ids[2];
    struct ident msg_ids[2];
    size_t n = 77;
    (void)put_one(bench, 1, 1, LETTER_STATE_HELD);
    (void)put_void_due(bench, 1, 2);
    post_kit_run(&bench->kit, "UPDATE post_outbox SET msg_id = x'00'");
    assert_status(outbox_held(bench->outbox, 0, ids, msg_ids, 2, &n), STATUS_CORRUPT);
    assert_status(outbox_voids(bench->outbox, voids, &n), STATUS_CORRUPT);
    assert_status(
        outbox_next_offer(bench->outbox, LANE_NORMAL, 0, NOW, &letter), STATUS_CORRUPT);
    assert_int_equal(n, 77);
    assert_int_equal(letter.id, 77);
}

static void try_all(void *context, enum status wanted)
{
    struct outbox_bench *bench = context;
    struct outbox *outbox = bench->outbox;
    struct outbox_letter letter = {.id = 77}, voids[VOIDS_PER_ENVELOPE];
    struct ident peer = post_kit_ident(1), msg_ids[1];
    int64_t ids[1];
    size_t n = 77;
    uint64_t oldest = 77;
    assert_status(outbox_next_offer(outbox, LANE_NORMAL, 0, NOW, &letter), wanted);
    assert_status(outbox_next_draft(outbox, 0, &letter), wanted);
    assert_status(outbox_next_overdue(outbox, 0, NOW, &letter), wanted);
    assert_status(outbox_next_unsettled(outbox, &peer, 0, &letter), wanted);
    assert_status(outbox_next_recall(outbox, &letter), wanted);
    assert_status(outbox_held(outbox, 0, ids, msg_ids, 1, &n), wanted);
    assert_status(outbox_oldest_unsettled(outbox, &peer, EPOCH, &oldest), wanted);
    assert_status(outbox_confirm(outbox, &peer, EPOCH, 1, NOW, NOW), wanted);
    assert_status(outbox_next_stored(outbox, &peer, EPOCH, 0, NOW, &letter), wanted);
    assert_status(outbox_voids(outbox, voids, &n), wanted);
    assert_status(outbox_voided(outbox, 1), wanted);
    assert_status(outbox_forget(outbox, NOW), wanted);
    assert_int_equal(letter.id, 77);
    assert_true(n == 77 && oldest == 77);
}

static void outbox_due__says_what_the_disk_says(void **state)
{
    struct outbox_bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void outbox_due__reads_no_table_and_no_index_of_all_rows(void **state)
{
    (void)state;
    static const struct post_kit_excuse excuses[] = {
        {"recall IS NOT NULL", "SCAN post_outbox USING INDEX post_outbox_recalls",
            "an index of what is to be recalled: stops at the first"},
        {"void_due > 0", "SCAN post_outbox USING INDEX post_outbox_voids",
            "an index of the VOIDs that are due, in that order"},
        {"SET letter = NULL", "SCAN post_outbox USING INDEX post_outbox_kept",
            "an index of the letters that are kept, once a tick"},
        {"GROUP BY kind, state", "SCAN post_outbox USING COVERING INDEX",
            "an index of kinds and states, for a page"},
    };
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
}

/* What is not a plan's to tell: 2,000 letters that are done with, and 2,000 that wait for nothing that is asked,
 * cost a question no more than a few steps each. */
static void outbox_due__costs_what_it_finds(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox *outbox = bench->outbox;
    struct outbox_letter letter, voids[VOIDS_PER_ENVELOPE];
    struct ident peer = post_kit_ident(1), msg_ids[1];
    int64_t ids[1];
    size_t n;
    uint64_t oldest;
    for (uint64_t seq = 1; seq <= 2000; seq++) {
        letter = put_stored(bench, 1, seq, NOW);
        letter.state = LETTER_STATE_CONFIRMED;
        assert_ok(outbox_update(outbox, &letter));
    }
    assert_ok(outbox_forget(outbox, NOW + 1));
    (void)plans_steps("post_outbox");
    assert_status(
        outbox_next_offer(outbox, LANE_NORMAL, 0, NOW, &letter), STATUS_NOT_FOUND);
    assert_status(outbox_next_draft(outbox, 0, &letter), STATUS_NOT_FOUND);
    assert_status(outbox_next_overdue(outbox, 0, INT64_MAX, &letter), STATUS_NOT_FOUND);
    assert_status(outbox_next_unsettled(outbox, &peer, 0, &letter), STATUS_NOT_FOUND);
    assert_status(outbox_next_recall(outbox, &letter), STATUS_NOT_FOUND);
    assert_ok(outbox_held(outbox, 0, ids, msg_ids, 1, &n));
    assert_ok(outbox_oldest_unsettled(outbox, &peer, EPOCH, &oldest));
    assert_ok(outbox_confirm(outbox, &peer, EPOCH, 2000, NOW, NOW));
    assert_ok(outbox_voids(outbox, voids, &n));
    assert_ok(outbox_voided(outbox, 4));
    assert_ok(outbox_forget(outbox, NOW + 1));
    assert_in_range(plans_steps("post_outbox"), 1, 500);
    assert_status(
        outbox_next_stored(outbox, &peer, EPOCH, 2000, NOW, &letter), STATUS_NOT_FOUND);
    assert_in_range(plans_steps("post_outbox"), 1, 100);
    /* Many that wait: a question about the few among them. */
    for (uint64_t seq = 3001; seq <= 5000; seq++)
        (void)put_one(bench, 2, seq, LETTER_STATE_HELD);
    (void)put_one(bench, 3, 1, LETTER_STATE_HELD);
    peer = post_kit_ident(3);
    (void)plans_steps("post_outbox");
    assert_ok(outbox_next_unsettled(outbox, &peer, 0, &letter));
    assert_ok(outbox_oldest_unsettled(outbox, &peer, EPOCH, &oldest));
    assert_ok(outbox_held(outbox, letter.id - 1, ids, msg_ids, 1, &n));
    assert_int_equal(n, 1);
    assert_in_range(plans_steps("post_outbox"), 1, 500);
}

/* A walk over many that are overdue together, as custody walks them, does not sort them anew for each. */
static void outbox_due__walks_over_many_overdue_letters_once(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = {.id = 0};
    int64_t end_ms = NOW + LETTER_LIFETIME_S * SECOND_MS + 1;
    for (uint64_t seq = 1; seq <= 1000; seq++)
        (void)put_one(bench, 1, seq, LETTER_STATE_HELD);
    int found = 0;
    (void)plans_steps("lifetime_s * 1000");
    while (outbox_next_overdue(bench->outbox, letter.id, end_ms, &letter) == STATUS_OK) {
        found++;
        letter.state = LETTER_STATE_EXPIRED;
        assert_ok(outbox_update(bench->outbox, &letter));
    }
    assert_int_equal(found, 1000);
    assert_in_range(plans_steps("lifetime_s * 1000"), 1, 1000 * 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTBOX_TEST(outbox_due__offers_sealed_and_held_letters_of_a_lane_in_order),
        OUTBOX_TEST(outbox_due__offers_a_letter_when_its_time_has_come),
        OUTBOX_TEST(outbox_due__seals_drafts_and_blocked_letters_in_order),
        OUTBOX_TEST(outbox_due__expires_every_letter_without_a_receipt),
        OUTBOX_TEST(outbox_due__never_expires_a_void_and_counts_the_longest_lifetime),
        OUTBOX_TEST(outbox_due__walks_over_the_unsettled_numbers_of_one_member),
        OUTBOX_TEST(outbox_due__knows_the_lowest_unsettled_number_of_an_epoch),
        OUTBOX_TEST(outbox_due__recalls_whatever_is_to_be_recalled_in_order),
        OUTBOX_TEST(outbox_due__lists_held_letters_for_have),
        OUTBOX_TEST(outbox_due__confirms_up_to_the_head_what_was_signed_a_day_before),
        OUTBOX_TEST(outbox_due__gives_the_epochs_in_which_a_member_was_written_to),
        OUTBOX_TEST(outbox_due__finds_what_was_stored_above_the_head_of_a_restored_peer),
        OUTBOX_TEST(outbox_due__gathers_the_voids_of_one_member_the_oldest_first),
        OUTBOX_TEST(outbox_due__gathers_no_more_voids_than_an_envelope_holds),
        OUTBOX_TEST(outbox_due__gathers_26_voids_before_another_members),
        OUTBOX_TEST(outbox_due__settles_the_numbers_that_a_void_named),
        OUTBOX_TEST(outbox_due__forgets_letters_that_need_not_be_kept_and_keeps_the_rows),
        OUTBOX_TEST(
            outbox_due__forgets_by_the_time_of_the_receipt_and_not_before_its_void),
        OUTBOX_TEST(outbox_due__with_broken_rows_is_corrupt),
        OUTBOX_TEST(outbox_due__says_what_the_disk_says),
        OUTBOX_TEST(outbox_due__reads_no_table_and_no_index_of_all_rows),
        OUTBOX_TEST(outbox_due__costs_what_it_finds),
        OUTBOX_TEST(outbox_due__walks_over_many_overdue_letters_once),
    };
    return cmocka_run_group_tests_name("post_outbox_due", tests, NULL, NULL);
}
