/* SPDX-License-Identifier: Apache-2.0
 *
 * agains: the further letters that carried a referral, after its recipient lost its records (docs/CARE.md 18.8).
 * Random ids and days only: nothing is boxed, everything works while locked. Writes assert an open transaction.
 */
#ifndef AMAAN_AGAINS_H
#define AMAAN_AGAINS_H

#include "db.h"

extern const char *const AGAIN_SCHEMA;

struct agains;

enum status agains_open(
    struct db *db, struct agains **ret, struct trouble *trouble) MUST_USE;
void agains_close(struct agains **agains);

struct again_row {
    int64_t id, referral;
    struct ident item_id; /* of the letter */
    int64_t day;
};
/* id is ignored. EXISTS: that letter is here. */
enum status agains_put(struct agains *agains, const struct again_row *row) MUST_USE;
/* The next one of the referral with an id above `after`; NOT_FOUND at the end. */
enum status agains_next(struct agains *agains, int64_t referral, int64_t after,
    struct again_row *ret) MUST_USE;

#endif
