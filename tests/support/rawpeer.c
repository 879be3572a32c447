/* SPDX-License-Identifier: Apache-2.0 */
#include "rawpeer.h"

#include <zmq.h>

#include "link_private.h"
#include "memory.h"

struct rawpeer {
    void *socket;
};

static void set_bytes(void *socket, int option, const void *bytes, size_t n)
{
    PROMISE(zmq_setsockopt(socket, option, bytes, n) == 0);
}

struct rawpeer *rawpeer_open(const char *endpoint, const uint8_t *broker_key,
    const uint8_t *secret, const uint8_t *public_key, struct span routing_id)
{
    struct rawpeer *peer = memory_new(sizeof *peer);
    peer->socket = link_socket(ZMQ_DEALER);
    link_set(peer->socket, ZMQ_LINGER, 0);
    set_bytes(peer->socket, ZMQ_CURVE_SERVERKEY, broker_key, LINK_KEY_BYTES);
    set_bytes(peer->socket, ZMQ_CURVE_PUBLICKEY, public_key, LINK_KEY_BYTES);
    set_bytes(peer->socket, ZMQ_CURVE_SECRETKEY, secret, LINK_KEY_BYTES);
    if (routing_id.n > 0) {
        set_bytes(peer->socket, ZMQ_ROUTING_ID, routing_id.at, routing_id.n);
    }
    PROMISE(zmq_connect(peer->socket, endpoint) == 0);
    return peer;
}

void rawpeer_close(struct rawpeer **peer)
{
    if (*peer == NULL) {
        return;
    }
    zmq_close((*peer)->socket);
    memory_free(*peer);
    *peer = NULL;
}

void rawpeer_send(struct rawpeer *peer, const struct span *frames, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int flags = i + 1 < n ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT;
        PROMISE(zmq_send(peer->socket, frames[i].at, frames[i].n, flags) >= 0);
    }
}

void *rawpeer_new_router(void)
{
    void *socket = link_socket(ZMQ_ROUTER);
    link_set(socket, ZMQ_LINGER, 0);
    return socket;
}

void rawpeer_drop_router(void **socket)
{
    zmq_close(*socket);
    *socket = NULL;
}
