/* SPDX-License-Identifier: Apache-2.0
 *
 * NATS JetStream, work queue on file storage. Its acknowledgement means: in the page cache; this version
 * cannot be told to sync before it answers.
 */
#include "peer.h"

#include <nats/nats.h>

enum { PENDING = 2000 };

static natsConnection *from, *to;
static jsCtx *from_stream, *to_stream;
static natsSubscription *subscription;
static size_t message_bytes;
static long published, failed;

static void on_message(
    natsConnection *c, natsSubscription *s, natsMsg *message, void *context)
{
    (void)c, (void)s, (void)context;
    peer_arrived(natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message));
    natsMsg_Ack(message, NULL);
    natsMsg_Destroy(message);
}

static void on_failure(jsCtx *stream, jsPubAckErr *error, void *context)
{
    (void)stream, (void)error, (void)context;
    failed++;
}

static void start(size_t bytes)
{
    static const char *subjects[] = {"q"};
    message_bytes = bytes;
    peer_check("connect", natsConnection_ConnectTo(&to, "nats://127.0.0.1:14222"));
    peer_check("connect", natsConnection_ConnectTo(&from, "nats://127.0.0.1:14222"));
    jsOptions options;
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = PENDING;
    options.PublishAsync.ErrHandler = on_failure;
    peer_check("stream context", natsConnection_JetStream(&to_stream, to, &options));
    peer_check("stream context", natsConnection_JetStream(&from_stream, from, &options));
    jsStreamConfig stream;
    jsStreamConfig_Init(&stream);
    stream.Name = "Q";
    stream.Subjects = subjects;
    stream.SubjectsLen = 1;
    stream.Retention = js_WorkQueuePolicy;
    stream.Storage = js_FileStorage;
    js_DeleteStream(to_stream, "Q", NULL, NULL);
    peer_check("add stream", js_AddStream(NULL, to_stream, &stream, NULL, NULL));
    jsSubOptions reading;
    jsSubOptions_Init(&reading);
    reading.ManualAck = true;
    reading.Config.Durable = "d";
    reading.Config.MaxAckPending = 20000;
    peer_check("subscribe", js_Subscribe(&subscription, to_stream, "q", on_message, NULL,
                                NULL, &reading, NULL));
}

static void publish(const void *message)
{
    peer_check(
        "publish", js_PublishAsync(from_stream, "q", message, (int)message_bytes, NULL));
    published++;
}

static long count_confirmed(void)
{
    return published - failed;
}

static void finish(void)
{
    jsPubOptions options;
    jsPubOptions_Init(&options);
    options.MaxWait = 60000;
    peer_check("confirmations", js_PublishAsyncComplete(from_stream, &options));
    peer_check("flush", natsConnection_Flush(to));
    natsSubscription_Unsubscribe(subscription);
    natsSubscription_Destroy(subscription);
    jsCtx_Destroy(to_stream);
    jsCtx_Destroy(from_stream);
    natsConnection_Destroy(to);
    natsConnection_Destroy(from);
    nats_Close();
}

const struct peer peer = {"nats", start, publish, count_confirmed, finish};
