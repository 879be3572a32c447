/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <sys/resource.h>
#include <unistd.h>

#include "password.h"
#include "seeded.h"
#include "vault.h"

enum {
    HEAD_BYTES = 36,
    AT_VERSION = 4,
    AT_KIND = 6,
    AT_OPS = 8,
    AT_MEM = 12,
    AT_SALT = 16,
    AT_LENGTH = 32
};

static const char phrase[] = "seven quiet lanterns";
static const char body[] = "the secrets";

static struct buffer
    file; /* one good key file for all tests: each Argon2id run takes its time */

/* The answer of another implementation (OpenSSL) at the floor: 3 passes, 64 MiB, one lane. */
static void password__key_is_argon2id_at_the_floor(void **state)
{
    (void)state;
    struct box_key key, want;
    assert_int_equal(password_key(span_text("password"),
                         (const uint8_t *)"saltsaltsaltsalt", COST_FLOOR, &key),
        STATUS_OK);
    assert_int_equal(
        hex_parse("0da38a14b42c0a97db18714d0011c5c63cec962e19202b7cdfe8ead145435e54",
            want.bytes, BOX_KEY_BYTES),
        STATUS_OK);
    assert_memory_equal(key.bytes, want.bytes, BOX_KEY_BYTES);
}

static void password__refuses_costs_outside_the_limits(void **state)
{
    (void)state;
    static const uint8_t salt[PASSWORD_SALT_BYTES];
    const struct cost wrong[] = {{COST_OPS_MIN - 1, COST_MEM_KIB_MIN},
        {COST_OPS_MAX + 1, COST_MEM_KIB_MIN}, {COST_OPS_MIN, COST_MEM_KIB_MIN - 1},
        {COST_OPS_MIN, (uint32_t)COST_MEM_KIB_MAX + 1}, {0, 0}, {UINT32_MAX, UINT32_MAX}};
    struct box_key key = {{0x77}}, before = key;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(
            password_key(span_text("x"), salt, wrong[i], &key), STATUS_UNSUPPORTED);
    assert_memory_equal(&key, &before, sizeof key);
}

static void password__refuses_a_passphrase_beyond_its_limit(void **state)
{
    (void)state;
    static const uint8_t salt[PASSWORD_SALT_BYTES];
    static const uint8_t lots[PASSWORD_MAX_BYTES + 1];
    struct box_key key;
    assert_int_equal(
        password_key(span_of(lots, sizeof lots), salt, COST_FLOOR, &key), STATUS_TOO_BIG);
}

/* The address space is narrowed to 16 MiB more than now: Argon2id asks for 64. */
static void password__says_full_when_the_machine_lacks_the_memory(void **state)
{
    (void)state;
    static const uint8_t salt[PASSWORD_SALT_BYTES];
    struct box_key key = {{0x77}}, before = key;
    struct rlimit old, narrow;
    unsigned long long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    assert_non_null(statm);
    assert_int_equal(fscanf(statm, "%llu", &pages), 1);
    fclose(statm);
    assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
    narrow = old;
    narrow.rlim_cur =
        (rlim_t)(pages * (unsigned long long)sysconf(_SC_PAGESIZE) + (16 << 20));
    assert_int_equal(setrlimit(RLIMIT_AS, &narrow), 0);
    enum status status = password_key(span_text("x"), salt, COST_FLOOR, &key);
    assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
    assert_int_equal(status, STATUS_FULL);
    assert_memory_equal(&key, &before, sizeof key);
    assert_int_equal(password_key(span_text("x"), salt, COST_FLOOR, &key), STATUS_OK);
}

static void password__documents_its_costs(void **state)
{
    (void)state;
    assert_int_equal(COST_FLOOR.ops, 3);
    assert_int_equal(COST_FLOOR.mem_kib, 65536);
    assert_true(COST_NODE.ops >= 3 && COST_NODE.mem_kib >= COST_FLOOR.mem_kib);
    assert_int_equal(COST_STEWARD.ops, 4);
    assert_int_equal(COST_STEWARD.mem_kib, 1048576);
}

static void keyfile__opens_with_its_passphrase(void **state)
{
    (void)state;
    struct buffer back;
    enum keyfile_kind kind;
    struct cost cost;
    buffer_init(&back, 100);
    assert_int_equal(keyfile_inspect(buffer_span(&file), &kind, &cost), STATUS_OK);
    assert_int_equal(kind, KEYFILE_NODE);
    assert_int_equal(cost.ops, COST_FLOOR.ops);
    assert_int_equal(cost.mem_kib, COST_FLOOR.mem_kib);
    assert_int_equal(
        keyfile_break(KEYFILE_NODE, span_text(phrase), buffer_span(&file), &back),
        STATUS_OK);
    assert_true(span_equal(buffer_span(&back), span_text(body)));
    buffer_release(&back);
}

static void keyfile__has_the_layout_of_its_header_comment(void **state)
{
    (void)state;
    static const uint8_t head[AT_SALT] = {
        'A', 'M', 'K', '1', 0, 1, 0, KEYFILE_NODE, 0, 0, 0, 3, 0, 1, 0, 0};
    static const uint8_t length[4] = {0, 0, 0, sizeof body - 1};
    assert_int_equal(file.used, HEAD_BYTES + BOX_EXTRA_BYTES + sizeof body - 1);
    assert_memory_equal(file.bytes, head, sizeof head);
    assert_memory_equal(file.bytes + AT_LENGTH, length, sizeof length);
}

static void keyfile__denies_a_wrong_passphrase(void **state)
{
    (void)state;
    struct buffer back;
    buffer_init(&back, 100);
    assert_int_equal(keyfile_break(KEYFILE_NODE, span_text("seven quiet lantern"),
                         buffer_span(&file), &back),
        STATUS_DENIED);
    assert_int_equal(
        keyfile_break(KEYFILE_NODE, span_of(NULL, 0), buffer_span(&file), &back),
        STATUS_DENIED);
    assert_int_equal(back.used, 0);
    buffer_release(&back);
}

static void keyfile__refuses_every_truncation_and_a_byte_too_many(void **state)
{
    (void)state;
    struct buffer back, longer;
    enum keyfile_kind kind;
    struct cost cost;
    buffer_init(&back, 100);
    for (size_t n = 0; n < file.used; n++) {
        struct span cut = span_of(file.bytes, n);
        assert_int_equal(keyfile_inspect(cut, &kind, &cost), STATUS_MALFORMED);
        assert_int_equal(
            keyfile_break(KEYFILE_NODE, span_text(phrase), cut, &back), STATUS_MALFORMED);
    }
    buffer_init(&longer, file.used + 1);
    assert_int_equal(buffer_put(&longer, file.bytes, file.used), STATUS_OK);
    assert_int_equal(buffer_put(&longer, "", 1), STATUS_OK);
    assert_int_equal(
        keyfile_inspect(buffer_span(&longer), &kind, &cost), STATUS_MALFORMED);
    buffer_release(&longer);
    buffer_release(&back);
}

static enum status break_with(size_t at, uint8_t flip)
{
    struct buffer back;
    buffer_init(&back, 100);
    file.bytes[at] ^= flip;
    enum status status =
        keyfile_break(KEYFILE_NODE, span_text(phrase), buffer_span(&file), &back);
    file.bytes[at] ^= flip;
    assert_int_equal(back.used, 0);
    buffer_release(&back);
    return status;
}

static void keyfile__refuses_a_changed_byte_in_every_region(void **state)
{
    (void)state;
    assert_int_equal(break_with(0, 1), STATUS_MALFORMED);
    assert_int_equal(break_with(3, 1), STATUS_MALFORMED);
    assert_int_equal(break_with(AT_VERSION, 1), STATUS_UNSUPPORTED);
    assert_int_equal(break_with(AT_VERSION + 1, 3), STATUS_UNSUPPORTED);
    assert_int_equal(break_with(AT_KIND, 1), STATUS_UNSUPPORTED);
    assert_int_equal(break_with(AT_KIND + 1, KEYFILE_NODE ^ 9), STATUS_UNSUPPORTED);
    assert_int_equal(
        break_with(AT_KIND + 1, KEYFILE_NODE ^ KEYFILE_STEWARD), STATUS_UNSUPPORTED);
    assert_int_equal(break_with(AT_OPS + 3, 7), STATUS_DENIED);      /* 3 -> 4 passes */
    assert_int_equal(break_with(AT_OPS, 0x80), STATUS_UNSUPPORTED);  /* absurd */
    assert_int_equal(break_with(AT_OPS + 3, 1), STATUS_UNSUPPORTED); /* below the floor */
    assert_int_equal(break_with(AT_MEM + 3, 4), STATUS_DENIED);      /* 4 KiB more */
    assert_int_equal(break_with(AT_MEM, 0x80), STATUS_UNSUPPORTED);
    assert_int_equal(break_with(AT_MEM + 1, 1), STATUS_UNSUPPORTED);
    assert_int_equal(break_with(AT_SALT, 1), STATUS_DENIED);
    assert_int_equal(break_with(AT_SALT + 15, 1), STATUS_DENIED);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(break_with(AT_LENGTH + i, 1), STATUS_MALFORMED);
    assert_int_equal(break_with(HEAD_BYTES, 1), STATUS_DENIED); /* nonce */
    assert_int_equal(
        break_with(HEAD_BYTES + BOX_NONCE_BYTES, 1), STATUS_DENIED); /* body */
    assert_int_equal(break_with(file.used - 1, 1), STATUS_DENIED);   /* tag */
}

static void keyfile__opens_for_its_kind_only(void **state)
{
    (void)state;
    struct buffer back;
    buffer_init(&back, 100);
    assert_int_equal(
        keyfile_break(KEYFILE_STEWARD, span_text(phrase), buffer_span(&file), &back),
        STATUS_UNSUPPORTED);
    buffer_release(&back);
}

static void keyfile__is_not_made_below_the_floor(void **state)
{
    (void)state;
    struct seeded seeded;
    struct buffer back;
    buffer_init(&back, 1000);
    assert_int_equal(keyfile_apply(KEYFILE_NODE, span_text(phrase), (struct cost){1, 8},
                         seeded_init(&seeded, 1), span_text(body), &back),
        STATUS_UNSUPPORTED);
    assert_int_equal(back.used, 0);
    buffer_release(&back);
    buffer_init(&back, HEAD_BYTES + BOX_EXTRA_BYTES);
    assert_int_equal(keyfile_apply(KEYFILE_NODE, span_text(phrase), COST_FLOOR,
                         &seeded.chance, span_text(body), &back),
        STATUS_TOO_BIG);
    assert_int_equal(back.used, 0);
    buffer_release(&back);
}

static int start(void **state)
{
    (void)state;
    static struct seeded seeded;
    buffer_init(&file, 4096);
    if (vault_start(NULL) != STATUS_OK)
        return -1;
    return keyfile_apply(KEYFILE_NODE, span_text(phrase), COST_FLOOR,
               seeded_init(&seeded, 9), span_text(body), &file) == STATUS_OK
               ? 0
               : -1;
}

static int stop(void **state)
{
    (void)state;
    buffer_release(&file);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(password__key_is_argon2id_at_the_floor),
        cmocka_unit_test(password__refuses_costs_outside_the_limits),
        cmocka_unit_test(password__refuses_a_passphrase_beyond_its_limit),
        cmocka_unit_test(password__says_full_when_the_machine_lacks_the_memory),
        cmocka_unit_test(password__documents_its_costs),
        cmocka_unit_test(keyfile__opens_with_its_passphrase),
        cmocka_unit_test(keyfile__has_the_layout_of_its_header_comment),
        cmocka_unit_test(keyfile__denies_a_wrong_passphrase),
        cmocka_unit_test(keyfile__refuses_every_truncation_and_a_byte_too_many),
        cmocka_unit_test(keyfile__refuses_a_changed_byte_in_every_region),
        cmocka_unit_test(keyfile__opens_for_its_kind_only),
        cmocka_unit_test(keyfile__is_not_made_below_the_floor),
    };
    return cmocka_run_group_tests_name("password", tests, start, stop);
}
