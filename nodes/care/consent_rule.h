/* SPDX-License-Identifier: Apache-2.0
 *
 * consent_rule: may this referral leave (docs/CARE.md 13)? Pure: rows, the question and the day in, an answer out.
 *
 * A row counts for one service and one recipient. Rows add up. A row that ended or was withdrawn counts for nothing
 * and lowers nothing: every row is weighed by itself (DP07).
 */
#ifndef AMAAN_CONSENT_RULE_H
#define AMAAN_CONSENT_RULE_H

#include "ident.h"
#include "matrix.h"
#include "update.h"

enum {
    CONSENT_DAYS = 90, /* as long as a letter lives */
    CONSENT_DAYS_MAX = 366,
    CONSENT_ROLE_BYTES_MAX = 60,
    CONSENT_RATIONALE_BYTES_MAX = 400,
    CONSENT_PERSON_BYTES_MAX = 60
};

enum consent_giver {
    GIVER_PERSON = 1,
    GIVER_GUARDIAN,
    GIVER_BEST_INTEREST,
    GIVER_OVERRIDE,
    GIVER_COUNT
};
/* Is a guardian under suspicion? Said by whoever decided in the child's best interest. */
enum consent_suspicion {
    SUSPICION_UNSAID = 0,
    SUSPICION_HELD,
    SUSPICION_CLEARED,
    SUSPICION_COUNT
};
enum consent_way { WAY_SPOKEN = 1, WAY_SIGNED, WAY_THUMBPRINT, WAY_COUNT };

struct consent {
    enum service service;
    struct ident recipient;
    uint32_t groups; /* bits of matrix.h that were read out and agreed to */
    enum consent_giver giver;
    enum consent_way way;
    char language[4];
    bool interpreter;
    enum consent_suspicion suspicion;
    uint32_t text_version; /* 0: the language has no text of its own */
    bool text_reviewed;
    int64_t given_day, last_day;
    int64_t withdrawn_day; /* 0: it stands */
    enum withdrawal withdrawn;
    enum override override; /* with GIVER_OVERRIDE, else 0 */
    const char *role;       /* of whoever decided: best interest, override */
    const char *rationale;
    const char *first,
        *second; /* of an override: who did it, who agreed; second "": alone */
};

/* Is the row itself right? What is wrong with it, in the order of the list. */
enum consent_fault {
    CONSENT_RIGHT = 0,
    CONSENT_FAULT_DRAFT,     /* a draft text is read out by an interpreter, not signed */
    CONSENT_FAULT_ROLE,      /* whose decision? */
    CONSENT_FAULT_RATIONALE, /* why? */
    CONSENT_FAULT_REASON,    /* an override has a reason, nothing else has one */
    CONSENT_FAULT_SECOND,    /* another person is needed */
    CONSENT_FAULT_CLEARS, /* only a best-interest decision says that a guardian is not suspected any more */
    CONSENT_FAULT_DAYS, /* it ends before it begins, or too late */
    CONSENT_FAULT_COUNT
};
enum consent_fault consent_check(const struct consent *consent, bool practice);
/* Did one person go on alone, so that the act is open? */
bool consent_is_alone(const struct consent *consent);
bool override_may_be_alone(enum override reason);

struct consent_ask {
    enum service service;
    struct ident recipient;
    uint32_t groups; /* what is going to be sent */
    bool child;      /* minor yes or unknown (DP10) */
    bool guardian_suspected;
    int64_t today;
};
enum consent_answer {
    CONSENT_OK = 1,
    CONSENT_NONE,    /* nobody gave one for that service and recipient */
    CONSENT_MISSING, /* not for all of the groups */
    CONSENT_EXPIRED,
    CONSENT_WITHDRAWN,
    CONSENT_CHILD,     /* a child's word alone: guardian or best interest is needed */
    CONSENT_SUSPECTED, /* a guardian under suspicion gave it */
    CONSENT_ADULT,     /* a guardian gave it for an adult, who decides herself */
    CONSENT_ANSWER_COUNT
};
struct consent_verdict {
    enum consent_answer answer;
    uint32_t missing; /* groups that no row covers */
};

/* Is the guardian under suspicion after this row, if `before` says what the rows before it came to? A guardian's own word
 * clears nobody. */
bool consent_suspects(bool before, const struct consent *row);
/* Begin with consent_ask_begin, weigh every row of the case in the order in which they were given. */
struct consent_verdict consent_ask_begin(const struct consent_ask *ask);
bool consent_weigh(const struct consent *row, const struct consent_ask *ask,
    struct consent_verdict *verdict); /* does the row count? */

/* May a guardian be told of a referral? Only of a child, and not if the guardian is under suspicion (DP09). */
bool consent_guardian_may_be_told(bool child, bool guardian_suspected);

/* Words of docs/CARE.md 13 and of the API; NULL past the end. */
const char *consent_giver_name(enum consent_giver giver);
const char *consent_way_name(enum consent_way way);
const char *consent_answer_name(enum consent_answer answer);

#endif
