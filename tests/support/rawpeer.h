/* SPDX-License-Identifier: Apache-2.0
 *
 * rawpeer: a peer of an exchange's transport that does what dealer.h never does: it claims a routing id, sends
 * messages of several frames, sends more than is allowed. Over the process' own context (link.h).
 */
#ifndef AMAAN_RAWPEER_H
#define AMAAN_RAWPEER_H

#include "bytes.h"

struct rawpeer;

/* Connects in the background; an empty routing_id claims none. */
struct rawpeer *rawpeer_open(const char *endpoint, const uint8_t *broker_key,
    const uint8_t *secret, const uint8_t *public_key, struct span routing_id);
void rawpeer_close(struct rawpeer **peer);
/* One message of n frames, queued. */
void rawpeer_send(struct rawpeer *peer, const struct span *frames, size_t n);

/* A bare listening socket, to look at its options. */
void *rawpeer_new_router(void);
void rawpeer_drop_router(void **socket);

#endif
