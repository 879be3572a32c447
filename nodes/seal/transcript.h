/* SPDX-License-Identifier: Apache-2.0
 *
 * transcript: the byte strings that are hashed and signed (PROTOCOL.md 1.3, 1.6). Each is built in one
 * place, so that sender, recipient and a third party compute the same.
 */
#ifndef AMAAN_TRANSCRIPT_H
#define AMAAN_TRANSCRIPT_H

#include "inner.h"

enum { TRANSCRIPT_BYTES = 288 };

/* The fields of a letter that its chain link binds; they stay through a re-seal. */
struct link_input {
    const struct ident *sender, *recipient; /* node ids */
    uint32_t chain_epoch;
    uint64_t pair_seq;
    const struct hash *prev_link;
    uint16_t kind;
    int64_t created_ms;
    uint32_t lifetime_s, after_back;
    const struct ident *item_id;
    const struct hash *body_commit;
};

struct hash body_commit(const uint8_t salt[static 32], struct span body);
struct hash link_first(const struct ident *network_id, const struct ident *sender,
    const struct ident *recipient, uint32_t chain_epoch);
struct hash link_next(const struct link_input *input);
/* M, the 288 bytes under the envelope's signature. signed_inner has INNER_SIGNED_BYTES. */
void transcript_make(const struct ident *network_id, struct span header,
    const struct sign_public *recipient, struct span signed_inner,
    const struct hash *commit, uint8_t ret[static TRANSCRIPT_BYTES]);

#endif
