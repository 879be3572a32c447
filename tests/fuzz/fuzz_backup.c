/* SPDX-License-Identifier: Apache-2.0
 * The head of a backup file, and the table of its content: what is taken is written back byte for byte.
 */
#include "backup_inside.h"
#include "fuzz.h"
#include "memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t again[BACKUP_HEAD_BYTES];
    struct backup_head head;
    struct backup_parts parts;
    if (backup_head_decode(span_of(bytes, n), &head) == STATUS_OK) {
        struct writer writer = writer_over(again, sizeof again);
        backup_head_encode(&head, &writer);
        PROMISE(span_equal(writer_span(&writer), span_of(bytes, n)));
        PROMISE(backup_file_bytes(&head) > head.content_bytes);
    }
    if (backup_parts_decode(span_of(bytes, n), &parts) == STATUS_OK)
        PROMISE(backup_content_bytes(&parts) == n);
    return 0;
}
