/* SPDX-License-Identifier: Apache-2.0
 *
 * hkdf: HKDF-SHA256 (RFC 5869): keys from a secret that is long enough. For passphrases see password.h.
 */
#ifndef AMAAN_HKDF_H
#define AMAAN_HKDF_H

#include "bytes.h"

enum { HKDF_PRK_BYTES = 32, HKDF_OUT_MAX = 255 * 32 };

/* The parts of the input are taken as if they stood behind each other. */
void hkdf_extract_parts(struct span salt, const struct span *parts, size_t n,
    uint8_t ret_prk[static HKDF_PRK_BYTES]);
void hkdf_extract(
    struct span salt, struct span input, uint8_t ret_prk[static HKDF_PRK_BYTES]);

/* n at most HKDF_OUT_MAX, else BUG. */
void hkdf_expand_parts(const uint8_t prk[static HKDF_PRK_BYTES], const struct span *parts,
    size_t n_parts, uint8_t *ret, size_t n);
void hkdf_expand(
    const uint8_t prk[static HKDF_PRK_BYTES], struct span info, uint8_t *ret, size_t n);

#endif
