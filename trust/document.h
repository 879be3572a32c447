/* SPDX-License-Identifier: Apache-2.0
 *
 * document: what root, roster, profiles package and notice have in common (PROTOCOL.md 5a): a body with a
 * head, and behind it a list of stewards' signatures. A document says its own length, so several may stand
 * behind each other in one file.
 *
 *    0  4 magic: "AMS1" root (stewards), "AMM1" roster (members), "AMF1" profiles package, "AMN1" notice
 *    4  4 length of the body, this head included
 *    8  8 version, from 1 (a notice: its number)
 *   16  8 root version under which it is signed (a root: its own version - 1)
 *   24  8 created ms | 32  8 expires ms, later than created
 *   40 32 H(body of the version before); zero for version 1, packages and notices
 *   72  4 count of what follows | 76  4 zero
 *   80    the type's own part: root.h, roster.h, parcel.h, notice.h
 *   then  m u8 (0..32) | 3 zero | m x { steward's public key 32 | signature 64 }, ascending by key, no key twice
 *
 * The hash of a document is H(body): another set of signatures is the same document, not a fork. A
 * signature is made over   context 16 | network_id 16 (zero for root 1) | H(body) 32.
 * A signature that does not hold, or whose key is not asked for, simply does not count.
 */
#ifndef AMAAN_DOCUMENT_H
#define AMAAN_DOCUMENT_H

#include "frame.h"
#include "hash.h"
#include "sign.h"

enum {
    DOCUMENT_HEAD_BYTES = 80,
    DOCUMENT_SIGNERS_MAX =
        2 * STEWARDS_MAX,    /* a new root: the old stewards and the new */
    DOCUMENT_LIST_BYTES = 4, /* head of the signature list */
    DOCUMENT_SIGNER_BYTES = SIGN_PUBLIC_BYTES + SIGNATURE_BYTES
};

/* Borrows from the bytes it was decoded from. */
struct document {
    enum document_type type;
    uint64_t version, root_version;
    int64_t created_ms, expires_ms;
    struct hash previous;
    uint32_t count;
    struct span body;    /* what is hashed and signed */
    struct span part;    /* of the body: what stands behind the head */
    struct span signers; /* n_signers x DOCUMENT_SIGNER_BYTES */
    size_t n_signers;
    struct hash hash; /* of the body */
};

/* The document at the front; ret_bytes is its length. MALFORMED, TOO_BIG (beyond the type's limit),
 * UNSUPPORTED (another magic). Only head and signature list are judged: the type's module reads the part. */
enum status document_decode(
    struct span bytes, struct document *ret, size_t *ret_bytes) MUST_USE;
/* Exactly one document of that type. */
enum status document_decode_one(
    struct span bytes, enum document_type type, struct document *ret) MUST_USE;

/* Writes the head for a body of that length; type, version, root_version, times, previous and count are
 * read from the document. */
void document_encode_head(
    const struct document *document, size_t body_bytes, struct writer *writer);
/* Appends an empty signature list: a draft. */
void document_encode_unsigned(struct writer *writer);

/* How many of these (distinct) keys have signed. Root 1 is checked under a zero network id, whatever is
 * given here. */
size_t document_count_signers(const struct document *document,
    const struct ident *network_id, const struct sign_public *keys, size_t n_keys);
/* Appends the document with this key's signature put in or renewed. FULL when the list is full. */
enum status document_sign(const struct document *document, const struct ident *network_id,
    const struct sign_secret *secret, struct buffer *ret) MUST_USE;
/* The key of the i-th signer, holding or not. */
struct sign_public document_signer(const struct document *document, size_t i);

const char *document_type_name(enum document_type type); /* "root", "roster", ... */
size_t document_bytes_max(enum document_type type);

#endif
