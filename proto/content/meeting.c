/* SPDX-License-Identifier: Apache-2.0
 * check_meeting runs after decoding and before encoding.
 */
#include "meeting.h"

#include <string.h>

#include "field.h"
#include "limits.h"
#include "memory.h"
#include "message.h"

static const char *const STEPS[MEETING_STEP_COUNT] = {
    NULL, "propose", "agree", "hand-over", "arrive", "call-off", "miss"};
static const char *const WHO[MEETING_WHO_COUNT] = {
    NULL, "a-woman", "a-man", "two-women", "a-woman-and-a-driver", "an-ambulance"};

const char *meeting_step_name(enum meeting_step step)
{
    return (unsigned)step < MEETING_STEP_COUNT ? STEPS[step] : NULL;
}

const char *meeting_who_name(enum meeting_who who)
{
    return (unsigned)who < MEETING_WHO_COUNT ? WHO[who] : NULL;
}

enum status meeting_who_parse(const char *word, enum meeting_who *ret)
{
    for (int i = 1; i < MEETING_WHO_COUNT; i++)
        if (strcmp(WHO[i], word) == 0) {
            *ret = (enum meeting_who)i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

static bool is_bare(const struct meeting *meeting)
{
    static const uint8_t none[MEETING_SEED_BYTES];

    return meeting->point == 0 && meeting->from_ms == 0 && meeting->minutes == 0 &&
           meeting->way_minutes == 0 && meeting->who == 0 &&
           memcmp(meeting->seed, none, sizeof(none)) == 0;
}

static enum status check_proposal(const struct meeting *meeting)
{
    static const uint8_t none[MEETING_SEED_BYTES];

    if (meeting->who >= MEETING_WHO_COUNT)
        return STATUS_UNSUPPORTED;
    if (meeting->point < 1 || meeting->point > MEETING_POINT_MAX ||
        meeting->from_ms <= 0 || meeting->from_ms > TIME_MS_MAX || meeting->minutes < 1 ||
        meeting->minutes > MEETING_WINDOW_MINUTES_MAX ||
        meeting->way_minutes > MEETING_WAY_MINUTES_MAX || meeting->who < 1 ||
        memcmp(meeting->seed, none, sizeof(none)) == 0)
        return STATUS_MALFORMED;
    return STATUS_OK;
}

static enum status check_meeting(const struct meeting *meeting)
{
    char canonical[REFERENCE_BYTES];

    if (!memchr(meeting->reference, '\0', REFERENCE_BYTES) ||
        reference_parse(meeting->reference, canonical) != STATUS_OK ||
        memcmp(canonical, meeting->reference, REFERENCE_BYTES) != 0 ||
        meeting->step == 0 || meeting->round < 1 || meeting->round > MEETING_ROUNDS_MAX)
        return STATUS_MALFORMED;
    if ((unsigned)meeting->step >= MEETING_STEP_COUNT)
        return STATUS_UNSUPPORTED;
    if (meeting->step == MEETING_PROPOSE)
        return check_proposal(meeting);
    return is_bare(meeting) ? STATUS_OK : STATUS_MALFORMED;
}

enum status meeting_encode(const struct meeting *meeting, struct buffer *buffer)
{
    Amaan__Content__Handover message = AMAAN__CONTENT__HANDOVER__INIT;
    enum status status = check_meeting(meeting);

    if (status != STATUS_OK)
        return status;
    message.reference = field_of_text(meeting->reference);
    message.step = (uint32_t)meeting->step;
    message.round = meeting->round;
    if (meeting->step == MEETING_PROPOSE) {
        message.point = meeting->point;
        message.from_ms = (uint64_t)meeting->from_ms;
        message.minutes = meeting->minutes;
        message.way_minutes = meeting->way_minutes;
        message.who = (uint32_t)meeting->who;
        message.seed = field_of(meeting->seed, sizeof(meeting->seed));
    }
    return message_pack(&message.base, buffer);
}

enum status meeting_decode(struct arena *arena, struct span bytes, struct meeting *ret)
{
    const ProtobufCMessage *unpacked = NULL;
    struct meeting meeting = {0};
    enum status status = bytes.n > BODY_BYTES_MAX ? STATUS_TOO_BIG : STATUS_OK;

    if (status == STATUS_OK)
        status = message_unpack(
            arena, &amaan__content__handover__descriptor, bytes, &unpacked);
    if (status == STATUS_OK && !message_knows_all(unpacked))
        status = STATUS_MALFORMED;
    if (status != STATUS_OK)
        return status;
    const Amaan__Content__Handover *message = (const Amaan__Content__Handover *)unpacked;
    if (message->reference.len != REFERENCE_BYTES - 1 ||
        (message->seed.len != 0 && message->seed.len != MEETING_SEED_BYTES) ||
        message->from_ms > TIME_MS_MAX)
        return STATUS_MALFORMED;
    memcpy(meeting.reference, message->reference.data, message->reference.len);
    meeting.step = (enum meeting_step)message->step;
    meeting.round = message->round;
    meeting.point = message->point;
    meeting.from_ms = (int64_t)message->from_ms;
    meeting.minutes = message->minutes;
    meeting.way_minutes = message->way_minutes;
    meeting.who = (enum meeting_who)message->who;
    if (message->seed.len > 0) {
        memcpy(meeting.seed, message->seed.data, MEETING_SEED_BYTES);
        if (meeting.step != MEETING_PROPOSE) /* zeros would be written as nothing */
            return STATUS_MALFORMED;
    }
    status = check_meeting(&meeting);
    if (status == STATUS_OK)
        *ret = meeting;
    return status;
}
