/* SPDX-License-Identifier: Apache-2.0
 * The address holds a secret, and a program's words can be read by every user of the machine. So the browser is given a
 * file that only this user can read, and that leads to the address. The secret in it is good once and for a minute.
 */
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "disk.h"
#include "memory.h"
#include "print.h"
#include "request.h"

#define BROWSER "/usr/bin/xdg-open"
#define HAND_OVER "open.html"
enum {
    ADDRESS_MAX = 256,
    HAND_OVER_MAX = 1024,
    FAILS_WITHIN_MS = 3000 /* one that still runs then has found a browser */
};

extern char **environ;

/* Ours alone, so that nothing in it needs escaping in the file. */
static bool is_address(const char *text)
{
    static const char BEGIN[] = "http://127.0.0.1:";

    return strncmp(text, BEGIN, sizeof(BEGIN) - 1) == 0 && strlen(text) < ADDRESS_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789:/.?=") == strlen(text);
}

static char *write_hand_over(const struct order *order, const char *address)
{
    char text[HAND_OVER_MAX];
    char *path = disk_path(order->run, HAND_OVER);
    struct trouble trouble = {""};
    enum status status;

    (void)snprintf(text, sizeof(text),
        "<!doctype html><meta charset=\"utf-8\"><title>Amaan</title>"
        "<meta http-equiv=\"refresh\" content=\"0;url=%s\">"
        "<p><a href=\"%s\">Amaan</a></p>\n",
        address, address);
    status = disk_write(path, span_text(text), 0600, &trouble);
    memory_wipe(text, sizeof(text));
    if (status == STATUS_OK)
        return path;
    command_complain("%s", trouble.text);
    memory_free(path);
    return NULL;
}

/* Nobody waits for a browser that stays in the foreground. */
static bool ends_well(pid_t pid)
{
    struct pollfd ends = {.fd = pidfd_open(pid, 0), .events = POLLIN};
    int how = 0;

    if (ends.fd < 0)
        return true;
    bool ended = poll(&ends, 1, FAILS_WITHIN_MS) > 0;
    (void)close(ends.fd);
    return !ended || (waitpid(pid, &how, 0) == pid && WIFEXITED(how) &&
                         WEXITSTATUS(how) == EXIT_SUCCESS);
}

static bool start_browser(const char *browser, const char *path)
{
    posix_spawn_file_actions_t actions;
    char *const words[] = {memory_copy_text(browser), memory_copy_text(path), NULL};
    pid_t pid;

    PROMISE(posix_spawn_file_actions_init(&actions) == 0);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        PROMISE(posix_spawn_file_actions_addopen(
                    &actions, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0) == 0);
    int failure = posix_spawn(&pid, browser, &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    memory_free(words[0]);
    memory_free(words[1]);
    return failure == 0 && ends_well(pid);
}

/* A browser needs a screen, unless a person names a program. */
static const char *find_browser(const struct order *order)
{
    const char *named = order_field(order, "browser");

    if (named)
        return named;
    if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))
        return NULL;
    return access(BROWSER, X_OK) == 0 ? BROWSER : NULL;
}

static void show(const struct order *order, const char *address)
{
    const char *browser =
        arguments_flag(&order->arguments, "print") ? NULL : find_browser(order);
    char *path = browser ? write_hand_over(order, address) : NULL;

    if (path && start_browser(browser, path)) {
        (void)fprintf(stderr, "The browser opens the page of this node.\n");
    } else {
        if (path)
            (void)unlink(path);
        (void)printf("%s\n", address);
        if (!arguments_flag(&order->arguments, "print"))
            (void)fprintf(stderr,
                "No browser could be started. Open this address on this "
                "machine within a minute; it is good once.\n");
    }
    memory_free(path);
}

int open_run(struct order *order)
{
    struct json *fields = json_new_object();
    struct request request = {
        .verb = order->verb, .fields = fields, .timeout_ms = order->timeout_ms};
    struct reply reply = {0};
    int code = begin_run(order);

    if (code == EX_OK)
        code = request_run(order, &request, &reply);
    const char *address = code == EX_OK ? json_find_text(reply.json, "address") : NULL;

    if (address && is_address(address)) {
        show(order, address);
    } else if (code == EX_OK) {
        command_complain("open: the node's answer is no address of this machine");
        code = EX_SOFTWARE;
    }
    reply_release(&reply);
    json_destroy(&fields);
    return code;
}
