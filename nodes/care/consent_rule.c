/* SPDX-License-Identifier: Apache-2.0
 * One row at a time; the verdict remembers what is still missing and, until something counted, why the newest row
 * did not.
 */
#include "consent_rule.h"

#include "memory.h"

static bool is_said(const char *text)
{
    return text && *text;
}

bool override_may_be_alone(enum override reason)
{
    return reason == OVERRIDE_LIFE_AT_RISK || reason == OVERRIDE_CHILD_AT_RISK;
}

bool consent_is_alone(const struct consent *consent)
{
    return consent->giver == GIVER_OVERRIDE && !is_said(consent->second);
}

static bool same_text(const char *a, const char *b)
{
    return span_equal(span_text(a), span_text(b));
}

static enum consent_fault check_override(const struct consent *consent)
{
    if ((consent->giver == GIVER_OVERRIDE) != (consent->override != 0))
        return CONSENT_FAULT_REASON;
    if (consent->giver != GIVER_OVERRIDE)
        return CONSENT_RIGHT;
    if (!is_said(consent->first))
        return CONSENT_FAULT_SECOND;
    if (!is_said(consent->second))
        return override_may_be_alone(consent->override) ? CONSENT_RIGHT
                                                        : CONSENT_FAULT_SECOND;
    return same_text(consent->first, consent->second) ? CONSENT_FAULT_SECOND
                                                      : CONSENT_RIGHT;
}

enum consent_fault consent_check(const struct consent *consent, bool practice)
{
    bool decided =
        consent->giver == GIVER_BEST_INTEREST || consent->giver == GIVER_OVERRIDE;

    /* Nobody reads a text out to a person in danger of life. */
    if (!consent->text_reviewed && !practice && consent->giver != GIVER_OVERRIDE &&
        consent->giver != GIVER_BEST_INTEREST &&
        (consent->way != WAY_SPOKEN || !consent->interpreter))
        return CONSENT_FAULT_DRAFT;
    if (decided && !is_said(consent->role))
        return CONSENT_FAULT_ROLE;
    if (consent->giver == GIVER_BEST_INTEREST && !is_said(consent->rationale))
        return CONSENT_FAULT_RATIONALE;
    if (consent->suspicion == SUSPICION_CLEARED && consent->giver != GIVER_BEST_INTEREST)
        return CONSENT_FAULT_CLEARS;
    enum consent_fault fault = check_override(consent);
    if (fault != CONSENT_RIGHT)
        return fault;
    if (consent->last_day < consent->given_day ||
        consent->last_day - consent->given_day > CONSENT_DAYS_MAX)
        return CONSENT_FAULT_DAYS;
    return CONSENT_RIGHT;
}

bool consent_suspects(bool before, const struct consent *row)
{
    return row->suspicion == SUSPICION_UNSAID ? before : row->suspicion == SUSPICION_HELD;
}

struct consent_verdict consent_ask_begin(const struct consent_ask *ask)
{
    return (struct consent_verdict){.answer = CONSENT_NONE, .missing = ask->groups};
}

/* OK: the row counts. */
static enum consent_answer judge_row(
    const struct consent *row, const struct consent_ask *ask)
{
    if (row->withdrawn_day != 0)
        return CONSENT_WITHDRAWN;
    if (row->given_day > ask->today || row->last_day < ask->today)
        return CONSENT_EXPIRED;
    if (ask->child && row->giver == GIVER_PERSON)
        return CONSENT_CHILD;
    if (ask->guardian_suspected && row->giver == GIVER_GUARDIAN)
        return CONSENT_SUSPECTED;
    if (!ask->child && row->giver == GIVER_GUARDIAN)
        return CONSENT_ADULT;
    return CONSENT_OK;
}

bool consent_weigh(const struct consent *row, const struct consent_ask *ask,
    struct consent_verdict *verdict)
{
    if (row->service != ask->service || !ident_equal(&row->recipient, &ask->recipient))
        return false;
    enum consent_answer answer = judge_row(row, ask);
    if (answer == CONSENT_OK) {
        verdict->missing &= ~row->groups;
        verdict->answer = verdict->missing == 0 ? CONSENT_OK : CONSENT_MISSING;
    } else if (verdict->answer != CONSENT_OK && verdict->answer != CONSENT_MISSING) {
        verdict->answer = answer;
    }
    return answer == CONSENT_OK;
}

bool consent_guardian_may_be_told(bool child, bool guardian_suspected)
{
    return child && !guardian_suspected;
}

const char *consent_giver_name(enum consent_giver giver)
{
    static const char *const names[GIVER_COUNT] = {[GIVER_PERSON] = "person",
        [GIVER_GUARDIAN] = "guardian",
        [GIVER_BEST_INTEREST] = "best-interest",
        [GIVER_OVERRIDE] = "override"};

    return (unsigned)giver < GIVER_COUNT ? names[giver] : NULL;
}

const char *consent_way_name(enum consent_way way)
{
    static const char *const names[WAY_COUNT] = {[WAY_SPOKEN] = "spoken",
        [WAY_SIGNED] = "signed",
        [WAY_THUMBPRINT] = "thumbprint"};

    return (unsigned)way < WAY_COUNT ? names[way] : NULL;
}

const char *consent_answer_name(enum consent_answer answer)
{
    static const char *const names[CONSENT_ANSWER_COUNT] = {[CONSENT_OK] = "ok",
        [CONSENT_NONE] = "none",
        [CONSENT_MISSING] = "missing",
        [CONSENT_EXPIRED] = "expired",
        [CONSENT_WITHDRAWN] = "withdrawn",
        [CONSENT_CHILD] = "child",
        [CONSENT_SUSPECTED] = "guardian-suspected",
        [CONSENT_ADULT] = "adult"};

    return (unsigned)answer < CONSENT_ANSWER_COUNT ? names[answer] : NULL;
}
