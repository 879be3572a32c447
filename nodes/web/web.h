/* SPDX-License-Identifier: Apache-2.0
 *
 * web: the local page: its routes, behind its guards.
 *
 *   http (this user only) -> web_guard -> session -> form token -> web_visit -> page, or 303
 *
 *   GET  a row of web_pages.h   the page; the lock page instead while nobody may look
 *   POST /do/VERB               a verb of the node with its fields, then 303 to the field "back"
 *   POST /quiet             what this session opened is forgotten, then 303 to "back"
 *   POST /language              the session's language, then 303 to "back"
 *   GET  /launch?t=             a button; the token is not used yet, so that a preview of the address costs nothing
 *   POST /launch                the token becomes a cookie, once
 *   GET  /asset/HASH/NAME       style sheet, script and fonts: the only answers that a browser keeps
 *
 *
 * In an office (web_options.office), over TLS, for its desks: no launch; whoever has no open session gets the page that
 * asks who they are, and POST /enter is the one door for passphrases and PINs (web_enter.h). Verbs that take one are
 * refused there: what guards the node is changed at its own machine.
 *
 * Where a home is not set up yet, "/" is the wizard and POST /setup/ACT its steps (web_setup.h); the rest stays as it is.
 *
 * GET changes nothing. A change is answered after the turn's commit, as the API's. What is asked under a session that
 * was shut meanwhile is not shown.
 */
#ifndef AMAAN_WEB_H
#define AMAAN_WEB_H

#include "chance.h"
#include "clock.h"
#include "http.h"
#include "json.h"
#include "verbs.h"

/* Headers of every answer: http_options.fields. In an office one more: a browser that has seen the page once lets
 * nobody click a wrong certificate away (RFC 6797; it holds for a name, browsers ignore it for an address). */
extern const struct http_field WEB_FIELDS[];
extern const size_t WEB_FIELDS_N, WEB_OFFICE_FIELDS_N;

enum { WEB_ADDRESS_MAX = 128 };

struct web;

/* Outlives the web; `context` of both is web_options.context. */
struct web_office {
    const char *address, *name;                      /* "192.168.4.20"; "": no name */
    bool (*sits)(void *context, const char *person); /* is it who sits there now? */
    void (*on_entered)(void *context); /* every other session is to be shut */
};

struct web_options {
    uint16_t port;
    const struct web_office *office; /* NULL: the page of this machine. Borrowed */
    struct clock *clock;
    struct chance *chance;
    /* Makes a call of the verb, as a program's: its answer comes after the turn's commit, or at once. `key` is an
     * Idempotency-Key or ""; `fields` is taken. */
    void (*ask)(void *context, const struct verb *verb, const char *key,
        struct json **fields,
        void (*on_answer)(void *asker, int http, const struct json *answer), void *asker);
    /* May whoever sits there call it now? What may not is not offered; what is called is judged by the node. */
    bool (*may)(void *context, const struct verb *verb);
    void *context;
    struct web_sessions
        *sessions; /* of a server before this one on the port; taken. NULL: new ones */
    const struct web_setup
        *setup; /* web_setup.h in place of the node's pages; may be NULL */
};

struct web *web_new(const struct web_options *options);
/* After its http and whoever answers `ask` have ended. */
void web_destroy(struct web **web);

/* For the server that comes after it; none of this one's calls may follow but web_destroy. */
struct web_sessions *web_take_sessions(struct web *web);
void web_take(void *web, struct http_request *request); /* http_options.on_request */
/* A launch address: one use, 60 s. It holds a secret: wipe it. */
void web_address(struct web *web, char ret[static WEB_ADDRESS_MAX]);
/* The node or its screen was locked; accepts NULL. */
void web_shut_sessions(struct web *web);
/* Whoever sits entered at a desk of the office: who opens the page of this machine shows anew who it is. */
void web_set_elsewhere(struct web *web, bool elsewhere); /* accepts NULL */

#endif
