/* SPDX-License-Identifier: Apache-2.0 */
#include "lan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

enum { BACKLOG = 32 };

static bool read_address(const struct sockaddr *from, uint8_t *ret)
{
    struct sockaddr_in in;

    if (!from || from->sa_family != AF_INET)
        return false;
    memcpy(&in, from, sizeof(in));
    memcpy(ret, &in.sin_addr.s_addr, SUBNET_ADDRESS_BYTES);
    return true;
}

/* The whole of 127.0.0.0/8 is this machine's, whatever the interface lists. */
static bool is_loopback(const uint8_t *address)
{
    return address[0] == 127;
}

static bool find_net(const uint8_t *address, struct subnet *ret)
{
    struct ifaddrs *all = NULL;
    bool found = false;

    if (getifaddrs(&all) != 0)
        return false;
    for (const struct ifaddrs *at = all; at && !found; at = at->ifa_next) {
        struct subnet net;

        if (!read_address(at->ifa_addr, net.address) ||
            !read_address(at->ifa_netmask, net.mask))
            continue;
        found = memcmp(net.address, address, SUBNET_ADDRESS_BYTES) == 0 ||
                (is_loopback(address) && is_loopback(net.address));
        if (found)
            *ret = net;
    }
    freeifaddrs(all);
    return found;
}

enum status lan_listen(const uint8_t address[static SUBNET_ADDRESS_BYTES], uint16_t port,
    int *ret_fd, struct subnet *ret, struct trouble *trouble)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    char text[SUBNET_TEXT_BYTES];
    int fd, yes = 1;

    subnet_format(address, text);
    memcpy(&at.sin_addr.s_addr, address, SUBNET_ADDRESS_BYTES);
    if (!find_net(address, ret)) {
        trouble_say(trouble, "no interface of this machine has the address %s", text);
        return STATUS_NOT_FOUND;
    }
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    PROMISE(fd >= 0);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
        bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
        listen(fd, BACKLOG) != 0) {
        bool taken = errno == EADDRINUSE;

        trouble_say(
            trouble, "cannot listen at %s, port %u: %s", text, port, strerror(errno));
        close(fd);
        return taken ? STATUS_EXISTS : STATUS_IO;
    }
    *ret_fd = fd;
    return STATUS_OK;
}

bool lan_admits(const struct subnet *net, const struct sockaddr *client, socklen_t n)
{
    uint8_t address[SUBNET_ADDRESS_BYTES];

    return n >= sizeof(struct sockaddr_in) && read_address(client, address) &&
           subnet_holds(net, address);
}
