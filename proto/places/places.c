/* SPDX-License-Identifier: Apache-2.0
 * One line at a time, cut at its commas. The index has a cell a number, so a find costs nothing.
 */
#include "places.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "places.data.h"

enum { PROVINCES = 7, IN_A_PROVINCE = 100 };

bool place_code_is_valid(unsigned code)
{
    return code / IN_A_PROVINCE >= 1 && code / IN_A_PROVINCE <= PROVINCES &&
           code % IN_A_PROVINCE != 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum status place_code_parse(const char *text, uint16_t *ret)
{
    unsigned code;

    if (strlen(text) != PLACE_CODE_BYTES - 1 || text[0] != 'P' || text[1] != 'K' ||
        !is_digit(text[2]) || !is_digit(text[3]) || !is_digit(text[4]))
        return STATUS_MALFORMED;
    code = (unsigned)(text[2] - '0') * 100 + (unsigned)(text[3] - '0') * 10 +
           (unsigned)(text[4] - '0');
    if (!place_code_is_valid(code))
        return STATUS_MALFORMED;
    *ret = (uint16_t)code;
    return STATUS_OK;
}

void place_code_format(unsigned code, char ret[static PLACE_CODE_BYTES])
{
    PROMISE(place_code_is_valid(code));
    (void)snprintf(ret, PLACE_CODE_BYTES, "PK%03u", code % PLACE_NUMBERS);
}

enum nearness place_nearness(unsigned a, unsigned b)
{
    PROMISE(place_code_is_valid(a) && place_code_is_valid(b));
    if (a == b)
        return NEARNESS_DISTRICT;
    return a / IN_A_PROVINCE == b / IN_A_PROVINCE ? NEARNESS_PROVINCE
                                                  : NEARNESS_ELSEWHERE;
}

const struct place *places_find(const struct places *places, unsigned code)
{
    if (code >= PLACE_NUMBERS || places->index[code] == 0)
        return NULL;
    return &places->list[places->index[code] - 1];
}

/* ---- reading ---- */

struct lines {
    struct span left;
    unsigned number; /* of the line that was asked for last */
};

/* The next line without its line feed; false at the end, or if the last one lacks it. */
static bool next_line(struct lines *lines, struct span *ret)
{
    const uint8_t *end =
        lines->left.n > 0 ? memchr(lines->left.at, '\n', lines->left.n) : NULL;

    lines->number++;
    if (!end)
        return false;
    *ret = span_of(lines->left.at, (size_t)(end - lines->left.at));
    lines->left = span_of(end + 1, lines->left.n - ret->n - 1);
    return true;
}

/* What stands before the next comma, or to the end, as text; the comma is taken, too. */
static bool take_field(struct span *line, char *ret, size_t size)
{
    const uint8_t *comma = line->n > 0 ? memchr(line->at, ',', line->n) : NULL;
    size_t n = comma ? (size_t)(comma - line->at) : line->n;
    struct span field = span_of(line->at, n);

    if (n == 0 || n >= size || memchr(field.at, '"', n) || memchr(field.at, '\r', n) ||
        !text_is_clean(field))
        return false;
    memcpy(ret, field.at, n);
    ret[n] = '\0';
    *line = span_of(line->at + n, line->n - n);
    if (comma)
        *line = span_of(line->at + 1, line->n - 1);
    return true;
}

static bool read_head(struct lines *lines, const char *name, char *ret, size_t size)
{
    struct span line;
    char word[PLACE_NAME_BYTES];

    return next_line(lines, &line) && take_field(&line, word, sizeof word) &&
           strcmp(word, name) == 0 && take_field(&line, ret, size) && line.n == 0;
}

static bool read_version(struct lines *lines, uint32_t *ret)
{
    char text[10];
    uint32_t version = 0;

    if (!read_head(lines, "version", text, sizeof text))
        return false;
    for (const char *at = text; *at; at++) {
        if (!is_digit(*at))
            return false;
        version = version * 10 + (uint32_t)(*at - '0');
    }
    *ret = version;
    return version > 0;
}

static bool is_day(const char *text)
{
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && !is_digit(text[i]))
            return false;
    return true;
}

static bool read_heads(struct lines *lines, struct places *ret)
{
    static const char columns[] = "code,district,province";
    struct span line;

    return read_head(lines, "source", ret->source, sizeof ret->source) &&
           read_version(lines, &ret->version) &&
           read_head(lines, "day", ret->day, sizeof ret->day) && is_day(ret->day) &&
           next_line(lines, &line) && span_equal(line, span_text(columns));
}

static bool read_place(struct span line, struct places *ret)
{
    struct place *place = &ret->list[ret->n];
    char code[PLACE_CODE_BYTES];

    if (!take_field(&line, code, sizeof code) || place_code_parse(code, &place->code) ||
        !take_field(&line, place->name, sizeof place->name) ||
        !take_field(&line, place->province, sizeof place->province) || line.n != 0)
        return false;
    if (ret->n > 0 && ret->list[ret->n - 1].code >= place->code)
        return false;
    ret->n++;
    ret->index[place->code] = (uint16_t)ret->n;
    return true;
}

enum status places_parse(struct span csv, struct places *ret, struct trouble *trouble)
{
    struct places *places = memory_new(sizeof *places);
    struct lines lines = {csv, 0};
    struct span line;
    enum status status = STATUS_MALFORMED;
    bool good = read_heads(&lines, places);

    while (good && places->n < PLACES_MAX && next_line(&lines, &line))
        good = read_place(line, places);
    if (good && places->n == PLACES_MAX && lines.left.n > 0)
        status = STATUS_TOO_BIG;
    else if (good && places->n > 0 && lines.left.n == 0)
        status = STATUS_OK;
    if (status == STATUS_OK)
        *ret = *places;
    else
        trouble_say(trouble, "the list of places is damaged in line %u", lines.number);
    memory_free(places);
    return status;
}

void places_load(struct places *ret)
{
    struct trouble trouble = {""};

    if (places_parse(span_of(PLACES, PLACES_BYTES), ret, &trouble) != STATUS_OK)
        BUG("the embedded list of places");
}
