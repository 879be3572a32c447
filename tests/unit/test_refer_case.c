/* SPDX-License-Identifier: Apache-2.0
 *
 * A referral that comes from a case: the person is the case's, consent rows add up under it, and the record of what was
 * shared is the case's. The case is an invented one.
 */
#include "check.h"
#include "inside.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};

#define WORLD() world_new(9300 + __LINE__, PLAN, CAST)
enum { REQUEST_BYTES = 1024 };
#define PERSON                                                                           \
    "\"gender\":\"female\",\"languages\":[\"pus\"],\"name\":\"Gulnamoona\","             \
    "\"full_name\":\"Gulnamoona Farziwala\",\"safe_contact\":\"through vintorel\","      \
    "\"injury\":true,\"health\":\"invented drabok\",\"risk\":\"high\""
#define ADULT "{\"age_band\":\"26-40\",\"minor\":\"no\"," PERSON "}"
#define CHILD "{\"age_band\":\"9-17\",\"minor\":\"yes\"," PERSON "}"
#define CONSENT(groups)                                                                  \
    "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","      \
    "\"interpreter\":true,\"groups\":[" groups "]}"

static struct json *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    struct json *answer = NULL;
    snprintf(key, sizeof(key), "case-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    memory_free(text);
    return answer;
}

static void ask(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    struct json *answer = call(w, i, verb, request, http, holds);
    json_destroy(&answer);
}

/* Opens a case at the officer's node. */
static void open_case(
    struct world *w, const char *person, char ret[static REFERENCE_BYTES])
{
    struct json *answer = call(w, OFFICER, "case-open", person, 201, "case");
    const char *alias = json_find_text(answer, "case");
    assert_non_null(alias);
    snprintf(ret, REFERENCE_BYTES, "%s", alias);
    json_destroy(&answer);
}

/* A request to refer that case to the shelter; `more` begins with a comma. */
static const char *of_case(const char *alias, const char *service, const char *more)
{
    static char request[REQUEST_BYTES];
    int n = snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"%s\",\"priority\":\"normal\","
        "\"case\":\"%s\"%s}",
        service, alias, more);
    assert_true(n > 0 && n < REQUEST_BYTES);
    return request;
}

static void dp05__a_referral_of_a_case_carries_matrix_and_consent_and_nothing_more(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES];
    char request[64], *read = NULL;
    open_case(w, ADULT, alias);
    struct json *answer =
        call(w, OFFICER, "refer", of_case(alias, "shelter", "," CONSENT("\"name\"")), 201,
            "{\"group\":\"health\",\"why\":\"matrix\"}");
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}",
        json_find_text(answer, "reference"));
    world_settle(w);
    assert_int_equal(world_call(w, SHELTER, "show", "", request, &read), 200);
    assert_holds(read, "Gulnamoona");
    assert_holds(read, "through vintorel");
    assert_holds(read, "injury");
    assert_null(strstr(read, "Farziwala"));
    assert_null(strstr(read, "drabok"));
    memory_free(read);
    json_destroy(&answer);
    world_destroy(&w);
}

static void refer__of_a_case_takes_the_person_from_it_and_from_nowhere_else(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES];
    ask(w, OFFICER, "refer", of_case("28T5CY4TY", "shelter", "," CONSENT("")), 404,
        "unknown-case");
    open_case(w, ADULT, alias);
    ask(w, OFFICER, "refer",
        of_case(alias, "shelter", ",\"gender\":\"male\"," CONSENT("")), 400,
        "case-says-it");
    ask(w, OFFICER, "refer", of_case(alias, "shelter", ""), 403, "consent-needed");
    ask(w, OFFICER, "refer",
        of_case(alias, "shelter",
            ",\"note\":\"asked for by Gulnamoona\"," CONSENT("\"note\"")),
        409, "text-warning");
    /* The sender may leave out what matrix and consent would let through. */
    ask(w, OFFICER, "preview",
        of_case(alias, "shelter", ",\"groups\":[\"core\"]," CONSENT("\"name\"")), 200,
        "{\"group\":\"name\",\"why\":\"left-out\"}");
    ask(w, OFFICER, "sent", NULL, 200, "\"items\":[]");
    world_destroy(&w);
}

static void dp07__the_rows_of_a_case_stand_and_end_by_themselves(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES];
    char request[64];
    open_case(w, ADULT, alias);
    struct json *first = call(w, OFFICER, "refer",
        of_case(alias, "shelter", "," CONSENT("\"name\"")), 201, "reference");
    struct json *supplies = call(w, OFFICER, "refer",
        of_case(alias, "supplies", "," CONSENT("")), 201, "reference");
    /* The row of before covers the next one, too. */
    ask(w, OFFICER, "refer", of_case(alias, "shelter", ""), 201, "reference");
    world_settle(w);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}",
        json_find_text(first, "reference"));
    ask(w, OFFICER, "withdraw-consent", request, 200, "withdrawn");
    world_pass(w, HOUR_MS);
    ask(w, OFFICER, "refer", of_case(alias, "shelter", ""), 403, "consent-ended");
    ask(w, OFFICER, "refer", of_case(alias, "supplies", ""), 201, "reference");
    /* One record for the person: both referrals for shelter are destroyed, the others stand. */
    struct json *record = call(w, OFFICER, "shared", request, 200, "pages");
    const struct json *items = json_find(record, "items");
    int purged = 0, sent = 0;
    for (size_t i = 0; i < json_count(items); i++) {
        const char *state_of = json_find_text(json_nth(items, i), "state");
        purged += strcmp(state_of, "purged") == 0;
        sent += strcmp(state_of, "sent") == 0;
    }
    assert_int_equal(purged, 2);
    assert_int_equal(sent, 2);
    assert_holds(json_find_text(json_find(record, "pages"), "eng"), "shelter.peshawar");
    json_destroy(&record);
    json_destroy(&first);
    json_destroy(&supplies);
    world_destroy(&w);
}

/* Months of consents: a case is never locked out by its own rows. */
static void refer__of_a_case_with_very_many_consents_goes_on(void **state)
{
    (void)state;
    enum { MANY = 90 };
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES];
    char request[64] = "";
    open_case(w, ADULT, alias);
    for (int i = 0; i < MANY; i++) {
        struct json *answer = call(w, OFFICER, "refer",
            of_case(alias, "shelter", "," CONSENT("")), 201, "reference");
        snprintf(request, sizeof(request), "{\"reference\":\"%s\"}",
            json_find_text(answer, "reference"));
        json_destroy(&answer);
    }
    ask(w, OFFICER, "preview", of_case(alias, "shelter", ""), 200, "\"may_leave\":true");
    struct json *record = call(w, OFFICER, "shared", request, 200, "pages");
    assert_int_equal(json_count(json_find(record, "items")), MANY);
    json_destroy(&record);
    ask(w, OFFICER, "withdraw-consent", request, 200, "withdrawn");
    ask(w, OFFICER, "preview", of_case(alias, "shelter", ""), 200,
        "\"refusal\":\"consent-ended\"");
    world_destroy(&w);
}

static void dp09__a_suspected_guardian_of_a_case_cannot_consent(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES];
    open_case(w, CHILD, alias);
#define GUARDIAN(more)                                                                   \
    ",\"consent\":{\"given_by\":\"guardian\",\"how\":\"spoken\",\"language\":\"urd\","   \
    "\"interpreter\":true,\"groups\":[]" more "}"
    ask(w, OFFICER, "refer",
        of_case(alias, "shelter", GUARDIAN(",\"guardian_suspected\":true")), 403,
        "suspicion");
    ask(w, OFFICER, "refer", of_case(alias, "shelter", GUARDIAN("")), 201, "reference");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp05__a_referral_of_a_case_carries_matrix_and_consent_and_nothing_more),
        cmocka_unit_test(refer__of_a_case_takes_the_person_from_it_and_from_nowhere_else),
        cmocka_unit_test(dp07__the_rows_of_a_case_stand_and_end_by_themselves),
        cmocka_unit_test(refer__of_a_case_with_very_many_consents_goes_on),
        cmocka_unit_test(dp09__a_suspected_guardian_of_a_case_cannot_consent),
    };
    return cmocka_run_group_tests_name("refer_case", tests, NULL, NULL);
}
