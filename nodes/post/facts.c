/* SPDX-License-Identifier: Apache-2.0
 *
 * The row is cached: it is asked for every frame and changes seldom. The bundle is not.
 */
#include "facts.h"

#include "memory.h"

enum { LOAD, SAVE, BUNDLE, SAVE_BUNDLE, COUNT_UP, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [LOAD] =
        "SELECT state_count, heartbeat_number, bundle_number, store_id, bundles_mark,"
        " bundles_ms, bundles_skipped, emptied_ms, restored_ms, welcome_ms,"
        " roster_version FROM post_facts",
    [SAVE] = "UPDATE post_facts SET state_count = ?1, heartbeat_number = ?2,"
             " store_id = ?3, bundles_mark = ?4, bundles_ms = ?5, bundles_skipped = ?6,"
             " emptied_ms = ?7, restored_ms = ?8, welcome_ms = ?9, roster_version = ?10",
    [BUNDLE] = "SELECT bundle FROM post_facts WHERE bundle IS NOT NULL",
    [SAVE_BUNDLE] = "UPDATE post_facts SET bundle_number = ?1, bundle = ?2",
    [COUNT_UP] = "UPDATE post_facts SET state_count = ?1",
};

struct facts {
    struct statements *statements;
    struct facts_row row;
    bool counted;
};

enum status facts_open(struct db *db, struct facts **ret, struct trouble *trouble)
{
    struct facts *facts = memory_new(sizeof *facts);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &facts->statements, trouble);
    if (status == STATUS_OK)
        status = facts_reload(facts);
    if (status != STATUS_OK) {
        facts_close(&facts);
        return status;
    }
    *ret = facts;
    return STATUS_OK;
}

void facts_close(struct facts **facts)
{
    if (*facts == NULL)
        return;
    statements_close(&(*facts)->statements);
    memory_free(*facts);
    *facts = NULL;
}

const struct facts_row *facts_get(const struct facts *facts)
{
    return &facts->row;
}

static enum status read_row(const struct query *query, struct facts_row *ret)
{
    struct facts_row row = {
        .state_count = (uint64_t)row_int(query, 0),
        .heartbeat_number = (uint64_t)row_int(query, 1),
        .bundle_number = (uint64_t)row_int(query, 2),
        .bundles_mark = (uint64_t)row_int(query, 4),
        .bundles_ms = row_int(query, 5),
        .bundles_skipped = row_int(query, 6) != 0,
        .emptied_ms = row_int(query, 7),
        .restored_ms = row_int(query, 8),
        .welcome_ms = row_int(query, 9),
        .roster_version = (uint64_t)row_int(query, 10),
    };
    if (!row_is_null(query, 3)) {
        enum status status = row_exact(query, 3, &row.store_id, IDENT_BYTES);
        if (status != STATUS_OK)
            return status;
    }
    *ret = row;
    return STATUS_OK;
}

enum status facts_reload(struct facts *facts)
{
    facts->counted = false;
    struct query *query = query_start(facts->statements, LOAD);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? read_row(query, &facts->row) : STATUS_CORRUPT;
    query_end(query);
    return status;
}

enum status facts_put(struct facts *facts, const struct facts_row *row)
{
    uint64_t state_count = row->state_count > facts->row.state_count
                               ? row->state_count
                               : facts->row.state_count;
    struct query *query = query_start(facts->statements, SAVE);
    query_int(query, 1, (int64_t)state_count);
    query_int(query, 2, (int64_t)row->heartbeat_number);
    query_ident(query, 3, &row->store_id);
    query_int(query, 4, (int64_t)row->bundles_mark);
    query_int(query, 5, row->bundles_ms);
    query_int(query, 6, row->bundles_skipped);
    query_int(query, 7, row->emptied_ms);
    query_int(query, 8, row->restored_ms);
    query_int(query, 9, row->welcome_ms);
    query_int(query, 10, (int64_t)row->roster_version);
    enum status status = query_run(query);
    if (status == STATUS_OK) {
        uint64_t bundle_number = facts->row.bundle_number;
        facts->row = *row;
        facts->row.state_count = state_count;
        facts->row.bundle_number = bundle_number;
    }
    return status;
}

enum status facts_count(struct facts *facts)
{
    if (facts->counted)
        return STATUS_OK;
    struct query *query = query_start(facts->statements, COUNT_UP);
    query_int(query, 1, (int64_t)(facts->row.state_count + 1));
    enum status status = query_run(query);
    if (status == STATUS_OK) {
        facts->row.state_count++;
        facts->counted = true;
    }
    return status;
}

void facts_committed(struct facts *facts)
{
    facts->counted = false;
}

enum status facts_bundle(struct facts *facts, struct buffer *ret)
{
    struct query *query = query_start(facts->statements, BUNDLE);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        struct span bundle = row_blob(query, 0);
        status = buffer_put(ret, bundle.at, bundle.n);
    }
    query_end(query);
    return status;
}

enum status facts_put_bundle(struct facts *facts, uint64_t number, struct span bundle)
{
    struct query *query = query_start(facts->statements, SAVE_BUNDLE);
    query_int(query, 1, (int64_t)number);
    query_blob(query, 2, bundle);
    enum status status = query_run(query);
    if (status == STATUS_OK)
        facts->row.bundle_number = number;
    return status;
}
