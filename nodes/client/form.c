/* SPDX-License-Identifier: Apache-2.0
 * Fields come from a JSON object in the file that is the command's last word, if the verb has such a word and it was
 * given; options of the same names replace what it says. A word CSV is a file that goes as it is, as field "csv". The
 * node judges the fields.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "input.h"
#include "memory.h"
#include "print.h"
#include "request.h"

enum { FORM_TEXT_MAX = 65536, CSV_TEXT_MAX = 49152 };

static int fit_exit_code(enum status status)
{
    return status == STATUS_NOT_FOUND || status == STATUS_DENIED ? EX_NOINPUT
           : status == STATUS_IO                                 ? EX_IOERR
                                                                 : EX_DATAERR;
}

static bool has_reference(const struct order *order)
{
    return strchr(order->verb->path, '{') != NULL;
}

static bool is_csv(const struct order *order)
{
    return strcmp(order->verb->words, "CSV") == 0;
}

/* NULL: no file was given. */
static const char *file_of(const struct order *order)
{
    int at = has_reference(order) ? 1 : 0;

    return (strstr(order->verb->words, "FILE") || is_csv(order)) &&
                   order->arguments.n > at
               ? order->arguments.words[at]
               : NULL;
}

/* Some editors put the mark U+FEFF before everything. */
static struct span skip_mark(struct span text)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};

    return text.n >= sizeof(mark) && memcmp(text.at, mark, sizeof(mark)) == 0
               ? span_of(text.at + sizeof(mark), text.n - sizeof(mark))
               : text;
}

static int read_form(const char *path, struct json **ret)
{
    struct trouble trouble = {""};
    struct json *json = NULL;
    struct buffer text;

    if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO))
        (void)fprintf(stderr, "Type the fields as JSON; Ctrl-D ends it.\n");
    buffer_init(&text, FORM_TEXT_MAX);
    enum status status = input_read(path, &text, &trouble);
    if (status == STATUS_OK) {
        status =
            json_parse(skip_mark(buffer_span(&text)), FORM_TEXT_MAX, &json, &trouble);
        if (status == STATUS_OK && json_kind(json) != JSON_OBJECT_KIND) {
            trouble_say(&trouble, "it is to be one JSON object");
            status = STATUS_MALFORMED;
        }
        if (status != STATUS_OK)
            trouble_prefix(
                &trouble, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
    }
    buffer_release(&text);
    if (status == STATUS_OK) {
        *ret = json;
        return EX_OK;
    }
    command_complain("%s. Nothing was changed", trouble.text);
    json_destroy(&json);
    return fit_exit_code(status);
}

static int read_csv(const char *path, struct json **ret)
{
    struct trouble trouble = {""};
    struct buffer text;

    buffer_init(&text, CSV_TEXT_MAX);
    enum status status = input_read(path, &text, &trouble);
    if (status == STATUS_OK) {
        *ret = json_new_object();
        json_put_span(*ret, "csv", buffer_span(&text));
    } else {
        command_complain("%s. Nothing was changed", trouble.text);
    }
    buffer_release(&text);
    return status == STATUS_OK ? EX_OK : fit_exit_code(status);
}

/* "pus,urd" as a list; a word beyond the size is cut, and refused by the node. */
static void put_list(struct json *fields, const char *name, const char *text)
{
    struct json *list = json_new_list();
    char word[40];

    while (*text) {
        size_t n = strcspn(text, ",");

        (void)snprintf(word, sizeof(word), "%.*s", (int)n, text);
        json_add_text(list, word);
        text += n;
        text += *text == ',';
    }
    json_give(fields, name, &list);
}

static int put_options(const struct order *order, struct json *fields)
{
    for (const struct verb_argument *row = order->verb->arguments; row && row->name;
         row++) {
        int64_t number = 0;

        if (row->type == ARGUMENT_REFERENCE || !order_has_option(order->verb, row->name))
            continue;
        const char *value = order_field(order, row->name);
        if (row->type == ARGUMENT_FLAG) {
            if (arguments_flag(&order->arguments, row->name))
                json_put_flag(fields, row->name, true);
        } else if (value && row->type == ARGUMENT_NUMBER) {
            if (input_number(value, 0, INT32_MAX, &number) != STATUS_OK) {
                command_complain(
                    "%s: --%s takes a whole number", order->verb->name, row->name);
                return EX_USAGE;
            }
            json_put_int(fields, row->name, number);
        } else if (value && row->type == ARGUMENT_LANGUAGES) {
            put_list(fields, row->name, value);
        } else if (value) {
            json_put_text(fields, row->name, value);
        }
    }
    return EX_OK;
}

static void print_reply(const struct order *order, const struct json *json)
{
    const struct json *items = json_find(json, "items");

    if (!order->json)
        print_answer(order->verb->name, json);
    else if (items)
        print_lines(items);
    else
        print_line(json);
}

int form_run(struct order *order)
{
    const char *file = file_of(order);
    struct json *fields = NULL;
    struct reply reply = {0};
    int code = EX_OK;

    if (file)
        code = is_csv(order) ? read_csv(file, &fields) : read_form(file, &fields);
    else
        fields = json_new_object();
    if (code == EX_OK)
        code = put_options(order, fields);
    if (code == EX_OK) {
        struct request request = {.verb = order->verb,
            .reference = has_reference(order) ? order->arguments.words[0] : NULL,
            .fields = fields,
            .timeout_ms = order->timeout_ms};

        /* Reading may have waited for a person: the time begins now. */
        order->deadline_ms = clock_steady_ms(order->clock) + order->timeout_ms;
        code = request_run(order, &request, &reply);
    }
    if (code == EX_OK)
        print_reply(order, reply.json);
    reply_release(&reply);
    json_destroy(&fields);
    return code;
}
