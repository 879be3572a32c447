/* SPDX-License-Identifier: Apache-2.0
 * A pidfd in the loop tells the end of the command; it is opened before the child is reaped, so that it is that child's.
 */
#include "crier.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "memory.h"

enum {
    SIGNAL_CODE = 128, /* the shell's custom: 128 and the number of the signal */
    NOT_STARTED_CODE = 127,
    OTHERS_WRITE = S_IWGRP | S_IWOTH,
    PATH_BYTES = 4096 /* what realpath fills */
};

struct crier {
    struct crier_options options;
    struct announce announce;
    char *command;
    pid_t pid; /* 0: none runs */
    int pid_fd;
    struct watch *watch;
    int64_t ends_ms;   /* steady: then it is killed */
    int64_t looked_ms; /* steady */
    bool looked, stirred;
};

/* --- may it be run? --------------------------------------------------------------------------------------- */

static enum status deny(struct trouble *trouble, const char *command, const char *what)
{
    trouble_say(trouble,
        "announce/command in node.conf, %s, %s. Nothing was started. Put a program there "
        "that only you or root can change, or leave the setting empty.",
        command, what);
    return STATUS_DENIED;
}

/* Only root or the node's user can change it. In a folder like /tmp (sticky) nobody else can replace what is ours. */
static bool is_ours(const struct stat *about)
{
    bool owner = about->st_uid == 0 || about->st_uid == geteuid();
    bool sticky = S_ISDIR(about->st_mode) && (about->st_mode & S_ISVTX) != 0;

    return owner && ((about->st_mode & OTHERS_WRITE) == 0 || sticky);
}

/* Every folder above `path`, which is changed on the way. */
static bool folders_are_ours(char *path)
{
    struct stat about;
    char *slash;

    while ((slash = strrchr(path, '/')) != NULL && slash != path) {
        *slash = 0;
        if (stat(path, &about) != 0 || !is_ours(&about))
            return false;
    }
    return stat("/", &about) == 0 && is_ours(&about);
}

enum status crier_check(const char *command, struct trouble *trouble)
{
    char real[PATH_BYTES];
    struct stat about;

    if (!*command)
        return STATUS_OK;
    if (*command != '/')
        return deny(trouble, command, "is not a whole path, from / on");
    if (!realpath(command, real) || stat(real, &about) != 0) {
        trouble_say(trouble,
            "announce/command in node.conf, %s, cannot be found: %s. Nothing was "
            "started. "
            "Put the whole path of a program there, or leave the setting empty.",
            command, strerror(errno));
        return STATUS_NOT_FOUND;
    }
    if (!S_ISREG(about.st_mode) || access(real, X_OK) != 0)
        return deny(trouble, command, "is not a program that this user may run");
    if (!is_ours(&about))
        return deny(
            trouble, command, "can be changed by other users (chown, chmod go-w)");
    if (!folders_are_ours(real))
        return deny(trouble, command,
            "lies in a folder that other users can change (chmod go-w)");
    return STATUS_OK;
}

/* --- the command ------------------------------------------------------------------------------------------ */

static void set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    PROMISE(posix_spawnattr_init(attributes) == 0);
    PROMISE(
        posix_spawnattr_setflags(attributes,
            POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0);
    PROMISE(posix_spawnattr_setpgroup(attributes, 0) == 0);
    PROMISE(posix_spawnattr_setsigmask(attributes, &none) == 0);
    PROMISE(posix_spawnattr_setsigdefault(attributes, &all) == 0);
}

static void set_descriptors(posix_spawn_file_actions_t *actions)
{
    PROMISE(posix_spawn_file_actions_init(actions) == 0);
    PROMISE(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) == 0);
    PROMISE(posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0) == 0);
    PROMISE(posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0) == 0);
    PROMISE(posix_spawn_file_actions_addclosefrom_np(actions, 3) == 0);
    PROMISE(posix_spawn_file_actions_addchdir_np(actions, "/") == 0);
}

/* 0, or why not. */
static int spawn(struct crier *crier, const struct announce_counts *counts)
{
    char words[ANNOUNCE_WORDS][ANNOUNCE_WORD_BYTES], name[] = "amaan-announce";
    char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", language[] = "LANG=C.UTF-8";
    char runtime[PATH_BYTES] = "";
    const char *folder = getenv("XDG_RUNTIME_DIR");
    char *arguments[] = {name, words[0], words[1], words[2], NULL};
    char *environment[] = {path, language, NULL, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    announce_words(counts, words);
    if (folder && *folder == '/' && strlen(folder) < sizeof(runtime) - 20) {
        (void)snprintf(runtime, sizeof(runtime), "XDG_RUNTIME_DIR=%s", folder);
        environment[2] = runtime;
    }
    set_attributes(&attributes);
    set_descriptors(&actions);
    int failure = posix_spawn(
        &crier->pid, crier->command, &actions, &attributes, arguments, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    if (failure != 0)
        crier->pid = 0;
    return failure;
}

static void note_end(struct crier *crier, int code)
{
    crier->options.shown->running = false;
    crier->options.shown->failed = code != 0;
    crier->options.shown->exit_code = code;
    if (code != 0)
        log_event(LOG_WARNING, "announce-failed", "code=%d", code);
}

/* The child has ended, or was just killed. */
static void reap(struct crier *crier, int options)
{
    int state = 0;
    pid_t pid;

    do
        pid = waitpid(crier->pid, &state, options);
    while (pid < 0 && errno == EINTR);
    if (pid == 0)
        return;
    loop_unwatch(&crier->watch);
    if (crier->pid_fd >= 0)
        (void)close(crier->pid_fd);
    crier->pid_fd = -1;
    crier->pid = 0;
    if (pid < 0)
        note_end(crier, NOT_STARTED_CODE);
    else if (WIFSIGNALED(state))
        note_end(crier, SIGNAL_CODE + WTERMSIG(state));
    else
        note_end(crier, WEXITSTATUS(state));
}

static void on_end(void *context)
{
    struct crier *crier = context;

    if (crier->pid > 0) {
        (void)kill(-crier->pid,
            SIGKILL); /* what it left behind: not reaped yet, the id is its own */
        reap(crier, WNOHANG);
    }
}

/* Its group has its id. SIGKILL is not held back, so that waiting for it is short. */
static void end_command(struct crier *crier)
{
    if (crier->pid == 0)
        return;
    (void)kill(-crier->pid, SIGKILL);
    reap(crier, 0);
}

static void run_command(struct crier *crier, const struct announce_counts *counts)
{
    struct trouble trouble = {""};

    if (!*crier->command)
        return;
    if (crier->pid > 0) {
        log_event(LOG_WARNING, "announce-still-runs", NULL);
        return;
    }
    /* It may have been changed since the node was started. */
    if (crier_check(crier->command, &trouble) != STATUS_OK || spawn(crier, counts) != 0) {
        note_end(crier, NOT_STARTED_CODE);
        return;
    }
    crier->options.shown->running = true;
    crier->ends_ms = clock_steady_ms(crier->options.clock) + CRIER_RUNS_MS;
    crier->pid_fd = (int)syscall(SYS_pidfd_open, crier->pid, 0);
    if (crier->pid_fd >= 0)
        crier->watch =
            loop_watch(crier->options.loop, crier->pid_fd, POLLIN, on_end, crier);
}

/* --- life ------------------------------------------------------------------------------------------------- */

enum status crier_new(
    const struct crier_options *options, struct crier **ret, struct trouble *trouble)
{
    enum status status = crier_check(options->command, trouble);

    if (status != STATUS_OK)
        return status;
    struct crier *crier = memory_new(sizeof(*crier));
    crier->options = *options;
    crier->command = memory_copy_text(options->command);
    crier->pid_fd = -1;
    options->shown->command_set = *options->command != 0;
    *ret = crier;
    return STATUS_OK;
}

void crier_destroy(struct crier **crier_p)
{
    struct crier *crier = *crier_p;

    if (!crier)
        return;
    end_command(crier);
    memory_free(crier->command);
    memory_free(crier);
    *crier_p = NULL;
}

void crier_stir(struct crier *crier)
{
    crier->stirred = true;
}

static int64_t next_look(const struct crier *crier)
{
    if (!crier->looked)
        return INT64_MIN;
    return crier->looked_ms + (crier->stirred ? CRIER_LOOK_GAP_MS : CRIER_LOOK_MS);
}

int64_t crier_deadline_steady_ms(const struct crier *crier)
{
    int64_t due = next_look(crier);

    /* Without a pidfd (an old kernel) its end is looked for with the counts. */
    return crier->pid > 0 && crier->ends_ms < due ? crier->ends_ms : due;
}

bool crier_wants(const struct crier *crier)
{
    return clock_steady_ms(crier->options.clock) >= next_look(crier);
}

void crier_take(struct crier *crier, const struct announce_counts *counts)
{
    int64_t steady_ms = clock_steady_ms(crier->options.clock);
    int64_t wall_ms = clock_wall_ms(crier->options.clock);
    char words[ANNOUNCE_WORDS][ANNOUNCE_WORD_BYTES];

    crier->looked = true;
    crier->looked_ms = steady_ms;
    crier->stirred = false;
    if (!counts || !announce_decide(&crier->announce, counts, steady_ms, wall_ms))
        return;
    announce_words(counts, words);
    log_event(LOG_INFO, "announce", "%s %s %s", words[0], words[1], words[2]);
    crier->options.shown->last_ms = wall_ms;
    if (crier->options.on_announce)
        crier->options.on_announce(crier->options.context, counts);
    run_command(crier, counts);
}

void crier_turn(struct crier *crier)
{
    if (crier->pid > 0 && !crier->watch)
        reap(crier, WNOHANG);
    if (crier->pid > 0 && clock_steady_ms(crier->options.clock) >= crier->ends_ms)
        end_command(crier);
}
