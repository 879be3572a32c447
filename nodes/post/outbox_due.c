/* SPDX-License-Identifier: Apache-2.0
 *
 * What is due in the outbox. Each question has a partial index (schema.c), so that it costs what it finds,
 * however long the outbox is. A next_ms more than nine days ahead is a clock that was set back: it is due.
 */
#include "memory.h"
#include "outbox_row.h"

#define NEXT_TOO_FAR_MS (9 * DAY_MS)

enum {
    OFFER,
    DRAFT,
    OVERDUE,
    WAITING,
    TELL,
    UNSETTLED,
    RECALL,
    HELD,
    OLDEST,
    CONFIRM,
    STORED,
    EPOCH,
    VOID_PEER,
    VOIDED,
    FORGET,
    STATEMENTS
};

static const char *const SQL[STATEMENTS] = {
    [OFFER] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE lane = ?1 AND id > ?2"
              " AND state IN (2, 3) AND (next_ms <= ?3 OR next_ms > ?4)"
              " ORDER BY id LIMIT 1",
    [DRAFT] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE id > ?1"
              " AND state IN (1, 8) ORDER BY id LIMIT 1",
    [OVERDUE] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE state IN (1, 2, 3, 8)"
                " AND id > ?1 AND created_ms < ?2 AND lifetime_s > 0"
                " AND created_ms + lifetime_s * 1000 < ?2 ORDER BY id LIMIT 1",
    [WAITING] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE state IN (1, 2, 3, 8)"
                " AND id > ?1 AND created_ms <= ?2 AND told_days < ?3 AND kind <> 4"
                " ORDER BY id LIMIT 1",
    [TELL] = "UPDATE post_outbox SET told_days = ?2 WHERE id = ?1",
    [UNSETTLED] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE peer = ?1"
                  " AND settled = 0 AND seq > 0 AND id > ?2 ORDER BY id LIMIT 1",
    [RECALL] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE recall IS NOT NULL"
               " ORDER BY id LIMIT 1",
    [HELD] = "SELECT id, msg_id FROM post_outbox WHERE state IN (1, 2, 3, 8)"
             " AND state = 3 AND id > ?1 ORDER BY id LIMIT ?2",
    [OLDEST] = "SELECT seq FROM post_outbox WHERE peer = ?1 AND epoch = ?2"
               " AND settled = 0 AND seq > 0 ORDER BY seq LIMIT 1",
    [CONFIRM] = "UPDATE post_outbox SET state = 5, changed_ms = ?5 WHERE peer = ?1"
                " AND epoch = ?2 AND seq <= ?3 AND state = 4 AND received_ms <= ?4",
    [STORED] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE peer = ?1 AND epoch = ?2"
               " AND seq > ?3 AND seq > 0 AND state IN (4, 5) AND received_ms < ?4"
               " AND letter IS NOT NULL ORDER BY seq LIMIT 1",
    [EPOCH] = "SELECT epoch FROM post_outbox WHERE peer = ?1 AND epoch > ?2 AND seq > 0"
              " ORDER BY epoch LIMIT 1",
    [VOID_PEER] = "SELECT " OUTBOX_COLUMNS " FROM post_outbox WHERE void_due > 0"
                  " ORDER BY peer, id LIMIT ?1",
    [VOIDED] = "UPDATE post_outbox SET settled = 1 WHERE void_row = ?1 AND void_row > 0",
    [FORGET] = "UPDATE post_outbox SET letter = NULL, envelope = NULL"
               " WHERE letter IS NOT NULL AND ((state = 5 AND stored_ms < ?1)"
               " OR (state IN (6, 7, 9, 10, 11) AND void_due = 0 AND changed_ms < ?1))",
};

/* A number from a peer, as it is compared with numbers that stand in rows. */
static int64_t number_of(uint64_t seq)
{
    return seq > INT64_MAX ? INT64_MAX : (int64_t)seq;
}

enum status outbox_due_open(
    struct db *db, struct statements **ret, struct trouble *trouble)
{
    return statements_open(db, SQL, STATEMENTS, ret, trouble);
}

enum status outbox_next_offer(struct outbox *outbox, enum lane lane, int64_t after_id,
    int64_t now_ms, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->due, OFFER);
    query_int(query, 1, lane);
    query_int(query, 2, after_id);
    query_int(query, 3, now_ms);
    query_int(query, 4, now_ms + NEXT_TOO_FAR_MS);
    return outbox_read_one(query, ret);
}

enum status outbox_next_draft(
    struct outbox *outbox, int64_t after_id, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->due, DRAFT);
    query_int(query, 1, after_id);
    return outbox_read_one(query, ret);
}

enum status outbox_next_overdue(
    struct outbox *outbox, int64_t after_id, int64_t now_ms, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->due, OVERDUE);
    query_int(query, 1, after_id);
    query_int(query, 2, now_ms);
    return outbox_read_one(query, ret);
}

enum status outbox_next_waiting(struct outbox *outbox, int64_t after_id,
    int64_t before_ms, int64_t days, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->due, WAITING);
    query_int(query, 1, after_id);
    query_int(query, 2, before_ms);
    query_int(query, 3, days);
    return outbox_read_one(query, ret);
}

enum status outbox_tell(struct outbox *outbox, int64_t id, int64_t days)
{
    struct query *query = query_start(outbox->due, TELL);
    query_int(query, 1, id);
    query_int(query, 2, days);
    return query_run(query);
}

enum status outbox_next_unsettled(struct outbox *outbox, const struct ident *peer,
    int64_t after_id, struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->due, UNSETTLED);
    query_ident(query, 1, peer);
    query_int(query, 2, after_id);
    return outbox_read_one(query, ret);
}

enum status outbox_next_recall(struct outbox *outbox, struct outbox_letter *ret)
{
    return outbox_read_one(query_start(outbox->due, RECALL), ret);
}

enum status outbox_held(struct outbox *outbox, int64_t after_id, int64_t *ret_ids,
    struct ident *ret_msg_ids, size_t max, size_t *ret_n)
{
    struct query *query = query_start(outbox->due, HELD);
    query_int(query, 1, after_id);
    query_int(query, 2, (int64_t)max);
    size_t n = 0;
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found && n < max) {
        ret_ids[n] = row_int(query, 0);
        status = row_exact(query, 1, &ret_msg_ids[n], IDENT_BYTES);
        n++;
        if (status == STATUS_OK)
            status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

enum status outbox_oldest_unsettled(
    struct outbox *outbox, const struct ident *peer, uint32_t epoch, uint64_t *ret)
{
    struct query *query = query_start(outbox->due, OLDEST);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = found ? (uint64_t)row_int(query, 0) : 0;
    query_end(query);
    return status;
}

enum status outbox_confirm(struct outbox *outbox, const struct ident *peer,
    uint32_t epoch, uint64_t head, int64_t signed_before_ms, int64_t now_ms)
{
    struct query *query = query_start(outbox->due, CONFIRM);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    query_int(query, 3, number_of(head));
    query_int(query, 4, signed_before_ms);
    query_int(query, 5, now_ms);
    return query_run(query);
}

enum status outbox_next_stored(struct outbox *outbox, const struct ident *peer,
    uint32_t epoch, uint64_t above_seq, int64_t signed_before_ms,
    struct outbox_letter *ret)
{
    struct query *query = query_start(outbox->due, STORED);
    query_ident(query, 1, peer);
    query_int(query, 2, epoch);
    query_int(query, 3, number_of(above_seq));
    query_int(query, 4, signed_before_ms);
    return outbox_read_one(query, ret);
}

enum status outbox_next_epoch(
    struct outbox *outbox, const struct ident *peer, uint32_t after_epoch, uint32_t *ret)
{
    struct query *query = query_start(outbox->due, EPOCH);
    query_ident(query, 1, peer);
    query_int(query, 2, after_epoch);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && found)
        *ret = (uint32_t)row_int(query, 0);
    query_end(query);
    return status == STATUS_OK && !found ? STATUS_NOT_FOUND : status;
}

enum status outbox_voids(struct outbox *outbox,
    struct outbox_letter ret[static VOIDS_PER_ENVELOPE], size_t *ret_n)
{
    struct query *query = query_start(outbox->due, VOID_PEER);
    query_int(query, 1, VOIDS_PER_ENVELOPE);
    size_t n = 0;
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found && n < VOIDS_PER_ENVELOPE) {
        status = outbox_read_row(query, &ret[n]);
        if (status == STATUS_OK && n > 0 && !ident_equal(&ret[n].peer, &ret[0].peer))
            break;
        n++;
        if (status == STATUS_OK)
            status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

enum status outbox_voided(struct outbox *outbox, int64_t void_row)
{
    struct query *query = query_start(outbox->due, VOIDED);
    query_int(query, 1, void_row);
    return query_run(query);
}

enum status outbox_forget(struct outbox *outbox, int64_t before_ms)
{
    struct query *query = query_start(outbox->due, FORGET);
    query_int(query, 1, before_ms);
    return query_run(query);
}
