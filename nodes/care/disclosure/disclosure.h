/* SPDX-License-Identifier: Apache-2.0
 *
 * disclosure: what of a person one recipient gets for one service: matrix, consent and the sender's wish together
 * (docs/CARE.md 14). Pure. It says of everything that is known and withheld why, so that a person can read it before
 * anything is sent.
 */
#ifndef AMAAN_DISCLOSURE_H
#define AMAAN_DISCLOSURE_H

#include "matrix.h"
#include "profiles.h"

enum withheld {
    WITHHELD_NOT = 0,
    WITHHELD_MATRIX,        /* this service never gets it */
    WITHHELD_NOT_CONSENTED, /* it would, if the person named it */
    WITHHELD_ROLE,          /* a member that only screens gets codes and days (DP13) */
    WITHHELD_NOT_WANTED,    /* the sender left it out */
    WITHHELD_UNKNOWN,       /* nothing is known there */
    WITHHELD_COUNT
};

struct disclosure_ask {
    const struct matrix *matrix;
    enum service service;
    uint32_t recipient_roles; /* bits of profiles.h */
    uint32_t consented;       /* bits that the person named */
    uint32_t wanted;          /* bits that the sender lets through; DISCLOSURE_ALL: all */
};

struct disclosure {
    struct person person;           /* texts are borrowed from the original */
    const char *note;               /* "" when withheld */
    uint32_t sent;                  /* bits in which something is said */
    uint32_t may;                   /* bits that would be let through, known or not */
    enum withheld why[GROUP_COUNT]; /* by field group */
    enum withheld why_note;
};

/* Is that all the member is: a member that screens? Codes and days alone travel to it. */
bool disclosure_is_screening_only(uint32_t roles);
/* What travels with the word of consent for the service alone and with these groups named. */
uint32_t disclosure_may(const struct disclosure_ask *ask);
struct disclosure disclosure_build(
    const struct disclosure_ask *ask, const struct person *person, const char *note);
const char *withheld_name(enum withheld why); /* "matrix", ...; NULL past the end */

#endif
