/* SPDX-License-Identifier: Apache-2.0
 *
 * rows: the envelopes of all mailboxes on the disk. The one place that another database would have to fill:
 * plain calls, no SQL in them. Everything else about mailboxes is memory (mailbox.h).
 *
 * A row: queue_id, msg_id, lane in which it is ordered, hour of arrival, hash, bytes, sessions that ended on
 * it; and for each mailbox the hour in which it was last collected. No sender, no finer time.
 * Writes assert an open transaction; FULL, IO, CORRUPT.
 */
#ifndef AMAAN_ROWS_H
#define AMAAN_ROWS_H

#include "db.h"
#include "hash.h"
#include "header.h"

extern const char *const ROWS_SCHEMA;

struct envelope_row {
    int64_t id; /* rising with arrival */
    struct ident queue_id, msg_id;
    enum lane lane;
    int64_t hour, ended, n_bytes;
    struct hash hash;
};

struct rows;

enum status rows_open(struct db *db, struct rows **ret, struct trouble *trouble) MUST_USE;
void rows_close(struct rows **rows);

/* All envelopes in the order of arrival; every mailbox that was collected; count and bytes of each mailbox
 * that has rows. The function's failure ends it and is given back. */
enum status rows_each_envelope(struct rows *rows,
    enum status (*on_row)(void *context, const struct envelope_row *row),
    void *context) MUST_USE;
enum status rows_each_collected(struct rows *rows,
    enum status (*on_row)(void *context, const struct ident *queue_id, int64_t hour),
    void *context) MUST_USE;
enum status rows_each_count(struct rows *rows,
    enum status (*on_row)(
        void *context, const struct ident *queue_id, int64_t envelopes, int64_t bytes),
    void *context) MUST_USE;

enum status rows_put(
    struct rows *rows, const struct envelope_row *row, struct span bytes) MUST_USE;
enum status rows_remove(struct rows *rows, int64_t id) MUST_USE;
/* Exactly n bytes; CORRUPT if they are not there. */
enum status rows_read(struct rows *rows, int64_t id, void *ret, size_t n) MUST_USE;
enum status rows_set_ended(struct rows *rows, int64_t id, int64_t ended) MUST_USE;
enum status rows_set_collected(
    struct rows *rows, const struct ident *queue_id, int64_t hour) MUST_USE;

#endif
