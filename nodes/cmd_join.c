/* SPDX-License-Identifier: Apache-2.0
 *
 * join: pins the root and installs documents and the exchange's address in a stopped node.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "card.h"
#include "cmd.h"
#include "disk.h"
#include "limits.h"
#include "node.h"

const struct option_row JOIN_OPTIONS[] = {
    {"root", 0, "FILE",
        "root documents; compare the fingerprint that is printed with the stewards'",
        false},
    {"roster", 0, "FILE", "roster", false},
    {"profiles", 0, "FILE", "sealed profiles", false},
    {"broker", 0, "FILE", "the exchange's address and key (broker.amaan)", false},
    {NULL, 0, NULL, NULL, false},
};

struct files {
    struct buffer root, roster, profiles, broker;
};

static enum status read_option(const struct arguments *arguments, const char *name,
    size_t max, struct buffer *ret, struct trouble *trouble)
{
    const char *path = arguments_option(arguments, name);

    buffer_init(ret, max);
    return path ? disk_read(path, max, ret, trouble) : STATUS_OK;
}

static enum status read_files(
    const struct arguments *arguments, struct files *files, struct trouble *trouble)
{
    enum status status =
        read_option(arguments, "root", ROSTER_BYTES_MAX, &files->root, trouble);

    buffer_init(&files->roster, 0);
    buffer_init(&files->profiles, 0);
    buffer_init(&files->broker, 0);
    if (status == STATUS_OK)
        status =
            read_option(arguments, "roster", ROSTER_BYTES_MAX, &files->roster, trouble);
    if (status == STATUS_OK)
        status = read_option(
            arguments, "profiles", PROFILES_BYTES_MAX, &files->profiles, trouble);
    if (status == STATUS_OK)
        status =
            read_option(arguments, "broker", CARD_BYTES_MAX, &files->broker, trouble);
    return status;
}

static enum status join(
    const char *home, const struct files *files, struct trouble *trouble)
{
    struct node_options options = {
        .home = home, .clock = clock_system(), .chance = chance_system()};
    struct node_join request = {.roots = buffer_span(&files->root),
        .roster = buffer_span(&files->roster),
        .profiles = buffer_span(&files->profiles)};
    struct node *node = NULL;
    struct card card;
    enum status status = STATUS_OK;

    if (files->broker.used > 0) {
        status = card_parse(buffer_span(&files->broker), &card, trouble);
        request.endpoint = card.endpoint;
        memcpy(request.broker_key, card.key, sizeof(request.broker_key));
    }
    if (status == STATUS_OK)
        status = node_open(&options, &node, trouble);
    if (status == STATUS_OK)
        status = node_join(node, &request, trouble);
    if (status == STATUS_OK) {
        (void)printf("joined    roster version %llu\n",
            (unsigned long long)trust_version(node_trust(node), DOCUMENT_ROSTER));
        cmd_print_root(node_trust(node));
    }
    node_close(&node);
    return status;
}

int cmd_join(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct files files;
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    enum status status = read_files(&arguments, &files, &trouble);
    if (status == STATUS_OK &&
        files.root.used + files.roster.used + files.profiles.used + files.broker.used ==
            0) {
        command_complain("say what to install: --root, --roster, --profiles, --broker");
        code = EX_USAGE;
    } else {
        if (status == STATUS_OK)
            status = join(arguments.words[0], &files, &trouble);
        if (status != STATUS_OK)
            command_complain("%s", *trouble.text ? trouble.text : status_name(status));
        code = command_exit_code(status);
    }
    buffer_release(&files.root);
    buffer_release(&files.roster);
    buffer_release(&files.profiles);
    buffer_release(&files.broker);
    return code;
}
