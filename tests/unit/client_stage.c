/* SPDX-License-Identifier: Apache-2.0
 * The node is a thread: accept, read one request by its Content-Length, answer by the next step, hang up. A
 * pipe is not needed to stop it: shutting the listener down ends accept. Output goes to files without names.
 */
#include "client_stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PROGRAM AMAAN_BINARY_DIR "/nodes/client/amaan"

enum { HEAD_AND_BODY_BYTES = 128 * 1024, WORDS_MAX = 24 };

struct stage *stage_new(void)
{
    struct stage *stage = calloc(1, sizeof(*stage));
    char run[STAGE_PATH_BYTES + 8];

    assert_non_null(stage);
    (void)snprintf(stage->home, sizeof(stage->home), "/tmp/amaan-client-XXXXXX");
    assert_non_null(mkdtemp(stage->home));
    (void)snprintf(run, sizeof(run), "%s/run", stage->home);
    assert_int_equal(mkdir(run, 0700), 0);
    (void)snprintf(
        stage->socket_path, sizeof(stage->socket_path), "%s/run/socket", stage->home);
    stage->listener = -1;
    return stage;
}

static void remove_all(const char *folder)
{
    DIR *list = opendir(folder);
    struct dirent *entry;

    while (list && (entry = readdir(list))) {
        char path[512];

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (unlink(path) != 0)
            remove_all(path);
    }
    if (list)
        (void)closedir(list);
    (void)rmdir(folder);
}

void stage_destroy(struct stage *stage)
{
    stage_end(stage);
    remove_all(stage->home);
    free(stage);
}

/* --- the node -------------------------------------------------------------------------------------------- */

static void copy_field(const char *head, const char *name, char *to, size_t n)
{
    const char *at = strcasestr(head, name);

    to[0] = 0;
    if (!at)
        return;
    at += strlen(name);
    at += strspn(at, " ");
    (void)snprintf(to, n, "%.*s", (int)strcspn(at, "\r\n"), at);
}

/* One request, whole; false if the client hung up before. */
static bool read_request(int fd, struct stage_request *ret)
{
    static _Thread_local char text[HEAD_AND_BODY_BYTES];
    size_t used = 0, wanted = SIZE_MAX;
    char *end = NULL, length[32];

    while (used < wanted) {
        ssize_t n = recv(fd, text + used, sizeof(text) - 1 - used, 0);

        if (n <= 0)
            return false;
        used += (size_t)n;
        text[used] = 0;
        if (!end && (end = strstr(text, "\r\n\r\n"))) {
            copy_field(text, "\nContent-Length:", length, sizeof(length));
            wanted = (size_t)(end + 4 - text) + (size_t)strtoul(length, NULL, 10);
        }
    }
    (void)snprintf(ret->body, sizeof(ret->body), "%s", end + 4);
    end[2] = 0;
    copy_field(text, "\nIdempotency-Key:", ret->key, sizeof(ret->key));
    copy_field(text, "\nContent-Type:", ret->type, sizeof(ret->type));
    (void)snprintf(ret->line, sizeof(ret->line), "%.*s",
        (int)(strstr(text, " HTTP/1.1\r\n") - text), text);
    return true;
}

static void answer(int fd, const struct stage_step *step)
{
    const char *body = step->body ? step->body : "{}";
    size_t n = strlen(body);
    char head[512];
    int length = snprintf(head, sizeof(head),
        "HTTP/1.1 %d Word\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
        "Location: http://localhost/elsewhere\r\nConnection: close\r\n\r\n",
        step->http, step->type ? step->type : "application/json", n);

    (void)!send(fd, head, (size_t)length, MSG_NOSIGNAL);
    (void)!send(fd, body, step->torn ? n / 2 : n, MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    struct stage *stage = context;
    int fd;

    while ((fd = accept4(stage->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        size_t i = stage->n_requests;

        if (i < STAGE_STEPS_MAX && read_request(fd, &stage->requests[i])) {
            const struct stage_step *step =
                &stage->steps[i < stage->n_steps ? i : stage->n_steps - 1];

            stage->n_requests++;
            if (step->http != 0)
                answer(fd, step);
        }
        (void)close(fd);
    }
    return NULL;
}

void stage_begin(struct stage *stage, const struct stage_step *steps, size_t n)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    stage_end(stage);
    stage->steps = steps;
    stage->n_steps = n;
    stage->n_requests = 0;
    memset(stage->requests, 0, sizeof(stage->requests));
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", stage->socket_path);
    stage->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(stage->listener >= 0);
    assert_int_equal(
        bind(stage->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(stage->listener, 16), 0);
    assert_int_equal(pthread_create(&stage->thread, NULL, serve, stage), 0);
    stage->listens = true;
}

void stage_end(struct stage *stage)
{
    if (!stage->listens)
        return;
    stage->listens = false;
    (void)shutdown(stage->listener, SHUT_RDWR);
    (void)pthread_join(stage->thread, NULL);
    (void)close(stage->listener);
    (void)unlink(stage->socket_path);
}

/* --- the command ----------------------------------------------------------------------------------------- */

static int open_file(const char *text)
{
    int fd = memfd_create("stage", MFD_CLOEXEC);

    assert_true(fd >= 0);
    if (text)
        assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static void become(const char *program, int in, int out, int err, int tty, char **argv)
{
    (void)setsid();
    if (tty >= 0)
        (void)ioctl(tty, TIOCSCTTY, 0);
    (void)dup2(in, 0);
    (void)dup2(tty >= 0 ? tty : out, 1);
    (void)dup2(err, 2);
    (void)setenv("http_proxy", "http://127.0.0.1:9", 1);
    (void)setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
    (void)execv(program, argv);
    _exit(127);
}

struct stage_child stage_start(struct stage *stage, const char *program, const char *in,
    const char *const *words, int tty)
{
    static char name[] = "amaan";
    struct stage_child child = {.out = open_file(NULL), .err = open_file(NULL)};
    char *argv[WORDS_MAX] = {name};
    int n = 1, input = open_file(in);

    (void)stage;
    for (; words[n - 1]; n++) {
        assert_true(n < WORDS_MAX - 1);
        argv[n] = strdup(words[n - 1]);
    }
    child.pid = fork();
    assert_true(child.pid >= 0);
    if (child.pid == 0)
        become(program ? program : PROGRAM, input, child.out, child.err, tty, argv);
    while (--n > 0)
        free(argv[n]);
    (void)close(input);
    return child;
}

static void read_output(int fd, char *to)
{
    ssize_t n = pread(fd, to, STAGE_TEXT_BYTES - 1, 0);

    to[n > 0 ? n : 0] = 0;
    (void)close(fd);
}

int stage_finish(struct stage *stage, struct stage_child *child)
{
    int result = -1;

    while (waitpid(child->pid, &result, 0) < 0 && errno == EINTR)
        continue;
    read_output(child->out, stage->out);
    read_output(child->err, stage->err);
    return WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
}

int stage_run(struct stage *stage, const char *in, const char *const *words)
{
    const char *all[WORDS_MAX] = {words[0], "--home", stage->home};
    size_t n = 3;

    for (size_t i = 1; words[i]; i++)
        all[n++] = words[i];
    struct stage_child child = stage_start(stage, NULL, in, all, -1);
    return stage_finish(stage, &child);
}

void stage_await_watch(const struct stage_child *child)
{
    char folder[64];
    bool seen = false;

    (void)snprintf(folder, sizeof(folder), "/proc/%d/fd", (int)child->pid);
    while (!seen) {
        DIR *list = opendir(folder);
        struct dirent *entry;

        assert_non_null(list);
        while (!seen && (entry = readdir(list))) {
            char target[64] = "";

            if (readlinkat(dirfd(list), entry->d_name, target, sizeof(target) - 1) > 0)
                seen = strstr(target, "inotify") != NULL;
        }
        (void)closedir(list);
        (void)poll(NULL, 0, 1);
    }
}
