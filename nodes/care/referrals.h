/* SPDX-License-Identifier: Apache-2.0
 *
 * referrals: the referrals that this node sent or received.
 *
 * What a referral says is kept as one box under a key derived from the node's master key, bound to its row's
 * letter; what was decided so far as another; the reference is also kept as a keyed hash, to find it. While locked the rows can neither be read
 * nor found: everything answers LOCKED. A reference stands here once, whoever made it: a received one that
 * is already known is refused (EXISTS), so that no member can shadow another's referral.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_REFERRALS_H
#define AMAAN_REFERRALS_H

#include "body.h"
#include "box.h"
#include "db.h"
#include "progress.h"

struct referrals;

enum status referrals_open(struct db *db, struct chance *chance, struct referrals **ret,
    struct trouble *trouble) MUST_USE;
void referrals_close(struct referrals **referrals);
void referrals_unlock(struct referrals *referrals, const struct box_key *master);
void referrals_lock(struct referrals *referrals);

struct referral_row {
    int64_t id; /* given by the store; ascending in order of putting */
    bool sent;  /* by this node; else received */
    bool
        late; /* came after its lifetime: shown, without effect, nothing can be decided */
    /* Its boxes do not open any more: a bad disk. Ids, side and days still stand; the rest is empty. One row's
     * damage must hide neither the others nor stop the node. */
    bool damaged;
    /* Consent was withdrawn: its content is destroyed. Reference, service, priority and days still stand. */
    bool purged;
    struct ident item_id, peer;
    enum progress progress;
    int64_t day, changed_day;
    int64_t created_ms, received_ms; /* received_ms: 0 for a sent one */
    struct referral referral;        /* texts in the arena given to the call */
};

/* Puts a row; id is ignored, progress is REQUESTED. EXISTS: the letter or the reference is known. */
enum status referrals_put(struct referrals *referrals, const struct referral_row *row,
    int64_t *ret_id) MUST_USE;
enum status referrals_find(struct referrals *referrals, const char *reference,
    struct arena *arena, struct referral_row *ret) MUST_USE;
/* The newest row of that side with an id below `before` (INT64_MAX: the newest of all). Late ones are
 * listed with late = true only. NOT_FOUND at the end. */
enum status referrals_next(struct referrals *referrals, bool sent, bool late,
    int64_t before, struct arena *arena, struct referral_row *ret) MUST_USE;
/* The oldest of that side with an id above `after` on which nobody has decided, and which came in time. */
enum status referrals_next_undecided(struct referrals *referrals, bool sent,
    int64_t after, struct arena *arena, struct referral_row *ret) MUST_USE;
/* The row of that id. */
enum status referrals_get(struct referrals *referrals, int64_t id, struct arena *arena,
    struct referral_row *ret) MUST_USE;
/* Who is at the other end of a row, and which side it is. Works while locked. */
enum status referrals_peer(struct referrals *referrals, int64_t id,
    struct ident *ret_peer, bool *ret_sent) MUST_USE;
/* What the row says of the person and in words is replaced by nothing; reference, service, priority and what was decided
 * stand. For a case that is erased. The old box may stand on old pages, under the node's key. Needs no arena. */
enum status referrals_clear(struct referrals *referrals, int64_t id) MUST_USE;
/* The row (as found) is now there. */
enum status referrals_move(struct referrals *referrals, const struct referral_row *row,
    enum progress progress, int64_t day) MUST_USE;

/* Destroys what the row (as found) says of the person: what stays is reference, service, priority and days. The
 * freed bytes are overwritten (db.h). */
enum status referrals_purge(
    struct referrals *referrals, const struct referral_row *row, int64_t day) MUST_USE;

/* A withdrawal that came before its referral: a tombstone for that member's reference. EXISTS: it is there.
 * BURIED_OF_ONE_MAX of one member in BURIED_DAYS are kept, then the oldest goes: a letter lives 90 days. */
enum { BURIED_DAYS = 180, BURIED_OF_ONE_MAX = 4096 };
enum status referrals_bury(struct referrals *referrals, const char *reference,
    const struct ident *peer, int64_t day) MUST_USE;
enum status referrals_is_buried(struct referrals *referrals, const char *reference,
    const struct ident *peer, bool *ret) MUST_USE;

struct referrals_count {
    int64_t sent, received, waiting; /* waiting: received and still REQUESTED, OPENED or
                                      CANCEL_REQUESTED */
    int64_t late;
};
/* Works while locked. */
enum status referrals_count(
    struct referrals *referrals, struct referrals_count *ret) MUST_USE;

#endif
