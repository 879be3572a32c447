/* SPDX-License-Identifier: Apache-2.0
 *
 * password: a key from a passphrase by Argon2id, and the file that keeps secrets under it.
 *
 * File layout (big-endian): magic "AMK1" 4 | version u16 = 1 | kind u16 | argon_ops u32 | argon_mem_kib u32 |
 * salt 16 | body_len u32 | box(key, place = all bytes before it) of body. The cost is chosen when the file is
 * made and stands under the seal. Floor (a laptop with 2 GiB): 3 passes over 64 MiB (RFC 9106, second choice)
 * for nodes; stewards use 4 over 1 GiB unless told otherwise. Reading refuses costs outside COST_*.
 */
#ifndef AMAAN_PASSWORD_H
#define AMAAN_PASSWORD_H

#include "box.h"

enum {
    PASSWORD_MAX_BYTES = 1024,
    PASSWORD_SALT_BYTES = 16,
    COST_OPS_MIN = 3,
    COST_OPS_MAX = 16,
    COST_MEM_KIB_MIN = 65536,  /* 64 MiB, the documented floor */
    COST_MEM_KIB_MAX = 4194304 /* 4 GiB */
};

struct cost {
    uint32_t ops, mem_kib;
};

extern const struct cost COST_FLOOR, COST_NODE, COST_STEWARD;

/* FULL when the machine has not that much memory. Slow on purpose: call it in a helper thread where a loop
 * is running. */
enum status password_key(struct span passphrase,
    const uint8_t salt[static PASSWORD_SALT_BYTES], struct cost cost,
    struct box_key *ret) MUST_USE;

enum keyfile_kind { KEYFILE_NODE = 1, KEYFILE_STEWARD = 2 };

/* The bytes of a key file. */
enum status keyfile_apply(enum keyfile_kind kind, struct span passphrase,
    struct cost cost, struct chance *chance, struct span body,
    struct buffer *ret) MUST_USE;
/* MALFORMED, UNSUPPORTED, DENIED (wrong passphrase, or changed bytes: the two cannot be told apart). */
enum status keyfile_break(enum keyfile_kind kind, struct span passphrase,
    struct span file, struct buffer *ret_body) MUST_USE;
/* Everything of keyfile_break that is checked before the passphrase; for fuzzing and `check`. */
enum status keyfile_inspect(
    struct span file, enum keyfile_kind *ret_kind, struct cost *ret_cost) MUST_USE;

#endif
