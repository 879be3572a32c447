/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: the key schedule of RFC 9180 section 5.1 with mode 0 (no pre-shared key, no sender
 * authentication: the signature under the seal does that), then ChaCha20-Poly1305 with the nonce
 * base_nonce XOR sequence. Opening checks the tag first and decrypts second, so that the caller's memory is
 * untouched by a forgery.
 */
#include "hpke.h"

#include <sodium.h>
#include <string.h>

#include "labelled.h"
#include "memory.h"

static void schedule_keys(const struct kem *kem,
    const uint8_t shared[static KEM_SHARED_BYTES], struct span info, struct hpke *ret)
{
    struct span suite_id = span_of(kem->suite_id, sizeof kem->suite_id),
                none = span_of(NULL, 0);
    uint8_t context[1 + 2 * HKDF_PRK_BYTES] = {0}, secret[HKDF_PRK_BYTES];
    struct span context_span = span_of(context, sizeof context);
    labelled_extract(suite_id, none, "psk_id_hash", none, context + 1);
    labelled_extract(suite_id, none, "info_hash", info, context + 1 + HKDF_PRK_BYTES);
    labelled_extract(suite_id, span_of(shared, KEM_SHARED_BYTES), "secret", none, secret);
    labelled_expand(suite_id, secret, "key", context_span, ret->key, HPKE_KEY_BYTES);
    labelled_expand(
        suite_id, secret, "base_nonce", context_span, ret->base_nonce, HPKE_NONCE_BYTES);
    memory_wipe(secret, sizeof secret);
}

enum status hpke_setup_sender(const struct kem *kem, struct chance *chance,
    const uint8_t *recipient_public, struct span info, uint8_t *ret_enc, struct hpke *ret)
{
    uint8_t shared[KEM_SHARED_BYTES];
    enum status status = kem->encap(chance, recipient_public, ret_enc, shared);
    if (status == STATUS_OK)
        schedule_keys(kem, shared, info, ret);
    memory_wipe(shared, sizeof shared);
    return status;
}

enum status hpke_setup_recipient(const struct kem *kem, const uint8_t *enc,
    const uint8_t *secret, struct span info, struct hpke *ret)
{
    uint8_t shared[KEM_SHARED_BYTES];
    enum status status = kem->decap(enc, secret, shared);
    if (status == STATUS_OK)
        schedule_keys(kem, shared, info, ret);
    memory_wipe(shared, sizeof shared);
    return status;
}

static void make_nonce(
    const struct hpke *hpke, uint64_t sequence, uint8_t ret[static HPKE_NONCE_BYTES])
{
    memcpy(ret, hpke->base_nonce, HPKE_NONCE_BYTES);
    for (size_t i = 0; i < 8; i++)
        ret[HPKE_NONCE_BYTES - 1 - i] ^= (uint8_t)(sequence >> (8 * i));
}

void hpke_seal(const struct hpke *hpke, uint64_t sequence, struct span aad,
    struct span plain, uint8_t *ret)
{
    uint8_t nonce[HPKE_NONCE_BYTES];
    make_nonce(hpke, sequence, nonce);
    PROMISE(crypto_aead_chacha20poly1305_ietf_encrypt(ret, NULL, plain.at, plain.n,
                aad.at, aad.n, NULL, nonce, hpke->key) == 0);
}

enum status hpke_open(const struct hpke *hpke, uint64_t sequence, struct span aad,
    struct span sealed, uint8_t *ret)
{
    if (sealed.n < HPKE_TAG_BYTES)
        return STATUS_FORGED;
    uint8_t nonce[HPKE_NONCE_BYTES];
    size_t n = sealed.n - HPKE_TAG_BYTES;
    const uint8_t *tag = sealed.at + n;
    make_nonce(hpke, sequence, nonce);
    if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(
            NULL, NULL, sealed.at, n, tag, aad.at, aad.n, nonce, hpke->key) != 0)
        return STATUS_FORGED;
    PROMISE(crypto_aead_chacha20poly1305_ietf_decrypt_detached(
                ret, NULL, sealed.at, n, tag, aad.at, aad.n, nonce, hpke->key) == 0);
    return STATUS_OK;
}

void hpke_release(struct hpke *hpke)
{
    if (hpke != NULL)
        memory_wipe(hpke, sizeof *hpke);
}

/* RFC 9180 A.2.1, sequence 0. */
static const char ephemeral_hex[] =
    "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600";
static const char enc_hex[] =
    "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
static const char public_hex[] =
    "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
static const char secret_hex[] =
    "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
static const char sealed_hex[] =
    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60"
    "b4db21993c62ce81883d2dd1b51a28";
static const char info_text[] = "Ode on a Grecian Urn";
static const char aad_text[] = "Count-0";
static const char plain_text[] = "Beauty is truth, truth beauty";
enum { PLAIN_BYTES = sizeof plain_text - 1, SEALED_BYTES = PLAIN_BYTES + HPKE_TAG_BYTES };

static void from_hex(const char *hex, uint8_t *ret, size_t n)
{
    PROMISE(hex_parse(hex, ret, n) == STATUS_OK);
}

static void fill_ephemeral(void *context, void *to, size_t n)
{
    (void)context;
    from_hex(ephemeral_hex, to, n);
}

static bool sender_is_right(const uint8_t *want_sealed)
{
    struct chance chance = {fill_ephemeral, NULL};
    uint8_t public[DH_BYTES], want_enc[DH_BYTES], enc[DH_BYTES] = {0},
                                                  sealed[SEALED_BYTES];
    struct hpke hpke = {{0}, {0}};
    from_hex(public_hex, public, DH_BYTES);
    from_hex(enc_hex, want_enc, DH_BYTES);
    bool right = hpke_setup_sender(kem_find(1), &chance, public, span_text(info_text),
                     enc, &hpke) == STATUS_OK;
    hpke_seal(&hpke, 0, span_text(aad_text), span_text(plain_text), sealed);
    right &= memcmp(enc, want_enc, DH_BYTES) == 0;
    right &= memcmp(sealed, want_sealed, SEALED_BYTES) == 0;
    hpke_release(&hpke);
    return right;
}

static bool recipient_is_right(uint8_t *sealed)
{
    uint8_t secret[DH_BYTES], enc[DH_BYTES], plain[PLAIN_BYTES] = {0};
    struct span span = span_of(sealed, SEALED_BYTES), aad = span_text(aad_text);
    struct hpke hpke = {{0}, {0}};
    from_hex(secret_hex, secret, DH_BYTES);
    from_hex(enc_hex, enc, DH_BYTES);
    bool right = hpke_setup_recipient(
                     kem_find(1), enc, secret, span_text(info_text), &hpke) == STATUS_OK;
    right &= hpke_open(&hpke, 0, aad, span, plain) == STATUS_OK;
    right &= memcmp(plain, plain_text, PLAIN_BYTES) == 0;
    sealed[SEALED_BYTES - 1] ^= 1;
    right &= hpke_open(&hpke, 0, aad, span, plain) == STATUS_FORGED;
    hpke_release(&hpke);
    return right;
}

enum status hpke_self_test(struct trouble *trouble)
{
    uint8_t sealed[SEALED_BYTES];
    from_hex(sealed_hex, sealed, SEALED_BYTES);
    if (sender_is_right(sealed) && recipient_is_right(sealed))
        return STATUS_OK;
    trouble_say(trouble,
        "the cryptography of this machine gives a wrong answer (HPKE). Nothing was "
        "opened or written. Reinstall libsodium, then start again");
    return STATUS_CORRUPT;
}
