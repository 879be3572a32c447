/* SPDX-License-Identifier: Apache-2.0
 * inotify on the folder; while it is not there, on its parent. Where the kernel gives no inotify, only the time
 * is waited for.
 */
#include "watch.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "memory.h"

enum { EVENT_BYTES = 4096 };

struct watch {
    int fd;
    char *folder, *parent;
};

/* A watch that is there already is kept as it is. */
static void look(struct watch *watch)
{
    uint32_t mask = IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF;

    if (watch->fd >= 0 && inotify_add_watch(watch->fd, watch->folder, mask) < 0)
        (void)inotify_add_watch(watch->fd, watch->parent, mask);
}

struct watch *watch_new(const char *folder)
{
    struct watch *watch = memory_new(sizeof(*watch));

    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch->folder = memory_copy_text(folder);
    watch->parent = memory_copy_text(folder);
    char *slash = strrchr(watch->parent, '/');
    if (slash && slash != watch->parent)
        *slash = 0;
    look(watch);
    return watch;
}

void watch_destroy(struct watch **watch_p)
{
    struct watch *watch = *watch_p;

    if (!watch)
        return;
    if (watch->fd >= 0)
        (void)close(watch->fd);
    memory_free(watch->folder);
    memory_free(watch->parent);
    memory_free(watch);
    *watch_p = NULL;
}

void watch_await(struct watch *watch, int64_t max_ms)
{
    struct pollfd wait = {.fd = watch->fd, .events = POLLIN};
    char events[EVENT_BYTES];

    look(watch);
    if (max_ms > 0)
        (void)poll(&wait, 1, max_ms < INT32_MAX ? (int)max_ms : INT32_MAX);
    while (watch->fd >= 0 && read(watch->fd, events, sizeof(events)) > 0)
        continue;
}
