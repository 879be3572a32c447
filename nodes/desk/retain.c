/* SPDX-License-Identifier: Apache-2.0
 * Content that was kept long enough is destroyed (docs/CARE.md 17, DP15): once a day all referrals are looked at, some
 * in a turn, the newest first. Reference, service, priority and what was decided stay.
 */
#include "inside.h"
#include "memory.h"

enum { RETAIN_AT_ONCE = 200 /* rows a turn: some 5 ms */ };

static bool has_lapsed(enum letter_state state)
{
    return state == LETTER_STATE_EXPIRED || state == LETTER_STATE_WITHDRAWN ||
           state == LETTER_STATE_UNDELIVERABLE || state == LETTER_STATE_INVALID ||
           state == LETTER_STATE_LATE;
}

/* Which class is the row in, and since which day? 0: none, it is kept. */
static enum retained classify(
    struct desk *desk, const struct referral_row *row, int64_t *ret_since)
{
    struct post_letter letter;

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
    if (!row->sent ||
        post_letter(desk->options.post, &row->item_id, &letter) != STATUS_OK ||
        !has_lapsed(letter.state))
        return (enum retained)0;
    *ret_since = letter.changed_ms / DAY_MS;
    return RETAINED_LAPSED;
}

static bool says_something(const struct referral *referral)
{
    const struct person *person = &referral->person;

    return *referral->note || *referral->sender_role || person->n_languages > 0 ||
           person->age_band != AGE_UNKNOWN || person->minor != MINOR_UNKNOWN ||
           person->gender != GENDER_UNSTATED ||
           person_groups(person) != GROUP_BIT(GROUP_CORE);
}

static enum status judge(
    struct desk *desk, const struct referral_row *row, struct two_days now)
{
    int64_t since;
    enum retained what;

    if (row->damaged || row->purged || !says_something(&row->referral))
        return STATUS_OK;
    what = classify(desk, row, &since);
    if (what == 0 || !retention_is_over(&desk->retention, what, since, now))
        return STATUS_OK;
    enum status status = referrals_clear(desk->referrals, row->id);
    return status == STATUS_OK
               ? update_blank_replies(desk, row->referral.reference, "expired")
               : status;
}

bool retain_is_due(const struct desk *desk)
{
    return !post_is_locked(desk->options.post) && desk->retained_day != desk_today(desk);
}

/* The four lists one after the other: received and sent, in time and late. */
enum status retain_work(struct desk *desk, struct two_days now, bool *ret_more)
{
    int left = RETAIN_AT_ONCE;

    if (!retain_is_due(desk))
        return STATUS_OK;
    while (desk->retain_list < RETAIN_LISTS && left-- > 0) {
        struct referral_row row;

        arena_reset(desk->arena);
        if (desk->retain_before == 0)
            desk->retain_before = INT64_MAX;
        enum status status = referrals_next(desk->referrals, desk->retain_list & 1,
            (desk->retain_list & 2) != 0, desk->retain_before, desk->arena, &row);
        if (status == STATUS_NOT_FOUND) {
            desk->retain_list++;
            desk->retain_before = 0;
            continue;
        }
        if (status == STATUS_OK) {
            desk->retain_before = row.id;
            status = judge(desk, &row, now);
        }
        if (status != STATUS_OK)
            return status;
    }
    arena_reset(desk->arena);
    if (desk->retain_list < RETAIN_LISTS) {
        *ret_more = true;
        return STATUS_OK;
    }
    desk->retain_list = 0;
    desk->retained_day = desk_today(desk);
    return STATUS_OK;
}
