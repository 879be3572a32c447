/* SPDX-License-Identifier: Apache-2.0
 *
 * The table is the whole of it; its test has the same one as a list. Frames that only nodes say are listed
 * nowhere.
 */
#include "uplink.h"

#include "memory.h"

/* clang-format off */
static const uint8_t TABLE[UPLINK_STATE_COUNT][FRAME_KIND_COUNT] = {
    [UPLINK_GREETING] = {
        [FRAME_WELCOME] = ACT_BEGIN,
        [FRAME_REFUSED] = ACT_REFUSED,
        [FRAME_PING]    = ACT_PONG,
        [FRAME_PONG]    = ACT_HEAR_PONG,
        [FRAME_BYE]     = ACT_BYE,
    },
    [UPLINK_CATCHING_UP] = {
        [FRAME_REFUSED]      = ACT_REFUSED,
        [FRAME_DOCUMENT_GET] = ACT_GIVE_DOCUMENT,
        [FRAME_DOCUMENT]     = ACT_TAKE_DOCUMENT,
        [FRAME_BUNDLES]      = ACT_TAKE_BUNDLES,
        [FRAME_HELD]         = ACT_HELD,
        [FRAME_DELIVER]      = ACT_DELIVER, /* credit given before it fell behind */
        [FRAME_EMPTY]        = ACT_EMPTY,
        [FRAME_HOLDS]        = ACT_HOLDS,
        [FRAME_CREDIT]       = ACT_CREDIT,
        [FRAME_PING]         = ACT_PONG,
        [FRAME_PONG]         = ACT_HEAR_PONG,
        [FRAME_BYE]          = ACT_BYE,
    },
    [UPLINK_OPEN] = {
        [FRAME_REFUSED]      = ACT_REFUSED,
        [FRAME_DOCUMENT_GET] = ACT_GIVE_DOCUMENT,
        [FRAME_DOCUMENT]     = ACT_TAKE_DOCUMENT,
        [FRAME_BUNDLES]      = ACT_TAKE_BUNDLES,
        [FRAME_HELD]         = ACT_HELD,
        [FRAME_DELIVER]      = ACT_DELIVER,
        [FRAME_EMPTY]        = ACT_EMPTY,
        [FRAME_HOLDS]        = ACT_HOLDS,
        [FRAME_CREDIT]       = ACT_CREDIT,
        [FRAME_PING]         = ACT_PONG,
        [FRAME_PONG]         = ACT_HEAR_PONG,
        [FRAME_BYE]          = ACT_BYE,
    },
    [UPLINK_STANDING_BACK] = { /* answers to what was said before are of no use any more */
        [FRAME_REFUSED]      = ACT_IGNORE,
        [FRAME_DOCUMENT_GET] = ACT_GIVE_DOCUMENT, /* the broker may lack the roster that admits me */
        [FRAME_DOCUMENT]     = ACT_TAKE_DOCUMENT, /* or I the one that does not */
        [FRAME_BUNDLES]      = ACT_IGNORE,
        [FRAME_HELD]         = ACT_IGNORE,
        [FRAME_DELIVER]      = ACT_IGNORE,
        [FRAME_EMPTY]        = ACT_IGNORE,
        [FRAME_HOLDS]        = ACT_IGNORE,
        [FRAME_CREDIT]       = ACT_IGNORE,
        [FRAME_PING]         = ACT_PONG,
        [FRAME_PONG]         = ACT_HEAR_PONG,
        [FRAME_BYE]          = ACT_BYE,
    },
};
/* clang-format on */

enum uplink_act uplink_table(enum uplink_state state, enum frame_kind kind)
{
    if (state >= UPLINK_STATE_COUNT || kind <= 0 || kind >= FRAME_KIND_COUNT)
        return ACT_END;
    return (enum uplink_act)TABLE[state][kind];
}

static void enter(struct uplink *uplink, enum uplink_state state, int64_t steady_ms)
{
    uplink->state = state;
    uplink->since_steady_ms = steady_ms;
}

void uplink_connected(struct uplink *uplink, int64_t steady_ms)
{
    enter(uplink, UPLINK_GREETING, steady_ms);
    uplink->hello_due = true;
    uplink->heard_steady_ms = steady_ms;
    uplink->pinged_steady_ms = 0;
}

void uplink_lost(struct uplink *uplink)
{
    uplink->state = UPLINK_DOWN;
    uplink->hello_due = false;
    uplink->pinged_steady_ms = 0;
}

void uplink_pause(struct uplink *uplink, int64_t steady_ms)
{
    if (uplink->state == UPLINK_DOWN)
        return;
    enter(uplink, UPLINK_STANDING_BACK, steady_ms);
    uplink->hello_due = false;
    uplink->retry_steady_ms = steady_ms + UPLINK_PAUSE_MS;
}

static void stand_back(
    struct uplink *uplink, const struct frame *frame, int64_t steady_ms)
{
    int64_t wait_ms = frame->refused.retry_after_s * SECOND_MS;
    if (wait_ms > UPLINK_RETRY_MAX_MS)
        wait_ms = UPLINK_RETRY_MAX_MS;
    enter(uplink, UPLINK_STANDING_BACK, steady_ms);
    uplink->hello_due = false;
    uplink->refusal = frame->refused.code;
    uplink->retry_steady_ms =
        steady_ms + (wait_ms > UPLINK_RETRY_MS ? wait_ms : UPLINK_RETRY_MS);
}

enum uplink_act uplink_hear(
    struct uplink *uplink, const struct frame *frame, int64_t steady_ms)
{
    enum uplink_act act = uplink_table(uplink->state, frame->kind);
    if (act == ACT_END)
        return act;
    uplink->heard_steady_ms = steady_ms;
    uplink->pinged_steady_ms = 0;
    if (act == ACT_BEGIN) {
        enter(uplink, UPLINK_CATCHING_UP, steady_ms);
        uplink->refusal = 0;
    } else if (act == ACT_REFUSED && uplink->state == UPLINK_GREETING) {
        if (!ident_is_zero(&frame->refused.msg_id))
            return ACT_IGNORE; /* of the session before */
        stand_back(uplink, frame, steady_ms);
        act = ACT_STAND_BACK;
    }
    return act;
}

void uplink_caught_up(struct uplink *uplink, int64_t steady_ms)
{
    if (uplink->state == UPLINK_CATCHING_UP)
        enter(uplink, UPLINK_OPEN, steady_ms);
}

void uplink_fall_behind(struct uplink *uplink, int64_t steady_ms)
{
    if (uplink->state == UPLINK_OPEN)
        enter(uplink, UPLINK_CATCHING_UP, steady_ms);
}

/* Until WELCOME nothing but HELLO is said (PROTOCOL.md 7.2), and that is question enough. */
static int64_t greeting_end(const struct uplink *uplink)
{
    int64_t last_ms = uplink->heard_steady_ms > uplink->since_steady_ms
                          ? uplink->heard_steady_ms
                          : uplink->since_steady_ms;
    return last_ms + UPLINK_ASK_MS + UPLINK_DEAD_MS;
}

static int64_t quiet_limit(const struct uplink *uplink, bool awaiting)
{
    return awaiting || uplink->state != UPLINK_OPEN ? UPLINK_ASK_MS : UPLINK_PING_MS;
}

enum uplink_due uplink_work(struct uplink *uplink, bool awaiting, int64_t steady_ms)
{
    if (uplink->state == UPLINK_DOWN)
        return UPLINK_NOTHING;
    if (uplink->state == UPLINK_STANDING_BACK && steady_ms >= uplink->retry_steady_ms) {
        enter(uplink, UPLINK_GREETING, steady_ms);
        uplink->hello_due = true;
    }
    if (uplink->hello_due) {
        uplink->hello_due = false;
        return UPLINK_SAY_HELLO;
    }
    if (uplink->state == UPLINK_STANDING_BACK)
        return UPLINK_NOTHING;
    if (uplink->state == UPLINK_GREETING || uplink->pinged_steady_ms != 0) {
        int64_t end_ms = uplink->state == UPLINK_GREETING
                             ? greeting_end(uplink)
                             : uplink->pinged_steady_ms + UPLINK_DEAD_MS;
        if (steady_ms < end_ms)
            return UPLINK_NOTHING;
        uplink_lost(uplink);
        return UPLINK_DEAD;
    }
    if (steady_ms - uplink->heard_steady_ms >= quiet_limit(uplink, awaiting)) {
        uplink->pinged_steady_ms = steady_ms;
        return UPLINK_SAY_PING;
    }
    if (uplink->state == UPLINK_CATCHING_UP &&
        steady_ms - uplink->since_steady_ms >= UPLINK_CATCH_UP_MS) {
        enter(uplink, UPLINK_OPEN, steady_ms);
        return UPLINK_WITHHELD;
    }
    return UPLINK_NOTHING;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t uplink_deadline(const struct uplink *uplink, bool awaiting)
{
    int64_t deadline = INT64_MAX;
    if (uplink->state == UPLINK_DOWN)
        return deadline;
    if (uplink->hello_due)
        return 0;
    if (uplink->state == UPLINK_STANDING_BACK)
        return uplink->retry_steady_ms;
    if (uplink->state == UPLINK_GREETING)
        return greeting_end(uplink);
    if (uplink->state == UPLINK_CATCHING_UP)
        deadline = earlier(deadline, uplink->since_steady_ms + UPLINK_CATCH_UP_MS);
    if (uplink->pinged_steady_ms != 0)
        return earlier(deadline, uplink->pinged_steady_ms + UPLINK_DEAD_MS);
    return earlier(deadline, uplink->heard_steady_ms + quiet_limit(uplink, awaiting));
}
