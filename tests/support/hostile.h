/* SPDX-License-Identifier: Apache-2.0
 *
 * hostile: what every decoder must withstand. The bytes are given to the decoder in memory of exactly their
 * length, so that the address sanitizer sees every read beyond the end.
 */
#ifndef AMAAN_HOSTILE_H
#define AMAAN_HOSTILE_H

#include "bytes.h"
#include "chance.h"

typedef enum status hostile_decoder(void *context, struct span bytes);

/* Asserts that the decoder takes the bytes, and refuses them cut at every length and with one more byte. */
void hostile_cut(struct span good, hostile_decoder *decode, void *context);
/* Flips every bit of the first `most` bytes, and many random ones; whatever the answer, nothing may crash.
 * Returns how many were refused. */
size_t hostile_flip(struct span good, size_t most, struct chance *chance,
    hostile_decoder *decode, void *context);
/* Asserts that the decoder refuses the bytes with the byte at `at` set to `value`. */
void hostile_set(
    struct span good, size_t at, uint8_t value, hostile_decoder *decode, void *context);

#endif
