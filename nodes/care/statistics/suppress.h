/* SPDX-License-Identifier: Apache-2.0
 *
 * suppress: which cells of a table of counts may be shown (docs/CARE.md 20.2; DP19). The table has a total for each row and
 * column, and one for all.
 *
 * 1. A cell or total below SMALLEST_COUNT is hidden; zero is small, too. A structural cell, in which nothing can ever be
 *    counted, is no secret and not hidden. When the grand total is below SMALLEST_COUNT, everything is hidden.
 * 2. Further cells are hidden until each hidden cell or total, for somebody who knows every number that is shown and
 *    that counts are not negative, still has a range of at least SMALLEST_COUNT: highest less lowest possible value.
 *
 * From 2 follows what differencing needs: no sum of cells that can be computed from what is shown, whichever way, is
 * below SMALLEST_COUNT. A sum that contains a hidden cell would else bound that cell's range; one without is made of
 * shown cells. The range is exact: the table is a circulation in a network (rows and columns are nodes, cells and
 * totals edges), so the range of an edge is a maximal flow round it through hidden edges.
 *
 * Which cell is hidden in addition depends on its place and not on its size. Whether the grand total is shown
 * depends on itself alone: two tables of the same people have the same.
 */
#ifndef AMAAN_SUPPRESS_H
#define AMAAN_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    COUNTS_ROWS_MAX = 40,
    COUNTS_COLUMNS_MAX = 32,
    SMALLEST_COUNT = 11, /* as CTDC publishes: no query of it answers with 10 or fewer */
    COUNT_MAX = 10000000 /* of one cell */
};

struct counts {
    size_t rows,
        columns; /* at least 2 each; each row and column with two cells that are not structural */
    uint32_t at[COUNTS_ROWS_MAX][COUNTS_COLUMNS_MAX];
    bool structural[COUNTS_ROWS_MAX][COUNTS_COLUMNS_MAX]; /* their count is 0 */
};

/* Row `rows` and column `columns` are the totals. */
struct shown {
    bool at[COUNTS_ROWS_MAX + 1][COUNTS_COLUMNS_MAX + 1];
};

void suppress(const struct counts *counts, struct shown *ret);
/* Count of a cell or total. */
uint32_t counts_cell(const struct counts *counts, size_t row, size_t column);

#endif
