/* SPDX-License-Identifier: Apache-2.0
 *
 * loop: one thread waits here, and only here. Sockets of libzmq, plain descriptors, timers and signals.
 *
 * A program's heart is a turn:
 *
 *     while (!done) {
 *         loop_turn(loop, deadline);     waits; calls what is ready
 *         begin, read what is there, decide, commit, speak
 *     }
 *
 * Call-backs note what is ready or move a state machine; they do not wait. They may add and remove watches and
 * timers, their own too: one that was removed is not called any more, even in the same turn. Readiness is a
 * level: what was not read is ready again.
 */
#ifndef AMAAN_LOOP_H
#define AMAAN_LOOP_H

#include "clock.h"

struct loop;
struct watch;
struct timer;

struct loop *loop_new(struct clock *clock);
void loop_destroy(struct loop **loop); /* watches and timers must be gone before */
struct clock *loop_clock(struct loop *loop);
int64_t loop_now_ms(struct loop *loop); /* steady time */

/* Waits until something is ready or due, or until the deadline (steady time, INT64_MAX: none); returns after
 * one round of call-backs. IO if waiting itself failed: the process must end. */
enum status loop_turn(struct loop *loop, int64_t deadline_steady_ms) MUST_USE;
/* The next turn does not wait: there is more to do already. */
void loop_hurry(struct loop *loop);

/* `events` is POLLIN, POLLOUT or both of <poll.h>. */
struct watch *loop_watch(struct loop *loop, int fd, short events,
    void (*on_ready)(void *context), void *context);
/* `socket` is a libzmq socket; on_ready may be NULL: the turn just wakes up. */
struct watch *loop_watch_socket(
    struct loop *loop, void *socket, void (*on_ready)(void *context), void *context);
void loop_unwatch(struct watch **watch); /* accepts NULL */

/* A timer fires once per setting, in a turn at or after its time. A machine that slept makes no burst. */
struct timer *loop_timer(struct loop *loop, void (*on_due)(void *context), void *context);
void timer_set(struct timer *timer, int64_t at_steady_ms); /* INT64_MAX: never */
void timer_destroy(struct timer **timer);

/* SIGTERM, SIGINT and SIGHUP become call-backs of the loop, SIGPIPE is ignored. loop_block_signals comes before
 * any thread is made (so before link_start). */
void loop_block_signals(void);
void loop_on_signal(
    struct loop *loop, void (*on_signal)(void *context, int number), void *context);

#endif
