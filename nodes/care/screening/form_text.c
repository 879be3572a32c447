/* SPDX-License-Identifier: Apache-2.0
 * The parsed JSON is kept, and pointers into it. Lists of words are read by one function: a table of names, an array
 * of pointers to fill.
 */
#include "form_text.h"

#include <string.h>

#include "memory.h"

struct form_text {
    struct json *json;
    struct language_head head;
    const char *title;
    const char *question[QUESTION_COUNT], *say[QUESTION_COUNT], *audio[QUESTION_COUNT];
    const char *answer[SAID_COUNT];
    const char *class[OUTCOME_CLASS_COUNT];
    const char *reason[REASON_COUNT];
    const char *confirmation[CONFIRMATION_REASON_COUNT];
};

bool form_text_is_audio_name(const char *name)
{
    static const char *const ENDS[] = {".ogg", ".opus"};
    size_t n = strlen(name);

    if (n == 0 || n > FORM_AUDIO_BYTES_MAX || name[0] == '.')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_",
                name[i]))
            return false;
    for (size_t i = 0; i < ARRAY_LENGTH(ENDS); i++)
        if (n > strlen(ENDS[i]) && strcmp(name + n - strlen(ENDS[i]), ENDS[i]) == 0)
            return true;
    return false;
}

static enum status need_words(const struct json *object, const char *name,
    const char **ret, struct trouble *trouble)
{
    enum status status = json_need_text(object, name, FORM_TEXT_BYTES_MAX, ret, trouble);

    if (status == STATUS_OK && !**ret) {
        trouble_say(trouble, "field \"%s\" is empty", name);
        status = STATUS_MALFORMED;
    }
    return status;
}

/* The object `field` holds a text for every name from `from` on, and nothing else. */
static enum status parse_words(const struct json *json, const char *field,
    const char *const *names, size_t from, size_t n, const char **ret,
    struct trouble *trouble)
{
    const struct json *object;
    enum status status = json_need_object(json, field, &object, trouble);

    if (status == STATUS_OK)
        status = json_refuse_unknown(object, names + from, n - from, trouble);
    for (size_t i = from; status == STATUS_OK && i < n; i++)
        status = need_words(object, names[i], &ret[i], trouble);
    if (status != STATUS_OK)
        trouble_prefix(trouble, "%s", field);
    return status;
}

static enum status parse_spoken(const struct json *row, size_t question,
    struct form_text *text, struct trouble *trouble)
{
    bool observed = question_get(question)->observed;
    const char *audio = NULL;
    enum status status = STATUS_OK;

    if (observed && (json_find(row, "say") || json_find(row, "audio"))) {
        trouble_say(
            trouble, "it is observed and never said: leave out \"say\" and \"audio\"");
        return STATUS_MALFORMED;
    }
    text->say[question] = observed ? NULL : text->question[question];
    if (json_find(row, "say"))
        status = need_words(row, "say", &text->say[question], trouble);
    if (status == STATUS_OK)
        status = json_may_text(row, "audio", FORM_AUDIO_BYTES_MAX, &audio, trouble);
    if (status == STATUS_OK && audio && !form_text_is_audio_name(audio)) {
        trouble_say(trouble, "field \"audio\" must be the name of an .ogg or .opus file");
        status = STATUS_MALFORMED;
    }
    text->audio[question] = audio;
    return status;
}

static enum status parse_question(
    const struct json *row, struct form_text *text, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"id", "text", "say", "audio"};
    const char *id = "?";
    uint8_t question = 0;
    enum status status = json_need_text(row, "id", QUESTION_ID_BYTES - 1, &id, trouble);

    if (status == STATUS_OK)
        status = json_refuse_unknown(row, KNOWN, ARRAY_LENGTH(KNOWN), trouble);
    if (status == STATUS_OK &&
        (question_find(id, &question) != STATUS_OK || text->question[question])) {
        trouble_say(trouble, "there is no such question, or it stands there twice");
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        status = need_words(row, "text", &text->question[question], trouble);
    if (status == STATUS_OK)
        status = parse_spoken(row, question, text, trouble);
    if (status != STATUS_OK)
        trouble_prefix(trouble, "question %s", id);
    return status;
}

static enum status parse_questions(
    const struct json *json, struct form_text *text, struct trouble *trouble)
{
    const struct json *list;
    enum status status =
        json_need_list(json, "questions", QUESTION_COUNT, &list, trouble);

    for (size_t i = 0; status == STATUS_OK && i < json_count(list); i++)
        status = parse_question(json_nth(list, i), text, trouble);
    for (size_t i = 0; status == STATUS_OK && i < QUESTION_COUNT; i++)
        if (!text->question[i]) {
            trouble_say(
                trouble, "the text of question %s is missing", question_get(i)->id);
            status = STATUS_MALFORMED;
        }
    return status;
}

static enum status parse_head(
    const struct json *json, struct form_text *text, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"form", "form_version", "language", "direction",
        "review", "title", "answers", "classes", "reasons", "confirmation", "questions"};
    const char *name = "";
    int64_t version = 0;
    enum status status = json_refuse_unknown(json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = json_need_text(json, "form", FORM_NAME_BYTES - 1, &name, trouble);
    if (status == STATUS_OK)
        status = json_need_int(json, "form_version", 1, UINT16_MAX, &version, trouble);
    if (status == STATUS_OK &&
        (strcmp(name, "scr-pk-1") != 0 || version != FORM_VERSION)) {
        trouble_say(trouble, "these are the texts of another form or version");
        return STATUS_UNSUPPORTED;
    }
    if (status == STATUS_OK)
        status = language_head_parse(json, &text->head, trouble);
    if (status == STATUS_OK)
        status = need_words(json, "title", &text->title, trouble);
    return status;
}

static enum status parse_all(
    const struct json *json, struct form_text *text, struct trouble *trouble)
{
    const char *classes[OUTCOME_CLASS_COUNT] = {NULL};
    enum status status = parse_head(json, text, trouble);

    for (int i = 1; i < OUTCOME_CLASS_COUNT; i++)
        classes[i] = outcome_class_word((enum outcome_class)i);
    if (status == STATUS_OK)
        status = parse_words(
            json, "answers", SAID_WORDS, 0, SAID_COUNT, text->answer, trouble);
    if (status == STATUS_OK)
        status = parse_words(
            json, "classes", classes, 1, OUTCOME_CLASS_COUNT, text->class, trouble);
    if (status == STATUS_OK)
        status = parse_words(
            json, "reasons", REASON_WORDS, 1, REASON_COUNT, text->reason, trouble);
    if (status == STATUS_OK)
        status = parse_words(json, "confirmation", CONFIRMATION_REASON_WORDS, 0,
            CONFIRMATION_REASON_COUNT, text->confirmation, trouble);
    return status == STATUS_OK ? parse_questions(json, text, trouble) : status;
}

enum status form_text_parse(
    struct span bytes, struct form_text **ret, struct trouble *trouble)
{
    struct form_text *text = memory_new(sizeof(*text));
    enum status status = json_parse(bytes, FORM_BYTES_MAX, &text->json, trouble);

    if (status == STATUS_OK)
        status = parse_all(text->json, text, trouble);
    if (status != STATUS_OK) {
        form_text_destroy(&text);
        return status;
    }
    *ret = text;
    return STATUS_OK;
}

void form_text_destroy(struct form_text **text)
{
    if (!*text)
        return;
    json_destroy(&(*text)->json);
    memory_free(*text);
    *text = NULL;
}

const struct language_head *form_text_head(const struct form_text *text)
{
    return &text->head;
}

const char *form_text_title(const struct form_text *text)
{
    return text->title;
}

const char *form_text_question(const struct form_text *text, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return text->question[question];
}

const char *form_text_say(const struct form_text *text, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return text->say[question];
}

const char *form_text_audio(const struct form_text *text, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return text->audio[question];
}

const char *form_text_answer(const struct form_text *text, enum said answer)
{
    PROMISE((unsigned)answer < SAID_COUNT);
    return text->answer[answer];
}

const char *form_text_class(const struct form_text *text, enum outcome_class class)
{
    PROMISE(outcome_class_word(class));
    return text->class[class];
}

const char *form_text_reason(const struct form_text *text, enum reason_code code)
{
    PROMISE(code >= 1 && code < REASON_COUNT);
    return text->reason[code];
}

const char *form_text_confirmation(
    const struct form_text *text, enum confirmation_reason reason)
{
    PROMISE((unsigned)reason < CONFIRMATION_REASON_COUNT);
    return text->confirmation[reason];
}
