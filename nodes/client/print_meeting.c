/* SPDX-License-Identifier: Apache-2.0
 * The six digits stand in two groups, as people say them.
 */
#include "print_meeting.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "plain.h"
#include "print.h"

enum { CODE_DIGITS = 6 };

static const char *text_of(const struct json *json, const char *name)
{
    const char *text = json_find_text(json, name);

    return text ? text : "";
}

static void add_plan(struct table *table, const struct json *plan)
{
    const struct json *point = json_find(plan, "point");
    const char *code = text_of(plan, "code");

    if (!point) {
        print_fact(table, "Where and when", "erased");
        return;
    }
    print_fact(table, "Where", "%lld: %s", (long long)json_find_int(point, "number"),
        *text_of(point, "eng") ? text_of(point, "eng")
                               : "not in this program's list: telephone the other side");
    print_fact(table, "", "%s", text_of(point, "urd"));
    print_fact(table, "From", "%s", text_of(plan, "from"));
    print_fact(table, "Until", "%s", text_of(plan, "until"));
    print_fact(table, "Who comes", "%s", text_of(plan, "who"));
    if (strlen(code) == CODE_DIGITS)
        print_fact(table, "They say first", "%.3s %s", code, code + 3);
}

void print_handover(const struct json *item)
{
    static const char *const titles[] = {"HAND-OVER", "", NULL};
    const struct json *plan = json_find(item, "handover");

    if (!plan)
        return;
    struct table *table = table_new(titles, true);
    print_fact(table, "State", "%s", text_of(plan, "state"));
    add_plan(table, plan);
    print_fact(table, "Handed over", "%s", text_of(plan, "handed_over_at"));
    print_fact(table, "Arrived", "%s", text_of(plan, "arrived_at"));
    (void)putchar('\n');
    table_print(table);
    table_destroy(&table);
}

void print_handover_step(const struct json *item)
{
    char *reference = plain_copy(text_of(item, "reference"), false);
    char *peer = plain_copy(text_of(item, "peer"), false);

    (void)printf("%s %s\n", reference, text_of(json_find(item, "handover"), "state"));
    print_handover(item);
    (void)fprintf(stderr, "It is kept, and %s will be told by a sealed letter.\n", peer);
    memory_free(peer);
    memory_free(reference);
}

void print_points(const struct json *answer)
{
    static const char *const titles[] = {"POINT", "DISTRICT", "WHERE", "", NULL};
    const struct json *items = json_find(answer, "items");
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char number[24];

        (void)snprintf(
            number, sizeof(number), "%lld", (long long)json_find_int(one, "number"));
        table_add(table, (const char *const[]){number, text_of(one, "district"),
                             text_of(one, "eng"), text_of(one, "urd")});
    }
    if (table_count(table) > 0)
        table_print(table);
    else
        (void)fprintf(stderr, "There is no meeting point in that district.\n");
    if (strcmp(text_of(answer, "text_state"), "draft") == 0)
        (void)fprintf(stderr, "This list is a draft: nobody has reviewed it yet.\n");
    table_destroy(&table);
}

void print_missing(const struct json *answer)
{
    static const char *const titles[] = {"REFERRAL", "TOLD BY", "AT", NULL};
    const struct json *items = json_find(answer, "items");
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);

        table_add(table, (const char *const[]){text_of(one, "reference"),
                             text_of(one, "told_by"), text_of(one, "told_at")});
    }
    if (table_count(table) > 0)
        table_print(table);
    else
        (void)fprintf(stderr, "Nobody is known to be missing.\n");
    table_destroy(&table);
}
