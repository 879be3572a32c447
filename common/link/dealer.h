/* SPDX-License-Identifier: Apache-2.0
 *
 * dealer: a node's side of the link: one connection to the exchange under CURVE, kept up for ever.
 *
 *           look up, pause over          handshake done
 *   WAITING ---------------> CONNECTING ---------------> CONNECTED
 *      ^  \__ no address _______/  \______ refused, timed out ______ |
 *      '---------------- pause (longer each time, drawn at random) --'
 *
 * Each attempt is a fresh socket to one numeric address: a refused or vanished socket of libzmq never comes
 * back by itself, and its own pauses would bring all members back in the same instant. The pauses are drawn
 * from struct chance. Names are looked up in the helper thread; all addresses are tried in turn. Frames of a
 * connection that ended are gone, both ways: what matters is said again (PROTOCOL.md 2.5).
 */
#ifndef AMAAN_DEALER_H
#define AMAAN_DEALER_H

#include "bytes.h"
#include "chance.h"
#include "link.h"
#include "loop.h"
#include "work.h"

struct dealer;

enum { DEALER_ADDRESSES_MAX = 8, DEALER_ADDRESS_BYTES = 64 };

/* Numeric addresses without port: "192.0.2.1", "2001:db8::1". */
struct dealer_addresses {
    size_t n;
    char address[DEALER_ADDRESSES_MAX][DEALER_ADDRESS_BYTES];
};

enum dealer_state {
    DEALER_WAITING, /* for the pause or the look-up */
    DEALER_CONNECTING,
    DEALER_CONNECTED
};

struct dealer_options {
    struct loop *loop;
    struct work *work;
    struct chance *chance;
    const char *
        endpoint; /* "tcp://exchange.example:7117", "tcp://192.0.2.1:7117", "tcp://[2001:db8::1]:7117" */
    const uint8_t *broker_key; /* CURVE public key of the exchange */
    const uint8_t *secret;     /* our CURVE secret; copied */
    size_t frame_bytes_max;
    void (*on_connected)(void *context);
    void (*on_lost)(void *context); /* only after on_connected */
    void *context;
    /* Runs in the helper thread; NULL: the system's. OK or NOT_FOUND. */
    enum status (*look_up)(const char *host, struct dealer_addresses *ret);
    /* Pauses; 0: the usual (5 s first, doubling to 3 min; after a refusal 30 s to 15 min). */
    int64_t pause_first_ms, pause_max_ms, refused_first_ms, refused_max_ms;
    int64_t attempt_ms; /* 0: 30 s for connecting and handshake */
};

/* The system's look-up; it may take as long as the name servers want. OK or NOT_FOUND. */
enum status dealer_look_up(const char *host, struct dealer_addresses *ret) MUST_USE;

/* Starts at once. MALFORMED (endpoint). */
enum status dealer_open(const struct dealer_options *options, struct dealer **ret,
    struct trouble *trouble) MUST_USE;
void dealer_close(struct dealer **dealer); /* no call-back any more */

enum dealer_state dealer_state(const struct dealer *dealer);
/* One sentence about the last failure ("the exchange does not know this node's key (yet)"), "" after success. */
const char *dealer_reason(const struct dealer *dealer);
bool dealer_was_refused(
    const struct dealer *dealer); /* the last attempt ended with a refusal of our key */
int64_t dealer_next_attempt_steady_ms(
    const struct dealer *dealer); /* INT64_MAX unless WAITING for a pause */

/* BUSY when the queue is full, CLOSED when not connected. OK is not delivery. */
enum status dealer_send(struct dealer *dealer, struct span frame) MUST_USE;
/* The next frame that is already there; borrowed until dealer_release or the next receive. BUSY, CLOSED. */
enum status dealer_receive(struct dealer *dealer, struct span *ret) MUST_USE;
void dealer_release(struct dealer *dealer);

/* Ends this connection (the session was refused, or nothing was heard) and pauses like after a loss. Calls
 * on_lost if it was up. */
void dealer_restart(struct dealer *dealer);
/* A person asked: try now. Nothing happens while CONNECTED. */
void dealer_hurry(struct dealer *dealer);

#endif
