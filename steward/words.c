/* SPDX-License-Identifier: Apache-2.0
 * A list is cut at its commas; each word is looked up by content's own tables.
 */
#include "words.h"

#include <string.h>

static enum status role_bit(const char *word, uint32_t *ret)
{
    enum role role;
    enum status status = role_parse(word, &role);

    if (status == STATUS_OK)
        *ret |= UINT32_C(1) << (role - 1);
    return status;
}

static enum status service_bit(const char *word, uint32_t *ret)
{
    enum service service;
    enum status status = service_parse(word, &service);

    if (status == STATUS_OK)
        *ret |= UINT32_C(1) << (service - 1);
    return status;
}

static enum status gender_bit(const char *word, uint32_t *ret)
{
    enum gender gender;
    enum status status = gender_parse(word, &gender);

    if (status == STATUS_OK && gender == GENDER_UNSTATED)
        status = STATUS_NOT_FOUND; /* who is served may not have to say */
    if (status == STATUS_OK)
        *ret |= UINT32_C(1) << (gender - 1);
    return status;
}

static enum status unit_bit(const char *word, uint32_t *ret)
{
    enum unit unit;
    enum status status = unit_parse(word, &unit);

    if (status == STATUS_OK)
        *ret |= UINT32_C(1) << (unit - 1);
    return status;
}

static enum status paper_bit(const char *word, uint32_t *ret)
{
    enum paper paper;
    enum status status = paper_parse(word, &paper);

    if (status == STATUS_OK)
        *ret |= UINT32_C(1) << (paper - 1);
    return status;
}

bool words_next(const char **list, char *word, size_t size)
{
    size_t n = strcspn(*list, ",");

    if (!**list)
        return false;
    (void)snprintf(word, size, "%.*s", (int)n, *list);
    *list += n;
    *list += **list == ',';
    return true;
}

static enum status parse_bits(const char *list, const char *what,
    enum status (*bit)(const char *, uint32_t *), uint32_t *ret, struct trouble *trouble)
{
    char word[40];
    uint32_t bits = 0;

    while (words_next(&list, word, sizeof word)) {
        if (bit(word, &bits)) {
            trouble_say(trouble, "there is no %s \"%s\"", what, word);
            return STATUS_MALFORMED;
        }
    }
    *ret = bits;
    return STATUS_OK;
}

enum status words_roles(const char *list, uint32_t *ret, struct trouble *trouble)
{
    return parse_bits(list, "role", role_bit, ret, trouble);
}

enum status words_services(const char *list, uint32_t *ret, struct trouble *trouble)
{
    return parse_bits(list, "service", service_bit, ret, trouble);
}

enum status words_genders(const char *list, uint32_t *ret, struct trouble *trouble)
{
    return parse_bits(list, "gender", gender_bit, ret, trouble);
}

enum status words_units(const char *list, uint32_t *ret, struct trouble *trouble)
{
    return parse_bits(list, "unit", unit_bit, ret, trouble);
}

enum status words_papers(const char *list, uint32_t *ret, struct trouble *trouble)
{
    return parse_bits(list, "paper", paper_bit, ret, trouble);
}

enum status words_languages(
    const char *list, struct profile *profile, struct trouble *trouble)
{
    char word[40];
    size_t n = 0;

    memset(profile->languages, 0, sizeof profile->languages);
    while (words_next(&list, word, sizeof word)) {
        if (n == LANGUAGES_MAX || strlen(word) != 3 ||
            strspn(word, "abcdefghijklmnopqrstuvwxyz") != 3) {
            trouble_say(trouble,
                "languages are at most %d codes of three letters (ISO "
                "639-3), such as urd,pus,eng",
                LANGUAGES_MAX);
            return STATUS_MALFORMED;
        }
        memcpy(profile->languages[n++], word, 4);
    }
    profile->n_languages = n;
    return STATUS_OK;
}

uint32_t words_services_of(uint32_t roles)
{
    uint32_t services = 0;

    for (int role = 1; role < ROLE_COUNT; role++) {
        if (roles & UINT32_C(1) << (role - 1))
            (void)!service_bit(role_name((enum role)role), &services);
    }
    if (roles & UINT32_C(1) << (ROLE_COORDINATOR - 1))
        services |= UINT32_C(1) << (SERVICE_COORDINATION - 1);
    return services;
}
