/* SPDX-License-Identifier: Apache-2.0
 *
 * loopback: TCP on 127.0.0.1 for this user alone. Every user of a machine can connect there, so the kernel is
 * asked whose socket the other end is: sock_diag(7), one exact question with the client's end as the source.
 *
 * The kernel tells the user who made the socket. No answer, an answer about another socket, a socket that is
 * not established or that no process holds any more, and the user 65534 (who stands for every user that a
 * namespace does not know): all of that is "not ours".
 */
#ifndef AMAAN_LOOPBACK_H
#define AMAAN_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "status.h"

/* Port 0: one that is free. EXISTS (somebody listens there), IO. */
enum status loopback_listen(
    uint16_t port, int *ret_fd, uint16_t *ret_port, struct trouble *trouble) MUST_USE;
/* The port of a socket that is bound to 127.0.0.1; 0 if it is bound to anything else. */
uint16_t loopback_port(int fd);
/* Is the process at `client`, which is connected to our port, run by this user? */
bool loopback_is_ours(const struct sockaddr *client, socklen_t n, uint16_t port);

#endif
