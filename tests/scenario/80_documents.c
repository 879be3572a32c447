/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed documents on their way, in both directions, and a broker that plays with them (PROTOCOL.md 5, 5a, 7.2).
 */
#include "inside.h"

enum { CROWD = 400 }; /* a roster of four parts, profiles of two */

static uint64_t version_at(struct world *w, size_t i, enum document_type type)
{
    return trust_version(node_trust(world_node(w, i)), type);
}

/* The next frames of that kind to the officer are lost, or changed. */
struct hand {
    enum frame_kind kind;
    enum document_type type; /* 0: any */
    int skip, left, done;
    bool drop;
    void (*change)(struct frame *frame);
};

static bool play(void *context, size_t i, struct buffer *bytes)
{
    struct hand *hand = context;
    struct frame frame;
    if (i != OFFICER || hand->left == 0 || !read_frame(buffer_span(bytes), &frame) ||
        frame.kind != hand->kind ||
        (frame.kind == FRAME_DOCUMENT && hand->type != 0 &&
            frame.document.type != hand->type) ||
        hand->skip-- > 0)
        return true;
    hand->skip = 0;
    hand->left--;
    hand->done++;
    if (hand->drop)
        return false;
    hand->change(&frame);
    assert_ok(frame_encode(&frame, bytes));
    return true;
}

static void reconnect(struct world *w, size_t i)
{
    world_cut(w, i);
    world_heal(w, i);
    world_settle(w);
}

static void inject_part(struct world *w, enum document_type type, uint64_t version,
    struct span document, size_t offset, size_t n)
{
    struct frame frame = {.kind = FRAME_DOCUMENT};
    frame.document.type = type;
    frame.document.version = version;
    frame.document.total_bytes = (uint32_t)document.n;
    frame.document.offset = (uint32_t)offset;
    frame.document.part = span_of(document.at + offset, n);
    inject(w, OFFICER, &frame);
}

/* --- from the broker -------------------------------------------------------------------------------------------- */

static void roots_come_one_by_one_before_what_is_signed_under_them(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, OFFICER);
    world_root(w, false);
    assert_int_equal(world_root(w, false), 3);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_notice(w, COORDINATOR);
    world_tamper_out(w, overhear, &talk);
    world_heal(w, OFFICER);
    world_pass(w, MINUTES(1));
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROOT), 3);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROSTER), 2);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_PROFILES), 2);
    assert_true(version_at(w, OFFICER, DOCUMENT_NOTICE) > 0);
    assert_int_equal(talk.said[FRAME_DOCUMENT_GET], 5);
    /* Those who were there had them pushed. */
    assert_int_equal(version_at(w, SHELTER, DOCUMENT_ROOT), 3);
    assert_int_equal(version_at(w, SHELTER, DOCUMENT_ROSTER), 2);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_roster_under_a_root_that_i_lack_makes_me_ask_for_the_root(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct hand hand = {
        .kind = FRAME_DOCUMENT, .type = DOCUMENT_ROOT, .left = 1, .drop = true};
    world_tamper(w, play, &hand);
    world_root(w, false); /* pushed, and lost */
    assert_int_equal(hand.done, 1);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROOT), 2);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROSTER), 2);
    world_destroy(&w);
}

static void long_documents_come_in_parts_to_all(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_crowd(w, CROWD);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    assert_true(world_roster_bytes(w, 2).n > 3 * PART_BYTES_MAX);
    world_pass(w, MINUTES(1));
    for (size_t i = 0; i < CAST; i++) {
        assert_int_equal(version_at(w, i, DOCUMENT_ROSTER), 2);
        assert_int_equal(version_at(w, i, DOCUMENT_PROFILES), 2);
    }
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_transfer_that_breaks_in_the_middle_begins_anew_in_the_next_session(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct hand hand = {.kind = FRAME_DOCUMENT,
        .type = DOCUMENT_ROSTER,
        .skip = 2,
        .left = 1,
        .drop = true};
    world_crowd(w, CROWD);
    world_tamper(w, play, &hand);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    assert_int_equal(hand.done, 1);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROSTER), 1);
    assert_int_equal(post_of(w, OFFICER)->documents.parts.used, 2 * PART_BYTES_MAX);
    reconnect(w, OFFICER);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROSTER), 2);
    assert_null(post_of(w, OFFICER)->documents.parts.bytes);
    world_destroy(&w);
}

static void spoil_a_byte(struct frame *frame)
{
    static uint8_t copy[PART_BYTES_MAX];
    memcpy(copy, frame->document.part.at, frame->document.part.n);
    copy[frame->document.part.n / 2] ^= 1;
    frame->document.part.at = copy;
}

static void a_document_that_is_not_signed_as_it_must_be_is_not_asked_for_again(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    static const enum document_type types[] = {
        DOCUMENT_ROSTER, DOCUMENT_PROFILES, DOCUMENT_NOTICE, DOCUMENT_ROOT};
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        struct hand hand = {
            .kind = FRAME_DOCUMENT, .type = types[i], .left = -1, .change = spoil_a_byte};
        uint64_t before = version_at(w, OFFICER, types[i]);
        world_tamper(w, play, &hand);
        if (types[i] == DOCUMENT_NOTICE)
            world_notice(w, COORDINATOR);
        else if (types[i] == DOCUMENT_ROOT)
            world_root(w, false);
        else
            world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
        world_pass(w, MINUTES(1));
        assert_in_range(hand.done, 1, 3);
        assert_int_equal(version_at(w, OFFICER, types[i]), before);
        world_tamper(w, NULL, NULL);
        reconnect(w, OFFICER);
        assert_true(version_at(w, OFFICER, types[i]) > before);
    }
    world_destroy(&w);
}

static void parts_that_nobody_asked_for_or_out_of_order_change_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    world_crowd(w, CROWD);
    uint64_t version = world_roster(w, COORDINATOR, MEMBER_ACTIVE, true);
    struct span roster = world_roster_bytes(w, version);
    world_tamper_out(w, overhear, &talk);
    inject_part(w, DOCUMENT_ROSTER, version, roster, PART_BYTES_MAX, 1000); /* no begin */
    world_settle(w);
    assert_int_equal(talk.said[FRAME_DOCUMENT_GET], 0);
    inject_part(w, DOCUMENT_ROSTER, version, roster, 0, 1000);
    world_settle(w);
    /* The rest is asked for; the broker does not have it, and says so. */
    assert_int_equal(talk.said[FRAME_DOCUMENT_GET], 1);
    inject_part(w, DOCUMENT_ROSTER, version, roster, 1000, 1000); /* given up */
    world_settle(w);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROSTER), 1);
    /* Handed over whole, in order, by who answers at once. */
    inject_part(w, DOCUMENT_ROSTER, version, roster, 0, PART_BYTES_MAX);
    inject_part(w, DOCUMENT_ROSTER, version + 1, roster, PART_BYTES_MAX, 100);
    inject_part(w, DOCUMENT_PROFILES, version, roster, PART_BYTES_MAX, 100);
    inject_part(w, DOCUMENT_ROSTER, version, roster, 2 * PART_BYTES_MAX, 100);
    inject_part(w, DOCUMENT_ROSTER, version, roster, PART_BYTES_MAX, PART_BYTES_MAX);
    inject_part(w, DOCUMENT_ROSTER, version, roster, 2 * PART_BYTES_MAX, PART_BYTES_MAX);
    inject_part(w, DOCUMENT_ROSTER, version, roster, 3 * PART_BYTES_MAX,
        roster.n - 3 * PART_BYTES_MAX);
    world_settle(w);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROSTER), version);
    /* The broker is told of it, by a node that knows more. */
    reconnect(w, OFFICER);
    world_pass(w, MINUTES(1));
    assert_int_equal(version_at(w, SHELTER, DOCUMENT_ROSTER), version);
    world_destroy(&w);
}

static void a_document_of_a_size_that_cannot_be_ends_the_link(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    static uint8_t bytes[8];
    struct frame frame = {.kind = FRAME_DOCUMENT};
    frame.document.type = DOCUMENT_ROOT;
    frame.document.version = 2;
    frame.document.total_bytes = ROOT_BYTES_MAX;
    frame.document.part = span_of(bytes, sizeof bytes);
    world_tamper_out(w, overhear, &talk);
    inject(w, OFFICER, &frame); /* as long as may be: the rest is asked for */
    world_settle(w);
    assert_int_equal(talk.said[FRAME_DOCUMENT_GET], 1);
    assert_int_equal(talk.said[FRAME_HELLO], 0);
    world_destroy(&w);
}

/* --- to the broker ----------------------------------------------------------------------------------------------- */

static void give_to_officer(
    struct world *w, struct span roots, struct span roster, struct span profiles)
{
    struct node *officer = world_node(w, OFFICER);
    struct node_join request = {.roots = roots,
        .roster = roster,
        .profiles = profiles,
        .endpoint = node_endpoint(officer)};
    memcpy(request.broker_key, node_broker_key(officer), sizeof request.broker_key);
    struct trouble trouble = {""};
    enum status status = node_join(officer, &request, &trouble);
    if (status != STATUS_OK)
        print_error("join: %s\n", trouble.text);
    assert_ok(status);
}

static void a_node_hands_over_what_its_broker_lacks(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct broker_status status;
    world_crowd(w, CROWD);
    world_root(w, true);
    uint64_t version = world_roster(w, COORDINATOR, MEMBER_ACTIVE, true);
    give_to_officer(w, world_roots(w), world_roster_bytes(w, version),
        world_profiles_bytes(w, version));
    reconnect(w, OFFICER);
    world_pass(w, MINUTES(1));
    broker_status(world_broker(w), &status);
    assert_int_equal(status.root_version, 2);
    assert_int_equal(status.roster_version, version);
    assert_int_equal(status.profiles_version, version);
    assert_int_equal(version_at(w, SHELTER, DOCUMENT_ROSTER), version);
    assert_int_equal(version_at(w, SHELTER, DOCUMENT_PROFILES), version);
    world_destroy(&w);
}

static void a_notice_outlives_the_brokers_disk(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_notice(w, SHELTER);
    world_pass(w, MINUTES(1));
    world_stop_broker(w);
    world_burn_broker_disk(w);
    world_start_broker(w);
    world_pass(w, MINUTES(1));
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, MINUTES(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_BLOCKED);
    struct frame get = {.kind = FRAME_DOCUMENT_GET};
    get.document_get.type = DOCUMENT_NOTICE;
    struct talk talk = {.who = COORDINATOR};
    world_tamper_out(w, overhear, &talk);
    inject(w, COORDINATOR, &get);
    get.document_get.type = DOCUMENT_ROSTER;
    get.document_get.version = 99; /* nobody has it */
    inject(w, COORDINATOR, &get);
    get.document_get.version = 1;
    get.document_get.offset = 1000000; /* behind its end */
    inject(w, COORDINATOR, &get);
    world_settle(w);
    assert_int_equal(talk.said[FRAME_DOCUMENT], 1);
    world_destroy(&w);
}

static void a_broker_that_asks_for_documents_without_end_is_given_a_few(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    struct frame get = {.kind = FRAME_DOCUMENT_GET};
    get.document_get.type = DOCUMENT_ROSTER;
    world_crowd(w, CROWD);
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(1));
    world_tamper_out(w, overhear, &talk);
    for (int i = 0; i < 500; i++)
        inject(w, OFFICER, &get); /* heard in one turn */
    world_settle(w);
    assert_in_range(talk.said[FRAME_DOCUMENT], 1, 16);
    world_destroy(&w);
}

/* --- a broker's word ---------------------------------------------------------------------------------------------- */

static void name_a_newer_roster(struct frame *frame)
{
    frame->welcome.roster_version += 5;
}

static void a_roster_that_is_named_and_withheld_is_an_alarm_and_mail_goes_on(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    struct hand word = {.kind = FRAME_WELCOME, .left = 1, .change = name_a_newer_roster};
    struct hand silence = {.kind = FRAME_REFUSED, .left = -1, .drop = true};
    world_tamper(w, play, &word);
    world_cut(w, OFFICER);
    world_heal(w, OFFICER);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, ref);
    /* WELCOME is heard in the first round of frames, the refusal would come in the second. */
    for (int i = 0; i < 20 && word.done == 0; i++)
        world_step(w);
    assert_int_equal(word.done, 1);
    world_tamper(w, play, &silence);
    world_settle(w);
    assert_int_equal(silence.done, 1);
    world_pass(w, MINUTES(55));
    assert_int_equal(world_effects(w, OFFICER, ref), 0); /* mail waits for the roster */
    assert_int_equal(world_alarms(w, OFFICER, "roster_withheld"), 0);
    world_pass(w, MINUTES(6));
    assert_int_equal(world_effects(w, OFFICER, ref), 1);
    assert_int_equal(world_alarms(w, OFFICER, "roster_withheld"), 1);
    world_destroy(&w);
}

static void a_roster_that_is_named_and_denied_is_an_alarm_at_once(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    struct hand word = {.kind = FRAME_WELCOME, .left = 1, .change = name_a_newer_roster};
    world_tamper(w, play, &word);
    reconnect(w, OFFICER);
    assert_int_equal(word.done, 1);
    assert_int_equal(world_alarms(w, OFFICER, "roster_withheld"), 1);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, ref);
    world_settle(w);
    assert_int_equal(world_effects(w, OFFICER, ref), 1);
    world_destroy(&w);
}

static void name_an_older_roster(struct frame *frame)
{
    frame->welcome.roster_version = 1;
}

static void a_broker_whose_word_goes_back_is_an_alarm(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct hand word = {.kind = FRAME_WELCOME, .left = 1, .change = name_an_older_roster};
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    reconnect(w, OFFICER);
    assert_int_equal(world_alarms(w, OFFICER, "older_roster"), 0);
    world_tamper(w, play, &word);
    reconnect(w, OFFICER);
    assert_int_equal(word.done, 1);
    assert_int_equal(world_alarms(w, OFFICER, "older_roster"), 1);
    assert_int_equal(version_at(w, OFFICER, DOCUMENT_ROSTER), 2);
    /* A broker with another disk may have less. */
    world_stop_broker(w);
    world_burn_broker_disk(w);
    world_start_broker(w);
    world_pass(w, MINUTES(1));
    assert_int_equal(world_alarms(w, OFFICER, "older_roster"), 1);
    world_destroy(&w);
}

static void name_another_hash(struct frame *frame)
{
    frame->welcome.roster_hash[0] ^= 1;
}

static void another_hash_of_my_version_is_looked_into_and_proves_nothing_alone(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct talk talk = {.who = OFFICER};
    struct hand word = {.kind = FRAME_WELCOME, .left = 1, .change = name_another_hash};
    world_tamper(w, play, &word);
    world_tamper_out(w, overhear, &talk);
    reconnect(w, OFFICER);
    assert_int_equal(word.done, 1);
    assert_int_equal(talk.said[FRAME_DOCUMENT_GET], 1);
    assert_int_equal(world_alarms(w, OFFICER, "fork"), 0);
    assert_false(trust_forked(node_trust(world_node(w, OFFICER))));
    assert_int_equal(post_of(w, OFFICER)->uplink.state, UPLINK_OPEN);
    world_destroy(&w);
}

static struct span the_fork; /* what the hand puts into the broker's answer */

static void give_the_fork(struct frame *frame)
{
    frame->document.part = the_fork;
    frame->document.total_bytes = (uint32_t)the_fork.n;
}

static void a_fork_that_the_broker_shows_stops_sealing_and_a_new_root_settles_it(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], to_it[WORLD_REFERENCE_BYTES];
    struct buffer fork;
    struct hand word = {.kind = FRAME_WELCOME, .left = 1, .change = name_another_hash};
    struct hand proof = {.kind = FRAME_DOCUMENT, .left = 1, .change = give_the_fork};
    buffer_init(&fork, ROSTER_BYTES_MAX);
    world_fork_roster(w, &fork);
    the_fork = buffer_span(&fork);
    world_tamper(w, play, &word);
    world_cut(w, OFFICER);
    world_heal(w, OFFICER);
    for (int i = 0; i < 20 && word.done == 0; i++)
        world_step(w);
    world_tamper(w, play, &proof);
    world_settle(w);
    assert_int_equal(proof.done, 1);
    assert_true(trust_forked(node_trust(world_node(w, OFFICER))));
    assert_int_equal(world_alarms(w, OFFICER, "fork"), 1);
    world_tamper(w, NULL, NULL);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, to_it);
    world_pass(w, HOURS(1));
    assert_letter(w, OFFICER, ref, LETTER_STATE_DRAFT);
    assert_string_equal(wait_words(last_draft(w, OFFICER).reason), wait_words(WAIT_FORK));
    assert_int_equal(world_effects(w, OFFICER, to_it), 1);
    world_root(w, false); /* the stewards have found out who signed twice */
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(1));
    assert_false(trust_forked(node_trust(world_node(w, OFFICER))));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    buffer_release(&fork);
    world_destroy(&w);
}

static void a_roster_that_comes_while_mail_is_under_way_is_judged_first(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    struct hand hold = {
        .kind = FRAME_DOCUMENT, .type = DOCUMENT_ROSTER, .left = 1, .drop = true};
    world_tamper(w, play, &hold);
    world_crowd(w, CROWD);
    uint64_t version = world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    assert_int_equal(hold.done, 1);
    /* Its first part, from who then says no more: OPEN falls back, and opens after an hour. */
    struct span roster = world_roster_bytes(w, version);
    struct hand silence = {.kind = FRAME_DOCUMENT, .left = -1, .drop = true};
    inject_part(w, DOCUMENT_ROSTER, version, roster, 0, PART_BYTES_MAX);
    world_tamper(w, NULL, NULL);
    world_step(w);
    world_tamper(w, play, &silence);
    world_settle(w);
    assert_int_equal(post_of(w, OFFICER)->uplink.state, UPLINK_CATCHING_UP);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, MINUTES(30));
    assert_letter(w, OFFICER, ref, LETTER_STATE_SEALED);
    world_pass(w, MINUTES(35));
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_alarms(w, OFFICER, "roster_withheld"), 1);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_come_one_by_one_before_what_is_signed_under_them),
        cmocka_unit_test(a_roster_under_a_root_that_i_lack_makes_me_ask_for_the_root),
        cmocka_unit_test(long_documents_come_in_parts_to_all),
        cmocka_unit_test(
            a_transfer_that_breaks_in_the_middle_begins_anew_in_the_next_session),
        cmocka_unit_test(
            a_document_that_is_not_signed_as_it_must_be_is_not_asked_for_again),
        cmocka_unit_test(parts_that_nobody_asked_for_or_out_of_order_change_nothing),
        cmocka_unit_test(a_document_of_a_size_that_cannot_be_ends_the_link),
        cmocka_unit_test(a_node_hands_over_what_its_broker_lacks),
        cmocka_unit_test(a_notice_outlives_the_brokers_disk),
        cmocka_unit_test(a_broker_that_asks_for_documents_without_end_is_given_a_few),
        cmocka_unit_test(
            a_roster_that_is_named_and_withheld_is_an_alarm_and_mail_goes_on),
        cmocka_unit_test(a_roster_that_is_named_and_denied_is_an_alarm_at_once),
        cmocka_unit_test(a_broker_whose_word_goes_back_is_an_alarm),
        cmocka_unit_test(
            another_hash_of_my_version_is_looked_into_and_proves_nothing_alone),
        cmocka_unit_test(
            a_fork_that_the_broker_shows_stops_sealing_and_a_new_root_settles_it),
        cmocka_unit_test(a_roster_that_comes_while_mail_is_under_way_is_judged_first),
    };
    return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
