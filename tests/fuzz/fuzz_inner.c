/* SPDX-License-Identifier: Apache-2.0
 * The head under the seal. Inputs shorter than the small bucket are tried once more with zeros behind, so that the
 * fuzzer need not guess 2,048 bytes.
 */
#include <string.h>

#include "fuzz.h"
#include "inner.h"
#include "memory.h"

static void decode(struct span plain)
{
    struct inner inner;
    struct span body, under;
    if (inner_decode(plain, &inner, &body, &under) != STATUS_OK) {
        return;
    }
    uint8_t again[INNER_BYTES];
    struct writer writer = writer_over(again, sizeof again);
    inner_encode(&inner, &writer);
    PROMISE(span_equal(writer_span(&writer), span_of(plain.at, INNER_BYTES)));
    PROMISE(body.at == plain.at + INNER_BYTES && body.n <= plain.n - INNER_BYTES);
    PROMISE(under.at == plain.at && under.n == INNER_SIGNED_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    decode(span_of(bytes, n));
    if (n > 0 && n < BUCKET_SMALL) {
        uint8_t plain[BUCKET_SMALL] = {0};
        memcpy(plain, bytes, n);
        decode(span_of(plain, sizeof plain));
    }
    return 0;
}
