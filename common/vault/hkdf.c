/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: RFC 5869 over libsodium's HMAC-SHA-256, whose streaming form takes keys of any length.
 * An absent salt and a salt of 32 zero bytes are the same to HMAC.
 */
#include "hkdf.h"

#include <sodium.h>
#include <string.h>

#include "memory.h"

static const uint8_t no_salt[1]; /* libsodium wants an address even for no bytes */

void hkdf_extract_parts(struct span salt, const struct span *parts, size_t n,
    uint8_t ret_prk[static HKDF_PRK_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, salt.n > 0 ? salt.at : no_salt, salt.n);
    for (size_t i = 0; i < n; i++)
        crypto_auth_hmacsha256_update(&state, parts[i].at, parts[i].n);
    crypto_auth_hmacsha256_final(&state, ret_prk);
    memory_wipe(&state, sizeof state);
}

void hkdf_extract(
    struct span salt, struct span input, uint8_t ret_prk[static HKDF_PRK_BYTES])
{
    hkdf_extract_parts(salt, &input, 1, ret_prk);
}

void hkdf_expand_parts(const uint8_t prk[static HKDF_PRK_BYTES], const struct span *parts,
    size_t n_parts, uint8_t *ret, size_t n)
{
    PROMISE(n <= HKDF_OUT_MAX);
    crypto_auth_hmacsha256_state state;
    uint8_t block[HKDF_PRK_BYTES];
    size_t done = 0;
    for (uint8_t counter = 1; done < n; counter++) {
        crypto_auth_hmacsha256_init(&state, prk, HKDF_PRK_BYTES);
        if (done > 0)
            crypto_auth_hmacsha256_update(&state, block, sizeof block);
        for (size_t i = 0; i < n_parts; i++)
            crypto_auth_hmacsha256_update(&state, parts[i].at, parts[i].n);
        crypto_auth_hmacsha256_update(&state, &counter, 1);
        crypto_auth_hmacsha256_final(&state, block);
        size_t take = n - done < sizeof block ? n - done : sizeof block;
        memcpy(ret + done, block, take);
        done += take;
    }
    memory_wipe(&state, sizeof state);
    memory_wipe(block, sizeof block);
}

void hkdf_expand(
    const uint8_t prk[static HKDF_PRK_BYTES], struct span info, uint8_t *ret, size_t n)
{
    hkdf_expand_parts(prk, &info, 1, ret, n);
}
