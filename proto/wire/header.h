/* SPDX-License-Identifier: Apache-2.0
 *
 * header: the clear part of an envelope (PROTOCOL.md 1.2): all that the broker may know. 56 bytes and the
 * suite's enc. It is the associated data of the seal, so no byte of it can be changed.
 */
#ifndef AMAAN_HEADER_H
#define AMAAN_HEADER_H

#include "ident.h"
#include "limits.h"
#include "suite.h"

enum lane { LANE_NORMAL = 0, LANE_EXPRESS = 1 };
enum {
    HEADER_FIXED_BYTES = 56,
    HEADER_BYTES_MAX = HEADER_FIXED_BYTES + SUITE_ENC_MAX,
    SEAL_TAG_BYTES = 16
};

struct header {
    uint16_t suite;
    enum lane lane;
    struct ident msg_id, queue_id;
    uint64_t prekey_id;
    uint32_t ciphertext_bytes; /* bucket + SEAL_TAG_BYTES */
    uint8_t enc[SUITE_ENC_MAX];
};

/* The smallest bucket for a body, 0 if it fits none. */
uint32_t bucket_for_body(size_t body_bytes);
bool bucket_is_known(uint32_t bucket);
/* Whole envelope of a suite and bucket. */
size_t envelope_bytes(const struct suite *suite, uint32_t bucket);

/* Writes HEADER_FIXED_BYTES + enc. BUG for an unknown suite or bucket: the caller chose them. */
void header_encode(const struct header *header, struct writer *writer);

/* Step 1 of the opening order: exact length, magic, suite, zeros, bucket. MALFORMED or UNSUPPORTED (a
 * suite unknown here). The spans are borrowed from the envelope. ret_header_bytes and ret_ciphertext may
 * be NULL. */
enum status header_decode(struct span envelope, struct header *ret,
    struct span *ret_header_bytes, struct span *ret_ciphertext) MUST_USE;
/* The same for the clear part alone, as a node keeps it beside a letter that it opened and parked. */
enum status header_decode_alone(struct span bytes, struct header *ret) MUST_USE;

#endif
