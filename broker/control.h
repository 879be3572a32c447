/* SPDX-License-Identifier: Apache-2.0
 *
 * control: the operator's door of a running exchange: HTTP and JSON on HOME/run/socket, for the user who runs
 * it and nobody else. It tells of counts and times, never of content or names: the exchange has neither.
 *
 *     GET  /v1/status     versions, counts, room
 *     GET  /v1/queue      mailboxes with mail or a session
 *     GET  /v1/check      {"result": "ok"} or what does not hold together; the exchange waits meanwhile
 *     POST /v1/documents  documents behind each other (application/octet-stream) -> a list, see documents.h
 *
 * Anything that fails answers {"sentence": ...} with a code of 400 or more. To add an answer: a row in
 * control.c, its line here, its command, a test.
 */
#ifndef AMAAN_CONTROL_H
#define AMAAN_CONTROL_H

#include "broker.h"
#include "loop.h"
#include "router.h"

struct control;

struct control_options {
    struct loop *loop;
    struct broker *broker;
    struct router *router; /* for its counts */
    const char *socket_path;
};

/* EXISTS (another process answers there), TOO_BIG (path), DENIED, IO. */
enum status control_open(const struct control_options *options, struct control **ret,
    struct trouble *trouble) MUST_USE;
void control_close(struct control **control); /* accepts NULL */
/* OK, or IO or CORRUPT after a request that met it: the process must end. */
enum status control_failure(
    const struct control *control, struct trouble *trouble) MUST_USE;

#endif
