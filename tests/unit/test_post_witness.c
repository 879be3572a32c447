/* SPDX-License-Identifier: Apache-2.0
 *
 * witness: two kinds of witness, and no clock alone decides anything (PROTOCOL.md 4).
 */
#include "check.h"
#include "memory.h"
#include "post_kit.h"
#include "seeded.h"
#include "witness.h"

#define NOW INT64_C(1790000000000) /* 2026 */
#define YEAR_MS (365 * DAY_MS)

static void hear(struct witness *witness, unsigned member, int64_t signed_ms)
{
    struct ident ident = post_kit_ident(member);
    witness_hear_member(witness, &ident, signed_ms, 0);
}

static void witness__without_any_word_takes_the_own_clock(void **state)
{
    (void)state;
    struct witness witness = {0};
    assert_int_equal(witness_now_ms(&witness, NOW, 5000), NOW);
    assert_int_equal(witness_now_ms(&witness, 0, 5000), 0);
    assert_false(witness_past(&witness, NOW, 0));
    assert_false(witness_doubtful(&witness, NOW + 100 * YEAR_MS, 5000));
}

static void witness__takes_the_later_of_own_clock_and_roster(void **state)
{
    (void)state;
    struct witness witness = {0};
    witness_hear_roster(&witness, NOW, 1000);
    assert_int_equal(witness_now_ms(&witness, NOW - YEAR_MS, 1000), NOW);
    assert_int_equal(witness_now_ms(&witness, NOW + 1, 1000), NOW + 1);
}

static void witness__lets_the_floor_go_on_with_steady_time(void **state)
{
    (void)state;
    struct witness witness = {0};
    witness_hear_roster(&witness, NOW, 1000);
    assert_int_equal(witness_now_ms(&witness, 0, 1000 + DAY_MS), NOW + DAY_MS);
    /* An older word, or one that the floor has passed already, does not set it back. */
    witness_hear_roster(&witness, NOW - YEAR_MS, 1000 + DAY_MS);
    assert_int_equal(witness_now_ms(&witness, 0, 1000 + DAY_MS), NOW + DAY_MS);
    witness_hear_roster(&witness, NOW + HOUR_MS, 1000 + DAY_MS);
    assert_int_equal(witness_now_ms(&witness, 0, 1000 + DAY_MS), NOW + DAY_MS);
    witness_hear_roster(&witness, NOW + 2 * DAY_MS, 1000 + DAY_MS);
    assert_int_equal(witness_now_ms(&witness, 0, 1000 + DAY_MS), NOW + 2 * DAY_MS);
    assert_int_equal(witness_now_ms(&witness, 0, 1000 + 2 * DAY_MS), NOW + 3 * DAY_MS);
}

static void witness__one_member_with_a_clock_in_2099_moves_nobody(void **state)
{
    (void)state;
    struct witness witness = {0};
    hear(&witness, 1, NOW + 73 * YEAR_MS);
    assert_int_equal(witness_now_ms(&witness, NOW, 0), NOW);
    hear(&witness, 1, NOW + 74 * YEAR_MS); /* again, and further */
    assert_int_equal(witness_now_ms(&witness, NOW, 0), NOW);
    hear(&witness, 2, NOW + DAY_MS);
    assert_int_equal(witness_now_ms(&witness, NOW, 0), NOW + DAY_MS);
    hear(&witness, 1, NOW + 2 * DAY_MS); /* back in order: nothing is undone */
    assert_int_equal(witness_now_ms(&witness, NOW, 0), NOW + DAY_MS);
}

static void witness__takes_the_second_newest_of_the_members_in_any_order(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 7);
    for (int round = 0; round < 500; round++) {
        struct witness witness = {0};
        int64_t newest[6] = {0};
        for (int i = 0; i < 30; i++) {
            unsigned member = (unsigned)chance_below(chance, 6);
            int64_t at_ms = NOW + (int64_t)chance_below(chance, 1000000);
            if (at_ms > newest[member])
                newest[member] = at_ms;
            hear(&witness, member + 1, at_ms);
        }
        int64_t first = 0, second = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(newest); i++) {
            if (newest[i] > first) {
                second = first;
                first = newest[i];
            } else if (newest[i] > second) {
                second = newest[i];
            }
        }
        assert_int_equal(witness.first_ms, first);
        assert_int_equal(witness.second_ms, second);
        assert_int_equal(witness_now_ms(&witness, 0, 0), second);
    }
}

static void witness__says_past_only_if_own_clock_and_another_say_so(void **state)
{
    (void)state;
    struct witness roster = {0}, member = {0};
    witness_hear_roster(&roster, NOW, 0);
    hear(&member, 1, NOW); /* one is enough: the own clock agrees */
    assert_true(witness_past(&roster, NOW, NOW - 1));
    assert_true(witness_past(&member, NOW, NOW - 1));
    assert_false(witness_past(&roster, NOW - 1, NOW - 1));   /* own clock is not beyond */
    assert_false(witness_past(&member, NOW + YEAR_MS, NOW)); /* the other is not beyond */
    assert_false(witness_past(&member, NOW, NOW));
}

static void witness__the_broker_alone_neither_destroys_nor_moves_time(void **state)
{
    (void)state;
    struct witness witness = {0};
    witness_hear_broker(&witness, NOW + 73 * YEAR_MS, 0);
    assert_int_equal(witness_now_ms(&witness, NOW, 0), NOW);
    assert_false(witness_past(&witness, NOW, NOW - YEAR_MS));
    assert_false(witness_doubtful(&witness, NOW, 0)); /* behind is no doubt */
}

static void witness__doubts_an_own_clock_more_than_a_day_ahead_of_the_broker(void **state)
{
    (void)state;
    struct witness witness = {0};
    witness_hear_broker(&witness, NOW, 1000);
    assert_false(witness_doubtful(&witness, NOW + DAY_MS, 1000));
    assert_true(witness_doubtful(&witness, NOW + DAY_MS + 1, 1000));
    /* The broker's word goes on with steady time. */
    assert_false(witness_doubtful(&witness, NOW + DAY_MS + HOUR_MS, 1000 + HOUR_MS));
    assert_int_equal(witness_other_ms(&witness, 1000 + HOUR_MS), NOW + HOUR_MS);
    /* A newer word replaces it, also an earlier one. */
    witness_hear_broker(&witness, NOW - DAY_MS, 1000);
    assert_int_equal(witness_other_ms(&witness, 1000), NOW - DAY_MS);
}

static void witness__does_not_let_the_broker_say_a_time_below_the_floor(void **state)
{
    (void)state;
    struct witness witness = {0};
    witness_hear_roster(&witness, NOW, 1000);
    witness_hear_broker(&witness, NOW - YEAR_MS, 1000);
    assert_int_equal(witness_other_ms(&witness, 1000), NOW);
    assert_false(witness_doubtful(&witness, NOW + DAY_MS, 1000));
    assert_true(witness_doubtful(&witness, NOW + DAY_MS + 1, 1000));
}

static void witness__works_with_the_latest_times_that_a_peer_may_name(void **state)
{
    (void)state;
    struct witness witness = {0};
    witness_hear_roster(&witness, TIME_MS_MAX, 0);
    hear(&witness, 1, TIME_MS_MAX);
    hear(&witness, 2, TIME_MS_MAX);
    witness_hear_broker(&witness, TIME_MS_MAX, 0);
    assert_int_equal(witness_now_ms(&witness, NOW, YEAR_MS), TIME_MS_MAX + YEAR_MS);
    assert_int_equal(witness_other_ms(&witness, YEAR_MS), TIME_MS_MAX + YEAR_MS);
    assert_false(witness_past(&witness, NOW, NOW));
}

static void period__is_over_after_its_time_and_after_a_clock_that_was_set_back(
    void **state)
{
    (void)state;
    assert_false(period_over(NOW, NOW - DAY_MS + 1, DAY_MS));
    assert_true(period_over(NOW, NOW - DAY_MS, DAY_MS));
    assert_true(period_over(NOW, 0, DAY_MS)); /* never */
    assert_false(period_over(NOW, NOW + HOUR_MS, DAY_MS));
    assert_true(period_over(NOW, NOW + HOUR_MS + 1, DAY_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(witness__without_any_word_takes_the_own_clock),
        cmocka_unit_test(witness__takes_the_later_of_own_clock_and_roster),
        cmocka_unit_test(witness__lets_the_floor_go_on_with_steady_time),
        cmocka_unit_test(witness__one_member_with_a_clock_in_2099_moves_nobody),
        cmocka_unit_test(witness__takes_the_second_newest_of_the_members_in_any_order),
        cmocka_unit_test(witness__says_past_only_if_own_clock_and_another_say_so),
        cmocka_unit_test(witness__the_broker_alone_neither_destroys_nor_moves_time),
        cmocka_unit_test(
            witness__doubts_an_own_clock_more_than_a_day_ahead_of_the_broker),
        cmocka_unit_test(witness__does_not_let_the_broker_say_a_time_below_the_floor),
        cmocka_unit_test(witness__works_with_the_latest_times_that_a_peer_may_name),
        cmocka_unit_test(
            period__is_over_after_its_time_and_after_a_clock_that_was_set_back),
    };
    return cmocka_run_group_tests_name("post_witness", tests, NULL, NULL);
}
