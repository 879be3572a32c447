/* SPDX-License-Identifier: Apache-2.0
 *
 * Envelopes that are wrong in one thing each: by a broker, by another member, by whoever stole a prekey.
 * Each must be refused at the step that PROTOCOL.md 1.7 gives it, and leave nothing behind: neither plain
 * text nor a word about the sender, so that nothing can be said before the signature held.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "memory.h"
#include "seal_kit.h"
#include "vault.h"

static struct opened untouched;

static void assert_refused(
    struct kit *kit, struct span envelope, enum status status, enum seal_step step)
{
    memset(&kit->opened, 0xa5, sizeof kit->opened);
    memset(&untouched, 0xa5, sizeof untouched);
    assert_int_equal(kit_break_bytes(kit, envelope), status);
    assert_int_equal(kit->step, step);
    assert_memory_equal(&kit->opened, &untouched, sizeof untouched);
    assert_int_equal(kit->plain.used, 0);
}

static size_t header_n(void)
{
    return HEADER_FIXED_BYTES + suite_find(KIT_SUITE)->enc_bytes;
}

static void seal__refuses_a_flip_of_any_byte_of_a_small_envelope(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 101);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    for (size_t i = 0; i < kit.envelope.used; i++) {
        kit.envelope.bytes[i] ^= (uint8_t)(1 << i % 8);
        assert_int_not_equal(kit_break(&kit), STATUS_OK);
        assert_int_equal(kit.plain.used, 0);
        assert_true(kit.step <= SEAL_STEP_OPEN);
        if (i >= HEADER_FIXED_BYTES) {
            assert_int_equal(kit.step, SEAL_STEP_OPEN);
            assert_int_equal(kit_break(&kit), STATUS_FORGED);
        }
        kit.envelope.bytes[i] ^= (uint8_t)(1 << i % 8);
    }
    assert_int_equal(kit_break(&kit), STATUS_OK);
    kit_release(&kit);
}

static void seal__refuses_every_length_but_the_exact_one(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 102);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    for (size_t n = 0; n < kit.envelope.used; n++)
        assert_refused(
            &kit, span_of(kit.envelope.bytes, n), STATUS_MALFORMED, SEAL_STEP_HEADER);
    assert_int_equal(buffer_put(&kit.envelope, "", 1), STATUS_OK);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_MALFORMED, SEAL_STEP_HEADER);
    assert_int_equal(kit.n_asked, 0);
    kit_release(&kit);
}

static void seal__refuses_an_unknown_suite_before_anything_else(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 103);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    kit.envelope.bytes[4] = 0x55;
    assert_refused(
        &kit, buffer_span(&kit.envelope), STATUS_UNSUPPORTED, SEAL_STEP_HEADER);
    assert_int_equal(kit.n_asked, 0);
    kit_release(&kit);
}

static void seal__asks_for_no_key_when_the_queue_is_not_mine(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 104);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    kit.recipient.member.queue_id.bytes[0] ^= 1;
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_DENIED, SEAL_STEP_QUEUE);
    assert_int_equal(kit.n_asked, 0);
    kit_release(&kit);
}

static void seal__tries_exactly_the_key_that_the_header_names(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 105);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    uint64_t id = kit.recipient.bundle.prekeys[0].id;
    assert_int_equal(kit_break(&kit), STATUS_OK);
    assert_int_equal(kit.n_asked, 1);
    assert_true(kit.asked_id == id);
    /* The right key under another id is not looked for. */
    kit.recipient.bundle.prekeys[0].id = id + 1;
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_NOT_FOUND, SEAL_STEP_PREKEY);
    assert_int_equal(kit.n_asked, 1);
    assert_true(kit.asked_id == id);
    /* A wrong key under the right id is tried, fails, and that is all. */
    kit.recipient.bundle.prekeys[0].id = id;
    kit.recipient.prekey_secret[7] ^= 1;
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_OPEN);
    assert_int_equal(kit.n_asked, 1);
    kit_release(&kit);
}

static void seal__refuses_a_prekey_of_another_suite(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 106);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    kit.source_suite = KIT_SUITE + 1;
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_PREKEY);
    kit_release(&kit);
}

static void seal__hands_on_what_the_prekey_source_says(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 107);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    const enum status answers[] = {STATUS_NOT_FOUND, STATUS_LOCKED, STATUS_IO};
    for (size_t i = 0; i < ARRAY_LENGTH(answers); i++) {
        kit.source_answer = answers[i];
        assert_refused(&kit, buffer_span(&kit.envelope), answers[i], SEAL_STEP_PREKEY);
    }
    kit_release(&kit);
}

static void seal__does_not_open_for_another_member(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 108);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    /* The third has the same queue, and even the prekey: its node id is not in the HPKE info. */
    kit.recipient.sealer = kit.third.sealer;
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_OPEN);
    kit_release(&kit);
}

static void seal__does_not_open_in_another_network(void **state)
{
    (void)state;
    struct kit kit;
    struct ident other;
    kit_init(&kit, 109);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    other = kit.network_id;
    other.bytes[3] ^= 1;
    kit.recipient.sealer.network_id = &other;
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_OPEN);
    kit_release(&kit);
}

static void seal__takes_a_letter_made_by_hand_that_is_right(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 110);
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    craft_finish(&kit, &craft);
    assert_int_equal(kit_break(&kit), STATUS_OK);
    assert_true(span_equal(kit.opened.body, span_text("words")));
    kit_release(&kit);
}

static void seal__refuses_a_stripped_or_foreign_signature(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 111);
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    memset(craft.plain + 192, 0, SIGNATURE_BYTES);
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_SIGNATURE);
    /* Another member signs, and names the sender as the author. */
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.third, &kit.recipient.member.identity,
        span_text("words"));
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_SIGNATURE);
    kit_release(&kit);
}

static void seal__refuses_a_strangers_letter_whose_signature_does_not_hold(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 112);
    kit.trust.members[0] = NULL;
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.third, &kit.recipient.member.identity,
        span_text("words"));
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_SIGNATURE);
    kit_release(&kit);
}

/* The third opened a letter to it and seals the author's words on to the recipient. */
static void seal__refuses_a_letter_that_was_aimed_at_somebody_else(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 113);
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.third.member.identity,
        span_text("words"));
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_SIGNATURE);
    kit_release(&kit);
}

static void seal__refuses_a_signature_of_another_network(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 114);
    struct ident other = kit.network_id;
    other.bytes[15] ^= 1;
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(
        &craft, &other, &kit.sender, &kit.recipient.member.identity, span_text("words"));
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_SIGNATURE);
    kit_release(&kit);
}

/* Whoever holds the prekey can seal again, but not under another header: lane, id, enc and prekey are all
 * under the signature. */
static void seal__refuses_a_signed_letter_under_another_header(void **state)
{
    (void)state;
    struct kit kit;
    struct craft first, second;
    kit_init(&kit, 115);
    craft_begin(&kit, &kit.recipient, &first);
    craft_write(&first, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    craft_begin(&kit, &kit.recipient, &second); /* new enc and msg_id, all else equal */
    memcpy(second.plain, first.plain, sizeof first.plain);
    craft_finish(&kit, &second);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_SIGNATURE);
    first.header_bytes[6] =
        LANE_EXPRESS; /* the same enc, sealed anew under the changed header */
    craft_finish(&kit, &first);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_SIGNATURE);
    first.header_bytes[6] = LANE_NORMAL;
    craft_finish(&kit, &first);
    assert_int_equal(kit_break(&kit), STATUS_OK);
    kit_release(&kit);
}

static void seal__refuses_a_change_of_any_signed_or_committed_byte(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 116);
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    for (size_t i = 0; i < INNER_BYTES + 5; i++) {
        craft.plain[i] ^= 1;
        craft_finish(&kit, &craft);
        assert_int_not_equal(kit_break(&kit), STATUS_OK);
        assert_true(kit.step == SEAL_STEP_INNER || kit.step == SEAL_STEP_SIGNATURE);
        assert_int_equal(kit.plain.used, 0);
        craft.plain[i] ^= 1;
    }
    craft_finish(&kit, &craft);
    assert_int_equal(kit_break(&kit), STATUS_OK);
    kit_release(&kit);
}

static void seal__refuses_padding_that_is_not_zero(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 117);
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    const size_t places[] = {INNER_BYTES + 5, INNER_BYTES + 900, BUCKET_SMALL - 1};
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        craft.plain[places[i]] = 1;
        craft_finish(&kit, &craft);
        assert_refused(
            &kit, buffer_span(&kit.envelope), STATUS_MALFORMED, SEAL_STEP_INNER);
        craft.plain[places[i]] = 0;
    }
    kit_release(&kit);
}

static void seal__refuses_an_inner_that_breaks_the_rules_of_its_kind(void **state)
{
    (void)state;
    struct kit kit;
    struct craft craft;
    kit_init(&kit, 118);
    craft_begin(&kit, &kit.recipient, &craft);
    craft.inner.kind = 99;
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_UNSUPPORTED, SEAL_STEP_INNER);
    craft_begin(&kit, &kit.recipient, &craft);
    craft.inner.pair_seq = 0;
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_MALFORMED, SEAL_STEP_INNER);
    craft_begin(&kit, &kit.recipient, &craft);
    craft_write(&craft, &kit.network_id, &kit.sender, &kit.recipient.member.identity,
        span_text("words"));
    craft.plain[68] = 0x7f; /* body_len beyond the bucket */
    craft_finish(&kit, &craft);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_MALFORMED, SEAL_STEP_INNER);
    kit_release(&kit);
}

static void seal__refuses_an_enc_of_low_order(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 119);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    memset(kit.envelope.bytes + HEADER_FIXED_BYTES, 0, header_n() - HEADER_FIXED_BYTES);
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_FORGED, SEAL_STEP_OPEN);
    kit_release(&kit);
}

static void seal__leaves_no_plain_text_where_the_buffer_is_too_small(void **state)
{
    (void)state;
    struct kit kit;
    kit_init(&kit, 120);
    kit_seal(&kit, span_text("words"), LANE_NORMAL);
    kit.plain.max = BUCKET_SMALL - 1;
    assert_refused(&kit, buffer_span(&kit.envelope), STATUS_TOO_BIG, SEAL_STEP_OPEN);
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
        cmocka_unit_test(seal__refuses_a_flip_of_any_byte_of_a_small_envelope),
        cmocka_unit_test(seal__refuses_every_length_but_the_exact_one),
        cmocka_unit_test(seal__refuses_an_unknown_suite_before_anything_else),
        cmocka_unit_test(seal__asks_for_no_key_when_the_queue_is_not_mine),
        cmocka_unit_test(seal__tries_exactly_the_key_that_the_header_names),
        cmocka_unit_test(seal__refuses_a_prekey_of_another_suite),
        cmocka_unit_test(seal__hands_on_what_the_prekey_source_says),
        cmocka_unit_test(seal__does_not_open_for_another_member),
        cmocka_unit_test(seal__does_not_open_in_another_network),
        cmocka_unit_test(seal__takes_a_letter_made_by_hand_that_is_right),
        cmocka_unit_test(seal__refuses_a_stripped_or_foreign_signature),
        cmocka_unit_test(seal__refuses_a_strangers_letter_whose_signature_does_not_hold),
        cmocka_unit_test(seal__refuses_a_letter_that_was_aimed_at_somebody_else),
        cmocka_unit_test(seal__refuses_a_signature_of_another_network),
        cmocka_unit_test(seal__refuses_a_signed_letter_under_another_header),
        cmocka_unit_test(seal__refuses_a_change_of_any_signed_or_committed_byte),
        cmocka_unit_test(seal__refuses_padding_that_is_not_zero),
        cmocka_unit_test(seal__refuses_an_inner_that_breaks_the_rules_of_its_kind),
        cmocka_unit_test(seal__refuses_an_enc_of_low_order),
        cmocka_unit_test(seal__leaves_no_plain_text_where_the_buffer_is_too_small),
    };
    return cmocka_run_group_tests_name("seal_attack", tests, start, NULL);
}
