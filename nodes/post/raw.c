/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrival is kept to the hour: a seized laptop should not tell minutes.
 */
#include "raw.h"

#include "memory.h"

enum { PUT, NEXT, DROP, PINNED, COUNT, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [PUT] = "INSERT INTO post_raw (lane, prekey_id, hour_ms, size, envelope)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    [NEXT] = "SELECT id, hour_ms, envelope FROM post_raw ORDER BY lane DESC, id LIMIT 1",
    [DROP] = "DELETE FROM post_raw WHERE id = ?1",
    [PINNED] = "SELECT min(hour_ms) FROM post_raw WHERE prekey_id = ?1",
    [COUNT] = "SELECT count(*), coalesce(sum(lane), 0), coalesce(sum(size), 0)"
              " FROM post_raw",
};

struct raw {
    struct statements *statements;
};

enum status raw_open(struct db *db, struct raw **ret, struct trouble *trouble)
{
    struct raw *raw = memory_new(sizeof *raw);
    enum status status = statements_open(db, SQL, STATEMENTS, &raw->statements, trouble);
    if (status != STATUS_OK) {
        raw_close(&raw);
        return status;
    }
    *ret = raw;
    return STATUS_OK;
}

void raw_close(struct raw **raw)
{
    if (*raw == NULL)
        return;
    statements_close(&(*raw)->statements);
    memory_free(*raw);
    *raw = NULL;
}

enum status raw_put(struct raw *raw, enum lane lane, uint64_t prekey_id, int64_t now_ms,
    struct span envelope)
{
    struct query *query = query_start(raw->statements, PUT);
    query_int(query, 1, lane);
    query_int(query, 2, (int64_t)prekey_id);
    query_int(query, 3, now_ms - now_ms % HOUR_MS);
    query_int(query, 4, (int64_t)envelope.n);
    query_blob(query, 5, envelope);
    return query_run(query);
}

enum status raw_next(
    struct raw *raw, int64_t *ret_id, int64_t *ret_hour_ms, struct buffer *ret_envelope)
{
    struct query *query = query_start(raw->statements, NEXT);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        struct span envelope = row_blob(query, 2);
        status = buffer_put(ret_envelope, envelope.at, envelope.n);
    }
    if (status == STATUS_OK) {
        *ret_id = row_int(query, 0);
        *ret_hour_ms = row_int(query, 1);
    }
    query_end(query);
    return status;
}

enum status raw_drop(struct raw *raw, int64_t id)
{
    struct query *query = query_start(raw->statements, DROP);
    query_int(query, 1, id);
    return query_run(query);
}

enum status raw_pinned(struct raw *raw, uint64_t prekey_id, int64_t *ret_hour_ms)
{
    struct query *query = query_start(raw->statements, PINNED);
    query_int(query, 1, (int64_t)prekey_id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && (!found || row_is_null(query, 0)))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *ret_hour_ms = row_int(query, 0);
    query_end(query);
    return status;
}

enum status raw_count(
    struct raw *raw, int64_t *ret_rows, int64_t *ret_express, int64_t *ret_bytes)
{
    struct query *query = query_start(raw->statements, COUNT);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK) {
        *ret_rows = row_int(query, 0);
        *ret_express = row_int(query, 1);
        *ret_bytes = row_int(query, 2);
    }
    query_end(query);
    return status;
}
