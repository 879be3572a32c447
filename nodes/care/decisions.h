/* SPDX-License-Identifier: Apache-2.0
 *
 * decisions: what was decided about each referral, by the member that was asked and by its sender, in the order in
 * which it became known here. Each stands under the letter that carried it, or would have. One that was not applied (impossible, too late, said before) is kept
 * all the same, up to DECISIONS_IDLE_MAX of a referral: it is evidence. What was decided is boxed; see referrals.h for keys, locking and answers.
 */
#ifndef AMAAN_DECISIONS_H
#define AMAAN_DECISIONS_H

#include "body.h"
#include "box.h"
#include "db.h"
#include "progress.h"

enum {
    DECISIONS_TOLD_MAX = 200
}; /* of the other member about one referral: years of work */
enum { DECISIONS_IDLE_MAX = 32 }; /* a member that says the same for ever fills no disk */

struct decisions;

enum status decisions_open(struct db *db, struct chance *chance, struct decisions **ret,
    struct trouble *trouble) MUST_USE;
void decisions_close(struct decisions **decisions);
void decisions_unlock(struct decisions *decisions, const struct box_key *master);
void decisions_lock(struct decisions *decisions);

struct decision_row {
    int64_t id, referral;
    struct ident item_id; /* of the ANSWER or UPDATE letter */
    bool mine;            /* this node decided and told it; else it was told */
    bool applied;
    bool
        damaged; /* its box does not open any more: id, letter and the two flags stand; move is 0 */
    int64_t at_ms;
    enum move move;
    unsigned reason; /* move_reason_name */
    /* The rest as in struct answer; zero where it has no use. */
    uint32_t day, services;
    size_t n_suggestions;
    struct ident suggestions[SUGGESTIONS_MAX];
    enum milestone milestone;
    enum follow_up follow_up;
    enum follow_result result;
    enum inquiry question;
    enum told told;
};
/* What the answer says, without its letter. */
void decision_of_answer(const struct answer *answer, struct decision_row *ret);
/* The other way; the move is the recipient's. */
void decision_to_answer(const struct decision_row *row, struct answer *ret);

/* id is ignored. EXISTS: that letter is here. */
enum status decisions_put(
    struct decisions *decisions, const struct decision_row *row) MUST_USE;
/* The next decision about the referral with an id above `after`, damaged ones too; NOT_FOUND at the end. */
enum status decisions_next(struct decisions *decisions, int64_t referral, int64_t after,
    struct decision_row *ret) MUST_USE;
/* Have DECISIONS_TOLD_MAX of the other member been kept; DECISIONS_IDLE_MAX that were not applied? Works while locked. */
enum status decisions_is_full(
    struct decisions *decisions, int64_t referral, bool *ret) MUST_USE;
enum status decisions_is_flooded(
    struct decisions *decisions, int64_t referral, bool *ret) MUST_USE;
/* The letter of this node's newest decision about it; NOT_FOUND. Works while locked. */
enum status decisions_last_mine(
    struct decisions *decisions, int64_t referral, struct ident *ret_item_id) MUST_USE;

#endif
