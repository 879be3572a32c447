/* SPDX-License-Identifier: Apache-2.0
 *
 * some_bodies: encoded referrals of invented people, all fields drawn at random, for tests that know seal and not
 * content (both have a struct person).
 */
#ifndef AMAAN_SOME_BODIES_H
#define AMAAN_SOME_BODIES_H

#include "bytes.h"
#include "chance.h"

/* Words that stand in the texts of every one of them; ends with NULL. */
extern const char *const SOME_BODIES_WORDS[];
/* Replaces the buffer's content by the i-th: services and priorities take turns. */
void some_bodies_make(struct chance *chance, size_t i, struct buffer *ret);

#endif
