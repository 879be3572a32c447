/* SPDX-License-Identifier: Apache-2.0
 *
 * Members that lie, and members with bad luck (PROTOCOL.md 1.5, 1.7, 1.8, 2.3 to 2.7, 5).
 */
#include "inside.h"

#include "verify.h"

/* --- numbers -------------------------------------------------------------------------------------------- */

static void two_letters_of_a_liar_under_one_number_have_one_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct talk talk = {.who = SHELTER};
    char first[REFERENCE_BYTES], second[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_refer(&liar, first);
    assert_int_equal(world_effects(w, SHELTER, first), 1);
    world_tamper_out(w, overhear, &talk);
    for (int i = 0; i < 3; i++) {
        world_member_epoch(&liar, liar.epoch); /* back to number 1 */
        world_member_refer(&liar, second);
        assert_int_equal(world_effects(w, SHELTER, second), 0);
    }
    assert_int_equal(talk.said[FRAME_OFFER], 1); /* CONFLICT, and not again so soon */
    world_pass(w, MINUTES(11));
    world_member_epoch(&liar, liar.epoch);
    world_member_refer(&liar, second);
    assert_int_equal(talk.said[FRAME_OFFER], 2);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 1);
    assert_int_equal(status_of(w, SHELTER).quarantined, 4);
    assert_int_equal(receipted(&liar, 1), RECEIPT_STORED);
    world_destroy(&w);
}

static void a_letter_whose_link_does_not_fit_its_neighbours_has_no_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES], third[REFERENCE_BYTES];
    struct buffer body;
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_refer(&liar, ref);
    world_member_referral(&liar, ref, &body);
    struct letter letter =
        world_member_letter(&liar, LETTER_REFERRAL, buffer_span(&body));
    struct hash right = letter.prev_link;
    letter.prev_link.bytes[0] ^= 1; /* the one below is the head */
    world_member_post(&liar, &letter);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(came(&liar, 2).id, 0);
    liar.seq = 2;
    world_member_refer(&liar, third); /* follows what was refused */
    assert_int_equal(world_effects(w, SHELTER, third), 1);
    letter.prev_link = right;
    world_member_post(&liar, &letter); /* the one above names another one */
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(came(&liar, 2).id, 0);
    liar.seq = 3;
    letter.pair_seq = 4;
    world_member_post(&liar, &letter); /* the one below is no head: it came above a gap */
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 2); /* numbers 2 and 4 */
    assert_int_equal(chain_at(&liar).head, 1);
    buffer_release(&body);
    world_destroy(&w);
}

static void a_number_far_ahead_is_evidence_and_not_a_gap(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char far[REFERENCE_BYTES], farther[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    liar.seq = CHAIN_WINDOW; /* the next is one beyond the window */
    world_member_refer(&liar, farther);
    assert_int_equal(world_effects(w, SHELTER, farther), 0);
    assert_int_equal(world_alarms(w, SHELTER, "window"), 1);
    assert_int_equal(chain_at(&liar).highest, 0);
    liar.seq = CHAIN_WINDOW - 1;
    world_member_refer(&liar, far);
    assert_int_equal(world_effects(w, SHELTER, far), 1);
    assert_int_equal(chain_at(&liar).highest, CHAIN_WINDOW);
    world_destroy(&w);
}

static void the_seventeenth_epoch_of_a_year_is_not_taken(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES];
    struct heartbeat heartbeat = {.my_epoch = 500, .my_last = 3};
    world_member_init(&liar, w, OFFICER, SHELTER);
    for (uint32_t i = 0; i < EPOCHS_PER_PEER_AND_YEAR; i++) {
        world_member_epoch(&liar, 100 + i);
        world_member_refer(&liar, ref);
        assert_int_equal(world_effects(w, SHELTER, ref), 1);
    }
    world_member_epoch(&liar, 400);
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(world_alarms(w, SHELTER, "epochs"), 1);
    assert_int_equal(chain_at(&liar).made_ms, 0);
    world_member_beat(&liar, &heartbeat); /* nor the one that a heartbeat speaks of */
    world_member_epoch(&liar, 500);
    assert_int_equal(chain_at(&liar).made_ms, 0);
    world_member_epoch(&liar, 100); /* nor one in which something is voided */
    liar.seq = 1;
    liar.link = chain_at(&liar).head_link;
    struct void_entry entry = {
        .chain_epoch = 600, .reason = VOID_EXPIRED, .pair_seq = 1, .item_id = {{7}}};
    world_member_void(&liar, &entry, 1);
    assert_int_equal(receipted(&liar, 2), RECEIPT_STORED);
    world_member_epoch(&liar, 600);
    assert_int_equal(chain_at(&liar).made_ms, 0);
    world_pass(w, DAYS(1));
    world_destroy(&w);
}

/* --- what the letters are ------------------------------------------------------------------------------- */

enum { GOODS = CAST, WIDE_CAST };
static const struct world_plan WITH_GOODS[WIDE_CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR},
    {"goods.quetta", ROLE_SUPPLIES}};

static void a_kind_that_the_senders_role_does_not_send_is_invalid(void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, WITH_GOODS, WIDE_CAST);
    struct world_member liar;
    char ref[REFERENCE_BYTES];
    world_member_init(&liar, w, GOODS, SHELTER);
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(receipted(&liar, 1), RECEIPT_INVALID);
    assert_int_equal(chain_at(&liar).head, 1);
    world_destroy(&w);
}

static void a_referral_for_what_the_receivers_role_does_not_give_is_invalid(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    liar.service = SERVICE_MEDICAL;
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(receipted(&liar, 1), RECEIPT_INVALID);
    liar.service = SERVICE_SHELTER;
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void what_cannot_be_understood_is_kept_as_invalid(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    struct letter letter =
        world_member_letter(&liar, LETTER_REFERRAL, span_text("no referral"));
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 1), RECEIPT_INVALID);
    /* Moved to a new epoch, the same item gets the same answer. */
    world_member_epoch(&liar, 78);
    letter.chain_epoch = 78;
    letter.prev_link = liar.link;
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 1), RECEIPT_INVALID);
    letter = world_member_letter(&liar, LETTER_VOID, span_text("no list"));
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 2), RECEIPT_INVALID);
    letter = world_member_letter(&liar, LETTER_UPDATE, span_text("of a later version"));
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 3), RECEIPT_INVALID);
    const uint16_t unnumbered[] = {LETTER_RECEIPT, LETTER_HEARTBEAT, LETTER_RESYNC};
    struct talk talk = {.who = SHELTER};
    world_tamper_out(w, overhear, &talk);
    for (size_t i = 0; i < ARRAY_LENGTH(unnumbered); i++) {
        letter = world_member_letter(&liar, unnumbered[i], span_text("nothing"));
        world_member_post(&liar, &letter);
    }
    assert_int_equal(talk.said[FRAME_TAKEN], 3);
    assert_int_equal(talk.said[FRAME_OFFER], 0);
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(chain_at(&liar).head, 4);
    world_destroy(&w);
}

static void a_letter_that_moved_to_a_new_epoch_has_one_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES];
    struct buffer body;
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_referral(&liar, ref, &body);
    struct letter letter =
        world_member_letter(&liar, LETTER_REFERRAL, buffer_span(&body));
    world_member_post(&liar, &letter);
    world_member_epoch(&liar, 78);
    letter.chain_epoch = 78;
    letter.prev_link = liar.link;
    world_member_post(&liar, &letter);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(receipted(&liar, 1), RECEIPT_STORED);
    assert_int_equal(came(&liar, 1).how, SETTLED_AGAIN);
    buffer_release(&body);
    world_destroy(&w);
}

static void a_letter_that_comes_after_its_lifetime_is_kept_as_late(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES], in_time[REFERENCE_BYTES];
    struct buffer body;
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_refer(&liar, in_time); /* the second witness: its time is signed */
    world_member_referral(&liar, ref, &body);
    struct letter letter =
        world_member_letter(&liar, LETTER_REFERRAL, buffer_span(&body));
    letter.created_ms -= HOURS(2);
    letter.lifetime_s = 3600;
    world_member_post(&liar, &letter);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(receipted(&liar, 2), RECEIPT_LATE);
    char *inbox = NULL;
    assert_int_equal(world_call(w, SHELTER, "inbox", "", NULL, &inbox), 200);
    assert_holds(strstr(inbox, "\"late\""), ref);
    memory_free(inbox);
    buffer_release(&body);
    world_destroy(&w);
}

static void a_list_of_voids_settles_what_did_not_come_and_nothing_else(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES], other[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_refer(&liar, ref);
    struct hash right = liar.link, wrong = {{9}};
    const struct void_entry entries[] = {
        {77, VOID_EXPIRED, 1, right, {{1}}}, /* it came: its effect stays */
        {77, VOID_EXPIRED, 3, wrong, {{2}}}, /* will not come */
        {77, VOID_EXPIRED, CHAIN_WINDOW + 9, wrong, {{3}}},
        {88, VOID_WITHDRAWN, 2, wrong, {{4}}}, /* in an epoch never heard of */
    };
    world_member_void(&liar, entries, ARRAY_LENGTH(entries));
    assert_int_equal(receipted(&liar, 2), RECEIPT_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(chain_at(&liar).head, 3);
    assert_int_equal(world_alarms(w, SHELTER, "window"), 1);
    assert_int_equal(came(&liar, 3).how, SETTLED_VOID);
    /* Another letter than the voided one. */
    liar.seq = 2;
    world_member_refer(&liar, other);
    assert_int_equal(world_effects(w, SHELTER, other), 0);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 1);
    /* And another void for the number that came. */
    liar.seq = 3;
    liar.link = wrong;
    const struct void_entry again = {77, VOID_EXPIRED, 1, wrong, {{1}}};
    world_member_void(&liar, &again, 1);
    assert_int_equal(receipted(&liar, 4), RECEIPT_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 2);
    world_member_epoch(&liar, 88);
    assert_int_equal(chain_at(&liar).highest, 2);
    assert_int_equal(came(&liar, 2).how, SETTLED_VOID);
    world_destroy(&w);
}

/* --- waiting for an earlier one -------------------------------------------------------------------------- */

/* Number 1, then number 3, which builds on number 2; number 2 is made, and kept back. */
struct waiting {
    char first[REFERENCE_BYTES], second[REFERENCE_BYTES], third[REFERENCE_BYTES];
    struct buffer second_body, third_body, kept_back;
};

static void post_all_but_the_second(
    struct world_member *liar, struct waiting *waiting, struct span third_body)
{
    struct hash link;
    world_member_refer(liar, waiting->first);
    world_member_referral(liar, waiting->second, &waiting->second_body);
    world_member_referral(liar, waiting->third, &waiting->third_body);
    struct letter letter =
        world_member_letter(liar, LETTER_REFERRAL, buffer_span(&waiting->second_body));
    buffer_init(&waiting->kept_back, ENVELOPE_BYTES_MAX);
    world_member_seal(liar, &letter, &waiting->kept_back, &link);
    liar->seq = 2;
    liar->link = link;
    letter = world_member_letter(liar, LETTER_REFERRAL,
        third_body.n > 0 ? third_body : buffer_span(&waiting->third_body));
    letter.after_back = 1;
    world_member_post(liar, &letter);
}

static void release_waiting(struct waiting *waiting)
{
    buffer_release(&waiting->second_body);
    buffer_release(&waiting->third_body);
    buffer_release(&waiting->kept_back);
}

static void a_letter_waits_for_the_one_it_builds_on(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct waiting waiting;
    world_member_init(&liar, w, OFFICER, SHELTER);
    post_all_but_the_second(&liar, &waiting, (struct span){NULL, 0});
    assert_int_equal(receipted(&liar, 3), RECEIPT_STORED); /* durable, not in effect */
    assert_int_equal(came(&liar, 3).state, INBOX_WAITING);
    assert_int_equal(world_effects(w, SHELTER, waiting.third), 0);
    world_member_offer(&liar, buffer_span(&waiting.kept_back));
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, waiting.second), 1);
    assert_int_equal(world_effects(w, SHELTER, waiting.third), 1);
    assert_false(came(&liar, 3).missing);
    release_waiting(&waiting);
    world_destroy(&w);
}

static void a_letter_that_waited_for_a_day_is_shown_and_a_gap_of_a_week_is_an_alarm(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct waiting waiting;
    char ref[REFERENCE_BYTES], honest[WORLD_REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    post_all_but_the_second(&liar, &waiting, (struct span){NULL, 0});
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, honest);
    world_pass(w, HOURS(23));
    assert_int_equal(world_effects(w, SHELTER, waiting.third), 0);
    world_pass(w, HOURS(2));
    assert_int_equal(world_effects(w, SHELTER, waiting.third), 1);
    assert_true(came(&liar, 3).missing);
    assert_int_equal(world_alarms(w, SHELTER, "gap"), 0);
    liar.seq = 3;
    for (int day = 1; day < 8; day++) { /* who is silent is not accused */
        world_member_epoch(&liar, 200 + (uint32_t)day);
        world_member_refer(&liar, ref);
        world_pass(w, DAYS(1));
    }
    assert_int_equal(world_alarms(w, SHELTER, "gap"), 1);
    world_pass(w, DAYS(2)); /* a gap that was given up does not take all heartbeats */
    assert_letter(w, OFFICER, honest, LETTER_STATE_CONFIRMED);
    world_member_offer(&liar, buffer_span(&waiting.kept_back));
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, waiting.second), 1);
    assert_int_equal(world_effects(w, SHELTER, waiting.third), 1);
    release_waiting(&waiting);
    world_destroy(&w);
}

static void a_gap_that_could_not_be_asked_for_is_asked_for_at_the_next_tick(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct waiting waiting;
    struct talk talk = {.who = SHELTER};
    world_member_init(&liar, w, OFFICER, SHELTER);
    post_all_but_the_second(&liar, &waiting, (struct span){NULL, 0});
    world_pass(w, MINUTES(100));
    world_tamper_out(w, overhear, &talk);
    int64_t credit = post_of(w, SHELTER)->session.credit;
    post_of(w, SHELTER)->session.credit = 0; /* the line is busy, for an hour */
    world_pass(w, MINUTES(60));
    assert_int_equal(talk.said[FRAME_OFFER], 0);
    post_of(w, SHELTER)->session.credit = credit;
    world_pass(w, MINUTES(16));
    assert_int_equal(talk.said[FRAME_OFFER], 1);
    world_pass(
        w, MINUTES(60)); /* and not again so soon; the other one answers the officer, */
    assert_int_equal(talk.said[FRAME_OFFER], 2); /* who heard of numbers it never gave */
    release_waiting(&waiting);
    world_destroy(&w);
}

static void a_letter_that_waited_and_cannot_be_understood_is_an_alarm(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct waiting waiting;
    world_member_init(&liar, w, OFFICER, SHELTER);
    post_all_but_the_second(&liar, &waiting, span_text("no referral"));
    assert_int_equal(receipted(&liar, 3), RECEIPT_STORED);
    world_member_offer(&liar, buffer_span(&waiting.kept_back));
    world_settle(w);
    assert_int_equal(world_alarms(w, SHELTER, "invalid_later"), 1);
    assert_int_equal(receipted(&liar, 3), RECEIPT_STORED); /* what was signed stays */
    release_waiting(&waiting);
    world_destroy(&w);
}

static void a_letter_that_waits_when_its_sender_is_suspended_waits_for_a_person(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct waiting waiting;
    world_member_init(&liar, w, OFFICER, SHELTER);
    post_all_but_the_second(&liar, &waiting, (struct span){NULL, 0});
    world_roster(w, OFFICER, MEMBER_SUSPENDED, false);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, waiting.third), 0);
    world_roster(w, OFFICER, MEMBER_REVOKED, false);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, SHELTER, waiting.third), 0);
    assert_int_equal(status_of(w, SHELTER).quarantined, 1);
    assert_true(world_alarms(w, SHELTER, "suspended_sender") > 0);
    release_waiting(&waiting);
    world_destroy(&w);
}

static void the_gap_of_a_member_that_is_gone_is_closed_and_listed(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct waiting waiting;
    char ref[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    post_all_but_the_second(&liar, &waiting, (struct span){NULL, 0});
    for (int i = 0; i < 40; i++) { /* more gaps than one heartbeat names */
        liar.seq++;
        liar.link = (struct hash){{(uint8_t)i}};
        world_member_refer(&liar, ref);
    }
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_pass(w, HOURS(3)); /* asked for in vain */
    world_roster(w, OFFICER, MEMBER_REVOKED, false);
    world_pass(w, MINUTES(1));
    assert_int_equal(world_alarms(w, SHELTER, "lost"), 1);
    assert_int_equal(came(&liar, 2).how, SETTLED_LOST);
    assert_int_equal(chain_at(&liar).head, chain_at(&liar).highest);
    /* What comes after all has no effect. */
    assert_int_equal(world_effects(w, SHELTER, waiting.second), 0);
    release_waiting(&waiting);
    world_destroy(&w);
}

/* --- heartbeats ------------------------------------------------------------------------------------------ */

static void a_heartbeat_that_knows_numbers_never_given_moves_its_own_pair_only(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[WORLD_REFERENCE_BYTES], other[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_refer(w, OFFICER, COORDINATOR, LANE_NORMAL, other);
    world_settle(w);
    uint32_t epoch = peer_of(w, OFFICER, SHELTER).epoch;
    uint32_t apart = peer_of(w, OFFICER, COORDINATOR).epoch;
    world_member_init(&liar, w, SHELTER, OFFICER);
    struct heartbeat heartbeat = {.your_epoch = epoch, .highest_seen = 900};
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(peer_of(w, OFFICER, SHELTER).epoch, 0);
    assert_int_equal(world_alarms(w, OFFICER, "restored"), 1);
    world_pass(w, MINUTES(1));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    uint32_t next = peer_of(w, OFFICER, SHELTER).epoch;
    assert_true(next > epoch);
    /* Again on the same day: the next one waits until tomorrow, and goes. */
    heartbeat = (struct heartbeat){.your_epoch = UINT32_MAX, .highest_seen = 1};
    world_member_beat(&liar, &heartbeat);
    world_member_beat(&liar, &heartbeat);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_DRAFT);
    world_refer(w, OFFICER, COORDINATOR, LANE_NORMAL, other);
    world_settle(w);
    assert_letter(w, OFFICER, other, LETTER_STATE_STORED);
    assert_int_equal(peer_of(w, OFFICER, COORDINATOR).epoch, apart);
    world_pass(w, HOURS(25));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    world_destroy(&w);
}

static void lies_in_a_heartbeat_change_nothing_that_a_person_sees(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    uint32_t epoch = peer_of(w, OFFICER, SHELTER).epoch;
    world_member_init(&liar, w, SHELTER, OFFICER);
    /* Another letter at the head than mine. */
    struct heartbeat heartbeat = {
        .your_epoch = epoch, .settled_head = 1, .highest_seen = 1, .head_link = {{5}}};
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(world_alarms(w, OFFICER, "conflict"), 1);
    /* A number beyond all numbers, and a heartbeat number that would silence the rest. */
    heartbeat = (struct heartbeat){.your_epoch = epoch, .highest_seen = UINT64_MAX};
    world_member_beat(&liar, &heartbeat);
    liar.heartbeats = UINT64_MAX - 1;
    heartbeat = (struct heartbeat){.flags = HEARTBEAT_RESTORED};
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(world_alarms(w, OFFICER, "peer_restored"), 0);
    liar.heartbeats = 2000;
    heartbeat = (struct heartbeat){.flags = HEARTBEAT_RESTORED};
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(world_alarms(w, OFFICER, "peer_restored"), 1);
    /* Numbers of its own that are far, or none; and an epoch without numbers. */
    heartbeat = (struct heartbeat){.my_epoch = 77, .my_last = UINT64_MAX};
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(world_alarms(w, OFFICER, "window"), 1);
    heartbeat = (struct heartbeat){.my_epoch = 77};
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(chain_at(&liar).made_ms, 0);
    /* A bundle that nobody has: asked for at the next tick, once, not for each heartbeat. */
    struct talk talk = {.who = OFFICER};
    world_tamper_out(w, overhear, &talk);
    for (int i = 0; i < 20; i++) {
        heartbeat = (struct heartbeat){.bundle_number = UINT64_MAX};
        world_member_beat(&liar, &heartbeat);
    }
    world_pass(w, MINUTES(16));
    assert_int_equal(talk.said[FRAME_BUNDLES_GET], 1);
    assert_int_equal(peer_of(w, OFFICER, SHELTER).epoch, epoch);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_alarms(w, OFFICER, "restored"), 0);
    world_destroy(&w);
}

static void a_heartbeat_said_again_confirms_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct outbox_letter letter = sent_letter(w, OFFICER, SHELTER, 1);
    world_member_init(&liar, w, SHELTER, OFFICER);
    struct heartbeat heartbeat = {.your_epoch = letter.epoch};
    world_member_beat(&liar, &heartbeat);
    world_pass(w, HOURS(20)); /* before the shelter's own */
    heartbeat = (struct heartbeat){.your_epoch = letter.epoch,
        .settled_head = 1,
        .highest_seen = 1,
        .head_link = letter.link};
    liar.heartbeats--;
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(peer_of(w, OFFICER, SHELTER).heartbeat_in, 1001);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_member_beat(&liar, &heartbeat); /* a new one, within a day of the receipt */
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_pass(w, HOURS(3));
    liar.to = OFFICER;
    world_pass(w, HOURS(2));
    world_member_beat(&liar, &heartbeat);
    assert_letter(w, OFFICER, ref, LETTER_STATE_CONFIRMED);
    world_destroy(&w);
}

static void a_peer_that_claims_its_loss_again_and_again_gets_a_letter_once_an_hour(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char refs[5][WORLD_REFERENCE_BYTES];
    for (int i = 0; i < 5; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_pass(w, HOURS(2));
    uint32_t epoch = peer_of(w, OFFICER, SHELTER).epoch;
    world_member_init(&liar, w, SHELTER, OFFICER);
    struct talk talk = {.who = OFFICER};
    world_tamper_out(w, overhear, &talk);
    for (int i = 0; i < 12; i++) { /* it has nothing, it says, every four minutes */
        struct heartbeat heartbeat = {.your_epoch = epoch};
        world_member_beat(&liar, &heartbeat);
        world_pass(w, MINUTES(4));
    }
    assert_in_range(talk.said[FRAME_OFFER], 5, 10);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
        assert_letter(w, OFFICER, refs[i], LETTER_STATE_STORED);
    }
    world_destroy(&w);
}

static void a_heartbeat_that_lists_a_letter_under_way_makes_it_go_again_at_once(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char refs[3][WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    for (int i = 0; i < 3; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_pass(w, MINUTES(30));
    uint32_t epoch = peer_of(w, OFFICER, SHELTER).epoch;
    world_member_init(&liar, w, SHELTER, OFFICER);
    struct talk talk = {.who = OFFICER};
    world_tamper_out(w, overhear, &talk);
    struct heartbeat heartbeat = {
        .your_epoch = epoch, .highest_seen = 3, .n_missing = 1, .missing = {{1, 2}}};
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(talk.said[FRAME_OFFER], 2);
    heartbeat.n_missing = 0;
    heartbeat.your_epoch = epoch - 1; /* of an epoch that is not theirs */
    world_member_beat(&liar, &heartbeat);
    assert_int_equal(talk.said[FRAME_OFFER], 2);
    world_unlock_node(w, SHELTER);
    world_pass(w, HOURS(1));
    for (int i = 0; i < 3; i++)
        assert_int_equal(world_effects(w, SHELTER, refs[i]), 1);
    world_destroy(&w);
}

/* --- bundles: a broker that passes on what a member made ---------------------------------------------------- */

static void give_bundle(struct world *w, size_t to, struct span bundle)
{
    struct frame frame = {.kind = FRAME_BUNDLES};
    frame.bundles.n = 1;
    frame.bundles.bundles = &bundle;
    frame.bundles.mark = post_of(w, to)->facts != NULL ? 1 : 0;
    inject(w, to, &frame);
    world_settle(w);
}

static void bundles_go_forward_and_two_of_one_number_are_an_alarm(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer newer, twin, older;
    world_member_init(&liar, w, SHELTER, OFFICER);
    uint64_t number = peer_of(w, OFFICER, SHELTER).bundle_number;
    assert_true(number > 0);
    world_member_bundle(&liar, number + 5, world_now_ms(w), &newer);
    world_member_bundle(&liar, number + 5, world_now_ms(w), &twin);
    world_member_bundle(&liar, number + 4, world_now_ms(w), &older);
    give_bundle(w, OFFICER, buffer_span(&newer));
    assert_int_equal(peer_of(w, OFFICER, SHELTER).bundle_number, number + 5);
    give_bundle(w, OFFICER, buffer_span(&newer));
    assert_int_equal(world_alarms(w, OFFICER, "bundle"), 0);
    give_bundle(w, OFFICER, buffer_span(&twin));
    assert_int_equal(world_alarms(w, OFFICER, "bundle"), 1);
    give_bundle(w, OFFICER, buffer_span(&older));
    assert_int_equal(peer_of(w, OFFICER, SHELTER).bundle_number, number + 5);
    assert_int_equal(world_alarms(w, OFFICER, "bundle"), 1);
    buffer_release(&newer);
    buffer_release(&twin);
    buffer_release(&older);
    world_destroy(&w);
}

static void a_bundle_of_a_stranger_or_a_forger_is_passed_over_and_asked_for_again(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer forged, strange, far, mine;
    struct sign_public public;
    struct sign_secret secret;
    sign_new_keys(world_chance(w), &public, &secret);
    world_member_init(&liar, w, SHELTER, OFFICER);
    uint64_t number = peer_of(w, OFFICER, SHELTER).bundle_number;
    world_member_bundle(&liar, (uint64_t)INT64_MAX + 1, world_now_ms(w), &far);
    liar.identity = &secret;
    world_member_bundle(&liar, number + 1, world_now_ms(w), &forged);
    world_member_bundle(&liar, number + 1, world_now_ms(w), &strange);
    strange.bytes[8] ^= 1; /* its node id: of nobody */
    liar.from = OFFICER;
    world_member_bundle(&liar, 99, world_now_ms(w), &mine);
    give_bundle(w, OFFICER, buffer_span(&far));
    give_bundle(w, OFFICER, buffer_span(&mine));
    assert_false(facts_get(post_of(w, OFFICER)->facts)->bundles_skipped);
    give_bundle(w, OFFICER, buffer_span(&forged));
    assert_true(facts_get(post_of(w, OFFICER)->facts)->bundles_skipped);
    give_bundle(w, OFFICER, buffer_span(&strange));
    assert_int_equal(peer_of(w, OFFICER, SHELTER).bundle_number, number);
    give_bundle(w, OFFICER, span_text("no bundle"));
    /* A new roster may know them: all are asked for again. */
    struct talk talk = {.who = OFFICER};
    world_tamper_out(w, overhear, &talk);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(16));
    assert_true(talk.said[FRAME_BUNDLES_GET] > 0);
    buffer_release(&forged);
    buffer_release(&strange);
    buffer_release(&far);
    buffer_release(&mine);
    world_destroy(&w);
}

static void letters_under_a_prekey_that_a_newer_bundle_lists_no_more_are_sealed_again(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer bundle;
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    struct outbox_letter before = sent_letter(w, OFFICER, SHELTER, 1);
    assert_int_equal(before.state, LETTER_STATE_HELD);
    world_member_init(&liar, w, SHELTER, OFFICER);
    world_member_bundle(&liar, 50, world_now_ms(w), &bundle);
    give_bundle(w, OFFICER, buffer_span(&bundle));
    struct outbox_letter after = sent_letter(w, OFFICER, SHELTER, 1);
    assert_int_equal(after.seal_no, before.seal_no + 1);
    assert_memory_equal(&after.link, &before.link, sizeof after.link);
    assert_int_equal(held_at_broker(w), 1); /* the old one was recalled */
    world_heal(w, SHELTER);
    world_pass(w, MINUTES(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 0); /* its secret was thrown away */
    assert_int_equal(world_alarms(w, SHELTER, "unreadable"), 1);
    buffer_release(&bundle);
    world_destroy(&w);
}

static void a_broker_that_has_more_bundles_is_asked_for_them(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member member;
    struct buffer bundle;
    struct talk talk = {.who = OFFICER};
    struct frame frame = {.kind = FRAME_BUNDLES};
    world_member_init(&member, w, SHELTER, OFFICER);
    world_member_bundle(&member, 1, world_now_ms(w), &bundle);
    const struct span one = buffer_span(&bundle);
    frame.bundles.n = 1;
    frame.bundles.bundles = &one;
    frame.bundles.mark = 1;
    frame.bundles.more = true;
    world_tamper_out(w, overhear, &talk);
    inject(w, OFFICER, &frame);
    world_settle(w);
    assert_int_equal(talk.said[FRAME_BUNDLES_GET], 1);
    buffer_release(&bundle);
    world_destroy(&w);
}

/* --- quarantine ------------------------------------------------------------------------------------------- */

static void fill_quarantine(struct world *w, size_t i, enum quarantine_why why)
{
    static uint8_t rubbish[BUCKET_LARGE];
    size_t dropped = 0;
    assert_ok(node_begin(world_node(w, i)));
    while (dropped == 0)
        assert_ok(quarantine_put(post_of(w, i)->quarantine, why, 0, world_now_ms(w),
            span_of(rubbish, sizeof rubbish), &dropped));
    assert_ok(node_end(world_node(w, i)));
}

static void rubbish_pushes_out_rubbish_only_and_a_person_is_told(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct sign_public public;
    struct sign_secret stranger;
    char ref[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_refer(&liar, ref);
    fill_quarantine(w, SHELTER, QUARANTINE_REFUSED);
    int64_t full = status_of(w, SHELTER).quarantined;
    for (int i = 0; i < 20;
         i++) { /* two letters under one number, smaller than a row that goes */
        world_member_epoch(&liar, liar.epoch);
        world_member_refer(&liar, ref);
    }
    assert_in_range(status_of(w, SHELTER).quarantined, full, full + 20);
    assert_int_equal(world_alarms(w, SHELTER, "quarantine_full"), 1);
    sign_new_keys(world_chance(w), &public, &stranger);
    liar.identity = &stranger;
    world_member_epoch(&liar, 99);
    world_member_refer(&liar, ref);
    assert_int_equal(status_of(w, SHELTER).parked, 1);
    world_destroy(&w);
}

static void parked_letters_have_a_limit_of_their_own(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member newcomer;
    struct sign_public public;
    struct sign_secret stranger;
    char ref[REFERENCE_BYTES];
    sign_new_keys(world_chance(w), &public, &stranger);
    world_member_init(&newcomer, w, OFFICER, SHELTER);
    newcomer.identity = &stranger;
    fill_quarantine(w, SHELTER, QUARANTINE_PARKED);
    int64_t full = status_of(w, SHELTER).parked;
    for (int i = 0; i < 20; i++)
        world_member_refer(&newcomer, ref);
    assert_in_range(status_of(w, SHELTER).parked, full, full + 20);
    assert_int_equal(world_alarms(w, SHELTER, "quarantine_full"), 1);
    world_destroy(&w);
}

/* --- receipts -------------------------------------------------------------------------------------------- */

/* A letter that the shelter, locked, took and did not open; the liar speaks for it. */
static struct outbox_letter send_to_the_locked(
    struct world *w, struct world_member *liar, char ref[WORLD_REFERENCE_BYTES])
{
    world_member_init(liar, w, SHELTER, OFFICER);
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    return sent_letter(w, OFFICER, SHELTER, 1);
}

static struct receipt stored_receipt(struct world *w, const struct outbox_letter *letter)
{
    return (struct receipt){.status = RECEIPT_STORED,
        .issuer = *world_node_id(w, SHELTER),
        .sender = *world_node_id(w, OFFICER),
        .chain_epoch = letter->epoch,
        .pair_seq = letter->seq,
        .link = letter->link,
        .received_ms = world_now_ms(w),
        .roster_version = 1};
}

static void a_receipt_that_is_not_of_this_letter_or_not_signed_proves_nothing(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[WORLD_REFERENCE_BYTES];
    struct sign_public public;
    struct sign_secret secret;
    sign_new_keys(world_chance(w), &public, &secret);
    struct outbox_letter letter = send_to_the_locked(w, &liar, ref);
    const struct receipt right = stored_receipt(w, &letter);
    for (int lie = 0; lie < 6; lie++) {
        struct receipt receipt = right;
        if (lie == 0)
            receipt.link.bytes[0] ^= 1;
        else if (lie == 1)
            receipt.sender = *world_node_id(w, COORDINATOR);
        else if (lie == 2)
            receipt.pair_seq = 2;
        else if (lie == 3)
            receipt.pair_seq = UINT64_MAX;
        else if (lie == 4)
            receipt.issuer = *world_node_id(w, COORDINATOR);
        else
            receipt.status = RECEIPT_CONFLICT; /* of the very letter: no conflict */
        world_member_tell(&liar, &receipt);
        assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    }
    /* Signed by somebody else, in a letter of its own. */
    uint8_t bytes[RECEIPT_BYTES], body[RECEIPT_BATCH_HEAD_BYTES + RECEIPT_BYTES];
    struct writer writer = writer_over(body, sizeof body);
    struct world_member forger = liar;
    forger.identity = &secret;
    world_member_sign(&forger, &right, bytes);
    const struct span one = span_of(bytes, sizeof bytes);
    receipt_batch_encode(&one, 1, &writer);
    struct letter batch =
        world_member_letter(&liar, LETTER_RECEIPT, writer_span(&writer));
    world_member_post(&liar, &batch);
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    world_member_tell(&liar, &right);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void receipts_tell_what_became_of_a_letter(void **state)
{
    (void)state;
    static const struct {
        enum receipt_status status;
        enum receipt_code code;
        enum letter_state becomes;
    } rows[] = {{RECEIPT_INVALID, RECEIPT_CODE_BODY, LETTER_STATE_INVALID},
        {RECEIPT_LATE, RECEIPT_CODE_NONE, LETTER_STATE_LATE}};
    struct world *w = WORLD();
    struct world_member liar;
    char ref[WORLD_REFERENCE_BYTES];
    struct outbox_letter letter = send_to_the_locked(w, &liar, ref);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct receipt receipt = stored_receipt(w, &letter);
        receipt.status = rows[i].status;
        receipt.code = rows[i].code;
        world_member_tell(&liar, &receipt);
        assert_letter(w, OFFICER, ref, rows[i].becomes);
        receipt = stored_receipt(w, &letter); /* the first word counts */
        world_member_tell(&liar, &receipt);
        assert_letter(w, OFFICER, ref, rows[i].becomes);
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
        world_settle(w);
        letter = sent_letter(w, OFFICER, SHELTER, i + 2);
    }
    world_destroy(&w);
}

static void a_receipt_of_a_suspended_member_does_not_count(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[WORLD_REFERENCE_BYTES];
    struct buffer envelope;
    struct hash link;
    struct outbox_letter letter = send_to_the_locked(w, &liar, ref);
    struct receipt receipt = stored_receipt(w, &letter);
    uint8_t bytes[RECEIPT_BYTES], body[RECEIPT_BATCH_HEAD_BYTES + RECEIPT_BYTES];
    struct writer writer = writer_over(body, sizeof body);
    world_member_sign(&liar, &receipt, bytes);
    const struct span one = span_of(bytes, sizeof bytes);
    receipt_batch_encode(&one, 1, &writer);
    struct letter batch =
        world_member_letter(&liar, LETTER_RECEIPT, writer_span(&writer));
    buffer_init(&envelope, ENVELOPE_BYTES_MAX);
    world_member_seal(&liar, &batch, &envelope, &link);
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    world_settle(w);
    liar.from = COORDINATOR; /* who carries it does not matter */
    world_member_offer(&liar, buffer_span(&envelope));
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    world_unlock_node(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    buffer_release(&envelope);
    world_destroy(&w);
}

static void a_false_conflict_moves_a_letter_to_a_new_epoch_once_a_day_and_no_further(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[WORLD_REFERENCE_BYTES];
    struct outbox_letter letter = send_to_the_locked(w, &liar, ref);
    uint32_t epoch = letter.epoch;
    struct receipt receipt = stored_receipt(w, &letter);
    receipt.status = RECEIPT_CONFLICT;
    receipt.link.bytes[0] ^= 1;
    world_member_tell(&liar, &receipt);
    assert_int_equal(world_alarms(w, OFFICER, "conflict"), 1);
    letter = sent_letter(w, OFFICER, SHELTER, 1);
    assert_true(letter.epoch > epoch);
    receipt.chain_epoch = letter.epoch;
    world_member_tell(&liar, &receipt);
    assert_letter(w, OFFICER, ref, LETTER_STATE_DRAFT);
    assert_string_equal(
        wait_words(last_draft(w, OFFICER).reason), wait_words(WAIT_EPOCH));
    world_unlock_node(w, SHELTER);
    world_pass(w, HOURS(26));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, SHELTER, ref), 1); /* it came three times */
    world_destroy(&w);
}

/* --- members that a roster does not have yet, or no more ---------------------------------------------------- */

/* The officer's new identity stands in the next roster only. */
static void renew_identity(
    struct world *w, struct world_member *member, struct sign_secret *ret_secret)
{
    struct sign_public public;
    struct member *row = world_row(w, OFFICER);
    sign_new_keys(world_chance(w), &public, ret_secret);
    row->previous_identity = row->identity;
    row->identity = public;
    member->identity = ret_secret;
    member->roster_version++;
}

static void a_letter_of_a_member_not_yet_in_my_roster_waits_for_the_roster(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member newcomer;
    struct sign_secret secret;
    char ref[REFERENCE_BYTES];
    world_member_init(&newcomer, w, OFFICER, SHELTER);
    renew_identity(w, &newcomer, &secret);
    world_member_refer(&newcomer, ref);
    assert_int_equal(status_of(w, SHELTER).parked, 1);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(came(&newcomer, 1).id, 0);
    world_roster(
        w, COORDINATOR, MEMBER_ACTIVE, true); /* one that the broker does not have */
    world_pass(w, HOURS(1));
    assert_int_equal(status_of(w, SHELTER).parked, 1);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    assert_int_equal(status_of(w, SHELTER).parked, 0);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(receipted(&newcomer, 1), RECEIPT_STORED);
    world_destroy(&w);
}

static void parked_letters_are_judged_at_the_unlock_when_the_roster_came_while_locked(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member newcomer;
    struct sign_secret secret, stranger;
    struct sign_public public;
    char ref[REFERENCE_BYTES], again[REFERENCE_BYTES], strange[REFERENCE_BYTES];
    sign_new_keys(world_chance(w), &public, &stranger);
    world_member_init(&newcomer, w, OFFICER, SHELTER);
    renew_identity(w, &newcomer, &secret);
    world_member_refer(&newcomer, ref);
    struct world_member twin = newcomer, nobody = newcomer;
    world_member_epoch(&twin, twin.epoch);
    world_member_refer(&twin, again); /* the same number, parked as well */
    nobody.identity = &stranger;
    world_member_refer(&nobody, strange);
    assert_int_equal(status_of(w, SHELTER).parked, 3);
    world_lock_node(w, SHELTER);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    assert_int_equal(status_of(w, SHELTER).parked, 3);
    world_unlock_node(w, SHELTER);
    world_settle(w);
    assert_int_equal(status_of(w, SHELTER).parked, 1);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_effects(w, SHELTER, again), 0);
    assert_int_equal(world_effects(w, SHELTER, strange), 0);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 1);
    world_destroy(&w);
}

static void what_a_letter_says_of_rosters_is_evidence_and_blocks_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    char ref[REFERENCE_BYTES];
    world_member_init(&liar, w, OFFICER, SHELTER);
    liar.roster_hash.bytes[0] ^= 1;
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_alarms(w, SHELTER, "fork"), 1);
    assert_false(
        trust_forked(node_trust(world_node(w, SHELTER)))); /* one member's word */
    liar.roster_version += ROSTER_JUMP_MAX + 1;
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_alarms(w, SHELTER, "roster_ahead"), 1);
    liar.roster_version = 0;
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    struct talk talk = {.who = SHELTER};
    world_tamper_out(w, overhear, &talk);
    liar.roster_version = 3; /* newer than all: asked for once */
    world_member_refer(&liar, ref);
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(talk.said[FRAME_DOCUMENT_GET], 1);
    world_destroy(&w);
}

static void mail_of_a_suspended_member_waits_for_a_person_and_is_not_answered(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar, courier;
    char ref[REFERENCE_BYTES], known[REFERENCE_BYTES];
    struct buffer body, envelope, twin;
    struct hash link;
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_init(&courier, w, COORDINATOR, SHELTER);
    world_member_refer(&liar, known);
    struct world_member other = liar;
    world_member_referral(&liar, ref, &body);
    struct letter letter =
        world_member_letter(&liar, LETTER_REFERRAL, buffer_span(&body));
    buffer_init(&envelope, ENVELOPE_BYTES_MAX);
    world_member_seal(&liar, &letter, &envelope, &link);
    world_member_epoch(&other, other.epoch);
    letter = world_member_letter(&other, LETTER_REFERRAL, buffer_span(&body));
    buffer_init(&twin, ENVELOPE_BYTES_MAX);
    world_member_seal(&other, &letter, &twin, &link);
    world_roster(w, OFFICER, MEMBER_SUSPENDED, false);
    struct talk talk = {.who = SHELTER};
    world_tamper_out(w, overhear, &talk);
    world_member_offer(&courier, buffer_span(&envelope)); /* sealed before */
    world_member_offer(&courier, buffer_span(&twin));     /* another one under number 1 */
    world_settle(w);
    assert_int_equal(came(&liar, 2).state, INBOX_QUARANTINED);
    assert_int_equal(came(&liar, 2).how, SETTLED_QUARANTINE);
    assert_int_equal(chain_at(&liar).head, 2);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(world_alarms(w, SHELTER, "suspended_sender"), 1);
    assert_int_equal(world_alarms(w, SHELTER, "conflict"), 1);
    assert_int_equal(talk.said[FRAME_OFFER], 0);
    world_member_offer(&courier, buffer_span(&envelope));
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_member_offer(&courier, buffer_span(&envelope));
    world_settle(w);
    assert_int_equal(receipted(&liar, 2), 0);
    assert_int_equal(world_effects(w, SHELTER, ref), 0); /* until somebody releases it */
    buffer_release(&body);
    buffer_release(&envelope);
    buffer_release(&twin);
    world_destroy(&w);
}

static void two_members_whose_clocks_stand_at_the_end_of_time_stop_nobody(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liars[2];
    char ref[WORLD_REFERENCE_BYTES], back[WORLD_REFERENCE_BYTES];
    world_member_init(&liars[0], w, SHELTER, OFFICER);
    world_member_init(&liars[1], w, COORDINATOR, OFFICER);
    for (size_t i = 0; i < 2; i++) {
        struct letter letter =
            world_member_letter(&liars[i], LETTER_RESYNC, span_of(NULL, 0));
        letter.created_ms = TIME_MS_MAX;
        world_member_post(&liars[i], &letter);
    }
    world_pass(w, DAYS(1));
    assert_in_range(post_now(post_of(w, OFFICER)), world_now_ms(w), world_now_ms(w) + 1);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, back);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_effects(w, OFFICER, back), 1);
    /* Without a broker to ask the two are believed, and letters are sealed all the same. */
    world_cut(w, OFFICER);
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    assert_true(post_now(post_of(w, OFFICER)) > world_now_ms(w) + DAYS(400));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    world_heal(w, OFFICER);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    /* Who was suspended is no witness any more. */
    world_roster(w, COORDINATOR, MEMBER_SUSPENDED, false);
    world_pass(w, MINUTES(1));
    world_cut(w, OFFICER);
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    assert_in_range(post_now(post_of(w, OFFICER)), world_now_ms(w), world_now_ms(w) + 1);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_letters_of_a_liar_under_one_number_have_one_effect),
        cmocka_unit_test(a_letter_whose_link_does_not_fit_its_neighbours_has_no_effect),
        cmocka_unit_test(a_number_far_ahead_is_evidence_and_not_a_gap),
        cmocka_unit_test(the_seventeenth_epoch_of_a_year_is_not_taken),
        cmocka_unit_test(a_kind_that_the_senders_role_does_not_send_is_invalid),
        cmocka_unit_test(a_referral_for_what_the_receivers_role_does_not_give_is_invalid),
        cmocka_unit_test(what_cannot_be_understood_is_kept_as_invalid),
        cmocka_unit_test(a_letter_that_moved_to_a_new_epoch_has_one_effect),
        cmocka_unit_test(a_letter_that_comes_after_its_lifetime_is_kept_as_late),
        cmocka_unit_test(a_list_of_voids_settles_what_did_not_come_and_nothing_else),
        cmocka_unit_test(a_letter_waits_for_the_one_it_builds_on),
        cmocka_unit_test(
            a_letter_that_waited_for_a_day_is_shown_and_a_gap_of_a_week_is_an_alarm),
        cmocka_unit_test(a_gap_that_could_not_be_asked_for_is_asked_for_at_the_next_tick),
        cmocka_unit_test(a_letter_that_waited_and_cannot_be_understood_is_an_alarm),
        cmocka_unit_test(
            a_letter_that_waits_when_its_sender_is_suspended_waits_for_a_person),
        cmocka_unit_test(the_gap_of_a_member_that_is_gone_is_closed_and_listed),
        cmocka_unit_test(
            a_heartbeat_that_knows_numbers_never_given_moves_its_own_pair_only),
        cmocka_unit_test(lies_in_a_heartbeat_change_nothing_that_a_person_sees),
        cmocka_unit_test(a_heartbeat_said_again_confirms_nothing),
        cmocka_unit_test(
            a_peer_that_claims_its_loss_again_and_again_gets_a_letter_once_an_hour),
        cmocka_unit_test(
            a_heartbeat_that_lists_a_letter_under_way_makes_it_go_again_at_once),
        cmocka_unit_test(bundles_go_forward_and_two_of_one_number_are_an_alarm),
        cmocka_unit_test(
            a_bundle_of_a_stranger_or_a_forger_is_passed_over_and_asked_for_again),
        cmocka_unit_test(
            letters_under_a_prekey_that_a_newer_bundle_lists_no_more_are_sealed_again),
        cmocka_unit_test(a_broker_that_has_more_bundles_is_asked_for_them),
        cmocka_unit_test(rubbish_pushes_out_rubbish_only_and_a_person_is_told),
        cmocka_unit_test(parked_letters_have_a_limit_of_their_own),
        cmocka_unit_test(
            a_receipt_that_is_not_of_this_letter_or_not_signed_proves_nothing),
        cmocka_unit_test(receipts_tell_what_became_of_a_letter),
        cmocka_unit_test(a_receipt_of_a_suspended_member_does_not_count),
        cmocka_unit_test(
            a_false_conflict_moves_a_letter_to_a_new_epoch_once_a_day_and_no_further),
        cmocka_unit_test(a_letter_of_a_member_not_yet_in_my_roster_waits_for_the_roster),
        cmocka_unit_test(
            parked_letters_are_judged_at_the_unlock_when_the_roster_came_while_locked),
        cmocka_unit_test(what_a_letter_says_of_rosters_is_evidence_and_blocks_nothing),
        cmocka_unit_test(
            mail_of_a_suspended_member_waits_for_a_person_and_is_not_answered),
        cmocka_unit_test(two_members_whose_clocks_stand_at_the_end_of_time_stop_nobody),
    };
    return cmocka_run_group_tests_name("members", tests, NULL, NULL);
}
