/* SPDX-License-Identifier: Apache-2.0
 *
 * question: the 59 questions of form SCR-PK-1 version 1 as the rule and the sheet know them (docs/CARE.md 12.1):
 * number, id, kind, weight. No text stands here (form_text.h). A question is its number, 0 to 58; the first of
 * each group has a name, the others are counted from it: A3 is QUESTION_A1 + 2.
 */
#ifndef AMAAN_QUESTION_H
#define AMAAN_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

enum {
    QUESTION_S1 = 0,
    QUESTION_S2 = 1,
    QUESTION_S3 = 2,
    QUESTION_S4 = 3,
    QUESTION_S5 = 4,
    QUESTION_S6 = 5,
    QUESTION_A1 = 6,
    QUESTION_A6 = 11,
    QUESTION_M1 = 12,
    QUESTION_P1 = 27,
    QUESTION_K1 = 38,
    QUESTION_V1 = 40,
    QUESTION_V8 = 47,
    QUESTION_N1 = 48,
    QUESTION_COUNT = 59,
    QUESTION_NONE = 255, /* where a reason stands for no question */
    NEED_COUNT = QUESTION_COUNT - QUESTION_N1,
    QUESTION_ID_BYTES = 4 /* "M15" with its NUL */
};

enum question_kind {
    QUESTION_GATE,
    QUESTION_SOFT_GATE,
    QUESTION_URGENT,
    QUESTION_CHILD,
    QUESTION_ACT,
    QUESTION_ATTEMPT,
    QUESTION_MEANS,
    QUESTION_PURPOSE,
    QUESTION_BACKGROUND,
    QUESTION_VULNERABILITY,
    QUESTION_NEED,
    QUESTION_KIND_COUNT
};

enum weight { WEIGHT_NONE, WEIGHT_STRONG, WEIGHT_MEDIUM, WEIGHT_WEAK, WEIGHT_COUNT };

/* Words as they stand in the form file; lists for json_need_choice. */
extern const char *const QUESTION_KIND_WORDS[QUESTION_KIND_COUNT];
extern const char *const WEIGHT_WORDS[WEIGHT_COUNT]; /* [0] is "none" */

struct question {
    char id[QUESTION_ID_BYTES];
    enum question_kind kind;
    enum weight weight;
    uint8_t service; /* of a need: number of CARE.md 2.1; else 0 */
    bool observed;   /* seen by the officer, not asked */
};

/* BUG past the end. */
const struct question *question_get(size_t question);
/* NOT_FOUND. Ids are exact: "M01" and "m1" are none. */
enum status question_find(const char *id, uint8_t *ret) MUST_USE;
/* May a note stand beside it? Not beside V8: the note would say what the question does not ask (DP30). */
bool question_takes_note(size_t question);
/* "shelter", ...: the word of a service that a need asks for; NULL for any other number. */
const char *question_service_word(uint8_t service);

#endif
