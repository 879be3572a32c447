/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd: the commands of amaan-node; the rows stand in main.c.
 */
#ifndef AMAAN_NODE_CMD_H
#define AMAAN_NODE_CMD_H

#include "command.h"

int cmd_init(const struct command *command, int argc, char **argv);
int cmd_join(const struct command *command, int argc, char **argv);
int cmd_run(const struct command *command, int argc, char **argv);
int cmd_check(const struct command *command, int argc, char **argv);

extern const struct option_row INIT_OPTIONS[], JOIN_OPTIONS[], NO_OPTIONS[];

#endif
