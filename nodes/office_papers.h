/* SPDX-License-Identifier: Apache-2.0
 *
 * office_papers: the two files by which a node shows desks of its office that it is itself (certificate.h).
 *
 *   office.authority   0600: "AMO1" | 2 bytes of the certificate | certificate (PEM) | box of its key under the master key,
 *                      place: the certificate. It opens only while somebody unlocks the node.
 *   office.pem         0600: the server's key and certificate (PEM), in the clear: the lock page is served, too
 *
 * Each is one file, so that a power cut leaves a key with its certificate. A new server certificate is made when somebody unlocks
 * the node and the old one is 30 days old; it is good for 90 more. So a thief of the disk can pass for this page until
 * then and no longer, and never for another one.
 */
#ifndef AMAAN_OFFICE_PAPERS_H
#define AMAAN_OFFICE_PAPERS_H

#include "box.h"
#include "certificate.h"
#include "clock.h"

struct office_papers {
    struct buffer server;    /* what MHD takes as key and as certificate, with a NUL */
    struct buffer authority; /* its certificate, PEM */
    struct certificate_about page, authority_about;
};
void office_papers_release(struct office_papers *papers);

struct office_papers_order {
    const char *home;
    struct certificate_place place;
    const struct box_key *master;
    struct clock *clock;
    struct chance *chance;
    bool anew; /* another authority, though this one would do */
};
/* Writes both; keeps an authority that is there and may speak for the place, else makes one: `ret_anew` then. */
enum status office_papers_make(const struct office_papers_order *order, bool *ret_anew,
    struct trouble *trouble) MUST_USE;
/* Only if it is time; `ret_renewed`. CONFLICT: by this clock the authority itself is not good, so a good certificate
 * stays. */
enum status office_papers_renew(const struct office_papers_order *order,
    bool *ret_renewed, struct trouble *trouble) MUST_USE;
/* NOT_FOUND, CONFLICT (made for another place), MALFORMED, FORGED; the trouble says what to do. A certificate whose time is
 * over is given all the same: its dates are told. */
enum status office_papers_read(const char *home, const struct certificate_place *place,
    struct office_papers *ret, struct trouble *trouble) MUST_USE;
/* The page's key and certificate are gone; the authority, whose key is sealed, stays for another time. */
enum status office_papers_end(const char *home, struct trouble *trouble) MUST_USE;
/* Of settings; BUG for an address that is none: node_conf read it. */
struct node_conf;
struct certificate_place office_place(const struct node_conf *conf);

#endif
