/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: XChaCha20-Poly1305 with a random nonce of 24 bytes, long enough never to repeat. As in
 * hpke.c the tag is checked before anything is decrypted.
 */
#include "box.h"

#include <sodium.h>
#include <string.h>

#include "hkdf.h"
#include "memory.h"

enum { TAG_BYTES = BOX_EXTRA_BYTES - BOX_NONCE_BYTES };

void box_new_key(struct chance *chance, struct box_key *ret)
{
    chance_fill(chance, ret->bytes, BOX_KEY_BYTES);
}

void box_derive_key(
    const struct box_key *parent, const char *purpose, struct box_key *ret)
{
    struct box_key key; /* ret may be the parent */
    const struct span info[] = {span_text("amaan:box:"), span_text(purpose)};
    hkdf_expand_parts(parent->bytes, info, ARRAY_LENGTH(info), key.bytes, BOX_KEY_BYTES);
    *ret = key;
    memory_wipe(&key, sizeof key);
}

enum status box_apply(const struct box_key *key, struct chance *chance, struct span place,
    struct span plain, struct buffer *buffer)
{
    if (plain.n > SIZE_MAX - BOX_EXTRA_BYTES)
        return STATUS_TOO_BIG;
    uint8_t *to = buffer_grow(buffer, plain.n + BOX_EXTRA_BYTES);
    if (to == NULL)
        return STATUS_TOO_BIG;
    chance_fill(chance, to, BOX_NONCE_BYTES);
    PROMISE(crypto_aead_xchacha20poly1305_ietf_encrypt(to + BOX_NONCE_BYTES, NULL,
                plain.at, plain.n, place.at, place.n, NULL, to, key->bytes) == 0);
    return STATUS_OK;
}

enum status box_break(const struct box_key *key, struct span place, struct span boxed,
    struct buffer *buffer)
{
    if (boxed.n < BOX_EXTRA_BYTES)
        return STATUS_MALFORMED;
    const uint8_t *nonce = boxed.at, *sealed = boxed.at + BOX_NONCE_BYTES;
    size_t n = boxed.n - BOX_EXTRA_BYTES;
    const uint8_t *tag = sealed + n;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
            NULL, NULL, sealed, n, tag, place.at, place.n, nonce, key->bytes) != 0)
        return STATUS_FORGED;
    uint8_t *to = buffer_grow(buffer, n);
    if (to == NULL)
        return STATUS_TOO_BIG;
    PROMISE(crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
                to, NULL, sealed, n, tag, place.at, place.n, nonce, key->bytes) == 0);
    return STATUS_OK;
}
