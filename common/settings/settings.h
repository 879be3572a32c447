/* SPDX-License-Identifier: Apache-2.0
 *
 * settings: a program's settings as a table of rows, and the file they are read from (ZPL, zconfig's form:
 * indentation by four spaces, `name = value`, # for comments). <czmq.h> is included in this folder only.
 *
 *     link
 *         endpoint = "tcp://127.0.0.1:7117"
 *
 * is the setting "link/endpoint". Unknown and duplicate names, values out of range and bad indentation are
 * refused with file and line and, for a misspelt name, the nearest one. Secrets never stand in settings, only
 * names of files. To add a setting: a row; the sample under config/ is made from the rows (a test compares).
 */
#ifndef AMAAN_SETTINGS_H
#define AMAAN_SETTINGS_H

#include "bytes.h"

struct settings;

enum setting_type {
    SETTING_TEXT,   /* min and max are bytes */
    SETTING_INT,    /* min and max are values */
    SETTING_FLAG,   /* yes or no */
    SETTING_CHOICE, /* one of the words in `choices` */
};

struct setting {
    const char *name; /* "link/endpoint": section and word, a-z 0-9 - */
    enum setting_type type;
    const char *fallback; /* in the file's own form */
    int64_t min, max;
    const char *choices; /* "one two three" */
    const char *help;    /* one or two sentences */
};

enum { SETTINGS_BYTES_MAX = 65536, SETTINGS_ROWS_MAX = 64 };

/* `file` is for sentences. MALFORMED. The table must outlive the settings. */
enum status settings_parse(const struct setting *table, size_t n, struct span text,
    const char *file, struct settings **ret, struct trouble *trouble) MUST_USE;
/* Also NOT_FOUND, TOO_BIG, IO. */
enum status settings_read(const struct setting *table, size_t n, const char *path,
    struct settings **ret, struct trouble *trouble) MUST_USE;
void settings_destroy(struct settings **settings);

/* BUG for a name or type that the table does not have. */
const char *settings_text(
    const struct settings *settings, const char *name); /* TEXT and CHOICE */
int64_t settings_int(const struct settings *settings, const char *name);
bool settings_flag(const struct settings *settings, const char *name);
bool settings_is_set(
    const struct settings *settings, const char *name); /* stands in the file */

/* The file that sets everything to its default, each setting explained above it; `head` is its first comment.
 * With `values` (may be NULL; the i-th may be NULL: default) those are written instead. */
enum status settings_sample(const struct setting *table, size_t n, const char *head,
    const char *const *values, struct buffer *ret) MUST_USE;
/* What is in force: "link/endpoint = ..." lines with "(default)" where the file says nothing. */
enum status settings_effective(
    const struct settings *settings, struct buffer *ret) MUST_USE;

#endif
