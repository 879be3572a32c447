/* SPDX-License-Identifier: Apache-2.0
 * Looking sorts eight bytes and an index a row, not the rows.
 */
#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static const char *const WHOM[CALL_WHOM_COUNT] = {
    NULL, "sender", "recipient", "coordinator"};
static const char *const RESULTS[CALL_RESULT_COUNT] = {
    NULL, "reached", "promised", "no-answer", "wrong-number", "cannot"};

const char *call_whom_name(enum call_whom whom)
{
    return (unsigned)whom < CALL_WHOM_COUNT ? WHOM[whom] : NULL;
}

const char *call_result_name(enum call_result result)
{
    return (unsigned)result < CALL_RESULT_COUNT ? RESULTS[result] : NULL;
}

/* --- what events do ------------------------------------------------------------------------------------------ */

/* Where the move leads from wherever its actor may make it: of a row that begins in the middle. */
static enum progress target_of(unsigned move, enum actor actor)
{
    size_t n;
    const struct progress_row *rows = progress_rows(&n);

    for (size_t i = 0; i < n; i++)
        if ((unsigned)rows[i].move == move && rows[i].actor == actor &&
            rows[i].to != PROGRESS_STAYS)
            return rows[i].to;
    return PROGRESS_REQUESTED;
}

static enum actor actor_of(const struct event *event)
{
    return event->side == SIDE_OF_SENDER ? ACTOR_SENDER : ACTOR_RECIPIENT;
}

/* A state that is told from outside of the row's own moves. EXISTS: nothing new. */
static enum status relay(struct board_row *row, const struct event *event, int64_t at_ms)
{
    struct board_row before = *row;

    if (event->step == EVENT_ESCALATE || event->late == LATE_FULL)
        row->escalated = true;
    if (event->step == EVENT_LATE)
        row->undelivered = event->undelivered;
    if (event->step == EVENT_SETTLED)
        row->settled = true;
    if (row->relayed && event->move > 0 && event->move < PROGRESS_COUNT) {
        row->progress = (enum progress)event->move;
        row->day = event->day;
        if (event->step == EVENT_ESCALATE)
            row->settled = event->waits == WAITS_NOTHING;
        if (row->progress != before.progress)
            row->since_ms = at_ms;
    }
    return before.progress == row->progress && before.day == row->day &&
                   before.settled == row->settled && before.escalated == row->escalated &&
                   before.undelivered == row->undelivered
               ? STATUS_EXISTS
               : STATUS_OK;
}

void board_begin(const struct event *event, const struct ident *from, int64_t at_ms,
    struct board_row *ret)
{
    bool by_sender = event->side == SIDE_OF_SENDER;

    memset(ret, 0, sizeof(*ret));
    memcpy(ret->reference, event->reference, REFERENCE_BYTES);
    ret->sender = by_sender ? *from : event->member;
    ret->recipient = by_sender ? event->member : *from;
    ret->service = event->service;
    ret->priority = event->priority;
    ret->created_ms = event->created_ms;
    ret->since_ms = event->move == 0 ? event->created_ms : at_ms;
    ret->day = event->day;
    ret->progress = PROGRESS_REQUESTED;
    if (event->step == EVENT_ESCALATE)
        ret->sender = event->sender;
    if (event->step == EVENT_MOVED) {
        if (event->move != 0)
            ret->progress = target_of(event->move, actor_of(event));
        return;
    }
    ret->relayed = true;
    (void)relay(ret, event, ret->since_ms);
}

static enum status move(struct board_row *row, const struct event *event, int64_t at_ms)
{
    enum progress to;

    if (event->move == 0 || !move_name((enum move)event->move))
        return STATUS_EXISTS;
    enum status status =
        progress_move(row->progress, (enum move)event->move, actor_of(event), &to);
    bool again = event->move == MOVE_SCHEDULED || event->move == MOVE_WAITLISTED;
    if (status != STATUS_OK)
        return status;
    if (to == row->progress && !again)
        return STATUS_EXISTS;
    row->progress = to;
    row->since_ms = at_ms;
    row->day = event->day;
    row->undelivered = row->settled = row->relayed = false;
    row->nudged_ms = 0;
    return STATUS_OK;
}

enum status board_apply(struct board_row *row, const struct event *event,
    const struct ident *from, int64_t at_ms)
{
    bool by_sender = event->side == SIDE_OF_SENDER;
    const struct ident *own = by_sender ? &row->sender : &row->recipient;
    const struct ident *other = by_sender ? &row->recipient : &row->sender;

    if (event->step == EVENT_ESCALATE)
        return relay(row, event, at_ms);
    if (!ident_equal(own, from) || !ident_equal(other, &event->member))
        return STATUS_DENIED;
    switch (event->step) {
    case EVENT_MOVED:
        return move(row, event, at_ms);
    case EVENT_LATE:
    case EVENT_SETTLED:
    case EVENT_GOES_ON:
        return by_sender ? relay(row, event, at_ms) : STATUS_EXISTS;
    case EVENT_NUDGE:
    case EVENT_REASSIGN:
    case EVENT_ESCALATE:
    case EVENT_STEP_COUNT:
        break;
    }
    return STATUS_CONFLICT;
}

void board_note_call(struct board_row *row, const struct board_call *call)
{
    if (row->n_calls == BOARD_CALLS_MAX) {
        memmove(row->calls, row->calls + 1, (BOARD_CALLS_MAX - 1) * sizeof(*call));
        row->n_calls--;
    }
    row->calls[row->n_calls++] = *call;
}

/* --- looking ------------------------------------------------------------------------------------------------- */

static bool is_asked_for(
    const struct board_row *row, const struct board_question *question)
{
    static const struct ident none;

    return (question->service == 0 || row->service == question->service) &&
           (question->priority == 0 || row->priority == question->priority) &&
           (question->progress == 0 || row->progress == question->progress) &&
           (question->district == 0 || row->district == question->district) &&
           (!question->escalated_only || row->escalated) &&
           (question->id == 0 || row->id == question->id) &&
           (ident_equal(&question->member, &none) ||
               ident_equal(&row->sender, &question->member) ||
               ident_equal(&row->recipient, &question->member));
}

void board_look(const struct deadline_policy *policy, const struct board_row *row,
    int64_t now_ms, struct board_line *ret)
{
    struct watched watched = {.service = row->service,
        .priority = row->priority,
        .progress = row->progress,
        .created_ms = row->created_ms,
        .since_ms = row->since_ms,
        .day = row->day,
        .settled = row->settled};
    struct deadline deadlines[DEADLINES_OF_ONE];

    if (deadlines_of(policy, &watched, deadlines) == 0)
        return;
    ret->deadline = deadlines[0];
    ret->late = deadline_late(&deadlines[0], now_ms);
}

/* Ascending: what is due by its time, then what is not, the newest first. */
struct place {
    int64_t key;
    size_t row;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return left->row < right->row ? -1 : left->row > right->row;
}

static void count(const struct board_row *row, const struct board_line *line,
    struct board_totals *totals)
{
    totals->found++;
    totals->half += line->late == LATE_HALF;
    totals->full += line->late == LATE_FULL;
    totals->undelivered += row->undelivered && line->deadline.waits != WAITS_NOTHING;
}

size_t board_view(const struct deadline_policy *policy, const struct board_row *rows,
    size_t n, const struct board_question *question, struct board_line *ret,
    struct board_totals *ret_totals)
{
    struct place *places = memory_new_array(n > 0 ? n : 1, sizeof(*places));
    struct board_totals totals = {0};
    size_t n_places = 0, shown = 0;

    for (size_t i = 0; i < n; i++) {
        struct board_line line = {.row = i};

        if (!is_asked_for(&rows[i], question))
            continue;
        board_look(policy, &rows[i], question->now_ms, &line);
        bool waits = line.deadline.waits != WAITS_NOTHING;
        if ((!waits && !question->with_ended && question->id == 0) ||
            (question->late_only && line.late == LATE_NOT))
            continue;
        count(&rows[i], &line, &totals);
        places[n_places++] = (struct place){
            waits ? line.deadline.due_ms : INT64_MAX - rows[i].since_ms, i};
    }
    qsort(places, n_places, sizeof(*places), compare_places);
    for (size_t i = question->skip; i < n_places && shown < question->limit; i++) {
        struct board_line *line = &ret[shown++];

        *line = (struct board_line){.row = places[i].row};
        board_look(policy, &rows[line->row], question->now_ms, line);
    }
    memory_free(places);
    *ret_totals = totals;
    return shown;
}
