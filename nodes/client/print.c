/* SPDX-License-Identifier: Apache-2.0
 * A table of verbs and their forms. Fields that are missing print as nothing: a newer node may answer more, an
 * older one less.
 */
#include "print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "plain.h"
#include "print_case.h"
#include "print_due.h"
#include "print_findings.h"
#include "print_meeting.h"
#include "print_match.h"
#include "print_screen.h"
#include "print_shift.h"
#include "print_statistics.h"

enum { CELL_BYTES = 4096, LINE_BYTES_MAX = 8 * JSON_TEXT_MAX };

static const char *text_of(const struct json *json, const char *name)
{
    const char *text = json_find_text(json, name);

    return text ? text : "";
}

static long long number_of(const struct json *json, const char *name)
{
    return (long long)json_find_int(json, name);
}

void print_line(const struct json *json)
{
    struct buffer printed, plain;

    buffer_init(&printed, LINE_BYTES_MAX);
    buffer_init(&plain, LINE_BYTES_MAX);
    PROMISE(json_print(json, &printed) == STATUS_OK);
    PROMISE(plain_put(&plain, buffer_span(&printed)) == STATUS_OK);
    (void)fwrite(plain.bytes, 1, plain.used, stdout);
    (void)fputc('\n', stdout);
    buffer_release(&printed);
    buffer_release(&plain);
}

void print_lines(const struct json *list)
{
    for (size_t i = 0; i < json_count(list); i++)
        print_line(json_nth(list, i));
}

char *print_join(const struct json *list)
{
    char joined[CELL_BYTES] = "";
    size_t used = 0;

    for (size_t i = 0; i < json_count(list); i++) {
        const char *text = json_text(json_nth(list, i));
        int n = snprintf(joined + used, sizeof(joined) - used, "%s%s", i ? ", " : "",
            text ? text : "?");

        if (n < 0 || (size_t)n >= sizeof(joined) - used)
            break;
        used += (size_t)n;
    }
    return memory_copy_text(joined);
}

void print_fact(struct table *table, const char *name, const char *format, ...)
{
    char value[CELL_BYTES];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(value, sizeof(value), format, list);
    va_end(list);
    if (*value)
        table_add(table, (const char *const[]){name, value});
}

/* --- inbox and sent ------------------------------------------------------------------------------------- */

static void paint_state(struct table *table, size_t column, const char *state)
{
    if (strcmp(state, "accepted") == 0 || strcmp(state, "completed") == 0)
        table_paint(table, column, "green");
    if (strcmp(state, "declined") == 0)
        table_paint(table, column, "red");
}

struct table *print_new_list(const char *verb)
{
    static const char *const inbox[] = {"REFERENCE", "FROM", "SERVICE", "PRIORITY",
        "STATE", "NEEDED BY", "ARRIVED", NULL};
    static const char *const sent[] = {
        "REFERENCE", "TO", "SERVICE", "PRIORITY", "LETTER", "STATE", "SENT", NULL};

    return table_new(strcmp(verb, "sent") == 0 ? sent : inbox, true);
}

void print_add_item(struct table *table, const char *verb, const struct json *item)
{
    bool sent = strcmp(verb, "sent") == 0, late = json_find_flag(item, "late");
    const char *state = late ? "too late" : text_of(item, "state");
    const char *cells[] = {text_of(item, "reference"), text_of(item, "peer"),
        text_of(item, "service"), text_of(item, "priority"),
        sent ? text_of(item, "letter") : state, sent ? state : text_of(item, "needed_by"),
        text_of(item, "day")};

    table_add(table, cells);
    paint_state(table, sent ? 5 : 4, state);
    if (late)
        table_paint(table, sent ? 5 : 4, "red");
}

/* --- the other lists ------------------------------------------------------------------------------------- */

static void print_members(const struct json *answer)
{
    static const char *const titles[] = {
        "NAME", "ROLES", "SERVICES", "LANGUAGES", "STANDING", "HOURS", "CONTACT", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char *roles = print_join(json_find(one, "roles"));
        char *services = print_join(json_find(one, "services"));
        char *languages = print_join(json_find(one, "languages"));

        table_add(table, (const char *const[]){text_of(one, "name"), roles, services,
                             languages, text_of(one, "standing"), text_of(one, "hours"),
                             text_of(one, "contact")});
        memory_free(roles);
        memory_free(services);
        memory_free(languages);
    }
    if (table_count(table) == 0)
        (void)fprintf(stderr, "No profiles are here yet.\n");
    else
        table_print(table);
    table_destroy(&table);
}

static void print_alarms(const struct json *answer)
{
    static const char *const titles[] = {
        "NUMBER", "AT", "ALARM", "MEMBER", "DETAIL", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char number[24], detail[24];

        (void)snprintf(number, sizeof(number), "%lld", number_of(one, "id"));
        (void)snprintf(detail, sizeof(detail), "%lld", number_of(one, "detail"));
        table_add(table, (const char *const[]){number, text_of(one, "at"),
                             text_of(one, "code"), text_of(one, "peer"), detail});
        table_paint(table, 2, "red");
    }
    if (table_count(table) == 0)
        (void)fprintf(stderr, "No alarms.\n");
    else
        table_print(table);
    table_destroy(&table);
}

static void print_quarantine(const struct json *answer)
{
    static const char *const titles[] = {
        "NUMBER", "CAME", "MEMBER", "STANDING", "KIND", "WRITTEN", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char number[24];

        (void)snprintf(number, sizeof(number), "%lld", number_of(one, "id"));
        table_add(table,
            (const char *const[]){number, text_of(one, "came"), text_of(one, "peer"),
                text_of(one, "standing"), text_of(one, "kind"), text_of(one, "written")});
    }
    if (table_count(table) == 0)
        (void)fprintf(stderr, "No letter waits for a person.\n");
    else
        table_print(table);
    table_destroy(&table);
}

static void print_people(const struct json *answer)
{
    static const char *const titles[] = {"PERSON", "ROLE", "HERE", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);

        table_add(table, (const char *const[]){text_of(one, "name"), text_of(one, "role"),
                             json_find_flag(one, "here") ? "yes" : ""});
    }
    table_print(table);
    table_destroy(&table);
    if (json_find_flag(answer, "second_administrator_wanted"))
        (void)fprintf(stderr,
            "There is one administrator. Make a second one: if this one is "
            "lost, nobody can change who works here.\n");
    if (!json_find_flag(answer, "recovery_shares"))
        (void)fprintf(stderr, "There are no recovery shares: \"amaan recovery-make\".\n");
}

static void print_audit(const struct json *answer)
{
    static const char *const titles[] = {
        "NUMBER", "HOUR", "PERSON", "DID", "ABOUT", "TIMES", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char number[24], times[24];

        (void)snprintf(number, sizeof(number), "%lld", number_of(one, "number"));
        (void)snprintf(times, sizeof(times), "%lld", number_of(one, "times"));
        table_add(table,
            (const char *const[]){number, text_of(one, "hour"), text_of(one, "person"),
                text_of(one, "verb"), text_of(one, "about"), times});
    }
    table_print(table);
    table_destroy(&table);
}

static void print_roster(const struct json *answer)
{
    static const char *const titles[] = {"DOCUMENT", "VERSION", "CREATED", "HASH", NULL};
    static const char *const pair[] = {"NAME", "VALUE", NULL};
    struct table *table = table_new(titles, true), *facts = table_new(pair, false);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        char version[24];

        (void)snprintf(version, sizeof(version), "%lld", number_of(one, "version"));
        table_add(table, (const char *const[]){text_of(one, "document"), version,
                             text_of(one, "created_at"), text_of(one, "hash")});
    }
    print_fact(facts, "Members", "%lld", number_of(answer, "members"));
    print_fact(facts, "Network", "%s", text_of(answer, "network"));
    if (json_find(answer, "roster_expires_at"))
        print_fact(facts, "In force", "until %s, %lld days",
            text_of(answer, "roster_expires_at"), number_of(answer, "roster_days_left"));
    if (json_find_flag(answer, "forked"))
        print_fact(facts, "FORKED",
            "two rosters contradict each other: see \"amaan "
            "alarms\", and call a steward");
    table_print(table);
    (void)putchar('\n');
    table_print(facts);
    table_destroy(&table);
    table_destroy(&facts);
}

/* --- status ---------------------------------------------------------------------------------------------- */

static void add_standing(struct table *table, const struct json *answer)
{
    bool locked = json_find_flag(answer, "locked");
    bool connected = json_find_flag(answer, "connected");

    print_fact(table, "Keys", "%s",
        locked ? "locked: letters are received and wait, sealed, for \"amaan unlock\""
               : "unlocked");
    table_paint(table, 1, locked ? "red" : "green");
    if (!json_find_flag(answer, "joined"))
        print_fact(table, "Network", "not entered yet: see \"amaan join\"");
    print_fact(table, "Exchange", "%s%s%s%s",
        connected ? "connected" : "not connected: letters wait here and are not lost",
        !connected && json_find(answer, "last_welcome_at") ? "; last in the hour of "
                                                           : "",
        connected ? "" : text_of(answer, "last_welcome_at"),
        json_find(answer, "broker_refusal") ? " (it refuses: see below)" : "");
    print_fact(table, "Refused", "%s", text_of(answer, "broker_refusal"));
    if (json_find_flag(answer, "restored"))
        print_fact(
            table, "Restored", "from a backup: numbers of letters are settled anew");
}

static void add_queues(struct table *table, const struct json *answer)
{
    const struct json *out = json_find(answer, "outgoing");
    const struct json *in = json_find(answer, "incoming");

    print_fact(table, "Outgoing",
        "%lld draft, %lld sealed, %lld with the exchange, %lld stored and unconfirmed",
        number_of(out, "draft"), number_of(out, "sealed"), number_of(out, "held"),
        number_of(out, "unconfirmed"));
    print_fact(table, "Incoming",
        "%lld unopened (%lld express), %lld of members not in the roster yet, %lld set "
        "aside, %lld unreadable",
        number_of(in, "unopened"), number_of(in, "unopened_express"),
        number_of(in, "parked"), number_of(in, "quarantined"),
        number_of(in, "unreadable"));
    print_fact(table, "Referrals",
        "%lld sent; %lld received, %lld undecided, %lld too late",
        number_of(answer, "sent"), number_of(answer, "received"),
        number_of(answer, "undecided"), number_of(answer, "late"));
}

/* What nobody has opened, and how the node makes itself heard. */
static void add_waiting(struct table *table, const struct json *answer)
{
    const struct json *waiting = json_find(answer, "waiting");
    const struct json *announce = json_find(answer, "announce");

    if (!waiting)
        return; /* an older node */
    print_fact(table, "Waiting", "%lld express, %lld normal that nobody has opened",
        number_of(waiting, "express"), number_of(waiting, "normal"));
    if (number_of(waiting, "express") > 0)
        table_paint(table, 1, "red");
    if (json_find_flag(announce, "failed")) {
        print_fact(table, "Announce",
            "the command of node.conf failed with code %lld: nobody may have heard it",
            number_of(announce, "exit_code"));
        table_paint(table, 1, "red");
    }
}

static void add_backup(struct table *table, const struct json *backup)
{
    bool known = json_find(backup, "newest_at") != NULL;
    bool bad =
        json_find_flag(backup, "folder_missing") || json_find_flag(backup, "failed");

    if (!backup)
        return; /* an older node */
    print_fact(table, "Backup", "%s%s%s%s%s", known ? "newest of " : "none is known",
        text_of(backup, "newest_at"),
        json_find_flag(backup, "folder_set") ? "" : "; no folder is set in node.conf",
        json_find_flag(backup, "folder_missing") ? "; its folder is not there" : "",
        json_find_flag(backup, "failed") ? "; the last try failed" : "");
    if (!known || bad || number_of(backup, "age_days") >= 7)
        table_paint(table, 1, "red");
}

static void print_status(const struct json *answer)
{
    static const char *const titles[] = {"NAME", "VALUE", NULL};
    struct table *table = table_new(titles, false);
    char *roles = print_join(json_find(answer, "roles"));
    long long alarms = number_of(answer, "alarms");

    print_fact(table, "Member", "%s%s%s%s", text_of(answer, "name"), *roles ? " (" : "",
        roles, *roles ? ")" : "");
    print_fact(table, "Person", "%s", text_of(answer, "person"));
    print_fact(table, "Node", "%s, amaan %s", text_of(answer, "node"),
        text_of(answer, "version"));
    add_standing(table, answer);
    add_queues(table, answer);
    add_waiting(table, answer);
    if (json_find(answer, "roster_expires_at"))
        print_fact(table, "Roster", "version %lld, in force until %s, %lld days",
            number_of(answer, "roster_version"), text_of(answer, "roster_expires_at"),
            number_of(answer, "roster_days_left"));
    print_fact(table, "One-time keys", "%lld%s%s", number_of(answer, "usable_prekeys"),
        json_find(answer, "prekeys_until") ? ", the last until " : "",
        text_of(answer, "prekeys_until"));
    if (json_find_flag(answer, "forked"))
        print_fact(table, "FORKED", "two rosters contradict each other: call a steward");
    add_backup(table, json_find(answer, "backup"));
    print_fact(table, "Alarms", alarms ? "%lld: see \"amaan alarms\"" : "none", alarms);
    if (alarms)
        table_paint(table, 1, "red");
    table_print(table);
    table_destroy(&table);
    memory_free(roles);
}

/* --- losses ---------------------------------------------------------------------------------------------- */

static void print_unknown(const struct json *list)
{
    static const char *const titles[] = {"MEMBER", "KIND", "NUMBER", "TOLD", NULL};
    struct table *table = table_new(titles, false);

    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_nth(list, i);
        char number[64];

        (void)snprintf(number, sizeof(number), "%lld/%lld", number_of(one, "epoch"),
            number_of(one, "number"));
        const char *cells[] = {text_of(one, "member"), text_of(one, "kind"), number,
            text_of(one, "told_at")};
        table_add(table, cells);
    }
    (void)puts(
        "Letters of this node that were sent after the backup and are not known here:");
    table_print(table);
    table_destroy(&table);
}

static void print_losses(const struct json *answer)
{
    const struct json *unknown = json_find(answer, "unknown");
    const struct json *members = json_find(answer, "members");
    const struct json *referrals = json_find(answer, "referrals");

    if (json_count(unknown) > 0)
        print_unknown(unknown);
    for (size_t i = 0; i < json_count(members); i++) {
        char *name = plain_copy(text_of(json_nth(members, i), "member"), false);

        (void)printf("%s lost its records since %s\n", name,
            text_of(json_nth(members, i), "lost_since"));
        memory_free(name);
    }
    if (json_count(referrals) > 0) {
        struct table *table = print_new_list("sent");

        (void)puts(
            "Open referrals to them; \"amaan send-again REF\" sends one once more:");
        for (size_t i = 0; i < json_count(referrals); i++)
            print_add_item(table, "sent", json_nth(referrals, i));
        table_print(table);
        table_destroy(&table);
    }
    if (json_count(unknown) + json_count(members) == 0)
        (void)fprintf(stderr, "Nothing is known to be lost.\n");
}

/* --- consent ---------------------------------------------------------------------------------------------- */

static void print_preview(const struct json *answer)
{
    static const char *const sent[] = {"FIELD", "VALUE", "GROUP", "WHY", NULL};
    static const char *const kept[] = {"WITHHELD", "WHY", NULL};
    struct table *table = table_new(sent, true), *withheld = table_new(kept, true);
    const struct json *fields = json_find(answer, "fields");
    const struct json *list = json_find(answer, "withheld");
    const struct json *texts = json_find(answer, "read_out");

    for (size_t i = 0; i < json_count(fields); i++) {
        const struct json *one = json_nth(fields, i), *value = json_find(one, "value");
        char *joined = print_join(value), number[24] = "";

        if (json_kind(value) == JSON_INT_KIND)
            (void)snprintf(number, sizeof(number), "%lld", (long long)json_int(value));
        if (json_kind(value) == JSON_FLAG_KIND)
            (void)snprintf(number, sizeof(number), "%s",
                json_find_flag(one, "value") ? "yes" : "no");
        table_add(table, (const char *const[]){text_of(one, "field"),
                             json_text(value) ? json_text(value)
                             : *number        ? number
                                              : joined,
                             text_of(one, "group"), text_of(one, "why")});
        memory_free(joined);
    }
    for (size_t i = 0; i < json_count(list); i++)
        table_add(withheld, (const char *const[]){text_of(json_nth(list, i), "group"),
                                text_of(json_nth(list, i), "why")});
    table_print(table);
    if (table_count(withheld) > 0) {
        (void)putchar('\n');
        table_print(withheld);
    }
    char *read_out = plain_copy(text_of(texts, "eng"), true);
    char *refusal = plain_copy(text_of(answer, "refusal_detail"), false);
    (void)printf("\nTo be read out:\n%s\n", read_out);
    (void)fprintf(stderr, "%s%s\n",
        json_find_flag(answer, "may_leave") ? "It may leave. Nothing was sent."
                                            : "It may not leave: ",
        refusal);
    memory_free(read_out);
    memory_free(refusal);
    table_destroy(&table);
    table_destroy(&withheld);
}

static void print_shared(const struct json *answer)
{
    const struct json *pages = json_find(answer, "pages");
    char *english = plain_copy(text_of(pages, "eng"), true);
    char *urdu = plain_copy(text_of(pages, "urd"), true);

    (void)printf("%s\n%s", english, urdu);
    if (json_find(answer, "damaged"))
        (void)fprintf(stderr,
            "%lld more cannot be read any more and are missing above: ask the steward "
            "for the backup before this page is given to anybody.\n",
            (long long)json_find_int(answer, "damaged"));
    memory_free(english);
    memory_free(urdu);
}

static void print_acts(const struct json *answer)
{
    static const char *const titles[] = {
        "REFERENCE", "STATE", "REASON", "BY", "MEMBER", "SECOND", "DAY", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);

        table_add(table,
            (const char *const[]){text_of(one, "reference"),
                json_find_flag(one, "damaged") ? "cannot be read" : text_of(one, "state"),
                text_of(one, "reason"),
                json_find_flag(one, "mine") ? text_of(one, "first") : "a member",
                text_of(one, "peer"), text_of(one, "second"), text_of(one, "day")});
        if (strcmp(text_of(one, "state"), "open") == 0)
            table_paint(table, 1, "red");
    }
    if (table_count(table) == 0)
        (void)fprintf(stderr, "No overrides.\n");
    else
        table_print(table);
    table_destroy(&table);
}

static void print_withdrawn(const struct json *item)
{
    char *peer = plain_copy(text_of(item, "peer"), false);
    char *reference = plain_copy(text_of(item, "reference"), false);

    (void)printf("%s withdrawn\n", reference);
    (void)fprintf(stderr,
        "What was not delivered is stopped. %s will destroy what it has, and prove it: "
        "see \"amaan shared %s\".\n",
        peer, reference);
    memory_free(peer);
    memory_free(reference);
}

/* --- what no form is known of ---------------------------------------------------------------------------- */

static void print_fields(const struct json *answer)
{
    static const char *const titles[] = {"NAME", "VALUE", NULL};
    struct table *table = table_new(titles, false);
    const struct json *value;
    const char *name;
    void *cursor = NULL;

    while (json_each(answer, &cursor, &name, &value)) {
        struct buffer printed;

        buffer_init(&printed, LINE_BYTES_MAX);
        if (json_text(value))
            print_fact(table, name, "%s", json_text(value));
        else if (json_print(value, &printed) == STATUS_OK)
            print_fact(table, name, "%.*s", (int)printed.used, (char *)printed.bytes);
        buffer_release(&printed);
    }
    if (table_count(table) > 0)
        table_print(table);
    table_destroy(&table);
}

/* A decision: the reference and where it stands now. */
static void print_decision(const struct json *item)
{
    char *peer = plain_copy(text_of(item, "peer"), false);
    char *state = plain_copy(text_of(item, "state"), false);
    char *reference = plain_copy(text_of(item, "reference"), false);

    (void)printf("%s %s\n", reference, state);
    (void)fprintf(stderr, "It is kept, and %s will be told by a sealed letter.\n", peer);
    memory_free(peer);
    memory_free(state);
    memory_free(reference);
}

void print_practice(const struct json *answer)
{
    static const char words[] = " PRACTICE: nothing in this network is real. ";
    const char *no = getenv("NO_COLOR");

    if (!answer || !json_find_flag(answer, "practice"))
        return;
    if (isatty(STDERR_FILENO) && !(no && *no))
        (void)fprintf(stderr, "\033[30;43m%s\033[0m\n", words);
    else
        (void)fprintf(stderr, "%s\n", words);
}

static void print_decisions(const struct json *answer)
{
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++)
        print_decision(json_nth(items, i));
}

static void print_follow_ups(const struct json *answer)
{
    static const char *const titles[] = {
        "REFERENCE", "OF", "SERVICE", "STATE", "AFTER", "DUE", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);

        table_add(
            table, (const char *const[]){text_of(one, "reference"), text_of(one, "peer"),
                       text_of(one, "service"), text_of(one, "state"),
                       text_of(one, "after"), text_of(one, "due")});
    }
    if (table_count(table) == 0)
        (void)fprintf(stderr, "No follow-up is due.\n");
    else
        table_print(table);
    table_destroy(&table);
}

static void print_resting(const struct json *answer)
{
    static const char *const titles[] = {
        "DEED", "WHAT", "REFERENCE", "TO", "NOT DONE BECAUSE", NULL};
    static const char *const LISTS[] = {"resting", "not_done"};
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < ARRAY_LENGTH(LISTS); i++) {
        const struct json *list = json_find(answer, LISTS[i]);

        for (size_t k = 0; k < json_count(list); k++) {
            const struct json *one = json_nth(list, k);

            table_add(table,
                (const char *const[]){text_of(one, "deed"), text_of(one, "verb"),
                    text_of(one, "reference"), text_of(one, "to"), text_of(one, "code")});
        }
    }
    if (table_count(table) == 0)
        (void)fprintf(stderr, "Nothing is about to be sent.\n");
    else
        table_print(table);
    table_destroy(&table);
}

void print_answer(const char *verb, const struct json *answer)
{
    static const struct {
        const char *verb;
        void (*print)(const struct json *answer);
    } forms[] = {
        {"status", print_status},
        {"members", print_members},
        {"match", print_match},
        {"capacity-set", print_capacity},
        {"enquire", print_enquiries},
        {"enquiries", print_enquiries},
        {"answer-enquiry", print_enquiry},
        {"surge", print_surge},
        {"resting", print_resting},
        {"surge-add", print_surge_line},
        {"roster", print_roster},
        {"alarms", print_alarms},
        {"findings", print_findings},
        {"quarantine", print_quarantine},
        {"losses", print_losses},
        {"people", print_people},
        {"audit", print_audit},
        {"shift", print_shift},
        {"show", print_page},
        {"trace", print_page},
        {"accept", print_decision},
        {"decline", print_decision},
        {"complete", print_decision},
        {"waitlist", print_decision},
        {"redirect", print_decision},
        {"schedule", print_decision},
        {"no-show", print_decision},
        {"start", print_decision},
        {"hold", print_decision},
        {"resume", print_decision},
        {"fail", print_decision},
        {"milestone", print_decision},
        {"follow-up", print_decision},
        {"cancel-confirm", print_decision},
        {"cancel", print_decision},
        {"entered-in-error", print_decision},
        {"ask", print_decision},
        {"tell", print_decision},
        {"refer-again", print_decision},
        {"group", print_decisions},
        {"follow-ups", print_follow_ups},
        {"send-again", print_decision},
        {"preview", print_preview},
        {"shared", print_shared},
        {"acts", print_acts},
        {"meeting-points", print_points},
        {"missing", print_missing},
        {"board", print_board},
        {"load", print_load},
        {"call-note", print_board_line},
        {"nudge", print_board_line},
        {"reassign", print_board_line},
        {"escalate", print_board_line},
        {"due", print_due},
        {"settle", print_decision},
        {"hand-over-propose", print_handover_step},
        {"hand-over-agree", print_handover_step},
        {"handed-over", print_handover_step},
        {"arrived", print_handover_step},
        {"hand-over-off", print_handover_step},
        {"withdraw-consent", print_withdrawn},
        {"case-open", print_case_line},
        {"case-change", print_case_line},
        {"case-note", print_case_line},
        {"case-close", print_case_line},
        {"case-reopen", print_case_line},
        {"case-find", print_case_found},
        {"case-show", print_case_page},
        {"case-summary", print_case_summary},
        {"case-consents", print_case_consents},
        {"case-link", print_case_page},
        {"case-unlink", print_case_page},
        {"arrivals-preview", print_arrivals},
        {"arrivals-import", print_arrivals},
        {"tasks", print_tasks},
        {"screen", print_screen},
        {"screen-answer", print_screen_step},
        {"screen-choose", print_screen_step},
        {"screen-confirm", print_screen_step},
        {"triage", print_triage},
        {"statistics", print_statistics},
        {"export", print_export},
        {"proof", print_proof},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++)
        if (strcmp(forms[i].verb, verb) == 0) {
            forms[i].print(answer);
            return;
        }
    print_fields(answer);
}
