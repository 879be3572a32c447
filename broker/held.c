/* SPDX-License-Identifier: Apache-2.0
 * Envelopes come from slabs and go back to a free list, so that nothing is allocated in steady state. The
 * index is a table of chains that doubles when it is full; its hash multiplies the two halves of the id,
 * each hidden by a secret number.
 */
#include "held.h"

#include <string.h>

#include "memory.h"

enum { SLAB_ENVELOPES = 1024, FIRST_BUCKETS = 1024 };

struct slab {
    struct slab *next;
    struct held envelopes[SLAB_ENVELOPES];
};

struct helds {
    struct slab *slabs;
    struct held *unused; /* by behind */
    struct held *oldest, *newest;
    struct held **buckets;
    size_t n_buckets; /* a power of two */
    size_t n;
    uint64_t secret[2];
};

/* ---- queues ---- */

void queue_add_last(struct queue_ends *ends, struct held *held)
{
    held->before = ends->last;
    held->behind = NULL;
    if (ends->last != NULL) {
        ends->last->behind = held;
    } else {
        ends->first = held;
    }
    ends->last = held;
    ends->n++;
}

void queue_add_first(struct queue_ends *ends, struct held *held)
{
    held->before = NULL;
    held->behind = ends->first;
    if (ends->first != NULL) {
        ends->first->before = held;
    } else {
        ends->last = held;
    }
    ends->first = held;
    ends->n++;
}

void queue_remove(struct queue_ends *ends, struct held *held)
{
    PROMISE(ends->n > 0);
    if (held->before != NULL) {
        held->before->behind = held->behind;
    } else {
        ends->first = held->behind;
    }
    if (held->behind != NULL) {
        held->behind->before = held->before;
    } else {
        ends->last = held->before;
    }
    held->before = NULL;
    held->behind = NULL;
    ends->n--;
}

/* ---- all of them ---- */

struct helds *helds_new(struct chance *chance)
{
    struct helds *helds = memory_new(sizeof *helds);
    helds->n_buckets = FIRST_BUCKETS;
    helds->buckets = memory_new_array(helds->n_buckets, sizeof *helds->buckets);
    helds->secret[0] = chance_u64(chance);
    helds->secret[1] = chance_u64(chance);
    return helds;
}

void helds_destroy(struct helds **helds_p)
{
    struct helds *helds = *helds_p;
    if (helds == NULL) {
        return;
    }
    while (helds->slabs != NULL) {
        struct slab *slab = helds->slabs;
        helds->slabs = slab->next;
        memory_free(slab);
    }
    memory_free(helds->buckets);
    memory_free(helds);
    *helds_p = NULL;
}

static struct held **find_bucket(const struct helds *helds, const struct ident *msg_id)
{
    uint64_t half[2];
    memcpy(half, msg_id->bytes, sizeof half);
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)(half[0] ^ helds->secret[0]) * (half[1] ^ helds->secret[1]);
    uint64_t mixed = (uint64_t)product ^ (uint64_t)(product >> 64);
    return &helds->buckets[mixed & (helds->n_buckets - 1)];
}

static void grow_index(struct helds *helds)
{
    memory_free(helds->buckets);
    helds->n_buckets *= 2;
    helds->buckets = memory_new_array(helds->n_buckets, sizeof *helds->buckets);
    for (struct held *held = helds->oldest; held != NULL; held = held->newer) {
        struct held **bucket = find_bucket(helds, &held->msg_id);
        held->next_same = *bucket;
        *bucket = held;
    }
}

static void add_slab(struct helds *helds)
{
    struct slab *slab = memory_new(sizeof *slab);
    slab->next = helds->slabs;
    helds->slabs = slab;
    for (size_t i = SLAB_ENVELOPES; i > 0; i--) {
        slab->envelopes[i - 1].behind = helds->unused;
        helds->unused = &slab->envelopes[i - 1];
    }
}

struct held *helds_add(struct helds *helds, const struct ident *msg_id)
{
    if (helds->n >= helds->n_buckets) {
        grow_index(helds);
    }
    if (helds->unused == NULL) {
        add_slab(helds);
    }
    struct held *held = helds->unused;
    helds->unused = held->behind;
    *held = (struct held){.msg_id = *msg_id, .older = helds->newest};
    struct held **bucket = find_bucket(helds, msg_id);
    held->next_same = *bucket;
    *bucket = held;
    if (helds->newest != NULL) {
        helds->newest->newer = held;
    } else {
        helds->oldest = held;
    }
    helds->newest = held;
    helds->n++;
    return held;
}

void helds_remove(struct helds *helds, struct held *held)
{
    struct held **at = find_bucket(helds, &held->msg_id);
    while (*at != held) {
        PROMISE(*at != NULL);
        at = &(*at)->next_same;
    }
    *at = held->next_same;
    if (held->older != NULL) {
        held->older->newer = held->newer;
    } else {
        helds->oldest = held->newer;
    }
    if (held->newer != NULL) {
        held->newer->older = held->older;
    } else {
        helds->newest = held->older;
    }
    *held = (struct held){.behind = helds->unused};
    helds->unused = held;
    helds->n--;
}

struct held *helds_find(const struct helds *helds, const struct ident *msg_id)
{
    struct held *held = *find_bucket(helds, msg_id);
    while (held != NULL && !ident_equal(&held->msg_id, msg_id)) {
        held = held->next_same;
    }
    return held;
}

struct held *helds_oldest(const struct helds *helds)
{
    return helds->oldest;
}

size_t helds_count(const struct helds *helds)
{
    return helds->n;
}
