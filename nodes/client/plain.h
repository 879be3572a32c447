/* SPDX-License-Identifier: Apache-2.0
 *
 * plain: text of strangers on a terminal. Control characters, DEL, C1, line and paragraph separators and
 * bidirectional overrides become \uXXXX, so that nobody else's text can move the cursor, colour the screen or
 * turn words round. Within JSON strings the escapes mean the same characters.
 */
#ifndef AMAAN_PLAIN_H
#define AMAAN_PLAIN_H

#include "bytes.h"

/* On the heap. With `lines`, \n stays. NULL gives "". */
char *plain_copy(const char *text, bool lines);
/* Appends printed JSON, escaped likewise. TOO_BIG. */
enum status plain_put(struct buffer *buffer, struct span text) MUST_USE;

#endif
