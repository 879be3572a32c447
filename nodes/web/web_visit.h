/* SPDX-License-Identifier: Apache-2.0
 *
 * web_visit: a request on its way through the node.
 *
 *   look:   page's row -> asks, all in one turn -> {"status": ..., NAME: answer ..., "may", "nav"} -> template
 *   change: verb, fields -> after the turn's commit 303 to where the form stood; refused: that page again, with the error
 *
 * What a page tells others rests ten seconds first (docs/CARE.md 23), whatever the form says.
 *
 * What may be shown is decided when the answers come: if the session was shut meanwhile, or nobody sits there, it is
 * the lock page and nothing else. A form that comes twice (its one-time key is there already) is done once: the second is
 * answered as the first was; under the same key with other words nothing is done.
 */
#ifndef AMAAN_WEB_VISIT_H
#define AMAAN_WEB_VISIT_H

#include "http.h"
#include "web.h"
#include "web_form.h"
#include "web_pages.h"
#include "web_session.h"

struct web_visits;

struct web_visits *web_visits_new(
    const struct web_options *options, struct web_sessions *sessions);
void web_visits_destroy(struct web_visits **visits);

/* `path` is an address of the table (web_page_is_address). */
void web_visit_look(struct web_visits *visits, struct http_request *request,
    const struct web_session *session, const char *path);
void web_visit_change(struct web_visits *visits, struct http_request *request,
    const struct web_session *session, const struct verb *verb,
    const struct web_form *form, const char *back);

#endif
