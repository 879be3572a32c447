/* SPDX-License-Identifier: Apache-2.0
 *
 * web: the local page: its routes, behind its guards. Plain pages in English, without a script.
 *
 *   http (this user only) -> web_guard -> session -> form token -> options.ask -> a page, or 303
 *
 *   GET  /launch?t=  a button; the token is not used yet, so that a preview of the address costs nothing
 *   POST /launch     the token becomes a cookie, once
 *   GET  /           how the node is, and what may be done now
 *   POST /lock       the node's own verbs of the same names (CARE.md 15); "enter" is `switch`. After a lock
 *   POST /unlock     no session of before is good
 *   POST /enter
 *
 * GET changes nothing. A change is answered after the turn's commit, as the API's, then 303 to "/". What is asked
 * under a session that ended meanwhile is not shown.
 */
#ifndef AMAAN_WEB_H
#define AMAAN_WEB_H

#include "chance.h"
#include "clock.h"
#include "http.h"
#include "json.h"
#include "verbs.h"

/* Headers of every answer: http_options.fields. */
extern const struct http_field WEB_FIELDS[];
extern const size_t WEB_FIELDS_N;

enum { WEB_ADDRESS_MAX = 128 };

struct web;

struct web_options {
    uint16_t port;
    struct clock *clock;
    struct chance *chance;
    /* Makes a call of the verb, as a program's: its answer comes after the turn's commit. `fields` is taken. */
    void (*ask)(void *context, const struct verb *verb, struct json **fields,
        void (*on_answer)(void *asker, int http, const struct json *answer), void *asker);
    void *context;
};

struct web *web_new(const struct web_options *options);
/* After its http and whoever answers `ask` have ended. */
void web_destroy(struct web **web);

void web_take(void *web, struct http_request *request); /* http_options.on_request */
/* A launch address: one use, 60 s. It holds a secret: wipe it. */
void web_address(struct web *web, char ret[static WEB_ADDRESS_MAX]);
/* The node or its screen was locked; accepts NULL. */
void web_end_sessions(struct web *web);

#endif
