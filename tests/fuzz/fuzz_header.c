/* SPDX-License-Identifier: Apache-2.0
 * Envelope headers: what is taken is written back byte for byte.
 */
#include "fuzz.h"
#include "header.h"
#include "memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct header header;
    struct span head, ciphertext;
    if (header_decode(span_of(bytes, n), &header, &head, &ciphertext) != STATUS_OK) {
        return 0;
    }
    uint8_t again[HEADER_BYTES_MAX];
    struct writer writer = writer_over(again, sizeof again);
    header_encode(&header, &writer);
    PROMISE(span_equal(writer_span(&writer), head));
    PROMISE(head.n + ciphertext.n == n);
    return 0;
}
