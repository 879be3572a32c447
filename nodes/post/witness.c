/* SPDX-License-Identifier: Apache-2.0
 *
 * Only the two newest member times are kept: the floor needs no more. Loading them again from the peers'
 * rows in any order gives the same state.
 */
#include "witness.h"

static void raise_floor(struct witness *witness, int64_t steady_ms)
{
    int64_t floor =
        witness->roster_ms > witness->second_ms ? witness->roster_ms : witness->second_ms;
    int64_t present = witness->floor_ms == 0
                          ? 0
                          : witness->floor_ms + (steady_ms - witness->floor_steady_ms);
    if (floor > present) {
        witness->floor_ms = floor;
        witness->floor_steady_ms = steady_ms;
    }
}

void witness_hear_roster(struct witness *witness, int64_t signed_ms, int64_t steady_ms)
{
    if (signed_ms > witness->roster_ms)
        witness->roster_ms = signed_ms;
    raise_floor(witness, steady_ms);
}

void witness_hear_member(struct witness *witness, const struct ident *member,
    int64_t signed_ms, int64_t steady_ms)
{
    if (ident_equal(&witness->first_member, member)) {
        if (signed_ms > witness->first_ms)
            witness->first_ms = signed_ms;
    } else if (signed_ms > witness->first_ms) {
        witness->second_ms = witness->first_ms;
        witness->first_ms = signed_ms;
        witness->first_member = *member;
    } else if (signed_ms > witness->second_ms) {
        witness->second_ms = signed_ms;
    }
    raise_floor(witness, steady_ms);
}

void witness_hear_broker(struct witness *witness, int64_t wall_ms, int64_t steady_ms)
{
    witness->broker_ms = wall_ms;
    witness->broker_steady_ms = steady_ms;
}

static int64_t floor_now(const struct witness *witness, int64_t steady_ms)
{
    if (witness->floor_ms == 0)
        return 0;
    return witness->floor_ms + (steady_ms - witness->floor_steady_ms);
}

/* Own clock and broker agree, and members name another day: two of them could be wrong together. */
static bool is_floor_disputed(
    const struct witness *witness, int64_t own_ms, int64_t steady_ms)
{
    int64_t broker_ms = witness->broker_ms + (steady_ms - witness->broker_steady_ms);
    return witness->broker_ms != 0 && broker_ms < own_ms + DAY_MS &&
           own_ms < broker_ms + DAY_MS && floor_now(witness, steady_ms) > own_ms + DAY_MS;
}

int64_t witness_now_ms(const struct witness *witness, int64_t own_ms, int64_t steady_ms)
{
    int64_t floor = is_floor_disputed(witness, own_ms, steady_ms)
                        ? witness->roster_ms
                        : floor_now(witness, steady_ms);
    return own_ms > floor ? own_ms : floor;
}

bool witness_past(const struct witness *witness, int64_t own_ms, int64_t date_ms)
{
    int64_t other =
        witness->roster_ms > witness->first_ms ? witness->roster_ms : witness->first_ms;
    return own_ms > date_ms && other > date_ms;
}

bool witness_doubtful(const struct witness *witness, int64_t own_ms, int64_t steady_ms)
{
    return witness->broker_ms != 0 &&
           own_ms > witness_other_ms(witness, steady_ms) + DAY_MS;
}

int64_t witness_other_ms(const struct witness *witness, int64_t steady_ms)
{
    int64_t broker = witness->broker_ms + (steady_ms - witness->broker_steady_ms);
    int64_t floor = floor_now(witness, steady_ms);
    return broker > floor ? broker : floor;
}

bool period_over(int64_t now_ms, int64_t then_ms, int64_t period_ms)
{
    return then_ms > now_ms + HOUR_MS || now_ms - then_ms >= period_ms;
}
