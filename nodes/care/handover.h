/* SPDX-License-Identifier: Apache-2.0
 *
 * handover: how far a hand-over has come (docs/CARE.md 8). Pure: state, letter and time in; the next state out.
 *
 *   NONE --propose--> PROPOSED --agree--> AGREED --hand-over--> HANDED_OVER --arrive--> ARRIVED
 *                        \_______________/  call-off               \--miss--> MISSING --arrive--> ARRIVED
 *
 * Letters cross. A proposal opens a new round; what is said of an older round is agreement to something that stands no
 * more, and moves nothing. That a person went, and that she arrived, are facts: they hold in any round.
 */
#ifndef AMAAN_HANDOVER_H
#define AMAAN_HANDOVER_H

#include "meeting.h"

enum handover_state {
    HANDOVER_NONE = 0,
    HANDOVER_PROPOSED,
    HANDOVER_AGREED,
    HANDOVER_HANDED_OVER,
    HANDOVER_ARRIVED,
    HANDOVER_CALLED_OFF,
    HANDOVER_MISSING,
    HANDOVER_STATE_COUNT
};
enum handover_side { SIDE_SENDER = 1, SIDE_PROVIDER }; /* of the referral */

struct handover {
    enum handover_state state;
    struct meeting plan;           /* the newest proposal; point 0 once it was erased */
    int64_t handed_ms, arrived_ms; /* 0: not */
};

/* The letter moves it: OK. EXISTS: it says what stands already. CONFLICT: impossible from here. DENIED: not that side's to
 * say. EXPIRED: it speaks of an older round. *handover is changed on OK only. */
enum status handover_move(struct handover *handover, const struct meeting *letter,
    enum handover_side side, int64_t at_ms) MUST_USE;

/* When `arrived` is to have been said at the latest; INT64_MAX: nothing is awaited. */
int64_t handover_due_ms(const struct handover *handover);
/* The day from whose end on point, time and code are to be erased, days since 1970; INT64_MAX: not yet known. */
int64_t handover_erase_day(const struct handover *handover);
/* Six digits and a NUL, the same at both ends for the same proposal. */
enum { HANDOVER_CODE_BYTES = 7 };
void handover_code(const struct meeting *plan, char ret[static HANDOVER_CODE_BYTES]);

const char *handover_state_name(
    enum handover_state state); /* "proposed"; NULL past the end */

#endif
