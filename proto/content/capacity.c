/* SPDX-License-Identifier: Apache-2.0
 * check_capacity runs after decoding and before encoding.
 */
#include "capacity.h"

#include "clock.h"
#include "content.pb-c.h"
#include "message.h"

static enum status check_room(const struct capacity *one)
{
    if (one->maximum == 0 || one->maximum > CAPACITY_MAXIMUM ||
        one->available > one->maximum)
        return STATUS_MALFORMED;
    switch (one->status) {
    case CAPACITY_OPEN:
        return one->available > 0 ? STATUS_OK : STATUS_MALFORMED;
    case CAPACITY_WAITLIST:
    case CAPACITY_FULL:
        return one->available == 0 ? STATUS_OK : STATUS_MALFORMED;
    case CAPACITY_CLOSED:
    case CAPACITY_ASK_FIRST:
        return STATUS_OK;
    case CAPACITY_STATUS_COUNT:
        break;
    }
    return STATUS_UNSUPPORTED;
}

static enum status check_capacity(const struct capacity *one)
{
    if ((unsigned)one->unit == 0 || (unsigned)one->status == 0)
        return STATUS_MALFORMED;
    if ((unsigned)one->unit >= UNIT_COUNT)
        return STATUS_UNSUPPORTED;
    if (one->updated_ms <= 0 || one->good_until_ms > TIME_MS_MAX ||
        one->updated_ms % HOUR_MS != 0 || one->good_until_ms % HOUR_MS != 0 ||
        one->good_until_ms <= one->updated_ms ||
        one->good_until_ms - one->updated_ms > CAPACITY_GOOD_DAYS_MAX * DAY_MS)
        return STATUS_MALFORMED;
    return check_room(one);
}

bool capacity_is_good(const struct capacity *capacity, int64_t now_ms)
{
    return now_ms < capacity->good_until_ms;
}

enum status capacity_encode(const struct capacity *capacity, struct buffer *buffer)
{
    Amaan__Content__Capacity message = AMAAN__CONTENT__CAPACITY__INIT;
    enum status status = check_capacity(capacity);

    if (status != STATUS_OK)
        return status;
    message.unit = (uint32_t)capacity->unit;
    message.status = (uint32_t)capacity->status;
    message.maximum = capacity->maximum;
    message.available = capacity->available;
    message.updated_hour = (uint32_t)(capacity->updated_ms / HOUR_MS);
    message.good_until_hour = (uint32_t)(capacity->good_until_ms / HOUR_MS);
    return message_pack(&message.base, buffer);
}

enum status capacity_decode(struct arena *arena, struct span bytes, struct capacity *ret)
{
    const ProtobufCMessage *unpacked = NULL;
    enum status status = bytes.n > CAPACITY_BYTES_MAX ? STATUS_TOO_BIG : STATUS_OK;

    if (status == STATUS_OK)
        status = message_unpack(
            arena, &amaan__content__capacity__descriptor, bytes, &unpacked);
    if (status == STATUS_OK && !message_knows_all(unpacked))
        status = STATUS_MALFORMED;
    if (status != STATUS_OK)
        return status;
    const Amaan__Content__Capacity *message = (const Amaan__Content__Capacity *)unpacked;
    if (message->unit >= UNIT_COUNT || message->status >= CAPACITY_STATUS_COUNT)
        return STATUS_UNSUPPORTED;
    struct capacity capacity = {.unit = (enum unit)message->unit,
        .status = (enum capacity_status)message->status,
        .maximum = message->maximum,
        .available = message->available,
        .updated_ms = message->updated_hour * HOUR_MS,
        .good_until_ms = message->good_until_hour * HOUR_MS};
    status = check_capacity(&capacity);
    if (status == STATUS_OK)
        *ret = capacity;
    return status;
}
