/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: the kernel looks an exact question up in its table of connections and falls back to listeners,
 * therefore the echoed ends are compared. It answers while the question is sent, so nothing is waited for.
 */
#include "loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

enum {
    BACKLOG = 64,
    ESTABLISHED = 1, /* TCP_ESTABLISHED of the kernel, whose header clashes with libc's */
    UNKNOWN_USER = 65534, /* the kernel's overflow uid */
    ANSWER_BYTES_MAX = 1024,
    SEQUENCE = 1 /* each question has a socket of its own */
};

struct question {
    struct nlmsghdr head;
    struct inet_diag_req_v2 ask;
};

uint16_t loopback_port(int fd)
{
    struct sockaddr_in address = {0};
    socklen_t n = sizeof(address);

    if (getsockname(fd, (struct sockaddr *)&address, &n) != 0 || n != sizeof(address) ||
        address.sin_family != AF_INET ||
        address.sin_addr.s_addr != htonl(INADDR_LOOPBACK))
        return 0;
    return ntohs(address.sin_port);
}

enum status loopback_listen(
    uint16_t port, int *ret_fd, uint16_t *ret_port, struct trouble *trouble)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;

    PROMISE(fd >= 0);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(fd, BACKLOG) != 0) {
        bool taken = errno == EADDRINUSE;

        trouble_say(
            trouble, "cannot listen at 127.0.0.1, port %u: %s", port, strerror(errno));
        close(fd);
        return taken ? STATUS_EXISTS : STATUS_IO;
    }
    *ret_fd = fd;
    *ret_port = loopback_port(fd);
    return STATUS_OK;
}

/* Sends the question and takes the one datagram that answers it; its bytes, or -1. */
static ssize_t ask_kernel(struct question *question, void *answer, size_t size)
{
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    struct sockaddr_nl from = {0};
    struct iovec part = {answer, size};
    struct msghdr message = {.msg_name = &from,
        .msg_namelen = sizeof(from),
        .msg_iov = &part,
        .msg_iovlen = 1};
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    ssize_t n = -1;

    if (fd < 0)
        return -1;
    if (sendto(fd, question, sizeof(*question), MSG_DONTWAIT,
            (const struct sockaddr *)&kernel, sizeof(kernel)) == sizeof(*question))
        n = recvmsg(fd, &message, MSG_DONTWAIT);
    close(fd);
    if (n < 0 || message.msg_namelen != sizeof(from) || from.nl_family != AF_NETLINK ||
        from.nl_pid != 0 || (message.msg_flags & MSG_TRUNC) != 0)
        return -1;
    return n;
}

static bool is_same_end(
    const struct inet_diag_sockid *a, const struct inet_diag_sockid *b)
{
    return a->idiag_sport == b->idiag_sport && a->idiag_dport == b->idiag_dport &&
           a->idiag_src[0] == b->idiag_src[0] && a->idiag_dst[0] == b->idiag_dst[0];
}

bool loopback_is_ours(const struct sockaddr *client, socklen_t n, uint16_t port)
{
    _Alignas(struct nlmsghdr) uint8_t answer[ANSWER_BYTES_MAX];
    struct sockaddr_in from;
    struct nlmsghdr head;
    struct inet_diag_msg told;

    if (n < sizeof(from) || client->sa_family != AF_INET || port == 0)
        return false;
    memcpy(&from, client, sizeof(from));
    if (from.sin_addr.s_addr != htonl(INADDR_LOOPBACK))
        return false;
    struct question question = {.head = {.nlmsg_len = sizeof(question),
                                    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                                    .nlmsg_flags = NLM_F_REQUEST,
                                    .nlmsg_seq = SEQUENCE},
        .ask = {.sdiag_family = AF_INET,
            .sdiag_protocol = IPPROTO_TCP,
            .idiag_states = UINT32_MAX,
            .id = {.idiag_sport = from.sin_port,
                .idiag_dport = htons(port),
                .idiag_src = {htonl(INADDR_LOOPBACK)},
                .idiag_dst = {htonl(INADDR_LOOPBACK)},
                .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}}};
    ssize_t got = ask_kernel(&question, answer, sizeof(answer));
    if (got < (ssize_t)NLMSG_LENGTH(sizeof(told)))
        return false;
    memcpy(&head, answer, sizeof(head));
    memcpy(&told, answer + NLMSG_HDRLEN, sizeof(told));
    return head.nlmsg_type == SOCK_DIAG_BY_FAMILY && head.nlmsg_seq == SEQUENCE &&
           head.nlmsg_len >= NLMSG_LENGTH(sizeof(told)) &&
           head.nlmsg_len <= (size_t)got && told.idiag_family == AF_INET &&
           is_same_end(&told.id, &question.ask.id) && told.idiag_state == ESTABLISHED &&
           told.idiag_inode != 0 && told.idiag_uid == geteuid() &&
           told.idiag_uid != UNKNOWN_USER;
}
