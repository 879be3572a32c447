/* SPDX-License-Identifier: Apache-2.0
 *
 * certificate: an office's own authority, and what it says of one address (X.509, RFC 5280). <gnutls/...> is included
 * in this folder only.
 *
 *   authority (10 years) --signs--> server (120 days), which a browser trusts because the authority was installed once
 *
 * The authority can speak for one address and one name and for nothing else: critical name constraints (4.2.1.10), no
 * authority below it (pathlen 0), server authentication alone. Kinds of names that have no constraint would be free, so each kind that
 * browsers look at has one: an office without a name gets one that never exists (RFC 6761, "invalid"). So whoever takes the
 * authority's key reads no other site of those who installed it.
 *
 * Keys are ECDSA on P-256: Ed25519 is taken by no browser in a certificate. They are made by GnuTLS out of the kernel's
 * generator; only serial numbers come from chance.h. Texts are PEM without a NUL; keys are wiped by their buffers.
 */
#ifndef AMAAN_CERTIFICATE_H
#define AMAAN_CERTIFICATE_H

#include "bytes.h"
#include "chance.h"

enum {
    CERTIFICATE_TEXT_MAX =
        8192,                  /* PEM of one key or certificate: below 2 KiB, with room */
    CERTIFICATE_NAME_MAX = 64, /* of the office: as long as one label of DNS may be */
    CERTIFICATE_DIGITS = 80,   /* "AB12 CD34 ...", 16 groups of four, with NUL */
    CERTIFICATE_AUTHORITY_DAYS =
        3650, /* as long as a desk may stand; installing is handwork */
    CERTIFICATE_SERVER_DAYS = 120, /* what a copied key is good for at most */
    CERTIFICATE_RENEW_DAYS =
        30 /* age at which a new one is made: 90 days are left to do it */
};

/* Whom it speaks for. */
struct certificate_place {
    uint8_t address[4];
    char name[CERTIFICATE_NAME_MAX]; /* as DNS has it, lower case; "": none */
};

/* One name of letters, digits, dashes and dots, with a dot in it, that is no number. */
bool certificate_name_is_good(const char *name);

struct certificate_about {
    int64_t from_ms, until_ms;       /* wall time */
    char digits[CERTIFICATE_DIGITS]; /* SHA-256 of its DER */
};

/* Valid from a day before `now_ms`, because desks' clocks differ. */
enum status certificate_make_authority(const struct certificate_place *place,
    int64_t now_ms, struct chance *chance, struct buffer *ret_key,
    struct buffer *ret_certificate) MUST_USE;
/* A new key each time. MALFORMED: the authority's texts are none. */
struct certificate_authority {
    struct span key, certificate;
};
enum status certificate_make_server(const struct certificate_authority *authority,
    const struct certificate_place *place, int64_t now_ms, struct chance *chance,
    struct buffer *ret_key, struct buffer *ret_certificate) MUST_USE;

enum status certificate_inspect(
    struct span certificate, struct certificate_about *ret) MUST_USE;
/* As browsers do it. FORGED: not signed by it, or not for this place; EXPIRED, also too early; MALFORMED. */
enum status certificate_check(struct span certificate, struct span authority,
    const struct certificate_place *place, int64_t now_ms) MUST_USE;
/* May this authority speak for the place? CONFLICT: it was made for another one. */
enum status certificate_fits(
    struct span authority, const struct certificate_place *place) MUST_USE;
/* What Windows installs, and what `certutil -hashfile` shows the digits of. */
enum status certificate_encode(struct span certificate, struct buffer *ret_der) MUST_USE;

#endif
