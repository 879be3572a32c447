/* SPDX-License-Identifier: Apache-2.0
 *
 * facts: what post must remember about itself, in one row: numbers last used, the own bundle, marks.
 *
 * facts_get is the row as it stands in this transaction; change a copy and facts_put it. state_count never
 * goes back that way, and bundle_number goes with its bundle (facts_put_bundle). After a rollback call
 * facts_reload. Writes: inside a transaction.
 */
#ifndef AMAAN_FACTS_H
#define AMAAN_FACTS_H

#include "db.h"

struct facts;

struct facts_row {
    uint64_t state_count, heartbeat_number, bundle_number;
    struct ident store_id; /* zero: none yet */
    uint64_t bundles_mark;
    int64_t bundles_ms;
    bool bundles_skipped;
    int64_t emptied_ms, restored_ms, welcome_ms;
    uint64_t roster_version;
};

enum status facts_open(
    struct db *db, struct facts **ret, struct trouble *trouble) MUST_USE;
void facts_close(struct facts **facts);
const struct facts_row *facts_get(const struct facts *facts);
enum status facts_put(struct facts *facts, const struct facts_row *row) MUST_USE;
enum status facts_reload(struct facts *facts) MUST_USE;

/* Counts a change that must not be forgotten: once per transaction, however often it is called. */
enum status facts_count(struct facts *facts) MUST_USE;
void facts_committed(struct facts *facts);

/* The own signed bundle, appended; NOT_FOUND before the first one was made. */
enum status facts_bundle(struct facts *facts, struct buffer *ret) MUST_USE;
enum status facts_put_bundle(
    struct facts *facts, uint64_t number, struct span bundle) MUST_USE;

#endif
