/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: the use cases through node_call, in a world of four members and an exchange.
 */
#include "check.h"
#include "decisions.h"
#include "desk.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, SKILLS, COORDINATOR, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"skills.gujranwala", ROLE_LIVELIHOOD},
    {"coordinator.islamabad", ROLE_COORDINATOR}};

#define WORLD() world_new(9000 + __LINE__, PLAN, CAST)

#define FIELDS                                                                           \
    "\"service\":\"shelter\",\"priority\":\"urgent\",\"age_band\":\"18-25\",\"minor\":"  \
    "\"no\","                                                                            \
    "\"gender\":\"female\",\"languages\":[\"pus\"],\"risk\":\"high\"," WORLD_CONSENT

/* Calls; asserts the HTTP code and that the answer holds the text. */
static void call(struct world *world, size_t i, const char *verb, const char *key,
    const char *request, int http, const char *holds)
{
    char *answer = NULL;
    int code = world_call(world, i, verb, key, request, &answer);

    if (code != http)
        print_error("%s %s: %d %s\n", verb, request ? request : "", code, answer);
    assert_int_equal(code, http);
    assert_holds(answer, holds);
    memory_free(answer);
}

static void call_about(struct world *world, size_t i, const char *verb,
    const char *reference, int http, const char *holds)
{
    static unsigned asked;
    char request[96], key[32];

    snprintf(request, sizeof(request),
        strcmp(verb, "decline") == 0 ? "{\"reference\":\"%s\",\"reason\":\"at-capacity\"}"
                                     : "{\"reference\":\"%s\"}",
        reference);
    snprintf(key, sizeof(key), "about-%u", ++asked);
    call(world, i, verb, key, request, http, holds);
}

static void desk__refuses_a_referral_that_lacks_or_mixes_up_a_field(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int http;
        const char *holds;
    } bad[] = {
        {"{" FIELDS "}", 400, "\\\"to\\\""},
        {"{\"to\":\"shelter.peshawar\"}", 400, "\\\"service\\\""},
        {"{\"to\":\"shelter.peshwar\"," FIELDS "}", 404, "shelter.peshawar"},
        {"{\"to\":\"fia.torkham\"," FIELDS "}", 400, "own-member"},
        {"{\"to\":\"shelter.peshawar\"," FIELDS ",\"colour\":\"blue\"}", 400, "colour"},
        {"{\"to\":\"shelter.peshawar\"," FIELDS ",\"note\":7}", 400, "\\\"note\\\""},
        {"{\"to\":\"shelter.peshawar\"," FIELDS ",\"note\":\"\\u202etrick\"}", 400,
            "note"},
        {"{\"to\":\"shelter.peshawar\"," FIELDS
         ",\"needed_by\":\"2026-11-24T05:00:00Z\"}",
            400, "day"},
        {"{\"to\":\"shelter.peshawar\"," FIELDS ",\"needed_by\":\"1970-01-01\"}", 400,
            "day"},
        {"{\"to\":\"shelter.peshawar\",\"service\":\"legal\",\"priority\":\"urgent\","
         "\"age_band\":\"unknown\",\"minor\":\"unknown\",\"gender\":\"female\","
         "\"languages\":[],"
         "\"risk\":\"high\"}",
            400, "service-not-offered"},
        {"{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"urgent\","
         "\"age_band\":\"9-17\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":["
         "\"pus\"],"
         "\"risk\":\"high\"}",
            400, "age-contradicts"},
        {"{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"urgent\","
         "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":["
         "\"pus\",\"pus\"],"
         "\"risk\":\"high\"}",
            400, "twice"},
        {"{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"now\","
         "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":["
         "\"pus\"],"
         "\"risk\":\"high\"}",
            400, "priority"},
    };
    struct world *w = WORLD();
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        call(w, OFFICER, "refer", "", bad[i].request, bad[i].http, bad[i].holds);
    call(w, OFFICER, "sent", "", NULL, 200, "\"items\":[]");
    world_destroy(&w);
}

static void desk__refuses_a_note_beyond_its_limit_and_takes_one_at_it(void **state)
{
    (void)state;
    char request[2048], note[NOTE_BYTES_MAX + 2];
    struct world *w = WORLD();
    memset(note, 'x', sizeof(note));
    note[NOTE_BYTES_MAX + 1] = 0;
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\"," FIELDS ",\"note\":\"%s\"}", note);
    call(w, OFFICER, "refer", "", request, 413, "note");
    note[NOTE_BYTES_MAX] = 0;
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\"," FIELDS ",\"note\":\"%s\"}", note);
    call(w, OFFICER, "refer", "", request, 201, "\"reference\"");
    world_destroy(&w);
}

static void desk__lets_a_partner_at_the_end_take_and_not_start_referrals(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES];
    struct world *w = WORLD();
    call(w, SKILLS, "refer", "", "{\"to\":\"shelter.peshawar\"," FIELDS "}", 403,
        "role-may-not-refer");
    world_refer(w, OFFICER, SKILLS, LANE_NORMAL, ref);
    world_settle(w);
    call_about(w, SKILLS, "accept", ref, 200, "\"accepted\"");
    world_settle(w);
    assert_string_equal(world_care_state(w, OFFICER, ref), "accepted");
    world_destroy(&w);
}

static void desk__tells_the_sender_once_that_it_was_read(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES];
    struct world *w = WORLD();
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    call_about(w, SHELTER, "trace", ref, 200, "\"requested\"");
    world_settle(w);
    assert_string_equal(world_care_state(w, OFFICER, ref), "requested");
    call_about(w, SHELTER, "show", ref, 200, "\"opened\"");
    call_about(w, SHELTER, "show", ref, 200, "\"opened\"");
    world_settle(w);
    assert_string_equal(world_care_state(w, OFFICER, ref), "opened");
    char *trace = NULL, request[64];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", ref);
    assert_int_equal(world_call(w, OFFICER, "trace", "", request, &trace), 200);
    const char *first = strstr(trace, "\"decision\":");
    assert_non_null(first);
    assert_null(strstr(first + 1, "\"decision\":"));
    memory_free(trace);
    world_destroy(&w);
}

static void desk__shows_transport_and_decision_side_by_side_with_evidence(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES];
    struct world *w = WORLD();
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    call_about(w, OFFICER, "show", ref, 200, "\"letter\":\"held\"");
    call_about(w, OFFICER, "show", ref, 200, "\"receipt_verified\":false");
    world_heal(w, SHELTER);
    world_settle(w);
    call_about(w, OFFICER, "show", ref, 200, "\"letter\":\"stored\"");
    call_about(w, OFFICER, "show", ref, 200, "\"receipt_verified\":true");
    call_about(w, OFFICER, "show", ref, 200, "\"state\":\"requested\"");
    world_destroy(&w);
}

static void desk__declines_with_a_reason_and_then_nothing_else(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES], other[96];
    struct world *w = WORLD();
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    call_about(w, SHELTER, "complete", ref, 409, "before it is accepted");
    call_about(w, SHELTER, "decline", ref, 200, "\"declined\"");
    call_about(w, SHELTER, "decline", ref, 200, "\"declined\"");
    call_about(w, SHELTER, "accept", ref, 409, "any more");
    snprintf(other, sizeof(other),
        "{\"reference\":\"%s\",\"reason\":\"safety-conflict\"}", ref);
    call(w, SHELTER, "decline", "another", other, 409, "at-capacity");
    world_settle(w);
    call_about(w, OFFICER, "trace", ref, 200, "at-capacity");
    assert_string_equal(world_care_state(w, OFFICER, ref), "declined");
    world_destroy(&w);
}

static void desk__lets_only_the_member_that_was_asked_decide(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES];
    struct world *w = WORLD();
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    call_about(w, OFFICER, "accept", ref, 409, "own-referral");
    call_about(w, COORDINATOR, "accept", ref, 404, "unknown-reference");
    call_about(w, SHELTER, "accept", "7K2MQ4XTB", 400, "bad-reference");
    world_destroy(&w);
}

/* A reference as people type it. */
static void desk__understands_a_reference_in_small_letters_and_groups(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES], typed[32];
    size_t n = 0;
    struct world *w = WORLD();
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    for (size_t i = 0; ref[i]; i++) {
        if (i == 3 || i == 6)
            typed[n++] = '-';
        typed[n++] = (char)(ref[i] >= 'A' && ref[i] <= 'Z' ? ref[i] + 32 : ref[i]);
    }
    typed[n] = 0;
    call_about(w, SHELTER, "trace", typed, 200, ref);
    world_destroy(&w);
}

static void desk__answers_locked_and_status_works_while_locked(void **state)
{
    (void)state;
    struct world *w = WORLD();
    world_lock_node(w, OFFICER);
    call(w, OFFICER, "inbox", "", NULL, 423, "amaan unlock");
    call(w, OFFICER, "refer", "k", "{\"to\":\"shelter.peshawar\"," FIELDS "}", 423,
        "locked");
    call(w, OFFICER, "status", "", NULL, 200, "\"locked\":true");
    call(w, OFFICER, "status", "", NULL, 200, "\"locked_ms\":");
    call(w, OFFICER, "status", "", NULL, 200, "\"prekeys_left_ms\":");
    call(w, OFFICER, "status", "", NULL, 200, "\"roster_left_ms\":");
    call(w, OFFICER, "status", "", NULL, 200, "\"signed_ahead_ms\":");
    call(w, OFFICER, "status", "", NULL, 200, "\"broker_skew_ms\":");
    call(w, OFFICER, "roster", "", NULL, 200, "\"roster\"");
    call(w, OFFICER, "alarms", "", NULL, 200, "\"items\"");
    world_unlock_node(w, OFFICER);
    call(w, OFFICER, "status", "", NULL, 200, "\"locked\":false");
    call(w, OFFICER, "refer", "k", "{\"to\":\"shelter.peshawar\"," FIELDS "}", 201,
        "reference");
    world_destroy(&w);
}

static void desk__tells_how_long_a_letter_has_no_receipt(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char reference[WORLD_REFERENCE_BYTES], *answer = NULL;
    assert_int_equal(world_call(w, OFFICER, "status", "", NULL, &answer), 200);
    assert_null(strstr(answer, "oldest_open_ms"));
    memory_free(answer);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, reference);
    world_pass(w, 8 * DAY_MS);
    assert_int_equal(world_call(w, OFFICER, "status", "", NULL, &answer), 200);
    assert_holds(answer, "oldest_open_ms\":691");
    memory_free(answer);
    world_destroy(&w);
}

static void desk__keeps_no_reply_of_a_request_that_failed(void **state)
{
    (void)state;
    struct world *w = WORLD();
    call(w, OFFICER, "refer", "again", "{\"to\":\"shelter.peshawar\"}", 400, "service");
    call(w, OFFICER, "refer", "again", "{\"to\":\"shelter.peshawar\"," FIELDS "}", 201,
        "reference");
    call(w, OFFICER, "refer", "again", "{\"to\":\"shelter.peshawar\"}", 409, "key-used");
    world_destroy(&w);
}

static void desk__accepting_twice_under_one_key_sends_one_answer(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES], request[64];
    char *first = NULL, *again = NULL;
    struct world *w = WORLD();
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", ref);
    assert_int_equal(world_call(w, SHELTER, "accept", "one", request, &first), 200);
    world_settle(w);
    assert_int_equal(world_call(w, SHELTER, "accept", "one", request, &again), 200);
    assert_string_equal(first, again);
    memory_free(first);
    memory_free(again);
    world_destroy(&w);
}

/* The battery of the clock was empty: the reply stands under a day long ago, and the request comes again. */
static void desk__keeps_a_reply_that_was_given_under_a_clock_far_behind(void **state)
{
    (void)state;
    static const char request[] = "{\"to\":\"shelter.peshawar\"," FIELDS "}";
    char *first = NULL, *again = NULL;
    struct world *w = WORLD();
    int64_t right = world_now_ms(w);
    world_set_clock(w, OFFICER, INT64_C(1262304000000)); /* 2010-01-01 */
    assert_int_equal(world_call(w, OFFICER, "refer", "one", request, &first), 201);
    world_settle(w);
    world_set_clock(w, OFFICER, right + DAY_MS);
    world_pass(w, DAY_MS);
    assert_int_equal(world_call(w, OFFICER, "refer", "one", request, &again), 201);
    assert_string_equal(first, again);
    memory_free(first);
    memory_free(again);
    world_destroy(&w);
}

/* A member that answers for ever: what it says first counts, the rest fills neither disk nor page. */
static void desk__keeps_only_so_many_answers_that_change_nothing(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES], request[64], *text = NULL;
    struct json *item = NULL;
    struct world *w = WORLD();
    struct answer answer = {.decision = DECISION_OPENED};
    struct buffer body;
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    memcpy(answer.reference, ref, REFERENCE_BYTES);
    buffer_init(&body, BODY_BYTES_MAX);
    assert_ok(answer_encode(&answer, &body));
    for (int i = 0; i < DECISIONS_IDLE_MAX + 8; i++) {
        struct node *node = world_node(w, SHELTER);
        struct post_letter_new letter = {.recipient = *world_node_id(w, OFFICER),
            .kind = LETTER_ANSWER,
            .lane = LANE_NORMAL,
            .body = buffer_span(&body)};
        memset(&letter.item_id, i + 1, sizeof(letter.item_id));
        assert_ok(node_begin(node));
        assert_ok(post_send(node_post(node), &letter));
        assert_ok(node_end(node));
        world_settle(w);
    }
    buffer_release(&body);
    call_about(w, SHELTER, "accept", ref, 200, "\"accepted\"");
    world_settle(w);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", ref);
    assert_int_equal(world_call(w, OFFICER, "trace", "", request, &text), 200);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &item, NULL));
    assert_string_equal(json_find_text(item, "state"), "accepted");
    assert_int_equal(json_count(json_find(item, "decisions")), DECISIONS_IDLE_MAX + 2);
    json_destroy(&item);
    memory_free(text);
    world_destroy(&w);
}

static void desk__lists_page_by_page(void **state)
{
    (void)state;
    char refs[3][WORLD_REFERENCE_BYTES], request[64];
    struct json *page = NULL;
    char *text = NULL;
    struct world *w = WORLD();
    for (int i = 0; i < 3; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    assert_int_equal(world_call(w, OFFICER, "sent", "", "{\"limit\":2}", &text), 200);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &page, NULL));
    assert_int_equal(json_count(json_find(page, "items")), 2);
    assert_string_equal(
        json_find_text(json_nth(json_find(page, "items"), 0), "reference"), refs[2]);
    snprintf(request, sizeof(request), "{\"limit\":2,\"before\":%lld}",
        (long long)json_find_int(page, "next"));
    json_destroy(&page);
    memory_free(text);
    assert_int_equal(world_call(w, OFFICER, "sent", "", request, &text), 200);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &page, NULL));
    assert_int_equal(json_count(json_find(page, "items")), 1);
    assert_int_equal(json_find_int(page, "next"), 0);
    json_destroy(&page);
    memory_free(text);
    call(w, OFFICER, "sent", "", "{\"limit\":0}", 400, "limit");
    world_destroy(&w);
}

static void desk__tells_whether_a_wait_is_over_and_when_it_never_will_be(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES], request[96];
    static const struct {
        const char *until, *reached;
    } rows[] = {{"sealed", "yes"}, {"held", "yes"}, {"stored", "yes"},
        {"confirmed", "not-yet"}, {"requested", "yes"}, {"declined", "yes"},
        {"accepted", "never"}, {"completed", "never"}};
    struct world *w = WORLD();
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    call_about(w, SHELTER, "decline", ref, 200, "declined");
    world_settle(w);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char want[64];
        snprintf(request, sizeof(request), "{\"reference\":\"%s\",\"until\":\"%s\"}", ref,
            rows[i].until);
        snprintf(want, sizeof(want), "\"reached\":\"%s\"", rows[i].reached);
        call(w, OFFICER, "trace", "", request, 200, want);
    }
    world_destroy(&w);
}

static void desk__lists_members_with_roles_and_standing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    call(w, OFFICER, "members", "", NULL, 200, "\"livelihood\"");
    world_roster(w, SKILLS, MEMBER_SUSPENDED, false);
    world_pass(w, HOUR_MS);
    call(w, OFFICER, "members", "", NULL, 200, standing_name(STANDING_SUSPENDED));
    call(w, OFFICER, "nothing", "", NULL, 404, "unknown-verb");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk__refuses_a_referral_that_lacks_or_mixes_up_a_field),
        cmocka_unit_test(desk__refuses_a_note_beyond_its_limit_and_takes_one_at_it),
        cmocka_unit_test(desk__lets_a_partner_at_the_end_take_and_not_start_referrals),
        cmocka_unit_test(desk__tells_the_sender_once_that_it_was_read),
        cmocka_unit_test(desk__shows_transport_and_decision_side_by_side_with_evidence),
        cmocka_unit_test(desk__declines_with_a_reason_and_then_nothing_else),
        cmocka_unit_test(desk__lets_only_the_member_that_was_asked_decide),
        cmocka_unit_test(desk__understands_a_reference_in_small_letters_and_groups),
        cmocka_unit_test(desk__answers_locked_and_status_works_while_locked),
        cmocka_unit_test(desk__tells_how_long_a_letter_has_no_receipt),
        cmocka_unit_test(desk__keeps_no_reply_of_a_request_that_failed),
        cmocka_unit_test(desk__accepting_twice_under_one_key_sends_one_answer),
        cmocka_unit_test(desk__keeps_a_reply_that_was_given_under_a_clock_far_behind),
        cmocka_unit_test(desk__keeps_only_so_many_answers_that_change_nothing),
        cmocka_unit_test(desk__lists_page_by_page),
        cmocka_unit_test(desk__tells_whether_a_wait_is_over_and_when_it_never_will_be),
        cmocka_unit_test(desk__lists_members_with_roles_and_standing),
    };
    return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
