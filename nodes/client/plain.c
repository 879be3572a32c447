/* SPDX-License-Identifier: Apache-2.0
 * UTF-8 is decoded just far enough to tell the characters below U+FFFF; everything else is copied.
 */
#include "plain.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"

enum { ESCAPE_BYTES = 7 };

/* Bytes of the character at `at` and its number, as far as three bytes tell; 1 and '?' for a broken one. */
static size_t read_character(const uint8_t *at, size_t left, unsigned *ret)
{
    if (at[0] >= 0xC2 && at[0] < 0xE0 && left >= 2) {
        *ret = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
        return 2;
    }
    if (at[0] >= 0xE0 && at[0] < 0xF0 && left >= 3) {
        *ret = (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
        return 3;
    }
    *ret = at[0] < 0x80 ? at[0] : 0xFFFD;
    return at[0] >= 0xF0 && left >= 4 ? 4 : 1;
}

static bool is_hostile(unsigned c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static enum status put_text(struct buffer *buffer, struct span text, bool lines)
{
    enum status status = STATUS_OK;

    for (size_t i = 0, n; i < text.n && status == STATUS_OK; i += n) {
        unsigned c;
        char escape[ESCAPE_BYTES];

        n = read_character(text.at + i, text.n - i, &c);
        if (is_hostile(c) && !(lines && c == '\n')) {
            (void)snprintf(escape, sizeof(escape), "\\u%04x", c & 0xFFFFu);
            status = buffer_put(buffer, escape, sizeof(escape) - 1);
        } else {
            status = buffer_put(buffer, text.at + i, n);
        }
    }
    return status;
}

char *plain_copy(const char *text, bool lines)
{
    struct span from = span_text(text ? text : "");
    struct buffer buffer;

    buffer_init(&buffer, from.n * (ESCAPE_BYTES - 1) + 1);
    PROMISE(put_text(&buffer, from, lines) == STATUS_OK);
    PROMISE(buffer_put(&buffer, "", 1) == STATUS_OK);
    char *copy = memory_copy(buffer.bytes, buffer.used);
    buffer_release(&buffer);
    return copy;
}

enum status plain_put(struct buffer *buffer, struct span text)
{
    return put_text(buffer, text, true);
}
