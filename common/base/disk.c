/* SPDX-License-Identifier: Apache-2.0
 *
 * The new content is written to "<path>.new" beside the old file: one writer per path at a time, which the
 * lock on a program's home sees to. A left-over of a crash is removed by the next write.
 */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "memory.h"

static enum status complain(
    struct trouble *trouble, const char *what, const char *path, int error)
{
    trouble_say(trouble, "cannot %s %s: %s", what, path, strerror(error));
    switch (error) {
    case ENOENT:
        return STATUS_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return STATUS_FULL;
    default:
        return STATUS_IO;
    }
}

static enum status read_all(
    int file, struct buffer *buffer, const char *path, struct trouble *trouble)
{
    uint8_t chunk[4096];
    enum status status = STATUS_OK;

    while (!status) {
        ssize_t got = read(file, chunk, sizeof(chunk));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            status = complain(trouble, "read", path, errno);
        else if (got == 0)
            break;
        else
            status = buffer_put(buffer, chunk, (size_t)got);
    }
    if (status == STATUS_TOO_BIG)
        trouble_say(
            trouble, "%s is larger than the %zu bytes it may have", path, buffer->max);
    memory_wipe(chunk, sizeof(chunk)); /* it may have been a key */
    return status;
}

enum status disk_read(
    const char *path, size_t max, struct buffer *ret, struct trouble *trouble)
{
    struct buffer buffer;
    struct stat about;
    enum status status;
    /* Not blocking: a pipe in the file's place must not hang us. */
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (file < 0)
        return complain(trouble, "open", path, errno);
    buffer_init(&buffer, max);
    if (fstat(file, &about) != 0) {
        status = complain(trouble, "look at", path, errno);
    } else if (!S_ISREG(about.st_mode)) {
        trouble_say(trouble, "%s is not a regular file", path);
        status = STATUS_IO;
    } else {
        status = read_all(file, &buffer, path, trouble);
    }
    (void)close(file);
    if (status) {
        buffer_release(&buffer);
        return status;
    }
    *ret = buffer;
    return STATUS_OK;
}

static char *parent_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return memory_copy_text(".");
    if (slash == path)
        return memory_copy_text("/");

    char *parent = memory_copy_text(path);

    parent[slash - path] = '\0';
    return parent;
}

enum status disk_sync_parent(const char *path, struct trouble *trouble)
{
    char *parent = parent_of(path);
    enum status status = STATUS_OK;
    int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0 || fsync(folder) != 0) {
        (void)complain(trouble, "sync the folder", parent, errno);
        status = STATUS_IO;
    }
    if (folder >= 0)
        (void)close(folder);
    memory_free(parent);
    return status;
}

static bool write_all(int file, struct span bytes)
{
    while (bytes.n) {
        ssize_t put = write(file, bytes.at, bytes.n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes.at += put;
        bytes.n -= (size_t)put;
    }
    return true;
}

/* Makes the file `fresh` with these bytes, on the disk for good, or leaves none. */
static enum status write_fresh(
    const char *fresh, struct span bytes, mode_t mode, struct trouble *trouble)
{
    enum status status = STATUS_OK;
    int file;

    if (unlink(fresh) != 0 && errno != ENOENT)
        return complain(trouble, "remove", fresh, errno);
    file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode & 0700);
    if (file < 0) {
        status = complain(trouble, "create", fresh, errno);
        return status == STATUS_NOT_FOUND ? STATUS_IO : status;
    }
    if (!write_all(file, bytes) || fchmod(file, mode) != 0 || fsync(file) != 0)
        status = complain(trouble, "write", fresh, errno);
    if (close(file) != 0 && !status)
        status = complain(trouble, "close", fresh, errno);
    if (status)
        (void)unlink(fresh);
    return status;
}

static char *fresh_name(const char *path)
{
    size_t size = strlen(path) + sizeof(".new");
    char *fresh = memory_new(size);

    (void)snprintf(fresh, size, "%s.new", path);
    return fresh;
}

enum status disk_write(
    const char *path, struct span bytes, mode_t mode, struct trouble *trouble)
{
    char *fresh = fresh_name(path);
    enum status status = write_fresh(fresh, bytes, mode, trouble);

    if (!status && rename(fresh, path) != 0) {
        status = complain(trouble, "replace", path, errno);
        (void)unlink(fresh);
    }
    if (!status)
        status = disk_sync_parent(path, trouble);
    memory_free(fresh);
    return status;
}

enum status disk_write_new(
    const char *path, struct span bytes, mode_t mode, struct trouble *trouble)
{
    char *fresh;
    enum status status;
    struct stat about;

    if (lstat(path, &about) == 0) {
        trouble_say(trouble, "%s is already there", path);
        return STATUS_EXISTS;
    }
    fresh = fresh_name(path);
    status = write_fresh(fresh, bytes, mode, trouble);
    if (!status) {
        /* A link never replaces: whoever came first between the look and now has won. */
        if (link(fresh, path) != 0) {
            status = errno == EEXIST ? STATUS_EXISTS
                                     : complain(trouble, "create", path, errno);
            if (status == STATUS_EXISTS)
                trouble_say(trouble, "%s is already there", path);
        }
        (void)unlink(fresh);
    }
    if (!status)
        status = disk_sync_parent(path, trouble);
    memory_free(fresh);
    return status;
}

enum status disk_destroy(const char *path, struct trouble *trouble)
{
    static const uint8_t zeros[4096];
    enum status status = STATUS_OK;
    struct stat about;
    int file = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

    if (file < 0 && errno == ENOENT)
        return STATUS_OK;
    if (file < 0 || fstat(file, &about) != 0) {
        status = complain(trouble, "overwrite", path, errno);
    } else {
        for (int64_t left = about.st_size; status == STATUS_OK && left > 0;
             left -= (int64_t)sizeof(zeros)) {
            size_t n = left < (int64_t)sizeof(zeros) ? (size_t)left : sizeof(zeros);

            if (!write_all(file, span_of(zeros, n)))
                status = complain(trouble, "overwrite", path, errno);
        }
        if (fsync(file) != 0)
            status = complain(trouble, "overwrite", path, errno);
    }
    if (file >= 0)
        (void)close(file);
    if (unlink(path) != 0)
        status = complain(trouble, "remove", path, errno);
    enum status synced = disk_sync_parent(path, trouble);
    return status == STATUS_OK ? synced : status;
}

static enum status check_folder(const char *path, struct trouble *trouble)
{
    struct stat about;

    if (lstat(path, &about) != 0)
        return complain(trouble, "look at", path, errno);
    if (!S_ISDIR(about.st_mode)) {
        trouble_say(trouble, "%s is there and is not a folder", path);
        return STATUS_DENIED;
    }
    if (about.st_uid != geteuid()) {
        trouble_say(trouble, "%s belongs to another user", path);
        return STATUS_DENIED;
    }
    if ((about.st_mode & 07777 & ~(mode_t)S_ISGID) != 0700) {
        trouble_say(trouble, "%s is open to other users; close it with: chmod 700 %s",
            path, path);
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

/* Every folder above the last component. */
static enum status make_parents(char *path, struct trouble *trouble)
{
    for (char *at = path + 1; *at; at++) {
        int result;

        if (*at != '/')
            continue;
        *at = '\0';
        result = mkdir(path, 0755);
        if (result != 0 && errno != EEXIST)
            return complain(trouble, "make the folder", path, errno);
        *at = '/';
        while (at[1] == '/')
            at++;
    }
    return STATUS_OK;
}

enum status disk_make_folder(const char *path, struct trouble *trouble)
{
    char *copy = memory_copy_text(path);
    size_t n = strlen(copy);
    enum status status;

    while (n > 1 && copy[n - 1] == '/')
        copy[--n] = '\0';
    status = n ? make_parents(copy, trouble)
               : complain(trouble, "make the folder", "", EINVAL);
    if (!status) {
        if (mkdir(copy, 0700) == 0)
            status = disk_sync_parent(copy, trouble);
        else if (errno == EEXIST)
            status = check_folder(copy, trouble);
        else
            status = complain(trouble, "make the folder", copy, errno);
    }
    memory_free(copy);
    return status;
}

/* systemd keeps the folder of a service's credentials private; the files in it may carry an access list,
 * which shows as a group permission. */
static bool is_credential(const char *path)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    size_t n = folder ? strlen(folder) : 0;

    return n > 1 && strncmp(path, folder, n) == 0 && path[n] == '/' &&
           !strchr(path + n + 1, '/');
}

enum status disk_check_private(const char *path, struct trouble *trouble)
{
    struct stat about;
    mode_t others = is_credential(path) ? 0007 : 0077;

    if (lstat(path, &about) != 0)
        return complain(trouble, "look at", path, errno);
    if (!S_ISREG(about.st_mode)) {
        trouble_say(trouble, "%s is not a regular file", path);
        return STATUS_DENIED;
    }
    if (about.st_mode & others) {
        trouble_say(trouble,
            "%s can be used by other users of this machine; close it with: chmod 600 %s",
            path, path);
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

static int64_t clamp_bytes(uint64_t blocks, uint64_t block_bytes)
{
    uint64_t bytes;

    if (__builtin_mul_overflow(blocks, block_bytes, &bytes) || bytes > INT64_MAX)
        return INT64_MAX;
    return (int64_t)bytes;
}

enum status disk_room(const char *path, int64_t *ret_free, int64_t *ret_total)
{
    struct statvfs about;

    if (statvfs(path, &about) != 0)
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    *ret_free = clamp_bytes(about.f_bavail, about.f_frsize);
    *ret_total = clamp_bytes(about.f_blocks, about.f_frsize);
    return STATUS_OK;
}

char *disk_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + 1 + strlen(name) + 1;
    char *path = memory_new(size);

    (void)snprintf(path, size, "%s/%s", folder, name);
    return path;
}
