/* SPDX-License-Identifier: Apache-2.0
 * What came from a member that was suspended waits for a person: listed without its content, released or discarded.
 */
#include <stdlib.h>

#include "inside.h"
#include "memory.h"

enum { ASIDES_MAX = 1000, NUMBER_BYTES_MAX = 19 };

static struct json *format_aside(struct desk *desk, const struct post_aside *aside)
{
    struct json *json = json_new_object();
    char memory[IDENT_TEXT_BYTES];
    const struct member *sender = trust_find_node(desk->options.trust, &aside->peer);

    json_put_int(json, "id", aside->id);
    json_put_text(json, "peer", item_member_name(desk, &aside->peer, memory));
    json_put_text(json, "standing",
        standing_name(trust_standing(desk->options.trust, sender, desk_now_ms(desk))));
    json_put_text(json, "kind", letter_kind_name(aside->kind));
    json_put_flag(json, "express", aside->lane == LANE_EXPRESS);
    json_put_time(json, "written", aside->created_ms);
    json_put_time(json, "came", aside->received_ms);
    json_put_flag(json, "late", aside->late);
    return json;
}

enum status use_quarantine(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct post_aside *asides = memory_new_array(ASIDES_MAX, sizeof(*asides));
    size_t n = 0;
    enum status status = post_asides(desk->options.post, 0, asides, ASIDES_MAX, &n);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK) {
        struct json *json = json_new_object(), *items = json_new_list();

        for (size_t i = 0; i < n; i++) {
            struct json *one = format_aside(desk, &asides[i]);

            json_add(items, &one);
        }
        json_give(json, "items", &items);
        *ret = json;
    }
    memory_free(asides);
    return status;
}

static enum status need_id(
    const struct json *request, int64_t *ret, struct problem *problem)
{
    const char *text = json_find_text(request, "reference");
    char *end = NULL;
    long long id = text && strlen(text) <= NUMBER_BYTES_MAX ? strtoll(text, &end, 10) : 0;

    if (id < 1 || *end != '\0') {
        problem_say(problem, 400, "bad-request",
            "A letter that waits is named by its number, as \"amaan quarantine\" shows "
            "it. "
            "Nothing was changed.");
        return STATUS_MALFORMED;
    }
    *ret = id;
    return STATUS_OK;
}

static enum status explain(enum status status, int64_t id, struct problem *problem)
{
    if (status == STATUS_NOT_FOUND)
        problem_say(problem, 404, "no-such-letter",
            "No letter %lld waits for a person. Nothing was changed. \"amaan "
            "quarantine\" "
            "lists those that do.",
            (long long)id);
    else if (status == STATUS_DENIED)
        problem_say(problem, 403, "member-revoked",
            "The letter's sender is no member any more. It can be discarded, not "
            "released. "
            "Nothing was changed.");
    return status;
}

static struct json *answer_of(int64_t id, const char *word)
{
    struct json *json = json_new_object();

    json_put_int(json, "id", id);
    json_put_text(json, "state", word);
    return json;
}

enum status use_release(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    int64_t id;
    enum status status = need_id(request, &id, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = explain(post_release(desk->options.post, id), id, problem);
    if (status == STATUS_OK)
        *ret = answer_of(id, "released");
    return status;
}

enum status use_discard(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    int64_t id;
    enum status status = need_id(request, &id, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = explain(post_discard(desk->options.post, id), id, problem);
    if (status == STATUS_OK)
        *ret = answer_of(id, "discarded");
    return status;
}
