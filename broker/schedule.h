/* SPDX-License-Identifier: Apache-2.0
 *
 * schedule: who is served next, and with which envelope (PROTOCOL.md 6.3, 6.7). A decider.
 *
 * Among members: deficit round-robin. Each that has mail and credit stands in the ring; at its turn it gets
 * SCHEDULE_QUANTUM bytes more to spend, spends what it can, and goes to the end. So a flood for one does not
 * starve another, and large envelopes get no more of the line than small ones.
 *
 * Within a member: express first, but one normal after 8 express. Envelopes on which 3 sessions ended come
 * when nothing else waits, and alone: nothing else is under way when one is given out, so that the next
 * ended session blames the right one. Those of 10 sessions come last.
 */
#ifndef AMAAN_SCHEDULE_H
#define AMAAN_SCHEDULE_H

#include "held.h"

enum {
    SCHEDULE_QUANTUM = 32872
}; /* the largest envelope of suite 1: each turn moves at least one */

/* A member's place in the ring; zero at first. */
struct place {
    struct place *before, *behind;
    int64_t deficit; /* bytes it may still take in this turn */
    bool waits;      /* stands in the ring */
    bool served;     /* got its quantum of this turn */
};

struct schedule {
    struct place *first; /* whose turn it is */
};

/* At the end of the ring; nothing if it stands there. */
void schedule_add(struct schedule *schedule, struct place *place);
/* Has no mail or no credit any more: loses what it did not spend. Nothing if it does not stand there. */
void schedule_remove(struct schedule *schedule, struct place *place);
/* Whose turn it is, NULL if nobody waits. */
struct place *schedule_next(struct schedule *schedule);
/* May it take so many bytes in this turn? If so they are spent; if not, its turn is over. */
bool schedule_spend(struct schedule *schedule, struct place *place, int64_t bytes);

struct choice_facts {
    size_t waiting[QUEUE_COUNT];
    size_t under_way;     /* given out, not yet taken */
    bool alone;           /* what is under way is one that must be alone */
    unsigned express_run; /* express since the last normal */
};

/* QUEUE_COUNT: nothing to give now. */
enum queue schedule_choose(const struct choice_facts *facts);

#endif
