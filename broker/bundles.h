/* SPDX-License-Identifier: Apache-2.0
 *
 * bundles: the newest prekey bundle of each member, as members handed it in, and what changed since a node
 * last asked. A store: it compares numbers and keeps bytes; whoever puts one in has checked its signature.
 *
 * Each change gets a mark, rising. Marks begin at a random number, so that a mark from another disk is
 * either beyond all of ours (then all bundles are given) or before them. Of each bundle the prekeys' ends
 * stay in memory: they are asked for at every offer (PROTOCOL.md 4.2).
 *
 * Writes assert an open transaction. What a turn put is seen at once and undone by bundles_rolled_back.
 */
#ifndef AMAAN_BUNDLES_H
#define AMAAN_BUNDLES_H

#include "chance.h"
#include "db.h"
#include "hash.h"
#include "prekey.h"

extern const char *const BUNDLES_SCHEMA;

struct bundles;

enum status bundles_open(struct db *db, struct chance *chance, struct bundles **ret,
    struct trouble *trouble) MUST_USE;
void bundles_close(struct bundles **bundles);

/* Number of the bundle held for that node; 0 none. */
uint64_t bundles_number(const struct bundles *bundles, const struct ident *node_id);
/* Is it worth checking? OK (newer), EXISTS (the same bytes), EXPIRED (older), CONFLICT (the same number,
 * other bytes: its maker speaks with two tongues). */
enum status bundles_compare(const struct bundles *bundles, const struct bundle *bundle,
    struct span bytes) MUST_USE;
/* Replaces the older one. FULL, IO, CORRUPT. */
enum status bundles_put(
    struct bundles *bundles, const struct bundle *bundle, struct span bytes) MUST_USE;
void bundles_committed(struct bundles *bundles);
void bundles_rolled_back(struct bundles *bundles);

/* When that prekey of that node ends; false if the bundle held does not list it. */
bool bundles_find_end(const struct bundles *bundles, const struct ident *node_id,
    uint64_t prekey_id, int64_t *ret_not_after_ms);

/* The mark of the newest change; 0 if there are none. */
uint64_t bundles_mark(const struct bundles *bundles);
/* Bundles that changed after the mark, in that order, as many as fit into max_bytes. The bytes stand behind
 * each other in the buffer, their lengths in ret_bytes (room for max). */
enum status bundles_since(struct bundles *bundles, uint64_t mark, struct buffer *bytes,
    size_t max_bytes, size_t *ret_bytes, size_t max, size_t *ret_n, uint64_t *ret_mark,
    bool *ret_more) MUST_USE;

#endif
