/* SPDX-License-Identifier: Apache-2.0
 *
 * passphrase: asks a person on the terminal, without echo, or reads a descriptor. Never from the command line
 * or the environment, where others can read it.
 */
#ifndef AMAAN_PASSPHRASE_H
#define AMAAN_PASSPHRASE_H

#include "bytes.h"

/* `fd_text` is the value of --passphrase-fd, NULL to ask. A descriptor is read to its end; one line end is cut.
 * `twice`: a person types it twice. MALFORMED (no number, two differ), NOT_FOUND (no terminal), TOO_BIG, IO.
 * The caller releases the buffer, which wipes it. */
enum status passphrase_read(const char *fd_text, bool twice, struct buffer *ret,
    struct trouble *trouble) MUST_USE;

#endif
