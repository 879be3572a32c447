/* SPDX-License-Identifier: Apache-2.0
 * DELIVER, TAKEN, EMPTY, CREDIT: who gets what and in which order, and what happens when a session ends or a
 * pipe is full (PROTOCOL.md 6.2 to 6.4, 6.7).
 */
#include "broker_kit.h"
#include "log.h"
#include "memory.h"

static struct kit kit;
static uint8_t bytes[ENVELOPE_BYTES_MAX];
static int alarms; /* of the event that a test looks for */
static const char *alarm_wanted = "";

static void count_alarms(void *context, const char *line)
{
    (void)context;
    if (strstr(line, alarm_wanted) != NULL) {
        alarms++;
    }
}

static int set_up(void **state)
{
    static int count;
    static char name[32];
    (void)state;
    (void)snprintf(name, sizeof name, "delivery%d", count++);
    kit_init(&kit, name);
    alarms = 0;
    alarm_wanted = "nothing";
    log_set_sink(count_alarms, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kit_release(&kit);
    log_set_sink(NULL, NULL);
    return 0;
}

static struct broker_status status_now(void)
{
    struct broker_status status;
    broker_status(kit.broker, &status);
    return status;
}

static void offer_some(
    size_t from, size_t to, enum lane lane, size_t n, struct ident *ids)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(
            kit_offer(&kit, from, to, lane, ids != NULL ? &ids[i] : NULL), 0);
    }
}

static bool in_list(const struct ident *id, const struct ident *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (ident_equal(id, &list[i])) {
            return true;
        }
    }
    return false;
}

/* ---- delivery and its end ---- */

static void mailbox__is_delivered_in_order_and_then_reported_empty(void **state)
{
    (void)state;
    struct ident sent[3], got;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 3, sent);
    kit_connect(&kit, 1);
    assert_int_equal(kit.n_said, 0);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(kit_take(&kit, 1, &got), i + 1);
        assert_true(ident_equal(&got, &sent[i]));
        assert_int_equal(
            kit_count(&kit, 1, FRAME_EMPTY), 0); /* not before all are taken */
    }
    kit_taken(&kit, 1, 1);
    kit_taken(&kit, 1, 2);
    assert_int_equal(kit_count(&kit, 1, FRAME_EMPTY), 0);
    kit_taken(&kit, 1, 3);
    assert_int_equal(kit_count(&kit, 1, FRAME_EMPTY), 1);
    assert_int_equal(status_now().envelopes, 0);
    assert_int_equal(status_now().taken, 3);
}

static void empty_mailbox__is_reported_once_and_again_after_mail(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(
        kit_count(&kit, 1, FRAME_EMPTY), 0); /* before its credit nothing is said */
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_count(&kit, 1, FRAME_EMPTY), 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_count(&kit, 1, FRAME_EMPTY), 1);
    offer_some(0, 1, LANE_NORMAL, 1, NULL);
    kit_taken(&kit, 1, kit_take(&kit, 1, NULL));
    assert_int_equal(kit_count(&kit, 1, FRAME_EMPTY), 2);
}

static void what_was_given_and_not_taken__comes_again_in_the_next_session(void **state)
{
    (void)state;
    struct ident sent[4], got;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 4, sent);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    for (uint64_t i = 1; i <= 4; i++) {
        assert_int_equal(kit_take(&kit, 1, NULL), i);
    }
    kit_taken(&kit, 1, 2);
    kit_disconnect(&kit, 1);
    assert_int_equal(status_now().envelopes, 3);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    const size_t wanted[] = {0, 2, 3};
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(kit_take(&kit, 1, &got), i + 1); /* numbers begin anew */
        assert_true(ident_equal(&got, &sent[wanted[i]]));
    }
    assert_int_equal(kit_take(&kit, 1, NULL), 0);
}

static void taken__counts_only_after_the_commit(void **state)
{
    (void)state;
    struct frame taken = {.kind = FRAME_TAKEN};
    uint64_t delivery = 1;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 1, NULL);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    taken.taken.n = 1;
    taken.taken.deliveries = &delivery;
    kit_begin(&kit);
    kit_say(&kit, 1, &taken);
    faultvfs_power_cut(kit.vfs);
    kit_close(&kit);
    kit_open(&kit);
    assert_int_equal(status_now().envelopes, 1);
}

static void taken_of_what_was_never_given__ends_the_session(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 1, NULL);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    kit_taken(&kit, 1, 2);
    const struct frame *bye = kit_find(&kit, 1, FRAME_BYE);
    assert_non_null(bye);
    assert_int_equal(bye->bye.reason, REFUSAL_MALFORMED);
    assert_int_equal(status_now().sessions, 1);
    assert_int_equal(status_now().envelopes, 1);
}

static void envelope__is_dropped_after_45_days_and_not_before(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 3, NULL);
    for (int day = 0; day < 45; day++) {
        kit_pass(&kit, DAY_MS);
        kit_rest(&kit);
    }
    assert_int_equal(status_now().envelopes, 3);
    kit_pass(&kit, 2 * HOUR_MS);
    kit_rest(&kit);
    assert_int_equal(status_now().envelopes, 0);
    assert_int_equal(status_now().purged, 3);
    kit_close(&kit);
    kit_open(&kit);
    assert_int_equal(status_now().envelopes, 0);
}

/* Gone means: no row of it, and nothing is given to its recipient, not even after a restart. What a freed page of
 * the file still holds of the ciphertext is overwritten when the page is used again (db.h). */
static void dp16__an_envelope_is_gone_from_the_broker_once_taken_or_45_days_old(
    void **state)
{
    (void)state;
    for (int old = 0; old < 2; old++) {
        kit_connect(&kit, 0);
        offer_some(0, 1, LANE_NORMAL, 1, NULL);
        assert_int_equal(status_now().envelopes, 1);
        if (old) {
            kit_pass(&kit, 45 * DAY_MS + 2 * HOUR_MS);
            kit_rest(&kit);
        } else {
            kit_connect(&kit, 1);
            kit_credit(&kit, 1, CREDIT_MAX_BYTES);
            kit_taken(&kit, 1, kit_take(&kit, 1, NULL));
        }
        assert_int_equal(status_now().envelopes, 0);
        kit_close(&kit);
        kit_open(&kit);
        kit_connect(&kit, 1);
        kit_credit(&kit, 1, CREDIT_MAX_BYTES);
        assert_int_equal(kit_take(&kit, 1, NULL), 0);
        kit_close(&kit);
        kit_open(&kit);
    }
}

static void purge__comes_in_slices(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 2);
    for (size_t i = 0; i < 2 * PURGE_ROWS_PER_TURN; i++) {
        assert_int_equal(kit_offer(&kit, i % 2 * 2, 1, LANE_NORMAL, NULL), 0);
        if (i % 64 == 0) {
            kit_forget(&kit);
        }
    }
    kit_pass(&kit, 46 * DAY_MS);
    for (int64_t turn = 1; turn <= 2; turn++) {
        assert_true(broker_deadline_steady_ms(kit.broker) <= kit.steady_ms);
        kit_begin(&kit);
        kit_end(&kit);
        assert_int_equal(status_now().purged, turn * PURGE_ROWS_PER_TURN);
    }
    assert_int_equal(status_now().envelopes, 0);
    kit_rest(&kit);
}

/* ---- order ---- */

static void express__overtakes_but_one_normal_comes_after_eight(void **state)
{
    (void)state;
    struct ident express[20], normal[3], got;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 3, normal);
    offer_some(0, 1, LANE_EXPRESS, 20, express);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    for (size_t i = 0; i < 23; i++) {
        uint64_t delivery = kit_take(&kit, 1, &got);
        assert_int_not_equal(delivery, 0);
        assert_int_equal(in_list(&got, normal, 3), i == 8 || i == 17 || i == 22);
        kit_taken(&kit, 1, delivery);
    }
}

static void express_beyond_the_allowance__is_ordered_as_normal(void **state)
{
    (void)state;
    struct ident spent[EXPRESS_BURST], late, normal, got;
    kit_connect(&kit, 0);
    kit_connect(&kit, 2);
    offer_some(0, 3, LANE_EXPRESS, EXPRESS_BURST, spent); /* to another */
    offer_some(2, 1, LANE_NORMAL, 1, &normal);
    size_t n = kit_envelope(&kit, 1, LANE_EXPRESS, BUCKET_SMALL, bytes, &late);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    assert_int_equal(kit_take(&kit, 1, &got), 1);
    assert_true(ident_equal(&got, &normal));
    const struct frame *deliver = kit_find(&kit, 1, FRAME_DELIVER);
    assert_non_null(deliver);
    assert_span(
        deliver->deliver.envelope, span_of(bytes, n)); /* the header is not changed */
}

static void flood_for_one_member__does_not_starve_another(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 2);
    kit_connect(&kit, 3);
    for (size_t i = 0; i < 200; i++) {
        offer_some(i % 2 * 2, 1, LANE_NORMAL, 1, NULL);
    }
    offer_some(0, 4, LANE_NORMAL, 10, NULL);
    kit_forget(&kit);
    kit_connect(&kit, 1);
    kit_connect(&kit, 4);
    struct frame credit = {.kind = FRAME_CREDIT};
    credit.credit.bytes = CREDIT_MAX_BYTES;
    kit_begin(&kit);
    kit_say(&kit, 1, &credit);
    kit_say(&kit, 4, &credit);
    kit_end(&kit);
    size_t first_of_other = kit.n_said;
    for (size_t i = 0; i < kit.n_said && first_of_other == kit.n_said; i++) {
        if (kit.said[i].connection == kit.connections[4]) {
            first_of_other = i;
        }
    }
    assert_true(first_of_other <= LARGE_BYTES / SMALL_BYTES + 1); /* one quantum later */
    assert_true(kit_count(&kit, 4, FRAME_DELIVER) == 10);
}

/* ---- credit and windows ---- */

static void delivery__stays_within_the_credit(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 6, NULL);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, 2 * SMALL_BYTES + 100);
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 2);
    kit_taken(&kit, 1, 1);
    kit_taken(&kit, 1, 2);
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 2); /* TAKEN is no credit */
    kit_credit(&kit, 1, SMALL_BYTES);
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 3);
}

static void window__is_40_KiB_at_first_whatever_the_credit(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 40, NULL);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    size_t first = CREDIT_INITIAL_BYTES / SMALL_BYTES;
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), first);
    for (uint64_t i = 1; i <= first; i++) { /* fast: it doubles */
        kit_taken(&kit, 1, i);
    }
    assert_true(kit_count(&kit, 1, FRAME_DELIVER) > 2 * first);
}

static void largest_envelope__fits_the_first_credit_and_window(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_LARGE, bytes, &msg_id);
    assert_int_equal(n, LARGE_BYTES);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, NULL), 1);
}

/* ---- poison ---- */

static void end_a_session_on_the_first(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        kit_connect(&kit, 1);
        kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
        assert_int_equal(kit_take(&kit, 1, NULL), 1);
        kit_forget(&kit);
        kit_disconnect(&kit, 1);
        kit_rest(&kit);
    }
}

static void envelope_on_which_3_sessions_ended__goes_behind_and_is_given_alone(
    void **state)
{
    (void)state;
    struct ident sent[3], got;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_EXPRESS, 1, sent);
    offer_some(0, 1, LANE_NORMAL, 2, sent + 1);
    end_a_session_on_the_first(POISON_SESSIONS_BEHIND);
    kit_begin(&kit); /* it is remembered over a restart */
    kit_end(&kit);
    kit_close(&kit);
    kit_open(&kit);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, &got), 1);
    assert_true(ident_equal(&got, &sent[1]));
    assert_int_equal(kit_take(&kit, 1, &got), 2);
    assert_true(ident_equal(&got, &sent[2]));
    assert_int_equal(
        kit_take(&kit, 1, &got), 0); /* alone: not before the others are taken */
    kit_taken(&kit, 1, 1);
    assert_int_equal(kit_take(&kit, 1, &got), 0);
    kit_taken(&kit, 1, 2);
    assert_int_equal(kit_take(&kit, 1, &got), 3);
    assert_true(ident_equal(&got, &sent[0]));
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_EXPRESS, 1, NULL);
    assert_int_equal(kit_take(&kit, 1, NULL), 0); /* nothing beside it, express neither */
    kit_taken(&kit, 1, 3);
    assert_int_equal(kit_take(&kit, 1, NULL), 4);
}

static void envelope_on_which_10_sessions_ended__is_set_aside_with_an_alarm(void **state)
{
    (void)state;
    struct ident sent[2], got;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 1, sent);
    alarm_wanted = "event=set-aside";
    end_a_session_on_the_first(POISON_SESSIONS_ASIDE - 1);
    assert_int_equal(alarms, 0);
    kit_begin(&kit);
    kit_end(&kit);
    kit_close(&kit); /* the count goes on */
    kit_open(&kit);
    end_a_session_on_the_first(1);
    assert_int_equal(alarms, 1);
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 1, sent + 1);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, &got), 1);
    assert_true(ident_equal(&got, &sent[1]));
    kit_taken(&kit, 1, 1);
    assert_int_equal(kit_take(&kit, 1, &got), 2);
    assert_true(ident_equal(&got, &sent[0])); /* last, but kept */
}

static void restart_of_the_exchange__blames_no_envelope(void **state)
{
    (void)state;
    struct ident sent[2], got;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 2, sent);
    for (size_t i = 0; i < 2 * POISON_SESSIONS_BEHIND; i++) {
        kit_connect(&kit, 1);
        kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
        kit_close(&kit);
        kit_open(&kit);
    }
    kit_forget(&kit);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, &got), 1);
    assert_true(ident_equal(&got, &sent[0]));
}

/* ---- pipes ---- */

static void full_pipe__keeps_answers_in_order_and_mail_held(void **state)
{
    (void)state;
    struct ident sent[3];
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    kit_forget(&kit);
    kit.pipes[kit.connections[0]] = STATUS_BUSY;
    kit.pipes[kit.connections[1]] = STATUS_BUSY;
    for (size_t i = 0; i < 3; i++) {
        struct frame offer = {.kind = FRAME_OFFER};
        offer.offer.envelope = span_of(
            bytes, kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &sent[i]));
        kit_turn(&kit, 0, &offer);
    }
    assert_int_equal(kit.n_said, 0);
    assert_int_equal(status_now().delivered, 0);
    assert_int_equal(status_now().envelopes, 3);
    assert_true(broker_deadline_steady_ms(kit.broker) <= kit.steady_ms + SECOND_MS);
    kit.pipes[kit.connections[0]] = STATUS_OK;
    kit.pipes[kit.connections[1]] = STATUS_OK;
    kit_pass(&kit, SECOND_MS);
    kit_rest(&kit);
    for (size_t i = 0; i < 3; i++) { /* of three turns */
        const struct frame *held = kit_find(&kit, 0, FRAME_HELD);
        assert_non_null(held);
        assert_int_equal(held->held.n, 1);
        assert_true(ident_equal(&held->held.msg_ids[0], &sent[i]));
    }
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 3);
    assert_int_equal(status_now().delivered, 3);
}

static void pipe_that_is_full_for_a_moment__does_not_change_the_order(void **state)
{
    (void)state;
    struct ident sent[3];
    kit_connect(&kit, 0);
    kit.busy[kit.connections[0]] = 1;
    kit_begin(&kit);
    for (size_t i = 0; i < 3; i++) {
        struct frame offer = {.kind = FRAME_OFFER};
        offer.offer.envelope = span_of(
            bytes, kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &sent[i]));
        kit_say(&kit, 0, &offer);
    }
    kit_end(&kit);
    assert_int_equal(kit.n_said, 0); /* who waits behind one that waits, waits */
    kit_pass(&kit, SECOND_MS);
    kit_rest(&kit);
    const struct frame *held = kit_find(&kit, 0, FRAME_HELD);
    assert_non_null(held);
    assert_int_equal(held->held.n, 3);
    assert_memory_equal(held->held.msg_ids, sent, sizeof sent);
}

static void member_that_does_not_read__loses_its_session_not_our_memory(void **state)
{
    (void)state;
    struct frame ping = {.kind = FRAME_PING};
    kit_connect(&kit, 0);
    kit.pipes[kit.connections[0]] = STATUS_BUSY;
    for (int turn = 0; turn < 3; turn++) {
        kit_begin(&kit);
        for (int i = 0; i < TURN_FRAMES_MAX; i++) {
            kit_say(&kit, 0, &ping);
        }
        kit_end(&kit);
    }
    assert_int_equal(status_now().sessions, 0);
}

static void connection_that_is_gone__ends_the_session_and_mail_is_held(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    kit.pipes[kit.connections[1]] = STATUS_NOT_FOUND;
    offer_some(0, 1, LANE_NORMAL, 2, NULL);
    assert_int_equal(status_now().sessions, 1);
    assert_int_equal(status_now().envelopes, 2);
    kit.pipes[kit.connections[1]] = STATUS_OK;
    kit.connections[1] = 20;
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 2);
}

static void silent_session__is_asked_and_then_given_up(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    offer_some(0, 1, LANE_NORMAL, 1, NULL);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    kit_pass(&kit, 9 * HOUR_MS); /* the machine slept: nobody is given up for that */
    kit_rest(&kit);
    assert_int_equal(kit_count(&kit, 0, FRAME_PING), 1);
    assert_int_equal(kit_count(&kit, 1, FRAME_PING), 1);
    struct frame pong = {.kind = FRAME_PONG};
    kit_turn(&kit, 0, &pong);
    kit_pass(&kit, 11 * MINUTE_MS);
    kit_rest(&kit);
    assert_int_equal(status_now().sessions, 1);
    assert_null(kit_find(&kit, 0, FRAME_BYE));
    assert_non_null(kit_find(&kit, 1, FRAME_BYE));
    kit_forget(&kit);
    kit_connect(&kit, 1); /* what it had is held again */
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, NULL), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(mailbox__is_delivered_in_order_and_then_reported_empty),
        TEST(empty_mailbox__is_reported_once_and_again_after_mail),
        TEST(what_was_given_and_not_taken__comes_again_in_the_next_session),
        TEST(taken__counts_only_after_the_commit),
        TEST(taken_of_what_was_never_given__ends_the_session),
        TEST(envelope__is_dropped_after_45_days_and_not_before),
        TEST(dp16__an_envelope_is_gone_from_the_broker_once_taken_or_45_days_old),
        TEST(purge__comes_in_slices),
        TEST(express__overtakes_but_one_normal_comes_after_eight),
        TEST(express_beyond_the_allowance__is_ordered_as_normal),
        TEST(flood_for_one_member__does_not_starve_another),
        TEST(delivery__stays_within_the_credit),
        TEST(window__is_40_KiB_at_first_whatever_the_credit),
        TEST(largest_envelope__fits_the_first_credit_and_window),
        TEST(envelope_on_which_3_sessions_ended__goes_behind_and_is_given_alone),
        TEST(envelope_on_which_10_sessions_ended__is_set_aside_with_an_alarm),
        TEST(restart_of_the_exchange__blames_no_envelope),
        TEST(full_pipe__keeps_answers_in_order_and_mail_held),
        TEST(pipe_that_is_full_for_a_moment__does_not_change_the_order),
        TEST(member_that_does_not_read__loses_its_session_not_our_memory),
        TEST(connection_that_is_gone__ends_the_session_and_mail_is_held),
        TEST(silent_session__is_asked_and_then_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
