/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: an interview as an officer leads it, through node_call, in a world of three members and an exchange.
 */
#include "check.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};

#define WORLD() world_new(12000 + __LINE__, PLAN, CAST)

enum { ALIAS_BYTES = 10, REQUEST_BYTES = 512 };

static void call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *answer = NULL;

    snprintf(key, sizeof(key), "screening-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request, code, answer ? answer : "");
    assert_int_equal(code, http);
    assert_holds(answer, holds);
    memory_free(answer);
}

static void about(struct world *w, const char *verb, const char *alias, const char *more,
    int http, const char *holds)
{
    char request[REQUEST_BYTES];

    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", alias, more);
    call(w, OFFICER, verb, request, http, holds);
}

static void answer(struct world *w, const char *alias, const char *questions,
    const char *said, const char *holds)
{
    char ids[200], more[256];

    snprintf(ids, sizeof(ids), "%s", questions);
    for (char *at = ids, *end; *at; at = end) {
        end = at + strcspn(at, " ");
        if (*end)
            *end++ = '\0';
        snprintf(more, sizeof(more), ",\"question\":\"%s\",\"answer\":\"%s\"", at, said);
        about(w, "screen-answer", alias, more, 200, *end ? "" : holds);
    }
}

static void open_case(struct world *w, char ret[static ALIAS_BYTES])
{
    char *text = NULL;

    assert_int_equal(world_call(w, OFFICER, "case-open", "", "{}", &text), 201);
    const char *at = strstr(text, "\"case\":\"");
    assert_non_null(at);
    snprintf(ret, ALIAS_BYTES, "%s", at + strlen("\"case\":\""));
    memory_free(text);
}

static void screening__proposes_says_why_and_waits_for_a_person(void **state)
{
    struct world *w = WORLD();
    char alias[ALIAS_BYTES];

    (void)state;
    open_case(w, alias);
    about(w, "screen", alias, "", 200, "\"class\":\"incomplete\"");
    about(w, "screen", alias, ",\"lang\":\"urd\"", 200, "\"text_state\":\"draft\"");
    about(w, "screen-confirm", alias, ",\"class\":\"incomplete\"", 409, "not-now");
    answer(w, alias, "S1 S2 S3 S6", "yes", "\"next\":\"S4\"");
    answer(w, alias, "S4 S5", "no", "\"child\":false");
    answer(w, alias, "A1 A2 M1 M3", "yes", "\"class\":\"possible-vot\"");
    answer(w, alias, "P1 P2", "yes", "\"class\":\"possible-vot-strong\"");
    about(w, "screen", alias, "", 200, "\"reason\":\"palermo-adult\"");
    about(
        w, "screen-confirm", alias, ",\"class\":\"possible-vot\"", 409, "not-confirmed");
    about(w, "screen-confirm", alias, ",\"class\":\"possible-vot-strong\"", 200,
        "\"htcds\":\"PossibleVictimOfTrafficking\"");
    /* What changes the proposal takes the confirmation away. */
    answer(w, alias, "P2", "unknown", "\"class\":\"possible-vot\"");
    char *text = NULL, request[REQUEST_BYTES];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", alias);
    assert_int_equal(world_call(w, OFFICER, "screen", "", request, &text), 200);
    assert_null(strstr(text, "\"confirmed\""));
    memory_free(text);
    world_destroy(&w);
}

static void screening__keeps_each_answer_through_power_cuts(void **state)
{
    struct world *w = WORLD();
    char alias[ALIAS_BYTES];

    (void)state;
    open_case(w, alias);
    answer(w, alias, "S1", "yes", "");
    about(w, "screen-answer", alias,
        ",\"question\":\"S3\",\"answer\":\"yes\",\"note\":\"invented: drabok\"", 200, "");
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    about(w, "screen", alias, "", 200, "invented: drabok");
    about(w, "screen", alias, "", 200, "\"next\":\"S2\"");
    world_destroy(&w);
}

static void screening__an_unmet_gate_ends_the_interview_and_not_the_help(void **state)
{
    struct world *w = WORLD();
    char alias[ALIAS_BYTES];

    (void)state;
    open_case(w, alias);
    answer(w, alias, "S1", "no", "\"class\":\"incomplete\"");
    about(w, "screen-answer", alias, ",\"question\":\"M1\",\"answer\":\"yes\"", 409,
        "not-now");
    answer(w, alias, "N1", "yes", "\"may_refer\":[\"shelter\"]");
    answer(w, alias, "S4", "yes", "\"medical\"");
    about(w, "screen-choose", alias, ",\"choice\":\"waits\"", 409, "not-now");
    answer(w, alias, "S2", "no", "\"waits_for_officer\"");
    world_pass(w, 5 * HOUR_MS);
    about(w, "screen", alias, "", 200, "\"overdue\":true");
    about(w, "screen-choose", alias, ",\"choice\":\"goes-on\"", 200, "");
    about(w, "screen-answer", alias,
        ",\"question\":\"V8\",\"answer\":\"yes\",\"note\":\"x\"", 409, "not-now");
    answer(w, alias, "S1 S3 S6", "yes", "");
    about(w, "screen-answer", alias,
        ",\"question\":\"V8\",\"answer\":\"yes\",\"note\":\"x\"", 400, "no-note-here");
    about(
        w, "screen-answer", alias, ",\"question\":\"Z9\",\"answer\":\"yes\"", 400, "Z9");
    about(w, "screen", alias, ",\"lang\":\"pus\"", 404, "no-text");
    world_destroy(&w);
}

static void dp11__nothing_of_an_interview_is_said_to_anybody(void **state)
{
    struct world *w = WORLD();
    char alias[ALIAS_BYTES];
    struct post_status before, after;

    (void)state;
    open_case(w, alias);
    world_settle(w);
    assert_ok(post_status(node_post(world_node(w, OFFICER)), &before));
    answer(w, alias, "S1 S2 S3 S6 A1 M1 M2 P1 P2", "yes", "");
    about(w, "screen-confirm", alias, ",\"class\":\"child-at-risk\"", 200, "confirmed");
    world_settle(w);
    assert_ok(post_status(node_post(world_node(w, OFFICER)), &after));
    assert_int_equal(after.drafts + after.sealed_waiting + after.held + after.unconfirmed,
        before.drafts + before.sealed_waiting + before.held + before.unconfirmed);
    /* It is no use case of a member that does not screen. */
    call(w, SHELTER, "triage", "{}", 403, "role-lacks-verb");
    world_destroy(&w);
}

static void dp17__an_erased_case_takes_its_interview_with_it(void **state)
{
    struct world *w = WORLD();
    char alias[ALIAS_BYTES];

    (void)state;
    open_case(w, alias);
    answer(w, alias, "S1 S2 S3", "yes", "");
    /* Also what a repeated request would be told once more. */
    char request[REQUEST_BYTES], *text = NULL;
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"question\":\"N1\",\"answer\":\"yes\",\"note\":"
        "\"invented: drabok\"}",
        alias);
    assert_int_equal(
        world_call(w, OFFICER, "screen-answer", "again", request, &text), 200);
    assert_holds(text, "drabok");
    memory_free(text);
    about(w, "case-erase", alias, "", 200, "");
    assert_int_equal(
        world_call(w, OFFICER, "screen-answer", "again", request, &text), 200);
    assert_null(strstr(text, "drabok"));
    memory_free(text);
    about(w, "screen", alias, "", 404, "case-erased");
    world_destroy(&w);
}

static void triage__says_who_is_taken_aside_and_keeps_nothing(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, OFFICER, "triage", "{\"t1\":\"yes\"}", 200, "\"result\":\"urgent-now\"");
    call(w, OFFICER, "triage", "{}", 200, "\"result\":\"take-aside\"");
    call(w, OFFICER, "triage",
        "{\"t1\":\"no\",\"t2\":\"no\",\"t3\":\"no\",\"t4\":\"no\",\"t5\":\"no\",\"t6\":"
        "\"no\"}",
        200, "\"result\":\"no-sign-seen\"");
    call(w, OFFICER, "triage", "{\"t1\":\"maybe\"}", 400, "t1");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screening__proposes_says_why_and_waits_for_a_person),
        cmocka_unit_test(screening__keeps_each_answer_through_power_cuts),
        cmocka_unit_test(screening__an_unmet_gate_ends_the_interview_and_not_the_help),
        cmocka_unit_test(dp11__nothing_of_an_interview_is_said_to_anybody),
        cmocka_unit_test(dp17__an_erased_case_takes_its_interview_with_it),
        cmocka_unit_test(triage__says_who_is_taken_aside_and_keeps_nothing),
    };
    return cmocka_run_group_tests_name("desk_screening", tests, NULL, NULL);
}
