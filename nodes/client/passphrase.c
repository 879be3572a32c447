/* SPDX-License-Identifier: Apache-2.0
 * At the terminal: signals that end or stop the program are held back but while it waits, so that the echo is
 * always switched on again before they have their way.
 */
#include "passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include "input.h"
#include "memory.h"

static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
static volatile sig_atomic_t caught;

struct silence {
    struct termios before;
    struct sigaction actions[ARRAY_LENGTH(SIGNALS)];
    sigset_t mask;
};

static void on_signal(int number)
{
    caught = number;
}

static void leave_no_core(void)
{
    struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

void passphrase_release(struct buffer *passphrase)
{
    buffer_release(passphrase);
    (void)prctl(PR_SET_DUMPABLE, 1); /* what is left is nobody's secret */
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
    return tcsetattr(tty, TCSAFLUSH, &quiet) == 0;
}

static void end_silence(int tty, const struct silence *silence)
{
    int number;

    (void)tcsetattr(tty, TCSAFLUSH, &silence->before);
    for (size_t i = 0; i < ARRAY_LENGTH(SIGNALS); i++)
        (void)sigaction(SIGNALS[i], &silence->actions[i], NULL);
    number = caught;
    if (number)
        (void)raise(number); /* comes through when the mask is back */
    (void)sigprocmask(SIG_SETMASK, &silence->mask, NULL);
}

/* One line, as the terminal gives it. */
static enum status read_line(
    int tty, const sigset_t *mask, struct buffer *ret, struct trouble *trouble)
{
    struct pollfd wait = {.fd = tty, .events = POLLIN};
    enum status status = STATUS_OK;
    char c = 0;
    ssize_t n = 1;

    while (status == STATUS_OK && n == 1 && c != '\n') {
        if (ppoll(&wait, 1, NULL, mask) < 0) {
            trouble_say(trouble, "interrupted");
            return STATUS_BUSY;
        }
        n = read(tty, &c, 1);
        if (n == 1)
            status = buffer_put(ret, &c, 1);
    }
    if (status != STATUS_OK)
        trouble_say(
            trouble, "the passphrase is longer than %d bytes", PASSPHRASE_BYTES_MAX);
    memory_wipe(&c, 1);
    return status;
}

static enum status read_tty(const char *what, struct buffer *ret, struct trouble *trouble)
{
    struct silence silence;
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (tty < 0) {
        trouble_say(trouble, "there is no terminal to ask for the passphrase: give it "
                             "with --passphrase-fd");
        return STATUS_NOT_FOUND;
    }
    enum status status = STATUS_IO;
    if (begin_silence(tty, &silence)) {
        (void)!write(tty, what, strlen(what));
        (void)!write(tty, ": ", 2);
        status = read_line(tty, &silence.mask, ret, trouble);
        (void)!write(tty, "\n", 1);
        end_silence(tty, &silence);
    } else {
        trouble_say(trouble, "the terminal cannot be made silent: %s", strerror(errno));
    }
    (void)close(tty);
    return status;
}

static enum status read_descriptor(
    const char *text, struct buffer *ret, struct trouble *trouble)
{
    int64_t fd;

    if (input_number(text, 0, INT32_MAX, &fd) != STATUS_OK) {
        trouble_say(trouble, "--passphrase-fd takes the number of an open descriptor");
        return STATUS_MALFORMED;
    }
    enum status status = input_read_fd((int)fd, ret, trouble);
    if (status != STATUS_OK)
        trouble_prefix(trouble, "the passphrase");
    return status;
}

enum status passphrase_read(
    const char *what, const char *descriptor, struct buffer *ret, struct trouble *trouble)
{
    struct buffer line;
    enum status status;

    leave_no_core();
    buffer_init(&line, PASSPHRASE_BYTES_MAX + 1); /* and its newline */
    status = descriptor ? read_descriptor(descriptor, &line, trouble)
                        : read_tty(what, &line, trouble);
    size_t n = line.used;
    if (status == STATUS_OK) {
        if (n > 0 && line.bytes[n - 1] == '\n')
            n--;
        if (n > PASSPHRASE_BYTES_MAX) {
            trouble_say(
                trouble, "the passphrase is longer than %d bytes", PASSPHRASE_BYTES_MAX);
            status = STATUS_TOO_BIG;
        } else if (n == 0) {
            trouble_say(trouble, "the passphrase is empty");
            status = STATUS_MALFORMED;
        } else if (!text_is_clean(span_of(line.bytes, n)) ||
                   memchr(line.bytes, '\n', n)) {
            trouble_say(trouble,
                "the passphrase is to be one line of UTF-8 without control "
                "characters");
            status = STATUS_MALFORMED;
        }
    }
    if (status == STATUS_OK)
        status = buffer_put(ret, line.bytes, n);
    buffer_release(&line);
    return status;
}
