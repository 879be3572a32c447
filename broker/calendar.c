/* SPDX-License-Identifier: Apache-2.0
 * Within a day of each other the wall clock is right and the believed time follows it, back and forth.
 */
#include "calendar.h"

#define STEP_MS (1 * DAY_MS)
#define WITNESS_MS (7 * DAY_MS)

void calendar_init(
    struct calendar *calendar, int64_t stored_ms, int64_t wall_ms, int64_t steady_ms)
{
    *calendar = (struct calendar){
        .believed_ms = stored_ms > 0 ? stored_ms : wall_ms,
        .steady_ms = steady_ms,
    };
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t calendar_turn(
    struct calendar *calendar, int64_t wall_ms, int64_t steady_ms, int64_t signed_ms)
{
    if (steady_ms > calendar->steady_ms) {
        calendar->believed_ms += steady_ms - calendar->steady_ms;
        calendar->steady_ms = steady_ms;
    }
    if (smaller(signed_ms, wall_ms) > calendar->believed_ms) {
        calendar->believed_ms = smaller(signed_ms, wall_ms); /* both say so */
    }
    int64_t ahead_ms = wall_ms - calendar->believed_ms;
    if (ahead_ms > STEP_MS && !calendar->doubts) {
        calendar->doubts = true;
        calendar->doubt_since_steady_ms = steady_ms;
    }
    bool endured =
        calendar->doubts && steady_ms - calendar->doubt_since_steady_ms >= WITNESS_MS;
    if (ahead_ms >= -STEP_MS && (ahead_ms <= STEP_MS || endured)) {
        calendar->believed_ms = wall_ms;
        calendar->doubts = false;
    }
    return calendar->believed_ms;
}

uint32_t calendar_hour(const struct calendar *calendar)
{
    return (uint32_t)(calendar->believed_ms / HOUR_MS);
}
