/* SPDX-License-Identifier: Apache-2.0
 *
 * link_private: what the modules of this folder share, and what their tests look into.
 */
#ifndef AMAAN_LINK_PRIVATE_H
#define AMAAN_LINK_PRIVATE_H

#include "router.h"

/* A new socket of the process' context. BUG without link_start. */
void *link_socket(int type);
/* An int option that every libzmq of ours has; BUG if it is refused. */
void link_set(void *socket, int option, int value);
/* Pairs that every socket of ours gets: maximum frame, keepalive instead of ZMTP heartbeats. */
void link_set_common(void *socket, size_t frame_bytes_max);

/* Makes the socket a CURVE server that admits nobody without asking the handler: sets the domain, then the
 * enforcing option, and reads both back. UNSUPPORTED if it does not hold. */
enum status router_guard(
    void *socket, const char *domain, struct trouble *trouble) MUST_USE;

/* zap: the handler that every handshake of the context asks (RFC 27 of ZeroMQ). */
struct zap;

struct zap_counts {
    uint64_t asked, admitted, put_off, refused;
};

/* EXISTS when another handler is there. */
enum status zap_open(const struct router_options *options, const char *domain,
    struct zap **ret, struct trouble *trouble) MUST_USE;
void zap_close(struct zap **zap);
struct zap_counts zap_counts(const struct zap *zap);

struct zap **router_zap(struct router *router); /* for tests: a handler that dies */

#endif
