/* SPDX-License-Identifier: Apache-2.0
 *
 * One row per member ever met. A row is made by the first put.
 */
#include "peers.h"

#include "memory.h"

#define COLUMNS                                                                          \
    "id, node_id, bundle_number, epoch, last_epoch, last_seq, last_link, conflicted,"    \
    " conflict_ms, heartbeat_in, heartbeat_out_ms, heartbeat_tries, heard_ms,"           \
    " signed_ms, traffic_ms"

enum { FIND, NEXT, PUT, BUNDLE, PUT_BUNDLE, END_EPOCHS, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [FIND] = "SELECT " COLUMNS " FROM post_peers WHERE node_id = ?1",
    [NEXT] = "SELECT " COLUMNS " FROM post_peers WHERE id > ?1 ORDER BY id LIMIT 1",
    [PUT] = "INSERT INTO post_peers (node_id, epoch, last_epoch, last_seq, last_link,"
            " conflicted, conflict_ms, heartbeat_in, heartbeat_out_ms, heartbeat_tries,"
            " heard_ms, signed_ms, traffic_ms)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
            " ON CONFLICT (node_id) DO UPDATE SET epoch = ?2, last_epoch = ?3,"
            " last_seq = ?4, last_link = ?5, conflicted = ?6, conflict_ms = ?7,"
            " heartbeat_in = ?8, heartbeat_out_ms = ?9, heartbeat_tries = ?10,"
            " heard_ms = ?11, signed_ms = ?12, traffic_ms = ?13",
    [BUNDLE] = "SELECT bundle FROM post_peers WHERE node_id = ?1 AND bundle IS NOT NULL",
    [PUT_BUNDLE] =
        "INSERT INTO post_peers (node_id, bundle_number, bundle) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (node_id) DO UPDATE SET bundle_number = ?2, bundle = ?3",
    [END_EPOCHS] = "UPDATE post_peers SET epoch = 0, conflicted = 0",
};

struct peers {
    struct statements *statements;
};

enum status peers_open(struct db *db, struct peers **ret, struct trouble *trouble)
{
    struct peers *peers = memory_new(sizeof *peers);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &peers->statements, trouble);
    if (status != STATUS_OK) {
        peers_close(&peers);
        return status;
    }
    *ret = peers;
    return STATUS_OK;
}

void peers_close(struct peers **peers)
{
    if (*peers == NULL)
        return;
    statements_close(&(*peers)->statements);
    memory_free(*peers);
    *peers = NULL;
}

static enum status read_peer(const struct query *query, struct peer *ret)
{
    struct peer peer = {
        .bundle_number = (uint64_t)row_int(query, 2),
        .epoch = (uint32_t)row_int(query, 3),
        .last_epoch = (uint32_t)row_int(query, 4),
        .last_seq = (uint64_t)row_int(query, 5),
        .conflicted = row_int(query, 7) != 0,
        .conflict_ms = row_int(query, 8),
        .heartbeat_in = (uint64_t)row_int(query, 9),
        .heartbeat_out_ms = row_int(query, 10),
        .heartbeat_tries = (uint32_t)row_int(query, 11),
        .heard_ms = row_int(query, 12),
        .signed_ms = row_int(query, 13),
        .traffic_ms = row_int(query, 14),
    };
    enum status status = row_exact(query, 1, &peer.node_id, IDENT_BYTES);
    if (status == STATUS_OK && !row_is_null(query, 6))
        status = row_exact(query, 6, &peer.last_link, HASH_BYTES);
    if (status == STATUS_OK)
        *ret = peer;
    return status;
}

enum status peers_find(struct peers *peers, const struct ident *node_id, struct peer *ret)
{
    struct query *query = query_start(peers->statements, FIND);
    query_ident(query, 1, node_id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && found)
        status = read_peer(query, ret);
    query_end(query);
    if (status == STATUS_OK && !found)
        *ret = (struct peer){.node_id = *node_id};
    return status;
}

enum status peers_next(struct peers *peers, int64_t *cursor, struct peer *ret)
{
    struct query *query = query_start(peers->statements, NEXT);
    query_int(query, 1, *cursor);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = read_peer(query, ret);
    if (status == STATUS_OK)
        *cursor = row_int(query, 0);
    query_end(query);
    return status;
}

enum status peers_put(struct peers *peers, const struct peer *peer)
{
    struct query *query = query_start(peers->statements, PUT);
    query_ident(query, 1, &peer->node_id);
    query_int(query, 2, peer->epoch);
    query_int(query, 3, peer->last_epoch);
    query_int(query, 4, (int64_t)peer->last_seq);
    query_blob(query, 5, hash_span(&peer->last_link));
    query_int(query, 6, peer->conflicted);
    query_int(query, 7, peer->conflict_ms);
    query_int(query, 8, (int64_t)peer->heartbeat_in);
    query_int(query, 9, peer->heartbeat_out_ms);
    query_int(query, 10, peer->heartbeat_tries);
    query_int(query, 11, peer->heard_ms);
    query_int(query, 12, peer->signed_ms);
    query_int(query, 13, peer->traffic_ms);
    return query_run(query);
}

enum status peers_bundle_bytes(
    struct peers *peers, const struct ident *node_id, struct buffer *ret)
{
    struct query *query = query_start(peers->statements, BUNDLE);
    query_ident(query, 1, node_id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        struct span bytes = row_blob(query, 0);
        status = buffer_put(ret, bytes.at, bytes.n);
    }
    query_end(query);
    return status;
}

enum status peers_bundle(
    struct peers *peers, const struct ident *node_id, struct bundle *ret)
{
    struct query *query = query_start(peers->statements, BUNDLE);
    query_ident(query, 1, node_id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        struct span covered;
        status = bundle_decode(row_blob(query, 0), ret, &covered);
        if (status != STATUS_OK)
            status = STATUS_CORRUPT;
    }
    query_end(query);
    return status;
}

enum status peers_put_bundle(
    struct peers *peers, const struct ident *node_id, uint64_t number, struct span bundle)
{
    struct query *query = query_start(peers->statements, PUT_BUNDLE);
    query_ident(query, 1, node_id);
    query_int(query, 2, (int64_t)number);
    query_blob(query, 3, bundle);
    return query_run(query);
}

enum status peers_end_epochs(struct peers *peers)
{
    return query_run(query_start(peers->statements, END_EPOCHS));
}
