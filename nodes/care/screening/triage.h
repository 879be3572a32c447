/* SPDX-License-Identifier: Apache-2.0
 *
 * triage: one minute at a counter where others listen (docs/CARE.md 12.9). At most six items and eight key presses,
 * each item observed or harmless when overheard. Says who is taken aside, and nothing else: its result is never a
 * class of a screening, and there is no encoder for it. Items are data (config/forms/triage-pk-1*.json).
 */
#ifndef AMAAN_TRIAGE_H
#define AMAAN_TRIAGE_H

#include "interview.h"
#include "language.h"

enum {
    TRIAGE_VERSION = 1,
    TRIAGE_ITEMS_MAX = 6,
    TRIAGE_PRESSES_MAX = 8,
    TRIAGE_PRESSES_AROUND = 2, /* one to begin, one to end; an item takes one */
    TRIAGE_LIGHT_ENOUGH = 2,
    TRIAGE_TEXT_BYTES_MAX = 200,
    TRIAGE_BYTES_MAX = 16 * 1024
};

enum triage_kind { TRIAGE_OBSERVED, TRIAGE_ASKED, TRIAGE_KIND_COUNT };
enum triage_weight {
    TRIAGE_URGENT,
    TRIAGE_CHILD,
    TRIAGE_STRONG,
    TRIAGE_LIGHT,
    TRIAGE_WEIGHT_COUNT
};
enum triage_result {
    TRIAGE_URGENT_NOW = 1,
    TRIAGE_TAKE_ASIDE,
    TRIAGE_NO_SIGN_SEEN,
    TRIAGE_RESULT_COUNT
};

struct triage_item {
    char id[3]; /* "T1" */
    enum triage_kind kind;
    enum triage_weight weight;
};

struct triage {
    struct triage_item items[TRIAGE_ITEMS_MAX]; /* in the order of the counter */
    size_t n;
    struct languages languages;
};

/* Items are T1, T2, ... in a row; the first urgent one stands first. MALFORMED, TOO_BIG, UNSUPPORTED. */
enum status triage_parse(
    struct span text, struct triage *ret, struct trouble *trouble) MUST_USE;
unsigned triage_presses(const struct triage *triage);
/* answers[i] for each of triage->n items; what is open counts as a sign. */
enum triage_result triage_decide(
    const struct triage *triage, const enum said answers[TRIAGE_ITEMS_MAX]);
const char *triage_result_word(enum triage_result result); /* "take-aside" */

struct triage_text;

/* Texts for exactly these items: "say" for what is asked, and only for that. */
enum status triage_text_parse(struct span bytes, const struct triage *triage,
    struct triage_text **ret, struct trouble *trouble) MUST_USE;
void triage_text_destroy(struct triage_text **text);
const struct language_head *triage_text_head(const struct triage_text *text);
const char *triage_text_title(const struct triage_text *text);
const char *triage_text_item(const struct triage_text *text, size_t item);
const char *triage_text_say(const struct triage_text *text, size_t item); /* or NULL */
const char *triage_text_result(const struct triage_text *text, enum triage_result result);

#endif
