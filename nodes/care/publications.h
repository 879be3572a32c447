/* SPDX-License-Identifier: Apache-2.0
 *
 * publications: tables of statistics as they were first shown, and the counts of a month that a quarter still needs
 * (docs/CARE.md 20.3). What stands here is never changed: a month that was counted twice could be subtracted from
 * itself (DP20). Boxed under a key of the node; in clear stand month, number of the cube and kind.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_PUBLICATIONS_H
#define AMAAN_PUBLICATIONS_H

#include "box.h"
#include "db.h"

enum { PUBLICATION_BYTES_MAX = 65536 };

enum publication_kind {
    PUBLICATION_TABLE = 1, /* as it is shown */
    PUBLICATION_COUNTS,    /* of one month of a quarter; never shown */
    PUBLICATION_KIND_COUNT
};

struct publication_place {
    int32_t month; /* 202611; of a quarter its last one */
    int cube;
    enum publication_kind kind;
};

struct publications;

extern const char *const PUBLICATION_SCHEMA;

enum status publications_open(struct db *db, struct chance *chance,
    struct publications **ret, struct trouble *trouble) MUST_USE;
void publications_close(struct publications **publications);
void publications_unlock(struct publications *publications, const struct box_key *master);
void publications_lock(struct publications *publications);

/* EXISTS: it was published, and stands as it is. TOO_BIG. */
enum status publications_put(struct publications *publications,
    const struct publication_place *place, struct span bytes) MUST_USE;
/* Appends the bytes. */
enum status publications_find(struct publications *publications,
    const struct publication_place *place, struct buffer *ret) MUST_USE;

#endif
