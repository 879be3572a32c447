/* SPDX-License-Identifier: Apache-2.0
 * A consent ends for one service and one recipient: its rows, the letters that went under it, and nothing else.
 */
#include "inside.h"
#include "log.h"
#include "memory.h"

/* Which of a subject's rows end. */
struct ending {
    enum service service;          /* 0: every one */
    const struct ident *recipient; /* NULL: every one */
    enum withdrawal reason;
    int64_t consents, letters; /* that ended */
};

static bool ends(
    const struct ending *ending, enum service service, const struct ident *recipient)
{
    return (ending->service == 0 || ending->service == service) &&
           (!ending->recipient || ident_equal(ending->recipient, recipient));
}

/* A row that a bad disk spoilt: said, and stepped over. Nobody can read in it who was told. */
static bool step_over(enum status *status, int64_t before, int64_t id)
{
    if (*status != STATUS_CORRUPT || id <= before)
        return false;
    log_event(LOG_ALARM, "record-damaged", NULL);
    *status = STATUS_OK;
    return true;
}

static enum status end_consents(struct desk *desk, const struct box_key *key,
    const struct ident *subject, struct ending *ending)
{
    struct consent_row row = {0};
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        int64_t before = row.id;

        status = refer_next_consent(desk, key, subject, &row);
        if (step_over(&status, before, row.id) || status != STATUS_OK ||
            row.consent.withdrawn_day != 0 ||
            !ends(ending, row.consent.service, &row.consent.recipient))
            continue;
        row.consent.withdrawn_day = desk_today(desk);
        row.consent.withdrawn = ending->reason;
        status = consents_change(desk->consents, key, &row);
        ending->consents++;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Further letters that carried it, after its recipient had lost its records (loss.c). */
static enum status stop_agains(struct desk *desk, const struct share *share)
{
    struct arena *arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    struct referral_row row;
    struct again_row again = {0};
    enum status status = referrals_find(desk->referrals, share->reference, arena, &row);

    while (status == STATUS_OK) {
        status = agains_next(desk->agains, row.id, again.id, &again);
        if (status != STATUS_OK)
            break;
        status = post_withdraw(desk->options.post, &again.item_id);
        if (status == STATUS_CONFLICT || status == STATUS_EXISTS ||
            status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    arena_destroy(&arena);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A letter that never had a number never left; but one that a restored database knows as a draft may have left since. */
static enum status has_never_left(
    struct desk *desk, const struct post_letter *letter, bool *ret)
{
    struct post_status post;
    enum status status = post_status(desk->options.post, &post);

    *ret = status == STATUS_OK && letter->pair_seq == 0 && !post.restored;
    return status;
}

/* Nobody waits for an answer to it any more. */
static enum status stop_watching(struct desk *desk, const char *reference)
{
    /* An arena of its own: one request may withdraw very many. */
    struct arena *arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    struct referral_row row;
    enum status status = referrals_find(desk->referrals, reference, arena, &row);

    if (status == STATUS_OK)
        status = watch_settle(desk, &row);
    arena_destroy(&arena);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status withdraw_letter(
    struct desk *desk, struct share *share, enum withdrawal reason, bool *ret_left)
{
    struct update update = {.what = UPDATE_CONSENT_WITHDRAWN, .reason = (unsigned)reason};
    struct post_letter letter;
    enum status status = post_letter(desk->options.post, &share->item_id, &letter);
    bool unnumbered = false;

    if (status == STATUS_OK)
        status = has_never_left(desk, &letter, &unnumbered);
    if (status == STATUS_OK)
        status = post_withdraw(desk->options.post, &share->item_id);
    if (status == STATUS_OK)
        share->stopped = true;
    if (status == STATUS_CONFLICT || status == STATUS_EXISTS ||
        status == STATUS_NOT_FOUND)
        status = STATUS_OK; /* it is there, or its end was long ago */
    if (status == STATUS_OK)
        status = stop_agains(desk, share);
    if (status == STATUS_OK)
        status = stop_watching(desk, share->reference);
    share->withdrawn_day = desk_today(desk);
    *ret_left = !unnumbered; /* the recipient cannot have what never had a number */
    if (status != STATUS_OK || unnumbered)
        return status;
    memcpy(update.reference, share->reference, REFERENCE_BYTES);
    return update_send(desk, &share->recipient, &update, LANE_EXPRESS);
}

static enum status recall_letters(struct desk *desk, const struct box_key *key,
    const struct ident *subject, struct ending *ending)
{
    struct share share = {0};
    bool left = false;
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        int64_t before = share.id;

        status = sharings_next(desk->sharings, key, subject, share.id, &share);
        if (step_over(&status, before, share.id) || status != STATUS_OK ||
            share.withdrawn_day != 0 || !ends(ending, share.service, &share.recipient))
            continue;
        status = withdraw_letter(desk, &share, ending->reason, &left);
        if (status == STATUS_OK)
            status = sharings_change(desk->sharings, key, &share);
        ending->letters++;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status end_all(struct desk *desk, const struct box_key *key,
    const struct ident *subject, struct ending *ending)
{
    enum status status = end_consents(desk, key, subject, ending);

    return status == STATUS_OK ? recall_letters(desk, key, subject, ending) : status;
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
    if (status == STATUS_OK) {
        struct ending ending = {
            .service = share.service, .recipient = &share.recipient, .reason = reason};

        status = end_all(desk, &key, &share.subject, &ending);
    }
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
    if (status ==
        STATUS_CORRUPT) { /* what was sent in error is called back all the same */
        log_event(LOG_ALARM, "record-damaged", NULL);
        status = STATUS_OK;
    }
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

/* --- of a case ------------------------------------------------------------------------------------------------- */

static enum status read_ending(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct ending *ret, struct problem *problem)
{
    int reason = WITHDRAWAL_PERSON_ASKED, service = 0;
    const char *to = json_find_text(request, "to");
    enum status status = STATUS_OK;

    if (json_find(request, "reason"))
        status = desk_need_word(verb, request, "reason", &reason, problem);
    if (status == STATUS_OK && json_find(request, "service"))
        status = desk_need_word(verb, request, "service", &service, problem);
    if (status == STATUS_OK && to) {
        const struct profile *member = directory_find_name(desk->directory, to);

        if (!member) {
            problem_say(problem, 404, "unknown-member",
                "The directory has no member \"%.64s\". Nothing was changed. \"amaan "
                "case-consents\" shows to whom there are consents; without a member, "
                "those to everybody end.",
                to);
            return STATUS_NOT_FOUND;
        }
        ret->recipient = &member->node_id;
    }
    ret->reason = (enum withdrawal)reason;
    ret->service = (enum service)service;
    return status;
}

enum status use_case_withdraw(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct ending ending = {0};
    struct case_row row;
    struct box_key key;
    enum status status = read_ending(desk, verb, request, &ending, problem);

    if (status == STATUS_OK)
        status = case_named(desk, request, "reference", &row, problem);
    if (status == STATUS_OK)
        status = casebook_key(desk->casebook, &row.ident, &key);
    if (status == STATUS_OK)
        status = end_all(desk, &key, &row.ident, &ending);
    memory_wipe(&key, sizeof(key));
    if (status == STATUS_OK && ending.consents > 0)
        status =
            case_say(desk, &row.ident, EVENT_CONSENT_ENDED, (int)ending.service, NULL);
    if (status != STATUS_OK)
        return status;
    *ret = json_new_object();
    json_put_text(*ret, "case", row.alias);
    json_put_int(*ret, "consents", ending.consents);
    json_put_int(*ret, "letters", ending.letters);
    return STATUS_OK;
}
