/* SPDX-License-Identifier: Apache-2.0
 *
 * shares: 2-of-3 secret sharing of 32 bytes (Shamir, "How to Share a Secret", 1979) over GF(2^8) with the polynomial
 * of AES, x^8 + x^4 + x^3 + x + 1. Byte by byte the share with index i (1 to 3) is secret + i * r for a random r: any
 * two give the secret, one says nothing about it. Arithmetic has no table and no branch on secret bytes.
 *
 * On paper: "AMAAN-i-", 16 groups of 4 and one of 2 letters and digits (Crockford's base 32), of: index 1 | set 4 |
 * 32 bytes of share | 4 of check = first bytes of H("amaan:share:v1" | the 37 before). The set tells shares of one
 * making from another's; the check finds a slip of the pen. Small letters, I, L and O are understood.
 */
#ifndef AMAAN_SHARES_H
#define AMAAN_SHARES_H

#include "bytes.h"
#include "chance.h"

enum {
    SHARES = 3,
    SHARES_NEEDED = 2,
    SHARE_BYTES = 32,
    SHARE_SET_BYTES = 4,
    SHARE_TEXT_BYTES = 96 /* with its NUL */
};

struct share {
    uint8_t index; /* 1 to SHARES */
    uint8_t set[SHARE_SET_BYTES];
    uint8_t bytes[SHARE_BYTES];
};

void shares_split(const uint8_t secret[static SHARE_BYTES], struct chance *chance,
    struct share ret[static SHARES]);
/* MALFORMED: an index out of range, twice the same. CONFLICT: of two makings. */
enum status shares_join(const struct share *a, const struct share *b,
    uint8_t ret[static SHARE_BYTES]) MUST_USE;

void share_format(const struct share *share, char ret[static SHARE_TEXT_BYTES]);
/* Blanks and hyphens may stand anywhere. MALFORMED: not one, or the check does not hold. */
enum status share_parse(const char *text, struct share *ret) MUST_USE;

#endif
