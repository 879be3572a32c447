/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes are kept in memory, because a flood of rubbish must not cost a sum over thousands of rows each. A
 * row counts for more than its bytes, or a flood of tiny ones would take many times the limit on disk.
 */
#include "quarantine.h"

#include "memory.h"

enum { ROW_EXTRA_BYTES = 128 };

enum { PUT, OLDEST, NEXT, DROP, DROP_BEFORE, COUNT, SIZES, SIZE_OF, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [PUT] = "INSERT INTO post_quarantine (why, detail, at_ms, size, bytes)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    [OLDEST] = "SELECT id FROM post_quarantine WHERE why = ?1 ORDER BY id LIMIT 1",
    [NEXT] = "SELECT id, detail, at_ms, bytes FROM post_quarantine WHERE why = ?1"
             " AND id > ?2 ORDER BY id LIMIT 1",
    [DROP] = "DELETE FROM post_quarantine WHERE id = ?1",
    [DROP_BEFORE] = "DELETE FROM post_quarantine WHERE why = ?1 AND at_ms < ?2",
    [COUNT] = "SELECT count(*) FROM post_quarantine WHERE why = ?1",
    [SIZES] = "SELECT why, sum(size) FROM post_quarantine GROUP BY why",
    [SIZE_OF] = "SELECT why, size FROM post_quarantine WHERE id = ?1",
};

struct quarantine {
    struct db *db;
    struct statements *statements;
    int64_t bytes[QUARANTINE_WHY_COUNT];
};

enum status quarantine_open(
    struct db *db, struct quarantine **ret, struct trouble *trouble)
{
    struct quarantine *quarantine = memory_new(sizeof *quarantine);
    quarantine->db = db;
    enum status status =
        statements_open(db, SQL, STATEMENTS, &quarantine->statements, trouble);
    if (status == STATUS_OK)
        status = quarantine_reload(quarantine);
    if (status != STATUS_OK) {
        quarantine_close(&quarantine);
        return status;
    }
    *ret = quarantine;
    return STATUS_OK;
}

void quarantine_close(struct quarantine **quarantine)
{
    if (*quarantine == NULL)
        return;
    statements_close(&(*quarantine)->statements);
    memory_free(*quarantine);
    *quarantine = NULL;
}

enum status quarantine_reload(struct quarantine *quarantine)
{
    struct query *query = query_start(quarantine->statements, SIZES);
    int64_t bytes[QUARANTINE_WHY_COUNT] = {0};
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found) {
        int64_t why = row_int(query, 0);
        if (why > 0 && why < QUARANTINE_WHY_COUNT)
            bytes[why] = row_int(query, 1);
        status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        memcpy(quarantine->bytes, bytes, sizeof bytes);
    return status;
}

static enum status find_oldest(
    struct quarantine *quarantine, enum quarantine_why why, int64_t *ret_id)
{
    struct query *query = query_start(quarantine->statements, OLDEST);
    query_int(query, 1, why);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *ret_id = row_int(query, 0);
    query_end(query);
    return status;
}

enum status quarantine_put(struct quarantine *quarantine, enum quarantine_why why,
    int64_t detail, int64_t now_ms, struct span bytes, size_t *ret_dropped)
{
    size_t dropped = 0;
    if (bytes.n > QUARANTINE_BYTES_MAX - ROW_EXTRA_BYTES)
        return STATUS_TOO_BIG;
    int64_t size = (int64_t)bytes.n + ROW_EXTRA_BYTES;
    while (quarantine->bytes[why] + size > QUARANTINE_BYTES_MAX) {
        int64_t oldest;
        enum status status = find_oldest(quarantine, why, &oldest);
        if (status == STATUS_OK)
            status = quarantine_drop(quarantine, oldest);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
        dropped++;
    }
    struct query *query = query_start(quarantine->statements, PUT);
    query_int(query, 1, why);
    query_int(query, 2, detail);
    query_int(query, 3, now_ms);
    query_int(query, 4, size);
    query_blob(query, 5, bytes);
    enum status status = query_run(query);
    if (status == STATUS_OK) {
        quarantine->bytes[why] += size;
        *ret_dropped = dropped;
    }
    return status;
}

enum status quarantine_next(struct quarantine *quarantine, enum quarantine_why why,
    int64_t *cursor, int64_t *ret_detail, int64_t *ret_at_ms, struct buffer *ret)
{
    struct query *query = query_start(quarantine->statements, NEXT);
    query_int(query, 1, why);
    query_int(query, 2, *cursor);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        struct span bytes = row_blob(query, 3);
        status = buffer_put(ret, bytes.at, bytes.n);
    }
    if (status == STATUS_OK) {
        *cursor = row_int(query, 0);
        *ret_detail = row_int(query, 1);
        *ret_at_ms = row_int(query, 2);
    }
    query_end(query);
    return status;
}

enum status quarantine_drop(struct quarantine *quarantine, int64_t id)
{
    struct query *query = query_start(quarantine->statements, SIZE_OF);
    query_int(query, 1, id);
    bool found = false;
    enum status status = query_next(query, &found);
    int64_t why = found ? row_int(query, 0) : 0;
    int64_t size = found ? row_int(query, 1) : 0;
    query_end(query);
    if (status != STATUS_OK || !found)
        return status;
    query = query_start(quarantine->statements, DROP);
    query_int(query, 1, id);
    status = query_run(query);
    if (status == STATUS_OK && why > 0 && why < QUARANTINE_WHY_COUNT)
        quarantine->bytes[why] -= size;
    return status;
}

enum status quarantine_drop_before(struct quarantine *quarantine, enum quarantine_why why,
    int64_t before_ms, int64_t *ret_dropped)
{
    struct query *query = query_start(quarantine->statements, DROP_BEFORE);
    query_int(query, 1, why);
    query_int(query, 2, before_ms);
    enum status status = query_run(query);
    if (status != STATUS_OK)
        return status;
    *ret_dropped = db_changes(quarantine->db);
    return *ret_dropped == 0 ? STATUS_OK : quarantine_reload(quarantine);
}

enum status quarantine_count(
    struct quarantine *quarantine, enum quarantine_why why, int64_t *ret)
{
    struct query *query = query_start(quarantine->statements, COUNT);
    query_int(query, 1, why);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = row_int(query, 0);
    query_end(query);
    return status;
}
