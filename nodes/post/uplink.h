/* SPDX-License-Identifier: Apache-2.0
 *
 * uplink: decides what a session with the broker is at (PROTOCOL.md 7): a table of (state, kind of frame)
 * -> act. What the table does not list ends the session. No I/O, no database, no clock of its own.
 *
 *            connected            WELCOME               documents are up to date
 *   DOWN ---------------> GREETING -----> CATCHING_UP --------------------------> OPEN
 *    ^                     |   ^  HELLO again later                                |
 *    |              REFUSED|   |                                       turn rolled |
 *    |                     v   |                                         back      v
 *    +---- lost ---------- STANDING_BACK <------------------------------------- (any)
 *
 * CATCHING_UP: my roster and notices are older than the broker's: no delivery credit is given until they
 * are up to date, or an hour passed without them (an alarm: receiving is never blocked).
 */
#ifndef AMAAN_UPLINK_H
#define AMAAN_UPLINK_H

#include "frame.h"

enum uplink_state {
    UPLINK_DOWN = 0,
    UPLINK_GREETING,
    UPLINK_CATCHING_UP,
    UPLINK_OPEN,
    UPLINK_STANDING_BACK,
    UPLINK_STATE_COUNT
};

enum uplink_act {
    ACT_END = 0, /* not listed: refuse the frame and end the session */
    ACT_IGNORE,
    ACT_BEGIN,      /* WELCOME */
    ACT_REFUSED,    /* REFUSED about one envelope or request */
    ACT_STAND_BACK, /* REFUSED about the session */
    ACT_GIVE_DOCUMENT,
    ACT_TAKE_DOCUMENT,
    ACT_TAKE_BUNDLES,
    ACT_HELD,
    ACT_DELIVER,
    ACT_EMPTY,
    ACT_HOLDS,
    ACT_CREDIT,
    ACT_PONG, /* answer a PING */
    ACT_HEAR_PONG,
    ACT_BYE, /* the broker ends the session in order */
    ACT_COUNT
};

/* What time demands of the session. */
enum uplink_due {
    UPLINK_NOTHING = 0,
    UPLINK_SAY_HELLO,
    UPLINK_SAY_PING,
    UPLINK_WITHHELD, /* an hour of catching up in vain: now OPEN */
    UPLINK_DEAD      /* nothing heard for too long: make a new connection */
};

struct uplink {
    enum uplink_state state;
    bool hello_due;
    int64_t since_steady_ms; /* in this state */
    int64_t heard_steady_ms;
    int64_t pinged_steady_ms; /* 0: no ping is unanswered */
    int64_t retry_steady_ms;  /* STANDING_BACK: HELLO again then */
    enum refusal refusal;     /* of the last refused session; 0 none */
};

#define UPLINK_PING_MS (15 * MINUTE_MS) /* of silence, when nothing is awaited */
#define UPLINK_ASK_MS (1 * MINUTE_MS)   /* of silence, when an answer is awaited */
#define UPLINK_DEAD_MS                                                                   \
    (2 * MINUTE_MS) /* after a ping without any frame; HELLO: both together */
#define UPLINK_CATCH_UP_MS (1 * HOUR_MS)
#define UPLINK_RETRY_MAX_MS                                                              \
    (1 * HOUR_MS) /* at most: a broker's word must not silence a node */
#define UPLINK_RETRY_MS (1 * MINUTE_MS)  /* at least, after a refused session */
#define UPLINK_PAUSE_MS (10 * SECOND_MS) /* after a turn that was rolled back */

/* The table itself, for tests and documents. */
enum uplink_act uplink_table(enum uplink_state state, enum frame_kind kind);

void uplink_connected(struct uplink *uplink, int64_t steady_ms);
void uplink_lost(struct uplink *uplink);
/* A turn was rolled back: what was promised in it is not true. The session starts again after a pause. */
void uplink_pause(struct uplink *uplink, int64_t steady_ms);
/* Moves the state and says what is to be done with the frame. */
enum uplink_act uplink_hear(
    struct uplink *uplink, const struct frame *frame, int64_t steady_ms);
void uplink_caught_up(struct uplink *uplink, int64_t steady_ms);
/* A newer document was announced while OPEN. */
void uplink_fall_behind(struct uplink *uplink, int64_t steady_ms);
/* Call until it says UPLINK_NOTHING. awaiting: an answer of the broker is outstanding. */
enum uplink_due uplink_work(struct uplink *uplink, bool awaiting, int64_t steady_ms);
int64_t uplink_deadline(const struct uplink *uplink, bool awaiting);

#endif
