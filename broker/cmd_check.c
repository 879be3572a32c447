/* SPDX-License-Identifier: Apache-2.0
 *
 * check: does the database hold together? Asked of the running exchange, or done here if none runs.
 */
#include <stdio.h>
#include <sysexits.h>

#include "ask.h"
#include "broker.h"
#include "commands.h"
#include "memory.h"

static enum status check_offline(const struct home *home, struct trouble *trouble)
{
    struct broker *broker = NULL;
    uint8_t secret[DH_BYTES];
    enum status status = home_check(home, trouble);

    if (status == STATUS_OK)
        status = home_read_secret(home, secret, trouble);
    memory_wipe(secret, sizeof secret);
    if (status == STATUS_OK)
        status = ask_open_offline(home, &broker, trouble);
    if (status == STATUS_OK)
        status = broker_check(broker, trouble);
    broker_close(&broker);
    return status;
}

/* One answer for both ways. */
static void print_result(bool as_json)
{
    if (!as_json) {
        (void)printf("ok: the database holds together\n");
        return;
    }
    struct json *json = json_new_object();
    json_put_text(json, "result", status_name(STATUS_OK));
    ask_print_json(json);
    json_destroy(&json);
}

static int run_check(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct home home;
    struct trouble trouble = {.text = ""};
    struct json *json = NULL;
    int code = EX_OK;

    if (!ask_parse(command, argc, argv, 0, &arguments, &home, &code))
        return code;
    enum status status =
        ask(&home, "/v1/check", span_of(NULL, 0), ASK_LONG_MS, &json, &trouble);
    if (status == STATUS_CLOSED) {
        trouble.text[0] = '\0';
        status = check_offline(&home, &trouble);
    }
    if (status == STATUS_OK)
        print_result(arguments_flag(&arguments, "json"));
    else
        code = ask_fail(status, &trouble);
    if (status == STATUS_NOT_FOUND)
        code = EX_NOINPUT;
    json_destroy(&json);
    home_release(&home);
    return code;
}

static const struct option_row OPTIONS[] = {
    ASK_HOME_OPTION,
    ASK_JSON_OPTION,
    {NULL, 0, NULL, NULL, false},
};

const struct command CMD_CHECK = {
    .name = "check",
    .summary = "does the database hold together, and do its counts agree",
    .arguments = "",
    .examples = "amaan-broker check --home /var/lib/amaan-broker\n",
    .options = OPTIONS,
    .run = run_check,
};
