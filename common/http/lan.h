/* SPDX-License-Identifier: Apache-2.0
 *
 * lan: TCP on one address of this machine in the office's network (subnet.h), for callers of that network alone.
 *
 * The kernel's interface that has the address says how large the network is. Whoever calls from elsewhere, through a
 * router or a tunnel, is not admitted before a byte is read. It says nothing about who calls: that is TLS' part for
 * the desk, and name and passphrase for the person.
 */
#ifndef AMAAN_LAN_H
#define AMAAN_LAN_H

#include <sys/socket.h>

#include "subnet.h"

/* `ret` is the network. NOT_FOUND: no interface of this machine has the address, EXISTS: somebody listens there, IO. */
enum status lan_listen(const uint8_t address[static SUBNET_ADDRESS_BYTES], uint16_t port,
    int *ret_fd, struct subnet *ret, struct trouble *trouble) MUST_USE;
/* Is the client a neighbour? */
bool lan_admits(const struct subnet *net, const struct sockaddr *client, socklen_t n);

#endif
