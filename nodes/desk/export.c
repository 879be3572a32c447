/* SPDX-License-Identifier: Apache-2.0
 * Tables as CSV, one cell a record. The first record marks whose copy it is (DP26); nothing else is exported in bulk.
 */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "memory.h"
#include "spreadsheet.h"
#include "suppress.h"

enum { FIELDS = 7, FIELD_TEXT_BYTES = 160 };

static enum status put_mark(struct desk *desk, const char *month, struct buffer *csv)
{
    const struct colleague *person = seat_person(desk->seat);
    char by[FIELD_TEXT_BYTES], at[FIELD_TEXT_BYTES], of[FIELD_TEXT_BYTES],
        hidden[FIELD_TEXT_BYTES], time[TIME_TEXT_BYTES];

    time_format(desk_now_ms(desk), time);
    (void)snprintf(by, sizeof(by), "taken by %s", person->name);
    (void)snprintf(at, sizeof(at), "at %s", time);
    (void)snprintf(of, sizeof(of), "statistics asked for with %s", month);
    (void)snprintf(hidden, sizeof(hidden),
        "hidden: below %d, or what would let such a number be computed", SMALLEST_COUNT);
    const char *const fields[FIELDS] = {desk_is_practice(desk)
                                            ? "amaan export: PRACTICE, nothing is real"
                                            : "amaan export",
        by, local_role_name(person->role), desk->options.name, at, of, hidden};
    return spreadsheet_put(csv, fields, FIELDS);
}

static enum status put_cells(const struct json *table, struct buffer *csv)
{
    const struct json *rows = json_find(table, "rows");
    const struct json *columns = json_find(table, "columns");
    const struct json *cells = json_find(table, "cells");
    enum status status = STATUS_OK;

    for (size_t i = 0; i < json_count(rows); i++)
        for (size_t j = 0; status == STATUS_OK && j < json_count(columns); j++) {
            const struct json *cell = json_nth(json_nth(cells, i), j);
            char number[24];

            (void)snprintf(number, sizeof(number), "%lld", (long long)json_int(cell));
            const char *const fields[FIELDS] = {json_find_text(table, "cube"),
                json_find_text(table, "period"), json_find_text(table, "rows_of"),
                json_text(json_nth(rows, i)), json_find_text(table, "columns_of"),
                json_text(json_nth(columns, j)),
                json_text(cell) ? json_text(cell) : number};
            status = spreadsheet_put(csv, fields, FIELDS);
        }
    return status;
}

enum status use_export(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    static const char *const HEAD[FIELDS] = {
        "cube", "period", "rows_of", "row", "columns_of", "column", "count"};
    struct json *tables = NULL;
    struct buffer csv;
    enum status status = statistics_tables(desk, verb, request, &tables, problem);

    buffer_init(&csv, SPREADSHEET_BYTES_MAX);
    if (status == STATUS_OK)
        status = put_mark(desk, json_find_text(request, "month"), &csv);
    if (status == STATUS_OK)
        status = spreadsheet_put(&csv, HEAD, FIELDS);
    const struct json *items = json_find(tables, "items");
    for (size_t i = 0; status == STATUS_OK && i < json_count(items); i++)
        status = put_cells(json_nth(items, i), &csv);
    if (status == STATUS_OK) {
        *ret = json_new_object();
        json_put_span(*ret, "csv", buffer_span(&csv));
    }
    json_destroy(&tables);
    buffer_release(&csv);
    return status;
}
