/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: a socket file that refuses a connection has no living owner and is removed. Two starters at the
 * same instant are kept apart by the database's lock, which is taken first.
 */
#include "local.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "disk.h"
#include "memory.h"

enum { BACKLOG = 64 };

static enum status make_address(
    const char *path, struct sockaddr_un *ret, struct trouble *trouble)
{
    size_t n = strlen(path);
    if (n > LOCAL_PATH_MAX) {
        trouble_say(trouble,
            "the path of the socket is %zu bytes long and may have %d: choose a home "
            "with a "
            "shorter path, or reach it by a symbolic link with a short one (%s)",
            n, LOCAL_PATH_MAX, path);
        return STATUS_TOO_BIG;
    }
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(ret->sun_path, path, n + 1);
    return STATUS_OK;
}

/* A stream socket connected there, or -1 with errno. */
static int try_connect(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    PROMISE(fd >= 0);
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

bool local_is_ours(int fd)
{
    struct ucred caller;
    socklen_t n = sizeof caller;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &caller, &n) == 0 &&
           n == sizeof caller && caller.uid == geteuid();
}

enum status local_connect(const char *path, int *ret_fd, struct trouble *trouble)
{
    struct sockaddr_un address;
    enum status status = make_address(path, &address, trouble);
    if (status != STATUS_OK)
        return status;
    int fd = try_connect(&address);
    if (fd >= 0 && !local_is_ours(fd)) {
        close(fd);
        trouble_say(trouble, "the process behind %s is run by another user", path);
        return STATUS_DENIED;
    }
    if (fd >= 0) {
        *ret_fd = fd;
        return STATUS_OK;
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        trouble_say(trouble, "nothing is running there: there is no %s", path);
        return STATUS_NOT_FOUND;
    }
    if (errno == ECONNREFUSED) {
        trouble_say(trouble,
            "nothing is running there: %s was left by a process that ended", path);
        return STATUS_CLOSED;
    }
    trouble_say(trouble, "cannot reach %s: %s", path, strerror(errno));
    return STATUS_DENIED;
}

/* The folder of the path exists, is ours and closed to others. */
static enum status prepare_folder(const char *path, struct trouble *trouble)
{
    struct stat info;
    char *folder = memory_copy_text(path), *slash = strrchr(folder, '/');
    enum status status = STATUS_DENIED;
    if (slash == NULL || slash == folder) {
        trouble_say(trouble, "the socket %s does not stand in a folder of its own", path);
        goto done;
    }
    *slash = '\0';
    status = disk_make_folder(folder, trouble);
    if (status != STATUS_OK)
        goto done;
    if (stat(folder, &info) != 0 || info.st_uid != geteuid() ||
        (info.st_mode & 077) != 0) {
        trouble_say(trouble,
            "the folder %s must belong to the user who runs this and be closed to others "
            "(chmod 700)",
            folder);
        status = STATUS_DENIED;
    }
done:
    memory_free(folder);
    return status;
}

static enum status remove_stale(
    const char *path, const struct sockaddr_un *address, struct trouble *trouble)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return STATUS_OK;
    if (!S_ISSOCK(info.st_mode)) {
        trouble_say(trouble, "%s is in the way: it is not a socket", path);
        return STATUS_DENIED;
    }
    int fd = try_connect(address);
    if (fd >= 0) {
        close(fd);
        trouble_say(
            trouble, "another process is already running there and listens at %s", path);
        return STATUS_EXISTS;
    }
    if (errno != ECONNREFUSED || unlink(path) != 0) {
        trouble_say(trouble, "cannot replace %s: %s", path, strerror(errno));
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

enum status local_listen(const char *path, int *ret_fd, struct trouble *trouble)
{
    struct sockaddr_un address;
    enum status status = make_address(path, &address, trouble);
    if (status == STATUS_OK)
        status = prepare_folder(path, trouble);
    if (status == STATUS_OK)
        status = remove_stale(path, &address, trouble);
    if (status != STATUS_OK)
        return status;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    PROMISE(fd >= 0);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(path, 0600) != 0 || listen(fd, BACKLOG) != 0) {
        trouble_say(trouble, "cannot listen at %s: %s", path, strerror(errno));
        close(fd);
        return STATUS_IO;
    }
    *ret_fd = fd;
    return STATUS_OK;
}
