/* SPDX-License-Identifier: Apache-2.0
 *
 * router: the exchange's side of the link: one listening socket under CURVE, many members (PROTOCOL.md 7).
 *
 * Who speaks is the CURVE key that the handshake proved; it comes with every frame. A key is asked for by our
 * own handler when a connection opens: ADMIT; LATER (the peer tries again by itself); NEVER (it is told so).
 * After that a connection lives on: what a member may do is judged per frame by who reads it.
 *
 *   peer --handshake, key--> admits()? --ADMIT--> frames {connection, key, payload}
 *                               |-- LATER: silence, its handshake times out
 *                               '-- NEVER: refused
 *
 * Connections are named by numbers that the socket made; names that a peer claims are not taken: its frames are
 * dropped. A message that is not one single frame is dropped, a frame over the maximum ends the connection
 * before it is read into memory. Nothing here ever blocks.
 */
#ifndef AMAAN_ROUTER_H
#define AMAAN_ROUTER_H

#include "bytes.h"
#include "link.h"
#include "loop.h"

struct router;

enum router_verdict { ROUTER_ADMIT = 200, ROUTER_LATER = 300, ROUTER_NEVER = 400 };

struct router_options {
    struct loop *loop;
    const char *endpoint;  /* "tcp://127.0.0.1:7117", numeric; port 0 takes a free one */
    const uint8_t *secret; /* CURVE secret, LINK_KEY_BYTES; copied by libzmq */
    enum router_verdict (*admits)(
        void *context, const uint8_t key[static LINK_KEY_BYTES]);
    void *context;
    size_t frame_bytes_max;
    int receive_queue, send_queue; /* frames per connection; 0: the usual */
    int handshake_ms;              /* 0: 10 s, enough for a 2G line */
    int linger_ms;                 /* how long the last frames may take at router_close */
};

/* Binds the handler first and the socket last. Refuses to open when the handler's place is taken or this
 * libzmq would let peers in without asking it. DENIED (address in use or not ours), MALFORMED (endpoint). */
enum status router_open(const struct router_options *options, struct router **ret,
    struct trouble *trouble) MUST_USE;
void router_close(struct router **router);
const char *router_endpoint(const struct router *router); /* with the real port */

struct router_frame {
    uint64_t connection; /* never 0 */
    uint8_t key[LINK_KEY_BYTES];
    struct span payload; /* borrowed until router_release or the next router_receive */
};

/* The next frame that is already there; BUSY if there is none. */
enum status router_receive(struct router *router, struct router_frame *ret) MUST_USE;
void router_release(struct router *router);

/* OK, BUSY (that connection's queue is full), NOT_FOUND (the connection is gone). OK is not delivery. */
enum status router_send(
    struct router *router, uint64_t connection, struct span frame) MUST_USE;

struct router_counts {
    uint64_t asked, admitted, put_off, refused; /* by the handler */
    uint64_t frames, dropped_shape, dropped_name, dropped_keyless;
};
void router_counts(const struct router *router, struct router_counts *ret);

#endif
