/* SPDX-License-Identifier: Apache-2.0
 * Lists walk down the row ids, the newest first; `next` is the last id given when there may be more. How many came
 * too late is others' choice: the newest LATE_MAX are listed, so that an answer fits what its readers take.
 */
#include "inside.h"
#include "memory.h"

enum { LIST_MAX = 1000, LATE_MAX = 100 };

/* Fills a list; *ret_last is the id of the last one, 0 when there are no more. */
static enum status fill(struct desk *desk, bool sent, bool late, int64_t before,
    int64_t limit, struct json *list, int64_t *ret_last)
{
    struct referral_row row;
    enum status status = STATUS_OK;
    int64_t n = 0;

    while (n < limit) {
        struct json *item = NULL;

        arena_reset(desk->arena);
        status = referrals_next(desk->referrals, sent, late, before, desk->arena, &row);
        if (status == STATUS_OK)
            status = item_format(desk, &row, false, &item);
        if (status != STATUS_OK)
            break;
        json_add(list, &item);
        before = row.id;
        n++;
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *ret_last = status == STATUS_OK ? before : 0;
    return STATUS_OK;
}

static enum status make_list(struct desk *desk, bool sent, const struct json *request,
    struct json **ret, struct problem *problem)
{
    struct trouble trouble = {""};
    int64_t limit = LIST_MAX, before = INT64_MAX, next = 0, rest = 0;
    struct json *answer, *items, *late;
    enum status status = json_may_int(request, "limit", 1, LIST_MAX, &limit, &trouble);

    if (status == STATUS_OK)
        status = json_may_int(request, "before", 1, JSON_SAFE_INT, &before, &trouble);
    if (status != STATUS_OK) /* a number out of range is no body too big */
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    answer = json_new_object();
    items = json_new_list();
    late = json_new_list();
    status = fill(desk, sent, false, before, limit, items, &next);
    if (status == STATUS_OK && !sent && before == INT64_MAX)
        status = fill(desk, sent, true, before, LATE_MAX, late, &rest);
    json_give(answer, "items", &items);
    json_give(answer, "late", &late);
    json_put_int(answer, "next", next);
    if (status != STATUS_OK) {
        json_destroy(&answer);
        return status;
    }
    *ret = answer;
    return STATUS_OK;
}

enum status use_inbox(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return make_list(desk, false, request, ret, problem);
}

enum status use_sent(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return make_list(desk, true, request, ret, problem);
}
