/* SPDX-License-Identifier: Apache-2.0
 * Events go from a referral's two members to the coordinator that is responsible, and from coordinators to members. At a
 * coordinator they make and move the rows of its board, and nothing else (docs/CARE.md 19).
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

#define COORDINATOR (UINT32_C(1) << (ROLE_COORDINATOR - 1))

/* --- who is responsible ---------------------------------------------------------------------------------------- */

static uint16_t district_of(const struct desk *desk, const struct ident *member)
{
    const struct profile *profile = directory_find(desk->directory, member);

    return profile ? profile->eligibility.district : 0;
}

uint16_t event_district(
    const struct desk *desk, const struct ident *sender, const struct ident *recipient)
{
    uint16_t district = district_of(desk, recipient);

    return district != 0 ? district : district_of(desk, sender);
}

static bool covers(const struct profile *profile, uint16_t district)
{
    const struct eligibility *served = &profile->eligibility;

    if (served->n_catchment == 0)
        return true;
    for (size_t i = 0; i < served->n_catchment; i++)
        if (served->catchment[i] == district)
            return true;
    return false;
}

/* The narrower catchment comes first; who serves everywhere comes last. */
static size_t breadth(const struct profile *profile)
{
    size_t n = profile->eligibility.n_catchment;

    return n == 0 ? CATCHMENT_MAX + 1 : n;
}

size_t event_coordinators(struct desk *desk, uint16_t district,
    const struct profile *ret[static EVENT_COORDINATORS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < directory_count(desk->directory); i++) {
        const struct profile *one = directory_nth(desk->directory, i);
        size_t at = n;

        if (!(one->roles & COORDINATOR) || !covers(one, district) ||
            item_peer_is_gone(desk, &one->node_id))
            continue;
        while (at > 0 && breadth(ret[at - 1]) > breadth(one))
            at--;
        if (at == EVENT_COORDINATORS_MAX)
            continue;
        if (n < EVENT_COORDINATORS_MAX)
            n++;
        memmove(&ret[at + 1], &ret[at], (n - 1 - at) * sizeof(struct profile *));
        ret[at] = one;
    }
    return n;
}

/* --- sending ------------------------------------------------------------------------------------------------- */

enum status event_send(
    struct desk *desk, const struct ident *to, const struct event *event, enum lane lane)
{
    struct post_letter_new letter = {.recipient = *to,
        .kind = LETTER_EVENT,
        .lane = lane,
        .item_id = ident_new(desk->options.chance)};
    struct buffer body;

    buffer_init(&body, EVENT_BYTES_MAX);
    enum status status = event_encode(event, &body);
    if (status == STATUS_OK) {
        letter.body = buffer_span(&body);
        status = post_send(desk->options.post, &letter);
    }
    buffer_release(&body);
    return status;
}

enum audience { THE_RESPONSIBLE = 1, THE_DEPUTIES = 2, ALL_OF_THEM = 3 };

/* A coordinator itself keeps its own board. */
static enum status tell(struct desk *desk, const struct referral_row *row,
    const struct event *event, const struct ident *by, enum audience audience)
{
    const struct profile *coordinators[EVENT_COORDINATORS_MAX];
    const struct ident *own = &desk->options.node_id;
    uint16_t district =
        event_district(desk, row->sent ? own : &row->peer, row->sent ? &row->peer : own);
    size_t n = event_coordinators(desk, district, coordinators);
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        const struct ident *to = &coordinators[i]->node_id;

        if (!((unsigned)audience & (i == 0 ? THE_RESPONSIBLE : THE_DEPUTIES)))
            continue;
        if (ident_equal(to, own))
            status = board_hear(desk, by, event, desk_now_ms(desk));
        else if (ident_equal(by, own) && !ident_equal(to, &row->peer))
            status = event_send(desk, to, event, desk_lane(row->referral.priority));
        if (status == STATUS_NOT_FOUND || status == STATUS_DENIED)
            status = STATUS_OK; /* it is no member any more */
    }
    return status;
}

static struct event make(
    const struct desk *desk, const struct referral_row *row, bool by_sender)
{
    bool mine = by_sender == row->sent;
    struct event event = {.member = mine ? row->peer : desk->options.node_id,
        .side = by_sender ? SIDE_OF_SENDER : SIDE_OF_RECIPIENT,
        .service = row->referral.service,
        .priority = row->referral.priority,
        .created_ms = row->created_ms - row->created_ms % MINUTE_MS};

    memcpy(event.reference, row->referral.reference, REFERENCE_BYTES);
    return event;
}

enum status event_moved(struct desk *desk, const struct referral_row *row,
    enum actor actor, unsigned move, uint32_t day)
{
    bool by_sender = actor == ACTOR_SENDER;
    struct event event = make(desk, row, by_sender);

    event.step = EVENT_MOVED;
    event.move = move;
    event.day = day;
    return tell(desk, row, &event,
        by_sender == row->sent ? &desk->options.node_id : &row->peer, THE_RESPONSIBLE);
}

enum status event_late(struct desk *desk, const struct referral_row *row,
    const struct watch *watch, const struct deadline *deadline, enum late late,
    bool arrived)
{
    struct event event = make(desk, row, true);

    event.step = EVENT_LATE;
    event.move = (unsigned)row->progress;
    event.day = watch->day;
    event.waits = deadline->waits;
    event.late = late;
    event.undelivered = !arrived;
    return tell(desk, row, &event, &desk->options.node_id,
        late == LATE_FULL ? ALL_OF_THEM : THE_RESPONSIBLE);
}

enum status event_goes_on(
    struct desk *desk, const struct referral_row *row, const struct watch *watch)
{
    struct event event = make(desk, row, true);

    event.step = EVENT_GOES_ON;
    event.move = (unsigned)row->progress;
    event.day = watch->day;
    return tell(desk, row, &event, &desk->options.node_id, THE_DEPUTIES);
}

enum status event_settled(
    struct desk *desk, const struct referral_row *row, bool also_deputies)
{
    struct event event = make(desk, row, true);

    event.step = EVENT_SETTLED;
    event.move = (unsigned)row->progress;
    return tell(desk, row, &event, &desk->options.node_id,
        also_deputies ? ALL_OF_THEM : THE_RESPONSIBLE);
}

/* --- what comes -------------------------------------------------------------------------------------------------- */

/* A coordinator's word to one of the two members. */
static enum status hear_coordinator(
    struct desk *desk, const struct ident *from, const struct event *event, int64_t at_ms)
{
    const struct profile *profile = directory_find(desk->directory, from);
    struct referral_row row;
    struct watch watch;

    if (!profile || !(profile->roles & COORDINATOR)) {
        log_event(LOG_ALARM, "event-not-applied", "reason=%s", "no-coordinator");
        return STATUS_OK;
    }
    enum status status =
        referrals_find(desk->referrals, event->reference, desk->arena, &row);
    if (status == STATUS_OK)
        status = watches_find(desk->watches, row.id, &watch);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND || status == STATUS_CORRUPT ? STATUS_OK
                                                                      : status;
    watch.nudged_ms = at_ms;
    if (event->step == EVENT_REASSIGN && row.sent)
        watch.suggested = event->member;
    return watches_put(desk->watches, &watch);
}

enum status event_apply(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct ident from = letter->peer;
    int64_t now = desk_now_ms(desk);
    int64_t at = letter->created_ms < now ? letter->created_ms : now;
    struct event event;

    if (event_decode(desk->arena, letter->body, &event) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    if (letter->late)
        return STATUS_OK;
    if (event.step == EVENT_NUDGE || event.step == EVENT_REASSIGN)
        return hear_coordinator(desk, &from, &event, at);
    if (!(desk_roles(desk) & COORDINATOR)) {
        log_event(LOG_WARNING, "event-not-applied", "reason=%s", "not-a-coordinator");
        return STATUS_OK;
    }
    return board_hear(desk, &from, &event, at);
}
