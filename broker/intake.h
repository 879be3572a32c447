/* SPDX-License-Identifier: Apache-2.0
 *
 * intake: documents that members bring in parts, put together. A few at a time for the whole broker, so that
 * memory does not grow with the number of members: who comes fifth takes the place of one that was left
 * for half a minute, or waits.
 */
#ifndef AMAAN_INTAKE_H
#define AMAAN_INTAKE_H

#include "frame.h"

enum { INTAKE_SLOTS = 4 };
#define INTAKE_LEFT_MS (30 * SECOND_MS)

struct intake;

enum intake_result {
    INTAKE_DONE, /* *ret_whole is the document, borrowed until the next call */
    INTAKE_MORE, /* ask for *ret_offset */
    INTAKE_BUSY, /* no slot is free */
    INTAKE_STRAY /* does not continue anything: ignore it */
};

struct intake *intake_new(void);
void intake_destroy(struct intake **intake);
/* A part of a DOCUMENT frame. Offset 0 begins anew. */
enum intake_result intake_put(struct intake *intake, uint64_t connection,
    const struct frame *document, int64_t steady_ms, struct span *ret_whole,
    uint32_t *ret_offset);
/* What that connection has begun is dropped. */
void intake_forget(struct intake *intake, uint64_t connection);

#endif
