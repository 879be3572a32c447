/* SPDX-License-Identifier: Apache-2.0
 *
 * match and members through node_call, and what a lapsed sharing protocol means at a node, in a world of its own.
 */
#include "body.h"
#include "check.h"
#include "clock.h"
#include "desk.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, LAPSING, UNSIGNED, CAST };

/* The places tell which protocol the member signed: world.c. */
static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"shelter.lapsing", ROLE_SHELTER},
    {"shelter.unsigned", ROLE_SHELTER}};

#define WORLD() world_new(9700 + __LINE__, PLAN, CAST)
#define PERSON                                                                           \
    "\"service\":\"shelter\",\"priority\":\"urgent\",\"age_band\":\"18-25\",\"minor\":"  \
    "\"no\",\"gender\":\"female\",\"languages\":[\"pus\"],\"risk\":"                     \
    "\"high\"," WORLD_CONSENT
#define ASKED "{\"service\":\"shelter\",\"gender\":\"female\",\"age_band\":\"18-25\"}"

static char *ask(
    struct world *world, size_t i, const char *verb, const char *request, int http)
{
    static unsigned asked;
    char *answer = NULL, key[32];

    snprintf(key, sizeof(key), "ask-%u", ++asked);
    int code = world_call(world, i, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request, code, answer);
    assert_int_equal(code, http);
    return answer;
}

/* Calls; asserts the HTTP code and what the answer holds and lacks. */
static void call(struct world *world, const char *verb, const char *request, int http,
    const char *holds, const char *lacks)
{
    static unsigned asked;
    char *answer = NULL, key[32];

    snprintf(key, sizeof(key), "match-%u", ++asked);
    int code = world_call(world, OFFICER, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request ? request : "", code, answer);
    assert_int_equal(code, http);
    assert_holds(answer, holds);
    if (lacks && strstr(answer, lacks))
        fail_msg("%s holds %s", answer, lacks);
    memory_free(answer);
}

static void match__says_who_may_be_asked_and_who_is_left_out(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, "match", ASKED, 200, "\"ranked_count\":2", NULL);
    call(w, "match", ASKED, 200,
        "{\"name\":\"shelter.unsigned\",\"reasons\":[\"protocol-missing\"]}", NULL);
    call(w, "match", ASKED, 200, "\"room-not-told\"", NULL);
    call(w, "match", "{\"service\":\"shelter\",\"district\":\"PK513\"}", 200,
        "\"place-not-told\"", NULL);
    call(w, "match", "{\"service\":\"medical\"}", 200, "\"ranked_count\":0", NULL);
    world_notice(w, SHELTER);
    world_settle(w);
    call(w, "match", ASKED, 200,
        "{\"name\":\"shelter.peshawar\",\"reasons\":[\"not-active\"]}", NULL);
    world_destroy(&w);
}

static void match__refuses_a_question_that_is_none(void **state)
{
    static const struct {
        const char *request, *holds;
    } bad[] = {
        {"{}", "\\\"service\\\""},
        {"{\"service\":\"bread\"}", "service"},
        {"{\"service\":\"shelter\",\"district\":\"PK599\"}", "unknown-district"},
        {"{\"service\":\"shelter\",\"district\":\"Peshawar\"}", "district"},
        {"{\"service\":\"shelter\",\"languages\":[\"Pashto\"]}", "ISO 639-3"},
        {"{\"service\":\"shelter\",\"children\":21}", "children"},
        {"{\"service\":\"shelter\",\"boy_age\":18}", "boy_age"},
        {"{\"service\":\"shelter\",\"tonight\":\"yes\"}", "tonight"},
        {"{\"service\":\"shelter\",\"name\":\"somebody\"}", "name"},
    };
    struct world *w = WORLD();

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        call(w, "match", bad[i].request, 400, bad[i].holds, NULL);
    world_destroy(&w);
}

static void tell_room(struct world *w, const char *fields, int http, const char *holds)
{
    char *answer = ask(w, SHELTER, "capacity-set", fields, http);

    assert_holds(answer, holds);
    memory_free(answer);
    world_settle(w);
}

static void room__that_a_member_tells_ranks_it_until_it_is_stale(void **state)
{
    struct world *w = WORLD();

    (void)state;
    tell_room(w,
        "{\"unit\":\"female-bed\",\"status\":\"open\",\"maximum\":12,"
        "\"available\":3,\"hours\":48}",
        200, "\"told\":3"); /* the officer, and two others that refer */
    call(w, "match", ASKED, 200, "\"reasons\":[\"free\"", NULL);
    call(w, "match", ASKED, 200, "\"name\":\"shelter.peshawar\"", "\"stale\":true");
    call(w, "members", NULL, 200, "\"available\":3", NULL);
    world_pass(w, 49 * HOUR_MS);
    call(w, "match", ASKED, 200, "\"room-stale\"", "\"free\"");
    tell_room(w, "{\"unit\":\"female-bed\",\"status\":\"full\",\"maximum\":12}", 200,
        "\"full\"");
    call(w, "match", ASKED, 200, "{\"name\":\"shelter.peshawar\",\"reasons\":[\"full\"]}",
        NULL);
    world_destroy(&w);
}

static void room__that_contradicts_itself_or_is_not_ones_own_is_refused(void **state)
{
    struct world *w = WORLD();

    (void)state;
    tell_room(w, "{\"unit\":\"female-bed\",\"status\":\"open\",\"maximum\":12}", 400,
        "available");
    tell_room(w, "{\"unit\":\"bunk\",\"status\":\"open\",\"maximum\":12}", 400, "unit");
    tell_room(w, "{\"unit\":\"place\",\"status\":\"full\",\"maximum\":1,\"hours\":745}",
        400, "hours");
    tell_room(w,
        "{\"unit\":\"place\",\"status\":\"full\",\"maximum\":1,"
        "\"note\":\"a text\"}",
        400, "note");
    call(w, "capacity-set", "{\"unit\":\"place\",\"status\":\"full\",\"maximum\":1}", 403,
        "role-lacks-verb", NULL);
    world_destroy(&w);
}

static void enquiry__is_put_to_those_that_match_and_answered_by_one_word(void **state)
{
    struct world *w = WORLD();
    char request[120], ref[REFERENCE_BYTES];

    (void)state;
    call(w, "enquire",
        "{\"service\":\"shelter\",\"gender\":\"female\",\"to\":[\"shelter.unsigned\"]}",
        409, "nobody-to-ask", NULL);
    call(w, "enquire", "{\"service\":\"medical\"}", 409, "nobody-to-ask", NULL);
    call(w, "enquire",
        "{\"service\":\"shelter\",\"to\":[\"shelter.peshawar\"],\"note\":\"text\"}", 400,
        "note", NULL);
    char *answer = ask(w, OFFICER, "enquire",
        "{\"service\":\"shelter\",\"gender\":\"female\",\"age_band\":\"18-25\","
        "\"infant\":"
        "true,\"languages\":[\"pus\"],\"district\":\"PK513\",\"tonight\":true,\"to\":["
        "\"shelter.peshawar\"]}",
        201);
    const char *at = strstr(answer, "\"reference\":\"");
    assert_non_null(at);
    snprintf(ref, sizeof(ref), "%.9s", at + strlen("\"reference\":\""));
    memory_free(answer);
    world_settle(w);
    answer = ask(w, SHELTER, "enquiries", NULL, 200);
    assert_holds(answer, ref);
    assert_holds(answer, "\"infant\":true");
    assert_holds(answer, "\"where\":\"PK513\"");
    memory_free(answer);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\",\"answer\":\"yes\"}", ref);
    memory_free(ask(w, SHELTER, "answer-enquiry", request, 400)); /* until when? */
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"answer\":\"yes\",\"hours\":4}", ref);
    memory_free(ask(w, SHELTER, "answer-enquiry", request, 200));
    world_settle(w);
    call(w, "enquiries", NULL, 200, "\"answer\":\"yes\"", NULL);
    call(w, "enquiries", NULL, 200, "\"kept_until\"", NULL);
    world_pass(w, MINUTE_MS);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\",\"answer\":\"no\"}", ref);
    memory_free(ask(w, SHELTER, "answer-enquiry", request, 200)); /* it changed */
    world_settle(w);
    call(w, "enquiries", NULL, 200, "\"answer\":\"no\"", "\"kept_until\"");
    call(w, "sent", NULL, 200, "\"items\":[]", NULL); /* no referral came of it */
    world_pass(w, 14 * DAY_MS);
    call(w, "enquiries", NULL, 200, "\"items\":[]", NULL);
    world_destroy(&w);
}

static void dp14__members_and_match_say_no_place_of_a_shelter(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, "members", NULL, 200, "shelter.peshawar", "\"place\"");
    call(w, "match", ASKED, 200, "shelter.peshawar", "\"place\"");
    world_destroy(&w);
}

static void dp28__no_profile_without_a_signed_unexpired_sharing_protocol(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, "refer", "{\"to\":\"shelter.unsigned\"," PERSON "}", 403, "protocol-lapsed",
        NULL);
    call(w, "preview", "{\"to\":\"shelter.unsigned\"," PERSON "}", 403, "protocol-lapsed",
        NULL);
    call(w, "refer", "{\"to\":\"shelter.lapsing\"," PERSON "}", 201, "\"reference\"",
        NULL);
    world_pass(w, 16 * DAY_MS); /* its last day has passed, and others have signed so */
    call(w, "refer", "{\"to\":\"shelter.lapsing\"," PERSON "}", 403, "protocol-lapsed",
        NULL);
    call(w, "match", ASKED, 200,
        "{\"name\":\"shelter.lapsing\",\"reasons\":[\"protocol-lapsed\"]}", NULL);
    call(w, "members", NULL, 200, "\"protocol\":\"lapsed\"", NULL);
    call(w, "refer", "{\"to\":\"shelter.peshawar\"," PERSON "}", 201, "\"reference\"",
        NULL);
    call(w, "sent", NULL, 200, "shelter.peshawar", "shelter.unsigned");
    world_destroy(&w);
}

static void dp28__a_clock_in_2099_lapses_nobody_alone(void **state)
{
    struct world *w = WORLD();

    (void)state;
    world_set_clock(w, OFFICER, world_now_ms(w) + 73 * 365 * DAY_MS);
    world_settle(w);
    call(w, "match", ASKED, 200, "\"ranked_count\":2", "\"protocol-lapsed\"");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match__says_who_may_be_asked_and_who_is_left_out),
        cmocka_unit_test(match__refuses_a_question_that_is_none),
        cmocka_unit_test(room__that_a_member_tells_ranks_it_until_it_is_stale),
        cmocka_unit_test(room__that_contradicts_itself_or_is_not_ones_own_is_refused),
        cmocka_unit_test(enquiry__is_put_to_those_that_match_and_answered_by_one_word),
        cmocka_unit_test(dp14__members_and_match_say_no_place_of_a_shelter),
        cmocka_unit_test(dp28__no_profile_without_a_signed_unexpired_sharing_protocol),
        cmocka_unit_test(dp28__a_clock_in_2099_lapses_nobody_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
