/* SPDX-License-Identifier: Apache-2.0
 *
 * table: libsmartcols' front door: columns for people, on standard output. <libsmartcols.h> is included in
 * table.c only. Cells are escaped (plain.h) before. At a terminal the last column is wrapped; elsewhere
 * nothing is cut. Colours only at a terminal that can, and never with NO_COLOR.
 */
#ifndef AMAAN_TABLE_H
#define AMAAN_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct table;

enum { TABLE_COLUMNS_MAX = 8 };

/* `titles` end with NULL. Without headings it is a list of names and values, whose values may have lines. */
struct table *table_new(const char *const *titles, bool headings);
void table_destroy(struct table **table);
/* One cell for each column, copied; NULL is empty. */
void table_add(struct table *table, const char *const *cells);
/* Colours a cell of the last row: "red", "green", "bold". */
void table_paint(struct table *table, size_t column, const char *colour);
size_t table_count(const struct table *table);
void table_print(const struct table *table);
const char *table_library(void); /* "libsmartcols 2.38.1" */

#endif
