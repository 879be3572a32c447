/* SPDX-License-Identifier: Apache-2.0
 * The terminal is /dev/tty, whatever standard input is; its echo comes back on every path: signals that end or
 * stop the program are held back but while it waits.
 */
#include "passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "memory.h"
#include "password.h"

enum { FD_MAX = 1023 };

static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
static volatile sig_atomic_t caught;

struct silence {
    struct termios before;
    struct sigaction actions[ARRAY_LENGTH(SIGNALS)];
    sigset_t mask; /* as it was: while waiting */
};

static void on_signal(int number)
{
    caught = number;
}

static bool begin_silence(int tty, struct silence *silence)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct termios quiet;
    sigset_t held;

    if (tcgetattr(tty, &silence->before) != 0)
        return false;
    (void)sigemptyset(&held);
    for (size_t i = 0; i < ARRAY_LENGTH(SIGNALS); i++) {
        (void)sigaddset(&held, SIGNALS[i]);
        (void)sigaction(SIGNALS[i], &action, &silence->actions[i]);
    }
    (void)sigprocmask(SIG_BLOCK, &held, &silence->mask);
    caught = 0;
    quiet = silence->before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    (void)tcsetattr(tty, TCSAFLUSH, &quiet);
    return true;
}

static void end_silence(int tty, const struct silence *silence)
{
    (void)tcsetattr(tty, TCSAFLUSH, &silence->before);
    for (size_t i = 0; i < ARRAY_LENGTH(SIGNALS); i++)
        (void)sigaction(SIGNALS[i], &silence->actions[i], NULL);
    if (caught)
        (void)raise(caught); /* comes through when the mask is back */
    (void)sigprocmask(SIG_SETMASK, &silence->mask, NULL);
}

/* Up to the end; at a terminal (`mask` is not NULL) to the line end, or to a signal. */
static enum status read_all(
    int fd, const sigset_t *mask, struct buffer *buffer, struct trouble *trouble)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char byte;
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        if (mask && ppoll(&wait, 1, NULL, mask) < 0) {
            trouble_say(trouble, "interrupted. Nothing was made.");
            status = STATUS_BUSY;
            break;
        }
        ssize_t n = read(fd, &byte, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            trouble_say(trouble, "the passphrase cannot be read: %s", strerror(errno));
            status = STATUS_IO;
            break;
        }
        if (n == 0 || (mask && byte == '\n'))
            break;
        status = buffer_put(buffer, &byte, 1);
        if (status == STATUS_TOO_BIG)
            trouble_say(
                trouble, "the passphrase has more than %d bytes", PASSWORD_MAX_BYTES);
    }
    memory_wipe(&byte, 1);
    if (status == STATUS_OK && buffer->used > 0 &&
        buffer->bytes[buffer->used - 1] == '\n')
        buffer->used--;
    return status;
}

static enum status ask(
    int tty, const char *question, struct buffer *buffer, struct trouble *trouble)
{
    struct silence silence;
    enum status status;

    if (!begin_silence(tty, &silence)) {
        trouble_say(trouble, "this terminal cannot hide what is typed");
        return STATUS_IO;
    }
    (void)!write(tty, question, strlen(question));
    status = read_all(tty, &silence.mask, buffer, trouble);
    (void)!write(tty, "\n", 1);
    end_silence(tty, &silence);
    return status;
}

static enum status ask_person(bool twice, struct buffer *ret, struct trouble *trouble)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct buffer again;
    enum status status;

    if (tty < 0) {
        trouble_say(trouble,
            "There is no terminal to ask for the passphrase. Use --passphrase-fd N.");
        return STATUS_NOT_FOUND;
    }
    buffer_init(&again, PASSWORD_MAX_BYTES);
    status = ask(tty, "Passphrase: ", ret, trouble);
    if (status == STATUS_OK && twice)
        status = ask(tty, "The same again: ", &again, trouble);
    if (status == STATUS_OK && twice &&
        !span_equal(buffer_span(ret), buffer_span(&again))) {
        trouble_say(trouble, "The two differ. Nothing was made.");
        status = STATUS_MALFORMED;
    }
    buffer_release(&again);
    (void)close(tty);
    return status;
}

enum status passphrase_read(
    const char *fd_text, bool twice, struct buffer *ret, struct trouble *trouble)
{
    struct buffer buffer;
    enum status status;

    buffer_init(&buffer, PASSWORD_MAX_BYTES);
    if (fd_text) {
        char *end;
        long fd = strtol(fd_text, &end, 10);

        if (end == fd_text || *end || fd < 0 || fd > FD_MAX) {
            trouble_say(
                trouble, "--passphrase-fd wants the number of an open descriptor");
            return STATUS_MALFORMED;
        }
        status = read_all((int)fd, NULL, &buffer, trouble);
    } else {
        status = ask_person(twice, &buffer, trouble);
    }
    if (status == STATUS_OK)
        *ret = buffer;
    else
        buffer_release(&buffer);
    return status;
}
