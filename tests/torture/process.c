/* SPDX-License-Identifier: Apache-2.0
 *
 * posix_spawn with three descriptors. Children die with their parent's process group when a terminal ends it.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"

enum { SERVE_TIMEOUT_MS = 60000, LOG_MODE = 0600 };

extern char **environ;

static pid_t spawn(const char *log, const char *const *words, int in, int out)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (in >= 0)
        posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    else
        posix_spawn_file_actions_addopen(
            &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(
        &actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, LOG_MODE);
    pid_t pid = -1;
    char *arguments[PROCESS_WORDS_MAX];
    size_t n = 0;
    while (words[n]) {
        PROMISE(n + 1 < PROCESS_WORDS_MAX);
        arguments[n] = memory_copy_text(words[n]);
        n++;
    }
    arguments[n] = NULL;
    if (posix_spawn(&pid, words[0], &actions, NULL, arguments, environ) != 0)
        pid = -1;
    for (size_t i = 0; i < n; i++)
        memory_free(arguments[i]);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static int wait_for(pid_t pid)
{
    int state = 0;
    while (waitpid(pid, &state, 0) < 0)
        PROMISE(errno == EINTR);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

/* Reads up to and with the first newline; false at the end of the file or the time. The rest of what the
 * server says goes nowhere: the pipe is closed, so it must say one line only. */
static bool read_line(int fd)
{
    char byte = 0;
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    while (byte != '\n') {
        if (poll(&waiting, 1, SERVE_TIMEOUT_MS) <= 0 || read(fd, &byte, 1) != 1)
            return false;
    }
    return true;
}

pid_t process_serve(const char *log, const char *const *words)
{
    int out[2];
    PROMISE(pipe2(out, O_CLOEXEC) == 0);
    pid_t pid = spawn(log, words, -1, out[1]);
    close(out[1]);
    bool serves = pid > 0 && read_line(out[0]);
    close(out[0]);
    if (!serves && pid > 0)
        process_kill(&pid);
    return serves ? pid : -1;
}

void process_kill(pid_t *pid)
{
    if (*pid <= 0)
        return;
    kill(*pid, SIGKILL);
    wait_for(*pid);
    *pid = -1;
}

int process_stop(pid_t *pid)
{
    if (*pid <= 0)
        return -1;
    kill(*pid, SIGTERM);
    int code = wait_for(*pid);
    *pid = -1;
    return code;
}

int process_run(const char *log, const char *const *words, struct span input,
    struct buffer *ret_output)
{
    int in[2], out[2];
    PROMISE(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    pid_t pid = spawn(log, words, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    /* Inputs are small (less than a pipe holds): written at once. A child that does not read is no error. */
    if (input.n > 0 && write(in[1], input.at, input.n) < 0)
        PROMISE(errno == EPIPE);
    close(in[1]);
    char piece[4096];
    ssize_t n;
    while ((n = read(out[0], piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0 && ret_output && buffer_put(ret_output, piece, (size_t)n) != STATUS_OK)
            break;
    close(out[0]);
    return pid > 0 ? wait_for(pid) : -1;
}
