/* SPDX-License-Identifier: Apache-2.0
 *
 * peer: one run of a broker that people would pick instead of ours: one publisher and one consumer beside
 * the broker on this machine, messages of a given size, every publish confirmed by the broker, every message
 * acknowledged by the consumer. Each peer_<name>.c gives one `struct peer`; peer.c runs it and prints a line
 * of JSON: {"n":..,"bytes":..,"msgs_per_s":..,"p50_ms":..,"p99_ms":..}.
 */
#ifndef AMAAN_PEER_H
#define AMAAN_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct peer {
    const char *name;
    void (*start)(size_t bytes); /* connects both sides; ends the process on failure */
    void (*publish)(const void *message); /* asynchronous; exactly the bytes of start */
    long (*confirmed)(void); /* how many publishes the broker has confirmed */
    void (*finish)(void);
};

extern const struct peer peer; /* of the peer_<name>.c linked in */

/* Called by the peer's consumer for every message, from any one thread. */
void peer_arrived(const void *message, size_t bytes);
/* "what: detail" on stderr and exit 1, when the code is not 0. */
void peer_check(const char *what, long code);

#endif
