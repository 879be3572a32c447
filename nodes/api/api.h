/* SPDX-License-Identifier: Apache-2.0
 *
 * api: the local HTTP interface: requests become calls by the table of verbs, answers leave after the commit.
 *
 *   loop_turn: on_request -> api_take      refused at once, or queued
 *   node_begin
 *     api_turn                             each queued call is made (options.call)
 *   node_end
 *   api_speak                              answers go out; a `trace` that waits stays until it is reached
 *
 * GET takes its fields from the query, POST from a JSON object; {reference} in the path is a field, too. A verb
 * that changes something needs the header Idempotency-Key (1 to 200 printable ASCII characters). Errors are
 * problem+json with a stable code.
 *
 * Verbs at the door (unlock, lock) need more than a turn: options.door gets them and answers by api_finish.
 */
#ifndef AMAAN_API_H
#define AMAAN_API_H

#include "clock.h"
#include "http.h"
#include "json.h"
#include "verbs.h"

enum {
    API_BODY_BYTES_MAX = 65536,
    API_CALLS_MAX = 64,      /* as many as connections */
    API_WAIT_SECONDS_MAX = 8 /* of one trace; a client that wants more asks again */
};

struct api;
struct api_call;

struct api_options {
    struct clock *clock;
    /* node_call; the two pointers stay valid until api_speak. */
    void (*call)(void *context, const char *verb, const char *key,
        const struct json *request, struct json **ret_answer, int *ret_http);
    void (*door)(void *context, const char *verb, const struct json *request,
        struct api_call *call);
    void *context;
};

struct api *api_new(const struct api_options *options);
/* Unanswered requests are left to http_close, which comes before. */
void api_destroy(struct api **api);

void api_take(void *api, struct http_request *request); /* http_options.on_request */
/* The same from inside the process, for the local page: the verb's fields (taken) go the way of every call, and
 * on_answer gets what a program would. It is called in api_speak, by the door, or at once. */
void api_ask(struct api *api, const struct verb *verb, const char *key,
    struct json **fields,
    void (*on_answer)(void *context, int http, const struct json *answer), void *context);
void api_turn(struct api *api);
void api_speak(struct api *api);
/* Answers a call of the door; *json is taken. */
void api_finish(struct api_call *call, int http, struct json **json);
/* Problem as the answer of a door's call. */
void api_fail(struct api_call *call, int http, const char *code, const char *detail);

bool api_has_work(
    const struct api *api); /* calls for the next turn, that wait for nothing */
size_t api_waiting(const struct api *api);             /* traces that wait */
int64_t api_deadline_steady_ms(const struct api *api); /* of the first of them */

#endif
