/* SPDX-License-Identifier: Apache-2.0
 *
 * Absence, order, gaps, duplicates, replay, expiry (PROTOCOL.md 2.3 to 2.6, 6).
 */
#include "scenario.h"

static void a_recipient_away_for_35_days_gets_its_letters(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, DAYS(35));
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void a_sender_away_for_35_days_seals_meanwhile_and_delivers_later(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, OFFICER);
    world_pass(w, DAYS(30));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    world_pass(w, DAYS(5));
    world_heal(w, OFFICER);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void letters_wait_while_the_broker_is_down(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_stop_broker(w);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, DAYS(2));
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    world_start_broker(w);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_burnt_broker_costs_a_resend_and_nothing_else(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[6][WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    for (int i = 0; i < 6; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_settle(w);
    assert_letter(w, OFFICER, refs[5], LETTER_STATE_HELD);
    world_stop_broker(w);
    world_burn_broker_disk(w);
    world_start_broker(w);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(1));
    for (int i = 0; i < 6; i++) {
        assert_letter(w, OFFICER, refs[i], LETTER_STATE_STORED);
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    }
    world_destroy(&w);
}

static void a_frame_delivered_twice_has_one_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_record(w, SHELTER, true);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    size_t n = world_recorded(w, SHELTER);
    assert_true(n > 0);
    for (size_t k = 0; k < n; k++)
        world_replay(w, SHELTER, k);
    world_settle(w);
    world_pass(w, HOURS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_replay_after_60_days_has_no_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_record(w, SHELTER, true);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    world_record(w, SHELTER, false);
    world_pass(w, DAYS(60));
    size_t n = world_recorded(w, SHELTER);
    for (size_t k = 0; k < n; k++)
        world_replay(w, SHELTER, k);
    world_pass(w, HOURS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void lost_frames_are_made_good(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[20][WORLD_REFERENCE_BYTES];
    for (int i = 0; i < 20; i++) {
        world_arm(w, FAULT_FRAME_LOST, WORLD_ANYBODY, i % 5);
        world_refer(w, OFFICER, SHELTER, i % 3 ? LANE_NORMAL : LANE_EXPRESS, refs[i]);
        world_pass(w, MINUTES(3));
    }
    world_pass(w, DAYS(2));
    for (int i = 0; i < 20; i++) {
        assert_true(world_letter(w, OFFICER, refs[i]) == LETTER_STATE_STORED ||
                    world_letter(w, OFFICER, refs[i]) == LETTER_STATE_CONFIRMED);
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    }
    print_message("frames lost: %d\n", world_fired(w, FAULT_FRAME_LOST));
    assert_fired(w, FAULT_FRAME_LOST);
    world_destroy(&w);
}

static void swapped_and_doubled_frames_change_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[20][WORLD_REFERENCE_BYTES];
    for (int i = 0; i < 20; i++) {
        world_arm(
            w, i % 2 ? FAULT_FRAME_SWAPPED : FAULT_FRAME_TWICE, WORLD_ANYBODY, i % 3);
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
        if (i % 4 == 3)
            world_pass(w, MINUTES(3));
    }
    world_pass(w, DAYS(2));
    for (int i = 0; i < 20; i++)
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    assert_fired(w, FAULT_FRAME_SWAPPED);
    assert_fired(w, FAULT_FRAME_TWICE);
    world_destroy(&w);
}

/* Drops every DELIVER to the shelter that carries the k-th envelope size class: simply the first one seen. */
struct dropper {
    int left;
};

static bool drop_first_delivery(void *context, size_t i, struct buffer *frame)
{
    struct dropper *dropper = context;
    struct arena *arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    struct frame f;
    bool keep = true;
    if (i == SHELTER && dropper->left > 0 &&
        frame_decode(arena, buffer_span(frame), &f) == STATUS_OK &&
        f.kind == FRAME_DELIVER) {
        dropper->left--;
        keep = false;
    }
    arena_destroy(&arena);
    return keep;
}

/* A frame that the line swallowed: the next one's number tells. */
static void a_delivery_that_got_lost_ends_the_session_and_comes_again(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], second[WORLD_REFERENCE_BYTES];
    struct dropper dropper = {1};
    world_tamper(w, drop_first_delivery, &dropper);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_settle(w);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, second);
    world_settle(w);
    assert_int_equal(dropper.left, 0);
    assert_int_equal(world_effects(w, SHELTER, first), 0);
    world_pass(w, MINUTES(10));
    assert_int_equal(world_effects(w, SHELTER, first), 1);
    assert_int_equal(world_effects(w, SHELTER, second), 1);
    world_destroy(&w);
}

/* A broker that spoils one letter: the recipient takes rubbish, which proves no sender. */
static bool spoil_first_delivery(void *context, size_t i, struct buffer *frame)
{
    struct dropper *dropper = context;
    if (i == SHELTER && dropper->left > 0 && frame->used > 2000) {
        frame->bytes[1000] ^= 1;
        dropper->left--;
    }
    return true;
}

static void a_gap_is_asked_for_and_filled_while_later_letters_flow(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], second[WORLD_REFERENCE_BYTES];
    struct dropper dropper = {1};
    world_tamper(w, spoil_first_delivery, &dropper);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_settle(w);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, second);
    world_settle(w);
    assert_int_equal(dropper.left, 0);
    assert_int_equal(world_effects(w, SHELTER, second), 1);
    world_pass(w, MINUTES(90)); /* asked for after two hours, not before */
    assert_int_equal(world_effects(w, SHELTER, first), 0);
    world_pass(w, HOURS(2)); /* and the re-offer of a day is not awaited */
    assert_int_equal(world_effects(w, SHELTER, first), 1);
    world_destroy(&w);
}

static void a_letter_that_nobody_takes_expires_loudly(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(
        w, DAYS(100)); /* 90 have passed by the own clock, and by nobody else's word */
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false); /* the second witness */
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_EXPIRED);
    assert_int_equal(world_alarms(w, OFFICER, "expired"), 1);
    world_heal(w, SHELTER);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recipient_away_for_35_days_gets_its_letters),
        cmocka_unit_test(a_sender_away_for_35_days_seals_meanwhile_and_delivers_later),
        cmocka_unit_test(letters_wait_while_the_broker_is_down),
        cmocka_unit_test(a_burnt_broker_costs_a_resend_and_nothing_else),
        cmocka_unit_test(a_frame_delivered_twice_has_one_effect),
        cmocka_unit_test(a_replay_after_60_days_has_no_effect),
        cmocka_unit_test(lost_frames_are_made_good),
        cmocka_unit_test(swapped_and_doubled_frames_change_nothing),
        cmocka_unit_test(a_delivery_that_got_lost_ends_the_session_and_comes_again),
        cmocka_unit_test(a_gap_is_asked_for_and_filled_while_later_letters_flow),
        cmocka_unit_test(a_letter_that_nobody_takes_expires_loudly),
    };
    return cmocka_run_group_tests_name("delivery", tests, NULL, NULL);
}
