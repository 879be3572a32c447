/* SPDX-License-Identifier: Apache-2.0
 *
 * hash: BLAKE2b-256, written H in PROTOCOL.md. Input is a list of parts, hashed as if they stood behind
 * each other: every layout that is hashed has fixed lengths or says its length, so parts cannot be confused.
 */
#ifndef AMAAN_HASH_H
#define AMAAN_HASH_H

#include "bytes.h"

enum { HASH_BYTES = 32 };

struct hash {
    uint8_t bytes[HASH_BYTES];
};

struct hash hash_of(struct span bytes);
struct hash hash_of_parts(const struct span *parts, size_t n);
bool hash_equal(const struct hash *a, const struct hash *b);
bool hash_is_zero(const struct hash *hash);
struct span hash_span(const struct hash *hash); /* borrowed */
struct hash reader_hash(struct reader *reader);
void writer_hash(struct writer *writer, const struct hash *hash);

/* H with a 32-byte key, for numbers that could be guessed (never plain H). */
struct hash hash_keyed(const uint8_t key[static 32], struct span bytes);

/* Tells whether bytes are the same as before, to whoever holds the key and to nobody else: Poly1305 (RFC 8439 2.5)
 * under a secret key that is used for nothing else, in the first 16 bytes, zeros behind. A universal hash: two
 * contents that were chosen without the key share a mark with a chance below 2^-90 at our sizes. Marks must never
 * be shown; they cost a third of H. */
struct hash hash_mark(const uint8_t key[static 32], struct span bytes);

/* The 16-byte context strings of PROTOCOL.md 1.2: NUL-padded, all different. */
enum { CONTEXT_BYTES = 16 };
#define CONTEXT_HPKE "amaan:hpke:v1\0\0\0"
#define CONTEXT_ENVELOPE "amaan:env:v1\0\0\0\0"
#define CONTEXT_BODY "amaan:body:v1\0\0\0"
#define CONTEXT_CHAIN "amaan:chain:v1\0\0"
#define CONTEXT_LINK "amaan:link:v1\0\0\0"
#define CONTEXT_RECEIPT "amaan:rcpt:v1\0\0\0"
#define CONTEXT_PREKEY "amaan:prekey:v1\0"
#define CONTEXT_BUNDLE "amaan:bundleh:v1"
#define CONTEXT_ROOT "amaan:root:v1\0\0\0"
#define CONTEXT_ROSTER "amaan:roster:v1\0"
#define CONTEXT_PROFILES "amaan:prof:v1\0\0\0"
#define CONTEXT_NOTICE "amaan:notice:v1\0"
#define CONTEXT_JOIN "amaan:join:v1\0\0\0"
#define CONTEXT_WRAP "amaan:wrap:v1\0\0\0"

#endif
