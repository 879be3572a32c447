/* SPDX-License-Identifier: Apache-2.0
 *
 * print_statistics: tables of statistics, their CSV, and proofs. print.h's table of verbs leads here.
 */
#ifndef AMAAN_PRINT_STATISTICS_H
#define AMAAN_PRINT_STATISTICS_H

#include "json.h"

void print_statistics(const struct json *answer); /* each table as a grid */
/* The CSV as it is: bytes for a spreadsheet, and no terminal takes them for anything else: no control character but
 * the ends of lines is in it. */
void print_export(const struct json *answer);
void print_proof(
    const struct json *answer); /* one line of JSON: a document for programs */

#endif
