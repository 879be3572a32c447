/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: one timer for everything that time does (end of a pause, end of an attempt), one monitor per
 * attempt: a pair of sockets inside the process on which libzmq tells how the handshake went. The monitor's
 * reader is connected before anything can happen and drained in the loop; an unread monitor would stop libzmq.
 * libzmq's own reconnecting is off.
 */
#include "dealer.h"

#include <netdb.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <zmq.h>

#include "endpoint.h"
#include "link_private.h"
#include "memory.h"

#define PAUSE_FIRST_MS (5 * SECOND_MS)
#define PAUSE_MAX_MS (3 * MINUTE_MS)
#define REFUSED_FIRST_MS (30 * SECOND_MS)
#define REFUSED_MAX_MS (15 * MINUTE_MS)
#define ATTEMPT_MS (30 * SECOND_MS)
#define STEADY_MS                                                                        \
    (60 * SECOND_MS) /* a connection that held so long forgets the failures before */

enum { QUEUE_FRAMES = 1000, LINGER_MS = 500, REASON_BYTES = 200 };

enum {
    EVENTS = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
             ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
             ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED
};

struct look_up {
    struct dealer
        *dealer; /* NULL when it was closed meanwhile; the helper never reads it */
    enum status (*run)(const char *host, struct dealer_addresses *ret);
    char host[ENDPOINT_HOST_BYTES];
    enum status status;
    struct dealer_addresses addresses;
};

struct dealer {
    struct dealer_options options;
    struct endpoint endpoint;
    uint8_t broker_key[LINK_KEY_BYTES], secret[LINK_KEY_BYTES], public[LINK_KEY_BYTES];
    enum dealer_state state;
    void *socket, *monitor;
    struct watch *socket_watch, *monitor_watch;
    struct timer *timer;
    struct look_up *look_up; /* under way */
    struct dealer_addresses addresses;
    size_t next; /* address of the next attempt */
    int failures, refusals;
    int64_t next_attempt_ms, connected_at_ms;
    char reason[REASON_BYTES];
    bool refused;
    zmq_msg_t frame;
    bool holds;
};

static void attempt(struct dealer *dealer);

enum status dealer_look_up(const char *host, struct dealer_addresses *ret)
{
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *found = NULL;
    struct dealer_addresses addresses = {.n = 0};

    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return STATUS_NOT_FOUND;
    for (struct addrinfo *at = found; at != NULL && addresses.n < DEALER_ADDRESSES_MAX;
         at = at->ai_next)
        if (getnameinfo(at->ai_addr, at->ai_addrlen, addresses.address[addresses.n],
                DEALER_ADDRESS_BYTES, NULL, 0, NI_NUMERICHOST) == 0)
            addresses.n++;
    freeaddrinfo(found);
    if (addresses.n == 0)
        return STATUS_NOT_FOUND;
    *ret = addresses;
    return STATUS_OK;
}

static void say(struct dealer *dealer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void say(struct dealer *dealer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(dealer->reason, sizeof dealer->reason, format, arguments);
    va_end(arguments);
}

static void drop_socket(struct dealer *dealer, int linger_ms)
{
    dealer_release(dealer);
    loop_unwatch(&dealer->socket_watch);
    loop_unwatch(&dealer->monitor_watch);
    if (dealer->socket == NULL)
        return;
    (void)zmq_socket_monitor(dealer->socket, NULL, 0);
    link_set(dealer->socket, ZMQ_LINGER, linger_ms);
    zmq_close(dealer->socket);
    zmq_close(dealer->monitor);
    dealer->socket = dealer->monitor = NULL;
}

/* Between half and one and a half of the pause that this many failures deserve. */
static int64_t draw_pause(
    struct dealer *dealer, int64_t first_ms, int64_t max_ms, int failures)
{
    int64_t pause = first_ms;
    for (int i = 1; i < failures && pause < max_ms; i++)
        pause *= 2;
    if (pause > max_ms)
        pause = max_ms;
    return pause / 2 + (int64_t)chance_below(dealer->options.chance, (uint64_t)pause + 1);
}

static void pause_until(struct dealer *dealer, int64_t at_ms)
{
    dealer->state = DEALER_WAITING;
    dealer->next_attempt_ms = at_ms;
    timer_set(dealer->timer, at_ms);
}

/* The attempt or the connection is over. */
static void fail(struct dealer *dealer, bool refused)
{
    const struct dealer_options *options = &dealer->options;
    bool was_connected = dealer->state == DEALER_CONNECTED;
    int64_t now = loop_now_ms(options->loop), pause;

    drop_socket(dealer, 0);
    dealer->refused = refused;
    if (was_connected && now - dealer->connected_at_ms >= STEADY_MS)
        dealer->failures = dealer->refusals = 0;
    if (refused) {
        dealer->refusals++;
        pause = draw_pause(
            dealer, options->refused_first_ms, options->refused_max_ms, dealer->refusals);
    } else if (!was_connected && dealer->next < dealer->addresses.n) {
        pause = 0; /* the next address of the same name */
    } else {
        dealer->failures++;
        pause = draw_pause(
            dealer, options->pause_first_ms, options->pause_max_ms, dealer->failures);
    }
    if (pause > 0)
        dealer->addresses.n = 0;
    pause_until(dealer, now + pause);
    if (was_connected && options->on_lost != NULL)
        options->on_lost(options->context);
}

static void succeed(struct dealer *dealer)
{
    if (dealer->state != DEALER_CONNECTING)
        return;
    dealer->state = DEALER_CONNECTED;
    dealer->connected_at_ms = loop_now_ms(dealer->options.loop);
    dealer->reason[0] = '\0';
    dealer->refused = false;
    dealer->refusals = 0;
    timer_set(dealer->timer, INT64_MAX);
    if (dealer->options.on_connected != NULL)
        dealer->options.on_connected(dealer->options.context);
}

/* Acts on one event; false when the socket is gone after it. */
static bool act_on(struct dealer *dealer, uint16_t event, uint32_t value)
{
    bool was_connected = dealer->state == DEALER_CONNECTED;
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        succeed(dealer);
        return dealer->socket != NULL;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        say(dealer, "the exchange refused this node's key (%u)", (unsigned)value);
        fail(dealer, true);
        return false;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        say(dealer,
            "no handshake with the exchange at %s: it does not know this node's "
            "key yet, or it is not the exchange whose key this node was given",
            dealer->endpoint.host);
        break;
    case ZMQ_EVENT_DISCONNECTED:
        say(dealer, "the exchange at %s closed the connection%s", dealer->endpoint.host,
            was_connected ? "" : " before the handshake was done");
        break;
    default:
        say(dealer, "nobody listens at %s port %u", dealer->endpoint.host,
            (unsigned)dealer->endpoint.port);
        break;
    }
    fail(dealer, false);
    return false;
}

/* An event is a frame of 6 bytes in the order of this machine, and a frame with the address. */
static void on_monitor(void *context)
{
    struct dealer *dealer = context;
    for (;;) {
        uint8_t head[6];
        uint16_t event;
        uint32_t value;
        char address[ENDPOINT_TEXT_BYTES];
        if (zmq_recv(dealer->monitor, head, sizeof head, ZMQ_DONTWAIT) !=
            (int)sizeof head)
            return;
        if (zmq_recv(dealer->monitor, address, sizeof address, ZMQ_DONTWAIT) < 0)
            return;
        memcpy(&event, head, sizeof event);
        memcpy(&value, head + sizeof event, sizeof value);
        if (!act_on(dealer, event, value))
            return;
    }
}

static void open_monitor(struct dealer *dealer)
{
    static unsigned count;
    char place[40];
    snprintf(place, sizeof place, "inproc://dealer.%u", ++count);
    PROMISE(zmq_socket_monitor(dealer->socket, place, EVENTS) == 0);
    dealer->monitor = link_socket(ZMQ_PAIR);
    link_set(dealer->monitor, ZMQ_LINGER, 0);
    PROMISE(zmq_connect(dealer->monitor, place) == 0);
}

static void set_key(void *socket, int option, const uint8_t key[static LINK_KEY_BYTES])
{
    PROMISE(zmq_setsockopt(socket, option, key, LINK_KEY_BYTES) == 0);
}

static void connect_to(struct dealer *dealer, const char *address)
{
    struct dealer_options *options = &dealer->options;
    char endpoint[ENDPOINT_TEXT_BYTES];

    dealer->socket = link_socket(ZMQ_DEALER);
    link_set_common(dealer->socket, options->frame_bytes_max);
    link_set(dealer->socket, ZMQ_LINGER, 0);
    link_set(dealer->socket, ZMQ_IMMEDIATE, 1);
    link_set(dealer->socket, ZMQ_RECONNECT_IVL, -1);
    link_set(dealer->socket, ZMQ_CONNECT_TIMEOUT, (int)options->attempt_ms);
    link_set(dealer->socket, ZMQ_HANDSHAKE_IVL, (int)options->attempt_ms);
    link_set(dealer->socket, ZMQ_RCVHWM, QUEUE_FRAMES);
    link_set(dealer->socket, ZMQ_SNDHWM, QUEUE_FRAMES);
    link_set(dealer->socket, ZMQ_IPV6, strchr(address, ':') != NULL);
    set_key(dealer->socket, ZMQ_CURVE_SERVERKEY, dealer->broker_key);
    set_key(dealer->socket, ZMQ_CURVE_PUBLICKEY, dealer->public);
    set_key(dealer->socket, ZMQ_CURVE_SECRETKEY, dealer->secret);
    open_monitor(dealer);
    dealer->state = DEALER_CONNECTING;
    dealer->next_attempt_ms = INT64_MAX;
    timer_set(dealer->timer, loop_now_ms(options->loop) + options->attempt_ms);
    dealer->monitor_watch =
        loop_watch_socket(options->loop, dealer->monitor, on_monitor, dealer);
    dealer->socket_watch = loop_watch_socket(options->loop, dealer->socket, NULL, NULL);
    endpoint_format(address, dealer->endpoint.port, endpoint);
    if (zmq_connect(dealer->socket, endpoint) != 0) {
        say(dealer, "cannot connect to %s: %s", endpoint, zmq_strerror(zmq_errno()));
        fail(dealer, false);
    }
}

static void look_up_slowly(void *job)
{
    struct look_up *look_up = job;
    look_up->status = look_up->run(look_up->host, &look_up->addresses);
}

static void look_up_done(void *job)
{
    struct look_up *look_up = job;
    struct dealer *dealer = look_up->dealer;
    if (dealer != NULL) {
        dealer->look_up = NULL;
        if (look_up->status == STATUS_OK && look_up->addresses.n > 0) {
            dealer->addresses = look_up->addresses;
            dealer->next = 0;
            attempt(dealer);
        } else {
            say(dealer, "no address is known for \"%s\": is this machine on the network?",
                dealer->endpoint.host);
            fail(dealer, false);
        }
    }
    memory_free(look_up);
}

static void look_up_dropped(void *job)
{
    memory_free(job);
}

static void start_look_up(struct dealer *dealer)
{
    static const struct work_kind KIND = {look_up_slowly, look_up_done, look_up_dropped};
    struct look_up *look_up = memory_new(sizeof *look_up);
    look_up->dealer = dealer;
    look_up->run = dealer->options.look_up;
    memcpy(look_up->host, dealer->endpoint.host, sizeof look_up->host);
    dealer->look_up = look_up;
    dealer->next_attempt_ms = INT64_MAX;
    timer_set(dealer->timer, INT64_MAX);
    work_run(dealer->options.work, &KIND, look_up);
}

static void attempt(struct dealer *dealer)
{
    if (dealer->addresses.n == 0 && !dealer->endpoint.numeric) {
        start_look_up(dealer);
        return;
    }
    if (dealer->endpoint.numeric) {
        dealer->addresses.n = dealer->next = 1;
        connect_to(dealer, dealer->endpoint.host);
        return;
    }
    connect_to(dealer, dealer->addresses.address[dealer->next++]);
}

static void on_due(void *context)
{
    struct dealer *dealer = context;
    if (dealer->state == DEALER_WAITING && dealer->look_up == NULL) {
        attempt(dealer);
    } else if (dealer->state == DEALER_CONNECTING) {
        say(dealer, "the exchange at %s did not answer in time", dealer->endpoint.host);
        fail(dealer, false);
    }
}

static int64_t or_usual(int64_t given, int64_t usual)
{
    return given > 0 ? given : usual;
}

/* libzmq wants the public half, too. */
static void derive_public(struct dealer *dealer)
{
    char secret_text[41], public_text[41];
    PROMISE(zmq_z85_encode(secret_text, dealer->secret, LINK_KEY_BYTES) != NULL);
    PROMISE(zmq_curve_public(public_text, secret_text) == 0);
    PROMISE(zmq_z85_decode(dealer->public, public_text) != NULL);
    memory_wipe(secret_text, sizeof secret_text);
}

enum status dealer_open(
    const struct dealer_options *options, struct dealer **ret, struct trouble *trouble)
{
    struct endpoint endpoint;
    enum status status = endpoint_parse(options->endpoint, &endpoint, trouble);
    if (status != STATUS_OK)
        return status;
    if (endpoint.port == 0) {
        trouble_say(trouble, "\"%.100s\" names no port", options->endpoint);
        return STATUS_MALFORMED;
    }
    struct dealer *dealer = memory_new(sizeof *dealer);
    struct dealer_options *own = &dealer->options;
    *own = *options;
    own->pause_first_ms = or_usual(own->pause_first_ms, PAUSE_FIRST_MS);
    own->pause_max_ms = or_usual(own->pause_max_ms, PAUSE_MAX_MS);
    own->refused_first_ms = or_usual(own->refused_first_ms, REFUSED_FIRST_MS);
    own->refused_max_ms = or_usual(own->refused_max_ms, REFUSED_MAX_MS);
    own->attempt_ms = or_usual(own->attempt_ms, ATTEMPT_MS);
    own->look_up = own->look_up != NULL ? own->look_up : dealer_look_up;
    dealer->endpoint = endpoint;
    memcpy(dealer->broker_key, options->broker_key, LINK_KEY_BYTES);
    memcpy(dealer->secret, options->secret, LINK_KEY_BYTES);
    own->endpoint = NULL; /* the caller's pointers are not kept */
    own->broker_key = own->secret = NULL;
    derive_public(dealer);
    dealer->timer = loop_timer(own->loop, on_due, dealer);
    pause_until(dealer, loop_now_ms(own->loop));
    *ret = dealer;
    return STATUS_OK;
}

void dealer_close(struct dealer **dealer_)
{
    struct dealer *dealer = *dealer_;
    if (dealer == NULL)
        return;
    drop_socket(dealer, LINGER_MS);
    timer_destroy(&dealer->timer);
    if (dealer->look_up != NULL)
        dealer->look_up->dealer = NULL;
    memory_wipe(dealer->secret, sizeof dealer->secret);
    memory_free(dealer);
    *dealer_ = NULL;
}

enum dealer_state dealer_state(const struct dealer *dealer)
{
    return dealer->state;
}

const char *dealer_reason(const struct dealer *dealer)
{
    return dealer->reason;
}

bool dealer_was_refused(const struct dealer *dealer)
{
    return dealer->refused;
}

int64_t dealer_next_attempt_steady_ms(const struct dealer *dealer)
{
    return dealer->next_attempt_ms;
}

enum status dealer_send(struct dealer *dealer, struct span frame)
{
    if (dealer->state != DEALER_CONNECTED)
        return STATUS_CLOSED;
    if (zmq_send(dealer->socket, frame.at, frame.n, ZMQ_DONTWAIT) < 0)
        return STATUS_BUSY;
    return STATUS_OK;
}

/* One message; those of several frames are dropped. OK, BUSY, MALFORMED. */
static enum status read_frame(struct dealer *dealer)
{
    bool single = true, more;
    zmq_msg_init(&dealer->frame);
    dealer->holds = true;
    if (zmq_msg_recv(&dealer->frame, dealer->socket, ZMQ_DONTWAIT) < 0)
        return STATUS_BUSY;
    while ((more = zmq_msg_more(&dealer->frame)) != 0) {
        single = false;
        if (zmq_msg_recv(&dealer->frame, dealer->socket, ZMQ_DONTWAIT) < 0)
            break;
    }
    return single ? STATUS_OK : STATUS_MALFORMED;
}

enum status dealer_receive(struct dealer *dealer, struct span *ret)
{
    enum status status;
    if (dealer->state != DEALER_CONNECTED)
        return STATUS_CLOSED;
    dealer_release(dealer);
    status = read_frame(dealer);
    if (status != STATUS_OK) {
        dealer_release(dealer);
        return STATUS_BUSY; /* a dropped one: the socket is still ready */
    }
    *ret = span_of(zmq_msg_data(&dealer->frame), zmq_msg_size(&dealer->frame));
    return STATUS_OK;
}

void dealer_release(struct dealer *dealer)
{
    if (!dealer->holds)
        return;
    zmq_msg_close(&dealer->frame);
    dealer->holds = false;
}

void dealer_restart(struct dealer *dealer)
{
    if (dealer->state == DEALER_WAITING)
        return;
    say(dealer, "the session ended");
    fail(dealer, false);
}

void dealer_hurry(struct dealer *dealer)
{
    if (dealer->state == DEALER_WAITING && dealer->look_up == NULL)
        pause_until(dealer, loop_now_ms(dealer->options.loop));
}
