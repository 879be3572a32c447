/* SPDX-License-Identifier: Apache-2.0
 *
 * outbox: a letter, its sealings and its receipt, each as long as it is needed (PROTOCOL.md 2.5).
 */
#include "post_outbox_kit.h"

static void assert_letter(
    const struct outbox_letter *is, const struct outbox_letter *wanted)
{
    assert_int_equal(is->id, wanted->id);
    assert_true(ident_equal(&is->item_id, &wanted->item_id));
    assert_true(ident_equal(&is->peer, &wanted->peer));
    assert_int_equal(is->kind, wanted->kind);
    assert_int_equal(is->lane, wanted->lane);
    assert_int_equal(is->state, wanted->state);
    assert_int_equal(is->reason, wanted->reason);
    assert_int_equal(is->created_ms, wanted->created_ms);
    assert_int_equal(is->changed_ms, wanted->changed_ms);
    assert_true(is->lifetime_s == wanted->lifetime_s);
    assert_true(ident_equal(&is->after_item, &wanted->after_item));
    assert_true(is->after_back == wanted->after_back);
    assert_true(is->epoch == wanted->epoch);
    assert_true(is->seq == wanted->seq);
    assert_true(hash_equal(&is->prev_link, &wanted->prev_link));
    assert_true(hash_equal(&is->link, &wanted->link));
    assert_int_equal(is->seal_no, wanted->seal_no);
    assert_true(ident_equal(&is->msg_id, &wanted->msg_id));
    assert_true(is->prekey_id == wanted->prekey_id);
    assert_int_equal(is->prekey_end_ms, wanted->prekey_end_ms);
    assert_true(sign_public_equal(&is->sealed_for, &wanted->sealed_for));
    assert_int_equal(is->reseal, wanted->reseal);
    assert_true(ident_equal(&is->recall, &wanted->recall));
    assert_int_equal(is->held_ms, wanted->held_ms);
    assert_true(is->held_count == wanted->held_count);
    assert_int_equal(is->next_ms, wanted->next_ms);
    assert_int_equal(is->settled, wanted->settled);
    assert_int_equal(is->void_due, wanted->void_due);
    assert_int_equal(is->void_row, wanted->void_row);
    assert_int_equal(is->stored_ms, wanted->stored_ms);
    assert_int_equal(is->received_ms, wanted->received_ms);
}

/* Every member of its own value, the numbers at their ends. */
static struct outbox_letter full_letter(struct outbox_bench *bench)
{
    struct outbox_letter letter =
        make_letter(bench, 1, (uint64_t)INT64_MAX, LETTER_STATE_STORED);
    letter.kind = UINT16_MAX;
    letter.lane = LANE_EXPRESS;
    letter.reason = WAIT_EPOCH;
    letter.created_ms = NOW + 1;
    letter.changed_ms = NOW + 2;
    letter.lifetime_s = UINT32_MAX;
    letter.after_item = post_kit_ident(500);
    letter.after_back = UINT32_MAX - 1;
    letter.epoch = UINT32_MAX - 2;
    letter.prev_link = post_kit_hash(501);
    letter.link = post_kit_hash(502);
    letter.seal_no = UINT16_MAX - 1;
    letter.prekey_id = UINT64_MAX;
    letter.prekey_end_ms = NOW + 3;
    memset(letter.sealed_for.bytes, 7, sizeof letter.sealed_for.bytes);
    letter.reseal = true;
    letter.recall = post_kit_ident(503);
    letter.held_ms = NOW + 4;
    letter.held_count = UINT32_MAX - 3;
    letter.next_ms = NOW + 5;
    letter.settled = true;
    letter.void_due = VOID_ERASED;
    letter.void_row = INT64_MAX;
    letter.stored_ms = NOW + 6;
    letter.received_ms = TIME_MS_MAX;
    return letter;
}

static void outbox__gives_back_every_column(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = full_letter(bench), found;
    put(bench, &letter);
    assert_true(letter.id > 0);
    found = get(bench, letter.id);
    assert_letter(&found, &letter);
    assert_ok(outbox_find_item(bench->outbox, &letter.item_id, &found));
    assert_letter(&found, &letter);
    assert_ok(outbox_find_number(
        bench->outbox, &letter.peer, letter.epoch, letter.seq, &found));
    assert_letter(&found, &letter);
}

static void outbox__finds_nothing_under_other_names_and_numbers(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 5, LETTER_STATE_SEALED);
    struct outbox_letter draft = put_one(bench, 1, 0, LETTER_STATE_DRAFT), found = letter;
    struct ident other = post_kit_ident(999);
    struct outbox *outbox = bench->outbox;
    assert_status(outbox_get(outbox, draft.id + 1, &found), STATUS_NOT_FOUND);
    assert_status(outbox_find_item(outbox, &other, &found), STATUS_NOT_FOUND);
    assert_status(outbox_find_number(outbox, &other, EPOCH, 5, &found), STATUS_NOT_FOUND);
    assert_status(
        outbox_find_number(outbox, &letter.peer, EPOCH - 1, 5, &found), STATUS_NOT_FOUND);
    static const uint64_t numbers[] = {
        0, 4, 6, (uint64_t)INT64_MAX + 1, UINT64_MAX - 4, UINT64_MAX};
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
        assert_status(outbox_find_number(outbox, &letter.peer, EPOCH, numbers[i], &found),
            STATUS_NOT_FOUND);
    assert_status(outbox_find_number(outbox, &draft.peer, 0, 0, &found),
        STATUS_NOT_FOUND); /* a draft has no number */
    assert_letter(&found, &letter);
}

static void outbox__uses_an_item_and_a_number_once(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 5, LETTER_STATE_SEALED);
    struct outbox_letter item = make_letter(bench, 2, 6, LETTER_STATE_SEALED);
    struct outbox_letter number = make_letter(bench, 1, 5, LETTER_STATE_SEALED);
    item.item_id = letter.item_id;
    item.id = number.id = 77;
    assert_status(
        outbox_put(bench->outbox, &item, span_text("x"), span_text("y")), STATUS_EXISTS);
    assert_status(outbox_put(bench->outbox, &number, span_text("x"), span_text("y")),
        STATUS_EXISTS);
    assert_int_equal(item.id, 77);
    (void)put_one(bench, 1, 0, LETTER_STATE_DRAFT); /* any number of drafts has none */
    (void)put_one(bench, 1, 0, LETTER_STATE_DRAFT);
    assert_int_equal(post_kit_number(&bench->kit, "SELECT count(*) FROM post_outbox"), 3);
}

static void outbox__keeps_letter_and_envelope_beside_the_row(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter draft = make_letter(bench, 1, 0, LETTER_STATE_DRAFT);
    struct outbox_letter sealed = put_one(bench, 1, 1, LETTER_STATE_SEALED);
    assert_ok(
        outbox_put(bench->outbox, &draft, span_text("a draft"), (struct span){NULL, 0}));
    assert_ok(buffer_put(&bench->buffer, "|", 1)); /* appended */
    assert_ok(outbox_boxed(bench->outbox, draft.id, &bench->buffer));
    assert_span(buffer_span(&bench->buffer), span_text("|a draft"));
    assert_status(
        outbox_envelope(bench->outbox, draft.id, &bench->buffer), STATUS_NOT_FOUND);
    buffer_clear(&bench->buffer);
    assert_ok(outbox_envelope(bench->outbox, sealed.id, &bench->buffer));
    assert_span(buffer_span(&bench->buffer), span_text("sealed bytes"));
    assert_status(
        outbox_boxed(bench->outbox, sealed.id + 9, &bench->buffer), STATUS_NOT_FOUND);
    struct buffer tiny;
    buffer_init(&tiny, 2);
    assert_status(outbox_boxed(bench->outbox, sealed.id, &tiny), STATUS_TOO_BIG);
    assert_int_equal(tiny.used, 0);
    buffer_release(&tiny);
}

static void outbox__update_writes_the_row_and_leaves_the_blobs(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 0, LETTER_STATE_DRAFT);
    struct outbox_letter other = put_one(bench, 1, 0, LETTER_STATE_DRAFT), found;
    struct outbox_letter full = full_letter(bench);
    full.id = letter.id; /* what names a letter for ever stays */
    full.item_id = letter.item_id;
    full.peer = letter.peer;
    full.kind = letter.kind;
    full.lane = letter.lane;
    full.created_ms = letter.created_ms;
    assert_ok(outbox_update(bench->outbox, &full));
    found = get(bench, letter.id);
    assert_letter(&found, &full);
    found = get(bench, other.id);
    assert_letter(&found, &other);
    assert_ok(outbox_boxed(bench->outbox, letter.id, &bench->buffer));
    buffer_clear(&bench->buffer);
    assert_ok(outbox_envelope(bench->outbox, letter.id, &bench->buffer));
    full.recall = (struct ident){{0}};
    assert_ok(outbox_update(bench->outbox, &full));
    found = get(bench, letter.id);
    assert_letter(&found, &full);
}

/* A row that is not there, or is of another letter, is not what the caller thinks it is. */
static void outbox__update_of_another_letter_is_corrupt(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 5, LETTER_STATE_SEALED), found;
    struct outbox_letter wrong[5];
    uint8_t receipt[RECEIPT_BYTES] = {0};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        wrong[i] = letter;
        wrong[i].state = LETTER_STATE_HELD;
    }
    wrong[0].item_id = post_kit_ident(999);
    wrong[1].peer = post_kit_ident(999);
    wrong[2].kind++;
    wrong[3].lane = LANE_EXPRESS;
    wrong[4].created_ms++;
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        assert_status(outbox_update(bench->outbox, &wrong[i]), STATUS_CORRUPT);
        assert_status(outbox_put_envelope(bench->outbox, &wrong[i], span_text("x")),
            STATUS_CORRUPT);
        assert_status(
            outbox_put_receipt(bench->outbox, &wrong[i], receipt), STATUS_CORRUPT);
    }
    found = get(bench, letter.id);
    assert_letter(&found, &letter);
    assert_ok(outbox_envelope(bench->outbox, letter.id, &bench->buffer));
    assert_span(buffer_span(&bench->buffer), span_text("sealed bytes"));
}

static void outbox__update_takes_no_number_that_is_taken(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter draft = put_one(bench, 1, 0, LETTER_STATE_DRAFT);
    (void)put_one(bench, 1, 5, LETTER_STATE_SEALED);
    draft.epoch = EPOCH;
    draft.seq = 5;
    assert_status(outbox_update(bench->outbox, &draft), STATUS_EXISTS);
    draft.seq = 6;
    assert_ok(outbox_update(bench->outbox, &draft));
}

static void outbox__replaces_the_envelope_by_a_new_sealing(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 5, LETTER_STATE_HELD), found;
    letter.seal_no = 1;
    letter.recall = letter.msg_id;
    letter.msg_id = post_kit_ident(600);
    assert_ok(outbox_put_envelope(bench->outbox, &letter, span_text("again")));
    found = get(bench, letter.id);
    assert_letter(&found, &letter);
    assert_ok(outbox_envelope(bench->outbox, letter.id, &bench->buffer));
    assert_span(buffer_span(&bench->buffer), span_text("again"));
    assert_ok(outbox_put_envelope(
        bench->outbox, &letter, (struct span){NULL, 0})); /* a draft again */
    assert_status(
        outbox_envelope(bench->outbox, letter.id, &bench->buffer), STATUS_NOT_FOUND);
}

/* Custody ends with the receipt: the sealed bytes go, the letter stays until it is forgotten. */
static void outbox__keeps_the_receipt_and_lets_the_sealed_bytes_go(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 5, LETTER_STATE_HELD), found;
    uint8_t receipt[RECEIPT_BYTES], back[RECEIPT_BYTES];
    memset(receipt, 9, sizeof receipt);
    assert_status(outbox_receipt(bench->outbox, letter.id, back), STATUS_NOT_FOUND);
    assert_status(outbox_receipt(bench->outbox, 99, back), STATUS_NOT_FOUND);
    letter.state = LETTER_STATE_STORED;
    letter.settled = true;
    assert_ok(outbox_put_receipt(bench->outbox, &letter, receipt));
    found = get(bench, letter.id);
    assert_letter(&found, &letter);
    assert_ok(outbox_receipt(bench->outbox, letter.id, back));
    assert_memory_equal(back, receipt, sizeof back);
    assert_status(
        outbox_envelope(bench->outbox, letter.id, &bench->buffer), STATUS_NOT_FOUND);
    assert_ok(outbox_boxed(bench->outbox, letter.id, &bench->buffer));
}

static void outbox__counts_letters_by_state_without_its_voids(void **state)
{
    struct outbox_bench *bench = *state;
    int64_t counts[LETTER_STATE_COUNT];
    uint64_t seq = 0;
    memset(counts, 0x55, sizeof counts);
    assert_ok(outbox_counts(bench->outbox, counts));
    for (int i = 0; i < LETTER_STATE_COUNT; i++)
        assert_int_equal(counts[i], 0);
    for (int at = 1; at < LETTER_STATE_COUNT; at++)
        for (int i = 0; i < at; i++) {
            struct outbox_letter letter =
                make_letter(bench, 1, ++seq, (enum letter_state)at);
            letter.kind = (uint16_t)(1 + i % 3); /* 1, 2 and 3 */
            put(bench, &letter);
            letter = make_letter(bench, 1, ++seq, (enum letter_state)at);
            letter.kind = LETTER_VOID;
            put(bench, &letter);
        }
    post_kit_run(&bench->kit, "UPDATE post_outbox SET state = 99 WHERE state = 11 AND"
                              " id = (SELECT max(id) FROM post_outbox WHERE kind <> 4)");
    assert_ok(outbox_counts(bench->outbox, counts)); /* of a newer program: passed over */
    assert_int_equal(counts[0], 0);
    for (int at = 1; at < LETTER_STATE_COUNT; at++)
        assert_int_equal(counts[at], at == LETTER_STATE_COUNT - 1 ? at - 1 : at);
}

static void outbox__tells_the_oldest_letter_that_has_no_receipt(void **state)
{
    struct outbox_bench *bench = *state;
    int64_t oldest_ms = 7;
    uint64_t seq = 0;
    assert_ok(outbox_oldest_open(bench->outbox, &oldest_ms));
    assert_int_equal(oldest_ms, 0);
    for (int at = 1; at < LETTER_STATE_COUNT; at++) {
        struct outbox_letter letter = make_letter(bench, 1, ++seq, (enum letter_state)at);
        bool open = at <= LETTER_STATE_HELD || at == LETTER_STATE_BLOCKED;
        letter.kind = 1;
        letter.created_ms = open ? 5000 - at : 1000;
        put(bench, &letter);
    }
    assert_ok(outbox_oldest_open(bench->outbox, &oldest_ms));
    assert_int_equal(oldest_ms, 5000 - LETTER_STATE_BLOCKED);
}

static void outbox__place_binds_item_and_member(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = make_letter(bench, 1, 5, LETTER_STATE_SEALED);
    uint8_t first[OUTBOX_PLACE_BYTES], second[OUTBOX_PLACE_BYTES];
    assert_int_equal(outbox_place(&letter, first).n, OUTBOX_PLACE_BYTES);
    letter.epoch++; /* the letter may move to a new epoch */
    letter.seq++;
    letter.id++;
    (void)outbox_place(&letter, second);
    assert_memory_equal(first, second, sizeof first);
    letter.peer = post_kit_ident(2);
    (void)outbox_place(&letter, second);
    assert_memory_not_equal(first, second, sizeof first);
    letter.peer = post_kit_ident(1);
    letter.item_id = post_kit_ident(2000);
    (void)outbox_place(&letter, second);
    assert_memory_not_equal(first, second, sizeof first);
}

/* ---- failures ---- */

static void outbox__with_broken_rows_is_corrupt(void **state)
{
    struct outbox_bench *bench = *state;
    static const char *const blobs[] = {"item_id", "peer", "after_item", "prev_link",
        "link", "msg_id", "sealed_for", "recall"};
    struct outbox_letter before = full_letter(bench);
    uint8_t receipt[RECEIPT_BYTES];
    for (size_t i = 0; i < ARRAY_LENGTH(blobs); i++) {
        char sql[128];
        struct outbox_letter letter = full_letter(bench), found = before;
        letter.seq = i + 1;
        put(bench, &letter);
        snprintf(sql, sizeof sql, "UPDATE post_outbox SET %s = x'0102' WHERE id = %lld",
            blobs[i], (long long)letter.id);
        post_kit_run(&bench->kit, sql);
        assert_status(outbox_get(bench->outbox, letter.id, &found), STATUS_CORRUPT);
        assert_letter(&found, &before);
    }
    post_kit_run(&bench->kit, "UPDATE post_outbox SET receipt = x'00'");
    assert_status(outbox_receipt(bench->outbox, 1, receipt), STATUS_CORRUPT);
}

/* What a letter does not have yet may stand as NULL. */
static void outbox__reads_absent_names_as_zeros(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 5, LETTER_STATE_SEALED), found;
    post_kit_run(&bench->kit,
        "UPDATE post_outbox SET after_item = NULL, prev_link = NULL,"
        " link = NULL, msg_id = NULL, sealed_for = NULL");
    found = get(bench, letter.id);
    letter.link = (struct hash){{0}};
    letter.msg_id = (struct ident){{0}};
    assert_letter(&found, &letter);
}

static void outbox__says_so_when_only_the_blob_cannot_be_written(void **state)
{
    struct outbox_bench *bench = *state;
    struct outbox_letter letter = put_one(bench, 1, 5, LETTER_STATE_SEALED);
    uint8_t receipt[RECEIPT_BYTES] = {0};
    post_kit_run(&bench->kit,
        "CREATE TEMP TRIGGER no_envelope BEFORE UPDATE OF envelope ON main.post_outbox"
        " BEGIN SELECT RAISE(FAIL, 'no'); END");
    assert_status(
        outbox_put_envelope(bench->outbox, &letter, span_text("x")), STATUS_CONFLICT);
    assert_status(outbox_put_receipt(bench->outbox, &letter, receipt), STATUS_CONFLICT);
}

static void outbox__needs_its_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct outbox *outbox = NULL;
    post_kit_open_bare(&kit);
    assert_status(outbox_open(kit.db, &outbox, NULL), STATUS_CORRUPT);
    assert_null(outbox);
    outbox_close(&outbox); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct outbox_bench *bench = context;
    struct outbox *outbox = bench->outbox;
    struct outbox_letter letter = full_letter(bench), before = letter;
    uint8_t receipt[RECEIPT_BYTES] = {0};
    int64_t counts[LETTER_STATE_COUNT] = {7};
    struct span text = span_text("x");
    assert_status(outbox_put(outbox, &letter, text, text), wanted);
    assert_status(outbox_update(outbox, &letter), wanted);
    assert_status(outbox_put_envelope(outbox, &letter, text), wanted);
    assert_status(outbox_put_receipt(outbox, &letter, receipt), wanted);
    assert_status(outbox_get(outbox, 1, &letter), wanted);
    assert_status(outbox_find_item(outbox, &letter.item_id, &letter), wanted);
    assert_status(outbox_find_number(outbox, &letter.peer, EPOCH, 1, &letter), wanted);
    assert_status(outbox_boxed(outbox, 1, &bench->buffer), wanted);
    assert_status(outbox_envelope(outbox, 1, &bench->buffer), wanted);
    assert_status(outbox_receipt(outbox, 1, receipt), wanted);
    assert_status(outbox_counts(outbox, counts), wanted);
    assert_status(outbox_oldest_open(outbox, &counts[0]), wanted);
    assert_letter(&letter, &before);
    assert_int_equal(counts[0], 7);
}

static void outbox__says_what_the_disk_says(void **state)
{
    struct outbox_bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTBOX_TEST(outbox__gives_back_every_column),
        OUTBOX_TEST(outbox__finds_nothing_under_other_names_and_numbers),
        OUTBOX_TEST(outbox__uses_an_item_and_a_number_once),
        OUTBOX_TEST(outbox__keeps_letter_and_envelope_beside_the_row),
        OUTBOX_TEST(outbox__update_writes_the_row_and_leaves_the_blobs),
        OUTBOX_TEST(outbox__update_of_another_letter_is_corrupt),
        OUTBOX_TEST(outbox__update_takes_no_number_that_is_taken),
        OUTBOX_TEST(outbox__replaces_the_envelope_by_a_new_sealing),
        OUTBOX_TEST(outbox__keeps_the_receipt_and_lets_the_sealed_bytes_go),
        OUTBOX_TEST(outbox__counts_letters_by_state_without_its_voids),
        OUTBOX_TEST(outbox__tells_the_oldest_letter_that_has_no_receipt),
        OUTBOX_TEST(outbox__place_binds_item_and_member),
        OUTBOX_TEST(outbox__with_broken_rows_is_corrupt),
        OUTBOX_TEST(outbox__reads_absent_names_as_zeros),
        OUTBOX_TEST(outbox__says_so_when_only_the_blob_cannot_be_written),
        cmocka_unit_test(outbox__needs_its_table),
        OUTBOX_TEST(outbox__says_what_the_disk_says),
    };
    return cmocka_run_group_tests_name("post_outbox", tests, NULL, NULL);
}
