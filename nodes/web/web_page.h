/* SPDX-License-Identifier: Apache-2.0
 *
 * web_page: the few pages of the local page, as HTML into a buffer. What comes from elsewhere is escaped.
 */
#ifndef AMAAN_WEB_PAGE_H
#define AMAAN_WEB_PAGE_H

#include "json.h"

enum { WEB_PAGE_BYTES_MAX = 65536 };

/* "&", "<", ">" and quotation marks become entities. */
void web_page_text(struct buffer *page, const char *text);
void web_page_launch(struct buffer *page, const char *token);
/* `status` is the verb's answer; `form` the session's token. */
void web_page_status(struct buffer *page, const struct json *status, const char *form);
/* One sentence, and the way back if `back`. */
void web_page_note(struct buffer *page, const char *title, const char *text, bool back);

#endif
