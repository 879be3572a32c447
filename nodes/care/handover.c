/* SPDX-License-Identifier: Apache-2.0
 * The rows are those of docs/CARE.md 8.1; a test holds them against each other.
 */
#include "handover.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "hash.h"
#include "memory.h"

#define FROM(state) (1u << HANDOVER_##state)

/* 7 days after a window nobody needs to know any more where it was, whatever was said or not said. */
enum { ERASE_AFTER_ARRIVAL_DAYS = 1, ERASE_AFTER_WINDOW_DAYS = 7 };

static const struct row {
    unsigned from, sides;
    enum handover_state to;
    bool of_round; /* holds in the newest round only */
} ROWS[MEETING_STEP_COUNT] = {
    [MEETING_PROPOSE] = {FROM(NONE) | FROM(PROPOSED) | FROM(AGREED) | FROM(CALLED_OFF),
        1u << SIDE_PROVIDER, HANDOVER_PROPOSED, false},
    [MEETING_AGREE] = {FROM(PROPOSED), 1u << SIDE_SENDER, HANDOVER_AGREED, true},
    [MEETING_HAND_OVER] = {FROM(PROPOSED) | FROM(AGREED) | FROM(CALLED_OFF),
        1u << SIDE_SENDER, HANDOVER_HANDED_OVER, false},
    [MEETING_ARRIVE] = {FROM(PROPOSED) | FROM(AGREED) | FROM(CALLED_OFF) |
                            FROM(HANDED_OVER) | FROM(MISSING),
        1u << SIDE_PROVIDER, HANDOVER_ARRIVED, false},
    [MEETING_CALL_OFF] = {FROM(PROPOSED) | FROM(AGREED),
        1u << SIDE_SENDER | 1u << SIDE_PROVIDER, HANDOVER_CALLED_OFF, true},
    [MEETING_MISS] = {FROM(HANDED_OVER), 1u << SIDE_SENDER | 1u << SIDE_PROVIDER,
        HANDOVER_MISSING, false},
};
static const char *const STATES[HANDOVER_STATE_COUNT] = {
    "none", "proposed", "agreed", "handed-over", "arrived", "called-off", "missing"};

const char *handover_state_name(enum handover_state state)
{
    return (unsigned)state < HANDOVER_STATE_COUNT ? STATES[state] : NULL;
}

/* Of a proposal: a later one than the newest. Of what is said about one: the newest. Of a fact: any. */
static enum status check_round(
    const struct handover *handover, const struct meeting *letter, const struct row *row)
{
    unsigned newest = handover->plan.round;

    if (letter->step == MEETING_PROPOSE)
        return letter->round > newest    ? STATUS_OK
               : letter->round == newest ? STATUS_EXISTS
                                         : STATUS_EXPIRED;
    if (!row->of_round)
        return STATUS_OK; /* a fact; also when she had gone before a later proposal came */
    if (letter->round > newest)
        return STATUS_CONFLICT; /* of a proposal that did not come yet, or was never made */
    return letter->round < newest ? STATUS_EXPIRED : STATUS_OK;
}

enum status handover_move(struct handover *handover, const struct meeting *letter,
    enum handover_side side, int64_t at_ms)
{
    PROMISE(letter->step > 0 && letter->step < MEETING_STEP_COUNT);
    const struct row *row = &ROWS[letter->step];
    enum status status;

    if (!(row->sides & (1u << side)))
        return STATUS_DENIED;
    status = check_round(handover, letter, row);
    if (status != STATUS_OK)
        return status;
    if (handover->state == row->to && letter->step != MEETING_PROPOSE)
        return STATUS_EXISTS;
    if (!(row->from & (1u << handover->state)))
        return STATUS_CONFLICT;
    handover->state = row->to;
    if (letter->step == MEETING_PROPOSE)
        handover->plan = *letter;
    else if (letter->step == MEETING_HAND_OVER)
        handover->handed_ms = at_ms;
    else if (letter->step == MEETING_ARRIVE)
        handover->arrived_ms = at_ms;
    return STATUS_OK;
}

static int64_t window_end_ms(const struct handover *handover)
{
    return handover->plan.from_ms + (int64_t)handover->plan.minutes * MINUTE_MS;
}

int64_t handover_due_ms(const struct handover *handover)
{
    int64_t way_ms = (int64_t)handover->plan.way_minutes * MINUTE_MS;
    int64_t from_ms = window_end_ms(handover);

    if (handover->state != HANDOVER_HANDED_OVER)
        return INT64_MAX;
    if (handover->handed_ms > from_ms) /* they left late */
        from_ms = handover->handed_ms;
    return from_ms + way_ms;
}

int64_t handover_erase_day(const struct handover *handover)
{
    if (handover->plan.point == 0)
        return INT64_MAX;
    if (handover->state == HANDOVER_ARRIVED)
        return handover->arrived_ms / DAY_MS + ERASE_AFTER_ARRIVAL_DAYS;
    if (handover->state == HANDOVER_MISSING)
        return INT64_MAX; /* whoever looks for her needs it */
    return (window_end_ms(handover) + (int64_t)handover->plan.way_minutes * MINUTE_MS) /
               DAY_MS +
           ERASE_AFTER_WINDOW_DAYS;
}

/* H over all that was proposed: who was told another place or time has another code. 10^6 leaves a guesser one chance in
 * a million at a counter where he is seen. */
void handover_code(const struct meeting *plan, char ret[static HANDOVER_CODE_BYTES])
{
    static const char context[16] = "amaan:hand:v1";
    uint8_t bytes[sizeof(context) + REFERENCE_BYTES + 4 * 5 + 8 + MEETING_SEED_BYTES];
    struct writer writer = writer_over(bytes, sizeof(bytes));
    struct hash hash;
    uint64_t number = 0;

    writer_put(&writer, context, sizeof(context));
    writer_put(&writer, plan->reference, REFERENCE_BYTES);
    writer_u32(&writer, plan->round);
    writer_u32(&writer, plan->point);
    writer_u32(&writer, plan->minutes);
    writer_u32(&writer, plan->way_minutes);
    writer_u32(&writer, (uint32_t)plan->who);
    writer_u64(&writer, (uint64_t)plan->from_ms);
    writer_put(&writer, plan->seed, MEETING_SEED_BYTES);
    hash = hash_of(writer_span(&writer));
    for (int i = 0; i < 8; i++)
        number = number << 8 | hash.bytes[i];
    (void)snprintf(ret, HANDOVER_CODE_BYTES, "%06u", (unsigned)(number % 1000000));
    memory_wipe(bytes, sizeof(bytes));
}
