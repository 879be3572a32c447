/* SPDX-License-Identifier: Apache-2.0
 *
 * receipt: the recipient's signed word under a letter (PROTOCOL.md 1.5), and the batch that travels in one
 * RECEIPT envelope: magic "AMRS" 4 | n u8 | 3 zeros | n x 264. Layout only; made and checked in nodes/seal.
 */
#ifndef AMAAN_RECEIPT_H
#define AMAAN_RECEIPT_H

#include "hash.h"
#include "ident.h"
#include "limits.h"
#include "sign.h"

enum receipt_status {
    RECEIPT_STORED = 1,
    RECEIPT_INVALID,
    RECEIPT_LATE,
    RECEIPT_CONFLICT,
    RECEIPT_STATUS_COUNT
};
/* Why a letter was INVALID; 0 for the other statuses. */
enum receipt_code {
    RECEIPT_CODE_NONE = 0,
    RECEIPT_CODE_KIND,
    RECEIPT_CODE_BODY,
    RECEIPT_CODE_ROLE,
    RECEIPT_CODE_COUNT
};
enum { RECEIPT_BYTES = 264, RECEIPT_SIGNED_BYTES = 200, RECEIPT_BATCH_HEAD_BYTES = 8 };

struct receipt {
    enum receipt_status status;
    enum receipt_code code;
    struct ident issuer, sender; /* node ids: who signs, whose letter */
    uint32_t chain_epoch;
    uint64_t pair_seq;
    struct hash link, body_commit, envelope;
    int64_t received_ms;
    uint64_t roster_version;
    struct hash roster_hash;
    struct signature signature;
};

void receipt_encode_unsigned(
    const struct receipt *receipt, struct writer *writer); /* 200 bytes */
enum status receipt_decode(
    struct span bytes, struct receipt *ret, struct span *ret_signed) MUST_USE;
const char *receipt_status_name(enum receipt_status status);

/* n in 1..RECEIPTS_PER_ENVELOPE; each span has RECEIPT_BYTES. */
void receipt_batch_encode(const struct span *receipts, size_t n, struct writer *writer);
enum status receipt_batch_decode(struct span bytes,
    struct span ret[static RECEIPTS_PER_ENVELOPE], size_t *ret_n) MUST_USE;

#endif
