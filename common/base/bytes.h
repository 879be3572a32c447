/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes: all length arithmetic of the project lives here.
 *
 * span     borrowed bytes; whoever made it says how long it lives.
 * reader   reads big-endian integers and fixed fields from a span. Failure is sticky: after the first short
 *          read or wrong constant every read gives zeros, and reader_end says MALFORMED. So a decoder is a
 *          straight list of reads with one check at the end.
 * writer   writes into memory of the caller with a fixed size. Overflow is sticky and a BUG to ignore.
 * buffer   owned bytes that grow up to a maximum given at birth; wiped when released.
 * arena    owned memory for one decoded message: a budget in bytes and in pieces, freed at once, wiped.
 */
#ifndef AMAAN_BYTES_H
#define AMAAN_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

struct span {
    const uint8_t *at; /* may be NULL when n is 0 */
    size_t n;
};

static inline struct span span_of(const void *at, size_t n)
{
    return (struct span){at, n};
}
struct span span_text(const char *text); /* without the NUL */
bool span_equal(
    struct span a, struct span b); /* not constant in time: for public bytes */

/* Latest time any layout may carry: the end of the year 9999, in ms. Anything later is MALFORMED. */
#define TIME_MS_MAX INT64_C(253402300799999)

struct reader {
    const uint8_t *at;
    size_t left;
    bool bad;
};

struct reader reader_over(struct span span);
uint8_t reader_u8(struct reader *reader);
uint16_t reader_u16(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
uint64_t reader_u64(struct reader *reader);
int64_t reader_time_ms(struct reader *reader); /* u64; bad beyond TIME_MS_MAX */
void reader_copy(struct reader *reader, void *to, size_t n);
struct span reader_take(struct reader *reader, size_t n); /* borrowed from the source */
void reader_expect(struct reader *reader, const void *constant, size_t n);
void reader_zeros(struct reader *reader, size_t n);
void reader_fail(struct reader *reader); /* the decoder found a value out of range */
/* OK when nothing failed and nothing is left; MALFORMED otherwise. */
enum status reader_end(const struct reader *reader) MUST_USE;

struct writer {
    uint8_t *start;
    size_t size, used;
    bool full;
};

struct writer writer_over(void *memory, size_t size);
void writer_u8(struct writer *writer, uint8_t value);
void writer_u16(struct writer *writer, uint16_t value);
void writer_u32(struct writer *writer, uint32_t value);
void writer_u64(struct writer *writer, uint64_t value);
void writer_put(struct writer *writer, const void *from, size_t n);
void writer_zeros(struct writer *writer, size_t n);
/* What was written so far. BUG if the writer is full: its maker sized it wrong. */
struct span writer_span(const struct writer *writer);

struct buffer {
    uint8_t *bytes;
    size_t used, size, max;
};

void buffer_init(struct buffer *buffer, size_t max);
/* TOO_BIG past the maximum; nothing is changed then. */
enum status buffer_put(struct buffer *buffer, const void *from, size_t n) MUST_USE;
/* Adds n zeroed bytes and gives a pointer to them (valid until the next put), NULL past the maximum. */
uint8_t *buffer_grow(struct buffer *buffer, size_t n);
struct span buffer_span(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer);   /* wipes, keeps the memory */
void buffer_release(struct buffer *buffer); /* wipes and frees; usable again after init */

struct arena;

/* At most max_bytes in at most max_pieces allocations until the next reset. */
struct arena *arena_new(size_t max_bytes, size_t max_pieces);
void arena_destroy(struct arena **arena); /* wipes */
void arena_reset(
    struct arena *arena); /* wipes what was used; all pieces become invalid */
void *arena_take(
    struct arena *arena, size_t n); /* zeroed, aligned; NULL when the budget is used up */
/* A copy with a NUL behind it; NULL when the budget is used up. */
char *arena_copy(struct arena *arena, const void *from, size_t n);

/* True for valid UTF-8 without NUL, other control characters than \n, or bidirectional overrides
 * (U+202A-202E, U+2066-2069): what may be shown to a person. */
bool text_is_clean(struct span text);

/* Lower-case hex with NUL; `to` has 2 n + 1 bytes. */
void hex_format(const void *from, size_t n, char *to);
/* Exactly 2 n hex digits of either case. */
enum status hex_parse(const char *text, void *ret, size_t n) MUST_USE;

#endif
