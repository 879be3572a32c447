/* SPDX-License-Identifier: Apache-2.0
 *
 * casebook_inside: what the files of the casebook share. Nobody else includes it.
 */
#ifndef AMAAN_CASEBOOK_INSIDE_H
#define AMAAN_CASEBOOK_INSIDE_H

#include "casebook.h"
#include "epoch_keys.h"

struct casebook {
    struct db *db;
    struct chance *chance;
    struct epoch_keys *keys;
    struct statements *sql, *number_sql, *erase_sql;
    bool unlocked;
    bool look; /* the key file may hold a key that is not needed */
    struct box_key number_key, tombstone_key;
};

/* Row case_epoch. */
struct case_epoch {
    uint32_t current, old, doomed;
    int64_t begun_day;
};

/* --- casebook.c --- */
enum status casebook_read_epoch(
    struct casebook *casebook, struct case_epoch *ret) MUST_USE;
/* The epoch under which that case stands. NOT_FOUND. */
enum status casebook_epoch_of(
    struct casebook *casebook, const struct ident *ident, uint32_t *ret) MUST_USE;
/* The hash under the epoch's key. PROMISE: the epoch's key is here. */
struct hash casebook_mark(
    struct casebook *casebook, uint32_t epoch, const char *purpose, struct span bytes);
/* Wraps and unwraps a case's key. Unwrapping: CORRUPT. */
enum status casebook_wrap(struct casebook *casebook, uint32_t epoch,
    const struct ident *ident, const struct box_key *key, struct buffer *ret) MUST_USE;
enum status casebook_unwrap(struct casebook *casebook, uint32_t epoch,
    const struct ident *ident, struct span wrapped, struct box_key *ret) MUST_USE;
/* The alias inside a case's content. CORRUPT. */
enum status casebook_read_alias(const struct box_key *key, const struct ident *ident,
    struct span content, char ret[static REFERENCE_BYTES]) MUST_USE;

/* --- case_numbers.c --- */
enum status case_numbers_open(
    struct casebook *casebook, struct trouble *trouble) MUST_USE;
/* The marks of a case's numbers under another epoch. */
enum status case_numbers_move(struct casebook *casebook, const struct ident *ident,
    const struct box_key *key, uint32_t epoch) MUST_USE;

/* --- casebook_erase.c --- */
enum status casebook_erase_open(
    struct casebook *casebook, struct trouble *trouble) MUST_USE;

#endif
