/* SPDX-License-Identifier: Apache-2.0
 *
 * resync: what two members say to each other after one of them lost its records (PROTOCOL.md 1.9, 5.6). A
 * question names the newest number to that member that the asker still knows, and how far it has settled the
 * member's numbers. The answer names the asker's own letters above that number.
 *
 * Layout only. Both fit the small bucket.
 */
#ifndef AMAAN_RESYNC_H
#define AMAAN_RESYNC_H

#include "hash.h"
#include "ident.h"
#include "limits.h"

enum { RESYNC_ANSWER = 1, RESYNC_MORE = 2 }; /* flags; MORE in an answer only */
enum {
    RESYNC_HEAD_BYTES = 32,
    RESYNC_HELD_MAX = 32,    /* question: 32 + 32 x 16 = 544 */
    RESYNC_LETTERS_MAX = 24, /* answer: 32 + 24 x 64 = 1,568 */
    RESYNC_BYTES_MAX = 32 + 24 * 64
};

/* Numbers of the one who is asked, as the asker has settled them. */
struct resync_held {
    uint32_t epoch;
    uint64_t head;
};

/* A letter of the asker, as the one who answers holds it. */
struct resync_letter {
    uint32_t epoch;
    uint16_t kind; /* below 16 */
    uint64_t seq;
    struct hash link;
    struct ident item_id;
};

struct resync {
    uint16_t flags;
    int64_t lost_since_ms; /* what the asker did after then may be gone */
    uint32_t known_epoch;  /* 0: none is known */
    uint64_t known_seq;
    size_t n; /* of held in a question, of letters in an answer */
    struct resync_held held[RESYNC_HELD_MAX];         /* ascending by epoch */
    struct resync_letter letters[RESYNC_LETTERS_MAX]; /* ascending, above the known one */
};

void resync_encode(const struct resync *resync, struct writer *writer);
enum status resync_decode(struct span bytes, struct resync *ret) MUST_USE;

#endif
