/* SPDX-License-Identifier: Apache-2.0
 *
 * box: bytes at rest under a key of this node: nonce 24 | XChaCha20-Poly1305 ciphertext. `place` is the
 * associated data that binds a value to where it stands (table, column, row), so that a value moved to
 * another row does not open.
 */
#ifndef AMAAN_BOX_H
#define AMAAN_BOX_H

#include "bytes.h"
#include "chance.h"

enum { BOX_KEY_BYTES = 32, BOX_NONCE_BYTES = 24, BOX_EXTRA_BYTES = 24 + 16 };

struct box_key {
    uint8_t bytes[BOX_KEY_BYTES];
};

void box_new_key(struct chance *chance, struct box_key *ret);
/* A key of its own for a purpose: HKDF-expand(parent, "amaan:box:" purpose). */
void box_derive_key(
    const struct box_key *parent, const char *purpose, struct box_key *ret);
/* Appends plain.n + BOX_EXTRA_BYTES to the buffer; TOO_BIG past its maximum. */
enum status box_apply(const struct box_key *key, struct chance *chance, struct span place,
    struct span plain, struct buffer *buffer) MUST_USE;
/* Appends the plain bytes to the buffer. FORGED, or MALFORMED when shorter than BOX_EXTRA_BYTES. */
enum status box_break(const struct box_key *key, struct span place, struct span boxed,
    struct buffer *buffer) MUST_USE;

#endif
