/* SPDX-License-Identifier: Apache-2.0
 *
 * man_text: text as mdoc: nothing of it is taken for a macro or an escape.
 */
#ifndef AMAAN_MAN_TEXT_H
#define AMAAN_MAN_TEXT_H

#include <stddef.h>

/* Whole lines; each sentence begins on its own. */
void man_sentences(const char *text);
/* One line of a display, as it is. */
void man_line(const char *text, size_t n);
/* An argument behind a macro: in quotes, so that blanks and names of macros do no harm. */
void man_word(const char *text, size_t n);

#endif
