/* SPDX-License-Identifier: Apache-2.0
 *
 * print_meeting: hand-overs for people: where, when, who, and the digits to say.
 */
#ifndef AMAAN_PRINT_MEETING_H
#define AMAAN_PRINT_MEETING_H

#include "json.h"

/* Of a referral that has one: a table behind a blank line. */
void print_handover(const struct json *item);
/* The answer to a step. */
void print_handover_step(const struct json *item);
void print_points(const struct json *answer);
void print_missing(const struct json *answer);

#endif
