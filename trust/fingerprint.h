/* SPDX-License-Identifier: Apache-2.0
 *
 * fingerprint: a hash as digits that two people read to each other: eight groups of five. Group i is the
 * big-endian u32 at byte 4 i, modulo 100,000: the whole hash is used, and no digit group is more than
 * 1/42,949 likelier than another. 40 digits are 132 bits.
 */
#ifndef AMAAN_FINGERPRINT_H
#define AMAAN_FINGERPRINT_H

#include "hash.h"
#include "sign.h"

enum { FINGERPRINT_TEXT_BYTES = 48, FINGERPRINT_GROUPS = 8 };

/* "12345 67890 ..." */
void fingerprint_format(const struct hash *hash, char ret[static FINGERPRINT_TEXT_BYTES]);
/* The same 40 digits? Spaces, dashes and line ends in what a person typed are ignored. */
bool fingerprint_matches(const char *fingerprint, const char *typed);
/* Of a steward's key: fingerprint_format(H(CONTEXT_ROOT | key)). */
void fingerprint_format_key(
    const struct sign_public *key, char ret[static FINGERPRINT_TEXT_BYTES]);

#endif
