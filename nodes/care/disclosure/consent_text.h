/* SPDX-License-Identifier: Apache-2.0
 *
 * consent_text: what is read out to a person before a consent row is made, and the words of the page that she may
 * ask for (docs/CARE.md 13), in each language that has a text. Data of config/policy, part of the program: every
 * service, group and label has its words, {service}, {recipient} and {groups} stand in the text, or it is refused.
 */
#ifndef AMAAN_CONSENT_TEXT_H
#define AMAAN_CONSENT_TEXT_H

#include "matrix.h"

enum {
    CONSENT_TEXT_BYTES_MAX = 65536,
    CONSENT_WORDS_BYTES_MAX = 400, /* of one group or service */
    CONSENT_PARAGRAPHS_MAX = 16,
    CONSENT_READ_OUT_BYTES_MAX = 16384
};

struct consent_texts;

/* MALFORMED with the reason. */
enum status consent_texts_open(
    struct consent_texts **ret, struct trouble *trouble) MUST_USE;
void consent_texts_close(struct consent_texts **texts);

/* NULL: that language ("urd") has no text of its own. Borrowed until close. */
struct consent_text;
const struct consent_text *consent_texts_find(
    const struct consent_texts *texts, const char *language);
/* One file, for tests of the rules. The caller closes it by consent_text_destroy. */
enum status consent_text_read(
    struct span bytes, struct consent_text **ret, struct trouble *trouble) MUST_USE;
void consent_text_destroy(struct consent_text **text);

int64_t consent_text_version(const struct consent_text *text);
bool consent_text_is_reviewed(const struct consent_text *text);
const char *consent_text_service(const struct consent_text *text, enum service service);
const char *consent_text_group(const struct consent_text *text, uint32_t bit);
const char *consent_text_label(const struct consent_text *text, const char *label);
/* Appends what is to be read out. TOO_BIG. */
enum status consent_text_fill(const struct consent_text *text, enum service service,
    const char *recipient, uint32_t bits, struct buffer *ret) MUST_USE;
/* Appends the words of the bits, with commas of that language. */
enum status consent_text_list(
    const struct consent_text *text, uint32_t bits, struct buffer *ret) MUST_USE;

#endif
