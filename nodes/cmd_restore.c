/* SPDX-License-Identifier: Apache-2.0
 *
 * restore: a home out of a backup; says what is in it before it changes anything.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "passphrase.h"
#include "restore.h"

enum { LINE_BYTES = 64 };
static const char WORD[] = "restore";

const struct option_row RESTORE_OPTIONS[] = {
    {"from", 0, "FILE", "the backup", false},
    {"dry-run", 0, NULL, "look through it, say what would be done, change nothing",
        false},
    {"person", 'p', "NAME", "whose passphrase it is, where several people work", false},
    {"passphrase-fd", 0, "N", "read the passphrase from descriptor N instead of asking",
        false},
    {NULL, 0, NULL, NULL, false},
};

static void print_report(const struct restore_report *report, const char *home, bool done)
{
    char id[IDENT_TEXT_BYTES], time[TIME_TEXT_BYTES];

    ident_format(&report->node_id, id);
    time_format(report->made_ms, time);
    (void)printf("node      %s %s\n", report->name, id);
    (void)printf("made      %s, %lld days ago\n", time, (long long)report->age_days);
    (void)printf("database  whole, %llu KiB, change %llu\n",
        (unsigned long long)(report->database_bytes / 1024),
        (unsigned long long)report->state_count);
    if (report->list_broken)
        (void)printf(
            "erased    the list of erased cases beside the backup cannot be read: "
            "cases that were erased after the backup come back. Erase them "
            "again.\n");
    else
        (void)printf(
            "erased    %llu cases are known as erased; those that the backup still "
            "holds are erased again at the first unlock\n",
            (unsigned long long)report->erased);
    (void)printf("%s %s\n", done ? "restored " : "would go to", home);
}

/* Only what a person types is an answer; a pipe may type, too. */
static bool is_meant(const struct restore_report *report)
{
    char line[LINE_BYTES];

    (void)fprintf(stderr,
        "This backup is %lld days old. What was sent and received since is not all sent "
        "again by itself: others keep their letters for %d days.\nType \"%s\" if it is "
        "meant: ",
        (long long)report->age_days, (int)RESTORE_OLD_DAYS, WORD);
    if (!fgets(line, sizeof(line), stdin))
        return false;
    line[strcspn(line, "\n")] = 0;
    return strcmp(line, WORD) == 0;
}

static enum status restore(
    struct restore *request, struct restore_report *report, struct trouble *trouble)
{
    enum status status = restore_node(request, report, trouble);

    if (status != STATUS_EXPIRED || !is_meant(report))
        return status;
    request->old_is_meant = true;
    return restore_node(request, report, trouble);
}

int cmd_restore(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct restore_report report;
    struct buffer passphrase;
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    struct restore request = {.from = arguments_option(&arguments, "from"),
        .home = arguments.words[0],
        .person = arguments_option(&arguments, "person"),
        .look_only = arguments_flag(&arguments, "dry-run"),
        .clock = clock_system()};
    if (!request.from) {
        command_complain("say which backup: --from FILE");
        return EX_USAGE;
    }
    enum status status = passphrase_read(
        arguments_option(&arguments, "passphrase-fd"), false, &passphrase, &trouble);
    if (status == STATUS_OK) {
        request.passphrase = buffer_span(&passphrase);
        status = restore(&request, &report, &trouble);
        buffer_release(&passphrase);
    }
    if (status == STATUS_OK) {
        print_report(&report, request.home, !request.look_only);
        if (request.look_only && report.age_days > RESTORE_OLD_DAYS)
            (void)fprintf(stderr,
                "It is older than %d days: the word \"%s\" will be "
                "asked for.\n",
                (int)RESTORE_OLD_DAYS, WORD);
    } else {
        command_complain("%s", *trouble.text ? trouble.text : status_name(status));
    }
    return command_exit_code(status);
}
