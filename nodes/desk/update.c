/* SPDX-License-Identifier: Apache-2.0
 * UPDATE letters: a withdrawal destroys, whatever came first; the proof of it goes back. A receipt must not tell which
 * references are known here, so what does not fit is received all the same and has no effect.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"
#include "roles.h"

enum status update_send(struct desk *desk, const struct ident *to,
    const struct update *update, enum lane lane)
{
    struct post_letter_new letter = {.recipient = *to,
        .kind = LETTER_UPDATE,
        .lane = lane,
        .item_id = ident_new(desk->options.chance)};
    struct buffer body;

    buffer_init(&body, BODY_BYTES_MAX);
    enum status status = update_encode(update, &body);
    if (status == STATUS_OK) {
        letter.body = buffer_span(&body);
        status = post_send(desk->options.post, &letter);
    }
    buffer_release(&body);
    if (status == STATUS_NOT_FOUND || status == STATUS_DENIED) {
        log_event(LOG_WARNING, "update-not-sent", "reason=%s", "member-gone");
        status = STATUS_OK;
    }
    return status;
}

/* What retention emptied before is told as that: nobody has the bytes any more that were sent. */
static enum status prove_purge(
    struct desk *desk, const struct ident *to, const struct referral *referral)
{
    struct update update = {.what = UPDATE_PURGED};
    struct buffer body;
    enum status status = STATUS_OK;

    memcpy(update.reference, referral->reference, REFERENCE_BYTES);
    buffer_init(&body, BODY_BYTES_MAX);
    if (retain_says_something(referral)) {
        status = referral_encode(referral, &body);
        update.body_hash = hash_of(buffer_span(&body));
    } else {
        update.body_hash = update_gone_before();
    }
    if (status == STATUS_OK)
        status = update_send(desk, to, &update, LANE_NORMAL);
    buffer_release(&body);
    return status;
}

enum status update_refuse_buried(
    struct desk *desk, const struct ident *peer, const struct referral *referral)
{
    log_event(LOG_INFO, "withdrawn-before-it-came", NULL);
    return prove_purge(desk, peer, referral);
}

/* Answers that were kept under an Idempotency-Key may hold the content, too. */
enum status update_blank_replies(
    struct desk *desk, const char *reference, const char *why)
{
    struct json *json = json_new_object();
    struct buffer text;

    json_put_text(json, "reference", reference);
    json_put_flag(json, why, true);
    buffer_init(&text, REPLY_ANSWER_BYTES_MAX);
    enum status status = json_print(json, &text);
    if (status == STATUS_OK)
        status = replies_blank(desk->replies, reference, buffer_span(&text));
    buffer_release(&text);
    json_destroy(&json);
    return status;
}

/* A case that was made of it is this node's own; whoever works on it sees that its sender took the consent back. */
static enum status tell_case(
    struct desk *desk, const struct referral_row *row, enum withdrawal reason)
{
    struct event_row event = {
        .day = desk_today(desk), .event = EVENT_WITHDRAWN, .detail = (uint8_t)reason};
    struct ident ident;
    enum status status = casebook_find_tie(desk->casebook, row->id, &ident);

    memcpy(event.reference, row->referral.reference, REFERENCE_BYTES);
    if (status == STATUS_OK)
        status = timeline_add(desk->timeline, &ident, &event);
    if (status == STATUS_LOCKED || status == STATUS_CORRUPT) {
        log_event(LOG_ALARM, "case-not-told", NULL); /* the content goes all the same */
        status = STATUS_OK;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status destroy(struct desk *desk, const struct referral_row *row,
    const struct ident *sender, enum withdrawal reason)
{
    enum status status = referrals_purge(desk->referrals, row, desk_today(desk));

    if (status == STATUS_OK)
        status = watch_settle(desk, row);
    if (status == STATUS_OK)
        status = tell_case(desk, row, reason);
    if (status == STATUS_OK)
        status = update_blank_replies(desk, row->referral.reference, "withdrawn");
    if (status == STATUS_OK)
        status = prove_purge(desk, sender, &row->referral);
    if (status == STATUS_OK)
        log_event(LOG_INFO, "content-destroyed", NULL);
    return status;
}

static enum status apply_withdrawn(struct desk *desk, const struct ident *sender,
    const struct update *update, enum status found, const struct referral_row *row)
{
    if (found == STATUS_NOT_FOUND) {
        enum status status =
            referrals_bury(desk->referrals, update->reference, sender, desk_today(desk));
        return status == STATUS_EXISTS ? STATUS_OK : status;
    }
    if (row->sent || !ident_equal(&row->peer, sender)) {
        log_event(LOG_ALARM, "update-not-applied", "reason=%s", "not-the-sender");
        return STATUS_OK;
    }
    if (row->damaged) {
        log_event(LOG_ALARM, "record-damaged", NULL);
        return STATUS_OK;
    }
    return row->purged ? STATUS_OK
                       : destroy(desk, row, sender,
                             update->what == UPDATE_CONSENT_WITHDRAWN
                                 ? (enum withdrawal)update->reason
                                 : WITHDRAWAL_SENT_IN_ERROR);
}

static enum status keep_proof(struct desk *desk, const struct box_key *key,
    struct share *share, const struct hash *body_hash)
{
    share->purged_day = desk_today(desk);
    share->mismatch =
        !hash_equal(&share->body_hash, body_hash) && !update_is_gone_before(body_hash);
    if (share->mismatch)
        log_event(LOG_ALARM, "purge-does-not-match", NULL);
    return sharings_change(desk->sharings, key, share);
}

/* A move of the referral's sender. "Entered in error" destroys, whatever came first, as a withdrawal does. */
static enum status apply_move(struct desk *desk, const struct post_opened *letter,
    const struct update *update, enum status found, const struct referral_row *row)
{
    struct decision_row record = {.reason = update->reason,
        .question = update->question,
        .told = update->told,
        .day = update->day};
    bool error = update->what == UPDATE_ENTERED_IN_ERROR;
    enum status status;

    record.move = error                                     ? MOVE_ENTERED_IN_ERROR
                  : update->what == UPDATE_CANCEL_REQUESTED ? MOVE_CANCEL_REQUESTED
                  : update->what == UPDATE_ASKS             ? MOVE_ASKS
                                                            : MOVE_TELLS;
    if (error && (found == STATUS_NOT_FOUND || !ident_equal(&row->peer, &letter->peer) ||
                     row->sent || row->damaged))
        return apply_withdrawn(desk, &letter->peer, update, found, row);
    if (found == STATUS_NOT_FOUND || row->sent ||
        !ident_equal(&row->peer, &letter->peer)) {
        log_event(found == STATUS_OK ? LOG_ALARM : LOG_WARNING, "update-not-applied",
            "reason=%s", found == STATUS_OK ? "not-the-sender" : "unknown-reference");
        return STATUS_OK;
    }
    status = life_arrived(desk, letter, row, ACTOR_SENDER, &record);
    if (status == STATUS_OK && error && !row->purged)
        status = destroy(desk, row, &letter->peer, WITHDRAWAL_SENT_IN_ERROR);
    return status;
}

static enum status apply_purged(struct desk *desk, const struct ident *from,
    const struct update *update, enum status found, const struct referral_row *row)
{
    struct box_key key;
    struct share share;
    struct ident subject;
    enum status status = found;

    if (status == STATUS_OK && (!row->sent || !ident_equal(&row->peer, from)))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = sharings_subject(desk->sharings, &row->item_id, &subject);
    if (status == STATUS_OK)
        status = refer_key_find(desk, &subject, &row->item_id, &key);
    if (status == STATUS_OK)
        status = sharings_find(desk->sharings, &key, &row->item_id, &share);
    if (status ==
        STATUS_NOT_FOUND) /* the case is gone, and with it who it was shared with */
        status = case_erase_proven(desk, from, update);
    else if (status == STATUS_OK && share.withdrawn_day == 0)
        status = STATUS_NOT_FOUND;
    else if (status == STATUS_OK && share.purged_day == 0)
        status = keep_proof(desk, &key, &share, &update->body_hash);
    if (status == STATUS_NOT_FOUND) {
        log_event(LOG_WARNING, "update-not-applied", "reason=%s", "nothing-withdrawn");
        status = STATUS_OK;
    }
    /* The casebook's key is lost, or the row is spoilt: a letter of others must not stop the node for that. */
    if (status == STATUS_LOCKED || status == STATUS_CORRUPT) {
        log_event(LOG_ALARM, "proof-not-kept", NULL);
        status = STATUS_OK;
    }
    memory_wipe(&key, sizeof(key));
    return status;
}

enum status update_apply(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct ident from = letter->peer;
    struct referral_row row;
    struct update update;

    if (!roles_may_receive(desk_roles(desk), LETTER_UPDATE)) {
        *ret_code = RECEIPT_CODE_ROLE;
        return STATUS_OK;
    }
    if (update_decode(desk->arena, letter->body, &update) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    enum status found =
        referrals_find(desk->referrals, update.reference, desk->arena, &row);
    if (found != STATUS_OK && found != STATUS_NOT_FOUND)
        return found;
    switch (update.what) {
    case UPDATE_CONSENT_WITHDRAWN: /* also when it comes too late: to destroy is the safe side */
        return apply_withdrawn(desk, &from, &update, found, &row);
    case UPDATE_PURGED:
        return apply_purged(desk, &from, &update, found, &row);
    case UPDATE_OVERRIDE:
    case UPDATE_OVERRIDE_ALONE:
    case UPDATE_ACT_CONFIRMED:
    case UPDATE_ACT_UNDONE:
        return letter->late ? STATUS_OK : act_apply(desk, letter, &update);
    case UPDATE_CANCEL_REQUESTED:
    case UPDATE_ENTERED_IN_ERROR:
    case UPDATE_ASKS:
    case UPDATE_TELLS:
        return apply_move(desk, letter, &update, found, &row);
    case UPDATE_COUNT:
        break;
    }
    *ret_code = RECEIPT_CODE_BODY;
    return STATUS_OK;
}
