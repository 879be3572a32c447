/* SPDX-License-Identifier: Apache-2.0
 * One socket, one monitor, as in dealer.c, but waited for here. Whether TCP stood is remembered, because the
 * event of the end looks the same with and without it.
 */
#include "handshake.h"

#include <string.h>
#include <zmq.h>

#include "clock.h"
#include "endpoint.h"
#include "link_private.h"
#include "memory.h"

enum { FRAME_MAX = 1024, HEAD_BYTES = 6 };
enum {
    EVENTS = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
             ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
             ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED |
             ZMQ_EVENT_CLOSED
};

static void set_key(void *socket, int option, const uint8_t key[static LINK_KEY_BYTES])
{
    PROMISE(zmq_setsockopt(socket, option, key, LINK_KEY_BYTES) == 0);
}

static void set_keys(void *socket, const struct handshake_options *options)
{
    char secret[41], public[41];
    uint8_t bytes[LINK_KEY_BYTES];

    PROMISE(zmq_z85_encode(secret, options->secret, LINK_KEY_BYTES));
    PROMISE(zmq_curve_public(public, secret) == 0);
    PROMISE(zmq_z85_decode(bytes, public));
    set_key(socket, ZMQ_CURVE_SERVERKEY, options->broker_key);
    set_key(socket, ZMQ_CURVE_PUBLICKEY, bytes);
    set_key(socket, ZMQ_CURVE_SECRETKEY, options->secret);
    memory_wipe(secret, sizeof(secret));
}

static void *open_socket(const struct handshake_options *options)
{
    void *socket = link_socket(ZMQ_DEALER);

    link_set_common(socket, FRAME_MAX);
    link_set(socket, ZMQ_LINGER, 0);
    link_set(socket, ZMQ_IMMEDIATE, 1);
    link_set(socket, ZMQ_RECONNECT_IVL, -1);
    link_set(socket, ZMQ_CONNECT_TIMEOUT, options->timeout_ms);
    link_set(socket, ZMQ_HANDSHAKE_IVL, 2 * options->timeout_ms);
    link_set(socket, ZMQ_IPV6, strchr(options->endpoint, '[') != NULL);
    set_keys(socket, options);
    return socket;
}

/* The next event, or 0 when the time is over. An event is two frames (dealer.c). */
static uint16_t await_event(void *monitor, int64_t deadline_ms)
{
    int64_t left = deadline_ms - clock_steady_ms(clock_system());
    zmq_pollitem_t item = {.socket = monitor, .events = ZMQ_POLLIN};
    uint8_t head[HEAD_BYTES];
    char address[ENDPOINT_TEXT_BYTES];
    uint16_t event;

    if (left <= 0 || zmq_poll(&item, 1, (long)left) <= 0)
        return 0;
    if (zmq_recv(monitor, head, sizeof(head), 0) != HEAD_BYTES ||
        zmq_recv(monitor, address, sizeof(address), 0) < 0)
        return 0;
    memcpy(&event, head, sizeof(event));
    return event;
}

static enum handshake_result watch_events(void *monitor, int timeout_ms)
{
    int64_t deadline_ms = clock_steady_ms(clock_system()) + timeout_ms;
    bool connected = false;

    for (;;) {
        switch (await_event(monitor, deadline_ms)) {
        case ZMQ_EVENT_CONNECTED:
            connected = true;
            deadline_ms = clock_steady_ms(clock_system()) + timeout_ms;
            break;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
            return HANDSHAKE_DONE;
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
            return HANDSHAKE_REFUSED;
        case 0:
            return connected ? HANDSHAKE_SILENT : HANDSHAKE_UNREACHED;
        default:
            return connected ? HANDSHAKE_BROKEN : HANDSHAKE_UNREACHED;
        }
    }
}

enum handshake_result handshake_try(const struct handshake_options *options)
{
    static const char place[] = "inproc://handshake";
    enum handshake_result result = HANDSHAKE_UNREACHED;
    void *socket = open_socket(options), *monitor = link_socket(ZMQ_PAIR);

    PROMISE(zmq_socket_monitor(socket, place, EVENTS) == 0);
    link_set(monitor, ZMQ_LINGER, 0);
    PROMISE(zmq_connect(monitor, place) == 0);
    if (zmq_connect(socket, options->endpoint) == 0)
        result = watch_events(monitor, options->timeout_ms);
    (void)zmq_socket_monitor(socket, NULL, 0);
    zmq_close(socket);
    zmq_close(monitor);
    return result;
}
