/* SPDX-License-Identifier: Apache-2.0
 *
 * Sixteen bytes and nothing clever. Ids are public, so comparing them needs no constant time.
 */
#include "ident.h"

#include <string.h>

struct ident ident_new(struct chance *chance)
{
    struct ident ident;

    chance_fill(chance, ident.bytes, sizeof(ident.bytes));
    return ident;
}

bool ident_equal(const struct ident *a, const struct ident *b)
{
    return ident_compare(a, b) == 0;
}

int ident_compare(const struct ident *a, const struct ident *b)
{
    return memcmp(a->bytes, b->bytes, IDENT_BYTES);
}

bool ident_is_zero(const struct ident *ident)
{
    static const struct ident ZERO;

    return ident_equal(ident, &ZERO);
}

void ident_format(const struct ident *ident, char ret[static IDENT_TEXT_BYTES])
{
    hex_format(ident->bytes, IDENT_BYTES, ret);
}

enum status ident_parse(const char *text, struct ident *ret)
{
    return hex_parse(text, ret->bytes, IDENT_BYTES);
}

struct span ident_span(const struct ident *ident)
{
    return span_of(ident->bytes, IDENT_BYTES);
}

struct ident reader_ident(struct reader *reader)
{
    struct ident ident;

    reader_copy(reader, ident.bytes, IDENT_BYTES);
    return ident;
}

void writer_ident(struct writer *writer, const struct ident *ident)
{
    writer_put(writer, ident->bytes, IDENT_BYTES);
}
