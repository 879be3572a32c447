/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: run_turn is the whole of it. Between two waits there is one broker_begin and one broker_end;
 * frames are lent by the router for the length of one broker_receive and copied nowhere here.
 */
#include "serve.h"

#include <stdio.h>
#include <sys/resource.h>

#include "broker.h"
#include "control.h"
#include "disk.h"
#include "limits.h"
#include "link.h"
#include "log.h"
#include "loop.h"
#include "memory.h"
#include "router.h"

enum { LINGER_MS = 1000 };

struct serve {
    struct serve_room room;
    struct loop *loop;
    struct broker *broker;
    struct router *router;
    struct control *control;
    struct timer *patience; /* while it drains */
    bool draining, done;
};

static enum status send_frame(void *context, uint64_t connection, struct span frame)
{
    struct serve *serve = context;

    return serve->router ? router_send(serve->router, connection, frame)
                         : STATUS_NOT_FOUND;
}

static enum router_verdict judge_key(
    void *context, const uint8_t key[static LINK_KEY_BYTES])
{
    const struct serve *serve = context;

    switch (broker_admits(serve->broker, key)) {
    case ADMIT_YES:
        return ROUTER_ADMIT;
    case ADMIT_LATER:
        return ROUTER_LATER;
    case ADMIT_NEVER:
        break;
    }
    return ROUTER_NEVER;
}

enum status serve_ask_room(void *context, int64_t *ret_free, int64_t *ret_total)
{
    const struct serve_room *room = context;
    int64_t free_bytes, total;
    enum status status = disk_room(room->folder, &free_bytes, &total);

    if (status)
        return status;
    /* The broker refuses below DISK_REFUSE_FREE_BYTES: what is kept beyond that does not count as free. */
    free_bytes -= room->keep_free_bytes - DISK_REFUSE_FREE_BYTES;
    *ret_free = free_bytes > 0 ? free_bytes : 0;
    *ret_total = total;
    return STATUS_OK;
}

/* ---- the turn ---- */

static void receive_frames(struct serve *serve)
{
    struct router_frame frame;
    size_t n = 0, n_bytes = 0;

    while (n < TURN_FRAMES_MAX && n_bytes < TURN_BYTES_MAX) {
        if (router_receive(serve->router, &frame) != STATUS_OK)
            return;
        broker_receive(serve->broker, frame.connection, frame.key, frame.payload);
        n++;
        n_bytes += frame.payload.n;
    }
    loop_hurry(serve->loop); /* there may be more */
}

/* Anything but OK ends the process. A full disk is the broker's to live with: no failure of a turn. */
static enum status run_turn(struct serve *serve, struct trouble *trouble)
{
    enum status status = loop_turn(serve->loop, broker_deadline_steady_ms(serve->broker));

    if (status == STATUS_OK)
        status = control_failure(serve->control, trouble);
    if (status == STATUS_OK)
        status = broker_begin(serve->broker);
    if (status == STATUS_OK) {
        receive_frames(serve);
        status = broker_end(serve->broker);
        router_release(serve->router);
    }
    if (serve->draining && broker_drained(serve->broker))
        serve->done = true;
    return status;
}

/* ---- ending ---- */

static void on_signal(void *context, int number)
{
    struct serve *serve = context;

    log_event(LOG_INFO, "signal", "number=%d", number);
    if (serve->draining) {
        serve->done = true;
        return;
    }
    serve->draining = true;
    broker_drain(serve->broker);
    timer_set(serve->patience, loop_now_ms(serve->loop) + DRAIN_MS);
    loop_hurry(serve->loop);
}

static void on_impatience(void *context)
{
    struct serve *serve = context;

    log_event(LOG_WARNING, "drain-cut", "reason=a-member-does-not-read");
    serve->done = true;
}

/* ---- starting ---- */

/* Each connection takes a descriptor: as many as this user may have. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static enum status open_broker(
    struct serve *serve, const struct serve_options *options, struct trouble *trouble)
{
    enum status status =
        broker_open(&(struct broker_options){.path = options->home->database,
                        .clock = options->clock,
                        .chance = options->chance,
                        .outlet = {.send = send_frame, .context = serve},
                        .room = serve_ask_room,
                        .room_context = &serve->room,
                        .mailbox_envelopes_max = options->conf->mailbox_envelopes_max,
                        .mailbox_bytes_max = options->conf->mailbox_bytes_max,
                        .offers_per_minute = options->conf->offers_per_minute,
                        .offers_burst = options->conf->offers_burst},
            &serve->broker, trouble);

    if (status == STATUS_BUSY)
        trouble_say(trouble,
            "another process has %s open: an exchange is running in this home already. "
            "Nothing was changed",
            options->home->database);
    return status;
}

static enum status open_sockets(struct serve *serve, const struct serve_options *options,
    const uint8_t secret[static DH_BYTES], struct trouble *trouble)
{
    char endpoint[CONF_ENDPOINT_BYTES];

    home_choose_endpoint(options->home, options->conf, endpoint);
    enum status status = router_open(&(struct router_options){.loop = serve->loop,
                                         .endpoint = endpoint,
                                         .secret = secret,
                                         .admits = judge_key,
                                         .context = serve,
                                         .frame_bytes_max = FRAME_BYTES_MAX,
                                         .linger_ms = LINGER_MS},
        &serve->router, trouble);
    if (status)
        return status;
    return control_open(&(struct control_options){.loop = serve->loop,
                            .broker = serve->broker,
                            .router = serve->router,
                            .socket_path = options->home->socket},
        &serve->control, trouble);
}

static enum status announce(struct serve *serve, const struct serve_options *options,
    const uint8_t secret[static DH_BYTES], struct trouble *trouble)
{
    const char *endpoint = router_endpoint(serve->router);
    uint8_t public[DH_BYTES];

    dh_public_of(secret, public);
    enum status status =
        home_write_endpoint(options->home, options->conf, endpoint, public, trouble);
    if (status)
        return status;
    log_event(LOG_INFO, "serving", "endpoint=%s", endpoint);
    if (printf("amaan-broker serves %s\n", endpoint) < 0 || fflush(stdout) != 0)
        log_event(LOG_WARNING, "stdout-closed", NULL);
    return STATUS_OK;
}

static void tear_down(struct serve *serve)
{
    control_close(&serve->control);
    router_close(&serve->router);
    broker_close(&serve->broker);
    timer_destroy(&serve->patience);
    loop_destroy(&serve->loop);
    link_stop();
}

static void explain_end(enum status status, struct trouble *trouble)
{
    if (trouble->text[0] == '\0')
        trouble_say(trouble, "the database could not be written or read (%s)",
            status_name(status));
    trouble_prefix(trouble,
        "the exchange stopped; nothing was said that is not on the disk, and members "
        "keep their letters: mend the disk, then start it again");
    log_event(LOG_ALARM, "stopped", "reason=%s", log_text(status_name(status)));
}

enum status serve_run(const struct serve_options *options, struct trouble *trouble)
{
    struct serve serve = {
        .room = {options->home->folder, options->conf->keep_free_bytes}};
    uint8_t secret[DH_BYTES];
    enum status status = home_read_secret(options->home, secret, trouble);

    if (status)
        return status;
    raise_descriptors();
    loop_block_signals();
    status = link_start(options->conf->io_threads, trouble);
    if (status)
        goto done;
    serve.loop = loop_new(options->clock);
    serve.patience = loop_timer(serve.loop, on_impatience, &serve);
    loop_on_signal(serve.loop, on_signal, &serve);
    status = open_broker(&serve, options, trouble);
    if (status == STATUS_OK)
        status = open_sockets(&serve, options, secret, trouble);
    if (status == STATUS_OK)
        status = announce(&serve, options, secret, trouble);
    memory_wipe(secret, sizeof secret);
    if (status)
        goto done;
    while (status == STATUS_OK && !serve.done)
        status = run_turn(&serve, trouble);
    if (status == STATUS_OK)
        log_event(LOG_INFO, "ended", NULL);
    else
        explain_end(status, trouble);
done:
    memory_wipe(secret, sizeof secret);
    tear_down(&serve);
    return status;
}
