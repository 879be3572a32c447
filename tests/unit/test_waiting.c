/* SPDX-License-Identifier: Apache-2.0
 *
 * What status counts as waiting (docs/CARE.md 22): letters while locked, and referrals until somebody opened them.
 */
#include "check.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, CAST };
static const struct world_plan PLAN[CAST] = {
    {"fia.torkham", ROLE_SCREENING}, {"shelter.peshawar", ROLE_SHELTER}};

#define WORLD() world_new(22200 + __LINE__, PLAN, CAST)

static void expect(struct world *w, int express, int normal)
{
    char words[64], *answer = NULL;

    snprintf(words, sizeof(words), "\"waiting\":{\"express\":%d,\"normal\":%d}", express,
        normal);
    assert_int_equal(world_call(w, SHELTER, "status", "", NULL, &answer), 200);
    assert_holds(answer, words);
    memory_free(answer);
}

static void refer(struct world *w, enum lane lane, char *ret_reference)
{
    world_refer(w, OFFICER, SHELTER, lane, ret_reference);
    world_settle(w);
}

static void open_one(struct world *w, const char *reference)
{
    char request[64], *answer = NULL;

    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    assert_int_equal(world_call(w, SHELTER, "show", "", request, &answer), 200);
    memory_free(answer);
}

static void waiting__counts_referrals_by_lane_until_somebody_opens_them(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char express[WORLD_REFERENCE_BYTES], normal[WORLD_REFERENCE_BYTES];
    expect(w, 0, 0);
    refer(w, LANE_EXPRESS, express);
    refer(w, LANE_NORMAL, normal);
    expect(w, 1, 1);
    open_one(w, express);
    expect(w, 0, 1);
    open_one(w, normal);
    expect(w, 0, 0);
    world_destroy(&w);
}

static void waiting__of_a_locked_node_is_shown_to_whoever_stands_there(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char reference[WORLD_REFERENCE_BYTES];
    refer(w, LANE_EXPRESS, reference);
    world_lock_node(w, SHELTER);
    expect(w, 1, 0);
    refer(w, LANE_EXPRESS, reference);
    refer(w, LANE_NORMAL, reference);
    expect(w, 2, 1);
    world_crash_node(w, SHELTER); /* it knows letters alone, until it is unlocked */
    world_start_node(w, SHELTER, false);
    expect(w, 1, 1);
    world_unlock_node(w, SHELTER);
    world_settle(w);
    expect(w, 2, 1);
    world_destroy(&w);
}

static void waiting__counts_what_a_revoked_member_sent_for_one_day(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char reference[WORLD_REFERENCE_BYTES];
    refer(w, LANE_EXPRESS, reference);
    (void)world_roster(w, OFFICER, MEMBER_REVOKED, false);
    world_settle(w);
    world_pass(w, 2 * HOUR_MS);
    expect(w, 1, 0);
    world_pass(w, DAY_MS);
    expect(w, 0, 0);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting__counts_referrals_by_lane_until_somebody_opens_them),
        cmocka_unit_test(waiting__of_a_locked_node_is_shown_to_whoever_stands_there),
        cmocka_unit_test(waiting__counts_what_a_revoked_member_sent_for_one_day),
    };
    return cmocka_run_group_tests_name("waiting", tests, NULL, NULL);
}
