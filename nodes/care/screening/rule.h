/* SPDX-License-Identifier: Apache-2.0
 *
 * rule: what an answer sheet means, rule version 1 (docs/CARE.md 12.2 to 12.4). Pure: the same sheet gives the same
 * assessment, whatever the order in which it was filled in. It proposes; a person confirms (confirmation.h).
 *
 * Only NO is no: an answer that is open never makes a person safer, older or less believed.
 */
#ifndef AMAAN_RULE_H
#define AMAAN_RULE_H

#include "interview.h"
#include "outcome.h"

enum {
    FORM_VERSION = 1, /* of SCR-PK-1, on which the rule stands */
    RULE_VERSION = 1,
    RULE_POSITIVE = 5, /* a dimension is positive from this score on */
    RULE_SOME_PURPOSE = 4
};

/* How long the person may be left without an officer of the preferred gender before the supervisor is shown it:
 * half a shift. */
#define RULE_PREFERRED_OFFICER_MS (INT64_C(4) * 3600 * 1000)

enum finding { FINDING_UNKNOWN, FINDING_NO, FINDING_YES };

enum reason_code {
    REASON_GATE_NOT_MET = 1,
    REASON_PREFERRED_OFFICER_MISSING,
    REASON_URGENT,
    REASON_URGENT_UNKNOWN,
    REASON_CHILD,
    REASON_CHILD_BY_DOUBT,
    REASON_ACT,
    REASON_ATTEMPT,
    REASON_ATTEMPT_ALONE,
    REASON_ACT_NOT_KNOWN,
    REASON_ACT_DENIED,
    REASON_MEANS,
    REASON_MEANS_ENOUGH,
    REASON_MEANS_BELOW,
    REASON_PURPOSE,
    REASON_PURPOSE_ENOUGH,
    REASON_PURPOSE_SOME,
    REASON_PURPOSE_BELOW,
    REASON_PALERMO_ADULT,
    REASON_PALERMO_CHILD,
    REASON_PTPA,
    REASON_SMUGGLED,
    REASON_VULNERABILITY,
    REASON_NEED,
    REASON_NOTHING_SAID,
    REASON_COUNT
};
extern const char *const REASON_WORDS[REASON_COUNT]; /* [0] is NULL */

struct reason {
    enum reason_code code;
    uint8_t question; /* QUESTION_NONE when it stands for no single one */
};

/* Every question at most once, and each of the others at most once. */
enum { REASONS_MAX = QUESTION_COUNT + REASON_COUNT };

struct assessment {
    uint16_t form_version, rule_version;
    enum outcome_class class;
    bool child, palermo, child_palermo, ptpa;
    enum finding urgent, act;
    unsigned means_score, purpose_score;
    uint32_t unmet_gates; /* bits 1 << question of S1, S3, S6 */
    uint32_t needs;       /* bits 1 << (question - QUESTION_N1) */
    struct reason reasons[REASONS_MAX];
    size_t n_reasons;
};

void rule_assess(const struct interview *interview, struct assessment *ret);

/* 4 S + 2 M + min(w, 1); positive from RULE_POSITIVE on. */
unsigned rule_score(unsigned strong, unsigned medium, unsigned weak);

/* May this be asked now? Gates first; safety and needs always (12.2). */
bool rule_may_ask(const struct interview *interview, size_t question);

/* Which services may be referred, as bits 1 << (service - 1) of CARE.md 2.1: what the person asks for by name and
 * consents to, whatever the class and the gates; and, when S4 is yes, medical, shelter and psychosocial always. */
uint32_t rule_may_refer(const struct interview *interview, uint32_t consented);

/* The soft gate's clock. */
struct rule_wait {
    bool open;                     /* S2 is no and the person has not chosen to go on */
    bool overdue;                  /* open, and the deadline has passed */
    int64_t since_ms, deadline_ms; /* 0 unless open */
};
struct rule_wait rule_wait_at(const struct interview *interview, int64_t now_ms);

#endif
