/* SPDX-License-Identifier: Apache-2.0
 * OFFER, HELD, RECALL, HAVE: what the exchange takes, what it refuses and with which word (PROTOCOL.md 6, 7).
 */
#include "broker_kit.h"
#include "memory.h"

static struct kit kit;
static uint8_t bytes[ENVELOPE_BYTES_MAX];

static int set_up(void **state)
{
    static int count;
    static char name[32];
    (void)state;
    (void)snprintf(name, sizeof name, "mail%d", count++);
    kit_init(&kit, name);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kit_release(&kit);
    return 0;
}

static struct broker_status status_now(void)
{
    struct broker_status status;
    broker_status(kit.broker, &status);
    return status;
}

/* ---- held ---- */

static void offer__is_held_only_after_the_commit(void **state)
{
    (void)state;
    struct ident msg_id;
    struct frame offer = {.kind = FRAME_OFFER};
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id);
    offer.offer.envelope = span_of(bytes, n);
    int syncs = faultvfs_syncs(kit.vfs);
    kit_begin(&kit);
    kit_say(&kit, 0, &offer);
    assert_int_equal(kit.n_said, 0);
    assert_int_equal(faultvfs_syncs(kit.vfs), syncs);
    kit_end(&kit);
    assert_true(faultvfs_syncs(kit.vfs) > syncs);
    const struct frame *held = kit_find(&kit, 0, FRAME_HELD);
    assert_non_null(held);
    assert_true(ident_equal(&held->held.msg_ids[0], &msg_id));
}

static void held_envelope__outlives_a_power_cut(void **state)
{
    (void)state;
    struct ident msg_id, delivered;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, &msg_id), 0);
    faultvfs_power_cut(kit.vfs);
    kit_close(&kit);
    kit_open(&kit);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, &delivered), 1);
    assert_true(ident_equal(&msg_id, &delivered));
}

static void power_cut_before_the_commit__leaves_nothing(void **state)
{
    (void)state;
    struct ident msg_id;
    struct frame offer = {.kind = FRAME_OFFER};
    kit_connect(&kit, 0);
    offer.offer.envelope =
        span_of(bytes, kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id));
    kit_begin(&kit);
    kit_say(&kit, 0, &offer);
    faultvfs_power_cut(kit.vfs);
    kit_close(&kit); /* in the middle of a turn */
    assert_int_equal(kit.n_said, 0);
    kit_open(&kit);
    assert_int_equal(status_now().envelopes, 0);
}

static void offers_of_one_turn__share_one_commit(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    int syncs = faultvfs_syncs(kit.vfs);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, &msg_id), 0);
    int alone = faultvfs_syncs(kit.vfs) - syncs;
    syncs = faultvfs_syncs(kit.vfs);
    kit_begin(&kit);
    for (size_t i = 0; i < 10; i++) {
        struct frame offer = {.kind = FRAME_OFFER};
        offer.offer.envelope = span_of(bytes,
            kit_envelope(&kit, 1 + i % 3, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id));
        kit_say(&kit, 0, &offer);
    }
    kit_end(&kit);
    assert_int_equal(kit_count_held(&kit, 0), 10);
    assert_int_equal(faultvfs_syncs(kit.vfs) - syncs, alone);
}

static void disk__knows_no_sender(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    kit_taken(&kit, 1, kit_take(&kit, 1, NULL));
    /* Rows are (queue, msg, lane, hour, ended, hash, bytes): the schema has no place for more. */
    assert_false(faultvfs_contains(kit.vfs, "sender", 6));
    assert_true(faultvfs_contains(kit.vfs, "queue_id", 8));
}

static bool disk_holds_number(int64_t value, size_t n)
{
    uint8_t big_endian[8];
    for (size_t i = 0; i < n; i++) {
        big_endian[i] = (uint8_t)(value >> (8 * (n - 1 - i)));
    }
    return faultvfs_contains(kit.vfs, big_endian, (unsigned)n);
}

static void disk__knows_no_time_finer_than_an_hour(void **state)
{
    (void)state;
    kit_pass(&kit, 12 * MINUTE_MS + 34567);
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 2, LANE_NORMAL, NULL), 0);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    kit_taken(&kit, 1, kit_take(&kit, 1, NULL));
    assert_true(
        disk_holds_number(kit.wall_ms / HOUR_MS, 3)); /* so would the others be found */
    assert_false(disk_holds_number(kit.wall_ms, 6));
    assert_false(disk_holds_number(kit.wall_ms / SECOND_MS, 4));
    assert_false(disk_holds_number(kit.wall_ms / MINUTE_MS, 4));
}

/* ---- duplicates ---- */

static void same_bytes__are_held_again_and_delivered_once(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), true), 0);
    assert_int_equal(status_now().envelopes, 1);
    assert_int_equal(status_now().duplicates, 2);
}

static void same_bytes_twice_in_one_turn__are_held_once(void **state)
{
    (void)state;
    struct ident msg_id;
    struct frame offer = {.kind = FRAME_OFFER};
    kit_connect(&kit, 0);
    offer.offer.envelope =
        span_of(bytes, kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id));
    kit_begin(&kit);
    kit_say(&kit, 0, &offer);
    kit_say(&kit, 0, &offer);
    kit_end(&kit);
    assert_int_equal(kit_count_held(&kit, 0), 2);
    assert_int_equal(status_now().envelopes, 1);
}

static void other_bytes_under_one_msg_id__are_a_conflict(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    bytes[n - 1] ^= 1;
    assert_int_equal(
        kit_offer_bytes(&kit, 0, span_of(bytes, n), false), REFUSAL_ID_CONFLICT);
    assert_int_equal(
        kit_offer_bytes(&kit, 0, span_of(bytes, n), true), REFUSAL_ID_CONFLICT);
    assert_int_equal(status_now().envelopes, 1);
}

static size_t take_one(struct ident *ret_msg_id)
{
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_MAX_BYTES);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, ret_msg_id);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    uint64_t delivery = kit_take(&kit, 1, NULL);
    assert_int_not_equal(delivery, 0);
    kit_taken(&kit, 1, delivery);
    assert_int_equal(status_now().envelopes, 0);
    return n;
}

static void offer_of_what_was_taken__is_held_and_not_delivered_again(void **state)
{
    (void)state;
    struct ident msg_id;
    size_t n = take_one(&msg_id);
    kit_pass(&kit, 23 * HOUR_MS);
    kit_rest(&kit);
    kit_forget(&kit);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    assert_int_equal(status_now().envelopes, 0);
    assert_int_equal(kit_take(&kit, 1, NULL), 0);
    bytes[n - 1] ^= 1;
    assert_int_equal(
        kit_offer_bytes(&kit, 0, span_of(bytes, n), false), REFUSAL_ID_CONFLICT);
}

static void offer_again__is_delivered_although_it_was_taken(void **state)
{
    (void)state;
    struct ident msg_id, delivered;
    size_t n = take_one(&msg_id);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), true), 0);
    assert_int_equal(kit_take(&kit, 1, &delivered), 2);
    assert_true(ident_equal(&msg_id, &delivered));
}

static void tombstone__outlives_a_restart_and_is_forgotten_after_a_day(void **state)
{
    (void)state;
    struct ident msg_id;
    size_t n = take_one(&msg_id);
    faultvfs_power_cut(kit.vfs);
    kit_close(&kit);
    kit_open(&kit);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    assert_int_equal(status_now().envelopes, 0);
    kit_pass(&kit, 26 * HOUR_MS);
    kit_rest(&kit);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    assert_int_equal(status_now().envelopes, 1);
}

/* ---- refusals ---- */

static void unknown_queue__is_an_unknown_recipient(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id);
    bytes[24] ^= 1; /* of the queue id */
    struct frame offer = {.kind = FRAME_OFFER};
    offer.offer.envelope = span_of(bytes, n);
    kit_turn(&kit, 0, &offer);
    const struct frame *refused = kit_find(&kit, 0, FRAME_REFUSED);
    assert_non_null(refused);
    assert_int_equal(refused->refused.code, REFUSAL_UNKNOWN_RECIPIENT);
    assert_true(ident_equal(&refused->refused.msg_id, &msg_id));
    assert_int_equal(status_now().envelopes, 0);
}

static void recipient__suspended_is_named_and_revoked_is_unknown(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit.members[1].status = MEMBER_SUSPENDED;
    kit.members[2].status = MEMBER_REVOKED;
    kit_next_roster(&kit);
    assert_int_equal(
        kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_RECIPIENT_SUSPENDED);
    assert_int_equal(kit_offer(&kit, 0, 2, LANE_NORMAL, NULL), REFUSAL_UNKNOWN_RECIPIENT);
    assert_int_equal(kit_offer(&kit, 0, 3, LANE_NORMAL, NULL), 0);
}

static void envelope_of_an_unknown_suite_or_shape__is_refused(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id);
    bytes[5] = 9; /* suite 9 */
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), REFUSAL_VERSION);
    bytes[5] = 1;
    bytes[7] = 1; /* must be zero */
    assert_int_equal(
        kit_offer_bytes(&kit, 0, span_of(bytes, n), false), REFUSAL_MALFORMED);
    bytes[7] = 0;
    assert_int_equal(
        kit_offer_bytes(&kit, 0, span_of(bytes, n - 1), false), REFUSAL_MALFORMED);
    assert_int_equal(
        kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0); /* lives on */
}

static void full_mailbox__refuses_and_others_are_untouched(void **state)
{
    (void)state;
    kit_close(&kit);
    kit.options.mailbox_envelopes_max = 8;
    kit_open(&kit);
    for (size_t i = 0; i < KIT_MEMBERS; i++) {
        kit_connect(&kit, i);
    }
    for (size_t sender = 0; sender < 4; sender++) {
        assert_int_equal(kit_offer(&kit, sender, 4, LANE_NORMAL, NULL), 0);
        assert_int_equal(kit_offer(&kit, sender, 4, LANE_NORMAL, NULL), 0);
    }
    assert_int_equal(kit_offer(&kit, 3, 4, LANE_NORMAL, NULL), REFUSAL_MAILBOX_FULL);
    assert_int_equal(kit_offer(&kit, 3, 2, LANE_NORMAL, NULL), 0);
    kit_credit(&kit, 4, CREDIT_MAX_BYTES);
    kit_taken(&kit, 4, kit_take(&kit, 4, NULL));
    assert_int_equal(
        kit_offer(&kit, 0, 4, LANE_NORMAL, NULL), 0); /* there is room again */
}

static void one_sender__fills_a_quarter_of_a_mailbox(void **state)
{
    (void)state;
    kit_close(&kit);
    kit.options.mailbox_envelopes_max = 8;
    kit_open(&kit);
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(kit_offer(&kit, 0, 4, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 4, LANE_EXPRESS, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 4, LANE_EXPRESS, NULL), REFUSAL_SENDER_SHARE);
    assert_int_equal(kit_offer(&kit, 0, 3, LANE_NORMAL, NULL), 0); /* another mailbox */
    assert_int_equal(kit_offer(&kit, 1, 4, LANE_NORMAL, NULL), 0); /* another sender */
}

static void smallest_mailbox__still_takes_one(void **state)
{
    (void)state;
    kit_close(&kit);
    kit.options.mailbox_envelopes_max = 1;
    kit_open(&kit);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 4, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 4, LANE_NORMAL, NULL), REFUSAL_MAILBOX_FULL);
}

static void refusal__says_when_to_try_again_and_how_long_it_is_silent(void **state)
{
    (void)state;
    kit_close(&kit);
    kit.options.mailbox_envelopes_max = 1;
    kit_open(&kit);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 4, LANE_NORMAL, NULL), 0);
    const int days[] = {0, 1, 7, 35};
    const enum silence silences[] = {
        SILENCE_NONE, SILENCE_DAY, SILENCE_WEEK, SILENCE_35_DAYS};
    for (size_t i = 0; i < ARRAY_LENGTH(days); i++) {
        kit_pass(&kit, (i > 0 ? days[i] - days[i - 1] : 0) * DAY_MS);
        kit_rest(&kit);
        kit_connect(&kit, 0);
        struct ident msg_id;
        struct frame offer = {.kind = FRAME_OFFER};
        offer.offer.envelope = span_of(
            bytes, kit_envelope(&kit, 4, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id));
        kit_turn(&kit, 0, &offer);
        const struct frame *refused = kit_find(&kit, 0, FRAME_REFUSED);
        assert_non_null(refused);
        assert_int_equal(refused->refused.code, REFUSAL_MAILBOX_FULL);
        assert_int_equal(refused->refused.silence, silences[i]);
        assert_true(refused->refused.retry_after_s > 0);
    }
}

static void too_many_offers__are_refused_until_the_bucket_refills(void **state)
{
    (void)state;
    kit_close(&kit);
    kit.options.offers_burst = 3;
    kit.options.offers_per_minute = 60;
    kit_open(&kit);
    kit_connect(&kit, 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    }
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_RATE);
    kit_connect(&kit, 0); /* a new session is no new allowance */
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_RATE);
    kit_pass(&kit, SECOND_MS);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
}

static void offer_beyond_the_credit__is_refused(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    kit_begin(&kit);
    for (int i = 0; i < 2; i++) { /* 40 KiB hold one of the largest */
        struct frame offer = {.kind = FRAME_OFFER};
        offer.offer.envelope = span_of(
            bytes, kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_LARGE, bytes, &msg_id));
        kit_say(&kit, 0, &offer);
    }
    kit_end(&kit);
    assert_int_equal(kit_count_held(&kit, 0), 1);
    const struct frame *refused = kit_find(&kit, 0, FRAME_REFUSED);
    assert_non_null(refused);
    assert_int_equal(refused->refused.code, REFUSAL_RATE);
    assert_true(refused->refused.retry_after_s > 0);
}

static void credit__comes_back_with_use_and_grows(void **state)
{
    (void)state;
    int64_t given = 0;
    kit_connect(&kit, 0);
    for (int i = 0; i < 60; i++) {
        assert_int_equal(kit_offer(&kit, 0, 1 + i % 4, LANE_NORMAL, NULL), 0);
        const struct frame *credit = kit_find(&kit, 0, FRAME_CREDIT);
        given += credit != NULL ? credit->credit.bytes : 0;
    }
    assert_true(given > 60 * SMALL_BYTES); /* more than was used: it doubled */
    assert_true(given < 60 * SMALL_BYTES + CREDIT_MAX_BYTES);
}

static void stale_prekey__is_refused_by_the_bundle_that_is_served(void **state)
{
    (void)state;
    uint8_t bundle[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    size_t n = kit_bundle(&kit, 1, 1, 7, 14 * DAY_MS, bundle); /* ends in 13 days */
    kit_put_bundle(&kit, 0, span_of(bundle, n));
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    for (int day = 0; day < 20; day++) {
        kit_pass(&kit, DAY_MS);
        kit_rest(&kit);
    }
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_pass(&kit, HOUR_MS); /* past not_after + 7 d */
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_STALE_PREKEY);
    assert_int_equal(
        kit_offer(&kit, 0, 2, LANE_NORMAL, NULL), 0); /* not known: accepted */
}

static void clock_that_jumps_to_2099__refuses_and_drops_nothing(void **state)
{
    (void)state;
    uint8_t bundle[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    size_t n = kit_bundle(&kit, 1, 1, 7, 14 * DAY_MS, bundle);
    kit_put_bundle(&kit, 0, span_of(bundle, n));
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit.wall_ms = INT64_C(4070908800000);
    kit.steady_ms += HOUR_MS;
    kit_rest(&kit);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(status_now().envelopes, 2);
}

/* ---- HAVE, RECALL ---- */

static void have__is_answered_in_the_order_asked(void **state)
{
    (void)state;
    struct ident ids[10];
    struct frame have = {.kind = FRAME_HAVE};
    kit_connect(&kit, 0);
    for (size_t i = 0; i < ARRAY_LENGTH(ids); i++) {
        ids[i] = ident_new(kit.chance);
    }
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, &ids[1]), 0);
    assert_int_equal(kit_offer(&kit, 0, 2, LANE_NORMAL, &ids[9]), 0);
    have.have.n = ARRAY_LENGTH(ids);
    have.have.msg_ids = ids;
    kit_turn(&kit, 0, &have);
    const struct frame *holds = kit_find(&kit, 0, FRAME_HOLDS);
    assert_non_null(holds);
    const uint8_t wanted[] = {1 << 1, 1 << 1};
    assert_int_equal(holds->holds.n, 10);
    assert_span(holds->holds.bitmap, span_of(wanted, sizeof wanted));
}

static void recall__drops_what_waits_and_what_is_under_way(void **state)
{
    (void)state;
    struct ident first, second;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, &first), 0);
    kit_recall(&kit, 0, &first);
    assert_int_equal(status_now().envelopes, 0);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, &second), 0);
    uint64_t delivery = kit_take(&kit, 1, NULL);
    assert_int_not_equal(delivery, 0);
    kit_recall(&kit, 0, &second);
    assert_int_equal(status_now().envelopes, 0);
    kit_taken(&kit, 1, delivery); /* too late, and no harm */
    assert_int_equal(status_now().taken, 0);
    struct trouble trouble = {""};
    assert_ok(broker_check(kit.broker, &trouble));
}

static void recall_and_taken_in_one_turn__remove_it_once(void **state)
{
    (void)state;
    struct frame recall = {.kind = FRAME_RECALL}, taken = {.kind = FRAME_TAKEN};
    struct trouble trouble = {""};
    struct ident msg_id;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, &msg_id), 0);
    uint64_t delivery = kit_take(&kit, 1, NULL);
    recall.recall.msg_id = msg_id;
    taken.taken.n = 1;
    taken.taken.deliveries = &delivery;
    kit_begin(&kit);
    kit_say(&kit, 0, &recall);
    kit_say(&kit, 1, &taken);
    kit_say(&kit, 0, &recall);
    kit_end(&kit);
    assert_int_equal(status_now().envelopes, 0);
    assert_ok(broker_check(kit.broker, &trouble));
}

static void recall__leaves_no_tombstone_and_wants_the_right_name(void **state)
{
    (void)state;
    struct ident msg_id, other = {{1}};
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &msg_id);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    kit_recall(&kit, 0, &other);
    assert_int_equal(status_now().envelopes, 1);
    kit_recall(&kit, 0, &msg_id);
    assert_int_equal(status_now().envelopes, 0);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    assert_int_equal(status_now().envelopes, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(offer__is_held_only_after_the_commit),
        TEST(held_envelope__outlives_a_power_cut),
        TEST(power_cut_before_the_commit__leaves_nothing),
        TEST(offers_of_one_turn__share_one_commit),
        TEST(disk__knows_no_sender),
        TEST(disk__knows_no_time_finer_than_an_hour),
        TEST(same_bytes__are_held_again_and_delivered_once),
        TEST(same_bytes_twice_in_one_turn__are_held_once),
        TEST(other_bytes_under_one_msg_id__are_a_conflict),
        TEST(offer_of_what_was_taken__is_held_and_not_delivered_again),
        TEST(offer_again__is_delivered_although_it_was_taken),
        TEST(tombstone__outlives_a_restart_and_is_forgotten_after_a_day),
        TEST(unknown_queue__is_an_unknown_recipient),
        TEST(recipient__suspended_is_named_and_revoked_is_unknown),
        TEST(envelope_of_an_unknown_suite_or_shape__is_refused),
        TEST(full_mailbox__refuses_and_others_are_untouched),
        TEST(one_sender__fills_a_quarter_of_a_mailbox),
        TEST(smallest_mailbox__still_takes_one),
        TEST(refusal__says_when_to_try_again_and_how_long_it_is_silent),
        TEST(too_many_offers__are_refused_until_the_bucket_refills),
        TEST(offer_beyond_the_credit__is_refused),
        TEST(credit__comes_back_with_use_and_grows),
        TEST(stale_prekey__is_refused_by_the_bundle_that_is_served),
        TEST(clock_that_jumps_to_2099__refuses_and_drops_nothing),
        TEST(have__is_answered_in_the_order_asked),
        TEST(recall__drops_what_waits_and_what_is_under_way),
        TEST(recall_and_taken_in_one_turn__remove_it_once),
        TEST(recall__leaves_no_tombstone_and_wants_the_right_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
