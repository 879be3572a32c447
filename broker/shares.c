/* SPDX-License-Identifier: Apache-2.0
 * A table of chains keyed by mailbox and sender; it doubles when it is full. Empty shares are swept together,
 * when they could be half of all.
 */
#include "shares.h"

#include <string.h>

#include "memory.h"

enum { FIRST_BUCKETS = 256 };

struct shares {
    struct share **buckets;
    size_t n_buckets, n;
    size_t tidy_at; /* when so many are there, a sweep is due */
    uint64_t secret;
};

struct shares *shares_new(struct chance *chance)
{
    struct shares *shares = memory_new(sizeof *shares);
    shares->n_buckets = FIRST_BUCKETS;
    shares->buckets = memory_new_array(shares->n_buckets, sizeof *shares->buckets);
    shares->tidy_at = FIRST_BUCKETS;
    shares->secret = chance_u64(chance) | 1;
    return shares;
}

void shares_destroy(struct shares **shares_p)
{
    struct shares *shares = *shares_p;
    if (shares == NULL) {
        return;
    }
    for (size_t i = 0; i < shares->n_buckets; i++) {
        while (shares->buckets[i] != NULL) {
            struct share *share = shares->buckets[i];
            shares->buckets[i] = share->next_same;
            memory_free(share);
        }
    }
    memory_free(shares->buckets);
    memory_free(shares);
    *shares_p = NULL;
}

static struct share **find_bucket(const struct shares *shares,
    const struct mailbox *mailbox, const struct ident *sender)
{
    uint64_t half = 0;
    memcpy(&half, sender->bytes, sizeof half);
    uint64_t mixed = (half ^ (uint64_t)(uintptr_t)mailbox) * shares->secret;
    return &shares->buckets[(mixed ^ (mixed >> 32)) & (shares->n_buckets - 1)];
}

struct share *shares_find(const struct shares *shares, const struct mailbox *mailbox,
    const struct ident *sender)
{
    struct share *share = *find_bucket(shares, mailbox, sender);
    while (share != NULL &&
           (share->mailbox != mailbox || !ident_equal(&share->sender, sender))) {
        share = share->next_same;
    }
    return share;
}

static void grow(struct shares *shares)
{
    struct share **old = shares->buckets;
    size_t n_old = shares->n_buckets;
    shares->n_buckets *= 2;
    shares->buckets = memory_new_array(shares->n_buckets, sizeof *shares->buckets);
    for (size_t i = 0; i < n_old; i++) {
        while (old[i] != NULL) {
            struct share *share = old[i];
            old[i] = share->next_same;
            struct share **bucket = find_bucket(shares, share->mailbox, &share->sender);
            share->next_same = *bucket;
            *bucket = share;
        }
    }
    memory_free(old);
}

struct share *shares_add(struct shares *shares, const struct mailbox *mailbox,
    const struct ident *sender, int64_t bytes)
{
    struct share *share = shares_find(shares, mailbox, sender);
    if (share == NULL) {
        if (shares->n >= shares->n_buckets) {
            grow(shares);
        }
        struct share **bucket = find_bucket(shares, mailbox, sender);
        share = memory_new(sizeof *share);
        *share = (struct share){*bucket, mailbox, *sender, 0, 0};
        *bucket = share;
        shares->n++;
    }
    shares_grow(share, bytes);
    return share;
}

void shares_grow(struct share *share, int64_t bytes)
{
    share->envelopes++;
    share->bytes += bytes;
}

void shares_shrink(struct share *share, int64_t bytes)
{
    PROMISE(share->envelopes > 0 && share->bytes >= bytes);
    share->envelopes--;
    share->bytes -= bytes;
}

void shares_tidy(struct shares *shares)
{
    if (shares->n < shares->tidy_at) {
        return;
    }
    for (size_t i = 0; i < shares->n_buckets; i++) {
        struct share **at = &shares->buckets[i];
        while (*at != NULL) {
            struct share *share = *at;
            if (share->envelopes == 0) {
                *at = share->next_same;
                memory_free(share);
                shares->n--;
            } else {
                at = &share->next_same;
            }
        }
    }
    shares->tidy_at = shares->n * 2 + FIRST_BUCKETS;
}
