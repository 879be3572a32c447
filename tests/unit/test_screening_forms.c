/* SPDX-License-Identifier: Apache-2.0
 * The forms under config/forms: that those in the program hold together, that others are refused, what triage may
 * ask, and what no form may ask (docs/CARE.md 12.1, 12.9, 12.10).
 */
#include <dirent.h>

#include "body.h"
#include "forms.h"
#include "screening_kit.h"

static char *read_file(const char *path)
{
    char name[512];
    FILE *file;
    char *text = NULL;
    long n;

    snprintf(name, sizeof(name), "%s/%s", AMAAN_SOURCE_DIR, path);
    file = fopen(name, "rb");
    if (!file)
        fail_msg("cannot read %s", name);
    fseek(file, 0, SEEK_END);
    n = ftell(file);
    rewind(file);
    text = memory_new((size_t)n + 1);
    assert_int_equal(fread(text, 1, (size_t)n, file), n);
    fclose(file);
    return text;
}

/* The file with the first `from` replaced by `to`; the caller frees it. */
static char *changed(const char *path, const char *from, const char *to)
{
    char *text = read_file(path), *at = strstr(text, from);
    size_t n;
    char *ret;

    if (!at)
        fail_msg("%s does not hold %s", path, from);
    n = strlen(text) - strlen(from) + strlen(to) + 1;
    ret = memory_new(n);
    snprintf(ret, n, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    memory_free(text);
    return ret;
}

static const char FORM[] = "config/forms/scr-pk-1.json";
static const char ENG[] = "config/forms/scr-pk-1.eng.json";
static const char URD[] = "config/forms/scr-pk-1.urd.json";
static const char TRIAGE[] = "config/forms/triage-pk-1.json";
static const char TRIAGE_ENG[] = "config/forms/triage-pk-1.eng.json";

static void assert_form_refused(
    const char *from, const char *to, enum status wanted, const char *says)
{
    char *text = changed(FORM, from, to);
    struct trouble trouble = {""};
    struct form form;

    assert_status(form_parse(span_text(text), &form, &trouble), wanted);
    assert_holds(trouble.text, says);
    memory_free(text);
}

static void assert_text_refused(
    const char *from, const char *to, enum status wanted, const char *says)
{
    char *json = changed(ENG, from, to);
    struct trouble trouble = {""};
    struct form_text *text = NULL;

    assert_status(form_text_parse(span_text(json), &text, &trouble), wanted);
    assert_holds(trouble.text, says);
    memory_free(json);
}

static void assert_triage_refused(
    const char *from, const char *to, enum status wanted, const char *says)
{
    char *json = changed(TRIAGE, from, to);
    struct trouble trouble = {""};
    struct triage triage;

    assert_status(triage_parse(span_text(json), &triage, &trouble), wanted);
    assert_holds(trouble.text, says);
    memory_free(json);
}

static struct forms *open_forms(void)
{
    struct trouble trouble = {""};
    struct forms *forms = NULL;

    if (forms_new(&forms, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    return forms;
}

static void forms__in_the_program_hold_together(void **state)
{
    struct forms *forms = open_forms();
    const struct form *form = forms_form(forms);

    (void)state;
    assert_string_equal(form->name, "scr-pk-1");
    assert_int_equal(form->version, FORM_VERSION);
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        assert_int_equal(form->order[i], i);
    assert_null(forms_text(forms, "pus"));
    assert_null(forms_triage_text(forms, "pus"));
    forms_destroy(&forms);
    forms_destroy(&forms);
}

static void forms__say_how_far_each_language_is(void **state)
{
    static const char *const MISSING[] = {
        "pus", "prs", "pnb", "snd", "skr", "bal", "brh"};
    struct forms *forms = open_forms();
    const struct languages *languages = &forms_form(forms)->languages;

    (void)state;
    assert_int_equal(languages->n, 2 + ARRAY_LENGTH(MISSING));
    assert_int_equal(forms_triage(forms)->languages.n, languages->n);
    for (size_t i = 0; i < ARRAY_LENGTH(MISSING); i++) {
        size_t at = 0;

        while (at < languages->n && strcmp(languages->rows[at].code, MISSING[i]) != 0)
            at++;
        assert_true(at < languages->n && languages->rows[at].is_missing);
        assert_int_equal(forms_state(forms, MISSING[i]), LANGUAGE_MISSING);
    }
    assert_string_equal(language_state_word(forms_state(forms, "urd")), "draft");
    assert_string_equal(language_state_word(forms_state(forms, "eng")), "draft");
    assert_true(form_text_head(forms_text(forms, "urd"))->right_to_left);
    assert_false(form_text_head(forms_text(forms, "eng"))->right_to_left);
    forms_destroy(&forms);
}

static void forms__say_everything_in_both_languages(void **state)
{
    static const char *const CODES[] = {"eng", "urd"};
    struct forms *forms = open_forms();

    (void)state;
    for (size_t l = 0; l < ARRAY_LENGTH(CODES); l++) {
        const struct form_text *text = forms_text(forms, CODES[l]);

        for (size_t i = 0; i < QUESTION_COUNT; i++) {
            assert_true(strlen(form_text_question(text, i)) > 3);
            assert_true((form_text_say(text, i) == NULL) == question_get(i)->observed);
            assert_null(form_text_audio(text, i));
        }
        for (int i = 0; i < SAID_COUNT; i++)
            assert_non_null(form_text_answer(text, (enum said)i));
        for (int i = 1; i < OUTCOME_CLASS_COUNT; i++)
            assert_non_null(form_text_class(text, (enum outcome_class)i));
        for (int i = 1; i < REASON_COUNT; i++)
            assert_non_null(form_text_reason(text, (enum reason_code)i));
        for (int i = 0; i < CONFIRMATION_REASON_COUNT; i++)
            assert_non_null(form_text_confirmation(text, (enum confirmation_reason)i));
        assert_non_null(form_text_title(text));
    }
    forms_destroy(&forms);
}

/* The row "| M1 | means | strong | beaten, forced |" that docs/CARE.md 12.1 has for a question. */
static void assert_row_of_the_book(const char *book, const struct question *question)
{
    const char *third = question->service ? question_service_word(question->service)
                        : question->weight == WEIGHT_NONE
                            ? "-"
                            : WEIGHT_WORDS[question->weight];
    char row[80];
    const char *at;

    snprintf(row, sizeof(row), "\n| %s | %s | %s | ", question->id,
        QUESTION_KIND_WORDS[question->kind], third);
    at = strstr(book, row);
    if (!at)
        fail_msg("docs/CARE.md 12.1 does not hold \"%s\"", row + 1);
    assert_int_equal(
        strncmp(at + strlen(row), "observed: ", 10) == 0, question->observed);
    assert_null(strstr(at + 1, row));
}

static void forms__are_the_table_of_care_md(void **state)
{
    char *book = read_file("docs/CARE.md"), *from = strstr(book, "### 12.1"),
         *end = strstr(book, "### 12.2");
    unsigned n = 0;

    (void)state;
    assert_true(from && end && from < end);
    *end = 0;
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        assert_row_of_the_book(from, question_get(i));
    for (const char *at = strstr(from, "\n| "); at; at = strstr(at + 1, "\n| "))
        n++;
    assert_int_equal(n, QUESTION_COUNT + 2); /* and the head of the table */
    memory_free(book);
}

static void forms__name_services_by_the_numbers_that_travel(void **state)
{
    (void)state;
    for (size_t i = QUESTION_N1; i < QUESTION_COUNT; i++) {
        uint8_t service = question_get(i)->service;

        assert_string_equal(
            question_service_word(service), service_name((enum service)service));
    }
}

static void form__refuses_what_is_not_exactly_its_questions(void **state)
{
    (void)state;
    assert_form_refused("\"form_version\": 1,", "\"form_version\": 1, \"more\": 1,",
        STATUS_MALFORMED, "more");
    assert_form_refused(
        "\"form_version\": 1", "\"form_version\": 2", STATUS_UNSUPPORTED, "version 1");
    assert_form_refused("scr-pk-1", "scr-pk-2", STATUS_UNSUPPORTED, "scr-pk-1");
    assert_form_refused("\"id\": \"M2\"", "\"id\": \"M1\"", STATUS_MALFORMED, "M1");
    assert_form_refused("\"id\": \"M2\"", "\"id\": \"M16\"", STATUS_MALFORMED, "M16");
    assert_form_refused("    {\"id\": \"K2\", \"kind\": \"background\"},\n", "",
        STATUS_MALFORMED, "K2 is missing");
    assert_form_refused("{\"id\": \"K2\", \"kind\"", "{\"id\": \"K2\", \"mind\"",
        STATUS_MALFORMED, "kind");
    assert_form_refused(
        "{\"id\": \"K2\", \"kind\": \"background\"}", "7", STATUS_MALFORMED, "object");
    assert_form_refused(
        "[\"eng\", \"urd\"]", "[\"eng\", \"eng\"]", STATUS_MALFORMED, "languages");
    assert_form_refused(
        "[\"eng\", \"urd\"]", "[\"eng\", \"Urdu\"]", STATUS_MALFORMED, "languages");
    assert_form_refused("{\n", "{\"form\": \"scr-pk-1\",", STATUS_MALFORMED, "");
}

static void form__refuses_weights_that_are_not_the_rules(void **state)
{
    (void)state;
    assert_form_refused("\"M6\", \"kind\": \"means\", \"weight\": \"medium\"",
        "\"M6\", \"kind\": \"means\", \"weight\": \"strong\"", STATUS_MALFORMED,
        "question M6");
    assert_form_refused("\"M6\", \"kind\": \"means\", \"weight\": \"medium\"",
        "\"M6\", \"kind\": \"means\"", STATUS_MALFORMED, "question M6");
    assert_form_refused("\"M6\", \"kind\": \"means\", \"weight\": \"medium\"",
        "\"M6\", \"kind\": \"means\", \"weight\": \"huge\"", STATUS_MALFORMED, "weight");
    assert_form_refused("\"A1\", \"kind\": \"act\"",
        "\"A1\", \"kind\": \"act\", \"weight\": \"weak\"", STATUS_MALFORMED,
        "question A1");
    assert_form_refused("\"S6\", \"kind\": \"gate\"", "\"S6\", \"kind\": \"soft-gate\"",
        STATUS_MALFORMED, "question S6");
    assert_form_refused("\"service\": \"legal\"", "\"service\": \"medical\"",
        STATUS_MALFORMED, "question N5");
    assert_form_refused(
        "\"note\": false", "\"note\": true", STATUS_MALFORMED, "question V8");
}

static void form__asks_for_safety_first(void **state)
{
    (void)state;
    assert_form_refused("{\"id\": \"S6\", \"kind\": \"gate\"},\n    {\"id\": \"A1\", "
                        "\"kind\": \"act\"}",
        "{\"id\": \"A1\", \"kind\": \"act\"},\n    {\"id\": \"S6\", \"kind\": \"gate\"}",
        STATUS_MALFORMED, "S1 to S6");
}

static void text__refuses_what_is_missing_twice_or_unknown(void **state)
{
    (void)state;
    assert_text_refused("\"title\"", "\"titel\"", STATUS_MALFORMED, "title");
    assert_text_refused("\"declined\": ", "\"refused\": ", STATUS_MALFORMED, "answers");
    assert_text_refused(
        "\"child-at-risk\": ", "\"child\": ", STATUS_MALFORMED, "classes");
    assert_text_refused("\"ptpa\": ", "\"the-act\": ", STATUS_MALFORMED, "reasons");
    assert_text_refused(
        "\"id\": \"P2\"", "\"id\": \"P1\"", STATUS_MALFORMED, "question P1");
    assert_text_refused(
        "{\"id\": \"K2\", \"text\": \"Were you free to go after arrival?\"},", "",
        STATUS_MALFORMED, "K2");
    assert_text_refused("Were you free to go after arrival?", "", STATUS_MALFORMED, "K2");
    assert_text_refused(
        "Were you free to go after arrival?", "a\\u202eb", STATUS_MALFORMED, "K2");
    assert_text_refused("{\"id\": \"M14\",", "{\"id\": \"M14\", \"say\": \"x\",",
        STATUS_MALFORMED, "observed");
    assert_text_refused(
        "\"form_version\": 1", "\"form_version\": 2", STATUS_UNSUPPORTED, "version");
    assert_text_refused("\"ltr\"", "\"up\"", STATUS_MALFORMED, "direction");
    assert_text_refused("\"eng\"", "\"en\"", STATUS_MALFORMED, "language");
}

static void text__is_reviewed_only_by_somebody_on_a_day(void **state)
{
    char *json;
    struct form_text *text = NULL;

    (void)state;
    assert_text_refused(
        "{\"state\": \"draft\"}", "{\"state\": \"reviewed\"}", STATUS_MALFORMED, "by");
    assert_text_refused("{\"state\": \"draft\"}",
        "{\"state\": \"reviewed\", \"by\": \"Reviewer One\"}", STATUS_MALFORMED, "on");
    assert_text_refused("{\"state\": \"draft\"}",
        "{\"state\": \"reviewed\", \"by\": \"\", \"on\": \"2026-11-25\"}",
        STATUS_MALFORMED, "by");
    assert_text_refused("{\"state\": \"draft\"}",
        "{\"state\": \"draft\", \"by\": \"Reviewer One\"}", STATUS_MALFORMED, "draft");
    assert_text_refused(
        "{\"state\": \"draft\"}", "{\"state\": \"final\"}", STATUS_MALFORMED, "state");
    json = changed(ENG, "{\"state\": \"draft\"}",
        "{\"state\": \"reviewed\", \"by\": \"Reviewer One\", \"on\": \"2026-11-25\"}");
    assert_ok(form_text_parse(span_text(json), &text, NULL));
    assert_int_equal(form_text_head(text)->state, LANGUAGE_REVIEWED);
    assert_string_equal(form_text_head(text)->reviewed_by, "Reviewer One");
    form_text_destroy(&text);
    memory_free(json);
}

static void text__takes_the_name_of_a_recording_and_no_path(void **state)
{
    static const char *const BAD[] = {"", ".ogg", "x.mp3", "/x.ogg", "a/b.ogg", "..ogg",
        ".x.ogg", "a b.ogg", "x.ogg\n", "%2e.ogg", "x.OGG"};
    char *json = changed(
        URD, "{\"id\": \"A1\",", "{\"id\": \"A1\", \"audio\": \"scr-pk-1.urd.A1.opus\",");
    struct form_text *text = NULL;

    (void)state;
    assert_ok(form_text_parse(span_text(json), &text, NULL));
    assert_string_equal(form_text_audio(text, QUESTION_A1), "scr-pk-1.urd.A1.opus");
    assert_true(form_text_is_audio_name("a.ogg"));
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        assert_false(form_text_is_audio_name(BAD[i]));
    form_text_destroy(&text);
    memory_free(json);
    assert_text_refused("{\"id\": \"A1\",", "{\"id\": \"A1\", \"audio\": \"../a.ogg\",",
        STATUS_MALFORMED, "audio");
}

/* ---- triage ---- */

static void triage__fits_a_minute_and_is_harmless_when_overheard(void **state)
{
    /* What nobody may hear at a counter. */
    static const char *const NEVER_SAID[] = {"traffick", "beat", "force", "sex", "agent",
        "smuggl", "police", "afraid", "help", "escape", "victim", "پولیس", "تشدد", "جنسی",
        "ایجنٹ", "زبردستی", "متاثر", "خوف", "مدد", "اسمگل"};
    static const char *const CODES[] = {"eng", "urd"};
    struct forms *forms = open_forms();
    const struct triage *triage = forms_triage(forms);

    (void)state;
    assert_true(triage->n <= 6);
    assert_true(triage_presses(triage) <= 8);
    for (size_t l = 0; l < ARRAY_LENGTH(CODES); l++) {
        const struct triage_text *text = forms_triage_text(forms, CODES[l]);

        assert_non_null(triage_text_title(text));
        for (int r = 1; r < TRIAGE_RESULT_COUNT; r++)
            assert_non_null(triage_text_result(text, (enum triage_result)r));
        for (size_t i = 0; i < triage->n; i++) {
            const char *say = triage_text_say(text, i);

            assert_non_null(triage_text_item(text, i));
            assert_true((say == NULL) == (triage->items[i].kind == TRIAGE_OBSERVED));
            for (size_t w = 0; say && w < ARRAY_LENGTH(NEVER_SAID); w++)
                if (strstr(say, NEVER_SAID[w]))
                    fail_msg("%s says \"%s\" aloud", triage->items[i].id, NEVER_SAID[w]);
        }
    }
    forms_destroy(&forms);
}

static void triage__decides_as_care_md_says_for_every_vector(void **state)
{
    struct forms *forms = open_forms();
    const struct triage *triage = forms_triage(forms);
    unsigned n[TRIAGE_RESULT_COUNT] = {0};

    (void)state;
    for (unsigned number = 0; number < 15625; number++) {
        enum said answers[TRIAGE_ITEMS_MAX];
        unsigned rest = number;
        enum triage_result wanted, got;

        for (size_t i = 0; i < TRIAGE_ITEMS_MAX; i++, rest /= SAID_COUNT)
            answers[i] = (enum said)(rest % SAID_COUNT);
        if (answers[0] == SAID_YES)
            wanted = TRIAGE_URGENT_NOW;
        else if (answers[0] != SAID_NO || answers[1] != SAID_NO ||
                 answers[2] != SAID_NO ||
                 (answers[3] != SAID_NO) + (answers[4] != SAID_NO) +
                         (answers[5] != SAID_NO) >=
                     2)
            wanted = TRIAGE_TAKE_ASIDE;
        else
            wanted = TRIAGE_NO_SIGN_SEEN;
        got = triage_decide(triage, answers);
        assert_int_equal(got, wanted);
        n[got]++;
    }
    for (int r = 1; r < TRIAGE_RESULT_COUNT; r++)
        assert_true(n[r] > 0);
    forms_destroy(&forms);
}

static void triage__never_says_a_class_of_a_screening(void **state)
{
    (void)state;
    for (int r = 1; r < TRIAGE_RESULT_COUNT; r++)
        for (int class = 1; class < OUTCOME_CLASS_COUNT; class ++)
            assert_string_not_equal(triage_result_word((enum triage_result)r),
                outcome_class_word((enum outcome_class) class));
    assert_null(triage_result_word(TRIAGE_RESULT_COUNT));
}

static void triage__refuses_a_seventh_item_and_what_is_said_of_what_is_seen(void **state)
{
    char *json;
    struct forms *forms = open_forms();
    struct trouble trouble = {""};
    struct triage_text *text = NULL;

    (void)state;
    assert_triage_refused("\n  ]",
        ",\n    {\"id\": \"T7\", \"kind\": \"observed\", \"weight\": \"light\"}\n  ]",
        STATUS_TOO_BIG, "at most 6");
    assert_triage_refused("\"T2\"", "\"T3\"", STATUS_MALFORMED, "T2");
    assert_triage_refused("\"urgent\"", "\"strong\"", STATUS_MALFORMED, "urgent");
    assert_triage_refused("\"asked\"", "\"shouted\"", STATUS_MALFORMED, "kind");
    assert_triage_refused(
        "\"triage_version\": 1", "\"triage_version\": 9", STATUS_UNSUPPORTED, "version");
    json = changed(TRIAGE_ENG, "{\"id\": \"T1\",", "{\"id\": \"T1\", \"say\": \"x\",");
    assert_status(
        triage_text_parse(span_text(json), forms_triage(forms), &text, &trouble),
        STATUS_MALFORMED);
    assert_holds(trouble.text, "observed");
    memory_free(json);
    json = changed(TRIAGE_ENG, ", \"say\": \"Who arranged your journey?\"", "");
    assert_status(
        triage_text_parse(span_text(json), forms_triage(forms), &text, &trouble),
        STATUS_MALFORMED);
    assert_holds(trouble.text, "say");
    memory_free(json);
    forms_destroy(&forms);
}

/* ---- what stays, and what is not asked ---- */

/* The words of a text, lower case for ASCII, one by one against a list; parts of words count. */
static void assert_without(
    const char *where, const char *text, const char *const *words, size_t n)
{
    char *lower = memory_copy_text(text);

    for (char *at = lower; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    for (size_t i = 0; i < n; i++)
        if (strstr(lower, words[i]))
            fail_msg("%s holds \"%s\"", where, words[i]);
    memory_free(lower);
}

/* Calls for each file of the folder that ends so; returns how many. */
static unsigned each_file(
    const char *folder, const char *end, void (*look)(const char *path, const char *text))
{
    char name[512];
    unsigned n = 0;

    snprintf(name, sizeof(name), "%s/%s", AMAAN_SOURCE_DIR, folder);
    DIR *handle = opendir(name);
    assert_non_null(handle);
    for (struct dirent *entry = readdir(handle); entry; entry = readdir(handle)) {
        size_t length = strlen(entry->d_name);

        if (length < strlen(end) ||
            strcmp(entry->d_name + length - strlen(end), end) != 0)
            continue;
        snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
        char *text = read_file(name);
        look(name, text);
        memory_free(text);
        n++;
    }
    closedir(handle);
    return n;
}

static void look_for_screening(const char *path, const char *text)
{
    /* The role of a member is called screening and may be; the answers of a person and what follows from them
     * may not be there in any form. */
    static const char *const NEVER[] = {"palermo", "ptpa", "htcds", "outcome_class",
        "indicator", "assessment", "questionnaire", "answer_sheet", "triage", "scr-pk",
        "scr_pk", "screening_", "means_of_control", "statement", "perpetrator",
        "trafficker", "cnic_", "passport_"};

    assert_without(path, text, NEVER, ARRAY_LENGTH(NEVER));
}

static void dp11__no_message_has_a_field_for_anything_of_a_screening(void **state)
{
    (void)state;
    assert_true(each_file("proto/content", ".proto", look_for_screening) > 0);
    assert_true(each_file("proto/content", ".h", look_for_screening) > 0);
    assert_true(each_file("proto/content", ".c", look_for_screening) > 0);
    assert_true(each_file("proto/wire", ".h", look_for_screening) > 0);
    assert_true(each_file("proto/wire", ".c", look_for_screening) > 0);
}

/* Stems, English and Urdu. "Status" and "who they are" are left: V8's answer tells none of these. */
static const char *const NEVER_ASKED[] = {"religio", "faith", "muslim", "islam",
    "christian", "hindu", "sikh", "ahmad", "shia", "sunni", "sect ", "sectarian",
    "ethnic", "tribe", "tribal", "caste", "race ", "racial", "orientation", "homosexual",
    "lesbian", "bisexual", "مذہب", "مسلمان", "مسیحی", "عیسائی", "ہندو", "سکھ", "احمدی",
    "شیعہ", "فرقہ", "نسلی", "قبیل", "قومیت", "برادری", "ذات پات", "ہم جنس"};

static void look_for_religion(const char *path, const char *text)
{
    assert_without(path, text, NEVER_ASKED, ARRAY_LENGTH(NEVER_ASKED));
}

static void dp30__no_form_and_no_message_asks_for_religion_ethnic_group_or_orientation(
    void **state)
{
    (void)state;
    assert_true(each_file("config/forms", ".json", look_for_religion) >= 6);
    assert_true(each_file("proto/content", ".proto", look_for_religion) > 0);
}

static void dp30__one_question_alone_may_touch_who_a_person_is_and_does_not_say_which(
    void **state)
{
    static const char *const TOUCHES[] = {"minorit", "transgender", "اقلیت", "خواجہ سرا"};
    static const char *const CODES[] = {"eng", "urd"};
    struct forms *forms = open_forms();

    (void)state;
    for (size_t l = 0; l < ARRAY_LENGTH(CODES); l++) {
        const struct form_text *text = forms_text(forms, CODES[l]);

        for (size_t i = 0; i < QUESTION_COUNT; i++) {
            const char *say = form_text_say(text, i);

            if (i != QUESTION_V8)
                assert_without(question_get(i)->id, form_text_question(text, i), TOUCHES,
                    ARRAY_LENGTH(TOUCHES));
            /* To the person not even V8 names a group. */
            if (say)
                assert_without(question_get(i)->id, say, TOUCHES, ARRAY_LENGTH(TOUCHES));
        }
    }
    /* More than one group stands behind its one answer, it takes no note, and no weight hangs on it. */
    assert_non_null(
        strstr(form_text_question(forms_text(forms, "eng"), QUESTION_V8), " or "));
    assert_non_null(
        strstr(form_text_question(forms_text(forms, "urd"), QUESTION_V8), " یا "));
    assert_false(question_takes_note(QUESTION_V8));
    assert_int_equal(question_get(QUESTION_V8)->weight, WEIGHT_NONE);
    forms_destroy(&forms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms__in_the_program_hold_together),
        cmocka_unit_test(forms__say_how_far_each_language_is),
        cmocka_unit_test(forms__say_everything_in_both_languages),
        cmocka_unit_test(forms__are_the_table_of_care_md),
        cmocka_unit_test(forms__name_services_by_the_numbers_that_travel),
        cmocka_unit_test(form__refuses_what_is_not_exactly_its_questions),
        cmocka_unit_test(form__refuses_weights_that_are_not_the_rules),
        cmocka_unit_test(form__asks_for_safety_first),
        cmocka_unit_test(text__refuses_what_is_missing_twice_or_unknown),
        cmocka_unit_test(text__is_reviewed_only_by_somebody_on_a_day),
        cmocka_unit_test(text__takes_the_name_of_a_recording_and_no_path),
        cmocka_unit_test(triage__fits_a_minute_and_is_harmless_when_overheard),
        cmocka_unit_test(triage__decides_as_care_md_says_for_every_vector),
        cmocka_unit_test(triage__never_says_a_class_of_a_screening),
        cmocka_unit_test(triage__refuses_a_seventh_item_and_what_is_said_of_what_is_seen),
        cmocka_unit_test(dp11__no_message_has_a_field_for_anything_of_a_screening),
        cmocka_unit_test(
            dp30__no_form_and_no_message_asks_for_religion_ethnic_group_or_orientation),
        cmocka_unit_test(
            dp30__one_question_alone_may_touch_who_a_person_is_and_does_not_say_which),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
