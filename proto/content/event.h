/* SPDX-License-Identifier: Apache-2.0
 *
 * event: what an EVENT letter says about a referral to those who watch over it (content.proto Event, docs/CARE.md 9, 19):
 * from a member to its coordinator that a referral moved, is late or needs nothing more; from a coordinator to a member
 * that somebody waits, or whom else to ask. Codes, a minute and members' ids: no field for a name, a text or a place.
 */
#ifndef AMAAN_EVENT_H
#define AMAAN_EVENT_H

#include "body.h"

enum event_step {
    EVENT_MOVED = 1, /* move 0: it was made */
    EVENT_LATE,      /* half of its time is over, or all of it */
    EVENT_SETTLED,   /* its sender needs no answer any more */
    EVENT_NUDGE,     /* by a coordinator: it is your turn */
    EVENT_REASSIGN,  /* by a coordinator to the sender: ask that member */
    EVENT_ESCALATE,  /* by a coordinator to another one */
    EVENT_GOES_ON,   /* to those who heard that it was late: its state now */
    EVENT_STEP_COUNT
};
enum event_side { SIDE_OF_SENDER = 1, SIDE_OF_RECIPIENT, EVENT_SIDE_COUNT };

/* What a referral waits for. */
enum waits {
    WAITS_NOTHING = 0,
    WAITS_OPENING,
    WAITS_DECISION,
    WAITS_BEGINNING,   /* accepted */
    WAITS_APPOINTMENT, /* a day is agreed */
    WAITS_PLACE,       /* on a waiting list */
    WAITS_REVIEW,      /* in service, on hold, or not met */
    WAITS_CANCEL,      /* to be confirmed */
    WAITS_NEXT,        /* its sender: to ask another member, or to settle it */
    WAITS_COUNT
};
enum late { LATE_NOT = 0, LATE_HALF, LATE_FULL, LATE_COUNT };

enum {
    EVENT_BYTES_MAX = 96,
    EVENT_MOVE_MAX = 127 /* numbers of moves: care knows which there are */
};

struct event {
    char reference[REFERENCE_BYTES];
    enum event_step step;
    /* MOVED, LATE, SETTLED, GOES_ON: the member at the other end; REASSIGN: whom to ask; ESCALATE: who was asked; else zero. */
    struct ident member;
    /* The next four with MOVED, LATE, SETTLED, GOES_ON (of its writer) and ESCALATE (SIDE_OF_SENDER); else zero. */
    enum event_side side;
    enum service service;
    enum priority priority;
    int64_t created_ms; /* whole minutes */
    /* With MOVED, the move; with LATE, SETTLED, GOES_ON and ESCALATE, the state (progress.h). */
    unsigned move;
    uint32_t day;     /* with MOVED, LATE, GOES_ON and ESCALATE */
    enum waits waits; /* with LATE and ESCALATE */
    enum late late;
    bool undelivered;    /* with LATE */
    struct ident sender; /* with ESCALATE */
};

/* MALFORMED for what breaks a rule, UNSUPPORTED for a code of a later version. */
enum status event_encode(const struct event *event, struct buffer *buffer) MUST_USE;
enum status event_decode(
    struct arena *arena, struct span bytes, struct event *ret) MUST_USE;

/* Words of docs/CARE.md 9; NULL past the end. */
const char *event_step_name(enum event_step step);
const char *waits_name(enum waits waits);
const char *late_name(enum late late);

#endif
