/* SPDX-License-Identifier: Apache-2.0
 *
 * Days at work: whole stories of one person each, from the counter to the answer, over the same verbs that staff use. All
 * names are invented.
 */
#include "inside.h"

enum { AIRPORT, DOCTOR, LAWYER, SKILLS, HOUSE, LEAD, CHILD_CARE, STORY_CAST };
static const struct world_plan CAST_OF_STORIES[STORY_CAST] = {
    {"fia.islamabad-airport", ROLE_SCREENING}, {"clinic.rawalpindi", ROLE_MEDICAL},
    {"legal.rawalpindi", ROLE_LEGAL}, {"skills.gujranwala", ROLE_LIVELIHOOD},
    {"shelter.rawalpindi", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR},
    {"child-protection.rawalpindi", ROLE_CHILD_PROTECTION}};
#define STORY() world_new(__LINE__, CAST_OF_STORIES, STORY_CAST)
#define AGREED(by, groups)                                                               \
    "\"consent\":{\"given_by\":" by ",\"how\":\"spoken\",\"language\":\"pan\","          \
    "\"interpreter\":true,\"groups\":[" groups "]}"

enum { REQUEST_BYTES = 1024 };
static unsigned asked;

/* The verb about a case or a referral ("" for none) with further fields; asserts code and a part of the answer. */
static char *tell(struct world *w, size_t i, const char *verb, const char *reference,
    const char *more, int http)
{
    char request[REQUEST_BYTES], key[32], *text = NULL;
    snprintf(key, sizeof(key), "story-%u", ++asked);
    if (*reference)
        snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", reference, more);
    else
        snprintf(request, sizeof(request), "{%s}", more);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request, code, text ? text : "(died)");
    assert_int_equal(code, http);
    return text;
}

static void say(struct world *w, size_t i, const char *verb, const char *reference,
    const char *more, int http, const char *holds)
{
    char *text = tell(w, i, verb, reference, more, http);
    assert_holds(text, holds);
    memory_free(text);
}

static void assert_untold(
    struct world *w, size_t i, const char *verb, const char *reference, const char *part)
{
    char *text = tell(w, i, verb, reference, "", 200);
    if (strstr(text, part))
        fail_msg("%s of %s is in %s", part, verb, text);
    memory_free(text);
}

static void make(struct world *w, size_t i, const char *verb, const char *more,
    const char *field, char ret[WORLD_REFERENCE_BYTES])
{
    struct json *json = NULL;
    char *text = tell(w, i, verb, "", more, 201);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(json, field));
    json_destroy(&json);
    memory_free(text);
}

/* "S1 S2": each question gets that answer. */
static void answer(
    struct world *w, const char *alias, const char *questions, const char *word)
{
    while (*questions) {
        char more[REQUEST_BYTES];
        int n = (int)strcspn(questions, " ");
        snprintf(more, sizeof(more), ",\"question\":\"%.*s\",\"answer\":\"%s\"", n,
            questions, word);
        say(w, AIRPORT, "screen-answer", alias, more, 200, "\"question\"");
        questions += n + (questions[n] == ' ');
    }
}

static void refer(
    struct world *w, const char *alias, const char *wish, char ret[WORLD_REFERENCE_BYTES])
{
    char more[REQUEST_BYTES];
    snprintf(more, sizeof(more), "%s,\"case\":\"%s\"", wish, alias);
    make(w, AIRPORT, "refer", more, "reference", ret);
}

/* A man comes back from the Gulf: no pay for two years, papers kept. He wants a doctor, a lawyer and work. */
static void story__an_adult_labour_returnee_is_screened_and_gets_three_services(
    void **state)
{
    (void)state;
    struct world *w = STORY();
    char alias[WORLD_REFERENCE_BYTES], doctor[WORLD_REFERENCE_BYTES],
        lawyer[WORLD_REFERENCE_BYTES], work[WORLD_REFERENCE_BYTES];
    make(w, AIRPORT, "case-open",
        "\"name\":\"Zarq\",\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":\"male\","
        "\"languages\":[\"pan\",\"urd\"],\"district\":\"PK609\",\"risk\":\"low\","
        "\"safe_contact\":\"invented: his brother's shop\",\"exploitation\":\"labour\","
        "\"skills\":\"mason, twelve years\",\"health\":\"cough since spring\"",
        "case", alias);
    answer(w, alias, "S1 S2 S3 S6", "yes");
    answer(w, alias, "S4 S5", "no");
    answer(w, alias, "A1 A2 A5 M3 M9 P1 P10 N2 N5 N6", "yes");
    say(w, AIRPORT, "screen-confirm", alias, ",\"class\":\"possible-vot\"", 409,
        "not-confirmed"); /* lower than the rule says, and no reason */
    say(w, AIRPORT, "screen", alias, "", 200, "\"may_refer\":[\"medical\"");
    say(w, AIRPORT, "screen-confirm", alias, ",\"class\":\"possible-vot-strong\"", 200,
        "confirmed");
    refer(w, alias,
        "\"to\":\"clinic.rawalpindi\",\"service\":\"medical\",\"priority\":"
        "\"urgent\"," AGREED("\"person\"", "\"contact\",\"name\""),
        doctor);
    refer(w, alias,
        "\"to\":\"legal.rawalpindi\",\"service\":\"legal\",\"priority\":"
        "\"normal\"," AGREED("\"person\"", "\"name\""),
        lawyer);
    refer(w, alias,
        "\"to\":\"skills.gujranwala\",\"service\":\"livelihood\",\"priority\":"
        "\"normal\"," AGREED("\"person\"", "\"name\""),
        work);
    world_settle(w);
    /* Each learns what it needs, and nothing of what the others do, or of what was answered. */
    say(w, DOCTOR, "show", doctor, "", 200, "cough since spring");
    assert_untold(w, DOCTOR, "show", doctor, "mason");
    say(w, LAWYER, "show", lawyer, "", 200, "\"exploitation\":\"labour\"");
    assert_untold(w, LAWYER, "show", lawyer, "cough");
    say(w, SKILLS, "show", work, "", 200, "mason, twelve years");
    assert_untold(w, SKILLS, "show", work, "labour");
    assert_untold(w, SKILLS, "show", work, "\"risk\":\"low\"");
    assert_untold(w, SKILLS, "show", work, "possible-vot");
    say(w, DOCTOR, "accept", doctor, "", 200, "accepted");
    say(w, LAWYER, "accept", lawyer, "", 200, "accepted");
    say(w, SKILLS, "accept", work, "", 200, "accepted");
    say(w, DOCTOR, "complete", doctor, "", 200, "completed");
    say(w, SKILLS, "complete", work, "", 200, "completed");
    world_settle(w);
    assert_care(w, AIRPORT, doctor, "completed");
    assert_care(w, AIRPORT, lawyer, "accepted");
    assert_care(w, AIRPORT, work, "completed");
    say(w, AIRPORT, "shared", doctor, "", 200,
        "skills.gujranwala"); /* one page, all three */
    say(w, AIRPORT, "case-close", alias, ",\"outcome\":\"services-completed\"", 200,
        "services-completed");
    world_destroy(&w);
}

/* A girl, perhaps. Nobody knows how old; a man says that he is her uncle. */
static void story__a_child_of_unknown_age_goes_by_best_interest_and_no_guardian_is_told(
    void **state)
{
    (void)state;
    struct world *w = STORY();
    char alias[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES],
        more[REQUEST_BYTES];
    static const char to[] = "\"to\":\"child-protection.rawalpindi\",\"service\":"
                             "\"shelter\",\"priority\":\"tonight\",";
    make(w, AIRPORT, "case-open",
        "\"age_band\":\"unknown\",\"minor\":\"unknown\",\"gender\":\"female\","
        "\"languages\":[\"bal\"],\"risk\":\"high\",\"guardian\":\"a man who says uncle\"",
        "case", alias);
    answer(w, alias, "S1 S2 S3 S6 A3 V1", "yes");
    answer(w, alias, "S5", "unknown");
    say(w, AIRPORT, "screen", alias, "", 200, "\"reason\":\"child-by-doubt\"");
    say(w, AIRPORT, "screen-confirm", alias, ",\"class\":\"child-at-risk\"", 200,
        "confirmed");
    snprintf(more, sizeof(more), "%s" AGREED("\"person\"", "\"name\"") ",\"case\":\"%s\"",
        to, alias);
    say(w, AIRPORT, "refer", "", more, 403, "This is a child, or may be one");
    snprintf(more, sizeof(more),
        "%s" AGREED(
            "\"guardian\",\"guardian_suspected\":true", "\"name\"") ",\"case\":\"%s\"",
        to, alias);
    say(w, AIRPORT, "refer", "", more, 403, "under suspicion");
    snprintf(more, sizeof(more),
        "%s" AGREED("\"best-interest\",\"role\":\"shift lead\",\"rationale\":\"invented: "
                    "she is afraid of him\",\"guardian_suspected\":true",
            "\"name\"") ",\"case\":\"%s\"",
        to, alias);
    make(w, AIRPORT, "refer", more, "reference", reference);
    world_settle(w);
    say(w, CHILD_CARE, "show", reference, "", 200, "\"minor\":\"unknown\"");
    say(w, CHILD_CARE, "accept", reference, "", 200, "accepted");
    world_settle(w);
    assert_care(w, AIRPORT, reference, "accepted");
    /* From now on nobody's word as her guardian counts here. */
    snprintf(more, sizeof(more),
        "\"to\":\"clinic.rawalpindi\",\"service\":\"medical\",\"priority\":"
        "\"urgent\"," AGREED("\"guardian\"", "\"name\"") ",\"case\":\"%s\"",
        alias);
    say(w, AIRPORT, "refer", "", more, 403, "under suspicion");
    world_destroy(&w);
}

/* She changes her mind about the lawyer; the bed and the doctor stay. */
static void story__consent_is_withdrawn_for_one_service_and_the_others_go_on(void **state)
{
    (void)state;
    struct world *w = STORY();
    char alias[WORLD_REFERENCE_BYTES], bed[WORLD_REFERENCE_BYTES],
        lawyer[WORLD_REFERENCE_BYTES];
    make(w, AIRPORT, "case-open",
        "\"name\":\"Quolm\",\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":"
        "\"female\",\"languages\":[\"urd\"],\"risk\":\"high\"",
        "case", alias);
    refer(w, alias,
        "\"to\":\"shelter.rawalpindi\",\"service\":\"shelter\",\"priority\":"
        "\"tonight\"," AGREED("\"person\"", "\"name\""),
        bed);
    refer(w, alias,
        "\"to\":\"legal.rawalpindi\",\"service\":\"legal\",\"priority\":"
        "\"normal\"," AGREED("\"person\"", "\"name\""),
        lawyer);
    world_settle(w);
    say(w, HOUSE, "accept", bed, "", 200, "accepted");
    say(w, LAWYER, "show", lawyer, "", 200, "Quolm");
    say(w, AIRPORT, "case-withdraw", alias, ",\"service\":\"legal\"", 200,
        "\"letters\":1");
    world_settle(w);
    assert_untold(w, LAWYER, "show", lawyer, "Quolm");
    say(w, AIRPORT, "shared", lawyer, "", 200, "\"state\":\"purged\"");
    say(w, HOUSE, "show", bed, "", 200, "Quolm");
    say(w, HOUSE, "complete", bed, "", 200, "completed");
    world_settle(w);
    assert_care(w, AIRPORT, bed, "completed");
    refer(w, alias,
        "\"to\":\"clinic.rawalpindi\",\"service\":\"medical\",\"priority\":"
        "\"normal\"," AGREED("\"person\"", "\"name\""),
        bed); /* and nothing stands against another one */
    world_destroy(&w);
}

/* Three in the morning, one officer, no network, a woman who bleeds and cannot speak. */
static void story__a_lone_officer_at_night_acts_alone_and_somebody_looks_at_it_by_day(
    void **state)
{
    (void)state;
    struct world *w = STORY();
    char alias[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES],
        more[REQUEST_BYTES];
    world_cut(w, AIRPORT);
    say(w, AIRPORT, "triage", "", "\"t1\":\"yes\"", 200, "urgent-now");
    make(w, AIRPORT, "case-open",
        "\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"
        "[\"urd\"],\"injury\":true,\"risk\":\"unknown\"",
        "case", alias);
    answer(w, alias, "S4", "yes");
    say(w, AIRPORT, "screen", alias, "", 200,
        "\"class\":\"incomplete\""); /* no gate, and help */
    snprintf(more, sizeof(more),
        "\"to\":\"clinic.rawalpindi\",\"service\":\"medical\",\"priority\":\"emergency\","
        "\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\",\"language\":\"urd\","
        "\"groups\":[\"contact\"],\"role\":\"shift "
        "officer\",\"reason\":\"life-at-risk\"},"
        "\"case\":\"%s\"",
        alias);
    make(w, AIRPORT, "refer", more, "reference", reference);
    /* The battery ends; nothing of it was lost. */
    world_crash_node(w, AIRPORT);
    world_start_node(w, AIRPORT, true);
    say(w, AIRPORT, "screen", alias, "", 200, "\"S4\"");
    assert_letter(w, AIRPORT, reference, LETTER_STATE_SEALED);
    say(w, AIRPORT, "acts", "", "", 200, "\"state\":\"open\"");
    say(w, AIRPORT, "confirm-act", reference, "", 403, "second-person-needed");
    world_heal(w, AIRPORT);
    world_settle(w);
    say(w, DOCTOR, "show", reference, "", 200, "injury");
    say(w, DOCTOR, "accept", reference, "", 200, "accepted");
    world_settle(w);
    assert_care(w, AIRPORT, reference, "accepted");
    /* By day the coordinator looks at it. */
    world_pass(w, HOURS(6));
    say(w, LEAD, "acts", "", "", 200, "\"state\":\"open\"");
    say(w, LEAD, "confirm-act", reference, "", 200, "confirmed");
    world_settle(w);
    say(w, AIRPORT, "acts", "", "", 200, "\"second\":\"coordinator.islamabad\"");
    world_destroy(&w);
}

/* She was never at a border: she stands at the shelter's door. */
static void story__a_walk_in_at_a_shelter_gets_a_case_and_a_doctor(void **state)
{
    (void)state;
    struct world *w = STORY();
    char alias[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES],
        more[REQUEST_BYTES];
    make(w, HOUSE, "case-open",
        "\"name\":\"Nalbeq\",\"age_band\":\"41-60\",\"minor\":\"no\",\"gender\":"
        "\"female\",\"languages\":[\"skr\"],\"hotline\":\"HL-4711\"",
        "case", alias);
    say(w, HOUSE, "case-show", alias, "", 200, "\"origin\":\"walk-in\"");
    say(w, HOUSE, "triage", "", "", 403,
        "role-lacks-verb"); /* a shelter asks nobody out */
    snprintf(more, sizeof(more),
        "\"to\":\"clinic.rawalpindi\",\"service\":\"medical\",\"priority\":"
        "\"normal\"," AGREED("\"person\"", "\"name\"") ",\"case\":\"%s\"",
        alias);
    make(w, HOUSE, "refer", more, "reference", reference);
    world_settle(w);
    say(w, DOCTOR, "accept", reference, "", 200, "accepted");
    say(w, DOCTOR, "complete", reference, "", 200, "completed");
    world_settle(w);
    assert_care(w, HOUSE, reference, "completed");
    say(w, HOUSE, "case-close", alias, ",\"outcome\":\"left\"", 200, "left");
    say(w, HOUSE, "case-reopen", alias, ",\"reason\":\"came-back\"", 200, "open");
    /* Nobody else knows of her. */
    say(w, AIRPORT, "case-find", "", "\"name\":\"nalbeq\"", 200, "\"found\":0");
    say(w, LEAD, "inbox", "", "", 200, "\"items\":[]");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            story__an_adult_labour_returnee_is_screened_and_gets_three_services),
        cmocka_unit_test(
            story__a_child_of_unknown_age_goes_by_best_interest_and_no_guardian_is_told),
        cmocka_unit_test(
            story__consent_is_withdrawn_for_one_service_and_the_others_go_on),
        cmocka_unit_test(
            story__a_lone_officer_at_night_acts_alone_and_somebody_looks_at_it_by_day),
        cmocka_unit_test(story__a_walk_in_at_a_shelter_gets_a_case_and_a_doctor),
    };
    return cmocka_run_group_tests_name("stories", tests, NULL, NULL);
}
