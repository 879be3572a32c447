/* SPDX-License-Identifier: Apache-2.0
 *
 * inside: what stories about nodes/post see in a node's stores and do in a turn of it, beyond what people see.
 */
#ifndef AMAAN_INSIDE_H
#define AMAAN_INSIDE_H

#include "check.h"
#include "parts.h"
#include "scenario.h"
#include "world_member.h"

static inline struct post *post_of(struct world *world, size_t i)
{
    return node_post(world_node(world, i));
}

static inline struct post_status status_of(struct world *world, size_t i)
{
    struct post_status status;
    assert_ok(post_status(post_of(world, i), &status));
    return status;
}

static inline struct peer peer_of(struct world *world, size_t i, size_t other)
{
    struct peer peer;
    assert_ok(peers_find(post_of(world, i)->peers, world_node_id(world, other), &peer));
    return peer;
}

/* The letter that node i sent to `to` under this number of its present epoch. */
static inline struct outbox_letter sent_letter(
    struct world *world, size_t i, size_t to, uint64_t seq)
{
    struct outbox_letter letter;
    struct peer peer = peer_of(world, i, to);
    assert_ok(outbox_find_number(post_of(world, i)->outbox, world_node_id(world, to),
        peer.last_epoch, seq, &letter));
    return letter;
}

/* The newest draft of node i. */
static inline struct outbox_letter last_draft(struct world *world, size_t i)
{
    struct outbox_letter letter, found = {0};
    while (outbox_next_draft(post_of(world, i)->outbox, found.id, &letter) == STATUS_OK)
        found = letter;
    assert_int_not_equal(found.id, 0);
    return found;
}

/* Numbers of node i to `to` that are not settled there. */
static inline int count_unsettled(struct world *world, size_t i, size_t to)
{
    struct outbox_letter letter = {0};
    int n = 0;
    while (outbox_next_unsettled(post_of(world, i)->outbox, world_node_id(world, to),
               letter.id, &letter) == STATUS_OK)
        n++;
    return n;
}

/* How the liar's number stands at its recipient; NOT_FOUND as SETTLED_NOT with id 0. */
static inline struct inbox_letter came(const struct world_member *liar, uint64_t seq)
{
    struct inbox_letter letter = {0};
    enum status status = inbox_find(post_of(liar->world, liar->to)->inbox,
        world_node_id(liar->world, liar->from), liar->epoch, seq, &letter);
    assert_true(status == STATUS_OK || status == STATUS_NOT_FOUND);
    return letter;
}

/* What the recipient's signed receipt under that number says; 0 if there is none. */
static inline enum receipt_status receipted(const struct world_member *liar, uint64_t seq)
{
    uint8_t bytes[RECEIPT_BYTES];
    struct inbox_letter letter = came(liar, seq);
    return letter.has_receipt && inbox_receipt(post_of(liar->world, liar->to)->inbox,
                                     letter.id, bytes) == STATUS_OK
               ? (enum receipt_status)bytes[4]
               : (enum receipt_status)0;
}

static inline struct chain_row chain_at(const struct world_member *liar)
{
    struct chain_row row = {0};
    enum status status = chain_find(post_of(liar->world, liar->to)->chain,
        world_node_id(liar->world, liar->from), liar->epoch, &row);
    assert_true(status == STATUS_OK || status == STATUS_NOT_FOUND);
    return row;
}

static inline enum status withdraw(
    struct world *world, size_t i, const struct ident *item_id)
{
    assert_ok(node_begin(world_node(world, i)));
    enum status status = post_withdraw(post_of(world, i), item_id);
    assert_ok(node_end(world_node(world, i)));
    return status;
}

/* As if the broker had said it. */
static inline void inject(struct world *world, size_t i, const struct frame *frame)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    assert_ok(frame_encode(frame, &bytes));
    world_inject(world, i, buffer_span(&bytes));
    buffer_release(&bytes);
}

/* Decodes one frame of a line: what it points to stays until the next one. */
static inline bool read_frame(struct span bytes, struct frame *ret)
{
    static struct arena *arena;
    if (arena == NULL)
        arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    arena_reset(arena);
    return frame_decode(arena, bytes, ret) == STATUS_OK;
}

/* How many frames of each kind a node said: world_tamper_out(world, overhear, &talk). */
struct talk {
    size_t who;
    int said[FRAME_KIND_COUNT];
};

static inline bool overhear(void *context, size_t i, struct buffer *bytes)
{
    struct talk *talk = context;
    struct frame frame;
    if (i == talk->who && read_frame(buffer_span(bytes), &frame))
        talk->said[frame.kind]++;
    return true;
}

static inline int64_t held_at_broker(struct world *world)
{
    struct broker_status status;
    broker_status(world_broker(world), &status);
    return status.envelopes;
}

#endif
