/* SPDX-License-Identifier: Apache-2.0
 * The files under config/forms: a form, a triage, or the texts of either. Whatever is taken is whole; whatever is
 * refused is refused with a sentence.
 */
#include "forms.h"
#include "fuzz.h"
#include "memory.h"

static struct forms *forms;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    PROMISE(forms_new(&forms, NULL) == STATUS_OK);
    return 0;
}

static void said(enum status status, const struct trouble *trouble)
{
    PROMISE((status == STATUS_OK) == (trouble->text[0] == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct trouble trouble = {""};
    struct form form;
    struct triage triage;
    struct form_text *text = NULL;
    struct triage_text *triage_text = NULL;
    enum status status = form_parse(span_of(bytes, n), &form, &trouble);

    said(status, &trouble);
    trouble.text[0] = 0;
    status = triage_parse(span_of(bytes, n), &triage, &trouble);
    said(status, &trouble);
    if (status == STATUS_OK)
        PROMISE(triage.n >= 1 && triage_presses(&triage) <= TRIAGE_PRESSES_MAX);
    trouble.text[0] = 0;
    status = form_text_parse(span_of(bytes, n), &text, &trouble);
    said(status, &trouble);
    for (size_t i = 0; status == STATUS_OK && i < QUESTION_COUNT; i++) {
        PROMISE(form_text_question(text, i)[0] != 0);
        PROMISE(form_text_say(text, i) || question_get(i)->observed);
    }
    trouble.text[0] = 0;
    status =
        triage_text_parse(span_of(bytes, n), forms_triage(forms), &triage_text, &trouble);
    said(status, &trouble);
    form_text_destroy(&text);
    triage_text_destroy(&triage_text);
    return 0;
}
