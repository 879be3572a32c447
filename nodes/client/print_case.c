/* SPDX-License-Identifier: Apache-2.0
 * What a person reads stands on standard output; what she has to know beside it on standard error.
 */
#include "print_case.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "plain.h"
#include "print.h"

static const char *text_of(const struct json *json, const char *name)
{
    const char *text = json_find_text(json, name);

    return text ? text : "";
}

static void print_plain(FILE *to, const char *before, const char *text, const char *after)
{
    char *plain = plain_copy(text, false);

    (void)fprintf(to, "%s%s%s\n", before, plain, after);
    memory_free(plain);
}

void print_case_line(const struct json *answer)
{
    const struct json *duplicates = json_find(answer, "duplicates");

    print_plain(stdout, "", text_of(answer, "case"), "");
    print_plain(stderr, "The case is ", text_of(answer, "state"), ".");
    if (json_count(duplicates) > 0) {
        char *joined = print_join(duplicates);

        print_plain(stderr, "Another case has the same number: ", joined,
            ". If it is the same person, say so with \"amaan case-link\".");
        memory_free(joined);
    }
}

void print_case_consents(const struct json *answer)
{
    static const char *const titles[] = {"SERVICE", "MEMBER", "GIVEN BY", "HOW", "GROUPS",
        "GIVEN", "LAST DAY", "WITHDRAWN", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char *groups = print_join(json_find(one, "groups"));

        table_add(table, (const char *const[]){text_of(one, "service"),
                             text_of(one, "recipient"), text_of(one, "given_by"),
                             text_of(one, "how"), groups, text_of(one, "given_day"),
                             text_of(one, "last_day"), text_of(one, "withdrawn_day")});
        memory_free(groups);
    }
    if (json_count(items) > 0)
        table_print(table);
    else
        (void)fprintf(stderr, "Nobody has agreed to anything yet.\n");
    table_destroy(&table);
}

void print_case_found(const struct json *answer)
{
    static const char *const titles[] = {
        "CASE", "NAME", "AGE", "MINOR", "GENDER", "STATE", "OPENED", "CHANGED", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");
    long long found = (long long)json_find_int(answer, "found");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        bool is_open = strcmp(text_of(one, "state"), "open") == 0;

        table_add(table,
            (const char *const[]){text_of(one, "case"), text_of(one, "name"),
                text_of(one, "age_band"), text_of(one, "minor"), text_of(one, "gender"),
                text_of(one, is_open ? "state" : "outcome"), text_of(one, "opened_day"),
                text_of(one, "changed_day")});
    }
    if (table_count(table) > 0)
        table_print(table);
    else
        (void)fprintf(stderr, "No case fits.\n");
    if (found > (long long)json_count(items))
        (void)fprintf(
            stderr, "%lld cases fit; these are the first. Ask more closely.\n", found);
    if (!json_find_flag(answer, "complete"))
        (void)fprintf(
            stderr, "The casebook is still being read: ask again in a moment.\n");
    table_destroy(&table);
}

static void print_timeline(const struct json *list)
{
    static const char *const titles[] = {
        "DAY", "EVENT", "REASON", "REFERENCE", "TEXT", NULL};
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_nth(list, i);

        table_add(table,
            (const char *const[]){text_of(one, "day"), text_of(one, "event"),
                text_of(one, "reason"), text_of(one, "reference"), text_of(one, "text")});
    }
    if (table_count(table) > 0)
        table_print(table);
    table_destroy(&table);
}

static void print_links(const struct json *list)
{
    static const char *const titles[] = {"LINKED WITH", "REASON", "DAY", NULL};
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_nth(list, i);

        table_add(table, (const char *const[]){text_of(one, "case"),
                             text_of(one, "reason"), text_of(one, "day")});
    }
    if (table_count(table) > 0) {
        table_print(table);
        (void)putchar('\n');
    }
    table_destroy(&table);
}

void print_case_page(const struct json *answer)
{
    static const char *const pair[] = {"NAME", "VALUE", NULL};
    struct table *facts = table_new(pair, false);
    const struct json *value;
    const char *name;
    void *cursor = NULL;

    while (json_each(answer, &cursor, &name, &value)) {
        enum json_kind kind = json_kind(value);

        if (kind == JSON_TEXT_KIND)
            print_fact(facts, name, "%s", json_text(value));
        else if (kind == JSON_INT_KIND && json_int(value) != 0)
            print_fact(facts, name, "%lld", (long long)json_int(value));
        else if (kind == JSON_FLAG_KIND && json_find_flag(answer, name))
            print_fact(facts, name, "yes");
        else if (kind == JSON_LIST_KIND && strcmp(name, "languages") == 0) {
            char *joined = print_join(value);

            print_fact(facts, name, "%s", joined);
            memory_free(joined);
        }
    }
    table_print(facts);
    (void)putchar('\n');
    print_links(json_find(answer, "links"));
    print_timeline(json_find(answer, "timeline"));
    table_destroy(&facts);
}

/* One line a step; the referral itself is the first of its lines. */
static void add_course(struct table *table, const struct json *one)
{
    const struct json *steps = json_find(one, "steps");

    table_add(table,
        (const char *const[]){text_of(one, "service"), text_of(one, "priority"),
            text_of(one, "month"), text_of(one, "direction"), text_of(one, "state")});
    for (size_t i = 0; i < json_count(steps); i++) {
        const struct json *step = json_nth(steps, i);
        const char *names[] = {"reason", "milestone", "result"};
        const char *more = "";

        for (size_t k = 0; k < ARRAY_LENGTH(names) && !*more; k++)
            more = text_of(step, names[k]);
        table_add(table, (const char *const[]){"", text_of(step, "by"),
                             text_of(step, "month"), text_of(step, "step"), more});
    }
}

void print_case_summary(const struct json *answer)
{
    static const char *const pair[] = {"NAME", "VALUE", NULL};
    static const char *const titles[] = {"SERVICE", "BY", "MONTH", "STEP", "", NULL};
    struct table *facts = table_new(pair, false), *table = table_new(titles, true);
    const struct json *course = json_find(answer, "course"), *value;
    const char *name;
    void *cursor = NULL;

    while (json_each(answer, &cursor, &name, &value)) {
        if (json_kind(value) == JSON_TEXT_KIND) {
            print_fact(facts, name, "%s", json_text(value));
        } else if (json_kind(value) == JSON_FLAG_KIND && json_find_flag(answer, name)) {
            print_fact(facts, name, "yes");
        } else if (json_kind(value) == JSON_LIST_KIND && value != course) {
            char *joined = print_join(value);

            print_fact(facts, name, "%s", joined);
            memory_free(joined);
        }
    }
    table_print(facts);
    for (size_t i = 0; i < json_count(course); i++)
        add_course(table, json_nth(course, i));
    if (table_count(table) > 0) {
        (void)putchar('\n');
        table_print(table);
    }
    (void)fprintf(stderr,
        "Nobody is named here. A rare language or an unusual course may "
        "still tell who it is: read it before you show it.\n");
    table_destroy(&facts);
    table_destroy(&table);
}

void print_arrivals(const struct json *answer)
{
    static const char *const titles[] = {"LINE", "WHY IT IS LEFT OUT", NULL};
    struct table *table = table_new(titles, true);
    const struct json *rows = json_find(answer, "refused_rows");
    const struct json *dropped = json_find(answer, "dropped_columns");

    for (size_t i = 0; i < json_count(rows); i++) {
        char line[24];

        (void)snprintf(line, sizeof(line), "%lld",
            (long long)json_find_int(json_nth(rows, i), "line"));
        table_add(table, (const char *const[]){line, text_of(json_nth(rows, i), "why")});
    }
    if (table_count(table) > 0)
        table_print(table);
    table_destroy(&table);
    (void)printf("%lld good rows, %lld of them to be met first; %lld left out\n",
        (long long)json_find_int(answer, "rows"),
        (long long)json_find_int(answer, "first"),
        (long long)json_find_int(answer, "refused"));
    if (json_count(dropped) > 0) {
        char *joined = print_join(dropped);

        print_plain(stdout, "Columns that are not kept: ", joined, "");
        memory_free(joined);
    }
    if (json_find_flag(answer, "imported"))
        (void)fprintf(stderr, "The list is imported. \"amaan tasks\" shows it.\n");
    else
        print_plain(stderr, "Import it with: --list ", text_of(answer, "list"), "");
}

void print_tasks(const struct json *answer)
{
    static const char *const titles[] = {
        "TASK", "DAY", "FLIGHT OR BUS", "FROM", "WHY", "STATE", "CASE", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char *why = print_join(json_find(one, "reasons"));

        table_add(table, (const char *const[]){text_of(one, "task"), text_of(one, "day"),
                             text_of(one, "flight_or_bus"), text_of(one, "sending_state"),
                             why, text_of(one, "state"), text_of(one, "case")});
        memory_free(why);
    }
    if (table_count(table) > 0)
        table_print(table);
    else
        (void)fprintf(stderr, "No tasks.\n");
    if (json_find_flag(answer, "more"))
        (void)fprintf(stderr, "There are more; these are the first.\n");
    table_destroy(&table);
}
