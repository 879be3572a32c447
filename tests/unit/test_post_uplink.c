/* SPDX-License-Identifier: Apache-2.0
 *
 * uplink: the whole table against a list of its own, and what time demands (PROTOCOL.md 7).
 */
#include "check.h"
#include "clock.h"
#include "memory.h"
#include "uplink.h"

#define T INT64_C(1000000) /* any steady time */

/* ---- the table ---- */

/* One letter per kind in the order of PROTOCOL.md 7.2, from 1 HELLO to 20 BYE; '.': not listed, the session
 * ends. B begin, R refused, g give a document, d take a document, b bundles, H held, D deliver, E empty,
 * h holds, C credit, P pong to a ping, p heard a pong, Y bye, i ignored. */
static const char *const WANTED[UPLINK_STATE_COUNT] = {
    /*                          HWRGDPGBOHDTEHHRCPPB */
    /*                          EEEEOUEUFEEAMAOERIOY */
    [UPLINK_DOWN] = /*       */ "....................",
    [UPLINK_GREETING] = /*   */ ".BR..............PpY",
    [UPLINK_CATCHING_UP] = /**/ "..Rgd..b.HD.E.h.CPpY",
    [UPLINK_OPEN] = /*       */ "..Rgd..b.HD.E.h.CPpY",
    [UPLINK_STANDING_BACK] = "..igd..i.ii.i.i.iPpY",
};

static const struct {
    char letter;
    enum uplink_act act;
} LETTERS[] = {{'.', ACT_END}, {'i', ACT_IGNORE}, {'B', ACT_BEGIN}, {'R', ACT_REFUSED},
    {'g', ACT_GIVE_DOCUMENT}, {'d', ACT_TAKE_DOCUMENT}, {'b', ACT_TAKE_BUNDLES},
    {'H', ACT_HELD}, {'D', ACT_DELIVER}, {'E', ACT_EMPTY}, {'h', ACT_HOLDS},
    {'C', ACT_CREDIT}, {'P', ACT_PONG}, {'p', ACT_HEAR_PONG}, {'Y', ACT_BYE}};

static enum uplink_act act_of(char letter)
{
    for (size_t i = 0; i < ARRAY_LENGTH(LETTERS); i++)
        if (LETTERS[i].letter == letter)
            return LETTERS[i].act;
    fail_msg("no act has the letter %c", letter);
    return ACT_END;
}

static void uplink__table_is_the_one_of_this_test(void **state)
{
    (void)state;
    int differ = 0;
    for (int at = 0; at < UPLINK_STATE_COUNT; at++) {
        assert_int_equal(strlen(WANTED[at]), FRAME_KIND_COUNT - 1);
        for (int kind = 1; kind < FRAME_KIND_COUNT; kind++) {
            enum uplink_act wanted = act_of(WANTED[at][kind - 1]);
            enum uplink_act act =
                uplink_table((enum uplink_state)at, (enum frame_kind)kind);
            if (act != wanted) {
                print_error("state %d, %s: act %d, wanted %d\n", at,
                    frame_kind_name((enum frame_kind)kind), act, wanted);
                differ++;
            }
        }
    }
    assert_int_equal(differ, 0);
}

/* "who" of PROTOCOL.md 7.2: what only nodes say ends every session. */
static void uplink__ends_on_what_only_nodes_say(void **state)
{
    (void)state;
    static const enum frame_kind node_only[] = {FRAME_HELLO, FRAME_BUNDLE_PUT,
        FRAME_BUNDLES_GET, FRAME_OFFER, FRAME_TAKEN, FRAME_HAVE, FRAME_RECALL};
    for (int at = 0; at < UPLINK_STATE_COUNT; at++)
        for (size_t i = 0; i < ARRAY_LENGTH(node_only); i++)
            assert_int_equal(uplink_table((enum uplink_state)at, node_only[i]), ACT_END);
}

static void uplink__ends_on_states_and_kinds_that_do_not_exist(void **state)
{
    (void)state;
    assert_int_equal(uplink_table(UPLINK_STATE_COUNT, FRAME_PING), ACT_END);
    assert_int_equal(uplink_table(UPLINK_OPEN, FRAME_KIND_COUNT), ACT_END);
    assert_int_equal(uplink_table(UPLINK_OPEN, (enum frame_kind)0), ACT_END);
    assert_int_equal(uplink_table(UPLINK_OPEN, (enum frame_kind) - 1), ACT_END);
}

/* ---- states ---- */

static struct uplink at(enum uplink_state state)
{
    struct uplink uplink = {0};
    const struct frame welcome = {.kind = FRAME_WELCOME};
    if (state == UPLINK_DOWN)
        return uplink;
    uplink_connected(&uplink, T);
    assert_int_equal(uplink_work(&uplink, false, T), UPLINK_SAY_HELLO);
    if (state == UPLINK_GREETING)
        return uplink;
    assert_int_equal(uplink_hear(&uplink, &welcome, T), ACT_BEGIN);
    if (state == UPLINK_CATCHING_UP)
        return uplink;
    uplink_caught_up(&uplink, T);
    if (state == UPLINK_OPEN)
        return uplink;
    uplink_pause(&uplink, T);
    return uplink;
}

static struct frame refused(enum refusal code, uint32_t retry_after_s)
{
    struct frame frame = {.kind = FRAME_REFUSED};
    frame.refused.code = code;
    frame.refused.retry_after_s = retry_after_s;
    return frame;
}

static void uplink__goes_from_down_to_open_as_drawn(void **state)
{
    (void)state;
    for (int i = 0; i < UPLINK_STATE_COUNT; i++) {
        struct uplink uplink = at((enum uplink_state)i);
        assert_int_equal(uplink.state, i);
        assert_int_equal(uplink_work(&uplink, false, T), UPLINK_NOTHING);
    }
}

static void uplink__acts_as_the_table_says_in_every_state(void **state)
{
    (void)state;
    for (int i = 0; i < UPLINK_STATE_COUNT; i++)
        for (int kind = 1; kind < FRAME_KIND_COUNT; kind++) {
            struct uplink uplink = at((enum uplink_state)i), before = uplink;
            struct frame frame = {.kind = (enum frame_kind)kind};
            enum uplink_act wanted = act_of(WANTED[i][kind - 1]);
            if (i == UPLINK_GREETING && wanted == ACT_REFUSED)
                wanted = ACT_STAND_BACK;
            assert_int_equal(uplink_hear(&uplink, &frame, T + 5), wanted);
            if (wanted == ACT_END) /* nothing was heard that counts */
                assert_memory_equal(&uplink, &before, sizeof uplink);
            else
                assert_int_equal(uplink.heard_steady_ms, T + 5);
            if (wanted == ACT_BEGIN)
                assert_int_equal(uplink.state, UPLINK_CATCHING_UP);
            else if (wanted == ACT_STAND_BACK)
                assert_int_equal(uplink.state, UPLINK_STANDING_BACK);
            else
                assert_int_equal(uplink.state, i);
        }
}

static void uplink__stands_back_when_hello_is_refused_and_says_it_again_later(
    void **state)
{
    (void)state;
    struct uplink uplink = at(UPLINK_GREETING);
    const struct frame frame = refused(REFUSAL_NOT_MEMBER, 300);
    const struct frame welcome = {.kind = FRAME_WELCOME};
    assert_int_equal(uplink_hear(&uplink, &frame, T), ACT_STAND_BACK);
    assert_int_equal(uplink.refusal, REFUSAL_NOT_MEMBER);
    uplink.heard_steady_ms = T + 299 * SECOND_MS; /* something else is heard meanwhile */
    assert_int_equal(uplink_deadline(&uplink, false), T + 300 * SECOND_MS);
    assert_int_equal(
        uplink_work(&uplink, false, T + 300 * SECOND_MS - 1), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&uplink, false, T + 300 * SECOND_MS), UPLINK_SAY_HELLO);
    assert_int_equal(uplink.state, UPLINK_GREETING);
    assert_int_equal(uplink_hear(&uplink, &welcome, T + 301 * SECOND_MS), ACT_BEGIN);
    assert_int_equal(uplink.refusal, 0);
}

static void uplink__waits_a_minute_at_least_after_a_refused_session(void **state)
{
    (void)state;
    struct uplink uplink = at(UPLINK_GREETING);
    const struct frame frame = refused(REFUSAL_DRAINING, 1);
    assert_int_equal(uplink_hear(&uplink, &frame, T), ACT_STAND_BACK);
    assert_int_equal(uplink.retry_steady_ms, T + UPLINK_RETRY_MS);
}

static void uplink__waits_an_hour_at_most_whatever_the_broker_says(void **state)
{
    (void)state;
    struct uplink uplink = at(UPLINK_GREETING);
    const struct frame frame = refused(REFUSAL_SUSPENDED, UINT32_MAX);
    assert_int_equal(uplink_hear(&uplink, &frame, T), ACT_STAND_BACK);
    assert_int_equal(uplink.retry_steady_ms, T + UPLINK_RETRY_MAX_MS);
}

/* A broker may refuse before HELLO was said: it is said when the wait is over, not at once. */
static void uplink__refused_before_hello_stays_silent_until_the_wait_is_over(void **state)
{
    (void)state;
    struct uplink uplink = {0};
    const struct frame frame = refused(REFUSAL_DRAINING, 0);
    uplink_connected(&uplink, T);
    assert_int_equal(uplink_hear(&uplink, &frame, T), ACT_STAND_BACK);
    assert_int_equal(uplink_work(&uplink, false, T), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&uplink, false, T + UPLINK_RETRY_MS), UPLINK_SAY_HELLO);
    assert_int_equal(uplink.state, UPLINK_GREETING);
}

static void uplink__pauses_ten_seconds_after_a_turn_that_was_rolled_back(void **state)
{
    (void)state;
    static const enum uplink_state states[] = {
        UPLINK_GREETING, UPLINK_CATCHING_UP, UPLINK_OPEN, UPLINK_STANDING_BACK};
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        struct uplink uplink = at(states[i]);
        uplink.hello_due = true;
        uplink_pause(&uplink, T);
        assert_int_equal(uplink.state, UPLINK_STANDING_BACK);
        assert_int_equal(
            uplink_work(&uplink, false, T + 10 * SECOND_MS - 1), UPLINK_NOTHING);
        assert_int_equal(
            uplink_work(&uplink, false, T + 10 * SECOND_MS), UPLINK_SAY_HELLO);
    }
    struct uplink down = at(UPLINK_DOWN);
    uplink_pause(&down, T);
    assert_int_equal(down.state, UPLINK_DOWN);
}

static void uplink__is_down_after_the_link_is_lost_whatever_it_was_at(void **state)
{
    (void)state;
    for (int i = 0; i < UPLINK_STATE_COUNT; i++) {
        struct uplink uplink = at((enum uplink_state)i);
        uplink.hello_due = true;
        uplink.pinged_steady_ms = T;
        uplink_lost(&uplink);
        assert_int_equal(uplink.state, UPLINK_DOWN);
        assert_int_equal(uplink_work(&uplink, true, T + DAY_MS), UPLINK_NOTHING);
        assert_int_equal(uplink_deadline(&uplink, true), INT64_MAX);
        uplink_connected(&uplink, T + DAY_MS);
        assert_int_equal(uplink_deadline(&uplink, true), 0);
        assert_int_equal(uplink_work(&uplink, true, T + DAY_MS), UPLINK_SAY_HELLO);
        assert_int_equal(uplink_work(&uplink, true, T + DAY_MS), UPLINK_NOTHING);
    }
}

static void uplink__catches_up_and_falls_behind_only_where_that_can_be(void **state)
{
    (void)state;
    for (int i = 0; i < UPLINK_STATE_COUNT; i++) {
        struct uplink up = at((enum uplink_state)i), behind = up;
        uplink_caught_up(&up, T + 1);
        uplink_fall_behind(&behind, T + 1);
        assert_int_equal(up.state, i == UPLINK_CATCHING_UP ? UPLINK_OPEN : i);
        assert_int_equal(behind.state, i == UPLINK_OPEN ? UPLINK_CATCHING_UP : i);
    }
}

/* ---- time ---- */

/* What it says and when, if nothing is ever heard. */
static void silent(enum uplink_state state, bool awaiting, int64_t ping_ms)
{
    struct uplink uplink = at(state);
    uplink.retry_steady_ms = INT64_MAX;
    uplink.since_steady_ms = INT64_MAX / 2; /* no hour of catching up here */
    assert_int_equal(uplink_deadline(&uplink, awaiting), T + ping_ms);
    assert_int_equal(uplink_work(&uplink, awaiting, T + ping_ms - 1), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&uplink, awaiting, T + ping_ms), UPLINK_SAY_PING);
    assert_int_equal(uplink_work(&uplink, awaiting, T + ping_ms), UPLINK_NOTHING);
    int64_t dead_ms = T + ping_ms + UPLINK_DEAD_MS;
    assert_int_equal(uplink_deadline(&uplink, awaiting), dead_ms);
    assert_int_equal(uplink_work(&uplink, awaiting, dead_ms - 1), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&uplink, awaiting, dead_ms), UPLINK_DEAD);
    assert_int_equal(uplink.state, UPLINK_DOWN);
    assert_int_equal(uplink_work(&uplink, awaiting, dead_ms), UPLINK_NOTHING);
}

static void uplink__pings_after_15_minutes_or_one_when_an_answer_is_awaited(void **state)
{
    (void)state;
    silent(UPLINK_OPEN, false, 15 * MINUTE_MS);
    silent(UPLINK_OPEN, true, 1 * MINUTE_MS);
    silent(UPLINK_CATCHING_UP, false, 1 * MINUTE_MS);
}

static void uplink__says_hello_and_no_ping_before_welcome(void **state)
{
    (void)state;
    struct uplink greeting = at(UPLINK_GREETING), back = at(UPLINK_STANDING_BACK);
    int64_t dead_ms = T + UPLINK_ASK_MS + UPLINK_DEAD_MS;
    assert_int_equal(uplink_deadline(&greeting, true), dead_ms);
    assert_int_equal(uplink_work(&greeting, true, dead_ms - 1), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&greeting, true, dead_ms), UPLINK_DEAD);
    assert_int_equal(greeting.state, UPLINK_DOWN);
    back.retry_steady_ms = T + HOUR_MS;
    assert_int_equal(uplink_deadline(&back, true), T + HOUR_MS);
    assert_int_equal(uplink_work(&back, true, T + HOUR_MS - 1), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&back, true, T + HOUR_MS), UPLINK_SAY_HELLO);
    assert_int_equal(uplink_work(&back, true, T + HOUR_MS), UPLINK_NOTHING);
    assert_int_equal(
        uplink_deadline(&back, true), T + HOUR_MS + UPLINK_ASK_MS + UPLINK_DEAD_MS);
}

static void uplink__passes_over_a_late_refusal_of_an_envelope(void **state)
{
    (void)state;
    struct uplink uplink = at(UPLINK_GREETING);
    struct frame refused = {.kind = FRAME_REFUSED};
    refused.refused.code = REFUSAL_RATE;
    refused.refused.msg_id.bytes[0] = 1;
    assert_int_equal(uplink_hear(&uplink, &refused, T + 1), ACT_IGNORE);
    assert_int_equal(uplink.state, UPLINK_GREETING);
}

static void uplink__any_frame_answers_a_ping(void **state)
{
    (void)state;
    struct uplink uplink = at(UPLINK_OPEN);
    const struct frame held = {.kind = FRAME_HELD}, hello = {.kind = FRAME_HELLO};
    int64_t ping_ms = T + UPLINK_PING_MS;
    assert_int_equal(uplink_work(&uplink, false, ping_ms), UPLINK_SAY_PING);
    assert_int_equal(uplink_hear(&uplink, &hello, ping_ms + 1), ACT_END);
    assert_int_equal(uplink_deadline(&uplink, false), ping_ms + UPLINK_DEAD_MS);
    assert_int_equal(uplink_hear(&uplink, &held, ping_ms + 1), ACT_HELD);
    assert_int_equal(uplink_deadline(&uplink, false), ping_ms + 1 + UPLINK_PING_MS);
    assert_int_equal(
        uplink_work(&uplink, false, ping_ms + UPLINK_DEAD_MS), UPLINK_NOTHING);
}

static void uplink__opens_after_an_hour_of_catching_up_in_vain(void **state)
{
    (void)state;
    struct uplink uplink = at(UPLINK_CATCHING_UP);
    uplink.heard_steady_ms = T + HOUR_MS;
    assert_int_equal(uplink_deadline(&uplink, false), T + HOUR_MS);
    assert_int_equal(uplink_work(&uplink, false, T + HOUR_MS - 1), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&uplink, false, T + HOUR_MS), UPLINK_WITHHELD);
    assert_int_equal(uplink.state, UPLINK_OPEN);
    assert_int_equal(uplink_work(&uplink, false, T + HOUR_MS), UPLINK_NOTHING);
    uplink_fall_behind(&uplink, T + 2 * HOUR_MS); /* the hour begins again */
    uplink.heard_steady_ms = T + 3 * HOUR_MS;
    assert_int_equal(uplink_work(&uplink, false, T + 3 * HOUR_MS - 1), UPLINK_NOTHING);
    assert_int_equal(uplink_work(&uplink, false, T + 3 * HOUR_MS), UPLINK_WITHHELD);
}

/* Work has something to say at its deadline and nothing before, in every state. */
static void uplink__has_something_to_do_at_its_deadline_and_not_before(void **state)
{
    (void)state;
    for (int i = UPLINK_GREETING; i < UPLINK_STATE_COUNT; i++)
        for (int awaiting = 0; awaiting < 2; awaiting++) {
            struct uplink uplink = at((enum uplink_state)i);
            int64_t now_ms = T;
            for (int step = 0; step < 4 && uplink.state != UPLINK_DOWN; step++) {
                int64_t deadline_ms = uplink_deadline(&uplink, awaiting);
                struct uplink copy = uplink;
                assert_true(deadline_ms > now_ms);
                assert_int_equal(
                    uplink_work(&copy, awaiting, deadline_ms - 1), UPLINK_NOTHING);
                assert_memory_equal(&copy, &uplink, sizeof copy);
                now_ms = deadline_ms;
                assert_int_not_equal(
                    uplink_work(&uplink, awaiting, now_ms), UPLINK_NOTHING);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uplink__table_is_the_one_of_this_test),
        cmocka_unit_test(uplink__ends_on_what_only_nodes_say),
        cmocka_unit_test(uplink__ends_on_states_and_kinds_that_do_not_exist),
        cmocka_unit_test(uplink__goes_from_down_to_open_as_drawn),
        cmocka_unit_test(uplink__acts_as_the_table_says_in_every_state),
        cmocka_unit_test(
            uplink__stands_back_when_hello_is_refused_and_says_it_again_later),
        cmocka_unit_test(uplink__waits_a_minute_at_least_after_a_refused_session),
        cmocka_unit_test(uplink__waits_an_hour_at_most_whatever_the_broker_says),
        cmocka_unit_test(
            uplink__refused_before_hello_stays_silent_until_the_wait_is_over),
        cmocka_unit_test(uplink__pauses_ten_seconds_after_a_turn_that_was_rolled_back),
        cmocka_unit_test(uplink__is_down_after_the_link_is_lost_whatever_it_was_at),
        cmocka_unit_test(uplink__catches_up_and_falls_behind_only_where_that_can_be),
        cmocka_unit_test(uplink__pings_after_15_minutes_or_one_when_an_answer_is_awaited),
        cmocka_unit_test(uplink__says_hello_and_no_ping_before_welcome),
        cmocka_unit_test(uplink__passes_over_a_late_refusal_of_an_envelope),
        cmocka_unit_test(uplink__any_frame_answers_a_ping),
        cmocka_unit_test(uplink__opens_after_an_hour_of_catching_up_in_vain),
        cmocka_unit_test(uplink__has_something_to_do_at_its_deadline_and_not_before),
    };
    return cmocka_run_group_tests_name("post_uplink", tests, NULL, NULL);
}
