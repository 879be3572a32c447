/* SPDX-License-Identifier: Apache-2.0
 *
 * form_text: the words of SCR-PK-1 in one language: questions, answers, classes and reasons, with the state of their
 * review (docs/CARE.md 12.10). Strict: nothing may be missing, nothing may be there that is not known.
 * Texts are borrowed from it; they live as long as it does.
 */
#ifndef AMAAN_FORM_TEXT_H
#define AMAAN_FORM_TEXT_H

#include "interview.h"
#include "confirmation.h"
#include "form.h"
#include "rule.h"

enum { FORM_TEXT_BYTES_MAX = 600, FORM_AUDIO_BYTES_MAX = 64 };

struct form_text;

enum status form_text_parse(
    struct span text, struct form_text **ret, struct trouble *trouble) MUST_USE;
void form_text_destroy(struct form_text **text);

const struct language_head *form_text_head(const struct form_text *text);
const char *form_text_title(const struct form_text *text);
/* What the officer reads. */
const char *form_text_question(const struct form_text *text, size_t question);
/* What she says to the person: NULL when it is observed and not asked. */
const char *form_text_say(const struct form_text *text, size_t question);
/* Name of a file with the spoken question, or NULL. Whether it is there is for the reader of the file to see. */
const char *form_text_audio(const struct form_text *text, size_t question);
const char *form_text_answer(const struct form_text *text, enum said answer);
const char *form_text_class(const struct form_text *text, enum outcome_class class);
const char *form_text_reason(const struct form_text *text, enum reason_code code);
const char *form_text_confirmation(
    const struct form_text *text, enum confirmation_reason reason);

/* Letters, digits, '.', '-', '_'; no dot in front; ends in .ogg or .opus; at most FORM_AUDIO_BYTES_MAX. */
bool form_text_is_audio_name(const char *name);

#endif
