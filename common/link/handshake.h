/* SPDX-License-Identifier: Apache-2.0
 *
 * handshake: one handshake with an exchange and nothing else, to find out why a line does not come up. No frame is
 * sent, so that the exchange begins no session and a node that runs beside it keeps its own.
 *
 * What the events of libzmq mean (measured with 4.3.4): a key that the exchange refuses is told in words; a member
 * that it does not know yet hears nothing, until the exchange gives up after 10 s (router.h); whoever does not have
 * the key that we were given hangs up at once, within two round trips. So a hang-up within timeout_ms, which is to be
 * well below 10 s, is another answer than silence, and both are another than no network: a dealer that only waits
 * cannot tell them apart.
 */
#ifndef AMAAN_HANDSHAKE_H
#define AMAAN_HANDSHAKE_H

#include <stdint.h>

#include "link.h"

enum handshake_result {
    HANDSHAKE_DONE = 1,
    HANDSHAKE_UNREACHED, /* no connection of TCP came about */
    HANDSHAKE_REFUSED,   /* it is the exchange, and it refuses this key */
    HANDSHAKE_SILENT,    /* connected, and then no word until the time was over */
    HANDSHAKE_BROKEN,    /* connected, and cut off: not the holder of that key */
    HANDSHAKE_RESULT_COUNT
};

struct handshake_options {
    const char *endpoint;      /* numeric: "tcp://192.0.2.1:7117" */
    const uint8_t *broker_key; /* CURVE public key that the exchange is to have */
    const uint8_t *secret;     /* our own; not kept */
    int timeout_ms;            /* to connect, and again for the first word; 5 s is good */
};

/* Waits, twice timeout_ms at most; not within a loop. link_start comes before. */
enum handshake_result handshake_try(const struct handshake_options *options);

#endif
