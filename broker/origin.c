/* SPDX-License-Identifier: Apache-2.0
 * One row, number 1.
 */
#include "origin.h"

#include "memory.h"

const char *const ORIGIN_SCHEMA =
    "CREATE TABLE origin ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " store_id BLOB NOT NULL,"         /* 16, random */
    " mark_key BLOB NOT NULL,"         /* 32, random */
    " hour INTEGER NOT NULL) STRICT;"; /* since 1970, believed last */

enum { GET, PUT, SET_HOUR, STATEMENTS };
enum { MARK_KEY_BYTES = 32 };

static const char *const SQL[STATEMENTS] = {
    [GET] = "SELECT store_id, hour, mark_key FROM origin WHERE id = 1",
    [PUT] = "INSERT INTO origin (id, store_id, mark_key, hour) VALUES (1, ?1, ?2, 0)",
    [SET_HOUR] = "UPDATE origin SET hour = ?1 WHERE id = 1",
};

struct origin {
    struct statements *statements;
    struct ident store_id;
    uint8_t mark_key[MARK_KEY_BYTES];
    int64_t hour;
};

static enum status load(struct origin *origin)
{
    bool row = false;
    struct query *query = query_start(origin->statements, GET);
    enum status status = query_next(query, &row);
    if (status == STATUS_OK && !row) {
        status = STATUS_NOT_FOUND;
    } else if (status == STATUS_OK) {
        status = row_exact(query, 0, &origin->store_id, sizeof origin->store_id);
        origin->hour = row_int(query, 1);
        if (status == STATUS_OK) {
            status = row_exact(query, 2, origin->mark_key, sizeof origin->mark_key);
        }
    }
    query_end(query);
    return status;
}

static enum status make(struct origin *origin, struct chance *chance)
{
    origin->store_id = ident_new(chance);
    struct query *query = query_start(origin->statements, PUT);
    chance_fill(chance, origin->mark_key, sizeof origin->mark_key);
    query_ident(query, 1, &origin->store_id);
    query_blob(query, 2, span_of(origin->mark_key, sizeof origin->mark_key));
    return query_run(query);
}

enum status origin_open(
    struct db *db, struct chance *chance, struct origin **ret, struct trouble *trouble)
{
    struct origin *origin = memory_new(sizeof *origin);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &origin->statements, trouble);
    if (status == STATUS_OK) {
        status = load(origin);
        if (status == STATUS_NOT_FOUND) {
            status = make(origin, chance);
        }
        if (status != STATUS_OK) {
            trouble_say(trouble, "the broker's own row cannot be read or made (%s)",
                status_name(status));
        }
    }
    if (status != STATUS_OK) {
        origin_close(&origin);
        return status;
    }
    *ret = origin;
    return STATUS_OK;
}

void origin_close(struct origin **origin)
{
    if (*origin == NULL) {
        return;
    }
    statements_close(&(*origin)->statements);
    memory_free(*origin);
    *origin = NULL;
}

const struct ident *origin_store_id(const struct origin *origin)
{
    return &origin->store_id;
}

const uint8_t *origin_mark_key(const struct origin *origin)
{
    return origin->mark_key;
}

int64_t origin_hour(const struct origin *origin)
{
    return origin->hour;
}

enum status origin_set_hour(struct origin *origin, int64_t hour)
{
    struct query *query = query_start(origin->statements, SET_HOUR);
    query_int(query, 1, hour);
    enum status status = query_run(query);
    if (status == STATUS_OK) {
        origin->hour = hour;
    }
    return status;
}
