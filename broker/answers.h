/* SPDX-License-Identifier: Apache-2.0
 *
 * answers: what is said when the turn is committed, in order; what is forgotten when it is not; and what
 * could not be said yet, because a peer does not read, and is said before everything that comes later.
 *
 *     answers_add ... --commit---> answers_next, answers_next, answers_keep, answers_next: false
 *                  \--rollback--> answers_clear
 */
#ifndef AMAAN_ANSWERS_H
#define AMAAN_ANSWERS_H

#include "frame.h"

struct answers;

struct answers *answers_new(void);
void answers_destroy(struct answers **answers);
/* Encodes it at once. BUG for a frame beyond its limits: it is ours. */
void answers_add(struct answers *answers, uint64_t connection, const struct frame *frame);
/* Forgets what was added since the last round of answers_next, and nothing else. */
void answers_clear(struct answers *answers);

/* The next one, borrowed until the next call. False: that were all, and only those that answers_keep was
 * called for are there still. */
bool answers_next(
    struct answers *answers, uint64_t *ret_connection, struct span *ret_frame);
/* What answers_next gave last is given again in the next round. */
void answers_keep(struct answers *answers);
size_t answers_kept(const struct answers *answers); /* how many, between two rounds */

#endif
