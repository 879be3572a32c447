/* SPDX-License-Identifier: Apache-2.0
 * A time of never is stored as null, so that the two indexes hold only what is due.
 */
#include "watches.h"

#include "memory.h"

const char *const WATCHES_SCHEMA =
    "CREATE TABLE watch ("
    " referral INTEGER PRIMARY KEY REFERENCES referral (id) ON DELETE CASCADE,"
    " since_ms INTEGER NOT NULL,"
    " paused_since_ms INTEGER NOT NULL,"
    " paused_ms INTEGER NOT NULL,"
    " told INTEGER NOT NULL,"
    " settled INTEGER NOT NULL CHECK (settled IN (0, 1)),"
    " day INTEGER NOT NULL,"
    " nudged_ms INTEGER NOT NULL,"
    " suggested BLOB NOT NULL CHECK (length(suggested) = 16),"
    " due_ms INTEGER,"
    " look_ms INTEGER"
    ") STRICT;"
    "CREATE INDEX watch_due ON watch (due_ms) WHERE due_ms IS NOT NULL;"
    "CREATE INDEX watch_look ON watch (look_ms) WHERE look_ms IS NOT NULL;"
    /* Those that were here before are looked at once. */
    "INSERT INTO watch SELECT id, day * 86400000, 0, 0, 0, 0, 0, 0, zeroblob(16), NULL, 1"
    " FROM referral;";

#define COLUMNS                                                                          \
    "referral, since_ms, paused_since_ms, paused_ms, told, settled, day, nudged_ms,"     \
    " suggested, coalesce(due_ms, 0), coalesce(look_ms, 0)"

enum { FIND, PUT, NEXT_LOOK, SOONEST, NEXT_DUE, COUNT_DUE, N_SQL };
static const char *const SQL[N_SQL] = {
    [FIND] = "SELECT " COLUMNS " FROM watch WHERE referral = ?1",
    [PUT] = "INSERT OR REPLACE INTO watch VALUES"
            " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0), nullif(?11, 0))",
    [NEXT_LOOK] = "SELECT " COLUMNS " FROM watch WHERE look_ms <= ?1"
                  " ORDER BY look_ms, referral LIMIT 1",
    [SOONEST] = "SELECT min(look_ms) FROM watch WHERE look_ms IS NOT NULL",
    [NEXT_DUE] = "SELECT " COLUMNS " FROM watch WHERE due_ms IS NOT NULL"
                 " AND (due_ms, referral) > (?1, ?2) ORDER BY due_ms, referral LIMIT 1",
    [COUNT_DUE] = "SELECT count(*) FROM watch WHERE due_ms <= ?1",
};

struct watches {
    struct db *db;
    struct statements *sql;
};

enum status watches_open(struct db *db, struct watches **ret, struct trouble *trouble)
{
    struct watches *watches = memory_new(sizeof(*watches));
    enum status status = statements_open(db, SQL, N_SQL, &watches->sql, trouble);

    watches->db = db;
    if (status != STATUS_OK) {
        watches_close(&watches);
        return status;
    }
    *ret = watches;
    return STATUS_OK;
}

void watches_close(struct watches **watches)
{
    if (!*watches)
        return;
    statements_close(&(*watches)->sql);
    memory_free(*watches);
    *watches = NULL;
}

/* The row that the query gives, and its end. */
static enum status read_row(struct query *query, struct watch *ret)
{
    struct watch watch = {0};
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        watch.referral = row_int(query, 0);
        watch.since_ms = row_int(query, 1);
        watch.paused_since_ms = row_int(query, 2);
        watch.paused_ms = row_int(query, 3);
        watch.told = (uint32_t)row_int(query, 4);
        watch.settled = row_int(query, 5) != 0;
        watch.day = (uint32_t)row_int(query, 6);
        watch.nudged_ms = row_int(query, 7);
        watch.due_ms = row_int(query, 9);
        watch.look_ms = row_int(query, 10);
        status = row_exact(query, 8, watch.suggested.bytes, IDENT_BYTES);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret = watch;
    return status;
}

enum status watches_find(struct watches *watches, int64_t referral, struct watch *ret)
{
    struct query *query = query_start(watches->sql, FIND);

    query_int(query, 1, referral);
    return read_row(query, ret);
}

enum status watches_put(struct watches *watches, const struct watch *watch)
{
    PROMISE(db_in_transaction(watches->db));
    struct query *query = query_start(watches->sql, PUT);
    query_int(query, 1, watch->referral);
    query_int(query, 2, watch->since_ms);
    query_int(query, 3, watch->paused_since_ms);
    query_int(query, 4, watch->paused_ms);
    query_int(query, 5, watch->told);
    query_int(query, 6, watch->settled);
    query_int(query, 7, watch->day);
    query_int(query, 8, watch->nudged_ms);
    query_ident(query, 9, &watch->suggested);
    query_int(query, 10, watch->due_ms);
    query_int(query, 11, watch->look_ms);
    return query_run(query);
}

enum status watches_next_look(struct watches *watches, int64_t now_ms, struct watch *ret)
{
    struct query *query = query_start(watches->sql, NEXT_LOOK);

    query_int(query, 1, now_ms);
    return read_row(query, ret);
}

enum status watches_soonest(struct watches *watches, int64_t *ret_ms)
{
    struct query *query = query_start(watches->sql, SOONEST);
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK)
        *ret_ms = found && !row_is_null(query, 0) ? row_int(query, 0) : INT64_MAX;
    query_end(query);
    return status;
}

enum status watches_next_due(
    struct watches *watches, int64_t due_ms, int64_t referral, struct watch *ret)
{
    struct query *query = query_start(watches->sql, NEXT_DUE);

    query_int(query, 1, due_ms);
    query_int(query, 2, referral);
    return read_row(query, ret);
}

enum status watches_count_due(struct watches *watches, int64_t now_ms, int64_t *ret)
{
    struct query *query = query_start(watches->sql, COUNT_DUE);
    bool found = false;

    query_int(query, 1, now_ms);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = found ? row_int(query, 0) : 0;
    query_end(query);
    return status;
}
