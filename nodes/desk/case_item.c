/* SPDX-License-Identifier: Apache-2.0
 * A case as JSON, a case by its alias, and a person out of a request: fields that are not in the request keep what they
 * were, so that opening and changing read the same form.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

/* --- reading a person ---------------------------------------------------------------------------------------- */

static enum status read_word(const struct verb *verb, const struct json *request,
    const char *name, int *value, struct problem *problem)
{
    return json_find(request, name) ? desk_need_word(verb, request, name, value, problem)
                                    : STATUS_OK;
}

static enum status read_words(const struct verb *verb, const struct json *request,
    struct person *person, struct problem *problem)
{
    int age_band = (int)person->age_band, minor = (int)person->minor;
    int gender = (int)person->gender, risk = (int)person->risk;
    int exploitation = (int)person->exploitation;
    enum status status = read_word(verb, request, "age_band", &age_band, problem);

    if (status == STATUS_OK)
        status = read_word(verb, request, "minor", &minor, problem);
    if (status == STATUS_OK)
        status = read_word(verb, request, "gender", &gender, problem);
    if (status == STATUS_OK)
        status = read_word(verb, request, "risk", &risk, problem);
    if (status == STATUS_OK)
        status = read_word(verb, request, "exploitation", &exploitation, problem);
    if (status == STATUS_OK) {
        person->age_band = (enum age_band)age_band;
        person->minor = (enum minor)minor;
        person->gender = (enum gender)gender;
        person->risk = (enum risk)risk;
        person->exploitation = (enum exploitation)exploitation;
    }
    return status;
}

static enum status read_languages(
    const struct json *request, struct person *person, struct trouble *trouble)
{
    const struct json *list = NULL;
    enum status status =
        json_may_list(request, "languages", LANGUAGES_MAX, &list, trouble);

    if (status != STATUS_OK || !list)
        return status;
    memset(person->languages, 0, sizeof(person->languages));
    person->n_languages = json_count(list);
    for (size_t i = 0; i < person->n_languages; i++) {
        const char *code = json_text(json_nth(list, i));

        if (!code || strlen(code) != 3) {
            trouble_say(trouble, "field \"languages\" holds something that is no code of "
                                 "three small letters (ISO 639-3), such as \"urd\"");
            return STATUS_MALFORMED;
        }
        memcpy(person->languages[i], code, 4);
    }
    return STATUS_OK;
}

static enum status read_texts(
    const struct json *request, struct person *person, struct trouble *trouble)
{
    const struct {
        const char *name;
        size_t max;
        const char **text;
    } rows[] = {
        {"name", PREFERRED_NAME_BYTES_MAX, &person->preferred_name},
        {"full_name", FULL_NAME_BYTES_MAX, &person->full_name},
        {"safe_contact", SAFE_CONTACT_BYTES_MAX, &person->safe_contact},
        {"health", HEALTH_BYTES_MAX, &person->health},
        {"access", ACCESS_BYTES_MAX, &person->access},
        {"skills", SKILLS_BYTES_MAX, &person->skills},
        {"guardian", GUARDIAN_BYTES_MAX, &person->guardian},
    };
    const char *district = person->district;
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LENGTH(rows); i++)
        status = json_may_text(request, rows[i].name, rows[i].max, rows[i].text, trouble);
    if (status == STATUS_OK)
        status =
            json_may_text(request, "district", DISTRICT_BYTES - 1, &district, trouble);
    if (status == STATUS_OK && district != person->district) {
        memset(person->district, 0, DISTRICT_BYTES);
        memcpy(person->district, district, strlen(district));
    }
    return status;
}

static enum status read_numbers(
    const struct json *request, struct person *person, struct trouble *trouble)
{
    int64_t dependants = person->dependants, born_ms = INT64_MIN;
    enum status status =
        json_may_int(request, "dependants", 0, DEPENDANTS_MAX, &dependants, trouble);

    if (status == STATUS_OK)
        status = json_may_time(request, "birth_day", &born_ms, trouble);
    if (status == STATUS_OK && born_ms != INT64_MIN && born_ms % DAY_MS != 0) {
        trouble_say(
            trouble, "field \"birth_day\" is to be a day, such as \"2001-02-28\"");
        status = STATUS_MALFORMED;
    }
    person->dependants = (uint32_t)dependants;
    if (status == STATUS_OK && born_ms != INT64_MIN) {
        person->birth_day_ms = born_ms;
        person->has_birth_day = true;
    }
    return status;
}

static enum status read_flags(
    const struct json *request, struct person *person, struct trouble *trouble)
{
    enum status status =
        json_may_flag(request, "interpreter", &person->interpreter, trouble);

    if (status == STATUS_OK)
        status = json_may_flag(request, "searched_for", &person->searched_for, trouble);
    if (status == STATUS_OK)
        status = json_may_flag(request, "infant", &person->infant, trouble);
    for (unsigned bit = 1; status == STATUS_OK && bit <= URGENT_ALL; bit <<= 1) {
        bool is_so = (person->urgent_health & bit) != 0;

        status = json_may_flag(request, urgent_health_name(bit), &is_so, trouble);
        person->urgent_health =
            is_so ? person->urgent_health | bit : person->urgent_health & ~bit;
    }
    return status;
}

static enum status check_age(const struct person *person, struct problem *problem)
{
    bool child = person->age_band == AGE_0_8 || person->age_band == AGE_9_17;

    if ((child && person->minor == MINOR_NO) ||
        (!child && person->age_band != AGE_UNKNOWN && person->minor == MINOR_YES)) {
        problem_say(problem, 400, "age-contradicts",
            "Fields \"age_band\" and \"minor\" contradict each other. Nothing was "
            "changed. If the age is not known, say \"unknown\" in both: the person is "
            "then "
            "treated as a child.");
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

enum status case_read_person(const struct verb *verb, const struct json *request,
    struct person *person, struct problem *problem)
{
    struct trouble trouble = {""};
    struct buffer encoded;
    enum status status = read_words(verb, request, person, problem);

    if (status != STATUS_OK)
        return status;
    status = read_languages(request, person, &trouble);
    if (status == STATUS_OK)
        status = read_texts(request, person, &trouble);
    if (status == STATUS_OK)
        status = read_numbers(request, person, &trouble);
    if (status == STATUS_OK)
        status = read_flags(request, person, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    status = check_age(person, problem);
    if (status != STATUS_OK)
        return status;
    /* What is left is the record's own judgement: languages twice, a district that is none. */
    buffer_init(&encoded, BODY_BYTES_MAX);
    status = person_encode(person, &encoded);
    buffer_release(&encoded);
    if (status != STATUS_OK)
        problem_say(problem, 400, "bad-request",
            "The fields do not make a record: look at \"languages\" (none twice), "
            "\"district\" (such as PK617), \"birth_day\" and \"dependants\". Nothing was "
            "changed.");
    return status;
}

/* --- a case by its alias -------------------------------------------------------------------------------------- */

enum status case_explain(
    const struct desk *desk, enum status status, struct problem *problem)
{
    if (status == STATUS_LOCKED && desk->casebook_lost)
        problem_say(problem, 500, "case-key-lost",
            "The cases are on this disk, and the file case.key that opens them is "
            "missing or "
            "is not this node's. Nothing was changed. Put case.key back from the backup, "
            "then "
            "lock and unlock. Letters and referrals are not touched.");
    return status;
}

static enum status explain_unknown(
    struct desk *desk, const char *alias, struct problem *problem)
{
    struct tombstone stone;

    if (casebook_find_tombstone(desk->casebook, alias, &stone) == STATUS_OK)
        problem_say(problem, 404, "case-erased",
            "The case %s was erased: its key is destroyed and nothing of it can be read. "
            "\"amaan case-erase %s\" shows who has confirmed it.",
            alias, alias);
    else
        problem_say(problem, 404, "unknown-case",
            "No case %s is known here. A referral's reference is another one: "
            "\"amaan case-find --reference\" takes both.",
            alias);
    return STATUS_NOT_FOUND;
}

enum status case_read_alias(const struct json *request, const char *field,
    char ret[static REFERENCE_BYTES], struct problem *problem)
{
    struct trouble trouble = {""};
    const char *text;
    enum status status =
        json_need_text(request, field, VERB_REFERENCE_BYTES, &text, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    if (reference_parse(text, ret) != STATUS_OK) {
        problem_say(problem, 400, "bad-reference",
            "\"%.20s\" is no alias of a case: it has 9 characters, and the last one "
            "checks "
            "the others. Nothing was changed. Compare it with what was written down.",
            text);
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

enum status case_named(struct desk *desk, const struct json *request, const char *field,
    struct case_row *ret, struct problem *problem)
{
    char alias[REFERENCE_BYTES];
    struct ident ident;
    enum status status = case_read_alias(request, field, alias, problem);

    if (status != STATUS_OK)
        return status;
    status = casebook_find_alias(desk->casebook, alias, &ident);
    if (status == STATUS_NOT_FOUND)
        return explain_unknown(desk, alias, problem);
    if (status == STATUS_OK)
        status = casebook_find(desk->casebook, &ident, desk->arena, ret);
    if (status == STATUS_OK && ret->damaged) {
        problem_say(problem, 500, "damaged",
            "The record of case %s cannot be read any more: the disk damaged it. Nothing "
            "was changed, and the other cases are not touched. Restore it from the "
            "backup, "
            "and have the disk looked at.",
            alias);
        return STATUS_CORRUPT;
    }
    return case_explain(desk, status, problem);
}

enum status case_alias(
    struct desk *desk, const struct ident *ident, char ret[static REFERENCE_BYTES])
{
    struct arena *arena = arena_new(CASE_PERSON_ARENA_BYTES, CASE_PERSON_ARENA_PIECES);
    struct case_row row;
    enum status status = casebook_find(desk->casebook, ident, arena, &row);

    if (status == STATUS_OK)
        memcpy(ret, row.damaged ? "?" : row.alias, row.damaged ? 2 : REFERENCE_BYTES);
    arena_destroy(&arena);
    return status;
}

/* --- as JSON --------------------------------------------------------------------------------------------------- */

static void put_text(struct json *json, const char *name, const char *text)
{
    if (text && *text)
        json_put_text(json, name, text);
}

static void put_person(struct json *json, const struct person *person)
{
    struct json *languages = json_new_list();

    for (size_t i = 0; i < person->n_languages; i++)
        json_add_text(languages, person->languages[i]);
    json_put_text(json, "age_band", age_band_name(person->age_band));
    json_put_text(json, "minor", minor_name(person->minor));
    json_put_text(json, "gender", gender_name(person->gender));
    json_give(json, "languages", &languages);
    json_put_flag(json, "interpreter", person->interpreter);
    put_text(json, "name", person->preferred_name);
    put_text(json, "full_name", person->full_name);
    if (person->has_birth_day)
        item_put_day(json, "birth_day",
            (person->birth_day_ms - (person->birth_day_ms < 0 ? DAY_MS - 1 : 0)) /
                DAY_MS);
    put_text(json, "safe_contact", person->safe_contact);
    put_text(json, "district", person->district);
    for (unsigned bit = 1; bit <= URGENT_ALL; bit <<= 1)
        if (person->urgent_health & bit)
            json_put_flag(json, urgent_health_name(bit), true);
    put_text(json, "health", person->health);
    put_text(json, "access", person->access);
    if (person->risk != 0)
        json_put_text(json, "risk", risk_name(person->risk));
    json_put_flag(json, "searched_for", person->searched_for);
    json_put_int(json, "dependants", person->dependants);
    json_put_flag(json, "infant", person->infant);
    if (person->exploitation != 0)
        json_put_text(json, "exploitation", exploitation_name(person->exploitation));
    put_text(json, "skills", person->skills);
    put_text(json, "guardian", person->guardian);
}

struct json *case_format(const struct case_row *row)
{
    struct json *json = json_new_object();

    if (row->damaged) {
        json_put_flag(json, "damaged", true);
    } else {
        json_put_text(json, "case", row->alias);
        json_put_text(json, "state", row->outcome == OUTCOME_OPEN ? "open" : "closed");
        json_put_text(json, "outcome", case_outcome_name(row->outcome));
        json_put_text(json, "origin", case_origin_name(row->origin));
        if (row->displacement != DISPLACEMENT_UNSAID)
            json_put_text(json, "displacement", displacement_name(row->displacement));
        json_put_text(json, "age_band", age_band_name(row->person.age_band));
        json_put_text(json, "minor", minor_name(row->person.minor));
        json_put_text(json, "gender", gender_name(row->person.gender));
        put_text(json, "name", row->person.preferred_name);
    }
    item_put_day(json, "opened_day", row->opened_day);
    item_put_day(json, "changed_day", row->changed_day);
    if (row->closed_day != 0)
        item_put_day(json, "closed_day", row->closed_day);
    return json;
}

static enum status put_numbers(
    struct desk *desk, const struct case_row *row, struct json *json)
{
    uint32_t kinds = 0;
    enum status status = casebook_number_kinds(desk->casebook, &row->ident, &kinds);

    /* DP12: what is known is that there is one. */
    if (kinds & (1u << NUMBER_CNIC))
        json_put_text(json, "cnic", "*****-*******-*");
    if (kinds & (1u << NUMBER_HOTLINE))
        json_put_text(json, "hotline", "***");
    if (kinds & (1u << NUMBER_RCMS))
        json_put_text(json, "rcms", "***");
    return status;
}

static void put_detail(struct json *json, const struct event_row *event)
{
    const char *word = NULL;

    if (event->event == EVENT_CLOSED)
        word = case_outcome_name((enum case_outcome)event->detail);
    else if (event->event == EVENT_REOPENED)
        word = reopen_reason_name((enum reopen_reason)event->detail);
    else if (event->event == EVENT_LINKED)
        word = link_reason_name((enum link_reason)event->detail);
    else if (event->event == EVENT_WITHDRAWN)
        word = withdrawal_name((enum withdrawal)event->detail);
    put_text(json, "reason", word);
    if (event->event == EVENT_CONSENT_GIVEN || event->event == EVENT_CONSENT_ENDED)
        put_text(json, "service", service_name((enum service)event->detail));
}

enum { EVENTS_SHOWN_MAX = 200 };

static enum status put_timeline(
    struct desk *desk, const struct case_row *row, struct json *json)
{
    struct json *list = json_new_list();
    struct event_row event = {.id = INT64_MAX};
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK && i < EVENTS_SHOWN_MAX; i++) {
        status = timeline_next(desk->timeline, &row->ident, event.id, &event);
        if (status != STATUS_OK)
            break;
        struct json *one = json_new_object();

        item_put_day(one, "day", event.day);
        if (event.damaged)
            json_put_flag(one, "damaged", true);
        else
            json_put_text(one, "event", case_event_name(event.event));
        put_detail(one, &event);
        put_text(one, "reference", event.reference);
        put_text(one, "text", event.text);
        if (!event.damaged && !ident_is_zero(&event.who))
            json_put_ident(one, "who", &event.who);
        json_add(list, &one);
    }
    json_give(json, "timeline", &list);
    memory_wipe(&event, sizeof(event));
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status put_links(
    struct desk *desk, const struct case_row *row, struct json *json)
{
    struct json *list = json_new_list();
    struct link_row link = {{{0}}, 0, 0};
    enum status status;

    while ((status = links_next(desk->links, &row->ident, &link.other, &link)) ==
           STATUS_OK) {
        char alias[REFERENCE_BYTES];
        struct json *one = json_new_object();

        status = case_alias(desk, &link.other, alias);
        if (status == STATUS_OK)
            json_put_text(one, "case", alias);
        put_text(one, "reason", link_reason_name(link.reason));
        item_put_day(one, "day", link.day);
        json_add(list, &one);
        if (status != STATUS_OK)
            break;
    }
    json_give(json, "links", &list);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status case_format_all(
    struct desk *desk, const struct case_row *row, struct json **ret)
{
    struct json *json = case_format(row);
    enum status status;

    put_person(json, &row->person);
    status = put_numbers(desk, row, json);
    if (status == STATUS_OK)
        status = put_links(desk, row, json);
    if (status == STATUS_OK)
        status = put_timeline(desk, row, json);
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}
