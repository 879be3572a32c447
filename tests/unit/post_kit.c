/* SPDX-License-Identifier: Apache-2.0 */
#include "post_kit.h"

#include "plans.h"
#include "post.h"
#include "vault.h"

enum { APPLICATION = 0x706f7374, EXCUSES_MAX = 16 };

static void open_db(struct post_kit *kit, const char *schema)
{
    const char *const migrations[] = {schema, RESYNC_SCHEMA};
    struct trouble trouble = {""};
    struct db_options options = {.path = "post.db",
        .vfs = faultvfs_name(kit->vfs),
        .migrations = migrations,
        .n_migrations = ARRAY_LENGTH(migrations),
        .application_id = APPLICATION};
    if (db_open(&options, &kit->db, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    assert_ok(db_begin(kit->db));
}

static void make_kit(struct post_kit *kit, const char *schema)
{
    *kit = (struct post_kit){0};
    assert_ok(vault_start(NULL));
    plans_watch();
    kit->vfs = faultvfs_new("post-kit");
    kit->chance = seeded_init(&kit->seeded, 2026);
    box_new_key(kit->chance, &kit->key);
    open_db(kit, schema);
}

void post_kit_open(struct post_kit *kit)
{
    make_kit(kit, POST_SCHEMA);
}

void post_kit_open_bare(struct post_kit *kit)
{
    make_kit(kit, "CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT;");
}

void post_kit_close(struct post_kit *kit)
{
    db_close(&kit->db);
    faultvfs_destroy(&kit->vfs);
}

static enum status run(struct post_kit *kit, const char *sql)
{
    struct statements *statements = NULL;
    struct trouble trouble = {""};
    if (statements_open(kit->db, &sql, 1, &statements, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    enum status status = query_run(query_start(statements, 0));
    statements_close(&statements);
    return status;
}

void post_kit_run(struct post_kit *kit, const char *sql)
{
    assert_ok(run(kit, sql));
}

int64_t post_kit_number(struct post_kit *kit, const char *sql)
{
    struct statements *statements = NULL;
    bool row = false;
    assert_ok(statements_open(kit->db, &sql, 1, &statements, NULL));
    struct query *query = query_start(statements, 0);
    assert_ok(query_next(query, &row));
    assert_true(row);
    int64_t number = row_int(query, 0);
    query_end(query);
    statements_close(&statements);
    return number;
}

/* More than the cache holds, so that pages have to be written before the commit. */
static void break_disk(struct post_kit *kit, enum disk_fault fault)
{
    int fired = faultvfs_fired(kit->vfs, fault);
    faultvfs_arm(kit->vfs, fault, 1);
    enum status status = run(kit, "INSERT INTO post_raw (lane, prekey_id, hour_ms, size,"
                                  " envelope) VALUES (0, 0, 0, 0, zeroblob(4000000))");
    assert_status(status, fault == DISK_FULL ? STATUS_FULL : STATUS_IO);
    assert_true(faultvfs_fired(kit->vfs, fault) > fired);
}

void post_kit_mend(struct post_kit *kit)
{
    faultvfs_free(kit->vfs);
    db_rollback(kit->db);
    assert_ok(db_begin(kit->db));
}

void post_kit_each_fault(
    struct post_kit *kit, void (*try)(void *context, enum status wanted), void *context)
{
    break_disk(kit, DISK_FULL);
    try(context, STATUS_FULL);
    post_kit_mend(kit);
    break_disk(kit, DISK_ERROR);
    try(context, STATUS_IO);
}

struct ident post_kit_ident(unsigned n)
{
    struct ident ident = {{0}};
    ident.bytes[0] = (uint8_t)(n >> 8);
    ident.bytes[1] = (uint8_t)n;
    ident.bytes[IDENT_BYTES - 1] = 0x77;
    return ident;
}

struct hash post_kit_hash(unsigned n)
{
    struct hash hash;
    memset(hash.bytes, 0x55, sizeof hash.bytes);
    hash.bytes[0] = (uint8_t)(n >> 8);
    hash.bytes[1] = (uint8_t)n;
    return hash;
}

/* ---- plans ---- */

struct judgement {
    const struct post_kit_excuse *excuses;
    size_t n;
    bool used[EXCUSES_MAX];
    int seen, bad;
};

static bool reads_too_much(const char *step)
{
    return strncmp(step, "SCAN", 4) == 0 || strstr(step, "TEMP B-TREE") != NULL ||
           strstr(step, "AUTOMATIC") != NULL || strstr(step, "(rowid>") != NULL ||
           strstr(step, "(rowid<") != NULL;
}

static void judge(void *context, const char *sql, const char *step)
{
    struct judgement *judgement = context;
    if (strstr(sql, "post_") == NULL)
        return;
    judgement->seen++;
    if (!reads_too_much(step))
        return;
    for (size_t i = 0; i < judgement->n; i++) {
        const struct post_kit_excuse *excuse = &judgement->excuses[i];
        if (strstr(sql, excuse->sql) != NULL && strstr(step, excuse->step) != NULL) {
            judgement->used[i] = true;
            return;
        }
    }
    print_error("%s\n  in: %s\n", step, sql);
    judgement->bad++;
}

void post_kit_plans(const struct post_kit_excuse *excuses, size_t n)
{
    struct judgement judgement = {.excuses = excuses, .n = n};
    assert_true(n <= EXCUSES_MAX);
    plans_each(judge, &judgement);
    for (size_t i = 0; i < n; i++)
        if (!judgement.used[i])
            fail_msg("nothing needs the excuse for \"%s\"", excuses[i].sql);
    assert_true(judgement.seen > 0);
    assert_int_equal(judgement.bad, 0);
}
