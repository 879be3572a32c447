/* SPDX-License-Identifier: Apache-2.0
 *
 * world_line: frames on their way in one direction; a zeroed struct is an empty line.
 */
#ifndef AMAAN_WORLD_LINE_H
#define AMAAN_WORLD_LINE_H

#include "bytes.h"

struct line_frame {
    struct line_frame *next;
    size_t n;
    uint8_t bytes[];
};

struct line {
    struct line_frame *first, *last;
    bool mute; /* what is put is dropped */
    bool swap; /* the next put goes before the last frame */
};

void line_put(struct line *line, struct span frame);
bool line_take(struct line *line, struct buffer *ret); /* false when empty */
bool line_is_empty(const struct line *line);
size_t line_count(const struct line *line);
struct span line_nth(const struct line *line, size_t i); /* borrowed */
void line_swap_last(struct line
        *line); /* the last one put changes places with the one before or after it */
void line_mute(struct line *line, bool on);
void line_clear(struct line *line);

#endif
