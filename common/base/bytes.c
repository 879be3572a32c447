/* SPDX-License-Identifier: Apache-2.0
 *
 * Every read and write goes through take() and claim(), which compare with what is left and never add to a
 * pointer first. An arena is one zeroed block: a reset wipes the used front, so that the block is zero
 * again for the next message.
 */
#include "bytes.h"

#include <string.h>

#include "memory.h"

struct span span_text(const char *text)
{
    return span_of(text, strlen(text));
}

bool span_equal(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

/* ---- reader ---- */

struct reader reader_over(struct span span)
{
    return (struct reader){.at = span.at, .left = span.n};
}

void reader_fail(struct reader *reader)
{
    reader->bad = true;
}

/* The next n bytes, or NULL after a failure. For n == 0 the pointer may be NULL too: do not follow it. */
static const uint8_t *take(struct reader *reader, size_t n)
{
    const uint8_t *at = reader->at;

    if (reader->bad || n > reader->left) {
        reader->bad = true;
        return NULL;
    }
    if (n == 0)
        return at;
    reader->at += n;
    reader->left -= n;
    return at;
}

static uint64_t read_number(struct reader *reader, size_t n)
{
    const uint8_t *at = take(reader, n);
    uint64_t value = 0;

    if (!at)
        return 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | at[i];
    return value;
}

uint8_t reader_u8(struct reader *reader)
{
    return (uint8_t)read_number(reader, 1);
}

uint16_t reader_u16(struct reader *reader)
{
    return (uint16_t)read_number(reader, 2);
}

uint32_t reader_u32(struct reader *reader)
{
    return (uint32_t)read_number(reader, 4);
}

uint64_t reader_u64(struct reader *reader)
{
    return read_number(reader, 8);
}

int64_t reader_time_ms(struct reader *reader)
{
    uint64_t value = read_number(reader, 8);

    if (value > (uint64_t)TIME_MS_MAX) {
        reader->bad = true;
        return 0;
    }
    return (int64_t)value;
}

void reader_copy(struct reader *reader, void *to, size_t n)
{
    const uint8_t *at = take(reader, n);

    if (n == 0)
        return;
    if (at)
        memcpy(to, at, n);
    else
        memset(to, 0, n);
}

struct span reader_take(struct reader *reader, size_t n)
{
    const uint8_t *at = take(reader, n);

    return reader->bad ? span_of(NULL, 0) : span_of(at, n);
}

void reader_expect(struct reader *reader, const void *constant, size_t n)
{
    const uint8_t *at = take(reader, n);

    if (at && n && memcmp(at, constant, n) != 0)
        reader->bad = true;
}

void reader_zeros(struct reader *reader, size_t n)
{
    const uint8_t *at = take(reader, n);

    if (!at)
        return;
    for (size_t i = 0; i < n; i++) {
        if (at[i] != 0)
            reader->bad = true;
    }
}

enum status reader_end(const struct reader *reader)
{
    return reader->bad || reader->left ? STATUS_MALFORMED : STATUS_OK;
}

/* ---- writer ---- */

struct writer writer_over(void *memory, size_t size)
{
    return (struct writer){.start = memory, .size = size};
}

/* Room for the next n bytes, or NULL and full for good. */
static uint8_t *claim(struct writer *writer, size_t n)
{
    uint8_t *at;

    if (writer->full || n > writer->size - writer->used) {
        writer->full = true;
        return NULL;
    }
    if (n == 0)
        return writer->start;
    at = writer->start + writer->used;
    writer->used += n;
    return at;
}

static void write_number(struct writer *writer, uint64_t value, size_t n)
{
    uint8_t *at = claim(writer, n);

    if (!at)
        return;
    for (size_t i = n; i > 0; i--) {
        at[i - 1] = (uint8_t)(value & 0xff);
        value >>= 8;
    }
}

void writer_u8(struct writer *writer, uint8_t value)
{
    write_number(writer, value, 1);
}

void writer_u16(struct writer *writer, uint16_t value)
{
    write_number(writer, value, 2);
}

void writer_u32(struct writer *writer, uint32_t value)
{
    write_number(writer, value, 4);
}

void writer_u64(struct writer *writer, uint64_t value)
{
    write_number(writer, value, 8);
}

void writer_put(struct writer *writer, const void *from, size_t n)
{
    uint8_t *at = claim(writer, n);

    if (at && n)
        memcpy(at, from, n);
}

void writer_zeros(struct writer *writer, size_t n)
{
    uint8_t *at = claim(writer, n);

    if (at && n)
        memset(at, 0, n);
}

struct span writer_span(const struct writer *writer)
{
    PROMISE(!writer->full);
    return span_of(writer->start, writer->used);
}

/* ---- buffer ---- */

void buffer_init(struct buffer *buffer, size_t max)
{
    *buffer = (struct buffer){.max = max};
}

/* Not realloc: it would leave an unwiped copy behind. */
static void enlarge(struct buffer *buffer, size_t wanted)
{
    size_t size = buffer->size ? buffer->size : 64;
    uint8_t *bytes;

    while (size < wanted)
        size = size > SIZE_MAX / 2 ? wanted : size * 2;
    if (size > buffer->max)
        size = buffer->max;
    bytes = memory_new(size);
    if (buffer->used)
        memcpy(bytes, buffer->bytes, buffer->used);
    if (buffer->bytes)
        memory_wipe(buffer->bytes, buffer->size);
    memory_free(buffer->bytes);
    buffer->bytes = bytes;
    buffer->size = size;
}

uint8_t *buffer_grow(struct buffer *buffer, size_t n)
{
    uint8_t *at;

    if (n > buffer->max - buffer->used)
        return NULL;
    if (!buffer->bytes || n > buffer->size - buffer->used)
        enlarge(buffer, buffer->used + n);
    at = buffer->bytes + buffer->used;
    if (n)
        memset(at, 0, n);
    buffer->used += n;
    return at;
}

enum status buffer_put(struct buffer *buffer, const void *from, size_t n)
{
    uint8_t *at = buffer_grow(buffer, n);

    if (!at)
        return STATUS_TOO_BIG;
    if (n)
        memcpy(at, from, n);
    return STATUS_OK;
}

struct span buffer_span(const struct buffer *buffer)
{
    return span_of(buffer->bytes, buffer->used);
}

void buffer_clear(struct buffer *buffer)
{
    if (buffer->bytes)
        memory_wipe(buffer->bytes, buffer->size);
    buffer->used = 0;
}

void buffer_release(struct buffer *buffer)
{
    buffer_clear(buffer);
    memory_free(buffer->bytes);
    *buffer = (struct buffer){.bytes = NULL};
}

/* ---- arena ---- */

/* Under AddressSanitizer the room between and behind the pieces is forbidden, as it would be on the heap. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_IS_WATCHED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_IS_WATCHED
#endif
#ifdef ARENA_IS_WATCHED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#endif

enum { PIECE_ALIGNMENT = 16 };

struct arena {
    uint8_t *block;
    size_t block_bytes, block_used;
    size_t max_bytes, taken_bytes;
    size_t max_pieces, pieces;
};

struct arena *arena_new(size_t max_bytes, size_t max_pieces)
{
    struct arena *arena = memory_new(sizeof(*arena));
    size_t padding;

    /* Rounding up costs each piece less than one alignment, except an empty one, which costs a whole. */
    if (__builtin_mul_overflow(max_pieces, (size_t)PIECE_ALIGNMENT, &padding) ||
        __builtin_add_overflow(padding, max_bytes, &arena->block_bytes))
        BUG("size of an arena overflows");
    arena->max_bytes = max_bytes;
    arena->max_pieces = max_pieces;
    arena->block = memory_new(arena->block_bytes);
    ASAN_POISON_MEMORY_REGION(arena->block, arena->block_bytes);
    return arena;
}

void arena_reset(struct arena *arena)
{
    ASAN_UNPOISON_MEMORY_REGION(arena->block, arena->block_used);
    memory_wipe(arena->block, arena->block_used);
    ASAN_POISON_MEMORY_REGION(arena->block, arena->block_used);
    arena->block_used = 0;
    arena->taken_bytes = 0;
    arena->pieces = 0;
}

void arena_destroy(struct arena **arena)
{
    if (!arena || !*arena)
        return;
    arena_reset(*arena);
    ASAN_UNPOISON_MEMORY_REGION((*arena)->block, (*arena)->block_bytes);
    memory_free((*arena)->block);
    memory_free(*arena);
    *arena = NULL;
}

void *arena_take(struct arena *arena, size_t n)
{
    size_t rounded;
    void *piece;

    if (arena->pieces == arena->max_pieces || n > arena->max_bytes - arena->taken_bytes)
        return NULL;
    rounded = n / PIECE_ALIGNMENT * PIECE_ALIGNMENT;
    if (rounded < n || n == 0)
        rounded += PIECE_ALIGNMENT;
    PROMISE(rounded <= arena->block_bytes - arena->block_used);
    piece = arena->block + arena->block_used;
    ASAN_UNPOISON_MEMORY_REGION(piece, n);
    arena->block_used += rounded;
    arena->taken_bytes += n;
    arena->pieces++;
    return piece;
}

char *arena_copy(struct arena *arena, const void *from, size_t n)
{
    char *copy = n < SIZE_MAX ? arena_take(arena, n + 1) : NULL;

    if (copy && n)
        memcpy(copy, from, n);
    return copy;
}

/* ---- text ---- */

/* Reads one character of UTF-8, shortest form only. 0 means that there is none: a NUL is never clean. */
static uint32_t read_character(struct reader *reader)
{
    uint8_t lead = reader_u8(reader);
    uint32_t least, character;
    size_t more;

    if (lead < 0x80)
        return lead;
    if ((lead & 0xe0) == 0xc0) {
        more = 1, least = 0x80, character = lead & 0x1f;
    } else if ((lead & 0xf0) == 0xe0) {
        more = 2, least = 0x800, character = lead & 0x0f;
    } else if ((lead & 0xf8) == 0xf0) {
        more = 3, least = 0x10000, character = lead & 0x07;
    } else {
        return 0;
    }
    for (size_t i = 0; i < more; i++) {
        uint8_t next = reader_u8(reader);

        if ((next & 0xc0) != 0x80)
            return 0;
        character = character << 6 | (next & 0x3f);
    }
    if (character < least || character > 0x10ffff ||
        (character >= 0xd800 && character <= 0xdfff))
        return 0;
    return character;
}

static bool character_is_clean(uint32_t c)
{
    if (c < 0x20)
        return c == '\n';
    if (c >= 0x7f && c <= 0x9f)
        return false;
    return !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

bool text_is_clean(struct span text)
{
    struct reader reader = reader_over(text);

    while (reader.left) {
        if (!character_is_clean(read_character(&reader)))
            return false;
    }
    return !reader.bad;
}

void hex_format(const void *from, size_t n, char *to)
{
    static const char DIGITS[] = "0123456789abcdef";
    const uint8_t *bytes = from;

    for (size_t i = 0; i < n; i++) {
        *to++ = DIGITS[bytes[i] >> 4];
        *to++ = DIGITS[bytes[i] & 15];
    }
    *to = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum status hex_parse(const char *text, void *ret, size_t n)
{
    uint8_t *bytes = ret;

    if (n > SIZE_MAX / 2 || strlen(text) != 2 * n)
        return STATUS_MALFORMED;
    for (size_t i = 0; i < 2 * n; i++) {
        if (hex_value(text[i]) < 0)
            return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    return STATUS_OK;
}
