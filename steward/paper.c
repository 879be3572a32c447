/* SPDX-License-Identifier: Apache-2.0
 * Thin: disk.h does the work, this adds standard input, and the sentences.
 */
#include "paper.h"

#include <errno.h>
#include <sys/stat.h>

#include "disk.h"
#include "memory.h"

enum { PUBLIC_MODE = 0644 };

static enum status read_standard_input(
    size_t max, struct buffer *ret, struct trouble *trouble)
{
    uint8_t chunk[4096];
    enum status status = STATUS_OK;

    buffer_init(ret, max);
    while (status == STATUS_OK) {
        ssize_t got = read(STDIN_FILENO, chunk, sizeof chunk);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            trouble_say(trouble, "standard input cannot be read: %s", strerror(errno));
            status = STATUS_IO;
        } else if (got == 0) {
            break;
        } else {
            status = buffer_put(ret, chunk, (size_t)got);
            if (status)
                trouble_say(trouble, "what comes on standard input is too long");
        }
    }
    if (status == STATUS_OK && ret->used == 0) {
        trouble_say(trouble, "nothing came on standard input (it can be read once only)");
        status = STATUS_MALFORMED;
    }
    memory_wipe(chunk, sizeof chunk);
    if (status)
        buffer_release(ret);
    return status;
}

enum status paper_read(
    const char *path, size_t max, struct buffer *ret, struct trouble *trouble)
{
    struct stat about;

    if (strcmp(path, "-") == 0)
        return read_standard_input(max, ret, trouble);
    if (lstat(path, &about) == 0 && S_ISLNK(about.st_mode)) {
        trouble_say(trouble, "%s is a symbolic link: name the file itself", path);
        return STATUS_DENIED;
    }
    return disk_read(path, max, ret, trouble);
}

enum status paper_read_document(const char *path, enum document_type type,
    struct buffer *ret, struct document *ret_document, struct trouble *trouble)
{
    enum status status = paper_read(path, PAPER_BYTES_MAX, ret, trouble);

    if (status)
        return status;
    status = document_decode_one(buffer_span(ret), type, ret_document);
    if (status) {
        trouble_say(trouble, "%s is not a %s document, or it is damaged", path,
            document_type_name(type));
        buffer_release(ret);
    }
    return status;
}

/* disk.h makes the new content as PATH.new, and takes away what stands there. */
static enum status check_spare(const char *path, struct trouble *trouble)
{
    size_t size = strlen(path) + sizeof ".new";
    char *spare = memory_new(size);
    struct stat about;
    enum status status = STATUS_OK;

    (void)snprintf(spare, size, "%s.new", path);
    if (lstat(spare, &about) == 0) {
        trouble_say(trouble,
            "%s is in the way: it may be left over from a write that was cut short. "
            "Look at it, move it away, and do this again",
            spare);
        status = STATUS_EXISTS;
    }
    memory_free(spare);
    return status;
}

enum status paper_check_new(const char *path, struct trouble *trouble)
{
    struct stat about;

    if (strcmp(path, "-") == 0) {
        trouble_say(trouble, "- is for reading: give the file's name");
        return STATUS_MALFORMED;
    }
    if (lstat(path, &about) != 0)
        return check_spare(path, trouble);
    trouble_say(trouble,
        "%s is already there, and nothing is overwritten: choose "
        "another name, or move the file away",
        path);
    return STATUS_EXISTS;
}

enum status paper_create(
    const char *path, struct span bytes, mode_t mode, struct trouble *trouble)
{
    enum status status = paper_check_new(path, trouble);

    return status ? status : disk_write(path, bytes, mode, trouble);
}

void paper_remove(const char *path)
{
    (void)unlink(path);
}

enum status paper_replace(const char *path, struct span bytes, struct trouble *trouble)
{
    enum status status = check_spare(path, trouble);

    return status ? status : disk_write(path, bytes, PUBLIC_MODE, trouble);
}
