/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows live for a second while connected, so the table is as long as what is in flight plus what is new.
 */
#include "receipts.h"

#include "memory.h"

enum { OWE, LIST, SAID, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [OWE] = "INSERT INTO post_owed (peer, receipt) VALUES (?1, ?2)",
    [LIST] = "SELECT id, peer, receipt FROM post_owed ORDER BY id",
    [SAID] = "DELETE FROM post_owed WHERE id = ?1",
};

struct receipts {
    struct statements *statements;
};

enum status receipts_open(struct db *db, struct receipts **ret, struct trouble *trouble)
{
    struct receipts *receipts = memory_new(sizeof *receipts);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &receipts->statements, trouble);
    if (status != STATUS_OK) {
        receipts_close(&receipts);
        return status;
    }
    *ret = receipts;
    return STATUS_OK;
}

void receipts_close(struct receipts **receipts)
{
    if (*receipts == NULL)
        return;
    statements_close(&(*receipts)->statements);
    memory_free(*receipts);
    *receipts = NULL;
}

enum status receipts_owe(struct receipts *receipts, const struct ident *peer,
    const uint8_t receipt[static RECEIPT_BYTES])
{
    struct query *query = query_start(receipts->statements, OWE);
    query_ident(query, 1, peer);
    query_blob(query, 2, span_of(receipt, RECEIPT_BYTES));
    return query_run(query);
}

/* Takes the row into the batch if it belongs there. */
static enum status take_row(const struct query *query,
    bool (*skip)(void *context, int64_t id, const struct ident *peer), void *context,
    struct receipts_batch *batch)
{
    struct ident peer;
    enum status status = row_exact(query, 1, &peer, IDENT_BYTES);
    if (status != STATUS_OK || (batch->n > 0 && !ident_equal(&peer, &batch->peer)) ||
        skip(context, row_int(query, 0), &peer))
        return status;
    batch->peer = peer;
    batch->ids[batch->n] = row_int(query, 0);
    status = row_exact(query, 2, batch->bytes[batch->n], RECEIPT_BYTES);
    batch->n++;
    return status;
}

enum status receipts_next(struct receipts *receipts,
    bool (*skip)(void *context, int64_t id, const struct ident *peer), void *context,
    struct receipts_batch *ret)
{
    struct receipts_batch batch = {.n = 0};
    struct query *query = query_start(receipts->statements, LIST);
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found && batch.n < RECEIPTS_PER_ENVELOPE) {
        status = take_row(query, skip, context, &batch);
        if (status == STATUS_OK)
            status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret = batch;
    return status;
}

enum status receipts_said(struct receipts *receipts, int64_t id)
{
    struct query *query = query_start(receipts->statements, SAID);
    query_int(query, 1, id);
    return query_run(query);
}
