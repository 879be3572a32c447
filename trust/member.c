/* SPDX-License-Identifier: Apache-2.0
 * The row's offsets stand in member.h. A quota class other than 0 is refused until one is defined.
 */
#include "member.h"

#include <string.h>

#include "memory.h"

const char *standing_name(enum standing standing)
{
    switch (standing) {
    case STANDING_UNKNOWN:
        return "unknown";
    case STANDING_ACTIVE:
        return "active";
    case STANDING_SUSPENDED:
        return "suspended";
    case STANDING_REVOKED:
        return "revoked";
    }
    return "unknown";
}

void member_encode(const struct member *member, struct writer *writer)
{
    writer_ident(writer, &member->node_id);
    writer_put(writer, member->identity.bytes, sizeof member->identity.bytes);
    writer_put(
        writer, member->previous_identity.bytes, sizeof member->previous_identity.bytes);
    writer_put(writer, member->transport, sizeof member->transport);
    writer_put(writer, member->directory, sizeof member->directory);
    writer_ident(writer, &member->queue_id);
    writer_ident(writer, &member->previous_queue_id);
    writer_u8(writer, (uint8_t)member->status);
    writer_zeros(writer, 3);
    writer_u32(writer, member->suites);
    writer_u32(writer, member->quota_class);
    writer_zeros(writer, 4);
    writer_u64(writer, (uint64_t)member->valid_from_ms);
    writer_u64(writer, (uint64_t)member->valid_to_ms);
    writer_u64(writer, member->status_since);
    writer_hash(writer, &member->profile);
    writer_zeros(writer, 8);
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
    uint8_t all = 0;

    for (size_t i = 0; i < n; i++)
        all |= bytes[i];
    return all == 0;
}

static bool is_sound(const struct member *member)
{
    if (ident_is_zero(&member->node_id) || ident_is_zero(&member->queue_id) ||
        is_zero(member->identity.bytes, sizeof member->identity.bytes) ||
        is_zero(member->transport, sizeof member->transport) ||
        is_zero(member->directory, sizeof member->directory))
        return false;
    if (sign_public_equal(&member->identity, &member->previous_identity) ||
        ident_equal(&member->queue_id, &member->previous_queue_id))
        return false;
    return member->suites != 0 && member->quota_class == 0 && member->status_since != 0 &&
           member->status_since <= INT64_MAX &&
           member->valid_from_ms < member->valid_to_ms;
}

enum status member_decode(struct span row, struct member *ret)
{
    struct reader reader = reader_over(row);
    struct member member;
    uint8_t status;

    memset(&member, 0, sizeof member);
    member.node_id = reader_ident(&reader);
    reader_copy(&reader, member.identity.bytes, sizeof member.identity.bytes);
    reader_copy(
        &reader, member.previous_identity.bytes, sizeof member.previous_identity.bytes);
    reader_copy(&reader, member.transport, sizeof member.transport);
    reader_copy(&reader, member.directory, sizeof member.directory);
    member.queue_id = reader_ident(&reader);
    member.previous_queue_id = reader_ident(&reader);
    status = reader_u8(&reader);
    reader_zeros(&reader, 3);
    member.suites = reader_u32(&reader);
    member.quota_class = reader_u32(&reader);
    reader_zeros(&reader, 4);
    member.valid_from_ms = reader_time_ms(&reader);
    member.valid_to_ms = reader_time_ms(&reader);
    member.status_since = reader_u64(&reader);
    member.profile = reader_hash(&reader);
    reader_zeros(&reader, 8);
    if (status < MEMBER_ACTIVE || status >= MEMBER_STATUS_COUNT)
        reader_fail(&reader);
    if (reader_end(&reader) || !is_sound(&member))
        return STATUS_MALFORMED;
    member.status = (enum member_status)status;
    *ret = member;
    return STATUS_OK;
}
