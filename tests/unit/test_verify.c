/* SPDX-License-Identifier: Apache-2.0
 * A member's prekey bundle under its signature.
 */
#include "check.h"
#include "hostile.h"
#include "trust_kit.h"
#include "verify.h"

static struct kit kit;
static struct member member;
static struct sign_secret identity;
static struct bundle bundle;
static struct buffer bytes;

static enum status verify(void *context, struct span span)
{
    struct bundle back;

    (void)context;
    return bundle_verify(span, &kit.network_id, &member, &back);
}

static void bundle__comes_back_with_its_signature(void **state)
{
    struct bundle back;

    (void)state;
    assert_ok(bundle_verify(buffer_span(&bytes), &kit.network_id, &member, &back));
    assert_int_equal(back.number, 3);
    assert_memory_equal(back.signature, bundle.signature, sizeof bundle.signature);
    assert_int_equal(bytes.used, 120 + 56 * bundle.n);
}

static void bundle__any_changed_bit_is_refused(void **state)
{
    (void)state;
    hostile_cut(buffer_span(&bytes), verify, NULL);
    assert_true(hostile_flip(buffer_span(&bytes), bytes.used, kit.chance, verify, NULL) >=
                bytes.used * 8);
}

static void bundle__holds_for_one_network_and_one_member(void **state)
{
    struct ident other_network = kit.network_id;
    struct member other = member;
    struct bundle back;

    (void)state;
    other_network.bytes[0] ^= 1;
    assert_status(bundle_verify(buffer_span(&bytes), &other_network, &member, &back),
        STATUS_FORGED);
    other.node_id.bytes[0] ^= 1;
    assert_status(bundle_verify(buffer_span(&bytes), &kit.network_id, &other, &back),
        STATUS_CONFLICT);
}

static void bundle__holds_under_the_previous_identity_too(void **state)
{
    struct member rotated = member, stranger;
    struct bundle back;

    (void)state;
    kit_members(&kit, &stranger, 1);
    rotated.previous_identity = member.identity;
    rotated.identity = stranger.identity;
    assert_ok(bundle_verify(buffer_span(&bytes), &kit.network_id, &rotated, &back));
    memset(&rotated.previous_identity, 0, sizeof rotated.previous_identity);
    assert_status(bundle_verify(buffer_span(&bytes), &kit.network_id, &rotated, &back),
        STATUS_FORGED);
}

static void bundle__hash_is_of_context_and_all_bytes(void **state)
{
    struct span parts[] = {span_of(CONTEXT_BUNDLE, CONTEXT_BYTES), buffer_span(&bytes)};
    struct hash hash = bundle_hash(buffer_span(&bytes)), wanted = hash_of_parts(parts, 2);

    (void)state;
    assert_true(hash_equal(&hash, &wanted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bundle__comes_back_with_its_signature),
        cmocka_unit_test(bundle__any_changed_bit_is_refused),
        cmocka_unit_test(bundle__holds_for_one_network_and_one_member),
        cmocka_unit_test(bundle__holds_under_the_previous_identity_too),
        cmocka_unit_test(bundle__hash_is_of_context_and_all_bytes),
    };
    int failed;

    kit_init(&kit, 7);
    kit_members(&kit, &member, 1);
    sign_new_keys(kit.chance, &member.identity, &identity);
    bundle = (struct bundle){.suite = 1,
        .node_id = member.node_id,
        .number = 3,
        .created_ms = KIT_NOW_MS,
        .roster_version = 1,
        .n = 2};
    for (size_t i = 0; i < bundle.n; i++) {
        bundle.prekeys[i].id = chance_u64(kit.chance);
        chance_fill(kit.chance, bundle.prekeys[i].public_key, 32);
        bundle.prekeys[i].not_before_ms = KIT_NOW_MS + (int64_t)i * DAY_MS;
        bundle.prekeys[i].not_after_ms =
            bundle.prekeys[i].not_before_ms + PREKEY_VALID_MS;
    }
    buffer_init(&bytes, BUNDLE_BYTES_MAX);
    if (bundle_sign(&bundle, &kit.network_id, &identity, &bytes))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_release(&bytes);
    kit_release(&kit);
    return failed;
}
