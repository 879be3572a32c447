/* SPDX-License-Identifier: Apache-2.0
 *
 * One array of encoded frames: [first, ready) may be said, [ready, n) is pending.
 */
#include "speech.h"

#include "memory.h"

struct piece {
    uint8_t *bytes;
    size_t n;
};

struct speech {
    struct piece *pieces;
    size_t first, ready, n, size;
    size_t ready_bytes;
    struct buffer scratch;
};

struct speech *speech_new(void)
{
    struct speech *speech = memory_new(sizeof *speech);
    buffer_init(&speech->scratch, FRAME_BYTES_MAX);
    return speech;
}

void speech_destroy(struct speech **speech)
{
    if (*speech == NULL)
        return;
    speech_clear(*speech);
    buffer_release(&(*speech)->scratch);
    memory_free((*speech)->pieces);
    memory_free(*speech);
    *speech = NULL;
}

/* Where half of the array is said, what is left moves to the front: a link that is never quite empty must
 * not let it grow for ever. */
static void make_room(struct speech *speech)
{
    size_t first = speech->first;
    if (first > 0 && first >= speech->size / 2) {
        memmove(speech->pieces, speech->pieces + first,
            (speech->n - first) * sizeof *speech->pieces);
        speech->first = 0;
        speech->ready -= first;
        speech->n -= first;
        return;
    }
    speech->size = speech->size == 0 ? 16 : speech->size * 2;
    speech->pieces = memory_resize(speech->pieces, speech->size, sizeof *speech->pieces);
}

void speech_put(struct speech *speech, const struct frame *frame)
{
    enum status status = frame_encode(frame, &speech->scratch);
    PROMISE(status == STATUS_OK);
    if (speech->n == speech->size)
        make_room(speech);
    struct span bytes = buffer_span(&speech->scratch);
    speech->pieces[speech->n++] = (struct piece){memory_copy(bytes.at, bytes.n), bytes.n};
}

void speech_commit(struct speech *speech)
{
    for (size_t i = speech->ready; i < speech->n; i++)
        speech->ready_bytes += speech->pieces[i].n;
    speech->ready = speech->n;
}

void speech_drop(struct speech *speech)
{
    while (speech->n > speech->ready)
        memory_free(speech->pieces[--speech->n].bytes);
}

void speech_clear(struct speech *speech)
{
    for (size_t i = speech->first; i < speech->n; i++)
        memory_free(speech->pieces[i].bytes);
    speech->first = speech->ready = speech->n = 0;
    speech->ready_bytes = 0;
}

enum status speech_take(struct speech *speech, struct buffer *ret)
{
    if (speech->first == speech->ready)
        return STATUS_BUSY;
    struct piece *piece = &speech->pieces[speech->first];
    buffer_clear(ret);
    enum status status = buffer_put(ret, piece->bytes, piece->n);
    if (status != STATUS_OK)
        return status;
    speech->ready_bytes -= piece->n;
    memory_free(piece->bytes);
    speech->first++;
    if (speech->first == speech->n)
        speech->first = speech->ready = speech->n = 0;
    return STATUS_OK;
}

bool speech_is_ready(const struct speech *speech)
{
    return speech->first < speech->ready;
}

size_t speech_ready_bytes(const struct speech *speech)
{
    return speech->ready_bytes;
}
