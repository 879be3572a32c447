/* SPDX-License-Identifier: Apache-2.0
 *
 * A referral goes, its receipt and the answer come back (PROTOCOL.md 1, 2.1 to 2.3).
 */
#include "scenario.h"

static void a_referral_arrives_and_its_signed_receipt_comes_back(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_effects(w, COORDINATOR, ref), 0);
    world_destroy(&w);
}

static void an_acceptance_travels_back_as_a_letter(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    accept_referral(w, SHELTER, ref);
    assert_care(w, SHELTER, ref, "accepted");
    assert_care(w, OFFICER, ref, "accepted");
    world_destroy(&w);
}

static void a_letter_is_confirmed_by_a_heartbeat_a_day_later(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_pass(w, DAYS(3));
    assert_letter(w, OFFICER, ref, LETTER_STATE_CONFIRMED);
    world_destroy(&w);
}

static void the_same_idempotency_key_gives_the_same_referral(void **state)
{
    (void)state;
    struct world *w = WORLD();
    static const char request[] =
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\","
        "\"priority\":\"urgent\",\"age_band\":\"18-25\","
        "\"minor\":\"no\",\"gender\":\"female\",\"languages\":["
        "\"pus\"],\"risk\":\"high\",\"note\":\"quolla\"," WORLD_CONSENT "}";
    char *first = NULL, *again = NULL, *other = NULL;
    assert_int_equal(world_call(w, OFFICER, "refer", "key-1", request, &first), 201);
    world_settle(w);
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    world_settle(w);
    assert_int_equal(world_call(w, OFFICER, "refer", "key-1", request, &again), 201);
    assert_string_equal(first, again);
    world_settle(w);
    char *inbox = NULL;
    assert_int_equal(world_call(w, SHELTER, "inbox", "", NULL, &inbox), 200);
    assert_non_null(strstr(inbox, "\"reference\""));
    assert_null(strstr(strstr(inbox, "\"reference\"") + 1, "\"reference\""));
    assert_int_equal(
        world_call(w, OFFICER, "refer", "key-1", "{\"to\":\"shelter.peshawar\"}", &other),
        409);
    memory_free(first);
    memory_free(again);
    memory_free(other);
    memory_free(inbox);
    world_destroy(&w);
}

static void express_letters_overtake_normal_ones(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char normal[WORLD_REFERENCE_BYTES], express[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    for (int i = 0; i < 30; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, normal);
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, express);
    world_settle(w);
    world_record(w, SHELTER, true);
    world_heal(w, SHELTER);
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, express), 1);
    assert_int_equal(world_effects(w, SHELTER, normal), 1);
    assert_letter(w, OFFICER, normal, LETTER_STATE_STORED);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_referral_arrives_and_its_signed_receipt_comes_back),
        cmocka_unit_test(an_acceptance_travels_back_as_a_letter),
        cmocka_unit_test(a_letter_is_confirmed_by_a_heartbeat_a_day_later),
        cmocka_unit_test(the_same_idempotency_key_gives_the_same_referral),
        cmocka_unit_test(express_letters_overtake_normal_ones),
    };
    return cmocka_run_group_tests_name("sending", tests, NULL, NULL);
}
