/* SPDX-License-Identifier: Apache-2.0
 *
 * The life of a referral between two and three members (docs/CARE.md 7).
 */
#include "inside.h"
#include "update.h"

enum { SECOND = CAST, LIFE_CAST };
static const struct world_plan TWO_SHELTERS[LIFE_CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR},
    {"shelter.lahore", ROLE_SHELTER}};
#define WIDE() world_new(__LINE__, TWO_SHELTERS, LIFE_CAST)

/* Calls with a key of its own; asserts code and a part of the answer; the text is the caller's. */
static char *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "life-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    return text;
}

/* Says it of the reference and lets no letter travel yet. */
static void say(struct world *w, size_t i, const char *verb, const char *reference,
    const char *more, int http, const char *holds)
{
    char request[512];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", reference, more);
    memory_free(call(w, i, verb, request, http, holds));
}

static void say_and_settle(struct world *w, size_t i, const char *verb,
    const char *reference, const char *more, const char *state)
{
    say(w, i, verb, reference, more, 200, state);
    world_settle(w);
}

static void assert_both(struct world *w, const char *reference, const char *state)
{
    assert_care(w, OFFICER, reference, state);
    assert_care(w, SHELTER, reference, state);
}

static void assert_shown(
    struct world *w, size_t i, const char *reference, const char *part, bool holds)
{
    char request[64], *text;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    text = call(w, i, "trace", request, 200, reference);
    if ((strstr(text, part) != NULL) != holds)
        fail_msg("%s %s in %s", part, holds ? "is not" : "is", text);
    memory_free(text);
}

/* Does node i hold what the referral says? Lists and traces carry less. */
static void assert_holds_note(
    struct world *w, size_t i, const char *reference, bool holds)
{
    char request[64], *text;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    text = call(w, i, "show", request, 200, reference);
    assert_int_equal(strstr(text, "vintorel") != NULL, holds);
    memory_free(text);
}

static void refer(struct world *w, char ret[WORLD_REFERENCE_BYTES])
{
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ret);
    world_settle(w);
}

/* Refers again and gives the new reference. */
static void refer_again(struct world *w, const char *reference, const char *to,
    char ret[WORLD_REFERENCE_BYTES])
{
    char request[512], *text;
    struct json *answer = NULL;
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"to\":\"%s\"," WORLD_CONSENT "}", reference, to);
    text = call(w, OFFICER, "refer-again", request, 201, "again_of");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    assert_string_equal(json_find_text(answer, "again_of"), reference);
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(answer, "reference"));
    assert_string_not_equal(ret, reference);
    json_destroy(&answer);
    memory_free(text);
}

static void a_redirected_person_is_referred_again_in_one_step(void **state)
{
    (void)state;
    struct world *w = WIDE();
    char ref[WORLD_REFERENCE_BYTES], again[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say(w, OFFICER, "refer-again", ref, ",\"to\":\"shelter.lahore\"," WORLD_CONSENT, 409,
        "still-open");
    say(w, SHELTER, "redirect", ref, ",\"suggest\":\"shelter.nowhere\"", 400,
        "no other member");
    say_and_settle(w, SHELTER, "redirect", ref,
        ",\"suggest\":\"shelter.lahore, coordinator.islamabad\",\"reason\":"
        "\"not-eligible-area\"",
        "redirected");
    assert_both(w, ref, "redirected");
    assert_shown(w, OFFICER, ref,
        "\"suggested\":[\"shelter.lahore\",\"coordinator.islamabad\"]", true);
    assert_shown(w, OFFICER, ref, "\"reason\":\"not-eligible-area\"", true);
    say(w, OFFICER, "refer-again", ref, ",\"to\":\"shelter.lahore\"", 403,
        "consent-needed"); /* consent was to another member */
    refer_again(w, ref, "shelter.lahore", again);
    world_settle(w);
    assert_int_equal(world_effects(w, SECOND, again), 1);
    assert_shown(w, SECOND, again, "\"priority\":\"normal\"", true);
    say_and_settle(w, SECOND, "accept", again, "", "accepted");
    assert_care(w, OFFICER, again, "accepted");
    assert_both(w, ref, "redirected");
    world_destroy(&w);
}

static void a_person_on_the_waiting_list_is_accepted_later(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say(w, SHELTER, "waitlist", ref, ",\"day\":\"2026-11-01\"", 400, "is over");
    say_and_settle(w, SHELTER, "waitlist", ref, ",\"day\":\"2026-11-30\"", "waitlisted");
    assert_both(w, ref, "waitlisted");
    assert_shown(w, OFFICER, ref, "\"day\":\"2026-11-30\"", true);
    say(w, SHELTER, "complete", ref, "", 409, "before it is accepted");
    say_and_settle(w, SHELTER, "waitlist", ref, ",\"day\":\"2026-12-04\"", "waitlisted");
    assert_shown(w, OFFICER, ref, "\"day\":\"2026-12-04\"", true);
    world_pass(w, DAYS(3));
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    assert_both(w, ref, "accepted");
    world_destroy(&w);
}

static void a_cancel_that_crosses_the_completion_is_overtaken_by_it(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    say_and_settle(w, SHELTER, "start", ref, "", "in-service");
    world_cut(w, SHELTER);
    say(w, SHELTER, "complete", ref, ",\"given\":\"shelter supplies\"", 200, "completed");
    say_and_settle(w, OFFICER, "cancel", ref, ",\"reason\":\"placed-elsewhere\"",
        "cancel-requested");
    assert_care(w, OFFICER, ref, "cancel-requested");
    world_heal(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_both(w, ref, "completed");
    assert_shown(w, OFFICER, ref, "\"given\":[\"shelter\",\"supplies\"]", true);
    assert_shown(w, SHELTER, ref, "\"decision\":\"cancel-requested\"", true);
    assert_shown(w, SHELTER, ref, "\"applied\":false", true); /* too late, and kept */
    say(w, OFFICER, "cancel", ref, ",\"reason\":\"sent-twice\"", 409, "closed");
    world_destroy(&w);
}

static void a_cancel_is_granted_and_what_was_said_before_moves_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    world_cut(w, SHELTER);
    say(w, SHELTER, "schedule", ref, ",\"day\":\"2026-11-30\"", 200, "scheduled");
    say_and_settle(
        w, OFFICER, "cancel", ref, ",\"reason\":\"person-asked\"", "cancel-requested");
    world_heal(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_both(w, ref, "cancel-requested");
    say(w, SHELTER, "start", ref, "", 409, "cancel-asked");
    say(w, OFFICER, "cancel-confirm", ref, "", 409, "own-referral");
    say(w, SHELTER, "cancel", ref, ",\"reason\":\"person-asked\"", 409, "not-yours");
    say_and_settle(w, SHELTER, "cancel-confirm", ref, "", "cancelled");
    assert_both(w, ref, "cancelled");
    world_pass(w, DAYS(6));
    assert_holds_note(w, SHELTER, ref, true);
    world_pass(w, DAYS(5)); /* as a declined one (docs/CARE.md 17) */
    assert_holds_note(w, SHELTER, ref, false);
    assert_holds_note(w, OFFICER, ref, false);
    say(w, OFFICER, "refer-again", ref, ",\"to\":\"coordinator.islamabad\"", 409,
        "content-gone");
    world_destroy(&w);
}

static void what_never_left_is_cancelled_at_once_and_goes_to_another_member(void **state)
{
    (void)state;
    struct world *w = WIDE();
    char ref[WORLD_REFERENCE_BYTES], again[WORLD_REFERENCE_BYTES];
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_settle(w);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say_and_settle(
        w, OFFICER, "cancel", ref, ",\"reason\":\"no-longer-needed\"", "cancelled");
    assert_letter(w, OFFICER, ref, LETTER_STATE_WITHDRAWN);
    refer_again(w, ref, "shelter.lahore", again);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(world_effects(w, SECOND, again), 1);
    world_destroy(&w);
}

static void a_provider_suspended_in_the_middle_goes_on_when_it_is_back(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_pass(w, HOURS(1));
    say(w, OFFICER, "cancel", ref, ",\"reason\":\"placed-elsewhere\"", 200,
        "cancel-requested");
    world_pass(w, HOURS(1));
    assert_care(w, SHELTER, ref, "accepted"); /* nothing goes to it */
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(1));
    assert_care(w, SHELTER, ref, "cancel-requested");
    say_and_settle(w, SHELTER, "cancel-confirm", ref, "", "cancelled");
    world_pass(w, HOURS(1));
    assert_both(w, ref, "cancelled");
    world_destroy(&w);
}

static void what_was_sealed_for_a_revoked_member_comes_back_and_says_what_to_do(
    void **state)
{
    (void)state;
    struct world *w = WIDE();
    char ref[WORLD_REFERENCE_BYTES], again[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_shown(w, OFFICER, ref, "returned", false);
    world_roster(w, SHELTER, MEMBER_REVOKED, false);
    world_pass(w, HOURS(1));
    assert_shown(w, OFFICER, ref, "\"returned\":true", true);
    assert_shown(w, OFFICER, ref, "\"next\":\"refer-again\"", true);
    refer_again(w, ref, "shelter.lahore", again);
    say_and_settle(
        w, OFFICER, "cancel", ref, ",\"reason\":\"placed-elsewhere\"", "cancelled");
    assert_int_equal(world_effects(w, SECOND, again), 1);
    world_destroy(&w);
}

static void who_did_not_come_gets_another_day_and_the_service_runs_its_course(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    say_and_settle(w, SHELTER, "schedule", ref, ",\"day\":\"2026-11-26\"", "scheduled");
    world_pass(w, DAYS(3));
    say_and_settle(w, SHELTER, "no-show", ref, "", "no-show");
    assert_both(w, ref, "no-show");
    say(w, SHELTER, "complete", ref, "", 409, "cannot-decide");
    say_and_settle(w, SHELTER, "schedule", ref, ",\"day\":\"2026-12-01\"", "scheduled");
    say_and_settle(w, SHELTER, "start", ref, "", "in-service");
    say(w, SHELTER, "resume", ref, "", 409, "not on hold");
    say_and_settle(w, SHELTER, "hold", ref, ",\"reason\":\"health\"", "on-hold");
    assert_both(w, ref, "on-hold");
    say_and_settle(w, SHELTER, "resume", ref, "", "in-service");
    say_and_settle(w, SHELTER, "fail", ref, ",\"reason\":\"no-contact\"", "failed");
    assert_both(w, ref, "failed");
    assert_shown(w, OFFICER, ref, "\"reason\":\"no-contact\"", true);
    world_destroy(&w);
}

static void dp13__a_question_and_what_is_said_to_it_are_codes_and_days(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say_and_settle(
        w, SHELTER, "ask", ref, ",\"question\":\"arrival-when\"", "arrival-when");
    assert_shown(w, OFFICER, ref, "\"question\":\"arrival-when\"", true);
    say(w, OFFICER, "tell", ref, ",\"question\":\"arrival-when\",\"answer\":\"day\"", 400,
        "day");
    say_and_settle(w, OFFICER, "tell", ref,
        ",\"question\":\"arrival-when\",\"answer\":\"day\",\"day\":\"2026-11-28\"",
        "2026-11-28");
    assert_shown(w, SHELTER, ref, "\"day\":\"2026-11-28\"", true);
    say_and_settle(w, OFFICER, "ask", ref, ",\"question\":\"place-still-free\"", "asks");
    say_and_settle(w, SHELTER, "tell", ref,
        ",\"question\":\"place-still-free\",\"answer\":\"yes\"", "tells");
    assert_shown(w, OFFICER, ref, "\"answer\":\"yes\"", true);
    assert_both(w, ref, "requested"); /* nothing moved, and nobody has read it */
    say(w, OFFICER, "ask", ref, ",\"question\":\"escorted\",\"text\":\"x\"", 400, "text");
    world_destroy(&w);
}

static void dp06__what_went_to_the_wrong_shelter_is_destroyed_there(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], other[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    refer(w, other);
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    world_cut(w, SHELTER);
    say(w, SHELTER, "start", ref, "", 200, "vintorel"); /* its answer is kept, too */
    say(w, SHELTER, "complete", ref, "", 200, "completed");
    say_and_settle(w, OFFICER, "entered-in-error", ref, ",\"reason\":\"wrong-member\"",
        "entered-in-error");
    world_heal(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_both(w, ref, "entered-in-error"); /* although "completed" crossed it */
    say(w, SHELTER, "show", ref, "", 200, "\"withdrawn\":true");
    assert_holds_note(w, SHELTER, ref, false);
    assert_shown(w, OFFICER, ref, "\"purge_verified\":true", true);
    say(w, SHELTER, "accept", ref, "", 409, "cannot-decide");
    /* The same consent covers the other one, and it stands. */
    assert_holds_note(w, SHELTER, other, true);
    world_destroy(&w);
}

static void dp06__a_mistake_that_is_noticed_first_is_never_kept(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer body, said;
    struct update update = {
        .what = UPDATE_ENTERED_IN_ERROR, .reason = ERROR_WRONG_MEMBER};
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_referral(&liar, update.reference, &body);
    buffer_init(&said, BODY_BYTES_MAX);
    assert_ok(update_encode(&update, &said));
    struct letter letter = world_member_letter(&liar, LETTER_UPDATE, buffer_span(&said));
    world_member_post(&liar, &letter);
    letter = world_member_letter(&liar, LETTER_REFERRAL, buffer_span(&body));
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 2), RECEIPT_STORED);
    assert_int_equal(world_effects(w, SHELTER, update.reference), 0);
    buffer_release(&body);
    buffer_release(&said);
    world_destroy(&w);
}

/* Only the sender of a referral cancels it, and only the member that was asked grants it. */
static void a_members_word_about_anothers_referral_moves_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer said;
    struct update update = {
        .what = UPDATE_CANCEL_REQUESTED, .reason = CANCEL_PERSON_ASKED};
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    memcpy(update.reference, ref, REFERENCE_BYTES);
    world_member_init(&liar, w, COORDINATOR, SHELTER);
    buffer_init(&said, BODY_BYTES_MAX);
    for (int i = 0; i < 2; i++) {
        assert_ok(update_encode(&update, &said));
        struct letter letter =
            world_member_letter(&liar, LETTER_UPDATE, buffer_span(&said));
        world_member_post(&liar, &letter);
        assert_int_equal(receipted(&liar, (uint64_t)i + 1), RECEIPT_STORED);
        update =
            (struct update){.what = UPDATE_ENTERED_IN_ERROR, .reason = ERROR_DUPLICATE};
        memcpy(update.reference, ref, REFERENCE_BYTES);
    }
    assert_both(w, ref, "requested");
    say(w, SHELTER, "show", ref, "", 200, "vintorel");
    buffer_release(&said);
    world_destroy(&w);
}

enum { CLASS = 24 };
static void a_class_of_24_gets_its_milestone_in_one_step_or_nobody_does(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[CLASS][WORLD_REFERENCE_BYTES], list[CLASS * 10 + 16] = "", request[512];
    for (int i = 0; i < CLASS; i++) {
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
        snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s ", refs[i]);
    }
    world_settle(w);
    for (int i = 0; i < CLASS - 1; i++)
        say(w, SHELTER, "accept", refs[i], "", 200, "accepted");
#define GROUP(list, rest) "{\"references\":\"" list "\",\"what\":\"milestone\"" rest "}"
    snprintf(request, sizeof(request),
        GROUP("%s", ",\"milestone\":\"skills-training\",\"day\":\"2026-11-23\""), list);
    memory_free(call(w, SHELTER, "group", request, 409, "cannot-decide"));
    assert_shown(w, SHELTER, refs[0], "skills-training", false);
    say(w, SHELTER, "accept", refs[CLASS - 1], "", 200, "accepted");
    memory_free(call(w, SHELTER, "group", request, 200, refs[CLASS - 1]));
    world_settle(w);
    for (int i = 0; i < CLASS; i++)
        assert_shown(w, OFFICER, refs[i], "\"milestone\":\"skills-training\"", true);
    assert_both(w, refs[0], "accepted");
    snprintf(request, sizeof(request), GROUP("%s %s", ",\"milestone\":\"placement\""),
        list, refs[0]);
    memory_free(call(w, SHELTER, "group", request, 400, "more than 24"));
    snprintf(request, sizeof(request),
        "{\"references\":\"%s\",\"what\":\"complete\",\"given\":\"supplies\"}", list);
    memory_free(call(w, SHELTER, "group", request, 200, "completed"));
    world_settle(w);
    assert_both(w, refs[CLASS - 1], "completed");
    world_destroy(&w);
}

static void follow_ups_are_due_after_30_90_and_180_days(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, ref);
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    say_and_settle(w, SHELTER, "start", ref, "", "in-service");
    memory_free(call(w, SHELTER, "follow-ups", NULL, 200, "\"items\":[]"));
    say(w, SHELTER, "follow-up", ref, ",\"result\":\"safe-and-well\"", 409, "not-due");
    world_pass(w, DAYS(31));
    memory_free(call(w, SHELTER, "follow-ups", NULL, 200, "\"after\":\"30\""));
    memory_free(call(w, OFFICER, "follow-ups", NULL, 200, "\"items\":[]"));
    say_and_settle(
        w, SHELTER, "follow-up", ref, ",\"result\":\"needs-more\"", "needs-more");
    assert_shown(w, OFFICER, ref, "\"result\":\"needs-more\"", true);
    memory_free(call(w, SHELTER, "follow-ups", NULL, 200, "\"items\":[]"));
    say_and_settle(w, SHELTER, "complete", ref, "", "completed");
    world_pass(w, DAYS(150)); /* the one after 90 was missed: the longest is asked for */
    memory_free(call(w, SHELTER, "follow-ups", NULL, 200, "\"after\":\"180\""));
    say_and_settle(
        w, SHELTER, "follow-up", ref, ",\"result\":\"safe-and-well\"", "completed");
    assert_shown(w, OFFICER, ref, "\"after\":\"180\"", true);
    memory_free(call(w, SHELTER, "follow-ups", NULL, 200, "\"items\":[]"));
    world_destroy(&w);
}

/* A provider hands on from the case that it made of what it received. */
static void a_provider_refers_onward_from_the_case_of_what_it_received(void **state)
{
    (void)state;
    struct world *w = WIDE();
    char ref[WORLD_REFERENCE_BYTES], onward[WORLD_REFERENCE_BYTES], request[512], *text;
    struct json *answer = NULL;
    refer(w, ref);
    say_and_settle(w, SHELTER, "accept", ref, "", "accepted");
    snprintf(request, sizeof(request), "{\"received\":\"%s\"}", ref);
    text = call(w, SHELTER, "case-open", request, 201, "\"case\"");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    snprintf(request, sizeof(request),
        "{\"case\":\"%s\",\"to\":\"shelter.lahore\",\"service\":\"shelter\",\"priority\":"
        "\"urgent\"," WORLD_CONSENT "}",
        json_find_text(answer, "case"));
    json_destroy(&answer);
    memory_free(text);
    text = call(w, SHELTER, "refer", request, 201, "reference");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    snprintf(onward, sizeof(onward), "%s", json_find_text(answer, "reference"));
    json_destroy(&answer);
    memory_free(text);
    world_settle(w);
    assert_int_equal(world_effects(w, SECOND, onward), 1);
    say(w, SECOND, "show", onward, "", 200, "\"age_band\":\"18-25\"");
    say_and_settle(w, SECOND, "accept", onward, "", "accepted");
    assert_care(w, SHELTER, onward, "accepted");
    assert_both(w, ref, "accepted"); /* the first one goes its own way */
    world_destroy(&w);
}

/* Two tabs of a shelter: one accepts, and the other, opened before, declines. */
static void what_was_decided_upon_an_older_state_is_not_done(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    say_and_settle(w, SHELTER, "accept", ref, ",\"if_state\":\"requested\"", "accepted");
    say(w, SHELTER, "decline", ref,
        ",\"reason\":\"at-capacity\",\"if_state\":\"requested\"", 409, "state-changed");
    say(w, OFFICER, "cancel", ref,
        ",\"reason\":\"person-asked\",\"if_state\":\"requested\"", 409, "state-changed");
    world_settle(w);
    assert_both(w, ref, "accepted");
    say_and_settle(w, SHELTER, "decline", ref,
        ",\"reason\":\"at-capacity\",\"if_state\":\"accepted\"", "declined");
    assert_both(w, ref, "declined");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_decided_upon_an_older_state_is_not_done),
        cmocka_unit_test(a_redirected_person_is_referred_again_in_one_step),
        cmocka_unit_test(a_person_on_the_waiting_list_is_accepted_later),
        cmocka_unit_test(a_cancel_that_crosses_the_completion_is_overtaken_by_it),
        cmocka_unit_test(a_cancel_is_granted_and_what_was_said_before_moves_nothing),
        cmocka_unit_test(what_never_left_is_cancelled_at_once_and_goes_to_another_member),
        cmocka_unit_test(a_provider_suspended_in_the_middle_goes_on_when_it_is_back),
        cmocka_unit_test(
            what_was_sealed_for_a_revoked_member_comes_back_and_says_what_to_do),
        cmocka_unit_test(
            who_did_not_come_gets_another_day_and_the_service_runs_its_course),
        cmocka_unit_test(dp13__a_question_and_what_is_said_to_it_are_codes_and_days),
        cmocka_unit_test(dp06__what_went_to_the_wrong_shelter_is_destroyed_there),
        cmocka_unit_test(dp06__a_mistake_that_is_noticed_first_is_never_kept),
        cmocka_unit_test(a_members_word_about_anothers_referral_moves_nothing),
        cmocka_unit_test(a_class_of_24_gets_its_milestone_in_one_step_or_nobody_does),
        cmocka_unit_test(follow_ups_are_due_after_30_90_and_180_days),
        cmocka_unit_test(a_provider_refers_onward_from_the_case_of_what_it_received),
    };
    return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
