/* SPDX-License-Identifier: Apache-2.0
 *
 * deadlines: what a referral waits for, whose turn it is and until when (docs/CARE.md 9). Pure: a policy and what is
 * known of the referral in, at most two deadlines out. The policy is config/policy/deadlines.json, compiled in.
 *
 * A clock of tonight, emergency, urgent or urgent medical never stops: a line that is down makes nobody safer. A normal
 * one does not run while it is known that the two members cannot hear each other (DEADLINE paused_ms).
 */
#ifndef AMAAN_DEADLINES_H
#define AMAAN_DEADLINES_H

#include "event.h"
#include "progress.h"

enum { DEADLINE_MINUTES_MAX = 90 * 24 * 60, DEADLINE_DAYS_MAX = 366 };
/* Which row of the policy. Urgent medical: the service medical, urgent or emergency. */
enum deadline_clock {
    CLOCK_TONIGHT = 0,
    CLOCK_URGENT_MEDICAL,
    CLOCK_EMERGENCY,
    CLOCK_URGENT,
    CLOCK_NORMAL,
    CLOCK_COUNT
};
struct deadline_minutes {
    uint32_t opening, decision, beginning; /* opening 0: not asked for */
};
struct deadline_policy {
    uint32_t version;
    bool reviewed;
    struct deadline_minutes minutes[CLOCK_COUNT];
    uint32_t appointment_days, place_days, review_days, hold_days, no_show_days,
        cancel_days;
    uint32_t ring_minutes;  /* an express letter unopened that long: telephone */
    uint32_t silence_hours; /* a member unheard that long is cut off */
};

/* Exactly this shape, or MALFORMED with the reason. */
enum status deadlines_parse(
    struct span text, struct deadline_policy *ret, struct trouble *trouble) MUST_USE;
void deadlines_load(struct deadline_policy *ret);

struct watched {
    enum service service;
    enum priority priority;
    enum progress progress;
    int64_t
        created_ms; /* of the referral; at its recipient, a normal one's: when it came */
    int64_t since_ms;  /* in this state */
    int64_t paused_ms; /* in all, of a normal one */
    uint32_t day;      /* of the appointment, or how long it is on a list; 0 none */
    bool failed;       /* its letter will never arrive */
    bool settled;      /* nobody waits for anything any more */
};
enum { DEADLINES_OF_ONE = 2 };
struct deadline {
    enum waits waits;
    enum actor owner; /* whose turn it is */
    int64_t start_ms, due_ms;
};
/* Nearest first; how many. 0: nothing is waited for. */
size_t deadlines_of(const struct deadline_policy *policy, const struct watched *watched,
    struct deadline ret[static DEADLINES_OF_ONE]);
int64_t deadline_half_ms(const struct deadline *deadline);
enum late deadline_late(const struct deadline *deadline, int64_t now_ms);
enum deadline_clock deadline_clock_of(enum service service, enum priority priority);
bool deadline_pauses(enum service service, enum priority priority);

#endif
