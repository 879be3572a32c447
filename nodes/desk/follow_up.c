/* SPDX-License-Identifier: Apache-2.0
 * How are the people whom this member served, 30, 90 and 180 days after? The days count from when the service began; where
 * nobody said that, from when it was given.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum {
    DUE_MAX = 500,
    ROWS_MAX = 20000
}; /* so that an answer fits what its readers take, and a turn ends */

static const int64_t DAYS[FOLLOW_UP_COUNT] = {
    [FOLLOW_UP_30] = 30, [FOLLOW_UP_90] = 90, [FOLLOW_UP_180] = 180};

/* What is known of one referral. */
struct after {
    int64_t since; /* a day; 0: nobody was served yet */
    bool done[FOLLOW_UP_COUNT];
};

static enum status look(
    struct desk *desk, const struct referral_row *row, struct after *ret)
{
    struct after after = {0};
    struct decision_row said = {0};
    enum status status;

    while ((status = decisions_next(desk->decisions, row->id, said.id, &said)) ==
           STATUS_OK) {
        bool serves = said.move == MOVE_IN_SERVICE || said.move == MOVE_COMPLETED;

        if (!said.applied)
            continue;
        if (serves && after.since == 0)
            after.since = said.at_ms / DAY_MS;
        if (said.move == MOVE_FOLLOWED_UP)
            after.done[said.follow_up] = true;
    }
    if (status == STATUS_NOT_FOUND)
        *ret = after;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The longest that is due and not done, when nothing longer was done; 0: none. */
static enum follow_up find_due(const struct after *after, int64_t today)
{
    if (after->since == 0)
        return (enum follow_up)0;
    for (int i = FOLLOW_UP_COUNT - 1; i >= 1; i--) {
        if (after->done[i])
            break;
        if (today - after->since >= DAYS[i])
            return (enum follow_up)i;
    }
    return (enum follow_up)0;
}

static bool may_follow(const struct referral_row *row)
{
    enum progress to;

    return !row->sent && !row->late && !row->damaged && !row->purged &&
           progress_move(row->progress, MOVE_FOLLOWED_UP, ACTOR_RECIPIENT, &to) ==
               STATUS_OK;
}

enum status use_follow_up(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct answer answer = {.decision = DECISION_FOLLOWED_UP};
    struct referral_row row;
    struct after after = {0};
    int result = 0, chosen = 0;
    enum status status = desk_need_word(verb, request, "result", &result, problem);

    if (status == STATUS_OK && json_find(request, "after"))
        status = desk_need_word(verb, request, "after", &chosen, problem);
    if (status == STATUS_OK)
        status = item_find(desk, request, &row, problem);
    if (status == STATUS_OK)
        status = look(desk, &row, &after);
    answer.result = (enum follow_result)result;
    answer.follow_up =
        chosen ? (enum follow_up)chosen : find_due(&after, desk_today(desk));
    if (status == STATUS_OK && may_follow(&row) && answer.follow_up == 0) {
        problem_say(problem, 409, "not-due",
            "No follow-up of %s is due yet. Nothing was changed. \"amaan follow-ups\" "
            "lists what is due; --after 30, 90 or 180 says one that was made early.",
            row.referral.reference);
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK)
        status = decide_answer(desk, &row, &answer, problem);
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}

/* Reference, whose, and since when: no more is needed to find the person's case. */
static enum status add_due(
    struct desk *desk, const struct referral_row *row, struct json *list)
{
    char memory[IDENT_TEXT_BYTES];
    struct after after = {0};
    enum status status = look(desk, row, &after);
    enum follow_up due = find_due(&after, desk_today(desk));

    if (status != STATUS_OK || due == 0)
        return status;
    struct json *one = json_new_object();
    json_put_text(one, "reference", row->referral.reference);
    json_put_text(one, "peer", item_member_name(desk, &row->peer, memory));
    json_put_text(one, "service", service_name(row->referral.service));
    json_put_text(one, "state", progress_name(row->progress));
    json_put_text(one, "after", follow_up_name(due));
    item_put_day(one, "due", after.since + DAYS[due]);
    json_add(list, &one);
    return STATUS_OK;
}

enum status use_follow_ups(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object(), *list = json_new_list();
    struct referral_row row = {.id = INT64_MAX};
    enum status status = STATUS_OK;
    bool more = false;

    (void)verb, (void)request, (void)problem;
    for (int seen = 0; status == STATUS_OK && !more; seen++) {
        arena_reset(desk->arena);
        status = referrals_next(desk->referrals, false, false, row.id, desk->arena, &row);
        more = status == STATUS_OK && (seen == ROWS_MAX || json_count(list) == DUE_MAX);
        if (status == STATUS_OK && !more && may_follow(&row))
            status = add_due(desk, &row, list);
    }
    json_give(json, "items", &list);
    json_put_flag(json, "more", more);
    if (status == STATUS_NOT_FOUND) {
        *ret = json;
        return STATUS_OK;
    }
    json_destroy(&json);
    return status;
}
