/* SPDX-License-Identifier: Apache-2.0
 *
 * casebook: the cases of this node: one person's record each, boxed under a key of its own (docs/CARE.md 10).
 *
 *     master key -- case.key: epoch key -- case_file.wrapped: case key -- record, timeline, sheets, consents
 *
 * Erasing destroys the case's row, and with it its wrapped key and every row that references it. A rotation then makes
 * worthless what old pages and copies of the database keep (epoch_keys.h). It runs in slices: casebook_work, as long
 * as it asks for more; casebook_committed must follow each commit, because only then may the old epoch key go.
 *
 * While locked everything answers LOCKED. If the cases are here and case.key is not, or is another's, unlock answers
 * CORRUPT and everything else LOCKED: nothing is made anew over what a backup could still open.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_CASEBOOK_H
#define AMAAN_CASEBOOK_H

#include "body.h"
#include "box.h"
#include "case_words.h"
#include "db.h"
#include "numbers.h"
#include "person.h"

enum {
    ROTATE_DAYS =
        31, /* an erased case is gone from old copies after so many at the latest */
    ROTATE_AT_ONCE = 500, /* cases wrapped anew in one turn: some 20 ms */
    CASE_PERSON_ARENA_BYTES = 16384,
    CASE_PERSON_ARENA_PIECES = 64
};

struct casebook;

struct casebook_options {
    struct db *db;
    struct chance *chance;
    const char *key_path; /* of case.key; copied */
};

enum status casebook_open(const struct casebook_options *options, struct casebook **ret,
    struct trouble *trouble) MUST_USE;
void casebook_close(struct casebook **casebook);
enum status casebook_unlock(
    struct casebook *casebook, const struct box_key *master) MUST_USE;
void casebook_lock(struct casebook *casebook);

struct case_row {
    int64_t id; /* given by the store; ascending */
    struct ident ident;
    char alias[REFERENCE_BYTES];
    /* Its box does not open any more: a bad disk. Ident and days still stand; the rest is empty. */
    bool damaged;
    int64_t opened_day, changed_day, closed_day; /* closed_day: 0 while open */
    enum case_origin origin;
    enum case_outcome outcome;
    enum displacement displacement; /* not of the person: it travels in no letter */
    struct person person;           /* texts in the arena given to the call */
};

/* A new case: origin, displacement, opened_day and person are taken, the rest is made and given back in *row. */
enum status casebook_add(struct casebook *casebook, struct case_row *row) MUST_USE;
/* Outcome, displacement, changed_day, closed_day and person become what the row says; ident names it. */
enum status casebook_put(struct casebook *casebook, const struct case_row *row) MUST_USE;
enum status casebook_find(struct casebook *casebook, const struct ident *ident,
    struct arena *arena, struct case_row *ret) MUST_USE;
enum status casebook_find_alias(
    struct casebook *casebook, const char *alias, struct ident *ret) MUST_USE;
/* The case with the next higher id; NOT_FOUND at the end. */
enum status casebook_next(struct casebook *casebook, int64_t after, struct arena *arena,
    struct case_row *ret) MUST_USE;
/* The case's own key. The caller wipes it. NOT_FOUND: there is no such case, or it was erased. */
enum status casebook_key(
    struct casebook *casebook, const struct ident *ident, struct box_key *ret) MUST_USE;

struct casebook_count {
    int64_t open, closed, erased;
};
/* Works while locked. */
enum status casebook_count(
    struct casebook *casebook, struct casebook_count *ret) MUST_USE;

/* --- numbers of other offices (numbers.h): hashes only ---------------------------------------------------- */
/* The hash of a number as typed, for the calls below and for tasks. MALFORMED. */
enum status casebook_hash_number(struct casebook *casebook, enum number_kind kind,
    const char *text, struct hash *ret) MUST_USE;
/* The key of those hashes, for a reader of lists (arrivals_csv.h). The caller wipes it. */
enum status casebook_number_key(
    const struct casebook *casebook, struct box_key *ret) MUST_USE;
/* EXISTS: this case has that number. */
enum status casebook_add_number(struct casebook *casebook, const struct ident *ident,
    enum number_kind kind, const struct hash *hash) MUST_USE;
/* A case other than `except` (may be NULL) that has the number; NOT_FOUND is a normal answer. */
enum status casebook_find_number(struct casebook *casebook, const struct hash *hash,
    const struct ident *except, struct ident *ret) MUST_USE;
/* Bits 1 << kind. Works while locked. */
enum status casebook_number_kinds(
    struct casebook *casebook, const struct ident *ident, uint32_t *ret) MUST_USE;

/* --- erasing ------------------------------------------------------------------------------------------------ */
/* A letter about the case of which a member holds a copy. */
struct case_copy {
    struct ident peer;
    char reference[REFERENCE_BYTES];
    struct hash body_hash; /* zero: not known */
    bool stopped;          /* withdrawn before it was stored there, as far as is known */
};
/* Before casebook_erase: that copy is to be destroyed, and its holder is to prove it. EXISTS: it was asked before. */
enum status casebook_ask(struct casebook *casebook, const struct ident *ident,
    int64_t day, const struct case_copy *copy) MUST_USE;
/* The case, its key and every row that references it are gone; a tombstone stands, with what was asked. */
enum status casebook_erase(
    struct casebook *casebook, const struct ident *ident, int64_t day) MUST_USE;
/* A member proves that it destroyed what came under the reference. NOT_FOUND: nothing was asked of it. CONFLICT: the hash
 * is not the one of what was sent; it is kept as that. */
enum status casebook_confirm(struct casebook *casebook, const struct ident *peer,
    const char *reference, const struct hash *body_hash, int64_t day) MUST_USE;
/* A rotation is due from now on; casebook_work does it. */
enum status casebook_rotate(struct casebook *casebook) MUST_USE;
/* A slice of a rotation that runs or is due: asked for, or ROTATE_DAYS after an erasure. */
enum status casebook_work(
    struct casebook *casebook, int64_t day, bool *ret_more) MUST_USE;
/* What was committed needs no more keys than these: the others go. */
enum status casebook_committed(struct casebook *casebook) MUST_USE;

struct tombstone {
    int64_t id;
    struct ident ident;
    int64_t day;
    bool sealed_for_ever; /* the epoch key is gone, too */
    int64_t n_asked, n_confirmed;
};
/* The ident of the next erased case, by ascending tombstone id above `after`; NOT_FOUND at the end. Works while locked. */
enum status casebook_next_tombstone(struct casebook *casebook, int64_t after,
    int64_t *ret_id, struct ident *ret_ident) MUST_USE;
/* Of the alias that the case had; NOT_FOUND. */
enum status casebook_find_tombstone(
    struct casebook *casebook, const char *alias, struct tombstone *ret) MUST_USE;
/* One member that was asked, all of its copies together. */
struct case_holder {
    struct ident peer;
    int64_t day; /* on which the last of them was proven; 0: not yet */
    bool stopped, mismatch;
};
/* The next one (above `after`; zero: the first); NOT_FOUND at the end. */
enum status casebook_next_holder(struct casebook *casebook, int64_t tombstone,
    const struct ident *after, struct case_holder *ret) MUST_USE;

/* --- which referral belongs to which case ------------------------------------------------------------------- */
/* EXISTS: it belongs to one already. */
enum status casebook_tie(
    struct casebook *casebook, const struct ident *ident, int64_t referral) MUST_USE;
enum status casebook_find_tie(
    struct casebook *casebook, int64_t referral, struct ident *ret) MUST_USE;
/* The case's next referral with an id above `after`; NOT_FOUND at the end. */
enum status casebook_next_tie(struct casebook *casebook, const struct ident *ident,
    int64_t after, int64_t *ret_referral) MUST_USE;

#endif
