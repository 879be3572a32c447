/* SPDX-License-Identifier: Apache-2.0
 * A word about room is kept here and goes, one letter each, to those who may need it: the coordinators first, then
 * members whose referrals are kept here, then others that refer, TOLD_MAX in all. Telling a thousand desks of each bed
 * would cost more than it helps: whoever was not told asks, or asks its coordinator.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"
#include "roles.h"

enum {
    TOLD_MAX = 64,
    LOOKED_AT_MAX = 500, /* received referrals: newest first, some weeks' worth */
    GOOD_HOURS = 24,
    GOOD_HOURS_MAX = CAPACITY_GOOD_DAYS_MAX * 24
};

/* A word of tomorrow is a clock that is wrong: it would count as good for ever. */
static const int64_t AHEAD_MAX_MS = DAY_MS;

struct audience {
    size_t n;
    struct ident list[TOLD_MAX];
};

static void add_once(
    const struct desk *desk, const struct ident *member, struct audience *told)
{
    const struct trust *trust = desk->options.trust;

    if (told->n == TOLD_MAX || ident_equal(member, &desk->options.node_id) ||
        trust_standing(trust, trust_find_node(trust, member), desk_now_ms(desk)) !=
            STANDING_ACTIVE)
        return;
    for (size_t i = 0; i < told->n; i++)
        if (ident_equal(&told->list[i], member))
            return;
    told->list[told->n++] = *member;
}

static void add_with_area(const struct desk *desk, enum area area, struct audience *told)
{
    for (size_t i = 0; i < directory_count(desk->directory); i++) {
        const struct profile *profile = directory_nth(desk->directory, i);

        if (roles_may_receive(profile->roles, LETTER_CAPACITY) &&
            (roles_areas(profile->roles) & area))
            add_once(desk, &profile->node_id, told);
    }
}

static enum status add_referrers(struct desk *desk, struct audience *told)
{
    struct referral_row row = {.id = INT64_MAX};
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK && i < LOOKED_AT_MAX; i++) {
        arena_reset(desk->arena);
        status = referrals_next(desk->referrals, false, false, row.id, desk->arena, &row);
        if (status == STATUS_OK)
            add_once(desk, &row.peer, told);
    }
    arena_reset(desk->arena);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status tell(
    struct desk *desk, const struct capacity *capacity, size_t *ret_told)
{
    struct audience *told = memory_new(sizeof(*told));
    struct buffer body;

    buffer_init(&body, CAPACITY_BYTES_MAX);
    add_with_area(desk, AREA_FOLLOW, told);
    enum status status = add_referrers(desk, told);
    add_with_area(desk, AREA_REFER, told);
    if (status == STATUS_OK)
        status = capacity_encode(capacity, &body);
    for (size_t i = 0; status == STATUS_OK && i < told->n; i++) {
        struct post_letter_new letter = {.recipient = told->list[i],
            .kind = LETTER_CAPACITY,
            .lane = LANE_NORMAL,
            .item_id = ident_new(desk->options.chance),
            .body = buffer_span(&body)};

        status = post_send(desk->options.post, &letter);
    }
    *ret_told = told->n;
    buffer_release(&body);
    memory_free(told);
    return status;
}

static enum status read_words(const struct verb *verb, const struct json *request,
    struct capacity *capacity, struct problem *problem)
{
    int unit, told;
    enum status status = desk_need_word(verb, request, "unit", &unit, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "status", &told, problem);
    if (status == STATUS_OK) {
        capacity->unit = (enum unit)unit;
        capacity->status = (enum capacity_status)told;
    }
    return status;
}

static enum status read_capacity(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct capacity *ret, struct problem *problem)
{
    int64_t maximum = 0, available = 0, hours = GOOD_HOURS;
    struct trouble trouble = {""};
    struct capacity capacity = {.updated_ms = desk_now_ms(desk) / HOUR_MS * HOUR_MS};
    enum status status = read_words(verb, request, &capacity, problem);

    if (status != STATUS_OK)
        return status;
    status = json_need_int(request, "maximum", 1, CAPACITY_MAXIMUM, &maximum, &trouble);
    if (status == STATUS_OK)
        status = json_may_int(request, "available", 0, maximum, &available, &trouble);
    if (status == STATUS_OK)
        status = json_may_int(request, "hours", 1, GOOD_HOURS_MAX, &hours, &trouble);
    if (status == STATUS_OK &&
        ((capacity.status == CAPACITY_OPEN && available == 0) ||
            ((capacity.status == CAPACITY_WAITLIST || capacity.status == CAPACITY_FULL) &&
                available > 0))) {
        trouble_say(&trouble,
            "field \"available\" is above 0 when the status is \"open\", "
            "and 0 when it is \"waitlist\" or \"full\"");
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK)
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    capacity.maximum = (uint32_t)maximum;
    capacity.available = (uint32_t)available;
    capacity.good_until_ms = capacity.updated_ms + hours * HOUR_MS;
    *ret = capacity;
    return STATUS_OK;
}

struct json *capacity_format(const struct desk *desk, const struct capacity *capacity)
{
    struct json *json = json_new_object();

    json_put_text(json, "unit", unit_name(capacity->unit));
    json_put_text(json, "status", capacity_status_name(capacity->status));
    json_put_int(json, "maximum", capacity->maximum);
    json_put_int(json, "available", capacity->available);
    json_put_time(json, "updated_at", capacity->updated_ms);
    json_put_time(json, "good_until", capacity->good_until_ms);
    json_put_flag(
        json, "stale", !capacity_is_good(capacity, post_time_ms(desk->options.post)));
    return json;
}

enum status use_capacity_set(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct capacity_row row = {
        .member = desk->options.node_id, .written_ms = desk_now_ms(desk)};
    size_t told = 0;
    enum status status = read_capacity(desk, verb, request, &row.capacity, problem);

    if (status == STATUS_OK && !roles_may_send(desk_roles(desk), LETTER_CAPACITY)) {
        problem_say(problem, 403, "role-lacks-verb",
            "A member with this role has no room to tell of. Nothing was changed.");
        return STATUS_DENIED;
    }
    if (status == STATUS_OK)
        status = capacities_put(desk->capacities, &row);
    if (status == STATUS_EXISTS) {
        problem_say(problem, 409, "told-later",
            "A later word about this unit is kept already: this machine's clock went "
            "back. Nothing was changed and nothing was sent. Set the clock, or wait.");
        return status;
    }
    if (status == STATUS_OK)
        status = tell(desk, &row.capacity, &told);
    if (status != STATUS_OK)
        return status;
    *ret = capacity_format(desk, &row.capacity);
    json_put_int(*ret, "told", (int64_t)told);
    return STATUS_OK;
}

enum status capacity_apply(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct capacity_row row = {.member = letter->peer, .written_ms = letter->created_ms};
    enum status status;

    if (!roles_may_receive(desk_roles(desk), LETTER_CAPACITY)) {
        *ret_code = RECEIPT_CODE_ROLE;
        return STATUS_OK;
    }
    if (capacity_decode(desk->arena, letter->body, &row.capacity) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    if (letter->late ||
        row.capacity.updated_ms > post_time_ms(desk->options.post) + AHEAD_MAX_MS) {
        log_event(LOG_WARNING, "capacity-not-applied", "reason=%s",
            letter->late ? "late" : "ahead-of-time");
        return STATUS_OK;
    }
    status = capacities_put(desk->capacities, &row);
    return status == STATUS_EXISTS ? STATUS_OK : status;
}

enum status capacity_list(struct desk *desk, struct capacity_list *ret)
{
    struct capacity_row row;
    struct capacity_list list = {0};
    enum status status = capacities_next(desk->capacities, NULL, &row);

    while (status == STATUS_OK) {
        if (list.n == list.size) {
            size_t size = list.size ? 2 * list.size : 64;
            struct capacity_row *rows = memory_new_array(size, sizeof(*rows));

            if (list.n > 0)
                memcpy(rows, list.rows, list.n * sizeof(*rows));
            memory_free(list.rows);
            list.rows = rows;
            list.size = size;
        }
        list.rows[list.n++] = row;
        status = capacities_next(desk->capacities, &row, &row);
    }
    if (status != STATUS_NOT_FOUND) {
        memory_free(list.rows);
        return status;
    }
    *ret = list;
    return STATUS_OK;
}

void capacity_list_release(struct capacity_list *list)
{
    memory_free(list->rows);
    *list = (struct capacity_list){0};
}

size_t capacity_list_find(const struct capacity_list *list, const struct ident *member,
    struct capacity ret[static UNIT_COUNT])
{
    size_t low = 0, high = list->n, n = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (ident_compare(&list->rows[middle].member, member) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (
        low < list->n && n < UNIT_COUNT && ident_equal(&list->rows[low].member, member))
        ret[n++] = list->rows[low++].capacity;
    return n;
}
