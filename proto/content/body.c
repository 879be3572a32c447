/* SPDX-License-Identifier: Apache-2.0
 * The rules stand in check_referral, which runs after decoding and before encoding: a letter
 * that its own sender could not read back is never sealed.
 */
#include <string.h>

#include "clock.h"
#include "field.h"
#include "limits.h"
#include "memory.h"
#include "message.h"

static bool is_code(unsigned value, unsigned count)
{
    return value >= 1 && value < count;
}

/* Codes that this version does not know are UNSUPPORTED, 0 is MALFORMED. */
static enum status check_codes(const struct referral *referral)
{
    const struct {
        unsigned value, count;
    } codes[] = {
        {(unsigned)referral->service, SERVICE_COUNT},
        {(unsigned)referral->priority, PRIORITY_COUNT},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(codes); i++) {
        if (!is_code(codes[i].value, codes[i].count)) {
            return codes[i].value == 0 ? STATUS_MALFORMED : STATUS_UNSUPPORTED;
        }
    }
    return STATUS_OK;
}

static enum status check_text(const char *text, size_t max)
{
    return text != NULL ? field_check_text(span_text(text), max) : STATUS_OK;
}

static enum status check_referral(const struct referral *referral)
{
    if (referral->needed_by_ms < 0 || referral->needed_by_ms > TIME_MS_MAX ||
        referral->needed_by_ms % DAY_MS != 0) {
        return STATUS_MALFORMED;
    }
    enum status status = field_check_reference(referral->reference);
    if (status == STATUS_OK) {
        status = check_codes(referral);
    }
    if (status == STATUS_OK) {
        status = field_check_person(&referral->person);
    }
    if (status == STATUS_OK) {
        status = check_text(referral->sender_role, SENDER_ROLE_BYTES_MAX);
    }
    if (status == STATUS_OK) {
        status = check_text(referral->note, NOTE_BYTES_MAX);
    }
    return status;
}

enum status referral_encode(const struct referral *referral, struct buffer *buffer)
{
    enum status status = check_referral(referral);
    if (status != STATUS_OK) {
        return status;
    }
    ProtobufCBinaryData languages[LANGUAGES_MAX];
    Amaan__Content__Person person;
    field_write_person(&referral->person, languages, &person);
    Amaan__Content__Referral message = AMAAN__CONTENT__REFERRAL__INIT;
    message.reference = field_of_text(referral->reference);
    message.service = (uint32_t)referral->service;
    message.priority = (uint32_t)referral->priority;
    message.needed_by_day = (uint32_t)(referral->needed_by_ms / DAY_MS);
    message.person = &person;
    message.sender_role = field_of_text(referral->sender_role);
    message.note = field_of_text(referral->note);
    return message_pack(&message.base, buffer);
}

static enum status read_texts(struct arena *arena,
    const Amaan__Content__Referral *message, struct referral *referral)
{
    enum status status = field_read_text(
        arena, message->sender_role, SENDER_ROLE_BYTES_MAX, &referral->sender_role);
    if (status == STATUS_OK) {
        status = field_read_text(arena, message->note, NOTE_BYTES_MAX, &referral->note);
    }
    return status;
}

enum status referral_decode(struct arena *arena, struct span bytes, struct referral *ret)
{
    const void *unpacked = NULL;
    enum status status =
        field_unpack(arena, &amaan__content__referral__descriptor, bytes, &unpacked);
    if (status != STATUS_OK) {
        return status;
    }
    const Amaan__Content__Referral *message = unpacked;
    struct referral referral = {
        .service = (enum service)message->service,
        .priority = (enum priority)message->priority,
        .needed_by_ms = (int64_t)message->needed_by_day * DAY_MS,
    };
    status = field_read_reference(message->reference, referral.reference);
    if (status == STATUS_OK && message->person == NULL) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        status = field_read_person(arena, message->person, &referral.person);
    }
    if (status == STATUS_OK) {
        status = read_texts(arena, message, &referral);
    }
    if (status == STATUS_OK) {
        status = check_referral(&referral);
    }
    if (status == STATUS_OK) {
        *ret = referral;
    }
    return status;
}
