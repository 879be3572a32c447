/* SPDX-License-Identifier: Apache-2.0
 * The checks run after decoding and before encoding.
 */
#include "enquiry.h"

#include <string.h>

#include "clock.h"
#include "eligibility.h"
#include "field.h"
#include "message.h"
#include "places.h"

static enum status check_reference(const char reference[static REFERENCE_BYTES])
{
    char canonical[REFERENCE_BYTES];

    return memchr(reference, '\0', REFERENCE_BYTES) &&
                   reference_parse(reference, canonical) == STATUS_OK &&
                   memcmp(canonical, reference, REFERENCE_BYTES) == 0
               ? STATUS_OK
               : STATUS_MALFORMED;
}

static enum status check_codes(const struct enquiry *one)
{
    if (one->service == 0 || one->gender == 0 || one->age_band == 0 || one->minor == 0)
        return STATUS_MALFORMED;
    if ((unsigned)one->service >= SERVICE_COUNT ||
        (unsigned)one->gender >= GENDER_COUNT ||
        (unsigned)one->age_band >= AGE_BAND_COUNT || (unsigned)one->minor >= MINOR_COUNT)
        return STATUS_UNSUPPORTED;
    return STATUS_OK;
}

static enum status check_enquiry(const struct enquiry *one)
{
    enum status status = check_reference(one->reference);

    if (status == STATUS_OK)
        status = check_codes(one);
    if (status == STATUS_OK)
        status = field_check_languages(one->languages, one->n_languages);
    if (status != STATUS_OK)
        return status;
    if (one->children > DEPENDANTS_MAX || one->boy_age < ENQUIRY_NO_BOY ||
        one->boy_age > BOYS_AGE_MAX ||
        (one->children == 0 && (one->infant || one->boy_age >= 0)) ||
        (one->district != 0 && !place_code_is_valid(one->district)) ||
        one->until_ms <= 0 || one->until_ms > TIME_MS_MAX || one->until_ms % HOUR_MS != 0)
        return STATUS_MALFORMED;
    return STATUS_OK;
}

enum status enquiry_encode(const struct enquiry *enquiry, struct buffer *buffer)
{
    Amaan__Content__Enquiry message = AMAAN__CONTENT__ENQUIRY__INIT;
    ProtobufCBinaryData languages[LANGUAGES_MAX];
    enum status status = check_enquiry(enquiry);

    if (status != STATUS_OK)
        return status;
    field_write_languages(enquiry->languages, enquiry->n_languages, languages);
    message.reference = field_of_text(enquiry->reference);
    message.service = (uint32_t)enquiry->service;
    message.gender = (uint32_t)enquiry->gender;
    message.age_band = (uint32_t)enquiry->age_band;
    message.minor = (uint32_t)enquiry->minor;
    message.children = enquiry->children;
    message.infant = enquiry->infant;
    message.boy_age_and_one = (uint32_t)(enquiry->boy_age + 1);
    message.n_languages = enquiry->n_languages;
    message.languages = languages;
    message.wheelchair = enquiry->wheelchair;
    message.tonight = enquiry->tonight;
    message.district = enquiry->district;
    message.until_hour = (uint32_t)(enquiry->until_ms / HOUR_MS);
    return message_pack(&message.base, buffer);
}

static enum status unpack(struct arena *arena, const ProtobufCMessageDescriptor *type,
    struct span bytes, const ProtobufCMessage **ret)
{
    enum status status = bytes.n > ENQUIRY_BYTES_MAX
                             ? STATUS_TOO_BIG
                             : message_unpack(arena, type, bytes, ret);

    if (status == STATUS_OK && !message_knows_all(*ret))
        status = STATUS_MALFORMED;
    return status;
}

static enum status read_reference(
    ProtobufCBinaryData field, char ret[static REFERENCE_BYTES])
{
    if (field.len != REFERENCE_BYTES - 1)
        return STATUS_MALFORMED;
    memcpy(ret, field.data, field.len);
    return STATUS_OK;
}

/* What the struct's enums cannot hold. */
static bool has_unknown_code(const Amaan__Content__Enquiry *message)
{
    return message->service >= SERVICE_COUNT || message->gender >= GENDER_COUNT ||
           message->age_band >= AGE_BAND_COUNT || message->minor >= MINOR_COUNT;
}

enum status enquiry_decode(struct arena *arena, struct span bytes, struct enquiry *ret)
{
    const ProtobufCMessage *unpacked = NULL;
    struct enquiry enquiry = {.boy_age = ENQUIRY_NO_BOY};
    enum status status =
        unpack(arena, &amaan__content__enquiry__descriptor, bytes, &unpacked);

    if (status != STATUS_OK)
        return status;
    const Amaan__Content__Enquiry *message = (const Amaan__Content__Enquiry *)unpacked;
    if (message->boy_age_and_one > BOYS_AGE_MAX + 1 || message->district >= PLACE_NUMBERS)
        return STATUS_MALFORMED;
    if (has_unknown_code(message))
        return STATUS_UNSUPPORTED;
    enquiry.service = (enum service)message->service;
    enquiry.gender = (enum gender)message->gender;
    enquiry.age_band = (enum age_band)message->age_band;
    enquiry.minor = (enum minor)message->minor;
    enquiry.children = message->children;
    enquiry.infant = message->infant;
    enquiry.boy_age = (int)message->boy_age_and_one - 1;
    enquiry.n_languages = message->n_languages;
    enquiry.wheelchair = message->wheelchair;
    enquiry.tonight = message->tonight;
    enquiry.district = (uint16_t)message->district;
    enquiry.until_ms = message->until_hour * HOUR_MS;
    status = read_reference(message->reference, enquiry.reference);
    if (status == STATUS_OK)
        status = field_read_languages(
            message->languages, message->n_languages, enquiry.languages);
    if (status == STATUS_OK)
        status = check_enquiry(&enquiry);
    if (status == STATUS_OK)
        *ret = enquiry;
    return status;
}

static enum status check_answer(const struct enquiry_answer *one)
{
    if (check_reference(one->reference) != STATUS_OK || one->word == 0)
        return STATUS_MALFORMED;
    if ((unsigned)one->word >= ENQUIRY_WORD_COUNT)
        return STATUS_UNSUPPORTED;
    return (one->word == ENQUIRY_YES) == (one->until_ms > 0) && one->until_ms >= 0 &&
                   one->until_ms <= TIME_MS_MAX && one->until_ms % HOUR_MS == 0
               ? STATUS_OK
               : STATUS_MALFORMED;
}

enum status enquiry_answer_encode(
    const struct enquiry_answer *answer, struct buffer *buffer)
{
    Amaan__Content__EnquiryAnswer message = AMAAN__CONTENT__ENQUIRY_ANSWER__INIT;
    enum status status = check_answer(answer);

    if (status != STATUS_OK)
        return status;
    message.reference = field_of_text(answer->reference);
    message.word = (uint32_t)answer->word;
    message.until_hour = (uint32_t)(answer->until_ms / HOUR_MS);
    return message_pack(&message.base, buffer);
}

enum status enquiry_answer_decode(
    struct arena *arena, struct span bytes, struct enquiry_answer *ret)
{
    const ProtobufCMessage *unpacked = NULL;
    struct enquiry_answer answer = {.until_ms = 0};
    enum status status =
        unpack(arena, &amaan__content__enquiry_answer__descriptor, bytes, &unpacked);

    if (status != STATUS_OK)
        return status;
    const Amaan__Content__EnquiryAnswer *message =
        (const Amaan__Content__EnquiryAnswer *)unpacked;
    if (message->word >= ENQUIRY_WORD_COUNT)
        return STATUS_UNSUPPORTED;
    answer.word = (enum enquiry_word)message->word;
    answer.until_ms = message->until_hour * HOUR_MS;
    status = read_reference(message->reference, answer.reference);
    if (status == STATUS_OK)
        status = check_answer(&answer);
    if (status == STATUS_OK)
        *ret = answer;
    return status;
}
