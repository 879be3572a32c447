/* SPDX-License-Identifier: Apache-2.0
 * One pass: each byte of HTML moves the position; each tag asks it whether it may stand there. Partials run through
 * the same position, so that a page may begin in one file and end in another.
 */
#include "template.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "position.h"

enum { PLOT_NAMES_MAX = 4 };

struct block {
    char kind; /* 'e'ach, 'i'f */
    bool has_else;
    struct position start;
};

struct maker {
    struct buffer *out;
    struct template_strings *strings;
    template_find *find;
    void *self;
    struct trouble *trouble;
    struct position now;
    struct block blocks[TEMPLATE_BLOCKS_MAX];
    size_t n_blocks, depth;
    struct buffer raw; /* HTML not yet emitted */
    enum status status;
};

struct source {
    const char *name;
    struct span text;
    size_t at, line, column;
};

static enum status refuse(
    struct maker *maker, const struct source *source, const char *what)
{
    if (maker->status != STATUS_OK)
        return maker->status;
    trouble_say(maker->trouble, "%s.html:%zu:%zu: %s", source->name, source->line,
        source->column, what);
    maker->status = STATUS_MALFORMED;
    return maker->status;
}

static void put(struct maker *maker, const char *text)
{
    if (maker->status == STATUS_OK)
        maker->status = buffer_put(maker->out, text, strlen(text));
}

static void put_quoted(struct maker *maker, const char *text)
{
    if (maker->status == STATUS_OK)
        maker->status = template_quote(maker->out, span_text(text));
}

enum status template_quote(struct buffer *out, struct span text)
{
    enum status status = buffer_put(out, "\"", 1);
    char octal[5];

    for (size_t i = 0; i < text.n && status == STATUS_OK; i++) {
        uint8_t c = text.at[i];

        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '?') {
            (void)snprintf(octal, sizeof(octal), "\\%03o", c);
            status = buffer_put(out, octal, 4);
        } else {
            status = buffer_put(out, &c, 1);
        }
    }
    return status == STATUS_OK ? buffer_put(out, "\"", 1) : status;
}

static void flush(struct maker *maker)
{
    char n[32];

    if (maker->raw.used == 0 || maker->status != STATUS_OK)
        return;
    put(maker, "    page_raw(&run, ");
    if (maker->status == STATUS_OK)
        maker->status = template_quote(maker->out, buffer_span(&maker->raw));
    (void)snprintf(n, sizeof(n), ", %zu);\n", maker->raw.used);
    put(maker, n);
    buffer_clear(&maker->raw);
}

static void keep(struct maker *maker, char c)
{
    if (maker->status == STATUS_OK)
        maker->status = buffer_put(&maker->raw, &c, 1);
}

/* ---- tags ---------------------------------------------------------------------------------------------- */

static enum status source_run(struct maker *maker, struct source *source);

static bool is_name(const char *name)
{
    size_t n = strlen(name);

    if (n == 0 || n >= TEMPLATE_WORD_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!html_is_word(name[i]) && name[i] != '.' && !(i == 0 && name[i] == '@'))
            return false;
    return true;
}

/* page_WHAT(&run, POSITION, "a", "b"); with b left away when NULL. */
static enum status put_value(struct maker *maker, const struct source *source,
    const char *what, const char *a, const char *b)
{
    bool is_flat = false;
    const char *wrong = position_of_value(&maker->now, &is_flat);

    if (wrong)
        return refuse(maker, source, wrong);
    flush(maker);
    put(maker, "    page_");
    put(maker, what);
    put(maker, "(&run, ");
    put(maker, is_flat ? "PAGE_FLAT, " : "PAGE_TEXT, ");
    put_quoted(maker, a);
    if (b) {
        put(maker, ", ");
        put_quoted(maker, b);
    }
    put(maker, ");\n");
    return maker->status;
}

static enum status put_link(
    struct maker *maker, const struct source *source, const char *what, const char *name)
{
    const char *wrong = position_of_link(&maker->now, strcmp(what, "asset") == 0);

    if (wrong)
        return refuse(maker, source, wrong);
    flush(maker);
    put(maker, "    page_");
    put(maker, what);
    put(maker, "(&run, ");
    put_quoted(maker, name);
    put(maker, ");\n");
    return maker->status;
}

/* The one script element that there is: of a file of ours, with nothing in it. */
static enum status put_script(
    struct maker *maker, const struct source *source, const char *name)
{
    bool is_flat = false;

    if (position_of_value(&maker->now, &is_flat) || is_flat)
        return refuse(maker, source, "{{script NAME}} stands between elements");
    flush(maker);
    put(maker, "    page_script(&run, ");
    put_quoted(maker, name);
    put(maker, ");\n");
    return maker->status;
}

static enum status remember(
    struct maker *maker, const struct source *source, const char *one, const char *plural)
{
    struct template_strings *strings = maker->strings;
    struct template_string *string;

    if (!*one || strlen(one) >= TEMPLATE_STRING_MAX ||
        strlen(plural) >= TEMPLATE_STRING_MAX)
        return refuse(maker, source, "the text to translate is empty or too long");
    for (size_t i = 0; i < strings->n; i++)
        if (strcmp(strings->at[i].one, one) == 0)
            return strcmp(strings->at[i].plural, plural) == 0
                       ? STATUS_OK
                       : refuse(maker, source, "this text has another plural elsewhere");
    if (strings->n == TEMPLATE_STRINGS_MAX)
        return refuse(maker, source, "too many texts: raise TEMPLATE_STRINGS_MAX");
    string = &strings->at[strings->n++];
    memcpy(string->one, one, strlen(one) + 1);
    memcpy(string->plural, plural, strlen(plural) + 1);
    return STATUS_OK;
}

/* {{t Text}} */
static enum status put_text(
    struct maker *maker, const struct source *source, const char *text)
{
    enum status status = remember(maker, source, text, "");

    return status == STATUS_OK ? put_value(maker, source, "say", text, NULL) : status;
}

/* {{n count One letter waits.|{count} letters wait.}} */
static enum status put_number(
    struct maker *maker, const struct source *source, char *rest)
{
    char *one = strchr(rest, ' ');
    char *plural = one ? strchr(one, '|') : NULL;
    enum status status;

    if (!plural)
        return refuse(
            maker, source, "write {{n count One letter waits.|{count} letters wait.}}");
    *one++ = 0;
    *plural++ = 0;
    if (!is_name(rest))
        return refuse(maker, source, "this is no name of a number");
    status = remember(maker, source, one, plural);
    if (status == STATUS_OK)
        status = put_value(maker, source, "say_number", rest, one);
    return status;
}

/* {{bars LIST KIND VALUE PART Title}}, {{track LIST Title}}, {{qr NAME Title}}: a picture stands where an element may. */
static enum status put_plot(struct maker *maker, const struct source *source,
    const char *what, size_t n_names, char *rest)
{
    char *names[PLOT_NAMES_MAX];
    bool is_flat = false;
    const char *wrong = position_of_value(&maker->now, &is_flat);

    if (wrong || is_flat)
        return refuse(maker, source, "a picture stands in text: put it between elements");
    for (size_t i = 0; i < n_names; i++) {
        names[i] = rest;
        rest = strchr(rest, ' ');
        if (!rest)
            return refuse(maker, source,
                "write {{bars list kind value part Title}}, {{track list Title}} or "
                "{{qr name Title}}");
        *rest++ = 0;
        if (!is_name(names[i]))
            return refuse(maker, source, "this is no name of a value");
    }
    if (remember(maker, source, rest, "") != STATUS_OK)
        return maker->status;
    flush(maker);
    put(maker, "    page_");
    put(maker, what);
    put(maker, "(&run, ");
    for (size_t i = 0; i < n_names; i++) {
        put_quoted(maker, names[i]);
        put(maker, ", ");
    }
    put_quoted(maker, rest);
    put(maker, ");\n");
    return maker->status;
}

static bool may_hold_blocks(struct maker *maker)
{
    if (position_end_word(&maker->now))
        keep(maker, ' ');
    return position_takes_blocks(&maker->now);
}

static enum status open_block(struct maker *maker, const struct source *source, char kind,
    const char *call, const char *name, const char *literal)
{
    if (!is_name(name))
        return refuse(maker, source, "this is no name of a value");
    if (!may_hold_blocks(maker))
        return refuse(
            maker, source, "a condition cannot stand here: put it around the element");
    if (maker->n_blocks == TEMPLATE_BLOCKS_MAX)
        return refuse(maker, source, "too many blocks one in the other");
    flush(maker);
    maker->blocks[maker->n_blocks++] = (struct block){.kind = kind, .start = maker->now};
    put(maker, kind == 'e' ? "    page_each(&run, " : "    if (");
    put(maker, call);
    put_quoted(maker, name);
    if (literal) {
        put(maker, ", ");
        put_quoted(maker, literal);
    }
    put(maker, kind == 'e' ? ");\n    while (page_next(&run)) {\n" : ")) {\n");
    return maker->status;
}

static enum status turn_block(struct maker *maker, const struct source *source, char kind)
{
    struct block *block = maker->n_blocks ? &maker->blocks[maker->n_blocks - 1] : NULL;
    bool is_else = kind == 'l';

    if (!block || (is_else ? block->kind != 'i' || block->has_else : block->kind != kind))
        return refuse(maker, source, "no block that this could end or turn is open");
    if (!may_hold_blocks(maker) || !position_is_same(&block->start, &maker->now))
        return refuse(maker, source,
            "the block ends in another position than it began: close tags and quotes in "
            "it");
    flush(maker);
    if (is_else)
        block->has_else = true;
    else
        maker->n_blocks--;
    put(maker, is_else ? "    } else {\n" : "    }\n");
    return maker->status;
}

static enum status put_part(
    struct maker *maker, const struct source *source, const char *name)
{
    struct source part = {.name = name, .line = 1, .column = 1};
    enum status status;

    if (!is_name(name) || !maker->find(maker->self, name, &part.text))
        return refuse(maker, source, "there is no partial of this name");
    if (!may_hold_blocks(maker))
        return refuse(maker, source, "a partial cannot stand here");
    if (maker->depth == TEMPLATE_PARTS_MAX)
        return refuse(maker, source, "partials stand too deep in each other");
    maker->depth++;
    status = source_run(maker, &part);
    maker->depth--;
    return status;
}

/* {{#is name "literal"}}, {{#is name other}} */
static enum status open_is(struct maker *maker, const struct source *source, char *rest)
{
    char *quote = strstr(rest, " \""), *blank = strchr(rest, ' ');
    size_t n = strlen(rest);

    if (blank && !quote && is_name(blank + 1)) {
        *blank = 0;
        return open_block(maker, source, 'i', "page_is_same(&run, ", rest, blank + 1);
    }
    if (!quote || rest[n - 1] != '"' || quote + 1 == rest + n - 1)
        return refuse(maker, source, "write {{#is name \"word\"}} or {{#is name other}}");
    rest[n - 1] = 0;
    *quote = 0;
    return open_block(maker, source, 'i', "page_is(&run, ", rest, quote + 2);
}

static char *behind(char *tag, const char *start)
{
    size_t n = strlen(start);

    return strncmp(tag, start, n) == 0 ? tag + n : NULL;
}

static enum status run_block_tag(
    struct maker *maker, const struct source *source, char *tag)
{
    char *rest;

    if ((rest = behind(tag, "#each ")))
        return open_block(maker, source, 'e', "", rest, NULL);
    if ((rest = behind(tag, "#if ")))
        return open_block(maker, source, 'i', "page_is_set(&run, ", rest, NULL);
    if ((rest = behind(tag, "#is ")))
        return open_is(maker, source, rest);
    if (strcmp(tag, "/each") == 0)
        return turn_block(maker, source, 'e');
    if (strcmp(tag, "/if") == 0 || strcmp(tag, "/is") == 0)
        return turn_block(maker, source, 'i');
    if (strcmp(tag, "else") == 0)
        return turn_block(maker, source, 'l');
    if ((rest = behind(tag, "> ")))
        return put_part(maker, source, rest);
    return STATUS_NOT_FOUND;
}

static enum status run_tag(struct maker *maker, const struct source *source, char *tag)
{
    static const char *const KINDS[] = {"ref", "day", "time"};
    enum status status = run_block_tag(maker, source, tag);
    char *rest, *name;

    if (status != STATUS_NOT_FOUND)
        return status;
    if ((rest = behind(tag, "t ")))
        return put_text(maker, source, rest);
    if ((rest = behind(tag, "n ")))
        return put_number(maker, source, rest);
    if ((rest = behind(tag, "bars ")))
        return put_plot(maker, source, "bars", PLOT_NAMES_MAX, rest);
    if ((rest = behind(tag, "track ")))
        return put_plot(maker, source, "track", 1, rest);
    if ((rest = behind(tag, "qr ")))
        return put_plot(maker, source, "qr", 1, rest);
    if ((rest = behind(tag, "path ")) && is_name(rest))
        return put_link(maker, source, "path", rest);
    if ((rest = behind(tag, "asset ")) && is_name(rest))
        return put_link(maker, source, "asset", rest);
    if ((rest = behind(tag, "script ")) && is_name(rest))
        return put_script(maker, source, rest);
    if ((rest = behind(tag, "code ")) && (name = strchr(rest, ' '))) {
        *name++ = 0;
        if (is_name(rest) && is_name(name))
            return put_value(maker, source, "code", rest, name);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(KINDS); i++)
        if ((rest = behind(tag, KINDS[i])) && *rest == ' ' && is_name(rest + 1))
            return put_value(maker, source, KINDS[i], rest + 1, NULL);
    if (is_name(tag))
        return put_value(maker, source, "value", tag, NULL);
    return refuse(maker, source, "this is no tag: docs/STYLE.md has the list");
}

/* ---- sources ------------------------------------------------------------------------------------------- */

static char next(struct source *source)
{
    char c = (char)source->text.at[source->at++];

    if (c == '\n') {
        source->line++;
        source->column = 1;
    } else {
        source->column++;
    }
    return c;
}

static bool starts(const struct source *source, const char *with)
{
    size_t n = strlen(with);

    return source->text.n - source->at >= n &&
           memcmp(source->text.at + source->at, with, n) == 0;
}

static enum status read_tag(struct maker *maker, struct source *source)
{
    char tag[2 * TEMPLATE_STRING_MAX + TEMPLATE_WORD_MAX];
    struct source begin = *source;
    size_t n = 0;

    source->at += 2;
    source->column += 2;
    while (source->at < source->text.n && n + 1 < sizeof(tag)) {
        char c;

        /* "{{t Hello {name}}}" ends with the last two. */
        if (starts(source, "}}") && !starts(source, "}}}")) {
            source->at += 2;
            source->column += 2;
            tag[n] = 0;
            return run_tag(maker, &begin, tag);
        }
        c = next(source);
        if ((uint8_t)c < 0x20 && c != '\n')
            return refuse(maker, &begin, "a control character in a tag");
        if (!(html_is_space(c) && n > 0 && html_is_space(tag[n - 1])))
            tag[n++] = c == '\n' ? ' ' : c;
    }
    return refuse(maker, &begin, "the tag has no end: write }}");
}

static enum status skip_comment(struct maker *maker, struct source *source)
{
    struct source begin = *source;

    while (source->at < source->text.n && !starts(source, "-->")) {
        if (starts(source, "{{"))
            return refuse(maker, source, "a tag in a comment: comments are dropped");
        (void)next(source);
    }
    if (source->at == source->text.n)
        return refuse(maker, &begin, "the comment has no end: write -->");
    source->at += 3;
    source->column += 3;
    return STATUS_OK;
}

static void skip_space(struct maker *maker, struct source *source)
{
    bool line = false;

    while (
        source->at < source->text.n && html_is_space((char)source->text.at[source->at]))
        line = next(source) == '\n' || line;
    if (!line || maker->raw.used == 0 || maker->raw.bytes[maker->raw.used - 1] != '\n')
        keep(maker, line ? '\n' : ' ');
}

static enum status source_run(struct maker *maker, struct source *source)
{
    while (source->at < source->text.n && maker->status == STATUS_OK) {
        enum place place = maker->now.place;
        struct source here = *source;
        const char *wrong;
        char c;

        if (starts(source, "{{")) {
            (void)read_tag(maker, source);
            continue;
        }
        if (place == PLACE_TEXT && starts(source, "<!--")) {
            (void)skip_comment(maker, source);
            continue;
        }
        if ((place == PLACE_TEXT || place == PLACE_IN_TAG) &&
            html_is_space((char)source->text.at[source->at])) {
            skip_space(maker, source);
            continue;
        }
        c = next(source);
        if ((uint8_t)c < 0x20 && !html_is_space(c))
            return refuse(maker, &here, "a control character: templates are plain text");
        keep(maker, c);
        wrong = position_move(&maker->now, c);
        if (wrong)
            return refuse(maker, &here, wrong);
    }
    return maker->status;
}

static bool is_template_name(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!html_is_word(*c) || *c == '-')
            return false;
    return *name && strlen(name) < TEMPLATE_WORD_MAX;
}

enum status template_compile(const char *name, struct span text, template_find *find,
    void *self, struct buffer *out, struct template_strings *strings,
    struct trouble *trouble)
{
    struct maker maker = {
        .out = out, .strings = strings, .find = find, .self = self, .trouble = trouble};
    struct source source = {.name = name, .text = text, .line = 1, .column = 1};

    PROMISE(is_template_name(name));
    if (text.n > TEMPLATE_BYTES_MAX)
        return refuse(&maker, &source, "the file is too long: make it two pages");
    buffer_init(&maker.raw, TEMPLATE_OUT_MAX);
    put(&maker, "\nenum status page_");
    put(&maker, name);
    put(&maker, "(struct buffer *out, const struct json *data,\n"
                "    const struct page_context *context)\n{\n    struct page_run run;\n\n"
                "    page_start(&run, out, data, context);\n");
    if (source_run(&maker, &source) == STATUS_OK &&
        (maker.n_blocks > 0 || maker.now.place != PLACE_TEXT))
        (void)refuse(
            &maker, &source, "the page ends inside a block, a tag or an element of text");
    flush(&maker);
    put(&maker, "    return page_end(&run);\n}\n");
    buffer_release(&maker.raw);
    if (maker.status == STATUS_TOO_BIG)
        trouble_say(trouble, "%s.html: the generated code is too big", name);
    return maker.status;
}
