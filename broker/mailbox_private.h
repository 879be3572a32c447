/* SPDX-License-Identifier: Apache-2.0
 *
 * mailbox_private: what mailbox.c and mailbox_turn.c share. Not for others.
 */
#ifndef AMAAN_MAILBOX_PRIVATE_H
#define AMAAN_MAILBOX_PRIVATE_H

#include "mailbox.h"
#include "rows.h"
#include "tombstones.h"

enum { BUCKETS = 4096, CACHE_BYTES = 16 * 1024 * 1024 };

struct helds_list {
    struct held **at;
    size_t n, size;
};

struct blame {
    int64_t id;
    uint8_t ended;
};

struct mailboxes {
    struct rows *rows;
    struct helds *helds;
    struct shares *shares;
    struct tombstones *tombstones;
    struct mailbox *first;
    struct mailbox *buckets[BUCKETS];
    uint64_t secret;
    int64_t bytes, last_id;
    size_t n_unwanted,
        n_changed; /* mailboxes: to be purged; collected since the last flush */
    struct helds_list fresh, taken, dropped;
    struct blame *blames;
    size_t n_blames, blames_size;
    uint8_t *cache;
    uint64_t cache_head; /* bytes ever put into the cache */
    uint8_t read[ENVELOPE_BYTES_MAX];
};

static inline void count_in(struct mailboxes *mailboxes, const struct held *held)
{
    held->mailbox->envelopes++;
    held->mailbox->bytes += held->bytes;
    mailboxes->bytes += held->bytes;
}

static inline void count_out(struct mailboxes *mailboxes, const struct held *held)
{
    held->mailbox->envelopes--;
    held->mailbox->bytes -= held->bytes;
    mailboxes->bytes -= held->bytes;
}

#endif
