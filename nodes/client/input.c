/* SPDX-License-Identifier: Apache-2.0
 * Pieces are read into memory that is wiped after it.
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

enum { PIECE_BYTES = 4096 };

enum status input_read_fd(int fd, struct buffer *ret, struct trouble *trouble)
{
    char piece[PIECE_BYTES];
    enum status status = STATUS_OK;
    ssize_t n = 1;

    while (status == STATUS_OK && n > 0) {
        do
            n = read(fd, piece, sizeof(piece));
        while (n < 0 && errno == EINTR);
        if (n < 0) {
            trouble_say(trouble, "it cannot be read: %s", strerror(errno));
            status = STATUS_IO;
        } else {
            status = buffer_put(ret, piece, (size_t)n);
            if (status != STATUS_OK)
                trouble_say(trouble, "it is longer than %zu bytes", ret->max);
        }
    }
    memory_wipe(piece, sizeof(piece));
    return status;
}

enum status input_read(const char *path, struct buffer *ret, struct trouble *trouble)
{
    if (strcmp(path, "-") == 0) {
        enum status status = input_read_fd(STDIN_FILENO, ret, trouble);

        if (status != STATUS_OK)
            trouble_prefix(trouble, "standard input");
        return status;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        trouble_say(trouble, "%s: %s", path, strerror(errno));
        return errno == EACCES || errno == EPERM ? STATUS_DENIED : STATUS_NOT_FOUND;
    }
    enum status status = input_read_fd(fd, ret, trouble);
    if (status != STATUS_OK)
        trouble_prefix(trouble, "%s", path);
    (void)close(fd);
    return status;
}

enum status input_number(const char *text, int64_t min, int64_t max, int64_t *ret)
{
    char *end = NULL;

    if (*text < '0' || *text > '9')
        return STATUS_MALFORMED;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end || value < min || value > max)
        return STATUS_MALFORMED;
    *ret = value;
    return STATUS_OK;
}
