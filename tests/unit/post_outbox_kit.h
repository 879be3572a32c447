/* SPDX-License-Identifier: Apache-2.0
 *
 * post_outbox_kit: an outbox and letters of all states in it.
 */
#ifndef AMAAN_POST_OUTBOX_KIT_H
#define AMAAN_POST_OUTBOX_KIT_H

#include "outbox.h"
#include "post_kit.h"

#define NOW INT64_C(1790000000000)
enum { EPOCH = 200000000 };

struct outbox_bench {
    struct post_kit kit;
    struct outbox *outbox;
    struct buffer buffer;
    unsigned items; /* last one given out */
};

static inline int outbox_set_up(void **state)
{
    struct outbox_bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(outbox_open(bench->kit.db, &bench->outbox, NULL));
    buffer_init(&bench->buffer, 4096);
    *state = bench;
    return 0;
}

static inline int outbox_tear_down(void **state)
{
    struct outbox_bench *bench = *state;
    buffer_release(&bench->buffer);
    outbox_close(&bench->outbox);
    assert_null(bench->outbox);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

/* A letter with an item of its own, not put yet; it has a number unless seq is 0. */
static inline struct outbox_letter make_letter(
    struct outbox_bench *bench, unsigned peer, uint64_t seq, enum letter_state at)
{
    struct outbox_letter letter = {.item_id = post_kit_ident(++bench->items),
        .peer = post_kit_ident(peer),
        .kind = 1,
        .state = at,
        .created_ms = NOW,
        .changed_ms = NOW,
        .lifetime_s = LETTER_LIFETIME_S,
        .epoch = seq == 0 ? 0 : EPOCH,
        .seq = seq,
        .link = post_kit_hash((unsigned)seq),
        .msg_id = post_kit_ident(0x8000 + bench->items)};
    return letter;
}

static inline void put(struct outbox_bench *bench, struct outbox_letter *letter)
{
    assert_ok(outbox_put(
        bench->outbox, letter, span_text("boxed letter"), span_text("sealed bytes")));
}

static inline struct outbox_letter put_one(
    struct outbox_bench *bench, unsigned peer, uint64_t seq, enum letter_state at)
{
    struct outbox_letter letter = make_letter(bench, peer, seq, at);
    put(bench, &letter);
    return letter;
}

static inline struct outbox_letter get(struct outbox_bench *bench, int64_t id)
{
    struct outbox_letter letter;
    assert_ok(outbox_get(bench->outbox, id, &letter));
    return letter;
}

#define OUTBOX_TEST(name)                                                                \
    cmocka_unit_test_setup_teardown(name, outbox_set_up, outbox_tear_down)

#endif
