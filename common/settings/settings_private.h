/* SPDX-License-Identifier: Apache-2.0
 *
 * settings_private: what reading, scanning and printing share.
 */
#ifndef AMAAN_SETTINGS_PRIVATE_H
#define AMAAN_SETTINGS_PRIVATE_H

#include "settings.h"

struct settings {
    const struct setting *table;
    size_t n;
    char *values[SETTINGS_ROWS_MAX]; /* NULL: default */
};

enum { LINES_MAX = 1024 };

/* The lines of a file that say something, in their order. */
struct scan {
    size_t n;
    int line[LINES_MAX];
};

/* Checks the form of every line, so that zconfig never meets one that it would complain about on stdout, or read
 * in another way than we do. MALFORMED with file and line. */
enum status scan_text(struct span text, const char *file, struct scan *ret,
    struct trouble *trouble) MUST_USE;

/* One value against its row. */
enum status setting_check(
    const struct setting *row, const char *value, struct trouble *trouble) MUST_USE;

#endif
