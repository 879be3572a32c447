/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"
#include "status.h"

static void status__has_a_name_of_its_own_for_every_value(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STATUS_COUNT; i++) {
        assert_non_null(status_name((enum status)i));
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(
                status_name((enum status)i), status_name((enum status)j));
    }
    assert_string_equal(status_name(STATUS_COUNT), "unknown status");
    assert_string_equal(status_name((enum status)(-1)), "unknown status");
}

static void trouble__may_be_null(void **state)
{
    (void)state;
    trouble_say(NULL, "%d", 1);
    trouble_prefix(NULL, "%d", 1);
}

static void trouble__says_and_prefixes(void **state)
{
    struct trouble trouble;

    (void)state;
    trouble_say(&trouble, "cannot open %s", "node.conf");
    trouble_prefix(&trouble, "start of %s", "amaan-node");
    assert_string_equal(trouble.text, "start of amaan-node: cannot open node.conf");
    trouble_say(&trouble, "again: %s", trouble.text);
    assert_string_equal(
        trouble.text, "again: start of amaan-node: cannot open node.conf");
}

static void trouble__cuts_and_never_overruns(void **state)
{
    char text[2 * TROUBLE_BYTES];
    struct trouble trouble;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    trouble_say(&trouble, "%s", text);
    assert_int_equal(strlen(trouble.text), TROUBLE_BYTES - 1);
    trouble_prefix(&trouble, "front");
    assert_int_equal(strlen(trouble.text), TROUBLE_BYTES - 1);
    assert_memory_equal(trouble.text, "front: xxx", 10);
}

static void trouble__never_cuts_a_character_in_two(void **state)
{
    char text[TROUBLE_BYTES + 8];
    struct trouble trouble;

    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 4 < sizeof(text); i += 2)
            memcpy(text + i, "\xd8\xa7", 3);
        trouble_say(&trouble, "%s", text);
        assert_true(text_is_clean(span_text(trouble.text)));
        assert_true(strlen(trouble.text) >= TROUBLE_BYTES - 2);
    }
    memset(text, 'x', TROUBLE_BYTES - 3);
    memcpy(text + TROUBLE_BYTES - 3, "\xf0\x9f\x8f\xa0", 5);
    trouble_say(&trouble, "%s", text);
    assert_int_equal(strlen(trouble.text), TROUBLE_BYTES - 3);
}

static void trouble__shows_control_characters_as_question_marks(void **state)
{
    struct trouble trouble;

    (void)state;
    trouble_say(&trouble, "a%sb", "\x1b[2J\n\x7f");
    assert_string_equal(trouble.text, "a?[2J??b");
    trouble_prefix(&trouble, "%s", "\r");
    assert_string_equal(trouble.text, "?: a?[2J??b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status__has_a_name_of_its_own_for_every_value),
        cmocka_unit_test(trouble__may_be_null),
        cmocka_unit_test(trouble__says_and_prefixes),
        cmocka_unit_test(trouble__cuts_and_never_overruns),
        cmocka_unit_test(trouble__never_cuts_a_character_in_two),
        cmocka_unit_test(trouble__shows_control_characters_as_question_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
