/* SPDX-License-Identifier: Apache-2.0
 *
 * A letter in order costs one insert and one update. Rows are small once the body is gone, and are never
 * deleted: a replay after years must still meet its row or the chain's head.
 */
#include "inbox.h"

#include "memory.h"

#define COLUMNS                                                                          \
    "id, peer, epoch, seq, link, prev_link, item_id, kind, lane, created_ms, "           \
    "after_back,"                                                                        \
    " received_ms, body_commit, envelope_hash, state, how, late, missing,"               \
    " receipt IS NOT NULL, said_ms, disputed_ms"

enum {
    PUT,
    REVIVE,
    FIND,
    GET,
    FIND_ITEM,
    NEXT_DUE,
    NEXT_QUARANTINED,
    BODY,
    RECEIPT,
    UPDATE,
    WAKE,
    WAKE_ALL,
    COUNT_QUARANTINED,
    NEXT_NUMBER,
    STATEMENTS
};

static const char *const SQL[STATEMENTS] = {
    [PUT] = "INSERT INTO post_inbox (peer, epoch, seq, link, prev_link, item_id, kind,"
            " lane, created_ms, after_back, received_ms, body_commit, envelope_hash,"
            " state, how, late, missing, said_ms, disputed_ms, body)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
            " ?16, ?17, 0, 0, ?18)",
    [REVIVE] = "UPDATE post_inbox SET prev_link = ?2, kind = ?3, lane = ?4,"
               " created_ms = ?5, received_ms = ?6, body_commit = ?7, envelope_hash = ?8,"
               " state = 1, late = 1, body = ?9 WHERE id = ?1",
    [FIND] = "SELECT " COLUMNS " FROM post_inbox WHERE peer = ?1 AND epoch = ?2"
             " AND seq = ?3",
    [GET] = "SELECT " COLUMNS " FROM post_inbox WHERE id = ?1",
    [FIND_ITEM] = "SELECT " COLUMNS " FROM post_inbox WHERE peer = ?1 AND item_id = ?2"
                  " AND received_ms >= ?3 AND how IN (0, 1, 2, 3) ORDER BY id LIMIT 1",
    [NEXT_DUE] = "SELECT " COLUMNS " FROM post_inbox WHERE state = 1"
                 " ORDER BY lane DESC, id LIMIT 1",
    [NEXT_QUARANTINED] = "SELECT " COLUMNS " FROM post_inbox WHERE state = 4 AND id > ?1"
                         " ORDER BY id LIMIT 1",
    [BODY] = "SELECT body FROM post_inbox WHERE id = ?1 AND body IS NOT NULL",
    [RECEIPT] = "SELECT receipt FROM post_inbox WHERE id = ?1 AND receipt IS NOT NULL",
    [UPDATE] = "UPDATE post_inbox SET state = ?2, how = ?3, late = ?4, missing = ?5,"
               " said_ms = ?6, receipt = coalesce(?7, receipt),"
               " body = CASE ?8 WHEN 1 THEN body END, disputed_ms = ?9 WHERE id = ?1",
    [WAKE] = "UPDATE post_inbox SET state = 1 WHERE peer = ?1 AND epoch = ?2"
             " AND state = 2 AND seq - after_back = ?3",
    [WAKE_ALL] = "UPDATE post_inbox SET state = 1, missing = 1 WHERE peer = ?1"
                 " AND epoch = ?2 AND state = 2",
    [NEXT_NUMBER] = "SELECT " COLUMNS " FROM post_inbox WHERE peer = ?1"
                    " AND (epoch, seq) > (?2, ?3) AND how NOT IN (4, 6)"
                    " ORDER BY epoch, seq LIMIT 1",
    [COUNT_QUARANTINED] = "SELECT count(*) FROM post_inbox WHERE state = 4",
};

struct inbox {
    struct db *db;
    struct statements *statements;
};

enum status inbox_open(struct db *db, struct inbox **ret, struct trouble *trouble)
{
    struct inbox *inbox = memory_new(sizeof *inbox);
    inbox->db = db;
    enum status status =
        statements_open(db, SQL, STATEMENTS, &inbox->statements, trouble);
    if (status != STATUS_OK) {
        inbox_close(&inbox);
        return status;
    }
    *ret = inbox;
    return STATUS_OK;
}

void inbox_close(struct inbox **inbox)
{
    if (*inbox == NULL)
        return;
    statements_close(&(*inbox)->statements);
    memory_free(*inbox);
    *inbox = NULL;
}

struct span inbox_place(
    const struct inbox_letter *letter, uint8_t memory[static INBOX_PLACE_BYTES])
{
    struct writer writer = writer_over(memory, INBOX_PLACE_BYTES);
    writer_put(&writer, "amaan:post:inbox", 16);
    writer_ident(&writer, &letter->peer);
    writer_u32(&writer, letter->epoch);
    writer_u64(&writer, letter->seq);
    writer_ident(&writer, &letter->item_id);
    return writer_span(&writer);
}

enum status inbox_put(struct inbox *inbox, struct inbox_letter *letter, struct span boxed)
{
    struct query *query = query_start(inbox->statements, PUT);
    query_ident(query, 1, &letter->peer);
    query_int(query, 2, letter->epoch);
    query_int(query, 3, (int64_t)letter->seq);
    query_blob(query, 4, hash_span(&letter->link));
    query_blob(query, 5, hash_span(&letter->prev_link));
    query_ident(query, 6, &letter->item_id);
    query_int(query, 7, letter->kind);
    query_int(query, 8, letter->lane);
    query_int(query, 9, letter->created_ms);
    query_int(query, 10, letter->after_back);
    query_int(query, 11, letter->received_ms);
    query_blob(query, 12, hash_span(&letter->body_commit));
    query_blob(query, 13, hash_span(&letter->envelope));
    query_int(query, 14, letter->state);
    query_int(query, 15, letter->how);
    query_int(query, 16, letter->late);
    query_int(query, 17, letter->missing);
    if (boxed.n == 0)
        query_null(query, 18);
    else
        query_blob(query, 18, boxed);
    enum status status = query_run(query);
    if (status == STATUS_OK)
        letter->id = db_last_row(inbox->db);
    return status;
}

enum status inbox_revive(
    struct inbox *inbox, const struct inbox_letter *letter, struct span boxed)
{
    struct query *query = query_start(inbox->statements, REVIVE);
    query_int(query, 1, letter->id);
    query_blob(query, 2, hash_span(&letter->prev_link));
    query_int(query, 3, letter->kind);
    query_int(query, 4, letter->lane);
    query_int(query, 5, letter->created_ms);
    query_int(query, 6, letter->received_ms);
    query_blob(query, 7, hash_span(&letter->body_commit));
    query_blob(query, 8, hash_span(&letter->envelope));
    query_blob(query, 9, boxed);
    return query_run(query);
}

static enum status read_letter(const struct query *query, struct inbox_letter *ret)
{
    struct inbox_letter letter = {
        .id = row_int(query, 0),
        .epoch = (uint32_t)row_int(query, 2),
        .seq = (uint64_t)row_int(query, 3),
        .kind = (uint16_t)row_int(query, 7),
        .lane = (enum lane)row_int(query, 8),
        .created_ms = row_int(query, 9),
        .after_back = (uint32_t)row_int(query, 10),
        .received_ms = row_int(query, 11),
        .state = (enum inbox_state)row_int(query, 14),
        .how = (enum settled_how)row_int(query, 15),
        .late = row_int(query, 16) != 0,
        .missing = row_int(query, 17) != 0,
        .has_receipt = row_int(query, 18) != 0,
        .said_ms = row_int(query, 19),
        .disputed_ms = row_int(query, 20),
    };
    const struct {
        int column;
        void *to;
        size_t n;
    } blobs[] = {{1, &letter.peer, IDENT_BYTES}, {4, &letter.link, HASH_BYTES},
        {5, &letter.prev_link, HASH_BYTES}, {6, &letter.item_id, IDENT_BYTES},
        {12, &letter.body_commit, HASH_BYTES}, {13, &letter.envelope, HASH_BYTES}};
    for (size_t i = 0; i < ARRAY_LENGTH(blobs); i++) {
        enum status status = row_exact(query, blobs[i].column, blobs[i].to, blobs[i].n);
        if (status != STATUS_OK)
            return status;
    }
    *ret = letter;
    return STATUS_OK;
}

/* Ends the query. */
static enum status read_one(struct query *query, struct inbox_letter *ret)
{
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? read_letter(query, ret) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

enum status inbox_find(struct inbox *inbox, const struct ident *peer, uint32_t epoch,
    uint64_t seq, struct inbox_letter *ret)
{
    struct query *query = query_start(inbox->statements, FIND);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    query_int(query, 3, (int64_t)seq);
    return read_one(query, ret);
}

enum status inbox_next_number(struct inbox *inbox, const struct ident *peer,
    uint32_t epoch, uint64_t seq, struct inbox_letter *ret)
{
    struct query *query = query_start(inbox->statements, NEXT_NUMBER);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    query_int(query, 3, (int64_t)seq);
    return read_one(query, ret);
}

enum status inbox_get(struct inbox *inbox, int64_t id, struct inbox_letter *ret)
{
    struct query *query = query_start(inbox->statements, GET);
    query_int(query, 1, id);
    return read_one(query, ret);
}

enum status inbox_find_item(struct inbox *inbox, const struct ident *peer,
    const struct ident *item_id, int64_t since_ms, struct inbox_letter *ret)
{
    struct query *query = query_start(inbox->statements, FIND_ITEM);
    query_ident(query, 1, peer);
    query_ident(query, 2, item_id);
    query_int(query, 3, since_ms);
    return read_one(query, ret);
}

enum status inbox_next_due(struct inbox *inbox, struct inbox_letter *ret)
{
    return read_one(query_start(inbox->statements, NEXT_DUE), ret);
}

enum status inbox_next_quarantined(
    struct inbox *inbox, int64_t after_id, struct inbox_letter *ret)
{
    struct query *query = query_start(inbox->statements, NEXT_QUARANTINED);
    query_int(query, 1, after_id);
    return read_one(query, ret);
}

enum status inbox_body(struct inbox *inbox, int64_t id, struct buffer *ret)
{
    struct query *query = query_start(inbox->statements, BODY);
    query_int(query, 1, id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        struct span body = row_blob(query, 0);
        status = buffer_put(ret, body.at, body.n);
    }
    query_end(query);
    return status;
}

enum status inbox_receipt(
    struct inbox *inbox, int64_t id, uint8_t ret[static RECEIPT_BYTES])
{
    struct query *query = query_start(inbox->statements, RECEIPT);
    query_int(query, 1, id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? row_exact(query, 0, ret, RECEIPT_BYTES) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

enum status inbox_update(struct inbox *inbox, const struct inbox_letter *letter,
    const uint8_t *receipt, bool keep_body)
{
    struct query *query = query_start(inbox->statements, UPDATE);
    query_int(query, 1, letter->id);
    query_int(query, 2, letter->state);
    query_int(query, 3, letter->how);
    query_int(query, 4, letter->late);
    query_int(query, 5, letter->missing);
    query_int(query, 6, letter->said_ms);
    if (receipt == NULL)
        query_null(query, 7);
    else
        query_blob(query, 7, span_of(receipt, RECEIPT_BYTES));
    query_int(query, 8, keep_body);
    query_int(query, 9, letter->disputed_ms);
    return query_run(query);
}

enum status inbox_wake(
    struct inbox *inbox, const struct ident *peer, uint32_t epoch, uint64_t settled_seq)
{
    struct query *query = query_start(inbox->statements, WAKE);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    query_int(query, 3, (int64_t)settled_seq);
    return query_run(query);
}

enum status inbox_wake_all(struct inbox *inbox, const struct ident *peer, uint32_t epoch)
{
    struct query *query = query_start(inbox->statements, WAKE_ALL);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    return query_run(query);
}

enum status inbox_count_quarantined(struct inbox *inbox, int64_t *ret)
{
    struct query *query = query_start(inbox->statements, COUNT_QUARANTINED);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = row_int(query, 0);
    query_end(query);
    return status;
}
