/* SPDX-License-Identifier: Apache-2.0
 *
 * outcome: the little of a screening that may be handed on (docs/CARE.md 12.8), and the only header of this folder
 * that others need in order to do so. To a coordinator only. There is no answer, note, reason, name or time in it,
 * and it cannot be made before an officer has confirmed.
 *
 * Pure. What an assessment and a confirmation are stands in rule.h and confirmation.h.
 */
#ifndef AMAAN_OUTCOME_H
#define AMAAN_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

/* Numbers never change. From NO_INDICATORS on they are an order. */
enum outcome_class {
    OUTCOME_INCOMPLETE = 1,
    OUTCOME_NO_INDICATORS,
    OUTCOME_VULNERABLE_RETURNEE,
    OUTCOME_SMUGGLED_VULNERABLE,
    OUTCOME_POSSIBLE_VOT,
    OUTCOME_POSSIBLE_VOT_STRONG,
    OUTCOME_CHILD_AT_RISK,
    OUTCOME_CLASS_COUNT
};

enum { OUTCOME_NEEDS_MAX = 11 };

struct assessment;
struct confirmation;

struct outcome {
    enum outcome_class class;
    bool assessed; /* the interview was complete; else the two flags say nothing */
    bool palermo, ptpa;
    uint8_t needs[OUTCOME_NEEDS_MAX]; /* services asked for by name: CARE.md 2.1 */
    size_t n_needs;
    uint16_t form_version, rule_version;
};

/* "possible-vot", ... NULL for a number that is none. */
const char *outcome_class_word(enum outcome_class class);
/* CONFLICT: the answers say something else by now than what was confirmed; DENIED: the confirmation does not
 * follow the rules of 12.6, or is of another version. */
enum status outcome_make(const struct assessment *assessment,
    const struct confirmation *confirmation, struct outcome *ret) MUST_USE;
/* HTCDS TraffickingStatus, or NULL: nothing to record. Never that of an actual victim: a court says that. */
const char *outcome_htcds_status(enum outcome_class class);

#endif
