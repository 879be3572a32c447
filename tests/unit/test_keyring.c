/* SPDX-License-Identifier: Apache-2.0
 *
 * keyring: a fixed layout, decoded strictly, under a passphrase.
 */
#include "check.h"
#include "hostile.h"
#include "keyring.h"
#include "memory.h"
#include "seeded.h"
#include "vault.h"

static void make(struct node_keys *keys, uint8_t bytes[KEYRING_BYTES])
{
    struct seeded seeded;
    struct writer writer = writer_over(bytes, KEYRING_BYTES);

    assert_ok(vault_start(NULL));
    keyring_new(seeded_init(&seeded, 41), keys);
    keyring_encode(keys, &writer);
    assert_int_equal(writer_span(&writer).n, KEYRING_BYTES);
}

static enum status decode(void *context, struct span bytes)
{
    struct node_keys keys;

    (void)context;
    return keyring_decode(bytes, &keys);
}

static void keyring__decodes_what_it_encoded(void **state)
{
    (void)state;
    struct node_keys keys, again;
    uint8_t bytes[KEYRING_BYTES];
    memset(&again, 0, sizeof(again));
    make(&keys, bytes);
    assert_ok(keyring_decode(span_of(bytes, sizeof(bytes)), &again));
    assert_memory_equal(&keys, &again, sizeof(keys));
}

static void keyring__refuses_every_other_length(void **state)
{
    (void)state;
    struct node_keys keys;
    uint8_t bytes[KEYRING_BYTES];
    make(&keys, bytes);
    hostile_cut(span_of(bytes, sizeof(bytes)), decode, NULL);
}

static void keyring__refuses_wrong_magic_version_spare_and_public_half(void **state)
{
    (void)state;
    struct node_keys keys;
    uint8_t bytes[KEYRING_BYTES];
    make(&keys, bytes);
    hostile_set(span_of(bytes, sizeof(bytes)), 0, 'X', decode, NULL);
    hostile_set(span_of(bytes, sizeof(bytes)), 5, 2, decode, NULL);
    hostile_set(span_of(bytes, sizeof(bytes)), 6, 1, decode, NULL);
    hostile_set(span_of(bytes, sizeof(bytes)), KEYRING_BYTES - 1, 1, decode, NULL);
    hostile_set(span_of(bytes, sizeof(bytes)), 8 + 40, (uint8_t)(bytes[8 + 40] ^ 1),
        decode, NULL);
    bytes[5] = 2;
    assert_status(
        keyring_decode(span_of(bytes, sizeof(bytes)), &keys), STATUS_UNSUPPORTED);
}

static void keyring__refuses_zero_keys(void **state)
{
    (void)state;
    struct node_keys keys;
    uint8_t bytes[KEYRING_BYTES];
    make(&keys, bytes);
    memset(bytes + 104, 0, 32);
    assert_status(keyring_decode(span_of(bytes, sizeof(bytes)), &keys), STATUS_MALFORMED);
    make(&keys, bytes);
    memset(bytes + 136, 0, 32);
    assert_status(keyring_decode(span_of(bytes, sizeof(bytes)), &keys), STATUS_MALFORMED);
}

static void keyring__opens_with_its_passphrase_only(void **state)
{
    (void)state;
    struct node_keys keys, again;
    uint8_t bytes[KEYRING_BYTES];
    struct seeded seeded;
    struct buffer file;
    memset(&again, 0, sizeof(again));
    make(&keys, bytes);
    buffer_init(&file, 4096);
    assert_ok(keyring_apply(&keys, span_text("a long passphrase"), COST_FLOOR,
        seeded_init(&seeded, 42), &file));
    assert_ok(keyring_break(buffer_span(&file), span_text("a long passphrase"), &again));
    assert_memory_equal(&keys, &again, sizeof(keys));
    assert_status(
        keyring_break(buffer_span(&file), span_text("a long passphrasE"), &again),
        STATUS_DENIED);
    buffer_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keyring__decodes_what_it_encoded),
        cmocka_unit_test(keyring__refuses_every_other_length),
        cmocka_unit_test(keyring__refuses_wrong_magic_version_spare_and_public_half),
        cmocka_unit_test(keyring__refuses_zero_keys),
        cmocka_unit_test(keyring__opens_with_its_passphrase_only),
    };
    return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
