/* SPDX-License-Identifier: Apache-2.0
 *
 * decisions: kept in order, boxed, once per letter, with all that they carry.
 */
#include "care_kit.h"
#include "decisions.h"

/* A row of another table that decisions may refer to. */
static void make_referral(struct care_kit *kit)
{
    static const char *const sql[] = {
        "INSERT INTO referral (id, sent, item_id, peer, reference_hash, decided, "
        "progress, late, "
        "day,"
        " changed_day, content) VALUES (1, 0, zeroblob(16), zeroblob(16), zeroblob(32), "
        "0, x'00', 0, 1, 1,"
        " x'00')"};
    struct statements *statements = NULL;

    assert_ok(statements_open(kit->db, sql, 1, &statements, NULL));
    assert_ok(db_begin(kit->db));
    assert_ok(query_run(query_start(statements, 0)));
    assert_ok(db_commit(kit->db));
    statements_close(&statements);
}

static void decisions__come_back_in_the_order_of_putting(void **state)
{
    (void)state;
    struct care_kit kit;
    struct decisions *decisions = NULL;
    struct decision_row row = {.referral = 1, .mine = true, .applied = true, .at_ms = 77},
                        found = {0};
    struct ident last;
    care_kit_open(&kit, 21);
    make_referral(&kit);
    assert_ok(decisions_open(kit.db, kit.chance, &decisions, NULL));
    assert_status(decisions_next(decisions, 1, 0, &found), STATUS_LOCKED);
    decisions_unlock(decisions, &kit.master);
    assert_status(decisions_last_mine(decisions, 1, &last), STATUS_NOT_FOUND);
    assert_ok(db_begin(kit.db));
    for (int i = DECISION_OPENED; i <= DECISION_DECLINED; i++) {
        row.item_id = ident_new(kit.chance);
        row.move = (enum move)i;
        row.reason = i == DECISION_DECLINED ? DECLINE_AT_CAPACITY : DECLINE_NONE;
        assert_ok(decisions_put(decisions, &row));
        assert_status(decisions_put(decisions, &row), STATUS_EXISTS);
    }
    assert_ok(db_commit(kit.db));
    for (int i = DECISION_OPENED; i <= DECISION_DECLINED; i++) {
        assert_ok(decisions_next(decisions, 1, found.id, &found));
        assert_int_equal(found.move, i);
        assert_int_equal(found.at_ms, 77);
        assert_true(found.mine && found.applied);
    }
    assert_int_equal(found.reason, DECLINE_AT_CAPACITY);
    assert_status(decisions_next(decisions, 1, found.id, &found), STATUS_NOT_FOUND);
    assert_ok(decisions_last_mine(decisions, 1, &last));
    assert_true(ident_equal(&last, &row.item_id));
    decisions_close(&decisions);
    care_kit_close(&kit);
}

static void decisions__come_back_with_all_that_they_carry(void **state)
{
    (void)state;
    struct care_kit kit;
    struct decisions *decisions = NULL;
    struct decision_row row = {.referral = 1, .at_ms = 7, .applied = true}, found = {0};
    struct answer back = {0}, answer = {.decision = DECISION_REDIRECTED,
                                  .reason = DECLINE_NOT_ELIGIBLE_AREA,
                                  .day = 20790,
                                  .n_suggestions = 2,
                                  .services = 5,
                                  .milestone = MILESTONE_PLACEMENT,
                                  .follow_up = FOLLOW_UP_90,
                                  .result = FOLLOW_RESULT_NEEDS_MORE,
                                  .question = INQUIRY_ESCORTED,
                                  .told = TOLD_DAY};
    care_kit_open(&kit, 22);
    make_referral(&kit);
    assert_ok(decisions_open(kit.db, kit.chance, &decisions, NULL));
    decisions_unlock(decisions, &kit.master);
    answer.suggestions[0] = ident_new(kit.chance);
    answer.suggestions[1] = ident_new(kit.chance);
    decision_of_answer(&answer, &row);
    row.item_id = ident_new(kit.chance);
    assert_ok(db_begin(kit.db));
    assert_ok(decisions_put(decisions, &row));
    assert_ok(db_commit(kit.db));
    assert_ok(decisions_next(decisions, 1, 0, &found));
    assert_true(found.applied && !found.mine);
    decision_to_answer(&found, &back);
    assert_memory_equal(&back, &answer, sizeof(back));
    decisions_close(&decisions);
    care_kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions__come_back_in_the_order_of_putting),
        cmocka_unit_test(decisions__come_back_with_all_that_they_carry),
    };
    return cmocka_run_group_tests_name("decisions", tests, NULL, NULL);
}
