/* SPDX-License-Identifier: Apache-2.0
 *
 * trust_kit: stewards a to e, and documents that any of them may sign, rightly or wrongly. For tests of trust.
 */
#ifndef AMAAN_TRUST_KIT_H
#define AMAAN_TRUST_KIT_H

#include "member.h"
#include "notice.h"
#include "package.h"
#include "roster.h"
#include "root.h"
#include "seeded.h"

enum { KIT_STEWARDS = 5 };
#define KIT_NOW_MS INT64_C(1795500000000) /* November 2026 */

struct kit {
    struct seeded seeded;
    struct chance *chance;
    struct sign_public keys[KIT_STEWARDS]; /* ascending: a is the smallest */
    struct sign_secret secrets[KIT_STEWARDS];
    struct ident network_id;
    struct root root_1;
    struct buffer root; /* version 1: a, b and c, two must sign; signed by a and b */
};

void kit_init(struct kit *kit, uint64_t seed);
void kit_release(struct kit *kit);

/* Replaces a draft by the same document signed by the stewards of `who` ("ac"). */
void kit_sign(struct kit *kit, struct buffer *draft, const char *who);
struct root kit_root(const struct kit *kit, const char *stewards, size_t threshold);
/* A root that follows `before`, signed; the buffer is initialised here. */
void kit_next_root(struct kit *kit, const struct root *before, const char *stewards,
    size_t threshold, const char *who, struct buffer *ret, struct root *ret_root);

/* Active members with random keys, ascending by node id. */
void kit_members(struct kit *kit, struct member *members, size_t n);
/* A roster under root 1, created `version` hours after KIT_NOW_MS; before NULL: no previous hash. */
void kit_roster(struct kit *kit, uint64_t version, const struct hash *before,
    const struct member *members, size_t n, const char *who, struct buffer *ret);
void kit_notice(struct kit *kit, int64_t created_ms, const struct ident *nodes, size_t n,
    const char *who, struct buffer *ret);
void kit_package(struct kit *kit, uint64_t version, struct span plain,
    const struct member *members, size_t n, const char *who, struct buffer *ret);
struct hash kit_hash(const struct buffer *bytes); /* of the document in it */

#endif
