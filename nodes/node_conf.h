/* SPDX-License-Identifier: Apache-2.0
 *
 * node_conf: node.conf, the settings of a node (settings.h). No secret stands in it. `amaan-node init` makes it,
 * `join` writes the exchange's address and key into it; a person may change what config/node.conf explains.
 * The names below stand once in the table of rows; docs/OPERATIONS.md tells the same.
 */
#ifndef AMAAN_NODE_CONF_H
#define AMAAN_NODE_CONF_H

#include "ident.h"
#include "profiles.h"
#include "settings.h"

enum {
    NODE_CONF_TEXT_BYTES = 256,
    NODE_CONF_KEY_BYTES = 32,
    NODE_CONF_ADDRESS_BYTES = 40,
    NODE_CONF_OFFICE_PORT = 8443 /* where browsers and routers look for a page over TLS */
};

struct node_conf {
    char name[PROFILE_NAME_BYTES_MAX + 1]; /* "fia.torkham" */
    char person[NODE_CONF_TEXT_BYTES];
    struct ident node_id, queue_id;
    uint32_t roles;
    char endpoint[NODE_CONF_TEXT_BYTES]; /* "" before join */
    uint8_t broker_key[NODE_CONF_KEY_BYTES];
    int log_level;                            /* of log.h */
    char backup_folder[NODE_CONF_TEXT_BYTES]; /* "": none */
    int64_t backup_hours;
    uint16_t page_port;                           /* 0: no local page */
    char announce_command[NODE_CONF_TEXT_BYTES];  /* "": none; else from / on */
    char office_address[NODE_CONF_ADDRESS_BYTES]; /* "": no page for the office */
    char office_name[NODE_CONF_TEXT_BYTES];       /* "": none */
    uint16_t office_port;
};

extern const struct setting NODE_CONF_ROWS[];
extern const size_t NODE_CONF_ROWS_N;

/* The file HOME/node.conf. NOT_FOUND, MALFORMED with file and line, IO. */
enum status node_conf_read(
    const char *home, struct node_conf *ret, struct trouble *trouble) MUST_USE;
/* The same of bytes that stand elsewhere; `file` is for sentences. */
enum status node_conf_parse(struct span text, const char *file, struct node_conf *ret,
    struct trouble *trouble) MUST_USE;
/* Replaces it. */
enum status node_conf_write(
    const char *home, const struct node_conf *conf, struct trouble *trouble) MUST_USE;
/* The text of config/node.conf: every setting at its default. */
enum status node_conf_sample(struct buffer *ret) MUST_USE;

#endif
