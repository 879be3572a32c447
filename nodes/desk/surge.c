/* SPDX-License-Identifier: Apache-2.0
 * Who may be called up (docs/CARE.md 5.9): put on the list, taken off it, and listed for a day, nearest first. Nothing of it
 * travels: whoever is called up is telephoned.
 */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "memory.h"

enum {
    LISTED_MAX = 200,
    DAYS_MAX = 366, /* who is asked once a year is still there */
    DISTRICTS_OF_PROVINCE = 100
};

/* What is asked for; 0 and "": anybody. */
struct wish {
    enum role role;
    enum gender gender;
    char language[4];
    uint16_t district;
    int64_t day;
    bool all; /* of other days, too */
};

static enum status may_word(const struct verb *verb, const struct json *request,
    const char *name, int *ret, struct problem *problem)
{
    return json_find(request, name) ? desk_need_word(verb, request, name, ret, problem)
                                    : STATUS_OK;
}

static enum status read_district(const struct desk *desk, const struct json *request,
    uint16_t *ret, struct problem *problem)
{
    const char *text = json_find_text(request, "district");

    if (!text ||
        (place_code_parse(text, ret) == STATUS_OK && places_find(desk->places, *ret)))
        return STATUS_OK;
    problem_say(problem, 400, "unknown-district",
        "\"%.8s\" is no district. Nothing was changed. Districts are named by their "
        "P-codes, such as PK528 (Peshawar): docs/CARE.md 5.1.",
        text);
    return STATUS_MALFORMED;
}

/* --- putting on the list ------------------------------------------------------------------------------------------ */

static enum status copy_text(
    const struct json *request, const char *name, char *ret, struct trouble *trouble)
{
    const char *text = "";
    enum status status = json_need_text(request, name, SURGE_TEXT_BYTES, &text, trouble);

    if (status == STATUS_OK && !*text) {
        trouble_say(trouble, "field \"%s\" is empty", name);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        memcpy(ret, text, strlen(text) + 1);
    return status;
}

static enum status read_languages(
    const struct json *request, struct surge *ret, struct trouble *trouble)
{
    const struct json *list = NULL;
    enum status status =
        json_need_list(request, "languages", LANGUAGES_MAX, &list, trouble);

    ret->n_languages = status == STATUS_OK ? json_count(list) : 0;
    for (size_t i = 0; status == STATUS_OK && i < ret->n_languages; i++) {
        const char *code = json_text(json_nth(list, i));

        if (!code || strlen(code) != 3 ||
            strspn(code, "abcdefghijklmnopqrstuvwxyz") != 3) {
            trouble_say(trouble, "field \"languages\" holds something that is no code of "
                                 "three small letters (ISO 639-3), such as \"urd\"");
            status = STATUS_MALFORMED;
        } else {
            memcpy(ret->languages[i], code, 4);
        }
    }
    return status;
}

static enum status read_days(const struct desk *desk, const struct json *request,
    struct surge *ret, struct trouble *trouble)
{
    int64_t from_ms = desk_today(desk) * DAY_MS, until_ms = 0;
    enum status status = json_may_time(request, "from", &from_ms, trouble);

    if (status == STATUS_OK)
        status = json_may_time(request, "until", &until_ms, trouble);
    ret->from_day = from_ms / DAY_MS;
    ret->until_day = until_ms / DAY_MS;
    if (status == STATUS_OK &&
        (ret->until_day < ret->from_day || ret->until_day < desk_today(desk) ||
            ret->until_day - desk_today(desk) > DAYS_MAX)) {
        trouble_say(trouble,
            "field \"until\" is to be a day that is not over, not before "
            "field \"from\", and within a year");
        status = STATUS_MALFORMED;
    }
    return status;
}

static enum status read_surge(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct surge *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    int role = 0, gender = 0;
    enum status status = desk_need_word(verb, request, "role", &role, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "gender", &gender, problem);
    if (status == STATUS_OK)
        status = read_district(desk, request, &ret->district, problem);
    if (status != STATUS_OK)
        return status;
    ret->role = (enum role)role;
    ret->gender = (enum gender)gender;
    status = copy_text(request, "person", ret->person, &trouble);
    if (status == STATUS_OK)
        status = copy_text(request, "contact", ret->contact, &trouble);
    if (status == STATUS_OK)
        status = read_languages(request, ret, &trouble);
    if (status == STATUS_OK)
        status = read_days(desk, request, ret, &trouble);
    if (status == STATUS_OK && ret->role == ROLE_SHELTER && ret->district != 0) {
        trouble_say(&trouble, "field \"district\" is not told of somebody who works at a "
                              "shelter: it would say where the house is");
        status = STATUS_MALFORMED;
    }
    return status == STATUS_OK ? status : desk_refuse(problem, status, &trouble);
}

static struct json *format_surge(const struct desk *desk, const struct surge *surge)
{
    struct json *json = json_new_object(), *languages = json_new_list();
    char code[PLACE_CODE_BYTES];
    int64_t today = desk_today(desk);

    for (size_t i = 0; i < surge->n_languages; i++)
        json_add_text(languages, surge->languages[i]);
    json_put_text(json, "reference", surge->reference);
    json_put_text(json, "person", surge->person);
    json_put_text(json, "contact", surge->contact);
    json_put_text(json, "role", role_name(surge->role));
    json_put_text(json, "gender", gender_name(surge->gender));
    json_give(json, "languages", &languages);
    if (surge->district != 0) {
        place_code_format(surge->district, code);
        json_put_text(json, "district", code);
    }
    item_put_day(json, "from", surge->from_day);
    item_put_day(json, "until", surge->until_day);
    json_put_flag(json, "today", surge->from_day <= today && today <= surge->until_day);
    return json;
}

enum status use_surge_add(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct surge surge = {0};
    enum status status = read_surge(desk, verb, request, &surge, problem);

    if (status == STATUS_OK)
        status = surges_add(desk->surges, &surge);
    if (status == STATUS_TOO_BIG && !problem->code)
        problem_say(problem, 409, "surge-full",
            "The list has %d people. Nothing was changed. Take somebody off it with "
            "\"amaan surge-remove\"; who is past their last day goes by itself.",
            SURGES_MAX);
    if (status == STATUS_OK)
        *ret = format_surge(desk, &surge);
    memory_wipe(&surge, sizeof(surge));
    return status;
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static enum status read_wish(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct wish *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    int role = 0, gender = 0;
    int64_t day_ms = desk_today(desk) * DAY_MS;
    const char *language = "";
    enum status status = may_word(verb, request, "role", &role, problem);

    *ret = (struct wish){0};
    if (status == STATUS_OK)
        status = may_word(verb, request, "gender", &gender, problem);
    if (status == STATUS_OK)
        status = read_district(desk, request, &ret->district, problem);
    if (status != STATUS_OK)
        return status;
    status = json_may_text(request, "language", 3, &language, &trouble);
    if (status == STATUS_OK)
        status = json_may_time(request, "day", &day_ms, &trouble);
    if (status == STATUS_OK)
        status = json_may_flag(request, "all", &ret->all, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    ret->role = (enum role)role;
    ret->gender = (enum gender)gender;
    ret->day = day_ms / DAY_MS;
    memcpy(ret->language, language, strlen(language));
    return STATUS_OK;
}

static bool speaks(const struct surge *surge, const char *language)
{
    for (size_t i = 0; i < surge->n_languages; i++)
        if (strcmp(surge->languages[i], language) == 0)
            return true;
    return *language == '\0';
}

static bool fits(const struct surge *surge, const struct wish *wish)
{
    return (wish->role == 0 || surge->role == wish->role) &&
           (wish->gender == 0 || surge->gender == wish->gender) &&
           speaks(surge, wish->language) &&
           (wish->all || (surge->from_day <= wish->day && wish->day <= surge->until_day));
}

/* 0: that district, or none was asked for; 1: its province; 2: elsewhere; 3: not told. */
static int distance(const struct surge *surge, uint16_t district)
{
    if (district == 0 || surge->district == district)
        return 0;
    if (surge->district == 0)
        return 3;
    return surge->district / DISTRICTS_OF_PROVINCE == district / DISTRICTS_OF_PROVINCE
               ? 1
               : 2;
}

struct listed {
    int distance;
    struct surge surge;
};

static int compare(const void *a, const void *b)
{
    const struct listed *one = a, *other = b;

    if (one->distance != other->distance)
        return one->distance - other->distance;
    return strcmp(one->surge.person, other->surge.person);
}

static enum status collect(struct desk *desk, const struct wish *wish, struct listed *ret,
    size_t *ret_n, size_t *ret_damaged)
{
    struct surge_row row = {0};
    enum status status;

    while ((status = surges_next(desk->surges, row.id, &row)) == STATUS_OK) {
        PROMISE(*ret_n < SURGES_MAX);
        if (row.damaged)
            (*ret_damaged)++;
        else if (fits(&row.surge, wish))
            ret[(*ret_n)++] =
                (struct listed){distance(&row.surge, wish->district), row.surge};
    }
    memory_wipe(&row, sizeof(row));
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status use_surge(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct wish wish;
    size_t n = 0, damaged = 0;
    enum status status = read_wish(desk, verb, request, &wish, problem);

    if (status != STATUS_OK)
        return status;
    struct listed *listed = memory_new_array(SURGES_MAX, sizeof(*listed));
    status = collect(desk, &wish, listed, &n, &damaged);
    if (status == STATUS_OK) {
        struct json *items = json_new_list();

        qsort(listed, n, sizeof(*listed), compare);
        for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
            struct json *one = format_surge(desk, &listed[i].surge);

            json_add(items, &one);
        }
        *ret = json_new_object();
        json_give(*ret, "items", &items);
        json_put_int(*ret, "found", (int64_t)n);
        json_put_int(*ret, "damaged", (int64_t)damaged);
    }
    memory_wipe(listed, SURGES_MAX * sizeof(*listed));
    memory_free(listed);
    return status;
}

enum status use_surge_remove(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    char reference[REFERENCE_BYTES] = "";
    const char *text = json_find_text(request, "reference");
    struct surge_row row = {0};
    enum status status = text && reference_parse(text, reference) == STATUS_OK
                             ? STATUS_OK
                             : STATUS_NOT_FOUND;

    (void)verb;
    while (status == STATUS_OK) {
        status = surges_next(desk->surges, row.id, &row);
        if (status == STATUS_OK && strcmp(row.surge.reference, reference) == 0)
            break;
    }
    if (status == STATUS_NOT_FOUND)
        problem_say(problem, 404, "not-on-the-list",
            "Nobody of that reference is on the list of those who may be called up. "
            "Nothing was changed. \"amaan surge --all\" shows the list.");
    if (status == STATUS_OK)
        status = surges_remove(desk->surges, row.id);
    if (status == STATUS_OK) {
        *ret = json_new_object();
        json_put_text(*ret, "reference", reference);
        json_put_flag(*ret, "removed", true);
    }
    memory_wipe(&row, sizeof(row));
    return status;
}
