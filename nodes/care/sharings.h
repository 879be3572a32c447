/* SPDX-License-Identifier: Apache-2.0
 *
 * sharings: what was shared with whom (docs/CARE.md 13.8): one row for each referral that was sent, under which consent,
 * and what became of it: withdrawn, destroyed there. Groups and days, never a value of a field.
 *
 * Boxes and keys as consents.h has them. Answers NOT_FOUND, EXISTS, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_SHARINGS_H
#define AMAAN_SHARINGS_H

#include "body.h"
#include "box.h"
#include "db.h"
#include "hash.h"

struct sharings;

enum status sharings_open(struct db *db, struct chance *chance, struct sharings **ret,
    struct trouble *trouble) MUST_USE;
void sharings_close(struct sharings **sharings);

struct share {
    int64_t id;
    struct ident item_id, subject; /* the letter; the case or the letter */
    struct ident consent_id, recipient;
    char reference[REFERENCE_BYTES];
    enum service service;
    uint32_t groups; /* bits of matrix.h in which something was said */
    int64_t day;
    int64_t withdrawn_day, purged_day; /* 0: not */
    bool stopped;                      /* it was withdrawn before it was stored there */
    bool mismatch;                     /* the proof of destruction does not fit */
    struct hash body_hash;             /* of the referral's body */
};

enum status sharings_put(struct sharings *sharings, const struct box_key *key,
    const struct share *share) MUST_USE;
enum status sharings_change(struct sharings *sharings, const struct box_key *key,
    const struct share *share) MUST_USE;
/* Whose is the letter? In clear, so that its key can be found. */
enum status sharings_subject(
    struct sharings *sharings, const struct ident *item_id, struct ident *ret) MUST_USE;
enum status sharings_find(struct sharings *sharings, const struct box_key *key,
    const struct ident *item_id, struct share *ret) MUST_USE;
/* The next of the subject with an id above `after`; NOT_FOUND at the end. CORRUPT: one that does not open; ret->id is set. */
enum status sharings_next(struct sharings *sharings, const struct box_key *key,
    const struct ident *subject, int64_t after, struct share *ret) MUST_USE;
/* Removes every row of the subject. Needs no key. */
enum status sharings_remove(
    struct sharings *sharings, const struct ident *subject) MUST_USE;

#endif
