/* SPDX-License-Identifier: Apache-2.0
 *
 * nearest: the known word that somebody who misspelt one probably meant. For commands, settings and fields.
 */
#ifndef AMAAN_NEAREST_H
#define AMAAN_NEAREST_H

#include <stddef.h>

enum { NEAREST_START = 100 };

/* Remembers the nearer of two words, if it is near enough to be meant: at most two changed letters, or a
 * beginning of it. *best starts as NEAREST_START, *nearest as NULL. */
void nearest_consider(
    const char *word, const char *candidate, const char **nearest, unsigned *best);
/* The same over a list; NULL if none is near. */
const char *nearest_word(const char *word, const char *const *known, size_t n);

#endif
