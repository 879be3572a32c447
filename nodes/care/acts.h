/* SPDX-License-Identifier: Apache-2.0
 *
 * acts: overrides (docs/CARE.md 13.5), each until it is settled: those done here, and at a coordinator those that
 * members told it. An act of one person alone is open until another person confirms it or undoes it.
 *
 * What it says is a box under a key of this node's; the reference is kept as a keyed hash, too. Writing asserts an open
 * transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_ACTS_H
#define AMAAN_ACTS_H

#include "box.h"
#include "db.h"
#include "ident.h"
#include "update.h"

enum {
    ACT_PERSON_BYTES_MAX = 60,
    ACTS_TOLD_MAX = 1000 /* of one member: what it tells beyond that is not kept */
};

enum act_state { ACT_OPEN = 1, ACT_TOLD, ACT_CONFIRMED, ACT_UNDONE, ACT_STATE_COUNT };

struct act {
    int64_t id;
    bool
        damaged; /* its box does not open any more: id, mine and peer are all that is known */
    bool mine;         /* done here; else told by `peer` */
    struct ident peer; /* of mine: the recipient of the referral */
    char reference[REFERENCE_BYTES];
    enum override reason;
    enum act_state
        state; /* OPEN: one person alone; TOLD: a second person agreed before it was sent */
    int64_t day, settled_day;
    char first[ACT_PERSON_BYTES_MAX +
               1]; /* "" of a told one: names of persons do not travel */
    char second[ACT_PERSON_BYTES_MAX + 1];
};

struct acts;

enum status acts_open(struct db *db, struct chance *chance, struct acts **ret,
    struct trouble *trouble) MUST_USE;
void acts_close(struct acts **acts);
void acts_unlock(struct acts *acts, const struct box_key *master);
void acts_lock(struct acts *acts);

/* EXISTS: it is known. TOO_BIG: that member told ACTS_TOLD_MAX already. */
enum status acts_put(struct acts *acts, const struct act *act) MUST_USE;
/* The act (by id) now says this. */
enum status acts_change(struct acts *acts, const struct act *act) MUST_USE;
/* The newest act about the reference. CORRUPT: it does not open. */
enum status acts_find(
    struct acts *acts, const char *reference, bool mine, struct act *ret) MUST_USE;
/* The next with an id below `before`, newest first; open ones only if asked; damaged ones too. NOT_FOUND at the end. */
enum status acts_next(
    struct acts *acts, bool open_only, int64_t before, struct act *ret) MUST_USE;
/* Removes what was done here about the reference: its case was erased. LOCKED; nothing to remove is OK. */
enum status acts_remove(struct acts *acts, const char *reference) MUST_USE;
/* "open", ... NULL past the end. */
const char *act_state_name(enum act_state state);

#endif
