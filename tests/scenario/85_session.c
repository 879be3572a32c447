/* SPDX-License-Identifier: Apache-2.0
 *
 * The session and the machine under it: silence, refusals, credit, full disks, a locked node without room,
 * restored nodes, clocks (PROTOCOL.md 3, 4, 5.6, 6.4, 7).
 */
#include "inside.h"

/* --- a broker that changes what it says --------------------------------------------------------------------- */

struct twist {
    size_t who;
    enum frame_kind kind; /* only these */
    bool drop;
    void (*change)(struct frame *frame);
    int left, done; /* how many more; how many were */
};

static bool turn_twist(void *context, size_t i, struct buffer *bytes)
{
    struct twist *twist = context;
    struct frame frame;
    if (i != twist->who || twist->left == 0 || !read_frame(buffer_span(bytes), &frame) ||
        (twist->kind != 0 && frame.kind != twist->kind))
        return true;
    twist->left--;
    twist->done++;
    if (twist->drop)
        return false;
    twist->change(&frame);
    assert_ok(frame_encode(&frame, bytes));
    return true;
}

static void reconnect(struct world *w, size_t i)
{
    world_cut(w, i);
    world_heal(w, i);
    world_settle(w);
}

static void a_broker_that_falls_silent_is_asked_and_then_left(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    struct twist silence = {.who = OFFICER, .drop = true, .left = -1};
    char ref[WORLD_REFERENCE_BYTES];
    world_tamper_out(w, overhear, &talk);
    world_tamper(w, turn_twist, &silence);
    for (int i = 0; i < 16 && talk.said[FRAME_PING] == 0; i++)
        world_pass(w, MINUTES(1));
    assert_int_equal(talk.said[FRAME_PING], 1);
    world_pass(w, MINUTES(1));
    assert_int_equal(talk.said[FRAME_HELLO], 0);
    world_pass(w, MINUTES(2));
    assert_true(talk.said[FRAME_HELLO] > 0); /* by a new connection */
    world_tamper(w, NULL, NULL);
    world_pass(w, MINUTES(5));
    /* Who waits for an answer asks sooner. */
    world_tamper(w, turn_twist, &silence);
    talk = (struct talk){.who = OFFICER};
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, MINUTES(2));
    assert_int_equal(talk.said[FRAME_PING], 1);
    world_tamper(w, NULL, NULL);
    world_pass(w, MINUTES(5));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void a_broker_that_asks_is_answered_and_one_that_leaves_is_called_again(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    world_tamper_out(w, overhear, &talk);
    struct frame ping = {.kind = FRAME_PING};
    ping.ping.time_ms = world_now_ms(w);
    inject(w, OFFICER, &ping);
    world_settle(w);
    assert_int_equal(talk.said[FRAME_PONG], 1);
    struct frame bye = {.kind = FRAME_BYE};
    inject(w, OFFICER, &bye);
    world_settle(w);
    assert_false(status_of(w, OFFICER).welcomed);
    world_pass(w, 9 * SECOND_MS);
    assert_int_equal(talk.said[FRAME_HELLO], 0);
    world_pass(w, 2 * SECOND_MS);
    assert_int_equal(talk.said[FRAME_HELLO], 1);
    assert_true(status_of(w, OFFICER).welcomed);
    world_destroy(&w);
}

static void refuse_for_ten_minutes(struct frame *frame)
{
    *frame = (struct frame){.kind = FRAME_REFUSED};
    frame->refused.code = REFUSAL_SUSPENDED;
    frame->refused.retry_after_s = 600;
}

static void a_refused_hello_is_tried_again_and_nothing_is_said_meanwhile(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    struct twist refusal = {.who = OFFICER,
        .kind = FRAME_WELCOME,
        .change = refuse_for_ten_minutes,
        .left = 1};
    char ref[WORLD_REFERENCE_BYTES];
    world_tamper(w, turn_twist, &refusal);
    reconnect(w, OFFICER);
    assert_int_equal(refusal.done, 1);
    world_tamper_out(w, overhear, &talk);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, MINUTES(9));
    assert_string_equal(status_of(w, OFFICER).broker_refusal, "suspended");
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    for (int kind = 1; kind < FRAME_KIND_COUNT; kind++)
        assert_int_equal(talk.said[kind], 0);
    world_pass(w, MINUTES(2));
    assert_int_equal(talk.said[FRAME_HELLO], 1);
    assert_string_equal(status_of(w, OFFICER).broker_refusal, "");
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_hello_without_an_answer_ends_in_a_new_connection(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    struct twist silence = {.who = OFFICER, .drop = true, .left = -1};
    world_tamper(w, turn_twist, &silence);
    world_tamper_out(w, overhear, &talk);
    reconnect(w, OFFICER);
    assert_int_equal(talk.said[FRAME_HELLO], 1);
    world_pass(w, MINUTES(5));
    assert_in_range(talk.said[FRAME_HELLO], 2, 5);
    for (int kind = FRAME_WELCOME; kind < FRAME_KIND_COUNT; kind++)
        assert_int_equal(talk.said[kind], 0); /* PROTOCOL.md 7.2 (1) */
    world_tamper(w, NULL, NULL);
    world_pass(w, MINUTES(5));
    assert_true(status_of(w, OFFICER).welcomed);
    world_destroy(&w);
}

static void an_answer_to_a_letter_of_the_last_session_is_no_refusal_of_this_one(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct frame late = {.kind = FRAME_REFUSED};
    late.refused.msg_id = (struct ident){{1}};
    late.refused.code = REFUSAL_MAILBOX_FULL;
    late.refused.retry_after_s = 3600;
    world_cut(w, OFFICER);
    world_heal(w, OFFICER);
    inject(w, OFFICER, &late); /* heard before WELCOME */
    world_settle(w);
    assert_string_equal(status_of(w, OFFICER).broker_refusal, "");
    assert_true(status_of(w, OFFICER).welcomed);
    world_destroy(&w);
}

static void of_another_version(struct frame *frame)
{
    frame->welcome.version = LINK_VERSION + 1;
}

static void frames_that_have_no_place_end_the_link_and_nothing_else(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    char ref[WORLD_REFERENCE_BYTES];
    struct frame frames[4] = {{.kind = FRAME_EMPTY}, {.kind = FRAME_HOLDS},
        {.kind = FRAME_WELCOME}, {.kind = FRAME_DELIVER}};
    static const uint8_t bitmap[1] = {1};
    uint64_t delivery = 1;
    frames[0].kind = FRAME_TAKEN; /* only a node says that */
    frames[0].taken.n = 1;
    frames[0].taken.deliveries = &delivery;
    frames[1].holds.n = 1; /* nobody asked */
    frames[1].holds.bitmap = span_of(bitmap, 1);
    frames[2].welcome.version = LINK_VERSION;
    frames[2].welcome.suite_bits = suite_bits();
    frames[2].welcome.store_id = (struct ident){{1}};
    frames[2].welcome.time_ms = world_now_ms(w);
    uint8_t envelope[HEADER_BYTES_MAX + BUCKET_SMALL] = {0};
    frames[3].deliver.delivery = 99; /* those before it were lost */
    frames[3].deliver.envelope = span_of(envelope, sizeof envelope);
    world_tamper_out(w, overhear, &talk);
    for (int i = 0; i < 4; i++) {
        talk.said[FRAME_HELLO] = 0;
        inject(w, OFFICER, &frames[i]);
        world_settle(w);
        world_pass(w, MINUTES(2));
        assert_int_equal(talk.said[FRAME_HELLO], 1);
    }
    talk.said[FRAME_HELLO] = 0;
    world_inject(w, OFFICER, span_text("no frame"));
    world_pass(w, MINUTES(2));
    assert_int_equal(talk.said[FRAME_HELLO], 1);
    struct twist twist = {
        .who = OFFICER, .kind = FRAME_WELCOME, .change = of_another_version, .left = 1};
    world_tamper(w, turn_twist, &twist);
    reconnect(w, OFFICER);
    assert_int_equal(twist.done, 1);
    assert_false(status_of(w, OFFICER).welcomed && twist.left > 0);
    world_pass(w, MINUTES(2));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_broker_that_sends_more_than_it_may_loses_the_link(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    static uint8_t envelope[HEADER_BYTES_MAX + BUCKET_LARGE];
    struct frame deliver = {.kind = FRAME_DELIVER};
    deliver.deliver.envelope = span_of(envelope, sizeof envelope);
    world_tamper_out(w, overhear, &talk);
    for (uint64_t i = 1; i <= 4; i++) { /* a window, and one of grace: 80 KiB */
        deliver.deliver.delivery = i;
        inject(w, OFFICER, &deliver);
    }
    world_pass(w, MINUTES(2));
    assert_int_equal(talk.said[FRAME_HELLO], 1);
    assert_true(status_of(w, OFFICER).quarantined <= 2);
    world_destroy(&w);
}

/* --- credit ---------------------------------------------------------------------------------------------------- */

static void with_room_for_one(struct frame *frame)
{
    frame->welcome.credit_bytes = 2 * (HEADER_BYTES_MAX + BUCKET_SMALL + SEAL_TAG_BYTES);
}

static void letters_wait_for_credit_express_first(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char normal[3][WORLD_REFERENCE_BYTES], express[WORLD_REFERENCE_BYTES];
    struct twist no_more = {
        .who = OFFICER, .kind = FRAME_CREDIT, .drop = true, .left = -1};
    struct twist little = {
        .who = OFFICER, .kind = FRAME_WELCOME, .change = with_room_for_one, .left = 1};
    world_cut(w, OFFICER);
    for (int i = 0; i < 3; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, normal[i]);
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, express);
    world_tamper(w, turn_twist, &little);
    world_heal(w, OFFICER);
    world_pass(w, 0);
    world_tamper(w, turn_twist, &no_more);
    world_settle(w);
    assert_int_equal(little.done, 1);
    assert_letter(w, OFFICER, express, LETTER_STATE_STORED);
    assert_letter(w, OFFICER, normal[2], LETTER_STATE_SEALED);
    world_tamper(w, NULL, NULL);
    struct frame credit = {.kind = FRAME_CREDIT};
    credit.credit.bytes = 20000;
    inject(w, OFFICER, &credit);
    world_settle(w);
    for (int i = 0; i < 3; i++)
        assert_letter(w, OFFICER, normal[i], LETTER_STATE_STORED);
    world_destroy(&w);
}

/* Every OFFER of the shelter is refused: nobody has room for its receipts. */
struct full_mailbox {
    struct world *world;
    int offers;
    bool full;
};

static bool refuse_offers(void *context, size_t i, struct buffer *bytes)
{
    struct full_mailbox *mailbox = context;
    struct frame frame;
    struct header header;
    if (i != SHELTER || !mailbox->full || !read_frame(buffer_span(bytes), &frame) ||
        frame.kind != FRAME_OFFER)
        return true;
    assert_ok(header_decode(frame.offer.envelope, &header, NULL, NULL));
    struct frame credit = {.kind = FRAME_CREDIT}, refused = {.kind = FRAME_REFUSED};
    credit.credit.bytes = (uint32_t)frame.offer.envelope.n;
    refused.refused.msg_id = header.msg_id;
    refused.refused.code = REFUSAL_MAILBOX_FULL;
    refused.refused.retry_after_s = 600;
    inject(mailbox->world, SHELTER, &credit);
    inject(mailbox->world, SHELTER, &refused);
    mailbox->offers++;
    return false;
}

static void receipts_that_are_refused_wait_and_are_not_offered_again_at_once(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct full_mailbox mailbox = {.world = w, .full = true};
    char ref[WORLD_REFERENCE_BYTES], back[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    for (int i = 0; i < 130; i++) /* more than the first credit carries receipts for */
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, MINUTES(1));
    world_tamper_out(w, refuse_offers, &mailbox);
    world_unlock_node(w, SHELTER);
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_pass(w, MINUTES(9));
    assert_in_range(mailbox.offers, 1, 130 / 6 + 2);
    mailbox.full = false;
    world_pass(w, MINUTES(3));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, back);
    world_settle(w);
    assert_letter(w, SHELTER, back, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void receipts_for_one_whose_mailbox_is_full_hold_up_nobody_else(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct full_mailbox mailbox = {.world = w, .full = true};
    char ref[WORLD_REFERENCE_BYTES], other[WORLD_REFERENCE_BYTES];
    world_tamper_out(w, refuse_offers, &mailbox);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_int_equal(mailbox.offers, 1);
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    mailbox.full = false;
    world_refer(w, COORDINATOR, SHELTER, LANE_NORMAL, other);
    world_settle(w);
    assert_letter(w, COORDINATOR, other, LETTER_STATE_STORED);
    world_pass(w, MINUTES(11));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

/* --- what the broker says of my bundle -------------------------------------------------------------------------- */

static void claims_a_bundle_of_the_last_number(struct frame *frame)
{
    frame->welcome.bundle_number = INT64_MAX;
}

static void claims_a_bundle_beyond_all_numbers(struct frame *frame)
{
    frame->welcome.bundle_number = UINT64_MAX;
}

static void a_broker_cannot_use_up_the_numbers_of_my_bundles(void **state)
{
    (void)state;
    static void (*const lies[])(struct frame *) = {
        claims_a_bundle_of_the_last_number, claims_a_bundle_beyond_all_numbers};
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    uint64_t number = status_of(w, SHELTER).bundle_number;
    for (size_t i = 0; i < ARRAY_LENGTH(lies); i++) {
        struct twist lie = {
            .who = SHELTER, .kind = FRAME_WELCOME, .change = lies[i], .left = 1};
        world_tamper(w, turn_twist, &lie);
        reconnect(w, SHELTER);
        assert_int_equal(lie.done, 1);
        assert_in_range(status_of(w, SHELTER).bundle_number, number, number + 2);
    }
    world_tamper(w, NULL, NULL);
    reconnect(w, SHELTER);
    world_pass(w, DAYS(8)); /* a new prekey, a new bundle: and it is believed */
    assert_true(status_of(w, SHELTER).bundle_number > number);
    assert_int_equal(
        peer_of(w, OFFICER, SHELTER).bundle_number, status_of(w, SHELTER).bundle_number);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

/* --- disks and power ---------------------------------------------------------------------------------------------- */

static void a_full_disk_at_any_step_of_either_node_loses_nothing(void **state)
{
    (void)state;
    static const size_t who[] = {OFFICER, SHELTER};
    int fired = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(who); i++)
        for (int k = 0; k < 6; k += 2) { /* statement by statement: 95_statements.c */
            struct world *w = world_new(8500 + (uint64_t)k, USUAL_CAST, CAST);
            char ref[WORLD_REFERENCE_BYTES], later[WORLD_REFERENCE_BYTES];
            bool locked = k % 4 == 2;
            if (locked)
                world_lock_node(w, SHELTER);
            world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
            world_arm(w, FAULT_DISK_FULL, who[i], k);
            world_pass(w, MINUTES(2));
            fired += world_fired(w, FAULT_DISK_FULL) > 0;
            world_arm(w, FAULT_DISK_FULL, who[i], -1); /* disarmed, if it never came */
            world_free_disk(w, who[i]);
            world_unlock_node(w, SHELTER);
            world_pass(w, MINUTES(2));
            world_refer(w, OFFICER, SHELTER, LANE_NORMAL, later);
            world_pass(w, MINUTES(20));
            assert_int_equal(world_effects(w, SHELTER, ref), 1);
            assert_int_equal(world_effects(w, SHELTER, later), 1);
            assert_true(world_letter(w, OFFICER, ref) == LETTER_STATE_STORED ||
                        world_letter(w, OFFICER, ref) == LETTER_STATE_CONFIRMED);
            world_destroy(&w);
        }
    print_message("full disks that were met: %d\n", fired);
    assert_true(fired >= 5);
}

/* A letter is withdrawn while it is held, and another is opened at the unlock, with a cut at the k-th commit. */
static bool story_of_an_end(enum world_fault fault, size_t who, int k)
{
    struct world *w = world_new(9500 + (uint64_t)k, USUAL_CAST, CAST);
    char gone[WORLD_REFERENCE_BYTES], stays[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, gone);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, stays);
    world_pass(w, MINUTES(1));
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    assert_ok(withdraw(w, OFFICER, &letter.item_id));
    world_arm(w, fault, who, k);
    world_unlock_node(w, SHELTER);
    world_pass(w, MINUTES(20));
    bool fired = world_fired(w, fault) > 0;
    world_pass(w, HOURS(26));
    assert_letter(w, OFFICER, gone, LETTER_STATE_WITHDRAWN);
    assert_int_equal(world_effects(w, SHELTER, stays), 1);
    assert_in_range(world_effects(w, SHELTER, gone), 0, 1); /* it had been taken before */
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    struct chain_row row;
    assert_ok(chain_find(
        post_of(w, SHELTER)->chain, world_node_id(w, OFFICER), letter.epoch, &row));
    assert_int_equal(row.head, row.highest);
    world_destroy(&w);
    return fired;
}

static void a_power_cut_at_any_step_of_a_withdrawal_and_an_unlock_is_harmless(
    void **state)
{
    (void)state;
    static const size_t who[] = {OFFICER, SHELTER};
    int fired = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(who); i++)
        for (int k = 0; k < 2; k++) /* cuts before a commit: 95_statements.c */
            fired += story_of_an_end(FAULT_CRASH_AFTER_COMMIT, who[i], k);
    print_message("cuts that fired: %d\n", fired);
    assert_int_equal(fired, 4);
}

static void a_locked_node_without_room_asks_for_no_more_and_mail_waits(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[30][WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    world_room(w, SHELTER, 14, 100);
    for (int i = 0; i < 30; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_pass(w, MINUTES(5));
    int64_t raw = status_of(w, SHELTER).raw;
    assert_in_range(raw, 1, 19); /* what the window had room for already */
    assert_int_equal(held_at_broker(w), 30 - raw);
    world_room(w, SHELTER, 50, 100);
    world_pass(w, MINUTES(16));
    assert_int_equal(status_of(w, SHELTER).raw, 30);
    /* The quota of raw rows is as good a reason. */
    post_of(w, SHELTER)->raw_bytes = RAW_BYTES_MAX;
    assert_false(arrive_has_room(post_of(w, SHELTER)));
    world_unlock_node(w, SHELTER);
    world_settle(w);
    for (int i = 0; i < 30; i++)
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    assert_int_equal(post_of(w, SHELTER)->raw_bytes, 0);
    world_destroy(&w);
}

static void rubbish_that_a_locked_node_gets_is_taken_and_no_raw_row(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct frame deliver = {.kind = FRAME_DELIVER};
    struct talk talk = {.who = SHELTER};
    world_lock_node(w, SHELTER);
    deliver.deliver.delivery = 1;
    deliver.deliver.envelope = span_text("no envelope");
    world_tamper_out(w, overhear, &talk);
    inject(w, SHELTER, &deliver);
    world_settle(w);
    assert_int_equal(talk.said[FRAME_TAKEN], 1);
    assert_int_equal(status_of(w, SHELTER).raw, 0);
    assert_int_equal(status_of(w, SHELTER).quarantined, 1);
    assert_int_equal(world_alarms(w, SHELTER, "refused"), 1);
    world_destroy(&w);
}

static void a_prekey_that_an_unopened_letter_needs_outlives_its_date(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, DAYS(72)); /* made before day 0: to be destroyed on day 69 */
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false); /* the second witness */
    world_pass(w, DAYS(1));
    world_unlock_node(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(status_of(w, SHELTER).unreadable, 0);
    world_refer(w, COORDINATOR, SHELTER, LANE_NORMAL, ref);
    world_pass(w, HOURS(1)); /* the mailbox was empty since, and then it goes */
    struct prekey prekeys[BUNDLE_PREKEYS_MAX];
    size_t n = 0;
    assert_ok(prekeys_list(post_of(w, SHELTER)->prekeys, prekeys, &n));
    assert_true(n > 0 && prekeys[0].not_before_ms + PREKEY_DESTROY_MS > world_now_ms(w));
    world_destroy(&w);
}

static void a_restored_node_signs_no_bundle_before_it_knows_the_number(void **state)
{
    (void)state;
    struct world *w = WORLD();
    world_save_disk(w, SHELTER);
    world_pass(w, DAYS(15)); /* two more bundles, and a letter */
    uint64_t served = status_of(w, SHELTER).bundle_number;
    world_crash_node(w, SHELTER);
    world_restore_disk(w, SHELTER);
    world_cut(w, SHELTER);
    world_start_node(w, SHELTER, true);
    uint64_t restored = status_of(w, SHELTER).bundle_number;
    assert_true(restored < served);
    world_pass(w, HOURS(1));
    assert_int_equal(status_of(w, SHELTER).bundle_number, restored);
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(1));
    assert_int_equal(status_of(w, SHELTER).bundle_number, served + 1);
    world_pass(w, DAYS(1));
    assert_int_equal(peer_of(w, OFFICER, SHELTER).bundle_number, served + 1);
    assert_int_equal(world_alarms(w, OFFICER, "bundle"), 0);
    world_destroy(&w);
}

static void an_unlocked_node_takes_mail_although_little_of_its_disk_is_free(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[30][WORLD_REFERENCE_BYTES];
    world_room(w, SHELTER, INT64_C(20) << 30, INT64_C(400) << 30); /* a full laptop */
    for (int i = 0; i < 30; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_pass(w, MINUTES(5));
    for (int i = 0; i < 30; i++)
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    world_destroy(&w);
}

/* --- restored nodes -------------------------------------------------------------------------------------------------- */

static void a_restored_recipient_gets_what_it_lost_within_two_days(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[4][WORLD_REFERENCE_BYTES], after[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[0]);
    world_pass(w, HOURS(1));
    world_save_disk(w, SHELTER);
    for (int i = 1; i < 4; i++) {
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
        world_pass(w, DAYS(2));
    }
    world_crash_node(w, SHELTER);
    world_restore_disk(w, SHELTER);
    world_start_node(w, SHELTER, true);
    assert_int_equal(world_effects(w, SHELTER, refs[3]), 0);
    world_pass(w, DAYS(2));
    for (int i = 0; i < 4; i++)
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    assert_int_equal(world_alarms(w, SHELTER, "restored"), 1);
    assert_true(world_alarms(w, OFFICER, "peer_restored") > 0);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, after);
    world_settle(w);
    assert_letter(w, SHELTER, after, LETTER_STATE_STORED);
    world_destroy(&w);
}

/* --- clocks, and a long absence ----------------------------------------------------------------------------------------- */

static void a_clock_of_the_year_9999_or_of_1970_stops_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], back[WORLD_REFERENCE_BYTES];
    world_set_clock(w, OFFICER, TIME_MS_MAX - DAYS(3));
    world_pass(w, HOURS(1));
    reconnect(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, back);
    world_pass(w, DAYS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_effects(w, OFFICER, back), 1);
    struct frame ping = {.kind = FRAME_PING};
    inject(w, OFFICER, &ping);
    world_settle(w);
    world_set_clock(w, OFFICER, DAYS(1)); /* and one of 1970 */
    inject(w, OFFICER, &ping);
    world_pass(w, HOURS(1));
    reconnect(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_clock_beyond_the_year_9999_is_taken_for_one_within_it(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct post_letter shown;
    const struct post_letter_new letter = {.recipient = *world_node_id(w, SHELTER),
        .kind = LETTER_REFERRAL,
        .item_id = {{1}},
        .body = span_text("x")};
    world_set_clock(w, OFFICER, TIME_MS_MAX + DAYS(700));
    assert_ok(node_begin(world_node(w, OFFICER)));
    assert_ok(post_send(post_of(w, OFFICER), &letter));
    assert_ok(node_end(world_node(w, OFFICER)));
    reconnect(w, OFFICER);
    world_pass(w, DAYS(1));
    assert_ok(post_letter(post_of(w, OFFICER), &letter.item_id, &shown));
    assert_int_equal(shown.state, LETTER_STATE_INVALID); /* it came; it was no referral */
    world_destroy(&w);
}

static void a_clock_that_is_set_back_makes_no_letter_wait_for_years(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], lost[WORLD_REFERENCE_BYTES];
    int64_t right = world_now_ms(w);
    struct twist loss = {.who = SHELTER, .kind = FRAME_DELIVER, .drop = true, .left = -1};
    world_set_clock(w, OFFICER, right + DAYS(300));
    world_tamper(w, turn_twist, &loss);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, lost);
    world_settle(w);
    assert_letter(w, OFFICER, lost, LETTER_STATE_HELD); /* again in a year from now */
    world_crash_node(w, OFFICER);
    world_set_clock(w, OFFICER, world_now_ms(w));
    world_start_node(w, OFFICER, true);
    world_tamper(w, NULL, NULL);
    world_stop_broker(w);
    world_burn_broker_disk(w); /* and the broker does not have it any more */
    world_start_broker(w);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, lost, LETTER_STATE_STORED);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_node_that_was_off_for_60_days_goes_on_where_it_was(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char before[WORLD_REFERENCE_BYTES], during[WORLD_REFERENCE_BYTES],
        after[WORLD_REFERENCE_BYTES], mine[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, mine);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, before);
    world_settle(w);
    world_crash_node(w, SHELTER);
    world_pass(w, DAYS(40));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, during);
    world_pass(w, DAYS(20));
    world_heal(w, SHELTER);
    world_start_node(w, SHELTER, true);
    world_pass(w, HOURS(2));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, after);
    world_pass(w, DAYS(8));
    assert_int_equal(world_effects(w, SHELTER, before), 1);
    assert_int_equal(world_effects(w, SHELTER, during), 1);
    assert_int_equal(world_effects(w, SHELTER, after), 1);
    assert_int_equal(world_effects(w, OFFICER, mine), 1);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    assert_int_equal(count_unsettled(w, SHELTER, OFFICER), 0);
    world_destroy(&w);
}

static void what_stays_in_memory_after_the_lock_is_no_secret(void **state)
{
    (void)state;
    static const uint8_t zeros[sizeof(struct node_keys)];
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct post *post = post_of(w, SHELTER);
    world_lock_node(w, SHELTER);
    assert_null(post_master_key(post));
    assert_memory_equal(&post->keys, zeros, sizeof post->keys);
    assert_memory_equal(&post->letters_key, zeros, sizeof post->letters_key);
    assert_memory_equal(&post->prekeys_key, zeros, sizeof post->prekeys_key);
    struct buffer *const scratch[] = {&post->plain, &post->body};
    for (size_t i = 0; i < ARRAY_LENGTH(scratch); i++)
        for (size_t k = 0; k < scratch[i]->size; k++)
            assert_int_equal(scratch[i]->bytes[k], 0);
    struct post_opened opened;
    const struct post_letter_new letter = {.recipient = *world_node_id(w, OFFICER),
        .kind = LETTER_REFERRAL,
        .item_id = {{1}},
        .body = span_text("x")};
    assert_ok(node_begin(world_node(w, SHELTER)));
    assert_status(post_opened(post, &opened), STATUS_BUSY);
    assert_status(post_settle(post, &opened, RECEIPT_CODE_NONE), STATUS_LOCKED);
    assert_status(post_send(post, &letter), STATUS_LOCKED);
    assert_ok(node_end(world_node(w, SHELTER)));
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broker_that_falls_silent_is_asked_and_then_left),
        cmocka_unit_test(
            a_broker_that_asks_is_answered_and_one_that_leaves_is_called_again),
        cmocka_unit_test(a_refused_hello_is_tried_again_and_nothing_is_said_meanwhile),
        cmocka_unit_test(a_hello_without_an_answer_ends_in_a_new_connection),
        cmocka_unit_test(
            an_answer_to_a_letter_of_the_last_session_is_no_refusal_of_this_one),
        cmocka_unit_test(frames_that_have_no_place_end_the_link_and_nothing_else),
        cmocka_unit_test(a_broker_that_sends_more_than_it_may_loses_the_link),
        cmocka_unit_test(letters_wait_for_credit_express_first),
        cmocka_unit_test(
            receipts_that_are_refused_wait_and_are_not_offered_again_at_once),
        cmocka_unit_test(receipts_for_one_whose_mailbox_is_full_hold_up_nobody_else),
        cmocka_unit_test(a_broker_cannot_use_up_the_numbers_of_my_bundles),
        cmocka_unit_test(a_full_disk_at_any_step_of_either_node_loses_nothing),
        cmocka_unit_test(
            a_power_cut_at_any_step_of_a_withdrawal_and_an_unlock_is_harmless),
        cmocka_unit_test(a_locked_node_without_room_asks_for_no_more_and_mail_waits),
        cmocka_unit_test(rubbish_that_a_locked_node_gets_is_taken_and_no_raw_row),
        cmocka_unit_test(a_prekey_that_an_unopened_letter_needs_outlives_its_date),
        cmocka_unit_test(a_restored_node_signs_no_bundle_before_it_knows_the_number),
        cmocka_unit_test(an_unlocked_node_takes_mail_although_little_of_its_disk_is_free),
        cmocka_unit_test(a_restored_recipient_gets_what_it_lost_within_two_days),
        cmocka_unit_test(a_clock_of_the_year_9999_or_of_1970_stops_nothing),
        cmocka_unit_test(a_clock_beyond_the_year_9999_is_taken_for_one_within_it),
        cmocka_unit_test(a_clock_that_is_set_back_makes_no_letter_wait_for_years),
        cmocka_unit_test(a_node_that_was_off_for_60_days_goes_on_where_it_was),
        cmocka_unit_test(what_stays_in_memory_after_the_lock_is_no_secret),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
