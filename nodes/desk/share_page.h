/* SPDX-License-Identifier: Apache-2.0
 *
 * share_page: what was shared with whom, as one page of plain text for the person (DP18). Pure; it holds groups and
 * days, never a value of a field, and no reference: it may be left on a table.
 */
#ifndef AMAAN_SHARE_PAGE_H
#define AMAAN_SHARE_PAGE_H

#include "consent_rule.h"
#include "consent_text.h"
#include "sharings.h"

enum { SHARE_PAGE_BYTES_MAX = 65536 };

struct share_entry {
    struct share share;
    struct consent consent;
    const char *recipient; /* the member's name */
};

/* Appends the page in the language of the text; `practice`: with the words that nothing of it is real. TOO_BIG. */
enum status share_page_format(const struct consent_text *text, bool practice,
    const struct share_entry *entries, size_t n, struct buffer *ret) MUST_USE;
/* "sent", "withdrawn", "purged", "mismatch". */
const char *share_state_name(const struct share *share);

#endif
