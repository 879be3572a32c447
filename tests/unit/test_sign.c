/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "seeded.h"
#include "sign.h"
#include "vault.h"
#include "vectors.h"

static void sign__gives_the_answers_of_rfc_8032(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc8032.txt");
    assert_int_equal(vectors_count(vectors), 5);
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct sign_public key;
        struct sign_secret secret;
        struct signature signature;
        struct span message = vectors_get(vectors, i, "message");
        sign_keys_from_seed(
            vectors_take(vectors, i, "secret", SIGN_SEED_BYTES), &key, &secret);
        assert_memory_equal(key.bytes, vectors_take(vectors, i, "public", 32), 32);
        struct sign_public again = sign_public_of(&secret);
        assert_true(sign_public_equal(&key, &again));
        sign_make(&secret, message, &signature);
        assert_memory_equal(signature.bytes,
            vectors_take(vectors, i, "signature", SIGNATURE_BYTES), SIGNATURE_BYTES);
        assert_int_equal(sign_check(&key, message, &signature), STATUS_OK);
    }
    assert_int_equal(vectors_get(vectors, 3, "message").n, 1023);
    vectors_close(&vectors);
}

static void sign__refuses_a_change_of_any_bit(void **state)
{
    (void)state;
    struct seeded seeded;
    struct sign_public key;
    struct sign_secret secret;
    struct signature signature;
    uint8_t message[40] = "the words under the signature";
    struct span span = span_of(message, sizeof message);
    sign_new_keys(seeded_init(&seeded, 1), &key, &secret);
    sign_make(&secret, span, &signature);
    for (size_t bit = 0; bit < 8 * SIGNATURE_BYTES; bit++) {
        struct signature changed = signature;
        changed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(sign_check(&key, span, &changed), STATUS_FORGED);
    }
    for (size_t bit = 0; bit < 8 * SIGN_PUBLIC_BYTES; bit++) {
        struct sign_public changed = key;
        changed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(sign_check(&changed, span, &signature), STATUS_FORGED);
    }
    for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(sign_check(&key, span, &signature), STATUS_FORGED);
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(sign_check(&key, span_of(message, sizeof message - 1), &signature),
        STATUS_FORGED);
    assert_int_equal(sign_check(&key, span, &signature), STATUS_OK);
}

/* The same signature with S plus the group order: whoever accepts it lets a third party make a second
 * valid signature of a message. */
static void sign__refuses_a_second_form_of_a_valid_signature(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc8032.txt");
    struct sign_public key;
    struct signature signature, larger;
    size_t i = vectors_find(vectors, "TEST 2");
    memcpy(key.bytes, vectors_take(vectors, i, "public", 32), 32);
    memcpy(signature.bytes, vectors_take(vectors, i, "signature", 64), 64);
    larger = signature;
    assert_int_equal(
        hex_parse("f52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c10",
            larger.bytes + 32, 32),
        STATUS_OK);
    assert_int_equal(sign_check(&key, span_text("r"), &signature), STATUS_OK);
    assert_int_equal(sign_check(&key, span_text("r"), &larger), STATUS_FORGED);
    vectors_close(&vectors);
}

/* Under the neutral point as key, R neutral and S = 0 would fit every message. */
static void sign__refuses_keys_of_low_order(void **state)
{
    (void)state;
    static const struct sign_public neutral = {{1}};
    static const struct signature signature = {{1}};
    static const struct sign_public zero = {{0}};
    static const struct signature nothing = {{0}};
    assert_int_equal(sign_check(&neutral, span_text("any"), &signature), STATUS_FORGED);
    assert_int_equal(sign_check(&zero, span_text("any"), &nothing), STATUS_FORGED);
    assert_int_equal(sign_check(&zero, span_text("any"), &signature), STATUS_FORGED);
}

static void sign__makes_keys_from_the_given_chance_only(void **state)
{
    (void)state;
    struct seeded one, two;
    struct sign_public a, b, c;
    struct sign_secret secret;
    sign_new_keys(seeded_init(&one, 7), &a, &secret);
    sign_new_keys(seeded_init(&two, 7), &b, &secret);
    sign_new_keys(&two.chance, &c, &secret);
    assert_true(sign_public_equal(&a, &b));
    assert_false(sign_public_equal(&a, &c));
}

static int start(void **state)
{
    (void)state;
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign__gives_the_answers_of_rfc_8032),
        cmocka_unit_test(sign__refuses_a_change_of_any_bit),
        cmocka_unit_test(sign__refuses_a_second_form_of_a_valid_signature),
        cmocka_unit_test(sign__refuses_keys_of_low_order),
        cmocka_unit_test(sign__makes_keys_from_the_given_chance_only),
    };
    return cmocka_run_group_tests_name("sign", tests, start, NULL);
}
