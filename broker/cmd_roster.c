/* SPDX-License-Identifier: Apache-2.0
 *
 * roster load: gives the exchange what the stewards signed. A running exchange is asked through its socket;
 * without one the database is opened here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ask.h"
#include "broker.h"
#include "commands.h"
#include "disk.h"
#include "documents.h"

enum { FILES_MAX = 64 };

/* All files behind each other; each must be documents. */
static enum status read_files(
    int n, char **paths, struct buffer *all, struct trouble *trouble)
{
    enum status status = STATUS_OK;

    for (int i = 0; i < n && status == STATUS_OK; i++) {
        struct buffer bytes;

        status = disk_read(paths[i], DOCUMENTS_BYTES_MAX, &bytes, trouble);
        if (status)
            return status;
        status = documents_check(buffer_span(&bytes), trouble);
        if (status)
            trouble_prefix(trouble, "%s", paths[i]);
        else
            status = buffer_put(all, bytes.bytes, bytes.used);
        if (status == STATUS_TOO_BIG && trouble->text[0] == '\0')
            trouble_say(trouble,
                "these files are together over %d bytes: load them in "
                "two goes",
                DOCUMENTS_BYTES_MAX);
        buffer_release(&bytes);
    }
    return status;
}

static enum status load_offline(const struct home *home, struct span bytes,
    struct json **ret, struct trouble *trouble)
{
    struct broker *broker = NULL;
    enum status status = ask_open_offline(home, &broker, trouble);

    if (status == STATUS_OK)
        status = documents_load(broker, bytes, ret, trouble);
    broker_close(&broker);
    return status;
}

static enum status load(const struct home *home, struct span bytes, struct json **ret,
    struct trouble *trouble)
{
    enum status status = ask(home, "/v1/documents", bytes, ASK_LONG_MS, ret, trouble);

    if (status != STATUS_CLOSED)
        return status;
    trouble->text[0] = '\0';
    return load_offline(home, bytes, ret, trouble);
}

static enum status parse_result(const char *name)
{
    for (int i = 0; name && i < STATUS_COUNT; i++)
        if (strcmp(status_name((enum status)i), name) == 0)
            return (enum status)i;
    return STATUS_MALFORMED;
}

/* Says what became of each; the first refusal, or OK. */
static enum status tell(const struct json *list, bool as_json)
{
    enum status first = STATUS_OK;

    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *row = json_nth(list, i);
        enum status result = parse_result(json_find_text(row, "result"));
        const char *type = json_find_text(row, "type");
        int64_t version = json_find_int(row, "version");
        bool good = result == STATUS_OK || result == STATUS_EXISTS;

        if (!good && first == STATUS_OK)
            first = result;
        if (!good)
            command_complain("%s %" PRId64 " was refused (%s): %s", type ? type : "?",
                version, status_name(result), json_find_text(row, "sentence"));
        else if (!as_json)
            (void)printf("%s %" PRId64 ": %s\n", type ? type : "?", version,
                result == STATUS_OK ? "in force now" : "was there already");
    }
    if (as_json)
        ask_print_json(list);
    return first;
}

static int run_roster(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct home home;
    struct trouble trouble = {.text = ""};
    struct buffer bytes;
    struct json *list = NULL;
    int code = EX_OK;

    if (!ask_parse(command, argc, argv, 1 + FILES_MAX, &arguments, &home, &code))
        return code;
    if (arguments.n < 2 || strcmp(arguments.words[0], "load") != 0) {
        command_complain(
            "roster: it is used so: amaan-broker roster load --home HOME FILE...");
        home_release(&home);
        return EX_USAGE;
    }
    buffer_init(&bytes, DOCUMENTS_BYTES_MAX);
    enum status status =
        read_files(arguments.n - 1, arguments.words + 1, &bytes, &trouble);
    if (status == STATUS_OK)
        status = load(&home, buffer_span(&bytes), &list, &trouble);
    if (status == STATUS_OK)
        code = command_exit_code(tell(list, arguments_flag(&arguments, "json")));
    else
        code = ask_fail(status, &trouble);
    if (status == STATUS_NOT_FOUND)
        code = EX_NOINPUT;
    json_destroy(&list);
    buffer_release(&bytes);
    home_release(&home);
    return code;
}

static const struct option_row OPTIONS[] = {
    ASK_HOME_OPTION,
    ASK_JSON_OPTION,
    {NULL, 0, NULL, NULL, false},
};

const struct command CMD_ROSTER = {
    .name = "roster",
    .summary = "roster load: bring roots, roster, profiles and notices into force",
    .arguments = "load FILE...",
    .examples = "amaan-broker roster load --home /var/lib/amaan-broker root.amaan "
                "roster.amaan profiles.amaan\n",
    .options = OPTIONS,
    .run = run_roster,
};
