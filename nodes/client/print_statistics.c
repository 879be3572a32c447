/* SPDX-License-Identifier: Apache-2.0
 * A grid has more columns than table.h is made for: each is as wide as its heading, which is plain text of the
 * program's own.
 */
#include "print_statistics.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "plain.h"
#include "print.h"

enum { CELL_BYTES = 64 };

static int width_of(const char *text)
{
    return (int)strlen(text);
}

static const char *word_of(const struct json *list, size_t i)
{
    const char *text = json_text(json_nth(list, i));

    return text ? text : "";
}

static void format_cell(const struct json *cell, char ret[static CELL_BYTES])
{
    const char *text = json_text(cell);

    if (text)
        (void)snprintf(ret, CELL_BYTES, "%s", strcmp(text, "hidden") == 0 ? "*" : text);
    else
        (void)snprintf(ret, CELL_BYTES, "%lld", (long long)json_int(cell));
}

static void print_row(
    const struct json *cells, const struct json *columns, const char *name, int widest)
{
    char *plain = plain_copy(name, false);

    (void)printf("%-*s", widest, plain);
    memory_free(plain);
    for (size_t j = 0; j < json_count(columns); j++) {
        char cell[CELL_BYTES];

        format_cell(json_nth(cells, j), cell);
        plain = plain_copy(cell, false);
        (void)printf("  %*s", width_of(word_of(columns, j)), plain);
        memory_free(plain);
    }
    (void)putchar('\n');
}

static void print_grid(const struct json *table)
{
    const struct json *rows = json_find(table, "rows");
    const struct json *columns = json_find(table, "columns");
    const struct json *cells = json_find(table, "cells");
    const char *cube = json_find_text(table, "cube");
    const char *period = json_find_text(table, "period");
    char *head = plain_copy(cube, false), *when = plain_copy(period, false);
    int widest = 0;

    (void)printf("%s %s\n", head, when);
    memory_free(head);
    memory_free(when);
    for (size_t i = 0; i < json_count(rows); i++)
        if (width_of(word_of(rows, i)) > widest)
            widest = width_of(word_of(rows, i));
    (void)printf("%*s", widest, "");
    for (size_t j = 0; j < json_count(columns); j++) {
        char *plain = plain_copy(word_of(columns, j), false);

        (void)printf("  %s", plain);
        memory_free(plain);
    }
    (void)putchar('\n');
    for (size_t i = 0; i < json_count(rows); i++)
        print_row(json_nth(cells, i), columns, word_of(rows, i), widest);
}

void print_statistics(const struct json *answer)
{
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        if (i > 0)
            (void)putchar('\n');
        print_grid(json_nth(items, i));
    }
    (void)fprintf(stderr, "* is a number below 11, or one that would let such a number "
                          "be computed.\n");
}

void print_export(const struct json *answer)
{
    const char *csv = json_find_text(answer, "csv");

    (void)fputs(csv ? csv : "", stdout);
}

void print_proof(const struct json *answer)
{
    print_line(answer);
}
