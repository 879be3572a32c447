/* SPDX-License-Identifier: Apache-2.0
 *
 * finder: finds cases, in memory only: folded names, alias, age band, day. Made from the casebook after unlock, wiped at
 * lock; nothing by which a person could be searched lies on the disk.
 *
 * It is a list that is looked through from the newest: 50,000 cases take some milliseconds, and a list has no
 * order that could be wrong. It is filled in slices (finder_load by ascending id, then finder_complete), so that
 * unlocking stalls nobody; until it is complete, answers say so. What changes meanwhile comes by finder_put.
 */
#ifndef AMAAN_FINDER_H
#define AMAAN_FINDER_H

#include "casebook.h"

enum {
    FINDER_HITS_MAX = 50, /* more are counted; the question is to be narrower */
    FINDER_CASES_MAX =
        500000 /* some 100 MB; beyond it cases are not indexed, and answers say so */
};

struct finder;

struct finder *finder_new(void);
void finder_destroy(struct finder **finder);
void finder_clear(struct finder *finder); /* wipes; empty and incomplete again */

/* The next case of the casebook, by ascending id. Damaged ones are known by their ident and day only. */
void finder_load(struct finder *finder, const struct case_row *row);
int64_t finder_loaded(const struct finder *finder); /* id of the last one; 0 */
void finder_complete(struct finder *finder);
bool finder_is_complete(const struct finder *finder);

/* The case is new or has changed. One that finder_load has yet to reach is left to it. */
void finder_put(struct finder *finder, const struct case_row *row);
void finder_remove(struct finder *finder, const struct ident *ident);
size_t finder_count(const struct finder *finder);

struct finder_question {
    const char *name;       /* NULL: any. Preferred or full name, or a part of it */
    const char *alias;      /* NULL: any */
    enum age_band age_band; /* 0: any */
    bool has_days;
    int64_t from_day, until_day; /* opened from .. until, both included */
    bool open_only;
};

enum finder_fit { FIT_NAME = 1, FIT_BEGINNING, FIT_PART, FIT_NO_NAME };
struct finder_hit {
    struct ident ident;
    enum finder_fit
        fit; /* how well the name fits; whole names first, then beginnings of words, then parts */
};

/* The best FINDER_HITS_MAX, the newest of equals first; *ret_total is how many fit. MALFORMED, TOO_BIG: the name. A name
 * of which nothing is left after folding fits nobody. */
enum status finder_ask(const struct finder *finder,
    const struct finder_question *question, struct finder_hit ret[static FINDER_HITS_MAX],
    size_t *ret_n, size_t *ret_total) MUST_USE;

#endif
