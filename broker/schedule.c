/* SPDX-License-Identifier: Apache-2.0
 * The ring is a circle of places; `first` has the turn. A place gets its quantum when its turn begins, not
 * when it joins: joining again and again gains nothing.
 */
#include "schedule.h"

#include "memory.h"

void schedule_add(struct schedule *schedule, struct place *place)
{
    if (place->waits) {
        return;
    }
    *place = (struct place){.waits = true};
    if (schedule->first == NULL) {
        place->before = place;
        place->behind = place;
        schedule->first = place;
        return;
    }
    struct place *last = schedule->first->before;
    place->before = last;
    place->behind = schedule->first;
    last->behind = place;
    schedule->first->before = place;
}

void schedule_remove(struct schedule *schedule, struct place *place)
{
    if (!place->waits) {
        return;
    }
    if (place->behind == place) {
        schedule->first = NULL;
    } else {
        place->before->behind = place->behind;
        place->behind->before = place->before;
        if (schedule->first == place) {
            schedule->first = place->behind;
        }
    }
    *place = (struct place){.waits = false};
}

struct place *schedule_next(struct schedule *schedule)
{
    struct place *place = schedule->first;
    if (place != NULL && !place->served) {
        place->served = true;
        place->deficit += SCHEDULE_QUANTUM;
    }
    return place;
}

bool schedule_spend(struct schedule *schedule, struct place *place, int64_t bytes)
{
    PROMISE(place->waits && schedule->first == place);
    if (bytes <= place->deficit) {
        place->deficit -= bytes;
        return true;
    }
    place->served = false;
    schedule->first = place->behind;
    return false;
}

enum queue schedule_choose(const struct choice_facts *facts)
{
    if (facts->under_way > 0 && facts->alone) {
        return QUEUE_COUNT;
    }
    bool has_express = facts->waiting[QUEUE_EXPRESS] > 0;
    bool has_normal = facts->waiting[QUEUE_NORMAL] > 0;
    if (has_express && !(has_normal && facts->express_run >= EXPRESS_PER_NORMAL)) {
        return QUEUE_EXPRESS;
    }
    if (has_normal) {
        return QUEUE_NORMAL;
    }
    if (facts->under_way > 0) {
        return QUEUE_COUNT;
    }
    if (facts->waiting[QUEUE_BEHIND] > 0) {
        return QUEUE_BEHIND;
    }
    return facts->waiting[QUEUE_ASIDE] > 0 ? QUEUE_ASIDE : QUEUE_COUNT;
}
