/* SPDX-License-Identifier: Apache-2.0
 *
 * From the counter to the safe place (docs/CARE.md 8): what both sides see, what is erased, and what happens when nobody
 * arrives.
 */
#include "inside.h"
#include "meeting.h"

static unsigned asked;

static char *call(
    struct world *w, size_t i, const char *verb, const char *request, int http)
{
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "meet-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request, code, text ? text : "(died)");
    assert_int_equal(code, http);
    return text;
}

static void about(struct world *w, size_t i, const char *verb, const char *reference,
    int http, const char *holds)
{
    char request[96], *text;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    text = call(w, i, verb, request, http);
    assert_holds(text, holds);
    memory_free(text);
}

static void assert_unsaid(
    struct world *w, size_t i, const char *reference, const char *part)
{
    char request[96], *text;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    text = call(w, i, "show", request, 200);
    if (strstr(text, part))
        fail_msg("%s is in %s", part, text);
    memory_free(text);
}

/* At 14:30 UTC of the first day; the world begins at five. An hour's window, an hour's way. */
static void propose(
    struct world *w, const char *reference, unsigned point, int http, const char *holds)
{
    char request[256], *text;
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"point\":%u,\"from\":\"2026-11-24T14:30:00Z\","
        "\"minutes\":60,\"way_minutes\":60,\"who\":\"a-woman\"}",
        reference, point);
    text = call(w, SHELTER, "hand-over-propose", request, http);
    assert_holds(text, holds);
    memory_free(text);
}

static void read_code(struct world *w, size_t i, const char *reference, char ret[7])
{
    char request[96], *text;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    text = call(w, i, "show", request, 200);
    const char *at = strstr(text, "\"code\":\"");
    assert_non_null(at);
    memcpy(ret, at + 8, 6);
    ret[6] = 0;
    memory_free(text);
}

static void accepted(struct world *w, char ret[WORLD_REFERENCE_BYTES])
{
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ret);
    world_settle(w);
    accept_referral(w, SHELTER, ret);
}

static void a_person_is_handed_over_and_arrives(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], here[7], there[7];
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    propose(w, ref, 1, 409, "not-accepted");
    accept_referral(w, SHELTER, ref);
    about(w, OFFICER, "hand-over-agree", ref, 409, "no-such-step"); /* to what? */
    propose(w, ref, 4999, 400, "no-such-point");
    propose(w, ref, 9, 200, "\"state\":\"proposed\"");
    world_settle(w);
    propose(w, ref, 1, 200, "\"round\":2"); /* a better place */
    about(w, OFFICER, "hand-over-agree", ref, 200,
        "\"state\":\"agreed\""); /* to the first */
    world_settle(w);
    about(w, OFFICER, "show", ref, 200,
        "\"state\":\"proposed\""); /* which stands no more */
    about(w, SHELTER, "show", ref, 200, "\"state\":\"proposed\"");
    about(w, OFFICER, "show", ref, 200, "Torkham");
    about(w, OFFICER, "hand-over-agree", ref, 200, "\"state\":\"agreed\"");
    world_settle(w);
    read_code(w, OFFICER, ref, here);
    read_code(w, SHELTER, ref, there);
    assert_string_equal(here, there);
    about(w, SHELTER, "handed-over", ref, 409, "not-your-step");
    about(w, OFFICER, "arrived", ref, 409, "not-your-step");
    world_pass(w, HOURS(10)); /* 15:00 UTC */
    about(w, OFFICER, "handed-over", ref, 200, "\"state\":\"handed-over\"");
    world_settle(w);
    about(w, OFFICER, "hand-over-off", ref, 409, "no-such-step"); /* she has gone */
    about(w, SHELTER, "arrived", ref, 200, "\"state\":\"arrived\"");
    world_pass(w, HOURS(3));
    about(w, OFFICER, "show", ref, 200, "\"state\":\"arrived\"");
    assert_int_equal(world_alarms(w, OFFICER, "missing"), 0);
    assert_int_equal(world_alarms(w, SHELTER, "missing"), 0);
    /* A day after, nobody can read any more where and when it was. */
    world_pass(w, DAYS(3));
    for (size_t i = OFFICER; i <= SHELTER; i++) {
        about(w, i, "show", ref, 200, "\"state\":\"arrived\"");
        assert_unsaid(w, i, ref, "Torkham");
        assert_unsaid(w, i, ref, "14:30");
        assert_unsaid(w, i, ref, "\"code\"");
        assert_unsaid(w, i, ref, here);
    }
    world_destroy(&w);
}

/* Both nodes find it by themselves, also the one that hears of nothing any more. */
static void nobody_arrives_and_both_sides_and_the_coordinator_know_at_once(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    accepted(w, ref);
    propose(w, ref, 1, 200, "proposed");
    world_settle(w);
    about(w, OFFICER, "hand-over-agree", ref, 200, "agreed");
    world_settle(w);
    world_pass(w, HOURS(10)); /* 15:00; arrival is awaited until 16:30 */
    about(w, OFFICER, "handed-over", ref, 200, "handed-over");
    world_settle(w);
    world_pass(w, MINUTES(85));
    assert_int_equal(world_alarms(w, OFFICER, "missing"), 0);
    world_cut(w, SHELTER);
    world_pass(w, MINUTES(10));
    assert_true(world_alarms(w, OFFICER, "missing") > 0);
    assert_true(
        world_alarms(w, SHELTER, "missing") > 0); /* without any word from outside */
    about(w, OFFICER, "show", ref, 200, "\"state\":\"missing\"");
    about(w, SHELTER, "show", ref, 200, "\"state\":\"missing\"");
    assert_true(world_alarms(w, COORDINATOR, "missing") > 0);
    char *text = call(w, COORDINATOR, "missing", NULL, 200);
    assert_holds(text, ref);
    assert_holds(text, "\"told_by\":\"fia.torkham\"");
    assert_null(strstr(text, "Torkham:")); /* no place, no time of the meeting */
    assert_null(strstr(text, "14:30"));
    memory_free(text);
    /* She comes after all, hours later: everybody is told. */
    about(w, SHELTER, "arrived", ref, 200, "\"state\":\"arrived\"");
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(30));
    about(w, OFFICER, "show", ref, 200, "\"state\":\"arrived\"");
    text = call(w, COORDINATOR, "missing", NULL, 200);
    assert_holds(text, "\"items\":[]");
    memory_free(text);
    world_destroy(&w);
}

/* Where she stays is in no letter: the encoder has no field for it, and the list no such place. */
static void dp14__a_hand_over_names_a_neutral_point_and_never_the_shelter(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], request[256], *text;
    accepted(w, ref);
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"point\":1,\"from\":\"2026-11-24T14:30:00Z\",\"way_"
        "minutes\":30,\"who\":\"a-"
        "woman\",\"place\":\"the house behind the mill\"}",
        ref);
    text = call(w, SHELTER, "hand-over-propose", request, 400);
    assert_holds(text, "place");
    memory_free(text);
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"point\":\"the house behind the mill\",\"from\":"
        "\"2026-11-24T14:30:00Z\",\"who\":\"a-woman\"}",
        ref);
    text = call(w, SHELTER, "hand-over-propose", request, 400);
    assert_holds(text, "point");
    memory_free(text);
    /* A letter with a text where no field is, from a member whose program was changed. */
    struct world_member liar;
    struct buffer body;
    struct meeting meeting = {.step = MEETING_PROPOSE,
        .round = 1,
        .point = 1,
        .from_ms = world_now_ms(w) + HOUR_MS,
        .minutes = 60,
        .who = WHO_WOMAN,
        .seed = {1}};
    static const uint8_t place[] = {0x52, 0x04, 'm', 'i', 'l', 'l'};
    memcpy(meeting.reference, ref, REFERENCE_BYTES);
    world_member_init(&liar, w, SHELTER, OFFICER);
    buffer_init(&body, BODY_BYTES_MAX);
    assert_ok(meeting_encode(&meeting, &body));
    assert_ok(buffer_put(&body, place, sizeof(place)));
    struct letter letter =
        world_member_letter(&liar, LETTER_HANDOVER, buffer_span(&body));
    world_member_post(&liar, &letter);
    assert_unsaid(w, OFFICER, ref, "\"handover\"");
    assert_unsaid(w, OFFICER, ref, "mill");
    buffer_release(&body);
    world_destroy(&w);
}

static void a_stranger_to_the_referral_moves_no_hand_over(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer body;
    struct meeting meeting = {.step = MEETING_ARRIVE, .round = 1};
    char ref[WORLD_REFERENCE_BYTES];
    accepted(w, ref);
    propose(w, ref, 1, 200, "proposed");
    world_settle(w);
    memcpy(meeting.reference, ref, REFERENCE_BYTES);
    world_member_init(&liar, w, COORDINATOR, OFFICER);
    buffer_init(&body, BODY_BYTES_MAX);
    assert_ok(meeting_encode(&meeting, &body));
    struct letter letter =
        world_member_letter(&liar, LETTER_HANDOVER, buffer_span(&body));
    world_member_post(&liar, &letter);
    about(w, OFFICER, "show", ref, 200, "\"state\":\"proposed\"");
    char *text = call(w, OFFICER, "missing", NULL, 200);
    assert_holds(text, "\"items\":[]");
    memory_free(text);
    buffer_release(&body);
    world_destroy(&w);
}

/* A provider that says "nobody came" a minute after she went, and tells nobody else. */
static void a_provider_cannot_keep_a_missing_person_from_the_coordinators(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer body;
    struct meeting meeting = {.step = MEETING_MISS, .round = 1};
    char ref[WORLD_REFERENCE_BYTES];
    accepted(w, ref);
    propose(w, ref, 1, 200, "proposed");
    world_settle(w);
    about(w, OFFICER, "hand-over-agree", ref, 200, "agreed");
    about(w, OFFICER, "handed-over", ref, 200, "handed-over");
    world_settle(w);
    memcpy(meeting.reference, ref, REFERENCE_BYTES);
    world_member_init(&liar, w, SHELTER, OFFICER);
    buffer_init(&body, BODY_BYTES_MAX);
    assert_ok(meeting_encode(&meeting, &body));
    struct letter letter =
        world_member_letter(&liar, LETTER_HANDOVER, buffer_span(&body));
    world_member_post(&liar, &letter);
    world_settle(w);
    assert_true(world_alarms(w, OFFICER, "missing") > 0);
    char *text = call(w, COORDINATOR, "missing", NULL, 200);
    assert_holds(text, ref);
    memory_free(text);
    buffer_release(&body);
    world_destroy(&w);
}

/* The wrong year, or a member that wants the alarm never to come. */
static void a_meeting_is_at_most_fourteen_days_ahead(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer body;
    struct meeting meeting = {.step = MEETING_PROPOSE,
        .round = 1,
        .point = 1,
        .from_ms = world_now_ms(w) + DAYS(400),
        .minutes = 60,
        .who = WHO_WOMAN,
        .seed = {1}};
    char ref[WORLD_REFERENCE_BYTES], request[256];
    accepted(w, ref);
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"point\":1,\"from\":\"2027-11-24T14:30:00Z\","
        "\"way_minutes\":30,\"who\":\"a-woman\"}",
        ref);
    char *text = call(w, SHELTER, "hand-over-propose", request, 400);
    assert_holds(text, "14 days");
    memory_free(text);
    memcpy(meeting.reference, ref, REFERENCE_BYTES);
    world_member_init(&liar, w, SHELTER, OFFICER);
    buffer_init(&body, BODY_BYTES_MAX);
    assert_ok(meeting_encode(&meeting, &body));
    struct letter letter =
        world_member_letter(&liar, LETTER_HANDOVER, buffer_span(&body));
    world_member_post(&liar, &letter);
    assert_unsaid(w, OFFICER, ref, "\"handover\"");
    buffer_release(&body);
    world_destroy(&w);
}

/* The laptop is off when the arrival is due; it finds out when it is opened. */
static void a_node_that_was_off_or_locked_finds_the_missing_when_it_is_opened(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    accepted(w, ref);
    propose(w, ref, 1, 200, "proposed");
    world_settle(w);
    about(w, OFFICER, "hand-over-agree", ref, 200, "agreed");
    world_pass(w, HOURS(10));
    about(w, OFFICER, "handed-over", ref, 200, "handed-over");
    world_settle(w);
    world_lock_node(w, OFFICER);
    world_crash_node(w, SHELTER);
    world_pass(w, HOURS(4));
    assert_int_equal(
        world_alarms(w, OFFICER, "missing"), 0); /* locked: nothing can be read */
    world_unlock_node(w, OFFICER);
    world_start_node(w, SHELTER, true);
    world_pass(w, MINUTES(5));
    assert_true(world_alarms(w, OFFICER, "missing") > 0);
    assert_true(world_alarms(w, SHELTER, "missing") > 0);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_handed_over_and_arrives),
        cmocka_unit_test(nobody_arrives_and_both_sides_and_the_coordinator_know_at_once),
        cmocka_unit_test(dp14__a_hand_over_names_a_neutral_point_and_never_the_shelter),
        cmocka_unit_test(a_stranger_to_the_referral_moves_no_hand_over),
        cmocka_unit_test(a_provider_cannot_keep_a_missing_person_from_the_coordinators),
        cmocka_unit_test(a_meeting_is_at_most_fourteen_days_ahead),
        cmocka_unit_test(
            a_node_that_was_off_or_locked_finds_the_missing_when_it_is_opened),
    };
    return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
