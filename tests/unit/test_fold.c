/* SPDX-License-Identifier: Apache-2.0
 *
 * fold: names that are one name to a reader are one text to the finder, and others are not.
 */
#include "check.h"
#include "fold.h"
#include "memory.h"

static void fold(const char *text, char *ret)
{
    struct buffer folded;

    buffer_init(&folded, FOLD_BYTES_MAX);
    assert_ok(fold_text(span_text(text), &folded));
    if (folded.used > 0)
        memcpy(ret, folded.bytes, folded.used);
    ret[folded.used] = 0;
    buffer_release(&folded);
}

static void fold__makes_one_of_what_keyboards_write_differently(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"علی", "علي"},               /* Urdu ye, Arabic ye */
        {"علی", "على"},               /* alef maksura */
        {"کریم", "كريم"},             /* kaf and ye */
        {"فاطمہ", "فاطمه"},           /* he */
        {"فاطمہ", "فاطمة"},           /* te marbuta */
        {"عائشہ", "عایشه"},           /* ye with hamza */
        {"زُبَیْدَہ", "زبیدہ"},           /* vowel marks */
        {"محـــمد", "محمد"},          /* tatweel */
        {"محمد\u200cعلی", "محمدعلی"}, /* ZWNJ */
        {"\u202bنور\u202c", "نور"},   /* direction marks */
        {"آمنہ", "امنہ"},             /* alef with madda */
        {"آ", "ا\u0653"},             /* composed or not */
        {"ﻣﺤﻤﺪ", "محمد"},             /* presentation forms */
        {"ﷲ", "الله"},                /* the ligature */
        {"ۀ", "ہ"},                   /* he with hamza */
        {"بھائی", "بہایی"},           /* do-chashmi he */
        {"خاں", "خان"},               /* nun ghunna */
        {"۱۲۳", "123"},               /* Urdu digits */
        {"١٢٣", "123"},               /* Arabic digits */
        {"Zarq  Quolm ", "zarq quolm"},
        {"ZARQ-QUOLM", "zarq quolm"},
        {"O'Quolm", "OQuolm"},
        {"Ｚａｒｑ", "zarq"}, /* full width */
        {"عبد الرحمٰن", "عبد الرحمن"},
    };
    char a[FOLD_BYTES_MAX + 1], b[FOLD_BYTES_MAX + 1];
    for (size_t i = 0; i < ARRAY_LENGTH(same); i++) {
        fold(same[i][0], a);
        fold(same[i][1], b);
        assert_string_equal(a, b);
        assert_true(*a);
    }
}

static void fold__keeps_apart_what_is_not_one_name(void **state)
{
    (void)state;
    static const char *const other[][2] = {{"علی", "ولی"}, {"نور", "نورا"},
        {"زبیدہ", "زبیرہ"}, {"zarq", "zark"}, {"پری", "بری"}, {"گل", "کل"},
        {"چاند", "جاند"}, {"ڈار", "دار"}};
    char a[FOLD_BYTES_MAX + 1], b[FOLD_BYTES_MAX + 1];
    for (size_t i = 0; i < ARRAY_LENGTH(other); i++) {
        fold(other[i][0], a);
        fold(other[i][1], b);
        assert_string_not_equal(a, b);
    }
}

static void fold__is_the_same_when_done_twice(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "زُبَیْدَہ ﷲ ۀ", "Straße ǅ İ", "ۂ ۃ ۓ", "  a  -  b  ", "کراچی ۱۲۳"};
    char once[FOLD_BYTES_MAX + 1], twice[FOLD_BYTES_MAX + 1];
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        fold(texts[i], once);
        fold(once, twice);
        assert_string_equal(once, twice);
    }
}

static void fold__of_nothing_but_marks_is_nothing(void **state)
{
    (void)state;
    char folded[FOLD_BYTES_MAX + 1];
    fold("\u200c \u0650 - \u200f", folded);
    assert_string_equal(folded, "");
    fold("", folded);
    assert_string_equal(folded, "");
}

static void fold__refuses_what_is_no_utf8_or_too_long(void **state)
{
    (void)state;
    char text[FOLD_BYTES_MAX + 2];
    struct buffer folded;
    buffer_init(&folded, FOLD_BYTES_MAX);
    assert_status(fold_text(span_text("zarq\xff"), &folded), STATUS_MALFORMED);
    assert_status(fold_text(span_text("\xd8"), &folded), STATUS_MALFORMED);
    memset(text, 'x', sizeof(text));
    assert_status(fold_text(span_of(text, sizeof(text)), &folded), STATUS_TOO_BIG);
    assert_ok(fold_text(span_of(text, FOLD_BYTES_MAX), &folded));
    buffer_release(&folded);
    /* A sign that grows to eighteen letters. */
    buffer_init(&folded, FOLD_BYTES_MAX);
    for (size_t i = 0; i + 3 <= FOLD_BYTES_MAX; i += 3)
        memcpy(text + i, "\xef\xb7\xba", 3);
    assert_status(fold_text(span_of(text, 1023), &folded), STATUS_TOO_BIG);
    buffer_release(&folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fold__makes_one_of_what_keyboards_write_differently),
        cmocka_unit_test(fold__keeps_apart_what_is_not_one_name),
        cmocka_unit_test(fold__is_the_same_when_done_twice),
        cmocka_unit_test(fold__of_nothing_but_marks_is_nothing),
        cmocka_unit_test(fold__refuses_what_is_no_utf8_or_too_long),
    };
    return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
