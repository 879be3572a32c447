/* SPDX-License-Identifier: Apache-2.0
 *
 * print_due: what is waited for, here and on the board, as people read it in a terminal.
 */
#ifndef AMAAN_PRINT_DUE_H
#define AMAAN_PRINT_DUE_H

#include "json.h"

void print_due(const struct json *answer);
void print_load(const struct json *answer);
void print_board(const struct json *answer);
void print_board_line(const struct json *one);

#endif
