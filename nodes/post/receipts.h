/* SPDX-License-Identifier: Apache-2.0
 *
 * receipts: signed receipts that are still to be said. A row is owed until the broker holds the envelope
 * that carries it; up to six of one member travel together. Writes: inside a transaction.
 */
#ifndef AMAAN_RECEIPTS_H
#define AMAAN_RECEIPTS_H

#include "db.h"
#include "receipt.h"

struct receipts;

struct receipts_batch {
    struct ident peer;
    size_t n; /* 0: nothing is owed */
    int64_t ids[RECEIPTS_PER_ENVELOPE];
    uint8_t bytes[RECEIPTS_PER_ENVELOPE][RECEIPT_BYTES];
};

enum status receipts_open(
    struct db *db, struct receipts **ret, struct trouble *trouble) MUST_USE;
void receipts_close(struct receipts **receipts);

enum status receipts_owe(struct receipts *receipts, const struct ident *peer,
    const uint8_t receipt[static RECEIPT_BYTES]) MUST_USE;
/* The oldest owed receipt that is not to be skipped (it is on its way, its member cannot be written to),
 * and up to five more of the same member. */
enum status receipts_next(struct receipts *receipts,
    bool (*skip)(void *context, int64_t id, const struct ident *peer), void *context,
    struct receipts_batch *ret) MUST_USE;
enum status receipts_said(struct receipts *receipts, int64_t id) MUST_USE;

#endif
