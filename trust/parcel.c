/* SPDX-License-Identifier: Apache-2.0
 * The order of the table is checked once, so that finding an entry may halve it.
 */
#include "parcel.h"

#include <string.h>

enum { LOCKED_MIN_BYTES = 24 + 16 };

static const uint8_t *nth(const struct parcel *parcel, size_t i)
{
    return parcel->table.at + i * PARCEL_ENTRY_BYTES;
}

static bool is_ordered(const struct parcel *parcel)
{
    for (size_t i = 1; i < parcel->n; i++) {
        if (memcmp(nth(parcel, i - 1), nth(parcel, i), IDENT_BYTES) >= 0)
            return false;
    }
    return true;
}

enum status parcel_decode(const struct document *document, struct parcel *ret)
{
    struct parcel parcel = {.version = document->version, .n = document->count};
    struct reader reader = reader_over(document->part);
    uint32_t locked_bytes;

    if (document->type != DOCUMENT_PROFILES || document->count > ROSTER_MEMBERS_MAX)
        return STATUS_MALFORMED;
    parcel.profiles = reader_hash(&reader);
    locked_bytes = reader_u32(&reader);
    reader_zeros(&reader, 12);
    parcel.table = reader_take(&reader, parcel.n * PARCEL_ENTRY_BYTES);
    parcel.locked = reader_take(&reader, locked_bytes);
    if (reader_end(&reader) || locked_bytes < LOCKED_MIN_BYTES || !is_ordered(&parcel))
        return STATUS_MALFORMED;
    *ret = parcel;
    return STATUS_OK;
}

enum status parcel_find(
    const struct parcel *parcel, const struct ident *node_id, struct parcel_entry *ret)
{
    size_t low = 0, high = parcel->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct reader reader =
            reader_over(span_of(nth(parcel, middle), PARCEL_ENTRY_BYTES));
        struct parcel_entry entry = {.node_id = reader_ident(&reader)};
        int order = ident_compare(node_id, &entry.node_id);

        if (order == 0) {
            reader_copy(&reader, entry.enc, sizeof entry.enc);
            reader_copy(&reader, entry.wrapped, sizeof entry.wrapped);
            *ret = entry;
            return STATUS_OK;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return STATUS_NOT_FOUND;
}
