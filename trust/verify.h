/* SPDX-License-Identifier: Apache-2.0
 *
 * verify: a member's prekey bundle: signed by its identity, checked against its row (PROTOCOL.md 1.4).
 */
#ifndef AMAAN_VERIFY_H
#define AMAAN_VERIFY_H

#include "member.h"
#include "prekey.h"

/* Signs head and prekeys: appends the whole bundle to the buffer and fills bundle->signature. */
enum status bundle_sign(struct bundle *bundle, const struct ident *network_id,
    const struct sign_secret *identity, struct buffer *ret) MUST_USE;
/* Decodes and checks the signature under the member's present or previous identity. FORGED, MALFORMED,
 * CONFLICT if it names another node. */
enum status bundle_verify(struct span bytes, const struct ident *network_id,
    const struct member *member, struct bundle *ret) MUST_USE;
/* H(CONTEXT_BUNDLE | bytes), as heartbeats name it. */
struct hash bundle_hash(struct span bytes);

#endif
