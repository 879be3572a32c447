/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 9180 A.2.1 with every value that it publishes, and the two sides against each other in both suites.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "bug.h"
#include "hpke.h"
#include "labelled.h"
#include "seeded.h"
#include "vault.h"
#include "vectors.h"

static struct vectors *a2;

static const uint8_t *setup_bytes(const char *name, size_t n)
{
    return vectors_take(a2, vectors_find(a2, "setup"), name, n);
}

static struct span setup_span(const char *name)
{
    return vectors_get(a2, vectors_find(a2, "setup"), name);
}

static struct span kem_suite_id(void)
{
    return span_of("KEM\x00\x20", 5);
}

static struct span hpke_suite_id(void)
{
    return span_of(kem_find(1)->suite_id, 10);
}

/* DeriveKeyPair of RFC 9180 7.1.3: the program does not need it, the vectors begin with it. */
static void derive_secret(struct span ikm, uint8_t ret[static DH_BYTES])
{
    uint8_t prk[HKDF_PRK_BYTES];
    labelled_extract(kem_suite_id(), span_of(NULL, 0), "dkp_prk", ikm, prk);
    labelled_expand(kem_suite_id(), prk, "sk", span_of(NULL, 0), ret, DH_BYTES);
}

static void hpke__derives_the_key_pairs_of_rfc_9180(void **state)
{
    (void)state;
    uint8_t secret[DH_BYTES], public[DH_BYTES];
    derive_secret(setup_span("ikmE"), secret);
    assert_memory_equal(secret, setup_bytes("skEm", DH_BYTES), DH_BYTES);
    dh_public_of(secret, public);
    assert_memory_equal(public, setup_bytes("pkEm", DH_BYTES), DH_BYTES);
    derive_secret(setup_span("ikmR"), secret);
    assert_memory_equal(secret, setup_bytes("skRm", DH_BYTES), DH_BYTES);
    dh_public_of(secret, public);
    assert_memory_equal(public, setup_bytes("pkRm", DH_BYTES), DH_BYTES);
}

static void hpke__encapsulates_as_rfc_9180_says(void **state)
{
    (void)state;
    struct scripted scripted;
    const struct kem *kem = kem_find(1);
    uint8_t enc[DH_BYTES], shared[KEM_SHARED_BYTES];
    struct chance *chance = scripted_init(&scripted, setup_span("skEm"));
    assert_int_equal(
        kem->encap(chance, setup_bytes("pkRm", DH_BYTES), enc, shared), STATUS_OK);
    assert_memory_equal(enc, setup_bytes("enc", DH_BYTES), DH_BYTES);
    assert_memory_equal(shared, setup_bytes("shared_secret", 32), 32);
    memset(shared, 0, sizeof shared);
    assert_int_equal(kem->decap(enc, setup_bytes("skRm", DH_BYTES), shared), STATUS_OK);
    assert_memory_equal(shared, setup_bytes("shared_secret", 32), 32);
}

static void hpke__runs_the_key_schedule_of_rfc_9180(void **state)
{
    (void)state;
    uint8_t context[65] = {0}, secret[32], exporter[32], enc[DH_BYTES];
    struct span none = span_of(NULL, 0);
    labelled_extract(hpke_suite_id(), none, "psk_id_hash", none, context + 1);
    labelled_extract(
        hpke_suite_id(), none, "info_hash", setup_span("info"), context + 33);
    assert_memory_equal(context, setup_bytes("key_schedule_context", 65), 65);
    labelled_extract(
        hpke_suite_id(), setup_span("shared_secret"), "secret", none, secret);
    assert_memory_equal(secret, setup_bytes("secret", 32), 32);
    labelled_expand(hpke_suite_id(), secret, "exp", span_of(context, 65), exporter, 32);
    assert_memory_equal(exporter, setup_bytes("exporter_secret", 32), 32);

    struct scripted scripted;
    struct hpke sender, recipient;
    struct chance *chance = scripted_init(&scripted, setup_span("skEm"));
    assert_int_equal(hpke_setup_sender(kem_find(1), chance, setup_bytes("pkRm", DH_BYTES),
                         setup_span("info"), enc, &sender),
        STATUS_OK);
    assert_memory_equal(enc, setup_bytes("enc", DH_BYTES), DH_BYTES);
    assert_memory_equal(sender.key, setup_bytes("key", 32), 32);
    assert_memory_equal(sender.base_nonce, setup_bytes("base_nonce", 12), 12);
    assert_int_equal(hpke_setup_recipient(kem_find(1), enc, setup_bytes("skRm", DH_BYTES),
                         setup_span("info"), &recipient),
        STATUS_OK);
    assert_memory_equal(&recipient, &sender, sizeof sender);
    hpke_release(&sender);
    hpke_release(&recipient);
}

static void hpke__gives_the_ciphertext_of_every_published_sequence(void **state)
{
    (void)state;
    struct hpke hpke;
    size_t n_sequences = 0;
    memcpy(hpke.key, setup_bytes("key", 32), 32);
    memcpy(hpke.base_nonce, setup_bytes("base_nonce", 12), 12);
    for (size_t i = 0; i < vectors_count(a2); i++) {
        if (!vectors_has(a2, i, "sequence"))
            continue;
        n_sequences++;
        uint64_t sequence = vectors_number(a2, i, "sequence");
        struct span aad = vectors_get(a2, i, "aad"), plain = vectors_get(a2, i, "plain");
        struct span want = vectors_get(a2, i, "sealed");
        uint8_t sealed[64], opened[64];
        /* The nonce itself: sealing with it as base and sequence 0 is the same. */
        struct hpke direct = hpke;
        memcpy(direct.base_nonce, vectors_take(a2, i, "nonce", 12), 12);
        hpke_seal(&direct, 0, aad, plain, sealed);
        assert_memory_equal(sealed, want.at, want.n);
        hpke_seal(&hpke, sequence, aad, plain, sealed);
        assert_int_equal(want.n, plain.n + HPKE_TAG_BYTES);
        assert_memory_equal(sealed, want.at, want.n);
        assert_int_equal(hpke_open(&hpke, sequence, aad, want, opened), STATUS_OK);
        assert_memory_equal(opened, plain.at, plain.n);
        assert_int_equal(
            hpke_open(&hpke, sequence + 1, aad, want, opened), STATUS_FORGED);
    }
    assert_int_equal(n_sequences, 6);
}

static void hpke__uses_the_aead_of_rfc_8439(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc8439.txt");
    size_t at = vectors_find(vectors, "2.8.2");
    struct span plain = vectors_get(vectors, at, "plain");
    struct span want = vectors_get(vectors, at, "sealed");
    struct hpke hpke;
    uint8_t sealed[200];
    memcpy(hpke.key, vectors_take(vectors, at, "key", 32), 32);
    memcpy(hpke.base_nonce, vectors_take(vectors, at, "nonce", 12), 12);
    hpke_seal(&hpke, 0, vectors_get(vectors, at, "aad"), plain, sealed);
    assert_int_equal(want.n, plain.n + HPKE_TAG_BYTES);
    assert_memory_equal(sealed, want.at, want.n);
    vectors_close(&vectors);
}

struct pair {
    struct hpke sender, recipient;
    uint8_t enc[KEM_ENC_MAX];
};

static void set_up(const struct kem *kem, uint64_t seed, struct pair *ret)
{
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, seed);
    uint8_t public[KEM_PUBLIC_MAX], secret[KEM_SECRET_MAX];
    kem->new_keys(chance, public, secret);
    assert_int_equal(
        hpke_setup_sender(kem, chance, public, span_text("info"), ret->enc, &ret->sender),
        STATUS_OK);
    assert_int_equal(
        hpke_setup_recipient(kem, ret->enc, secret, span_text("info"), &ret->recipient),
        STATUS_OK);
}

static void hpke__refuses_any_changed_or_missing_byte_and_gives_nothing(void **state)
{
    (void)state;
    for (size_t row = 0; row < kem_count(); row++) {
        struct pair pair;
        uint8_t sealed[40 + HPKE_TAG_BYTES], opened[40], untouched[40],
            plain[40] = {1, 2, 3};
        uint8_t aad[8] = {9};
        set_up(kem_nth(row), 31, &pair);
        memset(opened, 0xa5, sizeof opened);
        memset(untouched, 0xa5, sizeof untouched);
        struct span aad_span = span_of(aad, sizeof aad);
        struct span span = span_of(sealed, sizeof sealed);
        hpke_seal(&pair.sender, 0, aad_span, span_of(plain, sizeof plain), sealed);
        for (size_t i = 0; i < sizeof sealed; i++) {
            sealed[i] ^= 0x10;
            assert_int_equal(
                hpke_open(&pair.recipient, 0, aad_span, span, opened), STATUS_FORGED);
            sealed[i] ^= 0x10;
            assert_int_equal(
                hpke_open(&pair.recipient, 0, aad_span, span_of(sealed, i), opened),
                STATUS_FORGED);
        }
        for (size_t i = 0; i < sizeof aad; i++) {
            aad[i] ^= 0x10;
            assert_int_equal(
                hpke_open(&pair.recipient, 0, aad_span, span, opened), STATUS_FORGED);
            aad[i] ^= 0x10;
        }
        assert_memory_equal(opened, untouched, sizeof opened);
        assert_int_equal(
            hpke_open(&pair.recipient, 0, aad_span, span, opened), STATUS_OK);
        assert_memory_equal(opened, plain, sizeof plain);
    }
}

static void hpke__binds_the_keys_to_info_and_enc(void **state)
{
    (void)state;
    for (size_t row = 0; row < kem_count(); row++) {
        const struct kem *kem = kem_nth(row);
        struct seeded seeded;
        struct chance *chance = seeded_init(&seeded, 41);
        uint8_t public[KEM_PUBLIC_MAX], secret[KEM_SECRET_MAX], enc[KEM_ENC_MAX];
        struct hpke sender, recipient;
        kem->new_keys(chance, public, secret);
        assert_int_equal(
            hpke_setup_sender(kem, chance, public, span_text("info"), enc, &sender),
            STATUS_OK);
        assert_int_equal(
            hpke_setup_recipient(kem, enc, secret, span_text("inf0"), &recipient),
            STATUS_OK);
        assert_memory_not_equal(&sender, &recipient, sizeof sender);
        enc[0] ^= 4;
        assert_int_equal(
            hpke_setup_recipient(kem, enc, secret, span_text("info"), &recipient),
            STATUS_OK);
        assert_memory_not_equal(&sender, &recipient, sizeof sender);
    }
}

static void hpke__refuses_a_recipient_key_of_low_order(void **state)
{
    (void)state;
    struct seeded seeded;
    uint8_t enc[DH_BYTES], secret[DH_BYTES] = {4};
    static const uint8_t zero[DH_BYTES];
    struct hpke hpke;
    assert_int_equal(hpke_setup_sender(kem_find(1), seeded_init(&seeded, 1), zero,
                         span_text("info"), enc, &hpke),
        STATUS_FORGED);
    assert_int_equal(
        hpke_setup_recipient(kem_find(1), zero, secret, span_text("info"), &hpke),
        STATUS_FORGED);
}

static void hpke__passes_its_self_test(void **state)
{
    (void)state;
    struct trouble trouble = {""};
    assert_int_equal(hpke_self_test(&trouble), STATUS_OK);
    assert_string_equal(trouble.text, "");
}

static void hpke__wipes_its_keys_when_released(void **state)
{
    (void)state;
    static const struct hpke empty;
    struct hpke hpke;
    memset(&hpke, 0xff, sizeof hpke);
    hpke_release(&hpke);
    assert_memory_equal(&hpke, &empty, sizeof hpke);
    hpke_release(NULL);
}

static void hpke__labels_are_never_asked_for_more_than_the_limit(void **state)
{
    (void)state;
    static uint8_t out[HKDF_OUT_MAX + 1];
    uint8_t prk[HKDF_PRK_BYTES] = {7};
    assert_bug(
        labelled_expand(hpke_suite_id(), prk, "key", span_text(""), out, sizeof out));
}

static int start(void **state)
{
    (void)state;
    a2 = vectors_open("rfc9180-a2.txt");
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    vectors_close(&a2);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hpke__derives_the_key_pairs_of_rfc_9180),
        cmocka_unit_test(hpke__encapsulates_as_rfc_9180_says),
        cmocka_unit_test(hpke__runs_the_key_schedule_of_rfc_9180),
        cmocka_unit_test(hpke__gives_the_ciphertext_of_every_published_sequence),
        cmocka_unit_test(hpke__uses_the_aead_of_rfc_8439),
        cmocka_unit_test(hpke__refuses_any_changed_or_missing_byte_and_gives_nothing),
        cmocka_unit_test(hpke__binds_the_keys_to_info_and_enc),
        cmocka_unit_test(hpke__refuses_a_recipient_key_of_low_order),
        cmocka_unit_test(hpke__passes_its_self_test),
        cmocka_unit_test(hpke__wipes_its_keys_when_released),
        cmocka_unit_test(hpke__labels_are_never_asked_for_more_than_the_limit),
    };
    return cmocka_run_group_tests_name("hpke", tests, start, stop);
}
