/* SPDX-License-Identifier: Apache-2.0
 *
 * timeline: what was done about a case, and on which day. Each event is boxed under the case's key, so that it goes with
 * the case. Nothing is changed or taken back: a mistake is corrected by a further event.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND (no such case), LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_TIMELINE_H
#define AMAAN_TIMELINE_H

#include "casebook.h"

enum { EVENT_TEXT_BYTES_MAX = 1000 };

struct timeline;

enum status timeline_open(struct db *db, struct chance *chance, struct casebook *casebook,
    struct timeline **ret, struct trouble *trouble) MUST_USE;
void timeline_close(struct timeline **timeline);

struct event_row {
    int64_t id;   /* given by the store; ascending */
    bool damaged; /* its box does not open any more; the day still stands */
    int64_t day;
    enum case_event event;
    uint8_t detail;   /* outcome or reason that belongs to the event, or 0 */
    struct ident who; /* an opaque id of a local person; zero: the program */
    char reference[REFERENCE_BYTES]; /* of the referral it is about, or "" */
    char text[EVENT_TEXT_BYTES_MAX + 1];
};

/* id and damaged are ignored. TOO_BIG, MALFORMED: the text. */
enum status timeline_add(struct timeline *timeline, const struct ident *ident,
    const struct event_row *row) MUST_USE;
/* The newest event with an id below `before` (INT64_MAX: the newest of all); NOT_FOUND at the end. */
enum status timeline_next(struct timeline *timeline, const struct ident *ident,
    int64_t before, struct event_row *ret) MUST_USE;

#endif
