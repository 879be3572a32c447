/* SPDX-License-Identifier: Apache-2.0
 *
 * parcel: the layout of a profiles package, for everyone who carries it: nothing here can open one
 * (package.h can; the broker does not link that). The part behind the head:
 *
 *   80 32 profiles hash: of the plain profiles inside, the same as in the roster that it belongs to
 *  112  4 length of the locked profiles | 116 12 zero
 *  128    count x { node id 16 | enc 32 | wrapped key 48 }, ascending by node id, none twice; 0..5,000
 *   then  the locked profiles: nonce 24 | XChaCha20-Poly1305 of salt 32 | profiles (content.proto) | tag 16
 *
 * Signed by the threshold as a whole. That signature says who sent it; what is true is said by the
 * profiles hash in the roster.
 */
#ifndef AMAAN_PARCEL_H
#define AMAAN_PARCEL_H

#include "document.h"

enum {
    PARCEL_FIXED_BYTES = DOCUMENT_HEAD_BYTES + 48,
    PARCEL_ENC_BYTES = 32,
    PARCEL_WRAPPED_BYTES = 48,
    PARCEL_ENTRY_BYTES = IDENT_BYTES + PARCEL_ENC_BYTES + PARCEL_WRAPPED_BYTES
};

/* Borrows from the document's bytes. */
struct parcel {
    uint64_t version;
    struct hash profiles;
    size_t n;
    struct span table;  /* n x PARCEL_ENTRY_BYTES */
    struct span locked; /* the box */
};

struct parcel_entry {
    struct ident node_id;
    uint8_t enc[PARCEL_ENC_BYTES], wrapped[PARCEL_WRAPPED_BYTES];
};

enum status parcel_decode(const struct document *document, struct parcel *ret) MUST_USE;
/* The entry of a node; NOT_FOUND. */
enum status parcel_find(const struct parcel *parcel, const struct ident *node_id,
    struct parcel_entry *ret) MUST_USE;

#endif
