/* SPDX-License-Identifier: Apache-2.0
 * Counts first, then flags, then the class, then the reasons, each from what came before.
 */
#include "rule.h"

#include <string.h>

#include "memory.h"

const char *const REASON_WORDS[REASON_COUNT] = {
    [REASON_GATE_NOT_MET] = "gate-not-met",
    [REASON_PREFERRED_OFFICER_MISSING] = "preferred-officer-missing",
    [REASON_URGENT] = "urgent",
    [REASON_URGENT_UNKNOWN] = "urgent-unknown",
    [REASON_CHILD] = "child",
    [REASON_CHILD_BY_DOUBT] = "child-by-doubt",
    [REASON_ACT] = "act",
    [REASON_ATTEMPT] = "attempt",
    [REASON_ATTEMPT_ALONE] = "attempt-alone",
    [REASON_ACT_NOT_KNOWN] = "act-not-known",
    [REASON_ACT_DENIED] = "act-denied",
    [REASON_MEANS] = "means",
    [REASON_MEANS_ENOUGH] = "means-enough",
    [REASON_MEANS_BELOW] = "means-below",
    [REASON_PURPOSE] = "purpose",
    [REASON_PURPOSE_ENOUGH] = "purpose-enough",
    [REASON_PURPOSE_SOME] = "purpose-some",
    [REASON_PURPOSE_BELOW] = "purpose-below",
    [REASON_PALERMO_ADULT] = "palermo-adult",
    [REASON_PALERMO_CHILD] = "palermo-child",
    [REASON_PTPA] = "ptpa",
    [REASON_SMUGGLED] = "smuggled",
    [REASON_VULNERABILITY] = "vulnerability",
    [REASON_NEED] = "need",
    [REASON_NOTHING_SAID] = "nothing-said",
};

static const uint8_t GATES[] = {QUESTION_S1, QUESTION_S3, QUESTION_S6};
/* Force, fraud, coercion; compelled labour or commercial sex, as the Act of 2018 has them. */
enum { PTPA_MEANS_LAST = QUESTION_M1 + 7 };
static const uint8_t PTPA_PURPOSES[] = {QUESTION_P1, QUESTION_P1 + 1, QUESTION_P1 + 2,
    QUESTION_P1 + 3, QUESTION_P1 + 6, QUESTION_P1 + 7};

enum {
    SERVICE_BIT_SHELTER = 1 << 0,
    SERVICE_BIT_MEDICAL = 1 << 1,
    SERVICE_BIT_PSYCHOSOCIAL = 1 << 2
};

static bool is_yes(const struct interview *interview, size_t question)
{
    return interview_get(interview, question) == SAID_YES;
}

static bool is_no(const struct interview *interview, size_t question)
{
    return interview_get(interview, question) == SAID_NO;
}

/* How many of the questions from..last are yes. */
static unsigned count_yes(const struct interview *interview, size_t from, size_t last)
{
    unsigned n = 0;

    for (size_t i = from; i <= last; i++)
        n += is_yes(interview, i);
    return n;
}

unsigned rule_score(unsigned strong, unsigned medium, unsigned weak)
{
    return 4 * strong + 2 * medium + (weak > 0 ? 1 : 0);
}

static unsigned score_of(const struct interview *interview, size_t from, size_t last)
{
    unsigned n[WEIGHT_COUNT] = {0};

    for (size_t i = from; i <= last; i++)
        n[question_get(i)->weight] += is_yes(interview, i);
    return rule_score(n[WEIGHT_STRONG], n[WEIGHT_MEDIUM], n[WEIGHT_WEAK]);
}

static enum finding find_act(const struct interview *interview)
{
    bool all_no = true;

    if (count_yes(interview, QUESTION_A1, QUESTION_A6 - 1) > 0)
        return FINDING_YES;
    if (is_yes(interview, QUESTION_A6) &&
        count_yes(interview, QUESTION_P1, QUESTION_K1 - 1) > 0)
        return FINDING_YES;
    for (size_t i = QUESTION_A1; i <= QUESTION_A6; i++)
        all_no = all_no && is_no(interview, i);
    return all_no ? FINDING_NO : FINDING_UNKNOWN;
}

static bool find_ptpa(const struct interview *interview, enum finding act)
{
    bool purpose = false;

    for (size_t i = 0; i < ARRAY_LENGTH(PTPA_PURPOSES); i++)
        purpose = purpose || is_yes(interview, PTPA_PURPOSES[i]);
    return (act == FINDING_YES || is_yes(interview, QUESTION_A6)) && purpose &&
           count_yes(interview, QUESTION_M1, PTPA_MEANS_LAST) > 0;
}

static void score(const struct interview *interview, struct assessment *ret)
{
    bool adult_palermo;

    ret->act = find_act(interview);
    ret->means_score = score_of(interview, QUESTION_M1, QUESTION_P1 - 1);
    ret->purpose_score = score_of(interview, QUESTION_P1, QUESTION_K1 - 1);
    adult_palermo = ret->act == FINDING_YES && ret->means_score >= RULE_POSITIVE &&
                    ret->purpose_score >= RULE_POSITIVE;
    ret->child_palermo =
        ret->child && ret->act == FINDING_YES && ret->purpose_score >= RULE_SOME_PURPOSE;
    ret->palermo = ret->child ? ret->child_palermo : adult_palermo;
    ret->ptpa = find_ptpa(interview, ret->act);
}

static enum outcome_class find_class(
    const struct interview *interview, const struct assessment *so_far)
{
    unsigned vulnerable = count_yes(interview, QUESTION_V1, QUESTION_V8);
    unsigned needs = count_yes(interview, QUESTION_N1, QUESTION_COUNT - 1);

    if (so_far->unmet_gates)
        return OUTCOME_INCOMPLETE;
    if (so_far->child &&
        vulnerable + count_yes(interview, QUESTION_A1, QUESTION_K1 - 1) > 0)
        return OUTCOME_CHILD_AT_RISK;
    if (so_far->palermo)
        return OUTCOME_POSSIBLE_VOT_STRONG;
    if (so_far->act != FINDING_NO && (so_far->means_score >= RULE_POSITIVE ||
                                         so_far->purpose_score >= RULE_SOME_PURPOSE))
        return OUTCOME_POSSIBLE_VOT;
    if (vulnerable + needs == 0)
        return OUTCOME_NO_INDICATORS;
    return is_yes(interview, QUESTION_K1) ? OUTCOME_SMUGGLED_VULNERABLE
                                          : OUTCOME_VULNERABLE_RETURNEE;
}

/* ---- why ---- */

static void add_reason(struct assessment *ret, enum reason_code code, size_t question)
{
    PROMISE(ret->n_reasons < REASONS_MAX);
    ret->reasons[ret->n_reasons++] = (struct reason){code, (uint8_t)question};
}

static void add_once(struct assessment *ret, enum reason_code code, bool holds)
{
    if (holds)
        add_reason(ret, code, QUESTION_NONE);
}

static void add_each_yes(struct assessment *ret, enum reason_code code,
    const struct interview *interview, size_t from, size_t last)
{
    for (size_t i = from; i <= last; i++)
        if (is_yes(interview, i))
            add_reason(ret, code, i);
}

static void explain_safety(const struct interview *interview, struct assessment *ret)
{
    for (size_t i = 0; i < ARRAY_LENGTH(GATES); i++)
        if (ret->unmet_gates & (1u << GATES[i]))
            add_reason(ret, REASON_GATE_NOT_MET, GATES[i]);
    if (is_no(interview, QUESTION_S2))
        add_reason(ret, REASON_PREFERRED_OFFICER_MISSING, QUESTION_S2);
    if (ret->urgent != FINDING_NO)
        add_reason(ret,
            ret->urgent == FINDING_YES ? REASON_URGENT : REASON_URGENT_UNKNOWN,
            QUESTION_S4);
    if (ret->child)
        add_reason(ret,
            is_yes(interview, QUESTION_S5) ? REASON_CHILD : REASON_CHILD_BY_DOUBT,
            QUESTION_S5);
}

static void explain_score(const struct interview *interview, struct assessment *ret)
{
    bool any_purpose = count_yes(interview, QUESTION_P1, QUESTION_K1 - 1) > 0;
    unsigned means = ret->means_score, purpose = ret->purpose_score;

    add_each_yes(ret, REASON_ACT, interview, QUESTION_A1, QUESTION_A6 - 1);
    add_each_yes(ret, any_purpose ? REASON_ATTEMPT : REASON_ATTEMPT_ALONE, interview,
        QUESTION_A6, QUESTION_A6);
    add_once(ret, REASON_ACT_NOT_KNOWN, ret->act == FINDING_UNKNOWN);
    add_once(ret, REASON_ACT_DENIED, ret->act == FINDING_NO);
    add_each_yes(ret, REASON_MEANS, interview, QUESTION_M1, QUESTION_P1 - 1);
    add_once(ret, REASON_MEANS_ENOUGH, means >= RULE_POSITIVE);
    add_once(ret, REASON_MEANS_BELOW, means > 0 && means < RULE_POSITIVE);
    add_each_yes(ret, REASON_PURPOSE, interview, QUESTION_P1, QUESTION_K1 - 1);
    add_once(ret, REASON_PURPOSE_ENOUGH, purpose >= RULE_POSITIVE);
    add_once(ret, REASON_PURPOSE_SOME, purpose == RULE_SOME_PURPOSE);
    add_once(ret, REASON_PURPOSE_BELOW, purpose > 0 && purpose < RULE_SOME_PURPOSE);
    add_once(ret, REASON_PALERMO_ADULT, !ret->child && ret->palermo);
    add_once(ret, REASON_PALERMO_CHILD, ret->child_palermo);
    add_once(ret, REASON_PTPA, ret->ptpa);
    add_each_yes(ret, REASON_SMUGGLED, interview, QUESTION_K1, QUESTION_K1);
    add_each_yes(ret, REASON_VULNERABILITY, interview, QUESTION_V1, QUESTION_V8);
}

static bool is_nothing_said(const struct interview *interview)
{
    return count_yes(interview, QUESTION_A1, QUESTION_K1) == 0 &&
           count_yes(interview, QUESTION_V1, QUESTION_COUNT - 1) == 0;
}

void rule_assess(const struct interview *interview, struct assessment *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->form_version = FORM_VERSION;
    ret->rule_version = RULE_VERSION;
    for (size_t i = 0; i < ARRAY_LENGTH(GATES); i++)
        if (!is_yes(interview, GATES[i]))
            ret->unmet_gates |= 1u << GATES[i];
    for (size_t i = 0; i < NEED_COUNT; i++)
        if (is_yes(interview, QUESTION_N1 + i))
            ret->needs |= 1u << i;
    ret->child = !is_no(interview, QUESTION_S5);
    ret->urgent = is_yes(interview, QUESTION_S4)  ? FINDING_YES
                  : is_no(interview, QUESTION_S4) ? FINDING_NO
                                                  : FINDING_UNKNOWN;
    if (!ret->unmet_gates)
        score(interview, ret);
    ret->class = find_class(interview, ret);
    explain_safety(interview, ret);
    if (!ret->unmet_gates)
        explain_score(interview, ret);
    add_each_yes(ret, REASON_NEED, interview, QUESTION_N1, QUESTION_COUNT - 1);
    add_once(ret, REASON_NOTHING_SAID, !ret->unmet_gates && is_nothing_said(interview));
}

/* ---- what may be done ---- */

bool rule_may_ask(const struct interview *interview, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    if (question < QUESTION_A1 || question >= QUESTION_N1)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(GATES); i++)
        if (!is_yes(interview, GATES[i]))
            return false;
    if (is_no(interview, QUESTION_S2))
        return interview_get_choice(interview) == INTERVIEW_CHOICE_GOES_ON;
    return interview_get(interview, QUESTION_S2) != SAID_NOT_ASKED;
}

uint32_t rule_may_refer(const struct interview *interview, uint32_t consented)
{
    uint32_t asked = 0;

    for (size_t i = QUESTION_N1; i < QUESTION_COUNT; i++)
        if (is_yes(interview, i))
            asked |= 1u << (question_get(i)->service - 1);
    asked &= consented;
    if (is_yes(interview, QUESTION_S4))
        asked |= SERVICE_BIT_SHELTER | SERVICE_BIT_MEDICAL | SERVICE_BIT_PSYCHOSOCIAL;
    return asked;
}

struct rule_wait rule_wait_at(const struct interview *interview, int64_t now_ms)
{
    struct rule_wait wait = {false, false, 0, 0};

    if (!is_no(interview, QUESTION_S2) ||
        interview_get_choice(interview) == INTERVIEW_CHOICE_GOES_ON)
        return wait;
    wait.open = true;
    wait.since_ms = interview_without_officer_since_ms(interview);
    wait.deadline_ms = wait.since_ms + RULE_PREFERRED_OFFICER_MS;
    wait.overdue = now_ms > wait.deadline_ms;
    return wait;
}
