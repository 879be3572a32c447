/* SPDX-License-Identifier: Apache-2.0
 *
 * amaan-node: the process of one organisation. Everyday commands are those of amaan, its client.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cmd.h"
#include "db.h"
#include "http.h"
#include "json.h"
#include "link.h"
#include "memory.h"
#include "seal.h"
#include "vault.h"

const struct option_row NO_OPTIONS[] = {{NULL, 0, NULL, NULL, false}};

static const struct command COMMANDS[] = {
    {"init", "make a node's home: keys, settings, join request", "HOME",
        "amaan-node init --name fia.torkham --role screening ~/amaan\n"
        "amaan-node init --name shelter.peshawar --role shelter --passphrase-fd 3 "
        "~/amaan 3<file",
        INIT_OPTIONS, cmd_init},
    {"join", "enter a network, or install newer signed documents", "HOME",
        "amaan-node join --root root.amaan --roster roster.amaan --profiles "
        "profiles.amaan "
        "--broker broker.amaan ~/amaan\n"
        "amaan-node join --roster roster-2.amaan ~/amaan",
        JOIN_OPTIONS, cmd_join},
    {"restore", "make a node's home anew out of a backup", "HOME",
        "amaan-node restore --dry-run --from /media/stick/0f3a5c7e9b1d2f40.bin ~/amaan\n"
        "amaan-node restore --from /media/stick/0f3a5c7e9b1d2f40.bin ~/amaan",
        RESTORE_OPTIONS, cmd_restore},
    {"run", "serve until a signal", "HOME", "amaan-node run ~/amaan", NO_OPTIONS,
        cmd_run},
    {"setup", "set up a home in the browser, then serve", "HOME",
        "amaan-node setup ~/amaan\namaan-node setup --needed ~/amaan", SETUP_OPTIONS,
        cmd_setup},
    {"check", "look through a stopped node's home", "HOME",
        "amaan-node check ~/amaan\n"
        "amaan-node check --forks forks.amaan ~/amaan",
        CHECK_OPTIONS, cmd_check},
    {"probe", "look at home and line for amaan doctor", "HOME",
        "amaan-node probe ~/amaan\namaan-node probe --only curve --json ~/amaan",
        PROBE_OPTIONS, cmd_probe},
    {"recover", "set a new passphrase with two recovery shares", "HOME",
        "amaan-node recover --person \"Zarmina T\" ~/amaan", RECOVER_OPTIONS,
        cmd_recover},
    {"office", "serve the page to the desks of an office", "HOME",
        "amaan-node office --address 192.168.4.20 --name amaan.office.internal --to "
        "/media/stick/amaan-office.crt ~/amaan\n"
        "amaan-node office --off ~/amaan",
        OFFICE_OPTIONS, cmd_office},
    {"panic", "destroy this node's keys now", "HOME", "amaan-node panic --yes ~/amaan",
        PANIC_OPTIONS, cmd_panic},
};

static const char *libraries(void)
{
    static char text[160];

    (void)snprintf(text, sizeof(text), "%s, %s, %s, %s", db_library(), link_library(),
        http_library(), json_library());
    return text;
}

int main(int argc, char **argv)
{
    struct trouble trouble = {""};
    enum status status = vault_start(&trouble);

    if (status == STATUS_OK)
        status = vault_harden_process(&trouble);
    if (status == STATUS_OK)
        status = seal_self_test(&trouble);
    if (status != STATUS_OK) {
        command_complain("%s", trouble.text);
        return EX_SOFTWARE;
    }
    command_set_libraries(libraries());
    return command_main("amaan-node", "one organisation's post and casebook", COMMANDS,
        ARRAY_LENGTH(COMMANDS), argc, argv);
}
