/* SPDX-License-Identifier: Apache-2.0
 *
 * Content is destroyed when its time is over, and not before (docs/CARE.md 17).
 */
#include "check.h"
#include "scenario.h"

/* Does the note stand at node i? The words around it always do. */
static bool is_kept(struct world *w, size_t i, const char *reference)
{
    char request[64], *text = NULL;
    snprintf(request, sizeof request, "{\"reference\":\"%s\"}", reference);
    assert_int_equal(world_call(w, i, "show", "", request, &text), 200);
    assert_holds(text, reference);
    bool kept = strstr(text, "vintorel") != NULL;
    if (!kept)
        assert_null(strstr(text, "pus"));
    memory_free(text);
    return kept;
}

static void say(
    struct world *w, size_t i, const char *verb, const char *reference, const char *more)
{
    static unsigned asked;
    char request[96], key[32], *text = NULL;
    snprintf(key, sizeof key, "retention-%u", ++asked);
    snprintf(request, sizeof request, "{\"reference\":\"%s\"%s}", reference, more);
    assert_int_equal(world_call(w, i, verb, key, request, &text), 200);
    memory_free(text);
    world_settle(w);
}

static void dp15__content_of_a_declined_referral_is_destroyed_after_7_days_at_both_ends(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], open[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, open);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, SHELTER, "decline", ref, ",\"reason\":\"at-capacity\"");
    world_pass(w, DAYS(6));
    assert_true(is_kept(w, OFFICER, ref));
    assert_true(is_kept(w, SHELTER, ref));
    world_pass(w, DAYS(5)); /* a signed time of somebody else is to be past it, too */
    assert_false(is_kept(w, OFFICER, ref));
    assert_false(is_kept(w, SHELTER, ref));
    assert_string_equal(world_care_state(w, OFFICER, ref), "declined");
    /* Silence destroys nothing. */
    assert_true(is_kept(w, OFFICER, open));
    assert_true(is_kept(w, SHELTER, open));
    world_destroy(&w);
}

static void dp15__content_of_a_completed_referral_is_destroyed_after_90_days(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], later[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, SHELTER, "accept", ref, "");
    say(w, SHELTER, "complete", ref, "");
    world_pass(w, DAYS(85));
    assert_true(is_kept(w, SHELTER, ref));
    world_pass(w, DAYS(10));
    assert_true(
        is_kept(w, SHELTER, ref)); /* nobody has written for 60 days: one clock alone */
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, later);
    world_settle(w);
    say(w, SHELTER, "accept", later, "");
    world_pass(w, DAYS(3));
    assert_false(is_kept(w, OFFICER, ref));
    assert_false(is_kept(w, SHELTER, ref));
    world_destroy(&w);
}

static void dp15__a_clock_in_2099_destroys_no_content(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, SHELTER, "decline", ref, ",\"reason\":\"at-capacity\"");
    world_set_clock(w, SHELTER, INT64_C(4070908800000)); /* 2099-01-01 */
    world_pass(w, HOURS(3));
    assert_true(is_kept(w, SHELTER, ref));
    world_destroy(&w);
}

/* Opens a case at the officer's, with one answer in its form, and closes it. */
static void close_case(struct world *w, char ret[static WORLD_REFERENCE_BYTES])
{
    char *text = NULL;
    assert_int_equal(
        world_call(w, OFFICER, "case-open", "", "{\"name\":\"Gulnamoona\"}", &text), 201);
    const char *at = strstr(text, "\"case\":\"");
    assert_non_null(at);
    snprintf(ret, 10, "%s", at + strlen("\"case\":\""));
    memory_free(text);
    say(w, OFFICER, "screen-answer", ret, ",\"question\":\"S1\",\"answer\":\"yes\"");
    say(w, OFFICER, "case-close", ret, ",\"outcome\":\"left\"");
}

static int show_case(struct world *w, const char *alias)
{
    char request[64], *text = NULL;
    snprintf(request, sizeof request, "{\"reference\":\"%s\"}", alias);
    int code = world_call(w, OFFICER, "case-show", "", request, &text);
    memory_free(text);
    return code;
}

static void dp15__a_closed_case_is_erased_when_both_clocks_say_90_days(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[WORLD_REFERENCE_BYTES], ref[WORLD_REFERENCE_BYTES], *text = NULL;
    close_case(w, alias);
    world_pass(w, DAYS(92));
    assert_int_equal(show_case(w, alias), 200); /* nobody has written: one clock alone */
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    accept_referral(w, SHELTER, ref);
    world_pass(w, DAYS(2));
    assert_int_equal(show_case(w, alias), 404);
    assert_int_equal(world_call(w, OFFICER, "audit", "", NULL, &text), 200);
    assert_holds(text, "\"person\":\"nobody\",\"times\":1,\"verb\":\"expired-case\"");
    memory_free(text);
    world_destroy(&w);
}

static void dp15__a_clock_in_2099_erases_no_case(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[WORLD_REFERENCE_BYTES];
    close_case(w, alias);
    world_set_clock(w, OFFICER, INT64_C(4070908800000)); /* 2099-01-01 */
    world_pass(w, HOURS(3));
    assert_int_equal(show_case(w, alias), 200);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp15__content_of_a_declined_referral_is_destroyed_after_7_days_at_both_ends),
        cmocka_unit_test(
            dp15__content_of_a_completed_referral_is_destroyed_after_90_days),
        cmocka_unit_test(dp15__a_clock_in_2099_destroys_no_content),
        cmocka_unit_test(dp15__a_closed_case_is_erased_when_both_clocks_say_90_days),
        cmocka_unit_test(dp15__a_clock_in_2099_erases_no_case),
    };
    return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
