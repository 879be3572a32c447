/* SPDX-License-Identifier: Apache-2.0 */
#include "language.h"

#include <string.h>

#include "memory.h"

bool language_is_code(const char *code)
{
    return strlen(code) == 3 && strspn(code, "abcdefghijklmnopqrstuvwxyz") == 3;
}

const char *language_state_word(enum language_state state)
{
    static const char *const WORDS[] = {"missing", "draft", "reviewed"};

    PROMISE((unsigned)state < ARRAY_LENGTH(WORDS));
    return WORDS[state];
}

static enum status add_codes(const struct json *form, const char *field, bool is_missing,
    struct languages *ret, struct trouble *trouble)
{
    const struct json *list;
    enum status status = json_need_list(form, field, LANGUAGE_ROWS_MAX, &list, trouble);

    for (size_t i = 0; status == STATUS_OK && i < json_count(list); i++) {
        const char *code = json_text(json_nth(list, i));

        for (size_t j = 0; code && j < ret->n; j++)
            if (strcmp(ret->rows[j].code, code) == 0)
                code = NULL;
        if (!code || !language_is_code(code) || ret->n == LANGUAGE_ROWS_MAX) {
            trouble_say(trouble,
                "field \"%s\" must be three-letter codes of languages, none twice, at "
                "most %d in all",
                field, LANGUAGE_ROWS_MAX);
            return STATUS_MALFORMED;
        }
        memcpy(ret->rows[ret->n].code, code, LANGUAGE_CODE_BYTES);
        ret->rows[ret->n++].is_missing = is_missing;
    }
    return status;
}

enum status languages_parse(
    const struct json *form, struct languages *ret, struct trouble *trouble)
{
    struct languages languages = {.n = 0};
    enum status status = add_codes(form, "languages", false, &languages, trouble);

    if (status == STATUS_OK)
        status = add_codes(form, "missing", true, &languages, trouble);
    if (status == STATUS_OK)
        *ret = languages;
    return status;
}

static enum status parse_review(
    const struct json *text, struct language_head *ret, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"state", "by", "on"};
    static const char *const STATES[] = {"draft", "reviewed"};
    const struct json *review;
    const char *by = "";
    size_t state = 0;
    enum status status = json_need_object(text, "review", &review, trouble);

    if (status == STATUS_OK)
        status = json_refuse_unknown(review, KNOWN, ARRAY_LENGTH(KNOWN), trouble);
    if (status == STATUS_OK)
        status = json_need_choice(
            review, "state", STATES, ARRAY_LENGTH(STATES), &state, trouble);
    if (status != STATUS_OK)
        return status;
    ret->state = state == 1 ? LANGUAGE_REVIEWED : LANGUAGE_DRAFT;
    if (ret->state == LANGUAGE_DRAFT) {
        if (!json_find(review, "by") && !json_find(review, "on"))
            return STATUS_OK;
        trouble_say(
            trouble, "a draft was reviewed by nobody: leave out \"by\" and \"on\"");
        return STATUS_MALFORMED;
    }
    status = json_need_text(review, "by", LANGUAGE_NAME_BYTES, &by, trouble);
    if (status == STATUS_OK)
        status = json_need_time(review, "on", &ret->reviewed_on_ms, trouble);
    if (status == STATUS_OK && !*by) {
        trouble_say(trouble, "field \"by\" must say who reviewed the text");
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        memcpy(ret->reviewed_by, by, strlen(by) + 1);
    return status;
}

enum status language_head_parse(
    const struct json *text, struct language_head *ret, struct trouble *trouble)
{
    static const char *const DIRECTIONS[] = {"ltr", "rtl"};
    struct language_head head = {.code = ""};
    const char *code = NULL;
    size_t direction = 0;
    enum status status =
        json_need_text(text, "language", LANGUAGE_CODE_BYTES - 1, &code, trouble);

    if (status == STATUS_OK && !language_is_code(code)) {
        trouble_say(trouble, "field \"language\" must be a three-letter code");
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        status = json_need_choice(
            text, "direction", DIRECTIONS, ARRAY_LENGTH(DIRECTIONS), &direction, trouble);
    if (status == STATUS_OK)
        status = parse_review(text, &head, trouble);
    if (status != STATUS_OK)
        return status;
    memcpy(head.code, code, LANGUAGE_CODE_BYTES);
    head.right_to_left = direction == 1;
    *ret = head;
    return STATUS_OK;
}
