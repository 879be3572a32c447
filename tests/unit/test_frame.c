/* SPDX-License-Identifier: Apache-2.0
 * Frames of every kind, and what a hostile peer may send instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "frames.h"
#include "hostile.h"
#include "memory.h"
#include "prekey.h"
#include "seeded.h"
#include "vectors.h"

static struct seeded seed;
static struct arena *made, *decoded; /* what a test makes, what the decoder makes of it */
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 20261124);
    made = arena_new(4 * FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    decoded = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    buffer_init(&buffer, FRAME_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&made);
    arena_destroy(&decoded);
    buffer_release(&buffer);
    return 0;
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct frame frame;
    arena_reset(decoded);
    return frame_decode(decoded, bytes, &frame);
}

static enum status decode_bytes(const void *bytes, size_t n)
{
    return decode(NULL, span_of(bytes, n));
}

static enum status decode_encoded(const struct frame *frame)
{
    assert_int_equal(frame_encode(frame, &buffer), STATUS_OK);
    return decode(NULL, buffer_span(&buffer));
}

static void frame__of_every_kind_comes_back_as_it_was(void **state)
{
    (void)state;
    for (int round = 0; round < 40; round++) {
        for (int kind = FRAME_HELLO; kind < FRAME_KIND_COUNT; kind++) {
            arena_reset(made);
            arena_reset(decoded);
            struct frame frame = frames_make(&seed.chance, made, (enum frame_kind)kind),
                         back;
            assert_int_equal(frame_encode(&frame, &buffer), STATUS_OK);
            assert_int_equal(
                frame_decode(decoded, buffer_span(&buffer), &back), STATUS_OK);
            assert_true(frames_equal(&frame, &back));
        }
    }
}

static void frame__number_of_a_kind_is_the_number_of_its_field(void **state)
{
    (void)state;
    for (int kind = FRAME_HELLO; kind < FRAME_KIND_COUNT; kind++) {
        arena_reset(made);
        struct frame frame = frames_make(&seed.chance, made, (enum frame_kind)kind);
        assert_int_equal(frame_encode(&frame, &buffer), STATUS_OK);
        unsigned tag = buffer.bytes[0] & 0x7fu;
        if (buffer.bytes[0] >= 0x80) {
            tag |= (unsigned)buffer.bytes[1] << 7;
        }
        assert_int_equal(tag, kind << 3 | 2);
    }
}

static void frame__refuses_being_cut_at_any_length_or_having_more(void **state)
{
    (void)state;
    for (int kind = FRAME_HELLO; kind < FRAME_KIND_COUNT; kind++) {
        arena_reset(made);
        struct frame frame = frames_make(&seed.chance, made, (enum frame_kind)kind);
        if (kind == FRAME_OFFER || kind == FRAME_DELIVER) {
            struct span *envelope =
                kind == FRAME_OFFER ? &frame.offer.envelope : &frame.deliver.envelope;
            envelope->n = envelope->n < 2152 ? envelope->n : 2152;
        }
        if (kind == FRAME_DOCUMENT && frame.document.part.n > 2000) {
            frame.document.part.n = 2000;
        }
        assert_int_equal(frame_encode(&frame, &buffer), STATUS_OK);
        hostile_cut(buffer_span(&buffer), decode, NULL);
    }
}

static void frame__survives_flipped_bits_in_every_kind(void **state)
{
    (void)state;
    for (int kind = FRAME_HELLO; kind < FRAME_KIND_COUNT; kind++) {
        arena_reset(made);
        struct frame frame = frames_make(&seed.chance, made, (enum frame_kind)kind);
        assert_int_equal(frame_encode(&frame, &buffer), STATUS_OK);
        assert_true(
            hostile_flip(buffer_span(&buffer), 200, &seed.chance, decode, NULL) > 0);
    }
}

static void frame__survives_random_bytes(void **state)
{
    (void)state;
    uint8_t bytes[600];
    for (int i = 0; i < 20000; i++) {
        size_t n = chance_below(&seed.chance, sizeof bytes);
        chance_fill(&seed.chance, bytes, n);
        if (n > 2 && i % 2 == 0) { /* the way into a kind */
            bytes[0] = (uint8_t)((1 + chance_below(&seed.chance, 15)) << 3 | 2);
            bytes[1] = (uint8_t)(n - 2);
        }
        enum status status = decode_bytes(bytes, n);
        assert_true(status == STATUS_OK || status == STATUS_MALFORMED ||
                    status == STATUS_UNSUPPORTED || status == STATUS_TOO_BIG);
    }
}

static void frame__without_a_kind_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(decode_bytes("", 0), STATUS_MALFORMED);
}

static void frame__of_an_unknown_kind_is_unsupported(void **state)
{
    (void)state;
    assert_int_equal(decode_bytes("\xaa\x01\x00", 3), STATUS_UNSUPPORTED); /* 21 */
    assert_int_equal(
        decode_bytes("\xaa\x01\x02\x08\x01", 5), STATUS_UNSUPPORTED); /* 21 */
    assert_int_equal(decode_bytes("\xa8\x01\x07", 3), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\xaa\x01\x00\xaa\x01\x00", 6), STATUS_MALFORMED);
}

static void frame__with_two_kinds_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(decode_bytes("\x6a\x00", 2), STATUS_OK); /* EMPTY */
    assert_int_equal(decode_bytes("\x6a\x00\x9a\x01\x00", 5), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x6a\x00\x6a\x00", 4), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x6a\x00\xaa\x01\x00", 5), STATUS_MALFORMED);
}

static void frame__with_an_unknown_field_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(decode_bytes("\x8a\x01\x02\x08\x05", 5), STATUS_OK); /* CREDIT 5 */
    assert_int_equal(decode_bytes("\x8a\x01\x04\x08\x05\x10\x01", 7), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x6a\x02\x08\x01", 4), STATUS_MALFORMED);
}

static void frame__in_a_longer_form_than_needed_is_malformed(void **state)
{
    (void)state;
    /* A field twice, a padded integer, a padded length, a default written out, a list not packed. */
    assert_int_equal(decode_bytes("\x8a\x01\x04\x08\x04\x08\x05", 7), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x8a\x01\x03\x08\x85\x00", 6), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x8a\x01\x82\x00\x08\x05", 6), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x3a\x00", 2), STATUS_OK); /* BUNDLES_GET, mark 0 */
    assert_int_equal(decode_bytes("\x3a\x02\x08\x00", 4), STATUS_MALFORMED);
    assert_int_equal(
        decode_bytes("\x62\x04\x0a\x02\x05\x06", 6), STATUS_OK); /* TAKEN 5 6 */
    assert_int_equal(
        decode_bytes("\x62\x06\x08\x05\x08\x06\x08\x07", 8), STATUS_MALFORMED);
}

static void frame__with_a_wrong_wire_type_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(
        decode_bytes("\x68\x01", 2), STATUS_MALFORMED); /* EMPTY as a number */
    assert_int_equal(
        decode_bytes("\x8a\x01\x05\x0d\x05\x00\x00\x00", 8), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x6b\x6c", 2), STATUS_MALFORMED); /* a group */
}

static void frame__larger_than_the_limit_is_too_big(void **state)
{
    (void)state;
    uint8_t *bytes = memory_new(FRAME_BYTES_MAX + 1);
    assert_int_equal(decode_bytes(bytes, FRAME_BYTES_MAX + 1), STATUS_TOO_BIG);
    memory_free(bytes);
}

static void frame__that_needs_more_memory_than_the_budget_is_too_big(void **state)
{
    (void)state;
    struct frame frame = frames_make(&seed.chance, made, FRAME_OFFER), back;
    frame.offer.envelope.n = 1;
    assert_int_equal(frame_encode(&frame, &buffer), STATUS_OK);
    struct arena *few_bytes = arena_new(40, FRAME_ARENA_PIECES);
    struct arena *few_pieces = arena_new(FRAME_ARENA_BYTES, 1);
    assert_int_equal(
        frame_decode(few_bytes, buffer_span(&buffer), &back), STATUS_TOO_BIG);
    assert_int_equal(
        frame_decode(few_pieces, buffer_span(&buffer), &back), STATUS_TOO_BIG);
    arena_destroy(&few_bytes);
    arena_destroy(&few_pieces);
}

static void frame__of_many_tiny_pieces_is_too_big_before_it_costs_memory(void **state)
{
    (void)state;
    /* BUNDLES with 9,000 bundles of one byte: 27,000 bytes on the line. */
    enum { N = 9000 };
    uint8_t *bytes = memory_new(4 + 3 * N);
    memcpy(bytes, "\x42\xf8\xd2\x01", 4);
    for (size_t i = 0; i < N; i++) {
        memcpy(bytes + 4 + 3 * i, "\x0a\x01\x5a", 3);
    }
    assert_int_equal(decode_bytes(bytes, 4 + 3 * N), STATUS_TOO_BIG);
    memory_free(bytes);
}

static void frame__lists_beyond_their_limits_are_too_big(void **state)
{
    (void)state;
    uint8_t *bytes = memory_new(2 * FRAME_BYTES_MAX);
    struct frame have = {.kind = FRAME_HAVE};
    have.have.n = HAVE_IDS_MAX + 1;
    have.have.msg_ids = (const struct ident *)(const void *)bytes;
    assert_int_equal(frame_encode(&have, &buffer), STATUS_TOO_BIG);
    struct frame offer = {.kind = FRAME_OFFER};
    offer.offer.envelope = span_of(bytes, ENVELOPE_BYTES_MAX + 1);
    assert_int_equal(frame_encode(&offer, &buffer), STATUS_TOO_BIG);
    struct frame deliver = {.kind = FRAME_DELIVER};
    deliver.deliver.envelope = span_of(bytes, ENVELOPE_BYTES_MAX + 1);
    assert_int_equal(frame_encode(&deliver, &buffer), STATUS_TOO_BIG);
    struct frame put = {.kind = FRAME_BUNDLE_PUT};
    put.bundle_put.bundle = span_of(bytes, BUNDLE_BYTES_MAX + 1);
    assert_int_equal(frame_encode(&put, &buffer), STATUS_TOO_BIG);
    struct frame document = {.kind = FRAME_DOCUMENT};
    document.document.part = span_of(bytes, PART_BYTES_MAX + 1);
    assert_int_equal(frame_encode(&document, &buffer), STATUS_TOO_BIG);
    struct span pair[2] = {span_of(bytes, PART_BYTES_MAX), span_of(bytes, 1)};
    struct frame bundles = {.kind = FRAME_BUNDLES};
    bundles.bundles.n = 2;
    bundles.bundles.bundles = pair;
    assert_int_equal(frame_encode(&bundles, &buffer), STATUS_TOO_BIG);
    memory_free(bytes);
}

static void frame__lists_beyond_their_limits_are_refused_when_a_peer_sends_them(
    void **state)
{
    (void)state;
    uint8_t *bytes = memory_new(FRAME_BYTES_MAX);
    /* HAVE with 513 ids: 8,208 bytes. */
    memcpy(bytes, "\x72\x93\x40\x0a\x90\x40", 6);
    assert_int_equal(decode_bytes(bytes, 6 + 8208), STATUS_TOO_BIG);
    /* TAKEN with 2,049 numbers of one byte. */
    memcpy(bytes, "\x62\x84\x10\x0a\x81\x10", 6);
    memset(bytes + 6, 1, 2049);
    assert_int_equal(decode_bytes(bytes, 6 + 2049), STATUS_TOO_BIG);
    /* HOLDS for 513. */
    memcpy(bytes, "\x7a\x46\x08\x81\x04\x12\x41", 7);
    assert_int_equal(decode_bytes(bytes, 7 + 65), STATUS_TOO_BIG);
    /* OFFER of 33,025 bytes. */
    memset(bytes, 0, FRAME_BYTES_MAX);
    memcpy(bytes, "\x4a\x85\x82\x02\x0a\x81\x82\x02", 8);
    assert_int_equal(decode_bytes(bytes, 8 + 33025), STATUS_TOO_BIG);
    memory_free(bytes);
}

static void frame__empty_lists_and_parts_are_malformed(void **state)
{
    (void)state;
    static const enum frame_kind kinds[] = {FRAME_DOCUMENT, FRAME_BUNDLE_PUT, FRAME_OFFER,
        FRAME_DELIVER, FRAME_TAKEN, FRAME_HAVE, FRAME_HOLDS, FRAME_CREDIT, FRAME_HELD,
        FRAME_RECALL, FRAME_HELLO, FRAME_WELCOME, FRAME_REFUSED, FRAME_DOCUMENT_GET};
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        unsigned tag = (unsigned)kinds[i] << 3 | 2;
        uint8_t bytes[3] = {(uint8_t)tag, 0, 0};
        size_t n = 2;
        if (tag >= 0x80) {
            bytes[0] = (uint8_t)(tag & 0x7f) | 0x80;
            bytes[1] = (uint8_t)(tag >> 7);
            n = 3;
        }
        assert_int_equal(decode_bytes(bytes, n), STATUS_MALFORMED);
    }
}

static void hello__refuses_versions_and_names_that_cannot_be(void **state)
{
    (void)state;
    struct frame good = frames_make(&seed.chance, made, FRAME_HELLO), bad = good;
    assert_int_equal(decode_encoded(&good), STATUS_OK);
    bad.hello.version_min = bad.hello.version_max + 1;
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
    bad = good;
    bad.hello.version_min = 0;
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
    bad = good;
    bad.hello.suites = 0;
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
    bad = good;
    memset(&bad.hello.node_id, 0, sizeof bad.hello.node_id);
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
}

static void welcome__refuses_times_and_counts_that_cannot_be(void **state)
{
    (void)state;
    struct frame good = frames_make(&seed.chance, made, FRAME_WELCOME), bad = good;
    assert_int_equal(decode_encoded(&good), STATUS_OK);
    bad.welcome.time_ms = TIME_MS_MAX + 1;
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
    bad = good;
    bad.welcome.time_ms = -1;
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
    bad = good;
    bad.welcome.waiting = 3;
    bad.welcome.waiting_express = 4;
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
    bad = good;
    memset(&bad.welcome.store_id, 0, sizeof bad.welcome.store_id);
    assert_int_equal(decode_encoded(&bad), STATUS_MALFORMED);
}

static void refused__with_an_unknown_code_or_silence_is_unsupported(void **state)
{
    (void)state;
    struct frame good = frames_make(&seed.chance, made, FRAME_REFUSED), bad = good;
    bad.refused.code = REFUSAL_COUNT;
    assert_int_equal(decode_encoded(&bad), STATUS_UNSUPPORTED);
    bad = good;
    bad.refused.silence = (enum silence)2;
    assert_int_equal(decode_encoded(&bad), STATUS_UNSUPPORTED);
    bad = (struct frame){.kind = FRAME_BYE};
    bad.bye.reason = REFUSAL_COUNT;
    assert_int_equal(decode_encoded(&bad), STATUS_UNSUPPORTED);
}

static void document__refuses_parts_outside_of_the_whole(void **state)
{
    (void)state;
    static const uint8_t part[100];
    struct frame frame = {.kind = FRAME_DOCUMENT};
    frame.document.type = DOCUMENT_NOTICE;
    frame.document.version = 1;
    frame.document.total_bytes = 300;
    frame.document.offset = 200;
    frame.document.part = span_of(part, sizeof part);
    assert_int_equal(decode_encoded(&frame), STATUS_OK);
    frame.document.offset = 201;
    assert_int_equal(decode_encoded(&frame), STATUS_MALFORMED);
    frame.document.offset = UINT32_MAX - 50;
    assert_int_equal(decode_encoded(&frame), STATUS_MALFORMED);
    frame.document.offset = 200;
    frame.document.total_bytes = NOTICE_BYTES_MAX + 1;
    assert_int_equal(decode_encoded(&frame), STATUS_TOO_BIG);
    frame.document.total_bytes = 300;
    frame.document.version = 0;
    assert_int_equal(decode_encoded(&frame), STATUS_MALFORMED);
    frame.document.version = 1;
    frame.document.type = DOCUMENT_TYPE_COUNT;
    assert_int_equal(decode_encoded(&frame), STATUS_UNSUPPORTED);
    struct frame get = {.kind = FRAME_DOCUMENT_GET};
    get.document_get.type = DOCUMENT_TYPE_COUNT;
    assert_int_equal(decode_encoded(&get), STATUS_UNSUPPORTED);
    get.document_get.type = DOCUMENT_ROOT;
    get.document_get.offset = ROOT_BYTES_MAX;
    assert_int_equal(decode_encoded(&get), STATUS_TOO_BIG);
}

static void holds__refuses_a_bitmap_of_another_length_or_with_spare_bits(void **state)
{
    (void)state;
    uint8_t bits[2] = {0xff, 0x03};
    struct frame frame = {.kind = FRAME_HOLDS};
    frame.holds.n = 10;
    frame.holds.bitmap = span_of(bits, 2);
    assert_int_equal(decode_encoded(&frame), STATUS_OK);
    bits[1] = 0x04;
    assert_int_equal(decode_encoded(&frame), STATUS_MALFORMED);
    bits[1] = 0x03;
    frame.holds.bitmap.n = 1;
    assert_int_equal(decode_encoded(&frame), STATUS_MALFORMED);
    frame.holds.n = 17;
    frame.holds.bitmap.n = 2;
    assert_int_equal(decode_encoded(&frame), STATUS_MALFORMED);
}

static void frame__numbers_and_ids_that_name_nothing_are_malformed(void **state)
{
    (void)state;
    static const uint8_t envelope[4];
    static const uint64_t deliveries[2] = {7, 0};
    struct frame deliver = {.kind = FRAME_DELIVER};
    deliver.deliver.envelope = span_of(envelope, sizeof envelope);
    assert_int_equal(decode_encoded(&deliver), STATUS_MALFORMED);
    struct frame taken = {.kind = FRAME_TAKEN};
    taken.taken.n = 2;
    taken.taken.deliveries = deliveries;
    assert_int_equal(decode_encoded(&taken), STATUS_MALFORMED);
    struct frame held = {.kind = FRAME_HELD};
    assert_int_equal(decode_encoded(&held), STATUS_MALFORMED);
    struct frame recall = {.kind = FRAME_RECALL};
    assert_int_equal(decode_encoded(&recall), STATUS_MALFORMED);
    assert_int_equal(decode_bytes("\x72\x11\x0a\x0f"
                                  "123456789012345",
                         19),
        STATUS_MALFORMED);
}

static void frame__leaves_the_output_alone_when_it_refuses(void **state)
{
    (void)state;
    struct frame frame = {.kind = FRAME_PONG};
    frame.ping.time_ms = 42;
    arena_reset(decoded);
    assert_int_equal(
        frame_decode(decoded, span_of("\x6a\x01", 2), &frame), STATUS_MALFORMED);
    assert_int_equal(frame.kind, FRAME_PONG);
    assert_true(frame.ping.time_ms == 42);
}

static void frame__holds_the_largest_envelope_and_the_longest_lists(void **state)
{
    (void)state;
    uint8_t *bytes = memory_new(ENVELOPE_BYTES_MAX);
    struct frame offer = {.kind = FRAME_OFFER};
    offer.offer.envelope = span_of(bytes, ENVELOPE_BYTES_MAX);
    offer.offer.again = true;
    assert_int_equal(decode_encoded(&offer), STATUS_OK);
    uint64_t *deliveries = memory_new_array(TAKEN_IDS_MAX, sizeof(*deliveries));
    memset(deliveries, 0xff, TAKEN_IDS_MAX * sizeof(*deliveries));
    struct frame taken = {.kind = FRAME_TAKEN};
    taken.taken.n = TAKEN_IDS_MAX;
    taken.taken.deliveries = deliveries;
    assert_int_equal(decode_encoded(&taken), STATUS_OK);
    memory_free(deliveries);
    enum { N = PART_BYTES_MAX / 176 };
    struct span list[N];
    for (size_t i = 0; i < N; i++) {
        list[i] = span_of(bytes, 176);
    }
    struct frame bundles = {.kind = FRAME_BUNDLES};
    bundles.bundles.n = N;
    bundles.bundles.bundles = list;
    assert_int_equal(decode_encoded(&bundles), STATUS_OK);
    memory_free(bytes);
}

static void frame__encoder_replaces_what_the_buffer_held(void **state)
{
    (void)state;
    struct frame ping = {.kind = FRAME_PING}, empty = {.kind = FRAME_EMPTY};
    ping.ping.time_ms = 1234567;
    assert_int_equal(frame_encode(&ping, &buffer), STATUS_OK);
    assert_int_equal(frame_encode(&empty, &buffer), STATUS_OK);
    assert_true(span_equal(buffer_span(&buffer), span_of("\x6a\x00", 2)));
    struct buffer small;
    buffer_init(&small, 3);
    assert_int_equal(frame_encode(&ping, &small), STATUS_TOO_BIG);
    buffer_release(&small);
}

static void frame__names_of_kinds_and_refusals_are_all_told_and_different(void **state)
{
    (void)state;
    for (int a = 1; a < FRAME_KIND_COUNT; a++) {
        assert_string_not_equal(frame_kind_name((enum frame_kind)a), "unknown");
        for (int b = 1; b < a; b++) {
            assert_string_not_equal(
                frame_kind_name((enum frame_kind)a), frame_kind_name((enum frame_kind)b));
        }
    }
    for (int a = 1; a < REFUSAL_COUNT; a++) {
        assert_string_not_equal(refusal_name((enum refusal)a), "unknown");
        for (int b = 1; b < a; b++) {
            assert_string_not_equal(
                refusal_name((enum refusal)a), refusal_name((enum refusal)b));
        }
    }
    assert_string_equal(frame_kind_name(FRAME_KIND_COUNT), "unknown");
    assert_string_equal(refusal_name(REFUSAL_COUNT), "unknown");
    assert_string_equal(refusal_name(REFUSAL_MAILBOX_FULL), "mailbox_full");
}

static void frame__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("frame.txt");
    uint32_t seen = 0;
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct span frozen = vectors_get(vectors, i, "frame");
        struct frame frame;
        arena_reset(decoded);
        assert_int_equal(frame_decode(decoded, frozen, &frame), STATUS_OK);
        assert_string_equal(frame_kind_name(frame.kind), vectors_title(vectors, i));
        seen |= UINT32_C(1) << frame.kind;
        assert_int_equal(frame_encode(&frame, &buffer), STATUS_OK);
        assert_true(span_equal(buffer_span(&buffer), frozen));
    }
    assert_int_equal(seen, (UINT32_C(1) << FRAME_KIND_COUNT) - 2);
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame__of_every_kind_comes_back_as_it_was),
        cmocka_unit_test(frame__number_of_a_kind_is_the_number_of_its_field),
        cmocka_unit_test(frame__refuses_being_cut_at_any_length_or_having_more),
        cmocka_unit_test(frame__survives_flipped_bits_in_every_kind),
        cmocka_unit_test(frame__survives_random_bytes),
        cmocka_unit_test(frame__without_a_kind_is_malformed),
        cmocka_unit_test(frame__of_an_unknown_kind_is_unsupported),
        cmocka_unit_test(frame__with_two_kinds_is_malformed),
        cmocka_unit_test(frame__with_an_unknown_field_is_malformed),
        cmocka_unit_test(frame__in_a_longer_form_than_needed_is_malformed),
        cmocka_unit_test(frame__with_a_wrong_wire_type_is_malformed),
        cmocka_unit_test(frame__larger_than_the_limit_is_too_big),
        cmocka_unit_test(frame__that_needs_more_memory_than_the_budget_is_too_big),
        cmocka_unit_test(frame__of_many_tiny_pieces_is_too_big_before_it_costs_memory),
        cmocka_unit_test(frame__lists_beyond_their_limits_are_too_big),
        cmocka_unit_test(
            frame__lists_beyond_their_limits_are_refused_when_a_peer_sends_them),
        cmocka_unit_test(frame__empty_lists_and_parts_are_malformed),
        cmocka_unit_test(hello__refuses_versions_and_names_that_cannot_be),
        cmocka_unit_test(welcome__refuses_times_and_counts_that_cannot_be),
        cmocka_unit_test(refused__with_an_unknown_code_or_silence_is_unsupported),
        cmocka_unit_test(document__refuses_parts_outside_of_the_whole),
        cmocka_unit_test(holds__refuses_a_bitmap_of_another_length_or_with_spare_bits),
        cmocka_unit_test(frame__numbers_and_ids_that_name_nothing_are_malformed),
        cmocka_unit_test(frame__leaves_the_output_alone_when_it_refuses),
        cmocka_unit_test(frame__holds_the_largest_envelope_and_the_longest_lists),
        cmocka_unit_test(frame__encoder_replaces_what_the_buffer_held),
        cmocka_unit_test(frame__names_of_kinds_and_refusals_are_all_told_and_different),
        cmocka_unit_test(frame__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
