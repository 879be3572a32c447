/* SPDX-License-Identifier: Apache-2.0 */
#include "world_line.h"

#include <string.h>

#include "memory.h"

void line_put(struct line *line, struct span frame)
{
    if (line->mute)
        return;
    struct line_frame *f = memory_new(sizeof *f + frame.n);
    f->n = frame.n;
    if (frame.n > 0)
        memcpy(f->bytes, frame.at, frame.n);
    if (line->last)
        line->last->next = f;
    else
        line->first = f;
    line->last = f;
    if (line->swap && line->first != f) {
        line->swap = false;
        line_swap_last(line);
    }
}

bool line_take(struct line *line, struct buffer *ret)
{
    struct line_frame *f = line->first;
    if (!f)
        return false;
    line->first = f->next;
    if (!line->first)
        line->last = NULL;
    buffer_clear(ret);
    PROMISE(buffer_put(ret, f->bytes, f->n) == STATUS_OK);
    memory_free(f);
    return true;
}

bool line_is_empty(const struct line *line)
{
    return !line->first;
}

size_t line_count(const struct line *line)
{
    size_t n = 0;
    for (const struct line_frame *f = line->first; f; f = f->next)
        n++;
    return n;
}

struct span line_nth(const struct line *line, size_t i)
{
    const struct line_frame *f = line->first;
    while (f && i-- > 0)
        f = f->next;
    PROMISE(f);
    return span_of(f->bytes, f->n);
}

void line_swap_last(struct line *line)
{
    if (!line->first || line->first == line->last) {
        line->swap = true; /* alone: it changes places with the next one */
        return;
    }
    struct line_frame **before = &line->first;
    while ((*before)->next != line->last)
        before = &(*before)->next;
    struct line_frame *second = *before, *last = line->last;
    *before = last;
    last->next = second;
    second->next = NULL;
    line->last = second;
}

void line_mute(struct line *line, bool on)
{
    line->mute = on;
}

void line_clear(struct line *line)
{
    while (line->first) {
        struct line_frame *f = line->first;
        line->first = f->next;
        memory_free(f);
    }
    *line = (struct line){NULL, NULL, false, false};
}
