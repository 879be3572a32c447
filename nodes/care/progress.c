/* SPDX-License-Identifier: Apache-2.0
 * One row a move; what has no row is impossible.
 */
#include "progress.h"

#include <string.h>

#include "memory.h"

static const char *const NAMES[PROGRESS_COUNT] = {
    [PROGRESS_REQUESTED] = "requested",
    [PROGRESS_OPENED] = "opened",
    [PROGRESS_ACCEPTED] = "accepted",
    [PROGRESS_DECLINED] = "declined",
    [PROGRESS_COMPLETED] = "completed",
};

struct move {
    enum progress from;
    enum decision decision;
    enum actor actor;
    enum progress to; /* equal to from: said before, harmless */
};

static const struct move MOVES[] = {
    {PROGRESS_REQUESTED, DECISION_OPENED, ACTOR_RECIPIENT, PROGRESS_OPENED},
    {PROGRESS_REQUESTED, DECISION_ACCEPTED, ACTOR_RECIPIENT, PROGRESS_ACCEPTED},
    {PROGRESS_REQUESTED, DECISION_DECLINED, ACTOR_RECIPIENT, PROGRESS_DECLINED},
    {PROGRESS_OPENED, DECISION_OPENED, ACTOR_RECIPIENT, PROGRESS_OPENED},
    {PROGRESS_OPENED, DECISION_ACCEPTED, ACTOR_RECIPIENT, PROGRESS_ACCEPTED},
    {PROGRESS_OPENED, DECISION_DECLINED, ACTOR_RECIPIENT, PROGRESS_DECLINED},
    {PROGRESS_ACCEPTED, DECISION_OPENED, ACTOR_RECIPIENT, PROGRESS_ACCEPTED},
    {PROGRESS_ACCEPTED, DECISION_ACCEPTED, ACTOR_RECIPIENT, PROGRESS_ACCEPTED},
    {PROGRESS_ACCEPTED, DECISION_COMPLETED, ACTOR_RECIPIENT, PROGRESS_COMPLETED},
    {PROGRESS_DECLINED, DECISION_OPENED, ACTOR_RECIPIENT, PROGRESS_DECLINED},
    {PROGRESS_DECLINED, DECISION_DECLINED, ACTOR_RECIPIENT, PROGRESS_DECLINED},
    {PROGRESS_COMPLETED, DECISION_OPENED, ACTOR_RECIPIENT, PROGRESS_COMPLETED},
    {PROGRESS_COMPLETED, DECISION_ACCEPTED, ACTOR_RECIPIENT, PROGRESS_COMPLETED},
    {PROGRESS_COMPLETED, DECISION_COMPLETED, ACTOR_RECIPIENT, PROGRESS_COMPLETED},
};

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

enum status progress_move(
    enum progress from, enum decision decision, enum actor actor, enum progress *ret)
{
    for (size_t i = 0; i < ARRAY_LENGTH(MOVES); i++) {
        const struct move *move = &MOVES[i];

        if (move->from != from || move->decision != decision)
            continue;
        if (move->actor != actor)
            return STATUS_DENIED;
        if (move->to == from)
            return STATUS_EXISTS;
        *ret = move->to;
        return STATUS_OK;
    }
    return STATUS_CONFLICT;
}

enum status progress_reached(enum progress progress, enum progress wanted)
{
    if (progress == wanted || wanted == PROGRESS_REQUESTED)
        return STATUS_OK;
    if (wanted == PROGRESS_OPENED && progress > PROGRESS_OPENED)
        return STATUS_OK;
    if (wanted == PROGRESS_ACCEPTED && progress == PROGRESS_COMPLETED)
        return STATUS_OK;
    if (progress == PROGRESS_DECLINED || progress == PROGRESS_COMPLETED)
        return STATUS_CONFLICT;
    return progress == PROGRESS_ACCEPTED && wanted == PROGRESS_DECLINED ? STATUS_CONFLICT
                                                                        : STATUS_BUSY;
}
