/* SPDX-License-Identifier: Apache-2.0
 *
 * web_session: which browser may see the local page, in which language, and what it has done already.
 *
 *   `amaan open` --socket--> launch token (one use, 60 s) --address--> browser --exchange--> cookie + form token
 *
 * Loopback is open to every user and every browser of a machine; this is the second lock behind the kernel's word
 * on the caller's user. A session lives in memory only. It is shut after 10 minutes without a person's act, after 8
 * hours in any case, and when the node or the seat is locked or another person enters (the caller tells:
 * web_session_shut_all). To a shut
 * session nothing is shown but the lock page; it opens by a passphrase or PIN of its own, with a new cookie and a
 * new form token (web_session_renew). A session says nothing about who sits there: that is the node's seat.
 *
 * The cookie's name holds the port and, on loopback, a number of this start: cookies ignore ports, so another program of
 * this machine could otherwise overwrite ours. Cookies of starts before are taken away at a launch, else they would fill
 * the browser's header. Over TLS there is no number, so that a new cookie takes the old one's place. Secrets are compared in constant time, and wiped at the end.
 */
#ifndef AMAAN_WEB_SESSION_H
#define AMAAN_WEB_SESSION_H

#include <stdbool.h>

#include "chance.h"
#include "clock.h"
#include "hash.h"

enum {
    WEB_SECRET_BYTES = 32,
    WEB_SECRET_TEXT = 2 * WEB_SECRET_BYTES + 1, /* lower-case hex with NUL */
    WEB_COOKIE_NAME_MAX = 40,
    WEB_COOKIE_LINE_MAX = WEB_COOKIE_NAME_MAX + WEB_SECRET_TEXT + 64,
    WEB_LAUNCHES_MAX = 4, /* tokens not used yet; the oldest gives way */
    WEB_SESSIONS_MAX = 8, /* browsers at once; the one idle longest gives way */
    WEB_DEEDS_MAX =
        64, /* remembered of a session: more than a person does while one page is open */
    WEB_STALE_MAX = 8,      /* cookies taken away at once: each start leaves one */
    WEB_LANGUAGE_BYTES = 4, /* "eng", "urd" */
};
#define WEB_LAUNCH_MS (60 * SECOND_MS)
#define WEB_IDLE_MS (10 * MINUTE_MS)
#define WEB_LIFE_MS (8 * HOUR_MS)

struct web_sessions;
struct web_session;

struct web_sessions *web_sessions_new(struct clock *clock, struct chance *chance);
void web_sessions_destroy(struct web_sessions **sessions); /* wipes */

/* Over TLS: the cookie is one that only this very host may set, and that is never sent in the clear (RFC 6265bis
 * 4.1.3.2, the prefix __Host-). Before the first cookie. */
void web_sessions_set_secure(struct web_sessions *sessions);

/* "amaan-PORT-START", or "__Host-amaan-PORT". */
void web_session_cookie_name(const struct web_sessions *sessions, uint16_t port,
    char ret[static WEB_COOKIE_NAME_MAX]);
/* The value of Set-Cookie; it holds the secret. */
void web_session_cookie_line(const struct web_sessions *sessions, uint16_t port,
    const char *secret, char ret[static WEB_COOKIE_LINE_MAX]);
/* Values of Set-Cookie that take away what starts before left in this Cookie header (NULL: none); how many. */
size_t web_session_stale_lines(const struct web_sessions *sessions, uint16_t port,
    const char *header, char ret[static WEB_STALE_MAX][WEB_COOKIE_LINE_MAX]);
void web_session_launch(
    struct web_sessions *sessions, char ret_token[static WEB_SECRET_TEXT]);
/* DENIED: no such token, used, or too old: one answer for all. The token is gone after this. */
enum status web_session_enter(struct web_sessions *sessions, const char *token,
    char ret_cookie[static WEB_SECRET_TEXT]) MUST_USE;
/* The same of somebody who has shown by name and passphrase who it is: an office's desk has no launch token. */
void web_session_admit(
    struct web_sessions *sessions, char ret_cookie[static WEB_SECRET_TEXT]);
/* The session of this cookie value, shut or not; NULL if there is none. `by_person`: it counts against idleness; a
 * page that renews itself does not. Valid until the next call that takes `sessions`. */
struct web_session *web_session_find(
    struct web_sessions *sessions, const char *cookie, bool by_person);
/* Finds it in a Cookie header; NULL also if our name stands there twice. */
struct web_session *web_session_of_header(
    struct web_sessions *sessions, uint16_t port, const char *header, bool by_person);
/* A number that no other session has, and this one no more once it was renewed: it finds who asked, when an answer
 * comes. */
uint64_t web_session_life(const struct web_session *session);
struct web_session *web_session_of_life(struct web_sessions *sessions, uint64_t life);

bool web_session_is_shut(const struct web_session *session);
void web_session_shut(struct web_sessions *sessions, struct web_session *session);
void web_session_end(struct web_session *session); /* its cookie is nobody's */
/* Open, with new secrets. */
void web_session_renew(struct web_sessions *sessions, struct web_session *session,
    char ret_cookie[static WEB_SECRET_TEXT]);
/* What every form of this session carries. */
void web_session_form_token(
    const struct web_session *session, char ret_token[static WEB_SECRET_TEXT]);
bool web_session_is_form_token(const struct web_session *session, const char *token);
/* After a lock nothing is shown under a session of before, and no launch token is good. */
void web_session_shut_all(struct web_sessions *sessions);
size_t web_session_count(struct web_sessions *sessions); /* open ones */

/* "" before one was chosen. It outlasts the lock. */
const char *web_session_language(const struct web_session *session);
void web_session_set_language(struct web_session *session, const char *language);

/* What was done in it, by a name of the caller's; forgotten when it is shut or renewed. `said`: all that was sent
 * along. */
enum web_done { WEB_NOT_DONE, WEB_DONE, WEB_DONE_OTHERWISE };
enum web_done web_session_done(
    const struct web_session *session, const struct hash *name, const struct hash *said);
/* The newest from now on, also when it was there already. */
void web_session_keep(
    struct web_session *session, const struct hash *name, const struct hash *said);
/* Whoever looks over the shoulder finds nothing open by the button "back". */
void web_session_forget(struct web_session *session);

#endif
