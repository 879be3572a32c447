/* SPDX-License-Identifier: Apache-2.0
 * Receipts and the batch in which they travel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hostile.h"
#include "memory.h"
#include "receipt.h"
#include "seeded.h"
#include "vectors.h"

enum {
    BATCH_BYTES_MAX = RECEIPT_BATCH_HEAD_BYTES + RECEIPTS_PER_ENVELOPE * RECEIPT_BYTES
};

static struct seeded seed;

static struct receipt some_receipt(struct chance *chance, enum receipt_status status)
{
    struct receipt receipt = {
        .status = status,
        .code = status == RECEIPT_INVALID ? RECEIPT_CODE_BODY : RECEIPT_CODE_NONE,
        .issuer = ident_new(chance),
        .sender = ident_new(chance),
        .chain_epoch = 1 + (uint32_t)chance_below(chance, 1000000),
        .pair_seq = 1 + chance_below(chance, 1000000),
        .received_ms = (int64_t)chance_below(chance, (uint64_t)TIME_MS_MAX),
        .roster_version = chance_u64(chance),
    };
    chance_fill(chance, receipt.link.bytes, HASH_BYTES);
    chance_fill(chance, receipt.body_commit.bytes, HASH_BYTES);
    chance_fill(chance, receipt.envelope.bytes, HASH_BYTES);
    chance_fill(chance, receipt.roster_hash.bytes, HASH_BYTES);
    chance_fill(chance, receipt.signature.bytes, SIGNATURE_BYTES);
    return receipt;
}

static void encode(const struct receipt *receipt, uint8_t ret[static RECEIPT_BYTES])
{
    struct writer writer = writer_over(ret, RECEIPT_BYTES);
    receipt_encode_unsigned(receipt, &writer);
    assert_int_equal(writer_span(&writer).n, RECEIPT_SIGNED_BYTES);
    writer_put(&writer, receipt->signature.bytes, SIGNATURE_BYTES);
    assert_int_equal(writer_span(&writer).n, RECEIPT_BYTES);
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct receipt receipt;
    return receipt_decode(bytes, &receipt, NULL);
}

static enum status decode_batch(void *context, struct span bytes)
{
    (void)context;
    struct span receipts[RECEIPTS_PER_ENVELOPE];
    size_t n = 0;
    return receipt_batch_decode(bytes, receipts, &n);
}

static void receipt__comes_back_as_it_was_for_every_status(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 1);
    for (int status = RECEIPT_STORED; status < RECEIPT_STATUS_COUNT; status++) {
        struct receipt receipt = some_receipt(chance, (enum receipt_status)status), back;
        uint8_t bytes[RECEIPT_BYTES];
        struct span under;
        encode(&receipt, bytes);
        assert_int_equal(
            receipt_decode(span_of(bytes, sizeof bytes), &back, &under), STATUS_OK);
        assert_memory_equal(&back, &receipt, sizeof receipt);
        assert_ptr_equal(under.at, bytes);
        assert_int_equal(under.n, 200);
    }
}

static void receipt__refuses_bytes_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    struct receipt receipt = some_receipt(seeded_init(&seed, 2), RECEIPT_STORED);
    uint8_t bytes[RECEIPT_BYTES];
    encode(&receipt, bytes);
    hostile_cut(span_of(bytes, sizeof bytes), decode, NULL);
}

static void receipt__refuses_wrong_constants_and_unknown_words(void **state)
{
    (void)state;
    struct receipt receipt = some_receipt(seeded_init(&seed, 3), RECEIPT_STORED);
    uint8_t bytes[RECEIPT_BYTES];
    encode(&receipt, bytes);
    struct span good = span_of(bytes, sizeof bytes);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, i, 'x', decode, NULL);
    }
    hostile_set(good, 4, 0, decode, NULL);
    hostile_set(good, 4, RECEIPT_STATUS_COUNT, decode, NULL);
    hostile_set(good, 4, 255, decode, NULL);
    hostile_set(good, 6, 1, decode, NULL);
    hostile_set(good, 7, 1, decode, NULL);
    for (size_t i = 44; i < 48; i++) {
        hostile_set(good, i, 1, decode, NULL);
    }
    hostile_set(good, 152, 0x80, decode, NULL); /* a time beyond the year 9999 */
}

static void receipt__has_a_code_exactly_when_it_says_invalid(void **state)
{
    (void)state;
    struct receipt receipt = some_receipt(seeded_init(&seed, 4), RECEIPT_INVALID);
    uint8_t bytes[RECEIPT_BYTES];
    encode(&receipt, bytes);
    assert_int_equal(decode(NULL, span_of(bytes, sizeof bytes)), STATUS_OK);
    hostile_set(span_of(bytes, sizeof bytes), 5, RECEIPT_CODE_NONE, decode, NULL);
    hostile_set(span_of(bytes, sizeof bytes), 5, RECEIPT_CODE_COUNT, decode, NULL);
    hostile_set(span_of(bytes, sizeof bytes), 4, RECEIPT_LATE, decode, NULL);
}

static void receipt__names_a_number_and_an_epoch(void **state)
{
    (void)state;
    struct receipt receipt = some_receipt(seeded_init(&seed, 5), RECEIPT_LATE),
                   bad = receipt;
    uint8_t bytes[RECEIPT_BYTES];
    bad.pair_seq = 0;
    encode(&bad, bytes);
    assert_int_equal(decode(NULL, span_of(bytes, sizeof bytes)), STATUS_MALFORMED);
    bad = receipt;
    bad.chain_epoch = 0;
    encode(&bad, bytes);
    assert_int_equal(decode(NULL, span_of(bytes, sizeof bytes)), STATUS_MALFORMED);
}

static void receipt__survives_flipped_bits(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 6);
    struct receipt receipt = some_receipt(chance, RECEIPT_CONFLICT);
    uint8_t bytes[RECEIPT_BYTES];
    encode(&receipt, bytes);
    struct span good = span_of(bytes, sizeof bytes);
    assert_true(hostile_flip(good, sizeof bytes, chance, decode, NULL) > 0);
}

/* A batch of n receipts in `ret`. */
static struct span make_batch(size_t n, uint8_t ret[static BATCH_BYTES_MAX])
{
    static uint8_t bytes[RECEIPTS_PER_ENVELOPE][RECEIPT_BYTES];
    struct span spans[RECEIPTS_PER_ENVELOPE];
    for (size_t i = 0; i < n; i++) {
        struct receipt receipt = some_receipt(&seed.chance, RECEIPT_STORED);
        encode(&receipt, bytes[i]);
        spans[i] = span_of(bytes[i], RECEIPT_BYTES);
    }
    struct writer writer = writer_over(ret, BATCH_BYTES_MAX);
    receipt_batch_encode(spans, n, &writer);
    return writer_span(&writer);
}

static void batch__gives_back_every_receipt_in_order(void **state)
{
    (void)state;
    seeded_init(&seed, 7);
    for (size_t n = 1; n <= RECEIPTS_PER_ENVELOPE; n++) {
        uint8_t memory[BATCH_BYTES_MAX];
        struct span batch = make_batch(n, memory), receipts[RECEIPTS_PER_ENVELOPE];
        size_t n_back = 0;
        assert_int_equal(batch.n, 8 + n * 264);
        assert_int_equal(receipt_batch_decode(batch, receipts, &n_back), STATUS_OK);
        assert_int_equal(n_back, n);
        for (size_t i = 0; i < n; i++) {
            assert_ptr_equal(receipts[i].at, memory + 8 + i * 264);
            assert_int_equal(receipts[i].n, 264);
            assert_int_equal(decode(NULL, receipts[i]), STATUS_OK);
        }
    }
}

static void batch__of_six_fits_the_small_bucket(void **state)
{
    (void)state;
    assert_int_equal(BATCH_BYTES_MAX, 1592);
    assert_true(BATCH_BYTES_MAX <= BUCKET_SMALL - INNER_BYTES);
}

static void batch__refuses_bytes_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    seeded_init(&seed, 8);
    uint8_t memory[BATCH_BYTES_MAX];
    hostile_cut(make_batch(3, memory), decode_batch, NULL);
}

static void batch__refuses_wrong_constants_and_counts(void **state)
{
    (void)state;
    seeded_init(&seed, 9);
    uint8_t memory[BATCH_BYTES_MAX];
    struct span good = make_batch(RECEIPTS_PER_ENVELOPE, memory);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, i, 'x', decode_batch, NULL);
    }
    hostile_set(good, 4, 0, decode_batch, NULL);
    hostile_set(good, 4, 5, decode_batch, NULL);
    hostile_set(good, 4, 7, decode_batch, NULL);
    hostile_set(good, 4, 255, decode_batch, NULL);
    for (size_t i = 5; i < 8; i++) {
        hostile_set(good, i, 1, decode_batch, NULL);
    }
    assert_int_equal(decode_batch(NULL, span_of("AMRS\0\0\0\0", 8)), STATUS_MALFORMED);
}

static void receipt__names_of_the_four_words_are_told(void **state)
{
    (void)state;
    assert_string_equal(receipt_status_name(RECEIPT_STORED), "stored");
    assert_string_equal(receipt_status_name(RECEIPT_INVALID), "invalid");
    assert_string_equal(receipt_status_name(RECEIPT_LATE), "late");
    assert_string_equal(receipt_status_name(RECEIPT_CONFLICT), "conflict");
    assert_string_equal(receipt_status_name(RECEIPT_STATUS_COUNT), "unknown");
}

static void receipt__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("receipt.txt");
    size_t batch_section = vectors_find(vectors, "batch");
    struct span receipts[RECEIPTS_PER_ENVELOPE];
    size_t n = 0;
    struct span batch = vectors_get(vectors, batch_section, "batch");
    assert_int_equal(receipt_batch_decode(batch, receipts, &n), STATUS_OK);
    assert_int_equal(n, batch_section);
    for (size_t i = 0; i < batch_section; i++) {
        struct span frozen = vectors_get(vectors, i, "receipt");
        struct receipt receipt;
        assert_int_equal(receipt_decode(frozen, &receipt, NULL), STATUS_OK);
        assert_string_equal(
            receipt_status_name(receipt.status), vectors_title(vectors, i));
        assert_true((unsigned)receipt.code == vectors_number(vectors, i, "code"));
        assert_true(receipt.pair_seq == vectors_number(vectors, i, "pair_seq"));
        assert_memory_equal(receipt.link.bytes, vectors_take(vectors, i, "link", 32), 32);
        uint8_t again[RECEIPT_BYTES];
        encode(&receipt, again);
        assert_true(span_equal(span_of(again, sizeof again), frozen));
        assert_true(span_equal(receipts[i], frozen));
    }
    uint8_t again[BATCH_BYTES_MAX];
    struct writer writer = writer_over(again, sizeof again);
    receipt_batch_encode(receipts, n, &writer);
    assert_true(span_equal(writer_span(&writer), batch));
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipt__comes_back_as_it_was_for_every_status),
        cmocka_unit_test(receipt__refuses_bytes_cut_at_any_length_or_with_more),
        cmocka_unit_test(receipt__refuses_wrong_constants_and_unknown_words),
        cmocka_unit_test(receipt__has_a_code_exactly_when_it_says_invalid),
        cmocka_unit_test(receipt__names_a_number_and_an_epoch),
        cmocka_unit_test(receipt__survives_flipped_bits),
        cmocka_unit_test(batch__gives_back_every_receipt_in_order),
        cmocka_unit_test(batch__of_six_fits_the_small_bucket),
        cmocka_unit_test(batch__refuses_bytes_cut_at_any_length_or_with_more),
        cmocka_unit_test(batch__refuses_wrong_constants_and_counts),
        cmocka_unit_test(receipt__names_of_the_four_words_are_told),
        cmocka_unit_test(receipt__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
