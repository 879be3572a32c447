/* SPDX-License-Identifier: Apache-2.0
 *
 * watches: what this node watches of each of its referrals until its end: since when it stands where it stands, what was
 * told about its lateness, and when it is to be looked at again (docs/CARE.md 9). Times and marks in clear, so that a
 * locked node knows that something is due; what the referral is stands boxed in its own row.
 *
 * Calls that write assert an open transaction. Everything works while locked. Answers NOT_FOUND, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_WATCHES_H
#define AMAAN_WATCHES_H

#include "db.h"
#include "ident.h"

extern const char *const WATCHES_SCHEMA;

struct watches;

enum { WATCH_NEVER = 0 }; /* as a time */

struct watch {
    int64_t referral;        /* row of referrals.h */
    int64_t since_ms;        /* in its state */
    int64_t paused_since_ms; /* 0: its clock runs */
    int64_t paused_ms;       /* before that */
    uint32_t told;           /* bits of deadline marks */
    bool settled;
    uint32_t day;           /* of an appointment or a waiting list; 0 none */
    int64_t nudged_ms;      /* by a coordinator; 0 never */
    struct ident suggested; /* by a coordinator; zero: nobody */
    int64_t due_ms;         /* WATCH_NEVER: nothing is waited for */
    int64_t look_ms;        /* WATCH_NEVER: not again by itself */
};

enum status watches_open(
    struct db *db, struct watches **ret, struct trouble *trouble) MUST_USE;
void watches_close(struct watches **watches);

enum status watches_find(
    struct watches *watches, int64_t referral, struct watch *ret) MUST_USE;
enum status watches_put(struct watches *watches, const struct watch *watch) MUST_USE;
/* The one to be looked at first, if its time has come; NOT_FOUND. */
enum status watches_next_look(
    struct watches *watches, int64_t now_ms, struct watch *ret) MUST_USE;
/* When that is; INT64_MAX: nothing is to be looked at. */
enum status watches_soonest(struct watches *watches, int64_t *ret_ms) MUST_USE;
/* In the order in which they are due, after that one (zeros: from the first); NOT_FOUND at the end. */
enum status watches_next_due(struct watches *watches, int64_t due_ms, int64_t referral,
    struct watch *ret) MUST_USE;
/* How many are due before that time. */
enum status watches_count_due(
    struct watches *watches, int64_t now_ms, int64_t *ret) MUST_USE;

#endif
