/* SPDX-License-Identifier: Apache-2.0
 * Two small tables: as many rows as members, and as many as letters were lost.
 */
#include "resyncs.h"

#include "memory.h"

/* A time so far ahead is a clock that was set back: it is due. */
#define TOO_FAR_MS (2 * DAY_MS)

const char *const RESYNC_SCHEMA =
    "CREATE TABLE post_resync ("
    " peer BLOB PRIMARY KEY NOT NULL,"
    " begun_ms INTEGER NOT NULL," /* when this node noticed its own loss; 0: none */
    " asking INTEGER NOT NULL, asked INTEGER NOT NULL, next_ms INTEGER NOT NULL,"
    " lost_since_ms INTEGER NOT NULL,"
    " known_epoch INTEGER NOT NULL, known_seq INTEGER NOT NULL,"
    " told_ms INTEGER NOT NULL," /* when the member told of its loss; 0: never */
    " told_since_ms INTEGER NOT NULL, signed_ms INTEGER NOT NULL,"
    " answer_ms INTEGER NOT NULL, answered_ms INTEGER NOT NULL,"
    " its_epoch INTEGER NOT NULL, its_seq INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE post_unknown (" /* letters of mine that are not in my outbox */
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " peer BLOB NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " link BLOB NOT NULL, item_id BLOB NOT NULL, kind INTEGER NOT NULL,"
    " at_ms INTEGER NOT NULL,"
    " UNIQUE (peer, epoch, seq)"
    ") STRICT;";

#define COLUMNS                                                                          \
    "peer, begun_ms, asking, asked, next_ms, lost_since_ms, known_epoch, known_seq,"     \
    " told_ms, told_since_ms, signed_ms, answer_ms, answered_ms, its_epoch, its_seq"

enum { FIND, PUT, NEXT_DUE, TOLD, COUNT, PUT_UNKNOWN, UNKNOWNS, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [FIND] = "SELECT " COLUMNS " FROM post_resync WHERE peer = ?1",
    [PUT] = "INSERT OR REPLACE INTO post_resync (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5,"
            " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    [NEXT_DUE] = "SELECT " COLUMNS " FROM post_resync WHERE peer > ?1"
                 " AND ((asking = 1 AND (next_ms <= ?2 OR next_ms > ?3))"
                 " OR (answer_ms > 0 AND (answer_ms <= ?2 OR answer_ms > ?3)))"
                 " ORDER BY peer LIMIT 1",
    [TOLD] = "SELECT peer, told_since_ms, told_ms FROM post_resync WHERE told_ms > 0"
             " ORDER BY told_ms DESC LIMIT ?1",
    [COUNT] = "SELECT count(*) FROM post_unknown WHERE peer = ?1",
    [PUT_UNKNOWN] = "INSERT INTO post_unknown (peer, epoch, seq, link, item_id, kind,"
                    " at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [UNKNOWNS] = "SELECT id, peer, epoch, seq, link, item_id, kind, at_ms"
                 " FROM post_unknown WHERE id > ?1 ORDER BY id LIMIT ?2",
};

struct resyncs {
    struct statements *statements;
};

enum status resyncs_open(struct db *db, struct resyncs **ret, struct trouble *trouble)
{
    struct resyncs *resyncs = memory_new(sizeof *resyncs);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &resyncs->statements, trouble);
    if (status != STATUS_OK) {
        resyncs_close(&resyncs);
        return status;
    }
    *ret = resyncs;
    return STATUS_OK;
}

void resyncs_close(struct resyncs **resyncs)
{
    if (*resyncs == NULL)
        return;
    statements_close(&(*resyncs)->statements);
    memory_free(*resyncs);
    *resyncs = NULL;
}

static enum status read_row(const struct query *query, struct resync_row *ret)
{
    struct resync_row row = {.begun_ms = row_int(query, 1),
        .asking = row_int(query, 2) != 0,
        .asked = row_int(query, 3) != 0,
        .next_ms = row_int(query, 4),
        .lost_since_ms = row_int(query, 5),
        .known_epoch = (uint32_t)row_int(query, 6),
        .known_seq = (uint64_t)row_int(query, 7),
        .told_ms = row_int(query, 8),
        .told_since_ms = row_int(query, 9),
        .signed_ms = row_int(query, 10),
        .answer_ms = row_int(query, 11),
        .answered_ms = row_int(query, 12),
        .its_epoch = (uint32_t)row_int(query, 13),
        .its_seq = (uint64_t)row_int(query, 14)};
    enum status status = row_exact(query, 0, &row.peer, IDENT_BYTES);
    if (status == STATUS_OK)
        *ret = row;
    return status;
}

/* Ends the query. */
static enum status read_one(struct query *query, struct resync_row *ret)
{
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? read_row(query, ret) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

enum status resyncs_find(
    struct resyncs *resyncs, const struct ident *peer, struct resync_row *ret)
{
    struct query *query = query_start(resyncs->statements, FIND);
    query_ident(query, 1, peer);
    enum status status = read_one(query, ret);
    if (status != STATUS_NOT_FOUND)
        return status;
    *ret = (struct resync_row){.peer = *peer};
    return STATUS_OK;
}

enum status resyncs_put(struct resyncs *resyncs, const struct resync_row *row)
{
    struct query *query = query_start(resyncs->statements, PUT);
    query_ident(query, 1, &row->peer);
    query_int(query, 2, row->begun_ms);
    query_int(query, 3, row->asking);
    query_int(query, 4, row->asked);
    query_int(query, 5, row->next_ms);
    query_int(query, 6, row->lost_since_ms);
    query_int(query, 7, row->known_epoch);
    query_int(query, 8, (int64_t)row->known_seq);
    query_int(query, 9, row->told_ms);
    query_int(query, 10, row->told_since_ms);
    query_int(query, 11, row->signed_ms);
    query_int(query, 12, row->answer_ms);
    query_int(query, 13, row->answered_ms);
    query_int(query, 14, row->its_epoch);
    query_int(query, 15, (int64_t)row->its_seq);
    return query_run(query);
}

enum status resyncs_next_due(struct resyncs *resyncs, const struct ident *after,
    int64_t now_ms, struct resync_row *ret)
{
    struct query *query = query_start(resyncs->statements, NEXT_DUE);
    query_ident(query, 1, after);
    query_int(query, 2, now_ms);
    query_int(query, 3, now_ms + TOO_FAR_MS);
    return read_one(query, ret);
}

enum status resyncs_told(
    struct resyncs *resyncs, struct post_loss *ret, size_t max, size_t *ret_n)
{
    struct query *query = query_start(resyncs->statements, TOLD);
    query_int(query, 1, (int64_t)max);
    size_t n = 0;
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found && n < max) {
        ret[n] = (struct post_loss){
            .lost_since_ms = row_int(query, 1), .told_ms = row_int(query, 2)};
        status = row_exact(query, 0, &ret[n++].peer, IDENT_BYTES);
        if (status == STATUS_OK)
            status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

static enum status count_unknown(
    struct resyncs *resyncs, const struct ident *peer, int64_t *ret)
{
    struct query *query = query_start(resyncs->statements, COUNT);
    bool found = false;
    query_ident(query, 1, peer);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && found)
        *ret = row_int(query, 0);
    query_end(query);
    return status;
}

enum status resyncs_put_unknown(
    struct resyncs *resyncs, const struct post_unknown *unknown)
{
    int64_t n = 0;
    enum status status = count_unknown(resyncs, &unknown->peer, &n);
    if (status != STATUS_OK)
        return status;
    if (n >= RESYNC_UNKNOWN_MAX)
        return STATUS_TOO_BIG;
    struct query *query = query_start(resyncs->statements, PUT_UNKNOWN);
    query_ident(query, 1, &unknown->peer);
    query_int(query, 2, unknown->chain_epoch);
    query_int(query, 3, (int64_t)unknown->pair_seq);
    query_blob(query, 4, hash_span(&unknown->link));
    query_ident(query, 5, &unknown->item_id);
    query_int(query, 6, unknown->kind);
    query_int(query, 7, unknown->at_ms);
    return query_run(query);
}

enum status resyncs_unknowns(struct resyncs *resyncs, int64_t after_id,
    struct post_unknown *ret, size_t max, size_t *ret_n)
{
    struct query *query = query_start(resyncs->statements, UNKNOWNS);
    query_int(query, 1, after_id);
    query_int(query, 2, (int64_t)max);
    size_t n = 0;
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found && n < max) {
        struct post_unknown *row = &ret[n++];
        *row = (struct post_unknown){.id = row_int(query, 0),
            .chain_epoch = (uint32_t)row_int(query, 2),
            .pair_seq = (uint64_t)row_int(query, 3),
            .kind = (uint16_t)row_int(query, 6),
            .at_ms = row_int(query, 7)};
        status = row_exact(query, 1, &row->peer, IDENT_BYTES);
        if (status == STATUS_OK)
            status = row_exact(query, 4, &row->link, HASH_BYTES);
        if (status == STATUS_OK)
            status = row_exact(query, 5, &row->item_id, IDENT_BYTES);
        if (status == STATUS_OK)
            status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}
