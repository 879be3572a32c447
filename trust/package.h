/* SPDX-License-Identifier: Apache-2.0
 *
 * package: makes and opens a profiles package (layout: parcel.h, PROTOCOL.md 5a). Stewards and nodes link
 * this; the broker must not.
 *
 * plain       = salt 32 | the bytes of profiles_encode (profiles.h). The salt stays the same from edition
 *               to edition and is known to members and stewards only: without it whoever holds a roster (the
 *               broker does) could guess names and telephone numbers from the hashes.
 * hash        = H(CONTEXT_PROFILES | plain), in the roster's head and in the package
 * locked      = box of plain under a random key of this edition, place = CONTEXT_WRAP | network_id | version u64
 * wrapped key = HPKE (suite 1, sequence 0) of that key to the member's directory key,
 *               info = CONTEXT_WRAP | network_id | version u64 | node_id, associated data = hash
 * A member's row carries hash_keyed(salt, profiles_encode of version 1 and that one profile).
 */
#ifndef AMAAN_PACKAGE_H
#define AMAAN_PACKAGE_H

#include "member.h"
#include "parcel.h"

enum { PACKAGE_SALT_BYTES = 32 };

struct package_draft {
    const struct ident *network_id;
    uint64_t version, root_version;
    int64_t created_ms, expires_ms;
    struct span plain;
    const struct member *
        members; /* ascending by node id; those who may read it: the active ones get a key */
    size_t n;
};

struct hash package_hash(struct span plain);
/* The hash of one member's encoded profile, as its row carries it. */
struct hash package_profile_hash(struct span plain, struct span profile);

/* Appends a draft without signatures. FORGED if a directory key is of low order, TOO_BIG. */
enum status package_make(const struct package_draft *draft, struct chance *chance,
    struct buffer *ret) MUST_USE;

/* Opens the package for a member: appends the plain bytes (salt included) to the buffer. `expected` is the
 * roster's (roster_profiles): CONFLICT if the package belongs to another roster, NOT_FOUND if it has no key
 * for this node, FORGED if it does not open or does not hold what it says. Signatures are trust's affair. */
enum status package_open(const struct document *document, const struct ident *network_id,
    const struct ident *node_id,
    const uint8_t directory_secret[static DIRECTORY_KEY_BYTES],
    const struct hash *expected, struct buffer *ret_plain) MUST_USE;
/* The encoded profiles in plain bytes, borrowed; MALFORMED when shorter than the salt. */
enum status package_profiles(struct span plain, struct span *ret) MUST_USE;

#endif
