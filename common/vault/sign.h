/* SPDX-License-Identifier: Apache-2.0
 *
 * sign: Ed25519 (RFC 8032), pure and detached. Every message that is signed begins with a context string
 * of hash.h. Identity keys sign and do nothing else: no conversion to another curve exists.
 */
#ifndef AMAAN_SIGN_H
#define AMAAN_SIGN_H

#include "chance.h"
#include "bytes.h"

enum {
    SIGN_PUBLIC_BYTES = 32,
    SIGN_SECRET_BYTES = 64,
    SIGN_SEED_BYTES = 32,
    SIGNATURE_BYTES = 64
};

struct sign_public {
    uint8_t bytes[SIGN_PUBLIC_BYTES];
};
struct sign_secret {
    uint8_t bytes[SIGN_SECRET_BYTES]; /* seed | public, as libsodium has it */
};
struct signature {
    uint8_t bytes[SIGNATURE_BYTES];
};

void sign_new_keys(struct chance *chance, struct sign_public *ret_public,
    struct sign_secret *ret_secret);
void sign_keys_from_seed(const uint8_t seed[static SIGN_SEED_BYTES],
    struct sign_public *ret_public, struct sign_secret *ret_secret);
struct sign_public sign_public_of(const struct sign_secret *secret);
bool sign_public_equal(const struct sign_public *a, const struct sign_public *b);

void sign_make(
    const struct sign_secret *secret, struct span message, struct signature *ret);
/* OK or FORGED. */
enum status sign_check(const struct sign_public *key, struct span message,
    const struct signature *signature) MUST_USE;

#endif
