/* SPDX-License-Identifier: Apache-2.0
 *
 * places: districts by their P-codes (docs/CARE.md 5.1). The list stands in config/places/places.csv with its source,
 * version and day, and is part of the program: no setting of a node changes it. Pure.
 *
 * A code is written "PK513" and kept as its number, 513: the first digit is the province. 0 is no place. A code may
 * be valid and not stand in the list: boundaries change, and a profile that names a district of a later edition is not
 * damaged. Only the stewards, who write profiles, refuse what is not listed.
 */
#ifndef AMAAN_PLACES_H
#define AMAAN_PLACES_H

#include "bytes.h"

enum {
    PLACE_CODE_BYTES = 6, /* "PK513" and NUL */
    PLACE_NUMBERS = 800,  /* every number is below it */
    PLACES_MAX = 400,     /* 160 today; districts are divided, not by the hundred */
    PLACE_NAME_BYTES = 40,
    PLACES_SOURCE_BYTES = 120
};

struct place {
    uint16_t code;
    char name[PLACE_NAME_BYTES], province[PLACE_NAME_BYTES]; /* English */
};

struct places {
    char source[PLACES_SOURCE_BYTES];
    uint32_t version;
    char day[11]; /* on which it was taken from the source: "2026-11-24" */
    size_t n;     /* ascending by code */
    struct place list[PLACES_MAX];
    uint16_t index[PLACE_NUMBERS]; /* place in the list + 1; 0: none */
};

/* The list of this program. Its reading cannot fail: a test reads the same bytes. */
void places_load(struct places *ret);
/* Four lines "source,..." "version,N" "day,YYYY-MM-DD" "code,district,province", then a line a district, ascending;
 * no quotes, no empty field, a line feed behind each. MALFORMED with the line, TOO_BIG. */
enum status places_parse(
    struct span csv, struct places *ret, struct trouble *trouble) MUST_USE;
/* NULL is a normal answer. */
const struct place *places_find(const struct places *places, unsigned code);

/* A province from 1 to 7 and a number from 1 to 99 in it. */
bool place_code_is_valid(unsigned code);
enum status place_code_parse(const char *text, uint16_t *ret) MUST_USE;   /* MALFORMED */
void place_code_format(unsigned code, char ret[static PLACE_CODE_BYTES]); /* valid ones */

/* How near two districts are, as far as codes tell. */
enum nearness { NEARNESS_DISTRICT = 1, NEARNESS_PROVINCE, NEARNESS_ELSEWHERE };
enum nearness place_nearness(unsigned a, unsigned b); /* both valid */

#endif
