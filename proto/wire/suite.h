/* SPDX-License-Identifier: Apache-2.0
 *
 * suite: the sizes that a suite row gives to layouts (PROTOCOL.md 1.2, 1.4). The cryptography of the same
 * row stands in common/vault/kem.h; a test holds the two tables together. AMAAN_ODD_SUITE adds the
 * test-only row 0x7f01.
 */
#ifndef AMAAN_SUITE_H
#define AMAAN_SUITE_H

#include <stddef.h>
#include <stdint.h>

enum { SUITE_X25519 = 1, SUITE_ODD = 0x7f01, SUITE_ENC_MAX = 64, SUITE_PUBLIC_MAX = 64 };

struct suite {
    uint16_t id;
    uint32_t bit; /* in the suites bitmap of HELLO and the roster */
    size_t enc_bytes, public_bytes;
    const char *name;
};

const struct suite *suite_find(uint16_t id); /* or NULL */
/* The best suite that both bitmaps name, or NULL. Later rows are better. */
const struct suite *suite_choose(uint32_t mine, uint32_t theirs);
uint32_t suite_bits(void); /* of all rows in this build */
size_t suite_count(void);
const struct suite *suite_nth(size_t i);

#endif
