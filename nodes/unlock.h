/* SPDX-License-Identifier: Apache-2.0
 *
 * unlock: the slow half of unlocking, in a helper thread: reads node.key and derives the keys. One at a time,
 * so that nobody guesses faster than the machine hashes once.
 */
#ifndef AMAAN_UNLOCK_H
#define AMAAN_UNLOCK_H

#include "node.h"
#include "work.h"

struct unlock_job;

/* `done` runs in the loop's thread, with the keys (to be used there and then; they are wiped after it) or with
 * why not: DENIED (wrong passphrase), FULL (no memory), others. It is not called when the work ends first. */
void unlock_start(struct work *work, const char *home, const char *passphrase,
    void (*done)(void *context, enum status status, const struct node_keys *keys),
    void *context);

#endif
