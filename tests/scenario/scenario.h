/* SPDX-License-Identifier: Apache-2.0
 *
 * scenario: what the scenario files share: the usual cast and a few words.
 */
#ifndef AMAAN_SCENARIO_H
#define AMAAN_SCENARIO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, CAST };

static const struct world_plan USUAL_CAST[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};

/* A world of the usual cast, seeded by the test's own line number: every story has its own randomness. */
#define WORLD() world_new(__LINE__, USUAL_CAST, CAST)

#define DAYS(n) ((n)*DAY_MS)
#define HOURS(n) ((n)*HOUR_MS)
#define MINUTES(n) ((n)*MINUTE_MS)

#define assert_letter(world, i, reference, state)                                        \
    assert_string_equal(letter_state_name(world_letter((world), (i), (reference))),      \
        letter_state_name(state))
#define assert_care(world, i, reference, word)                                           \
    assert_string_equal(world_care_state((world), (i), (reference)), (word))
#define assert_fired(world, fault) assert_true(world_fired((world), (fault)) > 0)

/* Accepts at node i; asserts success. */
static inline void accept_referral(struct world *world, size_t i, const char *reference)
{
    char request[64];
    snprintf(request, sizeof request, "{\"reference\":\"%s\"}", reference);
    char *answer = NULL;
    int code = world_call(world, i, "accept", "accept-once", request, &answer);
    if (code != 200)
        print_error("accept: %d %s\n", code, answer ? answer : "(crashed)");
    assert_int_equal(code, 200);
    memory_free(answer);
    world_settle(world);
}

#endif
