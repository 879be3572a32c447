/* SPDX-License-Identifier: Apache-2.0
 * Pages are fetched until there are no more or --limit is reached; a page is small enough that its answer fits
 * JSON_TEXT_MAX with the longest texts. Those that came too late come with the first page and stand last.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "input.h"
#include "memory.h"
#include "print.h"
#include "request.h"

enum { PAGE_ITEMS = 200 };

static void put_items(
    const struct order *order, struct table *table, const struct json *list)
{
    for (size_t i = 0; i < json_count(list); i++) {
        if (order->json)
            print_line(json_nth(list, i));
        else
            print_add_item(table, order->verb->name, json_nth(list, i));
    }
}

static int fetch_page(
    const struct order *order, int64_t limit, int64_t before, struct reply *ret)
{
    struct json *fields = json_new_object();
    struct request request = {
        .verb = order->verb, .fields = fields, .timeout_ms = order->timeout_ms};

    json_put_int(fields, "limit", limit < PAGE_ITEMS ? limit : PAGE_ITEMS);
    if (before > 0)
        json_put_int(fields, "before", before);
    int code = request_run(order, &request, ret);
    json_destroy(&fields);
    return code;
}

/* All pages; `late` gets what came too late. */
static int fetch_all(
    const struct order *order, int64_t limit, struct table *table, struct json **ret_late)
{
    int64_t before = 0;
    int code = EX_OK;

    do {
        struct reply reply;
        const struct json *items;

        code = fetch_page(order, limit, before, &reply);
        if (code != EX_OK)
            break;
        items = json_find(reply.json, "items");
        put_items(order, table, items);
        if (before == 0)
            *ret_late = json_clone(json_find(reply.json, "late"));
        limit -= (int64_t)json_count(items);
        int64_t next = json_find_int(reply.json, "next");
        /* It only goes down; an answer that says otherwise would be asked for ever. */
        before = before == 0 || next < before ? next : 0;
        if (json_count(items) == 0)
            before = 0;
        reply_release(&reply);
    } while (before > 0 && limit > 0);
    return code;
}

int list_run(struct order *order)
{
    const char *text = arguments_option(&order->arguments, "limit");
    int64_t limit = INT64_MAX;
    struct json *late = NULL;
    struct table *table;
    int code;

    if (text && input_number(text, 1, INT32_MAX, &limit) != STATUS_OK) {
        command_complain("%s: --limit takes a whole number from 1", order->verb->name);
        return EX_USAGE;
    }
    table = print_new_list(order->verb->name);
    code = fetch_all(order, limit, table, &late);
    if (late)
        put_items(order, table, late);
    if (!order->json && table_count(table) > 0)
        table_print(table);
    else if (!order->json && code == EX_OK)
        (void)fprintf(stderr, "No referrals.\n");
    table_destroy(&table);
    json_destroy(&late);
    return code;
}
