/* SPDX-License-Identifier: Apache-2.0
 *
 * arrivals_csv: reads a list of arrivals (docs/CARE.md 11): CSV as RFC 4180 has it, from outside, and hostile. Decides what is a
 * good row, and nothing else: no store, no clock.
 *
 * Numbers of the RCMS are hashed while reading; the text of them stands in nothing that comes out. A column that is named
 * after an identity number, and 13 digits in a field that would be kept, stop what they are in: the list, or the row.
 */
#ifndef AMAAN_ARRIVALS_CSV_H
#define AMAAN_ARRIVALS_CSV_H

#include "case_words.h"
#include "numbers.h"

enum {
    ARRIVALS_BYTES_MAX = 49152, /* with JSON around it, it fits a request of 64 KiB */
    ARRIVALS_ROWS_MAX = 1000,   /* two or three flights; more is another kind of file */
    ARRIVALS_COLUMNS_MAX = 32,
    ARRIVALS_FIELD_BYTES_MAX = 200,
    ARRIVALS_REFUSED_MAX = 50, /* shown; more are counted */
    ARRIVALS_DROPPED_MAX = ARRIVALS_COLUMNS_MAX,
    ARRIVALS_NAME_BYTES = 32,
    VEHICLE_BYTES_MAX = 20,
    STATE_BYTES = 4
};

struct arrival {
    uint32_t line; /* of the list, from 1 */
    char vehicle[VEHICLE_BYTES_MAX + 1];
    int64_t day;
    char state[STATE_BYTES]; /* "DE" or "DEU" */
    enum return_type return_type;
    enum answer_flag minor, care_need;
    bool has_rcms;
    struct hash rcms;
};

struct arrivals_refused {
    uint32_t line;
    const char *why; /* a sentence, static */
};

struct arrivals {
    size_t n_rows, n_refused, n_dropped;
    struct arrivals_refused refused[ARRIVALS_REFUSED_MAX]; /* the first of them */
    char dropped[ARRIVALS_DROPPED_MAX]
                [ARRIVALS_NAME_BYTES]; /* columns that are not kept, cut and made plain */
    struct arrival rows[ARRIVALS_ROWS_MAX];
};

/* On the heap; wiped by arrivals_destroy. MALFORMED, TOO_BIG, DENIED (a column named after an identity number) with a
 * sentence; nothing of the list is believed then. A list without a good row is no failure. */
enum status arrivals_parse(struct span csv, const struct box_key *number_key,
    struct arrivals **ret, struct trouble *trouble) MUST_USE;
void arrivals_destroy(struct arrivals **arrivals);

/* The order in which people are taken aside: smaller first (CARE.md 11). */
int arrival_rank(const struct arrival *arrival);
/* "minor", "minor unknown", ...: reason i of the rank; NULL behind the last. */
const char *arrival_reason(const struct arrival *arrival, size_t i);

#endif
