/* SPDX-License-Identifier: Apache-2.0
 *
 * words: every reason and state has words of its own, and a number from elsewhere has none.
 */
#include "check.h"
#include "post.h"
#include "words.h"

static void words__of_every_reason_are_clean_and_different(void **state)
{
    (void)state;
    assert_string_equal(wait_words(WAIT_NOTHING), "");
    for (int i = WAIT_NOTHING + 1; i < WAIT_REASON_COUNT; i++) {
        const char *words = wait_words((enum wait_reason)i);
        assert_non_null(words);
        assert_true(strlen(words) > 10);
        assert_true(text_is_clean(span_text(words)));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(words, wait_words((enum wait_reason)k));
    }
}

static void words__of_an_unknown_reason_are_empty(void **state)
{
    (void)state;
    assert_string_equal(wait_words(WAIT_REASON_COUNT), "");
    assert_string_equal(wait_words((enum wait_reason) - 1), "");
}

/* The words of docs/STYLE.md and post.h, in lower case. */
static void words__of_states_are_those_of_the_documents(void **state)
{
    (void)state;
    static const char *const names[] = {"unknown", "draft", "sealed", "held", "stored",
        "confirmed", "expired", "withdrawn", "blocked", "invalid", "late",
        "undeliverable", "unknown"};
    for (int i = 0; i <= LETTER_STATE_COUNT; i++)
        assert_string_equal(letter_state_name((enum letter_state)i), names[i]);
    assert_string_equal(letter_state_name((enum letter_state) - 1), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words__of_every_reason_are_clean_and_different),
        cmocka_unit_test(words__of_an_unknown_reason_are_empty),
        cmocka_unit_test(words__of_states_are_those_of_the_documents),
    };
    return cmocka_run_group_tests_name("post_words", tests, NULL, NULL);
}
