/* SPDX-License-Identifier: Apache-2.0
 *
 * The coordinator's board (docs/CARE.md 19): what the two members tell of a referral, what is done about it, and what a
 * member that lies can do.
 */
#include <stdlib.h>

#include "inside.h"

enum { DEPUTY = CAST, BOARD_CAST };
static const struct world_plan TWO_COORDINATORS[BOARD_CAST] = {
    {"fia.torkham", ROLE_SCREENING}, {"shelter.peshawar", ROLE_SHELTER},
    {"coordinator.islamabad", ROLE_COORDINATOR},
    {"coordinator.karachi", ROLE_COORDINATOR}};
#define WIDE() world_new(__LINE__, TWO_COORDINATORS, BOARD_CAST)

static unsigned asked;

static char *call(
    struct world *w, size_t i, const char *verb, const char *request, int http)
{
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "board-%u", ++asked);
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

static bool shows(struct world *w, size_t i, const char *verb, const char *part)
{
    char *text = call(w, i, verb, "{}", 200);
    bool found = strstr(text, part) != NULL;
    memory_free(text);
    return found;
}

/* Which of the two boards is told of the referral? */
static size_t responsible(struct world *w, const char *reference)
{
    bool first = shows(w, COORDINATOR, "board", reference);
    assert_int_not_equal(first, shows(w, DEPUTY, "board", reference)); /* one of them */
    return first ? COORDINATOR : DEPUTY;
}

static void the_board_follows_every_move_and_holds_no_content(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    static const struct {
        const char *verb, *more, *state;
    } rows[] = {{"show", "", "\"state\":\"opened\""},
        {"accept", "", "\"state\":\"accepted\""},
        {"schedule", ",\"day\":\"2026-11-26\"", "\"waits_for\":\"appointment\""},
        {"start", "", "\"state\":\"in-service\""}};
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "board", "\"state\":\"requested\""));
    assert_true(shows(w, COORDINATOR, "board", "\"waits_for\":\"decision\""));
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        say(w, SHELTER, rows[i].verb, ref, rows[i].more, 200);
        world_settle(w);
        if (!shows(w, COORDINATOR, "board", rows[i].state))
            fail_msg("%s is not on the board", rows[i].state);
    }
    assert_false(shows(w, COORDINATOR, "board", "vintorel"));
    assert_false(shows(w, COORDINATOR, "board", "age_band"));
    say(w, SHELTER, "complete", ref, "", 200);
    world_settle(w);
    assert_false(shows(w, COORDINATOR, "board", ref));
    memory_free(call(w, OFFICER, "board", "{}", 403)); /* a coordinator's only */
    world_destroy(&w);
}

static void what_is_late_is_on_the_board_though_both_members_are_silent(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    world_cut(w, OFFICER);
    world_cut(w, SHELTER);
    world_pass(w, 16 * MINUTE_MS);
    assert_true(shows(w, COORDINATOR, "board", "\"late\":\"full\""));
    assert_true(shows(w, COORDINATOR, "board", "\"overdue\":1"));
    world_destroy(&w);
}

static void an_undelivered_one_is_told_apart_by_its_sender(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_settle(w);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    world_pass(w, HOUR_MS);
    assert_true(shows(w, COORDINATOR, "board", "\"undelivered\":true"));
    world_heal(w, SHELTER);
    world_settle(w);
    say(w, SHELTER, "accept", ref, "", 200);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "board", "\"undelivered\":false"));
    world_destroy(&w);
}

static void a_coordinator_notes_calls_nudges_names_another_and_escalates(void **state)
{
    (void)state;
    struct world *w = WIDE();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    size_t one = responsible(w, ref), other = one == DEPUTY ? COORDINATOR : DEPUTY;
    say(w, one, "call-note", ref, ",\"whom\":\"recipient\",\"result\":\"promised\"", 200);
    assert_true(shows(w, one, "board", "\"result\":\"promised\""));
    say(w, one, "nudge", ref, "", 200);
    world_settle(w);
    assert_true(shows(w, SHELTER, "due", "nudged_at"));
    assert_false(shows(w, OFFICER, "due", "nudged_at"));
    say(w, one, "reassign", ref, ",\"to\":\"shelter.nowhere\"", 404);
    char more[64];
    snprintf(more, sizeof(more), ",\"to\":\"%s\"", world_name(w, other));
    say(w, one, "reassign", ref, more, 200);
    world_settle(w);
    assert_true(shows(w, OFFICER, "due", "\"coordinator_suggests\""));
    say(w, one, "escalate", ref, "", 200);
    world_settle(w);
    assert_true(shows(w, other, "board", ref));
    assert_true(shows(w, other, "board", "\"escalated\":true"));
    say(w, one, "nudge", "28T5CY4TY", "", 404);
    world_destroy(&w);
}

static void load_counts_what_stands_on_the_board_and_names_nobody(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    assert_true(shows(w, COORDINATOR, "load", "\"services\":[]"));
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "load", "\"open\":1"));
    assert_true(shows(w, COORDINATOR, "load", "\"overdue\":0"));
    assert_true(shows(w, COORDINATOR, "load", "\"waiting\":1"));
    world_cut(w, OFFICER);
    world_cut(w, SHELTER);
    world_pass(w, 3 * HOUR_MS);
    assert_true(shows(w, COORDINATOR, "load", "\"overdue\":1"));
    assert_true(shows(w, COORDINATOR, "load", "\"median_hours\":3"));
    assert_false(shows(w, COORDINATOR, "load", ref));
    assert_false(shows(w, COORDINATOR, "load", world_name(w, SHELTER)));
    memory_free(call(w, OFFICER, "load", "{}", 403));
    world_destroy(&w);
}

static void a_row_alone_tells_its_times_in_their_order(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], request[64];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, COORDINATOR, "call-note", ref,
        ",\"whom\":\"recipient\",\"result\":\"promised\"", 200);
    char *text = call(w, COORDINATOR, "board", "{}", 200);
    assert_null(strstr(text, "\"events\"")); /* not of all of them */
    const char *at = strstr(text, "\"row\":");
    assert_non_null(at);
    snprintf(request, sizeof(request), "{\"row\":%ld}", strtol(at + 6, NULL, 10));
    memory_free(text);
    text = call(w, COORDINATOR, "board", request, 200);
    const char *made = strstr(text, "\"word\":\"made\""),
               *called = strstr(text, "\"word\":\"promised\""),
               *now = strstr(text, "\"word\":\"now\""),
               *due = strstr(text, "\"word\":\"decision\"");
    assert_true(made && called && now && due);
    assert_true(made < called && called < now && now < due);
    memory_free(text);
    world_destroy(&w);
}

static void a_member_that_is_cut_off_is_told_since_when(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "members", "\"silent\":0"));
    world_cut(w, OFFICER);
    world_pass(w, 47 * HOUR_MS);
    assert_true(shows(w, COORDINATOR, "members", "\"silent\":0"));
    world_pass(w, 3 * HOUR_MS);
    assert_true(shows(w, COORDINATOR, "members", "\"silent\":1"));
    assert_true(shows(w, COORDINATOR, "members", "\"not_heard_since\""));
    world_heal(w, OFFICER);
    world_pass(w, 13 * HOUR_MS);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "members", "\"silent\":0"));
    world_destroy(&w);
}

static bool shows_of(struct world *w, size_t i, const char *reference, const char *part)
{
    char *text = call(w, i, "board", "{}", 200);
    char *at = strstr(text, reference);
    bool found = false;
    if (at) { /* a row without calls: no other braces in it */
        at[strcspn(at, "}")] = '\0';
        while (at > text && *at != '{')
            at--;
        found = strstr(at, part) != NULL;
    }
    memory_free(text);
    return found;
}

/* Of two coordinators one is told of each move; the other of what is past its time, and then of how it goes on. */
static void a_deputy_hears_of_what_is_past_its_time_and_how_it_goes_on(void **state)
{
    (void)state;
    struct world *w = WIDE();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    size_t one = responsible(w, ref), other = one == DEPUTY ? COORDINATOR : DEPUTY;
    world_pass(w, 10 * MINUTE_MS); /* half of it */
    assert_false(shows(w, other, "board", ref));
    world_pass(w, 6 * MINUTE_MS);
    assert_true(shows_of(w, other, ref, "\"state\":\"requested\""));
    assert_true(shows_of(w, other, ref, "\"late\":\"full\""));
    say(w, SHELTER, "accept", ref, "", 200);
    world_settle(w);
    assert_true(shows_of(w, one, ref, "\"state\":\"accepted\""));
    assert_true(shows_of(w, other, ref, "\"state\":\"accepted\""));
    say(w, SHELTER, "start", ref, "", 200);
    say(w, SHELTER, "complete", ref, "", 200);
    world_settle(w);
    assert_false(shows(w, one, "board", ref));
    assert_false(shows(w, other, "board", ref));
    world_destroy(&w);
}

static void what_a_coordinator_showed_to_another_one_goes_on_there(void **state)
{
    (void)state;
    struct world *w = WIDE();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    size_t one = responsible(w, ref), other = one == DEPUTY ? COORDINATOR : DEPUTY;
    say(w, one, "escalate", ref, "", 200);
    world_settle(w);
    assert_true(shows_of(w, other, ref, "\"state\":\"requested\""));
    say(w, SHELTER, "decline", ref, ",\"reason\":\"at-capacity\"", 200);
    world_settle(w);
    assert_true(shows_of(w, other, ref, "\"state\":\"declined\""));
    say(w, OFFICER, "settle", ref, "", 200);
    world_settle(w);
    assert_false(shows(w, other, "board", ref));
    world_destroy(&w);
}

static void the_board_is_the_same_after_locking_and_after_a_power_cut(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, SHELTER, "accept", ref, "", 200);
    world_settle(w);
    world_lock_node(w, COORDINATOR);
    memory_free(call(w, COORDINATOR, "board", "{}", 423));
    world_unlock_node(w, COORDINATOR);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "board", "\"state\":\"accepted\""));
    world_crash_node(w, COORDINATOR);
    world_start_node(w, COORDINATOR, true);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "board", "\"state\":\"accepted\""));
    assert_true(shows(w, COORDINATOR, "board", "\"complete\":true"));
    world_destroy(&w);
}

static void a_refused_one_waits_for_its_sender_and_leaves_when_it_is_settled(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say(w, SHELTER, "decline", ref, ",\"reason\":\"at-capacity\"", 200);
    world_settle(w);
    assert_true(shows(w, COORDINATOR, "board", "\"turn\":\"sender\""));
    say(w, OFFICER, "settle", ref, "", 200);
    world_settle(w);
    assert_false(shows(w, COORDINATOR, "board", ref));
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_board_follows_every_move_and_holds_no_content),
        cmocka_unit_test(what_is_late_is_on_the_board_though_both_members_are_silent),
        cmocka_unit_test(an_undelivered_one_is_told_apart_by_its_sender),
        cmocka_unit_test(a_coordinator_notes_calls_nudges_names_another_and_escalates),
        cmocka_unit_test(load_counts_what_stands_on_the_board_and_names_nobody),
        cmocka_unit_test(a_row_alone_tells_its_times_in_their_order),
        cmocka_unit_test(a_member_that_is_cut_off_is_told_since_when),
        cmocka_unit_test(a_deputy_hears_of_what_is_past_its_time_and_how_it_goes_on),
        cmocka_unit_test(what_a_coordinator_showed_to_another_one_goes_on_there),
        cmocka_unit_test(the_board_is_the_same_after_locking_and_after_a_power_cut),
        cmocka_unit_test(
            a_refused_one_waits_for_its_sender_and_leaves_when_it_is_settled),
    };
    return cmocka_run_group_tests_name("99_board", tests, NULL, NULL);
}
