/* SPDX-License-Identifier: Apache-2.0
 * A new language: its two files under config/forms, two lines of CMakeLists.txt, a row here, and its code moves from
 * "missing" to "languages" in both forms. Rows and lists must say the same.
 */
#include "forms.h"

#include <string.h>

#include "memory.h"
#include "scr_pk_1.data.h"
#include "scr_pk_1_eng.data.h"
#include "scr_pk_1_urd.data.h"
#include "triage_pk_1.data.h"
#include "triage_pk_1_eng.data.h"
#include "triage_pk_1_urd.data.h"

enum { N_TEXTS = 2 };

struct forms {
    struct form form;
    struct triage triage;
    struct form_text *texts[N_TEXTS];
    struct triage_text *triage_texts[N_TEXTS];
};

struct file {
    const char *language;
    const unsigned char *form, *triage;
    const size_t *form_bytes, *triage_bytes;
};

static const struct file FILES[N_TEXTS] = {
    {"eng", SCR_PK_1_ENG, TRIAGE_PK_1_ENG, &SCR_PK_1_ENG_BYTES, &TRIAGE_PK_1_ENG_BYTES},
    {"urd", SCR_PK_1_URD, TRIAGE_PK_1_URD, &SCR_PK_1_URD_BYTES, &TRIAGE_PK_1_URD_BYTES},
};

static bool has_file(const char *language)
{
    for (size_t i = 0; i < N_TEXTS; i++)
        if (strcmp(FILES[i].language, language) == 0)
            return true;
    return false;
}

static enum status check_listed(
    const struct languages *languages, struct trouble *trouble)
{
    size_t n = 0;

    for (size_t i = 0; i < languages->n; i++) {
        if (languages->rows[i].is_missing == has_file(languages->rows[i].code)) {
            trouble_say(trouble, "whether there is a text in \"%s\" is not what it says",
                languages->rows[i].code);
            return STATUS_MALFORMED;
        }
        n += !languages->rows[i].is_missing;
    }
    if (n == N_TEXTS)
        return STATUS_OK;
    trouble_say(trouble, "a language whose text is in this program is not listed");
    return STATUS_MALFORMED;
}

static enum status read_bases(struct forms *forms, struct trouble *trouble)
{
    enum status status =
        form_parse(span_of(SCR_PK_1, SCR_PK_1_BYTES), &forms->form, trouble);

    if (status == STATUS_OK)
        status = check_listed(&forms->form.languages, trouble);
    if (status != STATUS_OK) {
        trouble_prefix(trouble, "scr-pk-1.json");
        return status;
    }
    status =
        triage_parse(span_of(TRIAGE_PK_1, TRIAGE_PK_1_BYTES), &forms->triage, trouble);
    if (status == STATUS_OK)
        status = check_listed(&forms->triage.languages, trouble);
    if (status != STATUS_OK)
        trouble_prefix(trouble, "triage-pk-1.json");
    return status;
}

static enum status read_texts(struct forms *forms, size_t at, struct trouble *trouble)
{
    const struct file *file = &FILES[at];
    enum status status = form_text_parse(
        span_of(file->form, *file->form_bytes), &forms->texts[at], trouble);

    if (status == STATUS_OK)
        status = triage_text_parse(span_of(file->triage, *file->triage_bytes),
            &forms->triage, &forms->triage_texts[at], trouble);
    if (status == STATUS_OK &&
        (strcmp(form_text_head(forms->texts[at])->code, file->language) != 0 ||
            strcmp(triage_text_head(forms->triage_texts[at])->code, file->language) !=
                0)) {
        trouble_say(trouble, "the file says that it is in another language");
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK)
        trouble_prefix(trouble, "%s.%s.json",
            forms->texts[at] ? "triage-pk-1" : "scr-pk-1", file->language);
    return status;
}

enum status forms_new(struct forms **ret, struct trouble *trouble)
{
    struct forms *forms = memory_new(sizeof(*forms));
    enum status status = read_bases(forms, trouble);

    for (size_t i = 0; status == STATUS_OK && i < N_TEXTS; i++)
        status = read_texts(forms, i, trouble);
    if (status != STATUS_OK) {
        forms_destroy(&forms);
        return status;
    }
    *ret = forms;
    return STATUS_OK;
}

void forms_destroy(struct forms **forms)
{
    if (!*forms)
        return;
    for (size_t i = 0; i < N_TEXTS; i++) {
        form_text_destroy(&(*forms)->texts[i]);
        triage_text_destroy(&(*forms)->triage_texts[i]);
    }
    memory_free(*forms);
    *forms = NULL;
}

const struct form *forms_form(const struct forms *forms)
{
    return &forms->form;
}

const struct triage *forms_triage(const struct forms *forms)
{
    return &forms->triage;
}

const struct form_text *forms_text(const struct forms *forms, const char *language)
{
    for (size_t i = 0; i < N_TEXTS; i++)
        if (strcmp(FILES[i].language, language) == 0)
            return forms->texts[i];
    return NULL;
}

const struct triage_text *forms_triage_text(
    const struct forms *forms, const char *language)
{
    for (size_t i = 0; i < N_TEXTS; i++)
        if (strcmp(FILES[i].language, language) == 0)
            return forms->triage_texts[i];
    return NULL;
}

enum language_state forms_state(const struct forms *forms, const char *language)
{
    const struct form_text *text = forms_text(forms, language);

    return text ? form_text_head(text)->state : LANGUAGE_MISSING;
}
