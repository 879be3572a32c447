/* SPDX-License-Identifier: Apache-2.0
 *
 * witness: decides what time it is, and whether a date is truly past (PROTOCOL.md 4 (5)).
 *
 * The clock of one laptop is wrong more often than a network is. Two kinds of witness speak against it:
 * times that others signed (a roster counts alone; of the members the second newest counts, so that one
 * member with a clock in 2099 moves nobody), and the broker's word, which nobody signed and which is
 * therefore only ever used to doubt.
 *
 *   now      the later of the own clock and the signed floor; the floor goes on with steady time. Where own clock
 *            and broker agree and members name a later day, the newest roster alone is the floor
 *   past     destroys and expires: the own clock AND any signed time of another must be beyond the date
 *   doubtful the broker, too, says that the own clock is more than a day ahead
 *
 * No clock alone refuses anything. Pure: no clock is read here.
 */
#ifndef AMAAN_WITNESS_H
#define AMAAN_WITNESS_H

#include "clock.h"
#include "ident.h"

struct witness {
    int64_t roster_ms;                   /* newest time in a steward's document */
    struct ident first_member;           /* whose time is the newest of the members' */
    int64_t first_ms, second_ms;         /* newest, and newest of anybody else */
    int64_t floor_ms, floor_steady_ms;   /* signed floor, and when it was raised */
    int64_t broker_ms, broker_steady_ms; /* the broker's word; 0: never heard */
};

void witness_hear_roster(struct witness *witness, int64_t signed_ms, int64_t steady_ms);
void witness_hear_member(struct witness *witness, const struct ident *member,
    int64_t signed_ms, int64_t steady_ms);
void witness_hear_broker(struct witness *witness, int64_t wall_ms, int64_t steady_ms);

int64_t witness_now_ms(const struct witness *witness, int64_t own_ms, int64_t steady_ms);
bool witness_past(const struct witness *witness, int64_t own_ms, int64_t date_ms);
bool witness_doubtful(const struct witness *witness, int64_t own_ms, int64_t steady_ms);
/* What to take instead while doubtful: the broker's word, not below the floor. */
int64_t witness_other_ms(const struct witness *witness, int64_t steady_ms);

/* Has the period passed since then? A `then` in the future means that the clock was set back: yes. */
bool period_over(int64_t now_ms, int64_t then_ms, int64_t period_ms);

#endif
