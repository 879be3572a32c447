/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include "confirmation.h"
#include "memory.h"
#include "rule.h"

static const char *const WORDS[OUTCOME_CLASS_COUNT] = {
    [OUTCOME_INCOMPLETE] = "incomplete",
    [OUTCOME_NO_INDICATORS] = "no-indicators",
    [OUTCOME_VULNERABLE_RETURNEE] = "vulnerable-returnee",
    [OUTCOME_SMUGGLED_VULNERABLE] = "smuggled-vulnerable",
    [OUTCOME_POSSIBLE_VOT] = "possible-vot",
    [OUTCOME_POSSIBLE_VOT_STRONG] = "possible-vot-strong",
    [OUTCOME_CHILD_AT_RISK] = "child-at-risk",
};

const char *outcome_class_word(enum outcome_class class)
{
    return class >= 1 && class < OUTCOME_CLASS_COUNT ? WORDS[class] : NULL;
}

enum status outcome_make(const struct assessment *assessment,
    const struct confirmation *confirmation, struct outcome *ret)
{
    struct outcome outcome = {.class = confirmation->confirmed,
        .assessed = assessment->unmet_gates == 0,
        .palermo = assessment->palermo,
        .ptpa = assessment->ptpa,
        .form_version = assessment->form_version,
        .rule_version = assessment->rule_version};
    enum status status = confirmation_check(confirmation, assessment, NULL);

    if (status != STATUS_OK)
        return status == STATUS_CONFLICT ? status : STATUS_DENIED;
    for (size_t i = 0; i < NEED_COUNT; i++)
        if (assessment->needs & (1u << i))
            outcome.needs[outcome.n_needs++] = question_get(QUESTION_N1 + i)->service;
    *ret = outcome;
    return STATUS_OK;
}

const char *outcome_htcds_status(enum outcome_class class)
{
    return class == OUTCOME_CHILD_AT_RISK || class == OUTCOME_POSSIBLE_VOT_STRONG ||
                   class == OUTCOME_POSSIBLE_VOT
               ? "PossibleVictimOfTrafficking"
               : NULL;
}
