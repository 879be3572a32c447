/* SPDX-License-Identifier: Apache-2.0
 *
 * capacity: how much room a provider says it has, of one unit: what a CAPACITY letter carries (content.proto Capacity,
 * docs/CARE.md 5.4). Numbers and codes only: no field for a text, a name or a place.
 *
 * It is a word of a day, not a promise: "has room" is no acceptance. It is good until good_until_ms; after that it
 * is stale and nobody takes it for free room.
 */
#ifndef AMAAN_CAPACITY_H
#define AMAAN_CAPACITY_H

#include "eligibility.h"

enum {
    CAPACITY_MAXIMUM = 10000,    /* no house of this network is larger */
    CAPACITY_GOOD_DAYS_MAX = 31, /* nobody knows longer ahead */
    CAPACITY_BYTES_MAX = 64
};

enum capacity_status {
    CAPACITY_OPEN = 1,  /* at least one is free */
    CAPACITY_WAITLIST,  /* none is free; names are taken for later */
    CAPACITY_FULL,      /* none is free, and no list */
    CAPACITY_CLOSED,    /* nobody is taken in at present, whatever is free */
    CAPACITY_ASK_FIRST, /* room depends on the person: ask */
    CAPACITY_STATUS_COUNT
};

struct capacity {
    enum unit unit;
    enum capacity_status status;
    uint32_t maximum, available; /* available: above 0 when open; 0 on a list or full */
    int64_t updated_ms, good_until_ms; /* whole hours; good until is later */
};

/* MALFORMED for what breaks a rule, UNSUPPORTED for a code of a later version. */
enum status capacity_encode(
    const struct capacity *capacity, struct buffer *buffer) MUST_USE;
enum status capacity_decode(
    struct arena *arena, struct span bytes, struct capacity *ret) MUST_USE;
bool capacity_is_good(const struct capacity *capacity, int64_t now_ms);

const char *capacity_status_name(enum capacity_status status); /* "waitlist"; or NULL */
enum status capacity_status_parse(const char *word, enum capacity_status *ret) MUST_USE;

#endif
