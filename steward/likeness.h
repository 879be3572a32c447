/* SPDX-License-Identifier: Apache-2.0
 *
 * likeness: members' names that a hurried reader takes for one another. A request whose name imitates a
 * member's is refused; one that is merely near is told, to those who admit and to those who sign.
 */
#ifndef AMAAN_LIKENESS_H
#define AMAAN_LIKENESS_H

#include "plain.h"

/* Do the two look the same: 0 and o, 1 and l and i, 5 and s, rn and m, vv and w, cl and d, with or without marks? */
bool likeness_same(const char *a, const char *b);
/* Another member's name that is one or two letters away, or begins with this one; NULL if there is none. */
const char *likeness_near(const struct plain *plain, const struct profile *profile);

#endif
