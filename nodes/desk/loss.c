/* SPDX-License-Identifier: Apache-2.0
 * After a loss of records (docs/CARE.md 18): what this node lost and others hold, what others lost and this node
 * can send again.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { UNKNOWN_MAX = 1000, LOSSES_MAX = 64, REFERRALS_MAX = 500, ROWS_MAX = 20000 };

static bool is_open(const struct referral_row *row)
{
    return !row->damaged && !progress_is_over(row->progress);
}

/* --- losses --------------------------------------------------------------------------------------------- */

static enum status put_unknown(struct desk *desk, struct json *json)
{
    struct post_unknown *rows = memory_new_array(UNKNOWN_MAX, sizeof(*rows));
    struct json *list = json_new_list();
    char memory[IDENT_TEXT_BYTES];
    size_t n = 0;
    enum status status = post_unknowns(desk->options.post, 0, rows, UNKNOWN_MAX, &n);

    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        struct json *one = json_new_object();

        json_put_text(one, "member", item_member_name(desk, &rows[i].peer, memory));
        json_put_text(one, "kind", letter_kind_name(rows[i].kind));
        json_put_int(one, "epoch", rows[i].chain_epoch);
        json_put_int(one, "number", (int64_t)rows[i].pair_seq);
        json_put_ident(one, "item", &rows[i].item_id);
        json_put_hex(one, "link", rows[i].link.bytes, HASH_BYTES);
        json_put_time(one, "told_at", rows[i].at_ms);
        json_add(list, &one);
    }
    json_give(json, "unknown", &list);
    memory_free(rows);
    return status;
}

static struct json *format_loss(const struct desk *desk, const struct post_loss *loss)
{
    struct json *one = json_new_object();
    char memory[IDENT_TEXT_BYTES];

    json_put_text(one, "member", item_member_name(desk, &loss->peer, memory));
    if (loss->lost_since_ms != 0)
        json_put_time(one, "lost_since", loss->lost_since_ms);
    json_put_time(one, "told_at", loss->told_ms);
    return one;
}

static bool is_of(
    const struct post_loss *losses, size_t n, const struct referral_row *row)
{
    for (size_t i = 0; i < n; i++)
        if (ident_equal(&losses[i].peer, &row->peer))
            return true;
    return false;
}

/* What was sent to those members and is not closed. */
static enum status put_open(
    struct desk *desk, const struct post_loss *losses, size_t n, struct json *json)
{
    struct json *list = json_new_list();
    struct referral_row row = {.id = INT64_MAX};
    enum status status = n > 0 ? STATUS_OK : STATUS_NOT_FOUND;
    bool more = false;

    for (int seen = 0; status == STATUS_OK && !more; seen++) {
        arena_reset(desk->arena);
        status = referrals_next(desk->referrals, true, false, row.id, desk->arena, &row);
        more = status == STATUS_OK &&
               (seen == ROWS_MAX || json_count(list) == REFERRALS_MAX);
        if (status == STATUS_OK && !more && is_open(&row) && is_of(losses, n, &row)) {
            struct json *one = NULL;

            status = item_format(desk, &row, false, &one);
            if (status == STATUS_OK)
                json_add(list, &one);
        }
    }
    json_give(json, "referrals", &list);
    json_put_flag(json, "more", more);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status use_losses(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct post_loss losses[LOSSES_MAX];
    struct json *json = json_new_object(), *list = json_new_list();
    size_t n = 0;
    enum status status = put_unknown(desk, json);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK)
        status = post_losses(desk->options.post, losses, LOSSES_MAX, &n);
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        struct json *one = format_loss(desk, &losses[i]);

        json_add(list, &one);
    }
    json_give(json, "members", &list);
    if (status == STATUS_OK)
        status = put_open(desk, losses, n, json);
    if (status == STATUS_OK)
        *ret = json;
    else
        json_destroy(&json);
    return status;
}

/* --- send again ----------------------------------------------------------------------------------------- */

enum status item_newest_letter(
    struct desk *desk, const struct referral_row *row, struct ident *ret)
{
    struct again_row again = {0};
    enum status status;

    *ret = row->item_id;
    while ((status = agains_next(desk->agains, row->id, again.id, &again)) == STATUS_OK)
        *ret = again.item_id;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* What was taken back, or destroyed here since, is not sent once more (DP06). */
static enum status check_content(
    struct desk *desk, const struct referral_row *row, struct problem *problem)
{
    struct box_key key;
    struct share share = {0};
    struct ident subject;
    enum status status = sharings_subject(desk->sharings, &row->item_id, &subject);

    if (status == STATUS_OK)
        status = refer_key_find(desk, &subject, &row->item_id, &key);
    if (status == STATUS_OK)
        status = sharings_find(desk->sharings, &key, &row->item_id, &share);
    memory_wipe(&key, sizeof(key));
    if (status == STATUS_OK && share.withdrawn_day == 0 && !row->purged)
        return STATUS_OK;
    if (status != STATUS_OK && status != STATUS_NOT_FOUND && status != STATUS_CORRUPT)
        return status;
    problem_say(problem, 409, "withdrawn",
        "The consent for this referral was withdrawn, or its case was erased: it is not "
        "sent again. Nothing was changed.");
    return STATUS_CONFLICT;
}

static enum status check_again(
    struct desk *desk, const struct referral_row *row, struct problem *problem)
{
    struct post_letter letter = {.state = LETTER_STATE_DRAFT};
    struct ident newest;

    if (!row->sent) {
        problem_say(problem, 409, "not-yours",
            "This referral was received, not sent: only its sender can send it again. "
            "Nothing was changed.");
        return STATUS_CONFLICT;
    }
    if (!is_open(row)) {
        problem_say(problem, 409, "closed",
            "The referral %s is %s: there is nothing to send again. Nothing was changed.",
            row->referral.reference, progress_name(row->progress));
        return STATUS_CONFLICT;
    }
    enum status status = check_content(desk, row, problem);
    if (status == STATUS_OK)
        status = item_newest_letter(desk, row, &newest);
    if (status == STATUS_OK)
        status = post_letter(desk->options.post, &newest, &letter);
    if (status == STATUS_OK &&
        (letter.state <= LETTER_STATE_HELD || letter.state == LETTER_STATE_BLOCKED)) {
        problem_say(problem, 409, "on-its-way",
            "The letter of referral %s is on its way (%s) and goes on by itself. Nothing "
            "was changed.",
            row->referral.reference, letter_state_name(letter.state));
        return STATUS_CONFLICT;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status send_again(
    struct desk *desk, const struct referral_row *row, struct problem *problem)
{
    struct again_row again = {.referral = row->id,
        .item_id = ident_new(desk->options.chance),
        .day = desk_today(desk)};
    struct buffer body;
    enum status status;

    buffer_init(&body, BODY_BYTES_MAX);
    status = referral_encode(&row->referral, &body);
    if (status == STATUS_OK) {
        struct post_letter_new letter = {.recipient = row->peer,
            .kind = LETTER_REFERRAL,
            .lane = desk_lane(row->referral.priority),
            .item_id = again.item_id,
            .body = buffer_span(&body)};

        status = post_send(desk->options.post, &letter);
    }
    if (status == STATUS_NOT_FOUND || status == STATUS_DENIED)
        problem_say(problem, 409, "member-revoked",
            "The member that was asked is no member any more. Nothing was changed. Refer "
            "the person to another.");
    if (status == STATUS_OK)
        status = agains_put(desk->agains, &again);
    if (status == STATUS_OK)
        status = watch_again(desk, row);
    buffer_release(&body);
    return status;
}

enum status use_send_again(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct referral_row row;
    enum status status = item_find(desk, request, &row, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = check_again(desk, &row, problem);
    if (status == STATUS_OK)
        status = send_again(desk, &row, problem);
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}
