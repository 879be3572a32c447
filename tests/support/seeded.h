/* SPDX-License-Identifier: Apache-2.0
 *
 * seeded: chance that a test can run again. Two kinds: a stream that follows from a number, and bytes that
 * the test wrote down. Frozen vectors depend on the stream: it never changes.
 */
#ifndef AMAAN_SEEDED_H
#define AMAAN_SEEDED_H

#include "bytes.h"
#include "chance.h"

/* splitmix64, eight little-endian bytes a step; every fill starts at a new step. */
struct seeded {
    uint64_t state;
    struct chance chance;
};

struct chance *seeded_init(struct seeded *seeded, uint64_t seed);

/* Gives out exactly these bytes, in order; asking for more is a BUG. */
struct scripted {
    struct span left;
    struct chance chance;
};

struct chance *scripted_init(struct scripted *scripted, struct span bytes);

#endif
