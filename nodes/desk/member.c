/* SPDX-License-Identifier: Apache-2.0
 * What a profile tells of whom its member serves, as JSON, and whether the member may be asked for anything.
 */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "memory.h"

static const char *name_gender(int i)
{
    return gender_name((enum gender)i);
}

static const char *name_unit(int i)
{
    return unit_name((enum unit)i);
}

static const char *name_paper(int i)
{
    return paper_name((enum paper)i);
}

enum protocol_state member_protocol(
    const struct desk *desk, const struct profile *profile)
{
    return eligibility_protocol(
        &profile->eligibility, post_certain_ms(desk->options.post) / DAY_MS);
}

enum status member_check_protocol(
    const struct desk *desk, const struct profile *profile, struct problem *problem)
{
    enum protocol_state state = member_protocol(desk, profile);

    if (state == PROTOCOL_SIGNED)
        return STATUS_OK;
    problem_say(problem, 403, "protocol-lapsed",
        state == PROTOCOL_MISSING
            ? "The stewards have no signed data sharing protocol of %s. Nothing was "
              "sent. "
              "Choose another member (\"amaan match\"), and tell a steward."
            : "The data sharing protocol that %s signed has run out. Nothing was sent. "
              "Choose another member (\"amaan match\"), and tell a steward.",
        profile->name);
    return STATUS_DENIED;
}

static void put_told(struct json *json, const char *name, enum claim told)
{
    if (told != CLAIM_NOTHING)
        json_put_text(json, name, claim_name(told));
}

static void put_bits(struct json *json, const char *name, uint32_t bits, int count,
    const char *(*word)(int))
{
    struct json *list = bits ? item_words(bits, count, word) : NULL;

    if (list)
        json_give(json, name, &list);
}

static void put_place(const struct desk *desk, struct json *json, unsigned code)
{
    const struct place *place = places_find(desk->places, code);
    char text[PLACE_CODE_BYTES];
    struct json *one = json_new_object();

    place_code_format(code, text);
    json_put_text(one, "code", text);
    if (place) {
        json_put_text(one, "name", place->name);
        json_put_text(one, "province", place->province);
    }
    json_give(json, "place", &one);
}

static void put_catchment(struct json *json, const struct eligibility *one)
{
    char text[PLACE_CODE_BYTES];
    struct json *list;

    if (one->n_catchment == 0)
        return;
    list = json_new_list();
    for (size_t i = 0; i < one->n_catchment; i++) {
        place_code_format(one->catchment[i], text);
        json_add_text(list, text);
    }
    json_give(json, "catchment", &list);
}

static void put_protocol(
    const struct desk *desk, struct json *json, const struct profile *profile)
{
    static const char *const states[] = {[PROTOCOL_SIGNED] = "signed",
        [PROTOCOL_MISSING] = "missing",
        [PROTOCOL_LAPSED] = "lapsed"};
    const struct eligibility *one = &profile->eligibility;

    json_put_text(json, "protocol", states[member_protocol(desk, profile)]);
    if (one->protocol_last_day == 0)
        return;
    json_put_text(json, "protocol_version", one->protocol);
    item_put_day(json, "protocol_until", one->protocol_last_day);
}

static void put_tele(struct json *json, const struct eligibility *one)
{
    put_told(json, "tele", one->tele);
    if (one->tele == CLAIM_YES)
        json_put_int(json, "utc_offset_minutes", one->utc_offset);
    if (one->licence && *one->licence)
        json_put_text(json, "licence", one->licence);
}

void member_put_room(const struct desk *desk, struct json *json,
    const struct capacity *capacities, size_t n)
{
    struct json *list = json_new_list();

    for (size_t i = 0; i < n; i++) {
        struct json *one = capacity_format(desk, &capacities[i]);

        json_add(list, &one);
    }
    json_give(json, "room", &list);
}

void member_put_served(
    const struct desk *desk, struct json *json, const struct profile *profile)
{
    const struct eligibility *one = &profile->eligibility;

    put_protocol(desk, json, profile);
    if (one->district != 0)
        put_place(desk, json, one->district);
    put_catchment(json, one);
    put_bits(json, "genders", one->genders, GENDER_COUNT, name_gender);
    if (one->minimum_age)
        json_put_int(json, "minimum_age", one->minimum_age);
    if (one->maximum_age)
        json_put_int(json, "maximum_age", one->maximum_age);
    if (one->boys_max_age)
        json_put_int(json, "boys_max_age", one->boys_max_age);
    put_told(json, "children", one->children);
    put_told(json, "wheelchair", one->wheelchair);
    put_told(json, "round_the_clock", one->round_the_clock);
    put_bits(json, "units", one->units, UNIT_COUNT, name_unit);
    put_bits(json, "papers", one->papers, PAPER_COUNT, name_paper);
    put_tele(json, one);
}
