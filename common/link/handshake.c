/* SPDX-License-Identifier: Apache-2.0
 * Three descriptors and a monitor in one poll: libzmq connects to a name within this process (an abstract Unix
 * socket, whose other end is checked to be us), and what it says goes on to the exchange and is counted.
 */
#include "handshake.h"

#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include "clock.h"
#include "dial.h"
#include "endpoint.h"
#include "link_private.h"
#include "memory.h"

enum { FRAME_MAX = 1024, HEAD_BYTES = 6, PIECE_BYTES = 2048, NAME_BYTES = 64 };
/* The greeting of ZMTP 3 and the command HELLO (RFC 23 and 26 of ZeroMQ): a byte more, and INITIATE has begun. */
enum { GREETING_BYTES = 64, HELLO_BYTES = 2 + 200 };
enum {
    EVENTS = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
             ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
             ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED
};

struct relay {
    int door, inner, outer; /* listens; libzmq's side; the exchange's. -1: closed */
    size_t said;            /* bytes that left for the exchange */
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
    link_set(socket, ZMQ_HANDSHAKE_IVL, 2 * options->timeout_ms);
    set_keys(socket, options);
    return socket;
}

static void hang_up(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* `name` is without the mark of an abstract name. */
static int open_door(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
    int door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    memcpy(address.sun_path + 1, name, strlen(name));
    if (door >= 0 &&
        (bind(door, (const struct sockaddr *)&address, n) != 0 || listen(door, 1) != 0))
        hang_up(&door);
    return door;
}

static void take_caller(struct relay *relay)
{
    struct ucred peer;
    socklen_t n = sizeof(peer);

    relay->inner = accept4(relay->door, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (relay->inner >= 0 &&
        (getsockopt(relay->inner, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0 ||
            peer.pid != getpid()))
        hang_up(&relay->inner);
}

/* What is there goes on; how much. A handshake fits any socket's buffer, so that a part not taken is an end. */
static size_t pump(int *from, int *to)
{
    uint8_t piece[PIECE_BYTES];
    ssize_t n = recv(*from, piece, sizeof(piece), 0);

    if (n > 0 && *to >= 0 && send(*to, piece, (size_t)n, MSG_NOSIGNAL) == n)
        return (size_t)n;
    hang_up(from);
    hang_up(to);
    return 0;
}

/* An event is two frames (dealer.c). */
static uint16_t read_event(void *monitor)
{
    uint8_t head[HEAD_BYTES];
    char address[ENDPOINT_TEXT_BYTES];
    uint16_t event;

    if (zmq_recv(monitor, head, sizeof(head), 0) != HEAD_BYTES ||
        zmq_recv(monitor, address, sizeof(address), 0) < 0)
        return ZMQ_EVENT_CLOSED;
    memcpy(&event, head, sizeof(event));
    return event;
}

static enum handshake_result judge(const struct relay *relay, uint16_t event)
{
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        return HANDSHAKE_DONE;
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        return HANDSHAKE_REFUSED;
    if (relay->said > GREETING_BYTES + HELLO_BYTES)
        return HANDSHAKE_PUT_OFF;
    return event == 0 ? HANDSHAKE_MUTE : HANDSHAKE_OTHER;
}

/* Until libzmq says how it went, or the time is over: event 0. */
static enum handshake_result turn(struct relay *relay, void *monitor, int timeout_ms)
{
    int64_t deadline_ms = clock_steady_ms(clock_system()) + timeout_ms, left_ms;

    while ((left_ms = deadline_ms - clock_steady_ms(clock_system())) > 0) {
        int caller = relay->inner >= 0 ? relay->inner : relay->door;
        zmq_pollitem_t items[] = {{.socket = monitor, .events = ZMQ_POLLIN},
            {.fd = caller, .events = ZMQ_POLLIN},
            {.fd = relay->outer, .events = ZMQ_POLLIN}};

        if (zmq_poll(items, relay->outer >= 0 ? 3 : 1, (long)left_ms) <= 0)
            continue;
        if (items[0].revents)
            return judge(relay, read_event(monitor));
        if (items[1].revents && caller == relay->door)
            take_caller(relay);
        else if (items[1].revents)
            relay->said += pump(&relay->inner, &relay->outer);
        else if (items[2].revents && relay->inner >= 0)
            (void)pump(&relay->outer, &relay->inner);
    }
    return judge(relay, 0);
}

static enum handshake_result shake(
    const struct handshake_options *options, struct relay *relay, const char *name)
{
    enum handshake_result result = HANDSHAKE_UNREACHED;
    void *socket = open_socket(options), *monitor = link_socket(ZMQ_PAIR);
    char endpoint[NAME_BYTES + 8], place[NAME_BYTES + 16];

    (void)snprintf(endpoint, sizeof(endpoint), "ipc://@%s", name);
    (void)snprintf(place, sizeof(place), "inproc://%s", name);
    PROMISE(zmq_socket_monitor(socket, place, EVENTS) == 0);
    link_set(monitor, ZMQ_LINGER, 0);
    PROMISE(zmq_connect(monitor, place) == 0);
    if (zmq_connect(socket, endpoint) == 0)
        result = turn(relay, monitor, options->timeout_ms);
    (void)zmq_socket_monitor(socket, NULL, 0);
    zmq_close(socket);
    zmq_close(monitor);
    return result;
}

enum handshake_result handshake_try(const struct handshake_options *options)
{
    static unsigned count;
    struct relay relay = {.door = -1, .inner = -1, .outer = -1};
    enum handshake_result result = HANDSHAKE_UNREACHED;
    char name[NAME_BYTES];

    if (dial(options->address, options->port, options->timeout_ms, &relay.outer) != 0)
        return result;
    (void)snprintf(name, sizeof(name), "amaan-handshake-%d-%u", (int)getpid(), ++count);
    relay.door = open_door(name);
    if (relay.door >= 0)
        result = shake(options, &relay, name);
    hang_up(&relay.door);
    hang_up(&relay.inner);
    hang_up(&relay.outer);
    return result;
}
