/* SPDX-License-Identifier: Apache-2.0
 *
 * forms: the form, the triage and their texts that are part of this program (config/forms at the time of the build),
 * read once at the start. A program whose forms do not hold together does not start.
 */
#ifndef AMAAN_FORMS_H
#define AMAAN_FORMS_H

#include "form_text.h"
#include "triage.h"

struct forms;

/* MALFORMED, TOO_BIG, UNSUPPORTED: the trouble names the file. */
enum status forms_new(struct forms **ret, struct trouble *trouble) MUST_USE;
void forms_destroy(struct forms **forms);

const struct form *forms_form(const struct forms *forms);
const struct triage *forms_triage(const struct forms *forms);
/* NULL: there is no text in that language. */
const struct form_text *forms_text(const struct forms *forms, const char *language);
const struct triage_text *forms_triage_text(
    const struct forms *forms, const char *language);
/* Of the screening form: MISSING also for a language that it does not list. */
enum language_state forms_state(const struct forms *forms, const char *language);

#endif
