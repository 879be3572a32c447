/* SPDX-License-Identifier: Apache-2.0
 *
 * Suspended members, old and forked rosters, a broker that lies (PROTOCOL.md 5, 6).
 */
#include "check.h"
#include "scenario.h"

static void mail_of_a_suspended_sender_that_was_under_way_has_no_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    world_roster(w, OFFICER, MEMBER_SUSPENDED, false);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(3));
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    struct post_status status;
    assert_int_equal(post_status(node_post(world_node(w, SHELTER)), &status), STATUS_OK);
    assert_int_equal(status.quarantined, 1);
    world_destroy(&w);
}

static void a_suspended_recipient_blocks_and_the_owner_is_told(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_pass(w, HOURS(1));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, MINUTES(5));
    assert_letter(w, OFFICER, ref, LETTER_STATE_BLOCKED);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static bool drop_deliveries(void *context, size_t i, struct buffer *frame)
{
    struct arena *arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    struct frame decoded;
    bool is_delivery = frame_decode(arena, buffer_span(frame), &decoded) == STATUS_OK &&
                       decoded.kind == FRAME_DELIVER;
    (void)context, (void)i;
    arena_destroy(&arena);
    return !is_delivery;
}

/* A shelter whose keys were stolen is revoked while mail to it and from it is under way. */
static void dp25__a_revoked_member_is_refused_within_one_sync_and_mail_to_it_comes_back(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], queued[WORLD_REFERENCE_BYTES], *answer = NULL;
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_settle(w);
    world_cut(w, OFFICER);
    accept_referral(w, SHELTER, first); /* the answer waits at the broker */
    world_cut(w, SHELTER);
    world_heal(w, OFFICER);
    world_tamper(w, drop_deliveries, NULL);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, queued); /* and so does this letter */
    world_settle(w);
    assert_letter(w, OFFICER, queued, LETTER_STATE_HELD);
    world_roster(w, SHELTER, MEMBER_REVOKED, false);
    world_pass(w, MINUTES(1)); /* one sync */
    world_tamper(w, NULL, NULL);
    assert_letter(w, OFFICER, queued, LETTER_STATE_UNDELIVERABLE);
    assert_int_equal(world_alarms(w, OFFICER, "undeliverable"), 1);
    static const char request[] =
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\","
        "\"languages\":[\"urd\"],\"risk\":\"low\"}";
    int code = world_call(w, OFFICER, "refer", "after-it", request, &answer);
    assert_int_not_equal(code / 100, 2);
    memory_free(answer);
    world_heal(w, SHELTER);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, queued), 0);
    assert_care(w, OFFICER, first, "requested"); /* its word has no effect any more */
    world_destroy(&w);
}

static void one_stewards_notice_suspends_for_72_hours_only(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_notice(w, SHELTER);
    world_pass(w, HOURS(1));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_BLOCKED);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_pass(w, DAYS(5));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void an_older_roster_is_refused_by_broker_and_nodes(void **state)
{
    (void)state;
    struct world *w = WORLD();
    uint64_t version = world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(1));
    struct trouble trouble = {""};
    assert_int_not_equal(broker_load(world_broker(w), DOCUMENT_ROSTER,
                             world_roster_bytes(w, version - 1), &trouble),
        STATUS_OK);
    assert_true(strlen(trouble.text) > 0);
    struct frame document = {.kind = FRAME_DOCUMENT};
    struct span old = world_roster_bytes(w, version - 1);
    document.document.type = DOCUMENT_ROSTER;
    document.document.version = version - 1;
    document.document.total_bytes = (uint32_t)old.n;
    document.document.part = old;
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    assert_int_equal(frame_encode(&document, &bytes), STATUS_OK);
    world_inject(w, OFFICER, buffer_span(&bytes));
    world_pass(w, HOURS(1));
    assert_int_equal(
        trust_version(node_trust(world_node(w, OFFICER)), DOCUMENT_ROSTER), version);
    buffer_release(&bytes);
    world_destroy(&w);
}

static void a_forked_roster_stops_sealing_but_not_receiving(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char to_it[WORLD_REFERENCE_BYTES];
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(1));
    struct buffer fork;
    buffer_init(&fork, ROSTER_BYTES_MAX);
    world_fork_roster(w, &fork);
    struct node *officer = world_node(w, OFFICER);
    struct node_join request = {
        .roster = buffer_span(&fork), .endpoint = node_endpoint(officer)};
    memcpy(request.broker_key, node_broker_key(officer), sizeof request.broker_key);
    assert_int_equal(node_join(officer, &request, NULL), STATUS_CONFLICT);
    assert_true(trust_forked(node_trust(officer)));
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, to_it);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, OFFICER, to_it), 1);
    char *answer = NULL;
    world_call(w, OFFICER, "refer", "forked",
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"age_band\":\"unknown\","
        "\"minor\":\"no\",\"gender\":\"male\",\"languages\":[\"urd\"],\"risk\":\"low\","
        "\"note\":\"\"," WORLD_CONSENT "}",
        &answer);
    world_pass(w, HOURS(1));
    char *inbox = NULL;
    assert_int_equal(world_call(w, SHELTER, "inbox", "", NULL, &inbox), 200);
    assert_null(strstr(inbox, "\"reference\""));
    memory_free(answer);
    memory_free(inbox);
    buffer_release(&fork);
    world_destroy(&w);
}

static bool flip_a_bit_of_deliveries(void *context, size_t i, struct buffer *frame)
{
    int *flipped = context;
    if (i == SHELTER && frame->used > 2000 && *flipped < 40) {
        frame->bytes[300 + *flipped * 41] ^= 1;
        (*flipped)++;
    }
    return true;
}

static void changed_bytes_never_have_an_effect_and_the_letter_comes_through_in_the_end(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    int flipped = 0;
    world_tamper(w, flip_a_bit_of_deliveries, &flipped);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, HOURS(1));
    assert_true(flipped > 0);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_tamper(w, NULL, NULL);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static bool claim_held_and_drop(void *context, size_t i, struct buffer *frame)
{
    (void)context;
    return i != SHELTER || frame->used < 2000;
}

static void a_broker_that_drops_everything_for_one_node_confirms_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_tamper(w, claim_held_and_drop, NULL);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, DAYS(5));
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_tamper(w, NULL, NULL);
    world_pass(w, DAYS(8));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void a_sender_restored_from_an_old_disk_is_noticed_and_conflicts_lose_nothing(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], second[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_pass(w, HOURS(1));
    world_save_disk(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, second);
    world_pass(w, HOURS(1));
    world_crash_node(w, OFFICER);
    world_restore_disk(w, OFFICER);
    world_start_node(w, OFFICER, true);
    struct post_status status;
    assert_int_equal(post_status(node_post(world_node(w, OFFICER)), &status), STATUS_OK);
    assert_true(status.restored);
    char third[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, third);
    world_pass(w, HOURS(2));
    assert_int_equal(world_effects(w, SHELTER, second), 1);
    assert_int_equal(world_effects(w, SHELTER, third), 1);
    assert_letter(w, OFFICER, third, LETTER_STATE_STORED);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 0);
    world_destroy(&w);
}

static void two_letters_under_one_number_are_an_alarm_and_neither_is_lost(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], second[WORLD_REFERENCE_BYTES],
        third[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_pass(w, HOURS(1));
    world_save_disk(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, second);
    world_pass(w, HOURS(1));
    world_crash_node(w, OFFICER);
    world_restore_disk(w, OFFICER);
    world_forget_counter(
        w, OFFICER); /* a whole-disk snapshot: only the peer can notice */
    world_start_node(w, OFFICER, true);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, third);
    world_pass(w, DAYS(3));
    assert_int_equal(world_effects(w, SHELTER, second), 1);
    assert_int_equal(world_effects(w, SHELTER, third), 1);
    assert_true(
        world_alarms(w, SHELTER, "conflict") + world_alarms(w, OFFICER, "conflict") > 0);
    world_destroy(&w);
}

static void a_letter_of_the_practice_network_cannot_be_opened_in_the_real_one(
    void **state)
{
    (void)state;
    struct world *real = WORLD(),
                 *practice = world_new_practice(100000 + __LINE__, USUAL_CAST, CAST);
    char ref[WORLD_REFERENCE_BYTES];
    world_record(practice, SHELTER, true);
    world_refer(practice, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(practice);
    assert_true(world_recorded(practice, SHELTER) > 0);
    for (size_t k = 0; k < world_recorded(practice, SHELTER); k++)
        world_inject(real, SHELTER, world_recorded_frame(practice, SHELTER, k));
    world_pass(real, HOURS(1));
    assert_int_equal(world_effects(real, SHELTER, ref), 0);
    assert_int_equal(world_effects(practice, SHELTER, ref), 1);
    world_destroy(&practice);
    world_destroy(&real);
}

/* Nobody can take what is shown there for real, and nothing real says of itself that it is practice. */
static void every_answer_of_a_practice_network_says_so(void **state)
{
    (void)state;
    static const char *const verbs[] = {"status", "inbox", "members", "show"};
    struct world *real = WORLD(),
                 *practice = world_new_practice(100000 + __LINE__, USUAL_CAST, CAST);
    for (size_t i = 0; i < ARRAY_LENGTH(verbs); i++) {
        char *answer = NULL;
        world_call(practice, SHELTER, verbs[i], "", NULL, &answer); /* refusals, too */
        assert_holds(answer, "\"practice\":true");
        memory_free(answer);
        world_call(real, SHELTER, verbs[i], "", NULL, &answer);
        assert_null(strstr(answer, "practice"));
        memory_free(answer);
    }
    world_destroy(&practice);
    world_destroy(&real);
}

/* Whoever learns the work reads out and signs a text that nobody reviewed yet. */
static void a_draft_text_may_be_signed_in_a_practice_network_only(void **state)
{
    (void)state;
    static const char request[] =
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"
        "[\"pus\"],\"risk\":\"high\",\"consent\":{\"given_by\":\"person\",\"how\":"
        "\"signed\",\"language\":\"urd\",\"groups\":[\"risk\",\"contact\"]}}";
    struct world *real = WORLD(),
                 *practice = world_new_practice(100000 + __LINE__, USUAL_CAST, CAST);
    char *answer = NULL;
    assert_int_equal(world_call(real, OFFICER, "refer", "", request, &answer), 400);
    assert_holds(answer, "consent-incomplete");
    memory_free(answer);
    assert_int_equal(world_call(practice, OFFICER, "refer", "", request, &answer), 201);
    memory_free(answer);
    world_destroy(&practice);
    world_destroy(&real);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_of_a_suspended_sender_that_was_under_way_has_no_effect),
        cmocka_unit_test(a_suspended_recipient_blocks_and_the_owner_is_told),
        cmocka_unit_test(
            dp25__a_revoked_member_is_refused_within_one_sync_and_mail_to_it_comes_back),
        cmocka_unit_test(one_stewards_notice_suspends_for_72_hours_only),
        cmocka_unit_test(an_older_roster_is_refused_by_broker_and_nodes),
        cmocka_unit_test(a_forked_roster_stops_sealing_but_not_receiving),
        cmocka_unit_test(
            changed_bytes_never_have_an_effect_and_the_letter_comes_through_in_the_end),
        cmocka_unit_test(a_broker_that_drops_everything_for_one_node_confirms_nothing),
        cmocka_unit_test(
            a_sender_restored_from_an_old_disk_is_noticed_and_conflicts_lose_nothing),
        cmocka_unit_test(
            a_letter_of_the_practice_network_cannot_be_opened_in_the_real_one),
        cmocka_unit_test(every_answer_of_a_practice_network_says_so),
        cmocka_unit_test(a_draft_text_may_be_signed_in_a_practice_network_only),
        cmocka_unit_test(two_letters_under_one_number_are_an_alarm_and_neither_is_lost),
    };
    return cmocka_run_group_tests_name("abuse", tests, NULL, NULL);
}
