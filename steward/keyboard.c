/* SPDX-License-Identifier: Apache-2.0
 * While a passphrase is typed the terminal neither echoes nor sends signals: Ctrl-C is read as a letter, so
 * that the terminal is never left silent behind us.
 */
#include "keyboard.h"

#include <errno.h>
#include <fcntl.h>
#include <termios.h>

#include "memory.h"

enum { CONTROL_C = 3 };

static enum status open_terminal(int *ret, const char *instead, struct trouble *trouble)
{
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (terminal < 0) {
        trouble_say(trouble, "there is no terminal to ask on: give %s", instead);
        return STATUS_CLOSED;
    }
    *ret = terminal;
    return STATUS_OK;
}

static void say(int terminal, const char *text)
{
    size_t n = strlen(text);

    while (n > 0) {
        ssize_t put = write(terminal, text, n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return; /* who cannot read the question will not answer it */
        text += put;
        n -= (size_t)put;
    }
}

/* One line without its end, byte by byte: what stands behind it may be for somebody else. TOO_BIG when it
 * does not fit; CLOSED for Ctrl-C, or the end before any byte. */
static enum status read_line(int file, char *line, size_t size, size_t *ret_n)
{
    size_t n = 0;
    char letter = 0;

    for (;;) {
        ssize_t got = read(file, &letter, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return STATUS_IO;
        if (got == 0 && n == 0)
            return STATUS_CLOSED;
        if (got == 0 || letter == '\n')
            break;
        if (letter == CONTROL_C)
            return STATUS_CLOSED;
        if (n + 1 >= size)
            return STATUS_TOO_BIG;
        line[n++] = letter;
    }
    line[n] = 0;
    *ret_n = n;
    return STATUS_OK;
}

static enum status ask_silently(int terminal, const char *prompt, struct passphrase *ret)
{
    struct termios loud, silent;
    enum status status;

    if (tcgetattr(terminal, &loud) != 0)
        return STATUS_IO;
    silent = loud;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    if (tcsetattr(terminal, TCSAFLUSH, &silent) != 0)
        return STATUS_IO;
    say(terminal, prompt);
    status = read_line(terminal, ret->bytes, sizeof ret->bytes, &ret->n);
    (void)tcsetattr(terminal, TCSAFLUSH, &loud);
    say(terminal, "\n");
    return status;
}

static enum status read_from_terminal(
    const char *prompt, bool is_new, struct passphrase *ret, struct trouble *trouble)
{
    struct passphrase again = {"", 0};
    int terminal;
    enum status status = open_terminal(&terminal, "--passphrase-fd N", trouble);

    if (status)
        return status;
    status = ask_silently(terminal, prompt, ret);
    if (status == STATUS_OK && is_new)
        status = ask_silently(terminal, "The same again: ", &again);
    (void)close(terminal);
    if (status) {
        trouble_say(trouble, status == STATUS_TOO_BIG ? "that passphrase is too long"
                                                      : "no passphrase was given");
    } else if (is_new && (again.n != ret->n || memcmp(again.bytes, ret->bytes, ret->n))) {
        trouble_say(trouble, "the two were not the same; nothing was written");
        status = STATUS_DENIED;
    }
    passphrase_release(&again);
    return status;
}

static enum status read_from_descriptor(
    const char *fd_word, struct passphrase *ret, struct trouble *trouble)
{
    char *end;
    long number = strtol(fd_word, &end, 10);
    enum status status;

    if (!*fd_word || *end || number < 0 || number > 1023) {
        trouble_say(trouble, "--passphrase-fd needs the number of an open file");
        return STATUS_MALFORMED;
    }
    status = read_line((int)number, ret->bytes, sizeof ret->bytes, &ret->n);
    if (status)
        trouble_say(
            trouble, "no passphrase could be read from file descriptor %ld", number);
    return status;
}

enum status passphrase_read(const char *fd_word, const char *prompt, bool is_new,
    struct passphrase *ret, struct trouble *trouble)
{
    struct passphrase passphrase = {"", 0};
    enum status status = fd_word
                             ? read_from_descriptor(fd_word, &passphrase, trouble)
                             : read_from_terminal(prompt, is_new, &passphrase, trouble);

    if (status == STATUS_OK && passphrase.n == 0) {
        trouble_say(trouble, "no passphrase was given");
        status = STATUS_CLOSED;
    }
    if (status == STATUS_OK && is_new && passphrase.n < PASSPHRASE_NEW_MIN_BYTES) {
        trouble_say(trouble,
            "a steward's passphrase has at least %d letters: take five or more words "
            "that have nothing to do with each other",
            PASSPHRASE_NEW_MIN_BYTES);
        status = STATUS_DENIED;
    }
    if (status == STATUS_OK)
        *ret = passphrase;
    passphrase_release(&passphrase);
    return status;
}

struct span passphrase_span(const struct passphrase *passphrase)
{
    return span_of(passphrase->bytes, passphrase->n);
}

void passphrase_release(struct passphrase *passphrase)
{
    memory_wipe(passphrase, sizeof *passphrase);
}

enum status keyboard_confirms(
    const char *question, const char *instead, struct trouble *trouble)
{
    char answer[16];
    size_t n;
    int terminal;
    enum status status = open_terminal(&terminal, instead, trouble);

    if (status)
        return status;
    (void)tcflush(
        terminal, TCIFLUSH); /* what was typed before the question is no answer */
    say(terminal, question);
    say(terminal, " Type yes: ");
    status = read_line(terminal, answer, sizeof answer, &n);
    (void)close(terminal);
    if (status == STATUS_OK && strcmp(answer, "yes") == 0)
        return STATUS_OK;
    trouble_say(trouble, "that was not a yes: nothing was written");
    return STATUS_DENIED;
}
