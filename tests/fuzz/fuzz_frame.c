/* SPDX-License-Identifier: Apache-2.0
 * Link frames: what is taken can be written, in no more bytes, and reads back as the same frame.
 */
#include "frames.h"
#include "fuzz.h"
#include "memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct arena *first, *second;
    static struct buffer buffer;
    if (first == NULL) {
        first = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
        second = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
        buffer_init(&buffer, FRAME_BYTES_MAX);
    }
    arena_reset(first);
    arena_reset(second);
    struct frame frame, back;
    if (frame_decode(first, span_of(bytes, n), &frame) != STATUS_OK) {
        return 0;
    }
    PROMISE(frame_encode(&frame, &buffer) == STATUS_OK);
    PROMISE(buffer.used == n);
    PROMISE(frame_decode(second, buffer_span(&buffer), &back) == STATUS_OK);
    PROMISE(frames_equal(&frame, &back));
    return 0;
}
