/* SPDX-License-Identifier: Apache-2.0
 *
 * member: one row of the roster (PROTOCOL.md 5a), 256 bytes. Names nobody: the broker may hold it.
 *
 *    0 16 node id | 16 32 identity | 48 32 previous identity or zero | 80 32 transport | 112 32 directory
 *  144 16 queue id | 160 16 previous queue id or zero | 176 1 status | 177 3 zero | 180 4 suites
 *  184  4 quota class (0) | 188 4 zero | 192 8 valid from | 200 8 valid to | 208 8 status since
 *  216 32 profile | 248 8 zero
 */
#ifndef AMAAN_MEMBER_H
#define AMAAN_MEMBER_H

#include "hash.h"
#include "ident.h"
#include "sign.h"

enum member_status {
    MEMBER_ACTIVE = 1,
    MEMBER_SUSPENDED,
    MEMBER_REVOKED,
    MEMBER_STATUS_COUNT
};
enum { MEMBER_ROW_BYTES = 256, TRANSPORT_KEY_BYTES = 32, DIRECTORY_KEY_BYTES = 32 };

struct member {
    struct ident node_id;
    struct sign_public identity, previous_identity; /* previous: all zero if none */
    uint8_t transport[TRANSPORT_KEY_BYTES];         /* CURVE public key */
    uint8_t directory[DIRECTORY_KEY_BYTES]; /* X25519, profiles are wrapped to it */
    struct ident queue_id, previous_queue_id;
    enum member_status status;
    uint32_t suites;      /* bitmap of suite.h */
    uint32_t quota_class; /* 0 ordinary; reserved */
    int64_t valid_from_ms, valid_to_ms;
    uint64_t status_since; /* roster version */
    struct hash
        profile; /* of this member's profile, keyed (package.h); zero if it has none */
};

/* What a newest roster and the notices in force say of a member together. */
enum standing {
    STANDING_UNKNOWN = 0,
    STANDING_ACTIVE,
    STANDING_SUSPENDED,
    STANDING_REVOKED
};
const char *standing_name(enum standing standing);

void member_encode(const struct member *member, struct writer *writer);
enum status member_decode(struct span row, struct member *ret) MUST_USE;

#endif
