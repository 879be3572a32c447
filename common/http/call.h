/* SPDX-License-Identifier: Apache-2.0
 *
 * call: one HTTP request over a local socket and its answer: the minimal client for commands of a program
 * that does not link libcurl (the broker). Strict: one HTTP/1.1 response with exactly one Content-Length, no
 * transfer coding, connection closed after it. Blocks up to the time-out: for commands, never inside a loop.
 */
#ifndef AMAAN_CALL_H
#define AMAAN_CALL_H

#include "bytes.h"

struct http_call {
    const char *socket_path;
    const char *method, *path; /* path already escaped, with query */
    const char *type;          /* Content-Type; NULL: application/json */
    const char *key;           /* Idempotency-Key; NULL: none */
    struct span body;          /* may be empty */
    int timeout_ms;            /* for the whole call */
};

/* CLOSED (nobody listens: the trouble says so), TIMEOUT, MALFORMED, TOO_BIG (answer larger than the buffer's
 * maximum), DENIED, IO. */
enum status http_call(const struct http_call *call, int *ret_code,
    struct buffer *ret_body, struct trouble *trouble) MUST_USE;

#endif
