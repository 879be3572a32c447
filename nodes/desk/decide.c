/* SPDX-License-Identifier: Apache-2.0
 * A decision is one transaction: the move, its record, and the ANSWER letter after the decision before it. Which verb
 * makes which decision stands in stages.c.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

static enum status explain_move(enum status status, const struct referral_row *row,
    enum decision decision, struct problem *problem)
{
    bool early = row->progress <= PROGRESS_OPENED || row->progress == PROGRESS_WAITLISTED;

    if (status == STATUS_CONFLICT)
        problem_say(problem, 409, "cannot-decide",
            "The referral %s is %s: it cannot be %s %s. Nothing was changed.",
            row->referral.reference, progress_name(row->progress),
            decision_name(decision), early ? "before it is accepted" : "any more");
    return status;
}

/* What would be swallowed at the other side, because a cancel is asked for. */
static enum status explain_cancel(const struct referral_row *row, struct problem *problem)
{
    problem_say(problem, 409, "cancel-asked",
        "The sender asked to cancel the referral %s. Nothing was changed. Grant it with "
        "\"amaan cancel-confirm\"; or, if the service was given, say so with \"amaan "
        "complete\".",
        row->referral.reference);
    return STATUS_CONFLICT;
}

/* Saying the same again is harmless; another reason would be lost. */
static enum status check_same_reason(struct desk *desk, const struct referral_row *row,
    unsigned reason, struct problem *problem)
{
    struct decision_row said = {0};
    enum status status;

    while ((status = decisions_next(desk->decisions, row->id, said.id, &said)) ==
           STATUS_OK) {
        if (!said.mine || said.move != MOVE_DECLINED || said.reason == reason)
            continue;
        problem_say(problem, 409, "cannot-decide",
            "The referral %s was declined with the reason \"%s\", and its sender was "
            "told "
            "so: the reason cannot be changed. Nothing was changed. Speak with the "
            "sender.",
            row->referral.reference, move_reason_name(MOVE_DECLINED, said.reason));
        return STATUS_CONFLICT;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status explain_send(enum status status, struct problem *problem)
{
    if (status == STATUS_NOT_FOUND || status == STATUS_DENIED)
        problem_say(problem, 409, "sender-gone",
            "The member that sent this referral is no member any more, so nobody can be "
            "told. "
            "Nothing was changed. Ask the coordinator.");
    return status;
}

/* Tells the sender: puts the letter and its record. */
static enum status tell(struct desk *desk, const struct referral_row *row,
    const struct answer *what, struct problem *problem)
{
    struct answer answer = *what;
    struct decision_row record = {.referral = row->id,
        .item_id = ident_new(desk->options.chance),
        .mine = true,
        .applied = true,
        .at_ms = desk_now_ms(desk)};
    struct post_letter_new letter = {.recipient = row->peer,
        .kind = LETTER_ANSWER,
        .lane = desk_lane(row->referral.priority),
        .item_id = record.item_id};
    struct buffer body;
    enum status status;

    decision_of_answer(what, &record);
    memcpy(answer.reference, row->referral.reference, REFERENCE_BYTES);
    buffer_init(&body, BODY_BYTES_MAX);
    status = decisions_last_mine(desk->decisions, row->id, &letter.after);
    if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    if (status == STATUS_OK)
        status = answer_encode(&answer, &body);
    if (status == STATUS_OK) {
        letter.body = buffer_span(&body);
        status = explain_send(post_send(desk->options.post, &letter), problem);
    }
    if (status == STATUS_OK)
        status = decisions_put(desk->decisions, &record);
    buffer_release(&body);
    return status;
}

/* May anything be decided about the row at all? */
static enum status check_row(
    const struct referral_row *row, enum decision decision, struct problem *problem)
{
    if (row->sent || row->late) {
        problem_say(problem, 409, row->sent ? "own-referral" : "too-late",
            row->sent
                ? "This referral was sent by this member: only the member that was asked "
                  "decides. Nothing was changed."
                : "This referral arrived after its time had run out; its sender was "
                  "told. "
                  "Nothing was changed. Speak with the sender.");
        return STATUS_CONFLICT;
    }
    if (row->purged && decision != DECISION_CANCELLED &&
        row->progress != PROGRESS_ENTERED_IN_ERROR) {
        problem_say(problem, 409, "withdrawn",
            "The consent for this referral was withdrawn, and its content is destroyed: "
            "nothing can be decided any more. Nothing was changed.");
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

enum status decide_answer(struct desk *desk, struct referral_row *row,
    const struct answer *answer, struct problem *problem)
{
    enum decision decision = answer->decision;
    enum progress to;
    enum status status = check_row(row, decision, problem);

    if (status != STATUS_OK)
        return status;
    status = progress_move(row->progress, (enum move)decision, ACTOR_RECIPIENT, &to);
    if (status == STATUS_EXISTS && row->progress == PROGRESS_CANCEL_REQUESTED)
        return decision == DECISION_OPENED ? STATUS_OK : explain_cancel(row, problem);
    if (status == STATUS_EXISTS)
        return decision == DECISION_DECLINED
                   ? check_same_reason(desk, row, answer->reason, problem)
                   : STATUS_OK;
    if (status != STATUS_OK)
        return explain_move(status, row, decision, problem);
    /* The other two may come again with another day. */
    bool moved = to != row->progress || decision == DECISION_SCHEDULED ||
                 decision == DECISION_WAITLISTED;
    status = tell(desk, row, answer, problem);
    if (status == STATUS_OK && to != row->progress) {
        status = referrals_move(desk->referrals, row, to, desk_today(desk));
        if (status == STATUS_OK) {
            row->progress = to;
            row->changed_day = desk_today(desk);
        }
    }
    if (status == STATUS_OK && moved)
        status = watch_moved(desk, row, ACTOR_RECIPIENT, (enum move)decision,
            desk_now_ms(desk), answer->day);
    return status;
}

enum status use_show(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct referral_row row;
    struct problem untold = {0};
    struct answer opened = {.decision = DECISION_OPENED};
    enum status status = item_find(desk, request, &row, problem);

    (void)verb;
    /* While an answer rests that was made upon the state of before, reading moves nothing: the answer tells more. */
    if (status == STATUS_OK && !row.sent && !row.late && !row.purged &&
        !rest_is_about(desk, row.referral.reference)) {
        status = decide_answer(desk, &row, &opened, &untold);
        /* Its sender is gone, or it ended unopened: it may be read all the same. */
        if (status == STATUS_NOT_FOUND || status == STATUS_DENIED ||
            status == STATUS_CONFLICT)
            status = STATUS_OK;
    }
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}

/* Has the letter come as far as `wanted`? BUSY: not yet; CONFLICT: never. */
static enum status letter_reached(enum letter_state state, enum letter_state wanted)
{
    if (state >= LETTER_STATE_DRAFT && state <= LETTER_STATE_CONFIRMED)
        return state >= wanted ? STATUS_OK : STATUS_BUSY;
    return state == LETTER_STATE_BLOCKED ? STATUS_BUSY : STATUS_CONFLICT;
}

static enum status has_reached(
    struct desk *desk, const struct referral_row *row, const char *until)
{
    enum progress progress;
    struct post_letter letter;

    if (progress_parse(until, &progress) == STATUS_OK)
        return progress_reached(row->progress, progress);
    if (!row->sent)
        return STATUS_OK; /* it is here */
    enum status status = post_letter(desk->options.post, &row->item_id, &letter);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status; /* long ago */
    for (enum letter_state state = LETTER_STATE_DRAFT; state <= LETTER_STATE_CONFIRMED;
         state++)
        if (strcmp(letter_state_name(state), until) == 0)
            return letter_reached(letter.state, state);
    return STATUS_CONFLICT;
}

enum status use_trace(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct referral_row row;
    struct json *json = NULL;
    int until = 0;
    enum status status = STATUS_OK;

    if (json_find(request, "until"))
        status = desk_need_word(verb, request, "until", &until, problem);
    if (status == STATUS_OK)
        status = item_find(desk, request, &row, problem);
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, &json);
    if (status == STATUS_OK && until != 0) {
        enum status reached = has_reached(desk, &row, json_find_text(request, "until"));

        if (reached != STATUS_OK && reached != STATUS_BUSY && reached != STATUS_CONFLICT)
            status = reached;
        else
            json_put_text(json, "reached",
                reached == STATUS_OK     ? "yes"
                : reached == STATUS_BUSY ? "not-yet"
                                         : "never");
    }
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}
