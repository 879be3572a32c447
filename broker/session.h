/* SPDX-License-Identifier: Apache-2.0
 *
 * session: what a connection may say, by the state it is in (PROTOCOL.md 7.2). A decider: a table of state x kind
 * of frame. What the table does not list is refused and ends the session.
 *
 *              HELLO of a member                 roster or notice
 *      NONE -----------------------> ACTIVE <------------------------> SUSPENDED
 *       ^                               |                                 |
 *       +------- BYE, lost, replaced, a frame that is not listed ---------+
 *
 * The state is looked up anew for every frame: a suspension counts from the next frame on. A suspended member
 * may fetch documents (so that its people learn why) and gets no mail; what it has is kept.
 *
 * To add a kind: a column here, a handler in broker.c, its clause in PROTOCOL.md 7.
 */
#ifndef AMAAN_SESSION_H
#define AMAAN_SESSION_H

#include "frame.h"
#include "member.h"

enum session_state {
    SESSION_NONE,
    SESSION_ACTIVE,
    SESSION_SUSPENDED,
    SESSION_STATE_COUNT
};

enum session_verdict {
    SESSION_ENDS = 0, /* not listed: refused, and the session is over */
    SESSION_DOES,     /* handle it */
    SESSION_DENIES,   /* answer REFUSED suspended, go on */
    SESSION_IGNORES   /* no answer, no effect */
};

/* Of a member that HELLO has bound; without HELLO the state is NONE. */
enum session_state session_state_of(bool said_hello, enum standing standing);
enum session_verdict session_judge(enum session_state state, enum frame_kind kind);
const char *session_state_name(enum session_state state);

#endif
