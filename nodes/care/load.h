/* SPDX-License-Identifier: Apache-2.0
 *
 * load: what stands on a coordinator's board, counted by service and by district (docs/CARE.md 19): how much is open and
 * late, and how long those who wait have waited so far. Pure.
 *
 * Who waits: whoever was asked for and is not served yet (an opening, a decision, a beginning, an appointment, a place, or
 * the sender's next step is waited for). Counted from the minute in which the referral was made: that is how long the
 * person has waited, whoever had it meanwhile. Of those that were served nothing is known here but their last state, so
 * that this is no statistic of the past; statistics/ is.
 */
#ifndef AMAAN_LOAD_H
#define AMAAN_LOAD_H

#include "board.h"

enum { LOAD_LINES_MAX = 800 }; /* numbers of districts are below it */

enum load_by { LOAD_BY_SERVICE, LOAD_BY_DISTRICT };

struct load_line {
    unsigned key; /* enum service, or the district's number; 0: no district was told */
    size_t open, half, overdue, undelivered;
    size_t waiting;
    int64_t median_ms, longest_ms; /* of those that wait; 0 where nobody does */
};

/* Lines of what is open, the most open ones first, then by key; how many. */
size_t load_count(const struct deadline_policy *policy, const struct board_row *rows,
    size_t n, enum load_by by, int64_t now_ms,
    struct load_line ret[static LOAD_LINES_MAX]);

#endif
