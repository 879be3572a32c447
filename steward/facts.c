/* SPDX-License-Identifier: Apache-2.0
 * A comma goes before everything but the first; depth is counted for indentation only.
 */
#include "facts.h"

#include <string.h>

#include "clock.h"
#include "memory.h"

/* A letter as it may be shown: what is no text at all, such as a file's odd name, is shown as '?'. */
static int shown(unsigned char letter, bool is_text)
{
    return letter >= 0x80 && !is_text ? '?' : letter;
}

static void put_json_text(FILE *out, const char *text)
{
    bool is_text = text_is_clean(span_text(text));

    (void)fputc('"', out);
    for (; *text; text++) {
        unsigned char letter = (unsigned char)*text;

        if (letter == '"' || letter == '\\')
            (void)fprintf(out, "\\%c", letter);
        else if (letter < 0x20 || letter == 0x7f)
            (void)fprintf(out, "\\u%04x", letter);
        else
            (void)fputc(shown(letter, is_text), out);
    }
    (void)fputc('"', out);
}

/* Profiles come from another steward's machine: no text in them may look like a line of ours. */
static void put_plain_text(FILE *out, const char *text)
{
    bool is_text = text_is_clean(span_text(text));

    for (; *text; text++) {
        unsigned char letter = (unsigned char)*text;

        if (letter == '\n')
            (void)fputs("\\n", out);
        else if (letter < 0x20 || letter == 0x7f)
            (void)fputc('?', out);
        else
            (void)fputc(shown(letter, is_text), out);
    }
}

static void put_plain_name(FILE *out, const char *name)
{
    for (; *name; name++)
        (void)fputc(*name == '_' ? ' ' : *name, out);
}

/* Everything before a value. */
static void begin_item(struct facts *facts, const char *name)
{
    if (facts->json) {
        if (!facts->first)
            (void)fputc(',', facts->out);
        if (name) {
            put_json_text(facts->out, name);
            (void)fputc(':', facts->out);
        }
    } else {
        (void)fprintf(facts->out, "%*s", 2 * facts->depth, "");
        if (name) {
            put_plain_name(facts->out, name);
            (void)fputs(": ", facts->out);
        }
    }
    facts->first = false;
}

void facts_begin(struct facts *facts, FILE *out, bool json)
{
    *facts = (struct facts){.out = out, .json = json, .first = true};
    if (json)
        (void)fputc('{', out);
}

void facts_end(struct facts *facts)
{
    PROMISE(facts->depth == 0);
    if (facts->json)
        (void)fputs("}\n", facts->out);
}

static void open_group(struct facts *facts, const char *name, char mark)
{
    if (facts->json) {
        begin_item(facts, name);
        (void)fputc(mark, facts->out);
    } else if (name) {
        (void)fprintf(facts->out, "%*s", 2 * facts->depth, "");
        put_plain_name(facts->out, name);
        (void)fputs(":\n", facts->out);
    } else {
        (void)fprintf(facts->out, "%*s-\n", 2 * facts->depth, "");
    }
    facts->depth++;
    facts->first = true;
}

static void close_group(struct facts *facts, char mark)
{
    facts->depth--;
    facts->first = false;
    if (facts->json)
        (void)fputc(mark, facts->out);
}

void facts_open(struct facts *facts, const char *name)
{
    open_group(facts, name, '{');
}

void facts_close(struct facts *facts)
{
    close_group(facts, '}');
}

void facts_open_list(struct facts *facts, const char *name)
{
    open_group(facts, name, '[');
}

void facts_close_list(struct facts *facts)
{
    close_group(facts, ']');
}

void facts_text(struct facts *facts, const char *name, const char *value)
{
    begin_item(facts, name);
    if (facts->json) {
        put_json_text(facts->out, value);
    } else {
        put_plain_text(facts->out, value);
        (void)fputc('\n', facts->out);
    }
}

void facts_number(struct facts *facts, const char *name, uint64_t value)
{
    begin_item(facts, name);
    (void)fprintf(facts->out, facts->json ? "%llu" : "%llu\n", (unsigned long long)value);
}

void facts_flag(struct facts *facts, const char *name, bool value)
{
    begin_item(facts, name);
    if (facts->json)
        (void)fputs(value ? "true" : "false", facts->out);
    else
        (void)fputs(value ? "yes\n" : "no\n", facts->out);
}

void facts_time(struct facts *facts, const char *name, int64_t wall_ms)
{
    char text[TIME_TEXT_BYTES];

    time_format(wall_ms, text);
    facts_text(facts, name, text);
}

void facts_ident(struct facts *facts, const char *name, const struct ident *ident)
{
    char text[IDENT_TEXT_BYTES];

    ident_format(ident, text);
    facts_text(facts, name, text);
}

void facts_hex(struct facts *facts, const char *name, const void *bytes, size_t n)
{
    char text[129];

    PROMISE(n <= 64);
    hex_format(bytes, n, text);
    facts_text(facts, name, text);
}
