/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd: the commands of amaan-node; the rows stand in main.c.
 */
#ifndef AMAAN_NODE_CMD_H
#define AMAAN_NODE_CMD_H

#include <stdbool.h>

#include "command.h"

int cmd_init(const struct command *command, int argc, char **argv);
int cmd_join(const struct command *command, int argc, char **argv);
int cmd_run(const struct command *command, int argc, char **argv);
int cmd_setup(const struct command *command, int argc, char **argv);
int cmd_restore(const struct command *command, int argc, char **argv);
int cmd_probe(const struct command *command, int argc, char **argv);
int cmd_check(const struct command *command, int argc, char **argv);
int cmd_recover(const struct command *command, int argc, char **argv);
int cmd_panic(const struct command *command, int argc, char **argv);
int cmd_office(const struct command *command, int argc, char **argv);

/* "normal" (also NULL), "floor" or "PASSES,KIB" within the limits of password.h. */
struct cost;
bool cmd_read_cost(const char *text, struct cost *ret);
/* The line "root  12345 ...", to be compared with the stewards'; nothing if no root is pinned. */
struct trust;
void cmd_print_root(struct trust *trust);

extern const struct option_row INIT_OPTIONS[], JOIN_OPTIONS[], CHECK_OPTIONS[],
    RESTORE_OPTIONS[], SETUP_OPTIONS[], PROBE_OPTIONS[], RECOVER_OPTIONS[],
    PANIC_OPTIONS[], OFFICE_OPTIONS[], NO_OPTIONS[];

#endif
