/* SPDX-License-Identifier: Apache-2.0
 *
 * roster: the members, by key (PROTOCOL.md 5a). It names nobody. The part behind the head:
 *
 *   80 32 profiles hash (package.h): what the profiles say is signed with the roster
 *  112 16 zero
 *  128    count x row of 256 (member.h), ascending by node id; count 0..5,000
 *
 * Node ids, identities (previous ones too), transport keys and queue ids (previous ones too) are unique:
 * a key or a queue leads to one member or none. In memory rows are found by binary search.
 */
#ifndef AMAAN_ROSTER_H
#define AMAAN_ROSTER_H

#include "document.h"
#include "member.h"

enum { ROSTER_FIXED_BYTES = DOCUMENT_HEAD_BYTES + 48 };

struct roster;

/* What a draft is made of; members ascending by node id. */
struct roster_draft {
    uint64_t version, root_version;
    int64_t created_ms, expires_ms;
    struct hash previous, profiles;
    const struct member *members;
    size_t n;
};

/* Copies everything it needs. */
enum status roster_decode(const struct document *document, struct roster **ret) MUST_USE;
/* A draft without signatures, appended. BUG if the members are not in order. */
enum status roster_encode(const struct roster_draft *draft, struct buffer *ret) MUST_USE;
void roster_destroy(struct roster **roster);

uint64_t roster_version(const struct roster *roster);
struct hash roster_hash(const struct roster *roster);
struct hash roster_profiles(const struct roster *roster);
int64_t roster_created_ms(const struct roster *roster);
int64_t roster_expires_ms(const struct roster *roster);

/* Borrowed from the roster; NULL if there is none. */
const struct member *roster_find_node(
    const struct roster *roster, const struct ident *node_id);
const struct member *roster_find_identity(
    const struct roster *roster, const struct sign_public *identity);
const struct member *roster_find_transport(
    const struct roster *roster, const uint8_t key[static TRANSPORT_KEY_BYTES]);
const struct member *roster_find_queue(
    const struct roster *roster, const struct ident *queue_id);
size_t roster_count(const struct roster *roster);
const struct member *roster_nth(const struct roster *roster, size_t i);

#endif
