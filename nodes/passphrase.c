/* SPDX-License-Identifier: Apache-2.0
 * The terminal is /dev/tty, whatever standard input is; its echo comes back on every path.
 */
#include "passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "memory.h"
#include "password.h"

enum { FD_MAX = 1023 };

/* Up to the end, or to the line end. */
static enum status read_all(
    int fd, bool line, struct buffer *buffer, struct trouble *trouble)
{
    char byte;
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        ssize_t n = read(fd, &byte, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            trouble_say(trouble, "the passphrase cannot be read: %s", strerror(errno));
            status = STATUS_IO;
            break;
        }
        if (n == 0 || (line && byte == '\n'))
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
    struct termios before, quiet;
    enum status status;

    if (tcgetattr(tty, &before) != 0) {
        trouble_say(trouble, "this terminal cannot hide what is typed");
        return STATUS_IO;
    }
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    (void)!write(tty, question, strlen(question));
    (void)tcsetattr(tty, TCSAFLUSH, &quiet);
    status = read_all(tty, true, buffer, trouble);
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    (void)!write(tty, "\n", 1);
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
        status = read_all((int)fd, false, &buffer, trouble);
    } else {
        status = ask_person(twice, &buffer, trouble);
    }
    if (status == STATUS_OK)
        *ret = buffer;
    else
        buffer_release(&buffer);
    return status;
}
