/* SPDX-License-Identifier: Apache-2.0
 *
 * enquiries: what was asked before a referral (docs/CARE.md 6): by this node of others, a row for each member asked,
 * and by others of this node; and the newest answer to each.
 *
 * What was asked and answered is a box under a key of this node's; in clear stand the other member, which side it is, the
 * day, and a keyed hash of the reference. Rows are dropped after ENQUIRY_DAYS. Writing asserts an open transaction.
 * Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_ENQUIRIES_H
#define AMAAN_ENQUIRIES_H

#include "box.h"
#include "db.h"
#include "enquiry.h"
#include "ident.h"

enum {
    ENQUIRY_DAYS = 7, /* it was about a night: a week later it helps nobody */
    ENQUIRIES_OF_PEER_MAX =
        300 /* received of one member: what it asks beyond is not kept */
};

/* The SQL script of the table, for node.c's numbered list. */
extern const char *const ENQUIRIES_SCHEMA;

struct enquiry_row {
    int64_t id;
    bool
        damaged; /* its box does not open any more: what stands in clear is all that is known */
    bool mine; /* asked by this node */
    struct ident peer;
    int64_t day;
    struct enquiry enquiry;
    enum enquiry_word word; /* 0: no answer yet */
    int64_t answer_until_ms, answered_ms;
};

struct enquiries;

enum status enquiries_open(struct db *db, struct chance *chance, struct enquiries **ret,
    struct trouble *trouble) MUST_USE;
void enquiries_close(struct enquiries **enquiries);
void enquiries_unlock(struct enquiries *enquiries, const struct box_key *master);
void enquiries_lock(struct enquiries *enquiries);

/* EXISTS: that member and reference are known on that side. TOO_BIG: ENQUIRIES_OF_PEER_MAX. */
enum status enquiries_put(
    struct enquiries *enquiries, const struct enquiry_row *row) MUST_USE;
/* The row (by id) now has this answer. EXISTS: it has one as new or newer. */
enum status enquiries_answer(
    struct enquiries *enquiries, const struct enquiry_row *row) MUST_USE;
/* peer NULL: any. CORRUPT: it does not open. */
enum status enquiries_find(struct enquiries *enquiries, const char *reference, bool mine,
    const struct ident *peer, struct enquiry_row *ret) MUST_USE;
/* At most `max` rows for people, damaged ones too: those that wait for an answer first, then the others. In each half
 * the newest of every member and side stands before the second newest of any: who asks much hides nobody. */
enum status enquiries_list(struct enquiries *enquiries, size_t max,
    struct enquiry_row ret[], size_t *ret_n) MUST_USE;
enum status enquiries_drop(struct enquiries *enquiries, int64_t before_day) MUST_USE;

#endif
