/* SPDX-License-Identifier: Apache-2.0
 *
 * check: one line a probe; one that fails does not hide the next. Exit 0 when all hold, 1 when one does not.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "disk.h"
#include "fingerprint.h"
#include "memory.h"
#include "node.h"
#include "node_conf.h"
#include "office_papers.h"
#include "people.h"

enum { FORKS_BYTES_MAX = 64 * 1024 * 1024 };

const struct option_row CHECK_OPTIONS[] = {
    {"forks", 0, "FILE", "write the documents that prove a fork, for the stewards",
        false},
    {NULL, 0, NULL, NULL, false},
};

void cmd_print_root(struct trust *trust)
{
    char digits[FINGERPRINT_TEXT_BYTES];
    struct hash hash;

    if (trust_root_hash(trust, &hash) != STATUS_OK)
        return;
    fingerprint_format(&hash, digits);
    (void)printf("root      %s (are these the stewards' digits?)\n", digits);
}

static bool tell(const char *probe, enum status status, const struct trouble *trouble)
{
    (void)printf("%-9s %s%s%s\n", probe, status == STATUS_OK ? "good" : "BAD",
        status == STATUS_OK ? "" : ": ",
        status == STATUS_OK ? ""
        : *trouble->text    ? trouble->text
                            : status_name(status));
    return status == STATUS_OK;
}

static enum status check_key_file(const char *home, struct trouble *trouble)
{
    char *path = disk_path(home, "node.key");
    struct buffer file;
    enum status status = disk_check_private(path, trouble);

    buffer_init(&file, PEOPLE_FILE_MAX);
    if (status == STATUS_OK)
        status = disk_read(path, PEOPLE_FILE_MAX, &file, trouble);
    if (status == STATUS_OK)
        status = people_inspect(buffer_span(&file));
    buffer_release(&file);
    memory_free(path);
    return status;
}

static enum status check_roster(struct node *node, struct trouble *trouble)
{
    struct trust *trust = node_trust(node);

    if (!trust_is_pinned(trust)) {
        trouble_say(trouble, "this node has not joined a network yet");
        return STATUS_NOT_FOUND;
    }
    if (trust_forked(trust)) {
        trouble_say(
            trouble, "two rosters of one version are signed: tell the stewards at once");
        return STATUS_CONFLICT;
    }
    if (trust_roster_expires_ms(trust) < clock_wall_ms(clock_system())) {
        trouble_say(trouble, "the roster has expired: ask a steward for the next one");
        return STATUS_EXPIRED;
    }
    return STATUS_OK;
}

/* Where office mode is on: are its papers whole, for its address, and of today? */
static enum status check_office(
    const struct node_options *options, struct node *node, struct trouble *trouble)
{
    struct certificate_place place = office_place(node_settings(node));
    struct office_papers papers;
    enum status status = office_papers_read(options->home, &place, &papers, trouble);

    if (status != STATUS_OK)
        return status;
    if (clock_wall_ms(options->clock) > papers.page.until_ms) {
        trouble_say(trouble, "the page's certificate is over: start and unlock the node, "
                             "which makes a new one");
        status = STATUS_EXPIRED;
    }
    office_papers_release(&papers);
    return status;
}

/* Both documents of each fork behind each other, as trust_forks gives them. */
static enum status write_forks(
    struct node *node, const char *path, struct trouble *trouble)
{
    struct buffer forks;

    buffer_init(&forks, FORKS_BYTES_MAX);
    enum status status = trust_forks(node_trust(node), &forks);
    if (status == STATUS_OK)
        status = disk_write_new(path, buffer_span(&forks), 0600, trouble);
    else
        trouble_say(trouble, "there is no proof of a fork; %s was not written", path);
    buffer_release(&forks);
    return status;
}

int cmd_check(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct node *node = NULL;
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    struct node_options options = {
        .home = arguments.words[0], .clock = clock_system(), .chance = chance_system()};
    bool good = tell("node.key", check_key_file(options.home, &trouble), &trouble);
    trouble = (struct trouble){""};
    enum status status = node_open(&options, &node, &trouble);
    good &= tell("home", status, &trouble);
    if (status == STATUS_OK) {
        trouble = (struct trouble){""};
        good &= tell("database", node_check(node, &trouble), &trouble);
        trouble = (struct trouble){""};
        good &= tell("roster", check_roster(node, &trouble), &trouble);
        cmd_print_root(node_trust(node));
    }
    if (status == STATUS_OK && *node_settings(node)->office_address) {
        trouble = (struct trouble){""};
        good &= tell("office", check_office(&options, node, &trouble), &trouble);
    }
    const char *forks = arguments_option(&arguments, "forks");
    if (status == STATUS_OK && forks) {
        trouble = (struct trouble){""};
        good &= tell("forks", write_forks(node, forks, &trouble), &trouble);
    }
    node_close(&node);
    return good ? EX_OK : EXIT_NEGATIVE;
}
