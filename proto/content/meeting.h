/* SPDX-License-Identifier: Apache-2.0
 *
 * meeting: what a HANDOVER letter says: where, when and by whom a person is met, and how far it is (content.proto
 * Handover, docs/CARE.md 8). A point is a number of a list that everybody has: no field could hold an address (DP14).
 */
#ifndef AMAAN_MEETING_H
#define AMAAN_MEETING_H

#include "body.h"

enum meeting_step {
    MEETING_PROPOSE = 1, /* the rest of the struct goes with this one only */
    MEETING_AGREE,
    MEETING_HAND_OVER,
    MEETING_ARRIVE,
    MEETING_CALL_OFF,
    MEETING_MISS, /* nobody arrived: by the program, also to coordinators */
    MEETING_STEP_COUNT
};
enum meeting_who {
    WHO_WOMAN = 1,
    WHO_MAN,
    WHO_TWO_WOMEN,
    WHO_WOMAN_AND_DRIVER,
    WHO_AMBULANCE,
    MEETING_WHO_COUNT
};

enum {
    MEETING_SEED_BYTES = 16,
    MEETING_POINT_MAX =
        10000, /* numbers of the list; far more than there are crossings and hospitals */
    MEETING_ROUNDS_MAX = 100, /* proposals about one referral: beyond that, telephone */
    MEETING_WINDOW_MINUTES_MAX = 12 * 60, /* somebody waits that long in public at most */
    MEETING_WAY_MINUTES_MAX = 48 * 60     /* Taftan to Islamabad by road, with a night */
};

struct meeting {
    char reference[REFERENCE_BYTES];
    enum meeting_step step;
    unsigned round; /* from 1 */
    unsigned point; /* with PROPOSE, and so the rest; else zero */
    int64_t from_ms;
    unsigned minutes, way_minutes;
    enum meeting_who who;
    uint8_t seed[MEETING_SEED_BYTES];
};

/* MALFORMED for what breaks a rule, UNSUPPORTED for a code of a later version. */
enum status meeting_encode(const struct meeting *meeting, struct buffer *buffer) MUST_USE;
enum status meeting_decode(
    struct arena *arena, struct span bytes, struct meeting *ret) MUST_USE;

/* Words of docs/CARE.md 8; NULL past the end. */
const char *meeting_step_name(enum meeting_step step);
const char *meeting_who_name(enum meeting_who who);
enum status meeting_who_parse(const char *word, enum meeting_who *ret) MUST_USE;

#endif
