/* SPDX-License-Identifier: Apache-2.0
 * Two fixed layouts. The list of missing ranges is checked for order here, so that whoever walks it needs no
 * second look.
 */
#include "heartbeat.h"
#include "memory.h"

static const char MAGIC[4] = {'A', 'M', 'H', '1'};
static const char VOID_MAGIC[4] = {'A', 'M', 'V', '1'};

void heartbeat_encode(const struct heartbeat *heartbeat, struct writer *writer)
{
    PROMISE(heartbeat->n_missing <= HEARTBEAT_RANGES_MAX);
    writer_put(writer, MAGIC, sizeof MAGIC);
    writer_u16(writer, heartbeat->flags);
    writer_u8(writer, (uint8_t)heartbeat->n_missing);
    writer_zeros(writer, 1);
    writer_u64(writer, heartbeat->number);
    writer_u64(writer, heartbeat->state_count);
    writer_u64(writer, heartbeat->bundle_number);
    writer_hash(writer, &heartbeat->bundle_hash);
    writer_u32(writer, heartbeat->my_epoch);
    writer_zeros(writer, 4);
    writer_u64(writer, heartbeat->my_last);
    writer_hash(writer, &heartbeat->my_last_link);
    writer_u32(writer, heartbeat->your_epoch);
    writer_zeros(writer, 4);
    writer_u64(writer, heartbeat->settled_head);
    writer_u64(writer, heartbeat->highest_seen);
    writer_hash(writer, &heartbeat->head_link);
    for (size_t i = 0; i < heartbeat->n_missing; i++) {
        writer_u64(writer, heartbeat->missing[i].first);
        writer_u64(writer, heartbeat->missing[i].last);
    }
}

static void read_head(struct reader *reader, struct heartbeat *heartbeat)
{
    reader_expect(reader, MAGIC, sizeof MAGIC);
    heartbeat->flags = reader_u16(reader);
    heartbeat->n_missing = reader_u8(reader);
    reader_zeros(reader, 1);
    heartbeat->number = reader_u64(reader);
    heartbeat->state_count = reader_u64(reader);
    heartbeat->bundle_number = reader_u64(reader);
    heartbeat->bundle_hash = reader_hash(reader);
    heartbeat->my_epoch = reader_u32(reader);
    reader_zeros(reader, 4);
    heartbeat->my_last = reader_u64(reader);
    heartbeat->my_last_link = reader_hash(reader);
    heartbeat->your_epoch = reader_u32(reader);
    reader_zeros(reader, 4);
    heartbeat->settled_head = reader_u64(reader);
    heartbeat->highest_seen = reader_u64(reader);
    heartbeat->head_link = reader_hash(reader);
    if ((heartbeat->flags & ~HEARTBEAT_RESTORED) != 0 ||
        heartbeat->n_missing > HEARTBEAT_RANGES_MAX ||
        heartbeat->highest_seen < heartbeat->settled_head) {
        reader_fail(reader);
    }
}

/* Between head and highest, ascending, and not touching the range before it. */
static bool range_fits(const struct heartbeat *heartbeat, size_t i)
{
    const struct number_range *range = &heartbeat->missing[i];
    if (range->first > range->last || range->first <= heartbeat->settled_head ||
        range->last >= heartbeat->highest_seen) {
        return false;
    }
    if (i == 0) {
        return true;
    }
    uint64_t before = heartbeat->missing[i - 1].last;
    return range->first > before && range->first - before > 1;
}

enum status heartbeat_decode(struct span bytes, struct heartbeat *ret)
{
    struct heartbeat heartbeat = {0};
    struct reader reader = reader_over(bytes);
    read_head(&reader, &heartbeat);
    for (size_t i = 0; i < heartbeat.n_missing && !reader.bad; i++) {
        heartbeat.missing[i].first = reader_u64(&reader);
        heartbeat.missing[i].last = reader_u64(&reader);
        if (!range_fits(&heartbeat, i)) {
            reader_fail(&reader);
        }
    }
    enum status status = reader_end(&reader);
    if (status == STATUS_OK) {
        *ret = heartbeat;
    }
    return status;
}

void void_list_encode(const struct void_entry *entries, size_t n, struct writer *writer)
{
    PROMISE(n >= 1 && n <= VOIDS_PER_ENVELOPE);
    writer_put(writer, VOID_MAGIC, sizeof VOID_MAGIC);
    writer_u8(writer, (uint8_t)n);
    writer_zeros(writer, 3);
    for (size_t i = 0; i < n; i++) {
        writer_u32(writer, entries[i].chain_epoch);
        writer_u8(writer, (uint8_t)entries[i].reason);
        writer_zeros(writer, 3);
        writer_u64(writer, entries[i].pair_seq);
        writer_hash(writer, &entries[i].link);
        writer_ident(writer, &entries[i].item_id);
    }
}

static struct void_entry read_void(struct reader *reader)
{
    struct void_entry entry = {0};
    entry.chain_epoch = reader_u32(reader);
    uint8_t reason = reader_u8(reader);
    reader_zeros(reader, 3);
    entry.pair_seq = reader_u64(reader);
    entry.link = reader_hash(reader);
    entry.item_id = reader_ident(reader);
    if (reason < VOID_EXPIRED || reason >= VOID_REASON_COUNT || entry.pair_seq == 0 ||
        entry.chain_epoch == 0) {
        reader_fail(reader);
        return entry;
    }
    entry.reason = (enum void_reason)reason;
    return entry;
}

static bool is_repeated(const struct void_entry *entries, size_t i)
{
    for (size_t earlier = 0; earlier < i; earlier++) {
        if (entries[earlier].chain_epoch == entries[i].chain_epoch &&
            entries[earlier].pair_seq == entries[i].pair_seq) {
            return true;
        }
    }
    return false;
}

enum status void_list_decode(
    struct span bytes, struct void_entry ret[static VOIDS_PER_ENVELOPE], size_t *ret_n)
{
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    struct reader reader = reader_over(bytes);
    reader_expect(&reader, VOID_MAGIC, sizeof VOID_MAGIC);
    size_t n = reader_u8(&reader);
    reader_zeros(&reader, 3);
    if (reader.bad || n < 1 || n > VOIDS_PER_ENVELOPE) {
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < n && !reader.bad; i++) {
        entries[i] = read_void(&reader);
        if (is_repeated(entries, i)) {
            reader_fail(&reader);
        }
    }
    enum status status = reader_end(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        ret[i] = entries[i];
    }
    *ret_n = n;
    return STATUS_OK;
}
