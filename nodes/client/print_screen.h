/* SPDX-License-Identifier: Apache-2.0
 *
 * print_screen: the screening form and the triage as a person reads them on a terminal.
 */
#ifndef AMAAN_PRINT_SCREEN_H
#define AMAAN_PRINT_SCREEN_H

#include "json.h"

/* Class, why, what may be referred, then the questions with their answers. */
void print_screen(const struct json *answer);
/* After one answer: the class, and which question comes next. */
void print_screen_step(const struct json *answer);
void print_triage(const struct json *answer);

#endif
