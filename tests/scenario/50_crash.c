/* SPDX-License-Identifier: Apache-2.0
 *
 * Power cuts before and after every commit, full disks, failing disks (PROTOCOL.md 2.5, 3, 6.1).
 */
#include "scenario.h"

/* One referral and its acceptance with a power cut at the k-th commit of `who`, before or after it. Answers
 * false when the story was over before the cut fired. */
static bool story_with_a_cut(enum world_fault fault, size_t who, int k)
{
    struct world *w = world_new(7000 + (uint64_t)k, USUAL_CAST, CAST);
    static const char request[] =
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"urgent\","
        "\"age_band\":\"unknown\","
        "\"minor\":\"unknown\",\"gender\":\"female\",\"languages\":[\"pus\"],\"risk\":"
        "\"high\",\"note\":\"drabok\"," WORLD_CONSENT_CHILD "}";
    world_arm(w, fault, who, k);
    char *answer = NULL;
    int code = world_call(w, OFFICER, "refer", "cut", request, &answer);
    for (int tries = 0; code != 201 && tries < 3;
         tries++) { /* an officer who lost the reply repeats */
        memory_free(answer);
        answer = NULL;
        world_pass(w, MINUTES(1));
        code = world_call(w, OFFICER, "refer", "cut", request, &answer);
    }
    assert_int_equal(code, 201);
    memory_free(answer);
    world_pass(w, MINUTES(10));
    world_pass(w, DAYS(2));
    char *inbox = NULL;
    assert_int_equal(world_call(w, SHELTER, "inbox", "", NULL, &inbox), 200);
    char *first = strstr(inbox, "\"reference\"");
    assert_non_null(first);
    assert_null(strstr(first + 1, "\"reference\""));
    char *sent = NULL;
    assert_int_equal(world_call(w, OFFICER, "sent", "", NULL, &sent), 200);
    assert_true(strstr(sent, "stored") != NULL || strstr(sent, "confirmed") != NULL);
    bool fired = world_fired(w, fault) > 0;
    memory_free(inbox);
    memory_free(sent);
    world_destroy(&w);
    return fired;
}

static void cut_at_every_commit(enum world_fault fault, size_t who)
{
    int fired = 0;
    for (int k = 0; k < 12 && story_with_a_cut(fault, who, k); k++)
        fired++;
    print_message("cuts that fired: %d\n", fired);
    assert_true(fired > 0);
}

static void a_cut_before_any_commit_of_the_sender_is_harmless(void **state)
{
    (void)state;
    cut_at_every_commit(FAULT_CRASH_BEFORE_COMMIT, OFFICER);
}
static void a_cut_after_any_commit_of_the_sender_is_harmless(void **state)
{
    (void)state;
    cut_at_every_commit(FAULT_CRASH_AFTER_COMMIT, OFFICER);
}
static void a_cut_before_any_commit_of_the_broker_is_harmless(void **state)
{
    (void)state;
    cut_at_every_commit(FAULT_CRASH_BEFORE_COMMIT, WORLD_BROKER);
}
static void a_cut_after_any_commit_of_the_broker_is_harmless(void **state)
{
    (void)state;
    cut_at_every_commit(FAULT_CRASH_AFTER_COMMIT, WORLD_BROKER);
}
static void a_cut_before_any_commit_of_the_recipient_is_harmless(void **state)
{
    (void)state;
    cut_at_every_commit(FAULT_CRASH_BEFORE_COMMIT, SHELTER);
}
static void a_cut_after_any_commit_of_the_recipient_is_harmless(void **state)
{
    (void)state;
    cut_at_every_commit(FAULT_CRASH_AFTER_COMMIT, SHELTER);
}

static void a_failing_disk_stops_the_process_and_nothing_is_claimed(void **state)
{
    (void)state;
    static const size_t who[] = {OFFICER, SHELTER, WORLD_BROKER};
    int fired = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(who); i++)
        for (int k = 0; k < 4; k++) {
            fired += story_with_a_cut(FAULT_SYNC_ERROR, who[i], k);
            fired += story_with_a_cut(FAULT_DISK_ERROR, who[i], k * 3);
        }
    print_message("disk errors that fired: %d\n", fired);
    assert_true(fired > 0);
}

static void a_full_disk_at_the_sender_refuses_clearly_and_recovers(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_arm(w, FAULT_DISK_FULL, OFFICER, 0);
    char *answer = NULL;
    int code = world_call(w, OFFICER, "refer", "full",
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"age_band\":\"unknown\","
        "\"minor\":\"no\",\"gender\":\"male\",\"languages\":[\"urd\"],\"risk\":\"low\","
        "\"note\":\"\"," WORLD_CONSENT "}",
        &answer);
    assert_int_equal(code, 507);
    assert_non_null(strstr(answer, "disk"));
    memory_free(answer);
    assert_fired(w, FAULT_DISK_FULL);
    world_free_disk(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_full_disk_at_the_broker_loses_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_arm(w, FAULT_DISK_FULL, WORLD_BROKER, 0);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_fired(w, FAULT_DISK_FULL);
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    world_free_disk(w, WORLD_BROKER);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_before_any_commit_of_the_sender_is_harmless),
        cmocka_unit_test(a_cut_after_any_commit_of_the_sender_is_harmless),
        cmocka_unit_test(a_cut_before_any_commit_of_the_broker_is_harmless),
        cmocka_unit_test(a_cut_after_any_commit_of_the_broker_is_harmless),
        cmocka_unit_test(a_cut_before_any_commit_of_the_recipient_is_harmless),
        cmocka_unit_test(a_cut_after_any_commit_of_the_recipient_is_harmless),
        cmocka_unit_test(a_failing_disk_stops_the_process_and_nothing_is_claimed),
        cmocka_unit_test(a_full_disk_at_the_sender_refuses_clearly_and_recovers),
        cmocka_unit_test(a_full_disk_at_the_broker_loses_nothing),
    };
    return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
