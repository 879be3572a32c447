/* SPDX-License-Identifier: Apache-2.0
 * One steward's emergency suspension, as a document.
 */
#include "check.h"
#include "hostile.h"
#include "trust_kit.h"

static struct kit kit;
static struct member members[5];
static struct ident nodes[5];

static enum status decode(void *context, struct span bytes)
{
    struct document document;
    struct notice notice;
    enum status status = document_decode_one(bytes, DOCUMENT_NOTICE, &document);

    (void)context;
    if (status == STATUS_OK)
        status = notice_decode(&document, &notice);
    return status == STATUS_UNSUPPORTED ? STATUS_MALFORMED : status;
}

static void notice__holds_what_was_written(void **state)
{
    struct buffer bytes;
    struct document document;
    struct notice notice;

    (void)state;
    for (size_t n = 1; n <= 5; n++) {
        kit_notice(&kit, KIT_NOW_MS, nodes, n, "b", &bytes);
        assert_ok(document_decode_one(buffer_span(&bytes), DOCUMENT_NOTICE, &document));
        assert_ok(notice_decode(&document, &notice));
        assert_int_equal(document.version, KIT_NOW_MS);
        assert_int_equal(notice.n, n);
        assert_int_equal(notice.expires_ms - notice.created_ms, 72 * HOUR_MS);
        assert_true(sign_public_equal(&notice.steward, &kit.keys[1]));
        for (size_t i = 0; i < 5; i++)
            assert_int_equal(notice_names(&notice, &nodes[i]), i < n);
        buffer_release(&bytes);
    }
}

static void notice__refuses_truncation_trailing_bytes_and_a_sixth_member(void **state)
{
    struct buffer bytes;

    (void)state;
    kit_notice(&kit, KIT_NOW_MS, nodes, 5, "b", &bytes);
    hostile_cut(buffer_span(&bytes), decode, NULL);
    hostile_set(buffer_span(&bytes), 75, 6, decode, NULL);
    hostile_set(buffer_span(&bytes), 75, 0, decode, NULL);
    hostile_set(buffer_span(&bytes), 75, 4, decode, NULL); /* count says 4, 5 follow */
    hostile_set(buffer_span(&bytes), 40, 1, decode, NULL); /* it follows nothing */
    hostile_set(buffer_span(&bytes), 15, 1, decode, NULL); /* number is not its time */
    (void)hostile_flip(buffer_span(&bytes), bytes.used, kit.chance, decode, NULL);
    memcpy(bytes.bytes + 96, bytes.bytes + 80, 16); /* one member twice */
    assert_status(decode(NULL, buffer_span(&bytes)), STATUS_MALFORMED);
    memset(bytes.bytes + 80, 0, 16); /* a member without a name */
    assert_status(decode(NULL, buffer_span(&bytes)), STATUS_MALFORMED);
    buffer_release(&bytes);
}

static void notice__lasts_72_hours_at_most(void **state)
{
    struct buffer bytes;

    (void)state;
    kit_notice(&kit, KIT_NOW_MS, nodes, 1, "b", &bytes);
    bytes.bytes[39]++; /* expires one ms later */
    assert_status(decode(NULL, buffer_span(&bytes)), STATUS_MALFORMED);
    bytes.bytes[39]--;
    bytes.bytes[36]--; /* four hours earlier */
    assert_ok(decode(NULL, buffer_span(&bytes)));
    buffer_release(&bytes);
}

static void notice__has_exactly_one_signer(void **state)
{
    struct buffer bytes;

    (void)state;
    kit_notice(&kit, KIT_NOW_MS, nodes, 1, "", &bytes);
    assert_status(decode(NULL, buffer_span(&bytes)), STATUS_MALFORMED);
    kit_sign(&kit, &bytes, "a");
    assert_ok(decode(NULL, buffer_span(&bytes)));
    kit_sign(&kit, &bytes, "b");
    assert_status(decode(NULL, buffer_span(&bytes)), STATUS_MALFORMED);
    buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notice__holds_what_was_written),
        cmocka_unit_test(notice__refuses_truncation_trailing_bytes_and_a_sixth_member),
        cmocka_unit_test(notice__lasts_72_hours_at_most),
        cmocka_unit_test(notice__has_exactly_one_signer),
    };
    int failed;

    kit_init(&kit, 4);
    kit_members(&kit, members, 5);
    for (size_t i = 0; i < 5; i++)
        nodes[i] = members[i].node_id;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    kit_release(&kit);
    return failed;
}
