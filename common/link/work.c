/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: the part that both threads see is `struct bench`, under its mutex, and belongs to whoever leaves
 * last. The thread is made with the first job. An eventfd tells the loop that something is done.
 */
#include "work.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/eventfd.h>

#include "memory.h"

struct entry {
    const struct work_kind *kind;
    void *job;
    struct entry *next;
};

struct list {
    struct entry *first, **end;
};

struct bench {
    pthread_mutex_t mutex;
    pthread_cond_t more;
    struct list waiting, finished;
    bool busy, ending;
    int fd;
};

struct work {
    struct bench *bench;
    struct watch *watch;
    pthread_t thread;
    bool started;
    size_t n;
};

static void list_clear(struct list *list)
{
    list->first = NULL;
    list->end = &list->first;
}

static void list_add(struct list *list, struct entry *entry)
{
    entry->next = NULL;
    *list->end = entry;
    list->end = &entry->next;
}

static struct entry *list_take(struct list *list)
{
    struct entry *entry = list->first;
    if (entry != NULL) {
        list->first = entry->next;
        if (list->first == NULL)
            list->end = &list->first;
    }
    return entry;
}

static void drop_all(struct list *list)
{
    struct entry *entry;
    while ((entry = list_take(list)) != NULL) {
        entry->kind->drop(entry->job);
        memory_free(entry);
    }
}

static void free_bench(struct bench *bench)
{
    drop_all(&bench->waiting);
    drop_all(&bench->finished);
    pthread_mutex_destroy(&bench->mutex);
    pthread_cond_destroy(&bench->more);
    close(bench->fd);
    memory_free(bench);
}

static void tell_loop(struct bench *bench)
{
    uint64_t one = 1;
    PROMISE(write(bench->fd, &one, sizeof one) == (ssize_t)sizeof one);
}

static void *help(void *context)
{
    struct bench *bench = context;
    bool let_go = false;

    pthread_mutex_lock(&bench->mutex);
    while (!bench->ending) {
        struct entry *entry = list_take(&bench->waiting);
        if (entry == NULL) {
            pthread_cond_wait(&bench->more, &bench->mutex);
            continue;
        }
        bench->busy = true;
        pthread_mutex_unlock(&bench->mutex);
        entry->kind->slow(entry->job);
        pthread_mutex_lock(&bench->mutex);
        bench->busy = false;
        let_go = bench->ending;
        list_add(&bench->finished, entry);
        if (!let_go)
            tell_loop(bench);
    }
    pthread_mutex_unlock(&bench->mutex);
    if (let_go) /* nobody waits for this thread: the bench is ours */
        free_bench(bench);
    return NULL;
}

static void collect(void *context)
{
    struct work *work = context;
    struct bench *bench = work->bench;
    struct list finished;
    struct entry *entry;
    uint64_t count;

    list_clear(&finished);
    pthread_mutex_lock(&bench->mutex);
    (void)!read(bench->fd, &count, sizeof count);
    while ((entry = list_take(&bench->finished)) != NULL)
        list_add(&finished, entry);
    pthread_mutex_unlock(&bench->mutex);
    while ((entry = list_take(&finished)) != NULL) {
        const struct work_kind *kind = entry->kind;
        void *job = entry->job;
        memory_free(entry);
        work->n--;
        kind->done(job);
    }
}

struct work *work_new(struct loop *loop)
{
    struct work *work = memory_new(sizeof *work);
    struct bench *bench = memory_new(sizeof *bench);
    PROMISE(pthread_mutex_init(&bench->mutex, NULL) == 0);
    PROMISE(pthread_cond_init(&bench->more, NULL) == 0);
    list_clear(&bench->waiting);
    list_clear(&bench->finished);
    bench->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    PROMISE(bench->fd >= 0);
    work->bench = bench;
    work->watch = loop_watch(loop, bench->fd, POLLIN, collect, work);
    return work;
}

void work_destroy(struct work **work_)
{
    struct work *work = *work_;
    if (work == NULL)
        return;
    struct bench *bench = work->bench;
    loop_unwatch(&work->watch);
    pthread_mutex_lock(&bench->mutex);
    bench->ending = true;
    bool busy = bench->busy;
    drop_all(&bench->waiting);
    pthread_cond_signal(&bench->more);
    pthread_mutex_unlock(&bench->mutex);
    if (work->started && busy)
        PROMISE(pthread_detach(work->thread) == 0);
    else if (work->started)
        PROMISE(pthread_join(work->thread, NULL) == 0);
    if (!busy)
        free_bench(bench);
    memory_free(work);
    *work_ = NULL;
}

void work_run(struct work *work, const struct work_kind *kind, void *job)
{
    struct bench *bench = work->bench;
    struct entry *entry = memory_new(sizeof *entry);
    *entry = (struct entry){.kind = kind, .job = job};
    if (!work->started) {
        PROMISE(pthread_create(&work->thread, NULL, help, bench) == 0);
        work->started = true;
    }
    pthread_mutex_lock(&bench->mutex);
    list_add(&bench->waiting, entry);
    pthread_cond_signal(&bench->more);
    pthread_mutex_unlock(&bench->mutex);
    work->n++;
}

size_t work_waiting(const struct work *work)
{
    return work->n;
}
