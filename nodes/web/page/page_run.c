/* SPDX-License-Identifier: Apache-2.0
 * A name is looked for in the innermost list item first, then outwards; "a.b" goes down from there.
 */
#include "page_run.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "memory.h"

enum { NAME_MAX_BYTES = 64, NUMBER_BYTES = 24, DAY_BYTES = 10 };
#define DAY_FORMAT_BYTES 96

void page_put(struct page_run *run, const char *html)
{
    if (run->status == STATUS_OK)
        run->status = buffer_put(run->out, html, strlen(html));
}

void page_put_escaped(struct page_run *run, const char *text, size_t n)
{
    if (run->status == STATUS_OK)
        run->status = page_escape(run->out, span_of(text, n));
}

void page_start(struct page_run *run, struct buffer *out, const struct json *data,
    const struct page_context *context)
{
    *run = (struct page_run){.out = out, .context = context, .n_scopes = 1};
    run->scopes[0].here = data;
}

enum status page_end(struct page_run *run)
{
    if (run->context->count) {
        run->context->count->missing += run->count.missing;
        run->context->count->untranslated += run->count.untranslated;
    }
    return run->status;
}

void page_raw(struct page_run *run, const char *html, size_t n)
{
    if (run->status == STATUS_OK)
        run->status = buffer_put(run->out, html, n);
}

/* ---- finding ------------------------------------------------------------------------------------------- */

static const struct json *go_down(const struct json *from, const char *name)
{
    char part[NAME_MAX_BYTES + 1];

    while (from && *name) {
        size_t n = strcspn(name, ".");

        if (n > NAME_MAX_BYTES || json_kind(from) != JSON_OBJECT_KIND)
            return NULL;
        memcpy(part, name, n);
        part[n] = 0;
        from = json_find(from, part);
        name += n + (name[n] == '.');
    }
    return from;
}

const struct json *page_find(const struct page_run *run, const char *name)
{
    if (strcmp(name, ".") == 0)
        return run->scopes[run->n_scopes - 1].here;
    for (size_t i = run->n_scopes; i-- > 0;) {
        const struct json *found = go_down(run->scopes[i].here, name);

        if (found && json_kind(found) != JSON_NULL_KIND)
            return found;
    }
    return NULL;
}

/* What the context says, for names with '@'. */
static const char *find_context(const struct page_run *run, const char *name)
{
    const struct page_context *context = run->context;
    bool is_urdu = context->language == PAGE_URD;

    if (strcmp(name, "@lang") == 0)
        return is_urdu ? "ur" : "en";
    if (strcmp(name, "@dir") == 0)
        return context->language == PAGE_ENG ? "ltr" : "rtl";
    if (strcmp(name, "@token") == 0)
        return context->token;
    if (strcmp(name, "@key") == 0)
        return context->key;
    if (strcmp(name, "@path") == 0)
        return context->path;
    if (strcmp(name, "@theme") == 0)
        return context->theme ? context->theme : "";
    if (strcmp(name, "@practice") == 0)
        return context->practice ? "1" : "";
    if (strcmp(name, "@everywhere") == 0)
        return context->everywhere ? "1" : "";
    return NULL;
}

/* Text or number as text; NULL for what cannot be shown. */
static const char *find_text(
    const struct page_run *run, const char *name, char memory[static NUMBER_BYTES])
{
    const struct json *found;

    if (name[0] == '@')
        return find_context(run, name);
    found = page_find(run, name);
    switch (json_kind(found)) {
    case JSON_TEXT_KIND:
        return json_text(found);
    case JSON_INT_KIND:
        (void)snprintf(memory, NUMBER_BYTES, "%lld", (long long)json_int(found));
        return memory;
    case JSON_NULL_KIND:
    case JSON_OBJECT_KIND:
    case JSON_LIST_KIND:
    case JSON_FLAG_KIND:
    case JSON_REAL_KIND:
        break;
    }
    return NULL;
}

static const char *need_text(
    struct page_run *run, const char *name, char memory[static NUMBER_BYTES])
{
    const char *text = find_text(run, name, memory);

    if (!text)
        run->count.missing++;
    return text;
}

void page_each(struct page_run *run, const char *name)
{
    const struct json *list = name[0] == '@' ? NULL : page_find(run, name);

    PROMISE(run->n_scopes < PAGE_SCOPES_MAX);
    run->scopes[run->n_scopes++] =
        (struct page_scope){.list = json_kind(list) == JSON_LIST_KIND ? list : NULL};
}

bool page_next(struct page_run *run)
{
    struct page_scope *scope = &run->scopes[run->n_scopes - 1];

    if (run->status != STATUS_OK || scope->i >= json_count(scope->list)) {
        run->n_scopes--;
        return false;
    }
    scope->here = json_nth(scope->list, scope->i++);
    return true;
}

/* False flags inside an object cannot be told from absent ones by find: the innermost that has the name counts. */
bool page_is_set(struct page_run *run, const char *name)
{
    char memory[NUMBER_BYTES];
    const char *text;
    const struct json *found;

    if (name[0] == '@') {
        text = find_context(run, name);
        return text && *text;
    }
    found = page_find(run, name);
    switch (json_kind(found)) {
    case JSON_LIST_KIND:
    case JSON_OBJECT_KIND:
        return json_count(found) > 0;
    case JSON_FLAG_KIND: {
        struct json *box = json_new_object();
        struct json *copy = json_clone(found);
        bool value;

        json_give(box, "flag", &copy);
        value = json_find_flag(box, "flag");
        json_destroy(&box);
        return value;
    }
    case JSON_NULL_KIND:
    case JSON_TEXT_KIND:
    case JSON_INT_KIND:
    case JSON_REAL_KIND:
        break;
    }
    text = find_text(run, name, memory);
    return text && *text && strcmp(text, "0") != 0;
}

bool page_is(struct page_run *run, const char *name, const char *literal)
{
    char memory[NUMBER_BYTES];
    const char *text = find_text(run, name, memory);

    return text && strcmp(text, literal) == 0;
}

bool page_is_same(struct page_run *run, const char *name, const char *other)
{
    char memory[NUMBER_BYTES];
    const char *text = find_text(run, other, memory);

    return text && page_is(run, name, text);
}

/* ---- values -------------------------------------------------------------------------------------------- */

void page_value(struct page_run *run, enum page_position at, const char *name)
{
    char memory[NUMBER_BYTES];
    const char *text = need_text(run, name, memory);

    (void)at;
    if (text)
        page_put_escaped(run, text, strlen(text));
}

static void put_isolated(
    struct page_run *run, enum page_position at, const char *mark, const char *text)
{
    if (at == PAGE_TEXT)
        page_put(run, mark);
    page_put_escaped(run, text, strlen(text));
    if (at == PAGE_TEXT)
        page_put(run, "</bdi>");
}

void page_ref(struct page_run *run, enum page_position at, const char *name)
{
    char memory[NUMBER_BYTES];
    const char *text = need_text(run, name, memory);

    if (text)
        put_isolated(run, at, "<bdi dir=\"ltr\">", text);
}

/* The catalogue's word, or NULL; counted when it should be there. */
static const char *translate(
    struct page_run *run, const char *kind, const char *text, int64_t n)
{
    enum page_language language = run->context->language;
    const char *found;

    if (!kind && language != PAGE_URD)
        return NULL;
    found =
        page_catalogue_find(language == PAGE_PSEUDO ? PAGE_ENG : language, kind, text, n);
    if (!found)
        run->count.untranslated++;
    return found;
}

/* In the language of tests: what stands between these two is 40 % longer, as a translation may be. */
static void begin_pseudo(struct page_run *run)
{
    if (run->context->language == PAGE_PSEUDO)
        page_put(run, "[");
}

static void end_pseudo(struct page_run *run, const char *text)
{
    if (run->context->language != PAGE_PSEUDO)
        return;
    for (size_t i = 0; i < strlen(text) * 2 / 5; i++)
        page_put(run, i % 8 == 7 ? " " : "~");
    page_put(run, "]");
}

static void put_label(struct page_run *run, const char *label)
{
    begin_pseudo(run);
    page_put_escaped(run, label, strlen(label));
    end_pseudo(run, label);
}

void page_put_word(struct page_run *run, const char *kind, const char *word)
{
    const char *label = translate(run, kind, word, 1);

    put_label(run, label ? label : word);
}

void page_code(
    struct page_run *run, enum page_position at, const char *kind, const char *name)
{
    char memory[NUMBER_BYTES];
    const char *text = need_text(run, name, memory);
    const char *label = text ? translate(run, kind, text, 1) : NULL;

    if (label)
        put_label(run, label);
    else if (text)
        put_isolated(run, at, "<bdi>", text);
}

/* "24 November 2026", with the month's name from the catalogue. */
static void put_day(struct page_run *run, const char *text)
{
    char month[3] = {text[5], text[6], 0}, whole[DAY_FORMAT_BYTES];
    const char *label = translate(run, "month", month, 1);
    const char *day = text[8] == '0' ? text + 9 : text + 8;

    (void)snprintf(whole, sizeof(whole), "%.*s %s %.4s", (int)(text + 10 - day), day,
        label ? label : month, text);
    page_put_escaped(run, whole, strlen(whole));
}

/* The moment as Pakistan's day, or day and time; false: it is none, and nothing is printed. */
static bool put_clock(
    struct page_run *run, enum page_position at, const char *text, bool with_clock)
{
    char local[TIME_TEXT_BYTES], full[TIME_TEXT_BYTES];
    bool is_day = strlen(text) == DAY_BYTES;
    int64_t at_ms;

    (void)snprintf(full, sizeof(full), "%.20s%s", text, is_day ? "T00:00:00Z" : "");
    if (time_parse(full, &at_ms) != STATUS_OK || at_ms > TIME_MS_MAX - PAKISTAN_AHEAD_MS)
        return false;
    time_format(is_day ? at_ms : at_ms + PAKISTAN_AHEAD_MS, local);
    if (at == PAGE_TEXT)
        page_put(run, "<bdi class=\"day\">");
    put_day(run, local);
    if (with_clock && !is_day) {
        page_put(run, run->context->language == PAGE_URD ? "، " : ", ");
        page_put_escaped(run, local + 11, 5);
    }
    if (at == PAGE_TEXT)
        page_put(run, "</bdi>");
    return true;
}

static void put_moment(
    struct page_run *run, enum page_position at, const char *name, bool with_clock)
{
    char memory[NUMBER_BYTES];
    const char *text = need_text(run, name, memory);

    if (text && !put_clock(run, at, text, with_clock))
        put_isolated(run, at, "<bdi>", text);
}

void page_put_time(struct page_run *run, const char *text)
{
    if (!put_clock(run, PAGE_FLAT, text, true))
        page_put_escaped(run, text, strlen(text));
}

void page_day(struct page_run *run, enum page_position at, const char *name)
{
    put_moment(run, at, name, false);
}

void page_time(struct page_run *run, enum page_position at, const char *name)
{
    put_moment(run, at, name, true);
}

/* One piece of a path. A piece of dots only would go up, however it is written, so that it is not printed. */
void page_path(struct page_run *run, const char *name)
{
    static const char PLAIN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-_";
    char memory[NUMBER_BYTES], code[4];
    const char *text = need_text(run, name, memory);

    if (!text || strspn(text, ".") == strlen(text))
        return;
    for (; *text; text++) {
        if (strchr(PLAIN, *text))
            (void)snprintf(code, sizeof(code), "%c", *text);
        else
            (void)snprintf(code, sizeof(code), "%%%02X", (unsigned)(uint8_t)*text);
        page_put(run, code);
    }
}

void page_asset(struct page_run *run, const char *name)
{
    const struct page_asset *asset = page_asset_find(name);

    if (!asset) {
        run->count.missing++;
        return;
    }
    page_put(run, "/asset/");
    page_put(run, asset->hash);
    page_put(run, "/");
    page_put(run, asset->name);
}

void page_script(struct page_run *run, const char *name)
{
    page_put(run, "<script src=\"");
    page_asset(run, name);
    page_put(run, "\" defer></script>");
}

/* ---- texts --------------------------------------------------------------------------------------------- */

/* Words of ours, with {name} filled in. An unclosed brace is shown as it is. */
static void put_filled(struct page_run *run, enum page_position at, const char *text)
{
    char name[NAME_MAX_BYTES], memory[NUMBER_BYTES];

    while (*text) {
        size_t n = strcspn(text, "{");
        const char *end = text[n] ? strchr(text + n, '}') : NULL;
        const char *value;

        page_put_escaped(run, text, end ? n : strlen(text));
        if (!end || (size_t)(end - text) - n > sizeof(name))
            return;
        memcpy(name, text + n + 1, (size_t)(end - text) - n - 1);
        name[(size_t)(end - text) - n - 1] = 0;
        value = need_text(run, name, memory);
        if (value)
            put_isolated(run, at, "<bdi>", value);
        text = end + 1;
    }
}

static void put_words(
    struct page_run *run, enum page_position at, const char *text, const char *found)
{
    begin_pseudo(run);
    put_filled(run, at, found ? found : text);
    end_pseudo(run, text);
}

void page_say(struct page_run *run, enum page_position at, const char *text)
{
    put_words(run, at, text, translate(run, NULL, text, 1));
}

void page_say_number(
    struct page_run *run, enum page_position at, const char *name, const char *text)
{
    const struct json *found = page_find(run, name);
    int64_t n = json_kind(found) == JSON_INT_KIND ? json_int(found) : 0;
    const char *form = text;

    if (json_kind(found) != JSON_INT_KIND)
        run->count.missing++;
    for (size_t i = 0; n != 1 && i < PAGE_STRINGS_N; i++)
        if (strcmp(PAGE_STRINGS[i].one, text) == 0 && *PAGE_STRINGS[i].plural)
            form = PAGE_STRINGS[i].plural;
    put_words(run, at, form, translate(run, NULL, text, n));
}
