/* SPDX-License-Identifier: Apache-2.0
 * A steward's key file: what comes from a stick that somebody else may have had.
 */
#include "check.h"
#include "hostile.h"
#include "keyfile.h"
#include "seeded.h"
#include "vault.h"

static struct seeded seeded;
static struct sign_public key;
static struct sign_secret secret;
static struct buffer text;
static const char WORDS[] = "seven invented words for a key";

static enum status parse(void *context, struct span bytes)
{
    struct key_file file;
    struct trouble trouble = {""};
    enum status status = key_file_parse(bytes, &file, &trouble);

    (void)context;
    assert_int_equal(status != STATUS_OK, trouble.text[0] != 0);
    return status == STATUS_UNSUPPORTED ? STATUS_MALFORMED : status;
}

static void key_file__comes_back_with_its_passphrase_and_no_other(void **state)
{
    struct key_file file;
    struct sign_secret back;
    struct trouble trouble;

    (void)state;
    assert_ok(key_file_parse(buffer_span(&text), &file, &trouble));
    assert_true(sign_public_equal(&file.public_key, &key));
    assert_int_equal(file.cost.mem_kib, COST_MEM_KIB_MIN);
    assert_ok(key_file_unlock(&file, span_text(WORDS), &back, &trouble));
    assert_memory_equal(&back, &secret, sizeof secret);
    assert_status(
        key_file_unlock(&file, span_text("other words"), &back, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "passphrase");
}

static void key_file__does_not_hold_its_seed(void **state)
{
    char seed[2 * SIGN_SEED_BYTES + 1];

    (void)state;
    hex_format(secret.bytes, SIGN_SEED_BYTES, seed);
    assert_null(memmem(text.bytes, text.used, seed, 16));
    assert_null(memmem(text.bytes, text.used, WORDS, 8));
}

static void key_file__with_another_public_key_than_its_own_is_damaged(void **state)
{
    struct key_file file;
    struct sign_secret back;
    struct trouble trouble;

    (void)state;
    assert_ok(key_file_parse(buffer_span(&text), &file, &trouble));
    file.public_key.bytes[0] ^= 1; /* somebody who wants to be taken for this steward */
    assert_status(
        key_file_unlock(&file, span_text(WORDS), &back, &trouble), STATUS_CORRUPT);
    assert_ok(key_file_parse(buffer_span(&text), &file, &trouble));
    file.sealed[file.n - 1] ^= 1;
    assert_status(
        key_file_unlock(&file, span_text(WORDS), &back, &trouble), STATUS_DENIED);
}

static void key_file__refuses_truncation_trailing_bytes_and_any_nonsense(void **state)
{
    struct buffer node, sealed;

    (void)state;
    hostile_cut(buffer_span(&text), parse, NULL);
    hostile_set(buffer_span(&text), 0, 'A', parse, NULL);
    hostile_set(buffer_span(&text), 27, 'g', parse, NULL); /* no hex digit */
    hostile_set(buffer_span(&text), text.used - 1, ' ', parse, NULL);
    (void)hostile_flip(buffer_span(&text), text.used, &seeded.chance, parse, NULL);

    /* The key file of a node in a steward's clothes. */
    buffer_init(&sealed, KEY_SEALED_BYTES_MAX);
    buffer_init(&node, KEY_TEXT_BYTES_MAX);
    assert_ok(keyfile_apply(KEYFILE_NODE, span_text(WORDS), COST_FLOOR, &seeded.chance,
        span_of(secret.bytes, SIGN_SEED_BYTES), &sealed));
    assert_ok(buffer_put(&node, text.bytes, text.used - 2 * sealed.used - 1));
    hex_format(
        sealed.bytes, sealed.used, (char *)buffer_grow(&node, 2 * sealed.used + 1));
    node.bytes[node.used - 1] = '\n';
    assert_status(parse(NULL, buffer_span(&node)), STATUS_MALFORMED);
    buffer_release(&sealed);
    buffer_release(&node);
}

static void cost__is_a_word_or_two_numbers_within_the_floor(void **state)
{
    static const char *const wrong[] = {"", "low", "3", "3,", "2,64", "3,63", "17,64",
        "3,5000", "3,64x", "-3,64", " 3,64", "3, 64", "3,99999999999", "4294967299,64"};
    struct cost cost;
    struct trouble trouble;

    (void)state;
    assert_ok(cost_parse("floor", &cost, &trouble));
    assert_int_equal(cost.mem_kib, 65536);
    assert_ok(cost_parse("node", &cost, &trouble));
    assert_int_equal(cost.mem_kib, 262144);
    assert_ok(cost_parse("steward", &cost, &trouble));
    assert_int_equal(cost.mem_kib, 1048576);
    assert_ok(cost_parse("5,128", &cost, &trouble));
    assert_int_equal(cost.ops, 5);
    assert_int_equal(cost.mem_kib, 131072);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_status(cost_parse(wrong[i], &cost, &trouble), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_file__comes_back_with_its_passphrase_and_no_other),
        cmocka_unit_test(key_file__does_not_hold_its_seed),
        cmocka_unit_test(key_file__with_another_public_key_than_its_own_is_damaged),
        cmocka_unit_test(key_file__refuses_truncation_trailing_bytes_and_any_nonsense),
        cmocka_unit_test(cost__is_a_word_or_two_numbers_within_the_floor),
    };
    int failed;

    if (vault_start(NULL))
        return 1;
    sign_new_keys(seeded_init(&seeded, 8), &key, &secret);
    buffer_init(&text, KEY_TEXT_BYTES_MAX);
    if (key_file_format(&secret, span_text(WORDS), COST_FLOOR, &seeded.chance, &text))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_release(&text);
    return failed;
}
