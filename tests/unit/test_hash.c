/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "bug.h"
#include "hash.h"
#include "hkdf.h"
#include "memory.h"
#include "vault.h"
#include "vectors.h"

static void assert_hex(const void *bytes, size_t n, const char *hex)
{
    char *text = memory_new(2 * n + 1);
    hex_format(bytes, n, text);
    assert_string_equal(text, hex);
    memory_free(text);
}

/* Values of Python's hashlib.blake2b(digest_size=32). */
static void hash__is_blake2b_with_32_bytes(void **state)
{
    (void)state;
    struct hash abc = hash_of(span_text("abc")), none = hash_of(span_of(NULL, 0));
    assert_hex(abc.bytes, HASH_BYTES,
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_hex(none.bytes, HASH_BYTES,
        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void hash__of_parts_is_the_hash_of_all_behind_each_other(void **state)
{
    (void)state;
    const struct span parts[] = {
        span_text("a"), span_of(NULL, 0), span_text("b"), span_text("c")};
    struct hash whole = hash_of(span_text("abc")), split = hash_of_parts(parts, 4);
    assert_true(hash_equal(&whole, &split));
    split = hash_of_parts(parts, 3);
    assert_false(hash_equal(&whole, &split));
}

static void hash__with_a_key_depends_on_the_key(void **state)
{
    (void)state;
    uint8_t key[32];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    struct hash hash = hash_keyed(key, span_text("abc"));
    assert_hex(hash.bytes, HASH_BYTES,
        "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
    key[31] ^= 1;
    struct hash other = hash_keyed(key, span_text("abc"));
    assert_false(hash_equal(&hash, &other));
}

static void hash__goes_through_writer_and_reader(void **state)
{
    (void)state;
    struct hash hash = hash_of(span_text("abc"));
    uint8_t bytes[HASH_BYTES];
    struct writer writer = writer_over(bytes, sizeof bytes);
    writer_hash(&writer, &hash);
    assert_true(span_equal(writer_span(&writer), hash_span(&hash)));
    struct reader reader = reader_over(span_of(bytes, sizeof bytes));
    struct hash back = reader_hash(&reader);
    assert_int_equal(reader_end(&reader), STATUS_OK);
    assert_true(hash_equal(&hash, &back));
    reader = reader_over(span_of(bytes, sizeof bytes - 1));
    back = reader_hash(&reader);
    assert_true(reader.bad);
    assert_true(hash_is_zero(&back));
    assert_false(hash_is_zero(&hash));
}

static void contexts__are_16_bytes_and_all_different(void **state)
{
    (void)state;
    static const char *const contexts[] = {CONTEXT_HPKE, CONTEXT_ENVELOPE, CONTEXT_BODY,
        CONTEXT_CHAIN, CONTEXT_LINK, CONTEXT_RECEIPT, CONTEXT_PREKEY, CONTEXT_BUNDLE,
        CONTEXT_ROOT, CONTEXT_ROSTER, CONTEXT_PROFILES, CONTEXT_NOTICE, CONTEXT_JOIN,
        CONTEXT_WRAP};
    const size_t sizes[] = {sizeof CONTEXT_HPKE, sizeof CONTEXT_ENVELOPE,
        sizeof CONTEXT_BODY, sizeof CONTEXT_CHAIN, sizeof CONTEXT_LINK,
        sizeof CONTEXT_RECEIPT, sizeof CONTEXT_PREKEY, sizeof CONTEXT_BUNDLE,
        sizeof CONTEXT_ROOT, sizeof CONTEXT_ROSTER, sizeof CONTEXT_PROFILES,
        sizeof CONTEXT_NOTICE, sizeof CONTEXT_JOIN, sizeof CONTEXT_WRAP};
    for (size_t i = 0; i < ARRAY_LENGTH(contexts); i++) {
        assert_int_equal(sizes[i], CONTEXT_BYTES + 1);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(contexts[i], contexts[j], CONTEXT_BYTES);
    }
}

static void hkdf__gives_the_answers_of_rfc_5869(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc5869.txt");
    assert_int_equal(vectors_count(vectors), 3);
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        uint8_t prk[HKDF_PRK_BYTES], out[128];
        struct span okm = vectors_get(vectors, i, "okm");
        hkdf_extract(
            vectors_get(vectors, i, "salt"), vectors_get(vectors, i, "ikm"), prk);
        assert_memory_equal(prk, vectors_take(vectors, i, "prk", sizeof prk), sizeof prk);
        hkdf_expand(prk, vectors_get(vectors, i, "info"), out, okm.n);
        assert_memory_equal(out, okm.at, okm.n);
    }
    vectors_close(&vectors);
}

static void hkdf__takes_parts_as_one_input(void **state)
{
    (void)state;
    const struct span parts[] = {span_text("ab"), span_text("c")};
    uint8_t one[HKDF_PRK_BYTES], two[HKDF_PRK_BYTES], out_one[100], out_two[100];
    hkdf_extract(span_text("salt"), span_text("abc"), one);
    hkdf_extract_parts(span_text("salt"), parts, 2, two);
    assert_memory_equal(one, two, sizeof one);
    hkdf_expand(one, span_text("abc"), out_one, sizeof out_one);
    hkdf_expand_parts(one, parts, 2, out_two, sizeof out_two);
    assert_memory_equal(out_one, out_two, sizeof out_one);
}

static void hkdf__gives_as_much_as_its_limit(void **state)
{
    (void)state;
    uint8_t prk[HKDF_PRK_BYTES] = {7};
    uint8_t *out = memory_new(HKDF_OUT_MAX), first[64];
    hkdf_expand(prk, span_text("x"), out, HKDF_OUT_MAX);
    hkdf_expand(prk, span_text("x"), first, sizeof first);
    assert_memory_equal(out, first, sizeof first);
    assert_memory_not_equal(out, out + HKDF_OUT_MAX - 32, 32);
    memory_free(out);
}

static void hkdf__is_never_asked_for_more_than_its_limit(void **state)
{
    (void)state;
    static uint8_t out[HKDF_OUT_MAX + 1];
    uint8_t prk[HKDF_PRK_BYTES] = {7};
    assert_bug(hkdf_expand(prk, span_text("x"), out, sizeof out));
}

static int start(void **state)
{
    (void)state;
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

/* RFC 8439 2.5.2. */
static void hash__mark_is_poly1305_in_the_first_16_bytes(void **state)
{
    (void)state;
    static const uint8_t key[32] = {0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f,
        0x44, 0x52, 0xfe, 0x42, 0xd5, 0x06, 0xa8, 0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d,
        0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf, 0x41, 0x49, 0xf5, 0x1b};
    static const struct hash wanted = {{0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6,
        0xc2, 0x2b, 0x8b, 0xaf, 0x0c, 0x01, 0x27, 0xa9}};
    struct hash mark = hash_mark(key, span_text("Cryptographic Forum Research Group"));
    assert_true(hash_equal(&mark, &wanted));
    mark = hash_mark(key, span_text("Cryptographic Forum Research Group."));
    assert_false(hash_equal(&mark, &wanted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash__is_blake2b_with_32_bytes),
        cmocka_unit_test(hash__of_parts_is_the_hash_of_all_behind_each_other),
        cmocka_unit_test(hash__with_a_key_depends_on_the_key),
        cmocka_unit_test(hash__goes_through_writer_and_reader),
        cmocka_unit_test(contexts__are_16_bytes_and_all_different),
        cmocka_unit_test(hkdf__gives_the_answers_of_rfc_5869),
        cmocka_unit_test(hkdf__takes_parts_as_one_input),
        cmocka_unit_test(hkdf__gives_as_much_as_its_limit),
        cmocka_unit_test(hkdf__is_never_asked_for_more_than_its_limit),
        cmocka_unit_test(hash__mark_is_poly1305_in_the_first_16_bytes),
    };
    return cmocka_run_group_tests_name("hash", tests, start, NULL);
}
