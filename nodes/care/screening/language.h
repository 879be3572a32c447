/* SPDX-License-Identifier: Apache-2.0
 *
 * language: which languages a form has, which are still missing, and how far the text of one was looked at. Shared
 * by the screening form and the triage (docs/CARE.md 12.10).
 */
#ifndef AMAAN_LANGUAGE_H
#define AMAAN_LANGUAGE_H

#include "json.h"

enum {
    LANGUAGE_ROWS_MAX = 16,
    LANGUAGE_CODE_BYTES = 4, /* three small letters of ISO 639-3, NUL */
    LANGUAGE_NAME_BYTES = 80
};

enum language_state { LANGUAGE_MISSING, LANGUAGE_DRAFT, LANGUAGE_REVIEWED };

struct languages {
    struct {
        char code[LANGUAGE_CODE_BYTES];
        bool is_missing; /* a slot: there is no text yet */
    } rows[LANGUAGE_ROWS_MAX];
    size_t n;
};

/* What stands on top of the text of one language. */
struct language_head {
    char code[LANGUAGE_CODE_BYTES];
    bool right_to_left;
    enum language_state state;                 /* DRAFT or REVIEWED */
    char reviewed_by[LANGUAGE_NAME_BYTES + 1]; /* "" of a draft */
    int64_t reviewed_on_ms;                    /* 0 of a draft */
};

bool language_is_code(const char *code);
const char *language_state_word(enum language_state state);
/* Fields "languages" and "missing" of a form: codes, none twice. MALFORMED, TOO_BIG. */
enum status languages_parse(
    const struct json *form, struct languages *ret, struct trouble *trouble) MUST_USE;
/* Fields "language", "direction", "review" of a text. A reviewed text says by whom and when, a draft says neither. */
enum status language_head_parse(
    const struct json *text, struct language_head *ret, struct trouble *trouble) MUST_USE;

#endif
