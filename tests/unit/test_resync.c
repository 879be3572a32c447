/* SPDX-License-Identifier: Apache-2.0
 * Questions and answers after a loss of records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hostile.h"
#include "memory.h"
#include "resync.h"
#include "seeded.h"
#include "vectors.h"

static struct seeded seed;
static uint8_t memory[RESYNC_BYTES_MAX];

static struct resync some_resync(struct chance *chance, bool answer, size_t n)
{
    struct resync resync;
    memset(&resync, 0, sizeof resync); /* compared as a whole */
    resync.flags = answer ? RESYNC_ANSWER : 0;
    if (answer && n > 0 && chance_below(chance, 2))
        resync.flags |= RESYNC_MORE;
    resync.lost_since_ms = (int64_t)chance_below(chance, 1000000000);
    resync.known_epoch = 1000;
    resync.known_seq = chance_below(chance, 1000);
    resync.n = n;
    uint32_t epoch = resync.known_epoch;
    uint64_t seq = resync.known_seq;
    for (size_t i = 0; i < n; i++) {
        bool next_epoch = chance_below(chance, 2) || !answer;
        epoch += next_epoch ? 1 + (uint32_t)chance_below(chance, 5) : 0;
        seq = next_epoch ? 1 : seq + 1;
        if (!answer) {
            resync.held[i] = (struct resync_held){epoch, chance_below(chance, 100)};
            continue;
        }
        resync.letters[i].epoch = epoch;
        resync.letters[i].seq = seq;
        resync.letters[i].kind = (uint16_t)(1 + chance_below(chance, 4));
        chance_fill(chance, resync.letters[i].link.bytes, HASH_BYTES);
        resync.letters[i].item_id = ident_new(chance);
    }
    return resync;
}

static struct span encode(const struct resync *resync)
{
    struct writer writer = writer_over(memory, sizeof memory);
    resync_encode(resync, &writer);
    return writer_span(&writer);
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct resync resync;
    return resync_decode(bytes, &resync);
}

static enum status decode_changed(const struct resync *resync)
{
    return decode(NULL, encode(resync));
}

static void resync__comes_back_as_it_was_for_every_count(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 1);
    for (int answer = 0; answer < 2; answer++)
        for (size_t n = 0; n <= (answer ? RESYNC_LETTERS_MAX : RESYNC_HELD_MAX); n++) {
            struct resync resync = some_resync(chance, answer, n), back;
            struct span bytes = encode(&resync);
            assert_int_equal(bytes.n, 32 + (answer ? 64 : 16) * n);
            assert_int_equal(resync_decode(bytes, &back), STATUS_OK);
            assert_memory_equal(&back, &resync, sizeof resync);
        }
    assert_true(
        RESYNC_BYTES_MAX == 1568 && RESYNC_BYTES_MAX <= BUCKET_SMALL - INNER_BYTES);
}

static void resync__refuses_bytes_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 2);
    for (int answer = 0; answer < 2; answer++) {
        struct resync resync = some_resync(chance, answer, 3);
        hostile_cut(encode(&resync), decode, NULL);
    }
}

static void resync__refuses_wrong_constants_flags_and_counts(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 3);
    for (int answer = 0; answer < 2; answer++) {
        struct resync resync = some_resync(chance, answer, 3);
        struct span good = encode(&resync);
        for (size_t i = 0; i < 4; i++)
            hostile_set(good, i, 'x', decode, NULL);
        hostile_set(good, 4, 1, decode, NULL);
        hostile_set(good, 5, 4, decode, NULL);
        hostile_set(good, 5, 2, decode, NULL); /* MORE in a question */
        hostile_set(good, 6, 2, decode, NULL);
        hostile_set(good, 6, 33, decode, NULL);
        hostile_set(good, 6, 255, decode, NULL);
        hostile_set(good, 7, 1, decode, NULL);
        hostile_set(good, 8, 0xff, decode, NULL); /* beyond the last year */
        for (size_t i = 20; i < 24; i++)
            hostile_set(good, i, 1, decode, NULL);
        hostile_set(good, 24, 0x80, decode, NULL); /* no number is so large */
        for (size_t i = 0; i < 2; i++)
            hostile_set(good, (answer ? 38 : 36) + i, 1, decode, NULL);
    }
    struct resync empty = some_resync(chance, true, 0);
    empty.flags |= RESYNC_MORE;
    assert_int_equal(decode_changed(&empty), STATUS_MALFORMED);
    empty.flags = 0;
    empty.known_epoch = 0;
    empty.known_seq = 1;
    assert_int_equal(decode_changed(&empty), STATUS_MALFORMED);
}

static void resync__refuses_lists_out_of_order(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 4);
    struct resync good = some_resync(chance, false, 3), bad = good;
    bad.held[1].epoch = bad.held[0].epoch;
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.held[0].epoch = 0;
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    good = some_resync(chance, true, 3);
    good.letters[2] = good.letters[1];
    assert_int_equal(decode_changed(&good), STATUS_MALFORMED);
    good.letters[2].seq++;
    assert_int_equal(decode_changed(&good), STATUS_OK);
    bad = good;
    bad.letters[0].epoch = bad.known_epoch; /* not above what is known */
    bad.letters[0].seq = bad.known_seq;
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.letters[2].kind = 0;
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad.letters[2].kind = 16; /* kinds that have no number */
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.letters[2].epoch++;
    bad.letters[2].seq = 0;
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
}

static void resync__survives_flipped_bits(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 5);
    for (int answer = 0; answer < 2; answer++) {
        struct resync resync = some_resync(chance, answer, 5);
        struct span good = encode(&resync);
        assert_true(hostile_flip(good, good.n, chance, decode, NULL) > 0);
    }
}

static void resync__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("resync.txt");
    assert_int_equal(vectors_count(vectors), 6);
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct span frozen = vectors_get(vectors, i, "resync");
        struct resync resync;
        assert_int_equal(resync_decode(frozen, &resync), STATUS_OK);
        assert_true(resync.flags == vectors_number(vectors, i, "flags"));
        assert_true(resync.n == vectors_number(vectors, i, "n"));
        assert_true(
            (uint64_t)resync.lost_since_ms == vectors_number(vectors, i, "since"));
        assert_true(resync.known_epoch == vectors_number(vectors, i, "known_epoch"));
        assert_true(resync.known_seq == vectors_number(vectors, i, "known_seq"));
        assert_true(span_equal(encode(&resync), frozen));
    }
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resync__comes_back_as_it_was_for_every_count),
        cmocka_unit_test(resync__refuses_bytes_cut_at_any_length_or_with_more),
        cmocka_unit_test(resync__refuses_wrong_constants_flags_and_counts),
        cmocka_unit_test(resync__refuses_lists_out_of_order),
        cmocka_unit_test(resync__survives_flipped_bits),
        cmocka_unit_test(resync__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
