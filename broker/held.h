/* SPDX-License-Identifier: Apache-2.0
 *
 * held: the broker's memory of the envelopes on its disk: who is where, found by msg_id, in order. Pure data
 * and lists; mailbox.h keeps it and the rows together. An index of random ids on the disk would cost a page
 * write for every envelope and half of the speed at a backlog of some 100,000 (measured); this costs 152
 * bytes of memory each.
 *
 *              commit              given out
 *     FRESH ------------> WAITING -----------> OUT
 *       |                    ^  \______________/ |
 *       |                    |    session ended  |
 *       +--------------------+-------------------+---- taken, recalled, purged ---> LEAVING --commit--> gone
 *
 * A WAITING envelope stands in exactly one queue of its mailbox.
 */
#ifndef AMAAN_HELD_H
#define AMAAN_HELD_H

#include "chance.h"
#include "hash.h"
#include "header.h"

enum held_state { HELD_FRESH, HELD_WAITING, HELD_OUT, HELD_LEAVING };

/* Where it waits. Envelopes on which sessions ended stand behind the others (PROTOCOL.md 6.7). */
enum queue { QUEUE_EXPRESS, QUEUE_NORMAL, QUEUE_BEHIND, QUEUE_ASIDE, QUEUE_COUNT };

struct mailbox;
struct share;

struct held {
    struct held *next_same;       /* next in the same bucket of the index */
    struct held *before, *behind; /* in its queue */
    struct held *older, *newer;   /* of all, in the order of arrival */
    struct mailbox *mailbox;
    struct share
        *share; /* its sender's part of the mailbox; NULL: unknown since a restart */
    struct ident msg_id;
    struct hash hash;
    int64_t id;         /* of its row, rising with arrival */
    uint64_t cached_at; /* place in the cache of fresh bytes, 0 none */
    uint32_t bytes;
    uint32_t hour; /* of arrival, since 1970 */
    uint8_t state, queue;
    uint8_t ended; /* sessions that ended on it */
    uint8_t was;   /* LEAVING: the state before */
    bool taken;    /* LEAVING because it was taken */
};

struct queue_ends {
    struct held *first, *last;
    size_t n;
};

void queue_add_last(struct queue_ends *ends, struct held *held);
void queue_add_first(struct queue_ends *ends, struct held *held);
void queue_remove(struct queue_ends *ends, struct held *held);

/* All of them. */
struct helds;

/* The index is keyed with chance: ids are chosen by senders. */
struct helds *helds_new(struct chance *chance);
void helds_destroy(struct helds **helds);
/* A new one (all zero but the id), entered and the newest. The id must not be there. */
struct held *helds_add(struct helds *helds, const struct ident *msg_id);
void helds_remove(struct helds *helds, struct held *held);
struct held *helds_find(const struct helds *helds, const struct ident *msg_id);
struct held *helds_oldest(const struct helds *helds);
size_t helds_count(const struct helds *helds);

#endif
