/* SPDX-License-Identifier: Apache-2.0
 *
 * web_error: what a person reads when something was not done: what happened, what is safe, what to do.
 *
 *   {"code": "wrong-pin", "text": ...}
 *
 * The text is the page's own for that code (catalogue, "error"), for a page has no command lines; else the node's detail
 * in English, and in Urdu what config/explain says of the code (a draft), with the detail behind it as `detail`.
 */
#ifndef AMAAN_WEB_ERROR_H
#define AMAAN_WEB_ERROR_H

#include "json.h"
#include "page.h"

struct json *web_error_of_answer(enum page_language language, const struct json *problem);
/* By its code alone, where `detail` is NULL: config/explain or the catalogue has it. */
struct json *web_error_own(
    enum page_language language, const char *code, const char *detail);

#endif
