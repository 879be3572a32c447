/* SPDX-License-Identifier: Apache-2.0
 *
 * Built with kem.c and AMAAN_ODD_SUITE, so that every test runs over both rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "kem.h"
#include "seeded.h"
#include "vault.h"
#include "vectors.h"

static void dh__gives_the_answers_of_rfc_7748(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc7748.txt");
    static const char *const titles[] = {"5.2 first", "5.2 second"};
    uint8_t out[DH_BYTES];
    for (size_t i = 0; i < 2; i++) {
        size_t at = vectors_find(vectors, titles[i]);
        assert_int_equal(dh_combine(vectors_take(vectors, at, "scalar", 32),
                             vectors_take(vectors, at, "u", 32), out),
            STATUS_OK);
        assert_memory_equal(out, vectors_take(vectors, at, "out", 32), 32);
    }
    size_t at = vectors_find(vectors, "6.1");
    const uint8_t *a = vectors_take(vectors, at, "a secret", 32);
    const uint8_t *b = vectors_take(vectors, at, "b secret", 32);
    dh_public_of(a, out);
    assert_memory_equal(out, vectors_take(vectors, at, "a public", 32), 32);
    dh_public_of(b, out);
    assert_memory_equal(out, vectors_take(vectors, at, "b public", 32), 32);
    assert_int_equal(
        dh_combine(a, vectors_take(vectors, at, "b public", 32), out), STATUS_OK);
    assert_memory_equal(out, vectors_take(vectors, at, "shared", 32), 32);
    assert_int_equal(
        dh_combine(b, vectors_take(vectors, at, "a public", 32), out), STATUS_OK);
    assert_memory_equal(out, vectors_take(vectors, at, "shared", 32), 32);
    vectors_close(&vectors);
}

static void dh__gives_the_iterated_answers_of_rfc_7748(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc7748.txt");
    size_t at = vectors_find(vectors, "5.2 iterated");
    uint8_t k[32], u[32], out[32];
    memcpy(k, vectors_take(vectors, at, "start", 32), 32);
    memcpy(u, k, 32);
    for (int i = 1; i <= 1000; i++) {
        assert_int_equal(dh_combine(k, u, out), STATUS_OK);
        memcpy(u, k, 32);
        memcpy(k, out, 32);
        if (i == 1)
            assert_memory_equal(k, vectors_take(vectors, at, "after 1", 32), 32);
    }
    assert_memory_equal(k, vectors_take(vectors, at, "after 1000", 32), 32);
    vectors_close(&vectors);
}

static void dh__refuses_every_key_of_low_order_and_gives_nothing(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc7748.txt");
    size_t at = vectors_find(vectors, "low order");
    struct seeded seeded;
    uint8_t public[32], secret[32], out[32], untouched[32];
    dh_new_keys(seeded_init(&seeded, 3), public, secret);
    memset(out, 0xa5, sizeof out);
    memset(untouched, 0xa5, sizeof untouched);
    for (char digit = '0'; digit < '7'; digit++) {
        const char name[] = {'u', digit, '\0'};
        assert_int_equal(
            dh_combine(secret, vectors_take(vectors, at, name, 32), out), STATUS_FORGED);
        assert_memory_equal(out, untouched, sizeof out);
    }
    vectors_close(&vectors);
}

static void kem__has_suite_1_and_the_odd_suite_in_this_build(void **state)
{
    (void)state;
    const struct kem *kem = kem_find(1), *odd = kem_find(0x7f01);
    assert_int_equal(kem_count(), 2);
    assert_ptr_equal(kem_nth(0), kem);
    assert_ptr_equal(kem_nth(1), odd);
    assert_null(kem_nth(2));
    assert_null(kem_find(0));
    assert_null(kem_find(2));
    assert_int_equal(kem->secret_bytes, 32);
    assert_int_equal(kem->public_bytes, 32);
    assert_int_equal(kem->enc_bytes, 32);
    assert_int_equal(odd->secret_bytes, 33);
    assert_int_equal(odd->public_bytes, 37);
    assert_int_equal(odd->enc_bytes, 39);
    assert_memory_equal(kem->suite_id, "HPKE\x00\x20\x00\x01\x00\x03", 10);
    assert_memory_not_equal(kem->suite_id, odd->suite_id, 10);
}

static void kem__both_sides_get_the_same_secret_in_every_suite(void **state)
{
    (void)state;
    for (size_t i = 0; i < kem_count(); i++) {
        const struct kem *kem = kem_nth(i);
        struct seeded seeded;
        struct chance *chance = seeded_init(&seeded, 11 + i);
        uint8_t public[KEM_PUBLIC_MAX], secret[KEM_SECRET_MAX], other[KEM_SECRET_MAX];
        uint8_t enc[KEM_ENC_MAX], a[KEM_SHARED_BYTES], b[KEM_SHARED_BYTES];
        kem->new_keys(chance, public, other);
        kem->new_keys(chance, public, secret);
        assert_int_equal(kem->encap(chance, public, enc, a), STATUS_OK);
        assert_int_equal(kem->decap(enc, secret, b), STATUS_OK);
        assert_memory_equal(a, b, sizeof a);
        assert_int_equal(kem->decap(enc, other, b), STATUS_OK);
        assert_memory_not_equal(a, b, sizeof a);
    }
}

/* A row that wrote past its sizes would change the byte behind them. */
static void kem__writes_no_more_than_its_row_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < kem_count(); i++) {
        const struct kem *kem = kem_nth(i);
        struct seeded seeded;
        struct chance *chance = seeded_init(&seeded, 21);
        uint8_t public[KEM_PUBLIC_MAX], secret[KEM_SECRET_MAX], enc[KEM_ENC_MAX];
        uint8_t shared[KEM_SHARED_BYTES];
        memset(public, 0xee, sizeof public);
        memset(secret, 0xee, sizeof secret);
        memset(enc, 0xee, sizeof enc);
        kem->new_keys(chance, public, secret);
        assert_int_equal(kem->encap(chance, public, enc, shared), STATUS_OK);
        for (size_t j = kem->public_bytes; j < sizeof public; j++)
            assert_int_equal(public[j], 0xee);
        for (size_t j = kem->secret_bytes; j < sizeof secret; j++)
            assert_int_equal(secret[j], 0xee);
        for (size_t j = kem->enc_bytes; j < sizeof enc; j++)
            assert_int_equal(enc[j], 0xee);
    }
}

static void kem__refuses_an_all_zero_result_on_both_sides(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 5);
    const struct kem *kem = kem_find(1), *odd = kem_find(0x7f01);
    uint8_t public[KEM_PUBLIC_MAX], secret[KEM_SECRET_MAX], zero[KEM_PUBLIC_MAX] = {0};
    uint8_t enc[KEM_ENC_MAX], shared[KEM_SHARED_BYTES];
    kem->new_keys(chance, public, secret);
    assert_int_equal(kem->encap(chance, zero, enc, shared), STATUS_FORGED);
    assert_int_equal(kem->decap(zero, secret, shared), STATUS_FORGED);
    odd->new_keys(chance, public, secret);
    assert_int_equal(odd->encap(chance, public, enc, shared), STATUS_OK);
    memset(public + 5, 0, 32);
    memset(enc, 0, 32);
    assert_int_equal(odd->encap(chance, public, enc, shared), STATUS_FORGED);
    assert_int_equal(odd->decap(enc, secret, shared), STATUS_FORGED);
}

static void kem__odd_suite_checks_its_filler_bytes(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 6);
    const struct kem *odd = kem_find(0x7f01);
    uint8_t public[KEM_PUBLIC_MAX], secret[KEM_SECRET_MAX], enc[KEM_ENC_MAX];
    uint8_t shared[KEM_SHARED_BYTES];
    odd->new_keys(chance, public, secret);
    assert_int_equal(odd->encap(chance, public, enc, shared), STATUS_OK);
    for (size_t i = 0; i < 5; i++) {
        public[i] ^= 1;
        assert_int_equal(odd->encap(chance, public, enc, shared), STATUS_FORGED);
        public[i] ^= 1;
    }
    for (size_t i = 32; i < 39; i++) {
        enc[i] ^= 1;
        assert_int_equal(odd->decap(enc, secret, shared), STATUS_FORGED);
        enc[i] ^= 1;
    }
    secret[32] ^= 1;
    assert_int_equal(odd->decap(enc, secret, shared), STATUS_FORGED);
    secret[32] ^= 1;
    assert_int_equal(odd->decap(enc, secret, shared), STATUS_OK);
}

static int start(void **state)
{
    (void)state;
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dh__gives_the_answers_of_rfc_7748),
        cmocka_unit_test(dh__gives_the_iterated_answers_of_rfc_7748),
        cmocka_unit_test(dh__refuses_every_key_of_low_order_and_gives_nothing),
        cmocka_unit_test(kem__has_suite_1_and_the_odd_suite_in_this_build),
        cmocka_unit_test(kem__both_sides_get_the_same_secret_in_every_suite),
        cmocka_unit_test(kem__writes_no_more_than_its_row_says),
        cmocka_unit_test(kem__refuses_an_all_zero_result_on_both_sides),
        cmocka_unit_test(kem__odd_suite_checks_its_filler_bytes),
    };
    return cmocka_run_group_tests_name("kem", tests, start, NULL);
}
