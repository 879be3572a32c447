/* SPDX-License-Identifier: Apache-2.0
 *
 * The time to reflect (docs/CARE.md 17) at the desk: what brings an identified person before officers who screen is refused
 * for thirty days unless the person asks for it. All names are invented.
 */
#include "check.h"
#include "clock.h"
#include "json.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, ELSEWHERE, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR},
    {"fia.lahore", ROLE_SCREENING}};

#define WORLD() world_new(16300 + __LINE__, PLAN, CAST)
enum { REQUEST_BYTES = 1024 };
#define ASKED ",\"person_asked\":true"
#define PERSON                                                                           \
    "{\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":["     \
    "\"pus\"],\"name\":\"Gulnamoona\"}"

static struct json *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    struct json *answer = NULL;
    snprintf(key, sizeof(key), "reflect-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    memory_free(text);
    return answer;
}

static void open_case(
    struct world *w, size_t i, const char *request, char ret[static REFERENCE_BYTES])
{
    struct json *answer = call(w, i, "case-open", request, 201, "case");
    snprintf(ret, REFERENCE_BYTES, "%s", json_find_text(answer, "case"));
    json_destroy(&answer);
}

static void try_refer(struct world *w, size_t from, const char *to, const char *alias,
    const char *more, int http, const char *holds)
{
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request),
        "{\"to\":\"%s\",\"service\":\"%s\",\"priority\":\"normal\",\"case\":\"%s\","
        "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","
        "\"interpreter\":true,\"groups\":[]}%s}",
        to, strncmp(to, "fia.", 4) == 0 ? "documents" : "supplies", alias, more);
    struct json *answer = call(w, from, "refer", request, http, holds);
    json_destroy(&answer);
    world_settle(w);
}

static void screen(struct world *w, const char *alias, const char *class,
    const char *const answers[][2], size_t n)
{
    char request[REQUEST_BYTES];
    for (size_t i = 0; i < n; i++) {
        snprintf(request, sizeof(request),
            "{\"reference\":\"%s\",\"question\":\"%s\",\"answer\":\"%s\"}", alias,
            answers[i][0], answers[i][1]);
        struct json *answer = call(w, OFFICER, "screen-answer", request, 200, alias);
        json_destroy(&answer);
    }
    snprintf(request, sizeof(request), "{\"reference\":\"%s\",\"class\":\"%s\"}", alias,
        class);
    struct json *answer = call(w, OFFICER, "screen-confirm", request, 200, class);
    json_destroy(&answer);
}

static const char *const STRONG[][2] = {{"S1", "yes"}, {"S2", "yes"}, {"S3", "yes"},
    {"S6", "yes"}, {"S4", "no"}, {"S5", "no"}, {"A1", "yes"}, {"A2", "yes"},
    {"M1", "yes"}, {"M3", "yes"}, {"P1", "yes"}, {"P2", "yes"}};

static int events(struct world *w, size_t i, const char *alias, const char *event)
{
    char request[REQUEST_BYTES];
    int n = 0;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", alias);
    struct json *page = call(w, i, "case-show", request, 200, alias);
    const struct json *list = json_find(page, "timeline");
    for (size_t k = 0; k < json_count(list); k++) {
        const char *word = json_find_text(json_nth(list, k), "event");
        n += word && strcmp(word, event) == 0;
    }
    json_destroy(&page);
    return n;
}

static void dp27__nobody_identified_by_a_screening_is_handed_to_officers_for_thirty_days(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES];
    open_case(w, OFFICER, PERSON, alias);
    try_refer(w, OFFICER, "fia.lahore", alias, "", 201, "reference"); /* not identified */
    screen(w, alias, "possible-vot-strong", STRONG, ARRAY_LENGTH(STRONG));
    assert_int_equal(events(w, OFFICER, alias, "identified"), 1);
    try_refer(w, OFFICER, "fia.lahore", alias, "", 403, "\"code\":\"reflection\"");
    /* Help by everybody else goes on. */
    try_refer(w, OFFICER, "shelter.peshawar", alias, "", 201, "reference");
    try_refer(w, OFFICER, "coordinator.islamabad", alias, "", 201, "reference");
    world_pass(w, 29 * DAY_MS);
    try_refer(w, OFFICER, "fia.lahore", alias, "", 403, "\"code\":\"reflection\"");
    world_pass(w, 3 * DAY_MS);
    /* Both witnesses of time: a letter that somebody else signed since. */
    try_refer(w, OFFICER, "shelter.peshawar", alias, "", 201, "reference");
    try_refer(w, OFFICER, "fia.lahore", alias, "", 201, "reference");
    assert_int_equal(events(w, OFFICER, alias, "person-asked"), 0);
    world_destroy(&w);
}

static void dp27__the_person_may_ask_for_it_and_that_stands_in_the_timeline(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES], request[REQUEST_BYTES];
    open_case(w, OFFICER, PERSON, alias);
    screen(w, alias, "possible-vot-strong", STRONG, ARRAY_LENGTH(STRONG));
    snprintf(request, sizeof(request),
        "{\"to\":\"fia.lahore\",\"service\":\"documents\",\"priority\":\"normal\","
        "\"case\":\"%s\"}",
        alias);
    struct json *answer =
        call(w, OFFICER, "preview", request, 200, "\"refusal\":\"reflection\"");
    json_destroy(&answer);
    try_refer(
        w, OFFICER, "fia.lahore", alias, ",\"person_asked\":false", 403, "reflection");
    assert_int_equal(events(w, OFFICER, alias, "person-asked"), 0);
    try_refer(w, OFFICER, "fia.lahore", alias, ASKED, 201, "reference");
    assert_int_equal(events(w, OFFICER, alias, "person-asked"), 1);
    /* Each referral is asked about anew; who is screened again does not wait anew. */
    try_refer(w, OFFICER, "fia.lahore", alias, "", 403, "reflection");
    screen(w, alias, "possible-vot-strong", STRONG, 0);
    assert_int_equal(events(w, OFFICER, alias, "identified"), 1);
    world_destroy(&w);
}

static void dp27__a_case_that_came_by_a_referral_is_not_handed_back_to_officers(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char reference[WORLD_REFERENCE_BYTES], alias[REFERENCE_BYTES],
        walk_in[REFERENCE_BYTES], request[REQUEST_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, reference);
    world_settle(w);
    snprintf(request, sizeof(request), "{\"received\":\"%s\"}", reference);
    open_case(w, SHELTER, request, alias);
    open_case(w, SHELTER, PERSON, walk_in);
    try_refer(w, SHELTER, "fia.torkham", alias, "", 403, "\"code\":\"reflection\"");
    try_refer(w, SHELTER, "fia.torkham", walk_in, "", 201, "reference");
    world_destroy(&w);
}

static void dp27__neither_an_override_nor_a_clock_in_2099_shortens_it(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES], request[REQUEST_BYTES];
    open_case(w, OFFICER, PERSON, alias);
    screen(w, alias, "possible-vot-strong", STRONG, ARRAY_LENGTH(STRONG));
    snprintf(request, sizeof(request),
        "{\"to\":\"fia.lahore\",\"service\":\"documents\",\"priority\":\"normal\","
        "\"case\":\"%s\",\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\","
        "\"language\":\"urd\",\"groups\":[],\"role\":\"shift lead\",\"reason\":"
        "\"court-order\",\"second\":\"duty lead\"}}",
        alias);
    struct json *answer = call(w, OFFICER, "refer", request, 403, "reflection");
    json_destroy(&answer);
    world_set_clock(w, OFFICER, INT64_C(4070908800000)); /* 2099-01-01 */
    answer = call(w, OFFICER, "refer", request, 403, "reflection");
    json_destroy(&answer);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp27__nobody_identified_by_a_screening_is_handed_to_officers_for_thirty_days),
        cmocka_unit_test(dp27__the_person_may_ask_for_it_and_that_stands_in_the_timeline),
        cmocka_unit_test(
            dp27__a_case_that_came_by_a_referral_is_not_handed_back_to_officers),
        cmocka_unit_test(dp27__neither_an_override_nor_a_clock_in_2099_shortens_it),
    };
    return cmocka_run_group_tests_name("reflect", tests, NULL, NULL);
}
