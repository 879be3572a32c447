/* SPDX-License-Identifier: Apache-2.0
 *
 * notice: one steward alone suspends at most five members for at most 72 hours (PROTOCOL.md 5a), when waiting
 * for a second signature would cost somebody's safety. The part behind the head:
 *
 *   80    count x node id 16, ascending, none twice; count 1..5
 *
 * Its number is its creation time in ms: stewards who act apart need no common counter. Equal numbers are no
 * fork; a notice is known by its hash. Exactly one signature stands under it. It ends after 72 hours at
 * the latest (counted from when a machine first took it, whatever the notice says), or when a roster that
 * was created later decides about the member; nothing else lifts it. One steward's notices in force may
 * name five members together, not more.
 */
#ifndef AMAAN_NOTICE_H
#define AMAAN_NOTICE_H

#include "document.h"

struct notice {
    uint64_t root_version;
    int64_t created_ms, expires_ms;
    struct hash hash;           /* ignored by notice_encode */
    struct sign_public steward; /* ignored by notice_encode */
    size_t n;
    struct ident nodes[NOTICE_MEMBERS_MAX];
};

/* MALFORMED also unless exactly one signer stands under it; whether he is a steward and his signature
 * holds is the caller's question. */
enum status notice_decode(const struct document *document, struct notice *ret) MUST_USE;
/* A draft without signature, appended. BUG for what notice_decode would refuse. */
enum status notice_encode(const struct notice *notice, struct buffer *ret) MUST_USE;
bool notice_names(const struct notice *notice, const struct ident *node_id);

#endif
