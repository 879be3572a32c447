/* SPDX-License-Identifier: Apache-2.0
 *
 * conf: broker.conf, the settings of an exchange (settings.h). No secret stands in it. `amaan-broker init`
 * makes it; config/broker.conf explains each row, and docs/OPERATIONS.md tells the same.
 * To add a setting: a row in conf.c, its field here, its line in OPERATIONS, the sample made anew (a test
 * compares it).
 */
#ifndef AMAAN_CONF_H
#define AMAAN_CONF_H

#include "settings.h"

enum { CONF_ENDPOINT_BYTES = 280 };

struct conf {
    char endpoint[CONF_ENDPOINT_BYTES]; /* where to listen; port 0: a free one */
    char public[CONF_ENDPOINT_BYTES];   /* what members are told; "": where it listens */
    int io_threads;
    int64_t mailbox_envelopes_max, mailbox_bytes_max;
    int64_t offers_per_minute, offers_burst; /* of one member */
    int64_t keep_free_bytes;                 /* of the disk, for others */
    int log_level;                           /* of log.h */
};

extern const struct setting CONF_ROWS[];
extern const size_t CONF_ROWS_N;

/* MALFORMED with file, line and, for a misspelt name, the nearest one; NOT_FOUND, TOO_BIG, IO. */
enum status conf_read(
    const char *path, struct conf *ret, struct trouble *trouble) MUST_USE;
/* Appends the text of a broker.conf that listens and is known there; both NULL: config/broker.conf. */
enum status conf_sample(
    const char *endpoint, const char *public, struct buffer *ret) MUST_USE;
/* May an exchange listen there, may members be told so? MALFORMED with a sentence. An address that stands for
 * every interface cannot be told. */
enum status conf_check_endpoint(const char *endpoint, struct trouble *trouble) MUST_USE;
enum status conf_check_public(const char *endpoint, struct trouble *trouble) MUST_USE;

#endif
