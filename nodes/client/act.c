/* SPDX-License-Identifier: Apache-2.0
 * Fields come from options of the same name, the reference is the word. A required field without its option is
 * misuse, and the codes that would do are shown.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "memory.h"
#include "print.h"
#include "request.h"

static int complain_missing(const struct order *order, const struct verb_argument *row)
{
    command_complain("%s: --%s is missing%s%s", order->verb->name, row->name,
        row->words ? "; one of: " : "", row->words ? row->words : "");
    return EX_USAGE;
}

static int fill_fields(const struct order *order, struct json *fields)
{
    for (const struct verb_argument *row = order->verb->arguments; row && row->name;
         row++) {
        const char *value = order_field(order, row->name);

        if (row->type == ARGUMENT_REFERENCE)
            continue;
        if (value)
            json_put_text(fields, row->name, value);
        else if (row->required)
            return complain_missing(order, row);
    }
    return EX_OK;
}

int act_run(struct order *order)
{
    struct json *fields = json_new_object();
    struct request request = {.verb = order->verb,
        .reference = order->arguments.n > 0 ? order->arguments.words[0] : NULL,
        .fields = fields,
        .timeout_ms = order->timeout_ms};
    struct reply reply = {0};
    int code = fill_fields(order, fields);

    if (code == EX_OK)
        code = request_run(order, &request, &reply);
    if (code == EX_OK) {
        const struct json *items = json_find(reply.json, "items");
        bool is_roster = strcmp(order->verb->name, "roster") == 0;

        if (strcmp(order->verb->name, "lock") == 0)
            (void)fprintf(stderr, "The node is locked.\n");
        else if (!order->json)
            print_answer(order->verb->name, reply.json);
        else if (items && !is_roster)
            print_lines(items);
        else
            print_line(reply.json);
    }
    reply_release(&reply);
    json_destroy(&fields);
    return code;
}
