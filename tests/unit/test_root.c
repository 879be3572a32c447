/* SPDX-License-Identifier: Apache-2.0
 * Documents' head and signature list, and the chain of roots.
 */
#include "check.h"
#include "hostile.h"
#include "trust_kit.h"

static struct kit kit;

static enum status decode_any(void *context, struct span bytes)
{
    struct document document;
    struct root root;
    size_t used;
    enum status status = document_decode(bytes, &document, &used);

    (void)context;
    if (status == STATUS_OK && used != bytes.n)
        status = STATUS_MALFORMED;
    return status ? status : root_decode(&document, &root);
}

static enum status decode(void *context, struct span bytes)
{
    enum status status = decode_any(context, bytes);

    return status == STATUS_UNSUPPORTED ? STATUS_MALFORMED : status;
}

static enum status read_chain(struct span bytes, bool drafts, struct root *ret)
{
    struct document last;
    struct ident network_id;
    struct trouble trouble = {""};
    enum status status =
        root_read_chain(bytes, drafts, ret, &last, &network_id, &trouble);

    if (status)
        assert_true(trouble.text[0] != 0);
    else
        assert_true(ident_equal(&network_id, &kit.network_id));
    return status;
}

static void join_roots(struct buffer *chain, const struct buffer *next)
{
    assert_ok(buffer_put(chain, next->bytes, next->used));
}

static void document__hash_is_of_the_body_whatever_the_signatures(void **state)
{
    struct buffer more;
    struct hash one = kit_hash(&kit.root), other;

    (void)state;
    buffer_init(&more, ROOT_BYTES_MAX);
    assert_ok(buffer_put(&more, kit.root.bytes, kit.root.used));
    kit_sign(&kit, &more, "c");
    other = kit_hash(&more);
    assert_true(hash_equal(&one, &other));
    assert_int_equal(more.used, kit.root.used + DOCUMENT_SIGNER_BYTES);
    buffer_release(&more);
}

static void document__signing_again_adds_nothing(void **state)
{
    struct document document;
    struct buffer again;

    (void)state;
    buffer_init(&again, ROOT_BYTES_MAX);
    assert_ok(buffer_put(&again, kit.root.bytes, kit.root.used));
    kit_sign(&kit, &again, "ba");
    assert_span(buffer_span(&again), buffer_span(&kit.root));
    assert_ok(document_decode_one(buffer_span(&again), DOCUMENT_ROOT, &document));
    assert_int_equal(document.n_signers, 2);
    buffer_release(&again);
}

static void document__a_key_given_twice_counts_once(void **state)
{
    struct sign_public twice[] = {kit.keys[0], kit.keys[0]};
    struct document document;

    (void)state;
    assert_ok(document_decode_one(buffer_span(&kit.root), DOCUMENT_ROOT, &document));
    assert_int_equal(document_count_signers(&document, &kit.network_id, twice, 2), 1);
    assert_int_equal(document_count_signers(&document, &kit.network_id, kit.keys, 5), 2);
    assert_int_equal(
        document_count_signers(&document, &kit.network_id, &kit.keys[2], 3), 0);
}

static void document__refuses_a_list_with_a_key_twice_or_out_of_order(void **state)
{
    uint8_t bytes[ROOT_BYTES_MAX];
    struct document document;
    size_t list, n = kit.root.used;

    (void)state;
    assert_ok(document_decode_one(buffer_span(&kit.root), DOCUMENT_ROOT, &document));
    list = document.body.n + DOCUMENT_LIST_BYTES;
    memcpy(bytes, kit.root.bytes, n);
    memcpy(bytes + list + DOCUMENT_SIGNER_BYTES, bytes + list, DOCUMENT_SIGNER_BYTES);
    assert_status(decode(NULL, span_of(bytes, n)), STATUS_MALFORMED);
    memcpy(bytes + list, kit.root.bytes + list + DOCUMENT_SIGNER_BYTES,
        DOCUMENT_SIGNER_BYTES);
    memcpy(bytes + list + DOCUMENT_SIGNER_BYTES, kit.root.bytes + list,
        DOCUMENT_SIGNER_BYTES);
    assert_status(decode(NULL, span_of(bytes, n)), STATUS_MALFORMED);
}

static void document__refuses_truncation_zeros_that_are_filled_and_other_magic(
    void **state)
{
    static const size_t places[] = {76, 79, 82, 95};
    struct span good = buffer_span(&kit.root);
    uint8_t copy[ROOT_BYTES_MAX];

    (void)state;
    hostile_cut(good, decode, NULL);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        hostile_set(good, places[i], 1, decode, NULL);
    hostile_set(good, 81, 2, decode, NULL); /* a purpose that nobody knows */
    memcpy(copy, good.at, good.n);
    copy[3] = '2';
    assert_status(decode_any(NULL, span_of(copy, good.n)), STATUS_UNSUPPORTED);
    memcpy(copy, "AMM1", 4); /* a root is no roster */
    assert_status(decode_any(NULL, span_of(copy, good.n)), STATUS_MALFORMED);
    copy[4] = 0xff; /* a body longer than any */
    assert_status(decode_any(NULL, span_of(copy, good.n)), STATUS_TOO_BIG);
    (void)hostile_flip(good, good.n, kit.chance, decode, NULL);
}

static void document__refuses_a_head_that_cannot_be(void **state)
{
    struct span good = buffer_span(&kit.root);

    (void)state;
    hostile_set(good, 15, 0, decode, NULL);    /* version 0 */
    hostile_set(good, 8, 0x80, decode, NULL);  /* version beyond 2^63 */
    hostile_set(good, 23, 1, decode, NULL);    /* a root signed under itself */
    hostile_set(good, 24, 0xff, decode, NULL); /* created after the year 9999 */
    hostile_set(good, 34, 0, decode, NULL);    /* expires before it was created */
    hostile_set(good, 40, 1, decode, NULL);    /* version 1 with a previous hash */
}

static enum status decode_head(void *context, struct span bytes)
{
    struct document document;
    size_t used;

    (void)context;
    return document_decode(bytes, &document, &used);
}

static void document__refuses_a_body_or_a_list_that_cannot_be(void **state)
{
    struct span good = buffer_span(&kit.root);
    size_t list = ROOT_FIXED_BYTES + 3 * SIGN_PUBLIC_BYTES;

    (void)state;
    assert_ok(decode_head(NULL, good));
    hostile_set(good, 7, DOCUMENT_HEAD_BYTES - 1, decode_head, NULL); /* of the body */
    hostile_set(good, list, DOCUMENT_SIGNERS_MAX + 1, decode_head, NULL);
    hostile_set(good, list, 3, decode_head, NULL); /* two follow */
    hostile_set(good, list + 1, 1, decode_head, NULL);
    hostile_set(good, list + 3, 1, decode_head, NULL);
}

static void document__names_its_root_and_the_version_before_it(void **state)
{
    static const struct hash none = {{0}};
    struct buffer first, second;
    struct hash before;

    (void)state;
    kit_roster(&kit, 1, NULL, NULL, 0, "ab", &first);
    before = kit_hash(&first);
    kit_roster(&kit, 2, &before, NULL, 0, "ab", &second);
    assert_ok(decode_head(NULL, buffer_span(&first)));
    assert_ok(decode_head(NULL, buffer_span(&second)));
    hostile_set(buffer_span(&first), 40, 1, decode_head, NULL); /* nothing was before */
    hostile_set(buffer_span(&first), 23, 0, decode_head, NULL); /* under no root */
    hostile_set(buffer_span(&first), 16, 0x80, decode_head, NULL);
    memcpy(second.bytes + 40, none.bytes, sizeof none.bytes);
    assert_status(decode_head(NULL, buffer_span(&second)), STATUS_MALFORMED);
    buffer_release(&first);
    buffer_release(&second);
}

static void root__refuses_thresholds_and_lists_of_stewards_that_cannot_be(void **state)
{
    uint8_t copy[ROOT_BYTES_MAX];
    struct span good = buffer_span(&kit.root);

    (void)state;
    hostile_set(good, 80, 0, decode, NULL);
    hostile_set(good, 80, 4, decode, NULL);
    hostile_set(good, 75, 2, decode, NULL);
    hostile_set(good, 75, 17, decode, NULL);
    memcpy(copy, good.at, good.n);
    memcpy(copy + 128, copy + 96, 32); /* one steward twice */
    assert_status(decode(NULL, span_of(copy, good.n)), STATUS_MALFORMED);
}

static void root__names_the_network_by_its_first_document(void **state)
{
    struct hash hash = kit_hash(&kit.root);

    (void)state;
    assert_memory_equal(kit.network_id.bytes, hash.bytes, 16);
}

static void root__one_signature_too_few_is_forged(void **state)
{
    struct root root = kit_root(&kit, "abc", 2), back;
    struct buffer bytes;

    (void)state;
    buffer_init(&bytes, ROOT_BYTES_MAX);
    assert_ok(root_encode(&root, &bytes));
    assert_status(read_chain(buffer_span(&bytes), false, &back), STATUS_FORGED);
    kit_sign(&kit, &bytes, "b");
    assert_status(read_chain(buffer_span(&bytes), false, &back), STATUS_FORGED);
    assert_ok(
        read_chain(buffer_span(&bytes), true, &back)); /* as a draft it may be read */
    kit_sign(&kit, &bytes, "d");                       /* no steward of this root */
    assert_status(read_chain(buffer_span(&bytes), false, &back), STATUS_FORGED);
    kit_sign(&kit, &bytes, "c");
    assert_ok(read_chain(buffer_span(&bytes), false, &back));
    buffer_release(&bytes);
}

static void root__a_changed_byte_breaks_every_signature(void **state)
{
    uint8_t copy[ROOT_BYTES_MAX];
    struct root root;

    (void)state;
    memcpy(copy, kit.root.bytes, kit.root.used);
    copy[31] ^= 1; /* created time */
    assert_status(read_chain(span_of(copy, kit.root.used), false, &root), STATUS_FORGED);
}

static void root__the_next_needs_the_old_threshold_and_the_new(void **state)
{
    static const struct {
        const char *who;
        enum status wanted;
    } rows[] = {
        {"de", STATUS_FORGED},  /* the new ones alone */
        {"ab", STATUS_FORGED},  /* the old ones alone */
        {"ad", STATUS_FORGED},  /* one of each */
        {"abd", STATUS_FORGED}, /* one new one too few */
        {"abde", STATUS_OK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct root next, back;
        struct buffer bytes, chain;

        kit_next_root(&kit, &kit.root_1, "de", 2, rows[i].who, &bytes, &next);
        buffer_init(&chain, 2 * ROOT_BYTES_MAX);
        join_roots(&chain, &kit.root);
        join_roots(&chain, &bytes);
        assert_status(read_chain(buffer_span(&chain), false, &back), rows[i].wanted);
        assert_ok(read_chain(buffer_span(&chain), true, &back));
        assert_int_equal(back.version, 2);
        buffer_release(&bytes);
        buffer_release(&chain);
    }
}

static void root__the_next_must_name_the_one_before_and_none_may_be_missing(void **state)
{
    struct root other = kit.root_1, two, three, back;
    struct buffer second, third, chain;

    (void)state;
    other.hash.bytes[0] ^= 1;
    kit_next_root(&kit, &other, "abc", 2, "ab", &second, &two);
    buffer_init(&chain, 3 * ROOT_BYTES_MAX);
    join_roots(&chain, &kit.root);
    join_roots(&chain, &second);
    assert_status(read_chain(buffer_span(&chain), false, &back), STATUS_CONFLICT);
    buffer_release(&second);

    kit_next_root(&kit, &kit.root_1, "abc", 2, "ab", &second, &two);
    kit_next_root(&kit, &two, "abc", 3, "abc", &third, &three);
    buffer_clear(&chain);
    join_roots(&chain, &kit.root);
    join_roots(&chain, &third);
    assert_status(read_chain(buffer_span(&chain), false, &back), STATUS_NOT_FOUND);
    assert_status(read_chain(buffer_span(&third), false, &back), STATUS_NOT_FOUND);
    buffer_clear(&chain);
    join_roots(&chain, &kit.root);
    join_roots(&chain, &second);
    join_roots(&chain, &third);
    assert_ok(read_chain(buffer_span(&chain), false, &back));
    assert_int_equal(back.version, 3);
    assert_int_equal(back.threshold, 3);
    assert_true(root_has_steward(&back, &kit.keys[2]));
    assert_false(root_has_steward(&back, &kit.keys[3]));
    buffer_release(&second);
    buffer_release(&third);
    buffer_release(&chain);
}

/* Stewards, all of them, who would make a real network of one for practice: two networks would meet. */
static void root__a_network_for_practice_never_becomes_a_real_one(void **state)
{
    struct root other = kit.root_1, two, back;
    struct buffer second, chain;

    (void)state;
    assert_false(kit.root_1.practice);
    other.practice = true;
    kit_next_root(&kit, &other, "abc", 2, "abc", &second, &two);
    assert_true(two.practice);
    buffer_init(&chain, 2 * ROOT_BYTES_MAX);
    join_roots(&chain, &kit.root);
    join_roots(&chain, &second);
    assert_status(read_chain(buffer_span(&chain), false, &back), STATUS_CONFLICT);
    buffer_release(&second);
    buffer_release(&chain);
}

static void document__the_list_takes_32_signers_and_no_more(void **state)
{
    struct buffer bytes;
    struct document document;
    struct sign_public key;
    struct sign_secret secret;

    (void)state;
    buffer_init(&bytes, ROOT_BYTES_MAX);
    assert_ok(root_encode(&kit.root_1, &bytes));
    for (size_t i = 0; i <= DOCUMENT_SIGNERS_MAX; i++) {
        struct buffer with;

        sign_new_keys(kit.chance, &key, &secret);
        buffer_init(&with, ROOT_BYTES_MAX);
        assert_ok(document_decode_one(buffer_span(&bytes), DOCUMENT_ROOT, &document));
        assert_int_equal(document.n_signers, i);
        if (i == DOCUMENT_SIGNERS_MAX) {
            assert_status(
                document_sign(&document, &kit.network_id, &secret, &with), STATUS_FULL);
            buffer_release(&with);
            break;
        }
        assert_ok(document_sign(&document, &kit.network_id, &secret, &with));
        buffer_release(&bytes);
        bytes = with;
    }
    buffer_release(&bytes);
}

static void document__has_a_word_and_a_limit_for_each_type(void **state)
{
    (void)state;
    assert_string_equal(document_type_name(DOCUMENT_ROOT), "root");
    assert_string_equal(document_type_name(DOCUMENT_ROSTER), "roster");
    assert_string_equal(document_type_name(DOCUMENT_PROFILES), "profiles");
    assert_string_equal(document_type_name(DOCUMENT_NOTICE), "notice");
    assert_string_equal(document_type_name(DOCUMENT_TYPE_COUNT), "unknown document");
    assert_int_equal(document_bytes_max(DOCUMENT_ROSTER), ROSTER_BYTES_MAX);
    assert_int_equal(document_bytes_max(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document__hash_is_of_the_body_whatever_the_signatures),
        cmocka_unit_test(document__signing_again_adds_nothing),
        cmocka_unit_test(document__a_key_given_twice_counts_once),
        cmocka_unit_test(document__refuses_a_list_with_a_key_twice_or_out_of_order),
        cmocka_unit_test(
            document__refuses_truncation_zeros_that_are_filled_and_other_magic),
        cmocka_unit_test(document__refuses_a_head_that_cannot_be),
        cmocka_unit_test(document__refuses_a_body_or_a_list_that_cannot_be),
        cmocka_unit_test(document__names_its_root_and_the_version_before_it),
        cmocka_unit_test(root__a_network_for_practice_never_becomes_a_real_one),
        cmocka_unit_test(document__the_list_takes_32_signers_and_no_more),
        cmocka_unit_test(document__has_a_word_and_a_limit_for_each_type),
        cmocka_unit_test(root__refuses_thresholds_and_lists_of_stewards_that_cannot_be),
        cmocka_unit_test(root__names_the_network_by_its_first_document),
        cmocka_unit_test(root__one_signature_too_few_is_forged),
        cmocka_unit_test(root__a_changed_byte_breaks_every_signature),
        cmocka_unit_test(root__the_next_needs_the_old_threshold_and_the_new),
        cmocka_unit_test(root__the_next_must_name_the_one_before_and_none_may_be_missing),
    };
    int failed;

    kit_init(&kit, 2);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    kit_release(&kit);
    return failed;
}
