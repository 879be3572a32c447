/* SPDX-License-Identifier: Apache-2.0
 * The fixed head under the seal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hostile.h"
#include "inner.h"
#include "memory.h"
#include "seeded.h"
#include "vectors.h"

static struct seeded seed;
static uint8_t plain[BUCKET_LARGE];

static const uint16_t KINDS[] = {LETTER_REFERRAL, LETTER_UPDATE, LETTER_ANSWER,
    LETTER_VOID, LETTER_CAPACITY, LETTER_ENQUIRY, LETTER_ENQUIRY_ANSWER, LETTER_TEST,
    LETTER_RECEIPT, LETTER_HEARTBEAT, LETTER_RESYNC};

static struct inner some_inner(struct chance *chance, uint16_t kind, uint32_t body_bytes)
{
    struct inner inner = {
        .kind = kind,
        .seal_no = (uint16_t)chance_below(chance, 5),
        .created_ms = (int64_t)chance_below(chance, (uint64_t)TIME_MS_MAX),
        .body_bytes = body_bytes,
        .roster_version = chance_u64(chance),
        .item_id = ident_new(chance),
    };
    chance_fill(chance, inner.sender.bytes, sizeof inner.sender.bytes);
    chance_fill(chance, inner.roster_hash.bytes, HASH_BYTES);
    chance_fill(chance, inner.body_salt, sizeof inner.body_salt);
    chance_fill(chance, inner.signature.bytes, SIGNATURE_BYTES);
    if (letter_kind_is_numbered(kind)) {
        inner.pair_seq = 100 + chance_below(chance, 1000);
        inner.chain_epoch = 217000000;
        inner.after_back = (uint32_t)chance_below(chance, 100);
        inner.lifetime_s = kind == LETTER_VOID ? 0 : LETTER_LIFETIME_S;
        chance_fill(chance, inner.prev_link.bytes, HASH_BYTES);
    }
    return inner;
}

/* Inner, a body of 0x5a, zeros up to the bucket. */
static struct span put_plain(const struct inner *inner, uint32_t bucket)
{
    memset(plain, 0, sizeof plain);
    struct writer writer = writer_over(plain, INNER_BYTES);
    inner_encode(inner, &writer);
    assert_int_equal(writer_span(&writer).n, INNER_BYTES);
    if (inner->body_bytes <= bucket - INNER_BYTES) {
        memset(plain + INNER_BYTES, 0x5a, inner->body_bytes);
    }
    return span_of(plain, bucket);
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct inner inner;
    struct span body, under;
    return inner_decode(bytes, &inner, &body, &under);
}

static enum status decode_changed(const struct inner *inner)
{
    return decode(NULL, put_plain(inner, BUCKET_SMALL));
}

static void inner__comes_back_as_it_was_for_every_kind_and_bucket(void **state)
{
    (void)state;
    static const uint32_t buckets[] = {BUCKET_SMALL, BUCKET_MIDDLE, BUCKET_LARGE};
    struct chance *chance = seeded_init(&seed, 1);
    for (size_t k = 0; k < ARRAY_LENGTH(KINDS); k++) {
        for (size_t i = 0; i < ARRAY_LENGTH(buckets); i++) {
            uint32_t body_bytes =
                (uint32_t)chance_below(chance, buckets[i] - INNER_BYTES + 1);
            struct inner inner = some_inner(chance, KINDS[k], body_bytes), back;
            struct span bytes = put_plain(&inner, buckets[i]), body, under;
            assert_int_equal(inner_decode(bytes, &back, &body, &under), STATUS_OK);
            assert_memory_equal(&back, &inner, sizeof inner);
            assert_ptr_equal(body.at, plain + INNER_BYTES);
            assert_int_equal(body.n, body_bytes);
            assert_ptr_equal(under.at, plain);
            assert_int_equal(under.n, 160);
        }
    }
}

static void inner__takes_a_body_that_fills_the_bucket_and_an_empty_one(void **state)
{
    (void)state;
    struct inner inner = some_inner(seeded_init(&seed, 2), LETTER_REFERRAL, 1792);
    assert_int_equal(decode_changed(&inner), STATUS_OK);
    inner.body_bytes = 0;
    assert_int_equal(decode_changed(&inner), STATUS_OK);
    inner.body_bytes = 1793;
    assert_int_equal(decode_changed(&inner), STATUS_MALFORMED);
    inner.body_bytes = UINT32_MAX;
    assert_int_equal(decode_changed(&inner), STATUS_MALFORMED);
}

static void inner__refuses_everything_that_is_not_a_whole_bucket(void **state)
{
    (void)state;
    struct inner inner = some_inner(seeded_init(&seed, 3), LETTER_REFERRAL, 100);
    hostile_cut(put_plain(&inner, BUCKET_SMALL), decode, NULL);
}

static void inner__refuses_padding_that_is_not_zero(void **state)
{
    (void)state;
    struct inner inner = some_inner(seeded_init(&seed, 4), LETTER_REFERRAL, 100);
    struct span good = put_plain(&inner, BUCKET_SMALL);
    hostile_set(good, INNER_BYTES + 100, 1, decode, NULL);
    hostile_set(good, 1500, 1, decode, NULL);
    hostile_set(good, BUCKET_SMALL - 1, 1, decode, NULL);
}

static void inner__refuses_another_magic(void **state)
{
    (void)state;
    struct inner inner = some_inner(seeded_init(&seed, 5), LETTER_ANSWER, 100);
    struct span good = put_plain(&inner, BUCKET_SMALL);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, i, 'x', decode, NULL);
    }
}

static void inner__of_an_unknown_kind_is_unsupported(void **state)
{
    (void)state;
    static const uint16_t unknown[] = {0, 5, 15, 19, 0x100, 0xffff};
    for (size_t i = 0; i < ARRAY_LENGTH(unknown); i++) {
        struct inner inner = some_inner(seeded_init(&seed, 6), LETTER_RESYNC, 100);
        inner.kind = unknown[i];
        assert_int_equal(decode_changed(&inner), STATUS_UNSUPPORTED);
        assert_false(letter_kind_is_known(unknown[i]));
        assert_false(letter_kind_is_numbered(unknown[i]));
    }
}

static void inner__of_a_numbered_kind_has_number_epoch_item_and_lifetime(void **state)
{
    (void)state;
    for (size_t k = 0; k < 7; k++) {
        struct inner good = some_inner(seeded_init(&seed, 7), KINDS[k], 10), bad = good;
        assert_int_equal(decode_changed(&good), STATUS_OK);
        bad.pair_seq = 0;
        bad.after_back = 0;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
        bad = good;
        bad.chain_epoch = 0;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
        bad = good;
        memset(&bad.item_id, 0, sizeof bad.item_id);
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
        bad = good;
        bad.lifetime_s = KINDS[k] == LETTER_VOID ? 1 : 0;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    }
}

static void inner__after_back_names_an_earlier_number(void **state)
{
    (void)state;
    struct inner inner = some_inner(seeded_init(&seed, 8), LETTER_UPDATE, 10);
    inner.pair_seq = 7;
    inner.after_back = 6;
    assert_int_equal(decode_changed(&inner), STATUS_OK);
    inner.after_back = 7;
    assert_int_equal(decode_changed(&inner), STATUS_MALFORMED);
}

static void inner__of_an_unnumbered_kind_has_zeros_instead(void **state)
{
    (void)state;
    for (size_t k = 7; k < ARRAY_LENGTH(KINDS); k++) {
        struct inner good = some_inner(seeded_init(&seed, 9), KINDS[k], 10), bad = good;
        assert_int_equal(decode_changed(&good), STATUS_OK);
        bad.pair_seq = 1;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
        bad = good;
        bad.chain_epoch = 1;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
        bad = good;
        bad.after_back = 1;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
        bad = good;
        bad.lifetime_s = 1;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
        bad = good;
        bad.prev_link.bytes[31] = 1;
        assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    }
}

static void inner__refuses_a_time_beyond_the_year_9999(void **state)
{
    (void)state;
    struct inner inner = some_inner(seeded_init(&seed, 10), LETTER_REFERRAL, 10);
    inner.created_ms = TIME_MS_MAX;
    assert_int_equal(decode_changed(&inner), STATUS_OK);
    inner.created_ms = TIME_MS_MAX + 1;
    assert_int_equal(decode_changed(&inner), STATUS_MALFORMED);
    inner.created_ms = -1;
    assert_int_equal(decode_changed(&inner), STATUS_MALFORMED);
}

static void inner__survives_flipped_bits(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 11);
    struct inner inner = some_inner(chance, LETTER_REFERRAL, 1000);
    struct span good = put_plain(&inner, BUCKET_SMALL);
    assert_true(hostile_flip(good, INNER_BYTES, chance, decode, NULL) > 0);
}

static void kind__has_a_name_and_below_16_a_number(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_LENGTH(KINDS); k++) {
        assert_true(letter_kind_is_known(KINDS[k]));
        assert_int_equal(letter_kind_is_numbered(KINDS[k]), KINDS[k] < 16);
        assert_string_not_equal(letter_kind_name(KINDS[k]), "unknown");
    }
    assert_string_equal(letter_kind_name(99), "unknown");
}

static void inner__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("inner.txt");
    assert_int_equal(vectors_count(vectors), ARRAY_LENGTH(KINDS));
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct span frozen = vectors_get(vectors, i, "inner"), body, under;
        struct span frozen_body = vectors_get(vectors, i, "body");
        memset(plain, 0, sizeof plain);
        memcpy(plain, frozen.at, frozen.n);
        if (frozen_body.n > 0) {
            memcpy(plain + frozen.n, frozen_body.at, frozen_body.n);
        }
        struct inner inner;
        assert_int_equal(
            inner_decode(span_of(plain, BUCKET_SMALL), &inner, &body, &under), STATUS_OK);
        assert_string_equal(letter_kind_name(inner.kind), vectors_title(vectors, i));
        assert_true(inner.kind == vectors_number(vectors, i, "kind"));
        assert_true(inner.seal_no == vectors_number(vectors, i, "seal_no"));
        assert_true(inner.lifetime_s == vectors_number(vectors, i, "lifetime_s"));
        assert_true(inner.after_back == vectors_number(vectors, i, "after_back"));
        assert_true(inner.pair_seq == vectors_number(vectors, i, "pair_seq"));
        assert_true(inner.chain_epoch == vectors_number(vectors, i, "chain_epoch"));
        assert_memory_equal(
            inner.item_id.bytes, vectors_take(vectors, i, "item_id", 16), 16);
        assert_true(span_equal(body, frozen_body));
        uint8_t again[INNER_BYTES];
        struct writer writer = writer_over(again, sizeof again);
        inner_encode(&inner, &writer);
        assert_true(span_equal(writer_span(&writer), frozen));
    }
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inner__comes_back_as_it_was_for_every_kind_and_bucket),
        cmocka_unit_test(inner__takes_a_body_that_fills_the_bucket_and_an_empty_one),
        cmocka_unit_test(inner__refuses_everything_that_is_not_a_whole_bucket),
        cmocka_unit_test(inner__refuses_padding_that_is_not_zero),
        cmocka_unit_test(inner__refuses_another_magic),
        cmocka_unit_test(inner__of_an_unknown_kind_is_unsupported),
        cmocka_unit_test(inner__of_a_numbered_kind_has_number_epoch_item_and_lifetime),
        cmocka_unit_test(inner__after_back_names_an_earlier_number),
        cmocka_unit_test(inner__of_an_unnumbered_kind_has_zeros_instead),
        cmocka_unit_test(inner__refuses_a_time_beyond_the_year_9999),
        cmocka_unit_test(inner__survives_flipped_bits),
        cmocka_unit_test(kind__has_a_name_and_below_16_a_number),
        cmocka_unit_test(inner__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
