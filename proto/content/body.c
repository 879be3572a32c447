/* SPDX-License-Identifier: Apache-2.0
 * The rules stand in referral_check and answer_check, which run after decoding and before encoding: a letter
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

static enum status check_reference(const char reference[static REFERENCE_BYTES])
{
    char canonical[REFERENCE_BYTES];
    if (memchr(reference, '\0', REFERENCE_BYTES) == NULL ||
        reference_parse(reference, canonical) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    return memcmp(canonical, reference, REFERENCE_BYTES) == 0 ? STATUS_OK
                                                              : STATUS_MALFORMED;
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
    enum status status = check_reference(referral->reference);
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

static enum status check_answer(const struct answer *answer)
{
    if (check_reference(answer->reference) != STATUS_OK || answer->decision == 0) {
        return STATUS_MALFORMED;
    }
    if ((unsigned)answer->decision >= DECISION_COUNT ||
        (unsigned)answer->reason >= DECLINE_COUNT) {
        return STATUS_UNSUPPORTED;
    }
    bool declined = answer->decision == DECISION_DECLINED;
    bool reasoned = answer->reason != DECLINE_NONE;
    return declined == reasoned ? STATUS_OK : STATUS_MALFORMED;
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

/* Unpacks and refuses what this version does not know. */
static enum status unpack_body(struct arena *arena,
    const ProtobufCMessageDescriptor *type, struct span bytes, const void **ret)
{
    if (bytes.n > BODY_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    const ProtobufCMessage *message = NULL;
    enum status status = message_unpack(arena, type, bytes, &message);
    if (status != STATUS_OK) {
        return status;
    }
    if (!message_knows_all(message)) {
        return STATUS_MALFORMED;
    }
    *ret = message;
    return STATUS_OK;
}

static enum status read_reference(
    ProtobufCBinaryData field, char ret[static REFERENCE_BYTES])
{
    if (field.len != REFERENCE_BYTES - 1) {
        return STATUS_MALFORMED;
    }
    memcpy(ret, field.data, field.len);
    ret[field.len] = '\0';
    return STATUS_OK;
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
        unpack_body(arena, &amaan__content__referral__descriptor, bytes, &unpacked);
    if (status != STATUS_OK) {
        return status;
    }
    const Amaan__Content__Referral *message = unpacked;
    struct referral referral = {
        .service = (enum service)message->service,
        .priority = (enum priority)message->priority,
        .needed_by_ms = (int64_t)message->needed_by_day * DAY_MS,
    };
    status = read_reference(message->reference, referral.reference);
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

enum status answer_encode(const struct answer *answer, struct buffer *buffer)
{
    enum status status = check_answer(answer);
    if (status != STATUS_OK) {
        return status;
    }
    Amaan__Content__Answer message = AMAAN__CONTENT__ANSWER__INIT;
    message.reference = field_of_text(answer->reference);
    message.decision = (uint32_t)answer->decision;
    message.reason = (uint32_t)answer->reason;
    return message_pack(&message.base, buffer);
}

enum status answer_decode(struct arena *arena, struct span bytes, struct answer *ret)
{
    const void *unpacked = NULL;
    enum status status =
        unpack_body(arena, &amaan__content__answer__descriptor, bytes, &unpacked);
    if (status != STATUS_OK) {
        return status;
    }
    const Amaan__Content__Answer *message = unpacked;
    struct answer answer = {
        .decision = (enum decision)message->decision,
        .reason = (enum decline_reason)message->reason,
    };
    status = read_reference(message->reference, answer.reference);
    if (status == STATUS_OK) {
        status = check_answer(&answer);
    }
    if (status == STATUS_OK) {
        *ret = answer;
    }
    return status;
}
