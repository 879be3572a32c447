/* SPDX-License-Identifier: Apache-2.0
 *
 * spreadsheet: CSV that is read again as it was meant, and in which no cell is a formula.
 */
#include "spreadsheet.h"

#include "check.h"

static void assert_record(const char *field, const char *wanted)
{
    struct buffer buffer;
    const char *const fields[] = {"x", field};
    char text[128];

    buffer_init(&buffer, 1024);
    assert_ok(spreadsheet_put(&buffer, fields, 2));
    snprintf(text, sizeof(text), "\"x\",%s\r\n", wanted);
    assert_span(buffer_span(&buffer), span_text(text));
    buffer_release(&buffer);
}

static void dp26__no_cell_of_a_spreadsheet_begins_a_formula(void **state)
{
    (void)state;
    assert_record("=1+2", "\"'=1+2\"");
    assert_record("+92 300", "\"'+92 300\"");
    assert_record("-12", "\"'-12\"");
    assert_record("@SUM(A1)", "\"'@SUM(A1)\"");
    assert_record("\t=1", "\"'\t=1\"");
    assert_record("\r=1", "\"'\r=1\"");
    assert_record("\n=1", "\"'\n=1\"");
    assert_record("\xef\xbc\x9d"
                  "1",
        "\"'\xef\xbc\x9d"
        "1\"");
    assert_record("=cmd|' /C calc'!\"A0\"", "\"'=cmd|' /C calc'!\"\"A0\"\"\"");
}

static void spreadsheet__quotes_text_and_leaves_numbers_bare(void **state)
{
    (void)state;
    assert_record("0", "0");
    assert_record("12", "12");
    assert_record("", "\"\"");
    assert_record("a \"word\", and more", "\"a \"\"word\"\", and more\"");
    assert_record("1e5", "\"1e5\"");
    assert_record("رابعہ", "\"رابعہ\"");
}

static void spreadsheet__says_when_there_is_no_room(void **state)
{
    (void)state;
    struct buffer buffer;
    const char *const fields[] = {"long enough", "\"\"\""};
    for (size_t max = 0; max < 23; max++) {
        buffer_init(&buffer, max);
        assert_status(spreadsheet_put(&buffer, fields, 2), STATUS_TOO_BIG);
        buffer_release(&buffer);
    }
    buffer_init(&buffer, 24);
    assert_ok(spreadsheet_put(&buffer, fields, 2));
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp26__no_cell_of_a_spreadsheet_begins_a_formula),
        cmocka_unit_test(spreadsheet__quotes_text_and_leaves_numbers_bare),
        cmocka_unit_test(spreadsheet__says_when_there_is_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
