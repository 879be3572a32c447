/* SPDX-License-Identifier: Apache-2.0
 * Built twice: as it is, and with AMAAN_ODD_SUITE (test_suite_odd), where both tables have one row more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "header.h"
#include "kem.h"
#include "suite.h"

static void suite__table_agrees_with_the_table_of_the_vault(void **state)
{
    (void)state;
    assert_true(suite_count() >= 1);
    assert_int_equal(suite_count(), kem_count());
    for (size_t i = 0; i < suite_count(); i++) {
        const struct suite *suite = suite_nth(i);
        const struct kem *kem = kem_nth(i);
        assert_int_equal(suite->id, kem->suite);
        assert_int_equal(suite->enc_bytes, kem->enc_bytes);
        assert_int_equal(suite->public_bytes, kem->public_bytes);
        assert_true(suite->enc_bytes <= SUITE_ENC_MAX);
        assert_true(suite->public_bytes <= SUITE_PUBLIC_MAX);
        assert_ptr_equal(suite_find(suite->id), suite);
        assert_ptr_equal(kem_find(suite->id), kem);
    }
    assert_null(suite_nth(suite_count()));
}

static void suite__the_first_row_is_x25519_with_32_bytes_each(void **state)
{
    (void)state;
    const struct suite *suite = suite_find(SUITE_X25519);
    assert_non_null(suite);
    assert_int_equal(suite->bit, 1);
    assert_int_equal(suite->enc_bytes, 32);
    assert_int_equal(suite->public_bytes, 32);
    assert_ptr_equal(suite, suite_nth(0));
}

static void suite__the_odd_row_exists_in_the_odd_build_only(void **state)
{
    (void)state;
#ifdef AMAAN_ODD_SUITE
    assert_non_null(suite_find(SUITE_ODD));
    assert_int_equal(suite_count(), 2);
#else
    assert_null(suite_find(SUITE_ODD));
    assert_int_equal(suite_count(), 1);
#endif
}

static void suite__bits_of_the_rows_are_single_and_different(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (size_t i = 0; i < suite_count(); i++) {
        uint32_t bit = suite_nth(i)->bit;
        assert_true(bit != 0 && (bit & (bit - 1)) == 0);
        assert_int_equal(seen & bit, 0);
        seen |= bit;
    }
    assert_int_equal(seen, suite_bits());
}

static void suite__an_unknown_number_is_not_found(void **state)
{
    (void)state;
    assert_null(suite_find(0));
    assert_null(suite_find(2));
    assert_null(suite_find(0xffff));
}

static void suite__the_best_common_row_is_chosen(void **state)
{
    (void)state;
    assert_ptr_equal(
        suite_choose(suite_bits(), suite_bits()), suite_nth(suite_count() - 1));
    assert_ptr_equal(suite_choose(suite_bits(), 1), suite_find(SUITE_X25519));
    assert_ptr_equal(suite_choose(UINT32_C(0x7fffffff), 1), suite_find(SUITE_X25519));
    assert_null(suite_choose(1, 2));
    assert_null(suite_choose(suite_bits(), 0));
    assert_null(suite_choose(UINT32_C(1) << 17, UINT32_C(1) << 17));
}

static void suite__every_envelope_fits_the_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < suite_count(); i++) {
        size_t bytes = envelope_bytes(suite_nth(i), BUCKET_LARGE);
        assert_int_equal(bytes, HEADER_FIXED_BYTES + suite_nth(i)->enc_bytes + 32784);
        assert_true(bytes <= ENVELOPE_BYTES_MAX);
    }
    assert_int_equal(
        HEADER_BYTES_MAX + BUCKET_LARGE + SEAL_TAG_BYTES <= ENVELOPE_BYTES_MAX, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suite__table_agrees_with_the_table_of_the_vault),
        cmocka_unit_test(suite__the_first_row_is_x25519_with_32_bytes_each),
        cmocka_unit_test(suite__the_odd_row_exists_in_the_odd_build_only),
        cmocka_unit_test(suite__bits_of_the_rows_are_single_and_different),
        cmocka_unit_test(suite__an_unknown_number_is_not_found),
        cmocka_unit_test(suite__the_best_common_row_is_chosen),
        cmocka_unit_test(suite__every_envelope_fits_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
