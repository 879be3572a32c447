/* SPDX-License-Identifier: Apache-2.0
 *
 * input: whole inputs of a bounded size: a file, a pipe, a descriptor that the caller was given.
 */
#ifndef AMAAN_INPUT_H
#define AMAAN_INPUT_H

#include "bytes.h"

/* "-" is standard input. NOT_FOUND, DENIED (may not be read), TOO_BIG (more than the buffer's maximum), IO.
 * Appended; the caller releases the buffer, also after a failure. */
enum status input_read(
    const char *path, struct buffer *ret, struct trouble *trouble) MUST_USE;
/* Until its end; the descriptor stays open. */
enum status input_read_fd(int fd, struct buffer *ret, struct trouble *trouble) MUST_USE;
/* "3" is 3. MALFORMED unless min <= n <= max. */
enum status input_number(
    const char *text, int64_t min, int64_t max, int64_t *ret) MUST_USE;

#endif
