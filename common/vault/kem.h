/* SPDX-License-Identifier: Apache-2.0
 *
 * kem: the cryptographic half of a suite row (PROTOCOL.md 1.2): key sizes, key making, encapsulation.
 * Sizes here and in proto/wire/suite.h agree; a test compares the two tables. To add a suite: a row here, a
 * row there, its clause in PROTOCOL.md, vectors under tests/vectors.
 *
 * Suite 1 is DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 (RFC 9180: 0x0020 0x0001 0x0003).
 * A build with AMAAN_ODD_SUITE (tests only) adds suite 0x7f01 with sizes that occur nowhere else, so that
 * no constant of suite 1 can leak into code that should ask the row.
 */
#ifndef AMAAN_KEM_H
#define AMAAN_KEM_H

#include "bytes.h"
#include "chance.h"
#include "dh.h"

enum {
    KEM_SECRET_MAX = 64,
    KEM_PUBLIC_MAX = 64,
    KEM_ENC_MAX = 64,
    KEM_SHARED_BYTES = 32
};

struct kem {
    uint16_t suite;
    size_t secret_bytes, public_bytes, enc_bytes;
    uint8_t suite_id[10]; /* "HPKE" | kem_id | kdf_id | aead_id, RFC 9180 5.1 */
    void (*new_keys)(struct chance *chance, uint8_t *ret_public, uint8_t *ret_secret);
    /* OK, or FORGED for an all-zero Diffie-Hellman result (or, in the odd suite, filler of the wrong
     * value). Arrays have the row's sizes. */
    enum status (*encap)(struct chance *chance, const uint8_t *recipient_public,
        uint8_t *ret_enc, uint8_t ret_shared[KEM_SHARED_BYTES]);
    enum status (*decap)(
        const uint8_t *enc, const uint8_t *secret, uint8_t ret_shared[KEM_SHARED_BYTES]);
};

const struct kem *kem_find(uint16_t suite); /* or NULL */
size_t kem_count(void);
const struct kem *kem_nth(size_t i);

#endif
