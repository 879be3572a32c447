/* SPDX-License-Identifier: Apache-2.0
 *
 * update: what an UPDATE letter says of a referral that went before (content.proto Update, docs/CARE.md 13.3): its
 * consent was withdrawn, its content was destroyed, it went out by an override. Codes only: no field for a text.
 */
#ifndef AMAAN_UPDATE_H
#define AMAAN_UPDATE_H

#include "body.h"
#include "hash.h"

enum update_what {
    UPDATE_CONSENT_WITHDRAWN = 1, /* by the referral's sender; reason: enum withdrawal */
    UPDATE_PURGED,                /* by its receiver; body_hash: of what was destroyed */
    UPDATE_OVERRIDE,              /* to a coordinator; reason: enum override */
    UPDATE_OVERRIDE_ALONE,        /* the same by one person: confirm or undo it */
    UPDATE_ACT_CONFIRMED,         /* by the coordinator */
    UPDATE_ACT_UNDONE,
    UPDATE_CANCEL_REQUESTED, /* by the referral's sender; reason: enum cancel_reason */
    UPDATE_ENTERED_IN_ERROR, /* by the referral's sender; reason: enum error_reason */
    UPDATE_ASKS,             /* by the referral's sender */
    UPDATE_TELLS,            /* the same: what it says to a question */
    UPDATE_COUNT
};
enum withdrawal {
    WITHDRAWAL_PERSON_ASKED = 1,
    WITHDRAWAL_GUARDIAN_ASKED,
    WITHDRAWAL_SENT_IN_ERROR,
    WITHDRAWAL_ACT_UNDONE,
    WITHDRAWAL_ERASED, /* the whole case is erased at the sender */
    WITHDRAWAL_COUNT
};
enum cancel_reason {
    CANCEL_PERSON_ASKED = 1,
    CANCEL_NO_LONGER_NEEDED,
    CANCEL_PLACED_ELSEWHERE,
    CANCEL_SENT_TWICE,
    CANCEL_COUNT
};
enum error_reason {
    ERROR_WRONG_MEMBER = 1,
    ERROR_WRONG_PERSON,
    ERROR_DUPLICATE,
    ERROR_COUNT
};
enum override {
    OVERRIDE_LIFE_AT_RISK = 1, /* one person may go on alone */
    OVERRIDE_CHILD_AT_RISK,    /* the same */
    OVERRIDE_UNABLE_TO_DECIDE,
    OVERRIDE_COURT_ORDER,
    OVERRIDE_COUNT
};

struct update {
    char reference[REFERENCE_BYTES];
    enum update_what what;
    unsigned reason;       /* of the enum that `what` says, else 0 */
    struct hash body_hash; /* with PURGED, else zero */
    enum inquiry question; /* with ASKS and TELLS, else zero */
    enum told told;        /* with TELLS, else zero */
    uint32_t day;          /* days since 1970, with TOLD_DAY, else zero */
};

/* MALFORMED for what breaks a rule, UNSUPPORTED for a code of a later version. */
enum status update_encode(const struct update *update, struct buffer *buffer) MUST_USE;
enum status update_decode(
    struct arena *arena, struct span bytes, struct update *ret) MUST_USE;

/* In place of the hash of what was destroyed: it was gone before, because its time was over (docs/CARE.md 13.6, 17). */
struct hash update_gone_before(void);
bool update_is_gone_before(const struct hash *body_hash);

/* Words of docs/CARE.md 13; NULL past the end. */
const char *update_what_name(enum update_what what);
const char *withdrawal_name(enum withdrawal reason);
const char *override_name(enum override reason);
const char *cancel_reason_name(enum cancel_reason reason);
const char *error_reason_name(enum error_reason reason);
enum status withdrawal_parse(const char *word, enum withdrawal *ret) MUST_USE;
enum status override_parse(const char *word, enum override *ret) MUST_USE;

#endif
