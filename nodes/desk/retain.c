/* SPDX-License-Identifier: Apache-2.0
 * What was kept long enough is destroyed (docs/CARE.md 17, DP15): once a day everything is looked at, a slice in a turn:
 * the content of referrals, closed cases, forms that nobody ended, rows of arrivals, the record of who looked. What
 * a slice destroyed is counted in that record, as done by nobody.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

enum {
    RETAIN_AT_ONCE = 200, /* rows a turn: some 5 ms */
    ERASE_COSTS = 20      /* rows: what erasing a whole case takes */
};

/* The four lists of referrals first: received and sent, in time and late. */
enum stage {
    STAGE_REFERRALS,
    STAGE_CASES = 4,
    STAGE_FORMS,
    STAGE_ARRIVALS,
    STAGE_AUDIT,
    STAGE_COUNT
};

struct slice {
    struct two_days now;
    int64_t left, destroyed;
};

/* --- referrals ---------------------------------------------------------------------------------------------- */

static bool has_lapsed(enum letter_state state)
{
    return state == LETTER_STATE_EXPIRED || state == LETTER_STATE_WITHDRAWN ||
           state == LETTER_STATE_UNDELIVERABLE || state == LETTER_STATE_INVALID ||
           state == LETTER_STATE_LATE;
}

enum retained retain_classify(
    struct desk *desk, const struct referral_row *row, int64_t *ret_since)
{
    struct post_letter letter;
    struct again_row again;

    *ret_since = row->changed_day;
    if (row->late) {
        *ret_since = row->day;
        return RETAINED_LATE;
    }
    switch (row->progress) {
    case PROGRESS_COMPLETED:
    case PROGRESS_FAILED: /* somebody was served, if not to the end */
        return RETAINED_COMPLETED;
    case PROGRESS_DECLINED:
    case PROGRESS_REDIRECTED:
    case PROGRESS_CANCELLED:
    case PROGRESS_ENTERED_IN_ERROR:
        return RETAINED_DECLINED;
    default:
        break;
    }
    /* Somebody has it who opened it, or it was sent again: it is open, whatever became of the first letter. */
    if (!row->sent || row->progress != PROGRESS_REQUESTED ||
        agains_next(desk->agains, row->id, 0, &again) != STATUS_NOT_FOUND ||
        post_letter(desk->options.post, &row->item_id, &letter) != STATUS_OK ||
        !has_lapsed(letter.state))
        return (enum retained)0;
    *ret_since = letter.changed_ms / DAY_MS;
    return RETAINED_LAPSED;
}

bool retain_says_something(const struct referral *referral)
{
    const struct person *person = &referral->person;

    return *referral->note || *referral->sender_role || person->n_languages > 0 ||
           person->age_band != AGE_UNKNOWN || person->minor != MINOR_UNKNOWN ||
           person->gender != GENDER_UNSTATED ||
           person_groups(person) != GROUP_BIT(GROUP_CORE);
}

static enum status judge_referral(
    struct desk *desk, const struct referral_row *row, struct slice *slice)
{
    int64_t since;
    enum retained what;

    if (row->damaged || row->purged || !retain_says_something(&row->referral))
        return STATUS_OK;
    what = retain_classify(desk, row, &since);
    if (what == 0 || !retention_is_over(&desk->retention, what, since, slice->now))
        return STATUS_OK;
    enum status status = referrals_clear(desk->referrals, row->id);
    slice->destroyed++;
    return status == STATUS_OK
               ? update_blank_replies(desk, row->referral.reference, "expired")
               : status;
}

/* One row of the list of that number, the newest first. NOT_FOUND at its end. */
static enum status look_at_referral(struct desk *desk, int list, struct slice *slice)
{
    struct referral_row row;

    if (desk->retain_cursor == 0)
        desk->retain_cursor = INT64_MAX;
    enum status status = referrals_next(desk->referrals, list & 1, (list & 2) != 0,
        desk->retain_cursor, desk->arena, &row);
    slice->left--;
    if (status != STATUS_OK)
        return status;
    desk->retain_cursor = row.id;
    return judge_referral(desk, &row, slice);
}

/* --- cases -------------------------------------------------------------------------------------------------- */

/* A damaged one cannot be answered any more and keeps nothing. */
static enum status referral_is_open(
    struct desk *desk, int64_t referral, struct arena *arena, bool *ret)
{
    struct referral_row row;
    struct ident peer;
    bool sent = false;
    int64_t since;
    enum status status = referrals_peer(desk->referrals, referral, &peer, &sent);

    if (status == STATUS_OK)
        status = referrals_next(desk->referrals, sent, false, referral + 1, arena, &row);
    if (status == STATUS_OK && row.id == referral && !row.damaged && !row.purged)
        *ret = retain_classify(desk, &row, &since) == 0;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status; /* among the late ones */
}

static enum status has_open_referral(
    struct desk *desk, const struct ident *ident, bool *ret)
{
    struct arena *arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    int64_t referral = 0;
    enum status status = STATUS_OK;

    *ret = false;
    while (status == STATUS_OK && !*ret) {
        status = casebook_next_tie(desk->casebook, ident, referral, &referral);
        arena_reset(arena);
        if (status == STATUS_OK)
            status = referral_is_open(desk, referral, arena, ret);
    }
    arena_destroy(&arena);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The next case; NOT_FOUND at the end. When a damaged one was closed is not known: it is erased by hand. */
static enum status look_at_case(struct desk *desk, struct slice *slice)
{
    struct case_row row;
    bool open = false;
    enum status status =
        casebook_next(desk->casebook, desk->retain_cursor, desk->arena, &row);

    slice->left--;
    if (status == STATUS_LOCKED && desk->casebook_lost)
        return STATUS_NOT_FOUND; /* its key is gone: there is nothing to look at */
    if (status != STATUS_OK)
        return status;
    desk->retain_cursor = row.id;
    if (row.damaged || row.closed_day == 0 ||
        !retention_is_over(
            &desk->retention, RETAINED_CASE_CLOSED, row.closed_day, slice->now))
        return STATUS_OK;
    status = has_open_referral(desk, &row.ident, &open);
    if (status != STATUS_OK || open)
        return status;
    slice->left -= ERASE_COSTS;
    slice->destroyed++;
    return case_destroy(desk, &row.ident, row.alias, false);
}

/* --- what needs only its day ---------------------------------------------------------------------------------- */

/* Rows of a list stay until their month was counted: in a month of 31 days the first ones would be gone by then. */
static enum status expire_arrivals(struct desk *desk, int64_t day, int max, int64_t *ret)
{
    int64_t needed = 0;
    enum status status = statistics_first_day(desk, &needed);

    return status == STATUS_OK
               ? tasks_expire(desk->tasks, day < needed ? day : needed - 1, max, ret)
               : status;
}

/* As many as fit into the slice; NOT_FOUND when there are no more. */
static enum status expire_rows(struct desk *desk, enum stage stage, struct slice *slice)
{
    static const enum retained CLASSES[STAGE_COUNT] = {
        [STAGE_FORMS] = RETAINED_SCREENING_UNFINISHED,
        [STAGE_ARRIVALS] = RETAINED_ARRIVALS,
        [STAGE_AUDIT] = RETAINED_AUDIT};
    int64_t day = retention_horizon(&desk->retention, CLASSES[stage], slice->now);
    int64_t last_hour = (day + 1) * (DAY_MS / HOUR_MS) - 1;
    int64_t n = 0, asked = slice->left;
    enum status status;

    if (stage == STAGE_FORMS)
        status = sheets_expire(desk->sheets, last_hour, (int)asked, &n);
    else if (stage == STAGE_ARRIVALS)
        status = expire_arrivals(desk, day, (int)asked, &n);
    else
        status = audit_expire(desk->audit, last_hour, (int)asked, &n);
    slice->left -= n;
    slice->destroyed += n;
    return status == STATUS_OK && n < asked ? STATUS_NOT_FOUND : status;
}

/* --- the daily look ------------------------------------------------------------------------------------------- */

bool retain_is_due(const struct desk *desk)
{
    return !post_is_locked(desk->options.post) && desk->retained_day != desk_today(desk);
}

static enum status record(struct desk *desk, enum stage stage, int64_t n)
{
    static const char *const WORDS[STAGE_COUNT] = {"expired-referral", "expired-referral",
        "expired-referral", "expired-referral", "expired-case", "expired-form",
        "expired-arrival", "expired-record"};
    struct audit_entry entry = {.hour = desk_now_ms(desk) / HOUR_MS, .times = n};

    if (n == 0)
        return STATUS_OK;
    memcpy(entry.verb, WORDS[stage], strlen(WORDS[stage]));
    log_event(LOG_INFO, "kept-long-enough", "n=%lld", (long long)n);
    return audit_put(desk->audit, &entry, false);
}

/* What is left of the slice goes on with this stage; NOT_FOUND when that is done. */
static enum status go_on(struct desk *desk, enum stage stage, struct slice *slice)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && slice->left > 0) {
        arena_reset(desk->arena);
        if (stage < STAGE_CASES)
            status = look_at_referral(desk, (int)stage, slice);
        else if (stage == STAGE_CASES)
            status = look_at_case(desk, slice);
        else
            status = expire_rows(desk, stage, slice);
    }
    arena_reset(desk->arena);
    return status;
}

enum status retain_work(struct desk *desk, struct two_days now, bool *ret_more)
{
    struct slice slice = {.now = now, .left = RETAIN_AT_ONCE};
    enum status status = STATUS_OK;

    if (!retain_is_due(desk))
        return STATUS_OK;
    while (status == STATUS_OK && slice.left > 0 && desk->retain_stage < STAGE_COUNT) {
        enum stage stage = (enum stage)desk->retain_stage;

        slice.destroyed = 0;
        status = go_on(desk, stage, &slice);
        if (status == STATUS_NOT_FOUND) {
            desk->retain_stage++;
            desk->retain_cursor = 0;
            status = STATUS_OK;
        }
        if (status == STATUS_OK)
            status = record(desk, stage, slice.destroyed);
    }
    if (status != STATUS_OK)
        return status;
    if (desk->retain_stage < STAGE_COUNT) {
        *ret_more = true;
        return STATUS_OK;
    }
    desk->retain_stage = 0;
    desk->retained_day = desk_today(desk);
    return STATUS_OK;
}
