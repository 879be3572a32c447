/* SPDX-License-Identifier: Apache-2.0
 *
 * web_setup: the wizard's pages, for a home that is not set up yet, behind the same guards, session and form token as the
 * node's (web.h). There is one address, "/", and what stands there is decided by the disk alone, so that back, reload and a
 * power cut lead to the step that is due; a form of a step that is over is answered with the way to "/".
 *
 *   GET /              show() -> {"step": "start" | "request" | "compare", ...} -> its template
 *   POST /setup/ACT    act() -> web_step_end: done, 303 to "/"; else the page again with the error and what was written
 *
 * No passphrase comes back onto a page.
 */
#ifndef AMAAN_WEB_SETUP_H
#define AMAAN_WEB_SETUP_H

#include "http.h"
#include "json.h"
#include "web_form.h"
#include "web_session.h"

#define WEB_SETUP "/setup/"

struct web_step; /* a form that waits for its answer */

struct web_setup {
    struct json *(*show)(void *context);
    /* Answers `step` by web_step_end, at once or later. `act` and `form` are borrowed for the call. */
    void (*act)(void *context, const char *act, const struct web_form *form,
        struct web_step *step);
    void *context;
};

/* `code` is one of the catalogue's "error" or of config/explain; NULL: it is done. `detail` may be NULL. */
void web_step_end(struct web_step *step, int http, const char *code, const char *detail);

/* web.c's. */
struct web_setups;
struct web_setups *web_setups_new(
    const struct web_setup *setup, struct web_sessions *sessions);
void web_setups_destroy(struct web_setups **setups); /* steps that wait are forgotten */
void web_setup_look(struct web_setups *setups, struct http_request *request,
    const struct web_session *session);
void web_setup_change(struct web_setups *setups, struct http_request *request,
    const struct web_session *session, const struct web_form *form);

#endif
