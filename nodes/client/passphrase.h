/* SPDX-License-Identifier: Apache-2.0
 *
 * passphrase: asked for at the terminal without echo, or read from a descriptor. Never from the command line or
 * the environment, where every process of the machine could read it. Until it is released, this process leaves no core and lets no other look into it.
 */
#ifndef AMAAN_PASSPHRASE_H
#define AMAAN_PASSPHRASE_H

#include "bytes.h"

enum { PASSPHRASE_BYTES_MAX = 1024 };

/* Wipes it. */
void passphrase_release(struct buffer *passphrase);
/* `what` is asked for at /dev/tty ("Passphrase"), unless `descriptor`, the text of an option such as
 * --passphrase-fd, names where to read. One newline at the end is cut. Appended
 * to a buffer of at least PASSPHRASE_BYTES_MAX; release it in any case. MALFORMED (no number, empty, no clean
 * UTF-8), TOO_BIG, NOT_FOUND (there is no terminal to ask), IO, BUSY (interrupted at the terminal). */
enum status passphrase_read(const char *what, const char *descriptor, struct buffer *ret,
    struct trouble *trouble) MUST_USE;

#endif
