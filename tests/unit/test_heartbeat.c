/* SPDX-License-Identifier: Apache-2.0
 * Heartbeats and void lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "heartbeat.h"
#include "hostile.h"
#include "memory.h"
#include "seeded.h"
#include "vectors.h"

enum { VOID_LIST_BYTES_MAX = 8 + 64 * VOIDS_PER_ENVELOPE };

static struct seeded seed;
static uint8_t memory[VOID_LIST_BYTES_MAX + HEARTBEAT_BYTES_MAX];

static struct heartbeat some_heartbeat(struct chance *chance, size_t n_missing)
{
    struct heartbeat heartbeat = {
        .flags = (uint16_t)chance_below(chance, 2),
        .number = chance_u64(chance),
        .state_count = chance_u64(chance),
        .bundle_number = chance_u64(chance),
        .my_epoch = (uint32_t)chance_u64(chance),
        .my_last = chance_u64(chance),
        .your_epoch = (uint32_t)chance_u64(chance),
        .settled_head = chance_below(chance, 1000000),
        .n_missing = n_missing,
    };
    chance_fill(chance, heartbeat.bundle_hash.bytes, HASH_BYTES);
    chance_fill(chance, heartbeat.my_last_link.bytes, HASH_BYTES);
    chance_fill(chance, heartbeat.head_link.bytes, HASH_BYTES);
    uint64_t next = heartbeat.settled_head + 1;
    for (size_t i = 0; i < n_missing; i++) {
        heartbeat.missing[i].first = next;
        heartbeat.missing[i].last = next + chance_below(chance, 5);
        next = heartbeat.missing[i].last + 2 + chance_below(chance, 5);
    }
    heartbeat.highest_seen = n_missing == 0 ? heartbeat.settled_head : next;
    return heartbeat;
}

static struct span encode(const struct heartbeat *heartbeat)
{
    struct writer writer = writer_over(memory, HEARTBEAT_BYTES_MAX);
    heartbeat_encode(heartbeat, &writer);
    return writer_span(&writer);
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct heartbeat heartbeat;
    return heartbeat_decode(bytes, &heartbeat);
}

static enum status decode_changed(const struct heartbeat *heartbeat)
{
    return decode(NULL, encode(heartbeat));
}

static void heartbeat__comes_back_as_it_was_for_every_count_of_gaps(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 1);
    for (size_t n = 0; n <= HEARTBEAT_RANGES_MAX; n++) {
        struct heartbeat heartbeat = some_heartbeat(chance, n), back;
        struct span bytes = encode(&heartbeat);
        assert_int_equal(bytes.n, 168 + 16 * n);
        assert_int_equal(heartbeat_decode(bytes, &back), STATUS_OK);
        assert_memory_equal(&back, &heartbeat, sizeof heartbeat);
    }
    assert_int_equal(HEARTBEAT_BYTES_MAX, 680);
}

static void heartbeat__refuses_bytes_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    struct heartbeat heartbeat = some_heartbeat(seeded_init(&seed, 2), 3);
    hostile_cut(encode(&heartbeat), decode, NULL);
}

static void heartbeat__refuses_wrong_constants_flags_and_counts(void **state)
{
    (void)state;
    struct heartbeat heartbeat = some_heartbeat(seeded_init(&seed, 3), 3);
    struct span good = encode(&heartbeat);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, i, 'x', decode, NULL);
    }
    hostile_set(good, 4, 1, decode, NULL);
    hostile_set(good, 5, 2, decode, NULL);
    hostile_set(good, 6, 2, decode, NULL);
    hostile_set(good, 6, 33, decode, NULL);
    hostile_set(good, 6, 255, decode, NULL);
    hostile_set(good, 7, 1, decode, NULL);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, 68 + i, 1, decode, NULL);
        hostile_set(good, 116 + i, 1, decode, NULL);
    }
}

static void heartbeat__refuses_gaps_that_are_not_between_head_and_highest(void **state)
{
    (void)state;
    struct heartbeat good = some_heartbeat(seeded_init(&seed, 4), 2), bad;
    good.settled_head = 10;
    good.highest_seen = 30;
    good.missing[0] = (struct number_range){11, 12};
    good.missing[1] = (struct number_range){14, 29};
    assert_int_equal(decode_changed(&good), STATUS_OK);
    bad = good;
    bad.missing[0].first = 10;
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.missing[1].last = 30;
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.missing[0].last = 13; /* touches the next */
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.missing[0].last = 20; /* overlaps the next */
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.missing[1] = (struct number_range){20, 19};
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.missing[0] = good.missing[1];
    bad.missing[1] = good.missing[0];
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
    bad = good;
    bad.n_missing = 0;
    bad.highest_seen = 9; /* below the head */
    assert_int_equal(decode_changed(&bad), STATUS_MALFORMED);
}

static void heartbeat__survives_flipped_bits(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 5);
    struct heartbeat heartbeat = some_heartbeat(chance, 5);
    struct span good = encode(&heartbeat);
    assert_true(hostile_flip(good, good.n, chance, decode, NULL) > 0);
}

static void make_voids(size_t n, struct void_entry ret[static VOIDS_PER_ENVELOPE])
{
    for (size_t i = 0; i < n; i++) {
        memset(&ret[i], 0, sizeof ret[i]);
        ret[i].chain_epoch = 217000000;
        ret[i].reason =
            (enum void_reason)(1 + chance_below(&seed.chance, VOID_REASON_COUNT - 1));
        ret[i].pair_seq = 1000 + i;
        chance_fill(&seed.chance, ret[i].link.bytes, HASH_BYTES);
        ret[i].item_id = ident_new(&seed.chance);
    }
}

static struct span encode_voids(const struct void_entry *entries, size_t n)
{
    struct writer writer = writer_over(memory, VOID_LIST_BYTES_MAX);
    void_list_encode(entries, n, &writer);
    return writer_span(&writer);
}

static enum status decode_voids(void *context, struct span bytes)
{
    (void)context;
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    size_t n = 0;
    return void_list_decode(bytes, entries, &n);
}

static void void_list__comes_back_as_it_was_for_every_count(void **state)
{
    (void)state;
    seeded_init(&seed, 6);
    for (size_t n = 1; n <= VOIDS_PER_ENVELOPE; n++) {
        struct void_entry entries[VOIDS_PER_ENVELOPE], back[VOIDS_PER_ENVELOPE];
        size_t n_back = 0;
        make_voids(n, entries);
        struct span bytes = encode_voids(entries, n);
        assert_int_equal(bytes.n, 8 + 64 * n);
        assert_int_equal(void_list_decode(bytes, back, &n_back), STATUS_OK);
        assert_int_equal(n_back, n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(back[i].chain_epoch, entries[i].chain_epoch);
            assert_int_equal(back[i].reason, entries[i].reason);
            assert_true(back[i].pair_seq == entries[i].pair_seq);
            assert_true(hash_equal(&back[i].link, &entries[i].link));
            assert_true(ident_equal(&back[i].item_id, &entries[i].item_id));
        }
    }
    assert_true(VOID_LIST_BYTES_MAX == 1736 && VOID_LIST_BYTES_MAX <= 1792);
}

static void void_list__refuses_bytes_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    seeded_init(&seed, 7);
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    make_voids(3, entries);
    hostile_cut(encode_voids(entries, 3), decode_voids, NULL);
}

static void void_list__refuses_wrong_constants_counts_and_reasons(void **state)
{
    (void)state;
    seeded_init(&seed, 8);
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    make_voids(3, entries);
    struct span good = encode_voids(entries, 3);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, i, 'x', decode_voids, NULL);
    }
    hostile_set(good, 4, 0, decode_voids, NULL);
    hostile_set(good, 4, 28, decode_voids, NULL);
    hostile_set(good, 4, 255, decode_voids, NULL);
    for (size_t i = 5; i < 8; i++) {
        hostile_set(good, i, 1, decode_voids, NULL);
    }
    hostile_set(good, 12, 0, decode_voids, NULL);
    hostile_set(good, 12, VOID_REASON_COUNT, decode_voids, NULL);
    for (size_t i = 13; i < 16; i++) {
        hostile_set(good, i, 1, decode_voids, NULL);
    }
}

static void void_list__refuses_a_number_twice_and_number_zero(void **state)
{
    (void)state;
    seeded_init(&seed, 9);
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    make_voids(3, entries);
    entries[2].pair_seq = entries[0].pair_seq;
    assert_int_equal(decode_voids(NULL, encode_voids(entries, 3)), STATUS_MALFORMED);
    entries[2].chain_epoch++;
    assert_int_equal(decode_voids(NULL, encode_voids(entries, 3)), STATUS_OK);
    entries[1].pair_seq = 0;
    assert_int_equal(decode_voids(NULL, encode_voids(entries, 3)), STATUS_MALFORMED);
    entries[1].pair_seq = 1;
    entries[1].chain_epoch = 0;
    assert_int_equal(decode_voids(NULL, encode_voids(entries, 3)), STATUS_MALFORMED);
}

static void void_list__survives_flipped_bits(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 10);
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    make_voids(4, entries);
    struct span good = encode_voids(entries, 4);
    assert_true(hostile_flip(good, good.n, chance, decode_voids, NULL) > 0);
}

static void heartbeat__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("heartbeat.txt");
    size_t first_void = vectors_find(vectors, "void of 1");
    assert_true(first_void > 0);
    for (size_t i = 0; i < first_void; i++) {
        struct span frozen = vectors_get(vectors, i, "heartbeat");
        struct heartbeat heartbeat;
        assert_int_equal(heartbeat_decode(frozen, &heartbeat), STATUS_OK);
        assert_true(heartbeat.flags == vectors_number(vectors, i, "flags"));
        assert_true(heartbeat.settled_head == vectors_number(vectors, i, "settled_head"));
        assert_true(heartbeat.highest_seen == vectors_number(vectors, i, "highest_seen"));
        assert_true(heartbeat.n_missing == vectors_number(vectors, i, "n_missing"));
        assert_true(span_equal(encode(&heartbeat), frozen));
    }
    for (size_t i = first_void; i < vectors_count(vectors); i++) {
        struct span frozen = vectors_get(vectors, i, "void_list");
        struct void_entry entries[VOIDS_PER_ENVELOPE];
        size_t n = 0;
        assert_int_equal(void_list_decode(frozen, entries, &n), STATUS_OK);
        assert_true(n == vectors_number(vectors, i, "n"));
        assert_true(span_equal(encode_voids(entries, n), frozen));
    }
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heartbeat__comes_back_as_it_was_for_every_count_of_gaps),
        cmocka_unit_test(heartbeat__refuses_bytes_cut_at_any_length_or_with_more),
        cmocka_unit_test(heartbeat__refuses_wrong_constants_flags_and_counts),
        cmocka_unit_test(heartbeat__refuses_gaps_that_are_not_between_head_and_highest),
        cmocka_unit_test(heartbeat__survives_flipped_bits),
        cmocka_unit_test(void_list__comes_back_as_it_was_for_every_count),
        cmocka_unit_test(void_list__refuses_bytes_cut_at_any_length_or_with_more),
        cmocka_unit_test(void_list__refuses_wrong_constants_counts_and_reasons),
        cmocka_unit_test(void_list__refuses_a_number_twice_and_number_zero),
        cmocka_unit_test(void_list__survives_flipped_bits),
        cmocka_unit_test(heartbeat__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
