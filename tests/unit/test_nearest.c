/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"
#include "nearest.h"

static const char *const KNOWN[] = {"send", "status", "listing", "to", "unlock"};

static const char *guess(const char *word)
{
    return nearest_word(word, KNOWN, ARRAY_LENGTH(KNOWN));
}

static void nearest__is_the_word_that_was_meant(void **state)
{
    (void)state;
    assert_string_equal(guess("sned"), "send");
    assert_string_equal(guess("sends"), "send");
    assert_string_equal(guess("stauts"), "status");
    assert_string_equal(guess("unlock"), "unlock");
    assert_string_equal(guess("list"), "listing");
}

static void nearest__guesses_nothing_that_is_far(void **state)
{
    char word[200];

    (void)state;
    assert_null(guess(""));
    assert_null(guess("x"));
    assert_null(guess("xx"));
    assert_null(guess("unrelated"));
    memset(word, 's', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    assert_null(guess(word));
    assert_null(nearest_word("send", KNOWN, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest__is_the_word_that_was_meant),
        cmocka_unit_test(nearest__guesses_nothing_that_is_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
