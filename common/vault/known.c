/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: published vectors as hex, one small function a primitive, which asks all its questions. Nothing here may refer to
 * kem or to what stands on it, since the broker links this file (CMakeLists.txt).
 */
#include "known.h"

#include <sodium.h>
#include <string.h>

#include "dh.h"
#include "hash.h"
#include "hkdf.h"
#include "memory.h"
#include "sign.h"

static void from_hex(const char *hex, uint8_t *ret, size_t n)
{
    PROMISE(hex_parse(hex, ret, n) == STATUS_OK);
}

static bool is_hex(const uint8_t *bytes, size_t n, const char *hex)
{
    uint8_t want[256];
    PROMISE(n <= sizeof want);
    from_hex(hex, want, n);
    return memcmp(bytes, want, n) == 0;
}

/* RFC 7693's "abc", at the length that we use. */
static bool blake2b_holds(void)
{
    struct hash hash = hash_of(span_text("abc"));
    return is_hex(hash.bytes, HASH_BYTES,
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

/* RFC 8032 7.1 TEST 2, and what must be refused: S plus the group order, another message, another key. */
static bool ed25519_holds(void)
{
    uint8_t seed[SIGN_SEED_BYTES];
    struct sign_public key;
    struct sign_secret secret;
    struct signature signature, larger;
    from_hex(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", seed, 32);
    from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
             "f52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c10",
        larger.bytes, SIGNATURE_BYTES);
    sign_keys_from_seed(seed, &key, &secret);
    sign_make(&secret, span_text("r"), &signature);
    bool holds = is_hex(key.bytes, SIGN_PUBLIC_BYTES,
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    holds &= is_hex(signature.bytes, SIGNATURE_BYTES,
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    holds &= sign_check(&key, span_text("r"), &signature) == STATUS_OK;
    holds &= sign_check(&key, span_text("r"), &larger) == STATUS_FORGED;
    holds &= sign_check(&key, span_text("s"), &signature) == STATUS_FORGED;
    key.bytes[0] ^= 1;
    holds &= sign_check(&key, span_text("r"), &signature) == STATUS_FORGED;
    return holds;
}

/* RFC 7748 6.1, and the refusal of a point of low order. */
static bool x25519_holds(void)
{
    uint8_t secret[DH_BYTES], other[DH_BYTES], public[DH_BYTES], shared[DH_BYTES] = {0};
    static const uint8_t low_order[DH_BYTES] = {1};
    from_hex(
        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", secret, 32);
    from_hex(
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", other, 32);
    dh_public_of(secret, public);
    bool holds = is_hex(public, DH_BYTES,
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    holds &= dh_combine(secret, other, shared) == STATUS_OK;
    holds &= is_hex(shared, DH_BYTES,
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    holds &= dh_combine(secret, low_order, shared) == STATUS_FORGED;
    return holds;
}

/* The plain text, key and associated data of RFC 8439 2.8.2, which the XChaCha draft uses too. */
static const char sunscreen[] =
    "Ladies and Gentlemen of the class of '99: If I could offer "
    "you only one tip for the future, sunscreen would be it.";
static const char aead_key[] =
    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
static const char aead_data[] = "50515253c0c1c2c3c4c5c6c7";
enum { SUNSCREEN_BYTES = sizeof sunscreen - 1, AEAD_BYTES = SUNSCREEN_BYTES + 16 };

static bool chacha20_poly1305_holds(void)
{
    uint8_t key[32], nonce[12], data[12], sealed[AEAD_BYTES], plain[SUNSCREEN_BYTES];
    const uint8_t *text = (const uint8_t *)sunscreen;
    from_hex(aead_key, key, sizeof key);
    from_hex("070000004041424344454647", nonce, sizeof nonce);
    from_hex(aead_data, data, sizeof data);
    crypto_aead_chacha20poly1305_ietf_encrypt(
        sealed, NULL, text, SUNSCREEN_BYTES, data, sizeof data, NULL, nonce, key);
    bool holds = is_hex(sealed, AEAD_BYTES,
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
        "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
        "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd060"
        "0691");
    holds &= crypto_aead_chacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed,
                 AEAD_BYTES, data, sizeof data, nonce, key) == 0;
    holds &= memcmp(plain, sunscreen, SUNSCREEN_BYTES) == 0;
    data[0] ^= 1;
    holds &= crypto_aead_chacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed,
                 AEAD_BYTES, data, sizeof data, nonce, key) != 0;
    return holds;
}

static bool xchacha20_poly1305_holds(void)
{
    uint8_t key[32], nonce[24], data[12], sealed[AEAD_BYTES], plain[SUNSCREEN_BYTES];
    const uint8_t *text = (const uint8_t *)sunscreen;
    from_hex(aead_key, key, sizeof key);
    from_hex("404142434445464748494a4b4c4d4e4f5051525354555657", nonce, sizeof nonce);
    from_hex(aead_data, data, sizeof data);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed, NULL, text, SUNSCREEN_BYTES, data, sizeof data, NULL, nonce, key);
    bool holds = is_hex(sealed, AEAD_BYTES,
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780a"
        "cf49");
    holds &= crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed,
                 AEAD_BYTES, data, sizeof data, nonce, key) == 0;
    holds &= memcmp(plain, sunscreen, SUNSCREEN_BYTES) == 0;
    sealed[0] ^= 1;
    holds &= crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed,
                 AEAD_BYTES, data, sizeof data, nonce, key) != 0;
    return holds;
}

/* RFC 5869 A.1. */
static bool hkdf_holds(void)
{
    uint8_t input[22], salt[13], info[10], prk[HKDF_PRK_BYTES], out[42];
    memset(input, 0x0b, sizeof input);
    from_hex("000102030405060708090a0b0c", salt, sizeof salt);
    from_hex("f0f1f2f3f4f5f6f7f8f9", info, sizeof info);
    hkdf_extract(span_of(salt, sizeof salt), span_of(input, sizeof input), prk);
    hkdf_expand(prk, span_of(info, sizeof info), out, sizeof out);
    bool holds = is_hex(prk, HKDF_PRK_BYTES,
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    holds &= is_hex(out, sizeof out,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        "34007208d5b887185865");
    return holds;
}

/* Small on purpose: one lane, 3 passes over 64 KiB; the answer is OpenSSL's. */
static bool argon2id_holds(void)
{
    static const char passphrase[] = "password";
    uint8_t key[32] = {0};
    bool holds = crypto_pwhash(key, sizeof key, passphrase, sizeof passphrase - 1,
                     (const uint8_t *)"saltsaltsaltsalt", 3, 64 * 1024,
                     crypto_pwhash_ALG_ARGON2ID13) == 0;
    holds &= is_hex(key, sizeof key,
        "8603a24c2ee42e2929d13246c887174f8f4b387d7447186481140ff9288feef2");
    return holds;
}

static const struct known built_in[] = {
    {"BLAKE2b", blake2b_holds},
    {"Ed25519", ed25519_holds},
    {"X25519", x25519_holds},
    {"ChaCha20-Poly1305", chacha20_poly1305_holds},
    {"XChaCha20-Poly1305", xchacha20_poly1305_holds},
    {"HKDF-SHA-256", hkdf_holds},
    {"Argon2id", argon2id_holds},
};

const struct known *known_rows(size_t *ret_n)
{
    *ret_n = ARRAY_LENGTH(built_in);
    return built_in;
}

enum status known_check(const struct known *rows, size_t n, struct trouble *trouble)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].holds())
            continue;
        trouble_say(trouble,
            "the cryptography of this machine gives a wrong answer (%s). Nothing "
            "was opened or written. Reinstall libsodium, then start again",
            rows[i].name);
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}
