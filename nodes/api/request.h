/* SPDX-License-Identifier: Apache-2.0
 *
 * request: one HTTP request read by the table of verbs. Private to nodes/api.
 */
#ifndef AMAAN_REQUEST_H
#define AMAAN_REQUEST_H

#include "http.h"
#include "json.h"
#include "problem.h"
#include "verbs.h"

enum { KEY_BYTES_MAX = 200 };

struct api_request {
    const struct verb *verb;
    char key[KEY_BYTES_MAX + 1]; /* "" if none */
    struct json *fields;         /* an object; the caller destroys it */
};

/* Anything but OK comes with a problem that says why. */
enum status request_read(const struct http_request *request, struct api_request *ret,
    struct problem *problem) MUST_USE;
/* "GET, POST": the methods that this path has, for the header Allow. */
void request_allow(const char *path, char *ret, size_t size);

#endif
