/* SPDX-License-Identifier: Apache-2.0
 *
 * dh: X25519 (RFC 7748). Directory keys and CURVE transport keys are bare pairs of this module; suites
 * (kem.h) build on it.
 */
#ifndef AMAAN_DH_H
#define AMAAN_DH_H

#include "bytes.h"
#include "chance.h"

enum { DH_BYTES = 32 };

void dh_new_keys(struct chance *chance, uint8_t ret_public[static DH_BYTES],
    uint8_t ret_secret[static DH_BYTES]);
void dh_public_of(
    const uint8_t secret[static DH_BYTES], uint8_t ret_public[static DH_BYTES]);
/* FORGED when the result is all zero: the other side's key is of low order. */
enum status dh_combine(const uint8_t secret[static DH_BYTES],
    const uint8_t public[static DH_BYTES], uint8_t ret_shared[static DH_BYTES]) MUST_USE;

#endif
