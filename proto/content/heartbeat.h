/* SPDX-License-Identifier: Apache-2.0
 *
 * heartbeat: how far each of two members is, said daily (PROTOCOL.md 1.8); void list: numbers that will
 * never come (2.5): magic "AMV1" 4 | n u8 | 3 zeros | n x 64.
 */
#ifndef AMAAN_HEARTBEAT_H
#define AMAAN_HEARTBEAT_H

#include "hash.h"
#include "ident.h"
#include "limits.h"

enum { HEARTBEAT_RESTORED = 1 }; /* flags */
enum {
    HEARTBEAT_HEAD_BYTES = 168,
    HEARTBEAT_BYTES_MAX = 168 + 16 * HEARTBEAT_RANGES_MAX
};

struct number_range {
    uint64_t first, last; /* both included, first <= last */
};

struct heartbeat {
    uint16_t flags;
    uint64_t number, state_count, bundle_number;
    struct hash bundle_hash;
    uint32_t my_epoch;
    uint64_t my_last;
    struct hash my_last_link;
    uint32_t your_epoch;
    uint64_t settled_head, highest_seen;
    struct hash head_link;
    size_t
        n_missing; /* ascending, not touching, above settled_head and below highest_seen */
    struct number_range missing[HEARTBEAT_RANGES_MAX];
};

void heartbeat_encode(const struct heartbeat *heartbeat, struct writer *writer);
enum status heartbeat_decode(struct span bytes, struct heartbeat *ret) MUST_USE;

enum void_reason { VOID_EXPIRED = 1, VOID_WITHDRAWN, VOID_ERASED, VOID_REASON_COUNT };

struct void_entry {
    uint32_t chain_epoch;
    enum void_reason reason;
    uint64_t pair_seq;
    struct hash link;
    struct ident item_id;
};

/* n in 1..VOIDS_PER_ENVELOPE. Same (epoch, seq) twice is MALFORMED. */
void void_list_encode(const struct void_entry *entries, size_t n, struct writer *writer);
enum status void_list_decode(struct span bytes,
    struct void_entry ret[static VOIDS_PER_ENVELOPE], size_t *ret_n) MUST_USE;

#endif
