/* SPDX-License-Identifier: Apache-2.0
 * amaan-node says itself whether there is anything to set up, and in one line of its output that it serves. It outlives this
 * program: it has a session of its own, and its log goes where this one's messages go.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "helper.h"
#include "memory.h"
#include "order.h"
#include "request.h"

enum { LINE_BYTES = 512 };

extern char **environ;

static bool is_served(struct order *order)
{
    struct request request = {
        .verb = verb_find("status"), .timeout_ms = order->timeout_ms};
    struct trouble trouble = {""};
    struct reply reply = {0};
    bool served = request_try(order, &request, &reply, &trouble) != STATUS_CLOSED;

    reply_release(&reply);
    return served;
}

/* `out` is its standard output. */
static bool start(pid_t *ret, const char *program, const char *const *words, int out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *copy[6] = {NULL};

    for (size_t i = 0; words[i]; i++)
        copy[i] = memory_copy_text(words[i]);
    PROMISE(posix_spawn_file_actions_init(&actions) == 0);
    PROMISE(posix_spawnattr_init(&attributes) == 0);
    PROMISE(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID) == 0);
    PROMISE(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0);
    PROMISE(posix_spawn_file_actions_adddup2(&actions, out, 1) == 0);
    int failure = posix_spawn(ret, program, &actions, &attributes, copy, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    for (size_t i = 0; copy[i]; i++)
        memory_free(copy[i]);
    return failure == 0;
}

static bool is_needed(const struct order *order, const char *program)
{
    const char *words[] = {"amaan-node", "setup", "--needed", "--", order->home, NULL};
    int how = 0, nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    pid_t pid;
    bool needed = nowhere >= 0 && start(&pid, program, words, nowhere) &&
                  waitpid(pid, &how, 0) == pid && WIFEXITED(how) &&
                  WEXITSTATUS(how) == EXIT_SUCCESS;

    if (nowhere >= 0)
        (void)close(nowhere);
    return needed;
}

/* Until it has said its line, which is nothing but a sign. */
static bool says_that_it_serves(int fd, int64_t timeout_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char line[LINE_BYTES];

    return poll(&ready, 1, (int)timeout_ms) > 0 && read(fd, line, sizeof(line)) > 0;
}

int begin_run(struct order *order)
{
    const char *words[] = {"amaan-node", "setup", "--", order->home, NULL};
    char *program = helper_find();
    int ends[2], code = EX_OK;
    pid_t pid;

    if (!program || is_served(order) || !is_needed(order, program)) {
        memory_free(program);
        return EX_OK; /* what is asked next says what is wrong */
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        memory_free(program);
        return EX_OSERR;
    }
    bool started = start(&pid, program, words, ends[1]);
    (void)close(ends[1]);
    if (!started || !says_that_it_serves(ends[0], order->timeout_ms)) {
        command_complain("open: the desk is not set up yet, and %s could not be started "
                         "for it. Nothing was changed.",
            program);
        code = EX_UNAVAILABLE;
    }
    (void)close(ends[0]);
    memory_free(program);
    return code;
}
