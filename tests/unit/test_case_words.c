/* SPDX-License-Identifier: Apache-2.0
 *
 * case_words: the words are those of docs/CARE.md 10 and 11, under the same numbers, and no others.
 */
#include "case_words.h"

#include "check.h"

static char care[262144];

static size_t count_rows(const char *heading)
{
    const char *section = strstr(care, heading);
    const char *end = strstr(section + strlen(heading), "\n#");
    size_t n = 0;

    for (const char *row = strstr(section, "\n| "); row && (!end || row < end);
         row = strstr(row + 1, "\n| "))
        n++;
    return n - 2; /* the table's head */
}

static void assert_table(const char *heading, const char *(*name)(int))
{
    const char *section = strstr(care, heading);
    char row[100];
    int n = 1;

    assert_non_null(section);
    const char *end = strstr(section + strlen(heading), "\n#");
    for (; name(n); n++) {
        snprintf(row, sizeof(row), "\n| %d | %s |", n, name(n));
        const char *found = strstr(section, row);
        if (!found || (end && found > end))
            fail_msg("docs/CARE.md does not tell \"%s\" under \"%s\"", row + 1, heading);
    }
    assert_int_equal(count_rows(heading), n - 1);
    assert_null(name(0));
}

#define NAMED(noun, type)                                                                \
    static const char *name_##noun(int i)                                                \
    {                                                                                    \
        return noun##_name((enum type)i);                                                \
    }
NAMED(case_origin, case_origin)
NAMED(case_outcome, case_outcome)
NAMED(reopen_reason, reopen_reason)
NAMED(link_reason, link_reason)
NAMED(case_event, case_event)
NAMED(return_type, return_type)
NAMED(task_state, task_state)
NAMED(displacement, displacement)

static void case_words__stand_in_care_md_and_no_others(void **state)
{
    (void)state;
    FILE *file = fopen(AMAAN_SOURCE_DIR "/docs/CARE.md", "r");
    assert_non_null(file);
    size_t n = fread(care, 1, sizeof(care) - 1, file);
    fclose(file);
    assert_true(n > 0 && n < sizeof(care) - 1);
    assert_table("### 10.1 origin", name_case_origin);
    assert_table("### 10.2 outcome", name_case_outcome);
    assert_table("### 10.3 reason", name_reopen_reason);
    assert_table("### 10.4 reason", name_link_reason);
    assert_table("### 10.5 event", name_case_event);
    assert_table("### 11.1 return type", name_return_type);
    assert_table("### 11.2 state", name_task_state);
    assert_table("### 20.4 displacement", name_displacement);
}

static void case_words__are_read_back(void **state)
{
    (void)state;
    enum return_type type;
    enum answer_flag flag;
    for (int i = 1; i < RETURN_COUNT; i++) {
        assert_ok(return_type_parse(return_type_name((enum return_type)i), &type));
        assert_int_equal(type, i);
    }
    for (int i = 1; i < FLAG_COUNT; i++) {
        assert_ok(answer_flag_parse(answer_flag_name((enum answer_flag)i), &flag));
        assert_int_equal(flag, i);
    }
    assert_status(return_type_parse("", &type), STATUS_NOT_FOUND);
    assert_status(answer_flag_parse("Yes", &flag), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_words__stand_in_care_md_and_no_others),
        cmocka_unit_test(case_words__are_read_back),
    };
    return cmocka_run_group_tests_name("case_words", tests, NULL, NULL);
}
