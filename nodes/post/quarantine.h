/* SPDX-License-Identifier: Apache-2.0
 *
 * quarantine: bytes that came and may have no effect: kept as evidence, within limits, and never answered.
 *
 *   REFUSED     no sender was proven (PROTOCOL.md 1.7), or a conflict, or a number out of the window
 *   UNREADABLE  its prekey is not here (2.4); its sender will seal it again. Kept 7 days
 *   PARKED      proven by a key that my roster does not have yet (5 (3)). Kept 90 days, boxed
 *
 * Each kind holds at most QUARANTINE_BYTES_MAX, what a row costs besides its bytes counted in; then the
 * oldest go. Writes: inside a transaction.
 */
#ifndef AMAAN_QUARANTINE_H
#define AMAAN_QUARANTINE_H

#include "db.h"
#include "limits.h"

struct quarantine;

enum quarantine_why {
    QUARANTINE_REFUSED = 1,
    QUARANTINE_UNREADABLE,
    QUARANTINE_PARKED,
    QUARANTINE_WHY_COUNT
};

enum status quarantine_open(
    struct db *db, struct quarantine **ret, struct trouble *trouble) MUST_USE;
void quarantine_close(struct quarantine **quarantine);
/* Forgets what it knows of the sizes: after a rollback. */
enum status quarantine_reload(struct quarantine *quarantine) MUST_USE;

/* ret_dropped: how many of the oldest had to go. TOO_BIG for bytes that alone are beyond the limit. */
enum status quarantine_put(struct quarantine *quarantine, enum quarantine_why why,
    int64_t detail, int64_t now_ms, struct span bytes, size_t *ret_dropped) MUST_USE;
/* The next of that kind after row *cursor (0 at first), which is moved; appended. NOT_FOUND at the end. */
enum status quarantine_next(struct quarantine *quarantine, enum quarantine_why why,
    int64_t *cursor, int64_t *ret_detail, int64_t *ret_at_ms,
    struct buffer *ret) MUST_USE;
enum status quarantine_drop(struct quarantine *quarantine, int64_t id) MUST_USE;
/* Drops those of that kind that came before; how many. */
enum status quarantine_drop_before(struct quarantine *quarantine, enum quarantine_why why,
    int64_t before_ms, int64_t *ret_dropped) MUST_USE;
enum status quarantine_count(
    struct quarantine *quarantine, enum quarantine_why why, int64_t *ret) MUST_USE;

#endif
