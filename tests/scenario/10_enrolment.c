/* SPDX-License-Identifier: Apache-2.0
 *
 * Members come in, the root is pinned, strangers stay out (PROTOCOL.md 5a, 7).
 */
#include "scenario.h"

static void every_member_finds_the_others_after_the_founding(void **state)
{
    (void)state;
    struct world *w = WORLD();
    for (size_t i = 0; i < CAST; i++) {
        char *members = NULL;
        assert_int_equal(world_call(w, i, "members", "", NULL, &members), 200);
        for (size_t j = 0; j < CAST; j++)
            if (j != i)
                assert_non_null(strstr(members, USUAL_CAST[j].name));
        memory_free(members);
    }
    world_destroy(&w);
}

static void a_node_of_another_network_is_not_let_in(void **state)
{
    (void)state;
    struct world *w = WORLD(), *other = world_new(100000 + __LINE__, USUAL_CAST, CAST);
    const struct member *stranger = trust_find_node(
        node_trust(world_node(other, OFFICER)), world_node_id(other, OFFICER));
    assert_non_null(stranger);
    assert_int_not_equal(broker_admits(world_broker(w), stranger->transport), ADMIT_YES);
    const struct member *mine =
        trust_find_node(node_trust(world_node(w, OFFICER)), world_node_id(w, OFFICER));
    assert_int_equal(broker_admits(world_broker(w), mine->transport), ADMIT_YES);
    world_destroy(&other);
    world_destroy(&w);
}

static void a_new_roster_reaches_every_node_over_the_link(void **state)
{
    (void)state;
    struct world *w = WORLD();
    uint64_t version = world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(5));
    for (size_t i = 0; i < CAST; i++)
        assert_int_equal(
            trust_version(node_trust(world_node(w, i)), DOCUMENT_ROSTER), version);
    world_destroy(&w);
}

static void a_node_hands_a_newer_roster_to_the_broker(void **state)
{
    (void)state;
    struct world *w = WORLD();
    uint64_t version = world_roster(w, COORDINATOR, MEMBER_ACTIVE, true);
    struct node *officer = world_node(w, OFFICER);
    struct node_join request = {
        .roster = world_roster_bytes(w, version), .endpoint = node_endpoint(officer)};
    memcpy(request.broker_key, node_broker_key(officer), sizeof request.broker_key);
    world_cut(w, OFFICER);
    assert_int_equal(node_join(officer, &request, NULL), STATUS_OK);
    world_heal(w, OFFICER);
    world_pass(w, MINUTES(10));
    struct broker_status status;
    broker_status(world_broker(w), &status);
    assert_int_equal(status.roster_version, version);
    world_destroy(&w);
}

/* Every referral tells its coordinator, so the first letter goes to a member that nothing was sent to. */
enum { UNMET = CAST, UNMET_CAST };
static const struct world_plan WITH_UNMET[UNMET_CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR},
    {"shelter.lahore", ROLE_SHELTER}};

static void a_roster_that_has_run_out_warns_and_blocks_first_letters_only(void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, WITH_UNMET, UNMET_CAST);
    char known[WORLD_REFERENCE_BYTES], first[WORLD_REFERENCE_BYTES],
        again[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, known);
    world_shorten_rosters(w, DAYS(9));
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(20));
    assert_int_equal(world_alarms(w, OFFICER, "roster_ends"), 0);
    world_pass(w, DAYS(9)); /* heartbeats of the shelter are the second witness */
    assert_true(world_alarms(w, OFFICER, "roster_ends") >= 7);
    world_refer(w, OFFICER, UNMET, LANE_NORMAL, first);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, again);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, first, LETTER_STATE_DRAFT);
    assert_letter(w, OFFICER, again, LETTER_STATE_STORED);
    world_shorten_rosters(w, DAYS(100));
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, first, LETTER_STATE_STORED);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_finds_the_others_after_the_founding),
        cmocka_unit_test(a_node_of_another_network_is_not_let_in),
        cmocka_unit_test(a_new_roster_reaches_every_node_over_the_link),
        cmocka_unit_test(a_node_hands_a_newer_roster_to_the_broker),
        cmocka_unit_test(a_roster_that_has_run_out_warns_and_blocks_first_letters_only),
    };
    return cmocka_run_group_tests_name("enrolment", tests, NULL, NULL);
}
