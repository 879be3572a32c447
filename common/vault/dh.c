/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: a secret is 32 random bytes; X25519 clamps them itself. crypto_scalarmult says -1 for
 * an all-zero result, which is the only thing that the other side's key can do wrong.
 */
#include "dh.h"

#include <sodium.h>
#include <string.h>

#include "memory.h"

void dh_new_keys(struct chance *chance, uint8_t ret_public[static DH_BYTES],
    uint8_t ret_secret[static DH_BYTES])
{
    chance_fill(chance, ret_secret, DH_BYTES);
    dh_public_of(ret_secret, ret_public);
}

void dh_public_of(
    const uint8_t secret[static DH_BYTES], uint8_t ret_public[static DH_BYTES])
{
    PROMISE(crypto_scalarmult_base(ret_public, secret) == 0);
}

enum status dh_combine(const uint8_t secret[static DH_BYTES],
    const uint8_t public[static DH_BYTES], uint8_t ret_shared[static DH_BYTES])
{
    uint8_t shared[DH_BYTES];
    int answer = crypto_scalarmult(shared, secret, public);
    if (answer == 0)
        memcpy(ret_shared, shared, DH_BYTES);
    memory_wipe(shared, sizeof shared);
    return answer == 0 ? STATUS_OK : STATUS_FORGED;
}
