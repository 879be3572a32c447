/* SPDX-License-Identifier: Apache-2.0
 * The question is read strictly, the directory is put before matching, and its list is said with words. What is shown
 * is limited, what is decided is not: the counts are of everybody.
 */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "memory.h"

enum {
    RANKED_SHOWN = 50,   /* nobody telephones more */
    EXCLUDED_SHOWN = 200 /* so that an answer fits JSON_TEXT_MAX in a network of 5,000 */
};

/* Field that may be absent: *ret stays. */
static enum status may_word(const struct verb *verb, const struct json *request,
    const char *name, int *ret, struct problem *problem)
{
    return json_find(request, name) ? desk_need_word(verb, request, name, ret, problem)
                                    : STATUS_OK;
}

static enum status read_words(const struct verb *verb, const struct json *request,
    struct match_question *question, struct problem *problem)
{
    int service, gender = GENDER_UNSTATED, age = AGE_UNKNOWN, minor = 0;
    enum status status = desk_need_word(verb, request, "service", &service, problem);

    if (status == STATUS_OK)
        status = may_word(verb, request, "gender", &gender, problem);
    if (status == STATUS_OK)
        status = may_word(verb, request, "age_band", &age, problem);
    if (status == STATUS_OK)
        status = may_word(verb, request, "minor", &minor, problem);
    if (status != STATUS_OK)
        return status;
    if (minor == 0)
        minor = age == AGE_UNKNOWN                  ? MINOR_UNKNOWN
                : age == AGE_0_8 || age == AGE_9_17 ? MINOR_YES
                                                    : MINOR_NO;
    question->service = (enum service)service;
    question->gender = (enum gender)gender;
    question->age_band = (enum age_band)age;
    question->minor = (enum minor)minor;
    return STATUS_OK;
}

static enum status read_district(const struct desk *desk, const struct json *request,
    struct match_question *question, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *text = NULL;
    enum status status =
        json_may_text(request, "district", PLACE_CODE_BYTES - 1, &text, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    if (!text || (place_code_parse(text, &question->district) == STATUS_OK &&
                     places_find(desk->places, question->district)))
        return STATUS_OK;
    problem_say(problem, 400, "unknown-district",
        "\"%.8s\" is no district. Nothing was changed. Districts are named by their "
        "P-codes, such as PK528 (Peshawar): docs/CARE.md 5.1.",
        text);
    return STATUS_MALFORMED;
}

static enum status read_languages(
    const struct json *request, struct match_question *question, struct problem *problem)
{
    struct trouble trouble = {""};
    const struct json *list = NULL;
    enum status status =
        json_may_list(request, "languages", LANGUAGES_MAX, &list, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    for (size_t i = 0; i < json_count(list); i++) {
        const char *code = json_text(json_nth(list, i));

        if (!code || strlen(code) != 3 ||
            strspn(code, "abcdefghijklmnopqrstuvwxyz") != 3) {
            trouble_say(&trouble, "field \"languages\" holds something that is no code "
                                  "of three small letters (ISO 639-3), such as \"urd\"");
            return desk_refuse(problem, STATUS_MALFORMED, &trouble);
        }
        memcpy(question->languages[i], code, 4);
    }
    question->n_languages = json_count(list);
    return STATUS_OK;
}

static enum status read_numbers(
    const struct json *request, struct match_question *question, struct problem *problem)
{
    struct trouble trouble = {""};
    int64_t children = 0, boy_age = MATCH_NO_BOY;
    enum status status =
        json_may_int(request, "children", 0, DEPENDANTS_MAX, &children, &trouble);

    if (status == STATUS_OK)
        status = json_may_int(request, "boy_age", 0, BOYS_AGE_MAX, &boy_age, &trouble);
    if (status == STATUS_OK)
        status = json_may_flag(request, "wheelchair", &question->wheelchair, &trouble);
    if (status == STATUS_OK)
        status = json_may_flag(request, "tonight", &question->tonight, &trouble);
    if (status != STATUS_OK) /* a number out of range is no body too big */
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    question->boy_age = (int)boy_age;
    question->children = (unsigned)(boy_age >= 0 && children == 0 ? 1 : children);
    return STATUS_OK;
}

enum status match_read_question(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct match_question *ret, struct problem *problem)
{
    struct match_question question = {
        .protocol_day = post_certain_ms(desk->options.post) / DAY_MS,
        .now_ms = post_time_ms(desk->options.post)};
    enum status status = read_words(verb, request, &question, problem);

    if (status == STATUS_OK)
        status = read_district(desk, request, &question, problem);
    if (status == STATUS_OK)
        status = read_languages(request, &question, problem);
    if (status == STATUS_OK)
        status = read_numbers(request, &question, problem);
    if (status == STATUS_OK)
        *ret = question;
    return status;
}

/* One member of the directory, and what it said of its room. */
struct match_subject {
    struct capacity capacities[UNIT_COUNT];
    size_t n_capacities;
};

static struct match_candidate make_candidate(const struct desk *desk,
    const struct profile *profile, const struct match_subject *subject)
{
    const struct trust *trust = desk->options.trust;
    enum standing standing = trust_standing(
        trust, trust_find_node(trust, &profile->node_id), desk_now_ms(desk));

    return (struct match_candidate){.profile = profile,
        .active = standing == STANDING_ACTIVE,
        .own = ident_equal(&profile->node_id, &desk->options.node_id),
        .capacities = subject->capacities,
        .n_capacities = subject->n_capacities};
}

static const char *name_reason(int i)
{
    return match_reason_name((enum match_reason)i);
}

static const char *name_exclusion(int i)
{
    return match_exclusion_name((enum match_exclusion)i);
}

static struct json *format_ranked(const struct desk *desk,
    const struct match_candidate *candidate, const struct match *match, size_t rank)
{
    const struct profile *profile = candidate->profile;
    struct json *json = json_new_object();
    struct json *reasons = item_words(match->reasons, RANKED_COUNT, name_reason);

    json_put_int(json, "rank", (int64_t)rank);
    json_put_text(json, "name", profile->name);
    json_put_ident(json, "node", &profile->node_id);
    json_give(json, "reasons", &reasons);
    member_put_room(desk, json, candidate->capacities, candidate->n_capacities);
    json_put_text(json, "hours", profile->hours);
    json_put_text(json, "contact", profile->contact);
    member_put_served(desk, json, profile);
    return json;
}

static struct json *format_excluded(
    const struct match_candidate *candidate, const struct match *match)
{
    struct json *json = json_new_object();
    struct json *reasons = item_words(match->excluded, EXCLUDED_COUNT, name_exclusion);

    json_put_text(json, "name", candidate->profile->name);
    json_give(json, "reasons", &reasons);
    return json;
}

static struct json *format_matches(const struct desk *desk,
    const struct match_candidate *candidates, const struct match *matches, size_t n)
{
    struct json *json = json_new_object(), *ranked = json_new_list(),
                *excluded = json_new_list();
    size_t n_ranked = 0, n_excluded = 0;

    for (size_t i = 0; i < n; i++) {
        const struct match_candidate *candidate = &candidates[matches[i].candidate];
        struct json *one = NULL;

        if (matches[i].excluded == 0 && ++n_ranked <= RANKED_SHOWN) {
            one = format_ranked(desk, candidate, &matches[i], n_ranked);
            json_add(ranked, &one);
        } else if (matches[i].excluded != 0 && ++n_excluded <= EXCLUDED_SHOWN) {
            one = format_excluded(candidate, &matches[i]);
            json_add(excluded, &one);
        }
    }
    json_give(json, "ranked", &ranked);
    json_give(json, "excluded", &excluded);
    json_put_int(json, "ranked_count", (int64_t)n_ranked);
    json_put_int(json, "excluded_count", (int64_t)n_excluded);
    json_put_int(json, "places_version", desk->places->version);
    return json;
}

enum status match_directory(
    struct desk *desk, const struct match_question *question, struct match_answer *ret)
{
    size_t n = directory_count(desk->directory);
    struct capacity_list told;
    enum status status = capacity_list(desk, &told);

    if (status != STATUS_OK)
        return status;
    *ret =
        (struct match_answer){.candidates = memory_new_array(n, sizeof(*ret->candidates)),
            .subjects = memory_new_array(n, sizeof(*ret->subjects)),
            .matches = memory_new_array(n, sizeof(*ret->matches)),
            .n = n};
    for (size_t i = 0; i < n; i++) {
        const struct profile *profile = directory_nth(desk->directory, i);
        struct match_subject *subject = &ret->subjects[i];

        subject->n_capacities =
            capacity_list_find(&told, &profile->node_id, subject->capacities);
        ret->candidates[i] = make_candidate(desk, profile, subject);
    }
    match_all(question, ret->candidates, n, ret->matches);
    capacity_list_release(&told);
    return STATUS_OK;
}

void match_answer_release(struct match_answer *answer)
{
    memory_free(answer->candidates);
    memory_free(answer->subjects);
    memory_free(answer->matches);
    *answer = (struct match_answer){0};
}

enum status use_match(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct match_question question;
    struct match_answer found;
    enum status status = match_read_question(desk, verb, request, &question, problem);

    if (status == STATUS_OK)
        status = match_directory(desk, &question, &found);
    if (status != STATUS_OK)
        return status;
    *ret = format_matches(desk, found.candidates, found.matches, found.n);
    match_answer_release(&found);
    return STATUS_OK;
}
