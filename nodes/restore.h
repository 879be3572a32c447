/* SPDX-License-Identifier: Apache-2.0
 *
 * restore: makes a node's home anew out of a backup (docs/CARE.md 18). Everything is looked at first: each piece of
 * the file, the database as a whole, that all of it is one node's. Then, in this order: link.key, node.conf, node.db,
 * the counter file that says more than the database (so that the node notices before it seals), node.key last.
 */
#ifndef AMAAN_RESTORE_H
#define AMAAN_RESTORE_H

#include "clock.h"
#include "ident.h"
#include "node_conf.h"

struct restore {
    const char *from, *home;
    const char
        *person; /* whose passphrase it is; "" or NULL where one person is in the file */
    struct span passphrase;
    bool look_only;    /* nothing is changed */
    bool old_is_meant; /* a person typed that an old backup is meant */
    struct clock *clock;
};

struct restore_report {
    struct ident node_id;
    char name[PROFILE_NAME_BYTES_MAX + 1];
    int64_t made_ms, age_days;
    uint64_t state_count, database_bytes;
    /* Cases that the list beside the backup names as erased; 0: there is no list, or none that could be read. */
    uint64_t erased;
    bool list_broken; /* there is one, and it is another's or was changed */
};

/* Letters beyond it are not sent again by their senders (PROTOCOL.md 5.6). */
enum { RESTORE_OLD_DAYS = 45 };

/* EXISTS: the home holds a node. DENIED: wrong passphrase. EXPIRED: older than RESTORE_OLD_DAYS and not meant; the
 * report is filled then, too. MALFORMED, FORGED, UNSUPPORTED, CORRUPT of the file. */
enum status restore_node(const struct restore *request, struct restore_report *ret,
    struct trouble *trouble) MUST_USE;

#endif
