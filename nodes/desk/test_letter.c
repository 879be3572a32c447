/* SPDX-License-Identifier: Apache-2.0
 * Test letters are nowhere but in the outbox: each has the name that member and day give it, so that it is found again
 * without a table of its own, and a second one of the day is the first.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"
#include "roles.h"

enum {
    SHOWN_DAYS = 7,
    SHOWN_MAX = 16 /* a page of them; each is looked up by its name */
};
static const char CONTEXT_TEST[16] = "amaan:test:v1";

static struct ident name_letter(
    const struct desk *desk, const struct ident *member, int64_t day)
{
    uint8_t number[8];
    struct writer writer = writer_over(number, sizeof(number));
    struct ident name;

    writer_u64(&writer, (uint64_t)day);
    const struct span parts[] = {span_of(CONTEXT_TEST, sizeof(CONTEXT_TEST)),
        span_of(desk->options.node_id.bytes, IDENT_BYTES),
        span_of(member->bytes, IDENT_BYTES), writer_span(&writer)};
    struct hash hash = hash_of_parts(parts, ARRAY_LENGTH(parts));
    memcpy(name.bytes, hash.bytes, IDENT_BYTES);
    return name;
}

static bool may_get_one(const struct desk *desk, const struct profile *profile)
{
    const struct trust *trust = desk->options.trust;

    return !ident_equal(&profile->node_id, &desk->options.node_id) &&
           roles_may_receive(profile->roles, LETTER_TEST) &&
           trust_standing(trust, trust_find_node(trust, &profile->node_id),
               desk_now_ms(desk)) == STANDING_ACTIVE;
}

/* The first coordinator, else the first member; NULL: there is nobody. */
static const struct profile *choose(const struct desk *desk)
{
    const struct profile *other = NULL;

    for (size_t i = 0; i < directory_count(desk->directory); i++) {
        const struct profile *profile = directory_nth(desk->directory, i);

        if (!may_get_one(desk, profile))
            continue;
        if (roles_areas(profile->roles) & AREA_FOLLOW)
            return profile;
        other = other ? other : profile;
    }
    return other;
}

/* The newest of the last days; NOT_FOUND. */
static enum status find_newest(
    const struct desk *desk, const struct ident *member, struct post_letter *ret)
{
    int64_t today = desk_today(desk);
    enum status status = STATUS_NOT_FOUND;

    for (int64_t day = today; status == STATUS_NOT_FOUND && day > today - SHOWN_DAYS;
         day--) {
        struct ident name = name_letter(desk, member, day);

        status = post_letter(desk->options.post, &name, ret);
    }
    return status;
}

static struct json *format(
    const struct profile *profile, const struct post_letter *letter)
{
    struct json *json = json_new_object();

    json_put_text(json, "peer", profile->name);
    json_put_text(json, "letter", letter_state_name(letter->state));
    if (*letter->reason)
        json_put_text(json, "reason", letter->reason);
    json_put_time(json, "at", letter->created_ms);
    json_put_time(json, "changed", letter->changed_ms);
    json_put_flag(json, "arrived",
        letter->state == LETTER_STATE_STORED || letter->state == LETTER_STATE_CONFIRMED);
    return json;
}

static const struct profile *read_to(
    const struct desk *desk, const struct json *request, struct problem *problem)
{
    const char *to = json_find_text(request, "to");
    const struct profile *profile =
        to ? directory_find_name(desk->directory, to) : choose(desk);

    if (profile && may_get_one(desk, profile))
        return profile;
    problem_say(problem, 409, "nobody-to-test",
        "There is no such member to whom a test letter can go: nobody else is in the "
        "list "
        "of members, or it is cut off. Nothing was sent. Ask a steward for the newest "
        "list.");
    return NULL;
}

enum status use_test_letter(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    const struct profile *to = read_to(desk, request, problem);
    struct post_letter letter;

    (void)verb;
    if (!to)
        return STATUS_CONFLICT;
    struct post_letter_new new_letter = {.recipient = to->node_id,
        .kind = LETTER_TEST,
        .lane = LANE_NORMAL,
        .item_id = name_letter(desk, &to->node_id, desk_today(desk))};
    enum status status = post_send(desk->options.post, &new_letter);
    if (status == STATUS_OK || status == STATUS_EXISTS)
        status = post_letter(desk->options.post, &new_letter.item_id, &letter);
    if (status == STATUS_OK)
        *ret = format(to, &letter);
    return status;
}

/* Coordinators, and whoever stands in for one. */
static enum status list_newest(
    const struct desk *desk, const struct profile *next, struct json *items)
{
    enum status status = STATUS_OK;
    size_t looked = 0;

    for (size_t i = 0; i < directory_count(desk->directory) && looked < SHOWN_MAX; i++) {
        const struct profile *profile = directory_nth(desk->directory, i);
        struct post_letter letter;

        if (profile != next && !(roles_areas(profile->roles) & AREA_FOLLOW))
            continue;
        looked++;
        status = find_newest(desk, &profile->node_id, &letter);
        if (status == STATUS_OK) {
            struct json *one = format(profile, &letter);

            json_add(items, &one);
        } else if (status != STATUS_NOT_FOUND) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status use_test_letters(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object(), *items = json_new_list();
    const struct profile *next = choose(desk);
    struct referrals_count count;
    enum status status = referrals_count(desk->referrals, &count);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK)
        status = list_newest(desk, next, items);
    if (status != STATUS_OK) {
        json_destroy(&items);
        json_destroy(&json);
        return status;
    }
    /* A desk that has never sent or received anything: its page offers a test. */
    json_put_flag(json, "untried",
        next && json_count(items) == 0 && count.sent + count.received == 0);
    if (next)
        json_put_text(json, "next", next->name);
    json_give(json, "items", &items);
    *ret = json;
    return STATUS_OK;
}
