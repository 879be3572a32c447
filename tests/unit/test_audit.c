/* SPDX-License-Identifier: Apache-2.0
 *
 * audit: the record of who looked. The tests change the database as somebody with the disk would.
 */
#include <unistd.h>

#include "audit.h"
#include "check.h"
#include "memory.h"
#include "seeded.h"
#include "vault.h"

enum {
    CHANGE,
    DELETE,
    CUT,
    SWAP_A,
    SWAP_B,
    SWAP_C,
    WIPE_HEAD,
    OLD_HEAD,
    COUNT_HEAD,
    MOVE_ANCHOR,
    WIPE_ANCHOR,
    N_SQL
};
static const char *const SQL[N_SQL] = {
    [CHANGE] = "UPDATE audit SET hour = hour + 1 WHERE number = ?1",
    [DELETE] = "DELETE FROM audit WHERE number = ?1",
    [CUT] = "DELETE FROM audit WHERE number >= ?1",
    [SWAP_A] = "UPDATE audit SET number = 1000 WHERE number = ?1",
    [SWAP_B] = "UPDATE audit SET number = ?1 WHERE number = ?1 + 1",
    [SWAP_C] = "UPDATE audit SET number = ?1 + 1 WHERE number = 1000",
    [WIPE_HEAD] = "DELETE FROM audit_head WHERE id = ?1",
    [OLD_HEAD] = "UPDATE audit_head SET number = ?1",
    [COUNT_HEAD] = "UPDATE audit SET content = zeroblob(128) WHERE number = ?1",
    [MOVE_ANCHOR] = "UPDATE audit_anchor SET number = ?1",
    [WIPE_ANCHOR] = "DELETE FROM audit_anchor WHERE id = ?1",
};

struct bench {
    char path[96];
    struct seeded seeded;
    struct db *db;
    struct statements *sql;
    struct audit *audit;
    struct box_key master;
};

static struct audit_entry entry_of(struct bench *bench, const char *verb, int64_t hour)
{
    struct audit_entry entry = {.hour = hour, .person = {{9}}, .times = 1};

    memcpy(entry.verb, verb, strlen(verb));
    entry.subject = audit_subject(bench->audit, "7K2MQ4XTA");
    return entry;
}

static void put(struct bench *bench, const char *verb, int64_t hour, bool once)
{
    struct audit_entry entry = entry_of(bench, verb, hour);

    assert_ok(db_begin(bench->db));
    assert_ok(audit_put(bench->audit, &entry, once));
    assert_ok(db_commit(bench->db));
}

static void open_bench(struct bench *bench, int rows)
{
    const char *const migrations[] = {AUDIT_SCHEMA, AUDIT_ANCHOR_SCHEMA};

    memset(bench, 0, sizeof(*bench));
    assert_ok(vault_start(NULL));
    snprintf(bench->path, sizeof(bench->path), "/tmp/amaan-audit-%d.db", (int)getpid());
    (void)unlink(bench->path);
    struct db_options options = {
        .path = bench->path, .migrations = migrations, .n_migrations = 2};
    assert_ok(db_open(&options, &bench->db, NULL));
    assert_ok(audit_open(bench->db, seeded_init(&bench->seeded, 5), &bench->audit, NULL));
    assert_ok(statements_open(bench->db, SQL, N_SQL, &bench->sql, NULL));
    box_new_key(&bench->seeded.chance, &bench->master);
    audit_unlock(bench->audit, &bench->master);
    for (int i = 0; i < rows; i++)
        put(bench, "show", 480000 + i, false);
}

static void close_bench(struct bench *bench)
{
    statements_close(&bench->sql);
    audit_close(&bench->audit);
    db_close(&bench->db);
    (void)unlink(bench->path);
}

static void tamper(struct bench *bench, int sql, int64_t number)
{
    assert_ok(db_begin(bench->db));
    struct query *query = query_start(bench->sql, (size_t)sql);
    query_int(query, 1, number);
    assert_ok(query_run(query));
    assert_ok(db_commit(bench->db));
}

/* The first bad number; 0 if all holds. */
static int64_t verify(struct bench *bench)
{
    struct hash head;
    int64_t count = 0, bad = 0;
    enum status status = audit_verify(bench->audit, &count, &bad, &head);

    if (status == STATUS_OK)
        return 0;
    assert_status(status, STATUS_CORRUPT);
    return bad;
}

static int64_t bad_after(int sql, int64_t number)
{
    struct bench bench;
    int64_t bad;

    open_bench(&bench, 6);
    assert_int_equal(verify(&bench), 0);
    tamper(&bench, sql, number);
    bad = verify(&bench);
    /* Going on repairs nothing. */
    put(&bench, "show", 480100, false);
    assert_true(verify(&bench) != 0);
    close_bench(&bench);
    return bad;
}

static void dp21__a_changed_row_a_missing_row_and_a_cut_tail_are_found(void **state)
{
    (void)state;
    assert_int_equal(bad_after(CHANGE, 3), 3);
    assert_int_equal(bad_after(CHANGE, 6), 6);
    assert_int_equal(bad_after(COUNT_HEAD, 2), 2);
    assert_int_equal(bad_after(DELETE, 1), 1);
    assert_int_equal(bad_after(DELETE, 4), 4);
    assert_int_equal(bad_after(DELETE, 6), 6);
    assert_int_equal(bad_after(CUT, 4), 4);
    assert_int_equal(bad_after(WIPE_HEAD, 1), 7);
    assert_int_equal(bad_after(OLD_HEAD, 5), 7);
}

static void dp21__two_swapped_rows_are_found(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, 5);
    tamper(&bench, SWAP_A, 2);
    tamper(&bench, SWAP_B, 2);
    tamper(&bench, SWAP_C, 2);
    assert_int_equal(verify(&bench), 2);
    close_bench(&bench);
}

static void audit__lists_the_newest_first_and_needs_the_key(void **state)
{
    (void)state;
    struct bench bench;
    struct audit_entry entries[4], entry;
    int64_t numbers[4];
    size_t n = 0;
    open_bench(&bench, 3);
    entry = entry_of(&bench, "inbox", 490000);
    put(&bench, "inbox", 490000, true);
    put(&bench, "inbox", 490000, true);
    put(&bench, "inbox", 490001, true);
    assert_ok(audit_list(bench.audit, 0, entries, numbers, 4, &n));
    assert_int_equal(n, 4);
    assert_int_equal(numbers[0], 5);
    assert_int_equal(entries[0].hour, 490001);
    assert_string_equal(entries[1].verb, "inbox");
    assert_true(hash_equal(&entries[1].subject, &entry.subject));
    assert_true(ident_equal(&entries[1].person, &entry.person));
    assert_ok(audit_list(bench.audit, 2, entries, numbers, 4, &n));
    assert_int_equal(n, 1);
    audit_lock(bench.audit);
    assert_status(audit_list(bench.audit, 0, entries, numbers, 4, &n), STATUS_LOCKED);
    assert_ok(db_begin(bench.db));
    assert_status(audit_put(bench.audit, &entry, false), STATUS_LOCKED);
    db_rollback(bench.db);
    close_bench(&bench);
}

static void audit__takes_over_what_happened_while_locked(void **state)
{
    (void)state;
    struct bench bench;
    struct audit_entry entries[4];
    int64_t numbers[4];
    size_t n = 0;
    open_bench(&bench, 1);
    audit_lock(bench.audit);
    assert_ok(db_begin(bench.db));
    for (int i = 0; i < 3; i++)
        assert_ok(audit_put_locked(bench.audit, 480500, "wrong-passphrase"));
    assert_ok(db_commit(bench.db));
    audit_unlock(bench.audit, &bench.master);
    for (int i = 0; i < 2; i++) {
        assert_ok(db_begin(bench.db));
        assert_ok(audit_adopt(bench.audit));
        assert_ok(db_commit(bench.db));
    }
    assert_ok(audit_list(bench.audit, 0, entries, numbers, 4, &n));
    assert_int_equal(n, 2);
    assert_string_equal(entries[0].verb, "wrong-passphrase");
    assert_int_equal(entries[0].times, 3);
    assert_true(ident_is_zero(&entries[0].person));
    assert_int_equal(verify(&bench), 0);
    close_bench(&bench);
}

static int64_t expire(struct bench *bench, int64_t last_hour, int max)
{
    int64_t n = -1;

    assert_ok(db_begin(bench->db));
    assert_ok(audit_expire(bench->audit, last_hour, max, &n));
    assert_ok(db_commit(bench->db));
    return n;
}

static void dp15__old_rows_go_and_the_rest_of_the_chain_holds_from_the_anchor_on(
    void **state)
{
    (void)state;
    struct bench bench;
    int64_t deleted = -1;
    open_bench(&bench, 8);
    assert_int_equal(expire(&bench, 479999, 100), 0);
    assert_ok(audit_begins(bench.audit, &deleted));
    assert_int_equal(deleted, 0);
    assert_int_equal(expire(&bench, 480003, 3), 3); /* a slice */
    assert_int_equal(expire(&bench, 480003, 100), 1);
    assert_int_equal(expire(&bench, 480003, 100), 0);
    assert_ok(audit_begins(bench.audit, &deleted));
    assert_int_equal(deleted, 4);
    assert_int_equal(verify(&bench), 0);
    put(&bench, "show", 480100, false);
    assert_int_equal(verify(&bench), 0);
    /* The newest stays, and numbers go on behind it. */
    assert_int_equal(expire(&bench, 999999, 100), 4);
    assert_int_equal(verify(&bench), 0);
    put(&bench, "show", 480101, false);
    assert_int_equal(verify(&bench), 0);
    audit_lock(bench.audit);
    assert_ok(db_begin(bench.db));
    assert_status(audit_expire(bench.audit, 999999, 100, &deleted), STATUS_LOCKED);
    db_rollback(bench.db);
    close_bench(&bench);
}

/* The first bad number after rows 1 to 3 of 6 went and somebody did that. */
static int64_t bad_behind_anchor(int sql, int64_t number)
{
    struct bench bench;
    int64_t bad;

    open_bench(&bench, 6);
    assert_int_equal(expire(&bench, 480002, 100), 3);
    assert_int_equal(verify(&bench), 0);
    tamper(&bench, sql, number);
    bad = verify(&bench);
    put(&bench, "show", 480100, false);
    assert_true(verify(&bench) != 0);
    close_bench(&bench);
    return bad;
}

static void dp21__who_deletes_rows_as_if_they_were_old_is_found(void **state)
{
    (void)state;
    assert_int_equal(bad_behind_anchor(DELETE, 4), 4);
    assert_int_equal(bad_behind_anchor(MOVE_ANCHOR, 4), 5);
    assert_int_equal(bad_behind_anchor(WIPE_ANCHOR, 1), 1);
    assert_int_equal(bad_behind_anchor(CHANGE, 5), 5);
    assert_int_equal(bad_behind_anchor(CUT, 4), 4);
}

/* Else what was changed would be gone with its trace. */
static void dp21__a_row_that_does_not_hold_is_never_deleted_for_its_age(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, 6);
    tamper(&bench, CHANGE, 3);
    assert_int_equal(expire(&bench, 999999, 100), 2);
    assert_int_equal(expire(&bench, 999999, 100), 0);
    assert_int_equal(verify(&bench), 3);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp21__a_changed_row_a_missing_row_and_a_cut_tail_are_found),
        cmocka_unit_test(dp21__two_swapped_rows_are_found),
        cmocka_unit_test(audit__lists_the_newest_first_and_needs_the_key),
        cmocka_unit_test(audit__takes_over_what_happened_while_locked),
        cmocka_unit_test(
            dp15__old_rows_go_and_the_rest_of_the_chain_holds_from_the_anchor_on),
        cmocka_unit_test(dp21__who_deletes_rows_as_if_they_were_old_is_found),
        cmocka_unit_test(dp21__a_row_that_does_not_hold_is_never_deleted_for_its_age),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
