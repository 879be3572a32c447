/* SPDX-License-Identifier: Apache-2.0
 *
 * conf: node.conf, the settings of a node (settings.h). No secret stands in it. `amaan-node init` makes it,
 * `join` writes the exchange's address and key into it; a person may change what config/node.conf explains.
 * The names below stand once in the table of rows; docs/OPERATIONS.md tells the same.
 */
#ifndef AMAAN_CONF_H
#define AMAAN_CONF_H

#include "ident.h"
#include "profiles.h"
#include "settings.h"

enum { CONF_TEXT_BYTES = 256, CONF_KEY_BYTES = 32 };

struct conf {
    char name[PROFILE_NAME_BYTES_MAX + 1]; /* "fia.torkham" */
    char person[CONF_TEXT_BYTES];
    struct ident node_id, queue_id;
    uint32_t roles;
    char endpoint[CONF_TEXT_BYTES]; /* "" before join */
    uint8_t broker_key[CONF_KEY_BYTES];
    int log_level; /* of log.h */
};

extern const struct setting CONF_ROWS[];
extern const size_t CONF_ROWS_N;

/* The file HOME/node.conf. NOT_FOUND, MALFORMED with file and line, IO. */
enum status conf_read(
    const char *home, struct conf *ret, struct trouble *trouble) MUST_USE;
/* Replaces it. */
enum status conf_write(
    const char *home, const struct conf *conf, struct trouble *trouble) MUST_USE;
/* The text of config/node.conf: every setting at its default. */
enum status conf_sample(struct buffer *ret) MUST_USE;

#endif
