/* SPDX-License-Identifier: Apache-2.0
 * A question that may not be asked now has a dash in its place: the gates come first.
 */
#include "print_screen.h"

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

static void print_head(const struct json *answer)
{
    static const char *const pair[] = {"NAME", "VALUE", NULL};
    struct table *table = table_new(pair, false);
    const struct json *wait = json_find(answer, "waits_for_officer");
    char *services = print_join(json_find(answer, "may_refer"));

    print_fact(table, "Case", "%s", text_of(answer, "case"));
    print_fact(table, "Proposed", "%s: %s", text_of(answer, "class"),
        text_of(answer, "class_text"));
    print_fact(table, "Confirmed", "%s", text_of(answer, "confirmed"));
    if (json_find(answer, "palermo"))
        print_fact(table, "Definitions", "Palermo %s, Act of 2018 %s",
            json_find_flag(answer, "palermo") ? "yes" : "no",
            json_find_flag(answer, "ptpa") ? "yes" : "no");
    print_fact(table, "Treated as", "%s",
        json_find_flag(answer, "child") ? "a child" : "an adult");
    print_fact(table, "May be referred", "%s", services);
    if (wait)
        print_fact(table, "Waits for an officer", "since %s, until %s%s",
            text_of(wait, "since"), text_of(wait, "deadline"),
            json_find_flag(wait, "overdue") ? ": OVERDUE, call the supervisor" : "");
    print_fact(table, "Next", "%s", text_of(answer, "next"));
    table_print(table);
    table_destroy(&table);
    memory_free(services);
}

static void print_rows(const struct json *list, const char *const titles[],
    const char *const fields[3], bool asked)
{
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_nth(list, i);
        bool closed = asked && !json_find_flag(one, "may_ask");

        table_add(
            table, (const char *const[]){text_of(one, fields[0]),
                       closed ? "-" : text_of(one, fields[1]), text_of(one, fields[2])});
    }
    (void)putchar('\n');
    table_print(table);
    table_destroy(&table);
}

void print_screen(const struct json *answer)
{
    static const char *const why[] = {"WHY", "QUESTION", "", NULL};
    static const char *const form[] = {"QUESTION", "ANSWER", "", NULL};

    print_head(answer);
    print_rows(json_find(answer, "reasons"), why,
        (const char *const[]){"reason", "question", "text"}, false);
    print_rows(json_find(answer, "questions"), form,
        (const char *const[]){"question", "answer", "text"}, true);
}

void print_screen_step(const struct json *answer)
{
    char *class = plain_copy(text_of(answer, "class"), false);
    char *next = plain_copy(text_of(answer, "next"), false);

    (void)printf("%s\n", class);
    (void)fprintf(stderr, "It is kept. Next question: %s.\n", *next ? next : "none");
    memory_free(class);
    memory_free(next);
}

void print_triage(const struct json *answer)
{
    static const char *const form[] = {"ITEM", "ANSWER", "", NULL};
    char *result = plain_copy(text_of(answer, "result"), false);
    char *text = plain_copy(text_of(answer, "text"), false);

    (void)printf("%s: %s\n", result, text);
    print_rows(json_find(answer, "items"), form,
        (const char *const[]){"item", "answer", "text"}, false);
    memory_free(result);
    memory_free(text);
}
