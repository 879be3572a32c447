/* SPDX-License-Identifier: Apache-2.0
 *
 * casebook: a case is boxed under a key of its own, found by ident and alias, changed, closed and opened again.
 */
#include "casebook_kit.h"

static void casebook__gives_back_what_was_added(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    casebook_kit_open(&kit, 21);
    struct case_row row = casebook_kit_add(&kit, "Zarq");
    assert_ok(casebook_find(kit.casebook, &row.ident, kit.arena, &found));
    assert_string_equal(found.alias, row.alias);
    assert_int_equal(found.origin, ORIGIN_WALK_IN);
    assert_int_equal(found.outcome, OUTCOME_OPEN);
    assert_int_equal(found.opened_day, KIT_DAY);
    assert_int_equal(found.changed_day, KIT_DAY);
    assert_string_equal(found.person.preferred_name, "Zarq");
    assert_string_equal(found.person.full_name, "Zarquona Pelligrande");
    assert_string_equal(found.person.languages[0], "pus");
    assert_false(found.damaged);
    casebook_kit_close(&kit);
}

static void casebook__finds_a_case_by_its_alias_and_no_other(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct ident ident;
    char again[REFERENCE_BYTES];
    casebook_kit_open(&kit, 22);
    struct case_row one = casebook_kit_add(&kit, "Zarq"),
                    two = casebook_kit_add(&kit, "Quolm");
    assert_ok(reference_parse(one.alias, again));
    assert_string_not_equal(one.alias, two.alias);
    assert_ok(casebook_find_alias(kit.casebook, two.alias, &ident));
    assert_true(ident_equal(&ident, &two.ident));
    assert_status(
        casebook_find_alias(kit.casebook, "00000000A", &ident), STATUS_NOT_FOUND);
    casebook_kit_close(&kit);
}

static void casebook__closes_and_opens_again_and_changes_the_person(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct casebook_count count;
    struct case_row found;
    casebook_kit_open(&kit, 23);
    struct case_row row = casebook_kit_add(&kit, "Zarq");
    row.outcome = OUTCOME_TAKEN_AWAY;
    row.closed_day = row.changed_day = KIT_DAY + 3;
    row.person = casebook_kit_person("Quolm");
    casebook_kit_begin(&kit);
    assert_ok(casebook_put(kit.casebook, &row));
    casebook_kit_commit(&kit);
    assert_ok(casebook_find(kit.casebook, &row.ident, kit.arena, &found));
    assert_int_equal(found.outcome, OUTCOME_TAKEN_AWAY);
    assert_int_equal(found.closed_day, KIT_DAY + 3);
    assert_int_equal(found.opened_day, KIT_DAY);
    assert_string_equal(found.person.preferred_name, "Quolm");
    assert_string_equal(found.alias, row.alias);
    assert_ok(casebook_count(kit.casebook, &count));
    assert_int_equal(count.open, 0);
    assert_int_equal(count.closed, 1);
    row.outcome = OUTCOME_OPEN;
    row.closed_day = 0;
    casebook_kit_begin(&kit);
    assert_ok(casebook_put(kit.casebook, &row));
    casebook_kit_commit(&kit);
    assert_ok(casebook_count(kit.casebook, &count));
    assert_int_equal(count.open, 1);
    casebook_kit_close(&kit);
}

/* A zero is what an earlier program wrote in that place. */
static void casebook__reads_a_case_of_before_as_one_that_says_no_displacement(
    void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    casebook_kit_open(&kit, 26);
    struct case_row row = casebook_kit_add(&kit, "Zarq");
    assert_int_equal(row.displacement, DISPLACEMENT_UNSAID);
    static const enum displacement put[] = {
        DISPLACEMENT_GLOF, (enum displacement)0, (enum displacement)DISPLACEMENT_COUNT};
    for (int i = 0; i < 3; i++) {
        row.displacement = put[i];
        casebook_kit_begin(&kit);
        assert_ok(casebook_put(kit.casebook, &row));
        casebook_kit_commit(&kit);
        assert_ok(casebook_find(kit.casebook, &row.ident, kit.arena, &found));
        assert_int_equal(found.damaged, i == 2); /* no code of this program */
        if (i < 2)
            assert_int_equal(
                found.displacement, i == 0 ? DISPLACEMENT_GLOF : DISPLACEMENT_UNSAID);
    }
    casebook_kit_close(&kit);
}

static void casebook__gives_each_case_a_key_of_its_own(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct box_key a, b, again;
    struct ident nobody = {{1}};
    casebook_kit_open(&kit, 24);
    struct case_row one = casebook_kit_add(&kit, "Zarq"),
                    two = casebook_kit_add(&kit, "Zarq");
    assert_ok(casebook_key(kit.casebook, &one.ident, &a));
    assert_ok(casebook_key(kit.casebook, &two.ident, &b));
    assert_ok(casebook_key(kit.casebook, &one.ident, &again));
    assert_memory_not_equal(a.bytes, b.bytes, BOX_KEY_BYTES);
    assert_memory_equal(a.bytes, again.bytes, BOX_KEY_BYTES);
    assert_status(casebook_key(kit.casebook, &nobody, &a), STATUS_NOT_FOUND);
    casebook_kit_close(&kit);
}

static void casebook__answers_locked_and_opens_again_after_unlocking(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    struct casebook_count count;
    struct box_key key;
    struct ident ident;
    casebook_kit_open(&kit, 25);
    struct case_row row = casebook_kit_add(&kit, "Zarq"), more = row;
    casebook_lock(kit.casebook);
    assert_status(
        casebook_find(kit.casebook, &row.ident, kit.arena, &found), STATUS_LOCKED);
    assert_status(casebook_find_alias(kit.casebook, row.alias, &ident), STATUS_LOCKED);
    assert_status(casebook_key(kit.casebook, &row.ident, &key), STATUS_LOCKED);
    assert_status(casebook_next(kit.casebook, 0, kit.arena, &found), STATUS_LOCKED);
    casebook_kit_begin(&kit);
    assert_status(casebook_add(kit.casebook, &more), STATUS_LOCKED);
    assert_status(casebook_put(kit.casebook, &row), STATUS_LOCKED);
    assert_status(casebook_erase(kit.casebook, &row.ident, KIT_DAY), STATUS_LOCKED);
    assert_status(casebook_rotate(kit.casebook), STATUS_LOCKED);
    db_rollback(kit.care.db);
    assert_ok(casebook_count(kit.casebook, &count));
    assert_int_equal(count.open, 1);
    assert_ok(casebook_unlock(kit.casebook, &kit.care.master));
    assert_ok(casebook_find(kit.casebook, &row.ident, kit.arena, &found));
    casebook_kit_close(&kit);
}

static void casebook__lists_cases_in_the_order_in_which_they_were_opened(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row row[3], found = {0};
    casebook_kit_open(&kit, 26);
    for (int i = 0; i < 3; i++)
        row[i] = casebook_kit_add(&kit, "Zarq");
    for (int i = 0; i < 3; i++) {
        assert_ok(casebook_next(kit.casebook, found.id, kit.arena, &found));
        assert_true(ident_equal(&found.ident, &row[i].ident));
    }
    assert_status(
        casebook_next(kit.casebook, found.id, kit.arena, &found), STATUS_NOT_FOUND);
    casebook_kit_close(&kit);
}

static void casebook__writes_no_name_alias_or_contact_to_the_disk(void **state)
{
    (void)state;
    struct casebook_kit kit;
    casebook_kit_open(&kit, 27);
    struct case_row row = casebook_kit_add(&kit, "Wobbligantha");
    assert_true(faultvfs_contains(kit.care.vfs, row.ident.bytes, IDENT_BYTES));
    assert_false(faultvfs_contains(kit.care.vfs, "Wobbligantha", 12));
    assert_false(faultvfs_contains(kit.care.vfs, "Pelligrande", 11));
    assert_false(faultvfs_contains(kit.care.vfs, "quolm counter", 13));
    assert_false(faultvfs_contains(kit.care.vfs, row.alias, REFERENCE_BYTES - 1));
    casebook_kit_close(&kit);
}

static void casebook__without_its_key_file_says_so_and_makes_nothing_anew(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row row, found;
    struct box_key other;
    casebook_kit_open(&kit, 28);
    row = casebook_kit_add(&kit, "Zarq");
    casebook_lock(kit.casebook);
    box_new_key(kit.care.chance, &other);
    assert_status(casebook_unlock(kit.casebook, &other), STATUS_CORRUPT);
    assert_int_equal(unlink(kit.key_path), 0);
    assert_status(casebook_unlock(kit.casebook, &kit.care.master), STATUS_CORRUPT);
    assert_status(
        casebook_find(kit.casebook, &row.ident, kit.arena, &found), STATUS_LOCKED);
    casebook_kit_begin(&kit);
    assert_status(casebook_add(kit.casebook, &row), STATUS_LOCKED);
    db_rollback(kit.care.db);
    assert_int_equal(access(kit.key_path, F_OK), -1);
    casebook_kit_close(&kit);
}

static void casebook__of_before_the_first_case_replaces_no_key_that_a_newer_copy_needs(
    void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row row, found;
    casebook_kit_open(&kit, 31);
    struct faultvfs_image *before = faultvfs_save(kit.care.vfs);
    row = casebook_kit_add(&kit, "Zarq");
    struct faultvfs_image *after = faultvfs_save(kit.care.vfs);
    for (int round = 0; round < 2; round++) {
        casebook_close(&kit.casebook);
        db_close(&kit.care.db);
        faultvfs_restore(kit.care.vfs, round == 0 ? before : after);
        care_kit_open_db(&kit.care);
        casebook_kit_start(&kit);
        if (round == 0)
            casebook_kit_add(&kit, "Quolm");
    }
    assert_ok(casebook_find(kit.casebook, &row.ident, kit.arena, &found));
    assert_string_equal(found.person.preferred_name, "Zarq");
    faultvfs_image_destroy(&before);
    faultvfs_image_destroy(&after);
    casebook_kit_close(&kit);
}

static void casebook__shows_a_damaged_case_as_such_and_the_others_as_they_are(
    void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct case_row found;
    struct statements *sql;
    static const char *const spoil[] = {
        "UPDATE case_file SET content = zeroblob(100) WHERE ident = ?1"};
    casebook_kit_open(&kit, 29);
    struct case_row bad = casebook_kit_add(&kit, "Zarq"),
                    good = casebook_kit_add(&kit, "Quolm");
    assert_ok(statements_open(kit.care.db, spoil, 1, &sql, NULL));
    casebook_kit_begin(&kit);
    struct query *query = query_start(sql, 0);
    query_ident(query, 1, &bad.ident);
    assert_ok(query_run(query));
    casebook_kit_commit(&kit);
    statements_close(&sql);
    assert_ok(casebook_find(kit.casebook, &bad.ident, kit.arena, &found));
    assert_true(found.damaged);
    assert_int_equal(found.opened_day, KIT_DAY);
    casebook_kit_begin(&kit);
    assert_status(casebook_put(kit.casebook, &bad), STATUS_CORRUPT);
    db_rollback(kit.care.db);
    assert_ok(casebook_find(kit.casebook, &good.ident, kit.arena, &found));
    assert_string_equal(found.person.preferred_name, "Quolm");
    casebook_kit_close(&kit);
}

static void casebook__ties_a_referral_to_one_case_only(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct ident found;
    int64_t referral = 0;
    struct statements *sql;
    static const char *const put[] = {
        "INSERT INTO referral VALUES (7, 1, zeroblob(16), zeroblob(16), zeroblob(32), 0,"
        " zeroblob(1), 0, 1, 1, zeroblob(1), 0)"};
    casebook_kit_open(&kit, 30);
    struct case_row one = casebook_kit_add(&kit, "Zarq"),
                    two = casebook_kit_add(&kit, "Quolm");
    assert_ok(statements_open(kit.care.db, put, 1, &sql, NULL));
    casebook_kit_begin(&kit);
    assert_ok(query_run(query_start(sql, 0)));
    assert_ok(casebook_tie(kit.casebook, &one.ident, 7));
    assert_status(casebook_tie(kit.casebook, &two.ident, 7), STATUS_EXISTS);
    db_rollback(kit.care.db);
    casebook_kit_begin(&kit);
    assert_ok(query_run(query_start(sql, 0)));
    assert_ok(casebook_tie(kit.casebook, &one.ident, 7));
    casebook_kit_commit(&kit);
    assert_ok(casebook_find_tie(kit.casebook, 7, &found));
    assert_true(ident_equal(&found, &one.ident));
    assert_ok(casebook_next_tie(kit.casebook, &one.ident, 0, &referral));
    assert_int_equal(referral, 7);
    assert_status(
        casebook_next_tie(kit.casebook, &one.ident, 7, &referral), STATUS_NOT_FOUND);
    assert_status(
        casebook_next_tie(kit.casebook, &two.ident, 0, &referral), STATUS_NOT_FOUND);
    statements_close(&sql);
    casebook_kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(casebook__gives_back_what_was_added),
        cmocka_unit_test(casebook__finds_a_case_by_its_alias_and_no_other),
        cmocka_unit_test(casebook__closes_and_opens_again_and_changes_the_person),
        cmocka_unit_test(
            casebook__reads_a_case_of_before_as_one_that_says_no_displacement),
        cmocka_unit_test(casebook__gives_each_case_a_key_of_its_own),
        cmocka_unit_test(casebook__answers_locked_and_opens_again_after_unlocking),
        cmocka_unit_test(casebook__lists_cases_in_the_order_in_which_they_were_opened),
        cmocka_unit_test(casebook__writes_no_name_alias_or_contact_to_the_disk),
        cmocka_unit_test(casebook__without_its_key_file_says_so_and_makes_nothing_anew),
        cmocka_unit_test(
            casebook__shows_a_damaged_case_as_such_and_the_others_as_they_are),
        cmocka_unit_test(
            casebook__of_before_the_first_case_replaces_no_key_that_a_newer_copy_needs),
        cmocka_unit_test(casebook__ties_a_referral_to_one_case_only),
    };
    return cmocka_run_group_tests_name("casebook", tests, NULL, NULL);
}
