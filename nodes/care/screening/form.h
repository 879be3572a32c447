/* SPDX-License-Identifier: Apache-2.0
 *
 * form: SCR-PK-1 as data: the order of its questions and what the officer sees and does not ask. Strict: a file
 * that does not hold exactly the questions, kinds, weights and services of question.h is refused, so that nobody
 * changes what an answer means by editing a file (docs/CARE.md 12.1, 12.10). Texts are form_text.h's.
 */
#ifndef AMAAN_FORM_H
#define AMAAN_FORM_H

#include "language.h"
#include "question.h"

enum { FORM_BYTES_MAX = 64 * 1024, FORM_NAME_BYTES = 24 };

struct form {
    char name[FORM_NAME_BYTES]; /* "scr-pk-1" */
    uint16_t version;
    uint8_t
        order[QUESTION_COUNT]; /* questions as they are asked; those of safety first */
    struct languages languages;
};

/* MALFORMED, TOO_BIG; UNSUPPORTED: another form or version. The trouble names the question. */
enum status form_parse(
    struct span text, struct form *ret, struct trouble *trouble) MUST_USE;

#endif
