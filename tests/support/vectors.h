/* SPDX-License-Identifier: Apache-2.0
 *
 * vectors: test vectors as readable text (tests/vectors). For tests only: a broken file ends the program.
 *
 *   # a comment
 *   [title of a section]
 *   name = 00ff             hex, may be empty; lines that begin with a space continue it
 *   text = "as it stands"   the bytes between the quotes
 */
#ifndef AMAAN_VECTORS_H
#define AMAAN_VECTORS_H

#include <stdio.h>

#include "bytes.h"

struct vectors;

/* `name` is a file of tests/vectors. Free it with vectors_close. */
struct vectors *vectors_open(const char *name);
void vectors_close(struct vectors **vectors);
size_t vectors_count(const struct vectors *vectors); /* sections */
const char *vectors_title(const struct vectors *vectors, size_t section);
/* The number of the section with that title. */
size_t vectors_find(const struct vectors *vectors, const char *title);
bool vectors_has(const struct vectors *vectors, size_t section, const char *name);
/* Borrowed until vectors_close. */
struct span vectors_get(const struct vectors *vectors, size_t section, const char *name);
/* Exactly n bytes of it. */
const uint8_t *vectors_take(
    const struct vectors *vectors, size_t section, const char *name, size_t n);
/* The bytes as a big-endian number of at most 8 bytes. */
uint64_t vectors_number(const struct vectors *vectors, size_t section, const char *name);

/* Writes a line that vectors_open reads back: for making a file of frozen vectors once. */
void vectors_print(FILE *file, const char *name, struct span value);

#endif
