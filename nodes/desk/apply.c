/* SPDX-License-Identifier: Apache-2.0
 * What a letter's body says is checked once more by its decoder; what does not decode is INVALID and has no
 * effect. An answer that is impossible from here is kept as evidence and moves nothing.
 */
#include "inside.h"
#include "log.h"
#include "memory.h"
#include "roles.h"

/* Is it here already, from the same member, word for word? */
static bool is_the_same(struct desk *desk, const struct referral_row *row)
{
    struct referral_row known;
    struct buffer before, now;
    bool same = false;

    buffer_init(&before, BODY_BYTES_MAX);
    buffer_init(&now, BODY_BYTES_MAX);
    if (referrals_find(desk->referrals, row->referral.reference, desk->arena, &known) ==
            STATUS_OK &&
        !known.sent && !known.damaged && ident_equal(&known.peer, &row->peer) &&
        referral_encode(&known.referral, &before) == STATUS_OK &&
        referral_encode(&row->referral, &now) == STATUS_OK)
        same = span_equal(buffer_span(&before), buffer_span(&now));
    buffer_release(&before);
    buffer_release(&now);
    return same;
}

static enum status apply_referral(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct referral_row row = {.late = letter->late,
        .item_id = letter->item_id,
        .peer = letter->peer,
        .day = desk_today(desk),
        .created_ms = letter->created_ms,
        .received_ms = letter->received_ms};
    bool buried = false;
    enum status status;

    if (!roles_may_receive(desk_roles(desk), LETTER_REFERRAL)) {
        *ret_code = RECEIPT_CODE_ROLE;
        return STATUS_OK;
    }
    if (referral_decode(desk->arena, letter->body, &row.referral) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    if (!roles_may_serve(desk_roles(desk), row.referral.service)) {
        log_event(LOG_WARNING, "service-not-ours", NULL);
        *ret_code = RECEIPT_CODE_ROLE;
        return STATUS_OK;
    }
    status =
        referrals_is_buried(desk->referrals, row.referral.reference, &row.peer, &buried);
    if (status == STATUS_OK && buried)
        return update_refuse_buried(desk, &row.peer, &row.referral);
    if (status == STATUS_OK)
        status = referrals_put(desk->referrals, &row, &row.id);
    row.progress = PROGRESS_REQUESTED;
    if (status == STATUS_OK && !row.late)
        return watch_begin(desk, &row);
    if (status == STATUS_EXISTS && is_the_same(desk, &row))
        return STATUS_OK; /* sent again (docs/CARE.md 18.8): it had its effect */
    if (status == STATUS_EXISTS) {
        log_event(LOG_ALARM, "reference-used-twice", NULL);
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    return status;
}

static enum status apply_answer(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct answer answer;
    struct referral_row row;
    struct decision_row record = {0};
    enum status status;

    if (answer_decode(desk->arena, letter->body, &answer) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    status = referrals_find(desk->referrals, answer.reference, desk->arena, &row);
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && (!row.sent || !ident_equal(&row.peer, &letter->peer)))) {
        /* Received all the same: a receipt must not tell which references are known here. */
        log_event(status == STATUS_OK ? LOG_ALARM : LOG_WARNING, "answer-not-applied",
            "reason=%s",
            status == STATUS_OK ? "not-the-member-asked" : "unknown-reference");
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    decision_of_answer(&answer, &record);
    return life_arrived(desk, letter, &row, ACTOR_RECIPIENT, &record);
}

enum status desk_apply(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    enum receipt_code code = RECEIPT_CODE_NONE;
    enum status status = STATUS_OK;

    arena_reset(desk->arena);
    switch (letter->kind) {
    case LETTER_REFERRAL:
        status = apply_referral(desk, letter, &code);
        break;
    case LETTER_ANSWER:
        status = apply_answer(desk, letter, &code);
        break;
    case LETTER_CAPACITY:
        status = capacity_apply(desk, letter, &code);
        break;
    case LETTER_ENQUIRY:
        status = enquiry_apply(desk, letter, &code);
        break;
    case LETTER_ENQUIRY_ANSWER:
        status = enquiry_answer_apply(desk, letter, &code);
        break;
    case LETTER_UPDATE:
        status = update_apply(desk, letter, &code);
        break;
    case LETTER_EVENT:
        status = event_apply(desk, letter, &code);
        break;
    case LETTER_HANDOVER:
        status = handover_apply(desk, letter, &code);
        break;
    case LETTER_TEST: /* its receipt is all that it is for */
        code = letter->body.n == 0 ? RECEIPT_CODE_NONE : RECEIPT_CODE_BODY;
        break;
    default:
        code = RECEIPT_CODE_KIND;
    }
    arena_reset(desk->arena);
    if (status == STATUS_OK)
        *ret_code = code;
    return status;
}
