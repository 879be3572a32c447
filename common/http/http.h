/* SPDX-License-Identifier: Apache-2.0
 *
 * http: libmicrohttpd's front door: a small server inside the loop. <microhttpd.h> is included here only.
 *
 * A request reaches on_request whole (body included) and inside a turn of the loop; it is answered then or
 * later, exactly once, by http_answer: so that an answer can leave after the turn's commit. Requests that are
 * never answered are answered 503 when the server closes.
 *
 * Refused before anybody sees them: 400 (other than exactly one Host; more than one Content-Length, Cookie,
 * Origin, Authorization, Content-Type, Idempotency-Key or Sec-Fetch-*; Transfer-Encoding; a NUL or bad %-escape in the path
 * or query), 403 (on a local socket: another user), 413 (body over the maximum), 414/431 (head over some
 * 8 KiB), 505 (not HTTP/1.1), as application/problem+json. On TCP another user's connection is closed before a
 * byte of it is read (loopback.h). At most 64 connections, 10 s of silence each; from its start, or from the end
 * of the request before, a connection has 15 s to bring a whole request, and 15 s to take the answer: then it is
 * closed. For the page and the commands of this machine, not for the internet. Bodies are wiped, on both ways.
 *
 * With `tls` it serves an office's network: TLS 1.3 and nothing below, no resumption, neighbours alone (lan.h), fewer
 * connections in all and of one address; the 15 s begin before the handshake, which is within them.
 */
#ifndef AMAAN_HTTP_H
#define AMAAN_HTTP_H

#include "bytes.h"
#include "loop.h"
#include "subnet.h"

struct http;
struct http_request;

struct http_field {
    const char *name, *value;
};

enum { HTTP_CONNECTIONS_MAX = 64, HTTP_IDLE_S = 10, HTTP_QUERIES_MAX = 32 };
/* Silence starts anew with each byte, so it does not bound one who sends a byte every 9 s. */
#define HTTP_REQUEST_MS (15 * SECOND_MS)

/* An office has a handful of desks, and a browser opens six connections at most to one address. */
enum { HTTP_DESKS_MAX = 32, HTTP_DESK_MAX = 8 };

struct http_tls {
    const char *key, *certificate; /* PEM; not needed any more after http_open */
    struct subnet net;             /* who may call */
};

struct http_options {
    struct loop *loop;
    int listen_fd; /* local_listen's, loopback_listen's or lan_listen's; taken */
    bool
        local; /* a Unix socket; else TCP on 127.0.0.1. Only this user may call, on both */
    const struct http_tls *tls; /* NULL: none. Borrowed until http_open is back */
    size_t body_bytes_max;
    const struct http_field *fields; /* headers of every answer, refusals too; borrowed */
    size_t n_fields;
    void (*on_request)(void *context, struct http_request *request);
    void *context;
};

enum status http_open(const struct http_options *options, struct http **ret,
    struct trouble *trouble) MUST_USE;
/* Unanswered requests get 503; no call-back any more. */
void http_close(struct http **http);
size_t http_waiting(
    const struct http *http); /* requests handed out and not yet answered */
/* Every answer has left: it may be closed and nobody misses a byte. */
bool http_is_idle(const struct http *http);
size_t http_connections(const struct http *http); /* also those that say nothing */
/* As http_quiesce, and the socket goes on listening for the next http_open: callers wait in its queue. -1: it was
 * taken or closed before. */
int http_take_listener(struct http *http);
/* Stops listening; what is there is still answered. */
void http_quiesce(struct http *http);
const char *http_library(void); /* "libmicrohttpd 0.9.75" */

/* All borrowed until the answer. */
const char *http_method(const struct http_request *request); /* "GET" */
const char *http_path(const struct http_request *request); /* decoded, begins with "/" */
const char *http_query(
    const struct http_request *request, const char *name); /* decoded; NULL if absent */
/* Name and value of the i-th field of the query; false behind the last. */
bool http_query_nth(const struct http_request *request, size_t i, const char **ret_name,
    const char **ret_value);
const char *http_header(
    const struct http_request *request, const char *name); /* NULL if absent */
struct span http_body(const struct http_request *request);
/* Whence it comes, over TLS; zeros else: there it is always this machine. */
void http_caller(
    const struct http_request *request, uint8_t ret[static SUBNET_ADDRESS_BYTES]);

struct http_answer {
    int code;
    const char *type; /* Content-Type; NULL: none */
    struct span body; /* copied */
    const struct http_field
        *fields; /* more headers; in place of one of all answers, too */
    size_t n_fields;
};

/* The request is gone after this. */
void http_answer(struct http_request *request, const struct http_answer *answer);

#endif
