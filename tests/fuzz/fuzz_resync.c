/* SPDX-License-Identifier: Apache-2.0
 * Questions and answers after a loss: what is taken is written back byte for byte.
 */
#include "fuzz.h"
#include "memory.h"
#include "resync.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t again[RESYNC_BYTES_MAX];
    struct resync resync;
    if (resync_decode(span_of(bytes, n), &resync) == STATUS_OK) {
        struct writer writer = writer_over(again, sizeof again);
        resync_encode(&resync, &writer);
        PROMISE(span_equal(writer_span(&writer), span_of(bytes, n)));
    }
    return 0;
}
