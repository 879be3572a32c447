/* SPDX-License-Identifier: Apache-2.0
 * A thin coat: the library allocates, so that each of its results is a promise.
 */
#include "table.h"

#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "plain.h"

struct table {
    struct libscols_table *columns;
    struct libscols_line *last;
    size_t n_columns, n_rows;
    bool lines;
};

static bool wants_colour(void)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return !(no && *no) && term && strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}

static void add_column(struct table *table, const char *title, bool last)
{
    bool wraps = last && (table->lines || isatty(STDOUT_FILENO));
    struct libscols_column *column =
        scols_table_new_column(table->columns, title, 0, wraps ? SCOLS_FL_WRAP : 0);

    PROMISE(column);
    if (wraps && table->lines) {
        PROMISE(scols_column_set_safechars(column, "\n") == 0);
        PROMISE(scols_column_set_wrapfunc(
                    column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL) == 0);
    }
    if (!table->lines)
        (void)scols_cell_set_color(scols_column_get_header(column), "bold");
}

struct table *table_new(const char *const *titles, bool headings)
{
    struct table *table = memory_new(sizeof(*table));
    size_t n = 0;

    table->columns = scols_new_table();
    PROMISE(table->columns);
    table->lines = !headings;
    while (titles[n])
        n++;
    PROMISE(n > 0 && n <= TABLE_COLUMNS_MAX);
    table->n_columns = n;
    for (size_t i = 0; i < n; i++)
        add_column(table, titles[i], i + 1 == n);
    (void)scols_table_enable_noheadings(table->columns, !headings);
    (void)scols_table_set_column_separator(table->columns, "  ");
    (void)scols_table_enable_colors(table->columns, wants_colour());
    if (!isatty(STDOUT_FILENO))
        (void)scols_table_set_termforce(table->columns, SCOLS_TERMFORCE_NEVER);
    return table;
}

void table_destroy(struct table **table)
{
    if (!*table)
        return;
    scols_unref_table((*table)->columns);
    memory_free(*table);
    *table = NULL;
}

void table_add(struct table *table, const char *const *cells)
{
    table->last = scols_table_new_line(table->columns, NULL);
    PROMISE(table->last);
    table->n_rows++;
    for (size_t i = 0; i < table->n_columns; i++) {
        bool lines = table->lines && i + 1 == table->n_columns;
        char *plain = plain_copy(cells[i], lines);

        PROMISE(scols_line_set_data(table->last, i, plain) == 0);
        memory_free(plain);
    }
}

void table_paint(struct table *table, size_t column, const char *colour)
{
    PROMISE(table->last && column < table->n_columns);
    (void)scols_cell_set_color(scols_line_get_cell(table->last, column), colour);
}

size_t table_count(const struct table *table)
{
    return table->n_rows;
}

void table_print(const struct table *table)
{
    (void)fflush(stdout);
    PROMISE(scols_print_table(table->columns) == 0);
}

const char *table_library(void)
{
    static char text[48];
    const char *version = "";

    (void)scols_get_library_version(&version);
    (void)snprintf(text, sizeof(text), "libsmartcols %s", version);
    return text;
}
