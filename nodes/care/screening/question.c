/* SPDX-License-Identifier: Apache-2.0
 * The table of docs/CARE.md 12.1, row by row; a test holds both together.
 */
#include "question.h"

#include <string.h>

#include "memory.h"

const char *const QUESTION_KIND_WORDS[QUESTION_KIND_COUNT] = {
    [QUESTION_GATE] = "gate",
    [QUESTION_SOFT_GATE] = "soft-gate",
    [QUESTION_URGENT] = "urgent",
    [QUESTION_CHILD] = "child",
    [QUESTION_ACT] = "act",
    [QUESTION_ATTEMPT] = "attempt",
    [QUESTION_MEANS] = "means",
    [QUESTION_PURPOSE] = "purpose",
    [QUESTION_BACKGROUND] = "background",
    [QUESTION_VULNERABILITY] = "vulnerability",
    [QUESTION_NEED] = "need",
};

const char *const WEIGHT_WORDS[WEIGHT_COUNT] = {
    [WEIGHT_NONE] = "none",
    [WEIGHT_STRONG] = "strong",
    [WEIGHT_MEDIUM] = "medium",
    [WEIGHT_WEAK] = "weak",
};

#define SEEN true

/* clang-format off */
static const struct question QUESTIONS[QUESTION_COUNT] = {
    {"S1", QUESTION_GATE, WEIGHT_NONE, 0, SEEN},
    {"S2", QUESTION_SOFT_GATE, WEIGHT_NONE, 0, 0},
    {"S3", QUESTION_GATE, WEIGHT_NONE, 0, 0},
    {"S4", QUESTION_URGENT, WEIGHT_NONE, 0, 0},
    {"S5", QUESTION_CHILD, WEIGHT_NONE, 0, 0},
    {"S6", QUESTION_GATE, WEIGHT_NONE, 0, 0},
    {"A1", QUESTION_ACT, WEIGHT_NONE, 0, 0},
    {"A2", QUESTION_ACT, WEIGHT_NONE, 0, 0},
    {"A3", QUESTION_ACT, WEIGHT_NONE, 0, 0},
    {"A4", QUESTION_ACT, WEIGHT_NONE, 0, 0},
    {"A5", QUESTION_ACT, WEIGHT_NONE, 0, 0},
    {"A6", QUESTION_ATTEMPT, WEIGHT_NONE, 0, 0},
    {"M1", QUESTION_MEANS, WEIGHT_STRONG, 0, 0},
    {"M2", QUESTION_MEANS, WEIGHT_STRONG, 0, 0},
    {"M3", QUESTION_MEANS, WEIGHT_STRONG, 0, 0},
    {"M4", QUESTION_MEANS, WEIGHT_STRONG, 0, 0},
    {"M5", QUESTION_MEANS, WEIGHT_STRONG, 0, 0},
    {"M6", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M7", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M8", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M9", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M10", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M11", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M12", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M13", QUESTION_MEANS, WEIGHT_MEDIUM, 0, 0},
    {"M14", QUESTION_MEANS, WEIGHT_WEAK, 0, SEEN},
    {"M15", QUESTION_MEANS, WEIGHT_WEAK, 0, SEEN},
    {"P1", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P2", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P3", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P4", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P5", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P6", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P7", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P8", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P9", QUESTION_PURPOSE, WEIGHT_STRONG, 0, 0},
    {"P10", QUESTION_PURPOSE, WEIGHT_MEDIUM, 0, 0},
    {"P11", QUESTION_PURPOSE, WEIGHT_MEDIUM, 0, SEEN},
    {"K1", QUESTION_BACKGROUND, WEIGHT_NONE, 0, 0},
    {"K2", QUESTION_BACKGROUND, WEIGHT_NONE, 0, 0},
    {"V1", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"V2", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"V3", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"V4", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"V5", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"V6", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"V7", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"V8", QUESTION_VULNERABILITY, WEIGHT_NONE, 0, 0},
    {"N1", QUESTION_NEED, WEIGHT_NONE, 1, 0},
    {"N2", QUESTION_NEED, WEIGHT_NONE, 2, 0},
    {"N3", QUESTION_NEED, WEIGHT_NONE, 3, 0},
    {"N4", QUESTION_NEED, WEIGHT_NONE, 8, 0},
    {"N5", QUESTION_NEED, WEIGHT_NONE, 4, 0},
    {"N6", QUESTION_NEED, WEIGHT_NONE, 5, 0},
    {"N7", QUESTION_NEED, WEIGHT_NONE, 6, 0},
    {"N8", QUESTION_NEED, WEIGHT_NONE, 9, 0},
    {"N9", QUESTION_NEED, WEIGHT_NONE, 7, 0},
    {"N10", QUESTION_NEED, WEIGHT_NONE, 10, 0},
    {"N11", QUESTION_NEED, WEIGHT_NONE, 11, 0},
};
/* clang-format on */

/* Numbers of CARE.md 2.1. proto's table is out of reach here on purpose; a test compares the two. */
static const char *const SERVICES[] = {NULL, "shelter", "medical", "psychosocial",
    "legal", "livelihood", "education", "child-protection", "supplies", "family-contact",
    "documents", "transport"};

const struct question *question_get(size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return &QUESTIONS[question];
}

enum status question_find(const char *id, uint8_t *ret)
{
    for (uint8_t i = 0; i < QUESTION_COUNT; i++)
        if (strcmp(QUESTIONS[i].id, id) == 0) {
            *ret = i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

bool question_takes_note(size_t question)
{
    return question < QUESTION_COUNT && question != QUESTION_V8;
}

const char *question_service_word(uint8_t service)
{
    return service < ARRAY_LENGTH(SERVICES) ? SERVICES[service] : NULL;
}
