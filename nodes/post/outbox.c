/* SPDX-License-Identifier: Apache-2.0
 *
 * The row is written whole by one statement; blobs change in statements of their own, so that the common
 * step HELD does not carry them through bindings.
 */
#include "memory.h"
#include "outbox_row.h"

enum {
    PUT,
    UPDATE,
    PUT_ENVELOPE,
    PUT_RECEIPT,
    GET,
    FIND_ITEM,
    FIND_NUMBER,
    BOXED,
    ENVELOPE,
    RECEIPT,
    COUNTS,
    OLDEST_OPEN,
    STATEMENTS
};

static const char *const SQL[STATEMENTS] = {
    [PUT] = "INSERT INTO post_outbox (item_id, peer, kind, lane, state, reason,"
            " created_ms, changed_ms, lifetime_s, after_item, after_back, epoch, seq,"
            " prev_link, link, seal_no, msg_id, prekey_id, prekey_end_ms, sealed_for,"
            " reseal, recall, held_ms, held_count, next_ms, settled, void_due, void_row,"
            " stored_ms, received_ms, letter, envelope)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
            " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30,"
            " ?31, ?32)",
    [UPDATE] = "UPDATE post_outbox SET state = ?5, reason = ?6, changed_ms = ?8,"
               " lifetime_s = ?9, after_item = ?10, after_back = ?11, epoch = ?12,"
               " seq = ?13, prev_link = ?14, link = ?15, seal_no = ?16, msg_id = ?17,"
               " prekey_id = ?18, prekey_end_ms = ?19, sealed_for = ?20, reseal = ?21,"
               " recall = ?22, held_ms = ?23, held_count = ?24, next_ms = ?25,"
               " settled = ?26, void_due = ?27, void_row = ?28, stored_ms = ?29,"
               " received_ms = ?30 WHERE item_id = ?1 AND peer = ?2 AND kind = ?3"
               " AND lane = ?4 AND created_ms = ?7",
    [PUT_ENVELOPE] = "UPDATE post_outbox SET envelope = ?2 WHERE id = ?1",
    [PUT_RECEIPT] = "UPDATE post_outbox SET receipt = ?2, envelope = NULL WHERE id = ?1",
    [GET] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE id = ?1",
    [FIND_ITEM] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE item_id = ?1",
    [FIND_NUMBER] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE peer = ?1"
                    " AND epoch = ?2 AND seq = ?3 AND seq > 0",
    [BOXED] = "SELECT letter FROM post_outbox WHERE id = ?1 AND letter IS NOT NULL",
    [ENVELOPE] =
        "SELECT envelope FROM post_outbox WHERE id = ?1 AND envelope IS NOT NULL",
    [RECEIPT] = "SELECT receipt FROM post_outbox WHERE id = ?1 AND receipt IS NOT NULL",
    [COUNTS] = "SELECT state, count(*) FROM post_outbox WHERE kind <> 4"
               " GROUP BY kind, state",
    [OLDEST_OPEN] = "SELECT coalesce(min(created_ms), 0) FROM post_outbox"
                    " WHERE kind <> 4 AND state IN (1, 2, 3, 8)",
};

enum status outbox_open(struct db *db, struct outbox **ret, struct trouble *trouble)
{
    struct outbox *outbox = memory_new(sizeof *outbox);
    outbox->db = db;
    enum status status = statements_open(db, SQL, STATEMENTS, &outbox->rows, trouble);
    if (status == STATUS_OK)
        status = outbox_due_open(db, &outbox->due, trouble);
    if (status != STATUS_OK) {
        outbox_close(&outbox);
        return status;
    }
    *ret = outbox;
    return STATUS_OK;
}

void outbox_close(struct outbox **outbox)
{
    if (*outbox == NULL)
        return;
    statements_close(&(*outbox)->rows);
    statements_close(&(*outbox)->due);
    memory_free(*outbox);
    *outbox = NULL;
}

struct span outbox_place(
    const struct outbox_letter *letter, uint8_t memory[static OUTBOX_PLACE_BYTES])
{
    struct writer writer = writer_over(memory, OUTBOX_PLACE_BYTES);
    writer_put(&writer, "amaan:post:outbox", 17);
    writer_ident(&writer, &letter->item_id);
    writer_ident(&writer, &letter->peer);
    return writer_span(&writer);
}

/* Binds ?1 to ?30: the row without its id and blobs. */
static void bind_row(struct query *query, const struct outbox_letter *letter)
{
    query_ident(query, 1, &letter->item_id);
    query_ident(query, 2, &letter->peer);
    query_int(query, 3, letter->kind);
    query_int(query, 4, letter->lane);
    query_int(query, 5, letter->state);
    query_int(query, 6, letter->reason);
    query_int(query, 7, letter->created_ms);
    query_int(query, 8, letter->changed_ms);
    query_int(query, 9, letter->lifetime_s);
    query_ident(query, 10, &letter->after_item);
    query_int(query, 11, letter->after_back);
    query_int(query, 12, letter->epoch);
    query_int(query, 13, (int64_t)letter->seq);
    query_blob(query, 14, hash_span(&letter->prev_link));
    query_blob(query, 15, hash_span(&letter->link));
    query_int(query, 16, letter->seal_no);
    query_ident(query, 17, &letter->msg_id);
    query_int(query, 18, (int64_t)letter->prekey_id);
    query_int(query, 19, letter->prekey_end_ms);
    query_blob(query, 20, span_of(letter->sealed_for.bytes, SIGN_PUBLIC_BYTES));
    query_int(query, 21, letter->reseal);
    if (ident_is_zero(&letter->recall))
        query_null(query, 22);
    else
        query_ident(query, 22, &letter->recall);
    query_int(query, 23, letter->held_ms);
    query_int(query, 24, letter->held_count);
    query_int(query, 25, letter->next_ms);
    query_int(query, 26, letter->settled);
    query_int(query, 27, letter->void_due);
    query_int(query, 28, letter->void_row);
    query_int(query, 29, letter->stored_ms);
    query_int(query, 30, letter->received_ms);
}

enum status outbox_put(struct outbox *outbox, struct outbox_letter *letter,
    struct span boxed, struct span envelope)
{
    struct query *query = query_start(outbox->rows, PUT);
    bind_row(query, letter);
    query_blob(query, 31, boxed);
    if (envelope.n == 0)
        query_null(query, 32);
    else
        query_blob(query, 32, envelope);
    enum status status = query_run(query);
    if (status == STATUS_OK)
        letter->id = db_last_row(outbox->db);
    return status;
}

enum status outbox_update(struct outbox *outbox, const struct outbox_letter *letter)
{
    struct query *query = query_start(outbox->rows, UPDATE);
    bind_row(query, letter);
    enum status status = query_run(query);
    if (status == STATUS_OK && db_changes(outbox->db) != 1)
        return STATUS_CORRUPT;
    return status;
}

enum status outbox_put_envelope(
    struct outbox *outbox, const struct outbox_letter *letter, struct span envelope)
{
    enum status status = outbox_update(outbox, letter);
    if (status != STATUS_OK)
        return status;
    struct query *query = query_start(outbox->rows, PUT_ENVELOPE);
    query_int(query, 1, letter->id);
    if (envelope.n == 0)
        query_null(query, 2);
    else
        query_blob(query, 2, envelope);
    return query_run(query);
}

enum status outbox_put_receipt(struct outbox *outbox, const struct outbox_letter *letter,
    const uint8_t receipt[static RECEIPT_BYTES])
{
    enum status status = outbox_update(outbox, letter);
    if (status != STATUS_OK)
        return status;
    struct query *query = query_start(outbox->rows, PUT_RECEIPT);
    query_int(query, 1, letter->id);
    query_blob(query, 2, span_of(receipt, RECEIPT_BYTES));
    return query_run(query);
}

enum status outbox_read_row(const struct query *query, struct outbox_letter *ret)
{
    struct outbox_letter letter = {
        .id = row_int(query, 0),
        .kind = (uint16_t)row_int(query, 3),
        .lane = (enum lane)row_int(query, 4),
        .state = (enum letter_state)row_int(query, 5),
        .reason = (enum wait_reason)row_int(query, 6),
        .created_ms = row_int(query, 7),
        .changed_ms = row_int(query, 8),
        .lifetime_s = (uint32_t)row_int(query, 9),
        .after_back = (uint32_t)row_int(query, 11),
        .epoch = (uint32_t)row_int(query, 12),
        .seq = (uint64_t)row_int(query, 13),
        .seal_no = (uint16_t)row_int(query, 16),
        .prekey_id = (uint64_t)row_int(query, 18),
        .prekey_end_ms = row_int(query, 19),
        .reseal = row_int(query, 21) != 0,
        .held_ms = row_int(query, 23),
        .held_count = (uint32_t)row_int(query, 24),
        .next_ms = row_int(query, 25),
        .settled = row_int(query, 26) != 0,
        .void_due = (enum void_reason)row_int(query, 27),
        .void_row = row_int(query, 28),
        .stored_ms = row_int(query, 29),
        .received_ms = row_int(query, 30),
    };
    const struct {
        int column;
        void *to;
        size_t n;
    } blobs[] = {{1, &letter.item_id, IDENT_BYTES}, {2, &letter.peer, IDENT_BYTES},
        {10, &letter.after_item, IDENT_BYTES}, {14, &letter.prev_link, HASH_BYTES},
        {15, &letter.link, HASH_BYTES}, {17, &letter.msg_id, IDENT_BYTES},
        {20, &letter.sealed_for, SIGN_PUBLIC_BYTES}, {22, &letter.recall, IDENT_BYTES}};
    for (size_t i = 0; i < ARRAY_LENGTH(blobs); i++) {
        if (row_is_null(query, blobs[i].column))
            continue;
        enum status status = row_exact(query, blobs[i].column, blobs[i].to, blobs[i].n);
        if (status != STATUS_OK)
            return status;
    }
    *ret = letter;
    return STATUS_OK;
}

enum status outbox_read_one(struct query *query, struct outbox_letter *ret)
{
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? outbox_read_row(query, ret) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

enum status outbox_get(struct outbox *outbox, int64_t id, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->rows, GET);
    query_int(query, 1, id);
    return outbox_read_one(query, ret);
}

enum status outbox_find_item(
    struct outbox *outbox, const struct ident *item_id, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->rows, FIND_ITEM);
    query_ident(query, 1, item_id);
    return outbox_read_one(query, ret);
}

enum status outbox_find_number(struct outbox *outbox, const struct ident *peer,
    uint32_t epoch, uint64_t seq, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->rows, FIND_NUMBER);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    query_int(query, 3, (int64_t)seq);
    return outbox_read_one(query, ret);
}

/* Appends the blob of row id that statement i finds. */
static enum status read_blob(
    struct outbox *outbox, size_t i, int64_t id, struct buffer *ret)
{
    struct query *query = query_start(outbox->rows, i);
    query_int(query, 1, id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        struct span blob = row_blob(query, 0);
        status = buffer_put(ret, blob.at, blob.n);
    }
    query_end(query);
    return status;
}

enum status outbox_boxed(struct outbox *outbox, int64_t id, struct buffer *ret)
{
    return read_blob(outbox, BOXED, id, ret);
}

enum status outbox_envelope(struct outbox *outbox, int64_t id, struct buffer *ret)
{
    return read_blob(outbox, ENVELOPE, id, ret);
}

enum status outbox_receipt(
    struct outbox *outbox, int64_t id, uint8_t ret[static RECEIPT_BYTES])
{
    struct query *query = query_start(outbox->rows, RECEIPT);
    query_int(query, 1, id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? row_exact(query, 0, ret, RECEIPT_BYTES) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

enum status outbox_counts(struct outbox *outbox, int64_t ret[static LETTER_STATE_COUNT])
{
    struct query *query = query_start(outbox->rows, COUNTS);
    int64_t counts[LETTER_STATE_COUNT] = {0};
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found) {
        int64_t state = row_int(query, 0);
        if (state > 0 && state < LETTER_STATE_COUNT)
            counts[state] += row_int(query, 1);
        status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        memcpy(ret, counts, sizeof counts);
    return status;
}

enum status outbox_oldest_open(struct outbox *outbox, int64_t *ret_created_ms)
{
    struct query *query = query_start(outbox->rows, OLDEST_OPEN);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret_created_ms = found ? row_int(query, 0) : 0;
    query_end(query);
    return status;
}
