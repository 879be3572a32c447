/* SPDX-License-Identifier: Apache-2.0
 *
 * init: makes a home and prints what a steward needs to compare.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "disk.h"
#include "join.h"
#include "memory.h"
#include "node.h"
#include "passphrase.h"
#include "profiles.h"

const struct option_row INIT_OPTIONS[] = {
    {"name", 'n', "NAME", "the member's name, such as fia.torkham", false},
    {"role", 'r', "ROLE", "what the member is: screening, shelter, medical, ...", true},
    {"person", 'p', "NAME", "what to call the first person", false},
    {"cost", 0, "COST", "of guessing the passphrase: normal, floor, or PASSES,KIB",
        false},
    {"passphrase-fd", 0, "N", "read the passphrase from descriptor N instead of asking",
        false},
    {NULL, 0, NULL, NULL, false},
};

bool cmd_read_cost(const char *text, struct cost *ret)
{
    char *end;

    if (!text || strcmp(text, "normal") == 0) {
        *ret = COST_NODE;
        return true;
    }
    if (strcmp(text, "floor") == 0) {
        *ret = COST_FLOOR;
        return true;
    }
    unsigned long ops = strtoul(text, &end, 10);
    if (end == text || *end != ',')
        return false;
    const char *second = end + 1;
    unsigned long mem = strtoul(second, &end, 10);
    if (end == second || *end || ops < COST_OPS_MIN || ops > COST_OPS_MAX ||
        mem < COST_MEM_KIB_MIN || mem > COST_MEM_KIB_MAX)
        return false;
    *ret = (struct cost){(uint32_t)ops, (uint32_t)mem};
    return true;
}

static bool read_roles(const struct arguments *arguments, uint32_t *ret)
{
    const char *word;

    *ret = 0;
    for (int i = 0; (word = arguments_nth(arguments, "role", i)); i++) {
        enum role role;

        if (role_parse(word, &role) != STATUS_OK) {
            command_complain(
                "\"%s\" is no role; roles are screening, shelter, medical, psychosocial, "
                "legal, livelihood, education, child-protection, supplies, coordinator",
                word);
            return false;
        }
        *ret |= 1u << (role - 1);
    }
    if (*ret == 0)
        command_complain("say what the member is: --role ROLE");
    return *ret != 0;
}

static enum status print_fingerprint(
    const char *home, const char *name, struct trouble *trouble)
{
    char file[JOIN_NAME_BYTES + 8], digits[FINGERPRINT_TEXT_BYTES];
    struct buffer text;
    struct join join;

    (void)snprintf(file, sizeof(file), "%s.join", name);
    char *path = disk_path(home, file);
    buffer_init(&text, JOIN_TEXT_BYTES_MAX);
    enum status status = disk_read(path, JOIN_TEXT_BYTES_MAX, &text, trouble);
    if (status == STATUS_OK)
        status = join_parse(buffer_span(&text), &join, trouble);
    if (status == STATUS_OK) {
        join_fingerprint(&join, digits);
        (void)printf(
            "home         %s\njoin request %s\nfingerprint  %s\n", home, path, digits);
        (void)fprintf(stderr,
            "Give the join request to a steward and read the fingerprint aloud. "
            "Then: amaan-node join ... %s\n",
            home);
    }
    buffer_release(&text);
    memory_free(path);
    return status;
}

int cmd_init(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct buffer passphrase;
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    struct node_new request = {.home = arguments.words[0],
        .name = arguments_option(&arguments, "name"),
        .person = arguments_option(&arguments, "person"),
        .clock = clock_system(),
        .chance = chance_system()};
    if (!request.name) {
        command_complain("say who the member is: --name NAME");
        return EX_USAGE;
    }
    if (!read_roles(&arguments, &request.roles))
        return EX_USAGE;
    if (!cmd_read_cost(arguments_option(&arguments, "cost"), &request.cost)) {
        command_complain(
            "--cost is normal, floor, or PASSES,KIB with %d to %d passes over at least "
            "%d KiB",
            COST_OPS_MIN, COST_OPS_MAX, COST_MEM_KIB_MIN);
        return EX_USAGE;
    }
    enum status status = passphrase_read(
        arguments_option(&arguments, "passphrase-fd"), true, &passphrase, &trouble);
    if (status == STATUS_OK) {
        request.passphrase = buffer_span(&passphrase);
        status = node_create(&request, &trouble);
        buffer_release(&passphrase);
    }
    if (status == STATUS_OK)
        status = print_fingerprint(request.home, request.name, &trouble);
    if (status != STATUS_OK)
        command_complain("%s", trouble.text);
    return command_exit_code(status);
}
