/* SPDX-License-Identifier: Apache-2.0
 *
 * warn: what must not stand in free text. All numbers are invented.
 */
#include "check.h"
#include "memory.h"
#include "warn.h"

static struct warnings look(
    const char *text, bool phone_allowed, const struct person *names)
{
    struct warnings found = {0};
    warn_text("note", text, phone_allowed, names, &found);
    return found;
}

static void warn__finds_a_cnic_in_any_digits_with_and_without_hyphens(void **state)
{
    (void)state;
    static const char *const bad[] = {"35202-1234567-1", "3520212345671",
        "CNIC 35202 1234567 1.", "no.35202-1234567-1,", "۳۵۲۰۲-۱۲۳۴۵۶۷-۱",
        "٣٥٢٠٢١٢٣٤٥٦٧١", "35202–1234567–1", "call 0300-1234567 35202-1234567-1",
        "3-5-2-0-2-1-2-3-4-5-6-7-1", "35202-1234567-1 0300-1234567"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct warnings found = look(bad[i], true, NULL);
        if (!found.cnic)
            print_error("%s\n", bad[i]);
        assert_true(found.cnic);
    }
    struct warnings found = look("x 35202-1234567-1 y", false, NULL);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.items[0].code, WARN_CNIC);
    assert_int_equal(found.items[0].at, 2);
    assert_int_equal(found.items[0].n, 15);
    assert_string_equal(found.items[0].field, "note");
}

static void warn__finds_a_telephone_number_unless_it_may_stand_there(void **state)
{
    (void)state;
    static const char *const bad[] = {"0300-1234567", "03001234567", "+92 300 1234567",
        "00923001234567", "923001234567", "۰۳۰۰۱۲۳۴۵۶۷", "051-1234567 8",
        "(0300) 123 4567"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct warnings found = look(bad[i], false, NULL);
        if (found.n != 1)
            print_error("%s\n", bad[i]);
        assert_int_equal(found.n, 1);
        assert_int_equal(found.items[0].code, WARN_PHONE);
        assert_int_equal(look(bad[i], true, NULL).n, 0);
        assert_false(found.cnic);
    }
}

static void warn__leaves_days_doses_and_counts_alone(void **state)
{
    (void)state;
    static const char *const good[] = {"", "on 2026-11-24, 2 children, 500 mg",
        "bus 1234567", "bag 12 of 30", "2026-11-24 05:00", "ward 3, bed 12-14",
        "۲۰۲۶-۱۱-۲۴"};
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        assert_int_equal(look(good[i], false, NULL).n, 0);
}

static void warn__finds_each_part_of_the_persons_name_as_a_word(void **state)
{
    (void)state;
    struct person names = {
        .preferred_name = "Gulnamoona", .full_name = "Bibi Gulnamoona Farziwala"};
    struct warnings found = look("asked for by FARZIWALA sahib", false, &names);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.items[0].code, WARN_NAME);
    assert_int_equal(found.items[0].at, 13);
    assert_int_equal(look("farziwalas", false, &names).n, 0);
    assert_int_equal(look("gulnamoona", false, &names).n, 2); /* of either name */
    names = (struct person){.full_name = "گلنمونہ"};
    assert_int_equal(look("نام گلنمونہ ہے", false, &names).n, 1);
    names = (struct person){.full_name = "Al"}; /* too short to be looked for */
    assert_int_equal(look("al and others", false, &names).n, 0);
}

static void warn__looks_through_every_text_of_a_referral(void **state)
{
    (void)state;
    const char *cnic = "35202-1234567-1";
    for (int i = 0; i < 9; i++) {
        struct warnings found = {0};
        struct person sent = {.safe_contact = i == 0 ? cnic : "0300-1234567",
            .health = i == 1 ? cnic : "",
            .access = i == 2 ? cnic : "",
            .skills = i == 3 ? cnic : "",
            .guardian = i == 4 ? cnic : "",
            .preferred_name = i == 5 ? cnic : "",
            .full_name = i == 6 ? cnic : ""};
        warn_referral(&sent, i == 7 ? cnic : "", i == 8 ? cnic : "", &sent, &found);
        assert_true(found.cnic);
    }
    struct warnings found = {0};
    struct person sent = {.safe_contact = "0300-1234567"};
    warn_referral(&sent, "invented", "officer", &sent, &found);
    assert_int_equal(found.n, 0);
}

static void warn__stops_at_its_limit_and_still_knows_of_a_cnic(void **state)
{
    (void)state;
    char text[1100];
    int n = 0;
    for (int i = 0; i < 40; i++)
        n += snprintf(text + n, sizeof(text) - (size_t)n, "0300-1234567, ");
    snprintf(text + n, sizeof(text) - (size_t)n, "35202-1234567-1");
    struct warnings found = look(text, false, NULL);
    assert_int_equal(found.n, WARNINGS_MAX);
    assert_true(found.cnic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warn__finds_a_cnic_in_any_digits_with_and_without_hyphens),
        cmocka_unit_test(warn__finds_a_telephone_number_unless_it_may_stand_there),
        cmocka_unit_test(warn__leaves_days_doses_and_counts_alone),
        cmocka_unit_test(warn__finds_each_part_of_the_persons_name_as_a_word),
        cmocka_unit_test(warn__looks_through_every_text_of_a_referral),
        cmocka_unit_test(warn__stops_at_its_limit_and_still_knows_of_a_cnic),
    };
    return cmocka_run_group_tests_name("warn", tests, NULL, NULL);
}
