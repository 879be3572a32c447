/* SPDX-License-Identifier: Apache-2.0
 * Order is checked here, so that whoever walks the lists needs no second look: nothing stands twice.
 */
#include "resync.h"

#include <string.h>

#include "inner.h"
#include "memory.h"

static const char MAGIC[4] = {'A', 'M', 'Y', '1'};

static void write_held(struct writer *writer, const struct resync_held *held)
{
    writer_u32(writer, held->epoch);
    writer_zeros(writer, 4);
    writer_u64(writer, held->head);
}

static void write_letter(struct writer *writer, const struct resync_letter *letter)
{
    writer_u32(writer, letter->epoch);
    writer_u16(writer, letter->kind);
    writer_zeros(writer, 2);
    writer_u64(writer, letter->seq);
    writer_hash(writer, &letter->link);
    writer_ident(writer, &letter->item_id);
}

void resync_encode(const struct resync *resync, struct writer *writer)
{
    bool is_answer = (resync->flags & RESYNC_ANSWER) != 0;

    PROMISE(resync->n <= (size_t)(is_answer ? RESYNC_LETTERS_MAX : RESYNC_HELD_MAX));
    writer_put(writer, MAGIC, sizeof MAGIC);
    writer_u16(writer, resync->flags);
    writer_u8(writer, (uint8_t)resync->n);
    writer_zeros(writer, 1);
    writer_u64(writer, (uint64_t)resync->lost_since_ms);
    writer_u32(writer, resync->known_epoch);
    writer_zeros(writer, 4);
    writer_u64(writer, resync->known_seq);
    for (size_t i = 0; i < resync->n; i++) {
        if (is_answer)
            write_letter(writer, &resync->letters[i]);
        else
            write_held(writer, &resync->held[i]);
    }
}

static void read_head(struct reader *reader, struct resync *resync)
{
    reader_expect(reader, MAGIC, sizeof MAGIC);
    resync->flags = reader_u16(reader);
    resync->n = reader_u8(reader);
    reader_zeros(reader, 1);
    resync->lost_since_ms = reader_time_ms(reader);
    resync->known_epoch = reader_u32(reader);
    reader_zeros(reader, 4);
    resync->known_seq = reader_u64(reader);

    bool is_answer = (resync->flags & RESYNC_ANSWER) != 0;
    bool flags_fit = (resync->flags & ~(RESYNC_ANSWER | RESYNC_MORE)) == 0 &&
                     resync->flags != RESYNC_MORE;
    bool known_fits = resync->known_seq <= INT64_MAX &&
                      (resync->known_epoch != 0 || resync->known_seq == 0);

    if (!flags_fit || !known_fits ||
        resync->n > (size_t)(is_answer ? RESYNC_LETTERS_MAX : RESYNC_HELD_MAX) ||
        (resync->n == 0 && (resync->flags & RESYNC_MORE) != 0))
        reader_fail(reader);
}

static void read_held(struct reader *reader, struct resync *resync, size_t i)
{
    struct resync_held *held = &resync->held[i];

    held->epoch = reader_u32(reader);
    reader_zeros(reader, 4);
    held->head = reader_u64(reader);
    if (held->epoch == 0 || held->head > INT64_MAX ||
        (i > 0 && held->epoch <= resync->held[i - 1].epoch))
        reader_fail(reader);
}

static bool is_above(const struct resync_letter *letter, uint32_t epoch, uint64_t seq)
{
    return letter->epoch > epoch || (letter->epoch == epoch && letter->seq > seq);
}

static void read_letter(struct reader *reader, struct resync *resync, size_t i)
{
    struct resync_letter *letter = &resync->letters[i];
    uint32_t epoch = i > 0 ? resync->letters[i - 1].epoch : resync->known_epoch;
    uint64_t seq = i > 0 ? resync->letters[i - 1].seq : resync->known_seq;

    letter->epoch = reader_u32(reader);
    letter->kind = reader_u16(reader);
    reader_zeros(reader, 2);
    letter->seq = reader_u64(reader);
    letter->link = reader_hash(reader);
    letter->item_id = reader_ident(reader);
    if (letter->epoch == 0 || letter->seq == 0 || letter->seq > INT64_MAX ||
        !letter_kind_is_known(letter->kind) || !letter_kind_is_numbered(letter->kind) ||
        !is_above(letter, epoch, seq))
        reader_fail(reader);
}

enum status resync_decode(struct span bytes, struct resync *ret)
{
    struct resync resync;
    struct reader reader = reader_over(bytes);

    memset(&resync, 0, sizeof(resync));
    read_head(&reader, &resync);
    for (size_t i = 0; i < resync.n && !reader.bad; i++) {
        if ((resync.flags & RESYNC_ANSWER) != 0)
            read_letter(&reader, &resync, i);
        else
            read_held(&reader, &resync, i);
    }
    enum status status = reader_end(&reader);
    if (status == STATUS_OK)
        *ret = resync;
    return status;
}
