/* SPDX-License-Identifier: Apache-2.0
 *
 * progress: what people have decided about a referral. A pure table; nothing of transport stands in it: a
 * letter is STORED, a referral is ACCEPTED, and the two are shown beside each other, never as one thing.
 *
 *   REQUESTED --opened--> OPENED --accepted--> ACCEPTED --completed--> COMPLETED
 *       \____________________\___accepted, declined__> ACCEPTED, DECLINED
 *
 * Only the member that was asked decides. Who opened nothing may accept: that says both.
 */
#ifndef AMAAN_PROGRESS_H
#define AMAAN_PROGRESS_H

#include "body.h"

enum progress {
    PROGRESS_REQUESTED = 1,
    PROGRESS_OPENED,
    PROGRESS_ACCEPTED,
    PROGRESS_DECLINED,
    PROGRESS_COMPLETED,
    PROGRESS_COUNT
};
enum actor { ACTOR_SENDER = 1, ACTOR_RECIPIENT };

/* "requested", ... NULL past the end. */
const char *progress_name(enum progress progress);
enum status progress_parse(const char *word, enum progress *ret) MUST_USE;

/* OK: *ret is the new state. EXISTS: the decision is already part of where it stands (a late OPENED under
 * ACCEPTED): nothing to do. CONFLICT: impossible from here. DENIED: not this actor's to say. */
enum status progress_move(enum progress from, enum decision decision, enum actor actor,
    enum progress *ret) MUST_USE;

/* Has it come as far as `wanted`? CONFLICT when it can never come there any more. BUSY: not yet. */
enum status progress_reached(enum progress progress, enum progress wanted) MUST_USE;

#endif
