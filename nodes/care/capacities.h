/* SPDX-License-Identifier: Apache-2.0
 *
 * capacities: the newest word about room of each member and unit (docs/CARE.md 5.4): others' as their CAPACITY letters
 * said it, and this member's own. A word that was written earlier never replaces a later one, in whichever order
 * they arrive; when it was written is what its sender signed.
 *
 * What it says is a box under a key of this node's; in clear stand member and unit. Writing asserts an open
 * transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_CAPACITIES_H
#define AMAAN_CAPACITIES_H

#include "box.h"
#include "capacity.h"
#include "db.h"
#include "ident.h"

/* The SQL script of the table, for node.c's numbered list. */
extern const char *const CAPACITIES_SCHEMA;

struct capacity_row {
    struct ident member;
    struct capacity capacity;
    int64_t written_ms; /* by its writer's clock */
};

struct capacities;

enum status capacities_open(struct db *db, struct chance *chance, struct capacities **ret,
    struct trouble *trouble) MUST_USE;
void capacities_close(struct capacities **capacities);
void capacities_unlock(struct capacities *capacities, const struct box_key *master);
void capacities_lock(struct capacities *capacities);

/* EXISTS: what is known of that unit was written then or later. */
enum status capacities_put(
    struct capacities *capacities, const struct capacity_row *row) MUST_USE;
/* The row after `after` (member, then unit; NULL: the first). NOT_FOUND at the end. `ret` may be `after`. One that
 * does not open is no word about room and is stepped over: its member's next word takes its place. */
enum status capacities_next(struct capacities *capacities,
    const struct capacity_row *after, struct capacity_row *ret) MUST_USE;

#endif
