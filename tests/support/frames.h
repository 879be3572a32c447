/* SPDX-License-Identifier: Apache-2.0
 *
 * frames: random but valid frames of every kind, and their comparison field by field.
 */
#ifndef AMAAN_FRAMES_H
#define AMAAN_FRAMES_H

#include "chance.h"
#include "frame.h"

/* What the frame points to lives in the arena; its sizes are random within limits.h. */
struct frame frames_make(
    struct chance *chance, struct arena *arena, enum frame_kind kind);
bool frames_equal(const struct frame *a, const struct frame *b);

#endif
