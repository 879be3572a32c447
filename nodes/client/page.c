/* SPDX-License-Identifier: Apache-2.0
 * Two columns stand on top: the letter's way (transport's word) and people's word. They are never merged: a
 * letter that arrived says nothing about whether anybody will help.
 */
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "plain.h"
#include "print.h"
#include "print_meeting.h"

static const char *const PAIR[] = {"NAME", "VALUE", NULL};

static const char *text_of(const struct json *json, const char *name)
{
    const char *text = json_find_text(json, name);

    return text ? text : "";
}

static bool is_sent(const struct json *item)
{
    return strcmp(text_of(item, "direction"), "sent") == 0;
}

/* What is known about the receipt under a letter of ours. */
static const char *receipt_word(const struct json *item)
{
    if (json_find_flag(item, "receipt_verified"))
        return "receipt verified";
    return json_find(item, "receipt") ? "RECEIPT DOES NOT HOLD" : "no receipt yet";
}

static void print_title(const struct json *item)
{
    char *reference = plain_copy(text_of(item, "reference"), false);
    char *peer = plain_copy(text_of(item, "peer"), false);
    char *day = plain_copy(text_of(item, "day"), false);

    (void)printf("Referral %s, %s %s, %s\n\n", reference,
        is_sent(item) ? "sent to" : "received from", peer, day);
    memory_free(reference);
    memory_free(peer);
    memory_free(day);
}

static void print_states(const struct json *item)
{
    static const char *const titles[] = {
        "LETTER (HOW FAR IT CAME)", "PEOPLE (WHAT THEY DECIDED)", NULL};
    struct table *table = table_new(titles, true);
    const char *waits_for = text_of(item, "waits_for"), *state = text_of(item, "state");
    char waits[128], changed[128];

    (void)snprintf(waits, sizeof(waits), "waits for: %s", waits_for);
    (void)snprintf(changed, sizeof(changed), "since %s", text_of(item, "changed_day"));
    if (!is_sent(item)) {
        table_add(table, (const char *const[]){"arrived", state});
        table_add(table, (const char *const[]){text_of(item, "received_at"), changed});
        if (json_find_flag(item, "late"))
            table_add(table, (const char *const[]){"after its time had run out", ""});
    } else {
        table_add(table, (const char *const[]){text_of(item, "letter"), state});
        table_add(table, (const char *const[]){receipt_word(item), changed});
        if (json_find(item, "receipt_at"))
            table_add(table, (const char *const[]){text_of(item, "receipt_at"), ""});
        if (*waits_for)
            table_add(table, (const char *const[]){waits, ""});
    }
    table_print(table);
    table_destroy(&table);
}

static void print_referral(const struct json *item)
{
    static const char *const more[][2] = {{"preferred_name", "To be called"},
        {"full_name", "Full name"}, {"birth_day", "Born"}, {"district", "District"},
        {"health", "Health"}, {"access", "Access needs"},
        {"exploitation", "Exploitation"}, {"skills", "Skills"}, {"guardian", "Guardian"}};
    struct table *table = table_new(PAIR, false);
    char *languages = print_join(json_find(item, "languages"));
    char *urgent = print_join(json_find(item, "health_urgent"));

    print_fact(table, "Service", "%s", text_of(item, "service"));
    print_fact(table, "Priority", "%s%s", text_of(item, "priority"),
        json_find_flag(item, "express") ? " (express)" : "");
    print_fact(table, "Needed by", "%s", text_of(item, "needed_by"));
    print_fact(table, "Age", "%s", text_of(item, "age_band"));
    print_fact(table, "Minor", "%s%s", text_of(item, "minor"),
        strcmp(text_of(item, "minor"), "unknown") == 0 ? " (treated as a child)" : "");
    print_fact(table, "Gender", "%s", text_of(item, "gender"));
    print_fact(table, "Languages", "%s%s", languages,
        json_find_flag(item, "interpreter") ? " (an interpreter is needed)" : "");
    print_fact(table, "Risk", "%s", text_of(item, "risk"));
    print_fact(table, "Safe contact", "%s", text_of(item, "safe_contact"));
    for (size_t i = 0; i < ARRAY_LENGTH(more); i++)
        print_fact(table, more[i][1], "%s", text_of(item, more[i][0]));
    print_fact(table, "Urgent health", "%s", urgent);
    if (json_find_int(item, "dependants") > 0)
        print_fact(table, "Children", "%lld%s",
            (long long)json_find_int(item, "dependants"),
            json_find_flag(item, "infant") ? ", one not yet two" : "");
    if (json_find_flag(item, "searched_for"))
        print_fact(table, "Searched for", "somebody may look for the person");
    print_fact(table, "Sender's role", "%s", text_of(item, "sender_role"));
    print_fact(table, "Note", "%s", text_of(item, "note"));
    if (json_find_flag(item, "withdrawn"))
        print_fact(table, "WITHDRAWN", "%s%s%s",
            is_sent(item) ? text_of(item, "withdrawn_day")
                          : "the person took the consent back; the content is destroyed",
            json_find(item, "purged_day") ? ", destroyed there " : "",
            text_of(item, "purged_day"));
    if (table_count(table) > 0) {
        (void)putchar('\n');
        table_print(table);
    }
    table_destroy(&table);
    memory_free(languages);
    memory_free(urgent);
}

static void print_decisions(const struct json *item)
{
    static const char *const titles[] = {
        "DECIDED AT", "DECISION", "REASON", "BY", "LETTER", "RECEIPT", NULL};
    const struct json *list = json_find(item, "decisions");
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_nth(list, i);
        bool mine = json_find_flag(one, "mine");

        table_add(table,
            (const char *const[]){text_of(one, "at"),
                json_find_flag(one, "damaged") ? "cannot be read"
                                               : text_of(one, "decision"),
                text_of(one, "reason"), mine ? "this member" : text_of(item, "peer"),
                mine ? text_of(one, "letter") : "arrived",
                mine ? receipt_word(one) : ""});
    }
    if (table_count(table) > 0) {
        (void)putchar('\n');
        table_print(table);
    }
    table_destroy(&table);
}

/* By what the letter can be proved. */
static void print_evidence(const struct json *item)
{
    struct table *table = table_new(PAIR, false);

    print_fact(table, "Created", "%s", text_of(item, "created_at"));
    print_fact(table, "Letter", "%s", text_of(item, "item"));
    if (json_find(item, "number"))
        print_fact(table, "Number", "%lld of epoch %lld, sealed again %lld times",
            (long long)json_find_int(item, "number"),
            (long long)json_find_int(item, "epoch"),
            (long long)json_find_int(item, "sealed_again"));
    if (json_find(item, "receipt"))
        print_fact(table, "Receipt", "%zu signed bytes, %s: --json prints them",
            strlen(text_of(item, "receipt")) / 2, receipt_word(item));
    if (table_count(table) > 0) {
        (void)putchar('\n');
        table_print(table);
    }
    table_destroy(&table);
}

void print_page(const struct json *item)
{
    print_title(item);
    print_states(item);
    print_referral(item);
    print_handover(item);
    print_decisions(item);
    print_evidence(item);
}
