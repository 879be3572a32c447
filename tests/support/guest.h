/* SPDX-License-Identifier: Apache-2.0
 *
 * guest: a browser of tests at a desk of the office: one TLS connection a request, as strict about certificates as Windows is.
 */
#ifndef AMAAN_TESTS_GUEST_H
#define AMAAN_TESTS_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"

enum { GUEST_TEXT_MAX = 1 << 18, GUEST_COOKIE_MAX = 200, GUEST_SECRET = 65 };

/* "NORMAL" of GnuTLS. */
#define GUEST_MODERN "NORMAL"

struct guest {
    uint16_t port;
    const char *from;     /* source address; NULL: the system's choice */
    const char *versions; /* NULL: GUEST_MODERN */
    const char
        *name; /* the name asked for, in handshake and certificate; NULL: 127.0.0.1 */
    struct span trust; /* PEM of the authority that was installed; empty: none */
    char cookie[GUEST_COOKIE_MAX], form[GUEST_SECRET];
    char text[GUEST_TEXT_MAX]; /* the last answer */
    uint8_t seen[32];          /* SHA-256 of the server's certificate */
};

/* What time it is at all desks: certificates are held against it. */
void guest_set_clock(int64_t (*tell_wall_ms)(void *context));
/* A connected socket, without TLS; -1. */
int guest_reach(const struct guest *guest);
/* Does the handshake end well, with a certificate that holds for the name? */
bool guest_shakes_hands(struct guest *guest);
/* The code of the answer; 0: none, also because the handshake failed. `head` has its lines, `body` may be NULL. */
int guest_send(struct guest *guest, const char *line, const char *head, const char *body);
void guest_keep_cookie(struct guest *guest);

#endif
