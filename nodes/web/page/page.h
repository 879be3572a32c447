/* SPDX-License-Identifier: Apache-2.0
 *
 * page: what a person sees in the browser of the desk. Each page is a function made at build from
 * templates/NAME.html (compile/template.h): a JSON object, which is the answer of a verb, and a context give HTML.
 * It knows nothing of HTTP and nothing of the desk.
 *
 * What always holds: every value is escaped for its position; what is not UTF-8 becomes U+FFFD, and so do control
 * characters and marks that turn the direction of text; nothing in a page comes from another origin; the same input
 * gives the same bytes. A value that is missing prints nothing and is counted, so that a test can fail on it.
 */
#ifndef AMAAN_PAGE_H
#define AMAAN_PAGE_H

#include "bytes.h"
#include "json.h"

/* A page beyond this is an error of ours or a list that needs parts. */
enum { PAGE_BYTES_MAX = 1024 * 1024 };

/* What a person sees and writes is Pakistan's time; UTC+5 all year. */
#define PAKISTAN_AHEAD_MS (INT64_C(5) * 3600 * 1000)

enum page_language {
    PAGE_ENG,
    PAGE_URD,
    PAGE_PSEUDO, /* tests: English, 40 % longer, right to left */
    PAGE_LANGUAGE_COUNT
};

struct page_count {
    size_t missing;      /* values, assets */
    size_t untranslated; /* texts and codes that the catalogue of the language lacks */
};

struct page_context {
    enum page_language language;
    const char *token;        /* of forms; {{@token}}; "": nobody has a session */
    const char *key;          /* this page's own, so that a form is done once; {{@key}} */
    const char *path;         /* where this page stands; {{@path}} */
    const char *theme;        /* "" (as the machine says), "light", "dark"; {{@theme}} */
    bool practice;            /* a network in which nothing is real; {{#if @practice}} */
    bool everywhere;          /* Nastaliq for long text, too */
    struct page_count *count; /* may be NULL; added to */
};

/* Appends the page. TOO_BIG when `out` is full; `out` is not usable then. */
typedef enum status page_function(
    struct buffer *out, const struct json *data, const struct page_context *context);

/* Appends `text` escaped for element text and double-quoted attributes. TOO_BIG. */
enum status page_escape(struct buffer *out, struct span text) MUST_USE;

/* All texts of all templates; plural is "" or the form for other numbers than 1. */
struct page_string {
    const char *one, *plural;
};
extern const struct page_string PAGE_STRINGS[];
extern const size_t PAGE_STRINGS_N;

/* The catalogue po/LANGUAGE.po without its fuzzy entries. `kind` is NULL for texts of templates; n chooses the
 * plural form. NULL when it is not there. English has entries for codes only. */
const char *page_catalogue_find(
    enum page_language language, const char *kind, const char *text, int64_t n);
size_t page_catalogue_count(enum page_language language); /* with its header */
const char *page_catalogue_key(
    enum page_language language, size_t i); /* "kind\4word" or text */

/* Style sheet, script and fonts, served under /asset/HASH/NAME and kept by the browser for ever: another content has
 * another hash. NULL when there is none. */
struct page_asset {
    const char *name, *type, *hash;
    const unsigned char *bytes;
    size_t n;
    bool immutable;
};
extern const struct page_asset PAGE_ASSETS[]; /* made at build by assets.cmake */
extern const size_t PAGE_ASSETS_N;
const struct page_asset *page_asset_find(const char *name);

#endif
