/* SPDX-License-Identifier: Apache-2.0
 *
 * rest: what is told to others rests ten seconds before it is done, and can be taken back (docs/CARE.md 23).
 */
#include <string.h>

#include "check.h"
#include "desk.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, CAST };

static const struct world_plan PLAN[CAST] = {
    {"fia.torkham", ROLE_SCREENING}, {"shelter.peshawar", ROLE_SHELTER}};

#define WORLD() world_new(12300 + __LINE__, PLAN, CAST)
#define REFER(rest)                                                                      \
    "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"urgent\","      \
    "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"       \
    "[\"pus\"],\"risk\":\"high\"," rest WORLD_CONSENT "}"
#define RESTING_REFER REFER("\"rest\":true,")

static char *ask(
    struct world *w, size_t i, const char *verb, const char *request, int http)
{
    static unsigned asked;
    char *answer = NULL, key[32];

    snprintf(key, sizeof(key), "rest-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request ? request : "", code, answer);
    assert_int_equal(code, http);
    return answer;
}

static void call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    char *answer = ask(w, i, verb, request, http);

    assert_holds(answer, holds);
    memory_free(answer);
}

/* How many items stand in what the verb lists under that name. */
static size_t count(struct world *w, size_t i, const char *verb, const char *name)
{
    char *answer = ask(w, i, verb, NULL, 200);
    struct json *json = NULL;

    assert_ok(json_parse(span_text(answer), JSON_TEXT_MAX, &json, NULL));
    size_t n = json_count(json_find(json, name));
    json_destroy(&json);
    memory_free(answer);
    return n;
}

/* {"reference": ...} of the one thing that the verb lists under that name. */
static void name_one(struct world *w, size_t i, const char *verb, const char *name,
    const char *field, char ret[static 64])
{
    char *answer = ask(w, i, verb, NULL, 200);
    struct json *json = NULL;

    assert_ok(json_parse(span_text(answer), JSON_TEXT_MAX, &json, NULL));
    const struct json *list = json_find(json, name);
    assert_int_equal(json_count(list), 1);
    snprintf(ret, 64, "{\"reference\":\"%s\"}", json_find_text(json_nth(list, 0), field));
    json_destroy(&json);
    memory_free(answer);
}

/* As `name_one`, and it rests. */
static void resting(char request[static 64])
{
    size_t n = strlen(request);

    snprintf(request + n - 1, 64 - n, ",\"rest\":true}");
}

static int64_t letters(struct world *w, size_t i)
{
    struct post_status status;

    assert_ok(post_status(node_post(world_node(w, i)), &status));
    return status.drafts + status.sealed_waiting + status.held + status.unconfirmed;
}

static void rest__holds_a_referral_for_ten_seconds_and_then_it_is_sent(void **state)
{
    struct world *w = WORLD();
    int64_t before = letters(w, OFFICER);

    (void)state;
    call(w, OFFICER, "refer", RESTING_REFER, 202, "\"verb\":\"refer\"");
    world_pass(w, 9 * SECOND_MS);
    assert_int_equal(count(w, OFFICER, "resting", "resting"), 1);
    assert_int_equal(count(w, OFFICER, "sent", "items"), 0);
    assert_int_equal(letters(w, OFFICER), before);
    call(w, OFFICER, "status", NULL, 200, "\"to\":\"shelter.peshawar\"");
    world_pass(w, 2 * SECOND_MS);
    assert_int_equal(count(w, OFFICER, "resting", "resting"), 0);
    assert_int_equal(count(w, OFFICER, "sent", "items"), 1);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    world_destroy(&w);
}

static void rest__that_is_taken_back_leaves_nothing_and_nobody_hears_of_it(void **state)
{
    struct world *w = WORLD();
    int64_t before = letters(w, OFFICER);
    char deed[64];

    (void)state;
    call(w, OFFICER, "refer", RESTING_REFER, 202, "\"seconds\":10");
    name_one(w, OFFICER, "resting", "resting", "deed", deed);
    call(w, OFFICER, "undo", deed, 200, "\"verb\":\"refer\"");
    call(w, OFFICER, "undo", deed, 404, "not-resting");
    call(w, OFFICER, "send-now", deed, 404, "not-resting");
    world_pass(w, MINUTE_MS);
    assert_int_equal(count(w, OFFICER, "sent", "items"), 0);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 0);
    assert_int_equal(letters(w, OFFICER), before);
    world_destroy(&w);
}

static void rest__ends_at_once_when_that_is_asked_for(void **state)
{
    struct world *w = WORLD();
    char deed[64];

    (void)state;
    call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
    name_one(w, OFFICER, "resting", "resting", "deed", deed);
    call(w, OFFICER, "send-now", deed, 200, "\"verb\":\"refer\"");
    world_settle(w);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    world_pass(w, MINUTE_MS);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    world_destroy(&w);
}

static void rest__refuses_at_once_what_could_not_be_done(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, OFFICER, "refer",
        "{\"to\":\"shelter.nowhere\",\"service\":\"shelter\",\"priority\":\"urgent\","
        "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"
        "[\"pus\"],\"risk\":\"high\",\"rest\":true," WORLD_CONSENT "}",
        404, "unknown-member");
    call(
        w, OFFICER, "accept", "{\"reference\":\"28T5CY4TY\",\"rest\":true}", 404, "code");
    assert_int_equal(count(w, OFFICER, "resting", "resting"), 0);
    world_destroy(&w);
}

static void rest__comes_twice_under_one_key_and_is_done_once(void **state)
{
    struct world *w = WORLD();
    char *answer = NULL;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(
            world_call(w, OFFICER, "refer", "twice", RESTING_REFER, &answer), 202);
        memory_free(answer);
        world_pass(w, 7 * SECOND_MS);
    }
    world_pass(w, MINUTE_MS);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    world_destroy(&w);
}

static void rest__of_a_decision_can_be_taken_back_by_the_referrals_reference(void **state)
{
    struct world *w = WORLD();
    char about[64], asked[64];

    (void)state;
    call(w, OFFICER, "refer", REFER(""), 201, "reference");
    world_settle(w);
    name_one(w, SHELTER, "inbox", "items", "reference", about);
    memcpy(asked, about, sizeof(asked));
    resting(asked);
    call(w, SHELTER, "accept", asked, 202, "\"verb\":\"accept\"");
    call(w, SHELTER, "undo", about, 200, "\"verb\":\"accept\"");
    world_pass(w, MINUTE_MS);
    call(w, OFFICER, "sent", NULL, 200, "\"state\":\"requested\"");
    world_destroy(&w);
}

static void start_accepting(struct world *w, char about[static 64], char asked[static 64])
{
    call(w, OFFICER, "refer", REFER(""), 201, "reference");
    world_settle(w);
    name_one(w, SHELTER, "inbox", "items", "reference", about);
    memcpy(asked, about, 64);
    resting(asked);
    call(w, SHELTER, "accept", asked, 202, "\"verb\":\"accept\"");
}

/* Whoever goes on with it has seen it. */
static void rest__is_over_when_somebody_goes_on_with_the_same_referral(void **state)
{
    struct world *w = WORLD();
    char about[64], asked[64];

    (void)state;
    start_accepting(w, about, asked);
    call(w, SHELTER, "start", about, 200, "\"state\":\"in-service\"");
    world_settle(w);
    call(w, OFFICER, "sent", NULL, 200, "\"state\":\"in-service\"");
    world_destroy(&w);
}

/* It may be the correction of the first, which must not be what sends it. */
static void rest__is_not_ended_by_another_that_would_rest(void **state)
{
    struct world *w = WORLD();
    char about[64], asked[64], decline[128];

    (void)state;
    start_accepting(w, about, asked);
    snprintf(decline, sizeof(decline), "%.*s,\"reason\":\"at-capacity\"}",
        (int)strlen(asked) - 1, asked);
    call(w, SHELTER, "decline", decline, 409, "still-resting");
    call(w, SHELTER, "undo", about, 200, "accept");
    call(w, SHELTER, "decline", decline, 202, "deed");
    world_pass(w, 11 * SECOND_MS);
    call(w, OFFICER, "sent", NULL, 200, "\"state\":\"declined\"");
    world_destroy(&w);
}

/* As the page says it: upon the state that was seen. */
static void rest__of_an_answer_is_not_spoilt_by_reading_meanwhile(void **state)
{
    struct world *w = WORLD();
    char about[64], asked[128];

    (void)state;
    call(w, OFFICER, "refer", REFER(""), 201, "reference");
    world_settle(w);
    name_one(w, SHELTER, "inbox", "items", "reference", about);
    snprintf(asked, sizeof(asked), "%.*s,\"if_state\":\"requested\",\"rest\":true}",
        (int)strlen(about) - 1, about);
    call(w, SHELTER, "accept", asked, 202, "deed");
    call(w, SHELTER, "show", about, 200, "\"rests\"");
    world_pass(w, 11 * SECOND_MS);
    assert_int_equal(count(w, SHELTER, "resting", "not_done"), 0);
    call(w, OFFICER, "sent", NULL, 200, "\"state\":\"accepted\"");
    world_destroy(&w);
}

/* A turn that is undone takes no time away from what rests. */
static void rest__goes_on_when_taking_it_back_met_a_full_disk(void **state)
{
    char deed[64], *answer = NULL;
    int fired = 0;

    (void)state;
    for (int countdown = 0; countdown < 4; countdown++) {
        struct world *w = WORLD();

        call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
        name_one(w, OFFICER, "resting", "resting", "deed", deed);
        world_arm(w, FAULT_DISK_FULL, OFFICER, countdown);
        int http = world_call(w, OFFICER, "undo", "full", deed, &answer);
        memory_free(answer);
        bool met = world_fired(w, FAULT_DISK_FULL) > 0 && http == 507;
        fired += met;
        world_free_disk(w, OFFICER);
        world_pass(w, MINUTE_MS);
        assert_int_equal(count(w, OFFICER, "resting", "resting"), 0);
        assert_int_equal(count(w, SHELTER, "inbox", "items"), met ? 1 : 0);
        world_destroy(&w);
    }
    print_message("full disks met: %d\n", fired);
    assert_true(fired > 0);
}

/* The desk of then sent it; the one of now cannot know. */
static void rest__in_a_restored_backup_is_asked_about_and_not_sent(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
    world_save_disk(w, OFFICER);
    world_pass(w, MINUTE_MS);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    world_crash_node(w, OFFICER);
    world_restore_disk(w, OFFICER);
    world_start_node(w, OFFICER, true);
    world_pass(w, MINUTE_MS);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    call(w, OFFICER, "resting", NULL, 200, "\"code\":\"deed-restored\"");
    world_destroy(&w);
}

static void rest__is_over_when_the_node_is_locked(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
    world_lock_node(w, OFFICER);
    world_settle(w);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    world_destroy(&w);
}

static void rest__survives_a_power_cut_and_begins_anew_when_somebody_enters(void **state)
{
    struct world *w = WORLD();

    (void)state;
    call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
    world_crash_node(w, OFFICER);
    world_pass(w, HOUR_MS);
    world_start_node(w, OFFICER, false);
    world_pass(w, HOUR_MS);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 0);
    world_unlock_node(w, OFFICER);
    world_pass(w, 5 * SECOND_MS);
    assert_int_equal(count(w, OFFICER, "resting", "resting"), 1);
    world_pass(w, 6 * SECOND_MS);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
    world_destroy(&w);
}

/* The row goes in the transaction that makes the letter. */
static void rest__is_done_exactly_once_whatever_fails_while_it_is_done(void **state)
{
    static const enum world_fault FAULTS[] = {FAULT_CRASH_BEFORE_COMMIT,
        FAULT_CRASH_AFTER_COMMIT, FAULT_DISK_FULL, FAULT_DISK_ERROR, FAULT_SYNC_ERROR};
    int fired = 0;

    (void)state;
    for (size_t k = 0; k < ARRAY_LENGTH(FAULTS); k++)
        for (int countdown = 0; countdown < 4; countdown++) {
            struct world *w = WORLD();

            call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
            world_pass(w, 9 * SECOND_MS);
            world_arm(w, FAULTS[k], OFFICER, countdown);
            world_pass(w, 2 * SECOND_MS);
            if (world_fired(w, FAULTS[k]) == 0) { /* it would fire later */
                world_destroy(&w);
                break;
            }
            fired++;
            world_free_disk(w, OFFICER);
            if (FAULTS[k] != FAULT_DISK_FULL) {
                if (world_node(w, OFFICER))
                    world_crash_node(w, OFFICER);
                world_start_node(w, OFFICER, true);
            }
            world_pass(w, MINUTE_MS);
            assert_int_equal(count(w, SHELTER, "inbox", "items"), 1);
            assert_int_equal(count(w, OFFICER, "sent", "items"), 1);
            assert_int_equal(count(w, OFFICER, "resting", "resting"), 0);
            world_destroy(&w);
        }
    print_message("faults fired while it was done: %d\n", fired);
    assert_true(fired > 0);
}

static void rest__that_cannot_be_done_any_more_stays_with_its_reason(void **state)
{
    struct world *w = WORLD();
    char deed[64];

    (void)state;
    call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
    world_roster(w, SHELTER, MEMBER_REVOKED, false);
    world_pass(w, MINUTE_MS);
    assert_int_equal(count(w, OFFICER, "sent", "items"), 0);
    assert_int_equal(count(w, OFFICER, "resting", "resting"), 0);
    call(w, OFFICER, "status", NULL, 200, "\"code\":\"member-revoked\"");
    name_one(w, OFFICER, "resting", "not_done", "deed", deed);
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    assert_int_equal(count(w, OFFICER, "resting", "not_done"), 1);
    call(w, OFFICER, "undo", deed, 200, "deed");
    assert_int_equal(count(w, OFFICER, "resting", "not_done"), 0);
    world_destroy(&w);
}

static void rest__has_room_for_more_than_a_person_can_do_and_says_when_it_is_full(
    void **state)
{
    struct world *w = WORLD();

    (void)state;
    for (int i = 0; i < 32; i++)
        call(w, OFFICER, "refer", RESTING_REFER, 202, "deed");
    call(w, OFFICER, "refer", RESTING_REFER, 409, "too-many-deeds");
    world_pass(w, 11 * SECOND_MS);
    assert_int_equal(count(w, SHELTER, "inbox", "items"), 32);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rest__holds_a_referral_for_ten_seconds_and_then_it_is_sent),
        cmocka_unit_test(rest__that_is_taken_back_leaves_nothing_and_nobody_hears_of_it),
        cmocka_unit_test(rest__ends_at_once_when_that_is_asked_for),
        cmocka_unit_test(rest__refuses_at_once_what_could_not_be_done),
        cmocka_unit_test(rest__comes_twice_under_one_key_and_is_done_once),
        cmocka_unit_test(
            rest__of_a_decision_can_be_taken_back_by_the_referrals_reference),
        cmocka_unit_test(rest__is_over_when_somebody_goes_on_with_the_same_referral),
        cmocka_unit_test(rest__is_not_ended_by_another_that_would_rest),
        cmocka_unit_test(rest__of_an_answer_is_not_spoilt_by_reading_meanwhile),
        cmocka_unit_test(rest__goes_on_when_taking_it_back_met_a_full_disk),
        cmocka_unit_test(rest__in_a_restored_backup_is_asked_about_and_not_sent),
        cmocka_unit_test(rest__is_over_when_the_node_is_locked),
        cmocka_unit_test(rest__survives_a_power_cut_and_begins_anew_when_somebody_enters),
        cmocka_unit_test(rest__is_done_exactly_once_whatever_fails_while_it_is_done),
        cmocka_unit_test(rest__that_cannot_be_done_any_more_stays_with_its_reason),
        cmocka_unit_test(
            rest__has_room_for_more_than_a_person_can_do_and_says_when_it_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
