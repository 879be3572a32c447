/* SPDX-License-Identifier: Apache-2.0
 *
 * handshake: one handshake with an exchange and nothing else, to find out why a line does not come up. No frame is
 * sent, so that the exchange begins no session and a node that runs beside it keeps its own.
 *
 * libzmq (4.3.4) tells by its events when a key is refused, and nothing of the rest: whoever is put off (status 300,
 * RFC 27 of ZeroMQ) meets silence or a hang-up as it happens, and whoever was given the key of another exchange meets a
 * hang-up, too. What tells them apart is how far we came. A node says INITIATE only after it has opened a WELCOME, which
 * nobody can make but the holder of the key that the node was given (RFC 26 of ZeroMQ). So the bytes that leave are
 * counted on their way, in a relay within this process: whoever got us to say INITIATE is the exchange.
 */
#ifndef AMAAN_HANDSHAKE_H
#define AMAAN_HANDSHAKE_H

#include <stdint.h>

#include "link.h"

enum handshake_result {
    HANDSHAKE_DONE = 1,
    HANDSHAKE_UNREACHED, /* no connection of TCP came about */
    HANDSHAKE_REFUSED,   /* it is the exchange, and it refuses this key */
    HANDSHAKE_PUT_OFF,   /* it is the exchange, and it does not let this key in (yet) */
    HANDSHAKE_OTHER,     /* it hung up, and has not shown that it has that key */
    HANDSHAKE_MUTE,      /* likewise, and it says nothing until the time is over */
    HANDSHAKE_RESULT_COUNT
};

struct handshake_options {
    const char *address; /* numeric: "192.0.2.1", "2001:db8::1" */
    uint16_t port;
    const uint8_t *broker_key; /* CURVE public key that the exchange is to have */
    const uint8_t *secret;     /* our own; not kept */
    int timeout_ms;            /* to connect, and again for the handshake */
};

/* Waits, twice timeout_ms at most; not within a loop. link_start comes before. */
enum handshake_result handshake_try(const struct handshake_options *options);

#endif
