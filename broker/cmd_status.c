/* SPDX-License-Identifier: Apache-2.0
 *
 * status: what the running exchange holds and does, in counts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "ask.h"
#include "commands.h"

static void print_warnings(const struct json *status)
{
    if (json_find_int(status, "root_version") == 0)
        (void)printf("Nobody can connect: no root and roster are loaded (amaan-broker "
                     "roster load).\n");
    if (json_find_flag(status, "refusing_disk"))
        (void)printf("The disk is too full: new envelopes are refused. What waits is "
                     "still delivered.\n");
    if (json_find_flag(status, "forked"))
        (void)printf("ALARM: two different signed documents of one version exist. Call "
                     "the stewards.\n");
    if (json_find_flag(status, "draining"))
        (void)printf("It is ending.\n");
}

static void print_status(const struct json *status)
{
    const struct json *counts = json_find(status, "since_start");
    const char *expires = json_find_text(status, "roster_expires");
    const char *oldest = json_find_text(status, "oldest_hour");

    (void)printf("endpoint   %s\n", json_find_text(status, "endpoint"));
    (void)printf("roster     version %" PRId64 ", %" PRId64 " members%s%s\n",
        json_find_int(status, "roster_version"), json_find_int(status, "members"),
        expires ? ", until " : "", expires ? expires : "");
    (void)printf("connected  %" PRId64 "\n", json_find_int(status, "sessions"));
    (void)printf("waiting    %" PRId64 " envelopes, %" PRId64 " bytes%s%s\n",
        json_find_int(status, "envelopes"), json_find_int(status, "bytes"),
        oldest ? ", since " : "", oldest ? oldest : "");
    (void)printf("since start: offered %" PRId64 ", held %" PRId64 ", delivered %" PRId64
                 ", taken %" PRId64 ", refused %" PRId64 "\n",
        json_find_int(counts, "offers"), json_find_int(counts, "held"),
        json_find_int(counts, "delivered"), json_find_int(counts, "taken"),
        json_find_int(counts, "refused"));
    print_warnings(status);
}

static int run_status(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct home home;
    struct trouble trouble = {.text = ""};
    struct json *json = NULL;
    int code = EX_OK;

    if (!ask_parse(command, argc, argv, 0, &arguments, &home, &code))
        return code;
    enum status status =
        ask(&home, "/v1/status", span_of(NULL, 0), ASK_QUICK_MS, &json, &trouble);
    if (status)
        code = ask_fail(status, &trouble);
    else if (arguments_flag(&arguments, "json"))
        ask_print_json(json);
    else
        print_status(json);
    json_destroy(&json);
    home_release(&home);
    return code;
}

static const struct option_row OPTIONS[] = {
    ASK_HOME_OPTION,
    ASK_JSON_OPTION,
    {NULL, 0, NULL, NULL, false},
};

const struct command CMD_STATUS = {
    .name = "status",
    .summary = "what the running exchange holds and does, in counts",
    .arguments = "",
    .examples = "amaan-broker status --home /var/lib/amaan-broker --json\n",
    .options = OPTIONS,
    .run = run_status,
};
