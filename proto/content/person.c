/* SPDX-License-Identifier: Apache-2.0
 * The rules stand in field_check_person, which runs after decoding and before encoding. One table says where the
 * texts stand, how long they may be and to which group they belong.
 */
#include "person.h"

#include <string.h>

#include "clock.h"
#include "field.h"
#include "limits.h"
#include "memory.h"
#include "message.h"

enum { DAYS_1900_TO_1970 = 25567, DAY_OF_1970 = DAYS_1900_TO_1970 + 1 };

struct text_row {
    size_t at;      /* in struct person */
    size_t message; /* in the protobuf message */
    size_t max;
};

#define TEXT(name, limit)                                                                \
    {                                                                                    \
        offsetof(struct person, name), offsetof(Amaan__Content__Person, name), limit     \
    }
static const struct text_row TEXTS[] = {
    TEXT(preferred_name, PREFERRED_NAME_BYTES_MAX),
    TEXT(full_name, FULL_NAME_BYTES_MAX),
    TEXT(safe_contact, SAFE_CONTACT_BYTES_MAX),
    TEXT(health, HEALTH_BYTES_MAX),
    TEXT(access, ACCESS_BYTES_MAX),
    TEXT(skills, SKILLS_BYTES_MAX),
    TEXT(guardian, GUARDIAN_BYTES_MAX),
};

static const char *text_of(const struct person *person, const struct text_row *row)
{
    const char *text;

    memcpy(&text, (const char *)person + row->at, sizeof(text));
    return text ? text : "";
}

/* Codes that this version does not know are UNSUPPORTED; 0 is MALFORMED where it is needed. */
static enum status check_codes(const struct person *person)
{
    const struct {
        unsigned value, count;
        bool needed;
    } codes[] = {
        {(unsigned)person->age_band, AGE_BAND_COUNT, true},
        {(unsigned)person->minor, MINOR_COUNT, true},
        {(unsigned)person->gender, GENDER_COUNT, true},
        {(unsigned)person->risk, RISK_COUNT, false},
        {(unsigned)person->exploitation, EXPLOITATION_COUNT, false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(codes); i++) {
        if (codes[i].needed && codes[i].value == 0)
            return STATUS_MALFORMED;
        if (codes[i].value >= codes[i].count)
            return STATUS_UNSUPPORTED;
    }
    if (person->urgent_health & ~(uint32_t)URGENT_ALL)
        return STATUS_UNSUPPORTED;
    return STATUS_OK;
}

/* "PK" and three digits, the first 1 to 7 (a province); whether the district exists is the gazetteer's to say. */
static bool is_district(const char *text)
{
    if (text[0] == '\0')
        return true;
    return text[0] == 'P' && text[1] == 'K' && text[2] >= '1' && text[2] <= '7' &&
           text[3] >= '0' && text[3] <= '9' && text[4] >= '0' && text[4] <= '9' &&
           text[5] == '\0';
}

enum status field_check_person(const struct person *person)
{
    enum status status = check_codes(person);

    if (status == STATUS_OK)
        status = field_check_languages(person->languages, person->n_languages);
    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LENGTH(TEXTS); i++)
        status = field_check_text(span_text(text_of(person, &TEXTS[i])), TEXTS[i].max);
    if (status != STATUS_OK)
        return status;
    if (!memchr(person->district, '\0', DISTRICT_BYTES) || !is_district(person->district))
        return STATUS_MALFORMED;
    if (person->birth_day_ms % DAY_MS != 0 || person->birth_day_ms > TIME_MS_MAX ||
        person->birth_day_ms < -DAYS_1900_TO_1970 * DAY_MS ||
        (!person->has_birth_day && person->birth_day_ms != 0))
        return STATUS_MALFORMED;
    if (person->dependants > DEPENDANTS_MAX ||
        (person->infant && person->dependants == 0))
        return STATUS_MALFORMED;
    return STATUS_OK;
}

void field_write_person(const struct person *person, ProtobufCBinaryData *languages,
    Amaan__Content__Person *ret)
{
    static const Amaan__Content__Person EMPTY = AMAAN__CONTENT__PERSON__INIT;

    field_write_languages(person->languages, person->n_languages, languages);
    *ret = EMPTY;
    ret->age_band = (uint32_t)person->age_band;
    ret->minor = (uint32_t)person->minor;
    ret->gender = (uint32_t)person->gender;
    ret->n_languages = person->n_languages;
    ret->languages = languages;
    ret->interpreter = person->interpreter;
    ret->birth_day = person->has_birth_day
                         ? (uint32_t)(person->birth_day_ms / DAY_MS + DAY_OF_1970)
                         : 0;
    ret->district = field_of_text(person->district);
    ret->urgent_health = person->urgent_health;
    ret->risk = (uint32_t)person->risk;
    ret->searched_for = person->searched_for;
    ret->dependants = person->dependants;
    ret->infant = person->infant;
    ret->exploitation = (uint32_t)person->exploitation;
    for (size_t i = 0; i < ARRAY_LENGTH(TEXTS); i++) {
        ProtobufCBinaryData field = field_of_text(text_of(person, &TEXTS[i]));

        memcpy((char *)ret + TEXTS[i].message, &field, sizeof(field));
    }
}

static enum status read_texts(
    struct arena *arena, const Amaan__Content__Person *message, struct person *person)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LENGTH(TEXTS); i++) {
        ProtobufCBinaryData field;
        const char *text;

        memcpy(&field, (const char *)message + TEXTS[i].message, sizeof(field));
        status = field_read_text(arena, field, TEXTS[i].max, &text);
        if (status == STATUS_OK)
            memcpy((char *)person + TEXTS[i].at, &text, sizeof(text));
    }
    return status;
}

enum status field_read_person(
    struct arena *arena, const Amaan__Content__Person *message, struct person *ret)
{
    struct person person = {
        .age_band = (enum age_band)message->age_band,
        .minor = (enum minor)message->minor,
        .gender = (enum gender)message->gender,
        .n_languages = message->n_languages,
        .interpreter = message->interpreter,
        .has_birth_day = message->birth_day != 0,
        .urgent_health = message->urgent_health,
        .risk = (enum risk)message->risk,
        .searched_for = message->searched_for,
        .dependants = message->dependants,
        .infant = message->infant,
        .exploitation = (enum exploitation)message->exploitation,
    };
    enum status status =
        field_read_languages(message->languages, message->n_languages, person.languages);

    if (person.has_birth_day)
        person.birth_day_ms = ((int64_t)message->birth_day - DAY_OF_1970) * DAY_MS;
    if (message->district.len >= DISTRICT_BYTES)
        status = STATUS_MALFORMED;
    if (status == STATUS_OK && message->district.len > 0)
        memcpy(person.district, message->district.data, message->district.len);
    if (status == STATUS_OK)
        status = read_texts(arena, message, &person);
    if (status == STATUS_OK)
        status = field_check_person(&person);
    if (status == STATUS_OK)
        *ret = person;
    return status;
}

enum status person_encode(const struct person *person, struct buffer *buffer)
{
    ProtobufCBinaryData languages[LANGUAGES_MAX];
    Amaan__Content__Person message;
    enum status status = field_check_person(person);

    if (status != STATUS_OK)
        return status;
    field_write_person(person, languages, &message);
    return message_pack(&message.base, buffer);
}

enum status person_decode(struct arena *arena, struct span bytes, struct person *ret)
{
    const ProtobufCMessage *message = NULL;
    enum status status = bytes.n > BODY_BYTES_MAX ? STATUS_TOO_BIG : STATUS_OK;

    if (status == STATUS_OK)
        status =
            message_unpack(arena, &amaan__content__person__descriptor, bytes, &message);
    if (status == STATUS_OK && !message_knows_all(message))
        status = STATUS_MALFORMED;
    if (status == STATUS_OK)
        status = field_read_person(arena, (const Amaan__Content__Person *)message, ret);
    return status;
}

static bool is_said(const char *text)
{
    return text && *text;
}

uint32_t person_groups(const struct person *person)
{
    const bool said[GROUP_COUNT] = {
        [GROUP_CORE] = true,
        [GROUP_NAME] = is_said(person->preferred_name),
        [GROUP_IDENTITY] = is_said(person->full_name) || person->has_birth_day,
        [GROUP_CONTACT] = is_said(person->safe_contact),
        [GROUP_DISTRICT] = is_said(person->district),
        [GROUP_HEALTH_URGENT] = person->urgent_health != 0,
        [GROUP_HEALTH] = is_said(person->health),
        [GROUP_ACCESS] = is_said(person->access),
        [GROUP_RISK] = person->risk != 0 || person->searched_for,
        [GROUP_DEPENDANTS] = person->dependants != 0,
        [GROUP_EXPLOITATION] = person->exploitation != 0,
        [GROUP_SKILLS] = is_said(person->skills),
        [GROUP_GUARDIAN] = is_said(person->guardian),
    };
    uint32_t groups = 0;

    for (int group = 1; group < GROUP_COUNT; group++)
        if (said[group])
            groups |= GROUP_BIT(group);
    return groups;
}

/* Built up from what may be kept, never cut down from what is there: a field that is added and forgotten here
 * stays at home. */
struct person person_keep(const struct person *person, uint32_t groups)
{
    struct person kept = {.age_band = person->age_band,
        .minor = person->minor,
        .gender = person->gender,
        .n_languages = person->n_languages,
        .interpreter = person->interpreter};

    memcpy(kept.languages, person->languages, sizeof(kept.languages));
    if (groups & GROUP_BIT(GROUP_NAME))
        kept.preferred_name = person->preferred_name;
    if (groups & GROUP_BIT(GROUP_IDENTITY)) {
        kept.full_name = person->full_name;
        kept.has_birth_day = person->has_birth_day;
        kept.birth_day_ms = person->birth_day_ms;
    }
    if (groups & GROUP_BIT(GROUP_CONTACT))
        kept.safe_contact = person->safe_contact;
    if (groups & GROUP_BIT(GROUP_DISTRICT))
        memcpy(kept.district, person->district, sizeof(kept.district));
    if (groups & GROUP_BIT(GROUP_HEALTH_URGENT))
        kept.urgent_health = person->urgent_health;
    if (groups & GROUP_BIT(GROUP_HEALTH))
        kept.health = person->health;
    if (groups & GROUP_BIT(GROUP_ACCESS))
        kept.access = person->access;
    if (groups & GROUP_BIT(GROUP_RISK)) {
        kept.risk = person->risk;
        kept.searched_for = person->searched_for;
    }
    if (groups & GROUP_BIT(GROUP_DEPENDANTS)) {
        kept.dependants = person->dependants;
        kept.infant = person->infant;
    }
    if (groups & GROUP_BIT(GROUP_EXPLOITATION))
        kept.exploitation = person->exploitation;
    if (groups & GROUP_BIT(GROUP_SKILLS))
        kept.skills = person->skills;
    if (groups & GROUP_BIT(GROUP_GUARDIAN))
        kept.guardian = person->guardian;
    return kept;
}

bool person_is_child(const struct person *person)
{
    return person->minor != MINOR_NO;
}
