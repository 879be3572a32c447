/* SPDX-License-Identifier: Apache-2.0 */
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

static void open_letter(struct kit *kit, uint64_t seed)
{
    kit_init(kit, seed);
    kit_seal(kit, span_text("words"), LANE_NORMAL);
    assert_int_equal(kit_break(kit), STATUS_OK);
}

static void make_stored(struct kit *kit, uint8_t ret[static RECEIPT_BYTES])
{
    seal_receipt(&kit->recipient.sealer, &kit->trust, &kit->opened, RECEIPT_STORED,
        RECEIPT_CODE_NONE, &kit->opened.link, KIT_NOW_MS + 5, ret);
}

static enum status check(const struct kit *kit, struct span bytes, struct receipt *ret)
{
    return seal_receipt_check(&kit->network_id, &kit->recipient.member, bytes, ret);
}

static void receipt__says_which_letter_was_stored_and_by_whom(void **state)
{
    (void)state;
    struct kit kit;
    struct receipt receipt;
    uint8_t bytes[RECEIPT_BYTES];
    open_letter(&kit, 201);
    make_stored(&kit, bytes);
    assert_int_equal(check(&kit, span_of(bytes, sizeof bytes), &receipt), STATUS_OK);
    assert_int_equal(receipt.status, RECEIPT_STORED);
    assert_int_equal(receipt.code, RECEIPT_CODE_NONE);
    assert_true(ident_equal(&receipt.issuer, &kit.recipient.member.node_id));
    assert_true(ident_equal(&receipt.sender, &kit.sender.member.node_id));
    assert_int_equal(receipt.chain_epoch, kit.opened.inner.chain_epoch);
    assert_int_equal(receipt.pair_seq, 1);
    assert_true(hash_equal(&receipt.link, &kit.link));
    assert_true(hash_equal(&receipt.body_commit, &kit.opened.body_commit));
    struct hash envelope = hash_of(buffer_span(&kit.envelope));
    assert_true(hash_equal(&receipt.envelope, &envelope));
    assert_int_equal(receipt.received_ms, KIT_NOW_MS + 5);
    assert_int_equal(receipt.roster_version, 7);
    assert_true(hash_equal(&receipt.roster_hash, &kit.trust.rosters[0].hash));
    kit_release(&kit);
}

static void receipt__carries_code_and_held_link(void **state)
{
    (void)state;
    struct kit kit;
    struct receipt receipt;
    const struct hash held = {{0x4e}};
    uint8_t bytes[RECEIPT_BYTES];
    open_letter(&kit, 202);
    seal_receipt(&kit.recipient.sealer, &kit.trust, &kit.opened, RECEIPT_CONFLICT,
        RECEIPT_CODE_NONE, &held, KIT_NOW_MS, bytes);
    assert_int_equal(check(&kit, span_of(bytes, sizeof bytes), &receipt), STATUS_OK);
    assert_int_equal(receipt.status, RECEIPT_CONFLICT);
    assert_true(hash_equal(&receipt.link, &held));
    seal_receipt(&kit.recipient.sealer, &kit.trust, &kit.opened, RECEIPT_INVALID,
        RECEIPT_CODE_ROLE, &kit.opened.link, KIT_NOW_MS, bytes);
    assert_int_equal(check(&kit, span_of(bytes, sizeof bytes), &receipt), STATUS_OK);
    assert_int_equal(receipt.status, RECEIPT_INVALID);
    assert_int_equal(receipt.code, RECEIPT_CODE_ROLE);
    kit_release(&kit);
}

static void receipt__signature_is_over_context_network_and_200_bytes(void **state)
{
    (void)state;
    struct kit kit;
    struct signature signature;
    uint8_t bytes[RECEIPT_BYTES], message[16 + 16 + 200] = "amaan:rcpt:v1";
    open_letter(&kit, 203);
    make_stored(&kit, bytes);
    memcpy(message + 16, kit.network_id.bytes, 16);
    memcpy(message + 32, bytes, 200);
    memcpy(signature.bytes, bytes + 200, SIGNATURE_BYTES);
    assert_int_equal(sign_check(&kit.recipient.member.identity,
                         span_of(message, sizeof message), &signature),
        STATUS_OK);
    kit_release(&kit);
}

static void receipt__refuses_a_flip_of_any_bit_and_every_other_length(void **state)
{
    (void)state;
    struct kit kit;
    struct receipt receipt, before;
    uint8_t bytes[RECEIPT_BYTES + 1] = {0};
    open_letter(&kit, 204);
    make_stored(&kit, bytes);
    memset(&receipt, 0xa5, sizeof receipt);
    before = receipt;
    for (size_t bit = 0; bit < 8 * RECEIPT_BYTES; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum status status = check(&kit, span_of(bytes, RECEIPT_BYTES), &receipt);
        assert_true(status == STATUS_FORGED || status == STATUS_MALFORMED);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t n = 0; n <= RECEIPT_BYTES + 1; n++)
        if (n != RECEIPT_BYTES)
            assert_int_equal(check(&kit, span_of(bytes, n), &receipt), STATUS_MALFORMED);
    assert_memory_equal(&receipt, &before, sizeof receipt);
    assert_int_equal(check(&kit, span_of(bytes, RECEIPT_BYTES), &receipt), STATUS_OK);
    kit_release(&kit);
}

static void receipt__does_not_count_for_another_issuer_or_network(void **state)
{
    (void)state;
    struct kit kit;
    struct receipt receipt;
    uint8_t bytes[RECEIPT_BYTES];
    open_letter(&kit, 205);
    make_stored(&kit, bytes);
    struct span span = span_of(bytes, sizeof bytes);
    struct ident other = kit.network_id;
    other.bytes[0] ^= 1;
    assert_int_equal(
        seal_receipt_check(&other, &kit.recipient.member, span, &receipt), STATUS_FORGED);
    assert_int_equal(
        seal_receipt_check(&kit.network_id, &kit.third.member, span, &receipt),
        STATUS_FORGED);
    /* The third signs in the recipient's name. */
    struct sealer liar = kit.recipient.sealer;
    liar.identity = &kit.third.secret;
    seal_receipt(&liar, &kit.trust, &kit.opened, RECEIPT_STORED, RECEIPT_CODE_NONE,
        &kit.opened.link, KIT_NOW_MS, bytes);
    assert_int_equal(check(&kit, span, &receipt), STATUS_FORGED);
    kit_release(&kit);
}

/* The issuer repeats the stored bytes, also after it changed its identity. */
static void receipt__holds_under_the_previous_identity_of_its_issuer(void **state)
{
    (void)state;
    struct kit kit;
    struct receipt receipt;
    uint8_t bytes[RECEIPT_BYTES];
    open_letter(&kit, 206);
    make_stored(&kit, bytes);
    struct span span = span_of(bytes, sizeof bytes);
    struct member renewed = kit.recipient.member;
    renewed.identity = sign_public_of(&kit.recipient.previous_secret);
    assert_int_equal(
        seal_receipt_check(&kit.network_id, &renewed, span, &receipt), STATUS_FORGED);
    renewed.previous_identity = kit.recipient.member.identity;
    assert_int_equal(
        seal_receipt_check(&kit.network_id, &renewed, span, &receipt), STATUS_OK);
    kit_release(&kit);
}

static void receipt__is_never_made_for_a_stranger_or_an_unnumbered_letter(void **state)
{
    (void)state;
    struct kit kit;
    uint8_t bytes[RECEIPT_BYTES];
    open_letter(&kit, 207);
    const struct opened good = kit.opened;
    kit.opened.sender = NULL;
    assert_bug(make_stored(&kit, bytes));
    kit.opened = good;
    kit.opened.inner.pair_seq = 0;
    assert_bug(make_stored(&kit, bytes));
    assert_bug(seal_receipt(&kit.recipient.sealer, &kit.trust, &good, RECEIPT_INVALID,
        RECEIPT_CODE_NONE, &good.link, KIT_NOW_MS, bytes));
    assert_bug(seal_receipt(&kit.recipient.sealer, &kit.trust, &good, RECEIPT_STORED,
        RECEIPT_CODE_BODY, &good.link, KIT_NOW_MS, bytes));
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
        cmocka_unit_test(receipt__says_which_letter_was_stored_and_by_whom),
        cmocka_unit_test(receipt__carries_code_and_held_link),
        cmocka_unit_test(receipt__signature_is_over_context_network_and_200_bytes),
        cmocka_unit_test(receipt__refuses_a_flip_of_any_bit_and_every_other_length),
        cmocka_unit_test(receipt__does_not_count_for_another_issuer_or_network),
        cmocka_unit_test(receipt__holds_under_the_previous_identity_of_its_issuer),
        cmocka_unit_test(receipt__is_never_made_for_a_stranger_or_an_unnumbered_letter),
    };
    return cmocka_run_group_tests_name("seal_receipt", tests, start, NULL);
}
