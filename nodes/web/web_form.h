/* SPDX-License-Identifier: Apache-2.0
 *
 * web_form: the body of a form of the local page, application/x-www-form-urlencoded (WHATWG URL, section 5).
 *
 * Strict, for only our own pages are answered: every pair has a name and one "=", escapes
 * are whole, the text is clean (bytes.h: valid UTF-8 without controls or bidirectional overrides). A browser's
 * line end CR LF becomes LF. What was decoded is wiped by web_form_release.
 */
#ifndef AMAAN_WEB_FORM_H
#define AMAAN_WEB_FORM_H

#include "bytes.h"

enum {
    WEB_FORM_FIELDS_MAX =
        32, /* a page asks at most seven things; the rest is room for lists */
    WEB_FORM_NAME_MAX = 64,     /* bytes, decoded */
    WEB_FORM_BYTES_MAX = 65536, /* of the body: as the API's */
};

struct web_form {
    struct {
        const char *name, *value; /* into `text` */
    } fields[WEB_FORM_FIELDS_MAX];
    size_t n_fields;
    char *text;
    size_t text_bytes;
};

/* MALFORMED or TOO_BIG: nothing is held then. An empty body is a form without fields. */
enum status web_form_parse(struct span body, struct web_form *ret) MUST_USE;
/* The first of that name; NULL if it is absent. */
const char *web_form_value(const struct web_form *form, const char *name);
/* How often it comes: several ticked boxes of one list do. */
size_t web_form_count(const struct web_form *form, const char *name);
void web_form_release(struct web_form *form);

#endif
