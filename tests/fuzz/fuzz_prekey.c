/* SPDX-License-Identifier: Apache-2.0
 * Prekey bundles: what is taken is written back byte for byte, and can be searched.
 */
#include "fuzz.h"
#include "memory.h"
#include "prekey.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct bundle bundle;
    struct span under;
    if (bundle_decode(span_of(bytes, n), &bundle, &under) != STATUS_OK) {
        return 0;
    }
    uint8_t again[BUNDLE_BYTES_MAX];
    struct writer writer = writer_over(again, sizeof again);
    bundle_encode_unsigned(&bundle, &writer);
    PROMISE(span_equal(writer_span(&writer), under));
    writer_put(&writer, bundle.signature, sizeof bundle.signature);
    PROMISE(span_equal(writer_span(&writer), span_of(bytes, n)));
    for (size_t i = 0; i < bundle.n; i++) {
        PROMISE(bundle_find(&bundle, bundle.prekeys[i].id) == &bundle.prekeys[i]);
    }
    const struct prekey *chosen = bundle_choose(&bundle, bundle.created_ms);
    PROMISE(chosen == NULL || chosen->not_after_ms >= bundle.created_ms);
    return 0;
}
