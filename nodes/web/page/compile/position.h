/* SPDX-License-Identifier: Apache-2.0
 *
 * position: where in a page of HTML the compiler stands, byte by byte, and what may stand there. It takes a small,
 * strict HTML: lower case, double quotes, none of the elements and attributes that another grammar reads.
 *
 * Functions that return text return NULL when all is well, or what is wrong and what to write instead (static).
 */
#ifndef AMAAN_POSITION_H
#define AMAAN_POSITION_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"
#include "template.h"

enum place {
    PLACE_TEXT,
    PLACE_FLAT, /* inside title, textarea, option: text without elements */
    PLACE_TAG_START,
    PLACE_TAG_NAME,
    PLACE_DECLARATION,
    PLACE_COMMENT,
    PLACE_IN_TAG,
    PLACE_ATTRIBUTE,
    PLACE_BEFORE_VALUE,
    PLACE_VALUE
};

struct position {
    enum place place;
    bool closing, flat;
    char element[TEMPLATE_WORD_MAX], attribute[TEMPLATE_WORD_MAX];
    char inside[TEMPLATE_WORD_MAX]; /* the element whose text is flat */
    size_t value_n;                 /* bytes of the attribute's value so far */
    char value[3];                  /* its beginning */
    bool path_used; /* a link holds one value, and nothing behind an asset */
};

static inline bool html_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static inline bool html_is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Takes one byte of HTML. */
const char *position_move(struct position *now, char c) MUST_USE;

/* May a value stand here? `is_flat`: no mark may stand around it. */
const char *position_of_value(const struct position *now, bool *is_flat) MUST_USE;

/* May a value that is a piece of a link, or a whole asset, stand here? When it may, it is taken as standing here. */
const char *position_of_link(struct position *now, bool is_asset) MUST_USE;

/* "open" in {{#if x}}open{{/if}} is whole where a tag begins: true when it was ended, and a space has to keep it
 * apart from what follows. */
bool position_end_word(struct position *now);

bool position_takes_blocks(const struct position *now);
bool position_is_same(const struct position *a, const struct position *b);

#endif
