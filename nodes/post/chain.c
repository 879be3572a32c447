/* SPDX-License-Identifier: Apache-2.0
 *
 * Settled numbers above the head are rows of post_inbox with how <> 0; this module reads their links, and
 * inbox.c alone writes them. A number that came and waits for its effect (how = 0) is neither settled nor
 * missing. One letter in order costs one select and one update here.
 */
#include "chain.h"

#include "memory.h"

#define COLUMNS "peer, epoch, head, head_link, highest, made_ms, gap_ms, gap_stage"

enum { FIND, PUT, SETTLED, ABOVE, SEEN, EPOCHS, SPOKEN, BEFORE, NEXT_GAP, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [FIND] = "SELECT " COLUMNS " FROM post_chains WHERE peer = ?1 AND epoch = ?2",
    [PUT] = "INSERT INTO post_chains (" COLUMNS ")"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (peer, epoch)"
            " DO UPDATE SET head = ?3, head_link = ?4, highest = ?5, gap_ms = ?7,"
            " gap_stage = ?8",
    [SETTLED] = "SELECT link FROM post_inbox WHERE peer = ?1 AND epoch = ?2 AND seq = ?3"
                " AND how <> 0",
    [ABOVE] = "SELECT seq FROM post_inbox WHERE peer = ?1 AND epoch = ?2 AND seq > ?3"
              " ORDER BY seq",
    [SEEN] = "SELECT max(seq) FROM post_inbox WHERE peer = ?1 AND epoch = ?2",
    [EPOCHS] = "SELECT count(*) FROM post_chains WHERE peer = ?1 AND made_ms > ?2",
    [SPOKEN] = "SELECT " COLUMNS " FROM post_chains WHERE peer = ?1"
               " ORDER BY head < highest AND gap_stage < 3 DESC, epoch DESC LIMIT 1",
    [BEFORE] = "SELECT " COLUMNS " FROM post_chains WHERE peer = ?1 AND epoch < ?2"
               " ORDER BY epoch DESC LIMIT 1",
    [NEXT_GAP] = "SELECT " COLUMNS " FROM post_chains WHERE head < highest"
                 " AND (peer > ?1 OR (peer = ?1 AND epoch > ?2))"
                 " ORDER BY peer, epoch LIMIT 1",
};

struct chain {
    struct statements *statements;
};

enum status chain_open(struct db *db, struct chain **ret, struct trouble *trouble)
{
    struct chain *chain = memory_new(sizeof *chain);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &chain->statements, trouble);
    if (status != STATUS_OK) {
        chain_close(&chain);
        return status;
    }
    *ret = chain;
    return STATUS_OK;
}

void chain_close(struct chain **chain)
{
    if (*chain == NULL)
        return;
    statements_close(&(*chain)->statements);
    memory_free(*chain);
    *chain = NULL;
}

/* Ends the query. */
static enum status read_one(struct query *query, struct chain_row *ret)
{
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    struct chain_row row = {0};
    if (status == STATUS_OK) {
        row.epoch = (uint32_t)row_int(query, 1);
        row.head = (uint64_t)row_int(query, 2);
        row.highest = (uint64_t)row_int(query, 4);
        row.made_ms = row_int(query, 5);
        row.gap_ms = row_int(query, 6);
        row.gap_stage = (enum gap_stage)row_int(query, 7);
        status = row_exact(query, 0, &row.peer, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        status = row_exact(query, 3, &row.head_link, HASH_BYTES);
    if (status == STATUS_OK)
        *ret = row;
    query_end(query);
    return status;
}

enum status chain_find(
    struct chain *chain, const struct ident *peer, uint32_t epoch, struct chain_row *ret)
{
    struct query *query = query_start(chain->statements, FIND);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    return read_one(query, ret);
}

enum status chain_before(
    struct chain *chain, const struct ident *peer, uint32_t epoch, struct chain_row *ret)
{
    struct query *query = query_start(chain->statements, BEFORE);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    return read_one(query, ret);
}

enum status chain_put(struct chain *chain, const struct chain_row *row)
{
    struct query *query = query_start(chain->statements, PUT);
    query_ident(query, 1, &row->peer);
    query_int(query, 2, row->epoch);
    query_int(query, 3, (int64_t)row->head);
    query_blob(query, 4, hash_span(&row->head_link));
    query_int(query, 5, (int64_t)row->highest);
    query_int(query, 6, row->made_ms);
    query_int(query, 7, row->gap_ms);
    query_int(query, 8, row->gap_stage);
    return query_run(query);
}

static enum status find_settled(struct chain *chain, const struct chain_row *row,
    uint64_t seq, struct hash *ret_link, bool *ret_found)
{
    struct query *query = query_start(chain->statements, SETTLED);
    query_ident(query, 1, &row->peer);
    query_int(query, 2, row->epoch);
    query_int(query, 3, (int64_t)seq);
    enum status status = query_next(query, ret_found);
    if (status == STATUS_OK && *ret_found)
        status = row_exact(query, 0, ret_link, HASH_BYTES);
    query_end(query);
    return status;
}

enum status chain_advance(struct chain *chain, struct chain_row *row)
{
    uint64_t before = row->head;
    bool found = true;
    while (found) {
        struct hash link;
        enum status status = find_settled(chain, row, row->head + 1, &link, &found);
        if (status != STATUS_OK)
            return status;
        if (found) {
            row->head++;
            row->head_link = link;
        }
        if (row->head >= row->highest)
            found = false;
    }
    if (row->highest < row->head)
        row->highest = row->head;
    if (row->head != before) {
        row->gap_ms = 0;
        row->gap_stage = GAP_QUIET;
    }
    return chain_put(chain, row);
}

enum status chain_missing(struct chain *chain, const struct chain_row *row,
    struct number_range *ret, size_t max, size_t *ret_n)
{
    struct query *query = query_start(chain->statements, ABOVE);
    query_ident(query, 1, &row->peer);
    query_int(query, 2, row->epoch);
    query_int(query, 3, (int64_t)row->head);
    uint64_t next = row->head + 1;
    size_t n = 0;
    bool found = true;
    enum status status = STATUS_OK;
    while (found && n < max) {
        status = query_next(query, &found);
        if (status != STATUS_OK)
            break;
        uint64_t present = found ? (uint64_t)row_int(query, 0) : row->highest + 1;
        if (present > next)
            ret[n++] = (struct number_range){next, present - 1};
        next = present + 1;
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

enum status chain_seen(struct chain *chain, const struct chain_row *row, uint64_t *ret)
{
    struct query *query = query_start(chain->statements, SEEN);
    query_ident(query, 1, &row->peer);
    query_int(query, 2, row->epoch);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK) {
        uint64_t seen = found && !row_is_null(query, 0) ? (uint64_t)row_int(query, 0) : 0;
        *ret = seen > row->head ? seen : row->head;
    }
    query_end(query);
    return status;
}

enum status chain_epochs_since(
    struct chain *chain, const struct ident *peer, int64_t since_ms, int64_t *ret)
{
    struct query *query = query_start(chain->statements, EPOCHS);
    query_ident(query, 1, peer);
    query_int(query, 2, since_ms);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = row_int(query, 0);
    query_end(query);
    return status;
}

enum status chain_spoken(
    struct chain *chain, const struct ident *peer, struct chain_row *ret)
{
    struct query *query = query_start(chain->statements, SPOKEN);
    query_ident(query, 1, peer);
    return read_one(query, ret);
}

enum status chain_next_gap(
    struct chain *chain, const struct chain_row *after, struct chain_row *ret)
{
    struct query *query = query_start(chain->statements, NEXT_GAP);
    query_ident(query, 1, &after->peer);
    query_int(query, 2, after->epoch);
    return read_one(query, ret);
}
