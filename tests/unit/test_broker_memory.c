/* SPDX-License-Identifier: Apache-2.0
 * What an exchange keeps in memory only: envelopes, shares, callers and sessions, answers, documents that
 * come in parts.
 */
#include "answers.h"
#include "bug.h"
#include "check.h"
#include "intake.h"
#include "lobby.h"
#include "memory.h"
#include "seeded.h"
#include "shares.h"

static struct seeded seeded;
static struct chance *chance;

static int set_up(void **state)
{
    (void)state;
    chance = seeded_init(&seeded, 5);
    return 0;
}

/* ---- held ---- */

enum { SOME = 5000 };

static void helds__are_found_by_msg_id_and_kept_in_order(void **state)
{
    (void)state;
    static struct ident ids[SOME];
    struct helds *helds = helds_new(chance);
    for (size_t i = 0; i < SOME; i++) {
        ids[i] = ident_new(chance);
        helds_add(helds, &ids[i])->id = (int64_t)i + 1;
    }
    assert_int_equal(helds_count(helds), SOME);
    for (size_t i = 0; i < SOME; i++) {
        assert_int_equal(helds_find(helds, &ids[i])->id, i + 1);
    }
    for (size_t i = 0; i < SOME; i += 2) {
        helds_remove(helds, helds_find(helds, &ids[i]));
    }
    assert_null(helds_find(helds, &ids[0]));
    assert_non_null(helds_find(helds, &ids[1]));
    int64_t before = 0;
    size_t n = 0;
    for (struct held *held = helds_oldest(helds); held != NULL; held = held->newer) {
        assert_true(held->id > before);
        before = held->id;
        n++;
    }
    assert_int_equal(n, SOME / 2);
    helds_destroy(&helds);
    assert_null(helds);
    helds_destroy(&helds);
}

static void helds__take_at_most_160_bytes_each(void **state)
{
    (void)state;
    assert_true(sizeof(struct held) <= 160);
}

static void queue__keeps_its_order_from_both_ends(void **state)
{
    (void)state;
    struct queue_ends ends = {NULL, NULL, 0};
    struct held a = {.id = 1}, b = {.id = 2}, c = {.id = 3};
    queue_add_last(&ends, &b);
    queue_add_last(&ends, &c);
    queue_add_first(&ends, &a);
    assert_ptr_equal(ends.first, &a);
    assert_ptr_equal(a.behind, &b);
    assert_ptr_equal(ends.last, &c);
    queue_remove(&ends, &b);
    assert_ptr_equal(a.behind, &c);
    assert_ptr_equal(c.before, &a);
    queue_remove(&ends, &a);
    queue_remove(&ends, &c);
    assert_null(ends.first);
    assert_null(ends.last);
    assert_int_equal(ends.n, 0);
}

/* ---- shares ---- */

static void shares__count_by_mailbox_and_sender(void **state)
{
    (void)state;
    struct shares *shares = shares_new(chance);
    struct mailbox *one = memory_new(1), *two = memory_new(1); /* names only */
    struct ident a = ident_new(chance), b = ident_new(chance);
    struct share *share = shares_add(shares, one, &a, 100);
    assert_ptr_equal(shares_add(shares, one, &a, 50), share);
    assert_int_equal(share->envelopes, 2);
    assert_int_equal(share->bytes, 150);
    assert_null(shares_find(shares, one, &b));
    assert_null(shares_find(shares, two, &a));
    shares_shrink(share, 100);
    assert_int_equal(shares_find(shares, one, &a)->envelopes, 1);
    shares_grow(share, 100);
    assert_int_equal(share->envelopes, 2);
    assert_bug(shares_shrink(share, 1000));
    shares_destroy(&shares);
    memory_free(one);
    memory_free(two);
}

static void shares__sweep_what_is_empty_and_nothing_else(void **state)
{
    (void)state;
    static struct ident ids[SOME];
    struct shares *shares = shares_new(chance);
    struct mailbox *mailbox = memory_new(1);
    for (size_t i = 0; i < SOME; i++) {
        ids[i] = ident_new(chance);
        struct share *share = shares_add(shares, mailbox, &ids[i], 10);
        if (i % 10 != 0) {
            shares_shrink(share, 10);
        }
    }
    shares_tidy(shares);
    for (size_t i = 0; i < SOME; i++) {
        assert_int_equal(shares_find(shares, mailbox, &ids[i]) != NULL, i % 10 == 0);
    }
    shares_destroy(&shares);
    memory_free(mailbox);
}

/* ---- lobby ---- */

static void lobby__finds_callers_and_sessions(void **state)
{
    (void)state;
    static struct ident ids[SOME];
    struct lobby *lobby = lobby_new(chance);
    for (size_t i = 0; i < SOME; i++) {
        ids[i] = ident_new(chance);
        lobby_add(lobby, i + 1, lobby_get_caller(lobby, &ids[i]));
    }
    assert_int_equal(lobby_count(lobby), SOME);
    for (size_t i = 0; i < SOME; i++) {
        struct session *session = lobby_find(lobby, i + 1);
        assert_non_null(session);
        assert_true(ident_equal(&session->caller->node_id, &ids[i]));
        assert_ptr_equal(session->caller->session, session);
        if (i % 2 == 0) {
            lobby_remove(lobby, session);
        }
    }
    assert_null(lobby_find(lobby, 1));
    assert_null(lobby_find_caller(lobby, &ids[0])->session); /* it outlives its session */
    assert_int_equal(lobby_count(lobby), SOME / 2);
    assert_null(lobby_find(lobby, SOME + 1));
    lobby_destroy(&lobby);
}

static void session__stays_below_4_KiB(void **state)
{
    (void)state;
    struct lobby *lobby = lobby_new(chance);
    struct ident id = ident_new(chance);
    struct session *session = lobby_add(lobby, 1, lobby_get_caller(lobby, &id));
    struct held held = {.id = 9, .bytes = 10};
    while (session_may_give(session)) {
        session_give(session, &held);
    }
    size_t bytes = sizeof *session + session->parcels_size * sizeof(struct parcel);
    assert_true(bytes <= 4096);
    assert_bug(session_give(session, &held));
    for (uint64_t i = 1; i < session->next_delivery; i++) {
        session_close_parcel(session, i);
    }
    lobby_destroy(&lobby);
}

static void parcels__are_closed_in_any_order(void **state)
{
    (void)state;
    struct lobby *lobby = lobby_new(chance);
    struct ident id = ident_new(chance);
    struct session *session = lobby_add(lobby, 1, lobby_get_caller(lobby, &id));
    struct held helds[100];
    for (size_t round = 0; round < 5; round++) {
        uint64_t first = session->next_delivery;
        for (size_t i = 0; i < 100; i++) {
            helds[i] = (struct held){.id = (int64_t)i + 7, .bytes = 10};
            assert_int_equal(session_give(session, &helds[i]), first + i);
        }
        assert_false(session_gave(session, first + 100));
        assert_false(session_gave(session, 0));
        for (size_t i = 0; i < 100; i++) {
            uint64_t delivery = first + (i * 37 + 5) % 100;
            struct parcel *parcel = session_find_parcel(session, delivery);
            assert_non_null(parcel);
            assert_int_equal(parcel->id, delivery - first + 7);
            session_close_parcel(session, delivery);
            assert_null(session_find_parcel(session, delivery));
            assert_true(session_gave(session, delivery));
        }
        assert_int_equal(session->n_under_way, 0);
        assert_int_equal(session->first_delivery, session->next_delivery);
    }
    lobby_destroy(&lobby);
}

/* ---- answers ---- */

static void add_held(struct answers *answers, uint64_t connection, uint8_t name)
{
    struct frame frame = {.kind = FRAME_HELD};
    struct ident msg_id = {{name, 1}}; /* zero is no name */
    frame.held.n = 1;
    frame.held.msg_ids = &msg_id;
    answers_add(answers, connection, &frame);
}

static uint64_t next(struct answers *answers)
{
    uint64_t connection = 0;
    struct span frame;
    return answers_next(answers, &connection, &frame) ? connection : 0;
}

static void answers__come_in_order_and_are_said_once(void **state)
{
    (void)state;
    struct answers *answers = answers_new();
    for (uint64_t i = 1; i <= 5000; i++) {
        add_held(answers, i, (uint8_t)i);
    }
    for (uint64_t i = 1; i <= 5000; i++) {
        assert_int_equal(next(answers), i);
    }
    assert_int_equal(next(answers), 0);
    assert_int_equal(next(answers), 0);
    answers_destroy(&answers);
}

static void answers__of_a_turn_that_failed_are_forgotten_but_not_the_kept(void **state)
{
    (void)state;
    struct answers *answers = answers_new();
    add_held(answers, 1, 1);
    add_held(answers, 2, 2);
    add_held(answers, 3, 3);
    assert_int_equal(next(answers), 1);
    assert_int_equal(next(answers), 2);
    answers_keep(answers);
    assert_int_equal(next(answers), 3);
    assert_int_equal(next(answers), 0);
    assert_int_equal(answers_kept(answers), 1);
    add_held(answers, 4, 4);
    answers_clear(answers);
    add_held(answers, 5, 5);
    assert_int_equal(next(answers), 2);
    assert_int_equal(next(answers), 5);
    assert_int_equal(next(answers), 0);
    assert_int_equal(answers_kept(answers), 0);
    answers_destroy(&answers);
}

static void answers__that_are_kept_stay_whole_and_in_order(void **state)
{
    (void)state;
    struct answers *answers = answers_new();
    for (uint64_t round = 0; round < 5; round++) {
        for (uint64_t i = 0; i < 100; i++) {
            add_held(answers, 1000 + round * 100 + i, (uint8_t)(round * 50 + i));
        }
        uint64_t connection = 0, before = 0;
        struct span frame;
        struct arena *arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
        while (answers_next(answers, &connection, &frame)) {
            struct frame decoded;
            assert_true(connection > before);
            before = connection;
            assert_ok(frame_decode(arena, frame, &decoded));
            uint64_t at = connection - 1000;
            assert_int_equal(
                decoded.held.msg_ids[0].bytes[0], (uint8_t)(at / 100 * 50 + at % 100));
            arena_reset(arena);
            if (connection % 3 == 0) {
                answers_keep(answers);
            }
        }
        arena_destroy(&arena);
    }
    assert_true(answers_kept(answers) > 100);
    answers_destroy(&answers);
}

/* ---- intake ---- */

static uint8_t document[PART_BYTES_MAX * 2 + 10];

static struct frame part_of(uint64_t version, uint32_t offset, size_t n)
{
    struct frame frame = {.kind = FRAME_DOCUMENT};
    frame.document.type = DOCUMENT_PROFILES;
    frame.document.version = version;
    frame.document.total_bytes = sizeof document;
    frame.document.offset = offset;
    frame.document.part = span_of(document + offset, n);
    return frame;
}

static void intake__puts_parts_together(void **state)
{
    (void)state;
    struct intake *intake = intake_new();
    struct span whole;
    uint32_t offset = 0;
    chance_fill(chance, document, sizeof document);
    struct frame part = part_of(1, 0, PART_BYTES_MAX);
    assert_int_equal(intake_put(intake, 9, &part, 0, &whole, &offset), INTAKE_MORE);
    assert_int_equal(offset, PART_BYTES_MAX);
    assert_int_equal(
        intake_put(intake, 8, &part, 0, &whole, &offset), INTAKE_MORE); /* another peer */
    part = part_of(1, 2 * PART_BYTES_MAX, 10);
    assert_int_equal(intake_put(intake, 9, &part, 0, &whole, &offset), INTAKE_STRAY);
    part = part_of(2, PART_BYTES_MAX, PART_BYTES_MAX);
    assert_int_equal(intake_put(intake, 9, &part, 0, &whole, &offset), INTAKE_STRAY);
    part = part_of(1, PART_BYTES_MAX, PART_BYTES_MAX);
    assert_int_equal(intake_put(intake, 9, &part, 0, &whole, &offset), INTAKE_MORE);
    part = part_of(1, 2 * PART_BYTES_MAX, 10);
    assert_int_equal(intake_put(intake, 9, &part, 0, &whole, &offset), INTAKE_DONE);
    assert_span(whole, span_of(document, sizeof document));
    assert_int_equal(intake_put(intake, 9, &part, 0, &whole, &offset), INTAKE_STRAY);
    intake_destroy(&intake);
}

static void intake__has_four_places_and_gives_away_those_that_were_left(void **state)
{
    (void)state;
    struct intake *intake = intake_new();
    struct span whole;
    uint32_t offset = 0;
    struct frame part = part_of(1, 0, PART_BYTES_MAX);
    for (uint64_t peer = 1; peer <= INTAKE_SLOTS; peer++) {
        assert_int_equal(
            intake_put(intake, peer, &part, 0, &whole, &offset), INTAKE_MORE);
    }
    assert_int_equal(intake_put(intake, 5, &part, 0, &whole, &offset), INTAKE_BUSY);
    intake_forget(intake, 3);
    assert_int_equal(intake_put(intake, 5, &part, 0, &whole, &offset), INTAKE_MORE);
    assert_int_equal(intake_put(intake, 6, &part, 0, &whole, &offset), INTAKE_BUSY);
    assert_int_equal(
        intake_put(intake, 6, &part, INTAKE_LEFT_MS, &whole, &offset), INTAKE_MORE);
    intake_destroy(&intake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(helds__are_found_by_msg_id_and_kept_in_order),
        cmocka_unit_test(helds__take_at_most_160_bytes_each),
        cmocka_unit_test(queue__keeps_its_order_from_both_ends),
        cmocka_unit_test(shares__count_by_mailbox_and_sender),
        cmocka_unit_test(shares__sweep_what_is_empty_and_nothing_else),
        cmocka_unit_test(lobby__finds_callers_and_sessions),
        cmocka_unit_test(session__stays_below_4_KiB),
        cmocka_unit_test(parcels__are_closed_in_any_order),
        cmocka_unit_test(answers__come_in_order_and_are_said_once),
        cmocka_unit_test(answers__of_a_turn_that_failed_are_forgotten_but_not_the_kept),
        cmocka_unit_test(answers__that_are_kept_stay_whole_and_in_order),
        cmocka_unit_test(intake__puts_parts_together),
        cmocka_unit_test(intake__has_four_places_and_gives_away_those_that_were_left),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
