/* SPDX-License-Identifier: Apache-2.0
 *
 * print_case: cases, tasks and lists of arrivals, for people. print.h's table of verbs leads here.
 */
#ifndef AMAAN_PRINT_CASE_H
#define AMAAN_PRINT_CASE_H

#include "json.h"

void print_case_line(const struct json *answer);     /* the alias alone; talk beside it */
void print_case_found(const struct json *answer);    /* a row for each */
void print_case_consents(const struct json *answer); /* the same */
void print_case_page(const struct json *answer);     /* record, links, timeline */
void print_case_summary(const struct json *answer);  /* what may be shown to others */
void print_arrivals(const struct json *answer);
void print_tasks(const struct json *answer);

#endif
