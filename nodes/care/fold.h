/* SPDX-License-Identifier: Apache-2.0
 *
 * fold: one form for names that people write in several ways, so that they are found. libunistring's front door:
 * <uninorm.h> and <unicase.h> are included in fold.c only.
 *
 * The same after folding: presentation forms and letters; Arabic and Urdu ye, kaf and he; he with hamza, te marbuta and
 * do-chashmi he; alef with madda or hamza and without; nun with and without its dot; vowel marks, tatweel, joiners and
 * direction marks, and none; the three sets of digits; large and small; any run of blanks, hyphens and stops. A folded
 * text is for finding only: it is never shown and never stored, and says nothing about identity.
 */
#ifndef AMAAN_FOLD_H
#define AMAAN_FOLD_H

#include "bytes.h"

enum { FOLD_BYTES_MAX = 1024 };

/* Appends the folded text, UTF-8, without a blank in front or behind. MALFORMED (not UTF-8), TOO_BIG (longer than
 * FOLD_BYTES_MAX before or after, or past the buffer's maximum). */
enum status fold_text(struct span text, struct buffer *ret) MUST_USE;

#endif
