/* SPDX-License-Identifier: Apache-2.0
 *
 * points: the neutral meeting points that everybody knows by number (docs/CARE.md 8.1), in English and Urdu. They are
 * part of the program (config/places/meeting-points.json). Pure.
 */
#ifndef AMAAN_POINTS_H
#define AMAAN_POINTS_H

#include "person.h"

enum { POINTS_MAX = 500, POINT_TEXT_BYTES_MAX = 160 };

struct point {
    unsigned number;
    char district[DISTRICT_BYTES]; /* P-code */
    const char *eng, *urd;
};

struct points;

/* The list of this program. MALFORMED with the reason: it is not started then. */
enum status points_open(struct points **ret, struct trouble *trouble) MUST_USE;
enum status points_parse(
    struct span text, struct points **ret, struct trouble *trouble) MUST_USE;
void points_close(struct points **points);
size_t points_count(const struct points *points);
const struct point *points_nth(const struct points *points, size_t i);
/* NULL: no such number. */
const struct point *points_find(const struct points *points, unsigned number);
bool points_are_reviewed(const struct points *points);

#endif
