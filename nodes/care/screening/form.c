/* SPDX-License-Identifier: Apache-2.0
 * Each row is held against question.h's; what is left is to have seen all of them.
 */
#include "form.h"

#include <string.h>

#include "memory.h"
#include "rule.h"

static const char FORM_NAME[] = "scr-pk-1";

static enum status check_row(
    const struct json *row, const struct question *question, struct trouble *trouble)
{
    static const char *const KNOWN[] = {
        "id", "kind", "weight", "service", "observed", "note"};
    const char *service = "";
    const char *wanted = question_service_word(question->service);
    size_t kind = 0, weight = WEIGHT_NONE;
    bool observed = false, note = true;
    enum status status = json_refuse_unknown(row, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = json_need_choice(
            row, "kind", QUESTION_KIND_WORDS, QUESTION_KIND_COUNT, &kind, trouble);
    if (status == STATUS_OK)
        status =
            json_may_choice(row, "weight", WEIGHT_WORDS, WEIGHT_COUNT, &weight, trouble);
    if (status == STATUS_OK)
        status = json_may_text(row, "service", 40, &service, trouble);
    if (status == STATUS_OK)
        status = json_may_flag(row, "observed", &observed, trouble);
    if (status == STATUS_OK)
        status = json_may_flag(row, "note", &note, trouble);
    if (status != STATUS_OK)
        return status;
    if (kind == (size_t)question->kind && weight == (size_t)question->weight &&
        strcmp(service, wanted ? wanted : "") == 0 && observed == question->observed &&
        note == question_takes_note((size_t)(question - question_get(0))))
        return STATUS_OK;
    trouble_say(trouble,
        "its kind, weight, service, \"observed\" or \"note\" is not that of rule version "
        "%d; a change of these is a new version of form and rule",
        RULE_VERSION);
    return STATUS_MALFORMED;
}

static enum status parse_row(const struct json *row, struct form *form, size_t at,
    bool seen[QUESTION_COUNT], struct trouble *trouble)
{
    const char *id = NULL;
    uint8_t question;
    enum status status = json_need_text(row, "id", QUESTION_ID_BYTES - 1, &id, trouble);

    if (status != STATUS_OK)
        return status;
    if (question_find(id, &question) != STATUS_OK || seen[question]) {
        trouble_say(trouble, "the question \"%s\" is unknown or stands there twice", id);
        return STATUS_MALFORMED;
    }
    if ((question < QUESTION_A1) != (at < QUESTION_A1)) {
        trouble_say(trouble, "question %s: those of safety, S1 to S6, come first", id);
        return STATUS_MALFORMED;
    }
    status = check_row(row, question_get(question), trouble);
    if (status != STATUS_OK) {
        trouble_prefix(trouble, "question %s", id);
        return status;
    }
    seen[question] = true;
    form->order[at] = question;
    return STATUS_OK;
}

static enum status parse_questions(
    const struct json *json, struct form *form, struct trouble *trouble)
{
    bool seen[QUESTION_COUNT] = {false};
    const struct json *list;
    enum status status =
        json_need_list(json, "questions", QUESTION_COUNT, &list, trouble);

    for (size_t i = 0; status == STATUS_OK && i < json_count(list); i++)
        status = parse_row(json_nth(list, i), form, i, seen, trouble);
    for (size_t i = 0; status == STATUS_OK && i < QUESTION_COUNT; i++)
        if (!seen[i]) {
            trouble_say(trouble, "the question %s is missing", question_get(i)->id);
            status = STATUS_MALFORMED;
        }
    return status;
}

static enum status parse_form(
    const struct json *json, struct form *ret, struct trouble *trouble)
{
    static const char *const KNOWN[] = {
        "form", "form_version", "languages", "missing", "questions"};
    const char *name = NULL;
    int64_t version = 0;
    enum status status = json_refuse_unknown(json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = json_need_text(json, "form", FORM_NAME_BYTES - 1, &name, trouble);
    if (status == STATUS_OK)
        status = json_need_int(json, "form_version", 1, UINT16_MAX, &version, trouble);
    if (status == STATUS_OK &&
        (strcmp(name, FORM_NAME) != 0 || version != FORM_VERSION)) {
        trouble_say(
            trouble, "this program knows %s, version %d", FORM_NAME, FORM_VERSION);
        status = STATUS_UNSUPPORTED;
    }
    if (status != STATUS_OK)
        return status;
    memcpy(ret->name, FORM_NAME, sizeof(FORM_NAME));
    ret->version = (uint16_t)version;
    status = languages_parse(json, &ret->languages, trouble);
    return status == STATUS_OK ? parse_questions(json, ret, trouble) : status;
}

enum status form_parse(struct span text, struct form *ret, struct trouble *trouble)
{
    struct form form = {.name = ""};
    struct json *json = NULL;
    enum status status = json_parse(text, FORM_BYTES_MAX, &json, trouble);

    if (status == STATUS_OK)
        status = parse_form(json, &form, trouble);
    json_destroy(&json);
    if (status == STATUS_OK)
        *ret = form;
    return status;
}
