/* SPDX-License-Identifier: Apache-2.0
 *
 * Prekeys, re-sealing, locked nodes, wrong clocks (PROTOCOL.md 2.4, 3, 4).
 */
#include "check.h"
#include "inside.h"

static void a_locked_recipient_takes_mail_and_opens_it_at_unlock_express_first(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char normal[WORLD_REFERENCE_BYTES], express[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, normal);
    world_settle(w);
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, express);
    world_settle(w);
    struct post_status status;
    assert_int_equal(post_status(node_post(world_node(w, SHELTER)), &status), STATUS_OK);
    assert_int_equal(status.raw, 2);
    assert_int_equal(status.raw_express, 1);
    assert_letter(w, OFFICER, normal, LETTER_STATE_HELD);
    world_unlock_node(w, SHELTER);
    world_settle(w);
    assert_letter(w, OFFICER, normal, LETTER_STATE_STORED);
    assert_letter(w, OFFICER, express, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_node_that_loses_power_while_locked_loses_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    world_crash_node(w, SHELTER);
    world_start_node(w, SHELTER, true);
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_letter_whose_prekey_is_too_old_to_offer_is_sealed_again_under_its_number(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w,
        DAYS(
            30)); /* past not_after + 7 d of the prekey that was newest on the first day */
    world_heal(w, OFFICER);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void
a_draft_waits_when_the_recipients_prekeys_have_run_out_and_goes_when_there_are_new_ones(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_pass(w, DAYS(75)); /* the last one published ends 63 days after publishing */
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_DRAFT);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(30));
    world_pass(w, HOURS(30));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void letters_sealed_ahead_for_a_silent_node_still_open_after_35_days(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[5][WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    for (int week = 0; week < 5; week++) {
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[week]);
        world_pass(w, DAYS(7));
    }
    world_heal(w, SHELTER);
    world_pass(w, HOURS(2));
    for (int week = 0; week < 5; week++)
        assert_int_equal(world_effects(w, SHELTER, refs[week]), 1);
    struct post_status status;
    assert_int_equal(post_status(node_post(world_node(w, SHELTER)), &status), STATUS_OK);
    assert_int_equal(status.unreadable, 0);
    world_destroy(&w);
}

/* Is the note of the referral readable at the shelter? */
static bool note_is_read(struct world *w, const char *reference)
{
    char request[64], *text = NULL;
    snprintf(request, sizeof request, "{\"reference\":\"%s\"}", reference);
    bool read = world_call(w, SHELTER, "show", "", request, &text) == 200 &&
                strstr(text, "vintorel") != NULL;
    memory_free(text);
    return read;
}

static void dp24__what_came_under_keys_that_were_replaced_since_stays_readable(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char opened[WORLD_REFERENCE_BYTES], waiting[WORLD_REFERENCE_BYTES];
    struct post_status before, after;
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, opened);
    world_settle(w);
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, waiting);
    world_settle(w);
    assert_int_equal(post_status(node_post(world_node(w, SHELTER)), &before), STATUS_OK);
    world_pass(w, DAYS(35)); /* the key of the waiting letter is long replaced */
    world_unlock_node(w, SHELTER);
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, waiting), 1);
    world_pass(w, DAYS(75)); /* every key of the first day is destroyed by now */
    assert_int_equal(post_status(node_post(world_node(w, SHELTER)), &after), STATUS_OK);
    assert_true(after.bundle_number > before.bundle_number + 5); /* that they were */
    assert_int_equal(after.unreadable, 0);
    assert_true(note_is_read(w, opened));
    assert_true(note_is_read(w, waiting));
    world_destroy(&w);
}

static void dp24__a_letter_whose_key_is_gone_says_so_and_is_sealed_again(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], *text = NULL;
    world_save_disk(w, SHELTER);
    world_pass(w, DAYS(70)); /* all keys that are offered now were made after that copy */
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_cut(w, SHELTER);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    world_crash_node(w, SHELTER);
    world_restore_disk(w, SHELTER);
    world_start_node(w, SHELTER, true);
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(1));
    /* Why: a code that "amaan explain" knows, and the number in status. */
    assert_true(world_alarms(w, SHELTER, "unreadable") > 0);
    assert_int_equal(world_call(w, SHELTER, "status", "", NULL, &text), 200);
    assert_holds(text, "\"unreadable\":1");
    memory_free(text);
    assert_string_not_equal(world_care_state(w, OFFICER, ref), "opened");
    world_pass(w, DAYS(3));
    assert_int_equal(world_effects(w, SHELTER, ref), 1); /* under a key that is here */
    assert_letter(w, OFFICER, ref, LETTER_STATE_CONFIRMED);
    assert_true(note_is_read(w, ref));
    world_destroy(&w);
}

static void a_clock_in_2010_delays_nothing_and_destroys_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char before[WORLD_REFERENCE_BYTES], after[WORLD_REFERENCE_BYTES],
        to_it[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, before);
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    world_set_clock(w, OFFICER, INT64_C(1262304000000)); /* 2010-01-01 */
    world_pass(w, HOURS(1));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, after);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, to_it);
    world_pass(w, DAYS(1));
    assert_int_equal(world_effects(w, SHELTER, before), 1);
    assert_int_equal(world_effects(w, SHELTER, after), 1);
    assert_int_equal(world_effects(w, OFFICER, to_it), 1);
    world_destroy(&w);
}

static void a_clock_in_2099_destroys_no_key_and_expires_no_letter(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char to_it[WORLD_REFERENCE_BYTES], from_it[WORLD_REFERENCE_BYTES],
        later[WORLD_REFERENCE_BYTES];
    int64_t right = world_now_ms(w);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, to_it);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, from_it);
    world_set_clock(w, SHELTER, INT64_C(4070908800000)); /* 2099-01-01 */
    world_pass(w, HOURS(3));
    world_heal(w, SHELTER);
    world_pass(w, HOURS(3));
    assert_int_equal(world_effects(w, SHELTER, to_it), 1);
    assert_letter(w, SHELTER, from_it, LETTER_STATE_STORED);
    world_set_clock(w, SHELTER, right + HOURS(6));
    world_pass(w, HOURS(1));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, later);
    world_pass(w, DAYS(1));
    assert_int_equal(world_effects(w, SHELTER, later), 1);
    world_destroy(&w);
}

/* A dead battery: the clock starts at 1970, or runs beyond what a time may say. */
static void a_clock_that_makes_no_sense_stops_no_officer(void **state)
{
    (void)state;
    static const int64_t clocks[] = {1000, -DAYS(1), TIME_MS_MAX + DAYS(1)};
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        struct world *w = WORLD();
        char sent[WORLD_REFERENCE_BYTES], received[WORLD_REFERENCE_BYTES];
        world_set_clock(w, OFFICER, clocks[i]);
        world_pass(w, MINUTES(1));
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, sent);
        world_refer(w, SHELTER, OFFICER, LANE_NORMAL, received);
        world_pass(w, HOURS(1));
        assert_int_equal(world_effects(w, SHELTER, sent), 1);
        assert_int_equal(world_effects(w, OFFICER, received), 1);
        assert_letter(w, OFFICER, sent, LETTER_STATE_STORED);
        world_destroy(&w);
    }
}

/* Whoever holds the laptop that was replaced can sign under the old key and no more under the member's name. */
static void dp24__a_letter_under_an_identity_key_that_was_replaced_has_no_effect(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member thief;
    struct sign_public public;
    struct sign_secret secret;
    char ref[REFERENCE_BYTES];
    world_member_init(&thief, w, OFFICER, SHELTER); /* signs under the old key */
    struct member *row = world_row(w, OFFICER);
    sign_new_keys(world_chance(w), &public, &secret);
    row->previous_identity =
        (struct sign_public){{0}}; /* the roster after the one of the change */
    row->identity = public;
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    world_member_refer(&thief, ref);
    world_pass(w, HOURS(1));
    /* Nobody of my roster signed it: it waits, as one of a member not yet in it would, and has no effect. */
    assert_int_equal(status_of(w, SHELTER).parked, 1);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_pass(w, DAYS(2));
    assert_int_equal(status_of(w, SHELTER).parked, 1);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp24__a_letter_under_an_identity_key_that_was_replaced_has_no_effect),
        cmocka_unit_test(
            a_locked_recipient_takes_mail_and_opens_it_at_unlock_express_first),
        cmocka_unit_test(a_node_that_loses_power_while_locked_loses_nothing),
        cmocka_unit_test(
            a_letter_whose_prekey_is_too_old_to_offer_is_sealed_again_under_its_number),
        cmocka_unit_test(
            a_draft_waits_when_the_recipients_prekeys_have_run_out_and_goes_when_there_are_new_ones),
        cmocka_unit_test(letters_sealed_ahead_for_a_silent_node_still_open_after_35_days),
        cmocka_unit_test(
            dp24__what_came_under_keys_that_were_replaced_since_stays_readable),
        cmocka_unit_test(dp24__a_letter_whose_key_is_gone_says_so_and_is_sealed_again),
        cmocka_unit_test(a_clock_in_2010_delays_nothing_and_destroys_nothing),
        cmocka_unit_test(a_clock_in_2099_destroys_no_key_and_expires_no_letter),
        cmocka_unit_test(a_clock_that_makes_no_sense_stops_no_officer),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
