/* SPDX-License-Identifier: Apache-2.0
 * One row a state. A test prints the table next to PROTOCOL.md 7.2.
 */
#include "session.h"

static const enum session_verdict VERDICTS[SESSION_STATE_COUNT][FRAME_KIND_COUNT] = {
    [SESSION_NONE] = {[FRAME_HELLO] = SESSION_DOES, [FRAME_BYE] = SESSION_IGNORES},
    [SESSION_ACTIVE] =
        {
            [FRAME_HELLO] = SESSION_DOES,
            [FRAME_REFUSED] = SESSION_IGNORES, /* of what was asked for */
            [FRAME_DOCUMENT_GET] = SESSION_DOES,
            [FRAME_DOCUMENT] = SESSION_DOES,
            [FRAME_BUNDLE_PUT] = SESSION_DOES,
            [FRAME_BUNDLES_GET] = SESSION_DOES,
            [FRAME_OFFER] = SESSION_DOES,
            [FRAME_TAKEN] = SESSION_DOES,
            [FRAME_HAVE] = SESSION_DOES,
            [FRAME_RECALL] = SESSION_DOES,
            [FRAME_CREDIT] = SESSION_DOES,
            [FRAME_PING] = SESSION_DOES,
            [FRAME_PONG] = SESSION_IGNORES,
            [FRAME_BYE] = SESSION_DOES,
        },
    [SESSION_SUSPENDED] =
        {
            [FRAME_HELLO] = SESSION_DOES,
            [FRAME_REFUSED] = SESSION_IGNORES,
            [FRAME_DOCUMENT_GET] = SESSION_DOES,
            [FRAME_DOCUMENT] = SESSION_DOES, /* signatures decide, whoever brings it */
            [FRAME_BUNDLE_PUT] = SESSION_DENIES,
            [FRAME_BUNDLES_GET] = SESSION_DENIES,
            [FRAME_OFFER] = SESSION_DENIES,
            [FRAME_TAKEN] = SESSION_IGNORES, /* kept: a suspension may lapse */
            [FRAME_HAVE] = SESSION_DENIES,
            [FRAME_RECALL] = SESSION_DENIES,
            [FRAME_CREDIT] = SESSION_DOES, /* used when the suspension ends */
            [FRAME_PING] = SESSION_DOES,
            [FRAME_PONG] = SESSION_IGNORES,
            [FRAME_BYE] = SESSION_DOES,
        },
};

enum session_state session_state_of(bool said_hello, enum standing standing)
{
    if (!said_hello) {
        return SESSION_NONE;
    }
    switch (standing) {
    case STANDING_ACTIVE:
        return SESSION_ACTIVE;
    case STANDING_SUSPENDED:
        return SESSION_SUSPENDED;
    case STANDING_UNKNOWN:
    case STANDING_REVOKED:
        break;
    }
    return SESSION_NONE; /* what it bound is not a member any more */
}

enum session_verdict session_judge(enum session_state state, enum frame_kind kind)
{
    if (state >= SESSION_STATE_COUNT || kind >= FRAME_KIND_COUNT) {
        return SESSION_ENDS;
    }
    return VERDICTS[state][kind];
}

const char *session_state_name(enum session_state state)
{
    static const char *const names[SESSION_STATE_COUNT] = {"none", "active", "suspended"};
    return state < SESSION_STATE_COUNT ? names[state] : "unknown";
}
