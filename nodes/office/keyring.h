/* SPDX-License-Identifier: Apache-2.0
 *
 * keyring: the secrets of a node as node.key keeps them under the passphrase (password.h: keyfile).
 *
 * Fixed layout of the body, 200 bytes, big-endian:
 *     0  4 "AMR1" | 4  2 version (1) | 6  2 zero
 *     8 64 identity, Ed25519 secret as libsodium has it (seed 32 | public 32)
 *    72 32 previous identity, public; zero if there is none
 *   104 32 directory secret, X25519
 *   136 32 master key, under which everything of the casebook is boxed
 *   168 32 zero, kept for a second suite
 *
 * Refused: another length, magic or version, an identity whose public half does not follow from its seed,
 * a zero directory or master key, bytes where zeros belong. Prekeys are not here: they live in the
 * database, boxed, and are destroyed in time.
 */
#ifndef AMAAN_KEYRING_H
#define AMAAN_KEYRING_H

#include "node_keys.h"
#include "password.h"

enum { KEYRING_BYTES = 200 };

/* Fresh keys. The caller wipes them. */
void keyring_new(struct chance *chance, struct node_keys *ret);
/* Writes KEYRING_BYTES. */
void keyring_encode(const struct node_keys *keys, struct writer *writer);
/* MALFORMED, UNSUPPORTED (another version). */
enum status keyring_decode(struct span body, struct node_keys *ret) MUST_USE;

/* The bytes of node.key. FULL when the machine lacks the memory that the cost asks for. */
enum status keyring_apply(const struct node_keys *keys, struct span passphrase,
    struct cost cost, struct chance *chance, struct buffer *ret_file) MUST_USE;
/* DENIED: wrong passphrase, or changed bytes. Slow on purpose. */
enum status keyring_break(
    struct span file, struct span passphrase, struct node_keys *ret) MUST_USE;

#endif
