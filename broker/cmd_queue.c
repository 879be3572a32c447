/* SPDX-License-Identifier: Apache-2.0
 *
 * queue: mailboxes with mail or a session, by node id: an exchange knows no names.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "ask.h"
#include "commands.h"

static const char *describe(const struct json *row)
{
    if (!json_find_flag(row, "connected"))
        return "away";
    return json_find_flag(row, "locked") ? "connected, was locked when it called"
                                         : "connected";
}

static void print_queue(const struct json *queue)
{
    const struct json *list = json_find(queue, "mailboxes");

    (void)printf("%-32s %9s %12s %-20s %7s %s\n", "node", "envelopes", "bytes",
        "oldest (hour)", "silent", "line");
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *row = json_nth(list, i);
        const char *oldest = json_find_text(row, "oldest_hour");
        int64_t silence_days = json_find_int(row, "silence_days");
        char silence[32] = "-";

        if (silence_days > 0)
            (void)snprintf(silence, sizeof silence, "%" PRId64 " d", silence_days);
        (void)printf("%-32s %9" PRId64 " %12" PRId64 " %-20s %7s %s\n",
            json_find_text(row, "node_id"), json_find_int(row, "envelopes"),
            json_find_int(row, "bytes"), oldest ? oldest : "-", silence, describe(row));
    }
}

static int run_queue(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct home home;
    struct trouble trouble = {.text = ""};
    struct json *json = NULL;
    int code = EX_OK;

    if (!ask_parse(command, argc, argv, 0, &arguments, &home, &code))
        return code;
    enum status status =
        ask(&home, "/v1/queue", span_of(NULL, 0), ASK_QUICK_MS, &json, &trouble);
    if (status)
        code = ask_fail(status, &trouble);
    else if (arguments_flag(&arguments, "json"))
        ask_print_json(json);
    else
        print_queue(json);
    json_destroy(&json);
    home_release(&home);
    return code;
}

static const struct option_row OPTIONS[] = {
    ASK_HOME_OPTION,
    ASK_JSON_OPTION,
    {NULL, 0, NULL, NULL, false},
};

const struct command CMD_QUEUE = {
    .name = "queue",
    .summary = "mailboxes with mail or a session",
    .arguments = "",
    .examples = "amaan-broker queue --home /var/lib/amaan-broker\n",
    .options = OPTIONS,
    .run = run_queue,
};
