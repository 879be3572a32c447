/* SPDX-License-Identifier: Apache-2.0
 *
 * words: lists as a steward types them ("shelter,medical", "urd,pus") and the bits that profiles carry.
 * MALFORMED with a sentence that names the word.
 */
#ifndef AMAAN_WORDS_H
#define AMAAN_WORDS_H

#include "profiles.h"

enum status words_roles(
    const char *list, uint32_t *ret, struct trouble *trouble) MUST_USE;
enum status words_services(
    const char *list, uint32_t *ret, struct trouble *trouble) MUST_USE;
enum status words_genders(
    const char *list, uint32_t *ret, struct trouble *trouble) MUST_USE;
enum status words_units(
    const char *list, uint32_t *ret, struct trouble *trouble) MUST_USE;
enum status words_papers(
    const char *list, uint32_t *ret, struct trouble *trouble) MUST_USE;
/* Replaces the languages of the profile. */
enum status words_languages(
    const char *list, struct profile *profile, struct trouble *trouble) MUST_USE;
/* Who has said nothing of services offers what its roles are called. */
uint32_t words_services_of(uint32_t roles);

/* The next word of a list with commas, in `word`; false at the end. Too long a word comes back cut. */
bool words_next(const char **list, char *word, size_t size);

#endif
