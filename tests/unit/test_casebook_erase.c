/* SPDX-License-Identifier: Apache-2.0
 *
 * casebook: what is erased is gone, at once for programs, after a rotation for whoever has passphrase, database and every
 * older copy of it (docs/CARE.md 10.6).
 */
#include "casebook_kit.h"
#include "disk.h"
#include "timeline.h"

static void erase(struct casebook_kit *kit, const struct case_row *row, bool now)
{
    casebook_kit_begin(kit);
    assert_ok(casebook_erase(kit->casebook, &row->ident, KIT_DAY + 1));
    if (now)
        assert_ok(casebook_rotate(kit->casebook));
    casebook_kit_commit(kit);
    casebook_kit_work(kit, KIT_DAY + 1);
}

/* The database as it was, the key file as it is, the right master key: what an attacker with an old copy has. */
static enum status open_old_copy(struct casebook_kit *kit,
    const struct faultvfs_image *image, const struct case_row *row, struct case_row *ret)
{
    casebook_close(&kit->casebook);
    db_close(&kit->care.db);
    faultvfs_restore(kit->care.vfs, image);
    care_kit_open_db(&kit->care);
    struct casebook_options options = {
        .db = kit->care.db, .chance = kit->care.chance, .key_path = kit->key_path};
    assert_ok(casebook_open(&options, &kit->casebook, NULL));
    enum status status = casebook_unlock(kit->casebook, &kit->care.master);
    return status == STATUS_OK
               ? casebook_find(kit->casebook, &row->ident, kit->arena, ret)
               : status;
}

static void add_note(struct casebook_kit *kit, const struct case_row *row)
{
    struct event_row event = {
        .day = KIT_DAY, .event = EVENT_NOTE, .text = "flimquarble was here"};
    struct timeline *timeline;

    assert_ok(
        timeline_open(kit->care.db, kit->care.chance, kit->casebook, &timeline, NULL));
    casebook_kit_begin(kit);
    assert_ok(timeline_add(timeline, &row->ident, &event));
    casebook_kit_commit(kit);
    timeline_close(&timeline);
}

static void dp17__an_erased_case_can_never_be_read_again(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    struct box_key key;
    casebook_kit_open(&kit, 41);
    struct case_row gone = casebook_kit_add(&kit, "Wobbligantha"),
                    kept = casebook_kit_add(&kit, "Quolm");
    add_note(&kit, &gone);
    struct faultvfs_image *before = faultvfs_save(kit.care.vfs);
    erase(&kit, &gone, true);
    /* Gone for programs, and no clear text anywhere in database and log. */
    assert_status(
        casebook_find(kit.casebook, &gone.ident, kit.arena, &found), STATUS_NOT_FOUND);
    assert_status(casebook_key(kit.casebook, &gone.ident, &key), STATUS_NOT_FOUND);
    assert_false(faultvfs_contains(kit.care.vfs, "Wobbligantha", 12));
    assert_false(faultvfs_contains(kit.care.vfs, "flimquarble", 11));
    assert_ok(casebook_find(kit.casebook, &kept.ident, kit.arena, &found));
    assert_string_equal(found.person.preferred_name, "Quolm");
    /* The whole database from before the erasure, log included, with the passphrase's key: nothing opens. */
    assert_status(open_old_copy(&kit, before, &gone, &found), STATUS_CORRUPT);
    assert_status(casebook_key(kit.casebook, &gone.ident, &key), STATUS_LOCKED);
    faultvfs_image_destroy(&before);
    casebook_kit_close(&kit);
}

/* That the test above can fail: with the epoch key of that time the same copy opens. */
static void dp17__it_is_the_epoch_key_that_an_old_copy_lacks(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    struct buffer file;
    casebook_kit_open(&kit, 42);
    struct case_row gone = casebook_kit_add(&kit, "Wobbligantha");
    struct faultvfs_image *before = faultvfs_save(kit.care.vfs);
    buffer_init(&file, 4096);
    assert_ok(disk_read(kit.key_path, 4096, &file, NULL));
    erase(&kit, &gone, true);
    assert_ok(disk_write(kit.key_path, buffer_span(&file), 0600, NULL));
    assert_ok(open_old_copy(&kit, before, &gone, &found));
    assert_string_equal(found.person.preferred_name, "Wobbligantha");
    buffer_release(&file);
    faultvfs_image_destroy(&before);
    casebook_kit_close(&kit);
}

static int64_t count_rows(struct casebook_kit *kit, const char *sql)
{
    const char *const list[] = {sql};
    struct statements *statements;
    bool found = false;

    assert_ok(statements_open(kit->care.db, list, 1, &statements, NULL));
    struct query *query = query_start(statements, 0);
    assert_ok(query_next(query, &found));
    int64_t n = row_int(query, 0);
    query_end(query);
    statements_close(&statements);
    return n;
}

static void dp17__erasing_takes_every_row_of_the_case_and_leaves_a_tombstone(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct tombstone stone;
    struct casebook_count count;
    struct case_holder next = {.day = 0};
    struct case_copy copies[3];
    struct hash number;
    casebook_kit_open(&kit, 43);
    struct case_row gone = casebook_kit_add(&kit, "Wobbligantha");
    add_note(&kit, &gone);
    /* The first member holds two letters, the second one. */
    for (int i = 0; i < 3; i++) {
        copies[i] = (struct case_copy){
            .peer = i == 1 ? copies[0].peer : ident_new(kit.care.chance),
            .body_hash = hash_of(span_of(&i, sizeof(i)))};
        reference_new(kit.care.chance, copies[i].reference);
    }
    casebook_kit_begin(&kit);
    assert_ok(casebook_hash_number(kit.casebook, NUMBER_HOTLINE, "HL-4711", &number));
    assert_ok(casebook_add_number(kit.casebook, &gone.ident, NUMBER_HOTLINE, &number));
    casebook_kit_commit(&kit);
    assert_int_equal(count_rows(&kit, "SELECT count(*) FROM case_event"), 1);
    casebook_kit_begin(&kit);
    for (int i = 0; i < 3; i++)
        assert_ok(casebook_ask(kit.casebook, &gone.ident, KIT_DAY + 1, &copies[i]));
    assert_status(
        casebook_ask(kit.casebook, &gone.ident, KIT_DAY + 1, &copies[0]), STATUS_EXISTS);
    assert_ok(casebook_erase(kit.casebook, &gone.ident, KIT_DAY + 1));
    assert_ok(casebook_confirm(kit.casebook, &copies[0].peer, copies[0].reference,
        &copies[0].body_hash, KIT_DAY + 3));
    /* Another's reference, and content that was never sent. */
    assert_status(casebook_confirm(kit.casebook, &copies[0].peer, copies[2].reference,
                      &copies[2].body_hash, KIT_DAY + 4),
        STATUS_NOT_FOUND);
    assert_status(casebook_confirm(kit.casebook, &copies[2].peer, copies[2].reference,
                      &copies[0].body_hash, KIT_DAY + 4),
        STATUS_CONFLICT);
    casebook_kit_commit(&kit);
    assert_int_equal(count_rows(&kit, "SELECT (SELECT count(*) FROM case_event) +"
                                      " (SELECT count(*) FROM case_number) +"
                                      " (SELECT count(*) FROM case_file)"),
        0);
    assert_ok(casebook_find_tombstone(kit.casebook, gone.alias, &stone));
    assert_int_equal(stone.day, KIT_DAY + 1);
    assert_false(stone.sealed_for_ever);
    assert_int_equal(stone.n_asked, 2);
    assert_int_equal(stone.n_confirmed, 1);
    for (int i = 0; i < 2; i++) {
        assert_ok(casebook_next_holder(kit.casebook, stone.id, &next.peer, &next));
        bool is_first = ident_equal(&next.peer, &copies[0].peer);
        assert_int_equal(next.day, is_first ? 0 : KIT_DAY + 4);
        assert_int_equal(next.mismatch, !is_first);
    }
    assert_status(casebook_next_holder(kit.casebook, stone.id, &next.peer, &next),
        STATUS_NOT_FOUND);
    casebook_kit_begin(&kit);
    assert_ok(casebook_confirm(kit.casebook, &copies[1].peer, copies[1].reference,
        &copies[1].body_hash, KIT_DAY + 9));
    casebook_kit_commit(&kit);
    assert_ok(casebook_find_tombstone(kit.casebook, gone.alias, &stone));
    assert_int_equal(stone.n_confirmed, 2);
    assert_ok(casebook_count(kit.casebook, &count));
    assert_int_equal(count.erased, 1);
    assert_int_equal(count.open, 0);
    casebook_kit_close(&kit);
}

static void dp17__what_is_erased_is_sealed_for_ever_within_31_days(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    struct tombstone stone;
    casebook_kit_open(&kit, 44);
    struct case_row gone = casebook_kit_add(&kit, "Wobbligantha"),
                    kept = casebook_kit_add(&kit, "Quolm");
    struct faultvfs_image *before = faultvfs_save(kit.care.vfs);
    erase(&kit, &gone, false);
    casebook_kit_work(&kit, KIT_DAY + ROTATE_DAYS - 1);
    assert_ok(casebook_find_tombstone(kit.casebook, gone.alias, &stone));
    assert_false(stone.sealed_for_ever);
    casebook_kit_work(&kit, KIT_DAY + ROTATE_DAYS);
    assert_ok(casebook_find_tombstone(kit.casebook, gone.alias, &stone));
    assert_true(stone.sealed_for_ever);
    assert_ok(casebook_find(kit.casebook, &kept.ident, kit.arena, &found));
    assert_status(open_old_copy(&kit, before, &gone, &found), STATUS_CORRUPT);
    faultvfs_image_destroy(&before);
    casebook_kit_close(&kit);
}

static void casebook__rotates_only_when_something_was_erased(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct buffer before, after;
    casebook_kit_open(&kit, 45);
    casebook_kit_add(&kit, "Quolm");
    buffer_init(&before, 4096);
    buffer_init(&after, 4096);
    assert_ok(disk_read(kit.key_path, 4096, &before, NULL));
    casebook_kit_work(&kit, KIT_DAY + 10 * ROTATE_DAYS);
    assert_ok(disk_read(kit.key_path, 4096, &after, NULL));
    assert_span(buffer_span(&after), buffer_span(&before));
    buffer_release(&before);
    buffer_release(&after);
    casebook_kit_close(&kit);
}

static void casebook__finds_everything_while_a_rotation_runs_and_after(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found, first, last;
    struct ident ident;
    struct hash number;
    bool more = false;
    enum { CASES = ROTATE_AT_ONCE + 3 };
    casebook_kit_open(&kit, 46);
    first = casebook_kit_add(&kit, "Zarq");
    casebook_kit_begin(&kit);
    for (int i = 0; i < CASES - 2; i++) {
        last = first;
        assert_ok(casebook_add(kit.casebook, &last));
    }
    casebook_kit_commit(&kit);
    last = casebook_kit_add(&kit, "Quolm");
    assert_ok(casebook_hash_number(kit.casebook, NUMBER_RCMS, "RC 99", &number));
    casebook_kit_begin(&kit);
    assert_ok(casebook_add_number(kit.casebook, &first.ident, NUMBER_RCMS, &number));
    assert_ok(casebook_rotate(kit.casebook));
    assert_ok(casebook_work(kit.casebook, KIT_DAY, &more));
    casebook_kit_commit(&kit);
    assert_true(more);
    for (int round = 0; round < 2; round++) {
        assert_ok(casebook_find(kit.casebook, &first.ident, kit.arena, &found));
        assert_ok(casebook_find(kit.casebook, &last.ident, kit.arena, &found));
        assert_string_equal(found.person.preferred_name, "Quolm");
        assert_ok(casebook_find_alias(kit.casebook, first.alias, &ident));
        assert_true(ident_equal(&ident, &first.ident));
        assert_ok(casebook_find_alias(kit.casebook, last.alias, &ident));
        assert_true(ident_equal(&ident, &last.ident));
        assert_ok(casebook_find_number(kit.casebook, &number, NULL, &ident));
        assert_true(ident_equal(&ident, &first.ident));
        casebook_kit_work(&kit, KIT_DAY);
    }
    casebook_kit_close(&kit);
}

/* A crash between any two steps: the turn that begins is rolled back; committed but the file not replaced; in the middle. */
static void casebook__loses_no_case_by_a_crash_in_a_rotation(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    bool more = false;
    casebook_kit_open(&kit, 47);
    struct case_row gone = casebook_kit_add(&kit, "Wobbligantha"),
                    kept = casebook_kit_add(&kit, "Quolm");
    casebook_kit_begin(&kit);
    assert_ok(casebook_erase(kit.casebook, &gone.ident, KIT_DAY));
    assert_ok(casebook_rotate(kit.casebook));
    casebook_kit_commit(&kit);
    for (int i = 0; i < 2;
         i++) { /* rolled back, then committed without casebook_committed */
        casebook_kit_begin(&kit);
        assert_ok(casebook_work(kit.casebook, KIT_DAY, &more));
        if (i == 0)
            db_rollback(kit.care.db);
        else
            assert_ok(db_commit(kit.care.db));
        casebook_close(&kit.casebook);
        casebook_kit_start(&kit);
        assert_ok(casebook_find(kit.casebook, &kept.ident, kit.arena, &found));
        assert_string_equal(found.person.preferred_name, "Quolm");
    }
    /* The next commit finishes it: the file is down to one key. */
    struct buffer file;
    buffer_init(&file, 4096);
    assert_ok(disk_read(kit.key_path, 4096, &file, NULL));
    size_t with_two = file.used;
    casebook_kit_work(&kit, KIT_DAY);
    buffer_release(&file);
    buffer_init(&file, 4096);
    assert_ok(disk_read(kit.key_path, 4096, &file, NULL));
    assert_true(file.used < with_two);
    assert_ok(casebook_find(kit.casebook, &kept.ident, kit.arena, &found));
    buffer_release(&file);
    casebook_kit_close(&kit);
}

static void casebook__a_second_erasure_during_a_rotation_gets_its_own(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct tombstone stone;
    bool more = false;
    casebook_kit_open(&kit, 48);
    struct case_row gone = casebook_kit_add(&kit, "Wobbligantha"), filler = gone;
    casebook_kit_begin(&kit);
    for (int i = 0; i < ROTATE_AT_ONCE; i++)
        assert_ok(casebook_add(kit.casebook, &filler));
    assert_ok(casebook_rotate(kit.casebook));
    assert_ok(casebook_work(kit.casebook, KIT_DAY, &more));
    casebook_kit_commit(&kit);
    assert_true(more); /* `gone` was moved already, the last filler was not */
    erase(&kit, &gone, true);
    assert_ok(casebook_find_tombstone(kit.casebook, gone.alias, &stone));
    assert_true(stone.sealed_for_ever);
    casebook_kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp17__an_erased_case_can_never_be_read_again),
        cmocka_unit_test(dp17__it_is_the_epoch_key_that_an_old_copy_lacks),
        cmocka_unit_test(
            dp17__erasing_takes_every_row_of_the_case_and_leaves_a_tombstone),
        cmocka_unit_test(dp17__what_is_erased_is_sealed_for_ever_within_31_days),
        cmocka_unit_test(casebook__rotates_only_when_something_was_erased),
        cmocka_unit_test(casebook__finds_everything_while_a_rotation_runs_and_after),
        cmocka_unit_test(casebook__loses_no_case_by_a_crash_in_a_rotation),
        cmocka_unit_test(casebook__a_second_erasure_during_a_rotation_gets_its_own),
    };
    return cmocka_run_group_tests_name("casebook_erase", tests, NULL, NULL);
}
