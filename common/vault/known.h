/* SPDX-License-Identifier: Apache-2.0
 *
 * known: known-answer tests of the primitives, run by vault_start. A row is a name for people and a
 * question whose published answer is built in. To add a primitive: a row in known.c.
 */
#ifndef AMAAN_KNOWN_H
#define AMAAN_KNOWN_H

#include "bytes.h"

struct known {
    const char *name;
    bool (*holds)(void);
};

/* The rows of this library. */
const struct known *known_rows(size_t *ret_n);
/* Runs all rows. CORRUPT names the first that gives another answer than the published one. */
enum status known_check(
    const struct known *rows, size_t n, struct trouble *trouble) MUST_USE;

#endif
