/* SPDX-License-Identifier: Apache-2.0
 * A table of what is due, and beneath it a sentence for each that needs a telephone or another member.
 */
#include "print_due.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "table.h"

static const char *text_of(const struct json *json, const char *name)
{
    const char *text = json_find_text(json, name);

    return text ? text : "";
}

static void print_next(const struct json *one)
{
    const struct json *next = json_find(one, "next");

    if (json_count(next) == 0)
        return;
    (void)printf("%s: may be asked instead:", text_of(one, "reference"));
    for (size_t i = 0; i < json_count(next); i++)
        (void)printf("%s %s", i > 0 ? "," : "", json_text(json_nth(next, i)));
    (void)printf("\n");
}

static void print_notes(const struct json *one)
{
    const struct json *ring = json_find(one, "ring");
    const char *unseen = json_find_text(one, "cannot_have_been_seen_since");
    const char *paused = json_find_text(one, "paused_since");

    if (ring)
        (void)printf("%s: not opened. Telephone %s (%s) and say the reference %s.\n",
            text_of(one, "reference"), text_of(one, "member"),
            *text_of(ring, "contact") ? text_of(ring, "contact")
                                      : "no number is in the directory",
            text_of(ring, "say"));
    if (unseen)
        (void)printf("%s: did not arrive; it cannot have been seen there since %s.\n",
            text_of(one, "reference"), unseen);
    if (paused)
        (void)printf("%s: the clock rests since %s: the other side cannot be heard.\n",
            text_of(one, "reference"), paused);
    print_next(one);
}

void print_due(const struct json *answer)
{
    static const char *const titles[] = {
        "REFERRAL", "WITH", "STATE", "WAITS FOR", "TURN", "DUE", "LATE", NULL};
    const struct json *items = json_find(answer, "items");
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);

        table_add(table,
            (const char *const[]){text_of(one, "reference"), text_of(one, "member"),
                text_of(one, "state"), text_of(one, "waits_for"), text_of(one, "turn"),
                text_of(one, "due"), text_of(one, "late")});
    }
    if (table_count(table) > 0)
        table_print(table);
    else
        (void)fprintf(stderr, "Nothing is waited for.\n");
    table_destroy(&table);
    for (size_t i = 0; i < json_count(items); i++)
        print_notes(json_nth(items, i));
}

void print_board(const struct json *answer)
{
    static const char *const titles[] = {
        "REFERRAL", "FROM", "WITH", "SERVICE", "STATE", "TURN", "DUE", "LATE", NULL};
    const struct json *items = json_find(answer, "items");
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);

        table_add(table,
            (const char *const[]){text_of(one, "reference"), text_of(one, "sender"),
                text_of(one, "recipient"), text_of(one, "service"), text_of(one, "state"),
                text_of(one, "turn"), text_of(one, "due"), text_of(one, "late")});
    }
    if (table_count(table) > 0)
        table_print(table);
    table_destroy(&table);
    (void)fprintf(stderr, "%lld found, %lld overdue, %lld past half of their time%s\n",
        (long long)json_find_int(answer, "found"),
        (long long)json_find_int(answer, "overdue"),
        (long long)json_find_int(answer, "half_over"),
        json_find_flag(answer, "complete") ? "." : "; more are still being read.");
}

static void print_load_lines(
    const struct json *items, const char *title, const char *name)
{
    const char *const titles[] = {
        title, "OPEN", "OVERDUE", "WAITING", "MEDIAN HOURS", "LONGEST HOURS", NULL};
    static const char *const NUMBERS[] = {
        "open", "overdue", "waiting", "median_hours", "longest_hours"};
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char cells[ARRAY_LENGTH(NUMBERS)][24];

        for (size_t k = 0; k < ARRAY_LENGTH(NUMBERS); k++)
            (void)snprintf(cells[k], sizeof(cells[k]), "%lld",
                (long long)json_find_int(one, NUMBERS[k]));
        table_add(table, (const char *const[]){text_of(one, name), cells[0], cells[1],
                             cells[2], cells[3], cells[4]});
    }
    if (table_count(table) > 0)
        table_print(table);
    table_destroy(&table);
}

void print_load(const struct json *answer)
{
    print_load_lines(json_find(answer, "services"), "SERVICE", "service");
    print_load_lines(json_find(answer, "districts"), "DISTRICT", "district");
    if (!json_find_flag(answer, "complete"))
        (void)fprintf(stderr, "More are still being read.\n");
}

void print_board_line(const struct json *one)
{
    const struct json *calls = json_find(one, "calls");

    (void)printf("%s %s, waits for %s, turn: %s\n", text_of(one, "reference"),
        text_of(one, "state"), text_of(one, "waits_for"), text_of(one, "turn"));
    for (size_t i = 0; i < json_count(calls); i++) {
        const struct json *call = json_nth(calls, i);

        (void)printf("  %s telephoned %s: %s\n", text_of(call, "at"),
            text_of(call, "whom"), text_of(call, "result"));
    }
}
