/* SPDX-License-Identifier: Apache-2.0
 * Heartbeats and void lists: what is taken is written back byte for byte.
 */
#include "fuzz.h"
#include "heartbeat.h"
#include "memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t again[8 + 64 * VOIDS_PER_ENVELOPE];
    struct heartbeat heartbeat;
    if (heartbeat_decode(span_of(bytes, n), &heartbeat) == STATUS_OK) {
        struct writer writer = writer_over(again, sizeof again);
        heartbeat_encode(&heartbeat, &writer);
        PROMISE(span_equal(writer_span(&writer), span_of(bytes, n)));
    }
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    size_t n_entries = 0;
    if (void_list_decode(span_of(bytes, n), entries, &n_entries) == STATUS_OK) {
        struct writer writer = writer_over(again, sizeof again);
        void_list_encode(entries, n_entries, &writer);
        PROMISE(span_equal(writer_span(&writer), span_of(bytes, n)));
    }
    return 0;
}
