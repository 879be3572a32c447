/* SPDX-License-Identifier: Apache-2.0
 *
 * enquiry: may somebody like this come? What an ENQUIRY letter asks, and what an ENQUIRY_ANSWER letter says
 * (content.proto, docs/CARE.md 6), before anything of a person travels.
 *
 * Codes, numbers and a district only. There is no field for a text, a name, a number of a person, a day of birth or a
 * place of somebody's: no encoder of this module can reach one. An enquiry is no referral, and a yes no acceptance.
 */
#ifndef AMAAN_ENQUIRY_H
#define AMAAN_ENQUIRY_H

#include "body.h"

enum {
    ENQUIRY_BYTES_MAX = 128,
    ENQUIRY_HOURS_MAX = 72, /* an answer later than that answers another night */
    ENQUIRY_NO_BOY = -1
};

struct enquiry {
    char reference[REFERENCE_BYTES]; /* of the enquiry: random, no referral's */
    enum service service;
    enum gender gender;
    enum age_band age_band;
    enum minor minor;
    unsigned children; /* who come with the person */
    bool infant;       /* one of them is not yet two */
    int boy_age;       /* of the oldest boy among them, or ENQUIRY_NO_BOY */
    size_t n_languages;
    char languages[LANGUAGES_MAX][4];
    bool wheelchair, tonight;
    uint16_t district; /* where the person is, or 0 */
    int64_t until_ms;  /* whole hours: an answer is wanted by then */
};

enum enquiry_word { ENQUIRY_YES = 1, ENQUIRY_NO, ENQUIRY_WAITLIST, ENQUIRY_WORD_COUNT };

struct enquiry_answer {
    char reference[REFERENCE_BYTES];
    enum enquiry_word word;
    int64_t until_ms; /* with YES: a whole hour, the place is kept until then; else 0 */
};

/* MALFORMED for what breaks a rule, UNSUPPORTED for a code of a later version. */
enum status enquiry_encode(const struct enquiry *enquiry, struct buffer *buffer) MUST_USE;
enum status enquiry_decode(
    struct arena *arena, struct span bytes, struct enquiry *ret) MUST_USE;
enum status enquiry_answer_encode(
    const struct enquiry_answer *answer, struct buffer *buffer) MUST_USE;
enum status enquiry_answer_decode(
    struct arena *arena, struct span bytes, struct enquiry_answer *ret) MUST_USE;

const char *enquiry_word_name(enum enquiry_word word); /* "yes"; NULL past the end */

#endif
