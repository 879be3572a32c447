/* SPDX-License-Identifier: Apache-2.0
 *
 * link: the process' one libzmq context. <zmq.h> is included in this folder only.
 *
 * One context per process, made once before the first socket or loop and ended once after the last: ending a
 * context closes libsodium's source of randomness under every other one (so link_stop also comes after the
 * last use of randomness in another thread). Programs block their signals (loop.h) before link_start.
 */
#ifndef AMAAN_LINK_H
#define AMAAN_LINK_H

#include "status.h"

enum { LINK_KEY_BYTES = 32 };

/* BUG if there is a context already. UNSUPPORTED when this libzmq lacks CURVE. One I/O thread carries some
 * 300,000 small messages/s and 400 handshakes/s. */
enum status link_start(int io_threads, struct trouble *trouble) MUST_USE;
/* Waits until closed sockets have spoken what they had to, for their linger at most. Harmless if not started. */
void link_stop(void);
const char *link_library(void); /* "libzmq 4.3.4", for --version */

#endif
