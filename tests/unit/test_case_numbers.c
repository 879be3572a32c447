/* SPDX-License-Identifier: Apache-2.0
 *
 * numbers: a CNIC answers whether it is the same, and stands nowhere.
 */
#include "casebook_kit.h"

static void dp12__a_cnic_stands_nowhere_in_clear_and_is_known_again(void **state)
{
    (void)state;
    static const char *const forms[] = {"35202-9876543-8", "3520298765438",
        "35202 9876543 8", "\xdb\xb3\xdb\xb5\xdb\xb2\xdb\xb0\xdb\xb2-9876543-8"};
    struct casebook_kit kit;
    struct hash first, hash;
    struct ident found;
    casebook_kit_open(&kit, 81);
    struct case_row a = casebook_kit_add(&kit, "Zarq"),
                    b = casebook_kit_add(&kit, "Zark");
    assert_ok(casebook_hash_number(kit.casebook, NUMBER_CNIC, forms[0], &first));
    casebook_kit_begin(&kit);
    assert_ok(casebook_add_number(kit.casebook, &a.ident, NUMBER_CNIC, &first));
    assert_status(
        casebook_add_number(kit.casebook, &a.ident, NUMBER_CNIC, &first), STATUS_EXISTS);
    db_rollback(kit.care.db);
    casebook_kit_begin(&kit);
    assert_ok(casebook_add_number(kit.casebook, &a.ident, NUMBER_CNIC, &first));
    casebook_kit_commit(&kit);
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        assert_ok(casebook_hash_number(kit.casebook, NUMBER_CNIC, forms[i], &hash));
        assert_true(hash_equal(&hash, &first));
        assert_ok(casebook_find_number(kit.casebook, &hash, &b.ident, &found));
        assert_true(ident_equal(&found, &a.ident));
        assert_false(
            faultvfs_contains(kit.care.vfs, forms[i], (unsigned)strlen(forms[i])));
    }
    assert_status(
        casebook_find_number(kit.casebook, &first, &a.ident, &found), STATUS_NOT_FOUND);
    /* Nor does its hash, which whoever has the key could try out. */
    assert_false(faultvfs_contains(kit.care.vfs, first.bytes, HASH_BYTES));
    struct hash plain = hash_of(span_text("3520298765438"));
    assert_false(faultvfs_contains(kit.care.vfs, plain.bytes, HASH_BYTES));
    casebook_kit_close(&kit);
}

static void numbers__refuse_what_cannot_be_one(void **state)
{
    (void)state;
    static const struct {
        enum number_kind kind;
        const char *text;
    } bad[] = {
        {NUMBER_CNIC, ""},
        {NUMBER_CNIC, "352029876543"},
        {NUMBER_CNIC, "35202987654381"},
        {NUMBER_CNIC, "35202-9876543-X"},
        {NUMBER_HOTLINE, "A1"},
        {NUMBER_HOTLINE, "A1<script>"},
        {NUMBER_RCMS, "123456789012345678901234567890123"},
    };
    struct casebook_kit kit;
    struct hash hash;
    casebook_kit_open(&kit, 82);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_status(casebook_hash_number(kit.casebook, bad[i].kind, bad[i].text, &hash),
            STATUS_MALFORMED);
    casebook_kit_close(&kit);
}

static void numbers__of_two_kinds_are_never_the_same(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct hash a, b, c;
    casebook_kit_open(&kit, 83);
    assert_ok(casebook_hash_number(kit.casebook, NUMBER_HOTLINE, "ab-4711", &a));
    assert_ok(casebook_hash_number(kit.casebook, NUMBER_RCMS, "AB 4711", &b));
    assert_ok(casebook_hash_number(kit.casebook, NUMBER_HOTLINE, "AB 4711", &c));
    assert_false(hash_equal(&a, &b));
    assert_true(hash_equal(&a, &c));
    casebook_kit_close(&kit);
}

static void numbers__that_look_like_a_cnic_are_noticed_in_a_text(void **state)
{
    (void)state;
    static const char *const yes[] = {"35202-9876543-8", "cnic 3520298765438.",
        "\xdb\xb3\xdb\xb5\xdb\xb2\xdb\xb0\xdb\xb2\xdb\xb9\xdb\xb8\xdb\xb7\xdb\xb6\xdb\xb5"
        "\xdb\xb4\xdb\xb3\xdb\xb8",
        "35202 9876543 8"};
    static const char *const no[] = {"", "0300-1234567", "35202987654381", "PK-757",
        "2026-11-24", "352029876543", "35202  9876543  8"};
    for (size_t i = 0; i < ARRAY_LENGTH(yes); i++)
        assert_true(number_looks_like_cnic(span_text(yes[i])));
    for (size_t i = 0; i < ARRAY_LENGTH(no); i++)
        assert_false(number_looks_like_cnic(span_text(no[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp12__a_cnic_stands_nowhere_in_clear_and_is_known_again),
        cmocka_unit_test(numbers__refuse_what_cannot_be_one),
        cmocka_unit_test(numbers__of_two_kinds_are_never_the_same),
        cmocka_unit_test(numbers__that_look_like_a_cnic_are_noticed_in_a_text),
    };
    return cmocka_run_group_tests_name("case_numbers", tests, NULL, NULL);
}
