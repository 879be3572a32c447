/* SPDX-License-Identifier: Apache-2.0
 *
 * facts: what a command tells about a document, on stdout: for a person as indented "name: value" lines, or as
 * one JSON value. Written once, shown both ways. Names are lower case with '_', shown to people with spaces.
 * A line feed in a value is shown as "\n" and stays within its line: nobody's text can pass for a fact.
 */
#ifndef AMAAN_FACTS_H
#define AMAAN_FACTS_H

#include <stdio.h>

#include "fingerprint.h"
#include "ident.h"

struct facts {
    FILE *out;
    bool json;
    int depth;
    bool first; /* nothing was written yet at this depth */
};

/* Opens the outermost object (JSON) or nothing. */
void facts_begin(struct facts *facts, FILE *out, bool json);
void facts_end(struct facts *facts);

/* `name` is NULL inside a list. */
void facts_open(struct facts *facts, const char *name); /* an object */
void facts_close(struct facts *facts);
void facts_open_list(struct facts *facts, const char *name);
void facts_close_list(struct facts *facts);

void facts_text(struct facts *facts, const char *name, const char *value);
void facts_number(struct facts *facts, const char *name, uint64_t value);
void facts_flag(struct facts *facts, const char *name, bool value); /* yes, no */
void facts_time(struct facts *facts, const char *name, int64_t wall_ms);
void facts_ident(struct facts *facts, const char *name, const struct ident *ident);
void facts_hex(
    struct facts *facts, const char *name, const void *bytes, size_t n); /* n <= 64 */

#endif
