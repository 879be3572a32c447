/* SPDX-License-Identifier: Apache-2.0
 * Numbers are drawn with a random count of bits, so that short and long integers occur alike.
 */
#include <string.h>

#include "frames.h"
#include "memory.h"
#include "prekey.h"

static const uint32_t DOCUMENT_BYTES[DOCUMENT_TYPE_COUNT] = {
    0, ROOT_BYTES_MAX, ROSTER_BYTES_MAX, PROFILES_BYTES_MAX, NOTICE_BYTES_MAX};

static uint64_t draw(struct chance *chance, unsigned bits)
{
    uint64_t n_bits = chance_below(chance, bits + 1);
    return n_bits == 0 ? 0 : chance_u64(chance) >> (64 - n_bits);
}

static uint32_t draw32(struct chance *chance)
{
    return (uint32_t)draw(chance, 32);
}

static int64_t draw_time(struct chance *chance)
{
    return (int64_t)chance_below(chance, (uint64_t)TIME_MS_MAX + 1);
}

static struct span draw_span(
    struct chance *chance, struct arena *arena, size_t least, size_t most)
{
    size_t n = least + chance_below(chance, most - least + 1);
    uint8_t *bytes = arena_take(arena, n);
    PROMISE(bytes != NULL);
    chance_fill(chance, bytes, n);
    return span_of(bytes, n);
}

static enum refusal draw_refusal(struct chance *chance)
{
    return (enum refusal)(1 + chance_below(chance, REFUSAL_COUNT - 1));
}

static enum document_type draw_type(struct chance *chance)
{
    return (enum document_type)(1 + chance_below(chance, DOCUMENT_TYPE_COUNT - 1));
}

static void make_hello(struct chance *chance, struct frame *frame)
{
    frame->hello.version_min = 1 + draw32(chance) / 2;
    frame->hello.version_max = frame->hello.version_min + draw32(chance) / 2;
    frame->hello.suites = 1u | draw32(chance);
    frame->hello.node_id = ident_new(chance);
    frame->hello.roster_version = draw(chance, 64);
    chance_fill(chance, frame->hello.roster_hash, FRAME_HASH_BYTES);
    frame->hello.bundle_number = draw(chance, 64);
    frame->hello.bundles_mark = draw(chance, 64);
    frame->hello.locked = chance_below(chance, 2) == 1;
}

static void make_welcome(struct chance *chance, struct frame *frame)
{
    frame->welcome.version = 1 + draw32(chance) / 2;
    frame->welcome.suite_bits = 1u | draw32(chance);
    frame->welcome.store_id = ident_new(chance);
    frame->welcome.time_ms = draw_time(chance);
    frame->welcome.root_version = draw(chance, 64);
    frame->welcome.roster_version = draw(chance, 64);
    frame->welcome.profiles_version = draw(chance, 64);
    frame->welcome.notice_number = draw(chance, 64);
    chance_fill(chance, frame->welcome.roster_hash, FRAME_HASH_BYTES);
    frame->welcome.bundle_number = draw(chance, 64);
    frame->welcome.credit_bytes = draw32(chance);
    frame->welcome.waiting = draw32(chance);
    frame->welcome.waiting_express =
        (uint32_t)chance_below(chance, (uint64_t)frame->welcome.waiting + 1);
}

static void make_document(struct chance *chance, struct arena *arena, struct frame *frame)
{
    enum document_type type = draw_type(chance);
    uint32_t most = DOCUMENT_BYTES[type];
    uint32_t part_most = most < PART_BYTES_MAX ? most : PART_BYTES_MAX;
    frame->document.type = type;
    frame->document.version = 1 + draw(chance, 63);
    frame->document.part = draw_span(chance, arena, 1, part_most);
    uint32_t part_bytes = (uint32_t)frame->document.part.n;
    frame->document.offset = (uint32_t)chance_below(chance, most - part_bytes + 1);
    uint32_t end = frame->document.offset + part_bytes;
    frame->document.total_bytes = end + (uint32_t)chance_below(chance, most - end + 1);
}

static void make_bundles(struct chance *chance, struct arena *arena, struct frame *frame)
{
    size_t n = chance_below(chance, 20);
    struct span *list = arena_take(arena, (n + 1) * sizeof(*list));
    PROMISE(list != NULL);
    for (size_t i = 0; i < n; i++) {
        list[i] = draw_span(chance, arena, 1, 1464);
    }
    frame->bundles.n = n;
    frame->bundles.bundles = list;
    frame->bundles.mark = draw(chance, 64);
    frame->bundles.more = chance_below(chance, 2) == 1;
}

static void make_taken(struct chance *chance, struct arena *arena, struct frame *frame)
{
    size_t n = 1 + chance_below(chance, TAKEN_IDS_MAX);
    uint64_t *deliveries = arena_take(arena, n * sizeof(*deliveries));
    PROMISE(deliveries != NULL);
    for (size_t i = 0; i < n; i++) {
        deliveries[i] = 1 + draw(chance, 63);
    }
    frame->taken.n = n;
    frame->taken.deliveries = deliveries;
}

static void make_holds(struct chance *chance, struct arena *arena, struct frame *frame)
{
    frame->holds.n = 1 + (uint32_t)chance_below(chance, HAVE_IDS_MAX);
    size_t bytes = (frame->holds.n + 7) / 8;
    uint8_t *bitmap = arena_take(arena, bytes);
    PROMISE(bitmap != NULL);
    chance_fill(chance, bitmap, bytes);
    if (frame->holds.n % 8 != 0) {
        bitmap[bytes - 1] &= (uint8_t)((1u << frame->holds.n % 8) - 1);
    }
    frame->holds.bitmap = span_of(bitmap, bytes);
}

static void make_list(struct chance *chance, struct arena *arena, struct frame *frame)
{
    switch (frame->kind) {
    case FRAME_DOCUMENT:
        make_document(chance, arena, frame);
        break;
    case FRAME_BUNDLE_PUT:
        frame->bundle_put.bundle = draw_span(chance, arena, 1, BUNDLE_BYTES_MAX);
        break;
    case FRAME_BUNDLES:
        make_bundles(chance, arena, frame);
        break;
    case FRAME_OFFER:
        frame->offer.envelope = draw_span(chance, arena, 1, ENVELOPE_BYTES_MAX);
        frame->offer.again = chance_below(chance, 2) == 1;
        break;
    case FRAME_DELIVER:
        frame->deliver.delivery = 1 + draw(chance, 63);
        frame->deliver.envelope = draw_span(chance, arena, 1, ENVELOPE_BYTES_MAX);
        break;
    case FRAME_TAKEN:
        make_taken(chance, arena, frame);
        break;
    case FRAME_HAVE: {
        struct span ids = draw_span(
            chance, arena, HAVE_IDS_MAX * IDENT_BYTES, HAVE_IDS_MAX * IDENT_BYTES);
        frame->have.n = 1 + chance_below(chance, HAVE_IDS_MAX);
        frame->have.msg_ids = (const struct ident *)(const void *)ids.at;
        break;
    }
    case FRAME_HELD: {
        struct span ids = draw_span(
            chance, arena, HELD_IDS_MAX * IDENT_BYTES, HELD_IDS_MAX * IDENT_BYTES);
        frame->held.n = 1 + chance_below(chance, HELD_IDS_MAX);
        frame->held.msg_ids = (const struct ident *)(const void *)ids.at;
        break;
    }
    case FRAME_HOLDS:
        make_holds(chance, arena, frame);
        break;
    default:
        BUG("a kind of frame that frames_make does not know");
    }
}

struct frame frames_make(struct chance *chance, struct arena *arena, enum frame_kind kind)
{
    struct frame frame = {.kind = kind};
    switch (kind) {
    case FRAME_HELLO:
        make_hello(chance, &frame);
        break;
    case FRAME_WELCOME:
        make_welcome(chance, &frame);
        break;
    case FRAME_REFUSED: {
        static const enum silence silences[] = {
            SILENCE_NONE, SILENCE_DAY, SILENCE_WEEK, SILENCE_35_DAYS};
        frame.refused.msg_id = ident_new(chance);
        frame.refused.code = draw_refusal(chance);
        frame.refused.retry_after_s = draw32(chance);
        frame.refused.silence = silences[chance_below(chance, 4)];
        break;
    }
    case FRAME_DOCUMENT_GET:
        frame.document_get.type = draw_type(chance);
        frame.document_get.version = draw(chance, 64);
        frame.document_get.offset =
            (uint32_t)chance_below(chance, DOCUMENT_BYTES[frame.document_get.type]);
        break;
    case FRAME_BUNDLES_GET:
        frame.bundles_get.mark = draw(chance, 64);
        break;
    case FRAME_RECALL:
        frame.recall.msg_id = ident_new(chance);
        break;
    case FRAME_EMPTY:
        break;
    case FRAME_CREDIT:
        frame.credit.bytes = 1 + draw32(chance) / 2;
        break;
    case FRAME_PING:
    case FRAME_PONG:
        frame.ping.time_ms = draw_time(chance);
        break;
    case FRAME_BYE:
        frame.bye.reason = (enum refusal)chance_below(chance, REFUSAL_COUNT);
        break;
    default:
        make_list(chance, arena, &frame);
    }
    return frame;
}

static bool hellos_equal(const struct frame *a, const struct frame *b)
{
    return a->hello.version_min == b->hello.version_min &&
           a->hello.version_max == b->hello.version_max &&
           a->hello.suites == b->hello.suites &&
           ident_equal(&a->hello.node_id, &b->hello.node_id) &&
           a->hello.roster_version == b->hello.roster_version &&
           memcmp(a->hello.roster_hash, b->hello.roster_hash, FRAME_HASH_BYTES) == 0 &&
           a->hello.bundle_number == b->hello.bundle_number &&
           a->hello.bundles_mark == b->hello.bundles_mark &&
           a->hello.locked == b->hello.locked;
}

static bool welcomes_equal(const struct frame *a, const struct frame *b)
{
    return a->welcome.version == b->welcome.version &&
           a->welcome.suite_bits == b->welcome.suite_bits &&
           ident_equal(&a->welcome.store_id, &b->welcome.store_id) &&
           a->welcome.time_ms == b->welcome.time_ms &&
           a->welcome.root_version == b->welcome.root_version &&
           a->welcome.roster_version == b->welcome.roster_version &&
           a->welcome.profiles_version == b->welcome.profiles_version &&
           a->welcome.notice_number == b->welcome.notice_number &&
           memcmp(a->welcome.roster_hash, b->welcome.roster_hash, FRAME_HASH_BYTES) ==
               0 &&
           a->welcome.bundle_number == b->welcome.bundle_number &&
           a->welcome.credit_bytes == b->welcome.credit_bytes &&
           a->welcome.waiting == b->welcome.waiting &&
           a->welcome.waiting_express == b->welcome.waiting_express;
}

static bool documents_equal(const struct frame *a, const struct frame *b)
{
    return a->document.type == b->document.type &&
           a->document.version == b->document.version &&
           a->document.total_bytes == b->document.total_bytes &&
           a->document.offset == b->document.offset &&
           span_equal(a->document.part, b->document.part);
}

static bool bundles_equal(const struct frame *a, const struct frame *b)
{
    bool equal = a->bundles.n == b->bundles.n && a->bundles.mark == b->bundles.mark &&
                 a->bundles.more == b->bundles.more;
    for (size_t i = 0; equal && i < a->bundles.n; i++) {
        equal = span_equal(a->bundles.bundles[i], b->bundles.bundles[i]);
    }
    return equal;
}

static bool lists_equal(const struct frame *a, const struct frame *b)
{
    switch (a->kind) {
    case FRAME_BUNDLE_PUT:
        return span_equal(a->bundle_put.bundle, b->bundle_put.bundle);
    case FRAME_BUNDLES:
        return bundles_equal(a, b);
    case FRAME_OFFER:
        return a->offer.again == b->offer.again &&
               span_equal(a->offer.envelope, b->offer.envelope);
    case FRAME_DELIVER:
        return a->deliver.delivery == b->deliver.delivery &&
               span_equal(a->deliver.envelope, b->deliver.envelope);
    case FRAME_TAKEN:
        return a->taken.n == b->taken.n &&
               memcmp(a->taken.deliveries, b->taken.deliveries,
                   a->taken.n * sizeof(uint64_t)) == 0;
    case FRAME_HAVE:
        return a->have.n == b->have.n &&
               memcmp(a->have.msg_ids, b->have.msg_ids, a->have.n * IDENT_BYTES) == 0;
    case FRAME_HOLDS:
        return a->holds.n == b->holds.n && span_equal(a->holds.bitmap, b->holds.bitmap);
    default:
        return false;
    }
}

bool frames_equal(const struct frame *a, const struct frame *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case FRAME_HELLO:
        return hellos_equal(a, b);
    case FRAME_WELCOME:
        return welcomes_equal(a, b);
    case FRAME_REFUSED:
        return ident_equal(&a->refused.msg_id, &b->refused.msg_id) &&
               a->refused.code == b->refused.code &&
               a->refused.retry_after_s == b->refused.retry_after_s &&
               a->refused.silence == b->refused.silence;
    case FRAME_DOCUMENT_GET:
        return a->document_get.type == b->document_get.type &&
               a->document_get.version == b->document_get.version &&
               a->document_get.offset == b->document_get.offset;
    case FRAME_DOCUMENT:
        return documents_equal(a, b);
    case FRAME_BUNDLES_GET:
        return a->bundles_get.mark == b->bundles_get.mark;
    case FRAME_HELD:
        return a->held.n == b->held.n && memcmp(a->held.msg_ids, b->held.msg_ids,
                                             a->held.n * sizeof *a->held.msg_ids) == 0;
    case FRAME_RECALL:
        return ident_equal(&a->recall.msg_id, &b->recall.msg_id);
    case FRAME_EMPTY:
        return true;
    case FRAME_CREDIT:
        return a->credit.bytes == b->credit.bytes;
    case FRAME_PING:
    case FRAME_PONG:
        return a->ping.time_ms == b->ping.time_ms;
    case FRAME_BYE:
        return a->bye.reason == b->bye.reason;
    default:
        return lists_equal(a, b);
    }
}
