/* SPDX-License-Identifier: Apache-2.0 */
#include "web_fields.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "page.h"

enum { WORD_BYTES = 64, JOINED_BYTES = 4096, DIGITS_MAX = 15, LOCAL_TIME_LENGTH = 16 };

static enum status refuse(struct trouble *trouble, const char *name, const char *what)
{
    trouble_say(trouble, "The field \"%.60s\" %s. Nothing was changed", name, what);
    return STATUS_MALFORMED;
}

static bool is_own(const char *name)
{
    return strcmp(name, WEB_FIELD_FORM) == 0 || strcmp(name, WEB_FIELD_KEY) == 0 ||
           strcmp(name, WEB_FIELD_BACK) == 0 || strcmp(name, WEB_FIELD_EACH) == 0;
}

static enum status put_number(
    struct json *to, const char *name, const char *value, struct trouble *trouble)
{
    int64_t number = 0;
    size_t n = strlen(value);

    if (n > DIGITS_MAX || strspn(value, "0123456789") != n)
        return refuse(trouble, name, "is to be a number");
    for (; *value; value++)
        number = number * 10 + (*value - '0');
    json_put_int(to, name, number);
    return STATUS_OK;
}

static enum status put_flag(
    struct json *to, const char *name, const char *value, struct trouble *trouble)
{
    bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0)
        return refuse(trouble, name, "is to be yes or no");
    json_put_flag(to, name, yes);
    return STATUS_OK;
}

/* As a browser's field for a local time gives it, or whole and in UTC. */
static enum status put_time(
    struct json *to, const char *name, const char *value, struct trouble *trouble)
{
    char whole[TIME_TEXT_BYTES], utc[TIME_TEXT_BYTES];
    int64_t at_ms;

    (void)snprintf(whole, sizeof(whole), "%.*s:00Z", LOCAL_TIME_LENGTH, value);
    if (strlen(value) != LOCAL_TIME_LENGTH) {
        json_put_text(to, name, value);
        return STATUS_OK;
    }
    if (time_parse(whole, &at_ms) != STATUS_OK || at_ms < PAKISTAN_AHEAD_MS)
        return refuse(trouble, name, "is to be a day and a time");
    time_format(at_ms - PAKISTAN_AHEAD_MS, utc);
    json_put_text(to, name, utc);
    return STATUS_OK;
}

/* Words behind those that are there. */
static enum status put_list(
    struct json *to, const char *name, const char *value, struct trouble *trouble)
{
    struct json *list =
        json_find(to, name) ? json_clone(json_find(to, name)) : json_new_list();
    char word[WORD_BYTES];
    enum status status = STATUS_OK;

    while (status == STATUS_OK && *(value += strspn(value, " ,"))) {
        size_t n = strcspn(value, " ,");

        if (n >= sizeof(word))
            status = refuse(trouble, name, "holds a word that is too long");
        (void)snprintf(word, sizeof(word), "%.*s", (int)n, value);
        json_add_text(list, word);
        value += n;
    }
    json_give(to, name, &list);
    return status;
}

/* A text that comes several times is one of words, as boxes give them that are ticked. */
static enum status put_text(struct json *to, const struct verb_argument *row,
    const char *name, const char *value, struct trouble *trouble)
{
    const char *before = json_find_text(to, name);
    char joined[JOINED_BYTES];

    if (!before) {
        json_put_text(to, name, value);
        return STATUS_OK;
    }
    if (row->type != ARGUMENT_TEXT || strlen(before) + strlen(value) + 2 > sizeof(joined))
        return refuse(trouble, name, "comes too often");
    (void)snprintf(joined, sizeof(joined), "%s %s", before, value);
    json_put_text(to, name, joined);
    return STATUS_OK;
}

static enum status put_row(struct json *to, const struct verb_argument *row,
    const char *value, struct trouble *trouble)
{
    if (row->type == ARGUMENT_LANGUAGES)
        return put_list(to, row->name, value, trouble);
    if (row->type == ARGUMENT_OBJECT)
        return refuse(trouble, row->name, "is given in parts");
    if (row->type != ARGUMENT_NUMBER && row->type != ARGUMENT_FLAG &&
        row->type != ARGUMENT_TIME)
        return put_text(to, row, row->name, value, trouble);
    if (json_find(to, row->name))
        return refuse(trouble, row->name, "comes twice");
    if (row->type == ARGUMENT_TIME)
        return put_time(to, row->name, value, trouble);
    return row->type == ARGUMENT_NUMBER ? put_number(to, row->name, value, trouble)
                                        : put_flag(to, row->name, value, trouble);
}

/* "consent.how" into the object "consent". */
static enum status put_part(const struct verb *verb, struct json *fields,
    const char *name, const char *value, struct trouble *trouble)
{
    const struct verb_argument *part = verb_part(verb, name);
    char whole[WORD_BYTES];
    struct json *object;
    enum status status;

    if (!part)
        return refuse(trouble, name, "is not known here");
    (void)snprintf(whole, sizeof(whole), "%.*s", (int)strcspn(name, "."), name);
    object = json_find(fields, whole) ? json_clone(json_find(fields, whole))
                                      : json_new_object();
    status = put_row(object, part, value, trouble);
    json_give(fields, whole, &object);
    return status;
}

enum status web_fields_put(const struct verb *verb, struct json *fields, const char *name,
    const char *value, struct trouble *trouble)
{
    const struct verb_argument *row = verb_argument(verb, name);

    if (!*value && (row || strchr(name, '.')))
        return STATUS_OK;
    return row ? put_row(fields, row, value, trouble)
               : put_part(verb, fields, name, value, trouble);
}

enum status web_fields_read(const struct verb *verb, const struct web_form *form,
    struct json *fields, struct trouble *trouble)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < form->n_fields; i++)
        if (!is_own(form->fields[i].name))
            status = web_fields_put(
                verb, fields, form->fields[i].name, form->fields[i].value, trouble);
    return status;
}

enum status web_fields_put_each(const struct verb *verb, struct json *fields,
    const char *each, struct trouble *trouble)
{
    char name[WORD_BYTES], value[WORD_BYTES];
    enum status status = STATUS_OK;

    while (status == STATUS_OK && *(each += strspn(each, " "))) {
        size_t n = strcspn(each, " "), before = strcspn(each, "= ");

        if (before >= n || before >= sizeof(name) || n - before > sizeof(value))
            return refuse(trouble, WEB_FIELD_EACH, "is to be pairs of name and value");
        (void)snprintf(name, sizeof(name), "%.*s", (int)before, each);
        (void)snprintf(
            value, sizeof(value), "%.*s", (int)(n - before - 1), each + before + 1);
        status = web_fields_put(verb, fields, name, value, trouble);
        each += n;
    }
    return status;
}

/* How many fields of this name stand before it. */
static size_t count_before(const struct web_form *form, size_t i)
{
    size_t n = 0;

    for (size_t j = 0; j < i; j++)
        n += strcmp(form->fields[j].name, form->fields[i].name) == 0;
    return n;
}

/* The first of a name under its name, the second under NAME_2. */
static void put_said(struct json *said, const struct verb_argument *row,
    const struct web_form *form, size_t i)
{
    size_t before = count_before(form, i);
    char name[WORD_BYTES];

    if (!row || row->type == ARGUMENT_SECRET || before >= WEB_FORM_FIELDS_MAX)
        return;
    (void)snprintf(name, sizeof(name), "%.48s", row->name);
    if (before > 0)
        (void)snprintf(name, sizeof(name), "%.48s_%u", row->name, (unsigned)before + 1);
    json_put_text(said, name, form->fields[i].value);
}

struct json *web_fields_said(const struct verb *verb, const struct web_form *form)
{
    struct json *said = json_new_object(), *consent = json_new_object();

    for (size_t i = 0; i < form->n_fields; i++) {
        const char *name = form->fields[i].name;

        put_said(said, verb_argument(verb, name), form, i);
        put_said(consent, verb_part(verb, name), form, i);
    }
    if (json_count(consent) > 0)
        json_give(said, "consent", &consent);
    json_destroy(&consent);
    return said;
}
