/* SPDX-License-Identifier: Apache-2.0
 *
 * shares: how much of a mailbox each sender fills (PROTOCOL.md 6.5). Memory only: the disk holds no sender,
 * so what was there before a start counts for nobody.
 */
#ifndef AMAAN_SHARES_H
#define AMAAN_SHARES_H

#include "chance.h"
#include "ident.h"

struct mailbox;

struct share {
    struct share *next_same; /* shares.c's own */
    const struct mailbox *mailbox;
    struct ident sender; /* node id */
    int64_t envelopes, bytes;
};

struct shares;

struct shares *shares_new(struct chance *chance);
void shares_destroy(struct shares **shares);
/* NULL if that sender has nothing there. */
struct share *shares_find(const struct shares *shares, const struct mailbox *mailbox,
    const struct ident *sender);
/* One envelope more; the share is made if need be. */
struct share *shares_add(struct shares *shares, const struct mailbox *mailbox,
    const struct ident *sender, int64_t bytes);
/* One envelope more in a share that is there. */
void shares_grow(struct share *share, int64_t bytes);
/* One envelope less; an empty share stays until shares_tidy. */
void shares_shrink(struct share *share, int64_t bytes);
/* Drops empty shares when there are many; no envelope may point to one. */
void shares_tidy(struct shares *shares);

#endif
