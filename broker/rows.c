/* SPDX-License-Identifier: Apache-2.0
 * Rows are appended and deleted by number only: there is no second index to keep (held.h says why).
 */
#include "rows.h"

#include "memory.h"

const char *const ROWS_SCHEMA =
    "CREATE TABLE envelopes ("
    " id INTEGER PRIMARY KEY,"
    " queue_id BLOB NOT NULL," /* 16: whose mailbox */
    " msg_id BLOB NOT NULL,"   /* 16 */
    " lane INTEGER NOT NULL,"  /* in which it is ordered */
    " hour INTEGER NOT NULL,"  /* of arrival, since 1970 */
    " ended INTEGER NOT NULL," /* sessions that ended on it */
    " hash BLOB NOT NULL,"     /* 32: the mark of bytes */
    " bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE mailboxes ("
    " queue_id BLOB PRIMARY KEY," /* 16 */
    " collected_hour INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

enum { PUT, REMOVE, READ, ALL, ENDED, COLLECT, COLLECTED, COUNTS, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [PUT] =
        "INSERT INTO envelopes (id, queue_id, msg_id, lane, hour, ended, hash, bytes) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [REMOVE] = "DELETE FROM envelopes WHERE id = ?1",
    [READ] = "SELECT bytes FROM envelopes WHERE id = ?1",
    [ALL] = "SELECT id, queue_id, msg_id, lane, hour, ended, hash, length(bytes) "
            "FROM envelopes ORDER BY id",
    [ENDED] = "UPDATE envelopes SET ended = ?2 WHERE id = ?1",
    [COLLECT] = "INSERT INTO mailboxes (queue_id, collected_hour) VALUES (?1, ?2) "
                "ON CONFLICT (queue_id) DO UPDATE SET collected_hour = ?2",
    [COLLECTED] = "SELECT queue_id, collected_hour FROM mailboxes",
    [COUNTS] = "SELECT queue_id, count(*), sum(length(bytes)) FROM envelopes "
               "GROUP BY queue_id",
};

struct rows {
    struct statements *statements;
};

enum status rows_open(struct db *db, struct rows **ret, struct trouble *trouble)
{
    struct rows *rows = memory_new(sizeof *rows);
    enum status status = statements_open(db, SQL, STATEMENTS, &rows->statements, trouble);
    if (status != STATUS_OK) {
        rows_close(&rows);
        return status;
    }
    *ret = rows;
    return STATUS_OK;
}

void rows_close(struct rows **rows)
{
    if (*rows == NULL) {
        return;
    }
    statements_close(&(*rows)->statements);
    memory_free(*rows);
    *rows = NULL;
}

static enum status read_envelope(const struct query *query, struct envelope_row *row)
{
    int64_t lane = row_int(query, 3);
    *row = (struct envelope_row){
        .id = row_int(query, 0),
        .lane = lane == LANE_EXPRESS ? LANE_EXPRESS : LANE_NORMAL,
        .hour = row_int(query, 4),
        .ended = row_int(query, 5),
        .n_bytes = row_int(query, 7),
    };
    if (row_exact(query, 1, &row->queue_id, sizeof row->queue_id) != STATUS_OK ||
        row_exact(query, 2, &row->msg_id, sizeof row->msg_id) != STATUS_OK ||
        row_exact(query, 6, &row->hash, sizeof row->hash) != STATUS_OK ||
        row->n_bytes <= 0 || row->n_bytes > ENVELOPE_BYTES_MAX) {
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}

enum status rows_each_envelope(struct rows *rows,
    enum status (*on_row)(void *context, const struct envelope_row *row), void *context)
{
    struct query *query = query_start(rows->statements, ALL);
    bool there = false;
    enum status status = query_next(query, &there);
    while (status == STATUS_OK && there) {
        struct envelope_row row;
        status = read_envelope(query, &row);
        if (status == STATUS_OK) {
            status = on_row(context, &row);
        }
        if (status == STATUS_OK) {
            status = query_next(query, &there);
        }
    }
    query_end(query);
    return status;
}

enum status rows_each_collected(struct rows *rows,
    enum status (*on_row)(void *context, const struct ident *queue_id, int64_t hour),
    void *context)
{
    struct query *query = query_start(rows->statements, COLLECTED);
    bool there = false;
    enum status status = query_next(query, &there);
    while (status == STATUS_OK && there) {
        struct ident queue_id;
        status = row_exact(query, 0, &queue_id, sizeof queue_id);
        if (status == STATUS_OK) {
            status = on_row(context, &queue_id, row_int(query, 1));
        }
        if (status == STATUS_OK) {
            status = query_next(query, &there);
        }
    }
    query_end(query);
    return status;
}

enum status rows_each_count(struct rows *rows,
    enum status (*on_row)(
        void *context, const struct ident *queue_id, int64_t envelopes, int64_t bytes),
    void *context)
{
    struct query *query = query_start(rows->statements, COUNTS);
    bool there = false;
    enum status status = query_next(query, &there);
    while (status == STATUS_OK && there) {
        struct ident queue_id;
        status = row_exact(query, 0, &queue_id, sizeof queue_id);
        if (status == STATUS_OK) {
            status = on_row(context, &queue_id, row_int(query, 1), row_int(query, 2));
        }
        if (status == STATUS_OK) {
            status = query_next(query, &there);
        }
    }
    query_end(query);
    return status;
}

enum status rows_put(struct rows *rows, const struct envelope_row *row, struct span bytes)
{
    struct query *query = query_start(rows->statements, PUT);
    query_int(query, 1, row->id);
    query_ident(query, 2, &row->queue_id);
    query_ident(query, 3, &row->msg_id);
    query_int(query, 4, row->lane);
    query_int(query, 5, row->hour);
    query_int(query, 6, row->ended);
    query_blob(query, 7, hash_span(&row->hash));
    query_blob(query, 8, bytes);
    enum status status = query_run(query);
    bool is_taken = status == STATUS_EXISTS || status == STATUS_CONFLICT;
    return is_taken ? STATUS_CORRUPT : status; /* numbers are ours and new */
}

enum status rows_remove(struct rows *rows, int64_t id)
{
    struct query *query = query_start(rows->statements, REMOVE);
    query_int(query, 1, id);
    return query_run(query);
}

enum status rows_read(struct rows *rows, int64_t id, void *ret, size_t n)
{
    bool there = false;
    struct query *query = query_start(rows->statements, READ);
    query_int(query, 1, id);
    enum status status = query_next(query, &there);
    if (status == STATUS_OK) {
        status = there ? row_exact(query, 0, ret, n) : STATUS_CORRUPT;
    }
    query_end(query);
    return status;
}

enum status rows_set_ended(struct rows *rows, int64_t id, int64_t ended)
{
    struct query *query = query_start(rows->statements, ENDED);
    query_int(query, 1, id);
    query_int(query, 2, ended);
    return query_run(query);
}

enum status rows_set_collected(
    struct rows *rows, const struct ident *queue_id, int64_t hour)
{
    struct query *query = query_start(rows->statements, COLLECT);
    query_ident(query, 1, queue_id);
    query_int(query, 2, hour);
    return query_run(query);
}
