/* SPDX-License-Identifier: Apache-2.0
 * One small reader a kind of word. The list of places is read anew for each member: 160 lines, offline.
 */
#include "served.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "memory.h"
#include "places.h"
#include "words.h"

static bool is_none(const char *text)
{
    return strcmp(text, "none") == 0 || *text == '\0';
}

bool served_says_something(const struct served_words *words)
{
    return words->district || words->catchment || words->genders || words->units ||
           words->papers || words->ages || words->boys_age || words->children ||
           words->wheelchair || words->round_the_clock || words->tele || words->licence ||
           words->protocol;
}

static enum status read_place(const char *text, uint16_t *ret, struct trouble *trouble)
{
    struct places *places = memory_new(sizeof *places);
    enum status status = place_code_parse(text, ret);

    places_load(places);
    if (status == STATUS_OK && !places_find(places, *ret))
        status = STATUS_NOT_FOUND;
    memory_free(places);
    if (status == STATUS_OK)
        return STATUS_OK;
    trouble_say(trouble,
        "\"%s\" is no district: give the P-code of one, such as PK528 (Peshawar)", text);
    return STATUS_MALFORMED;
}

static int compare_codes(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

static enum status read_catchment(
    const char *list, struct eligibility *one, struct trouble *trouble)
{
    char word[40];
    size_t n = 0;

    while (words_next(&list, word, sizeof word)) {
        if (n == CATCHMENT_MAX) {
            trouble_say(trouble,
                "a catchment has at most %d districts: say nothing for the whole country",
                CATCHMENT_MAX);
            return STATUS_MALFORMED;
        }
        if (read_place(word, &one->catchment[n], trouble))
            return STATUS_MALFORMED;
        n++;
    }
    qsort(one->catchment, n, sizeof one->catchment[0], compare_codes);
    for (size_t i = 1; i < n; i++) {
        if (one->catchment[i - 1] == one->catchment[i]) {
            trouble_say(trouble, "a district stands twice in --catchment");
            return STATUS_MALFORMED;
        }
    }
    one->n_catchment = (uint16_t)n;
    return STATUS_OK;
}

/* At most three digits, and nothing behind them but `*ret_rest`. */
static bool read_number(const char *text, uint32_t *ret, const char **ret_rest)
{
    size_t n = strspn(text, "0123456789");

    if (n == 0 || n > 3)
        return false;
    *ret = (uint32_t)strtoul(text, NULL, 10);
    *ret_rest = text + n;
    return true;
}

static enum status read_ages(
    const char *text, struct eligibility *one, struct trouble *trouble)
{
    const char *rest = text;
    uint32_t from = 0, to = 0;
    bool good = read_number(text, &from, &rest) && *rest == '-';

    if (good && rest[1])
        good = read_number(rest + 1, &to, &rest) && !*rest && to >= from && to > 0;
    if (!good || from > AGE_YEARS_MAX || to > AGE_YEARS_MAX) {
        trouble_say(trouble, "--ages is written 18-59, or 18- without an upper end");
        return STATUS_MALFORMED;
    }
    one->minimum_age = from;
    one->maximum_age = to;
    return STATUS_OK;
}

static enum status read_told(
    const char *option, const char *text, enum claim *ret, struct trouble *trouble)
{
    if (claim_parse(text, ret) == STATUS_OK)
        return STATUS_OK;
    trouble_say(trouble, "--%s is yes, no or none", option);
    return STATUS_MALFORMED;
}

static bool is_clock(const char *text)
{
    return (text[0] == '+' || text[0] == '-') && strlen(text) == 6 && text[3] == ':' &&
           strspn(text + 1, "0123456789") == 2 && strspn(text + 4, "0123456789") == 2;
}

static enum status read_tele(
    const char *text, struct eligibility *one, struct trouble *trouble)
{
    int32_t minutes;

    one->utc_offset = 0;
    if (strcmp(text, "no") == 0) {
        one->tele = CLAIM_NO;
        return STATUS_OK;
    }
    if (!is_clock(text))
        goto bad;
    minutes = (int32_t)(strtol(text + 1, NULL, 10) * 60 + strtol(text + 4, NULL, 10));
    if (text[0] == '-')
        minutes = -minutes;
    if (minutes < UTC_OFFSET_MIN || minutes > UTC_OFFSET_MAX ||
        minutes % UTC_OFFSET_STEP != 0 || text[4] > '5')
        goto bad;
    one->tele = CLAIM_YES;
    one->utc_offset = minutes;
    return STATUS_OK;
bad:
    trouble_say(trouble,
        "--tele is the offset of the consultant's clock from UTC, such as +05:00, or no");
    return STATUS_MALFORMED;
}

static enum status read_protocol(const char *text, struct eligibility *one,
    struct served_texts *texts, struct trouble *trouble)
{
    size_t n = strcspn(text, ":");
    int64_t last_ms = 0;

    if (n < sizeof texts->protocol) {
        memcpy(texts->protocol, text, n);
        texts->protocol[n] = '\0';
    }
    if (n >= sizeof texts->protocol || !protocol_is_valid(texts->protocol) || !text[n] ||
        time_parse(text + n + 1, &last_ms) != STATUS_OK || last_ms <= 0 ||
        last_ms % DAY_MS != 0) {
        trouble_say(trouble,
            "--protocol names the sharing protocol that the member signed and its last "
            "day: isp-1:2027-12-31");
        return STATUS_MALFORMED;
    }
    one->protocol_last_day = (uint32_t)(last_ms / DAY_MS);
    return STATUS_OK;
}

/* "none" in place of a word or list: nothing is told any more. */
static bool take_back(const char *text, void *field, size_t n)
{
    if (!is_none(text))
        return false;
    memset(field, 0, n);
    return true;
}

static enum status read_lists(
    const struct served_words *words, struct eligibility *one, struct trouble *trouble)
{
    enum status status = STATUS_OK;

    if (words->district &&
        !take_back(words->district, &one->district, sizeof one->district))
        status = read_place(words->district, &one->district, trouble);
    if (status == STATUS_OK && words->catchment &&
        !take_back(words->catchment, &one->n_catchment, sizeof one->n_catchment))
        status = read_catchment(words->catchment, one, trouble);
    if (status == STATUS_OK && words->genders &&
        !take_back(words->genders, &one->genders, sizeof one->genders))
        status = words_genders(words->genders, &one->genders, trouble);
    if (status == STATUS_OK && words->units &&
        !take_back(words->units, &one->units, sizeof one->units))
        status = words_units(words->units, &one->units, trouble);
    if (status == STATUS_OK && words->papers &&
        !take_back(words->papers, &one->papers, sizeof one->papers))
        status = words_papers(words->papers, &one->papers, trouble);
    return status;
}

static enum status read_tolds(
    const struct served_words *words, struct eligibility *one, struct trouble *trouble)
{
    const struct {
        const char *option, *text;
        enum claim *place;
    } rows[] = {
        {"children", words->children, &one->children},
        {"wheelchair", words->wheelchair, &one->wheelchair},
        {"round-the-clock", words->round_the_clock, &one->round_the_clock},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        if (!rows[i].text || take_back(rows[i].text, rows[i].place, sizeof(enum claim)))
            continue;
        if (read_told(rows[i].option, rows[i].text, rows[i].place, trouble))
            return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

static enum status read_numbers(
    const struct served_words *words, struct eligibility *one, struct trouble *trouble)
{
    const char *rest = "";
    enum status status = STATUS_OK;

    if (words->ages && is_none(words->ages))
        one->minimum_age = one->maximum_age = 0;
    else if (words->ages)
        status = read_ages(words->ages, one, trouble);
    if (status == STATUS_OK && words->boys_age &&
        !take_back(words->boys_age, &one->boys_max_age, sizeof one->boys_max_age) &&
        (!read_number(words->boys_age, &one->boys_max_age, &rest) || *rest ||
            one->boys_max_age == 0 || one->boys_max_age > BOYS_AGE_MAX)) {
        trouble_say(
            trouble, "--boys-age is a number of years from 1 to %d", BOYS_AGE_MAX);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK && words->tele && is_none(words->tele)) {
        one->tele = CLAIM_NOTHING;
        one->utc_offset = 0;
    } else if (status == STATUS_OK && words->tele) {
        status = read_tele(words->tele, one, trouble);
    }
    return status;
}

enum status served_read(const struct served_words *words, struct eligibility *eligibility,
    struct served_texts *texts, struct trouble *trouble)
{
    enum status status = read_lists(words, eligibility, trouble);

    if (status == STATUS_OK)
        status = read_tolds(words, eligibility, trouble);
    if (status == STATUS_OK)
        status = read_numbers(words, eligibility, trouble);
    if (status == STATUS_OK && words->licence) {
        if (strlen(words->licence) >= sizeof texts->licence ||
            !text_is_clean(span_text(words->licence))) {
            trouble_say(trouble, "--licence has at most %d bytes of plain text",
                LICENCE_BYTES_MAX);
            return STATUS_MALFORMED;
        }
        memcpy(texts->licence, words->licence, strlen(words->licence) + 1);
    }
    if (status == STATUS_OK && words->protocol)
        status = read_protocol(words->protocol, eligibility, texts, trouble);
    eligibility->licence = texts->licence;
    eligibility->protocol = texts->protocol;
    return status;
}

enum status served_check_place(const struct profile *profile, struct trouble *trouble)
{
    const struct eligibility *one = &profile->eligibility;

    if (!profile_is_shelter(profile))
        return STATUS_OK;
    if (one->district == 0 &&
        (one->n_catchment == 0 || one->n_catchment >= CATCHMENT_SHELTER_MIN))
        return STATUS_OK;
    trouble_say(trouble,
        "%s is a shelter, and every member reads its profile: it has no --district, and "
        "a "
        "--catchment of at least %d districts or none. Its coordinator's --contact is "
        "how "
        "it is reached",
        profile->name, CATCHMENT_SHELTER_MIN);
    return STATUS_DENIED;
}

enum status served_check_protocol(
    const struct profile *profile, int64_t today, struct trouble *trouble)
{
    enum protocol_state state = eligibility_protocol(&profile->eligibility, today);

    if (state == PROTOCOL_SIGNED)
        return STATUS_OK;
    trouble_say(trouble,
        state == PROTOCOL_MISSING
            ? "%s has no signed sharing protocol: nobody is listed without one. Say "
              "which "
              "it signed, and its last day, with --protocol isp-1:2027-12-31"
            : "the sharing protocol of %s has run out: let it sign the new one, and say "
              "so "
              "with --protocol isp-1:2027-12-31",
        profile->name);
    return STATUS_DENIED;
}
