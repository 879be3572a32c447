/* SPDX-License-Identifier: Apache-2.0
 *
 * web_pages: the one table of the local page: a row is an address, what is asked for it, and how it looks.
 *
 *   GET /referral/7K2MQ4XTA -> row "/referral/{reference}" -> status, trace (or show), members
 *                           -> {"status": ..., "referral": ..., "members": ...} -> page_referral
 *
 * Every page asks `status`, too. When what it asks is refused, so is the page; what it asks `maybe` is left away where
 * whoever sits there may not ask it. A GET asks GET verbs; a verb that is recorded or
 * told to somebody (POST) is asked only as `once`: in place of the other, after a person has done it by a button. Where
 * there is no other, the answer is not there before.
 *
 * To add a page: a template (page/page.h), a row here, a test in tests/unit/test_web_pages.c.
 */
#ifndef AMAAN_WEB_PAGES_H
#define AMAAN_WEB_PAGES_H

#include "page.h"
#include "verbs.h"

enum { WEB_ASKS_MAX = 6, WEB_PATH_MAX = 200 };

struct web_page {
    const char *path;
    page_function *render;
    const char *nav; /* word under "page" of the catalogue; NULL: not in the navigation */
    const char
        *nav_if; /* for whoever may call this verb; NULL: may ask what the page asks */
    struct web_ask {
        const char *name; /* of the answer in what the template gets */
        const char *verb; /* this one and the next may be NULL */
        const char *once;
        bool maybe;
    } asks[WEB_ASKS_MAX];
};

extern const struct web_page WEB_PAGES[];
extern const size_t WEB_PAGES_N;

/* The row of the path, which may have a query behind it; NULL is a normal answer. `ret_reference` gets what stands in
 * place of {reference}, "" if nothing. */
const struct web_page *web_page_find(
    const char *path, char ret_reference[static VERB_REFERENCE_BYTES]);
/* May a browser be sent there? A row's path and at most a plain query: so that no form leads to a stranger. */
bool web_page_is_address(const char *path);

#endif
