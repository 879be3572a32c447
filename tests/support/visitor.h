/* SPDX-License-Identifier: Apache-2.0
 *
 * visitor: a browser of tests: raw requests at the port of a real node's process, one connection each.
 */
#ifndef AMAAN_TESTS_VISITOR_H
#define AMAAN_TESTS_VISITOR_H

#include <stddef.h>
#include <stdint.h>

enum { VISITOR_TEXT_MAX = 1 << 20, VISITOR_SECRET = 65 };

struct visitor {
    uint16_t port;
    char cookie[160]; /* "NAME=VALUE" */
    char form[VISITOR_SECRET],
        key[VISITOR_SECRET];     /* of the page that was looked at last */
    char text[VISITOR_TEXT_MAX]; /* the last answer */
};

/* @P in a head is the port. */
#define HOST "Host: 127.0.0.1:@P\r\n"
#define TYPE "Content-Type: application/x-www-form-urlencoded\r\n"
#define CHANGE HOST "Origin: http://127.0.0.1:@P\r\n" TYPE

int visitor_reach(const struct visitor *visitor); /* a connected socket; -1 */
/* The request is sent: a socket to hear the answer on. */
int visitor_ask(
    const struct visitor *visitor, const char *line, const char *head, const char *body);
/* The code of the answer, 0 if the connection was closed without one. Closes. */
int visitor_hear(struct visitor *visitor, int fd);
/* Both. */
int visitor_send_with(
    struct visitor *visitor, const char *line, const char *head, const char *body);
/* With the session's cookie. */
int visitor_send(
    struct visitor *visitor, const char *line, const char *head, const char *body);
/* A page of the session; its form token and one-time key are kept. */
int visitor_look(struct visitor *visitor, const char *line);
/* A form of the session, without the key. `fields` begin with "&". */
int visitor_change(struct visitor *visitor, const char *line, const char *fields);
/* Presses "Send now" for all that rests on the page that was looked at last; how many there were. */
int visitor_send_now(struct visitor *visitor);
/* Out of the answer. */
void visitor_keep_cookie(struct visitor *visitor);
/* What stands in a text between `mark` and one of `ends`; fails when it is not there. */
void visitor_copy_after(
    const char *text, const char *mark, const char *ends, char *ret, size_t size);

#endif
