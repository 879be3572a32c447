/* SPDX-License-Identifier: Apache-2.0
 *
 * commands: the rows of main.c, one file each (command.h).
 */
#ifndef AMAAN_COMMANDS_H
#define AMAAN_COMMANDS_H

#include "command.h"

extern const struct command CMD_INIT, CMD_RUN, CMD_ROSTER, CMD_STATUS, CMD_QUEUE,
    CMD_CHECK;

#endif
