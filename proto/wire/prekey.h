/* SPDX-License-Identifier: Apache-2.0
 *
 * prekey: a member's signed list of every prekey that still opens at it (PROTOCOL.md 1.4). Layout only;
 * the signature is checked by trust (bundle_verify).
 */
#ifndef AMAAN_PREKEY_H
#define AMAAN_PREKEY_H

#include "ident.h"
#include "limits.h"
#include "suite.h"

enum {
    BUNDLE_HEAD_BYTES = 56,
    BUNDLE_SIGNATURE_BYTES = 64,
    BUNDLE_BYTES_MAX = BUNDLE_HEAD_BYTES + BUNDLE_PREKEYS_MAX * (24 + SUITE_PUBLIC_MAX) +
                       BUNDLE_SIGNATURE_BYTES
};

struct prekey {
    uint64_t id;
    uint8_t public_key[SUITE_PUBLIC_MAX]; /* the suite's public_bytes of it */
    int64_t not_before_ms, not_after_ms;
};

struct bundle {
    uint16_t suite;
    struct ident node_id;
    uint64_t number;
    int64_t created_ms;
    uint64_t roster_version;
    size_t n; /* 1..BUNDLE_PREKEYS_MAX, ascending by not_before_ms, ids unique */
    struct prekey prekeys[BUNDLE_PREKEYS_MAX];
    uint8_t signature[BUNDLE_SIGNATURE_BYTES];
};

/* All but the signature. */
void bundle_encode_unsigned(const struct bundle *bundle, struct writer *writer);
/* ret_signed: the bytes under the signature, borrowed. */
enum status bundle_decode(
    struct span bytes, struct bundle *ret, struct span *ret_signed) MUST_USE;

const struct prekey *bundle_find(
    const struct bundle *bundle, uint64_t prekey_id); /* or NULL */
/* The newest entry usable at that time: not_before - 1 d <= now <= not_after; or NULL. */
const struct prekey *bundle_choose(const struct bundle *bundle, int64_t now_ms);

#endif
