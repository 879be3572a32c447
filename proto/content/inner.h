/* SPDX-License-Identifier: Apache-2.0
 *
 * inner: the fixed head under the seal (PROTOCOL.md 1.3), and the kinds of letters (2.1). Layout only:
 * hashes and signatures over it are made in nodes/seal.
 */
#ifndef AMAAN_INNER_H
#define AMAAN_INNER_H

#include "hash.h"
#include "header.h"
#include "ident.h"
#include "sign.h"

enum letter_kind {
    LETTER_REFERRAL = 1,
    LETTER_UPDATE = 2,
    LETTER_ANSWER = 3,
    LETTER_VOID = 4,
    LETTER_HANDOVER = 8,
    LETTER_EVENT = 9,
    LETTER_CAPACITY = 10,
    LETTER_ENQUIRY = 11,
    LETTER_ENQUIRY_ANSWER = 12,
    LETTER_TEST = 13,
    LETTER_RECEIPT = 16,
    LETTER_HEARTBEAT = 17,
    LETTER_RESYNC = 18
};

enum { INNER_SIGNED_BYTES = 160 };

struct inner {
    uint16_t kind, seal_no;
    struct sign_public sender;
    int64_t created_ms;
    uint32_t lifetime_s; /* 0: never expires; VOID and unnumbered kinds only */
    uint32_t after_back; /* 0: none; else pair_seq - after_back must be settled first */
    uint64_t pair_seq;   /* 0 for an unnumbered kind */
    uint32_t chain_epoch, body_bytes;
    struct hash prev_link;
    uint64_t roster_version;
    struct hash roster_hash;
    struct ident item_id;
    uint8_t body_salt[32];
    struct signature signature;
};

bool letter_kind_is_known(uint16_t kind);
bool letter_kind_is_numbered(uint16_t kind); /* below 16: has an effect in a casebook */
const char *letter_kind_name(uint16_t kind);

/* Writes INNER_BYTES. */
void inner_encode(const struct inner *inner, struct writer *writer);
/* `plain` is a whole bucket: inner, body, zeros. Checks magic, kind, the rules between the fields (2.1:
 * numbered kinds have pair_seq, epoch and lifetime; others have zeros), body_bytes, and that all padding is
 * zero. ret_body and ret_signed (the first 160 bytes) are borrowed from plain. */
enum status inner_decode(struct span plain, struct inner *ret, struct span *ret_body,
    struct span *ret_signed) MUST_USE;

#endif
