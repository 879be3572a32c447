/* SPDX-License-Identifier: Apache-2.0
 * The list of prekeys, also in the build with the odd suite.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hostile.h"
#include "memory.h"
#include "prekey.h"
#include "seeded.h"
#include "vectors.h"

static const int64_t START_MS = INT64_C(1795500000000); /* November 2026 */
static struct seeded seed;

static struct bundle some_bundle(struct chance *chance, uint16_t suite_id, size_t n)
{
    struct bundle bundle = {
        .suite = suite_id,
        .node_id = ident_new(chance),
        .number = 1 + chance_below(chance, 1000),
        .created_ms = START_MS,
        .roster_version = chance_below(chance, 1000),
        .n = n,
    };
    for (size_t i = 0; i < n; i++) {
        bundle.prekeys[i].id = chance_u64(chance);
        chance_fill(
            chance, bundle.prekeys[i].public_key, suite_find(suite_id)->public_bytes);
        bundle.prekeys[i].not_before_ms = START_MS + (int64_t)i * PREKEY_STEP_MS;
        bundle.prekeys[i].not_after_ms =
            bundle.prekeys[i].not_before_ms + PREKEY_VALID_MS;
    }
    chance_fill(chance, bundle.signature, sizeof bundle.signature);
    return bundle;
}

struct bytes_of_bundle {
    uint8_t bytes[BUNDLE_BYTES_MAX];
    size_t n;
};

static struct bytes_of_bundle encode(const struct bundle *bundle)
{
    struct bytes_of_bundle out;
    struct writer writer = writer_over(out.bytes, sizeof out.bytes);
    bundle_encode_unsigned(bundle, &writer);
    writer_put(&writer, bundle->signature, sizeof bundle->signature);
    out.n = writer_span(&writer).n;
    return out;
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct bundle bundle;
    return bundle_decode(bytes, &bundle, NULL);
}

static enum status decode_changed(const struct bundle *bundle)
{
    struct bytes_of_bundle out = encode(bundle);
    return decode(NULL, span_of(out.bytes, out.n));
}

static void bundle__comes_back_as_it_was_for_every_count(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 1);
    for (size_t row = 0; row < suite_count(); row++) {
        size_t public_bytes = suite_nth(row)->public_bytes;
        for (size_t n = 1; n <= BUNDLE_PREKEYS_MAX; n++) {
            struct bundle bundle = some_bundle(chance, suite_nth(row)->id, n), back;
            struct bytes_of_bundle out = encode(&bundle);
            struct span under;
            assert_int_equal(out.n, 120 + n * (24 + public_bytes));
            assert_int_equal(
                bundle_decode(span_of(out.bytes, out.n), &back, &under), STATUS_OK);
            assert_memory_equal(&back, &bundle, sizeof bundle);
            assert_ptr_equal(under.at, out.bytes);
            assert_int_equal(under.n, out.n - BUNDLE_SIGNATURE_BYTES);
        }
    }
}

static void bundle__of_one_prekey_has_176_bytes_and_of_24_has_1464(void **state)
{
    (void)state;
    struct bundle one = some_bundle(seeded_init(&seed, 2), SUITE_X25519, 1);
    struct bundle most = some_bundle(&seed.chance, SUITE_X25519, BUNDLE_PREKEYS_MAX);
    assert_int_equal(encode(&one).n, 176);
    assert_int_equal(encode(&most).n, 1464);
}

static void bundle__refuses_bytes_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    for (size_t row = 0; row < suite_count(); row++) {
        struct bundle bundle = some_bundle(seeded_init(&seed, 3), suite_nth(row)->id, 9);
        struct bytes_of_bundle out = encode(&bundle);
        hostile_cut(span_of(out.bytes, out.n), decode, NULL);
    }
}

static void bundle__refuses_wrong_constants_and_counts(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 4), SUITE_X25519, 3);
    struct bytes_of_bundle out = encode(&bundle);
    struct span good = span_of(out.bytes, out.n);
    for (size_t i = 0; i < 4; i++) {
        hostile_set(good, i, 'x', decode, NULL);
    }
    hostile_set(good, 6, 0, decode, NULL);
    hostile_set(good, 6, 2, decode, NULL);
    hostile_set(good, 6, 4, decode, NULL);
    hostile_set(good, 6, 25, decode, NULL);
    hostile_set(good, 7, 1, decode, NULL);
    for (size_t i = 48; i < 56; i++) {
        hostile_set(good, i, 1, decode, NULL);
    }
    hostile_set(good, 32, 0xff, decode, NULL); /* a time beyond the year 9999 */
}

static void bundle__tells_an_unknown_suite_from_malformed_bytes(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 5), SUITE_X25519, 3), back;
    struct bytes_of_bundle out = encode(&bundle);
    out.bytes[4] = 0x40;
    assert_int_equal(
        bundle_decode(span_of(out.bytes, out.n), &back, NULL), STATUS_UNSUPPORTED);
}

static void bundle__refuses_a_prekey_named_twice(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 6), SUITE_X25519, 5);
    assert_int_equal(decode_changed(&bundle), STATUS_OK);
    bundle.prekeys[4].id = bundle.prekeys[1].id;
    assert_int_equal(decode_changed(&bundle), STATUS_MALFORMED);
}

static void bundle__refuses_entries_out_of_order_but_takes_equal_starts(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 7), SUITE_X25519, 5);
    bundle.prekeys[2].not_before_ms = bundle.prekeys[1].not_before_ms;
    assert_int_equal(decode_changed(&bundle), STATUS_OK);
    bundle.prekeys[2].not_before_ms = bundle.prekeys[1].not_before_ms - 1;
    assert_int_equal(decode_changed(&bundle), STATUS_MALFORMED);
}

static void bundle__refuses_an_entry_that_ends_before_it_begins(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 8), SUITE_X25519, 2);
    bundle.prekeys[1].not_after_ms = bundle.prekeys[1].not_before_ms;
    assert_int_equal(decode_changed(&bundle), STATUS_MALFORMED);
}

static void bundle__refuses_number_zero_and_a_node_without_a_name(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 9), SUITE_X25519, 2);
    bundle.number = 0;
    assert_int_equal(decode_changed(&bundle), STATUS_MALFORMED);
    bundle.number = 1;
    memset(&bundle.node_id, 0, sizeof bundle.node_id);
    assert_int_equal(decode_changed(&bundle), STATUS_MALFORMED);
}

static void bundle__survives_flipped_bits(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 10);
    struct bundle bundle = some_bundle(chance, SUITE_X25519, 6);
    struct bytes_of_bundle out = encode(&bundle);
    assert_true(hostile_flip(span_of(out.bytes, out.n), out.n, chance, decode, NULL) > 0);
}

static void bundle__finds_a_prekey_by_its_id(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 11), SUITE_X25519, 6);
    assert_ptr_equal(bundle_find(&bundle, bundle.prekeys[4].id), &bundle.prekeys[4]);
    bundle.n = 4;
    assert_null(bundle_find(&bundle, bundle.prekeys[4].id));
}

static void bundle__chooses_the_newest_prekey_that_is_usable_now(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 12), SUITE_X25519, 3);
    const struct prekey *prekeys = bundle.prekeys;
    assert_null(bundle_choose(&bundle, START_MS - DAY_MS - 1));
    assert_ptr_equal(bundle_choose(&bundle, START_MS - DAY_MS), &prekeys[0]);
    assert_ptr_equal(bundle_choose(&bundle, START_MS + 6 * DAY_MS - 1), &prekeys[0]);
    assert_ptr_equal(bundle_choose(&bundle, START_MS + 6 * DAY_MS), &prekeys[1]);
    assert_ptr_equal(bundle_choose(&bundle, START_MS + 14 * DAY_MS), &prekeys[2]);
    assert_ptr_equal(bundle_choose(&bundle, prekeys[2].not_after_ms), &prekeys[2]);
    assert_null(bundle_choose(&bundle, prekeys[2].not_after_ms + 1));
}

static void bundle__eight_weekly_prekeys_ahead_cover_35_days_of_silence(void **state)
{
    (void)state;
    struct bundle bundle = some_bundle(seeded_init(&seed, 13), SUITE_X25519, 8);
    for (int64_t day = 0; day <= 63; day++) {
        assert_non_null(bundle_choose(&bundle, START_MS + day * DAY_MS));
    }
    assert_null(bundle_choose(&bundle, START_MS + 63 * DAY_MS + 1));
}

static void bundle__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("prekey.txt");
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct span frozen = vectors_get(vectors, i, "bundle");
        struct bundle bundle;
        assert_int_equal(bundle_decode(frozen, &bundle, NULL), STATUS_OK);
        assert_true(bundle.n == vectors_number(vectors, i, "n"));
        assert_true(bundle.number == vectors_number(vectors, i, "number"));
        assert_true(bundle.prekeys[0].id == vectors_number(vectors, i, "first_id"));
        struct bytes_of_bundle out = encode(&bundle);
        assert_true(span_equal(span_of(out.bytes, out.n), frozen));
    }
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bundle__comes_back_as_it_was_for_every_count),
        cmocka_unit_test(bundle__of_one_prekey_has_176_bytes_and_of_24_has_1464),
        cmocka_unit_test(bundle__refuses_bytes_cut_at_any_length_or_with_more),
        cmocka_unit_test(bundle__refuses_wrong_constants_and_counts),
        cmocka_unit_test(bundle__tells_an_unknown_suite_from_malformed_bytes),
        cmocka_unit_test(bundle__refuses_a_prekey_named_twice),
        cmocka_unit_test(bundle__refuses_entries_out_of_order_but_takes_equal_starts),
        cmocka_unit_test(bundle__refuses_an_entry_that_ends_before_it_begins),
        cmocka_unit_test(bundle__refuses_number_zero_and_a_node_without_a_name),
        cmocka_unit_test(bundle__survives_flipped_bits),
        cmocka_unit_test(bundle__finds_a_prekey_by_its_id),
        cmocka_unit_test(bundle__chooses_the_newest_prekey_that_is_usable_now),
        cmocka_unit_test(bundle__eight_weekly_prekeys_ahead_cover_35_days_of_silence),
        cmocka_unit_test(bundle__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
