/* SPDX-License-Identifier: Apache-2.0
 * One small table.
 */
#include "agains.h"

#include "memory.h"

const char *const AGAIN_SCHEMA =
    "CREATE TABLE again ("
    " id INTEGER PRIMARY KEY,"
    " referral INTEGER NOT NULL REFERENCES referral (id),"
    " item_id BLOB NOT NULL UNIQUE CHECK (length(item_id) = 16)," /* the further letter */
    " day INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX again_by_referral ON again (referral, id);";

enum { PUT, NEXT, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] = "INSERT INTO again (referral, item_id, day) VALUES (?1, ?2, ?3)",
    [NEXT] = "SELECT id, referral, item_id, day FROM again WHERE referral = ?1"
             " AND id > ?2 ORDER BY id LIMIT 1",
};

struct agains {
    struct db *db;
    struct statements *sql;
};

enum status agains_open(struct db *db, struct agains **ret, struct trouble *trouble)
{
    struct agains *agains = memory_new(sizeof(*agains));
    enum status status = statements_open(db, SQL, N_SQL, &agains->sql, trouble);

    agains->db = db;
    if (status != STATUS_OK) {
        agains_close(&agains);
        return status;
    }
    *ret = agains;
    return STATUS_OK;
}

void agains_close(struct agains **agains)
{
    if (!*agains)
        return;
    statements_close(&(*agains)->sql);
    memory_free(*agains);
    *agains = NULL;
}

enum status agains_put(struct agains *agains, const struct again_row *row)
{
    struct query *query;

    PROMISE(db_in_transaction(agains->db));
    query = query_start(agains->sql, PUT);
    query_int(query, 1, row->referral);
    query_ident(query, 2, &row->item_id);
    query_int(query, 3, row->day);
    return query_run(query);
}

enum status agains_next(
    struct agains *agains, int64_t referral, int64_t after, struct again_row *ret)
{
    struct query *query = query_start(agains->sql, NEXT);
    struct again_row row = {0};
    bool found = false;

    query_int(query, 1, referral);
    query_int(query, 2, after);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        row.id = row_int(query, 0);
        row.referral = row_int(query, 1);
        row.day = row_int(query, 3);
        status = row_exact(query, 2, row.item_id.bytes, IDENT_BYTES);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret = row;
    return status;
}
