/* SPDX-License-Identifier: Apache-2.0
 *
 * peers: what post remembers of each other member: its newest bundle, my numbering to it, when it was
 * heard. Writes: inside a transaction.
 */
#ifndef AMAAN_PEERS_H
#define AMAAN_PEERS_H

#include "db.h"
#include "hash.h"
#include "prekey.h"

struct peers;

struct peer {
    struct ident node_id;
    uint64_t bundle_number; /* 0: none known */
    /* My numbering to it (PROTOCOL.md 1.6, 5 (1)). */
    uint32_t epoch;      /* 0: none, or given up: the next letter opens one */
    uint32_t last_epoch; /* highest ever used */
    uint64_t last_seq;
    struct hash last_link;
    bool conflicted;     /* the last epoch was given up for a CONFLICT */
    int64_t conflict_ms; /* when one was last opened for that reason */
    /* Heartbeats and silence. */
    uint64_t heartbeat_in;
    int64_t heartbeat_out_ms;
    uint32_t heartbeat_tries;
    int64_t heard_ms, signed_ms, traffic_ms;
};

enum status peers_open(
    struct db *db, struct peers **ret, struct trouble *trouble) MUST_USE;
void peers_close(struct peers **peers);

/* A member never met gives a fresh peer, all zero but its name. */
enum status peers_find(
    struct peers *peers, const struct ident *node_id, struct peer *ret) MUST_USE;
/* Everything but the bundle. */
enum status peers_put(struct peers *peers, const struct peer *peer) MUST_USE;
/* The next peer in order of meeting after row *cursor (0 at first), which is moved; NOT_FOUND at the end. */
enum status peers_next(struct peers *peers, int64_t *cursor, struct peer *ret) MUST_USE;

/* NOT_FOUND if none is known. It was verified when it was put. */
enum status peers_bundle(
    struct peers *peers, const struct ident *node_id, struct bundle *ret) MUST_USE;
/* The bytes of it, appended. */
enum status peers_bundle_bytes(
    struct peers *peers, const struct ident *node_id, struct buffer *ret) MUST_USE;
enum status peers_put_bundle(struct peers *peers, const struct ident *node_id,
    uint64_t number, struct span bundle) MUST_USE;

/* Gives up every numbering: this database was restored. */
enum status peers_end_epochs(struct peers *peers) MUST_USE;

#endif
