/* SPDX-License-Identifier: Apache-2.0
 * References as they are read out, typed and mistyped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "body.h"
#include "memory.h"
#include "seeded.h"

static struct seeded seed;

static void reference__new_ones_parse_back_and_differ(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 1);
    char last[REFERENCE_BYTES] = "";
    for (int i = 0; i < 2000; i++) {
        char reference[REFERENCE_BYTES], back[REFERENCE_BYTES];
        reference_new(chance, reference);
        assert_int_equal(strlen(reference), 9);
        assert_int_equal(reference_parse(reference, back), STATUS_OK);
        assert_string_equal(back, reference);
        assert_string_not_equal(reference, last);
        memcpy(last, reference, sizeof last);
    }
}

static void reference__new_ones_have_letters_and_digits_only(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 2);
    for (int i = 0; i < 2000; i++) {
        char reference[REFERENCE_BYTES];
        reference_new(chance, reference);
        assert_int_equal(strspn(reference, "0123456789ABCDEFGHJKMNPQRSTVWXYZU"), 9);
        assert_null(memchr(reference, 'U', 8));
    }
}

static void reference__steps_over_every_mark_also_at_the_end_of_the_numbers(void **state)
{
    (void)state;
    for (unsigned rest = 0; rest < 37; rest++) {
        uint64_t top = UINT64_C(1099511627775) / 37 * 37 - 37 + rest;
        uint64_t drawn = top << 24;
        struct scripted scripted;
        char reference[REFERENCE_BYTES], back[REFERENCE_BYTES];
        reference_new(scripted_init(&scripted, span_of(&drawn, sizeof drawn)), reference);
        assert_null(strpbrk(reference, "*~$="));
        assert_int_equal(reference_parse(reference, back), STATUS_OK);
    }
}

static void reference__folds_what_people_write(void **state)
{
    (void)state;
    char reference[REFERENCE_BYTES];
    assert_int_equal(reference_parse("000000000", reference), STATUS_OK);
    assert_int_equal(reference_parse("oOoO-0000 o", reference), STATUS_OK);
    assert_string_equal(reference, "000000000");
    assert_int_equal(reference_parse("iIlL-1i1l-g", reference), STATUS_OK);
    assert_string_equal(reference, "11111111G");
    assert_int_equal(reference_parse(" 0000-0014 u", reference), STATUS_OK);
    assert_string_equal(reference, "00000014U");
}

static void reference__known_numbers_have_known_check_characters(void **state)
{
    (void)state;
    static const char *const good[] = {"000000000", "000000011", "00000010*", "00000011~",
        "00000012$", "00000013=", "00000014U", "000000150", "ZZZZZZZZF"};
    char reference[REFERENCE_BYTES];
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        assert_int_equal(reference_parse(good[i], reference), STATUS_OK);
        assert_string_equal(reference, good[i]);
    }
}

static void reference__notices_every_single_wrong_character(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    struct chance *chance = seeded_init(&seed, 3);
    for (int round = 0; round < 20; round++) {
        char good[REFERENCE_BYTES], back[REFERENCE_BYTES];
        reference_new(chance, good);
        for (size_t at = 0; at < 9; at++) {
            for (size_t k = 0; k < sizeof alphabet - 1; k++) {
                char bad[REFERENCE_BYTES];
                memcpy(bad, good, sizeof bad);
                bad[at] = alphabet[k];
                enum status expected =
                    alphabet[k] == good[at] ? STATUS_OK : STATUS_MALFORMED;
                assert_int_equal(reference_parse(bad, back), expected);
            }
        }
    }
}

static void reference__notices_every_swap_of_neighbours(void **state)
{
    (void)state;
    struct chance *chance = seeded_init(&seed, 4);
    for (int round = 0; round < 500; round++) {
        char good[REFERENCE_BYTES], back[REFERENCE_BYTES];
        reference_new(chance, good);
        for (size_t at = 0; at + 2 < 9; at++) {
            if (good[at] == good[at + 1]) {
                continue;
            }
            char bad[REFERENCE_BYTES];
            memcpy(bad, good, sizeof bad);
            bad[at] = good[at + 1];
            bad[at + 1] = good[at];
            assert_int_equal(reference_parse(bad, back), STATUS_MALFORMED);
        }
    }
}

static void reference__refuses_wrong_lengths_and_characters(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "0", "00000000", "0000000000",
        "00000000000000000000", "0000000U0", "0000000*0", "00000000!", "0000_0000",
        "\xd9\xa0\xd9\xa0\xd9\xa0\xd9\xa0\x30", "---------", "00000000\n0"};
    char reference[REFERENCE_BYTES] = "untouched";
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_int_equal(reference_parse(bad[i], reference), STATUS_MALFORMED);
        assert_string_equal(reference, "untouched");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference__new_ones_parse_back_and_differ),
        cmocka_unit_test(reference__new_ones_have_letters_and_digits_only),
        cmocka_unit_test(reference__steps_over_every_mark_also_at_the_end_of_the_numbers),
        cmocka_unit_test(reference__folds_what_people_write),
        cmocka_unit_test(reference__known_numbers_have_known_check_characters),
        cmocka_unit_test(reference__notices_every_single_wrong_character),
        cmocka_unit_test(reference__notices_every_swap_of_neighbours),
        cmocka_unit_test(reference__refuses_wrong_lengths_and_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
