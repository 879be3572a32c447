/* SPDX-License-Identifier: Apache-2.0
 * The sheet is to be printed and signed on paper: what waits first, numbers below, record and check word at the end.
 */
#include "print_shift.h"

#include <stdio.h>
#include <string.h>

#include "table.h"

static const char *text_of(const struct json *json, const char *name)
{
    const char *text = json_find_text(json, name);

    return text ? text : "";
}

static long long number_of(const struct json *json, const char *name)
{
    return (long long)json_find_int(json, name);
}

static void put(struct table *table, const char *what, const char *reference,
    const char *state, const char *since, const char *by)
{
    table_add(table, (const char *const[]){what, reference, state, since, by});
}

static void put_referral(struct table *table, const struct json *one)
{
    char state[64];

    (void)snprintf(
        state, sizeof(state), "%s %s", text_of(one, "priority"), text_of(one, "state"));
    put(table, strcmp(text_of(one, "answer_from"), "here") == 0 ? "answer" : "awaited",
        text_of(one, "reference"), state, text_of(one, "since"), text_of(one, "by"));
}

static void put_form(struct table *table, const struct json *one)
{
    const struct json *wait = json_find(one, "waits_for_officer");
    const char *state = "unfinished";

    if (wait)
        state = json_find_flag(wait, "overdue") ? "officer overdue" : "waits for officer";
    put(table, "form", text_of(one, "case"), state, text_of(one, "since"),
        wait ? text_of(wait, "deadline") : "");
}

static void put_act(struct table *table, const struct json *one)
{
    put(table, "second person", text_of(one, "reference"), text_of(one, "done"),
        text_of(one, "since"), "");
}

static void put_list(struct table *table, const struct json *answer, const char *name,
    void (*put_one)(struct table *table, const struct json *one))
{
    const struct json *list = json_find(answer, name);

    for (size_t i = 0; i < json_count(list); i++)
        put_one(table, json_nth(list, i));
}

static void print_numbers(const struct json *answer)
{
    static const struct {
        const char *field, *words;
    } rows[] = {{"to_answer", "referrals to answer"}, {"awaited", "answers awaited"},
        {"express", "express letters not opened"}, {"unopened", "letters not opened"},
        {"aside", "letters set aside"}, {"no_receipt", "letters without a receipt"},
        {"arrivals_waiting", "arrivals waiting"},
        {"arrivals_taken", "arrivals taken aside"}, {"alarms", "alarms"}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        (void)printf("%-28s %lld\n", rows[i].words, number_of(answer, rows[i].field));
}

static void print_record(const struct json *answer)
{
    const struct json *record = json_find(answer, "record");

    if (*text_of(answer, "sealed_until"))
        (void)printf(
            "%-28s %s\n", "can be sealed to until", text_of(answer, "sealed_until"));
    (void)printf("%-28s %s\n", "as of", text_of(answer, "at"));
    if (json_find_flag(record, "holds"))
        (void)printf("%-28s %lld rows, check word %s\n", "record of who looked",
            number_of(record, "rows"), text_of(record, "check_word"));
    else
        (void)printf("%-28s DOES NOT HOLD from row %lld on\n", "record of who looked",
            number_of(record, "first_bad"));
    if (json_find_flag(answer, "more"))
        (void)fprintf(stderr, "Not all is listed: there are more than 200 of a kind.\n");
}

void print_shift(const struct json *answer)
{
    static const char *const titles[] = {
        "WAITS", "REFERENCE", "STATE", "SINCE", "BY", NULL};
    struct table *table = table_new(titles, true);

    put_list(table, answer, "referrals", put_referral);
    put_list(table, answer, "forms", put_form);
    put_list(table, answer, "acts", put_act);
    table_print(table);
    table_destroy(&table);
    print_numbers(answer);
    print_record(answer);
}
