/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: libzmq sends each handshake's question to inproc://zeromq.zap.01 and goes on with other peers
 * until the answer comes. A request that is not exactly a CURVE question in our domain is refused. The answer
 * carries the key in hex as the user id, which libzmq then puts on every message of that connection.
 * Request: route, "", "1.0", id, domain, address, routing id, "CURVE", key.
 */
#include <string.h>
#include <zmq.h>

#include "link_private.h"
#include "memory.h"

static const char PLACE[] = "inproc://zeromq.zap.01";

enum { FRAMES = 9, DOMAIN = 4, MECHANISM = 7, KEY = 8, ROUTE = 0, VERSION = 2, ID = 3 };
enum { QUESTIONS_PER_TURN = 256 };

struct zap {
    struct loop *loop;
    void *socket;
    struct watch *watch;
    const char *domain;
    enum router_verdict (*admits)(
        void *context, const uint8_t key[static LINK_KEY_BYTES]);
    void *context;
    struct zap_counts counts;
};

static bool frame_is(zmq_msg_t *frame, const char *text)
{
    size_t n = strlen(text);
    return zmq_msg_size(frame) == n && memcmp(zmq_msg_data(frame), text, n) == 0;
}

/* Reads one request; false when there is none. Frames beyond the ninth are dropped and counted. */
static bool read_request(void *socket, zmq_msg_t frames[static FRAMES], size_t *ret_n)
{
    size_t n = 0;
    for (bool more = true; more; n++) {
        zmq_msg_t spare, *frame = n < FRAMES ? &frames[n] : &spare;
        if (n >= FRAMES)
            zmq_msg_init(&spare);
        if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0)
            return false;
        more = zmq_msg_more(frame);
        if (n >= FRAMES)
            zmq_msg_close(&spare);
    }
    *ret_n = n;
    return true;
}

static enum router_verdict judge(
    struct zap *zap, zmq_msg_t frames[static FRAMES], size_t n)
{
    zap->counts.asked++;
    if (n != FRAMES || !frame_is(&frames[VERSION], "1.0") ||
        !frame_is(&frames[DOMAIN], zap->domain) ||
        !frame_is(&frames[MECHANISM], "CURVE") ||
        zmq_msg_size(&frames[KEY]) != LINK_KEY_BYTES)
        return ROUTER_NEVER;
    return zap->admits(zap->context, zmq_msg_data(&frames[KEY]));
}

static void count(struct zap *zap, enum router_verdict verdict)
{
    switch (verdict) {
    case ROUTER_ADMIT:
        zap->counts.admitted++;
        break;
    case ROUTER_LATER:
        zap->counts.put_off++;
        break;
    case ROUTER_NEVER:
        zap->counts.refused++;
        break;
    }
}

static void put(void *socket, const char *text, bool more)
{
    (void)zmq_send(socket, text, strlen(text), ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
}

static void answer(
    struct zap *zap, zmq_msg_t frames[static FRAMES], enum router_verdict verdict)
{
    char code[8], user[2 * LINK_KEY_BYTES + 1] = "";
    snprintf(code, sizeof code, "%d", (int)verdict);
    if (verdict == ROUTER_ADMIT)
        hex_format(zmq_msg_data(&frames[KEY]), LINK_KEY_BYTES, user);
    if (zmq_msg_send(&frames[ROUTE], zap->socket, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
        return;
    put(zap->socket, "", true);
    put(zap->socket, "1.0", true);
    if (zmq_msg_send(&frames[ID], zap->socket, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
        return;
    put(zap->socket, code, true);
    put(zap->socket, "", true); /* words would only help strangers */
    put(zap->socket, user, true);
    put(zap->socket, "", false);
}

static void on_question(void *context)
{
    struct zap *zap = context;
    for (int i = 0; i < QUESTIONS_PER_TURN; i++) {
        zmq_msg_t frames[FRAMES];
        size_t n = 0;
        for (size_t k = 0; k < FRAMES; k++)
            zmq_msg_init(&frames[k]);
        bool read = read_request(zap->socket, frames, &n);
        if (read && n > ID) {
            enum router_verdict verdict = judge(zap, frames, n);
            count(zap, verdict);
            answer(zap, frames, verdict);
        }
        for (size_t k = 0; k < FRAMES; k++)
            zmq_msg_close(&frames[k]);
        if (!read)
            return;
    }
    loop_hurry(zap->loop);
}

enum status zap_open(const struct router_options *options, const char *domain,
    struct zap **ret, struct trouble *trouble)
{
    void *socket = link_socket(ZMQ_ROUTER);
    link_set(socket, ZMQ_LINGER, 0);
    if (zmq_bind(socket, PLACE) != 0) {
        zmq_close(socket);
        trouble_say(trouble, "another handler answers for keys in this process already");
        return STATUS_EXISTS;
    }
    struct zap *zap = memory_new(sizeof *zap);
    *zap = (struct zap){.loop = options->loop,
        .socket = socket,
        .domain = domain,
        .admits = options->admits,
        .context = options->context};
    zap->watch = loop_watch_socket(options->loop, socket, on_question, zap);
    *ret = zap;
    return STATUS_OK;
}

void zap_close(struct zap **zap)
{
    if (*zap == NULL)
        return;
    loop_unwatch(&(*zap)->watch);
    (void)zmq_unbind(
        (*zap)->socket, PLACE); /* zmq_close alone frees the place some time later */
    zmq_close((*zap)->socket);
    memory_free(*zap);
    *zap = NULL;
}

struct zap_counts zap_counts(const struct zap *zap)
{
    return zap->counts;
}
