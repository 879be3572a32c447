/* SPDX-License-Identifier: Apache-2.0
 *
 * serve: a node's process: the line to the exchange and the local socket in one loop around the core (node.h).
 *
 *     wait -> begin -> what is there -> end (commit) -> answers and frames
 *
 * Nothing blocks the loop: a passphrase is hashed and a name is looked up in helper threads. SIGTERM and
 * SIGINT end it after the turn, and so does "lock" once panic (loss.h) took node.key away; SIGHUP tries the line at once.
 */
#ifndef AMAAN_SERVE_H
#define AMAAN_SERVE_H

#include "node.h"

struct wizard_end;

struct serve_options {
    const char *home;
    const char *program; /* amaan-node, for health.h; NULL: this one's neighbour */
    struct clock *clock;
    struct chance *chance;
    void (*on_ready)(void *context, const char *socket_path); /* it serves now */
    /* The node makes itself heard; NULL: by log and command alone. */
    void (*on_announce)(void *context, const struct announce_counts *counts);
    void *context;
    const struct wizard_end
        *wizard; /* what it left (wizard.h), taken; NULL: it did not run */
};

/* Until a signal ends it: OK. Otherwise why it could not start or had to stop. The process has called
 * loop_block_signals and link_start. */
enum status serve(const struct serve_options *options, struct trouble *trouble) MUST_USE;

#endif
