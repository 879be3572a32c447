/* SPDX-License-Identifier: Apache-2.0
 *
 * referrals: what they say is boxed, found by a keyed hash, and a reference stands here once.
 */
#include "clock.h"
#include "care_kit.h"
#include "referrals.h"

struct bench {
    struct care_kit kit;
    struct referrals *referrals;
    struct arena *arena;
};

static void open_bench(struct bench *bench)
{
    care_kit_open(&bench->kit, 11);
    assert_ok(referrals_open(bench->kit.db, bench->kit.chance, &bench->referrals, NULL));
    referrals_unlock(bench->referrals, &bench->kit.master);
    bench->arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
}

static void close_bench(struct bench *bench)
{
    referrals_close(&bench->referrals);
    arena_destroy(&bench->arena);
    care_kit_close(&bench->kit);
}

static struct referral_row make_row(struct bench *bench, bool sent)
{
    struct referral_row row = {.sent = sent,
        .item_id = ident_new(bench->kit.chance),
        .peer = ident_new(bench->kit.chance),
        .day = 20000,
        .created_ms = 20000 * DAY_MS + 5,
        .received_ms = sent ? 0 : 20000 * DAY_MS + 7};

    reference_new(bench->kit.chance, row.referral.reference);
    row.referral.service = SERVICE_MEDICAL;
    row.referral.priority = PRIORITY_URGENT;
    row.referral.person.age_band = AGE_18_25;
    row.referral.person.minor = MINOR_NO;
    row.referral.person.gender = GENDER_FEMALE;
    row.referral.person.n_languages = 1;
    memcpy(row.referral.person.languages[0], "pus", 4);
    row.referral.person.risk = RISK_HIGH;
    row.referral.person.safe_contact = "";
    row.referral.sender_role = "officer";
    row.referral.note = "pelligrande quolm";
    return row;
}

static int64_t put(struct bench *bench, const struct referral_row *row)
{
    int64_t id = 0;

    assert_ok(db_begin(bench->kit.db));
    assert_ok(referrals_put(bench->referrals, row, &id));
    assert_ok(db_commit(bench->kit.db));
    return id;
}

static void referrals__gives_back_what_was_put(void **state)
{
    (void)state;
    struct bench bench;
    struct referral_row row, found;
    open_bench(&bench);
    row = make_row(&bench, false);
    int64_t id = put(&bench, &row);
    assert_ok(
        referrals_find(bench.referrals, row.referral.reference, bench.arena, &found));
    assert_int_equal(found.id, id);
    assert_false(found.sent);
    assert_false(found.late);
    assert_true(ident_equal(&found.item_id, &row.item_id));
    assert_true(ident_equal(&found.peer, &row.peer));
    assert_int_equal(found.progress, PROGRESS_REQUESTED);
    assert_int_equal(found.created_ms, row.created_ms);
    assert_int_equal(found.received_ms, row.received_ms);
    assert_string_equal(found.referral.note, row.referral.note);
    assert_string_equal(found.referral.reference, row.referral.reference);
    assert_status(referrals_find(bench.referrals, "00000000A", bench.arena, &found),
        STATUS_NOT_FOUND);
    close_bench(&bench);
}

static void referrals__cleared_says_nothing_of_the_person_any_more(void **state)
{
    (void)state;
    struct bench bench;
    struct referral_row row, found;
    struct ident peer;
    bool sent = true;
    open_bench(&bench);
    row = make_row(&bench, false);
    row.referral.person.safe_contact = "at the quolm";
    int64_t id = put(&bench, &row);
    assert_ok(db_begin(bench.kit.db));
    assert_ok(referrals_clear(bench.referrals, id));
    assert_status(referrals_clear(bench.referrals, id + 1), STATUS_NOT_FOUND);
    assert_ok(db_commit(bench.kit.db));
    assert_ok(
        referrals_find(bench.referrals, row.referral.reference, bench.arena, &found));
    assert_false(found.damaged);
    assert_string_equal(found.referral.note, "");
    assert_string_equal(found.referral.sender_role, "");
    assert_string_equal(found.referral.person.safe_contact, "");
    assert_int_equal(found.referral.person.age_band, AGE_UNKNOWN);
    assert_int_equal(found.referral.person.n_languages, 0);
    assert_int_equal(found.referral.service, SERVICE_MEDICAL);
    assert_int_equal(found.received_ms, row.received_ms);
    assert_ok(referrals_peer(bench.referrals, id, &peer, &sent));
    assert_true(ident_equal(&peer, &row.peer));
    assert_false(sent);
    assert_status(
        referrals_peer(bench.referrals, id + 1, &peer, &sent), STATUS_NOT_FOUND);
    close_bench(&bench);
}

static void referrals__keeps_a_reference_once_whoever_made_it(void **state)
{
    (void)state;
    struct bench bench;
    struct referral_row sent, received;
    int64_t id = 0;
    open_bench(&bench);
    sent = make_row(&bench, true);
    received = make_row(&bench, false);
    put(&bench, &sent);
    memcpy(received.referral.reference, sent.referral.reference, REFERENCE_BYTES);
    assert_ok(db_begin(bench.kit.db));
    assert_status(referrals_put(bench.referrals, &received, &id), STATUS_EXISTS);
    reference_new(bench.kit.chance, received.referral.reference);
    received.item_id = sent.item_id;
    assert_status(referrals_put(bench.referrals, &received, &id), STATUS_EXISTS);
    assert_int_equal(id, 0);
    db_rollback(bench.kit.db);
    close_bench(&bench);
}

static void referrals__writes_no_clear_text_to_the_disk(void **state)
{
    (void)state;
    struct bench bench;
    struct referral_row row;
    open_bench(&bench);
    row = make_row(&bench, true);
    put(&bench, &row);
    referrals_close(&bench.referrals);
    db_close(&bench.kit.db); /* the log is written back */
    assert_true(faultvfs_contains(bench.kit.vfs, row.item_id.bytes, IDENT_BYTES));
    assert_false(faultvfs_contains(bench.kit.vfs, "pelligrande", 11));
    assert_false(
        faultvfs_contains(bench.kit.vfs, row.referral.reference, REFERENCE_BYTES - 1));
    assert_false(faultvfs_contains(bench.kit.vfs, "officer", 7));
    close_bench(&bench);
}

static void referrals__answers_locked_until_the_key_is_there_and_after_it_is_gone(
    void **state)
{
    (void)state;
    struct bench bench;
    struct referral_row row, found;
    struct referrals_count count;
    int64_t id = 0;
    open_bench(&bench);
    row = make_row(&bench, false);
    put(&bench, &row);
    referrals_lock(bench.referrals);
    assert_status(
        referrals_find(bench.referrals, row.referral.reference, bench.arena, &found),
        STATUS_LOCKED);
    assert_status(
        referrals_next(bench.referrals, false, false, INT64_MAX, bench.arena, &found),
        STATUS_LOCKED);
    assert_ok(db_begin(bench.kit.db));
    assert_status(referrals_put(bench.referrals, &row, &id), STATUS_LOCKED);
    db_rollback(bench.kit.db);
    assert_ok(referrals_count(bench.referrals, &count));
    assert_int_equal(count.received, 1);
    assert_int_equal(count.waiting, 1);
    close_bench(&bench);
}

static void referrals__refuses_another_key_and_a_box_moved_to_another_row(void **state)
{
    (void)state;
    static const char *const swap[] = {"UPDATE referral SET content = (SELECT content "
                                       "FROM referral WHERE id = 1) WHERE id = 2"};
    struct bench bench;
    struct referral_row first, second, found;
    struct box_key other;
    struct statements *sql = NULL;
    open_bench(&bench);
    first = make_row(&bench, false);
    second = make_row(&bench, false);
    put(&bench, &first);
    put(&bench, &second);
    box_new_key(bench.kit.chance, &other);
    referrals_unlock(bench.referrals, &other);
    assert_status(
        referrals_find(bench.referrals, first.referral.reference, bench.arena, &found),
        STATUS_NOT_FOUND);
    assert_ok(
        referrals_next(bench.referrals, false, false, INT64_MAX, bench.arena, &found));
    assert_true(found.damaged);
    assert_string_equal(found.referral.note, "");
    referrals_unlock(bench.referrals, &bench.kit.master);
    assert_ok(statements_open(bench.kit.db, swap, 1, &sql, NULL));
    assert_ok(db_begin(bench.kit.db));
    assert_ok(query_run(query_start(sql, 0)));
    assert_ok(db_commit(bench.kit.db));
    statements_close(&sql);
    assert_ok(
        referrals_find(bench.referrals, first.referral.reference, bench.arena, &found));
    assert_false(found.damaged);
    assert_ok(
        referrals_find(bench.referrals, second.referral.reference, bench.arena, &found));
    assert_true(found.damaged);
    assert_true(ident_equal(&found.item_id, &second.item_id));
    assert_string_equal(found.referral.note, "");
    /* One row's damage hides no other. */
    assert_ok(
        referrals_next(bench.referrals, false, false, INT64_MAX, bench.arena, &found));
    assert_true(found.damaged);
    assert_ok(
        referrals_next(bench.referrals, false, false, found.id, bench.arena, &found));
    assert_false(found.damaged);
    assert_string_equal(found.referral.note, first.referral.note);
    close_bench(&bench);
}

static void referrals__lists_the_newest_first_and_late_ones_apart(void **state)
{
    (void)state;
    struct bench bench;
    struct referral_row row, found;
    struct referrals_count count;
    int64_t ids[3];
    open_bench(&bench);
    for (int i = 0; i < 3; i++) {
        row = make_row(&bench, false);
        row.late = i == 1;
        ids[i] = put(&bench, &row);
    }
    row = make_row(&bench, true);
    put(&bench, &row);
    assert_ok(
        referrals_next(bench.referrals, false, false, INT64_MAX, bench.arena, &found));
    assert_int_equal(found.id, ids[2]);
    assert_ok(
        referrals_next(bench.referrals, false, false, found.id, bench.arena, &found));
    assert_int_equal(found.id, ids[0]);
    assert_status(
        referrals_next(bench.referrals, false, false, ids[0], bench.arena, &found),
        STATUS_NOT_FOUND);
    assert_ok(
        referrals_next(bench.referrals, false, true, INT64_MAX, bench.arena, &found));
    assert_int_equal(found.id, ids[1]);
    assert_true(found.late);
    assert_ok(referrals_count(bench.referrals, &count));
    assert_int_equal(count.sent, 1);
    assert_int_equal(count.received, 3);
    assert_int_equal(count.late, 1);
    assert_int_equal(count.waiting, 2);
    close_bench(&bench);
}

static void referrals__moves_a_row_on(void **state)
{
    (void)state;
    struct bench bench;
    struct referral_row row, found;
    open_bench(&bench);
    row = make_row(&bench, false);
    row.id = put(&bench, &row);
    assert_ok(db_begin(bench.kit.db));
    assert_ok(referrals_move(bench.referrals, &row, PROGRESS_ACCEPTED, 20003));
    assert_ok(db_commit(bench.kit.db));
    assert_ok(
        referrals_find(bench.referrals, row.referral.reference, bench.arena, &found));
    assert_int_equal(found.progress, PROGRESS_ACCEPTED);
    assert_int_equal(found.changed_day, 20003);
    assert_int_equal(found.day, 20000);
    close_bench(&bench);
}

/* A thief's view: two rows that differ in nothing but what was decided. */
static void referrals__does_not_tell_a_thief_what_was_decided(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "SELECT decided, changed_day, length(progress) FROM referral ORDER BY id"};
    struct bench bench;
    struct referral_row row;
    struct referrals_count count;
    struct statements *sql = NULL;
    open_bench(&bench);
    for (int i = PROGRESS_ACCEPTED; i <= PROGRESS_COMPLETED; i++) {
        row = make_row(&bench, false);
        row.id = put(&bench, &row);
        assert_ok(db_begin(bench.kit.db));
        assert_ok(referrals_move(bench.referrals, &row, (enum progress)i, 20003));
        assert_ok(db_commit(bench.kit.db));
    }
    assert_ok(referrals_count(bench.referrals, &count));
    assert_int_equal(count.waiting, 0);
    assert_ok(statements_open(bench.kit.db, rows, 1, &sql, NULL));
    struct query *query = query_start(sql, 0);
    for (int i = PROGRESS_ACCEPTED; i <= PROGRESS_COMPLETED; i++) {
        bool found = false;
        assert_ok(query_next(query, &found));
        assert_true(found);
        assert_int_equal(row_int(query, 0), 1);
        assert_int_equal(row_int(query, 1), 20003);
        assert_int_equal(row_int(query, 2), 8 + BOX_EXTRA_BYTES);
    }
    query_end(query);
    statements_close(&sql);
    referrals_lock(bench.referrals);
    assert_ok(db_begin(bench.kit.db));
    assert_status(
        referrals_move(bench.referrals, &row, PROGRESS_DECLINED, 1), STATUS_LOCKED);
    db_rollback(bench.kit.db);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(referrals__gives_back_what_was_put),
        cmocka_unit_test(referrals__cleared_says_nothing_of_the_person_any_more),
        cmocka_unit_test(referrals__keeps_a_reference_once_whoever_made_it),
        cmocka_unit_test(referrals__writes_no_clear_text_to_the_disk),
        cmocka_unit_test(
            referrals__answers_locked_until_the_key_is_there_and_after_it_is_gone),
        cmocka_unit_test(referrals__refuses_another_key_and_a_box_moved_to_another_row),
        cmocka_unit_test(referrals__lists_the_newest_first_and_late_ones_apart),
        cmocka_unit_test(referrals__moves_a_row_on),
        cmocka_unit_test(referrals__does_not_tell_a_thief_what_was_decided),
    };
    return cmocka_run_group_tests_name("referrals", tests, NULL, NULL);
}
