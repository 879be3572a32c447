/* SPDX-License-Identifier: Apache-2.0
 * The rule, the items, the words.
 */
#include "triage.h"

#include <string.h>

#include "memory.h"

static const char TRIAGE_NAME[] = "triage-pk-1";
static const char *const KIND_WORDS[TRIAGE_KIND_COUNT] = {"observed", "asked"};
static const char *const WEIGHT_NAMES[TRIAGE_WEIGHT_COUNT] = {
    "urgent", "child", "strong", "light"};
static const char *const RESULT_WORDS[TRIAGE_RESULT_COUNT] = {
    [TRIAGE_URGENT_NOW] = "urgent-now",
    [TRIAGE_TAKE_ASIDE] = "take-aside",
    [TRIAGE_NO_SIGN_SEEN] = "no-sign-seen",
};

struct triage_text {
    struct json *json;
    struct language_head head;
    const char *title;
    const char *item[TRIAGE_ITEMS_MAX], *say[TRIAGE_ITEMS_MAX];
    const char *result[TRIAGE_RESULT_COUNT];
};

unsigned triage_presses(const struct triage *triage)
{
    return (unsigned)triage->n + TRIAGE_PRESSES_AROUND;
}

enum triage_result triage_decide(
    const struct triage *triage, const enum said answers[TRIAGE_ITEMS_MAX])
{
    bool aside = false;
    unsigned light = 0;

    for (size_t i = 0; i < triage->n; i++) {
        enum triage_weight weight = triage->items[i].weight;

        if (weight == TRIAGE_URGENT && answers[i] == SAID_YES)
            return TRIAGE_URGENT_NOW;
        if (answers[i] == SAID_NO)
            continue;
        light += weight == TRIAGE_LIGHT;
        aside = aside || weight != TRIAGE_LIGHT;
    }
    return aside || light >= TRIAGE_LIGHT_ENOUGH ? TRIAGE_TAKE_ASIDE
                                                 : TRIAGE_NO_SIGN_SEEN;
}

const char *triage_result_word(enum triage_result result)
{
    return result >= 1 && result < TRIAGE_RESULT_COUNT ? RESULT_WORDS[result] : NULL;
}

static enum status check_name(const struct json *json, struct trouble *trouble)
{
    const char *name = "";
    int64_t version = 0;
    enum status status =
        json_need_text(json, "triage", sizeof(TRIAGE_NAME) - 1, &name, trouble);

    if (status == STATUS_OK)
        status = json_need_int(json, "triage_version", 1, UINT16_MAX, &version, trouble);
    if (status == STATUS_OK &&
        (strcmp(name, TRIAGE_NAME) != 0 || version != TRIAGE_VERSION)) {
        trouble_say(
            trouble, "this program knows %s, version %d", TRIAGE_NAME, TRIAGE_VERSION);
        status = STATUS_UNSUPPORTED;
    }
    return status;
}

static enum status need_id(
    const struct json *row, size_t at, const char **ret, struct trouble *trouble)
{
    enum status status = json_need_text(row, "id", 2, ret, trouble);

    if (status == STATUS_OK &&
        ((*ret)[0] != 'T' || (*ret)[1] != (char)('1' + at) || (*ret)[2] != 0)) {
        trouble_say(trouble, "item %zu is \"%s\", not T%zu: they stand in a row", at + 1,
            *ret, at + 1);
        status = STATUS_MALFORMED;
    }
    return status;
}

static enum status parse_item(
    const struct json *row, struct triage *triage, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"id", "kind", "weight"};
    struct triage_item *item = &triage->items[triage->n];
    const char *id = "";
    size_t kind = 0, weight = 0;
    enum status status = json_refuse_unknown(row, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = need_id(row, triage->n, &id, trouble);
    if (status == STATUS_OK)
        status =
            json_need_choice(row, "kind", KIND_WORDS, TRIAGE_KIND_COUNT, &kind, trouble);
    if (status == STATUS_OK)
        status = json_need_choice(
            row, "weight", WEIGHT_NAMES, TRIAGE_WEIGHT_COUNT, &weight, trouble);
    if (status == STATUS_OK && triage->n == 0 && weight != TRIAGE_URGENT) {
        trouble_say(trouble, "T1 must be the urgent item: it is looked at first");
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK)
        return status;
    memcpy(item->id, id, sizeof(item->id));
    item->kind = (enum triage_kind)kind;
    item->weight = (enum triage_weight)weight;
    triage->n++;
    return STATUS_OK;
}

static enum status parse_triage(
    const struct json *json, struct triage *ret, struct trouble *trouble)
{
    static const char *const KNOWN[] = {
        "triage", "triage_version", "languages", "missing", "items"};
    const struct json *list = NULL;
    enum status status = json_refuse_unknown(json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = check_name(json, trouble);
    if (status == STATUS_OK)
        status = languages_parse(json, &ret->languages, trouble);
    if (status == STATUS_OK)
        status = json_need_list(json, "items", TRIAGE_ITEMS_MAX, &list, trouble);
    for (size_t i = 0; status == STATUS_OK && i < json_count(list); i++)
        status = parse_item(json_nth(list, i), ret, trouble);
    if (status == STATUS_OK &&
        (ret->n == 0 || triage_presses(ret) > TRIAGE_PRESSES_MAX)) {
        trouble_say(trouble, "a triage has 1 to %d items", TRIAGE_ITEMS_MAX);
        status = STATUS_MALFORMED;
    }
    return status;
}

enum status triage_parse(struct span text, struct triage *ret, struct trouble *trouble)
{
    struct triage triage = {.n = 0};
    struct json *json = NULL;
    enum status status = json_parse(text, TRIAGE_BYTES_MAX, &json, trouble);

    if (status == STATUS_OK)
        status = parse_triage(json, &triage, trouble);
    json_destroy(&json);
    if (status == STATUS_OK)
        *ret = triage;
    return status;
}

/* ---- words ---- */

static enum status need_words(const struct json *object, const char *name,
    const char **ret, struct trouble *trouble)
{
    enum status status =
        json_need_text(object, name, TRIAGE_TEXT_BYTES_MAX, ret, trouble);

    if (status == STATUS_OK && !**ret) {
        trouble_say(trouble, "field \"%s\" is empty", name);
        status = STATUS_MALFORMED;
    }
    return status;
}

static enum status parse_item_text(const struct json *row, const struct triage_item *item,
    size_t at, struct triage_text *text, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"id", "text", "say"};
    const char *id = "";
    enum status status = json_refuse_unknown(row, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = need_id(row, at, &id, trouble);
    if (status == STATUS_OK)
        status = need_words(row, "text", &text->item[at], trouble);
    if (status == STATUS_OK && item->kind == TRIAGE_ASKED)
        status = need_words(row, "say", &text->say[at], trouble);
    else if (status == STATUS_OK && json_find(row, "say")) {
        trouble_say(trouble, "item %s is observed: nothing is said", item->id);
        status = STATUS_MALFORMED;
    }
    return status;
}

static enum status parse_items(const struct json *json, const struct triage *triage,
    struct triage_text *text, struct trouble *trouble)
{
    const struct json *list;
    enum status status = json_need_list(json, "items", triage->n, &list, trouble);

    if (status == STATUS_OK && json_count(list) != triage->n) {
        trouble_say(trouble, "%zu items need as many texts", triage->n);
        status = STATUS_MALFORMED;
    }
    for (size_t i = 0; status == STATUS_OK && i < triage->n; i++)
        status = parse_item_text(json_nth(list, i), &triage->items[i], i, text, trouble);
    return status;
}

static enum status parse_results(
    const struct json *json, struct triage_text *text, struct trouble *trouble)
{
    const struct json *object;
    enum status status = json_need_object(json, "results", &object, trouble);

    if (status == STATUS_OK)
        status = json_refuse_unknown(
            object, RESULT_WORDS + 1, TRIAGE_RESULT_COUNT - 1, trouble);
    for (size_t i = 1; status == STATUS_OK && i < TRIAGE_RESULT_COUNT; i++)
        status = need_words(object, RESULT_WORDS[i], &text->result[i], trouble);
    return status;
}

enum status triage_text_parse(struct span bytes, const struct triage *triage,
    struct triage_text **ret, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"triage", "triage_version", "language",
        "direction", "review", "title", "results", "items"};
    struct triage_text *text = memory_new(sizeof(*text));
    enum status status = json_parse(bytes, TRIAGE_BYTES_MAX, &text->json, trouble);

    if (status == STATUS_OK)
        status = json_refuse_unknown(text->json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);
    if (status == STATUS_OK)
        status = check_name(text->json, trouble);
    if (status == STATUS_OK)
        status = language_head_parse(text->json, &text->head, trouble);
    if (status == STATUS_OK)
        status = need_words(text->json, "title", &text->title, trouble);
    if (status == STATUS_OK)
        status = parse_results(text->json, text, trouble);
    if (status == STATUS_OK)
        status = parse_items(text->json, triage, text, trouble);
    if (status != STATUS_OK) {
        triage_text_destroy(&text);
        return status;
    }
    *ret = text;
    return STATUS_OK;
}

void triage_text_destroy(struct triage_text **text)
{
    if (!*text)
        return;
    json_destroy(&(*text)->json);
    memory_free(*text);
    *text = NULL;
}

const struct language_head *triage_text_head(const struct triage_text *text)
{
    return &text->head;
}

const char *triage_text_title(const struct triage_text *text)
{
    return text->title;
}

const char *triage_text_item(const struct triage_text *text, size_t item)
{
    PROMISE(item < TRIAGE_ITEMS_MAX);
    return text->item[item];
}

const char *triage_text_say(const struct triage_text *text, size_t item)
{
    PROMISE(item < TRIAGE_ITEMS_MAX);
    return text->say[item];
}

const char *triage_text_result(const struct triage_text *text, enum triage_result result)
{
    PROMISE(triage_result_word(result));
    return text->result[result];
}
