/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: a message is two frames, the routing id and the payload. After a poll libzmq gives the first
 * frame without its properties, so the key is read from the second. The id that the socket makes is a zero
 * byte and a 32-bit counter; it becomes the connection number with bit 32 set, so that 0 names nobody.
 */
#include "router.h"

#include <string.h>
#include <zmq.h>

#include "endpoint.h"
#include "link_private.h"
#include "memory.h"

/* Hidden in <zmq.h> without the draft API, but there since 4.3: refuse who cannot be asked for. Without it a
 * CURVE server that finds no handler, or has no domain, lets everybody in. */
enum { OPTION_ENFORCE_DOMAIN = 93 };

static const char DOMAIN[] = "amaan";

enum { ROUTE_BYTES = 5, QUEUE_USUAL = 512, HANDSHAKE_USUAL_MS = 10000, BACKLOG = 1024 };
enum { DROPS_MAX = 256 };
#define CONNECTION_MARK (UINT64_C(1) << 32)

struct router {
    struct zap *zap;
    void *socket;
    struct watch *watch;
    zmq_msg_t payload;
    bool holds; /* payload belongs to a frame that was given out */
    char endpoint[ENDPOINT_TEXT_BYTES];
    struct router_counts counts;
};

enum status router_guard(void *socket, const char *domain, struct trouble *trouble)
{
    char domain_back[64] = "";
    size_t n = sizeof domain_back;
    int enforced = 0, server = 0;
    size_t n_enforced = sizeof enforced, n_server = sizeof server;
    int on = 1;

    bool set =
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) == 0 &&
        zmq_setsockopt(socket, OPTION_ENFORCE_DOMAIN, &on, sizeof on) == 0 &&
        zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) == 0 &&
        zmq_getsockopt(socket, ZMQ_ZAP_DOMAIN, domain_back, &n) == 0 &&
        zmq_getsockopt(socket, OPTION_ENFORCE_DOMAIN, &enforced, &n_enforced) == 0 &&
        zmq_getsockopt(socket, ZMQ_CURVE_SERVER, &server, &n_server) == 0;
    if (set && domain[0] != '\0' && strcmp(domain_back, domain) == 0 && enforced == 1 &&
        server == 1)
        return STATUS_OK;
    trouble_say(trouble, "this libzmq would let peers in without asking for their key: "
                         "refusing to listen (use libzmq 4.3.4 or newer)");
    return STATUS_UNSUPPORTED;
}

static void set_options(void *socket, const struct router_options *options)
{
    int receive = options->receive_queue > 0 ? options->receive_queue : QUEUE_USUAL;
    int send = options->send_queue > 0 ? options->send_queue : QUEUE_USUAL;
    link_set_common(socket, options->frame_bytes_max);
    link_set(socket, ZMQ_RCVHWM, receive);
    link_set(socket, ZMQ_SNDHWM, send);
    link_set(socket, ZMQ_LINGER, options->linger_ms);
    link_set(socket, ZMQ_BACKLOG, BACKLOG);
    link_set(socket, ZMQ_ROUTER_MANDATORY, 1);
    link_set(socket, ZMQ_HANDSHAKE_IVL,
        options->handshake_ms > 0 ? options->handshake_ms : HANDSHAKE_USUAL_MS);
    PROMISE(zmq_setsockopt(
                socket, ZMQ_CURVE_SECRETKEY, options->secret, LINK_KEY_BYTES) == 0);
}

static enum status bind_to(
    struct router *router, const char *text, struct trouble *trouble)
{
    struct endpoint endpoint;
    char numeric[ENDPOINT_TEXT_BYTES];
    size_t n = sizeof router->endpoint;
    enum status status = endpoint_parse(text, &endpoint, trouble);
    if (status != STATUS_OK)
        return status;
    if (!endpoint.numeric) {
        trouble_say(trouble,
            "\"%s\" is a name: the exchange listens at an address, such as 127.0.0.1 "
            "or 0.0.0.0",
            endpoint.host);
        return STATUS_MALFORMED;
    }
    link_set(router->socket, ZMQ_IPV6, endpoint.ipv6);
    endpoint_format(endpoint.host, endpoint.port, numeric);
    if (zmq_bind(router->socket, numeric) != 0) {
        trouble_say(trouble,
            "cannot listen at %s: %s. Is another exchange running there?", numeric,
            zmq_strerror(zmq_errno()));
        return STATUS_DENIED;
    }
    PROMISE(zmq_getsockopt(router->socket, ZMQ_LAST_ENDPOINT, router->endpoint, &n) == 0);
    return STATUS_OK;
}

enum status router_open(
    const struct router_options *options, struct router **ret, struct trouble *trouble)
{
    struct router *router = memory_new(sizeof *router);
    enum status status = zap_open(options, DOMAIN, &router->zap, trouble);
    if (status != STATUS_OK)
        goto done;
    router->socket = link_socket(ZMQ_ROUTER);
    status = router_guard(router->socket, DOMAIN, trouble);
    if (status != STATUS_OK)
        goto done;
    set_options(router->socket, options);
    status = bind_to(router, options->endpoint, trouble);
    if (status != STATUS_OK)
        goto done;
    router->watch = loop_watch_socket(options->loop, router->socket, NULL, NULL);
    *ret = router;
    router = NULL;
done:
    router_close(&router);
    return status;
}

void router_close(struct router **router_)
{
    struct router *router = *router_;
    if (router == NULL)
        return;
    router_release(router);
    loop_unwatch(&router->watch);
    if (router->socket != NULL)
        zmq_close(router->socket);
    zap_close(&router->zap); /* last: a socket without a handler must not be */
    memory_free(router);
    *router_ = NULL;
}

const char *router_endpoint(const struct router *router)
{
    return router->endpoint;
}

struct zap **router_zap(struct router *router)
{
    return &router->zap;
}

void router_release(struct router *router)
{
    if (!router->holds)
        return;
    zmq_msg_close(&router->payload);
    router->holds = false;
}

static bool parse_route(zmq_msg_t *frame, uint64_t *ret)
{
    const uint8_t *at = zmq_msg_data(frame);
    if (zmq_msg_size(frame) != ROUTE_BYTES || at[0] != 0)
        return false;
    *ret = CONNECTION_MARK | (uint64_t)at[1] << 24 | (uint64_t)at[2] << 16 |
           (uint64_t)at[3] << 8 | at[4];
    return true;
}

static void skip_rest(void *socket)
{
    for (bool more = true; more;) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        more = zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    }
}

/* One message: OK, BUSY (none), MALFORMED (dropped). */
static enum status read_message(struct router *router, struct router_frame *ret)
{
    zmq_msg_t route;
    uint64_t connection = 0;
    const char *user;

    zmq_msg_init(&route);
    if (zmq_msg_recv(&route, router->socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&route);
        return STATUS_BUSY;
    }
    bool more = zmq_msg_more(&route), named = !parse_route(&route, &connection);
    zmq_msg_close(&route);
    if (!more) {
        router->counts.dropped_shape++;
        return STATUS_MALFORMED;
    }
    zmq_msg_init(&router->payload);
    router->holds = true;
    PROMISE(zmq_msg_recv(&router->payload, router->socket, ZMQ_DONTWAIT) >= 0);
    if (zmq_msg_more(&router->payload)) {
        skip_rest(router->socket);
        router->counts.dropped_shape++;
        return STATUS_MALFORMED;
    }
    if (named) {
        router->counts.dropped_name++;
        return STATUS_MALFORMED;
    }
    user = zmq_msg_gets(&router->payload, "User-Id");
    if (user == NULL || hex_parse(user, ret->key, LINK_KEY_BYTES) != STATUS_OK) {
        router->counts.dropped_keyless++;
        return STATUS_MALFORMED;
    }
    ret->connection = connection;
    ret->payload =
        span_of(zmq_msg_data(&router->payload), zmq_msg_size(&router->payload));
    return STATUS_OK;
}

enum status router_receive(struct router *router, struct router_frame *ret)
{
    struct router_frame frame;
    enum status status = STATUS_MALFORMED;
    for (int i = 0; i < DROPS_MAX && status == STATUS_MALFORMED; i++) {
        router_release(router);
        status = read_message(router, &frame);
    }
    if (status != STATUS_OK)
        return STATUS_BUSY; /* after many drops: others first, the socket is still ready */
    router->counts.frames++;
    *ret = frame;
    return STATUS_OK;
}

enum status router_send(struct router *router, uint64_t connection, struct span frame)
{
    uint8_t route[ROUTE_BYTES] = {0, (uint8_t)(connection >> 24),
        (uint8_t)(connection >> 16), (uint8_t)(connection >> 8), (uint8_t)connection};

    if (connection >> 32 != 1)
        return STATUS_NOT_FOUND;
    if (zmq_send(router->socket, route, sizeof route, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
        return zmq_errno() == EAGAIN ? STATUS_BUSY : STATUS_NOT_FOUND;
    if (zmq_send(router->socket, frame.at, frame.n, ZMQ_DONTWAIT) < 0)
        return STATUS_NOT_FOUND;
    return STATUS_OK;
}

void router_counts(const struct router *router, struct router_counts *ret)
{
    struct zap_counts asked = zap_counts(router->zap);
    *ret = router->counts;
    ret->asked = asked.asked;
    ret->admitted = asked.admitted;
    ret->put_off = asked.put_off;
    ret->refused = asked.refused;
}
