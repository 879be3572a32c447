/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: libsodium's Ed25519. Its verification refuses S beyond the group order, keys and R of
 * low order, and keys that are not canonical; known.c asks it for the first of these at every start.
 */
#include "sign.h"

#include <sodium.h>
#include <string.h>

#include "memory.h"

void sign_new_keys(
    struct chance *chance, struct sign_public *ret_public, struct sign_secret *ret_secret)
{
    uint8_t seed[SIGN_SEED_BYTES];
    chance_fill(chance, seed, sizeof seed);
    sign_keys_from_seed(seed, ret_public, ret_secret);
    memory_wipe(seed, sizeof seed);
}

void sign_keys_from_seed(const uint8_t seed[static SIGN_SEED_BYTES],
    struct sign_public *ret_public, struct sign_secret *ret_secret)
{
    PROMISE(crypto_sign_seed_keypair(ret_public->bytes, ret_secret->bytes, seed) == 0);
}

struct sign_public sign_public_of(const struct sign_secret *secret)
{
    struct sign_public key;
    memcpy(key.bytes, secret->bytes + SIGN_SEED_BYTES, SIGN_PUBLIC_BYTES);
    return key;
}

bool sign_public_equal(const struct sign_public *a, const struct sign_public *b)
{
    return sodium_memcmp(a->bytes, b->bytes, SIGN_PUBLIC_BYTES) == 0;
}

void sign_make(
    const struct sign_secret *secret, struct span message, struct signature *ret)
{
    PROMISE(crypto_sign_detached(
                ret->bytes, NULL, message.at, message.n, secret->bytes) == 0);
}

enum status sign_check(
    const struct sign_public *key, struct span message, const struct signature *signature)
{
    int answer =
        crypto_sign_verify_detached(signature->bytes, message.at, message.n, key->bytes);
    return answer == 0 ? STATUS_OK : STATUS_FORGED;
}
