/* SPDX-License-Identifier: Apache-2.0
 *
 * web_answer: what leaves the local page: a page, a refusal, or the way to another page.
 */
#ifndef AMAAN_WEB_ANSWER_H
#define AMAAN_WEB_ANSWER_H

#include "http.h"
#include "json.h"
#include "page.h"
#include "web_session.h"

/* The session's language, else what the browser would like, else English. `session` may be NULL. */
enum page_language web_language(
    const struct http_request *request, const struct web_session *session);

/* The request is gone after each of these. A page; `name` stands in the log if it misses a value. `field` is
 * one more header; it may be NULL. */
void web_answer(struct http_request *request, int code, page_function *render,
    const struct json *data, const struct page_context *context,
    const struct http_field *field, const char *name);
/* An answer without anything of the node. `data` is taken. `allow` may be NULL. */
void web_send(struct http_request *request, int code, page_function *render,
    enum page_language language, struct json **data, const char *allow);
/* Refusals of the page itself (config/explain), in the session's language, if any. `http` 0: the one of the refusal;
 * `allow` may be NULL. */
enum web_refusal {
    WEB_CLOSED,
    WEB_NOT_OURS,
    WEB_BAD_FORM,
    WEB_OLD_FORM,
    WEB_NO_PAGE,
    WEB_WRONG_WAY,
    WEB_TOO_LONG,
    WEB_ONLY_THERE
};
void web_refuse(struct http_request *request, const struct web_session *session,
    enum web_refusal why, int http, const char *allow);
/* 303; `cookie` may be NULL. */
void web_send_away(struct http_request *request, const char *path, const char *cookie);

#endif
