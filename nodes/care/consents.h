/* SPDX-License-Identifier: Apache-2.0
 *
 * consents: the consent rows that this node keeps (docs/CARE.md 13). What a row says stands in a box under the key of
 * its case, which the caller gives: the store knows no key. Whoever destroyed that key has destroyed the row.
 *
 * `subject` is the case, or the letter of a referral that has no case. Calls that write assert an open transaction.
 * Answers NOT_FOUND, EXISTS, FULL, IO, CORRUPT (also when the key does not fit).
 */
#ifndef AMAAN_CONSENTS_H
#define AMAAN_CONSENTS_H

#include "box.h"
#include "consent_rule.h"
#include "db.h"

struct consents;

enum status consents_open(struct db *db, struct chance *chance, struct consents **ret,
    struct trouble *trouble) MUST_USE;
void consents_close(struct consents **consents);

struct consent_row {
    int64_t id; /* given by the store; ascending */
    struct ident consent_id, subject;
    struct consent consent; /* texts in the arena given to the call */
};

enum status consents_put(struct consents *consents, const struct box_key *key,
    const struct consent_row *row) MUST_USE;
/* The row (by consent_id) now says this: a withdrawal, or the second person of an act. */
enum status consents_change(struct consents *consents, const struct box_key *key,
    const struct consent_row *row) MUST_USE;
enum status consents_find(struct consents *consents, const struct box_key *key,
    const struct ident *consent_id, struct arena *arena,
    struct consent_row *ret) MUST_USE;
/* The next row of the subject with an id above `after`; NOT_FOUND at the end. CORRUPT: one that does not open; ret->id
 * is set. */
enum status consents_next(struct consents *consents, const struct box_key *key,
    const struct ident *subject, int64_t after, struct arena *arena,
    struct consent_row *ret) MUST_USE;
/* Removes every row of the subject. Needs no key. */
enum status consents_remove(
    struct consents *consents, const struct ident *subject) MUST_USE;

#endif
