/* SPDX-License-Identifier: Apache-2.0
 * The interview of a case (docs/CARE.md 12): shown, answered one question at a time and saved at each answer, confirmed
 * by a person. Nothing of it is given to post; what may be handed on is outcome.h's.
 */
#include <string.h>

#include "forms.h"
#include "inside.h"
#include "memory.h"
#include "outcome.h"
#include "rule.h"

static const char *const CHOICES[] = {"waits", "goes-on"};

struct sitting {
    struct case_row row;
    struct box_key key;
    struct sheet_place place;
    struct interview *interview;
    struct assessment assessment;
    bool confirmed;
    struct confirmation confirmation;
};

/* --- the sheets of a case ----------------------------------------------------------------------------------- */

static enum status find_sheet(struct desk *desk, struct sitting *sitting, bool *ret_found)
{
    struct sheet_row row = {0};
    enum status status;

    *ret_found = false;
    while ((status = sheets_next(desk->sheets, &sitting->row.ident, row.id, &row)) ==
           STATUS_OK)
        if (row.place.kind == SHEET_INTERVIEW) {
            sitting->place = row.place;
            *ret_found = true;
        }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status begin_interview(struct desk *desk, struct sitting *sitting)
{
    struct interview_facts facts = {.form_version = FORM_VERSION,
        .rule_version = RULE_VERSION,
        .officer = case_who(desk),
        .begun_at_ms = desk_now_ms(desk)};

    sitting->place = (struct sheet_place){.case_id = sitting->row.ident,
        .sheet_id = ident_new(desk->options.chance),
        .kind = SHEET_INTERVIEW};
    return interview_new(&facts, &sitting->interview);
}

static enum status read_interview(struct desk *desk, struct sitting *sitting)
{
    struct buffer bytes;
    enum status status;

    buffer_init(&bytes, SHEETS_BYTES_MAX);
    status = sheets_get(desk->sheets, &sitting->key, &sitting->place, &bytes);
    if (status == STATUS_OK)
        status = interview_decode(buffer_span(&bytes), &sitting->interview);
    buffer_release(&bytes);
    return status;
}

static struct sheet_place confirmation_place(const struct sitting *sitting)
{
    struct sheet_place place = sitting->place;

    place.kind = SHEET_CONFIRMATION;
    return place;
}

static enum status read_confirmation(struct desk *desk, struct sitting *sitting)
{
    struct sheet_place place = confirmation_place(sitting);
    struct buffer bytes;
    enum status status;

    buffer_init(&bytes, SHEETS_BYTES_MAX);
    status = sheets_get(desk->sheets, &sitting->key, &place, &bytes);
    if (status == STATUS_OK)
        status = confirmation_decode(buffer_span(&bytes), &sitting->confirmation);
    sitting->confirmed = status == STATUS_OK;
    buffer_release(&bytes);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The interview of the case that the request names; a new one if there is none. Close it in any case. */
static enum status sit_down(struct desk *desk, const struct json *request,
    struct sitting *ret, struct problem *problem)
{
    bool found = false;
    enum status status;

    memset(ret, 0, sizeof(*ret));
    status = case_named(desk, request, "reference", &ret->row, problem);
    if (status == STATUS_OK)
        status = casebook_key(desk->casebook, &ret->row.ident, &ret->key);
    if (status == STATUS_OK)
        status = find_sheet(desk, ret, &found);
    if (status == STATUS_OK)
        status = found ? read_interview(desk, ret) : begin_interview(desk, ret);
    if (status == STATUS_OK && found)
        status = read_confirmation(desk, ret);
    if (status == STATUS_OK)
        rule_assess(ret->interview, &ret->assessment);
    return status;
}

static void stand_up(struct sitting *sitting)
{
    interview_destroy(&sitting->interview);
    memory_wipe(sitting, sizeof(*sitting));
}

/* An answer that changes the proposed class takes the confirmation away (12.6). */
static enum status keep_interview(struct desk *desk, struct sitting *sitting)
{
    struct sheet_place place = confirmation_place(sitting);
    struct buffer bytes;
    enum status status;

    rule_assess(sitting->interview, &sitting->assessment);
    buffer_init(&bytes, INTERVIEW_BYTES_MAX);
    status = interview_encode(sitting->interview, &bytes);
    if (status == STATUS_OK)
        status = sheets_put(desk->sheets, &sitting->key, &sitting->place,
            buffer_span(&bytes), desk_now_ms(desk));
    buffer_release(&bytes);
    if (status == STATUS_OK && sitting->confirmed &&
        sitting->confirmation.proposed != sitting->assessment.class) {
        sitting->confirmed = false;
        status = sheets_remove(desk->sheets, &place);
    }
    return status;
}

/* --- what a person sees ----------------------------------------------------------------------------------------- */

static const struct form_text *text_for(
    struct desk *desk, const struct json *request, struct problem *problem)
{
    const char *language = json_find_text(request, "lang");
    const struct form_text *text = forms_text(desk->forms, language ? language : "eng");

    if (!text)
        problem_say(problem, 404, "no-text",
            "There is no text of the form in the language \"%.10s\" yet. Nothing was "
            "changed. \"eng\" and \"urd\" are there; for the others an interpreter "
            "reads.",
            language);
    return text;
}

static struct json *format_question(
    const struct sitting *sitting, const struct form_text *text, size_t question)
{
    const struct question *row = question_get(question);
    const char *say = form_text_say(text, question);
    const char *note = interview_get_note(sitting->interview, question);
    struct json *json = json_new_object();

    json_put_text(json, "question", row->id);
    json_put_text(json, "kind", QUESTION_KIND_WORDS[row->kind]);
    json_put_text(json, "text", form_text_question(text, question));
    if (say)
        json_put_text(json, "say", say);
    json_put_text(
        json, "answer", SAID_WORDS[interview_get(sitting->interview, question)]);
    if (note)
        json_put_text(json, "note", note);
    json_put_flag(json, "may_ask", rule_may_ask(sitting->interview, question));
    return json;
}

/* The same question in the languages of the person that have a text, for the officer to turn the screen. */
static void put_beside(struct desk *desk, const struct sitting *sitting,
    const struct form_text *text, size_t question, struct json *json)
{
    const struct person *person = &sitting->row.person;
    struct json *list = json_new_list();

    for (size_t i = 0; i < person->n_languages; i++) {
        const struct form_text *other = forms_text(desk->forms, person->languages[i]);
        struct json *one;

        if (!other || other == text)
            continue;
        one = format_question(sitting, other, question);
        json_put_text(one, "language", person->languages[i]);
        json_add(list, &one);
    }
    json_give(json, "beside", &list);
}

/* The one question that stands on the page: the one that the request names, else the next without an answer. */
static void put_open(struct desk *desk, const struct sitting *sitting,
    const struct form_text *text, const char *wanted, struct json *json)
{
    uint8_t question;
    struct json *one;

    if (!wanted || question_find(wanted, &question) != STATUS_OK ||
        !rule_may_ask(sitting->interview, question))
        return;
    one = format_question(sitting, text, question);
    put_beside(desk, sitting, text, question, one);
    json_give(json, "open", &one);
}

static void put_questions(struct desk *desk, const struct sitting *sitting,
    const struct form_text *text, const char *wanted, struct json *json)
{
    const struct form *form = forms_form(desk->forms);
    struct json *list = json_new_list();
    const char *next = NULL;
    int64_t answered = 0, may_ask = 0;

    for (size_t i = 0; i < QUESTION_COUNT; i++) {
        size_t question = form->order[i];
        struct json *one = format_question(sitting, text, question);

        bool open = interview_get(sitting->interview, question) == SAID_NOT_ASKED;

        json_add(list, &one);
        answered += !open;
        may_ask += !open || rule_may_ask(sitting->interview, question);
        if (!next && open && rule_may_ask(sitting->interview, question))
            next = question_get(question)->id;
    }
    json_give(json, "questions", &list);
    json_put_int(json, "answered", answered);
    json_put_int(json, "to_ask", may_ask);
    json_put_text(json, "next", next);
    put_open(desk, sitting, text, wanted ? wanted : next, json);
}

static void put_reasons(
    const struct assessment *assessment, const struct form_text *text, struct json *json)
{
    struct json *list = json_new_list();

    for (size_t i = 0; i < assessment->n_reasons; i++) {
        const struct reason *reason = &assessment->reasons[i];
        struct json *one = json_new_object();

        json_put_text(one, "reason", REASON_WORDS[reason->code]);
        json_put_text(one, "text", form_text_reason(text, reason->code));
        if (reason->question != QUESTION_NONE) {
            json_put_text(one, "question", question_get(reason->question)->id);
            json_put_text(one, "asked", form_text_question(text, reason->question));
        }
        json_add(list, &one);
    }
    json_give(json, "reasons", &list);
}

static void put_services(const struct sitting *sitting, struct json *json)
{
    uint32_t services = rule_may_refer(sitting->interview, UINT32_MAX);
    struct json *list = json_new_list();

    for (int service = 1; service < SERVICE_COUNT; service++)
        if (services & (1u << (service - 1)))
            json_add_text(list, service_name((enum service)service));
    json_give(json, "may_refer", &list);
}

static void put_wait(struct desk *desk, const struct sitting *sitting, struct json *json)
{
    struct rule_wait wait = rule_wait_at(sitting->interview, desk_now_ms(desk));
    struct json *one;

    if (!wait.open)
        return;
    one = json_new_object();
    json_put_time(one, "since", wait.since_ms);
    json_put_time(one, "deadline", wait.deadline_ms);
    json_put_flag(one, "overdue", wait.overdue);
    json_give(json, "waits_for_officer", &one);
}

static struct json *format_sitting(struct desk *desk, const struct sitting *sitting,
    const struct form_text *text, const char *wanted)
{
    const struct assessment *assessment = &sitting->assessment;
    struct json *json = json_new_object();

    json_put_text(json, "case", sitting->row.alias);
    json_put_text(json, "title", form_text_title(text));
    json_put_text(json, "text_state", language_state_word(form_text_head(text)->state));
    json_put_text(json, "class", outcome_class_word(assessment->class));
    json_put_text(json, "class_text", form_text_class(text, assessment->class));
    if (assessment->class != OUTCOME_INCOMPLETE) {
        json_put_flag(json, "palermo", assessment->palermo);
        json_put_flag(json, "ptpa", assessment->ptpa);
        json_put_int(json, "means_score", assessment->means_score);
        json_put_int(json, "purpose_score", assessment->purpose_score);
    }
    json_put_flag(json, "child", assessment->child);
    json_put_int(json, "form_version", assessment->form_version);
    json_put_int(json, "rule_version", assessment->rule_version);
    if (sitting->confirmed) {
        json_put_text(
            json, "confirmed", outcome_class_word(sitting->confirmation.confirmed));
        json_put_text(json, "confirmed_because",
            CONFIRMATION_REASON_WORDS[sitting->confirmation.reason]);
        json_put_text(
            json, "htcds", outcome_htcds_status(sitting->confirmation.confirmed));
    }
    put_services(sitting, json);
    put_wait(desk, sitting, json);
    put_reasons(assessment, text, json);
    put_questions(desk, sitting, text, wanted, json);
    return json;
}

enum status screening_put_open(
    struct desk *desk, const struct sheet_row *row, struct json *json)
{
    struct sitting sitting = {.place = row->place};
    enum status status =
        casebook_find(desk->casebook, &row->place.case_id, desk->arena, &sitting.row);

    if (status == STATUS_OK)
        status = casebook_key(desk->casebook, &row->place.case_id, &sitting.key);
    if (status == STATUS_OK)
        status = read_interview(desk, &sitting);
    if (status == STATUS_OK) {
        json_put_text(json, "case", sitting.row.damaged ? "?" : sitting.row.alias);
        put_wait(desk, &sitting, json);
    }
    stand_up(&sitting);
    return status;
}

/* --- the use cases ------------------------------------------------------------------------------------------------ */

enum status use_screen(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct sitting sitting;
    const struct form_text *text = text_for(desk, request, problem);
    enum status status =
        text ? sit_down(desk, request, &sitting, problem) : STATUS_NOT_FOUND;

    (void)verb;
    if (!text)
        return status;
    if (status == STATUS_OK)
        *ret = format_sitting(desk, &sitting, text, json_find_text(request, "question"));
    stand_up(&sitting);
    return status;
}

static enum status read_answer(const struct json *request, uint8_t *ret_question,
    size_t *ret_said, const char **ret_note, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *id = NULL;
    enum status status =
        json_need_text(request, "question", QUESTION_ID_BYTES - 1, &id, &trouble);

    if (status == STATUS_OK && question_find(id, ret_question) != STATUS_OK) {
        trouble_say(&trouble, "the form has no question \"%s\"", id);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        status = json_need_choice(
            request, "answer", SAID_WORDS, SAID_COUNT, ret_said, &trouble);
    if (status == STATUS_OK)
        status =
            json_may_text(request, "note", INTERVIEW_NOTE_BYTES_MAX, ret_note, &trouble);
    return status == STATUS_OK ? status : desk_refuse(problem, status, &trouble);
}

static enum status explain_note(enum status status, struct problem *problem)
{
    if (status == STATUS_DENIED)
        problem_say(problem, 400, "no-note-here",
            "This question takes no note: a note would say which reason it is. Nothing "
            "was "
            "kept. Say it in no other field either.");
    else if (status == STATUS_TOO_BIG)
        problem_say(problem, 413, "too-big",
            "The notes of one interview are full. The answer was not kept. Shorten a "
            "note.");
    return status;
}

static enum status answer_question(struct desk *desk, const struct json *request,
    struct sitting *sitting, struct problem *problem)
{
    uint8_t question = 0;
    size_t said = 0;
    const char *note = NULL;
    int64_t now_ms = desk_now_ms(desk);
    enum status status = read_answer(request, &question, &said, &note, problem);

    if (status != STATUS_OK)
        return status;
    if (said != SAID_NOT_ASKED && !rule_may_ask(sitting->interview, question)) {
        problem_say(problem, 409, "not-now",
            "%s is not asked now: a private place, an officer of the preferred gender, "
            "the "
            "language and the person's agreement come first. Nothing was kept. Any "
            "service "
            "can be referred all the same.",
            question_get(question)->id);
        return STATUS_CONFLICT;
    }
    status = interview_set(sitting->interview, question, (enum said)said, now_ms);
    if (status == STATUS_OK && note)
        status = explain_note(
            interview_set_note(sitting->interview, question, span_text(note), now_ms),
            problem);
    return status == STATUS_OK ? keep_interview(desk, sitting) : status;
}

enum status use_screen_answer(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct sitting sitting;
    const struct form_text *text = text_for(desk, request, problem);
    enum status status;

    (void)verb;
    if (!text)
        return STATUS_NOT_FOUND;
    status = sit_down(desk, request, &sitting, problem);
    if (status == STATUS_OK)
        status = answer_question(desk, request, &sitting, problem);
    if (status == STATUS_OK)
        *ret = format_sitting(desk, &sitting, text, NULL);
    stand_up(&sitting);
    return status;
}

enum status use_screen_choose(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct sitting sitting;
    struct trouble trouble = {""};
    const struct form_text *text = text_for(desk, request, problem);
    size_t choice = 0;
    enum status status;

    (void)verb;
    if (!text)
        return STATUS_NOT_FOUND;
    status = json_need_choice(
        request, "choice", CHOICES, ARRAY_LENGTH(CHOICES), &choice, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    status = sit_down(desk, request, &sitting, problem);
    if (status == STATUS_OK) {
        status = interview_choose(sitting.interview,
            (enum interview_choice)(choice + INTERVIEW_CHOICE_WAITS), desk_now_ms(desk));
        if (status == STATUS_CONFLICT)
            problem_say(problem, 409, "not-now",
                "There is nothing to choose: S2 is not answered with no. Nothing was "
                "kept.");
    }
    if (status == STATUS_OK)
        status = keep_interview(desk, &sitting);
    if (status == STATUS_OK)
        *ret = format_sitting(desk, &sitting, text, NULL);
    stand_up(&sitting);
    return status;
}

static enum status parse_class(const char *word, enum outcome_class *ret)
{
    for (int class = 1; class < OUTCOME_CLASS_COUNT; class ++)
        if (strcmp(outcome_class_word((enum outcome_class) class), word) == 0) {
            *ret = (enum outcome_class) class;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

static enum status read_confirmed(struct desk *desk, const struct json *request,
    const struct sitting *sitting, struct confirmation *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *class = NULL, *text = "";
    size_t reason = CONFIRMATION_NONE;
    enum status status = json_need_text(request, "class", 40, &class, &trouble);

    *ret = (struct confirmation){.form_version = FORM_VERSION,
        .rule_version = RULE_VERSION,
        .officer = case_who(desk),
        .at_ms = desk_now_ms(desk),
        .proposed = sitting->assessment.class};
    if (status == STATUS_OK && parse_class(class, &ret->confirmed) != STATUS_OK) {
        trouble_say(&trouble, "there is no class \"%s\"", class);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        status = json_may_choice(request, "reason", CONFIRMATION_REASON_WORDS,
            CONFIRMATION_REASON_COUNT, &reason, &trouble);
    if (status == STATUS_OK)
        status =
            json_may_text(request, "text", CONFIRMATION_TEXT_BYTES_MAX, &text, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    ret->reason = (enum confirmation_reason)reason;
    memcpy(ret->text, text, strlen(text) + 1);
    status = confirmation_check(ret, &sitting->assessment, &trouble);
    if (status != STATUS_OK)
        problem_say(problem, 409, "not-confirmed", "%.400s", trouble.text);
    return status;
}

static enum status keep_confirmation(
    struct desk *desk, struct sitting *sitting, const struct confirmation *confirmation)
{
    struct sheet_place place = confirmation_place(sitting);
    struct buffer bytes;
    enum status status;

    buffer_init(&bytes, CONFIRMATION_BYTES_MAX);
    status = confirmation_encode(confirmation, &bytes);
    if (status == STATUS_OK)
        status = sheets_put(
            desk->sheets, &sitting->key, &place, buffer_span(&bytes), desk_now_ms(desk));
    buffer_release(&bytes);
    sitting->confirmation = *confirmation;
    sitting->confirmed = status == STATUS_OK;
    return status;
}

enum status use_screen_confirm(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct confirmation confirmation;
    struct sitting sitting;
    const struct form_text *text = text_for(desk, request, problem);
    bool begun = false;
    enum status status;

    (void)verb;
    if (!text)
        return STATUS_NOT_FOUND;
    status = sit_down(desk, request, &sitting, problem);
    if (status == STATUS_OK)
        status = find_sheet(desk, &sitting, &begun);
    if (status == STATUS_OK && !begun) {
        problem_say(problem, 409, "not-now",
            "No question was answered yet: there is nothing to confirm.");
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK)
        status = read_confirmed(desk, request, &sitting, &confirmation, problem);
    if (status == STATUS_OK)
        status = keep_confirmation(desk, &sitting, &confirmation);
    if (status == STATUS_OK && confirmation.confirmed >= OUTCOME_POSSIBLE_VOT)
        status = reflect_begin(desk, &sitting.row.ident);
    if (status == STATUS_OK)
        *ret = format_sitting(desk, &sitting, text, NULL);
    memory_wipe(&confirmation, sizeof(confirmation));
    stand_up(&sitting);
    return status;
}

/* Statistics get this one word. A sheet that cannot be read, or is of another version, says nothing. */
enum screened screening_standing(struct desk *desk, const struct case_row *row)
{
    struct sitting sitting = {.row = *row};
    struct outcome outcome;
    enum screened standing = SCREENED_NOT;
    bool found = false;
    enum status status = casebook_key(desk->casebook, &row->ident, &sitting.key);

    if (status == STATUS_OK)
        status = find_sheet(desk, &sitting, &found);
    if (status == STATUS_OK && found)
        status = read_interview(desk, &sitting);
    if (status == STATUS_OK && found)
        status = read_confirmation(desk, &sitting);
    if (status == STATUS_OK && sitting.confirmed) {
        rule_assess(sitting.interview, &sitting.assessment);
        status = outcome_make(&sitting.assessment, &sitting.confirmation, &outcome);
        if (status == STATUS_OK && outcome.class != OUTCOME_INCOMPLETE)
            standing = outcome_htcds_status(outcome.class) ? SCREENED_FLAGGED : SCREENED;
    }
    stand_up(&sitting);
    return standing;
}
