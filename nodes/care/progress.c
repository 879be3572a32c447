/* SPDX-License-Identifier: Apache-2.0
 * One row a move; what has no row is impossible.
 */
#include "progress.h"

#include <string.h>

#include "memory.h"
#include "update.h"

static const char *const NAMES[PROGRESS_COUNT] = {
    [PROGRESS_REQUESTED] = "requested",
    [PROGRESS_OPENED] = "opened",
    [PROGRESS_ACCEPTED] = "accepted",
    [PROGRESS_DECLINED] = "declined",
    [PROGRESS_COMPLETED] = "completed",
    [PROGRESS_WAITLISTED] = "waitlisted",
    [PROGRESS_SCHEDULED] = "scheduled",
    [PROGRESS_IN_SERVICE] = "in-service",
    [PROGRESS_ON_HOLD] = "on-hold",
    [PROGRESS_NO_SHOW] = "no-show",
    [PROGRESS_CANCEL_REQUESTED] = "cancel-requested",
    [PROGRESS_CANCELLED] = "cancelled",
    [PROGRESS_REDIRECTED] = "redirected",
    [PROGRESS_FAILED] = "failed",
    [PROGRESS_ENTERED_IN_ERROR] = "entered-in-error",
};

static const char *const EFFECTS[EFFECT_COUNT] = {
    [EFFECT_NONE] = "",
    [EFFECT_KEPT] = "kept",
    [EFFECT_ENDS] = "ends",
    [EFFECT_DESTROYS] = "destroys",
};

#define ASKED (PROGRESS_BIT(REQUESTED) | PROGRESS_BIT(OPENED) | PROGRESS_BIT(WAITLISTED))
#define TAKEN                                                                            \
    (PROGRESS_BIT(ACCEPTED) | PROGRESS_BIT(SCHEDULED) | PROGRESS_BIT(IN_SERVICE) |       \
        PROGRESS_BIT(ON_HOLD))
#define OPEN (ASKED | TAKEN | PROGRESS_BIT(NO_SHOW))
/* The sender asked to cancel: an end that the recipient decided counts all the same. */
#define CANCELLING PROGRESS_BIT(CANCEL_REQUESTED)
#define ENDED                                                                            \
    (PROGRESS_BIT(DECLINED) | PROGRESS_BIT(COMPLETED) | PROGRESS_BIT(CANCELLED) |        \
        PROGRESS_BIT(REDIRECTED) | PROGRESS_BIT(FAILED))
/* Somebody was or is served. */
#define SERVED (TAKEN | CANCELLING | PROGRESS_BIT(COMPLETED))

static const struct progress_row ROWS[] = {
    {PROGRESS_BIT(REQUESTED), MOVE_OPENED, ACTOR_RECIPIENT, PROGRESS_OPENED, EFFECT_NONE},
    {ASKED, MOVE_WAITLISTED, ACTOR_RECIPIENT, PROGRESS_WAITLISTED, EFFECT_NONE},
    {ASKED, MOVE_ACCEPTED, ACTOR_RECIPIENT, PROGRESS_ACCEPTED, EFFECT_NONE},
    {OPEN | CANCELLING, MOVE_DECLINED, ACTOR_RECIPIENT, PROGRESS_DECLINED, EFFECT_ENDS},
    {ASKED | CANCELLING, MOVE_REDIRECTED, ACTOR_RECIPIENT, PROGRESS_REDIRECTED,
        EFFECT_ENDS},
    {TAKEN | PROGRESS_BIT(NO_SHOW), MOVE_SCHEDULED, ACTOR_RECIPIENT, PROGRESS_SCHEDULED,
        EFFECT_NONE},
    {PROGRESS_BIT(SCHEDULED), MOVE_NO_SHOW, ACTOR_RECIPIENT, PROGRESS_NO_SHOW,
        EFFECT_NONE},
    {PROGRESS_BIT(ACCEPTED) | PROGRESS_BIT(SCHEDULED) | PROGRESS_BIT(ON_HOLD),
        MOVE_IN_SERVICE, ACTOR_RECIPIENT, PROGRESS_IN_SERVICE, EFFECT_NONE},
    {PROGRESS_BIT(ACCEPTED) | PROGRESS_BIT(SCHEDULED) | PROGRESS_BIT(IN_SERVICE),
        MOVE_ON_HOLD, ACTOR_RECIPIENT, PROGRESS_ON_HOLD, EFFECT_NONE},
    {TAKEN | CANCELLING, MOVE_COMPLETED, ACTOR_RECIPIENT, PROGRESS_COMPLETED,
        EFFECT_ENDS},
    {PROGRESS_BIT(NO_SHOW) | PROGRESS_BIT(IN_SERVICE) | PROGRESS_BIT(ON_HOLD) |
            CANCELLING,
        MOVE_FAILED, ACTOR_RECIPIENT, PROGRESS_FAILED, EFFECT_ENDS},
    {CANCELLING, MOVE_CANCELLED, ACTOR_RECIPIENT, PROGRESS_CANCELLED, EFFECT_ENDS},
    {SERVED, MOVE_MILESTONE, ACTOR_RECIPIENT, PROGRESS_STAYS, EFFECT_KEPT},
    {SERVED, MOVE_FOLLOWED_UP, ACTOR_RECIPIENT, PROGRESS_STAYS, EFFECT_KEPT},
    {OPEN | CANCELLING, MOVE_ASKS, ACTOR_RECIPIENT, PROGRESS_STAYS, EFFECT_KEPT},
    {OPEN | CANCELLING, MOVE_TELLS, ACTOR_RECIPIENT, PROGRESS_STAYS, EFFECT_KEPT},
    {OPEN | CANCELLING, MOVE_ASKS, ACTOR_SENDER, PROGRESS_STAYS, EFFECT_KEPT},
    {OPEN | CANCELLING, MOVE_TELLS, ACTOR_SENDER, PROGRESS_STAYS, EFFECT_KEPT},
    {OPEN, MOVE_CANCEL_REQUESTED, ACTOR_SENDER, PROGRESS_CANCEL_REQUESTED, EFFECT_NONE},
    {OPEN | CANCELLING, MOVE_STOPPED, ACTOR_SENDER, PROGRESS_CANCELLED, EFFECT_ENDS},
    {OPEN | CANCELLING | ENDED, MOVE_ENTERED_IN_ERROR, ACTOR_SENDER,
        PROGRESS_ENTERED_IN_ERROR, EFFECT_DESTROYS},
};

const struct progress_row *progress_rows(size_t *ret_n)
{
    *ret_n = ARRAY_LENGTH(ROWS);
    return ROWS;
}

const char *progress_name(enum progress progress)
{
    return progress >= 1 && progress < PROGRESS_COUNT ? NAMES[progress] : NULL;
}

enum status progress_parse(const char *word, enum progress *ret)
{
    for (int i = 1; i < PROGRESS_COUNT; i++)
        if (strcmp(NAMES[i], word) == 0) {
            *ret = (enum progress)i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

const char *move_name(enum move move)
{
    switch ((int)move) {
    case MOVE_CANCEL_REQUESTED:
        return "cancel-requested";
    case MOVE_ENTERED_IN_ERROR:
        return "entered-in-error";
    case MOVE_STOPPED:
        return "stopped";
    default:
        return decision_name((enum decision)move);
    }
}

const char *move_reason_name(enum move move, unsigned reason)
{
    const struct answer_rule *rule = answer_rule((enum decision)move);

    if (reason == 0)
        return NULL;
    if (move == MOVE_CANCEL_REQUESTED || move == MOVE_STOPPED)
        return cancel_reason_name((enum cancel_reason)reason);
    if (move == MOVE_ENTERED_IN_ERROR)
        return error_reason_name((enum error_reason)reason);
    return rule && rule->reason_name ? rule->reason_name(reason) : NULL;
}

const char *actor_name(enum actor actor)
{
    return actor == ACTOR_SENDER      ? "sender"
           : actor == ACTOR_RECIPIENT ? "recipient"
                                      : NULL;
}

const char *progress_effect_name(enum progress_effect effect)
{
    return (unsigned)effect < EFFECT_COUNT ? EFFECTS[effect] : NULL;
}

/* What has no row from here: said before, overtaken, or impossible? */
static enum status judge_rowless(
    enum progress from, enum actor actor, enum progress to, bool known)
{
    if (!known)
        return STATUS_DENIED;
    if (from == PROGRESS_CANCEL_REQUESTED && actor == ACTOR_RECIPIENT)
        return STATUS_EXISTS;
    return to != PROGRESS_STAYS && progress_reached(from, to) == STATUS_OK
               ? STATUS_EXISTS
               : STATUS_CONFLICT;
}

enum status progress_move(
    enum progress from, enum move move, enum actor actor, enum progress *ret)
{
    enum progress to = PROGRESS_STAYS;
    bool known = false;

    for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++) {
        const struct progress_row *row = &ROWS[i];

        if (row->move != move || row->actor != actor)
            continue;
        if (row->from & (UINT32_C(1) << from)) {
            *ret = row->to == PROGRESS_STAYS ? from : row->to;
            return STATUS_OK;
        }
        known = true;
        to = row->to;
    }
    return judge_rowless(from, actor, to, known);
}

bool progress_is_over(enum progress progress)
{
    return ((ENDED | PROGRESS_BIT(ENTERED_IN_ERROR)) & (UINT32_C(1) << progress)) != 0;
}

/* States that a row leads to from one of these, and so on. */
static uint32_t find_reachable(enum progress progress)
{
    uint32_t reached = UINT32_C(1) << progress, before = 0;

    while (reached != before) {
        before = reached;
        for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++)
            if ((ROWS[i].from & reached) && ROWS[i].to != PROGRESS_STAYS)
                reached |= UINT32_C(1) << ROWS[i].to;
    }
    return reached;
}

enum status progress_reached(enum progress progress, enum progress wanted)
{
    uint32_t here = UINT32_C(1) << progress;

    if (progress == wanted || wanted == PROGRESS_REQUESTED)
        return STATUS_OK;
    /* Whoever decided has opened it; whoever serves has taken it on. */
    if (wanted == PROGRESS_OPENED &&
        (here & (OPEN | ENDED) & ~PROGRESS_BIT(REQUESTED) & ~PROGRESS_BIT(CANCELLED)))
        return STATUS_OK;
    if (wanted == PROGRESS_ACCEPTED &&
        (here & (TAKEN | PROGRESS_BIT(NO_SHOW) | PROGRESS_BIT(COMPLETED) |
                    PROGRESS_BIT(FAILED))))
        return STATUS_OK;
    return find_reachable(progress) & (UINT32_C(1) << wanted) ? STATUS_BUSY
                                                              : STATUS_CONFLICT;
}
