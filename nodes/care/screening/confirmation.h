/* SPDX-License-Identifier: Apache-2.0
 *
 * confirmation: what the officer made of what the rule proposed (docs/CARE.md 12.6): the class confirmed, or another
 * one with a reason that stays at the node. Pure data, and the check of its rules.
 */
#ifndef AMAAN_CONFIRMATION_H
#define AMAAN_CONFIRMATION_H

#include "bytes.h"
#include "ident.h"
#include "outcome.h"

enum {
    CONFIRMATION_LAYOUT = 1,
    CONFIRMATION_TEXT_BYTES_MAX = 1000,
    CONFIRMATION_BYTES_MAX = 38 + CONFIRMATION_TEXT_BYTES_MAX
};

enum confirmation_reason {
    CONFIRMATION_NONE,
    CONFIRMATION_SEEN_BY_OFFICER,
    CONFIRMATION_TOLD_BY_OTHERS,
    CONFIRMATION_MISUNDERSTOOD,
    CONFIRMATION_COACHED,
    CONFIRMATION_AGE_ESTABLISHED,
    CONFIRMATION_OTHER,
    CONFIRMATION_REASON_COUNT
};
extern const char *const CONFIRMATION_REASON_WORDS[CONFIRMATION_REASON_COUNT];

struct confirmation {
    uint16_t form_version, rule_version;
    struct ident officer;
    int64_t at_ms;
    enum outcome_class proposed, confirmed;
    enum confirmation_reason reason;
    char text[CONFIRMATION_TEXT_BYTES_MAX + 1]; /* clean, may be empty */
};

/* Does it hold for this assessment? CONFLICT: another class is proposed by now, or another version; DENIED: a class
 * that may not be set; MALFORMED: reason or text is missing or wrong. The trouble says what to do. */
enum status confirmation_check(const struct confirmation *confirmation,
    const struct assessment *assessment, struct trouble *trouble) MUST_USE;

/* Only of one that was checked; BUG when its text or codes are out of range. TOO_BIG. */
enum status confirmation_encode(
    const struct confirmation *confirmation, struct buffer *ret) MUST_USE;
/* MALFORMED; UNSUPPORTED: another layout, form or rule version. */
enum status confirmation_decode(struct span bytes, struct confirmation *ret) MUST_USE;

#endif
