/* SPDX-License-Identifier: Apache-2.0
 *
 * db: one opener, one transaction, and the difference between a full disk, a failing disk and damage.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "db.h"
#include "disk.h"
#include "faultvfs.h"
#include "memory.h"

enum { APPLICATION = 0x616d7431 };
enum { PUT, GET, ALL, COUNT, PUT_CHILD, WIPE, STATEMENTS };

static const char *const MIGRATIONS[] = {
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BLOB "
    "NOT NULL) "
    "STRICT;",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES "
    "thing, "
    "size INTEGER NOT NULL CHECK (size > 0)) STRICT;",
};

static const char *const SQL[STATEMENTS] = {
    [PUT] = "INSERT INTO thing (id, name, body) VALUES (?1, ?2, ?3)",
    [GET] = "SELECT body, name FROM thing WHERE id = ?1",
    [ALL] = "SELECT id FROM thing ORDER BY id",
    [COUNT] = "SELECT count(*) FROM thing",
    [PUT_CHILD] = "INSERT INTO child (id, thing, size) VALUES (?1, ?2, ?3)",
    [WIPE] = "DELETE FROM thing",
};

struct bench {
    struct faultvfs *vfs;
    struct db *db;
    struct statements *statements;
};

static struct db_options options_of(const struct bench *bench)
{
    return (struct db_options){
        .path = "test.db",
        .vfs = faultvfs_name(bench->vfs),
        .migrations = MIGRATIONS,
        .n_migrations = ARRAY_LENGTH(MIGRATIONS),
        .application_id = APPLICATION,
    };
}

static void open_bench(struct bench *bench)
{
    struct trouble trouble = {""};
    struct db_options options = options_of(bench);
    if (db_open(&options, &bench->db, &trouble) != STATUS_OK ||
        statements_open(bench->db, SQL, STATEMENTS, &bench->statements, &trouble) !=
            STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
}

static void close_bench(struct bench *bench)
{
    statements_close(&bench->statements);
    db_close(&bench->db);
}

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    bench->vfs = faultvfs_new("test-db");
    open_bench(bench);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    close_bench(bench);
    faultvfs_destroy(&bench->vfs);
    memory_free(bench);
    return 0;
}

static enum status put(struct bench *bench, int64_t id, const char *name, size_t n)
{
    static const uint8_t bytes[100000] = {1, 2, 3};
    struct query *query = query_start(bench->statements, PUT);
    query_int(query, 1, id);
    query_text(query, 2, name);
    query_blob(query, 3, span_of(bytes, n));
    return query_run(query);
}

static int64_t count(struct bench *bench)
{
    bool row = false;
    struct query *query = query_start(bench->statements, COUNT);
    assert_ok(query_next(query, &row));
    assert_true(row);
    int64_t n = row_int(query, 0);
    query_end(query);
    return n;
}

static void put_committed(struct bench *bench, int64_t id, const char *name)
{
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, id, name, 10));
    assert_ok(db_commit(bench->db));
}

/* ---- opening ---- */

static void db__is_refused_to_a_second_opener_with_a_sentence(void **state)
{
    struct bench *bench = *state;
    struct db *second = NULL;
    struct trouble trouble = {""};
    struct db_options options = options_of(bench);
    assert_status(db_open(&options, &second, &trouble), STATUS_BUSY);
    assert_null(second);
    assert_non_null(strstr(trouble.text, "in use by another process"));
}

static void db__refuses_a_second_opener_of_a_real_file_too(void **state)
{
    (void)state;
    char folder[] = "/tmp/amaan-db-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = disk_path(folder, "x.db");
    struct db_options options = {.path = path,
        .migrations = MIGRATIONS,
        .n_migrations = ARRAY_LENGTH(MIGRATIONS),
        .application_id = APPLICATION};
    struct db *first = NULL;
    struct db *second = NULL;
    struct trouble trouble = {""};
    struct stat info;
    assert_ok(db_open(&options, &first, &trouble));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_status(db_open(&options, &second, &trouble), STATUS_BUSY);
    assert_ok(db_begin(first));
    db_rollback(first);
    char *index = disk_path(folder, "x.db-shm");
    assert_int_not_equal(stat(index, &info), 0); /* no memory is shared with anybody */
    db_close(&first);
    assert_ok(db_open(&options, &second, &trouble));
    db_close(&second);
    unlink(path);
    char *log = disk_path(folder, "x.db-wal");
    unlink(log);
    assert_int_equal(rmdir(folder), 0);
    memory_free(log);
    memory_free(index);
    memory_free(path);
}

static void db__runs_each_migration_once(void **state)
{
    struct bench *bench = *state;
    put_committed(bench, 1, "a");
    close_bench(bench);
    open_bench(bench);
    assert_int_equal(count(bench), 1);
}

static void db__migrates_an_older_file_and_keeps_its_rows(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    struct db_options options = options_of(bench);
    close_bench(bench);
    faultvfs_burn(bench->vfs);
    options.n_migrations = 1;
    static const char *const old_sql[] = {"INSERT INTO thing VALUES (1, 'a', x'00')"};
    assert_ok(db_open(&options, &bench->db, &trouble));
    assert_ok(statements_open(bench->db, old_sql, 1, &bench->statements, &trouble));
    assert_ok(db_begin(bench->db));
    assert_ok(query_run(query_start(bench->statements, 0)));
    assert_ok(db_commit(bench->db));
    close_bench(bench);
    open_bench(bench);
    assert_int_equal(count(bench), 1);
}

static void db__of_a_newer_program_is_refused_and_untouched(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    struct db_options options = options_of(bench);
    close_bench(bench);
    options.n_migrations = 1;
    assert_status(db_open(&options, &bench->db, &trouble), STATUS_UNSUPPORTED);
    assert_non_null(strstr(trouble.text, "newer version"));
    open_bench(bench);
}

static void db__of_another_program_is_refused(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    struct db_options options = options_of(bench);
    close_bench(bench);
    options.application_id = APPLICATION + 1;
    assert_status(db_open(&options, &bench->db, &trouble), STATUS_UNSUPPORTED);
    assert_non_null(strstr(trouble.text, "another program"));
    open_bench(bench);
}

static void db__takes_back_a_migration_that_fails(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    close_bench(bench);
    static const char *const bad[] = {"SELECT 1;", "SELECT 1;",
        "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT; NONSENSE;"};
    struct db_options options = options_of(bench);
    options.migrations = bad;
    options.n_migrations = 3;
    assert_status(db_open(&options, &bench->db, &trouble), STATUS_CORRUPT);
    assert_non_null(strstr(trouble.text, "schema 3"));
    open_bench(bench); /* still at schema 2 */
}

static void db__refuses_statements_that_do_not_fit_the_schema(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    struct statements *statements = NULL;
    static const char *const sql[] = {
        "SELECT id FROM thing", "SELECT nothing FROM thing"};
    assert_status(
        statements_open(bench->db, sql, 2, &statements, &trouble), STATUS_CORRUPT);
    assert_null(statements);
    assert_non_null(strstr(trouble.text, "nothing"));
}

static void db__finds_damage_when_it_opens(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    struct db_options options = options_of(bench);
    assert_ok(db_begin(bench->db));
    for (int i = 1; i < 40; i++) {
        char name[32];
        snprintf(name, sizeof name, "thing %d", i);
        assert_ok(put(bench, i, name, 300));
    }
    assert_ok(db_commit(bench->db));
    close_bench(bench);
    for (int64_t at = 4096; at < 4096 + 16; at++) {
        assert_true(faultvfs_damage(bench->vfs, "test.db", at));
    }
    assert_status(db_open(&options, &bench->db, &trouble), STATUS_CORRUPT);
    assert_null(bench->db);
    faultvfs_burn(bench->vfs);
    open_bench(bench);
}

/* ---- queries ---- */

static void query__gives_back_what_was_bound(void **state)
{
    struct bench *bench = *state;
    uint8_t body[10];
    bool row = false;
    put_committed(bench, 7, "seven");
    struct query *query = query_start(bench->statements, GET);
    query_int(query, 1, 7);
    assert_ok(query_next(query, &row));
    assert_true(row);
    assert_status(row_exact(query, 0, body, 9), STATUS_CORRUPT);
    assert_ok(row_exact(query, 0, body, 10));
    assert_int_equal(body[2], 3);
    assert_string_equal(row_text(query, 1), "seven");
    assert_status(row_exact(query, 1, body, 5), STATUS_CORRUPT); /* text is no blob */
    assert_false(row_is_null(query, 0));
    assert_ok(query_next(query, &row));
    assert_false(row);
    query_end(query);
}

static void query__stores_an_empty_blob_as_empty_and_not_null(void **state)
{
    struct bench *bench = *state;
    bool row = false;
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 1, "empty", 0));
    assert_ok(db_commit(bench->db));
    struct query *query = query_start(bench->statements, GET);
    query_int(query, 1, 1);
    assert_ok(query_next(query, &row));
    assert_true(row);
    assert_false(row_is_null(query, 0));
    assert_int_equal(row_blob(query, 0).n, 0);
    query_end(query);
}

static void query__tells_a_taken_key_from_another_broken_rule(void **state)
{
    struct bench *bench = *state;
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 1, "a", 1));
    assert_status(put(bench, 1, "b", 1), STATUS_EXISTS);
    assert_status(put(bench, 2, "a", 1), STATUS_EXISTS);
    struct query *query = query_start(bench->statements, PUT_CHILD);
    query_int(query, 1, 1);
    query_int(query, 2, 1);
    query_int(query, 3, 0); /* CHECK */
    assert_status(query_run(query), STATUS_CONFLICT);
    query = query_start(bench->statements, PUT_CHILD);
    query_int(query, 1, 1);
    query_int(query, 2, 1);
    query_text(query, 3, "many"); /* STRICT */
    assert_status(query_run(query), STATUS_CONFLICT);
    assert_true(db_in_transaction(bench->db)); /* a refused row is refused alone */
    assert_ok(put(bench, 3, "c", 1));
    assert_int_equal(db_changes(bench->db), 1);
    assert_int_equal(db_last_row(bench->db), 3);
    assert_ok(db_commit(bench->db));
    assert_int_equal(count(bench), 2);
}

static void db__holds_foreign_keys(void **state)
{
    struct bench *bench = *state;
    assert_ok(db_begin(bench->db));
    struct query *query = query_start(bench->statements, PUT_CHILD);
    query_int(query, 1, 1);
    query_int(query, 2, 99);
    query_int(query, 3, 5);
    assert_status(query_run(query), STATUS_CONFLICT);
    db_rollback(bench->db);
}

static void db__keeps_nothing_of_a_rolled_back_transaction(void **state)
{
    struct bench *bench = *state;
    assert_ok(db_begin(bench->db));
    assert_true(db_in_transaction(bench->db));
    assert_ok(put(bench, 1, "a", 1));
    db_rollback(bench->db);
    assert_false(db_in_transaction(bench->db));
    db_rollback(bench->db); /* harmless */
    assert_int_equal(count(bench), 0);
}

static void db__undoes_a_mark_and_keeps_the_rest(void **state)
{
    struct bench *bench = *state;
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 1, "a", 1));
    assert_ok(db_mark(bench->db));
    assert_ok(put(bench, 2, "b", 1));
    db_unmark(bench->db, false);
    assert_ok(db_mark(bench->db));
    assert_ok(put(bench, 3, "c", 1));
    db_unmark(bench->db, true);
    assert_ok(db_commit(bench->db));
    assert_int_equal(count(bench), 2);
}

/* ---- faults ---- */

static void db__rolls_back_when_the_disk_is_full_and_goes_on_when_it_is_not(void **state)
{
    struct bench *bench = *state;
    put_committed(bench, 1, "before");
    faultvfs_arm(bench->vfs, DISK_FULL, 1);
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 2, "during", 1));
    assert_status(db_commit(bench->db), STATUS_FULL);
    assert_false(db_in_transaction(bench->db));
    assert_true(faultvfs_fired(bench->vfs, DISK_FULL) >= 1);
    assert_int_equal(count(bench), 1);
    faultvfs_free(bench->vfs);
    put_committed(bench, 3, "after");
    assert_int_equal(count(bench), 2);
}

static void db__commits_no_half_of_a_transaction_that_met_a_full_disk(void **state)
{
    struct bench *bench = *state;
    enum status status = STATUS_OK;
    char name[32];
    assert_ok(db_begin(bench->db));
    faultvfs_arm(bench->vfs, DISK_FULL, 3);
    for (int i = 1; i < 1000 && status == STATUS_OK;
         i++) { /* more than the cache: pages spill */
        snprintf(name, sizeof name, "%d", i);
        status = put(bench, i, name, 30000);
    }
    assert_status(status, STATUS_FULL);
    faultvfs_free(bench->vfs);
    assert_status(put(bench, 5000, "later", 1), STATUS_FULL); /* sticky */
    assert_status(db_mark(bench->db), STATUS_FULL);
    assert_status(db_commit(bench->db), STATUS_FULL);
    assert_false(db_in_transaction(bench->db));
    assert_int_equal(count(bench), 0);
    put_committed(bench, 1, "again");
}

static void db__says_io_for_a_failed_sync_and_never_works_again(void **state)
{
    struct bench *bench = *state;
    put_committed(bench, 1, "before");
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 2, "during", 1));
    faultvfs_arm(bench->vfs, DISK_SYNC_ERROR, 1);
    assert_status(db_commit(bench->db), STATUS_IO);
    assert_int_equal(faultvfs_fired(bench->vfs, DISK_SYNC_ERROR), 1);
    int syncs = faultvfs_syncs(bench->vfs);
    assert_status(db_begin(bench->db), STATUS_IO);
    assert_status(db_checkpoint(bench->db, 0), STATUS_IO);
    assert_int_equal(faultvfs_syncs(bench->vfs), syncs); /* not tried again */
    faultvfs_power_cut(bench->vfs);
    close_bench(bench);
    open_bench(bench);
    assert_int_equal(count(bench), 1);
}

static void db__says_io_for_a_failed_write(void **state)
{
    struct bench *bench = *state;
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 1, "a", 1));
    faultvfs_arm(bench->vfs, DISK_ERROR, 1);
    assert_status(db_commit(bench->db), STATUS_IO);
    assert_int_equal(faultvfs_fired(bench->vfs, DISK_ERROR), 1);
}

static void db__keeps_every_commit_over_a_power_cut_and_nothing_else(void **state)
{
    struct bench *bench = *state;
    put_committed(bench, 1, "a");
    assert_ok(db_checkpoint(bench->db, 0));
    put_committed(bench, 2, "b");
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 3, "c", 1));
    faultvfs_power_cut(bench->vfs);
    close_bench(bench);
    open_bench(bench);
    assert_int_equal(count(bench), 2);
}

/* Whichever write or sync dies while rows are committed and written back: what was committed is there. */
static void lose_power_at(struct bench *bench, enum disk_fault fault, int k)
{
    close_bench(bench);
    faultvfs_burn(bench->vfs);
    open_bench(bench);
    faultvfs_arm(bench->vfs, fault, k);
    int64_t committed = 0;
    enum status status = STATUS_OK;
    for (int i = 1; i <= 20 && status == STATUS_OK; i++) {
        char name[32];
        snprintf(name, sizeof name, "%d", i);
        status = db_begin(bench->db);
        if (status == STATUS_OK) {
            status = put(bench, i, name, 900);
            enum status end = db_commit(bench->db);
            status = status == STATUS_OK ? end : status;
        }
        if (status == STATUS_OK) {
            committed = i;
            status = db_checkpoint(bench->db, 6);
        }
    }
    faultvfs_arm(bench->vfs, fault, 0);
    faultvfs_free(bench->vfs);
    faultvfs_power_cut(bench->vfs);
    close_bench(bench);
    open_bench(bench);
    struct trouble trouble = {""};
    assert_ok(db_check(bench->db, &trouble));
    int64_t found = count(bench);
    assert_true(
        found == committed || found == committed + 1); /* the last one was not answered */
}

static void db__loses_no_commit_whichever_write_or_sync_fails(void **state)
{
    struct bench *bench = *state;
    for (int fault = 0; fault < DISK_FAULT_COUNT; fault++) {
        int fired = -1;
        for (int k = 1; faultvfs_fired(bench->vfs, (enum disk_fault)fault) != fired;
             k++) {
            fired = faultvfs_fired(bench->vfs, (enum disk_fault)fault);
            lose_power_at(bench, (enum disk_fault)fault, k);
        }
        assert_true(fired > 10);
    }
}

/* ---- care of the file ---- */

static void db__writes_the_log_back_only_when_it_is_long_enough(void **state)
{
    struct bench *bench = *state;
    put_committed(bench, 1, "a");
    assert_ok(db_checkpoint(bench->db, 0));
    int writes = faultvfs_writes(bench->vfs);
    put_committed(bench, 2, "b");
    int with_commit = faultvfs_writes(bench->vfs);
    assert_true(with_commit > writes);
    assert_ok(db_checkpoint(bench->db, 1000));
    assert_int_equal(faultvfs_writes(bench->vfs), with_commit);
    assert_ok(db_checkpoint(bench->db, 0));
    assert_true(faultvfs_writes(bench->vfs) > with_commit);
    assert_int_equal(count(bench), 2);
}

static void db__survives_a_checkpoint_without_room(void **state)
{
    struct bench *bench = *state;
    put_committed(bench, 1, "a");
    faultvfs_arm(bench->vfs, DISK_FULL, 1);
    assert_status(db_checkpoint(bench->db, 0), STATUS_FULL);
    faultvfs_free(bench->vfs);
    put_committed(bench, 2, "b");
    assert_ok(db_checkpoint(bench->db, 0));
    assert_int_equal(count(bench), 2);
}

static void db__tells_its_size_without_free_pages(void **state)
{
    struct bench *bench = *state;
    int64_t empty = db_bytes(bench->db);
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 1, "a", 90000));
    assert_ok(db_commit(bench->db));
    assert_true(db_bytes(bench->db) >= empty + 90000);
    assert_ok(db_begin(bench->db));
    assert_ok(query_run(query_start(bench->statements, WIPE)));
    assert_ok(db_commit(bench->db));
    assert_int_equal(db_bytes(bench->db), empty);
}

static void db__check_passes_on_a_sound_file(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    put_committed(bench, 1, "a");
    assert_ok(db_check(bench->db, &trouble));
    assert_non_null(strstr(db_library(), "SQLite 3."));
}

static int64_t count_of(struct db *db)
{
    struct statements *statements = NULL;
    bool row = false;
    assert_ok(statements_open(db, SQL, STATEMENTS, &statements, NULL));
    struct query *query = query_start(statements, COUNT);
    assert_ok(query_next(query, &row));
    int64_t n = row_int(query, 0);
    query_end(query);
    statements_close(&statements);
    return n;
}

static void db__copy_holds_what_was_committed_until_it_was_whole_and_nothing_else(
    void **state)
{
    struct bench *bench = *state;
    struct db_options options = options_of(bench);
    struct trouble trouble = {""};
    struct db_copy *copy = NULL;
    struct db *made = NULL, *again = NULL;
    bool done = false;
    for (int64_t id = 1; id <= 20; id++) {
        char name[16];
        snprintf(name, sizeof name, "thing %d", (int)id);
        put_committed(bench, id, name);
    }
    assert_status(db_copy_start(bench->db, 4096, &copy), STATUS_TOO_BIG);
    assert_ok(db_copy_start(bench->db, 1 << 24, &copy));
    assert_ok(db_copy_step(copy, 2, &done));
    assert_false(done);
    put_committed(bench, 21, "committed while the copy was made");
    assert_ok(db_begin(bench->db));
    assert_ok(put(bench, 22, "taken back while the copy was made", 9000));
    db_rollback(bench->db);
    while (!done)
        assert_ok(db_copy_step(copy, 2, &done));
    put_committed(bench, 23, "committed after it was whole");
    assert_ok(db_copy_open(&copy, &options, &made, &trouble));
    assert_null(copy);
    assert_int_equal(count_of(made), 21);
    assert_ok(db_check(made, &trouble));
    assert_int_equal(count(bench), 22);
    /* Its image is a database again; a changed or a foreign one is refused. */
    struct span image = db_image(made);
    assert_true(image.n > 0 && image.n % 4096 == 0);
    assert_ok(db_open_image(&options, image, &again, &trouble));
    assert_int_equal(count_of(again), 21);
    db_close(&again);
    options.application_id++;
    assert_status(db_open_image(&options, image, &again, &trouble), STATUS_UNSUPPORTED);
    options = options_of(bench);
    options.n_migrations--;
    assert_status(db_open_image(&options, image, &again, &trouble), STATUS_UNSUPPORTED);
    assert_status(
        db_open_image(&options, span_of(image.at, 50), &again, &trouble), STATUS_CORRUPT);
    options = options_of(bench);
    for (size_t page = 1; page * 4096 + 8 < image.n; page++) {
        uint8_t *bytes = memory_new(image.n);
        memcpy(bytes, image.at, image.n);
        memset(bytes + page * 4096, 0x5a, 8); /* no kind of page begins so */
        assert_status(db_open_image(&options, span_of(bytes, image.n), &again, &trouble),
            STATUS_CORRUPT);
        memory_free(bytes);
        if (page == 3)
            break;
    }
    db_close(&made);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(db__is_refused_to_a_second_opener_with_a_sentence),
        cmocka_unit_test(db__refuses_a_second_opener_of_a_real_file_too),
        TEST(db__copy_holds_what_was_committed_until_it_was_whole_and_nothing_else),
        TEST(db__runs_each_migration_once),
        TEST(db__migrates_an_older_file_and_keeps_its_rows),
        TEST(db__of_a_newer_program_is_refused_and_untouched),
        TEST(db__of_another_program_is_refused),
        TEST(db__takes_back_a_migration_that_fails),
        TEST(db__refuses_statements_that_do_not_fit_the_schema),
        TEST(db__finds_damage_when_it_opens),
        TEST(query__gives_back_what_was_bound),
        TEST(query__stores_an_empty_blob_as_empty_and_not_null),
        TEST(query__tells_a_taken_key_from_another_broken_rule),
        TEST(db__holds_foreign_keys),
        TEST(db__keeps_nothing_of_a_rolled_back_transaction),
        TEST(db__undoes_a_mark_and_keeps_the_rest),
        TEST(db__rolls_back_when_the_disk_is_full_and_goes_on_when_it_is_not),
        TEST(db__commits_no_half_of_a_transaction_that_met_a_full_disk),
        TEST(db__says_io_for_a_failed_sync_and_never_works_again),
        TEST(db__says_io_for_a_failed_write),
        TEST(db__keeps_every_commit_over_a_power_cut_and_nothing_else),
        TEST(db__loses_no_commit_whichever_write_or_sync_fails),
        TEST(db__writes_the_log_back_only_when_it_is_long_enough),
        TEST(db__survives_a_checkpoint_without_room),
        TEST(db__tells_its_size_without_free_pages),
        TEST(db__check_passes_on_a_sound_file),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
