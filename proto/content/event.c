/* SPDX-License-Identifier: Apache-2.0
 * check_event runs after decoding and before encoding. What a step has no use for has to be zero.
 */
#include "event.h"

#include <string.h>

#include "clock.h"
#include "field.h"
#include "memory.h"
#include "message.h"

static const char *const STEPS[EVENT_STEP_COUNT] = {
    NULL, "moved", "late", "settled", "nudge", "reassign", "escalate", "goes-on"};
static const char *const WAITS[WAITS_COUNT] = {"nothing", "opening", "decision",
    "beginning", "appointment", "place", "review", "cancel", "next"};
static const char *const LATE[LATE_COUNT] = {"no", "half", "full"};

const char *event_step_name(enum event_step step)
{
    return (unsigned)step < EVENT_STEP_COUNT ? STEPS[step] : NULL;
}

const char *waits_name(enum waits waits)
{
    return (unsigned)waits < WAITS_COUNT ? WAITS[waits] : NULL;
}

const char *late_name(enum late late)
{
    return (unsigned)late < LATE_COUNT ? LATE[late] : NULL;
}

static bool is_zero(const struct ident *ident)
{
    static const struct ident none;

    return ident_equal(ident, &none);
}

static bool names_a_referral(const struct event *event)
{
    return event->step != EVENT_NUDGE && event->step != EVENT_REASSIGN;
}

/* A coordinator says no more than the reference, and whom to ask. */
static enum status check_word_of_coordinator(const struct event *event)
{
    bool bare = event->side == 0 && event->service == 0 && event->priority == 0 &&
                event->created_ms == 0 && event->move == 0 && event->day == 0 &&
                event->waits == 0 && event->late == 0 && !event->undelivered &&
                is_zero(&event->sender);

    return bare && is_zero(&event->member) == (event->step == EVENT_NUDGE)
               ? STATUS_OK
               : STATUS_MALFORMED;
}

static enum status check_lateness(const struct event *event)
{
    bool late = event->step == EVENT_LATE, escalated = event->step == EVENT_ESCALATE;

    if (late && (event->waits == 0 || event->late == 0))
        return STATUS_MALFORMED;
    if (!late && !escalated && (event->waits != 0 || event->late != 0))
        return STATUS_MALFORMED;
    if (event->undelivered && !late)
        return STATUS_MALFORMED;
    if (is_zero(&event->sender) == escalated)
        return STATUS_MALFORMED;
    return event->move != 0 || event->step == EVENT_MOVED ? STATUS_OK : STATUS_MALFORMED;
}

static enum status check_referral(const struct event *event)
{
    if (event->side >= EVENT_SIDE_COUNT || event->service >= SERVICE_COUNT ||
        event->priority >= PRIORITY_COUNT || event->waits >= WAITS_COUNT ||
        event->late >= LATE_COUNT || event->move > EVENT_MOVE_MAX)
        return STATUS_UNSUPPORTED;
    if (event->side == 0 || event->service == 0 || event->priority == 0 ||
        event->created_ms <= 0 || event->created_ms > TIME_MS_MAX ||
        event->created_ms % MINUTE_MS != 0 || event->day > TIME_MS_MAX / DAY_MS ||
        is_zero(&event->member))
        return STATUS_MALFORMED;
    if (event->day != 0 && event->step == EVENT_SETTLED)
        return STATUS_MALFORMED;
    if (event->step != EVENT_MOVED && event->step != EVENT_LATE &&
        event->side != SIDE_OF_SENDER)
        return STATUS_MALFORMED;
    return check_lateness(event);
}

static enum status check_event(const struct event *event)
{
    char canonical[REFERENCE_BYTES];

    if (!memchr(event->reference, '\0', REFERENCE_BYTES) ||
        reference_parse(event->reference, canonical) != STATUS_OK ||
        memcmp(canonical, event->reference, REFERENCE_BYTES) != 0 || event->step == 0)
        return STATUS_MALFORMED;
    if ((unsigned)event->step >= EVENT_STEP_COUNT)
        return STATUS_UNSUPPORTED;
    return names_a_referral(event) ? check_referral(event)
                                   : check_word_of_coordinator(event);
}

enum status event_encode(const struct event *event, struct buffer *buffer)
{
    Amaan__Content__Event message = AMAAN__CONTENT__EVENT__INIT;
    enum status status = check_event(event);

    if (status != STATUS_OK)
        return status;
    message.reference = field_of_text(event->reference);
    message.step = (uint32_t)event->step;
    if (!is_zero(&event->member))
        message.member = field_of(event->member.bytes, IDENT_BYTES);
    message.side = (uint32_t)event->side;
    message.service = (uint32_t)event->service;
    message.priority = (uint32_t)event->priority;
    message.created_minute = (uint64_t)(event->created_ms / MINUTE_MS);
    message.move = event->move;
    message.day = event->day;
    message.waits = (uint32_t)event->waits;
    message.late = (uint32_t)event->late;
    message.undelivered = event->undelivered;
    if (!is_zero(&event->sender))
        message.sender = field_of(event->sender.bytes, IDENT_BYTES);
    return message_pack(&message.base, buffer);
}

/* Absent, or an id that is not zero: zeros would be written as nothing. */
static enum status read_ident(const ProtobufCBinaryData *data, struct ident *ret)
{
    if (data->len == 0)
        return STATUS_OK;
    if (data->len != IDENT_BYTES)
        return STATUS_MALFORMED;
    memcpy(ret->bytes, data->data, IDENT_BYTES);
    return is_zero(ret) ? STATUS_MALFORMED : STATUS_OK;
}

enum status event_decode(struct arena *arena, struct span bytes, struct event *ret)
{
    const ProtobufCMessage *unpacked = NULL;
    struct event event = {0};
    enum status status = bytes.n > EVENT_BYTES_MAX ? STATUS_TOO_BIG : STATUS_OK;

    if (status == STATUS_OK)
        status =
            message_unpack(arena, &amaan__content__event__descriptor, bytes, &unpacked);
    if (status == STATUS_OK && !message_knows_all(unpacked))
        status = STATUS_MALFORMED;
    if (status != STATUS_OK)
        return status;
    const Amaan__Content__Event *message = (const Amaan__Content__Event *)unpacked;
    if (message->reference.len != REFERENCE_BYTES - 1 || message->undelivered > 1 ||
        message->created_minute > (uint64_t)(TIME_MS_MAX / MINUTE_MS))
        return STATUS_MALFORMED;
    memcpy(event.reference, message->reference.data, message->reference.len);
    event.step = (enum event_step)message->step;
    event.side = (enum event_side)message->side;
    event.service = (enum service)message->service;
    event.priority = (enum priority)message->priority;
    event.created_ms = (int64_t)message->created_minute * MINUTE_MS;
    event.move = message->move;
    event.day = message->day;
    event.waits = (enum waits)message->waits;
    event.late = (enum late)message->late;
    event.undelivered = message->undelivered == 1;
    status = read_ident(&message->member, &event.member);
    if (status == STATUS_OK)
        status = read_ident(&message->sender, &event.sender);
    if (status == STATUS_OK)
        status = check_event(&event);
    if (status == STATUS_OK)
        *ret = event;
    return status;
}
