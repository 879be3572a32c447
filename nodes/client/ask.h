/* SPDX-License-Identifier: Apache-2.0
 *
 * ask: libcurl's front door: one HTTP call to the node over its Unix socket. <curl/curl.h> is included in ask.c
 * only.
 *
 * The kernel is asked who listens there before a byte of the request leaves: a socket of another user gets
 * neither a referral nor a passphrase. No proxy, no redirection, no other protocol, whatever the environment
 * says. The answer is to be one JSON object of at most JSON_TEXT_MAX bytes; memory that held any of it is wiped.
 */
#ifndef AMAAN_ASK_H
#define AMAAN_ASK_H

#include "json.h"

enum { SOCKET_PATH_MAX = 100 }; /* the node listens on no longer one */

struct ask {
    const char *socket_path;
    const char *method, *path; /* path escaped, with its query */
    struct span body;          /* JSON; empty: none */
    const char *key;           /* Idempotency-Key; NULL: none */
    int64_t timeout_ms;        /* of the whole call */
};

struct reply {
    int http; /* 200 to 599, never a redirection */
    struct json *json;
};

/* OK: there is an answer, good or bad. CLOSED: nobody listens, nothing was handed over. TIMEOUT: the request was
 * handed over and no whole answer came, so that what it did is not known. DENIED: the socket is another user's.
 * MALFORMED, TOO_BIG: what came is no answer of a node. */
enum status ask_node(
    const struct ask *ask, struct reply *ret, struct trouble *trouble) MUST_USE;
void reply_release(struct reply *reply);

/* 0 for an answer of success; else what OPERATIONS says of each HTTP status: sysexits.h, or EXIT_NEGATIVE. */
int reply_exit_code(const struct reply *reply);
/* The exit code; unless it is 0, the problem's detail and its code are said on standard error: "... [locked]". */
int reply_judge(const struct reply *reply);

/* With %-escapes, fit for a path's part or a query; on the heap. */
char *ask_escape(const char *text);
const char *ask_library(void); /* "libcurl 7.88.1" */

#endif
