/* SPDX-License-Identifier: Apache-2.0
 * A move that arrived, and the moves of a referral's sender: cancel, entered in error, questions (docs/CARE.md 7).
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

/* --- what arrived ------------------------------------------------------------------------------------------- */

/* Moves the referral if the move may; tells whether it did. */
static enum status move_by(struct desk *desk, const struct referral_row *row,
    enum actor actor, struct decision_row *record)
{
    enum progress to;
    enum move move = record->move;
    enum status status = progress_move(row->progress, move, actor, &to);

    if (status != STATUS_OK) {
        if (status != STATUS_EXISTS)
            log_event(LOG_WARNING, "answer-not-applied", "reason=%s state=%s",
                "impossible-move", progress_name(row->progress));
        record->applied = false;
        return STATUS_OK;
    }
    status = to == row->progress
                 ? STATUS_OK
                 : referrals_move(desk->referrals, row, to, desk_today(desk));
    record->applied = status == STATUS_OK;
    if (status == STATUS_OK &&
        (to != row->progress || move == MOVE_SCHEDULED || move == MOVE_WAITLISTED)) {
        struct referral_row moved = *row;

        moved.progress = to;
        status = watch_moved(desk, &moved, actor, move, record->at_ms, record->day);
    }
    return status;
}

enum status life_arrived(struct desk *desk, const struct post_opened *letter,
    const struct referral_row *row, enum actor actor, struct decision_row *record)
{
    bool flooded = false;
    enum status status = STATUS_OK;

    record->referral = row->id;
    record->item_id = letter->item_id;
    record->at_ms = letter->created_ms;
    if (row->damaged)
        log_event(LOG_ALARM, "record-damaged", NULL);
    else if (!letter->late ||
             record->move == MOVE_ENTERED_IN_ERROR) /* above everything */
        status = move_by(desk, row, actor, record);
    if (status == STATUS_OK)
        status = record->applied
                     ? decisions_is_full(desk->decisions, row->id, &flooded)
                     : decisions_is_flooded(desk->decisions, row->id, &flooded);
    if (flooded) /* what moved has moved; that so many were said is not told one by one */
        log_event(LOG_WARNING, "too-many-decisions", NULL);
    if (status != STATUS_OK || flooded)
        return status;
    status = decisions_put(desk->decisions, record);
    return status == STATUS_EXISTS ? STATUS_OK : status;
}

/* --- what the sender does ----------------------------------------------------------------------------------- */

/* UPDATE letters of one referral keep their order, and come after the referral. "Entered in error" waits for nothing. */
static enum status send_update(struct desk *desk, const struct referral_row *row,
    const struct update *update, const struct ident *item_id)
{
    bool at_once = update->what == UPDATE_ENTERED_IN_ERROR;
    struct post_letter_new letter = {.recipient = row->peer,
        .kind = LETTER_UPDATE,
        .lane = at_once ? LANE_EXPRESS : desk_lane(row->referral.priority),
        .item_id = *item_id};
    struct buffer body;
    enum status status = STATUS_OK;

    if (!at_once)
        status = decisions_last_mine(desk->decisions, row->id, &letter.after);
    if (status == STATUS_NOT_FOUND) {
        letter.after = row->item_id;
        status = STATUS_OK;
    }
    buffer_init(&body, BODY_BYTES_MAX);
    if (status == STATUS_OK)
        status = update_encode(update, &body);
    if (status == STATUS_OK) {
        letter.body = buffer_span(&body);
        status = post_send(desk->options.post, &letter);
    }
    buffer_release(&body);
    return status;
}

/* Can the member that was asked decide about it, now or once it comes? Not what never left, was not understood, came too
 * late or is withdrawn, unless it was sent again. */
enum status life_may_have_it(struct desk *desk, const struct referral_row *row, bool *ret)
{
    struct post_letter letter;
    struct again_row again = {0};
    enum status status = agains_next(desk->agains, row->id, 0, &again);

    *ret = true;
    if (status != STATUS_NOT_FOUND)
        return status;
    status = post_letter(desk->options.post, &row->item_id, &letter);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK; /* long ago */
    if (status == STATUS_OK)
        *ret = letter.pair_seq != 0 && (letter.state <= LETTER_STATE_CONFIRMED ||
                                           letter.state == LETTER_STATE_BLOCKED);
    return status;
}

static enum status check_sender(const struct referral_row *row, struct problem *problem)
{
    if (row->sent)
        return STATUS_OK;
    problem_say(problem, 409, "not-yours",
        "This referral was received, not sent: only its sender does that. Nothing was "
        "changed.");
    return STATUS_CONFLICT;
}

static enum status explain_move(
    enum status status, const struct referral_row *row, struct problem *problem)
{
    if (status == STATUS_CONFLICT)
        problem_say(problem, 409, "closed",
            "The referral %s is %s: that comes too late. Nothing was changed.",
            row->referral.reference, progress_name(row->progress));
    return status;
}

static enum status keep_move(struct desk *desk, struct referral_row *row,
    enum progress to, const struct decision_row *record)
{
    enum status status = decisions_put(desk->decisions, record);

    if (status == STATUS_OK && to != row->progress)
        status = referrals_move(desk->referrals, row, to, desk_today(desk));
    if (status == STATUS_OK && to != row->progress) {
        row->progress = to;
        row->changed_day = desk_today(desk);
        status = watch_moved(desk, row, ACTOR_SENDER, record->move, record->at_ms, 0);
    }
    return status;
}

/* Makes the sender's move and tells it. Told to nobody, a cancel is the end of it at once. */
static enum status make_move(struct desk *desk, struct referral_row *row,
    struct update *update, struct decision_row *record, struct problem *problem)
{
    bool may_have = true;
    enum progress to;
    enum status status = progress_move(row->progress, record->move, ACTOR_SENDER, &to);

    if (status == STATUS_EXISTS)
        return STATUS_OK;
    if (status != STATUS_OK)
        return explain_move(status, row, problem);
    memcpy(update->reference, row->referral.reference, REFERENCE_BYTES);
    record->referral = row->id;
    record->item_id = ident_new(desk->options.chance);
    record->mine = record->applied = true;
    record->at_ms = desk_now_ms(desk);
    status = life_may_have_it(desk, row, &may_have);
    if (status == STATUS_OK)
        status = may_have ? send_update(desk, row, update, &record->item_id)
                          : STATUS_NOT_FOUND;
    if (status != STATUS_NOT_FOUND && status != STATUS_DENIED)
        return status == STATUS_OK ? keep_move(desk, row, to, record) : status;
    if (record->move == MOVE_ASKS || record->move == MOVE_TELLS) {
        problem_say(problem, 409, "member-revoked",
            "The member that was asked has not got this referral, or is no member any "
            "more. Nothing was changed.");
        return STATUS_DENIED;
    }
    if (record->move == MOVE_CANCEL_REQUESTED) {
        record->move = MOVE_STOPPED;
        to = PROGRESS_CANCELLED;
    }
    return keep_move(desk, row, to, record);
}

/* A letter that waits is stopped where it can be. */
static enum status stop_letter(struct desk *desk, const struct referral_row *row)
{
    enum status status = post_withdraw(desk->options.post, &row->item_id);

    return status == STATUS_CONFLICT || status == STATUS_EXISTS ||
                   status == STATUS_NOT_FOUND
               ? STATUS_OK
               : status;
}

enum status use_cancel(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct decision_row record = {.move = MOVE_CANCEL_REQUESTED};
    struct update update = {.what = UPDATE_CANCEL_REQUESTED};
    struct referral_row row;
    int reason = 0;
    enum status status = desk_need_word(verb, request, "reason", &reason, problem);

    record.reason = update.reason = (unsigned)reason;
    if (status == STATUS_OK)
        status = item_find(desk, request, &row, problem);
    if (status == STATUS_OK)
        status = check_sender(&row, problem);
    if (status == STATUS_OK)
        status = make_move(desk, &row, &update, &record, problem);
    if (status == STATUS_OK && row.progress == PROGRESS_CANCELLED)
        status = stop_letter(desk, &row);
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}

enum status use_entered_in_error(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct decision_row record = {.move = MOVE_ENTERED_IN_ERROR};
    struct update update = {.what = UPDATE_ENTERED_IN_ERROR};
    struct referral_row row;
    int reason = 0;
    enum status status = desk_need_word(verb, request, "reason", &reason, problem);

    record.reason = update.reason = (unsigned)reason;
    if (status == STATUS_OK)
        status = item_find(desk, request, &row, problem);
    if (status == STATUS_OK)
        status = check_sender(&row, problem);
    if (status == STATUS_OK)
        status = make_move(desk, &row, &update, &record, problem);
    if (status == STATUS_OK)
        status = withdraw_share(desk, &row);
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}

/* --- questions and what is said to them --------------------------------------------------------------------- */

/* Either member asks and tells: the sender by an UPDATE, the other by an ANSWER. */
static enum status talk(struct desk *desk, struct referral_row *row,
    const struct answer *said, struct problem *problem)
{
    bool asks = said->decision == DECISION_ASKS;
    struct update update = {.what = asks ? UPDATE_ASKS : UPDATE_TELLS,
        .question = said->question,
        .told = said->told,
        .day = said->day};
    struct decision_row record = {0};

    if (!row->sent)
        return decide_answer(desk, row, said, problem);
    decision_of_answer(said, &record);
    return make_move(desk, row, &update, &record, problem);
}

enum status use_talk(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    bool tells = strcmp(verb->name, "tell") == 0;
    struct answer said = {.decision = tells ? DECISION_TELLS : DECISION_ASKS};
    struct referral_row row;
    int word = 0;
    enum status status = desk_need_word(verb, request, "question", &word, problem);

    said.question = (enum inquiry)word;
    if (status == STATUS_OK && tells) {
        status = desk_need_word(verb, request, "answer", &word, problem);
        said.told = (enum told)word;
    }
    if (status == STATUS_OK && said.told == TOLD_DAY)
        status = stages_read_day(desk, request, false, &said.day, problem);
    if (status == STATUS_OK)
        status = item_find(desk, request, &row, problem);
    if (status == STATUS_OK)
        status = talk(desk, &row, &said, problem);
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}
