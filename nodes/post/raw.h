/* SPDX-License-Identifier: Apache-2.0
 *
 * raw: envelopes taken while the node was locked (PROTOCOL.md 3): whole bytes, nothing parsed beyond the
 * header. A row pins the prekey that it names. Writes: inside a transaction.
 */
#ifndef AMAAN_RAW_H
#define AMAAN_RAW_H

#include "db.h"
#include "header.h"

struct raw;

enum status raw_open(struct db *db, struct raw **ret, struct trouble *trouble) MUST_USE;
void raw_close(struct raw **raw);

enum status raw_put(struct raw *raw, enum lane lane, uint64_t prekey_id, int64_t now_ms,
    struct span envelope) MUST_USE;
/* The next one, express first, then order of arrival; appended to the buffer. NOT_FOUND. */
enum status raw_next(struct raw *raw, int64_t *ret_id, int64_t *ret_hour_ms,
    struct buffer *ret_envelope) MUST_USE;
enum status raw_drop(struct raw *raw, int64_t id) MUST_USE;
/* When the oldest row that names this prekey came; NOT_FOUND if none does. */
enum status raw_pinned(
    struct raw *raw, uint64_t prekey_id, int64_t *ret_hour_ms) MUST_USE;
enum status raw_count(struct raw *raw, int64_t *ret_rows, int64_t *ret_express,
    int64_t *ret_bytes) MUST_USE;

#endif
