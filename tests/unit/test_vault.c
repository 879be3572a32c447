/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "known.h"
#include "vault.h"

static void vault__starts_when_every_known_answer_holds(void **state)
{
    (void)state;
    struct trouble trouble = {""};
    assert_int_equal(vault_start(&trouble), STATUS_OK);
    assert_string_equal(trouble.text, "");
    assert_int_equal(vault_start(NULL), STATUS_OK); /* twice does no harm */
}

static void vault__tests_every_primitive_it_uses(void **state)
{
    (void)state;
    static const char *const names[] = {"BLAKE2b", "Ed25519", "X25519",
        "ChaCha20-Poly1305", "XChaCha20-Poly1305", "HKDF-SHA-256", "Argon2id"};
    size_t n;
    const struct known *rows = known_rows(&n);
    assert_int_equal(n, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(rows[i].name, names[i]);
        assert_true(rows[i].holds());
    }
}

static int n_asked;

static bool say_yes(void)
{
    n_asked++;
    return true;
}

static bool say_no(void)
{
    n_asked++;
    return false;
}

static void vault__names_the_primitive_that_answers_wrong(void **state)
{
    (void)state;
    const struct known rows[] = {
        {"first", say_yes}, {"second", say_no}, {"third", say_yes}};
    struct trouble trouble = {""};
    n_asked = 0;
    assert_int_equal(known_check(rows, 3, &trouble), STATUS_CORRUPT);
    assert_non_null(strstr(trouble.text, "(second)"));
    assert_non_null(strstr(trouble.text, "Nothing was opened or written"));
    assert_int_equal(n_asked, 2);
    assert_int_equal(known_check(rows, 1, &trouble), STATUS_OK);
    assert_int_equal(known_check(rows, 3, NULL), STATUS_CORRUPT);
}

static void vault__compares_every_byte(void **state)
{
    (void)state;
    uint8_t a[64] = {0}, b[64] = {0};
    assert_true(vault_equal(a, b, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        b[i] = 0x80;
        assert_false(vault_equal(a, b, sizeof a));
        assert_true(vault_equal(a, b, i));
        b[i] = 0;
    }
}

static void vault__keeps_a_hardened_process_out_of_core_dumps(void **state)
{
    (void)state;
    struct rlimit limit;
    assert_int_equal(vault_harden_process(NULL), STATUS_OK);
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
    assert_int_equal(limit.rlim_max, 0);
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vault__starts_when_every_known_answer_holds),
        cmocka_unit_test(vault__tests_every_primitive_it_uses),
        cmocka_unit_test(vault__names_the_primitive_that_answers_wrong),
        cmocka_unit_test(vault__compares_every_byte),
        cmocka_unit_test(vault__keeps_a_hardened_process_out_of_core_dumps),
    };
    return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
