/* SPDX-License-Identifier: Apache-2.0
 *
 * How custody ends without a receipt, and what the broker's refusals do to a letter (PROTOCOL.md 2.5, 2.6, 5.5, 7.3).
 */
#include "inside.h"

enum { MANY = 70 };

/* --- withdrawn --------------------------------------------------------------------------------------------- */

static void a_letter_that_is_withdrawn_is_recalled_and_its_number_voided_at_once(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], next[WORLD_REFERENCE_BYTES];
    struct talk talk = {.who = OFFICER};
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    assert_int_equal(letter.state, LETTER_STATE_HELD);
    world_tamper_out(w, overhear, &talk);
    assert_ok(withdraw(w, OFFICER, &letter.item_id));
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_WITHDRAWN);
    assert_int_equal(talk.said[FRAME_RECALL], 1);
    assert_int_equal(held_at_broker(w), 1); /* the VOID, in the letter's place */
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 2).kind, LETTER_VOID);
    assert_status(withdraw(w, OFFICER, &letter.item_id), STATUS_EXISTS);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, next);
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(world_effects(w, SHELTER, next), 1);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    world_destroy(&w);
}

static void what_cannot_be_withdrawn_any_more_says_so(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    const struct ident nobody = {{9}};
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    assert_status(withdraw(w, OFFICER, &letter.item_id), STATUS_CONFLICT);
    assert_status(withdraw(w, OFFICER, &nobody), STATUS_NOT_FOUND);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_draft_that_is_withdrawn_leaves_no_trace_at_its_recipient(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], next[WORLD_REFERENCE_BYTES];
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_BLOCKED);
    struct outbox_letter draft = last_draft(w, OFFICER);
    assert_int_equal(draft.seq, 0);
    assert_ok(withdraw(w, OFFICER, &draft.item_id));
    assert_letter(w, OFFICER, ref, LETTER_STATE_WITHDRAWN);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(20));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, next);
    world_settle(w);
    assert_letter(w, OFFICER, next, LETTER_STATE_STORED);
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 1).kind, LETTER_REFERRAL);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_destroy(&w);
}

/* Keeps a copy of each OFFER of the officer and lets it go no further. */
struct interceptor {
    struct buffer frames[2];
    int left, n;
};

static bool intercept_offers(void *context, size_t i, struct buffer *bytes)
{
    struct interceptor *interceptor = context;
    struct frame frame;
    if (i != OFFICER || interceptor->left == 0 ||
        !read_frame(buffer_span(bytes), &frame) || frame.kind != FRAME_OFFER)
        return true;
    struct buffer *copy = &interceptor->frames[interceptor->n++];
    interceptor->left--;
    buffer_init(copy, FRAME_BYTES_MAX);
    assert_ok(buffer_put(copy, bytes->bytes, bytes->used));
    return false;
}

static void a_late_original_after_its_void_is_shown_without_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    uint8_t receipt[RECEIPT_BYTES];
    struct interceptor interceptor = {.left = 1};
    world_tamper_out(w, intercept_offers, &interceptor);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_int_equal(interceptor.n, 1);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    assert_ok(withdraw(w, OFFICER, &letter.item_id));
    world_settle(w);
    assert_int_equal(
        count_unsettled(w, OFFICER, SHELTER), 0); /* VOID, and STORED for it */
    for (int i = 0; i < 2; i++) {                 /* it was under way, and comes twice */
        world_say(w, OFFICER, buffer_span(&interceptor.frames[0]));
        world_settle(w);
    }
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    char *inbox = NULL;
    assert_int_equal(world_call(w, SHELTER, "inbox", "", NULL, &inbox), 200);
    char *late = strstr(inbox, "\"late\"");
    assert_holds(late, ref);
    assert_null(strstr(strstr(late, ref) + 1, ref));
    assert_letter(w, OFFICER, ref, LETTER_STATE_WITHDRAWN);
    assert_ok(post_letter_receipt(post_of(w, OFFICER), &letter.item_id, receipt));
    assert_int_equal(receipt[4], RECEIPT_LATE);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 0);
    memory_free(inbox);
    buffer_release(&interceptor.frames[0]);
    world_destroy(&w);
}

static void a_letter_that_came_before_its_void_keeps_its_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER); /* it takes the letter and says nothing */
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    assert_ok(withdraw(w, OFFICER, &letter.item_id));
    world_settle(w);
    world_unlock_node(w, SHELTER);
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_letter(w, OFFICER, ref, LETTER_STATE_WITHDRAWN);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    struct post_letter shown;
    uint8_t receipt[RECEIPT_BYTES];
    assert_ok(post_letter(post_of(w, OFFICER), &letter.item_id, &shown));
    assert_int_equal(shown.state, LETTER_STATE_WITHDRAWN);
    assert_ok(post_letter_receipt(post_of(w, OFFICER), &letter.item_id, receipt));
    assert_int_equal(receipt[4], RECEIPT_STORED);
    world_destroy(&w);
}

/* --- expired, forgotten --------------------------------------------------------------------------------------- */

static void
what_waits_in_vain_for_90_days_ends_loudly_and_what_was_confirmed_is_forgotten(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member stranger;
    struct sign_public public;
    struct sign_secret secret;
    struct buffer boxed;
    char first[WORLD_REFERENCE_BYTES], gone[WORLD_REFERENCE_BYTES], ref[REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_pass(w, DAYS(2));
    assert_letter(w, OFFICER, first, LETTER_STATE_CONFIRMED);
    struct outbox_letter kept = sent_letter(w, OFFICER, SHELTER, 1);
    buffer_init(&boxed, BUCKET_LARGE + 64);
    assert_ok(outbox_boxed(post_of(w, OFFICER)->outbox, kept.id, &boxed));
    /* A letter that nobody takes, and one of a member that never comes into a roster. */
    sign_new_keys(world_chance(w), &public, &secret);
    world_member_init(&stranger, w, OFFICER, COORDINATOR);
    stranger.identity = &secret;
    world_member_refer(&stranger, ref);
    assert_int_equal(status_of(w, COORDINATOR).parked, 1);
    world_cut(w, SHELTER);
    for (int i = 0; i < MANY; i++) /* more than one turn ends */
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, gone);
    world_pass(w, MINUTES(5));
    world_cut(w, OFFICER); /* 90 quiet days */
    world_pass(w, DAYS(90));
    world_cut(w, COORDINATOR); /* its letters would be a second clock */
    world_heal(w, OFFICER);
    world_pass(w, DAYS(1));
    assert_letter(w, OFFICER, gone, LETTER_STATE_HELD); /* one clock alone ends nothing */
    assert_int_equal(status_of(w, COORDINATOR).parked, 1);
    world_heal(w, COORDINATOR);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(16));
    assert_letter(w, OFFICER, gone, LETTER_STATE_EXPIRED);
    assert_true(world_alarms(w, OFFICER, "expired") > 0);
    assert_int_equal(status_of(w, COORDINATOR).parked, 0);
    assert_int_equal(world_alarms(w, COORDINATOR, "parked"), 1);
    buffer_clear(&boxed);
    assert_status(
        outbox_boxed(post_of(w, OFFICER)->outbox, kept.id, &boxed), STATUS_NOT_FOUND);
    assert_letter(w, OFFICER, first, LETTER_STATE_CONFIRMED); /* the row stays */
    world_heal(w, SHELTER);
    world_pass(w, HOURS(30)); /* new prekeys, and then the VOID */
    assert_int_equal(world_effects(w, SHELTER, gone), 0);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    buffer_release(&boxed);
    world_destroy(&w);
}

/* The next OFFER of the officer goes no further: the broker refuses it. */
struct refuser {
    struct world *world;
    enum refusal code;
    uint32_t retry_after_s;
    int left, offers;
    bool to_shelter; /* letters to others pass */
};

static bool is_for_shelter(struct world *world, struct span envelope)
{
    struct header header;
    assert_ok(header_decode(envelope, &header, NULL, NULL));
    return ident_equal(&header.queue_id, &world_row(world, SHELTER)->queue_id);
}

static bool refuse_offer(void *context, size_t i, struct buffer *bytes)
{
    struct refuser *refuser = context;
    struct frame frame;
    struct header header;
    if (i != OFFICER || !read_frame(buffer_span(bytes), &frame) ||
        frame.kind != FRAME_OFFER)
        return true;
    if (refuser->to_shelter && !is_for_shelter(refuser->world, frame.offer.envelope))
        return true;
    refuser->offers++;
    if (refuser->left == 0)
        return true;
    refuser->left--;
    assert_ok(header_decode(frame.offer.envelope, &header, NULL, NULL));
    struct frame refused = {.kind = FRAME_REFUSED};
    refused.refused.msg_id = header.msg_id;
    refused.refused.code = refuser->code;
    refused.refused.retry_after_s = refuser->retry_after_s;
    inject(refuser->world, OFFICER, &refused);
    return false;
}

/* --- suspended, revoked ------------------------------------------------------------------------------------------ */

static void
a_sealed_letter_to_a_suspended_member_keeps_its_number_and_goes_when_it_is_back(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_heal(w, OFFICER);
    world_pass(w, MINUTES(20));
    assert_letter(w, OFFICER, ref, LETTER_STATE_BLOCKED);
    struct outbox_letter blocked = sent_letter(w, OFFICER, SHELTER, 1);
    assert_string_equal(wait_words(blocked.reason), wait_words(WAIT_SUSPENDED));
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 1).id, blocked.id);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void drafts_that_waited_go_in_their_order_when_they_can(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char refs[MANY][WORLD_REFERENCE_BYTES];
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    for (int i = 0; i < MANY; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_settle(w);
    assert_int_equal(status_of(w, OFFICER).drafts, MANY);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    int64_t before = 0;
    for (uint64_t seq = 1; seq <= MANY; seq++) {
        struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, seq);
        assert_true(letter.id > before);
        before = letter.id;
    }
    for (int i = 0; i < MANY; i++)
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    world_destroy(&w);
}

static void a_held_letter_is_not_offered_again_while_its_recipient_is_suspended(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct refuser listener = {.world = w, .to_shelter = true};
    char ref[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_tamper_out(w, refuse_offer, &listener);
    world_pass(w, HOURS(26));
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    assert_int_equal(listener.offers, 0);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_unlock_node(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_first_letter_waits_for_the_keys_of_its_recipient(void **state)
{
    (void)state;
    struct world *w = WORLD();
    const struct trust *trust = node_trust(world_node(w, OFFICER));
    struct post_letter_new letter = {
        .kind = LETTER_REFERRAL, .item_id = {{1}}, .body = span_text("x")};
    world_crowd(w, 1);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    for (size_t i = 0; i < trust_member_count(trust); i++) {
        const struct member *member = trust_nth_member(trust, i);
        struct peer peer;
        assert_ok(peers_find(post_of(w, OFFICER)->peers, &member->node_id, &peer));
        if (peer.bundle_number == 0 &&
            !ident_equal(&member->node_id, world_node_id(w, OFFICER)))
            letter.recipient = member->node_id;
    }
    assert_false(ident_is_zero(&letter.recipient));
    assert_ok(node_begin(world_node(w, OFFICER)));
    assert_ok(post_send(post_of(w, OFFICER), &letter));
    assert_ok(node_end(world_node(w, OFFICER)));
    world_pass(w, MINUTES(20));
    assert_string_equal(
        wait_words(last_draft(w, OFFICER).reason), wait_words(WAIT_BUNDLE));
    world_destroy(&w);
}

static void a_letter_is_sealed_again_for_the_new_identity_of_its_recipient(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct sign_secret secret;
    char ref[WORLD_REFERENCE_BYTES];
    struct member *row = world_row(w, SHELTER);
    world_cut(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    struct outbox_letter before = sent_letter(w, OFFICER, SHELTER, 1);
    row->previous_identity = row->identity;
    sign_new_keys(world_chance(w), &row->identity, &secret);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_heal(w, OFFICER);
    world_pass(w, MINUTES(1));
    struct outbox_letter after = sent_letter(w, OFFICER, SHELTER, 1);
    assert_int_equal(after.seal_no, 1);
    assert_true(sign_public_equal(&after.sealed_for, &row->identity));
    assert_memory_equal(&after.link, &before.link, sizeof after.link);
    assert_int_equal(world_effects(w, SHELTER, ref), 0); /* the node has not got it yet */
    world_destroy(&w);
}

static void mail_to_the_previous_queue_still_comes(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], later[WORLD_REFERENCE_BYTES];
    struct member *row = world_row(w, SHELTER);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref); /* sealed, held for the old one */
    world_settle(w);
    row->previous_queue_id = row->queue_id;
    row->queue_id = ident_new(world_chance(w));
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, later);
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_letter(w, OFFICER, later, LETTER_STATE_STORED);
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 1).seal_no, 0);
    world_destroy(&w);
}

static void a_number_that_ended_before_its_member_needs_no_void(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    world_lock_node(w, OFFICER); /* it cannot make a VOID */
    assert_ok(withdraw(w, OFFICER, &letter.item_id));
    world_pass(w, MINUTES(20));
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 1).void_due, VOID_WITHDRAWN);
    world_roster(w, SHELTER, MEMBER_REVOKED, false);
    world_pass(w, MINUTES(1));
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    world_unlock_node(w, OFFICER);
    world_pass(w, MINUTES(20));
    assert_int_equal(peer_of(w, OFFICER, SHELTER).last_seq, 1);
    world_destroy(&w);
}

static void letters_to_a_member_that_is_gone_end_and_their_owner_is_told(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char held[WORLD_REFERENCE_BYTES], sealed[WORLD_REFERENCE_BYTES],
        draft[WORLD_REFERENCE_BYTES], back[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, held); /* they know each other */
    world_settle(w);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, held);
    world_settle(w);
    world_cut(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, sealed);
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_heal(w, OFFICER);
    world_pass(w, MINUTES(1));
    assert_letter(w, OFFICER, sealed, LETTER_STATE_BLOCKED);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, draft);
    world_pass(w, MINUTES(1));
    assert_letter(w, OFFICER, draft, LETTER_STATE_BLOCKED);
    world_roster(w, SHELTER, MEMBER_REVOKED, false);
    world_pass(w, MINUTES(1));
    assert_letter(w, OFFICER, held, LETTER_STATE_UNDELIVERABLE);
    assert_letter(w, OFFICER, sealed, LETTER_STATE_UNDELIVERABLE);
    assert_letter(w, OFFICER, draft, LETTER_STATE_UNDELIVERABLE);
    assert_int_equal(world_alarms(w, OFFICER, "undeliverable"), 3);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    assert_int_equal(held_at_broker(w), 0);
    /* Nothing more is sent there, and what was is not said to be under way. */
    const struct post_letter_new letter = {.recipient = *world_node_id(w, SHELTER),
        .kind = LETTER_REFERRAL,
        .item_id = {{1}},
        .body = span_text("x")};
    assert_ok(node_begin(world_node(w, OFFICER)));
    assert_status(post_send(post_of(w, OFFICER), &letter), STATUS_DENIED);
    assert_ok(node_end(world_node(w, OFFICER)));
    world_refer(w, OFFICER, COORDINATOR, LANE_NORMAL, back);
    world_settle(w);
    assert_letter(w, OFFICER, back, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_void_to_a_member_that_is_gone_ends_in_silence(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_settle(w);
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 2);
    assert_ok(withdraw(w, OFFICER, &letter.item_id));
    world_settle(w);
    assert_int_equal(
        count_unsettled(w, OFFICER, SHELTER), 2); /* the number, and its VOID */
    world_roster(w, SHELTER, MEMBER_REVOKED, false);
    world_pass(w, MINUTES(20));
    assert_letter(w, OFFICER, ref, LETTER_STATE_WITHDRAWN);
    assert_int_equal(world_alarms(w, OFFICER, "undeliverable"), 0);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    world_destroy(&w);
}

static void what_may_not_be_sent_is_refused_and_not_kept(void **state)
{
    (void)state;
    static uint8_t long_body[BODY_BYTES_MAX + 1];
    struct world *w = WORLD();
    struct post *post = post_of(w, OFFICER);
    const struct post_letter_new right = {.recipient = *world_node_id(w, SHELTER),
        .kind = LETTER_UPDATE,
        .item_id = {{1}},
        .body = span_text("x")};
    const struct {
        uint16_t kind;
        struct ident recipient, item_id;
        size_t bytes;
        enum status status;
    } rows[] = {{0, right.recipient, {{2}}, 1, STATUS_DENIED},
        {LETTER_VOID, right.recipient, {{2}}, 1, STATUS_DENIED},
        {LETTER_RECEIPT, right.recipient, {{2}}, 1, STATUS_DENIED},
        {LETTER_UPDATE, right.recipient, {{0}}, 1, STATUS_DENIED},
        {LETTER_UPDATE, right.recipient, {{2}}, BODY_BYTES_MAX + 1, STATUS_TOO_BIG},
        {LETTER_UPDATE, {{8}}, {{2}}, 1, STATUS_NOT_FOUND},
        {LETTER_UPDATE, *world_node_id(w, OFFICER), {{2}}, 1, STATUS_NOT_FOUND},
        {LETTER_UPDATE, right.recipient, {{1}}, 1, STATUS_EXISTS}};
    assert_ok(node_begin(world_node(w, OFFICER)));
    assert_ok(post_send(post, &right));
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct post_letter_new letter = right;
        letter.kind = rows[i].kind;
        letter.recipient = rows[i].recipient;
        letter.item_id = rows[i].item_id;
        letter.body = span_of(long_body, rows[i].bytes);
        assert_status(post_send(post, &letter), rows[i].status);
    }
    assert_ok(node_end(world_node(w, OFFICER)));
    world_settle(w);
    assert_int_equal(peer_of(w, OFFICER, SHELTER).last_seq, 1);
    world_destroy(&w);
}

static void a_letter_that_builds_on_a_draft_is_a_draft_and_on_a_letter_names_it(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct post *post = post_of(w, OFFICER);
    struct post_letter_new first = {.recipient = *world_node_id(w, SHELTER),
        .kind = LETTER_UPDATE,
        .item_id = {{1}},
        .body = span_text("x")};
    struct post_letter_new second = first, third = first;
    second.item_id = (struct ident){{2}};
    second.after = first.item_id;
    third.item_id = (struct ident){{3}};
    third.after = (struct ident){{77}}; /* never sent: nothing to wait for */
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_settle(w);
    assert_ok(node_begin(world_node(w, OFFICER)));
    assert_ok(post_send(post, &first));
    assert_ok(post_send(post, &second));
    assert_ok(post_send(post, &third));
    assert_ok(node_end(world_node(w, OFFICER)));
    world_settle(w);
    assert_int_equal(status_of(w, OFFICER).drafts, 3);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    assert_int_equal(status_of(w, OFFICER).drafts, 0);
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 1).after_back, 0);
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 2).after_back, 1);
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 3).after_back, 0);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    world_destroy(&w);
}

/* --- the broker's words -------------------------------------------------------------------------------------------- */

static void each_refusal_of_an_offer_delays_or_changes_the_letter_and_loses_none(
    void **state)
{
    (void)state;
    static const struct {
        enum refusal code;
        uint32_t retry_after_s;
        int64_t not_before_ms, by_ms;
        enum letter_state meanwhile;
        int seal_no;
    } rows[] = {
        {REFUSAL_UNKNOWN_RECIPIENT, 0, MINUTES(59), MINUTES(80), LETTER_STATE_SEALED, 1},
        {REFUSAL_RECIPIENT_SUSPENDED, 0, 0, MINUTES(20), LETTER_STATE_BLOCKED, 0},
        {REFUSAL_MAILBOX_FULL, 600, MINUTES(9), MINUTES(11), LETTER_STATE_SEALED, 0},
        {REFUSAL_SENDER_SHARE, 600, MINUTES(9), MINUTES(11), LETTER_STATE_SEALED, 0},
        {REFUSAL_RATE, 60, SECOND_MS * 59, MINUTES(2), LETTER_STATE_SEALED, 0},
        {REFUSAL_DISK_FULL, 600, MINUTES(9), MINUTES(11), LETTER_STATE_SEALED, 0},
        {REFUSAL_STALE_PREKEY, 0, SECOND_MS * 29, MINUTES(1), LETTER_STATE_SEALED, 1},
        {REFUSAL_ID_CONFLICT, 0, SECOND_MS * 29, MINUTES(1), LETTER_STATE_SEALED, 1},
        {REFUSAL_MALFORMED, 0, HOURS(23), HOURS(25), LETTER_STATE_SEALED, 0},
        {REFUSAL_DRAINING, 0, SECOND_MS * 29, MINUTES(1), LETTER_STATE_SEALED, 0},
        {REFUSAL_SUSPENDED, UINT32_MAX, HOURS(23), HOURS(25), LETTER_STATE_SEALED, 0},
    };
    struct world *w = WORLD();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char ref[WORLD_REFERENCE_BYTES];
        struct refuser refuser = {.world = w,
            .code = rows[i].code,
            .retry_after_s = rows[i].retry_after_s,
            .left = 1};
        world_tamper_out(w, refuse_offer, &refuser);
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
        world_settle(w);
        assert_int_equal(refuser.left, 0);
        assert_letter(w, OFFICER, ref, rows[i].meanwhile);
        world_pass(w, rows[i].not_before_ms);
        assert_letter(w, OFFICER, ref, rows[i].meanwhile);
        world_pass(w, rows[i].by_ms - rows[i].not_before_ms);
        assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
        assert_int_equal(world_effects(w, SHELTER, ref), 1);
        assert_int_equal(
            sent_letter(w, OFFICER, SHELTER, i + 1).seal_no, rows[i].seal_no);
    }
    assert_int_equal(world_alarms(w, OFFICER, "broker_refused"), 1);
    world_destroy(&w);
}

static void a_broker_that_takes_nothing_is_not_offered_everything(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    struct refuser refuser = {
        .world = w, .code = REFUSAL_DISK_FULL, .retry_after_s = 600, .left = 1000};
    world_tamper_out(w, refuse_offer, &refuser);
    for (int i = 0; i < 40; i++) {
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
        world_settle(w);
    }
    world_pass(w, MINUTES(9));
    assert_in_range(refuser.offers, 1, 3);
    refuser.left = 0;
    world_pass(w, MINUTES(40));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(count_unsettled(w, OFFICER, SHELTER), 0);
    world_destroy(&w);
}

static void a_broker_cannot_make_a_node_seal_without_end(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    struct refuser refuser = {
        .world = w, .code = REFUSAL_ID_CONFLICT, .left = 10000, .to_shelter = true};
    world_tamper_out(w, refuse_offer, &refuser);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, DAYS(1));
    assert_in_range(refuser.offers, 8, 13);
    refuser.left = 0;
    world_pass(w, DAYS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void a_letter_to_a_queue_that_is_no_more_is_sealed_for_the_new_one(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, OFFICER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_row(w, SHELTER)->queue_id = ident_new(world_chance(w));
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_heal(w, OFFICER);
    world_pass(w, MINUTES(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    world_pass(w, HOURS(7)); /* so long an unknown queue is not tried again */
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, 1).seal_no, 1);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static bool rename_store(void *context, size_t i, struct buffer *bytes)
{
    int *renamed = context;
    struct frame frame;
    if (i != OFFICER || !read_frame(buffer_span(bytes), &frame) ||
        frame.kind != FRAME_WELCOME)
        return true;
    frame.welcome.store_id.bytes[0] ^= 0x55;
    (*renamed)++;
    assert_ok(frame_encode(&frame, bytes));
    return true;
}

static void a_broker_with_a_new_disk_is_asked_and_what_it_holds_is_not_sent_again(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    char refs[3][WORLD_REFERENCE_BYTES];
    int renamed = 0;
    world_cut(w, SHELTER);
    for (int i = 0; i < 3; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_settle(w);
    world_tamper(w, rename_store, &renamed);
    world_cut(w, OFFICER);
    world_heal(w, OFFICER);
    world_tamper_out(w, overhear, &talk);
    world_settle(w);
    assert_int_equal(renamed, 1);
    assert_int_equal(talk.said[FRAME_HAVE], 1);
    assert_int_equal(talk.said[FRAME_OFFER], 0);
    assert_letter(w, OFFICER, refs[0], LETTER_STATE_HELD);
    world_cut(w, OFFICER); /* the same name again: nothing to ask */
    world_heal(w, OFFICER);
    world_settle(w);
    assert_int_equal(talk.said[FRAME_HAVE], 1);
    world_tamper(w, NULL, NULL);
    world_stop_broker(w);
    world_burn_broker_disk(w);
    world_start_broker(w);
    world_pass(w, MINUTES(1));
    assert_int_equal(talk.said[FRAME_HAVE], 2);
    assert_int_equal(talk.said[FRAME_OFFER], 3);
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(1));
    for (int i = 0; i < 3; i++)
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    world_destroy(&w);
}

/* --- the window ------------------------------------------------------------------------------------------------- */

static void a_sender_with_a_full_window_waits_and_a_void_makes_room(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], last[WORLD_REFERENCE_BYTES],
        beyond[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    world_settle(w);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    /* As if 4,093 more were under way. */
    struct peer peer = peer_of(w, OFFICER, SHELTER);
    peer.last_seq = CHAIN_WINDOW - 2;
    assert_ok(node_begin(world_node(w, OFFICER)));
    assert_ok(peers_put(post_of(w, OFFICER)->peers, &peer));
    assert_ok(node_end(world_node(w, OFFICER)));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, last);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, beyond);
    world_settle(w);
    assert_letter(w, OFFICER, last, LETTER_STATE_HELD);
    assert_letter(w, OFFICER, beyond, LETTER_STATE_DRAFT);
    assert_string_equal(
        wait_words(last_draft(w, OFFICER).reason), wait_words(WAIT_WINDOW));
    assert_ok(withdraw(w, OFFICER, &letter.item_id));
    world_settle(w);
    assert_int_equal(sent_letter(w, OFFICER, SHELTER, CHAIN_WINDOW).kind, LETTER_VOID);
    assert_letter(w, OFFICER, beyond, LETTER_STATE_DRAFT);
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(20));
    assert_letter(w, OFFICER, beyond, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, last), 1);
    assert_int_equal(world_effects(w, SHELTER, beyond), 1);
    assert_int_equal(world_alarms(w, SHELTER, "window"), 0);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_letter_that_is_withdrawn_is_recalled_and_its_number_voided_at_once),
        cmocka_unit_test(what_cannot_be_withdrawn_any_more_says_so),
        cmocka_unit_test(a_draft_that_is_withdrawn_leaves_no_trace_at_its_recipient),
        cmocka_unit_test(a_late_original_after_its_void_is_shown_without_effect),
        cmocka_unit_test(a_letter_that_came_before_its_void_keeps_its_effect),
        cmocka_unit_test(
            what_waits_in_vain_for_90_days_ends_loudly_and_what_was_confirmed_is_forgotten),
        cmocka_unit_test(
            a_sealed_letter_to_a_suspended_member_keeps_its_number_and_goes_when_it_is_back),
        cmocka_unit_test(drafts_that_waited_go_in_their_order_when_they_can),
        cmocka_unit_test(
            a_held_letter_is_not_offered_again_while_its_recipient_is_suspended),
        cmocka_unit_test(a_first_letter_waits_for_the_keys_of_its_recipient),
        cmocka_unit_test(a_letter_is_sealed_again_for_the_new_identity_of_its_recipient),
        cmocka_unit_test(mail_to_the_previous_queue_still_comes),
        cmocka_unit_test(a_number_that_ended_before_its_member_needs_no_void),
        cmocka_unit_test(letters_to_a_member_that_is_gone_end_and_their_owner_is_told),
        cmocka_unit_test(a_void_to_a_member_that_is_gone_ends_in_silence),
        cmocka_unit_test(what_may_not_be_sent_is_refused_and_not_kept),
        cmocka_unit_test(
            a_letter_that_builds_on_a_draft_is_a_draft_and_on_a_letter_names_it),
        cmocka_unit_test(
            each_refusal_of_an_offer_delays_or_changes_the_letter_and_loses_none),
        cmocka_unit_test(a_broker_that_takes_nothing_is_not_offered_everything),
        cmocka_unit_test(a_broker_cannot_make_a_node_seal_without_end),
        cmocka_unit_test(a_letter_to_a_queue_that_is_no_more_is_sealed_for_the_new_one),
        cmocka_unit_test(
            a_broker_with_a_new_disk_is_asked_and_what_it_holds_is_not_sent_again),
        cmocka_unit_test(a_sender_with_a_full_window_waits_and_a_void_makes_room),
    };
    return cmocka_run_group_tests_name("custody", tests, NULL, NULL);
}
