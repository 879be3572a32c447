/* SPDX-License-Identifier: Apache-2.0
 *
 * work: slow things beside the loop, one after the other in one helper thread: name look-up, passphrase
 * hashing. A program that must not let one kind wait for the other makes two.
 *
 * A job owns everything it touches: `slow` runs in the helper thread and may use nothing but its job. Then
 * either `done` is called in the loop's thread, or, when the work was destroyed first, `drop` (in either
 * thread). Each job gets exactly one of the two, and it frees the job.
 */
#ifndef AMAAN_WORK_H
#define AMAAN_WORK_H

#include "loop.h"

struct work;

struct work_kind {
    void (*slow)(void *job);
    void (*done)(void *job);
    void (*drop)(void *job);
};

struct work *work_new(struct loop *loop);
/* Does not wait for a job that is running: it is let go and dropped when it ends. */
void work_destroy(struct work **work);
void work_run(struct work *work, const struct work_kind *kind, void *job);
size_t work_waiting(const struct work *work); /* jobs not done yet */

#endif
