/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: Levenshtein's distance over one row; long words are simply far from everything.
 */
#include "nearest.h"

#include <string.h>

enum { WORD_BYTES = 40 };

static unsigned distance(const char *a, const char *b)
{
    unsigned row[WORD_BYTES + 1];
    size_t n = strlen(b);

    if (n > WORD_BYTES || strlen(a) > WORD_BYTES)
        return WORD_BYTES;
    for (size_t j = 0; j <= n; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; *a; a++, i++) {
        unsigned corner = row[0];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned change = corner + (*a != b[j - 1]);
            unsigned step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

            corner = row[j];
            row[j] = change < step ? change : step;
        }
    }
    return row[n];
}

void nearest_consider(
    const char *word, const char *candidate, const char **nearest, unsigned *best)
{
    unsigned steps = distance(word, candidate);
    size_t n = strlen(word);

    if (n >= 2 && strncmp(word, candidate, n) == 0)
        steps = 1;
    if (steps < *best && steps <= 2 && steps < strlen(candidate)) {
        *best = steps;
        *nearest = candidate;
    }
}

const char *nearest_word(const char *word, const char *const *known, size_t n)
{
    const char *nearest = NULL;
    unsigned best = NEAREST_START;
    for (size_t i = 0; i < n; i++)
        nearest_consider(word, known[i], &nearest, &best);
    return nearest;
}
