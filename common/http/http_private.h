/* SPDX-License-Identifier: Apache-2.0
 *
 * http_private: a request as the server sees it. request.c reads its target, http.c moves it.
 */
#ifndef AMAAN_HTTP_PRIVATE_H
#define AMAAN_HTTP_PRIVATE_H

#include <microhttpd.h>

#include "http.h"

enum request_state {
    REQUEST_NEW,      /* its head is not judged yet */
    REQUEST_READING,  /* the body */
    REQUEST_HANDED,   /* with the program; the connection is suspended */
    REQUEST_ANSWERED, /* a response is ready or queued */
};

struct http_request {
    struct http *http;
    struct MHD_Connection *connection;
    enum request_state state;
    struct MHD_Response *response; /* ready, not yet queued */
    int code;
    bool handing;             /* on_request is running */
    const char *after_target; /* where libmicrohttpd must have found the version */
    char *method, *target;    /* the target as it came; path and queries point into it */
    const char *path;
    struct {
        const char *name, *value;
    } queries[HTTP_QUERIES_MAX];
    size_t n_queries;
    struct buffer body;
    struct http_request *next, **self; /* list of all requests of the server */
};

/* Splits and decodes the target in place; false if it is not one that we take. */
bool request_read_target(struct http_request *request);
/* 0, or the code with which this head is refused. */
int request_judge_head(
    struct http_request *request, const char *version, size_t body_max);

#endif
