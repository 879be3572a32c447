/* SPDX-License-Identifier: Apache-2.0
 *
 * calendar: the time by which the broker drops mail and tombstones. A clock that jumps must not empty the
 * mailboxes, so this time follows the steady clock, and a wall clock that is more than a day ahead is
 * believed only when a second witness agrees: what the stewards signed meanwhile, or a week of running.
 * A decider; the store keeps its hour over a restart.
 */
#ifndef AMAAN_CALENDAR_H
#define AMAAN_CALENDAR_H

#include "clock.h"

#include <stdbool.h>

struct calendar {
    int64_t believed_ms;
    int64_t steady_ms; /* when that was */
    int64_t doubt_since_steady_ms;
    bool doubts; /* the wall clock is more than a day ahead */
};

/* stored_ms: what was believed before, 0 if nothing. */
void calendar_init(
    struct calendar *calendar, int64_t stored_ms, int64_t wall_ms, int64_t steady_ms);
/* signed_ms: newest time of a signed document. Gives the time to believe. */
int64_t calendar_turn(
    struct calendar *calendar, int64_t wall_ms, int64_t steady_ms, int64_t signed_ms);
uint32_t calendar_hour(const struct calendar *calendar);

#endif
