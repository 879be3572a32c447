/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: the context is this file's only variable. TCP keepalive takes the place of ZMTP heartbeats:
 * those count a peer as dead while one large frame is still crawling over a slow line, the kernel's do not.
 */
#include "link.h"

#include <limits.h>
#include <zmq.h>

#include "link_private.h"
#include "memory.h"

enum {
    SOCKETS_MAX = 4096
}; /* a process of 1,000 dealers, for benches; 12 bytes each until used */
enum { KEEPALIVE_IDLE_S = 120, KEEPALIVE_STEP_S = 30, KEEPALIVE_PROBES = 4 };

static void *context;

enum status link_start(int io_threads, struct trouble *trouble)
{
    PROMISE(context == NULL);
    if (!zmq_has("curve")) {
        trouble_say(
            trouble, "this libzmq was built without CURVE: install Debian's libzmq5");
        return STATUS_UNSUPPORTED;
    }
    context = zmq_ctx_new();
    PROMISE(context != NULL);
    PROMISE(zmq_ctx_set(context, ZMQ_IO_THREADS, io_threads) == 0);
    PROMISE(zmq_ctx_set(context, ZMQ_MAX_SOCKETS, SOCKETS_MAX) == 0);
    return STATUS_OK;
}

void link_stop(void)
{
    if (context == NULL)
        return;
    while (zmq_ctx_term(context) != 0)
        PROMISE(zmq_errno() == EINTR);
    context = NULL;
}

const char *link_library(void)
{
    static char text[32];
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    snprintf(text, sizeof text, "libzmq %d.%d.%d", major, minor, patch);
    return text;
}

void *link_socket(int type)
{
    PROMISE(context != NULL);
    void *socket = zmq_socket(context, type);
    PROMISE(socket != NULL);
    return socket;
}

void link_set(void *socket, int option, int value)
{
    PROMISE(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}

void link_set_common(void *socket, size_t frame_bytes_max)
{
    int64_t max = (int64_t)frame_bytes_max;
    PROMISE(frame_bytes_max > 0 && frame_bytes_max < INT_MAX);
    PROMISE(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max, sizeof max) == 0);
    link_set(socket, ZMQ_TCP_KEEPALIVE, 1);
    link_set(socket, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S);
    link_set(socket, ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_STEP_S);
    link_set(socket, ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_PROBES);
}
