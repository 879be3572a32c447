/* SPDX-License-Identifier: Apache-2.0
 * Two tables of data; what is talk goes to standard error.
 */
#include "print_match.h"

#include <stdio.h>

#include "memory.h"
#include "print.h"

static const char *text_of(const struct json *json, const char *name)
{
    const char *text = json_find_text(json, name);

    return text ? text : "";
}

/* "female-bed 3 of 12 open", one behind the other; a stale one says so. */
static void format_room(const struct json *room, char *ret, size_t size)
{
    size_t used = 0;

    ret[0] = '\0';
    for (size_t i = 0; i < json_count(room); i++) {
        const struct json *one = json_nth(room, i);
        int n = snprintf(ret + used, size - used, "%s%s %lld of %lld %s%s", i ? "; " : "",
            text_of(one, "unit"), (long long)json_find_int(one, "available"),
            (long long)json_find_int(one, "maximum"), text_of(one, "status"),
            json_find_flag(one, "stale") ? " (stale)" : "");

        if (n < 0 || (size_t)n >= size - used)
            return;
        used += (size_t)n;
    }
}

static void print_ranked(const struct json *ranked)
{
    static const char *const titles[] = {
        "RANK", "NAME", "WHY", "ROOM", "HOURS", "CONTACT", NULL};
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(ranked); i++) {
        const struct json *one = json_nth(ranked, i);
        char *why = print_join(json_find(one, "reasons"));
        char rank[24], room[512];

        (void)snprintf(rank, sizeof(rank), "%lld", (long long)json_find_int(one, "rank"));
        format_room(json_find(one, "room"), room, sizeof(room));
        table_add(table, (const char *const[]){rank, text_of(one, "name"), why, room,
                             text_of(one, "hours"), text_of(one, "contact")});
        memory_free(why);
    }
    if (table_count(table) > 0)
        table_print(table);
    table_destroy(&table);
}

static void print_excluded(const struct json *excluded, long long n)
{
    static const char *const titles[] = {"LEFT OUT", "BECAUSE", NULL};
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < json_count(excluded); i++) {
        const struct json *one = json_nth(excluded, i);
        char *why = print_join(json_find(one, "reasons"));

        table_add(table, (const char *const[]){text_of(one, "name"), why});
        memory_free(why);
    }
    if (table_count(table) > 0) {
        (void)putchar('\n');
        table_print(table);
    }
    if (n > (long long)json_count(excluded))
        (void)fprintf(
            stderr, "%lld more are left out.\n", n - (long long)json_count(excluded));
    table_destroy(&table);
}

void print_match(const struct json *answer)
{
    long long found = (long long)json_find_int(answer, "ranked_count");

    print_ranked(json_find(answer, "ranked"));
    print_excluded(json_find(answer, "excluded"),
        (long long)json_find_int(answer, "excluded_count"));
    if (found == 0)
        (void)fprintf(stderr, "Nobody fits. Ask the coordinator.\n");
    else
        (void)fprintf(stderr,
            "%lld may be asked. The order is a proposal: you choose, and the member "
            "decides.\n",
            found);
}

void print_capacity(const struct json *answer)
{
    (void)printf("%s: %s, %lld of %lld free, good until %s\n", text_of(answer, "unit"),
        text_of(answer, "status"), (long long)json_find_int(answer, "available"),
        (long long)json_find_int(answer, "maximum"), text_of(answer, "good_until"));
    (void)fprintf(
        stderr, "%lld members are told.\n", (long long)json_find_int(answer, "told"));
}

void print_enquiries(const struct json *answer)
{
    static const char *const titles[] = {
        "REFERENCE", "WAY", "MEMBER", "SERVICE", "FOR", "UNTIL", "ANSWER", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        long long children = (long long)json_find_int(one, "children");
        char whom[160];

        if (json_find_flag(one, "damaged"))
            (void)snprintf(whom, sizeof(whom), "cannot be read");
        else
            (void)snprintf(whom, sizeof(whom), "%s %s, %lld children%s %s",
                text_of(one, "gender"), text_of(one, "age_band"), children,
                json_find_flag(one, "infant") ? " (infant)" : "", text_of(one, "where"));
        table_add(table,
            (const char *const[]){text_of(one, "reference"), text_of(one, "direction"),
                text_of(one, "peer"), text_of(one, "service"), whom,
                text_of(one, "until"), text_of(one, "answer")});
    }
    if (table_count(table) == 0)
        (void)fprintf(stderr, "No enquiries.\n");
    else
        table_print(table);
    table_destroy(&table);
}

void print_enquiry(const struct json *answer)
{
    (void)printf("%s %s\n", text_of(answer, "reference"), text_of(answer, "answer"));
}

void print_surge(const struct json *answer)
{
    static const char *const titles[] = {"REFERENCE", "PERSON", "CONTACT", "CAN",
        "GENDER", "LANGUAGES", "DISTRICT", "THERE", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");
    long long found = (long long)json_find_int(answer, "found");
    long long damaged = (long long)json_find_int(answer, "damaged");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char *languages = print_join(json_find(one, "languages")), when[64];

        (void)snprintf(
            when, sizeof(when), "%s to %s", text_of(one, "from"), text_of(one, "until"));
        table_add(table,
            (const char *const[]){text_of(one, "reference"), text_of(one, "person"),
                text_of(one, "contact"), text_of(one, "role"), text_of(one, "gender"),
                languages, text_of(one, "district"), when});
        memory_free(languages);
    }
    if (table_count(table) == 0)
        (void)fprintf(
            stderr, "Nobody fits. \"amaan surge --all\" shows the whole list.\n");
    else
        table_print(table);
    if (found > (long long)json_count(items))
        (void)fprintf(stderr, "%lld people fit; these are the first.\n", found);
    if (damaged > 0)
        (void)fprintf(
            stderr, "%lld entries cannot be read: the disk damaged them.\n", damaged);
    table_destroy(&table);
}

void print_surge_line(const struct json *answer)
{
    (void)printf("%s\n", text_of(answer, "reference"));
    (void)fprintf(stderr, "On the list until %s.\n", text_of(answer, "until"));
}
