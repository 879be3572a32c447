/* SPDX-License-Identifier: Apache-2.0
 *
 * surges: who may be called up when more come than the staff can meet (docs/CARE.md 5.9): officers, interpreters, doctors and
 * others, each with what they do, languages, gender, district, and from which day until which.
 *
 * It names people, so all of it is a box under a key of this node's; in clear stand a random id and the last day. It
 * travels to nobody. Writing asserts an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_SURGES_H
#define AMAAN_SURGES_H

#include "body.h"
#include "box.h"
#include "db.h"
#include "profiles.h"

enum {
    SURGES_MAX = 500, /* a list that somebody telephones along */
    SURGE_TEXT_BYTES = 60
};

/* The SQL script of the table, for node.c's numbered list. */
extern const char *const SURGES_SCHEMA;

struct surge {
    char reference[REFERENCE_BYTES]; /* given by surges_add */
    char person[SURGE_TEXT_BYTES + 1];
    char contact[SURGE_TEXT_BYTES + 1];
    enum role role;
    enum gender gender;
    size_t n_languages;
    char languages[LANGUAGES_MAX][4];
    uint16_t district;           /* 0: not told; never of who works at a shelter (DP14) */
    int64_t from_day, until_day; /* both included */
};

struct surge_row {
    int64_t id;
    bool damaged; /* its box does not open any more; until_day stands */
    struct surge surge;
};

struct surges;

enum status surges_open(struct db *db, struct chance *chance, struct surges **ret,
    struct trouble *trouble) MUST_USE;
void surges_close(struct surges **surges);
void surges_unlock(struct surges *surges, const struct box_key *master);
void surges_lock(struct surges *surges);

/* Makes its reference. TOO_BIG: SURGES_MAX. */
enum status surges_add(struct surges *surges, struct surge *surge) MUST_USE;
/* The next row with an id above `after`; damaged ones, too. NOT_FOUND at the end. */
enum status surges_next(
    struct surges *surges, int64_t after, struct surge_row *ret) MUST_USE;
enum status surges_remove(struct surges *surges, int64_t id) MUST_USE;
/* Works while locked. */
enum status surges_drop(struct surges *surges, int64_t before_day) MUST_USE;

#endif
