/* SPDX-License-Identifier: Apache-2.0
 *
 * links: two cases that belong together: one person met twice, or a family (docs/CARE.md 10). A link is said once and holds
 * for both; it is taken back without a trace in either case but its timeline. Nothing is ever merged: what was put
 * together by mistake could not be taken apart again.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_LINKS_H
#define AMAAN_LINKS_H

#include "casebook.h"

struct links;

enum status links_open(struct db *db, struct chance *chance, struct casebook *casebook,
    struct links **ret, struct trouble *trouble) MUST_USE;
void links_close(struct links **links);

/* In any order. NOT_FOUND: one of them is not here. EXISTS: they are linked. CONFLICT: it is one case. */
enum status links_add(struct links *links, const struct ident *a, const struct ident *b,
    enum link_reason reason, int64_t day) MUST_USE;
enum status links_remove(
    struct links *links, const struct ident *a, const struct ident *b) MUST_USE;

struct link_row {
    struct ident other;
    int64_t day;
    enum link_reason reason; /* 0: its box does not open any more */
};
/* The case's next link, by the other's ident (`after`; zero: the first); NOT_FOUND at the end. */
enum status links_next(struct links *links, const struct ident *ident,
    const struct ident *after, struct link_row *ret) MUST_USE;

#endif
