/* SPDX-License-Identifier: Apache-2.0
 *
 * web_pages: the one table of the local page: a row is an address, what is asked for it, and how it looks.
 *
 *   GET /referral/7K2MQ4XTA -> row "/referral/{reference}" -> status, trace (or show), members
 *                           -> {"status": ..., "referral": ..., "members": ...} -> page_referral
 *
 * A query gives what the verbs know of it as their fields ("/board?service=shelter"), and the template as "asked".
 * Every page asks `status`, too. When what it asks is refused, so is the page; what it asks `maybe` is left away where
 * whoever sits there may not ask it. A GET asks GET verbs; a verb that is recorded or
 * told to somebody (POST) is asked only as `once`: in place of the other, after a person has done it by a button. Where
 * there is no other, the answer is not there before. A verb that answers a question and changes nothing may be the
 * page's `form`: its answer stands on the page that the form's button leads to, and is kept nowhere, in no address either.
 *
 * To add a page: a template (page/page.h), a row here, a test in tests/unit/test_web_pages.c.
 */
#ifndef AMAAN_WEB_PAGES_H
#define AMAAN_WEB_PAGES_H

#include "page.h"
#include "verbs.h"

/* What the script reads again and again: no visit of a person, it keeps no session open. */
#define WEB_PAGE_LIVE "/live"

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
        const char *form; /* no other of the three then */
        bool maybe;
        bool single; /* of a form: what is asked makes something that is shown once. Not
                        done again under the same one-time key */
    } asks[WEB_ASKS_MAX];
};

extern const struct web_page WEB_PAGES[];
extern const size_t WEB_PAGES_N;

/* What a verb makes has a page of its own, where the browser goes: `path` and the answer's `field`. Whoever made it has
 * opened it (`once`). */
struct web_made {
    const char *verb, *field, *path, *once;
};
const struct web_made *web_made_find(const char *verb); /* NULL is a normal answer */
/* The ask of that page that shows this verb's answer; NULL is a normal answer. */
const struct web_ask *web_page_form(const struct web_page *page, const char *verb);

/* The row of the path, which may have a query behind it; NULL is a normal answer. `ret_reference` gets what stands in
 * place of {reference}, "" if nothing. */
const struct web_page *web_page_find(
    const char *path, char ret_reference[static VERB_REFERENCE_BYTES]);
/* May a browser be sent there? A row's path and at most a plain query: so that no form leads to a stranger. */
bool web_page_is_address(const char *path);

#endif
