/* SPDX-License-Identifier: Apache-2.0
 *
 * retention: how long what is kept is kept, by class, and the reflection period (docs/CARE.md 17; DP15, DP27). The days
 * stand in config/policy/retention.json, which is part of the program: no setting of a node changes them (DP22).
 *
 * Nothing is destroyed by one clock: both witnesses of time must be past the date (PROTOCOL.md 4.5), so a
 * clock that jumps to 2099 destroys nothing. Pure: no store, no clock of its own.
 */
#ifndef AMAAN_RETENTION_H
#define AMAAN_RETENTION_H

#include "bytes.h"

enum retained {
    RETAINED_DECLINED = 1, /* content of a referral, since it was declined */
    RETAINED_LAPSED, /* ... since it expired, was withdrawn or could not be delivered */
    RETAINED_LATE,   /* ... since it came too late to have an effect */
    RETAINED_COMPLETED,   /* ... since it was completed */
    RETAINED_CASE_CLOSED, /* a case and all that hangs on it, since it was closed */
    RETAINED_SCREENING_UNFINISHED, /* a form that was begun, since its last answer */
    RETAINED_ARRIVALS,             /* a row of an arrivals list, since its day */
    RETAINED_AUDIT,                /* who looked: without values */
    RETAINED_COUNT
};

enum { RETENTION_DAYS_MIN = 1, RETENTION_DAYS_MAX = 3660 };

struct retention {
    uint32_t version;
    bool reviewed; /* by a person; else a draft */
    uint32_t days[RETAINED_COUNT];
    uint32_t reflection_days;
};

/* The policy of this program. Its reading cannot fail: a test reads the same bytes. */
void retention_load(struct retention *ret);
/* MALFORMED with the reason. */
enum status retention_parse(
    struct span text, struct retention *ret, struct trouble *trouble) MUST_USE;
const char *retained_name(enum retained what); /* "declined"; NULL past the end */

/* What time says here: days since 1970 of the own decisions' clock and of another's signed word. */
struct two_days {
    int64_t own, witness;
};

/* Is what stands there since that day to be destroyed now? */
bool retention_is_over(const struct retention *retention, enum retained what,
    int64_t since_day, struct two_days now);
/* The newest day of which that is so: what stands there since it or before is over. */
int64_t retention_horizon(
    const struct retention *retention, enum retained what, struct two_days now);
/* The day on which it will be, by the own clock. */
int64_t retention_ends(
    const struct retention *retention, enum retained what, int64_t since_day);

/* May somebody ask to put the person in touch with investigators? Not before the reflection period has passed since
 * the day the person was identified, unless the person asked for it. The clock that is earlier counts. */
bool reflection_is_over(const struct retention *retention, int64_t identified_day,
    bool person_asked, struct two_days now);

#endif
