/* SPDX-License-Identifier: Apache-2.0
 * A consent ends for one service and one recipient: its rows, the letters that went under it, and nothing else.
 */
#include "inside.h"
#include "memory.h"

/* Every row of the subject for that service and recipient. */
static enum status end_consents(struct desk *desk, const struct box_key *key,
    const struct share *share, enum withdrawal reason)
{
    struct consent_row row = {0};
    enum status status;

    while ((status = refer_next_consent(desk, key, &share->subject, &row)) == STATUS_OK) {
        if (row.consent.service != share->service || row.consent.withdrawn_day != 0 ||
            !ident_equal(&row.consent.recipient, &share->recipient))
            continue;
        row.consent.withdrawn_day = desk_today(desk);
        row.consent.withdrawn = reason;
        status = consents_change(desk->consents, key, &row);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Stops the letter where it can be stopped; tells the recipient unless no number ever stood for it. */
static enum status recall_letter(
    struct desk *desk, struct share *share, enum withdrawal reason)
{
    struct update update = {.what = UPDATE_CONSENT_WITHDRAWN, .reason = (unsigned)reason};
    struct post_letter letter;
    enum status status = post_letter(desk->options.post, &share->item_id, &letter);
    bool unnumbered = status == STATUS_OK && letter.pair_seq == 0;

    if (status == STATUS_OK)
        status = post_withdraw(desk->options.post, &share->item_id);
    if (status == STATUS_OK)
        share->stopped = true;
    if (status == STATUS_CONFLICT || status == STATUS_EXISTS ||
        status == STATUS_NOT_FOUND)
        status = STATUS_OK; /* it is there, or its end was long ago */
    if (status != STATUS_OK || unnumbered)
        return status;
    memcpy(update.reference, share->reference, REFERENCE_BYTES);
    return update_send(desk, &share->recipient, &update, LANE_EXPRESS);
}

static enum status recall_letters(struct desk *desk, const struct box_key *key,
    const struct share *first, enum withdrawal reason)
{
    struct share share = {0};
    enum status status;

    while ((status = sharings_next(
                desk->sharings, key, &first->subject, share.id, &share)) == STATUS_OK) {
        if (share.service != first->service || share.withdrawn_day != 0 ||
            !ident_equal(&share.recipient, &first->recipient))
            continue;
        share.withdrawn_day = desk_today(desk);
        status = recall_letter(desk, &share, reason);
        if (status == STATUS_OK)
            status = sharings_change(desk->sharings, key, &share);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status withdraw_consent(
    struct desk *desk, const struct referral_row *row, enum withdrawal reason)
{
    struct box_key key;
    struct share share;
    struct ident subject;
    enum status status = sharings_subject(desk->sharings, &row->item_id, &subject);

    if (status == STATUS_OK)
        status = refer_key_find(desk, &subject, &row->item_id, &key);
    if (status == STATUS_OK)
        status = sharings_find(desk->sharings, &key, &row->item_id, &share);
    if (status == STATUS_OK && share.withdrawn_day != 0)
        status = STATUS_EXISTS;
    if (status == STATUS_OK)
        status = end_consents(desk, &key, &share, reason);
    if (status == STATUS_OK)
        status = recall_letters(desk, &key, &share, reason);
    memory_wipe(&key, sizeof(key));
    return status;
}

enum status withdraw_share(struct desk *desk, const struct referral_row *row)
{
    struct box_key key;
    struct share share;
    struct ident subject;
    enum status stopped = post_withdraw(desk->options.post, &row->item_id);

    if (stopped != STATUS_OK && stopped != STATUS_CONFLICT && stopped != STATUS_EXISTS &&
        stopped != STATUS_NOT_FOUND)
        return stopped;
    enum status status = sharings_subject(desk->sharings, &row->item_id, &subject);
    if (status == STATUS_OK)
        status = refer_key_find(desk, &subject, &row->item_id, &key);
    if (status == STATUS_OK)
        status = sharings_find(desk->sharings, &key, &row->item_id, &share);
    if (status == STATUS_OK && share.withdrawn_day == 0) {
        share.withdrawn_day = desk_today(desk);
        share.stopped = stopped == STATUS_OK;
        status = sharings_change(desk->sharings, &key, &share);
    }
    memory_wipe(&key, sizeof(key));
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status use_withdraw_consent(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct referral_row row;
    int reason = WITHDRAWAL_PERSON_ASKED;
    enum status status = STATUS_OK;

    if (json_find(request, "reason"))
        status = desk_need_word(verb, request, "reason", &reason, problem);
    if (status == STATUS_OK)
        status = item_find(desk, request, &row, problem);
    if (status == STATUS_OK && !row.sent) {
        problem_say(problem, 409, "not-sent-here",
            "This referral was sent by another member, and the consent is kept there. "
            "Nothing was changed. If the person takes it back here, tell the sender.");
        return STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        status = withdraw_consent(desk, &row, (enum withdrawal)reason);
        if (status == STATUS_NOT_FOUND)
            problem_say(problem, 409, "no-consent-row",
                "No consent is kept under this referral. Nothing was changed. Telephone "
                "the member and ask it to destroy what it has.");
        if (status == STATUS_EXISTS)
            status = STATUS_OK;
    }
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}
