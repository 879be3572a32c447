/* SPDX-License-Identifier: Apache-2.0
 *
 * served: what a steward types about whom a member serves ("--district PK528", "--ages 18-59"), and the eligibility
 * that profiles carry (docs/CARE.md 5.2). A district must stand in the list of places. MALFORMED with a sentence.
 */
#ifndef AMAAN_SERVED_H
#define AMAAN_SERVED_H

#include "profiles.h"

/* NULL where nothing is to change; "none" takes back a list, a number or a word that was told. */
struct served_words {
    const char *district;        /* PK528 */
    const char *catchment;       /* PK513,PK528 */
    const char *genders, *units; /* lists of words */
    const char *papers;
    const char *ages;                                    /* 18-59, 18- */
    const char *boys_age;                                /* 12 */
    const char *children, *wheelchair, *round_the_clock; /* yes, no */
    const char *tele;                                    /* +05:00, no */
    const char *licence;
    const char *protocol; /* isp-1:2027-12-31, the version and its last day */
};

/* The texts of an eligibility in memory of a row. */
struct served_texts {
    char licence[LICENCE_BYTES_MAX + 1], protocol[PROTOCOL_BYTES_MAX + 1];
};

bool served_says_something(const struct served_words *words);
/* Changes what the words name; texts go into `texts`, where the eligibility then points. */
enum status served_read(const struct served_words *words, struct eligibility *eligibility,
    struct served_texts *texts, struct trouble *trouble) MUST_USE;
/* DP14 and DP28 in sentences: is that a profile which may be signed on that day? DENIED. */
enum status served_check_place(
    const struct profile *profile, struct trouble *trouble) MUST_USE;
enum status served_check_protocol(
    const struct profile *profile, int64_t today, struct trouble *trouble) MUST_USE;

#endif
