/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealing and opening between honest members; test_seal_attack.c has the others. Built a second time with
 * the odd suite.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bug.h"
#include "memory.h"
#include "seal_kit.h"
#include "vault.h"

static void seal__opens_what_it_sealed_in_every_bucket_and_lane(void **state)
{
    (void)state;
    for (size_t i = 0; i < KIT_N_CASES; i++) {
        struct kit kit;
        kit_init(&kit, 80 + i);
        struct span body = kit_body(KIT_CASES[i].body_bytes);
        kit_seal(&kit, body, KIT_CASES[i].lane);
        assert_int_equal(kit.envelope.used,
            envelope_bytes(suite_find(KIT_SUITE), KIT_CASES[i].bucket));
        assert_int_equal(kit_break(&kit), STATUS_OK);
        assert_int_equal(kit.step, SEAL_STEP_DONE);
        assert_true(span_equal(kit.opened.body, body));
        assert_int_equal(kit.opened.header.lane, KIT_CASES[i].lane);
        assert_int_equal(kit.plain.used, KIT_CASES[i].bucket);
        kit_release(&kit);
    }
}

static void seal__gives_the_recipient_every_field_of_the_letter(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 1);
    struct letter letter = kit_letter(&kit, span_text("words"));
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    letter.kind = LETTER_ANSWER;
    letter.pair_seq = 9;
    letter.after_back = 2;
    sealing.seal_no = 3;
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_OK);
    assert_int_equal(kit_break(&kit), STATUS_OK);
    const struct opened *opened = &kit.opened;
    assert_int_equal(opened->inner.kind, LETTER_ANSWER);
    assert_int_equal(opened->inner.seal_no, 3);
    assert_int_equal(opened->inner.pair_seq, 9);
    assert_int_equal(opened->inner.after_back, 2);
    assert_int_equal(opened->inner.created_ms, letter.created_ms);
    assert_int_equal(opened->inner.lifetime_s, letter.lifetime_s);
    assert_int_equal(opened->inner.chain_epoch, letter.chain_epoch);
    assert_true(hash_equal(&opened->inner.prev_link, &letter.prev_link));
    assert_true(ident_equal(&opened->inner.item_id, &letter.item_id));
    assert_int_equal(opened->inner.roster_version, 7);
    assert_true(hash_equal(&opened->inner.roster_hash, &sealing.roster_hash));
    assert_true(sign_public_equal(&opened->inner.sender, &kit.sender.member.identity));
    assert_true(ident_equal(&opened->header.msg_id, &kit.msg_id));
    assert_true(ident_equal(&opened->header.queue_id, &kit.recipient.member.queue_id));
    assert_ptr_equal(opened->sender, &kit.sender.member);
    assert_int_equal(opened->standing, STANDING_ACTIVE);
    assert_int_equal(opened->roster, ROSTER_SAME);
    assert_true(hash_equal(&opened->link, &kit.link));
    struct hash commit = body_commit(letter.body_salt, letter.body);
    struct hash envelope = hash_of(buffer_span(&kit.envelope));
    assert_true(hash_equal(&opened->body_commit, &commit));
    assert_true(hash_equal(&opened->envelope, &envelope));
    kit_release(&kit);
}

static void seal__pads_to_the_bucket_that_was_asked_for(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 2);
    struct letter letter = kit_letter(&kit, span_text("words"));
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    sealing.min_bucket = BUCKET_MIDDLE;
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_OK);
    assert_int_equal(
        kit.envelope.used, envelope_bytes(suite_find(KIT_SUITE), BUCKET_MIDDLE));
    assert_int_equal(kit_break(&kit), STATUS_OK);
    assert_true(span_equal(kit.opened.body, span_text("words")));
    kit_release(&kit);
}

static void seal__holds_an_empty_body(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 3);
    kit_seal(&kit, span_of(NULL, 0), LANE_NORMAL);
    assert_int_equal(kit_break(&kit), STATUS_OK);
    assert_int_equal(kit.opened.body.n, 0);
    kit_release(&kit);
}

static void seal__again_keeps_number_link_and_commitment(void **state)
{
    (void)state;
    struct kit kit;
    struct buffer first;
    kit_init(&kit, 4);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    assert_int_equal(kit_break(&kit), STATUS_OK);
    struct opened before = kit.opened;
    struct hash link = kit.link;
    struct ident msg_id = kit.msg_id;
    buffer_init(&first, ENVELOPE_BYTES_MAX);
    assert_int_equal(
        buffer_put(&first, kit.envelope.bytes, kit.envelope.used), STATUS_OK);

    struct letter letter = kit_letter(&kit, span_text("words"));
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    sealing.seal_no = 1;
    sealing.lane = LANE_EXPRESS;
    sealing.roster_version = 6;
    sealing.roster_hash = kit.trust.rosters[1].hash;
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_OK);
    assert_int_equal(kit_break(&kit), STATUS_OK);
    assert_true(hash_equal(&kit.link, &link));
    assert_true(hash_equal(&kit.opened.link, &link));
    assert_true(hash_equal(&kit.opened.body_commit, &before.body_commit));
    assert_false(ident_equal(&kit.msg_id, &msg_id));
    assert_false(span_equal(buffer_span(&kit.envelope), buffer_span(&first)));
    buffer_release(&first);
    kit_release(&kit);
}

static void seal__gives_an_unnumbered_kind_no_link(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 5);
    struct letter letter = {.kind = LETTER_HEARTBEAT, .created_ms = KIT_NOW_MS};
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    letter.body = span_text("beat");
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_OK);
    assert_true(hash_is_zero(&kit.link));
    assert_int_equal(kit_break(&kit), STATUS_OK);
    assert_true(hash_is_zero(&kit.opened.link));
    assert_int_equal(kit.opened.inner.pair_seq, 0);
    kit_release(&kit);
}

static void seal__refuses_a_body_beyond_the_largest_bucket(void **state)
{
    (void)state;
    struct kit kit;
    static const uint8_t lots[BODY_BYTES_MAX + 1];
    kit_init(&kit, 6);
    struct letter letter = kit_letter(&kit, span_of(lots, sizeof lots));
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_TOO_BIG);
    assert_int_equal(kit.envelope.used, 0);
    assert_true(ident_is_zero(&kit.msg_id));
    letter.body.n = 5;
    kit.envelope.max = 2000;
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_TOO_BIG);
    assert_true(ident_is_zero(&kit.msg_id));
    kit_release(&kit);
}

static void seal__refuses_a_suite_that_this_build_lacks(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 7);
    kit.recipient.bundle.suite = 0x0123;
    struct letter letter = kit_letter(&kit, span_text("words"));
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_UNSUPPORTED);
    assert_int_equal(kit.envelope.used, 0);
    kit_release(&kit);
}

static void seal__refuses_a_prekey_of_low_order(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 8);
    memset(kit.recipient.bundle.prekeys[0].public_key, 0, SUITE_PUBLIC_MAX);
    struct letter letter = kit_letter(&kit, span_text("words"));
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    assert_int_equal(seal_apply(&kit.sender.sealer, &letter, &sealing, &kit.envelope,
                         &kit.msg_id, &kit.link),
        STATUS_FORGED);
    assert_int_equal(kit.envelope.used, 0);
    kit_release(&kit);
}

/* A key or queue was changed while letters to the old one were under way. */
static void seal__opens_for_the_previous_queue_and_identity(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 9);
    struct person *me = &kit.recipient;
    struct sign_public previous = sign_public_of(&me->previous_secret);
    struct ident queue = me->member.queue_id;
    struct sign_public identity = me->member.identity;
    me->member.queue_id = me->member.previous_queue_id;
    me->member.identity = previous;
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    me->member.previous_queue_id = me->member.queue_id;
    me->member.queue_id = queue;
    me->member.identity = identity;
    assert_int_equal(kit_break(&kit), STATUS_FORGED);
    assert_int_equal(kit.step, SEAL_STEP_SIGNATURE);
    me->sealer.previous_identity = &previous;
    assert_int_equal(kit_break(&kit), STATUS_OK);
    kit_release(&kit);
}

static void seal__tells_what_the_roster_thinks_of_the_sender(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 10);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    const enum standing standings[] = {
        STANDING_ACTIVE, STANDING_SUSPENDED, STANDING_REVOKED};
    for (size_t i = 0; i < ARRAY_LENGTH(standings); i++) {
        kit.trust.standings[0] = standings[i];
        assert_int_equal(kit_break(&kit), STATUS_OK);
        assert_int_equal(kit.opened.standing, standings[i]);
        assert_ptr_equal(kit.opened.sender, &kit.sender.member);
    }
    kit_release(&kit);
}

static void seal__opens_a_strangers_letter_without_a_link(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 11);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    kit.trust.members[0] = NULL;
    assert_int_equal(kit_break(&kit), STATUS_OK);
    assert_int_equal(kit.opened.standing, STANDING_UNKNOWN);
    assert_null(kit.opened.sender);
    assert_true(hash_is_zero(&kit.opened.link));
    kit_release(&kit);
}

static void seal__judges_a_parked_letter_again_from_what_was_kept(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 12);
    kit_seal(&kit, span_text("words"), LANE_EXPRESS);
    kit.trust.members[0] = NULL;
    assert_int_equal(kit_break(&kit), STATUS_OK);
    struct opened parked = kit.opened, judged;
    struct span header = span_of(
        kit.envelope.bytes, HEADER_FIXED_BYTES + suite_find(KIT_SUITE)->enc_bytes);
    kit.trust.members[0] = &kit.sender.member; /* the newer roster knows the sender */
    assert_int_equal(
        seal_judge(&kit.recipient.sealer, &kit.trust, header, buffer_span(&kit.plain),
            &parked.envelope, KIT_NOW_MS, &judged, &kit.step),
        STATUS_OK);
    assert_int_equal(kit.step, SEAL_STEP_DONE);
    assert_int_equal(judged.standing, STANDING_ACTIVE);
    assert_true(hash_equal(&judged.link, &kit.link));
    assert_true(hash_equal(&judged.envelope, &parked.envelope));
    assert_true(span_equal(judged.body, span_text("words")));
    assert_int_equal(judged.header.lane, LANE_EXPRESS);
    for (size_t n = 0; n <= header.n + 1; n++) {
        if (n == header.n)
            continue;
        assert_int_equal(seal_judge(&kit.recipient.sealer, &kit.trust,
                             span_of(header.at, n), buffer_span(&kit.plain),
                             &parked.envelope, KIT_NOW_MS, &judged, &kit.step),
            STATUS_MALFORMED);
        assert_int_equal(kit.step, SEAL_STEP_HEADER);
    }
    kit_release(&kit);
}

static enum roster_view view_of(
    struct kit *kit, uint64_t version, const struct hash *hash)
{
    struct letter letter = kit_letter(kit, span_text("words"));
    struct sealing sealing = kit_sealing(kit, &kit->recipient);
    sealing.roster_version = version;
    sealing.roster_hash = *hash;
    assert_int_equal(seal_apply(&kit->sender.sealer, &letter, &sealing, &kit->envelope,
                         &kit->msg_id, &kit->link),
        STATUS_OK);
    assert_int_equal(kit_break(kit), STATUS_OK);
    return kit->opened.roster;
}

static void seal__compares_the_rosters_and_names_a_fork(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 13);
    const struct hash other = {{0xee}};
    assert_int_equal(view_of(&kit, 7, &kit.trust.rosters[0].hash), ROSTER_SAME);
    assert_int_equal(view_of(&kit, 7, &other), ROSTER_FORK);
    assert_int_equal(view_of(&kit, 5, &kit.trust.rosters[2].hash), ROSTER_OLDER);
    assert_int_equal(view_of(&kit, 5, &other), ROSTER_FORK);
    assert_int_equal(view_of(&kit, 2, &other), ROSTER_STRANGE);
    assert_int_equal(view_of(&kit, 8, &other), ROSTER_NEWER);
    assert_int_equal(view_of(&kit, 7 + ROSTER_JUMP_MAX, &other), ROSTER_NEWER);
    assert_int_equal(view_of(&kit, 7 + ROSTER_JUMP_MAX + 1, &other), ROSTER_STRANGE);
    assert_int_equal(view_of(&kit, UINT64_MAX, &other), ROSTER_STRANGE);
    kit.trust.answer = STATUS_IO;
    assert_int_equal(kit_break(&kit), STATUS_OK); /* newer: nothing to look up */
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    assert_int_equal(kit_break(&kit), STATUS_IO);
    assert_int_equal(kit.step, SEAL_STEP_ROSTER);
    kit_release(&kit);
}

static void seal__passes_its_self_test(void **state)
{
    (void)state;
    assert_int_equal(seal_self_test(NULL), STATUS_OK);
}

static enum status apply(struct kit *kit, const struct sealing *sealing)
{
    struct letter letter = kit_letter(kit, span_text("words"));
    return seal_apply(
        &kit->sender.sealer, &letter, sealing, &kit->envelope, &kit->msg_id, &kit->link);
}

static void seal__is_never_given_a_bundle_that_is_not_the_recipients(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 15);
    struct sealing sealing = kit_sealing(&kit, &kit.recipient);
    struct prekey stranger = kit.recipient.bundle.prekeys[0];
    sealing.bundle = &kit.third.bundle;
    assert_bug((void)apply(&kit, &sealing));
    sealing = kit_sealing(&kit, &kit.recipient);
    stranger.id++;
    sealing.prekey = &stranger;
    assert_bug((void)apply(&kit, &sealing));
    sealing = kit_sealing(&kit, &kit.recipient);
    sealing.min_bucket = 4096;
    assert_bug((void)apply(&kit, &sealing));
    kit_release(&kit);
}

static int start(void **state)
{
    (void)state;
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seal__opens_what_it_sealed_in_every_bucket_and_lane),
        cmocka_unit_test(seal__gives_the_recipient_every_field_of_the_letter),
        cmocka_unit_test(seal__pads_to_the_bucket_that_was_asked_for),
        cmocka_unit_test(seal__holds_an_empty_body),
        cmocka_unit_test(seal__again_keeps_number_link_and_commitment),
        cmocka_unit_test(seal__gives_an_unnumbered_kind_no_link),
        cmocka_unit_test(seal__refuses_a_body_beyond_the_largest_bucket),
        cmocka_unit_test(seal__refuses_a_suite_that_this_build_lacks),
        cmocka_unit_test(seal__refuses_a_prekey_of_low_order),
        cmocka_unit_test(seal__opens_for_the_previous_queue_and_identity),
        cmocka_unit_test(seal__tells_what_the_roster_thinks_of_the_sender),
        cmocka_unit_test(seal__opens_a_strangers_letter_without_a_link),
        cmocka_unit_test(seal__judges_a_parked_letter_again_from_what_was_kept),
        cmocka_unit_test(seal__compares_the_rosters_and_names_a_fork),
        cmocka_unit_test(seal__passes_its_self_test),
        cmocka_unit_test(seal__is_never_given_a_bundle_that_is_not_the_recipients),
    };
    return cmocka_run_group_tests_name("seal", tests, start, NULL);
}
