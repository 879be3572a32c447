/* SPDX-License-Identifier: Apache-2.0
 *
 * tombstones: what was TAKEN in the last 24 hours, so that an offer whose HELD got lost is answered HELD and
 * not delivered twice (PROTOCOL.md 6.6). At most TOMBSTONES_MAX, the oldest go first: that is harmless,
 * since the recipient's chain is the real memory. A store: a row holds all ids that one turn took.
 *
 * Nothing counts before tombstones_committed. Writes assert an open transaction.
 */
#ifndef AMAAN_TOMBSTONES_H
#define AMAAN_TOMBSTONES_H

#include "db.h"
#include "hash.h"

enum {
    TOMBSTONES_MAX =
        262144, /* 14 MiB of memory; 3 envelopes a second for a day (reasoned) */
    TOMBSTONES_TURN_MAX = 65536,
    TOMBSTONES_ROW_MAX = 4096 /* 192 KiB a row */
};

extern const char *const TOMBSTONES_SCHEMA;

struct tombstones;

enum status tombstones_open(struct db *db, struct chance *chance, struct tombstones **ret,
    struct trouble *trouble) MUST_USE;
void tombstones_close(struct tombstones **tombstones);

/* NOT_FOUND; EXISTS (the same bytes); CONFLICT (other bytes had that id). */
enum status tombstones_find(const struct tombstones *tombstones,
    const struct ident *msg_id, const struct hash *hash) MUST_USE;
/* One more in this turn; beyond TOMBSTONES_TURN_MAX it is not remembered. */
void tombstones_add(
    struct tombstones *tombstones, const struct ident *msg_id, const struct hash *hash);
/* Writes what this turn added, and makes room for it below the maximum. Once a turn. */
enum status tombstones_flush(struct tombstones *tombstones, uint32_t hour) MUST_USE;
/* Drops rows of hours before that, at most `max` rows. */
enum status tombstones_purge(
    struct tombstones *tombstones, uint32_t before_hour, size_t max) MUST_USE;
/* True if tombstones_purge has something to do. */
bool tombstones_are_due(const struct tombstones *tombstones, uint32_t before_hour);
void tombstones_committed(struct tombstones *tombstones);
void tombstones_rolled_back(struct tombstones *tombstones);
size_t tombstones_count(const struct tombstones *tombstones);

#endif
