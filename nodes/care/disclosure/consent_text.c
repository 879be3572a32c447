/* SPDX-License-Identifier: Apache-2.0
 * The parsed object is kept; what is asked of it was checked when it was read.
 */
#include "consent_text.h"

#include <string.h>

#include "consent_eng.data.h"
#include "consent_urd.data.h"
#include "json.h"
#include "memory.h"

enum { TEXTS = 2 };

struct consent_text {
    struct json *json;
    const struct json *paragraphs, *services, *groups, *labels;
    const char *language;
    int64_t version;
    bool reviewed;
};

struct consent_texts {
    struct consent_text *texts[TEXTS];
};

static const char *const LABELS[] = {"title", "service", "recipient", "day", "groups",
    "consent", "state", "given_by_person", "given_by_guardian", "given_by_best-interest",
    "given_by_override", "sent", "withdrawn", "purged", "mismatch", "nothing", "draft",
    "practice"};

static enum status need_words(const struct json *object, const char *name,
    const char *const *words, size_t n, const struct json **ret, struct trouble *trouble)
{
    const char *text;
    enum status status = json_need_object(object, name, ret, trouble);

    if (status == STATUS_OK)
        status = json_refuse_unknown(*ret, words, n, trouble);
    for (size_t i = 0; status == STATUS_OK && i < n; i++)
        status = json_need_text(*ret, words[i], CONSENT_WORDS_BYTES_MAX, &text, trouble);
    return status;
}

static enum status read_head(struct consent_text *text, struct trouble *trouble)
{
    static const char *const known[] = {"policy", "language", "version", "state",
        "reviewed_by", "reviewed_on", "text", "services", "groups", "labels"};
    static const char *const policies[] = {"consent"};
    static const char *const states[] = {"draft", "reviewed"};
    size_t index = 0, state = 0;
    const char *by = "", *on = "";
    enum status status =
        json_refuse_unknown(text->json, known, ARRAY_LENGTH(known), trouble);

    if (status == STATUS_OK)
        status = json_need_choice(text->json, "policy", policies, 1, &index, trouble);
    if (status == STATUS_OK)
        status = json_need_text(text->json, "language", 3, &text->language, trouble);
    if (status == STATUS_OK)
        status =
            json_need_int(text->json, "version", 1, UINT32_MAX, &text->version, trouble);
    if (status == STATUS_OK)
        status = json_need_choice(text->json, "state", states, 2, &state, trouble);
    if (status == STATUS_OK)
        status = json_may_text(
            text->json, "reviewed_by", MATRIX_REVIEWER_BYTES_MAX, &by, trouble);
    if (status == STATUS_OK)
        status = json_may_text(text->json, "reviewed_on", 10, &on, trouble);
    if (status != STATUS_OK)
        return status;
    text->reviewed = state == 1;
    if (text->reviewed != (*by != 0) || text->reviewed != (*on != 0)) {
        trouble_say(trouble, "a reviewed text says who reviewed it and on which day, a "
                             "draft says neither");
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

static enum status read_paragraphs(struct consent_text *text, struct trouble *trouble)
{
    static const char *const marks[] = {"{service}", "{recipient}", "{groups}"};
    enum status status = json_need_list(
        text->json, "text", CONSENT_PARAGRAPHS_MAX, &text->paragraphs, trouble);

    for (size_t mark = 0; status == STATUS_OK && mark < ARRAY_LENGTH(marks); mark++) {
        bool found = false;

        for (size_t i = 0; i < json_count(text->paragraphs); i++) {
            const char *paragraph = json_text(json_nth(text->paragraphs, i));

            found = found || (paragraph && strstr(paragraph, marks[mark]));
        }
        if (!found) {
            trouble_say(trouble, "the text does not say %s", marks[mark]);
            status = STATUS_MALFORMED;
        }
    }
    return status;
}

enum status consent_text_read(
    struct span bytes, struct consent_text **ret, struct trouble *trouble)
{
    struct consent_text *text = memory_new(sizeof(*text));
    const char *services[SERVICE_COUNT], *groups[GROUP_COUNT];
    size_t n_services = 0, n_groups = 0;

    for (int service = 1; service < SERVICE_COUNT; service++)
        services[n_services++] = service_name((enum service)service);
    for (int group = 1; group < GROUP_COUNT; group++)
        groups[n_groups++] = field_group_name((enum field_group)group);
    groups[n_groups++] = "note";
    enum status status = json_parse(bytes, CONSENT_TEXT_BYTES_MAX, &text->json, trouble);
    if (status == STATUS_OK)
        status = read_head(text, trouble);
    if (status == STATUS_OK)
        status = read_paragraphs(text, trouble);
    if (status == STATUS_OK)
        status = need_words(
            text->json, "services", services, n_services, &text->services, trouble);
    if (status == STATUS_OK)
        status =
            need_words(text->json, "groups", groups, n_groups, &text->groups, trouble);
    if (status == STATUS_OK)
        status = need_words(
            text->json, "labels", LABELS, ARRAY_LENGTH(LABELS), &text->labels, trouble);
    if (status != STATUS_OK) {
        consent_text_destroy(&text);
        return status;
    }
    *ret = text;
    return STATUS_OK;
}

void consent_text_destroy(struct consent_text **text)
{
    if (!*text)
        return;
    json_destroy(&(*text)->json);
    memory_free(*text);
    *text = NULL;
}

enum status consent_texts_open(struct consent_texts **ret, struct trouble *trouble)
{
    struct consent_texts *texts = memory_new(sizeof(*texts));
    const struct span files[TEXTS] = {
        {CONSENT_ENG, CONSENT_ENG_BYTES}, {CONSENT_URD, CONSENT_URD_BYTES}};
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < TEXTS; i++)
        status = consent_text_read(files[i], &texts->texts[i], trouble);
    if (status != STATUS_OK) {
        consent_texts_close(&texts);
        return status;
    }
    *ret = texts;
    return STATUS_OK;
}

void consent_texts_close(struct consent_texts **texts)
{
    if (!*texts)
        return;
    for (size_t i = 0; i < TEXTS; i++)
        consent_text_destroy(&(*texts)->texts[i]);
    memory_free(*texts);
    *texts = NULL;
}

const struct consent_text *consent_texts_find(
    const struct consent_texts *texts, const char *language)
{
    for (size_t i = 0; i < TEXTS; i++)
        if (strcmp(texts->texts[i]->language, language) == 0)
            return texts->texts[i];
    return NULL;
}

int64_t consent_text_version(const struct consent_text *text)
{
    return text->version;
}

bool consent_text_is_reviewed(const struct consent_text *text)
{
    return text->reviewed;
}

const char *consent_text_service(const struct consent_text *text, enum service service)
{
    return json_find_text(text->services, service_name(service));
}

const char *consent_text_group(const struct consent_text *text, uint32_t bit)
{
    return json_find_text(text->groups, disclosure_word(bit));
}

const char *consent_text_label(const struct consent_text *text, const char *label)
{
    return json_find_text(text->labels, label);
}

static enum status put_words(struct buffer *buffer, const char *words)
{
    return buffer_put(buffer, words, strlen(words));
}

enum status consent_text_list(
    const struct consent_text *text, uint32_t bits, struct buffer *ret)
{
    const char *comma = strcmp(text->language, "urd") == 0 ? "؛ " : "; ";
    enum status status = STATUS_OK;
    bool first = true;

    for (int i = 0; status == STATUS_OK && i < 32; i++) {
        uint32_t bit = UINT32_C(1) << i;

        if (!(bits & bit) || !disclosure_word(bit))
            continue;
        if (!first)
            status = put_words(ret, comma);
        if (status == STATUS_OK)
            status = put_words(ret, consent_text_group(text, bit));
        first = false;
    }
    return status;
}

enum status consent_text_fill(const struct consent_text *text, enum service service,
    const char *recipient, uint32_t bits, struct buffer *ret)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < json_count(text->paragraphs); i++) {
        const char *at = json_text(json_nth(text->paragraphs, i));

        if (i > 0)
            status = put_words(ret, "\n");
        while (status == STATUS_OK && at && *at) {
            size_t n = strcspn(at, "{");

            status = buffer_put(ret, at, n);
            at += n;
            if (status != STATUS_OK || !*at)
                break;
            if (strncmp(at, "{service}", 9) == 0)
                status = put_words(ret, consent_text_service(text, service));
            else if (strncmp(at, "{recipient}", 11) == 0)
                status = put_words(ret, recipient);
            else if (strncmp(at, "{groups}", 8) == 0)
                status = consent_text_list(text, bits, ret);
            at += strcspn(at, "}");
            at += *at == '}';
        }
    }
    return status;
}
