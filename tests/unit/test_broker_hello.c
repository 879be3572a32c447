/* SPDX-License-Identifier: Apache-2.0
 * Sessions: HELLO and its refusals, replacement, what a new roster or notice means for those who are here,
 * draining (PROTOCOL.md 5.5, 6.2, 7.1, 7.2).
 */
#include "broker_kit.h"
#include "log.h"
#include "memory.h"
#include "session.h"

static struct kit kit;
static char alarmed[256];

static void note_alarm(void *context, const char *line)
{
    (void)context;
    if (strstr(line, "level=alarm") != NULL) {
        (void)snprintf(alarmed, sizeof alarmed, "%s", line);
    }
}

static int set_up(void **state)
{
    static int count;
    static char name[32];
    (void)state;
    (void)snprintf(name, sizeof name, "hello%d", count++);
    kit_init(&kit, name);
    alarmed[0] = '\0';
    log_set_sink(note_alarm, NULL);
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

/* ---- HELLO ---- */

static void hello__is_welcomed_with_what_the_exchange_has(void **state)
{
    (void)state;
    struct frame hello = kit_hello(&kit, 0);
    kit_turn(&kit, 0, &hello);
    const struct frame *welcome = kit_find(&kit, 0, FRAME_WELCOME);
    assert_non_null(welcome);
    assert_int_equal(welcome->welcome.version, LINK_VERSION);
    assert_int_equal(welcome->welcome.root_version, 1);
    assert_int_equal(welcome->welcome.roster_version, 1);
    assert_int_equal(welcome->welcome.credit_bytes, CREDIT_INITIAL_BYTES);
    assert_int_equal(welcome->welcome.time_ms, kit.wall_ms);
    assert_int_equal(welcome->welcome.waiting, 0);
    struct broker_status status = status_now();
    assert_true(ident_equal(&welcome->welcome.store_id, &status.store_id));
    assert_int_equal(status.sessions, 1);
}

static void welcome__counts_what_waits_and_keeps_its_store_id(void **state)
{
    (void)state;
    struct ident store_id = status_now().store_id;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_EXPRESS, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_close(&kit);
    kit_open(&kit);
    struct frame hello = kit_hello(&kit, 1);
    kit_turn(&kit, 1, &hello);
    const struct frame *welcome = kit_find(&kit, 1, FRAME_WELCOME);
    assert_non_null(welcome);
    assert_int_equal(welcome->welcome.waiting, 3);
    assert_int_equal(welcome->welcome.waiting_express, 1);
    assert_true(ident_equal(&welcome->welcome.store_id, &store_id));
    kit_close(&kit);
    faultvfs_burn(kit.vfs);
    kit_open(&kit);
    struct ident other = status_now().store_id;
    assert_false(ident_equal(&other, &store_id)); /* another disk */
}

static enum refusal refused_hello(size_t i, const struct frame *hello)
{
    kit_turn(&kit, i, hello);
    const struct frame *refused = kit_find(&kit, i, FRAME_REFUSED);
    assert_non_null(refused);
    assert_true(ident_is_zero(&refused->refused.msg_id));
    assert_int_equal(status_now().sessions, 0);
    return refused->refused.code;
}

static void hello__with_another_members_name_is_refused(void **state)
{
    (void)state;
    struct frame hello = kit_hello(&kit, 0);
    hello.hello.node_id = kit.members[1].node_id; /* the key is member 0's */
    assert_int_equal(refused_hello(0, &hello), REFUSAL_NOT_MEMBER);
}

static void hello__with_an_unknown_key_is_refused(void **state)
{
    (void)state;
    struct frame hello = kit_hello(&kit, 0);
    kit.members[0].transport[0] ^= 1;
    assert_int_equal(refused_hello(0, &hello), REFUSAL_NOT_MEMBER);
}

static void hello__without_a_common_version_or_suite_is_refused(void **state)
{
    (void)state;
    struct frame hello = kit_hello(&kit, 0);
    hello.hello.version_min = hello.hello.version_max = LINK_VERSION + 1;
    assert_int_equal(refused_hello(0, &hello), REFUSAL_VERSION);
    hello = kit_hello(&kit, 0);
    hello.hello.suites = UINT32_C(1) << 30;
    assert_int_equal(refused_hello(0, &hello), REFUSAL_VERSION);
    hello = kit_hello(&kit, 0);
    hello.hello.version_max = LINK_VERSION + 5;
    kit_turn(&kit, 0, &hello);
    assert_non_null(kit_find(&kit, 0, FRAME_WELCOME));
}

static void hello_of_a_revoked_member__is_refused_and_a_suspended_one_is_welcome(
    void **state)
{
    (void)state;
    kit.members[0].status = MEMBER_REVOKED;
    kit.members[1].status = MEMBER_SUSPENDED;
    kit_next_roster(&kit);
    struct frame hello = kit_hello(&kit, 0);
    assert_int_equal(refused_hello(0, &hello), REFUSAL_SUSPENDED);
    kit_connect(&kit, 1);
    assert_int_equal(broker_admits(kit.broker, kit.members[0].transport), ADMIT_NEVER);
    assert_int_equal(broker_admits(kit.broker, kit.members[1].transport), ADMIT_YES);
    assert_int_equal(broker_admits(kit.broker, kit.members[2].transport), ADMIT_YES);
    kit.members[2].transport[0] ^= 1;
    assert_int_equal(broker_admits(kit.broker, kit.members[2].transport), ADMIT_LATER);
}

static void frame_before_hello__gets_goodbye_and_nothing_else(void **state)
{
    (void)state;
    struct frame ping = {.kind = FRAME_PING};
    kit_begin(&kit);
    for (int i = 0; i < 100; i++) {
        kit_say(&kit, 0, &ping);
    }
    kit_end(&kit);
    assert_int_equal(kit.n_said, 1); /* a flood of frames is no flood of answers */
    const struct frame *bye = kit_find(&kit, 0, FRAME_BYE);
    assert_non_null(bye);
    assert_int_equal(bye->bye.reason, 0);
}

static void bytes_that_are_no_frame__end_the_session_without_a_word(void **state)
{
    (void)state;
    static const uint8_t junk[40] = {0xff, 1, 2, 3};
    kit_connect(&kit, 0);
    kit_begin(&kit);
    kit_say_bytes(&kit, 0, span_of(junk, sizeof junk));
    kit_say_bytes(&kit, 1, span_of(junk, sizeof junk));
    kit_end(&kit);
    assert_int_equal(kit.n_said, 0);
    assert_int_equal(status_now().sessions, 0);
}

static void frame_that_the_state_does_not_list__ends_the_session(void **state)
{
    (void)state;
    struct frame empty = {.kind = FRAME_EMPTY}; /* only the exchange says that */
    kit_connect(&kit, 0);
    kit_turn(&kit, 0, &empty);
    const struct frame *bye = kit_find(&kit, 0, FRAME_BYE);
    assert_non_null(bye);
    assert_int_equal(bye->bye.reason, REFUSAL_MALFORMED);
    assert_int_equal(status_now().sessions, 0);
}

static void bye__ends_the_session_and_ping_is_answered(void **state)
{
    (void)state;
    struct frame ping = {.kind = FRAME_PING}, bye = {.kind = FRAME_BYE};
    kit_connect(&kit, 0);
    kit_turn(&kit, 0, &ping);
    const struct frame *pong = kit_find(&kit, 0, FRAME_PONG);
    assert_non_null(pong);
    assert_int_equal(pong->ping.time_ms, kit.wall_ms);
    kit_turn(&kit, 0, &bye);
    assert_int_equal(status_now().sessions, 0);
}

/* ---- one session a member ---- */

static void newer_hello__replaces_the_older_session(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, NULL), 1);
    uint64_t older = kit.connections[1];
    kit.connections[1] = 30;
    kit_connect(&kit, 1);
    assert_int_equal(status_now().sessions, 2);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, NULL), 1); /* what the older had is held again */
    kit.connections[1] = older;
    kit_taken(&kit, 1, 1);
    assert_non_null(kit_find(&kit, 1, FRAME_BYE)); /* the older one is nobody's now */
    assert_int_equal(status_now().envelopes, 1);
}

static void fourth_replacement_in_ten_minutes__is_an_alarm(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    for (uint64_t i = 1; i <= SESSION_REPLACEMENTS_MAX; i++) {
        kit.connections[0] = 20 + i;
        kit_connect(&kit, 0);
        assert_string_equal(alarmed, "");
    }
    kit.connections[0] = 30;
    kit_connect(&kit, 0);
    assert_holds(alarmed, "event=key-cloned");
    alarmed[0] = '\0';
    kit_pass(&kit, 11 * MINUTE_MS);
    kit.connections[0] = 31;
    kit_connect(&kit, 0);
    assert_string_equal(alarmed, "");
}

static void hello_again_on_one_connection__is_no_alarm(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        kit_connect(&kit, 0);
    }
    assert_string_equal(alarmed, "");
    assert_int_equal(status_now().sessions, 1);
}

/* ---- rosters and notices ---- */

static void suspension__counts_from_the_next_frame_on(void **state)
{
    (void)state;
    struct ident sent;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, &sent), 0);
    assert_int_equal(kit_take(&kit, 1, NULL), 1);
    kit.members[0].status = MEMBER_SUSPENDED;
    kit.members[1].status = MEMBER_SUSPENDED;
    kit_next_roster(&kit);
    kit_forget(&kit);
    assert_int_equal(kit_offer(&kit, 0, 2, LANE_NORMAL, NULL), REFUSAL_SUSPENDED);
    kit_taken(&kit, 1, 1); /* is not believed: what it has is kept for it */
    assert_int_equal(status_now().envelopes, 1);
    struct frame get = {.kind = FRAME_DOCUMENT_GET};
    get.document_get.type = DOCUMENT_ROSTER;
    kit_turn(&kit, 1, &get);
    assert_non_null(kit_find(&kit, 1, FRAME_DOCUMENT)); /* so that its people learn why */
    kit.members[0].status = MEMBER_ACTIVE;
    kit.members[1].status = MEMBER_ACTIVE;
    kit_next_roster(&kit);
    assert_int_equal(kit_take(&kit, 1, NULL), 2); /* in the same session */
    kit_taken(&kit, 1, 2);
    assert_int_equal(status_now().envelopes, 0);
}

static void suspended_recipient__gets_nothing_and_is_not_told_empty(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit.members[1].status = MEMBER_SUSPENDED;
    kit_next_roster(&kit);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 0);
    assert_int_equal(kit_count(&kit, 1, FRAME_EMPTY), 0);
    assert_int_equal(status_now().envelopes, 1);
}

static void notice__suspends_until_it_lapses_by_itself(void **state)
{
    (void)state;
    struct buffer notice;
    struct trouble trouble = {""};
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    kit_pass(&kit, MINUTE_MS); /* later than the roster */
    ceremony_notice(&kit.ceremony, &kit.members[1].node_id, kit.wall_ms, &notice);
    assert_ok(broker_load(kit.broker, DOCUMENT_NOTICE, buffer_span(&notice), &trouble));
    buffer_release(&notice);
    assert_int_equal(
        kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_RECIPIENT_SUSPENDED);
    for (int hour = 0; hour < 73; hour++) {
        struct frame pong = {.kind = FRAME_PONG};
        kit_pass(&kit, HOUR_MS);
        kit_rest(&kit);
        kit_turn(&kit, 0, &pong);
        kit_turn(&kit, 1, &pong);
    }
    kit_forget(&kit);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_take(&kit, 1, NULL), 1);
}

static void revoked_member__loses_its_session_and_its_mail(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    }
    assert_int_equal(kit_offer(&kit, 0, 2, LANE_NORMAL, NULL), 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, 2 * SMALL_BYTES);
    kit.members[1].status = MEMBER_REVOKED;
    kit_next_roster(&kit);
    const struct frame *bye = kit_find(&kit, 1, FRAME_BYE);
    assert_non_null(bye);
    assert_int_equal(bye->bye.reason, REFUSAL_SUSPENDED);
    kit_rest(&kit);
    assert_int_equal(status_now().envelopes, 1); /* the other one's */
    assert_int_equal(status_now().sessions, 1);
    kit_taken(&kit, 1, 1);
    assert_int_equal(status_now().envelopes, 1);
}

static void stolen_key_that_was_replaced__gets_nothing_more(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    uint8_t stolen[TRANSPORT_KEY_BYTES];
    memcpy(stolen, kit.members[1].transport, sizeof stolen);
    kit.members[1].transport[3] ^= 1;
    kit_next_roster(&kit);
    const struct frame *bye = kit_find(&kit, 1, FRAME_BYE);
    assert_non_null(bye);
    assert_int_equal(bye->bye.reason, REFUSAL_NOT_MEMBER);
    kit_forget(&kit);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 0);
    uint64_t thief = kit.connections[1];
    kit.connections[1] = 25;
    kit_connect(&kit, 1); /* the member, with its new key */
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    assert_int_equal(kit_take(&kit, 1, NULL), 1);
    struct frame taken = {.kind = FRAME_TAKEN};
    uint64_t delivery = 1;
    taken.taken.n = 1;
    taken.taken.deliveries = &delivery;
    assert_ok(frame_encode(&taken, &kit.frame));
    kit_begin(&kit);
    broker_receive(kit.broker, thief, stolen, buffer_span(&kit.frame));
    broker_receive(kit.broker, kit.connections[1], stolen, buffer_span(&kit.frame));
    kit_end(&kit);
    assert_int_equal(status_now().envelopes, 1);
}

static void key_that_became_another_members__binds_the_connection_anew(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    uint8_t key[TRANSPORT_KEY_BYTES];
    memcpy(key, kit.members[0].transport, sizeof key);
    memcpy(kit.members[0].transport, kit.members[1].transport, sizeof key);
    memcpy(kit.members[1].transport, key, sizeof key);
    kit_next_roster(&kit);
    kit.connections[1] = kit.connections[0];
    kit_connect(&kit, 1);
    assert_int_equal(status_now().sessions, 1);
}

static void previous_queue__is_emptied_by_its_member(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit.members[1].previous_queue_id = kit.members[1].queue_id;
    kit.members[1].queue_id = ident_new(kit.chance);
    kit_next_roster(&kit);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_close(&kit);
    kit_open(&kit);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_count(&kit, 1, FRAME_DELIVER), 2);
}

/* ---- draining ---- */

static void drain__answers_what_was_offered_and_says_goodbye(void **state)
{
    (void)state;
    uint8_t bytes[ENVELOPE_BYTES_MAX];
    struct ident msg_id;
    struct frame offer = {.kind = FRAME_OFFER};
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(kit_offer(&kit, 0, 2, LANE_NORMAL, NULL), 0);
    assert_false(broker_drained(kit.broker));
    kit_begin(&kit);
    broker_drain(kit.broker);
    offer.offer.envelope =
        span_of(bytes, kit_envelope(&kit, 2, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id));
    kit_say(&kit, 0, &offer);
    kit_end(&kit);
    const struct frame *refused = kit_find(&kit, 0, FRAME_REFUSED);
    assert_non_null(refused);
    assert_int_equal(refused->refused.code, REFUSAL_DRAINING);
    for (size_t i = 0; i < 2; i++) {
        const struct frame *bye = kit_find(&kit, i, FRAME_BYE);
        assert_non_null(bye);
        assert_int_equal(bye->bye.reason, REFUSAL_DRAINING);
    }
    assert_true(broker_drained(kit.broker));
    assert_int_equal(status_now().envelopes, 1);
    struct frame hello = kit_hello(&kit, 2);
    assert_int_equal(refused_hello(2, &hello), REFUSAL_DRAINING);
    assert_int_equal(broker_admits(kit.broker, kit.members[3].transport), ADMIT_LATER);
}

static void drain__waits_for_who_was_not_told_yet(void **state)
{
    (void)state;
    uint8_t bytes[ENVELOPE_BYTES_MAX];
    struct ident msg_id;
    struct frame offer = {.kind = FRAME_OFFER};
    kit_connect(&kit, 0);
    kit.pipes[kit.connections[0]] = STATUS_BUSY;
    offer.offer.envelope =
        span_of(bytes, kit_envelope(&kit, 2, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id));
    kit_turn(&kit, 0, &offer);
    broker_drain(kit.broker);
    kit_begin(&kit);
    kit_end(&kit);
    assert_false(broker_drained(kit.broker));
    assert_true(broker_deadline_steady_ms(kit.broker) > kit.steady_ms); /* no busy wait */
    kit.pipes[kit.connections[0]] = STATUS_OK;
    kit_pass(&kit, SECOND_MS);
    kit_rest(&kit);
    assert_non_null(kit_find(&kit, 0, FRAME_HELD));
    assert_non_null(kit_find(&kit, 0, FRAME_BYE));
    assert_true(broker_drained(kit.broker));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(hello__is_welcomed_with_what_the_exchange_has),
        TEST(welcome__counts_what_waits_and_keeps_its_store_id),
        TEST(hello__with_another_members_name_is_refused),
        TEST(hello__with_an_unknown_key_is_refused),
        TEST(hello__without_a_common_version_or_suite_is_refused),
        TEST(hello_of_a_revoked_member__is_refused_and_a_suspended_one_is_welcome),
        TEST(frame_before_hello__gets_goodbye_and_nothing_else),
        TEST(bytes_that_are_no_frame__end_the_session_without_a_word),
        TEST(frame_that_the_state_does_not_list__ends_the_session),
        TEST(bye__ends_the_session_and_ping_is_answered),
        TEST(newer_hello__replaces_the_older_session),
        TEST(fourth_replacement_in_ten_minutes__is_an_alarm),
        TEST(hello_again_on_one_connection__is_no_alarm),
        TEST(suspension__counts_from_the_next_frame_on),
        TEST(suspended_recipient__gets_nothing_and_is_not_told_empty),
        TEST(notice__suspends_until_it_lapses_by_itself),
        TEST(revoked_member__loses_its_session_and_its_mail),
        TEST(stolen_key_that_was_replaced__gets_nothing_more),
        TEST(key_that_became_another_members__binds_the_connection_anew),
        TEST(previous_queue__is_emptied_by_its_member),
        TEST(drain__answers_what_was_offered_and_says_goodbye),
        TEST(drain__waits_for_who_was_not_told_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
