/* SPDX-License-Identifier: Apache-2.0
 * The list of members as a document, and finding in it.
 */
#include "check.h"
#include "hostile.h"
#include "memory.h"
#include "trust_kit.h"

enum { SOME = 40 };

static struct kit kit;
static struct member members[SOME];

static enum status decode(void *context, struct span bytes)
{
    struct document document;
    struct roster *roster = NULL;
    enum status status = document_decode_one(bytes, DOCUMENT_ROSTER, &document);

    (void)context;
    if (status == STATUS_OK)
        status = roster_decode(&document, &roster);
    roster_destroy(&roster);
    return status == STATUS_UNSUPPORTED ? STATUS_MALFORMED : status;
}

static enum status decode_members(const struct member *list, size_t n)
{
    struct buffer bytes;
    enum status status;

    kit_roster(&kit, 9, NULL, list, n, "ab", &bytes);
    status = decode(NULL, buffer_span(&bytes));
    buffer_release(&bytes);
    return status;
}

static struct roster *make(size_t n)
{
    struct buffer bytes;
    struct document document;
    struct roster *roster = NULL;

    kit_roster(&kit, 9, NULL, members, n, "ab", &bytes);
    assert_ok(document_decode_one(buffer_span(&bytes), DOCUMENT_ROSTER, &document));
    assert_ok(roster_decode(&document, &roster));
    buffer_release(&bytes);
    return roster;
}

static void roster__holds_what_was_written(void **state)
{
    struct roster *roster = make(SOME);

    (void)state;
    assert_int_equal(roster_version(roster), 9);
    assert_int_equal(roster_count(roster), SOME);
    assert_int_equal(roster_created_ms(roster), KIT_NOW_MS + 9 * HOUR_MS);
    assert_int_equal(roster_expires_ms(roster), KIT_NOW_MS + 180 * DAY_MS + 9 * HOUR_MS);
    for (size_t i = 0; i < SOME; i++) {
        uint8_t one[MEMBER_ROW_BYTES], two[MEMBER_ROW_BYTES];
        struct writer a = writer_over(one, sizeof one), b = writer_over(two, sizeof two);

        member_encode(&members[i], &a);
        member_encode(roster_nth(roster, i), &b);
        assert_span(writer_span(&b), writer_span(&a));
    }
    roster_destroy(&roster);
    roster_destroy(&roster);
}

static void roster__finds_every_member_by_each_key_and_nobody_else(void **state)
{
    struct ident stranger = ident_new(kit.chance);
    struct roster *roster;

    (void)state;
    members[3].previous_identity.bytes[0] = 9;
    members[3].previous_queue_id.bytes[0] = 9;
    roster = make(SOME);
    for (size_t i = 0; i < SOME; i++) {
        const struct member *row = roster_nth(roster, i);

        assert_ptr_equal(roster_find_node(roster, &members[i].node_id), row);
        assert_ptr_equal(roster_find_identity(roster, &members[i].identity), row);
        assert_ptr_equal(roster_find_transport(roster, members[i].transport), row);
        assert_ptr_equal(roster_find_queue(roster, &members[i].queue_id), row);
    }
    assert_ptr_equal(roster_find_identity(roster, &members[3].previous_identity),
        roster_nth(roster, 3));
    assert_ptr_equal(
        roster_find_queue(roster, &members[3].previous_queue_id), roster_nth(roster, 3));
    assert_null(roster_find_node(roster, &stranger));
    assert_null(roster_find_queue(roster, &stranger));
    assert_null(roster_find_identity(roster, &members[2].previous_identity)); /* zero */
    assert_null(roster_find_transport(roster, members[0].directory));
    roster_destroy(&roster);
    memset(&members[3].previous_identity, 0, 32);
    memset(&members[3].previous_queue_id, 0, 16);
}

static void roster__may_be_empty_and_then_finds_nobody(void **state)
{
    struct roster *roster = make(0);

    (void)state;
    assert_int_equal(roster_count(roster), 0);
    assert_null(roster_find_node(roster, &members[0].node_id));
    assert_null(roster_find_identity(roster, &members[0].identity));
    roster_destroy(&roster);
}

static void roster__takes_5000_members_and_refuses_more(void **state)
{
    struct member *many = memory_new_array(ROSTER_MEMBERS_MAX, sizeof *many);
    struct roster_draft draft = {
        .version = 1,
        .root_version = 1,
        .created_ms = 1,
        .expires_ms = 2,
        .members = many,
        .n = ROSTER_MEMBERS_MAX + 1,
    };
    struct buffer bytes;

    (void)state;
    for (size_t i = 0; i < ROSTER_MEMBERS_MAX; i++) {
        struct writer node = writer_over(many[i].node_id.bytes, 16);

        many[i] = members[0];
        writer_u64(&node, i + 1);
        memcpy(many[i].queue_id.bytes, many[i].node_id.bytes, 16);
        memcpy(many[i].identity.bytes, many[i].node_id.bytes, 16);
        memcpy(many[i].transport, many[i].node_id.bytes, 16);
    }
    assert_ok(decode_members(many, ROSTER_MEMBERS_MAX));
    buffer_init(&bytes, ROSTER_BYTES_MAX);
    assert_status(roster_encode(&draft, &bytes), STATUS_TOO_BIG);
    buffer_release(&bytes);
    memory_free(many);
}

static void roster__refuses_truncation_at_every_length_and_trailing_bytes(void **state)
{
    struct buffer bytes;

    (void)state;
    kit_roster(&kit, 9, NULL, members, 3, "ab", &bytes);
    hostile_cut(buffer_span(&bytes), decode, NULL);
    hostile_set(buffer_span(&bytes), 112, 1, decode, NULL); /* zeros of the head */
    hostile_set(buffer_span(&bytes), 75, 2, decode, NULL);  /* count says 2, 3 follow */
    hostile_set(buffer_span(&bytes), 72, 1, decode, NULL);  /* count beyond the limit */
    (void)hostile_flip(buffer_span(&bytes), 256, kit.chance, decode, NULL);
    buffer_release(&bytes);
}

static void roster__refuses_rows_out_of_order_or_twice(void **state)
{
    struct buffer bytes;
    uint8_t row[MEMBER_ROW_BYTES];

    (void)state;
    kit_roster(&kit, 9, NULL, members, 2, "ab", &bytes);
    memcpy(row, bytes.bytes + ROSTER_FIXED_BYTES, sizeof row);
    memcpy(bytes.bytes + ROSTER_FIXED_BYTES,
        bytes.bytes + ROSTER_FIXED_BYTES + MEMBER_ROW_BYTES, sizeof row);
    assert_status(decode(NULL, buffer_span(&bytes)), STATUS_MALFORMED); /* twice */
    memcpy(bytes.bytes + ROSTER_FIXED_BYTES + MEMBER_ROW_BYTES, row, sizeof row);
    assert_status(decode(NULL, buffer_span(&bytes)), STATUS_MALFORMED); /* swapped */
    buffer_release(&bytes);
}

static void roster__refuses_two_members_that_share_a_key_or_a_queue(void **state)
{
    struct member two[2];

    (void)state;
#define REFUSED(change)                                                                  \
    do {                                                                                 \
        memcpy(two, members, sizeof two);                                                \
        change;                                                                          \
        assert_status(decode_members(two, 2), STATUS_MALFORMED);                         \
    } while (0)
    REFUSED(two[1].identity = two[0].identity);
    REFUSED(two[1].previous_identity = two[0].identity);
    REFUSED(memcpy(two[1].transport, two[0].transport, 32));
    REFUSED(two[1].queue_id = two[0].queue_id);
    REFUSED(two[0].previous_queue_id = two[1].queue_id);
    REFUSED(two[0].status_since = 10); /* later than the roster itself */
#undef REFUSED
    assert_ok(decode_members(members, 2));
}

static void roster__is_of_one_network(void **state)
{
    struct buffer bytes;
    struct document document;
    struct ident other = kit.network_id;

    (void)state;
    kit_roster(&kit, 9, NULL, members, 2, "ab", &bytes);
    assert_ok(document_decode_one(buffer_span(&bytes), DOCUMENT_ROSTER, &document));
    assert_ok(root_accepts(&kit.root_1, &document, &kit.network_id));
    other.bytes[0] ^= 1;
    assert_status(root_accepts(&kit.root_1, &document, &other), STATUS_FORGED);
    buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roster__holds_what_was_written),
        cmocka_unit_test(roster__finds_every_member_by_each_key_and_nobody_else),
        cmocka_unit_test(roster__may_be_empty_and_then_finds_nobody),
        cmocka_unit_test(roster__takes_5000_members_and_refuses_more),
        cmocka_unit_test(roster__refuses_truncation_at_every_length_and_trailing_bytes),
        cmocka_unit_test(roster__refuses_rows_out_of_order_or_twice),
        cmocka_unit_test(roster__refuses_two_members_that_share_a_key_or_a_queue),
        cmocka_unit_test(roster__is_of_one_network),
    };
    int failed;

    kit_init(&kit, 3);
    kit_members(&kit, members, SOME);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    kit_release(&kit);
    return failed;
}
