/* SPDX-License-Identifier: Apache-2.0
 * A connect that does not block, and one poll.
 */
#include "dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t fill_address(
    const char *text, uint16_t port, struct sockaddr_storage *ret)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

    memset(ret, 0, sizeof(*ret));
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        memcpy(ret, &v4, sizeof(v4));
        return sizeof(v4);
    }
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
        memcpy(ret, &v6, sizeof(v6));
        return sizeof(v6);
    }
    return 0;
}

static int await_connection(int fd, int timeout_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    socklen_t size = sizeof(int);
    int failure = 0;

    if (poll(&ready, 1, timeout_ms) != 1)
        return ETIMEDOUT;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno;
}

int dial(const char *address, uint16_t port, int timeout_ms, int *ret_fd)
{
    struct sockaddr_storage to;
    socklen_t n = fill_address(address, port, &to);
    int fd, failure = 0;

    if (n == 0)
        return EADDRNOTAVAIL;
    fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return errno;
    if (connect(fd, (const struct sockaddr *)&to, n) != 0)
        failure = errno == EINPROGRESS ? await_connection(fd, timeout_ms) : errno;
    if (failure == 0)
        *ret_fd = fd;
    else
        (void)close(fd);
    return failure;
}
