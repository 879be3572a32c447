/* SPDX-License-Identifier: Apache-2.0
 *
 * credit: how many bytes of envelopes may be on the way (PROTOCOL.md 6.4). A decider, for each direction one.
 *
 * grant    what the node may still offer: its window is CREDIT_INITIAL_BYTES, doubled up to CREDIT_MAX_BYTES
 *          whenever the node uses up a whole one within a second.
 * window   what was delivered and is not yet taken: doubled while TAKEN comes back within a second, halved
 *          when it needs more than four. So an express envelope waits behind 40 KiB at most on a slow line.
 */
#ifndef AMAAN_CREDIT_H
#define AMAAN_CREDIT_H

#include <stdbool.h>
#include <stdint.h>

struct grant {
    int64_t window_bytes, left_bytes;    /* left: what it may offer now */
    int64_t owed_bytes;                  /* used, not yet given back */
    int64_t used_bytes, since_steady_ms; /* of the present window */
};

void grant_init(struct grant *grant, int64_t steady_ms);
/* The node used so many bytes. False if that is more than it had: it owes them. */
bool grant_use(struct grant *grant, int64_t bytes);
/* What to give back now, 0 if it can wait. It never waits when the largest envelope would not fit. */
uint32_t grant_renew(struct grant *grant, int64_t steady_ms);

struct window {
    int64_t window_bytes, out_bytes;
    int64_t most_bytes; /* out at once since the probe was set */
    uint64_t probe;     /* number of a delivery that is timed; 0 none */
    int64_t probe_steady_ms;
};

void window_init(struct window *window);
bool window_has_room(const struct window *window, int64_t bytes);
void window_gave(
    struct window *window, uint64_t delivery, int64_t bytes, int64_t steady_ms);
void window_took(
    struct window *window, uint64_t delivery, int64_t bytes, int64_t steady_ms);

#endif
