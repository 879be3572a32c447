/* SPDX-License-Identifier: Apache-2.0
 *
 * page_run: what the generated functions call. Only they include it. The first failure is kept and ends the output.
 */
#ifndef AMAAN_PAGE_RUN_H
#define AMAAN_PAGE_RUN_H

#include "page.h"

enum { PAGE_NAME_BYTES = 64 };
enum { PAGE_SCOPES_MAX = 9 }; /* the page and TEMPLATE_BLOCKS_MAX lists in it */

enum page_position {
    PAGE_TEXT, /* marks may stand around a value: <bdi> */
    PAGE_FLAT  /* attribute or title */
};

struct page_run {
    struct buffer *out;
    const struct page_context *context;
    struct page_count count;
    enum status status;
    size_t n_scopes;
    struct page_scope {
        const struct json *here, *list;
        size_t i;
    } scopes[PAGE_SCOPES_MAX];
};

void page_start(struct page_run *run, struct buffer *out, const struct json *data,
    const struct page_context *context);
enum status page_end(struct page_run *run) MUST_USE;

void page_raw(struct page_run *run, const char *html, size_t n);
void page_value(struct page_run *run, enum page_position at, const char *name);
void page_say(struct page_run *run, enum page_position at, const char *text);
void page_say_number(
    struct page_run *run, enum page_position at, const char *name, const char *text);
void page_code(
    struct page_run *run, enum page_position at, const char *kind, const char *name);
void page_ref(struct page_run *run, enum page_position at, const char *name);
void page_day(struct page_run *run, enum page_position at, const char *name);
void page_time(struct page_run *run, enum page_position at, const char *name);
void page_path(struct page_run *run, const char *name);
void page_asset(struct page_run *run, const char *name);
void page_script(struct page_run *run, const char *name);

/* For plot.c: a value by its name, NULL if it is not there; HTML of ours; text, escaped; a word of the catalogue; a moment. */
const struct json *page_find(const struct page_run *run, const char *name);
void page_put(struct page_run *run, const char *html);
void page_put_escaped(struct page_run *run, const char *text, size_t n);
void page_put_word(struct page_run *run, const char *kind, const char *word);
void page_put_time(struct page_run *run, const char *text);

void page_each(struct page_run *run, const char *name);
bool page_next(struct page_run *run);
bool page_is_set(struct page_run *run, const char *name);
bool page_is(struct page_run *run, const char *name, const char *literal);
/* Both are there and are the same text or number: the option that was chosen. */
bool page_is_same(struct page_run *run, const char *name, const char *other);

#endif
