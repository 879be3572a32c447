/* SPDX-License-Identifier: Apache-2.0
 * Receipts and batches of them: what is taken is written back byte for byte.
 */
#include "fuzz.h"
#include "memory.h"
#include "receipt.h"

static void decode(struct span bytes)
{
    struct receipt receipt;
    struct span under;
    if (receipt_decode(bytes, &receipt, &under) != STATUS_OK) {
        return;
    }
    uint8_t again[RECEIPT_BYTES];
    struct writer writer = writer_over(again, sizeof again);
    receipt_encode_unsigned(&receipt, &writer);
    PROMISE(span_equal(writer_span(&writer), under));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct span receipts[RECEIPTS_PER_ENVELOPE];
    size_t n_receipts = 0;
    decode(span_of(bytes, n));
    if (receipt_batch_decode(span_of(bytes, n), receipts, &n_receipts) != STATUS_OK) {
        return 0;
    }
    uint8_t again[RECEIPT_BATCH_HEAD_BYTES + RECEIPTS_PER_ENVELOPE * RECEIPT_BYTES];
    struct writer writer = writer_over(again, sizeof again);
    receipt_batch_encode(receipts, n_receipts, &writer);
    PROMISE(span_equal(writer_span(&writer), span_of(bytes, n)));
    for (size_t i = 0; i < n_receipts; i++) {
        decode(receipts[i]);
    }
    return 0;
}
