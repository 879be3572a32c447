/* SPDX-License-Identifier: Apache-2.0
 * Rules in the order of the fields. eligibility_field.h has the way to and from protobuf.
 */
#include "eligibility.h"

#include <string.h>

#include "eligibility_field.h"
#include "field.h"
#include "memory.h"
#include "places.h"

#define BITS(count) ((UINT32_C(1) << ((count)-1)) - 1)
#define GENDERS_ALL BITS(GENDER_UNSTATED)

bool protocol_is_valid(const char *version)
{
    size_t n = strlen(version);

    return n > 0 && n <= PROTOCOL_BYTES_MAX &&
           strspn(version, "abcdefghijklmnopqrstuvwxyz0123456789-.") == n;
}

static enum status check_places(const struct eligibility *one, bool is_shelter)
{
    if (one->n_catchment > CATCHMENT_MAX)
        return STATUS_TOO_BIG;
    if (one->district != 0 && (is_shelter || !place_code_is_valid(one->district)))
        return STATUS_MALFORMED;
    if (is_shelter && one->n_catchment > 0 && one->n_catchment < CATCHMENT_SHELTER_MIN)
        return STATUS_MALFORMED;
    for (size_t i = 0; i < one->n_catchment; i++)
        if (!place_code_is_valid(one->catchment[i]) ||
            (i > 0 && one->catchment[i - 1] >= one->catchment[i]))
            return STATUS_MALFORMED;
    return STATUS_OK;
}

static enum status check_ages(const struct eligibility *one)
{
    if (one->minimum_age > AGE_YEARS_MAX || one->maximum_age > AGE_YEARS_MAX ||
        (one->maximum_age != 0 && one->maximum_age < one->minimum_age) ||
        one->boys_max_age > BOYS_AGE_MAX)
        return STATUS_MALFORMED;
    return STATUS_OK;
}

static enum status check_codes(const struct eligibility *one)
{
    if ((one->genders & ~GENDERS_ALL) || (one->units & ~BITS(UNIT_COUNT)) ||
        (one->papers & ~BITS(PAPER_COUNT)) || (unsigned)one->children >= CLAIM_COUNT ||
        (unsigned)one->wheelchair >= CLAIM_COUNT ||
        (unsigned)one->round_the_clock >= CLAIM_COUNT ||
        (unsigned)one->tele >= CLAIM_COUNT)
        return STATUS_UNSUPPORTED;
    return STATUS_OK;
}

static enum status check_tele(const struct eligibility *one)
{
    if (one->utc_offset < UTC_OFFSET_MIN || one->utc_offset > UTC_OFFSET_MAX ||
        one->utc_offset % UTC_OFFSET_STEP != 0 ||
        (one->tele != CLAIM_YES && one->utc_offset != 0))
        return STATUS_MALFORMED;
    return one->licence ? field_check_text(span_text(one->licence), LICENCE_BYTES_MAX)
                        : STATUS_OK;
}

static enum status check_protocol(const struct eligibility *one)
{
    bool named = one->protocol && *one->protocol;

    if (named != (one->protocol_last_day != 0) ||
        (named && !protocol_is_valid(one->protocol)) ||
        one->protocol_last_day > TIME_MS_MAX / DAY_MS)
        return STATUS_MALFORMED;
    return STATUS_OK;
}

enum status eligibility_check(const struct eligibility *eligibility, bool is_shelter)
{
    enum status status = check_places(eligibility, is_shelter);

    if (status == STATUS_OK)
        status = check_ages(eligibility);
    if (status == STATUS_OK)
        status = check_codes(eligibility);
    if (status == STATUS_OK)
        status = check_tele(eligibility);
    return status == STATUS_OK ? check_protocol(eligibility) : status;
}

enum protocol_state eligibility_protocol(
    const struct eligibility *eligibility, int64_t today)
{
    if (eligibility->protocol_last_day == 0)
        return PROTOCOL_MISSING;
    return today > (int64_t)eligibility->protocol_last_day ? PROTOCOL_LAPSED
                                                           : PROTOCOL_SIGNED;
}

/* ---- protobuf ---- */

void eligibility_write(
    const struct eligibility *one, uint32_t *catchment, Amaan__Content__Profile *message)
{
    for (size_t i = 0; i < one->n_catchment; i++)
        catchment[i] = one->catchment[i];
    message->district = one->district;
    message->n_catchment = one->n_catchment;
    message->catchment = catchment;
    message->genders = one->genders;
    message->minimum_age = one->minimum_age;
    message->maximum_age = one->maximum_age;
    message->boys_max_age = one->boys_max_age;
    message->children = (uint32_t)one->children;
    message->wheelchair = (uint32_t)one->wheelchair;
    message->round_the_clock = (uint32_t)one->round_the_clock;
    message->units = one->units;
    message->papers = one->papers;
    message->tele = (uint32_t)one->tele;
    message->utc_offset = one->utc_offset;
    message->licence = field_of_text(one->licence);
    message->protocol = field_of_text(one->protocol);
    message->protocol_last_day = one->protocol_last_day;
}

/* Numbers that the struct cannot hold are refused here; all else by eligibility_check. */
static enum status read_places(
    const Amaan__Content__Profile *message, struct eligibility *ret)
{
    if (message->n_catchment > CATCHMENT_MAX)
        return STATUS_TOO_BIG;
    if (message->district >= PLACE_NUMBERS)
        return STATUS_MALFORMED;
    ret->district = (uint16_t)message->district;
    ret->n_catchment = (uint16_t)message->n_catchment;
    for (size_t i = 0; i < message->n_catchment; i++) {
        if (message->catchment[i] >= PLACE_NUMBERS)
            return STATUS_MALFORMED;
        ret->catchment[i] = (uint16_t)message->catchment[i];
    }
    return STATUS_OK;
}

enum status eligibility_read(
    struct arena *arena, const Amaan__Content__Profile *message, struct eligibility *ret)
{
    enum status status = read_places(message, ret);

    ret->genders = message->genders;
    ret->minimum_age = message->minimum_age;
    ret->maximum_age = message->maximum_age;
    ret->boys_max_age = message->boys_max_age;
    if (message->children >= CLAIM_COUNT || message->wheelchair >= CLAIM_COUNT ||
        message->round_the_clock >= CLAIM_COUNT || message->tele >= CLAIM_COUNT)
        return STATUS_UNSUPPORTED;
    ret->children = (enum claim)message->children;
    ret->wheelchair = (enum claim)message->wheelchair;
    ret->round_the_clock = (enum claim)message->round_the_clock;
    ret->units = message->units;
    ret->papers = message->papers;
    ret->tele = (enum claim)message->tele;
    ret->utc_offset = message->utc_offset;
    ret->protocol_last_day = message->protocol_last_day;
    if (status == STATUS_OK)
        status =
            field_read_text(arena, message->licence, LICENCE_BYTES_MAX, &ret->licence);
    if (status == STATUS_OK)
        status =
            field_read_text(arena, message->protocol, PROTOCOL_BYTES_MAX, &ret->protocol);
    return status;
}
