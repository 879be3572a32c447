/* SPDX-License-Identifier: Apache-2.0
 *
 * inbox: one row for every number, the body only until its effect is made (PROTOCOL.md 2.4 to 2.6).
 */
#include "inbox.h"
#include "plans.h"
#include "post_kit.h"

#define NOW INT64_C(1790000000000)
enum { EPOCH = 200000000 };

struct bench {
    struct post_kit kit;
    struct inbox *inbox;
    struct buffer buffer;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(inbox_open(bench->kit.db, &bench->inbox, NULL));
    buffer_init(&bench->buffer, 4096);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    buffer_release(&bench->buffer);
    inbox_close(&bench->inbox);
    assert_null(bench->inbox);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static struct inbox_letter make_letter(unsigned peer, uint64_t seq)
{
    return (struct inbox_letter){.peer = post_kit_ident(peer),
        .epoch = EPOCH,
        .seq = seq,
        .link = post_kit_hash((unsigned)seq),
        .prev_link = post_kit_hash((unsigned)seq - 1),
        .item_id = post_kit_ident(1000 + (unsigned)seq),
        .kind = 3,
        .lane = LANE_NORMAL,
        .created_ms = NOW - 5,
        .after_back = 2,
        .received_ms = NOW,
        .body_commit = post_kit_hash(7000 + (unsigned)seq),
        .envelope = post_kit_hash(8000 + (unsigned)seq),
        .state = INBOX_DUE};
}

static void put(struct bench *bench, struct inbox_letter *letter)
{
    assert_ok(inbox_put(bench->inbox, letter, span_text("boxed")));
}

static struct inbox_letter put_one(
    struct bench *bench, unsigned peer, uint64_t seq, enum inbox_state at)
{
    struct inbox_letter letter = make_letter(peer, seq);
    letter.state = at;
    put(bench, &letter);
    return letter;
}

static struct inbox_letter get(struct bench *bench, int64_t id)
{
    struct inbox_letter letter;
    assert_ok(inbox_get(bench->inbox, id, &letter));
    return letter;
}

static void assert_letter(
    const struct inbox_letter *is, const struct inbox_letter *wanted)
{
    assert_int_equal(is->id, wanted->id);
    assert_true(ident_equal(&is->peer, &wanted->peer));
    assert_true(is->epoch == wanted->epoch);
    assert_true(is->seq == wanted->seq);
    assert_true(hash_equal(&is->link, &wanted->link));
    assert_true(hash_equal(&is->prev_link, &wanted->prev_link));
    assert_true(ident_equal(&is->item_id, &wanted->item_id));
    assert_int_equal(is->kind, wanted->kind);
    assert_int_equal(is->lane, wanted->lane);
    assert_int_equal(is->created_ms, wanted->created_ms);
    assert_true(is->after_back == wanted->after_back);
    assert_int_equal(is->received_ms, wanted->received_ms);
    assert_true(hash_equal(&is->body_commit, &wanted->body_commit));
    assert_true(hash_equal(&is->envelope, &wanted->envelope));
    assert_int_equal(is->state, wanted->state);
    assert_int_equal(is->how, wanted->how);
    assert_int_equal(is->late, wanted->late);
    assert_int_equal(is->missing, wanted->missing);
    assert_int_equal(is->has_receipt, wanted->has_receipt);
    assert_int_equal(is->said_ms, wanted->said_ms);
    assert_int_equal(is->disputed_ms, wanted->disputed_ms);
}

static bool has_body(struct bench *bench, int64_t id)
{
    buffer_clear(&bench->buffer);
    enum status status = inbox_body(bench->inbox, id, &bench->buffer);
    assert_true(status == STATUS_OK || status == STATUS_NOT_FOUND);
    assert_int_equal(bench->buffer.used > 0, status == STATUS_OK);
    return status == STATUS_OK;
}

/* ---- rows ---- */

static void inbox__gives_back_every_column(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = make_letter(1, 5), found;
    letter.epoch = UINT32_MAX;
    letter.kind = UINT16_MAX;
    letter.lane = LANE_EXPRESS;
    letter.after_back = UINT32_MAX;
    letter.state = INBOX_SETTLED;
    letter.how = SETTLED_AGAIN;
    letter.late = letter.missing = true;
    put(bench, &letter);
    assert_true(letter.id > 0);
    found = get(bench, letter.id);
    assert_letter(&found, &letter);
    assert_ok(inbox_find(bench->inbox, &letter.peer, UINT32_MAX, 5, &found));
    assert_letter(&found, &letter);
    assert_ok(buffer_put(&bench->buffer, "|", 1)); /* appended */
    assert_ok(inbox_body(bench->inbox, letter.id, &bench->buffer));
    assert_span(buffer_span(&bench->buffer), span_text("|boxed"));
}

static void inbox__finds_a_number_by_member_epoch_and_number_only(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = put_one(bench, 1, 5, INBOX_DUE), found = letter;
    struct ident other = post_kit_ident(2);
    assert_status(inbox_find(bench->inbox, &other, EPOCH, 5, &found), STATUS_NOT_FOUND);
    assert_status(
        inbox_find(bench->inbox, &letter.peer, EPOCH + 1, 5, &found), STATUS_NOT_FOUND);
    assert_status(
        inbox_find(bench->inbox, &letter.peer, EPOCH, 6, &found), STATUS_NOT_FOUND);
    assert_status(inbox_get(bench->inbox, letter.id + 1, &found), STATUS_NOT_FOUND);
    /* Any number that a peer may name, also beyond SQLite's. */
    assert_status(inbox_find(bench->inbox, &letter.peer, EPOCH, UINT64_MAX, &found),
        STATUS_NOT_FOUND);
    assert_status(
        inbox_find(bench->inbox, &letter.peer, EPOCH, (uint64_t)INT64_MAX + 6, &found),
        STATUS_NOT_FOUND);
    assert_letter(&found, &letter);
}

static void inbox__takes_a_number_once(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = put_one(bench, 1, 5, INBOX_DUE);
    struct inbox_letter again = make_letter(1, 5);
    again.link = post_kit_hash(99);
    again.id = 77;
    assert_status(inbox_put(bench->inbox, &again, span_text("other")), STATUS_EXISTS);
    assert_int_equal(again.id, 77);
    struct inbox_letter found = get(bench, letter.id);
    assert_letter(&found, &letter);
}

static void inbox__keeps_a_row_without_a_body(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = make_letter(1, 5);
    assert_ok(inbox_put(bench->inbox, &letter, (struct span){NULL, 0}));
    assert_false(has_body(bench, letter.id));
    assert_false(has_body(bench, letter.id + 1));
}

static void inbox__does_not_give_a_body_that_the_buffer_cannot_hold(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = put_one(bench, 1, 5, INBOX_DUE);
    struct buffer tiny;
    buffer_init(&tiny, 2);
    assert_status(inbox_body(bench->inbox, letter.id, &tiny), STATUS_TOO_BIG);
    buffer_release(&tiny);
}

static void inbox__place_binds_member_number_and_item(void **state)
{
    (void)state;
    struct inbox_letter letters[5];
    uint8_t memory[5][INBOX_PLACE_BYTES];
    for (size_t i = 0; i < ARRAY_LENGTH(letters); i++)
        letters[i] = make_letter(1, 5);
    letters[1].peer = post_kit_ident(2);
    letters[2].epoch++;
    letters[3].seq++;
    letters[4].item_id = post_kit_ident(2);
    for (size_t i = 0; i < ARRAY_LENGTH(letters); i++) {
        struct span place = inbox_place(&letters[i], memory[i]);
        assert_int_equal(place.n, INBOX_PLACE_BYTES);
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(memory[i], memory[k], INBOX_PLACE_BYTES);
    }
    letters[0].state = INBOX_SETTLED; /* what changes later is not in it */
    letters[0].id = 9;
    uint8_t again[INBOX_PLACE_BYTES];
    (void)inbox_place(&letters[0], again);
    assert_memory_equal(again, memory[0], INBOX_PLACE_BYTES);
}

/* ---- states ---- */

static void inbox__gives_what_is_due_express_first_then_in_order_of_arrival(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter;
    static const struct {
        uint64_t seq;
        enum lane lane;
        enum inbox_state at;
    } rows[] = {{1, LANE_NORMAL, INBOX_DUE}, {2, LANE_EXPRESS, INBOX_WAITING},
        {3, LANE_EXPRESS, INBOX_DUE}, {4, LANE_NORMAL, INBOX_SETTLED},
        {5, LANE_NORMAL, INBOX_DUE}, {6, LANE_EXPRESS, INBOX_DUE},
        {7, LANE_EXPRESS, INBOX_QUARANTINED}};
    static const uint64_t wanted[] = {3, 6, 1, 5};
    assert_status(inbox_next_due(bench->inbox, &letter), STATUS_NOT_FOUND);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        letter = make_letter(1, rows[i].seq);
        letter.lane = rows[i].lane;
        letter.state = rows[i].at;
        put(bench, &letter);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        assert_ok(inbox_next_due(bench->inbox, &letter));
        assert_int_equal(letter.seq, wanted[i]);
        letter.state = INBOX_SETTLED;
        assert_ok(inbox_update(bench->inbox, &letter, NULL, false));
    }
    assert_status(inbox_next_due(bench->inbox, &letter), STATUS_NOT_FOUND);
}

static void inbox__update_writes_what_may_change_and_nothing_else(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = put_one(bench, 1, 5, INBOX_DUE), wanted = letter, found;
    letter.state = wanted.state = INBOX_WAITING;
    letter.how = wanted.how = SETTLED_STORED;
    letter.late = wanted.late = true;
    letter.missing = wanted.missing = true;
    letter.said_ms = wanted.said_ms = NOW + 1;
    letter.disputed_ms = wanted.disputed_ms = NOW + 2;
    letter.kind = 9; /* does not change any more */
    letter.link = post_kit_hash(99);
    letter.received_ms = 1;
    assert_ok(inbox_update(bench->inbox, &letter, NULL, true));
    found = get(bench, letter.id);
    assert_letter(&found, &wanted);
    assert_true(has_body(bench, letter.id));
}

static void inbox__wipes_the_body_when_its_effect_is_made(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = put_one(bench, 1, 5, INBOX_DUE);
    assert_ok(inbox_update(bench->inbox, &letter, NULL, true));
    assert_true(has_body(bench, letter.id));
    assert_ok(inbox_update(bench->inbox, &letter, NULL, false));
    assert_false(has_body(bench, letter.id));
    assert_ok(inbox_update(bench->inbox, &letter, NULL, true)); /* gone is gone */
    assert_false(has_body(bench, letter.id));
}

static void inbox__repeats_the_receipt_that_was_stored(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter = put_one(bench, 1, 5, INBOX_DUE);
    uint8_t first[RECEIPT_BYTES], second[RECEIPT_BYTES], found[RECEIPT_BYTES];
    memset(first, 1, sizeof first);
    memset(second, 2, sizeof second);
    assert_status(inbox_receipt(bench->inbox, letter.id, found), STATUS_NOT_FOUND);
    assert_status(inbox_receipt(bench->inbox, 99, found), STATUS_NOT_FOUND);
    assert_ok(inbox_update(bench->inbox, &letter, first, true));
    assert_true(get(bench, letter.id).has_receipt);
    assert_ok(inbox_update(bench->inbox, &letter, NULL, true)); /* NULL leaves it */
    assert_ok(inbox_receipt(bench->inbox, letter.id, found));
    assert_memory_equal(found, first, sizeof found);
    assert_ok(inbox_update(bench->inbox, &letter, second, false));
    assert_ok(inbox_receipt(bench->inbox, letter.id, found));
    assert_memory_equal(found, second, sizeof found);
}

static void inbox__wakes_who_waited_for_that_number(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter waits = make_letter(1, 5), other = make_letter(1, 6),
                        again = make_letter(1, 7), lower = make_letter(1, 9),
                        stranger = make_letter(2, 5), epoch = make_letter(1, 5);
    waits.after_back = 2; /* 3 */
    other.after_back = 2; /* 4 */
    again.after_back = 4; /* 3 */
    lower.after_back = 8; /* 1 */
    epoch.epoch = EPOCH + 1;
    stranger.after_back = epoch.after_back = 2;
    struct inbox_letter *const all[] = {
        &waits, &other, &again, &lower, &stranger, &epoch};
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
        all[i]->state = INBOX_WAITING;
        all[i]->how = SETTLED_STORED;
        put(bench, all[i]);
    }
    assert_ok(inbox_wake(bench->inbox, &waits.peer, EPOCH, 2));
    assert_int_equal(get(bench, waits.id).state, INBOX_WAITING);
    assert_ok(inbox_wake(bench->inbox, &waits.peer, EPOCH, 3));
    assert_int_equal(get(bench, waits.id).state, INBOX_DUE);
    assert_int_equal(get(bench, again.id).state, INBOX_DUE);
    assert_int_equal(get(bench, other.id).state, INBOX_WAITING);
    assert_int_equal(get(bench, lower.id).state, INBOX_WAITING);
    assert_int_equal(get(bench, stranger.id).state, INBOX_WAITING);
    assert_int_equal(get(bench, epoch.id).state, INBOX_WAITING);
    assert_false(get(bench, waits.id).missing);
    assert_int_equal(get(bench, waits.id).how, SETTLED_STORED);
    assert_ok(inbox_wake(bench->inbox, &waits.peer, EPOCH, UINT64_MAX));
    assert_int_equal(get(bench, other.id).state, INBOX_WAITING);
}

static void inbox__wakes_all_of_a_chain_marked_as_missing_an_earlier_one(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter waits = put_one(bench, 1, 5, INBOX_WAITING),
                        due = put_one(bench, 1, 6, INBOX_DUE),
                        settled = put_one(bench, 1, 7, INBOX_SETTLED),
                        stranger = put_one(bench, 2, 5, INBOX_WAITING);
    assert_ok(inbox_wake_all(bench->inbox, &waits.peer, EPOCH));
    struct inbox_letter found = get(bench, waits.id);
    assert_int_equal(found.state, INBOX_DUE);
    assert_true(found.missing);
    assert_false(get(bench, due.id).missing);
    assert_int_equal(get(bench, settled.id).state, INBOX_SETTLED);
    assert_int_equal(get(bench, stranger.id).state, INBOX_WAITING);
}

static void inbox__walks_over_what_is_quarantined_and_counts_it(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter letter;
    int64_t n = -1;
    assert_ok(inbox_count_quarantined(bench->inbox, &n));
    assert_int_equal(n, 0);
    for (uint64_t seq = 1; seq <= 6; seq++)
        (void)put_one(bench, 1, seq, seq % 2 ? INBOX_QUARANTINED : INBOX_SETTLED);
    assert_ok(inbox_count_quarantined(bench->inbox, &n));
    assert_int_equal(n, 3);
    letter.id = 0;
    for (uint64_t seq = 1; seq <= 5; seq += 2) {
        assert_ok(inbox_next_quarantined(bench->inbox, letter.id, &letter));
        assert_int_equal(letter.seq, seq);
    }
    assert_status(
        inbox_next_quarantined(bench->inbox, letter.id, &letter), STATUS_NOT_FOUND);
}

/* Its letter came after all: kept and shown, without effect. */
static void inbox__revives_a_number_that_was_voided(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter voided = {.peer = post_kit_ident(1),
        .epoch = EPOCH,
        .seq = 5,
        .link = post_kit_hash(5),
        .item_id = post_kit_ident(77),
        .received_ms = NOW - 100,
        .state = INBOX_SETTLED,
        .how = SETTLED_VOID};
    assert_ok(inbox_put(bench->inbox, &voided, (struct span){NULL, 0}));
    struct inbox_letter letter = make_letter(1, 5), found;
    letter.id = voided.id;
    letter.lane = LANE_EXPRESS;
    assert_ok(inbox_revive(bench->inbox, &letter, span_text("late body")));
    found = get(bench, voided.id);
    assert_int_equal(found.state, INBOX_DUE);
    assert_true(found.late);
    assert_int_equal(found.kind, letter.kind);
    assert_int_equal(found.lane, LANE_EXPRESS);
    assert_int_equal(found.created_ms, letter.created_ms);
    assert_int_equal(found.received_ms, letter.received_ms);
    assert_true(hash_equal(&found.prev_link, &letter.prev_link));
    assert_true(hash_equal(&found.body_commit, &letter.body_commit));
    assert_true(hash_equal(&found.envelope, &letter.envelope));
    assert_true(ident_equal(&found.item_id, &voided.item_id)); /* the VOID's */
    assert_true(has_body(bench, voided.id));
    assert_ok(inbox_next_due(bench->inbox, &found));
    assert_int_equal(found.id, voided.id);
}

static void inbox__finds_an_item_that_was_or_will_be_answered(void **state)
{
    struct bench *bench = *state;
    static const struct {
        enum settled_how how;
        bool counts;
    } hows[] = {{SETTLED_NOT, true}, {SETTLED_STORED, true}, {SETTLED_INVALID, true},
        {SETTLED_LATE, true}, {SETTLED_VOID, false}, {SETTLED_QUARANTINE, false},
        {SETTLED_LOST, false}, {SETTLED_AGAIN, false}};
    struct inbox_letter found;
    struct ident stranger = post_kit_ident(2);
    for (size_t i = 0; i < ARRAY_LENGTH(hows); i++) {
        struct inbox_letter letter = make_letter(1, i + 1);
        letter.how = hows[i].how;
        put(bench, &letter);
        assert_status(
            inbox_find_item(bench->inbox, &letter.peer, &letter.item_id, NOW, &found),
            hows[i].counts ? STATUS_OK : STATUS_NOT_FOUND);
        if (hows[i].counts)
            assert_letter(&found, &letter);
        assert_status(
            inbox_find_item(bench->inbox, &letter.peer, &letter.item_id, NOW + 1, &found),
            STATUS_NOT_FOUND); /* forgotten after 180 days */
        assert_status(
            inbox_find_item(bench->inbox, &stranger, &letter.item_id, 0, &found),
            STATUS_NOT_FOUND);
    }
}

static void inbox__walks_over_the_numbers_that_came_in_order_of_epoch_and_number(
    void **state)
{
    struct bench *bench = *state;
    struct ident peer = post_kit_ident(1);
    struct inbox_letter letter = make_letter(1, 2), found;
    letter.epoch = EPOCH + 1;
    put(bench, &letter);
    for (uint64_t seq = 5; seq >= 2; seq--) {
        letter = make_letter(1, seq);
        letter.how = seq == 3 ? SETTLED_VOID : seq == 4 ? SETTLED_LOST : SETTLED_STORED;
        put(bench, &letter);
    }
    (void)put_one(bench, 2, 3, INBOX_DUE);
    assert_ok(inbox_next_number(bench->inbox, &peer, 0, 0, &found));
    assert_true(found.epoch == EPOCH && found.seq == 2);
    assert_ok(inbox_next_number(bench->inbox, &peer, found.epoch, found.seq, &found));
    assert_true(found.epoch == EPOCH && found.seq == 5);
    assert_ok(inbox_next_number(bench->inbox, &peer, found.epoch, found.seq, &found));
    assert_true(found.epoch == EPOCH + 1 && found.seq == 2);
    assert_status(inbox_next_number(bench->inbox, &peer, found.epoch, found.seq, &found),
        STATUS_NOT_FOUND);
}

static void inbox__finds_the_first_letter_of_an_item(void **state)
{
    struct bench *bench = *state;
    struct inbox_letter first = make_letter(1, 5), again = make_letter(1, 9), found;
    again.item_id = first.item_id;
    again.epoch = EPOCH + 1;
    put(bench, &first);
    put(bench, &again);
    assert_ok(inbox_find_item(bench->inbox, &first.peer, &first.item_id, 0, &found));
    assert_int_equal(found.id, first.id);
}

/* ---- failures ---- */

static void inbox__with_broken_rows_is_corrupt(void **state)
{
    struct bench *bench = *state;
    static const char *const blobs[] = {
        "peer", "link", "prev_link", "item_id", "body_commit", "envelope_hash"};
    struct inbox_letter letter, before = make_letter(3, 3);
    uint8_t receipt[RECEIPT_BYTES];
    for (size_t i = 0; i < ARRAY_LENGTH(blobs); i++) {
        char sql[128];
        letter = make_letter(1, i + 1);
        put(bench, &letter);
        snprintf(sql, sizeof sql, "UPDATE post_inbox SET %s = x'0102' WHERE id = %lld",
            blobs[i], (long long)letter.id);
        post_kit_run(&bench->kit, sql);
        struct inbox_letter found = before;
        assert_status(inbox_get(bench->inbox, letter.id, &found), STATUS_CORRUPT);
        assert_letter(&found, &before);
    }
    post_kit_run(&bench->kit, "UPDATE post_inbox SET receipt = x'00'");
    assert_status(inbox_receipt(bench->inbox, 1, receipt), STATUS_CORRUPT);
}

static void inbox__needs_its_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct inbox *inbox = NULL;
    post_kit_open_bare(&kit);
    assert_status(inbox_open(kit.db, &inbox, NULL), STATUS_CORRUPT);
    assert_null(inbox);
    inbox_close(&inbox); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct inbox *inbox = bench->inbox;
    struct inbox_letter letter = make_letter(1, 5), before = letter;
    uint8_t receipt[RECEIPT_BYTES] = {0};
    int64_t n = 7;
    assert_status(inbox_put(inbox, &letter, span_text("x")), wanted);
    assert_status(inbox_revive(inbox, &letter, span_text("x")), wanted);
    assert_status(inbox_find(inbox, &letter.peer, EPOCH, 5, &letter), wanted);
    assert_status(inbox_get(inbox, 1, &letter), wanted);
    assert_status(
        inbox_find_item(inbox, &letter.peer, &letter.item_id, 0, &letter), wanted);
    assert_status(inbox_next_due(inbox, &letter), wanted);
    assert_status(inbox_next_quarantined(inbox, 0, &letter), wanted);
    assert_status(inbox_body(inbox, 1, &bench->buffer), wanted);
    assert_status(inbox_receipt(inbox, 1, receipt), wanted);
    assert_status(inbox_update(inbox, &letter, receipt, true), wanted);
    assert_status(inbox_wake(inbox, &letter.peer, EPOCH, 5), wanted);
    assert_status(inbox_wake_all(inbox, &letter.peer, EPOCH), wanted);
    assert_status(inbox_count_quarantined(inbox, &n), wanted);
    assert_letter(&letter, &before);
    assert_int_equal(n, 7);
}

static void inbox__says_what_the_disk_says(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void inbox__costs_what_it_finds(void **state)
{
    struct bench *bench = *state;
    static const struct post_kit_excuse excuses[] = {
        {"ORDER BY lane DESC, id LIMIT 1", "SCAN post_inbox USING INDEX post_inbox_due",
            "an index of what is due, in that order: stops at the first"},
        {"count(*)", "SCAN post_inbox USING INDEX post_inbox_quarantined",
            "an index of what is quarantined, for a page"},
    };
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
    struct inbox_letter letter;
    for (uint64_t seq = 1; seq <= 1000; seq++)
        letter = put_one(bench, 1, seq, INBOX_SETTLED);
    (void)plans_steps("post_inbox");
    assert_status(inbox_next_due(bench->inbox, &letter), STATUS_NOT_FOUND);
    assert_status(inbox_next_quarantined(bench->inbox, 0, &letter), STATUS_NOT_FOUND);
    assert_ok(inbox_wake(bench->inbox, &letter.peer, EPOCH, 5));
    assert_ok(inbox_wake_all(bench->inbox, &letter.peer, EPOCH));
    assert_in_range(plans_steps("post_inbox"), 1, 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(inbox__gives_back_every_column),
        TEST(inbox__finds_a_number_by_member_epoch_and_number_only),
        TEST(inbox__takes_a_number_once),
        TEST(inbox__keeps_a_row_without_a_body),
        TEST(inbox__does_not_give_a_body_that_the_buffer_cannot_hold),
        cmocka_unit_test(inbox__place_binds_member_number_and_item),
        TEST(inbox__gives_what_is_due_express_first_then_in_order_of_arrival),
        TEST(inbox__update_writes_what_may_change_and_nothing_else),
        TEST(inbox__wipes_the_body_when_its_effect_is_made),
        TEST(inbox__repeats_the_receipt_that_was_stored),
        TEST(inbox__wakes_who_waited_for_that_number),
        TEST(inbox__wakes_all_of_a_chain_marked_as_missing_an_earlier_one),
        TEST(inbox__walks_over_what_is_quarantined_and_counts_it),
        TEST(inbox__revives_a_number_that_was_voided),
        TEST(inbox__finds_an_item_that_was_or_will_be_answered),
        TEST(inbox__finds_the_first_letter_of_an_item),
        TEST(inbox__walks_over_the_numbers_that_came_in_order_of_epoch_and_number),
        TEST(inbox__with_broken_rows_is_corrupt),
        cmocka_unit_test(inbox__needs_its_table),
        TEST(inbox__says_what_the_disk_says),
        TEST(inbox__costs_what_it_finds),
    };
    return cmocka_run_group_tests_name("post_inbox", tests, NULL, NULL);
}
