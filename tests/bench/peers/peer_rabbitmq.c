/* SPDX-License-Identifier: Apache-2.0
 *
 * RabbitMQ, one quorum queue, publisher confirms, manual acknowledgements. Its confirm means: synced, in
 * batches. The publisher reads confirms in a thread of its own connection's turn: between publishes.
 */
#include "peer.h"

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/time.h>

enum { PORT = 15682, CHANNEL = 1, PREFETCH = 1000, ACK_EVERY = 100 };

static amqp_connection_state_t from;
static pthread_t consumer;
static size_t message_bytes;
static long published, confirmed_up_to;
static atomic_bool stop;
static atomic_bool consuming;
static pthread_mutex_t ready_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready_moved = PTHREAD_COND_INITIALIZER;

static amqp_connection_state_t open_connection(void)
{
    amqp_connection_state_t c = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(c);
    peer_check("connect", amqp_socket_open(socket, "127.0.0.1", PORT));
    amqp_rpc_reply_t reply =
        amqp_login(c, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
    peer_check("login", reply.reply_type != AMQP_RESPONSE_NORMAL);
    amqp_channel_open(c, CHANNEL);
    return c;
}

static void *consume(void *context)
{
    (void)context;
    amqp_connection_state_t c = open_connection();
    amqp_basic_qos(c, CHANNEL, 0, PREFETCH, 0);
    amqp_basic_consume(
        c, CHANNEL, amqp_cstring_bytes("q"), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    pthread_mutex_lock(&ready_lock);
    atomic_store(&consuming, true);
    pthread_cond_signal(&ready_moved);
    pthread_mutex_unlock(&ready_lock);
    uint64_t last = 0;
    int unacked = 0;
    while (!atomic_load(&stop)) {
        amqp_envelope_t envelope;
        struct timeval wait = {0, 20000};
        amqp_maybe_release_buffers(c);
        amqp_rpc_reply_t reply = amqp_consume_message(c, &envelope, &wait, 0);
        if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
            last = envelope.delivery_tag;
            unacked++;
            peer_arrived(envelope.message.body.bytes, envelope.message.body.len);
            amqp_destroy_envelope(&envelope);
        }
        if (unacked >= ACK_EVERY ||
            (unacked > 0 && reply.reply_type != AMQP_RESPONSE_NORMAL)) {
            amqp_basic_ack(c, CHANNEL, last, 1);
            unacked = 0;
        }
    }
    if (unacked > 0)
        amqp_basic_ack(c, CHANNEL, last, 1);
    amqp_connection_close(c, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(c);
    return NULL;
}

static void start(size_t bytes)
{
    message_bytes = bytes;
    from = open_connection();
    amqp_queue_delete(from, CHANNEL, amqp_cstring_bytes("q"), 0, 0);
    amqp_table_entry_t entry = {amqp_cstring_bytes("x-queue-type"),
        {.kind = AMQP_FIELD_KIND_UTF8, .value.bytes = amqp_cstring_bytes("quorum")}};
    amqp_table_t table = {1, &entry};
    peer_check("declare", amqp_queue_declare(from, CHANNEL, amqp_cstring_bytes("q"), 0, 1,
                              0, 0, table) == NULL);
    amqp_confirm_select(from, CHANNEL);
    peer_check("thread", pthread_create(&consumer, NULL, consume, NULL));
    pthread_mutex_lock(&ready_lock);
    while (!atomic_load(&consuming))
        pthread_cond_wait(&ready_moved, &ready_lock);
    pthread_mutex_unlock(&ready_lock);
}

/* Reads what confirms are there; waits up to wait_us for the first. */
static void read_confirms(long wait_us)
{
    amqp_frame_t frame;
    struct timeval wait = {0, wait_us};
    while (amqp_simple_wait_frame_noblock(from, &frame, &wait) == AMQP_STATUS_OK) {
        if (frame.frame_type == AMQP_FRAME_METHOD &&
            frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
            amqp_basic_ack_t *ack = frame.payload.method.decoded;
            if ((long)ack->delivery_tag > confirmed_up_to)
                confirmed_up_to = (long)ack->delivery_tag;
        }
        amqp_maybe_release_buffers(from);
        wait.tv_usec = 0;
    }
}

static void publish(const void *message)
{
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
    amqp_bytes_t body = {message_bytes, (void *)(uintptr_t)message};
    peer_check("publish", amqp_basic_publish(from, CHANNEL, amqp_empty_bytes,
                              amqp_cstring_bytes("q"), 0, 0, &properties, body));
    published++;
    if (published % 64 == 0)
        read_confirms(0);
}

static long count_confirmed(void)
{
    return confirmed_up_to;
}

static void finish(void)
{
    for (int tries = 0; confirmed_up_to < published && tries < 1000; tries++)
        read_confirms(10000);
    atomic_store(&stop, true);
    pthread_join(consumer, NULL);
    amqp_connection_close(from, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(from);
}

const struct peer peer = {"rabbitmq", start, publish, count_confirmed, finish};
