/* SPDX-License-Identifier: Apache-2.0
 *
 * speech: frames on their way out, in two halves: what this turn decided, and what may be said because the
 * turn that decided it is committed. Durable before spoken stands and falls here.
 *
 *   speech_put --> pending --speech_commit--> ready --speech_take--> the link
 *                     |
 *                     speech_drop (rolled back, or the link is gone)
 */
#ifndef AMAAN_SPEECH_H
#define AMAAN_SPEECH_H

#include "frame.h"

struct speech;

struct speech *speech_new(void);
void speech_destroy(struct speech **speech);
/* Encodes a copy. BUG for a frame that frame_encode refuses: we made it. */
void speech_put(struct speech *speech, const struct frame *frame);
void speech_commit(struct speech *speech);
void speech_drop(struct speech *speech);  /* the pending half */
void speech_clear(struct speech *speech); /* both: the link is gone */
/* Replaces the buffer's content; BUSY if nothing is ready. */
enum status speech_take(struct speech *speech, struct buffer *ret) MUST_USE;
bool speech_is_ready(const struct speech *speech);
size_t speech_ready_bytes(const struct speech *speech);

#endif
