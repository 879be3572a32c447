/* SPDX-License-Identifier: Apache-2.0
 *
 * warn: looks through what people typed for what must not stand in free text (docs/CARE.md 14): a CNIC, a telephone
 * number, the person's own name. Latin, Arabic-Indic and Urdu digits alike. Pure.
 *
 * It helps an honest sender; it is no wall against one who writes numbers in words.
 */
#ifndef AMAAN_WARN_H
#define AMAAN_WARN_H

#include "person.h"

enum { WARNINGS_MAX = 16 };

enum warn_code {
    WARN_CNIC = 1, /* never sent */
    WARN_PHONE,
    WARN_NAME,
    WARN_COUNT
};
struct warning {
    const char *field; /* static: "note", "safe_contact", ... */
    enum warn_code code;
    size_t at, n; /* bytes in the field's text */
};
struct warnings {
    size_t n;
    struct warning items[WARNINGS_MAX]; /* the first; more are not listed */
    bool cnic;                          /* one of all of them was a CNIC */
};

/* Adds what stands in one text. `names` may be NULL. */
void warn_text(const char *field, const char *text, bool phone_allowed,
    const struct person *names, struct warnings *ret);
/* Adds what stands in the free texts of a referral: note, sender's role, and the person's. The names looked for are
 * those of `known`, which may know more than what travels. */
void warn_referral(const struct person *sent, const char *note, const char *sender_role,
    const struct person *known, struct warnings *ret);
const char *warn_code_name(enum warn_code code); /* "cnic", "phone", "name" */

#endif
