/* SPDX-License-Identifier: Apache-2.0
 *
 * web_offer: what a page offers to whoever sits there. It is for the eye only: each call is judged by the node.
 *
 *   may     {"accept": true, ...}                        verbs
 *   words   {"decline": {"reason": ["at-capacity", ...]}, ...}   what a form lets one choose from, out of the verb's own row
 *   known   {"languages": ["urd", ...], "provinces": [{"province": "5", "districts": ["PK501", ...]}, ...]}   names of the
 *           catalogue that a form lets one choose from; the words of the page are told by code
 *   page    the first word of its address: "consent"
 *   nav     [{"path", "name", "here"}, ...]              pages that ask nothing else
 */
#ifndef AMAAN_WEB_OFFER_H
#define AMAAN_WEB_OFFER_H

#include "web.h"
#include "web_pages.h"

void web_offer_put(
    const struct web_options *options, const struct web_page *page, struct json *data);

#endif
