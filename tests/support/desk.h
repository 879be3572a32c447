/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: a browser of tests at a desk of the office: one TLS connection a request, as strict about certificates as Windows is.
 */
#ifndef AMAAN_TESTS_DESK_H
#define AMAAN_TESTS_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"

enum { DESK_TEXT_MAX = 1 << 18, DESK_COOKIE_MAX = 200, DESK_SECRET = 65 };

/* "NORMAL" of GnuTLS. */
#define DESK_MODERN "NORMAL"

struct desk {
    uint16_t port;
    const char *from;     /* source address; NULL: the system's choice */
    const char *versions; /* NULL: DESK_MODERN */
    const char
        *name; /* the name asked for, in handshake and certificate; NULL: 127.0.0.1 */
    struct span trust; /* PEM of the authority that was installed; empty: none */
    char cookie[DESK_COOKIE_MAX], form[DESK_SECRET];
    char text[DESK_TEXT_MAX]; /* the last answer */
    uint8_t seen[32];         /* SHA-256 of the server's certificate */
};

/* What time it is at all desks: certificates are held against it. */
void desk_set_clock(int64_t (*tell_wall_ms)(void *context));
/* A connected socket, without TLS; -1. */
int desk_reach(const struct desk *desk);
/* Does the handshake end well, with a certificate that holds for the name? */
bool desk_shakes_hands(struct desk *desk);
/* The code of the answer; 0: none, also because the handshake failed. `head` has its lines, `body` may be NULL. */
int desk_send(struct desk *desk, const char *line, const char *head, const char *body);
void desk_keep_cookie(struct desk *desk);

#endif
