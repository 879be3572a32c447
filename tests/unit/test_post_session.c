/* SPDX-License-Identifier: Apache-2.0
 *
 * session: envelopes on their way, and credit in both directions (PROTOCOL.md 6.4).
 */
#include "check.h"
#include "memory.h"
#include "post_kit.h"
#include "session.h"

static void fly(struct session *session, unsigned msg, int64_t row)
{
    struct flight flight = {
        .kind = FLIGHT_LETTER, .msg_id = post_kit_ident(msg), .row = row};
    session_fly(session, &flight, 2152);
}

static enum status land(struct session *session, unsigned msg, struct flight *ret)
{
    struct ident msg_id = post_kit_ident(msg);
    return session_land(session, &msg_id, ret);
}

/* ---- flights ---- */

static void session__starts_with_the_credit_of_the_welcome_and_nothing_under_way(
    void **state)
{
    (void)state;
    struct session session = {0};
    session_start(&session, UINT32_MAX);
    assert_int_equal(session.credit, UINT32_MAX);
    assert_int_equal(session.window, CREDIT_INITIAL_BYTES);
    assert_int_equal(session.n_flights, 0);
    assert_true(session.receipts_due);
    fly(&session, 1, 1);
    session_start(&session, 7); /* nothing is left of the one before */
    assert_int_equal(session.credit, 7);
    assert_int_equal(session.n_flights, 0);
    assert_false(session_has_row(&session, 1));
    session_end(&session);
}

static void session__a_flight_takes_credit_and_lands_once(void **state)
{
    (void)state;
    struct session session = {0};
    struct flight flight;
    session_start(&session, 5000);
    fly(&session, 1, 11);
    fly(&session, 2, 12);
    assert_int_equal(session.credit, 5000 - 2 * 2152);
    fly(&session, 3, 13); /* the caller looks at the credit; here it only goes down */
    assert_int_equal(session.credit, 5000 - 3 * 2152);
    assert_true(session_has_row(&session, 12));
    assert_ok(land(&session, 2, &flight));
    assert_int_equal(flight.row, 12);
    assert_int_equal(flight.kind, FLIGHT_LETTER);
    assert_false(session_has_row(&session, 12));
    assert_true(session_has_row(&session, 11) && session_has_row(&session, 13));
    assert_status(land(&session, 2, &flight), STATUS_NOT_FOUND);
    assert_status(land(&session, 9, &flight), STATUS_NOT_FOUND);
    assert_int_equal(flight.row, 12); /* untouched */
    assert_int_equal(
        session.credit, 5000 - 3 * 2152); /* credit comes back by CREDIT only */
    session_end(&session);
}

static void session__2048_flights_land_in_any_order(void **state)
{
    (void)state;
    struct session session = {0};
    struct flight flight;
    session_start(&session, 0);
    for (int order = 0; order < 3; order++) {
        for (unsigned i = 0; i < SESSION_FLIGHTS_MAX; i++)
            fly(&session, i, i + 1);
        assert_int_equal(session.n_flights, SESSION_FLIGHTS_MAX);
        for (unsigned i = 0; i < SESSION_FLIGHTS_MAX; i++) {
            unsigned which = order == 0   ? i
                             : order == 1 ? SESSION_FLIGHTS_MAX - 1 - i
                                          : i * 1237 % SESSION_FLIGHTS_MAX;
            assert_ok(land(&session, which, &flight));
            assert_int_equal(flight.row, which + 1);
        }
        assert_int_equal(session.n_flights, 0);
    }
    session_end(&session);
}

static void session__knows_which_receipts_are_under_way(void **state)
{
    (void)state;
    struct session session = {0};
    struct flight landed;
    struct flight receipts = {.kind = FLIGHT_RECEIPTS,
        .msg_id = post_kit_ident(1),
        .row = 5,
        .n_owed = 6,
        .owed = {31, 32, 33, 34, 35, 36}};
    struct flight heartbeat = {.kind = FLIGHT_HEARTBEAT, .msg_id = post_kit_ident(2)};
    session_start(&session, 100000);
    session_fly(&session, &heartbeat, 2152);
    session_fly(&session, &receipts, 2152);
    for (int64_t id = 29; id <= 38; id++)
        assert_int_equal(session_has_owed(&session, id), id >= 31 && id <= 36);
    assert_false(session_has_owed(&session, 0));
    assert_false(session_has_row(&session, 5)); /* a row of the outbox is a letter's */
    struct flight more = {.kind = FLIGHT_RECEIPTS,
        .msg_id = post_kit_ident(3),
        .n_owed = 2,
        .owed = {20, 40}}; /* around them: a member that was passed over before */
    session_fly(&session, &more, 2152);
    assert_true(session_has_owed(&session, 20) && session_has_owed(&session, 40));
    assert_ok(land(&session, 3, &landed));
    assert_false(session_has_owed(&session, 20) || session_has_owed(&session, 40));
    assert_true(session_has_owed(&session, 31) && session_has_owed(&session, 36));
    assert_ok(land(&session, 1, &landed));
    assert_int_equal(landed.n_owed, 6);
    assert_int_equal(landed.owed[5], 36);
    assert_false(session_has_owed(&session, 31));
    session_end(&session);
}

/* As many as there can be, against a plain list of what is under way. */
static void session__knows_12288_receipts_under_way(void **state)
{
    (void)state;
    struct session session = {0};
    struct flight landed;
    static bool away[SESSION_FLIGHTS_MAX * 6];
    session_start(&session, 0);
    memset(away, 0, sizeof away);
    for (unsigned i = 0; i < SESSION_FLIGHTS_MAX; i++) {
        unsigned which = i * 1237 % SESSION_FLIGHTS_MAX;
        struct flight flight = {
            .kind = FLIGHT_RECEIPTS, .msg_id = post_kit_ident(which), .n_owed = 6};
        for (unsigned k = 0; k < 6; k++) {
            flight.owed[k] = which + k * SESSION_FLIGHTS_MAX;
            away[flight.owed[k]] = true;
        }
        session_fly(&session, &flight, 1);
    }
    for (unsigned i = 0; i < SESSION_FLIGHTS_MAX; i += 2) {
        assert_ok(land(&session, i, &landed));
        for (unsigned k = 0; k < 6; k++)
            away[landed.owed[k]] = false;
    }
    for (int64_t id = 0; id < (int64_t)ARRAY_LENGTH(away); id++)
        assert_int_equal(session_has_owed(&session, id), away[id]);
    session_end(&session);
}

/* ---- deliveries ---- */

static enum status take(
    struct session *session, uint64_t delivery, size_t bytes, int64_t ms)
{
    return session_take(session, delivery, bytes, ms);
}

static void session__gives_its_window_as_credit_once(void **state)
{
    (void)state;
    struct session session = {0};
    session_start(&session, 0);
    assert_int_equal(session_grant(&session), CREDIT_INITIAL_BYTES);
    assert_int_equal(session_grant(&session), 0);
    assert_ok(take(&session, 1, 2152, 0));
    assert_int_equal(session_grant(&session), 2152);
    assert_int_equal(session_grant(&session), 0);
    session_end(&session);
}

static void session__remembers_what_is_to_be_acknowledged_in_order(void **state)
{
    (void)state;
    struct session session = {0};
    session_start(&session, 0);
    session.drained = true;
    for (uint64_t i = 1; i <= 3000; i++) {
        (void)session_grant(&session);
        assert_ok(take(&session, i, 100, 0));
    }
    assert_false(session.drained); /* something came since */
    assert_int_equal(session.n_taken, 3000);
    for (uint64_t i = 0; i < 3000; i++)
        assert_int_equal(session.taken[i], i + 1);
    session_end(&session);
    assert_null(session.taken);
}

/* What was lost on the way is given again in the next session only: so this one must end. */
static void session__refuses_a_delivery_after_one_that_did_not_come(void **state)
{
    (void)state;
    struct session session = {0};
    session_start(&session, 0);
    assert_status(take(&session, 2, 100, 0), STATUS_DENIED);
    assert_ok(take(&session, 1, 100, 0));
    assert_status(take(&session, 3, 100, 0), STATUS_DENIED);
    assert_status(take(&session, UINT64_MAX, 100, 0), STATUS_DENIED);
    assert_int_equal(session.n_taken, 1);
    assert_ok(take(&session, 2, 100, 0));
    assert_ok(take(&session, 2, 100, 0)); /* given twice: acknowledged twice */
    assert_ok(take(&session, 3, 100, 0));
    assert_int_equal(session.n_taken, 4);
    session_start(&session, 0); /* numbers begin anew */
    assert_ok(take(&session, 1, 100, 0));
    session_end(&session);
}

/* One initial window of grace, and not a byte more, however it is cut. */
static void session__refuses_what_is_far_beyond_the_credit(void **state)
{
    (void)state;
    struct session session = {0};
    session_start(&session, 0);
    assert_ok(take(&session, 1, CREDIT_INITIAL_BYTES, 0)); /* nothing was given yet */
    assert_status(take(&session, 2, 1, 0), STATUS_DENIED);
    assert_int_equal(session.n_taken, 1);
    assert_int_equal(session.outstanding, -CREDIT_INITIAL_BYTES);
    session_end(&session);
    session_start(&session, 0);
    (void)session_grant(&session);
    for (uint64_t i = 0; i < 2 * CREDIT_INITIAL_BYTES / 1024; i++)
        assert_ok(take(&session, i + 1, 1024, (int64_t)i * 10000));
    uint64_t next = session.delivered + 1;
    assert_status(take(&session, next, 1, 0), STATUS_DENIED);
    assert_status(take(&session, next, ENVELOPE_BYTES_MAX, 0), STATUS_DENIED);
    session_end(&session);
}

/* The grace does not add up: over any number of grants it is one window in all. */
static void session__grants_make_up_for_the_grace_but_do_not_add_to_it(void **state)
{
    (void)state;
    struct session session = {0};
    int64_t given = 0, taken = 0;
    session_start(&session, 0);
    for (int round = 0; round < 200; round++) {
        while (
            take(&session, session.delivered + 1, 4096, round * 60000 + 1) == STATUS_OK)
            taken += 4096;
        assert_true(taken <= given + CREDIT_INITIAL_BYTES);
        given += session_grant(&session);
        assert_int_equal(session.outstanding, session.window);
        assert_int_equal(given - taken, session.window);
    }
    session_end(&session);
}

/* One windowful whose last byte comes took_ms after its first. */
static void windowful(struct session *session, int64_t start_ms, int64_t took_ms)
{
    int64_t window = session->window;
    (void)session_grant(session);
    assert_ok(take(session, session->delivered + 1, (size_t)window / 2, start_ms));
    assert_ok(take(session, session->delivered + 1, (size_t)(window - window / 2),
        start_ms + took_ms));
}

static void session__doubles_the_window_of_a_fast_line_up_to_its_limit(void **state)
{
    (void)state;
    struct session session = {0};
    int64_t wanted = CREDIT_INITIAL_BYTES;
    session_start(&session, 0);
    for (int i = 0; i < 8; i++) {
        windowful(&session, i * 10000, 1000);
        wanted = wanted * 2 > CREDIT_MAX_BYTES ? CREDIT_MAX_BYTES : wanted * 2;
        assert_int_equal(session.window, wanted);
    }
    assert_int_equal(session.window, CREDIT_MAX_BYTES);
    session_end(&session);
}

static void session__halves_the_window_of_a_slow_line_down_to_the_first(void **state)
{
    (void)state;
    struct session session = {0};
    int64_t wanted = CREDIT_MAX_BYTES;
    session_start(&session, 0);
    session.window = CREDIT_MAX_BYTES;
    for (int i = 0; i < 8; i++) {
        windowful(&session, i * 100000, 4001);
        wanted = wanted / 2 < CREDIT_INITIAL_BYTES ? CREDIT_INITIAL_BYTES : wanted / 2;
        assert_int_equal(session.window, wanted);
    }
    assert_int_equal(session.window, CREDIT_INITIAL_BYTES);
    /* While more is under way than the smaller window, nothing is given. */
    session.outstanding = session.window + 1;
    assert_int_equal(session_grant(&session), 0);
    assert_int_equal(session.outstanding, session.window + 1);
    session_end(&session);
}

static void session__keeps_the_window_of_a_line_between(void **state)
{
    (void)state;
    struct session session = {0};
    session_start(&session, 0);
    session.window = 2 * CREDIT_INITIAL_BYTES;
    windowful(&session, 0, 1001);
    assert_int_equal(session.window, 2 * CREDIT_INITIAL_BYTES);
    windowful(&session, 10000, 4000);
    assert_int_equal(session.window, 2 * CREDIT_INITIAL_BYTES);
    session_end(&session);
}

static void session__end_forgets_everything_and_may_come_twice(void **state)
{
    (void)state;
    struct session session = {0}, empty = {0};
    session_start(&session, 100);
    fly(&session, 1, 1);
    assert_ok(take(&session, 1, 100, 0));
    session_end(&session);
    assert_memory_equal(&session, &empty, sizeof session);
    session_end(&session);
    assert_memory_equal(&session, &empty, sizeof session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            session__starts_with_the_credit_of_the_welcome_and_nothing_under_way),
        cmocka_unit_test(session__a_flight_takes_credit_and_lands_once),
        cmocka_unit_test(session__2048_flights_land_in_any_order),
        cmocka_unit_test(session__knows_which_receipts_are_under_way),
        cmocka_unit_test(session__knows_12288_receipts_under_way),
        cmocka_unit_test(session__gives_its_window_as_credit_once),
        cmocka_unit_test(session__remembers_what_is_to_be_acknowledged_in_order),
        cmocka_unit_test(session__refuses_a_delivery_after_one_that_did_not_come),
        cmocka_unit_test(session__refuses_what_is_far_beyond_the_credit),
        cmocka_unit_test(session__grants_make_up_for_the_grace_but_do_not_add_to_it),
        cmocka_unit_test(session__doubles_the_window_of_a_fast_line_up_to_its_limit),
        cmocka_unit_test(session__halves_the_window_of_a_slow_line_down_to_the_first),
        cmocka_unit_test(session__keeps_the_window_of_a_line_between),
        cmocka_unit_test(session__end_forgets_everything_and_may_come_twice),
    };
    return cmocka_run_group_tests_name("post_session", tests, NULL, NULL);
}
