/* SPDX-License-Identifier: Apache-2.0
 * The referral is built as it would travel and taken apart again, field by field. Nothing is written.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

/* Where each field of an item stands; what is not here travels with every referral. */
static const struct {
    const char *field;
    uint32_t bit;
} FIELDS[] = {
    {"age_band", GROUP_BIT(GROUP_CORE)},
    {"minor", GROUP_BIT(GROUP_CORE)},
    {"gender", GROUP_BIT(GROUP_CORE)},
    {"languages", GROUP_BIT(GROUP_CORE)},
    {"interpreter", GROUP_BIT(GROUP_CORE)},
    {"preferred_name", GROUP_BIT(GROUP_NAME)},
    {"full_name", GROUP_BIT(GROUP_IDENTITY)},
    {"birth_day", GROUP_BIT(GROUP_IDENTITY)},
    {"safe_contact", GROUP_BIT(GROUP_CONTACT)},
    {"district", GROUP_BIT(GROUP_DISTRICT)},
    {"health_urgent", GROUP_BIT(GROUP_HEALTH_URGENT)},
    {"health", GROUP_BIT(GROUP_HEALTH)},
    {"access", GROUP_BIT(GROUP_ACCESS)},
    {"risk", GROUP_BIT(GROUP_RISK)},
    {"searched_for", GROUP_BIT(GROUP_RISK)},
    {"dependants", GROUP_BIT(GROUP_DEPENDANTS)},
    {"infant", GROUP_BIT(GROUP_DEPENDANTS)},
    {"exploitation", GROUP_BIT(GROUP_EXPLOITATION)},
    {"skills", GROUP_BIT(GROUP_SKILLS)},
    {"guardian", GROUP_BIT(GROUP_GUARDIAN)},
    {"note", NOTE_BIT},
};

static uint32_t bit_of(const char *field)
{
    for (size_t i = 0; i < ARRAY_LENGTH(FIELDS); i++)
        if (strcmp(FIELDS[i].field, field) == 0)
            return FIELDS[i].bit;
    return 0;
}

static struct json *list_fields(
    const struct desk *desk, const struct verb *verb, const struct refer_plan *plan)
{
    struct json *item = json_new_object(), *list = json_new_list();
    const struct json *value;
    const char *name;
    void *cursor = NULL;

    item_put_referral(item, &plan->referral);
    while (json_each(item, &cursor, &name, &value)) {
        uint32_t bit = bit_of(name);
        const char *text = json_text(value);
        struct json *one, *copy;

        if ((text && !*text) || strcmp(name, "reference") == 0)
            continue;
        one = json_new_object();
        copy = json_clone(value);
        const struct verb_argument *row = verb_argument(verb, name);

        json_put_text(one, "field", name);
        json_put_text(one, "kind",
            json_kind(value) == JSON_LIST_KIND   ? "list"
            : json_kind(value) == JSON_FLAG_KIND ? "flag"
            : (row && row->type == ARGUMENT_WORD) || bit == GROUP_BIT(GROUP_EXPLOITATION)
                ? "word"
                : "text");
        json_give(one, "value", &copy);
        json_put_text(one, "group", bit ? disclosure_word(bit) : "request");
        json_put_text(one, "why",
            bit ? cell_name(matrix_cell(&desk->matrix, plan->referral.service, bit))
                : "always");
        json_add(list, &one);
    }
    json_destroy(&item);
    return list;
}

static struct json *list_warnings(const struct warnings *warnings)
{
    struct json *list = json_new_list();

    for (size_t i = 0; i < warnings->n; i++) {
        struct json *one = json_new_object();

        json_put_text(one, "field", warnings->items[i].field);
        json_put_text(one, "code", warn_code_name(warnings->items[i].code));
        json_put_int(one, "at", (int64_t)warnings->items[i].at);
        json_put_int(one, "bytes", (int64_t)warnings->items[i].n);
        json_add(list, &one);
    }
    return list;
}

/* What is to be read out before somebody can agree, in each language that has a text. */
static enum status put_read_out(
    const struct desk *desk, const struct refer_plan *plan, struct json *json)
{
    static const char *const languages[] = {"eng", "urd"};
    uint32_t bits = plan->disclosure.may;
    struct json *texts = json_new_object();
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LENGTH(languages); i++) {
        const struct consent_text *text = consent_texts_find(desk->texts, languages[i]);
        struct buffer buffer;

        if (!text)
            continue;
        buffer_init(&buffer, CONSENT_READ_OUT_BYTES_MAX);
        status = consent_text_fill(
            text, plan->referral.service, plan->to->name, bits, &buffer);
        if (status == STATUS_OK)
            json_put_span(texts, languages[i], buffer_span(&buffer));
        buffer_release(&buffer);
    }
    json_give(json, "read_out", &texts);
    return status;
}

enum status use_preview(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct refer_plan plan;
    struct problem refusal = {0};
    enum status status = refer_plan_make(desk, verb, request, &plan, problem);

    memory_wipe(&plan.key, sizeof(plan.key));
    if (status != STATUS_OK)
        return status;
    struct json *json = json_new_object(), *fields = list_fields(desk, verb, &plan),
                *warnings = list_warnings(&plan.warnings);
    bool leaves = refer_plan_check(&plan, &refusal) == STATUS_OK;

    json_put_text(json, "to", plan.to->name);
    json_put_text(json, "service", service_name(plan.referral.service));
    json_put_text(json, "consent", consent_answer_name(plan.verdict.answer));
    json_put_flag(json, "may_leave", leaves);
    if (!leaves) {
        json_put_text(json, "refusal", refusal.code);
        json_put_text(json, "refusal_detail", refusal.detail.text);
    }
    json_put_int(json, "policy_version", desk->matrix.version);
    json_put_flag(json, "policy_reviewed", desk->matrix.reviewed);
    json_give(json, "fields", &fields);
    refer_plan_put_withheld(&plan, json);
    json_give(json, "warnings", &warnings);
    status = put_read_out(desk, &plan, json);
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}
