/* SPDX-License-Identifier: Apache-2.0
 *
 * template: turns one .html template into one C function, when the project is built. docs/STYLE.md has the tags.
 *
 * What always holds: there is no tag that prints a value unescaped; a value stands only in element text or in a
 * double-quoted attribute of a closed list (a list of what is allowed, because a list of what is dangerous is never
 * whole); in an attribute that is a link only {{path name}}, behind a fixed beginning "/...", or {{asset NAME}};
 * elements whose contents are read by another grammar (script, style, svg, ...) are refused altogether: a script is
 * {{script NAME}}, a file of ours with nothing in the element, and pictures are made by {{bars}}, {{track}} (plot.h) and {{qr}} (qr.h)
 * alone; both branches of a condition end in the position in which it began. Comments are dropped, and white space with
 * a line break in it becomes one line break.
 *
 * Troubles read "home.html:3:14: what is wrong: what to write".
 */
#ifndef AMAAN_TEMPLATE_H
#define AMAAN_TEMPLATE_H

#include "bytes.h"

enum {
    TEMPLATE_BYTES_MAX = 64 * 1024,     /* of one file */
    TEMPLATE_OUT_MAX = 4 * 1024 * 1024, /* of all generated C */
    TEMPLATE_WORD_MAX = 64,             /* a name, with its NUL */
    TEMPLATE_STRING_MAX = 400,          /* a text to translate, with its NUL */
    TEMPLATE_STRINGS_MAX = 1024,
    TEMPLATE_BLOCKS_MAX = 8, /* one in the other; page.h has as many scopes */
    TEMPLATE_PARTS_MAX = 4   /* partials one in the other, so that a circle ends */
};

/* Texts to be translated: each once. `plural` is "" or the form for other numbers than 1. */
struct template_strings {
    size_t n;
    struct template_string {
        char one[TEMPLATE_STRING_MAX], plural[TEMPLATE_STRING_MAX];
    } at[TEMPLATE_STRINGS_MAX];
};

/* Finds the text of a partial; false when there is none. Borrowed until the compilation ends. */
typedef bool template_find(void *self, const char *name, struct span *ret);

/* Appends function page_NAME to `out`, and its texts to `strings`. `name` is a word of a-z, 0-9, '_'.
 * MALFORMED with a trouble; TOO_BIG. `out` is not usable after an error. */
enum status template_compile(const char *name, struct span text, template_find *find,
    void *self, struct buffer *out, struct template_strings *strings,
    struct trouble *trouble) MUST_USE;

/* Appends `text` as a C literal with its quotes. */
enum status template_quote(struct buffer *out, struct span text) MUST_USE;

#endif
