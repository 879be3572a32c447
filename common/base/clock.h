/* SPDX-License-Identifier: Apache-2.0
 *
 * clock: wall time and steady time, replaceable by tests. All times in the project are int64_t
 * milliseconds: wall time since 1970 UTC (names end in _ms or _at_ms), steady time since some start that
 * also counts while the machine sleeps (CLOCK_BOOTTIME). Wall time may jump; steady time never goes back.
 */
#ifndef AMAAN_CLOCK_H
#define AMAAN_CLOCK_H

#include <stdint.h>

#include "status.h"

struct clock {
    int64_t (*wall_ms)(void *context);
    int64_t (*steady_ms)(void *context);
    void *context;
};

struct clock *clock_system(void);
int64_t clock_wall_ms(struct clock *clock);
int64_t clock_steady_ms(struct clock *clock);

enum { TIME_TEXT_BYTES = 32 };
/* "2026-11-24T05:00:00Z". */
void time_format(int64_t wall_ms, char ret[static TIME_TEXT_BYTES]);
/* The same form back, or a bare day "2026-11-24" (its midnight, UTC). */
enum status time_parse(const char *text, int64_t *ret_wall_ms) MUST_USE;

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

#endif
