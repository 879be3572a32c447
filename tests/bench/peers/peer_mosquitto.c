/* SPDX-License-Identifier: Apache-2.0
 *
 * mosquitto, MQTT QoS 1 in both directions. Its acknowledgement means: in the broker's memory.
 */
#include "peer.h"

#include <mosquitto.h>
#include <pthread.h>
#include <time.h>

enum { PORT = 18830, QOS = 1, INFLIGHT = 2000, CONFIRM_S = 60 };

static struct mosquitto *from, *to;
static size_t message_bytes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static bool ready;
static long published, confirmed;

static void on_message(
    struct mosquitto *m, void *context, const struct mosquitto_message *message)
{
    (void)m, (void)context;
    peer_arrived(message->payload, (size_t)message->payloadlen);
}

static void on_publish(struct mosquitto *m, void *context, int id)
{
    (void)m, (void)context, (void)id;
    pthread_mutex_lock(&lock);
    confirmed++;
    pthread_cond_signal(&moved);
    pthread_mutex_unlock(&lock);
}

static void on_subscribe(
    struct mosquitto *m, void *context, int id, int n, const int *granted)
{
    (void)m, (void)context, (void)id, (void)n, (void)granted;
    pthread_mutex_lock(&lock);
    ready = true;
    pthread_cond_signal(&moved);
    pthread_mutex_unlock(&lock);
}

static void start(size_t bytes)
{
    message_bytes = bytes;
    mosquitto_lib_init();
    to = mosquitto_new("amaan-bench-consumer", false, NULL);
    from = mosquitto_new("amaan-bench-publisher", false, NULL);
    mosquitto_int_option(to, MOSQ_OPT_RECEIVE_MAXIMUM, 65535);
    mosquitto_int_option(from, MOSQ_OPT_SEND_MAXIMUM, INFLIGHT);
    mosquitto_message_callback_set(to, on_message);
    mosquitto_subscribe_callback_set(to, on_subscribe);
    mosquitto_publish_callback_set(from, on_publish);
    peer_check("connect consumer", mosquitto_connect(to, "127.0.0.1", PORT, 60));
    peer_check("start consumer", mosquitto_loop_start(to));
    peer_check("subscribe", mosquitto_subscribe(to, NULL, "q", QOS));
    pthread_mutex_lock(&lock);
    while (!ready)
        pthread_cond_wait(&moved, &lock);
    pthread_mutex_unlock(&lock);
    peer_check("connect publisher", mosquitto_connect(from, "127.0.0.1", PORT, 60));
    peer_check("start publisher", mosquitto_loop_start(from));
}

static void publish(const void *message)
{
    peer_check("publish",
        mosquitto_publish(from, NULL, "q", (int)message_bytes, message, QOS, false));
    published++;
}

static long count_confirmed(void)
{
    return confirmed;
}

static void finish(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += CONFIRM_S;
    pthread_mutex_lock(&lock);
    while (confirmed < published && pthread_cond_timedwait(&moved, &lock, &until) == 0) {
    }
    pthread_mutex_unlock(&lock);
    mosquitto_disconnect(from);
    mosquitto_loop_stop(from, false);
    mosquitto_disconnect(to);
    mosquitto_loop_stop(to, false);
    mosquitto_destroy(from);
    mosquitto_destroy(to);
    mosquitto_lib_cleanup();
}

const struct peer peer = {"mosquitto", start, publish, count_confirmed, finish};
