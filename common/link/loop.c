/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: the list of poll items is rebuilt when watches changed. A watch or timer that is removed in a
 * call-back is only marked; its memory goes at the end of the turn, so the round may go on over it.
 */
#include "loop.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <zmq.h>

#include "memory.h"

struct watch {
    struct loop *loop;
    void *socket; /* libzmq's, or NULL for the descriptor */
    int fd;
    short events;
    bool gone;
    void (*on_ready)(void *context);
    void *context;
};

struct timer {
    struct loop *loop;
    int64_t at_ms;
    bool gone;
    void (*on_due)(void *context);
    void *context;
};

struct loop {
    struct clock *clock;
    struct watch **watches;
    struct timer **timers;
    zmq_pollitem_t *items; /* one for each watch that was there before the wait */
    size_t n_watches, n_timers, n_items;
    bool changed, hurry;
    int signal_fd;
    struct watch *signal_watch;
    void (*on_signal)(void *context, int number);
    void *signal_context;
};

struct loop *loop_new(struct clock *clock)
{
    struct loop *loop = memory_new(sizeof *loop);
    loop->clock = clock;
    loop->signal_fd = -1;
    return loop;
}

/* Frees what was marked. */
static void sweep(struct loop *loop)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->n_watches; i++) {
        if (loop->watches[i]->gone)
            memory_free(loop->watches[i]);
        else
            loop->watches[kept++] = loop->watches[i];
    }
    loop->n_watches = kept;
    kept = 0;
    for (size_t i = 0; i < loop->n_timers; i++) {
        if (loop->timers[i]->gone)
            memory_free(loop->timers[i]);
        else
            loop->timers[kept++] = loop->timers[i];
    }
    loop->n_timers = kept;
}

void loop_destroy(struct loop **loop_)
{
    struct loop *loop = *loop_;
    if (loop == NULL)
        return;
    loop_unwatch(&loop->signal_watch);
    if (loop->signal_fd >= 0)
        close(loop->signal_fd);
    sweep(loop);
    PROMISE(loop->n_watches == 0 && loop->n_timers == 0);
    memory_free(loop->watches);
    memory_free(loop->timers);
    memory_free(loop->items);
    memory_free(loop);
    *loop_ = NULL;
}

struct clock *loop_clock(struct loop *loop)
{
    return loop->clock;
}

int64_t loop_now_ms(struct loop *loop)
{
    return clock_steady_ms(loop->clock);
}

void loop_hurry(struct loop *loop)
{
    loop->hurry = true;
}

static struct watch *add_watch(struct loop *loop, struct watch fields)
{
    struct watch *watch = memory_new(sizeof *watch);
    *watch = fields;
    watch->loop = loop;
    loop->watches =
        memory_resize(loop->watches, loop->n_watches + 1, sizeof(struct watch *));
    loop->watches[loop->n_watches++] = watch;
    loop->changed = true;
    return watch;
}

struct watch *loop_watch(struct loop *loop, int fd, short events,
    void (*on_ready)(void *context), void *context)
{
    PROMISE(fd >= 0 && (events & ~(POLLIN | POLLOUT)) == 0);
    short zmq_events = (short)((events & POLLIN ? ZMQ_POLLIN : 0) |
                               (events & POLLOUT ? ZMQ_POLLOUT : 0) | ZMQ_POLLERR);
    return add_watch(loop,
        (struct watch){
            .fd = fd, .events = zmq_events, .on_ready = on_ready, .context = context});
}

struct watch *loop_watch_socket(
    struct loop *loop, void *socket, void (*on_ready)(void *context), void *context)
{
    PROMISE(socket != NULL);
    return add_watch(loop, (struct watch){.socket = socket,
                               .fd = -1,
                               .events = ZMQ_POLLIN,
                               .on_ready = on_ready,
                               .context = context});
}

void loop_unwatch(struct watch **watch)
{
    if (*watch == NULL)
        return;
    (*watch)->gone = true;
    (*watch)->loop->changed = true;
    *watch = NULL;
}

struct timer *loop_timer(struct loop *loop, void (*on_due)(void *context), void *context)
{
    struct timer *timer = memory_new(sizeof *timer);
    *timer = (struct timer){
        .loop = loop, .at_ms = INT64_MAX, .on_due = on_due, .context = context};
    loop->timers =
        memory_resize(loop->timers, loop->n_timers + 1, sizeof(struct timer *));
    loop->timers[loop->n_timers++] = timer;
    return timer;
}

void timer_set(struct timer *timer, int64_t at_steady_ms)
{
    timer->at_ms = at_steady_ms;
}

void timer_destroy(struct timer **timer)
{
    if (*timer == NULL)
        return;
    (*timer)->gone = true;
    *timer = NULL;
}

/* Milliseconds until the first of deadline and timers; -1 for none. */
static long wait_ms(const struct loop *loop, int64_t deadline_ms)
{
    int64_t first = deadline_ms, now;
    for (size_t i = 0; i < loop->n_timers; i++)
        if (!loop->timers[i]->gone && loop->timers[i]->at_ms < first)
            first = loop->timers[i]->at_ms;
    if (loop->hurry)
        return 0;
    if (first == INT64_MAX)
        return -1;
    now = clock_steady_ms(loop->clock);
    if (first <= now)
        return 0;
    return first - now > DAY_MS ? (long)DAY_MS : (long)(first - now);
}

static void rebuild_items(struct loop *loop)
{
    sweep(loop);
    loop->items = memory_resize(loop->items, loop->n_watches + 1, sizeof *loop->items);
    for (size_t i = 0; i < loop->n_watches; i++)
        loop->items[i] = (zmq_pollitem_t){.socket = loop->watches[i]->socket,
            .fd = loop->watches[i]->fd,
            .events = loop->watches[i]->events};
    loop->n_items = loop->n_watches;
    loop->changed = false;
}

static void call_ready(struct loop *loop)
{
    for (size_t i = 0; i < loop->n_items; i++) {
        struct watch *watch = loop->watches[i];
        if (loop->items[i].revents != 0 && !watch->gone && watch->on_ready != NULL)
            watch->on_ready(watch->context);
    }
}

static void call_due(struct loop *loop)
{
    int64_t now = clock_steady_ms(loop->clock);
    size_t n = loop->n_timers; /* those added meanwhile wait for the next turn */
    for (size_t i = 0; i < n; i++) {
        struct timer *timer = loop->timers[i];
        if (timer->gone || timer->at_ms > now)
            continue;
        timer->at_ms = INT64_MAX;
        timer->on_due(timer->context);
    }
}

enum status loop_turn(struct loop *loop, int64_t deadline_steady_ms)
{
    sweep(loop);
    if (loop->changed)
        rebuild_items(loop);
    int n = zmq_poll(loop->items, (int)loop->n_items, wait_ms(loop, deadline_steady_ms));
    loop->hurry = false;
    if (n < 0 && zmq_errno() != EINTR)
        return STATUS_IO;
    if (n > 0)
        call_ready(loop);
    call_due(loop);
    return STATUS_OK;
}

static sigset_t our_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

void loop_block_signals(void)
{
    sigset_t set = our_signals();
    PROMISE(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    PROMISE(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
}

static void read_signals(void *context)
{
    struct loop *loop = context;
    struct signalfd_siginfo info;
    while (read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
        loop->on_signal(loop->signal_context, (int)info.ssi_signo);
}

void loop_on_signal(
    struct loop *loop, void (*on_signal)(void *context, int number), void *context)
{
    sigset_t set = our_signals();
    PROMISE(loop->signal_fd < 0);
    loop->on_signal = on_signal;
    loop->signal_context = context;
    loop->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    PROMISE(loop->signal_fd >= 0);
    loop->signal_watch = loop_watch(loop, loop->signal_fd, POLLIN, read_signals, loop);
}
