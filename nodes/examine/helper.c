/* SPDX-License-Identifier: Apache-2.0
 * posix_spawn with a pipe on standard output, and one poll over all pipes. A pipe that ends is a helper that ended.
 */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "disk.h"
#include "memory.h"

enum { PATH_BYTES = 4096, HELPERS_MAX = 32, PIECE_BYTES = 4096 };

extern char **environ;

char *helper_folder(void)
{
    char path[PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (n <= 0 || (size_t)n >= sizeof(path) - 1)
        return NULL;
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (!slash)
        return NULL;
    *slash = 0;
    return memory_copy_text(path);
}

char *helper_find(void)
{
    static const char *const places[] = {"amaan-node", "../amaan-node"};
    char *folder = helper_folder(), *found = NULL;

    for (size_t i = 0; folder && !found && i < ARRAY_LENGTH(places); i++) {
        found = disk_path(folder, places[i]);
        if (access(found, X_OK) != 0) {
            memory_free(found);
            found = NULL;
        }
    }
    memory_free(folder);
    return found;
}

static bool spawn(
    struct helper *helper, const char *program, const char *const *words, int out)
{
    posix_spawn_file_actions_t actions;
    char **copy;
    size_t n = 0;

    while (words[n])
        n++;
    copy = memory_new_array(n + 1, sizeof(*copy));
    for (size_t i = 0; i < n; i++)
        copy[i] = memory_copy_text(words[i]);
    PROMISE(posix_spawn_file_actions_init(&actions) == 0);
    PROMISE(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0);
    PROMISE(posix_spawn_file_actions_adddup2(&actions, out, 1) == 0);
    PROMISE(posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0);
    int failure = posix_spawn(&helper->pid, program, &actions, NULL, copy, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    for (size_t i = 0; i < n; i++)
        memory_free(copy[i]);
    memory_free(copy);
    return failure == 0;
}

void helper_start(struct helper *helper, const char *program, const char *const *words)
{
    int ends[2];

    *helper = (struct helper){.fd = -1};
    buffer_init(&helper->output, HELPER_OUTPUT_MAX);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    helper->started = spawn(helper, program, words, ends[1]);
    if (!helper->started)
        helper->pid = 0;
    (void)close(ends[1]);
    helper->fd = ends[0];
    if (!helper->started)
        helper_release(helper);
}

static void bury(struct helper *helper)
{
    if (helper->pid > 0)
        while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    helper->pid = 0;
    if (helper->fd >= 0)
        (void)close(helper->fd);
    helper->fd = -1;
}

/* What is there now; at the end of the pipe the helper has ended. One that says too much is ended. */
static void read_output(struct helper *helper)
{
    uint8_t piece[PIECE_BYTES];
    ssize_t n = read(helper->fd, piece, sizeof(piece));

    if (n > 0 && buffer_put(&helper->output, piece, (size_t)n) == STATUS_OK)
        return;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    helper->ended = n == 0;
    if (n != 0 && helper->pid > 0)
        (void)kill(helper->pid, SIGKILL);
    bury(helper);
}

void helpers_await(struct helper *helpers, size_t n, int64_t timeout_ms)
{
    struct clock *clock = clock_system();
    int64_t deadline_ms = clock_steady_ms(clock) + timeout_ms;
    struct pollfd ready[HELPERS_MAX];

    PROMISE(n <= HELPERS_MAX);
    for (;;) {
        int64_t left_ms = deadline_ms - clock_steady_ms(clock);
        size_t running = 0;

        for (size_t i = 0; i < n; i++) {
            ready[i] = (struct pollfd){.fd = helpers[i].fd, .events = POLLIN};
            running += helpers[i].fd >= 0;
        }
        if (running == 0 || left_ms <= 0)
            break;
        if (poll(ready, n, (int)left_ms) <= 0)
            continue;
        for (size_t i = 0; i < n; i++)
            if (helpers[i].fd >= 0 && ready[i].revents)
                read_output(&helpers[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (helpers[i].pid > 0)
            (void)kill(helpers[i].pid, SIGKILL);
        bury(&helpers[i]);
    }
}

void helper_release(struct helper *helper)
{
    bury(helper);
    buffer_release(&helper->output);
}
