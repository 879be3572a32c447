/* SPDX-License-Identifier: Apache-2.0
 * The entries are the files of config/explain/, compiled in: one file a kind of code, one entry a code, one text a
 * language. A check compares them with the sources (tests/checks/explained.sh).
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "explain_alarms.data.h"
#include "explain_letters.data.h"
#include "explain_problems.data.h"
#include "explain_receipts.data.h"
#include "explain_refusals.data.h"
#include "memory.h"
#include "order.h"
#include "print.h"

struct kind {
    const char *name, *title;
    const unsigned char *text;
    const size_t *bytes;
};

static const struct kind KINDS[] = {
    {"error", "an error of the node", EXPLAIN_PROBLEMS, &EXPLAIN_PROBLEMS_BYTES},
    {"alarm", "an alarm", EXPLAIN_ALARMS, &EXPLAIN_ALARMS_BYTES},
    {"refusal", "a refusal of the exchange", EXPLAIN_REFUSALS, &EXPLAIN_REFUSALS_BYTES},
    {"receipt", "a recipient's receipt", EXPLAIN_RECEIPTS, &EXPLAIN_RECEIPTS_BYTES},
    {"letter", "the state of a letter", EXPLAIN_LETTERS, &EXPLAIN_LETTERS_BYTES},
};

static struct json *parse_kind(const struct kind *kind)
{
    struct json *json = NULL;
    struct trouble trouble = {""};

    if (json_parse(span_of(kind->text, *kind->bytes), JSON_TEXT_MAX, &json, &trouble) !=
        STATUS_OK)
        BUG("an entry of config/explain is no JSON");
    return json;
}

static void print_entry(const struct order *order, struct table *table,
    const struct kind *kind, const char *id, const char *text)
{
    if (order->json) {
        struct json *json = json_new_object();

        json_put_text(json, "id", id);
        json_put_text(json, "kind", kind->name);
        json_put_text(json, "text", text);
        print_line(json);
        json_destroy(&json);
    } else if (table) {
        table_add(table, (const char *const[]){id, kind->name, text});
    } else {
        (void)printf("%s, %s:\n%s\n", id, kind->title, text);
    }
}

/* Entries of one kind: the one of that id, or all; how many. */
static size_t print_kind(const struct order *order, struct table *table,
    const struct kind *kind, const char *id, const char *language)
{
    struct json *json = parse_kind(kind);
    const struct json *entry;
    const char *name;
    void *cursor = NULL;
    size_t n = 0;

    while (json_each(json, &cursor, &name, &entry))
        if (!id || strcmp(name, id) == 0) {
            print_entry(order, table, kind, name, json_find_text(entry, language));
            n++;
        }
    json_destroy(&json);
    return n;
}

static int complain_unknown(const char *id)
{
    command_complain("no code \"%s\" is known. \"amaan explain\" lists them all", id);
    return EXIT_NEGATIVE;
}

static size_t print_all(const struct order *order, const char *id, const char *language)
{
    static const char *const titles[] = {"CODE", "KIND", "WHAT", NULL};
    struct table *table = id || order->json ? NULL : table_new(titles, true);
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(KINDS); i++)
        n += print_kind(order, table, &KINDS[i], id, language);
    if (table)
        table_print(table);
    table_destroy(&table);
    return n;
}

int explain_run(struct order *order)
{
    const char *language = arguments_option(&order->arguments, "lang");
    const char *id = order->arguments.n > 0 ? order->arguments.words[0] : NULL;

    if (!language)
        language = "eng";
    if (strcmp(language, "eng") != 0 && strcmp(language, "urd") != 0) {
        command_complain("explain: --lang takes eng or urd");
        return EX_USAGE;
    }
    if (strcmp(language, "urd") == 0)
        (void)fprintf(stderr, "مسودہ: یہ ترجمہ ابھی جانچا نہیں گیا۔ (draft: nobody has "
                              "reviewed this translation yet)\n");
    return print_all(order, id, language) > 0 ? EX_OK : complain_unknown(id);
}
