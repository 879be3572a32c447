/* SPDX-License-Identifier: Apache-2.0
 *
 * Until when (docs/CARE.md 9): what is late is told, whose turn it is, and what cannot be anybody's fault.
 */
#include "inside.h"

static unsigned asked;

static char *call(
    struct world *w, size_t i, const char *verb, const char *request, int http)
{
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "due-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    return text;
}

static void say(struct world *w, size_t i, const char *verb, const char *reference,
    const char *more, int http)
{
    char request[512];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", reference, more);
    memory_free(call(w, i, verb, request, http));
}

/* Does the list of that node hold the part, or not? */
static void assert_due(struct world *w, size_t i, const char *part, bool holds)
{
    char *text = call(w, i, "due", NULL, 200);
    if ((strstr(text, part) != NULL) != holds)
        fail_msg("%s %s in %s", part, holds ? "is not" : "is", text);
    memory_free(text);
}

static void an_express_referral_that_nobody_opens_says_whom_to_ring(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], say_it[64];
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    snprintf(say_it, sizeof(say_it), "\"say\":\"%s\"", ref);
    assert_due(w, OFFICER, "\"letter\":\"arrived\"", true);
    assert_due(w, OFFICER, "\"turn\":\"theirs\"", true);
    assert_due(w, SHELTER, "\"turn\":\"ours\"", true);
    assert_due(w, OFFICER, say_it, false);
    world_pass(w, 15 * MINUTE_MS);
    assert_due(w, OFFICER, say_it, true);
    assert_due(w, SHELTER, say_it, false);
    assert_due(w, OFFICER, "cannot_have_been_seen_since", false);
    say(w, SHELTER, "show", ref, "", 200); /* opens it */
    world_settle(w);
    assert_due(w, OFFICER, say_it, false);
    assert_due(w, OFFICER, "\"waits_for\":\"decision\"", true);
    world_destroy(&w);
}

static void what_did_not_arrive_is_told_apart_from_what_nobody_answers(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_settle(w);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    world_pass(w, 25 * HOUR_MS);
    assert_due(w, OFFICER, "\"letter\":\"undelivered\"", true);
    assert_due(w, OFFICER, "\"cannot_have_been_seen_since\":\"2026-11-24T05", true);
    assert_due(
        w, OFFICER, "\"late\":\"full\"", true); /* no clock of an emergency rests */
    assert_due(w, OFFICER, "paused_since", false);
    assert_due(w, OFFICER, "\"next\":[", true);
    world_heal(w, SHELTER);
    world_pass(w, HOUR_MS);
    assert_due(w, OFFICER, "\"letter\":\"arrived\"", true);
    assert_due(w, OFFICER, "cannot_have_been_seen_since", false);
    assert_due(w, OFFICER, "\"late\":\"full\"", true);
    world_destroy(&w);
}

static void a_letter_that_failed_and_was_sent_again_is_waited_for_again(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, 91 * DAY_MS);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false); /* a second clock */
    world_pass(w, HOUR_MS);
    assert_due(w, OFFICER, "\"letter\":\"failed\"", true);
    assert_due(w, OFFICER, "\"turn\":\"ours\"", true);
    world_heal(w, SHELTER);
    world_pass(w, 30 * HOUR_MS); /* new prekeys */
    say(w, OFFICER, "send-again", ref, "", 200);
    world_pass(w, HOUR_MS);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_due(w, OFFICER, "\"letter\":\"arrived\"", true);
    assert_due(w, OFFICER, "\"turn\":\"theirs\"", true);
    world_destroy(&w);
}

static void a_normal_clock_rests_while_the_other_side_is_cut_off(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_settle(w);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    world_pass(w, DAYS(20));
    assert_due(w, OFFICER, "\"paused_since\":\"2026-11-24T05", true);
    assert_due(w, OFFICER, "\"late\":\"no\"", true);
    world_heal(w, SHELTER);
    world_pass(w, DAYS(6));
    assert_due(w, OFFICER, "paused_since", false);
    assert_due(w, OFFICER, "\"late\":\"no\"", true);
    world_pass(w, DAYS(2));
    assert_due(w, OFFICER, "\"late\":\"half\"", true);
    assert_due(w, OFFICER, "\"overdue\":0", true);
    world_pass(w, DAYS(7));
    assert_due(w, OFFICER, "\"late\":\"full\"", true);
    assert_due(w, OFFICER, "\"overdue\":1", true);
    assert_due(w, SHELTER, "\"late\":\"full\"", true); /* it counts from its arrival */
    world_destroy(&w);
}

static void a_refused_referral_is_its_senders_turn_until_it_is_settled(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, OFFICER, "settle", ref, "", 409); /* it is open */
    say(w, SHELTER, "settle", ref, "", 409); /* not its to say */
    say(w, SHELTER, "decline", ref, ",\"reason\":\"at-capacity\"", 200);
    world_settle(w);
    assert_due(w, OFFICER, "\"waits_for\":\"next\"", true);
    assert_due(w, OFFICER, "\"turn\":\"ours\"", true);
    assert_due(w, SHELTER, ref, false);
    say(w, OFFICER, "settle", ref, "", 200);
    assert_due(w, OFFICER, ref, false);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, SHELTER, "decline", ref, ",\"reason\":\"at-capacity\"", 200);
    world_settle(w);
    assert_due(w, OFFICER, ref, true);
    say(w, OFFICER, "refer-again", ref,
        ",\"to\":\"coordinator.islamabad\"," WORLD_CONSENT, 201);
    assert_due(w, OFFICER, ref, false); /* the new one is waited for instead */
    assert_due(w, OFFICER, "\"member\":\"coordinator.islamabad\"", true);
    world_destroy(&w);
}

static void each_move_sets_what_is_waited_for_on_both_sides(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    static const struct {
        const char *verb, *more, *waits;
    } rows[] = {
        {"accept", "", "\"waits_for\":\"beginning\""},
        {"schedule", ",\"day\":\"2026-11-26\"", "\"waits_for\":\"appointment\""},
        {"no-show", "", "\"waits_for\":\"review\""},
        {"schedule", ",\"day\":\"2026-11-28\"", "\"due\":\"2026-11-29T00:00:00Z\""},
        {"start", "", "\"waits_for\":\"review\""},
    };
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        say(w, SHELTER, rows[i].verb, ref, rows[i].more, 200);
        world_settle(w);
        assert_due(w, OFFICER, rows[i].waits, true);
        assert_due(w, SHELTER, rows[i].waits, true);
    }
    say(w, SHELTER, "complete", ref, "", 200);
    world_settle(w);
    assert_due(w, OFFICER, ref, false);
    assert_due(w, SHELTER, ref, false);
    world_destroy(&w);
}

static void what_became_late_while_locked_is_told_after_unlocking(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    world_lock_node(w, OFFICER);
    world_pass(w, 25 * HOUR_MS);
    memory_free(call(w, OFFICER, "due", NULL, 423));
    world_unlock_node(w, OFFICER);
    world_settle(w);
    assert_due(w, OFFICER, "\"late\":\"full\"", true);
    assert_due(w, OFFICER, ref, true);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_express_referral_that_nobody_opens_says_whom_to_ring),
        cmocka_unit_test(what_did_not_arrive_is_told_apart_from_what_nobody_answers),
        cmocka_unit_test(a_letter_that_failed_and_was_sent_again_is_waited_for_again),
        cmocka_unit_test(a_normal_clock_rests_while_the_other_side_is_cut_off),
        cmocka_unit_test(a_refused_referral_is_its_senders_turn_until_it_is_settled),
        cmocka_unit_test(each_move_sets_what_is_waited_for_on_both_sides),
        cmocka_unit_test(what_became_late_while_locked_is_told_after_unlocking),
    };
    return cmocka_run_group_tests_name("99_deadline", tests, NULL, NULL);
}
