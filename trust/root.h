/* SPDX-License-Identifier: Apache-2.0
 *
 * root: who the stewards are, and how many of them must sign (PROTOCOL.md 5a). The part behind the head:
 *
 *   80  1 threshold, 1..count | 81 1 purpose: 0 real, 1 practice | 82 14 zero
 *   96    count x steward's public key 32, ascending, no key twice; count 1..16
 *
 * Version 1 is signed by its own threshold and names the network: network_id = first 16 bytes of its hash.
 * Version N is signed by the threshold of N-1 and by its own, and keeps the purpose of version 1: practice stays practice.
 */
#ifndef AMAAN_ROOT_H
#define AMAAN_ROOT_H

#include "document.h"

enum { ROOT_FIXED_BYTES = DOCUMENT_HEAD_BYTES + 16 };

struct root {
    uint64_t version;
    int64_t created_ms, expires_ms;
    struct hash previous, hash; /* hash: ignored by root_encode */
    size_t threshold, n_stewards;
    bool practice; /* nothing in this network is real */
    struct sign_public stewards[STEWARDS_MAX];
};

enum status root_decode(const struct document *document, struct root *ret) MUST_USE;
/* A draft without signatures, appended; sorts nothing: BUG for what root_decode would refuse. */
enum status root_encode(const struct root *root, struct buffer *ret) MUST_USE;
struct ident root_network_id(const struct root *root_1);

/* Does `document` (decoded into `root`) follow `before` (NULL for version 1)? FORGED (too few signatures),
 * CONFLICT (signed, but its previous hash or its purpose is another), NOT_FOUND (a version between is missing). */
enum status root_check(const struct document *document, const struct root *root,
    const struct root *before, const struct ident *network_id) MUST_USE;

/* Enough signatures of this root's stewards under a document of any type? FORGED. */
enum status root_accepts(const struct root *root, const struct document *document,
    const struct ident *network_id) MUST_USE;
bool root_has_steward(const struct root *root, const struct sign_public *key);

/* A file of root documents 1..n behind each other, each checked against the one before. ret is the last;
 * ret_last its document. With `drafts`, the last one may still lack signatures. */
enum status root_read_chain(struct span bytes, bool drafts, struct root *ret,
    struct document *ret_last, struct ident *ret_network_id,
    struct trouble *trouble) MUST_USE;

#endif
