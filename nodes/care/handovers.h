/* SPDX-License-Identifier: Apache-2.0
 *
 * handovers: the hand-over of each referral that has one (docs/CARE.md 8). One box a row under a key of this node's; in
 * clear stand the referral's row, and when something is due: an arrival that is awaited, a day on which point, time and
 * code are erased.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_HANDOVERS_H
#define AMAAN_HANDOVERS_H

#include "box.h"
#include "db.h"
#include "handover.h"

extern const char *const HANDOVER_SCHEMA;

struct handovers;

enum status handovers_open(struct db *db, struct chance *chance, struct handovers **ret,
    struct trouble *trouble) MUST_USE;
void handovers_close(struct handovers **handovers);
void handovers_unlock(struct handovers *handovers, const struct box_key *master);
void handovers_lock(struct handovers *handovers);

/* Of the referral's row; NOT_FOUND: none was proposed. */
enum status handovers_find(
    struct handovers *handovers, int64_t referral, struct handover *ret) MUST_USE;
/* The referral's hand-over is now that. */
enum status handovers_put(struct handovers *handovers, int64_t referral,
    const struct handover *handover) MUST_USE;

/* A row that does not open any more, or cannot be what its columns say: nothing of it is due from now on. */
enum status handovers_shelve(struct handovers *handovers, int64_t referral) MUST_USE;

/* One whose arrival was due at that time and was not said; NOT_FOUND. Works while locked. */
enum status handovers_next_due(
    struct handovers *handovers, int64_t now_ms, int64_t *ret_referral) MUST_USE;
/* When the next one is due; INT64_MAX. Works while locked. */
enum status handovers_soonest(struct handovers *handovers, int64_t *ret_ms) MUST_USE;
/* One whose point, time and code are to go on that day; NOT_FOUND. Works while locked. */
enum status handovers_next_over(
    struct handovers *handovers, int64_t day, int64_t *ret_referral) MUST_USE;

/* --- of members that told this coordinator that somebody is missing ----------------------------------------------- */
enum { MISSING_OF_ONE_MAX = 200 };
struct missing {
    int64_t id;
    struct ident peer;
    char reference[REFERENCE_BYTES];
    int64_t told_ms;
};
/* EXISTS: that member said so. Of one member MISSING_OF_ONE_MAX are kept: then its oldest goes. */
enum status handovers_put_missing(
    struct handovers *handovers, const struct missing *missing) MUST_USE;
/* It arrived after all. NOT_FOUND: nobody said that it was missing. */
enum status handovers_end_missing(struct handovers *handovers, const struct ident *peer,
    const char *reference) MUST_USE;
/* The next with an id below `before`, the newest first. One that does not open is stepped over. */
enum status handovers_next_missing(
    struct handovers *handovers, int64_t before, struct missing *ret) MUST_USE;

#endif
