/* SPDX-License-Identifier: Apache-2.0
 * Line by line; a value may stand in double quotes.
 */
#include "card.h"

#include <string.h>

#include "endpoint.h"
#include "memory.h"

enum { LINE_MAX_BYTES = 512 };

struct reading {
    struct card card;
    bool endpoint, key;
};

/* Cuts blanks at both ends. */
static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    for (size_t n = strlen(text); n > 0 && strchr(" \t\r", text[n - 1]); n--)
        text[n - 1] = 0;
    return text;
}

static char *unquote(char *text)
{
    size_t n = strlen(text);

    if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
        text[n - 1] = 0;
        return text + 1;
    }
    return text;
}

static enum status take_value(
    struct reading *reading, const char *name, const char *value, struct trouble *trouble)
{
    struct endpoint endpoint;

    if (strcmp(name, "endpoint") == 0 && !reading->endpoint &&
        strlen(value) < CARD_ENDPOINT_BYTES) {
        enum status status = endpoint_parse(value, &endpoint, trouble);

        if (status != STATUS_OK)
            return status;
        memcpy(reading->card.endpoint, value, strlen(value) + 1);
        reading->endpoint = true;
        return STATUS_OK;
    }
    if (strcmp(name, "key") == 0 && !reading->key &&
        strlen(value) == 2 * CARD_KEY_BYTES &&
        hex_parse(value, reading->card.key, CARD_KEY_BYTES) == STATUS_OK) {
        reading->key = true;
        return STATUS_OK;
    }
    trouble_say(trouble, "it is to hold \"endpoint\" and \"key\" (64 hex digits) once "
                         "each, and nothing else");
    return STATUS_MALFORMED;
}

static enum status read_line(
    struct reading *reading, struct span line, struct trouble *trouble)
{
    char text[LINE_MAX_BYTES];

    if (line.n >= sizeof(text) || (line.n > 0 && memchr(line.at, 0, line.n))) {
        trouble_say(trouble, "it is too long or holds a NUL");
        return STATUS_MALFORMED;
    }
    if (line.n > 0)
        memcpy(text, line.at, line.n);
    text[line.n] = 0;
    char *start = trim(text);
    if (!*start || *start == '#')
        return STATUS_OK;
    char *equals = strchr(start, '=');
    if (!equals) {
        trouble_say(trouble, "it is no \"name = value\"");
        return STATUS_MALFORMED;
    }
    *equals = 0;
    return take_value(reading, trim(start), unquote(trim(equals + 1)), trouble);
}

enum status card_parse(struct span text, struct card *ret, struct trouble *trouble)
{
    struct reading reading = {.endpoint = false};

    if (text.n > CARD_BYTES_MAX) {
        trouble_say(trouble, "the exchange's card is too long");
        return STATUS_MALFORMED;
    }
    for (int number = 1; text.n > 0; number++) {
        const uint8_t *end = memchr(text.at, '\n', text.n);
        size_t n = end ? (size_t)(end - text.at) : text.n;
        enum status status = read_line(&reading, span_of(text.at, n), trouble);

        if (status != STATUS_OK) {
            trouble_prefix(trouble, "line %d of the exchange's card", number);
            return STATUS_MALFORMED;
        }
        n += end != NULL;
        text = span_of(text.at + n, text.n - n);
    }
    if (!reading.endpoint || !reading.key) {
        trouble_say(trouble, "the exchange's card lacks its \"%s\"",
            reading.endpoint ? "key" : "endpoint");
        return STATUS_MALFORMED;
    }
    *ret = reading.card;
    return STATUS_OK;
}
