/* SPDX-License-Identifier: Apache-2.0
 *
 * numbers: what other offices call a person: CNIC, a hotline's case number, the number of the RCMS. None of them is kept: a
 * number is normalised, hashed under a secret key, and dropped (DP12). 10^13 CNICs are quickly tried, so that a hash
 * without a key would be the number itself.
 */
#ifndef AMAAN_NUMBERS_H
#define AMAAN_NUMBERS_H

#include "box.h"
#include "hash.h"

enum number_kind { NUMBER_CNIC = 1, NUMBER_HOTLINE, NUMBER_RCMS, NUMBER_COUNT };
enum {
    CNIC_DIGITS = 13,
    NUMBER_TEXT_MAX = 64, /* as typed, with hyphens and blanks */
    NUMBER_CHARS_MIN = 3,
    NUMBER_CHARS_MAX = 32
};

const char *number_kind_name(enum number_kind kind); /* "cnic"; NULL past the end */
/* The hash of a number as typed: hyphens, blanks, dots and slashes are dropped, Urdu and Arabic digits become Western ones,
 * letters large. MALFORMED: not 13 digits (CNIC); other signs, too short or too long. */
enum status number_hash(const struct box_key *key, enum number_kind kind,
    struct span text, struct hash *ret) MUST_USE;
/* Does a text hold what could be a CNIC: 13 digits of any of the three sets, with at most one sign between two of them
 * and no further digit beside them? */
bool number_looks_like_cnic(struct span text);

#endif
