/* SPDX-License-Identifier: Apache-2.0
 *
 * print_shift: the sheet that is handed over at the end of a shift, for people. print.h's table of verbs leads here.
 */
#ifndef AMAAN_PRINT_SHIFT_H
#define AMAAN_PRINT_SHIFT_H

#include "json.h"

void print_shift(const struct json *answer);

#endif
