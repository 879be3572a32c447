/* SPDX-License-Identifier: Apache-2.0
 *
 * announce: when a node makes itself heard because letters wait that nobody has opened (docs/CARE.md 22). A decider: it
 * is given numbers by lane and two times, and says whether to announce now. It knows nothing else, so that nothing else
 * can be announced (DP23). What makes the noise is crier.h.
 *
 * Express: at once when the count rises, then every ANNOUNCE_REPEAT_MS while one waits, by day and by night. Normal: once
 * for each rise, at most one in ANNOUNCE_NORMAL_GAP_MS, and in the night not before the morning. A rise that is held
 * back is not forgotten: it is announced when it may be, if it still waits.
 *
 * Spaces of time are counted with the steady clock, so that a clock that jumps makes no burst and no silence; only night
 * and day are taken from the time of day. A member that floods the node with express letters gets no more out of
 * it than ANNOUNCE_HOUR_MAX announcements in an hour and ANNOUNCE_DAY_MAX in a day; then one an hour is left, because a
 * siren that never ends is switched off, and one that is silent is no siren.
 */
#ifndef AMAAN_ANNOUNCE_H
#define AMAAN_ANNOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"

/* Five minutes: whoever sleeps next door wakes from the second or third, and can be dressed by then. */
#define ANNOUNCE_REPEAT_MS (5 * MINUTE_MS)
/* More express letters within a minute are one announcement: the members of one family come as several letters. */
#define ANNOUNCE_RISE_GAP_MS MINUTE_MS
/* What can wait until the morning does not need to be heard more often than that. */
#define ANNOUNCE_NORMAL_GAP_MS HOUR_MS
/* After ANNOUNCE_DAY_MAX: still heard, and not so often that somebody switches it off. */
#define ANNOUNCE_WORN_GAP_MS HOUR_MS

enum {
    ANNOUNCE_HOUR_MAX = 12,     /* of express: as often as the repeats alone make it */
    ANNOUNCE_DAY_MAX = 72,      /* six hours of repeats: a night */
    ANNOUNCE_NIGHT_BEGINS = 21, /* hours in Pakistan */
    ANNOUNCE_NIGHT_ENDS = 6,
    ANNOUNCE_COUNT_MAX = 99, /* above, the text is "99+": more is no more of a reason */
    ANNOUNCE_WORD_BYTES = 16 /* of "express=99+" */
};

struct announce_counts {
    int64_t express, normal; /* that wait unopened */
    bool locked;
};

/* Zeroed: nothing was announced yet. */
struct announce {
    int64_t express_told, normal_told; /* counts that were announced and still wait */
    int64_t express_at_ms
        [ANNOUNCE_DAY_MAX]; /* steady, a ring: the last announcements of express */
    size_t n_express;       /* ever */
    int64_t normal_at_ms;   /* steady */
    bool normal_ever;
};

/* To be announced now? Then it counts as done. */
bool announce_decide(struct announce *announce, const struct announce_counts *counts,
    int64_t steady_ms, int64_t wall_ms);
/* Is it night in Pakistan (UTC+5, all year)? */
bool announce_is_night(int64_t wall_ms);

/* The words of the command, in this order: "express=2", "normal=99+", "locked=yes". */
enum { ANNOUNCE_WORDS = 3 };
void announce_words(const struct announce_counts *counts,
    char ret[static ANNOUNCE_WORDS][ANNOUNCE_WORD_BYTES]);

/* The line on a terminal: one fixed sentence in English and in Urdu, with the two numbers. */
enum { ANNOUNCE_LINE_BYTES = 512 };
void announce_line(
    const struct announce_counts *counts, char ret[static ANNOUNCE_LINE_BYTES]);

#endif
