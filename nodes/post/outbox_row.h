/* SPDX-License-Identifier: Apache-2.0
 *
 * outbox_row: what outbox.c and outbox_due.c share: the columns of a row and how it is read.
 */
#ifndef AMAAN_OUTBOX_ROW_H
#define AMAAN_OUTBOX_ROW_H

#include "outbox.h"

#define OUTBOX_COLUMNS                                                                   \
    "id, item_id, peer, kind, lane, state, reason, created_ms, changed_ms, lifetime_s,"  \
    " after_item, after_back, epoch, seq, prev_link, link, seal_no, msg_id, prekey_id,"  \
    " prekey_end_ms, sealed_for, reseal, recall, held_ms, held_count, next_ms, settled," \
    " void_due, void_row, stored_ms, received_ms"

struct outbox {
    struct db *db;
    struct statements *rows; /* outbox.c */
    struct statements *due;  /* outbox_due.c */
};

enum status outbox_due_open(
    struct db *db, struct statements **ret, struct trouble *trouble) MUST_USE;
enum status outbox_read_row(
    const struct query *query, struct outbox_letter *ret) MUST_USE;
/* Runs the query for one row and ends it; NOT_FOUND. */
enum status outbox_read_one(struct query *query, struct outbox_letter *ret) MUST_USE;

#endif
