/* SPDX-License-Identifier: Apache-2.0
 * The sheet that is handed over at the end of a shift (docs/CARE.md 15): what is open and by when. References, codes, days and
 * numbers only; whatever else stands in a row is not even looked at here.
 */
#include "inside.h"
#include "memory.h"

enum { SHIFT_LISTED_MAX = 200, CHECK_WORD_BYTES = 4 };

/* Takes the row unless the list is full. */
static bool take(struct json *list, struct json **one, bool *more)
{
    if (json_count(list) < SHIFT_LISTED_MAX) {
        json_add(list, one);
        return true;
    }
    json_destroy(one);
    *more = true;
    return false;
}

/* --- referrals ------------------------------------------------------------------------------------------------ */

static struct json *format_referral(const struct referral_row *row)
{
    struct json *one = json_new_object();

    json_put_text(one, "reference", row->damaged ? "?" : row->referral.reference);
    json_put_text(one, "answer_from", row->sent ? "there" : "here");
    item_put_day(one, "since", row->day);
    if (row->damaged)
        return one;
    json_put_text(one, "state", progress_name(row->progress));
    json_put_text(one, "priority", priority_name(row->referral.priority));
    if (row->referral.needed_by_ms != 0)
        item_put_day(one, "by", row->referral.needed_by_ms / DAY_MS);
    return one;
}

static enum status put_side(
    struct desk *desk, bool sent, struct json *list, int64_t *ret_n, bool *more)
{
    struct referral_row row = {0};
    bool room = true;
    int64_t since;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && room) {
        arena_reset(desk->arena);
        status =
            referrals_next_undecided(desk->referrals, sent, row.id, desk->arena, &row);
        if (status != STATUS_OK || row.purged || retain_classify(desk, &row, &since) != 0)
            continue;
        struct json *one = format_referral(&row);
        room = take(list, &one, more);
        *ret_n += room;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status put_referrals(struct desk *desk, struct json *json, bool *more)
{
    struct json *list = json_new_list();
    int64_t here = 0, there = 0;
    enum status status = put_side(desk, false, list, &here, more);

    if (status == STATUS_OK)
        status = put_side(desk, true, list, &there, more);
    json_give(json, "referrals", &list);
    json_put_int(json, "to_answer", here);
    json_put_int(json, "awaited", there);
    return status;
}

/* --- forms, arrivals, overrides ---------------------------------------------------------------------------------- */

/* A form that cannot be read any more is listed all the same. */
static enum status put_forms(struct desk *desk, struct json *json, bool *more)
{
    struct json *list = json_new_list();
    struct sheet_row row = {0};
    bool room = true;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && room) {
        arena_reset(desk->arena);
        status = sheets_next_unconfirmed(desk->sheets, row.id, &row);
        if (status != STATUS_OK)
            break;
        struct json *one = json_new_object();
        status = screening_put_open(desk, &row, one);
        if (status == STATUS_CORRUPT || status == STATUS_NOT_FOUND) {
            json_put_text(one, "case", "?");
            status = STATUS_OK;
        }
        json_put_time(one, "since", row.begun_hour * HOUR_MS);
        json_put_time(one, "last_answer", row.changed_hour * HOUR_MS);
        room = take(list, &one, more);
    }
    json_give(json, "forms", &list);
    return status == STATUS_NOT_FOUND || status == STATUS_LOCKED ? STATUS_OK : status;
}

static enum status put_tasks(struct desk *desk, struct json *json)
{
    struct task_cursor cursor = {0};
    struct task_row row;
    int64_t waiting = 0, taken = 0, first_day = 0;
    enum status status;

    while ((status = tasks_next(desk->tasks, false, &cursor, &row)) == STATUS_OK) {
        if (waiting + taken == 0)
            first_day = row.arrival.day;
        taken += row.state == TASK_TAKEN;
        waiting += row.state == TASK_WAITING;
    }
    json_put_int(json, "arrivals_waiting", waiting);
    json_put_int(json, "arrivals_taken", taken);
    if (first_day != 0)
        item_put_day(json, "arrivals_since", first_day);
    return status == STATUS_NOT_FOUND || status == STATUS_LOCKED ? STATUS_OK : status;
}

static enum status put_acts(struct desk *desk, struct json *json, bool *more)
{
    struct json *list = json_new_list();
    struct act act = {.id = INT64_MAX};
    bool room = true;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && room) {
        status = acts_next(desk->acts, true, act.id, &act);
        if (status != STATUS_OK)
            break;
        struct json *one = json_new_object();
        json_put_text(one, "reference", act.damaged ? "?" : act.reference);
        json_put_text(one, "done", act.mine ? "here" : "there");
        if (!act.damaged)
            item_put_day(one, "since", act.day);
        room = take(list, &one, more);
    }
    json_give(json, "acts", &list);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- letters and the record ------------------------------------------------------------------------------------- */

static enum status put_letters(struct desk *desk, struct json *json)
{
    struct post_status post;
    enum status status = post_status(desk->options.post, &post);

    if (status != STATUS_OK)
        return status;
    json_put_int(json, "unopened", post.raw);
    json_put_int(json, "express", post.raw_express);
    json_put_int(json, "aside", post.parked + post.quarantined);
    json_put_int(json, "no_receipt",
        post.drafts + post.sealed_waiting + post.held + post.unconfirmed);
    json_put_int(json, "alarms", post.alarms);
    if (post.prekeys_until_ms != 0)
        json_put_time(json, "sealed_until", post.prekeys_until_ms);
    return STATUS_OK;
}

static enum status put_record(struct desk *desk, struct json *json)
{
    struct json *record = json_new_object();
    struct hash head;
    int64_t rows = 0, bad = 0;
    enum status status = audit_verify(desk->audit, &rows, &bad, &head);

    if (status == STATUS_OK || (status == STATUS_CORRUPT && bad != 0)) {
        json_put_flag(record, "holds", status == STATUS_OK);
        json_put_int(record, "rows", rows);
        json_put_int(record, "first_bad", bad);
        if (status == STATUS_OK)
            json_put_hex(record, "check_word", head.bytes, CHECK_WORD_BYTES);
        json_give(json, "record", &record);
        status = STATUS_OK;
    }
    json_destroy(&record);
    return status;
}

enum status use_shift(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object();
    bool more = false;
    enum status status = put_referrals(desk, json, &more);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK)
        status = put_forms(desk, json, &more);
    if (status == STATUS_OK)
        status = put_tasks(desk, json);
    if (status == STATUS_OK)
        status = put_acts(desk, json, &more);
    if (status == STATUS_OK)
        status = put_letters(desk, json);
    if (status == STATUS_OK)
        status = put_record(desk, json);
    json_put_time(json, "at", desk_now_ms(desk));
    json_put_flag(json, "more", more);
    if (status == STATUS_OK)
        *ret = json;
    else
        json_destroy(&json);
    return status;
}
