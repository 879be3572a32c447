/* SPDX-License-Identifier: Apache-2.0
 *
 * ident: 128 random bits that name a thing (a node, a queue, a message, an item). Never time-based: a time
 * inside an id would tell when a person was met.
 */
#ifndef AMAAN_IDENT_H
#define AMAAN_IDENT_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"
#include "chance.h"

enum { IDENT_BYTES = 16, IDENT_TEXT_BYTES = 33 };

struct ident {
    uint8_t bytes[IDENT_BYTES];
};

struct ident ident_new(struct chance *chance);
bool ident_equal(const struct ident *a, const struct ident *b);
int ident_compare(const struct ident *a, const struct ident *b); /* memcmp order */
bool ident_is_zero(const struct ident *ident);
void ident_format(const struct ident *ident, char ret[static IDENT_TEXT_BYTES]);
enum status ident_parse(const char *text, struct ident *ret) MUST_USE;
struct span ident_span(const struct ident *ident); /* borrowed from the ident */
struct ident reader_ident(struct reader *reader);
void writer_ident(struct writer *writer, const struct ident *ident);

#endif
