/* SPDX-License-Identifier: Apache-2.0
 *
 * dial: one connection of TCP to a numeric address, within a time. For probes: the transport itself dials by libzmq.
 */
#ifndef AMAAN_DIAL_H
#define AMAAN_DIAL_H

#include <stdint.h>

/* 0 and a descriptor that does not block; or the errno of what went wrong, ETIMEDOUT when nobody answered. */
int dial(const char *address, uint16_t port, int timeout_ms, int *ret_fd);

#endif
