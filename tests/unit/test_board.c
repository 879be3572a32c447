/* SPDX-License-Identifier: Apache-2.0
 *
 * board: moved by the two members alone and by the same table as the referral; the most overdue
 * first, and counts of all.
 */
#include "boards.h"

#include <string.h>

#include "check.h"
#include "clock.h"
#include "memory.h"
#include "seeded.h"

#define T0 (INT64_C(20783) * DAY_MS)

static const struct ident A = {{1}}, B = {{2}}, STRANGER = {{3}};

static struct event make(enum event_side side, unsigned move)
{
    return (struct event){.reference = "28T5CY4TY",
        .step = EVENT_MOVED,
        .member = side == SIDE_OF_SENDER ? B : A,
        .side = side,
        .service = SERVICE_SHELTER,
        .priority = PRIORITY_URGENT,
        .created_ms = T0,
        .move = move};
}

static void board__is_moved_by_the_two_members_alone(void **state)
{
    (void)state;
    struct event made = make(SIDE_OF_SENDER, 0);
    struct event accepted = make(SIDE_OF_RECIPIENT, MOVE_ACCEPTED);
    struct board_row row;
    board_begin(&made, &A, T0, &row);
    assert_int_equal(row.progress, PROGRESS_REQUESTED);
    assert_status(board_apply(&row, &accepted, &STRANGER, T0 + 1), STATUS_DENIED);
    assert_status(board_apply(&row, &accepted, &A, T0 + 1), STATUS_DENIED);
    assert_ok(board_apply(&row, &accepted, &B, T0 + 1));
    assert_int_equal(row.progress, PROGRESS_ACCEPTED);
    assert_int_equal(row.since_ms, T0 + 1);
    assert_status(board_apply(&row, &accepted, &B, T0 + 2), STATUS_EXISTS);
    accepted.side = SIDE_OF_SENDER; /* the sender cannot say it */
    accepted.member = B;
    assert_int_not_equal(board_apply(&row, &accepted, &A, T0 + 3), STATUS_OK);
    assert_int_equal(row.progress, PROGRESS_ACCEPTED);
}

static void board__begins_in_the_middle_where_the_first_word_was_not_heard(void **state)
{
    (void)state;
    struct event accepted = make(SIDE_OF_RECIPIENT, MOVE_ACCEPTED);
    struct event made = make(SIDE_OF_SENDER, 0);
    struct board_row row;
    board_begin(&accepted, &B, T0 + 5, &row);
    assert_int_equal(row.progress, PROGRESS_ACCEPTED);
    assert_true(ident_equal(&row.sender, &A));
    assert_true(ident_equal(&row.recipient, &B));
    assert_status(board_apply(&row, &made, &A, T0 + 6), STATUS_EXISTS);
    assert_int_equal(row.progress, PROGRESS_ACCEPTED);
}

static struct event make_late(enum progress progress, enum late late)
{
    struct event event = make(SIDE_OF_SENDER, (unsigned)progress);

    event.step = late == LATE_NOT ? EVENT_GOES_ON : EVENT_LATE;
    event.late = late;
    event.waits = late == LATE_NOT ? WAITS_NOTHING : WAITS_BEGINNING;
    return event;
}

/* A deputy hears of it at its full time, from its sender alone, and then how it goes on. */
static void board__shows_a_deputy_the_state_in_which_it_was_late_and_the_next_ones(
    void **state)
{
    (void)state;
    struct event late = make_late(PROGRESS_ACCEPTED, LATE_FULL);
    struct event goes_on = make_late(PROGRESS_IN_SERVICE, LATE_NOT);
    struct board_row row;
    board_begin(&late, &A, T0 + 5, &row);
    assert_true(row.escalated);
    assert_int_equal(row.progress, PROGRESS_ACCEPTED);
    assert_status(board_apply(&row, &late, &A, T0 + 6), STATUS_EXISTS);
    assert_status(board_apply(&row, &goes_on, &STRANGER, T0 + 7), STATUS_DENIED);
    assert_ok(board_apply(&row, &goes_on, &A, T0 + 8));
    assert_int_equal(row.progress, PROGRESS_IN_SERVICE);
    assert_int_equal(row.since_ms, T0 + 8);
    struct event settled = goes_on;
    settled.step = EVENT_SETTLED;
    settled.move = PROGRESS_COMPLETED;
    assert_ok(board_apply(&row, &settled, &A, T0 + 9));
    assert_true(row.settled);
    assert_int_equal(row.progress, PROGRESS_COMPLETED);
}

static void board__lets_no_coordinator_and_no_sender_speak_for_the_other_member(
    void **state)
{
    (void)state;
    struct event made = make(SIDE_OF_SENDER, 0);
    struct event late = make_late(PROGRESS_COMPLETED, LATE_FULL), escalated = late;
    struct board_row row;
    escalated.step = EVENT_ESCALATE;
    escalated.sender = A;
    board_begin(&made, &A, T0, &row);
    assert_ok(board_apply(&row, &late, &A, T0 + 1));
    assert_true(row.escalated);
    assert_int_equal(row.progress, PROGRESS_REQUESTED);
    assert_status(board_apply(&row, &escalated, &STRANGER, T0 + 2), STATUS_EXISTS);
    assert_int_equal(row.progress, PROGRESS_REQUESTED);
    assert_int_equal(row.since_ms, T0);
    assert_false(row.settled);
}

static void board__shows_the_most_overdue_first_and_counts_all(void **state)
{
    (void)state;
    struct deadline_policy policy;
    struct board_row rows[5];
    struct board_line lines[3];
    struct board_totals totals;
    struct event made = make(SIDE_OF_SENDER, 0);
    deadlines_load(&policy);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        board_begin(&made, &A, T0, &rows[i]);
        rows[i].id = (int64_t)i + 1;
        rows[i].created_ms = T0 - (int64_t)i * DAY_MS;
    }
    rows[4].progress = PROGRESS_COMPLETED;
    rows[3].priority = PRIORITY_TONIGHT;
    rows[0].undelivered = true;
    struct board_question question = {.now_ms = T0, .limit = 3};
    assert_int_equal(board_view(&policy, rows, 5, &question, lines, &totals), 3);
    assert_int_equal(lines[0].row, 3); /* since three days */
    assert_int_equal(lines[0].late, LATE_FULL);
    assert_int_equal(lines[1].row, 2);
    assert_int_equal(lines[1].late, LATE_HALF); /* two of three days */
    assert_int_equal(lines[2].row, 1);
    assert_int_equal(totals.found, 4);
    assert_int_equal(totals.full, 1);
    assert_int_equal(totals.half, 1);
    assert_int_equal(totals.undelivered, 1);
    question.with_ended = true;
    question.skip = 4;
    assert_int_equal(board_view(&policy, rows, 5, &question, lines, &totals), 1);
    assert_int_equal(lines[0].row, 4);
    assert_int_equal(lines[0].deadline.waits, WAITS_NOTHING);
    question = (struct board_question){.now_ms = T0, .limit = 3, .late_only = true};
    assert_int_equal(board_view(&policy, rows, 5, &question, lines, &totals), 2);
    question = (struct board_question){.now_ms = T0, .limit = 3, .member = STRANGER};
    assert_int_equal(board_view(&policy, rows, 5, &question, lines, &totals), 0);
}

static void board__keeps_the_newest_eight_calls(void **state)
{
    (void)state;
    struct event made = make(SIDE_OF_SENDER, 0);
    struct board_row row;
    board_begin(&made, &A, T0, &row);
    for (int i = 0; i < 11; i++)
        board_note_call(&row, &(struct board_call){T0 + i, CALL_SENDER, CALL_REACHED});
    assert_int_equal(row.n_calls, BOARD_CALLS_MAX);
    assert_int_equal(row.calls[0].at_ms, T0 + 3);
    assert_int_equal(row.calls[BOARD_CALLS_MAX - 1].at_ms, T0 + 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(board__is_moved_by_the_two_members_alone),
        cmocka_unit_test(board__begins_in_the_middle_where_the_first_word_was_not_heard),
        cmocka_unit_test(
            board__shows_a_deputy_the_state_in_which_it_was_late_and_the_next_ones),
        cmocka_unit_test(
            board__lets_no_coordinator_and_no_sender_speak_for_the_other_member),
        cmocka_unit_test(board__shows_the_most_overdue_first_and_counts_all),
        cmocka_unit_test(board__keeps_the_newest_eight_calls),
    };
    return cmocka_run_group_tests_name("board", tests, NULL, NULL);
}
