/* SPDX-License-Identifier: Apache-2.0
 *
 * The loop waits for descriptors, timers and signals; the helper thread hands back what it did.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "loop.h"
#include "memory.h"
#include "work.h"

/* A clock that stands still until it is turned. */
static int64_t turned_ms = 1000;
static int64_t read_turned(void *context)
{
    (void)context;
    return turned_ms;
}
static struct clock hand = {read_turned, read_turned, NULL};

struct counter {
    struct loop *loop;
    struct watch *watch;
    struct timer *timer;
    int n, fd;
};

static void count(void *context)
{
    struct counter *counter = context;
    counter->n++;
}

static void count_and_read(void *context)
{
    struct counter *counter = context;
    char byte;
    counter->n++;
    assert_int_equal(read(counter->fd, &byte, 1), 1);
}

static void loop__calls_a_descriptor_while_it_is_ready(void **state)
{
    struct counter counter = {.loop = loop_new(&hand)};
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    counter.fd = ends[0];
    counter.watch = loop_watch(counter.loop, ends[0], POLLIN, count_and_read, &counter);
    assert_int_equal(loop_turn(counter.loop, turned_ms), STATUS_OK);
    assert_int_equal(counter.n, 0);
    assert_int_equal(write(ends[1], "ab", 2), 2);
    assert_int_equal(loop_turn(counter.loop, INT64_MAX), STATUS_OK);
    assert_int_equal(counter.n, 1);
    assert_int_equal(loop_turn(counter.loop, INT64_MAX), STATUS_OK); /* still one there */
    assert_int_equal(counter.n, 2);
    loop_unwatch(&counter.watch);
    assert_null(counter.watch);
    assert_int_equal(write(ends[1], "c", 1), 1);
    assert_int_equal(loop_turn(counter.loop, turned_ms), STATUS_OK);
    assert_int_equal(counter.n, 2);
    close(ends[0]);
    close(ends[1]);
    loop_destroy(&counter.loop);
}

static void unwatch_other(void *context)
{
    struct counter *counter = context;
    counter->n++;
    loop_unwatch(&counter[1].watch);
}

static void loop__does_not_call_what_was_removed_in_the_same_turn(void **state)
{
    struct loop *loop = loop_new(&hand);
    struct counter counters[2] = {{.loop = loop}, {.loop = loop}};
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a", 1), 1);
    counters[0].watch = loop_watch(loop, ends[0], POLLIN, unwatch_other, counters);
    counters[1].watch = loop_watch(loop, ends[0], POLLIN, count, &counters[1]);
    assert_int_equal(loop_turn(loop, INT64_MAX), STATUS_OK);
    assert_int_equal(counters[0].n, 1);
    assert_int_equal(counters[1].n, 0);
    loop_unwatch(&counters[0].watch);
    loop_destroy(&loop);
    close(ends[0]);
    close(ends[1]);
}

static void loop__fires_a_timer_once_and_not_before_its_time(void **state)
{
    struct counter counter = {.loop = loop_new(&hand)};
    (void)state;
    counter.timer = loop_timer(counter.loop, count, &counter);
    timer_set(counter.timer, turned_ms + 500);
    assert_int_equal(loop_turn(counter.loop, turned_ms), STATUS_OK);
    assert_int_equal(counter.n, 0);
    turned_ms += 100000; /* the machine slept */
    assert_int_equal(loop_turn(counter.loop, INT64_MAX), STATUS_OK);
    assert_int_equal(loop_turn(counter.loop, turned_ms), STATUS_OK);
    assert_int_equal(counter.n, 1);
    timer_set(counter.timer, turned_ms);
    timer_destroy(&counter.timer);
    assert_int_equal(loop_turn(counter.loop, turned_ms), STATUS_OK);
    assert_int_equal(counter.n, 1);
    loop_destroy(&counter.loop);
}

static void set_again(void *context)
{
    struct counter *counter = context;
    counter->n++;
    timer_set(counter->timer, turned_ms);
}

static void loop__runs_a_timer_that_sets_itself_once_a_turn(void **state)
{
    struct counter counter = {.loop = loop_new(&hand)};
    (void)state;
    counter.timer = loop_timer(counter.loop, set_again, &counter);
    timer_set(counter.timer, turned_ms);
    assert_int_equal(loop_turn(counter.loop, INT64_MAX), STATUS_OK);
    assert_int_equal(counter.n, 1);
    assert_int_equal(loop_turn(counter.loop, INT64_MAX), STATUS_OK);
    assert_int_equal(counter.n, 2);
    timer_destroy(&counter.timer);
    loop_destroy(&counter.loop);
}

static void loop__does_not_wait_when_hurried(void **state)
{
    struct loop *loop = loop_new(&hand);
    (void)state;
    loop_hurry(loop);
    assert_int_equal(loop_turn(loop, INT64_MAX), STATUS_OK); /* would wait for ever */
    loop_destroy(&loop);
}

static void note_signal(void *context, int number)
{
    *(int *)context = number;
}

static void loop__turns_a_signal_into_a_call(void **state)
{
    struct loop *loop = loop_new(&hand);
    int number = 0;
    (void)state;
    loop_block_signals();
    loop_on_signal(loop, note_signal, &number);
    assert_int_equal(kill(getpid(), SIGTERM), 0);
    assert_int_equal(loop_turn(loop, INT64_MAX), STATUS_OK);
    assert_int_equal(number, SIGTERM);
    loop_destroy(&loop);
}

/* A job that waits until it is let go, as a dead name server makes us wait. */
struct job {
    pthread_mutex_t *gate;
    pthread_t thread;
    int *done, *dropped;
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void pass_gate(void *context)
{
    struct job *job = context;
    job->thread = pthread_self();
    pthread_mutex_lock(job->gate);
    pthread_mutex_unlock(job->gate);
}

static void note_done(void *context)
{
    struct job *job = context;
    assert_false(pthread_equal(job->thread, pthread_self()));
    ++*job->done;
    memory_free(job);
}

static void note_dropped(void *context)
{
    struct job *job = context;
    __atomic_add_fetch(job->dropped, 1, __ATOMIC_SEQ_CST);
    memory_free(job);
}

static const struct work_kind KIND = {pass_gate, note_done, note_dropped};

static void run_job(struct work *work, int *done, int *dropped)
{
    struct job *job = memory_new(sizeof *job);
    *job = (struct job){.gate = &gate, .done = done, .dropped = dropped};
    work_run(work, &KIND, job);
}

static void work__runs_beside_the_loop_and_comes_back_into_it(void **state)
{
    struct loop *loop = loop_new(clock_system());
    struct work *work = work_new(loop);
    int done = 0, dropped = 0;
    (void)state;
    pthread_mutex_lock(&gate);
    for (int i = 0; i < 3; i++)
        run_job(work, &done, &dropped);
    assert_int_equal(work_waiting(work), 3);
    for (int i = 0; i < 5; i++) /* the loop turns while the helper stands */
        assert_int_equal(loop_turn(loop, loop_now_ms(loop)), STATUS_OK);
    assert_int_equal(done, 0);
    pthread_mutex_unlock(&gate);
    while (done < 3)
        assert_int_equal(loop_turn(loop, INT64_MAX), STATUS_OK);
    assert_int_equal(work_waiting(work), 0);
    assert_int_equal(dropped, 0);
    work_destroy(&work);
    loop_destroy(&loop);
}

static void work__that_is_destroyed_lets_a_running_job_go_and_drops_it(void **state)
{
    struct loop *loop = loop_new(clock_system());
    struct work *work = work_new(loop);
    int done = 0, dropped = 0;
    (void)state;
    pthread_mutex_lock(&gate);
    run_job(work, &done, &dropped);
    run_job(work, &done, &dropped);
    work_destroy(&work); /* does not wait for the gate */
    loop_destroy(&loop);
    pthread_mutex_unlock(&gate);
    while (__atomic_load_n(&dropped, __ATOMIC_SEQ_CST) < 2)
        sched_yield();
    assert_int_equal(done, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loop__calls_a_descriptor_while_it_is_ready),
        cmocka_unit_test(loop__does_not_call_what_was_removed_in_the_same_turn),
        cmocka_unit_test(loop__fires_a_timer_once_and_not_before_its_time),
        cmocka_unit_test(loop__runs_a_timer_that_sets_itself_once_a_turn),
        cmocka_unit_test(loop__does_not_wait_when_hurried),
        cmocka_unit_test(loop__turns_a_signal_into_a_call),
        cmocka_unit_test(work__runs_beside_the_loop_and_comes_back_into_it),
        cmocka_unit_test(work__that_is_destroyed_lets_a_running_job_go_and_drops_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
