/* SPDX-License-Identifier: Apache-2.0
 * The clear part of an envelope, also in the build with the odd suite.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "header.h"
#include "hostile.h"
#include "memory.h"
#include "seeded.h"
#include "vectors.h"

static struct seeded seed;

static struct header some_header(
    struct chance *chance, uint16_t suite_id, uint32_t bucket)
{
    struct header header = {
        .suite = suite_id,
        .lane = chance_below(chance, 2) == 0 ? LANE_NORMAL : LANE_EXPRESS,
        .msg_id = ident_new(chance),
        .queue_id = ident_new(chance),
        .prekey_id = chance_u64(chance),
        .ciphertext_bytes = bucket + SEAL_TAG_BYTES,
    };
    chance_fill(chance, header.enc, suite_find(suite_id)->enc_bytes);
    return header;
}

/* A whole envelope with a ciphertext of 0x5a; freed by the caller. */
static uint8_t *make_envelope(const struct header *header, size_t *ret_n)
{
    const struct suite *suite = suite_find(header->suite);
    size_t n = envelope_bytes(suite, header->ciphertext_bytes - SEAL_TAG_BYTES);
    uint8_t *bytes = memory_new(n);
    memset(bytes, 0x5a, n);
    struct writer writer = writer_over(bytes, HEADER_FIXED_BYTES + suite->enc_bytes);
    header_encode(header, &writer);
    assert_int_equal(writer_span(&writer).n, HEADER_FIXED_BYTES + suite->enc_bytes);
    *ret_n = n;
    return bytes;
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct header header;
    return header_decode(bytes, &header, NULL, NULL);
}

static const uint32_t BUCKETS[] = {BUCKET_SMALL, BUCKET_MIDDLE, BUCKET_LARGE};

static void header__comes_back_as_it_was_for_every_suite_and_bucket(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 1);
    for (size_t row = 0; row < suite_count(); row++) {
        for (size_t i = 0; i < ARRAY_LENGTH(BUCKETS); i++) {
            struct header header = some_header(chance, suite_nth(row)->id, BUCKETS[i]),
                          back;
            size_t n = 0, header_bytes = HEADER_FIXED_BYTES + suite_nth(row)->enc_bytes;
            uint8_t *bytes = make_envelope(&header, &n);
            struct span head, ciphertext;
            assert_int_equal(
                header_decode(span_of(bytes, n), &back, &head, &ciphertext), STATUS_OK);
            assert_int_equal(back.suite, header.suite);
            assert_int_equal(back.lane, header.lane);
            assert_true(ident_equal(&back.msg_id, &header.msg_id));
            assert_true(ident_equal(&back.queue_id, &header.queue_id));
            assert_true(back.prekey_id == header.prekey_id);
            assert_int_equal(back.ciphertext_bytes, header.ciphertext_bytes);
            assert_memory_equal(back.enc, header.enc, sizeof header.enc);
            assert_ptr_equal(head.at, bytes);
            assert_int_equal(head.n, header_bytes);
            assert_ptr_equal(ciphertext.at, bytes + header_bytes);
            assert_int_equal(ciphertext.n, BUCKETS[i] + 16);
            memory_free(bytes);
        }
    }
}

static void header__has_its_fields_at_the_places_of_the_protocol(void **state)
{
    (void)state;
    struct header header =
        some_header(seeded_init(&seed, 2), SUITE_X25519, BUCKET_MIDDLE);
    header.lane = LANE_EXPRESS;
    header.prekey_id = UINT64_C(0x0102030405060708);
    size_t n = 0;
    uint8_t *bytes = make_envelope(&header, &n);
    assert_int_equal(n, 8296);
    assert_memory_equal(bytes, "AME1\x00\x01\x01\x00", 8);
    assert_memory_equal(bytes + 8, header.msg_id.bytes, 16);
    assert_memory_equal(bytes + 24, header.queue_id.bytes, 16);
    assert_memory_equal(bytes + 40, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    assert_memory_equal(bytes + 48, "\x00\x00\x20\x10\x00\x00\x00\x00", 8);
    assert_memory_equal(bytes + 56, header.enc, 32);
    memory_free(bytes);
}

static void header__refuses_an_envelope_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    for (size_t row = 0; row < suite_count(); row++) {
        struct header header =
            some_header(seeded_init(&seed, 3), suite_nth(row)->id, BUCKET_SMALL);
        size_t n = 0;
        uint8_t *bytes = make_envelope(&header, &n);
        hostile_cut(span_of(bytes, n), decode, NULL);
        memory_free(bytes);
    }
}

static void header__refuses_wrong_constants_and_unknown_values(void **state)
{
    (void)state;
    struct header header = some_header(seeded_init(&seed, 4), SUITE_X25519, BUCKET_SMALL);
    size_t n = 0;
    uint8_t *bytes = make_envelope(&header, &n);
    struct span good = span_of(bytes, n);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, i, 'x', decode, NULL);
    }
    hostile_set(good, 6, 2, decode, NULL);
    hostile_set(good, 7, 1, decode, NULL);
    hostile_set(good, 50, 0x09, decode, NULL); /* 2,320: no bucket */
    hostile_set(good, 50, 0x20, decode, NULL); /* another bucket than its length */
    for (size_t i = 52; i < 56; i++) {
        hostile_set(good, i, 1, decode, NULL);
    }
    memory_free(bytes);
}

static void header__tells_an_unknown_suite_from_a_malformed_header(void **state)
{
    (void)state;
    struct header header = some_header(seeded_init(&seed, 5), SUITE_X25519, BUCKET_SMALL),
                  back;
    size_t n = 0;
    uint8_t *bytes = make_envelope(&header, &n);
    bytes[5] = 2;
    assert_int_equal(
        header_decode(span_of(bytes, n), &back, NULL, NULL), STATUS_UNSUPPORTED);
    bytes[5] = 1;
    bytes[0] = 'x';
    assert_int_equal(
        header_decode(span_of(bytes, n), &back, NULL, NULL), STATUS_MALFORMED);
    memory_free(bytes);
}

static void header__refuses_a_message_without_a_name(void **state)
{
    (void)state;
    struct header header = some_header(seeded_init(&seed, 6), SUITE_X25519, BUCKET_SMALL),
                  back;
    memset(&header.msg_id, 0, sizeof header.msg_id);
    size_t n = 0;
    uint8_t *bytes = make_envelope(&header, &n);
    assert_int_equal(
        header_decode(span_of(bytes, n), &back, NULL, NULL), STATUS_MALFORMED);
    memory_free(bytes);
}

static void header__survives_flipped_bits_and_touches_nothing_on_failure(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 7);
    struct header header = some_header(chance, SUITE_X25519, BUCKET_SMALL);
    size_t n = 0;
    uint8_t *bytes = make_envelope(&header, &n);
    assert_true(hostile_flip(span_of(bytes, n), 88, chance, decode, NULL) > 0);
    struct header untouched = header;
    bytes[7] = 9;
    assert_int_equal(
        header_decode(span_of(bytes, n), &untouched, NULL, NULL), STATUS_MALFORMED);
    assert_memory_equal(&untouched, &header, sizeof header);
    memory_free(bytes);
}

static enum status decode_alone(void *context, struct span bytes)
{
    (void)context;
    struct header header;
    return header_decode_alone(bytes, &header);
}

static void header__alone_comes_back_and_refuses_being_cut_or_longer(void **state)
{
    (void)state;
    struct header header = some_header(seeded_init(&seed, 8), SUITE_X25519, BUCKET_LARGE);
    uint8_t bytes[HEADER_BYTES_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);
    header_encode(&header, &writer);
    hostile_cut(writer_span(&writer), decode_alone, NULL);
    hostile_set(writer_span(&writer), 5, 2, decode_alone, NULL);
}

static void bucket__is_the_smallest_that_holds_the_body(void **state)
{
    (void)state;
    assert_int_equal(bucket_for_body(0), 2048);
    assert_int_equal(bucket_for_body(1792), 2048);
    assert_int_equal(bucket_for_body(1793), 8192);
    assert_int_equal(bucket_for_body(7936), 8192);
    assert_int_equal(bucket_for_body(7937), 32768);
    assert_int_equal(bucket_for_body(32512), 32768);
    assert_int_equal(bucket_for_body(32513), 0);
    assert_int_equal(bucket_for_body(SIZE_MAX), 0);
    assert_true(bucket_is_known(2048) && bucket_is_known(8192) && bucket_is_known(32768));
    assert_false(bucket_is_known(0) || bucket_is_known(2047) || bucket_is_known(4096));
}

static void envelope__has_the_three_sizes_of_the_protocol(void **state)
{
    (void)state;
    const struct suite *suite = suite_find(SUITE_X25519);
    assert_int_equal(envelope_bytes(suite, BUCKET_SMALL), 2152);
    assert_int_equal(envelope_bytes(suite, BUCKET_MIDDLE), 8296);
    assert_int_equal(envelope_bytes(suite, BUCKET_LARGE), 32872);
}

static void header__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("header.txt");
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct span frozen = vectors_get(vectors, i, "header");
        uint32_t ciphertext = (uint32_t)vectors_number(vectors, i, "ciphertext_bytes");
        uint8_t *bytes = memory_new(frozen.n + ciphertext);
        memcpy(bytes, frozen.at, frozen.n);
        struct header header;
        assert_int_equal(
            header_decode(span_of(bytes, frozen.n + ciphertext), &header, NULL, NULL),
            STATUS_OK);
        assert_true(header.lane == (enum lane)vectors_number(vectors, i, "lane"));
        assert_true(header.prekey_id == vectors_number(vectors, i, "prekey_id"));
        assert_memory_equal(
            header.msg_id.bytes, vectors_take(vectors, i, "msg_id", 16), 16);
        assert_memory_equal(
            header.queue_id.bytes, vectors_take(vectors, i, "queue_id", 16), 16);
        assert_memory_equal(header.enc, vectors_take(vectors, i, "enc", 32), 32);
        uint8_t again[HEADER_BYTES_MAX];
        struct writer writer = writer_over(again, sizeof again);
        header_encode(&header, &writer);
        assert_true(span_equal(writer_span(&writer), frozen));
        memory_free(bytes);
    }
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header__comes_back_as_it_was_for_every_suite_and_bucket),
        cmocka_unit_test(header__has_its_fields_at_the_places_of_the_protocol),
        cmocka_unit_test(header__refuses_an_envelope_cut_at_any_length_or_with_more),
        cmocka_unit_test(header__refuses_wrong_constants_and_unknown_values),
        cmocka_unit_test(header__tells_an_unknown_suite_from_a_malformed_header),
        cmocka_unit_test(header__refuses_a_message_without_a_name),
        cmocka_unit_test(header__survives_flipped_bits_and_touches_nothing_on_failure),
        cmocka_unit_test(header__alone_comes_back_and_refuses_being_cut_or_longer),
        cmocka_unit_test(bucket__is_the_smallest_that_holds_the_body),
        cmocka_unit_test(envelope__has_the_three_sizes_of_the_protocol),
        cmocka_unit_test(header__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
