/* SPDX-License-Identifier: Apache-2.0
 *
 * progress: the life of a referral, as people decide it (docs/CARE.md 7). A pure table; nothing of transport stands in
 * it: a letter is STORED, a referral is ACCEPTED, and the two are shown beside each other, never as one thing.
 *
 * A move is made by one of the two members and travels in a signed letter: the recipient's as an ANSWER, the
 * sender's as an UPDATE. Each side keeps its own copy of the state and moves it by the same rows, so the rows are made
 * for letters that cross: whatever the order in which they arrive, both sides end in the same state.
 *
 * - A cancel is a request. It is confirmed, or overtaken by an end that the recipient decided first.
 * - While it is asked for, what the recipient said before it knew moves nothing any more.
 * - "Entered in error" is above everything: it comes from every state, ends too, and nothing follows it.
 */
#ifndef AMAAN_PROGRESS_H
#define AMAAN_PROGRESS_H

#include "body.h"

/* Numbers are kept in records and never change their meaning. */
enum progress {
    PROGRESS_STAYS = 0, /* of a row: the state stays as it is */
    PROGRESS_REQUESTED,
    PROGRESS_OPENED,
    PROGRESS_ACCEPTED,
    PROGRESS_DECLINED,
    PROGRESS_COMPLETED,
    PROGRESS_WAITLISTED,
    PROGRESS_SCHEDULED,
    PROGRESS_IN_SERVICE,
    PROGRESS_ON_HOLD,
    PROGRESS_NO_SHOW,
    PROGRESS_CANCEL_REQUESTED,
    PROGRESS_CANCELLED,
    PROGRESS_REDIRECTED,
    PROGRESS_FAILED,
    PROGRESS_ENTERED_IN_ERROR,
    PROGRESS_COUNT
};
enum actor { ACTOR_SENDER = 1, ACTOR_RECIPIENT };

/* What somebody does. Those of the recipient have the number of their decision (body.h); asking and telling are
 * both members'. Numbers are kept in records, too. */
enum move {
    MOVE_OPENED = DECISION_OPENED,
    MOVE_ACCEPTED = DECISION_ACCEPTED,
    MOVE_DECLINED = DECISION_DECLINED,
    MOVE_COMPLETED = DECISION_COMPLETED,
    MOVE_WAITLISTED = DECISION_WAITLISTED,
    MOVE_REDIRECTED = DECISION_REDIRECTED,
    MOVE_SCHEDULED = DECISION_SCHEDULED,
    MOVE_IN_SERVICE = DECISION_IN_SERVICE,
    MOVE_ON_HOLD = DECISION_ON_HOLD,
    MOVE_NO_SHOW = DECISION_NO_SHOW,
    MOVE_CANCELLED = DECISION_CANCELLED,
    MOVE_FAILED = DECISION_FAILED,
    MOVE_MILESTONE = DECISION_MILESTONE,
    MOVE_FOLLOWED_UP = DECISION_FOLLOWED_UP,
    MOVE_ASKS = DECISION_ASKS,
    MOVE_TELLS = DECISION_TELLS,
    MOVE_CANCEL_REQUESTED = 64,
    MOVE_ENTERED_IN_ERROR,
    MOVE_STOPPED, /* told to nobody: it never left, or the recipient is no member any more */
    MOVE_COUNT
};

enum progress_effect {
    EFFECT_NONE = 0,
    EFFECT_KEPT,     /* written down; nothing moves */
    EFFECT_ENDS,     /* an end: the days of CARE.md 17 begin */
    EFFECT_DESTROYS, /* the recipient destroys the content at once and proves it */
    EFFECT_COUNT
};

#define PROGRESS_BIT(name) (UINT32_C(1) << PROGRESS_##name)
struct progress_row {
    uint32_t from; /* bits 1 << state */
    enum move move;
    enum actor actor;
    enum progress to;
    enum progress_effect effect;
};
const struct progress_row *progress_rows(size_t *ret_n);

/* "requested", ... NULL past the end. */
const char *progress_name(enum progress progress);
enum status progress_parse(const char *word, enum progress *ret) MUST_USE;
/* "opened", "cancel-requested", ... NULL for what is no move. */
const char *move_name(enum move move);
/* The word of its reason; NULL where it has none. */
const char *move_reason_name(enum move move, unsigned reason);
const char *actor_name(enum actor actor);
const char *progress_effect_name(enum progress_effect effect);

/* OK: *ret is the state from now on (the same one, where a row stays). EXISTS: the move is already part of where it
 * stands (a late OPENED under ACCEPTED), or came when a cancel was asked for: nothing to do. CONFLICT: impossible from
 * here. DENIED: not this actor's to say. */
enum status progress_move(
    enum progress from, enum move move, enum actor actor, enum progress *ret) MUST_USE;

/* Does nothing of what the other may still say change it, but "entered in error"? */
bool progress_is_over(enum progress progress);
/* Has it come as far as `wanted`? CONFLICT when it can never come there any more. BUSY: not yet. */
enum status progress_reached(enum progress progress, enum progress wanted) MUST_USE;

#endif
