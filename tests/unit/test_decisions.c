/* SPDX-License-Identifier: Apache-2.0
 *
 * decisions: kept in order, boxed, once per letter; and progress, the table of what may follow what.
 */
#include "care_kit.h"
#include "decisions.h"
#include "progress.h"

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
        row.decision = (enum decision)i;
        row.reason = i == DECISION_DECLINED ? DECLINE_AT_CAPACITY : DECLINE_NONE;
        assert_ok(decisions_put(decisions, &row));
        assert_status(decisions_put(decisions, &row), STATUS_EXISTS);
    }
    assert_ok(db_commit(kit.db));
    for (int i = DECISION_OPENED; i <= DECISION_DECLINED; i++) {
        assert_ok(decisions_next(decisions, 1, found.id, &found));
        assert_int_equal(found.decision, i);
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

static void progress__knows_every_move_and_refuses_the_rest(void **state)
{
    (void)state;
    /* rows: from requested, opened, accepted, declined, completed; columns: opened, accepted, declined,
     * completed. A number is the new state, = the same, x impossible. */
    static const char *const table[] = {"234x", "=34x", "==x5", "=x=x", "==x="};
    for (int from = PROGRESS_REQUESTED; from < PROGRESS_COUNT; from++)
        for (int decision = DECISION_OPENED; decision < DECISION_COUNT; decision++) {
            char wanted = table[from - 1][decision - 1];
            enum progress to = PROGRESS_COUNT;
            enum status status = progress_move(
                (enum progress)from, (enum decision)decision, ACTOR_RECIPIENT, &to);
            if (wanted == 'x')
                assert_status(status, STATUS_CONFLICT);
            else if (wanted == '=')
                assert_status(status, STATUS_EXISTS);
            else
                assert_ok(status);
            assert_int_equal(to, wanted == 'x' || wanted == '='
                                     ? PROGRESS_COUNT
                                     : (enum progress)(wanted - '0'));
        }
}

static void progress__lets_only_the_member_that_was_asked_decide(void **state)
{
    (void)state;
    enum progress to;
    for (int decision = DECISION_OPENED; decision <= DECISION_DECLINED; decision++)
        assert_status(
            progress_move(PROGRESS_REQUESTED, (enum decision)decision, ACTOR_SENDER, &to),
            STATUS_DENIED);
}

static void progress__tells_what_was_reached_and_what_never_will_be(void **state)
{
    (void)state;
    enum progress word;
    assert_ok(progress_reached(PROGRESS_COMPLETED, PROGRESS_ACCEPTED));
    assert_ok(progress_reached(PROGRESS_DECLINED, PROGRESS_OPENED));
    assert_ok(progress_reached(PROGRESS_DECLINED, PROGRESS_DECLINED));
    assert_status(progress_reached(PROGRESS_OPENED, PROGRESS_ACCEPTED), STATUS_BUSY);
    assert_status(progress_reached(PROGRESS_ACCEPTED, PROGRESS_COMPLETED), STATUS_BUSY);
    assert_status(
        progress_reached(PROGRESS_DECLINED, PROGRESS_ACCEPTED), STATUS_CONFLICT);
    assert_status(
        progress_reached(PROGRESS_ACCEPTED, PROGRESS_DECLINED), STATUS_CONFLICT);
    for (int i = 1; i < PROGRESS_COUNT; i++) {
        assert_ok(progress_parse(progress_name((enum progress)i), &word));
        assert_int_equal(word, i);
    }
    assert_status(progress_parse("stored", &word), STATUS_NOT_FOUND);
    assert_null(progress_name(PROGRESS_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions__come_back_in_the_order_of_putting),
        cmocka_unit_test(progress__knows_every_move_and_refuses_the_rest),
        cmocka_unit_test(progress__lets_only_the_member_that_was_asked_decide),
        cmocka_unit_test(progress__tells_what_was_reached_and_what_never_will_be),
    };
    return cmocka_run_group_tests_name("decisions", tests, NULL, NULL);
}
