/* SPDX-License-Identifier: Apache-2.0
 *
 * web_enter: the one door of an office's desks: name, and passphrase or PIN (docs/decisions/0006).
 *
 *   POST /enter {person, word, pin}: tries (web_tries.h) -> verb unlock, or screen-unlock -> new cookie, 303
 *
 * A word of 4 to 8 digits is a PIN where this browser was open before and is shut now: it opens the screen of whoever
 * sits, if the name is theirs. Everything else is a passphrase, and a browser that the node does not know is asked for one always: a
 * PIN is too short to be guessed at from a network. So is one whose wrong PINs locked the node: it does that once. Each wrong try gets one answer, whatever was wrong in it.
 *
 * Whoever enters has the page alone: all other sessions, of the office and of this machine, are shut. No launch token, no
 * form token before there is a session: web_guard's Origin stands for them.
 */
#ifndef AMAAN_WEB_ENTER_H
#define AMAAN_WEB_ENTER_H

#include "http.h"
#include "web.h"
#include "web_form.h"
#include "web_session.h"

#define WEB_ENTER_PATH "/enter"

struct web_enter;

/* `options` has an office. Both outlive it. */
struct web_enter *web_enter_new(
    const struct web_options *options, struct web_sessions *sessions);
void web_enter_destroy(struct web_enter **enter);

/* The page that asks; it says nothing of the node. `back` is an address of the table. */
void web_enter_show(struct http_request *request, const char *back);
/* `session` is this browser's, shut or open; NULL: none. */
void web_enter_take(struct web_enter *enter, struct http_request *request,
    struct web_session *session, const struct web_form *form);

#endif
