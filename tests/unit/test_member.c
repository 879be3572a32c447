/* SPDX-License-Identifier: Apache-2.0
 * One row of the roster.
 */
#include "check.h"
#include "hostile.h"
#include "trust_kit.h"

static struct kit kit;

static enum status decode(void *context, struct span bytes)
{
    struct member member;

    (void)context;
    return member_decode(bytes, &member);
}

static struct span encode(
    const struct member *member, uint8_t row[static MEMBER_ROW_BYTES])
{
    struct writer writer = writer_over(row, MEMBER_ROW_BYTES);

    member_encode(member, &writer);
    return writer_span(&writer);
}

static struct member full_member(void)
{
    struct member member;
    struct sign_secret secret;

    kit_members(&kit, &member, 1);
    sign_new_keys(kit.chance, &member.previous_identity, &secret);
    member.previous_queue_id = ident_new(kit.chance);
    member.status = MEMBER_SUSPENDED;
    member.status_since = 77;
    member.suites = 5;
    chance_fill(kit.chance, member.profile.bytes, sizeof member.profile.bytes);
    return member;
}

static void member__comes_back_as_it_was_in_256_bytes(void **state)
{
    uint8_t row[MEMBER_ROW_BYTES], again[MEMBER_ROW_BYTES];
    struct member member = full_member(), back;
    struct span bytes = encode(&member, row);

    (void)state;
    assert_int_equal(bytes.n, 256);
    assert_ok(member_decode(bytes, &back));
    assert_span(encode(&back, again), bytes);
    assert_true(ident_equal(&back.queue_id, &member.queue_id));
    assert_int_equal(back.status, MEMBER_SUSPENDED);
    assert_int_equal(back.status_since, 77);
}

static void member__stands_where_the_protocol_says(void **state)
{
    uint8_t row[MEMBER_ROW_BYTES];
    struct member member = full_member();

    (void)state;
    (void)encode(&member, row);
    assert_memory_equal(row, member.node_id.bytes, 16);
    assert_memory_equal(row + 16, member.identity.bytes, 32);
    assert_memory_equal(row + 48, member.previous_identity.bytes, 32);
    assert_memory_equal(row + 80, member.transport, 32);
    assert_memory_equal(row + 112, member.directory, 32);
    assert_memory_equal(row + 144, member.queue_id.bytes, 16);
    assert_memory_equal(row + 160, member.previous_queue_id.bytes, 16);
    assert_int_equal(row[176], MEMBER_SUSPENDED);
    assert_int_equal(row[183], 5);
    assert_int_equal(row[215], 77);
    assert_memory_equal(row + 216, member.profile.bytes, 32);
}

static void member__refuses_rows_that_are_cut_or_longer(void **state)
{
    uint8_t row[MEMBER_ROW_BYTES];
    struct member member = full_member();

    (void)state;
    hostile_cut(encode(&member, row), decode, NULL);
}

static void member__refuses_unknown_status_and_quota_and_filled_zeros(void **state)
{
    static const size_t zeros[] = {177, 178, 179, 187, 188, 191, 248, 255};
    uint8_t row[MEMBER_ROW_BYTES];
    struct member member = full_member();
    struct span bytes = encode(&member, row);

    (void)state;
    hostile_set(bytes, 176, 0, decode, NULL);
    hostile_set(bytes, 176, MEMBER_STATUS_COUNT, decode, NULL);
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        hostile_set(bytes, zeros[i], 1, decode, NULL);
}

static void member__refuses_missing_keys_and_previous_ones_that_are_present(void **state)
{
    uint8_t row[MEMBER_ROW_BYTES];
    struct member member = full_member(), changed;

    (void)state;
#define REFUSED(change)                                                                  \
    do {                                                                                 \
        changed = member;                                                                \
        change;                                                                          \
        assert_status(decode(NULL, encode(&changed, row)), STATUS_MALFORMED);            \
    } while (0)
    REFUSED(memset(&changed.node_id, 0, 16));
    REFUSED(memset(&changed.queue_id, 0, 16));
    REFUSED(memset(&changed.identity, 0, 32));
    REFUSED(memset(changed.transport, 0, 32));
    REFUSED(memset(changed.directory, 0, 32));
    REFUSED(changed.previous_identity = changed.identity);
    REFUSED(changed.previous_queue_id = changed.queue_id);
    REFUSED(changed.suites = 0);
    REFUSED(changed.status_since = 0);
    REFUSED(changed.status_since = UINT64_C(1) << 63);
    REFUSED(changed.valid_to_ms = changed.valid_from_ms);
    REFUSED(changed.valid_to_ms = TIME_MS_MAX + 1);
#undef REFUSED
    assert_ok(decode(NULL, encode(&member, row)));
}

static void standing__has_a_word_for_each(void **state)
{
    (void)state;
    assert_string_equal(standing_name(STANDING_UNKNOWN), "unknown");
    assert_string_equal(standing_name(STANDING_ACTIVE), "active");
    assert_string_equal(standing_name(STANDING_SUSPENDED), "suspended");
    assert_string_equal(standing_name(STANDING_REVOKED), "revoked");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(member__comes_back_as_it_was_in_256_bytes),
        cmocka_unit_test(member__stands_where_the_protocol_says),
        cmocka_unit_test(member__refuses_rows_that_are_cut_or_longer),
        cmocka_unit_test(member__refuses_unknown_status_and_quota_and_filled_zeros),
        cmocka_unit_test(member__refuses_missing_keys_and_previous_ones_that_are_present),
        cmocka_unit_test(standing__has_a_word_for_each),
    };
    int failed;

    kit_init(&kit, 1);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    kit_release(&kit);
    return failed;
}
