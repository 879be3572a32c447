/* SPDX-License-Identifier: Apache-2.0
 * What a command tells, for people and for programs: nobody's text passes for a fact.
 */
#include "check.h"
#include "facts.h"
#include "json.h"
#include "memory.h"

/* Some facts with that text in them; the caller frees what comes back. */
static char *tell(bool json, const char *text)
{
    char *told = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&told, &n);
    const struct ident ident = {{0xab}};
    struct facts facts;

    assert_non_null(memory);
    facts_begin(&facts, memory, json);
    facts_text(&facts, "contact_person", text);
    facts_open_list(&facts, "rows");
    facts_open(&facts, NULL);
    facts_ident(&facts, "node_id", &ident);
    facts_number(&facts, "version", 7);
    facts_close(&facts);
    facts_open(&facts, NULL);
    facts_flag(&facts, "complete", true);
    facts_close(&facts);
    facts_close_list(&facts);
    facts_open_list(&facts, "none");
    facts_close_list(&facts);
    facts_time(&facts, "created", INT64_C(1795500000000));
    facts_end(&facts);
    assert_int_equal(fclose(memory), 0);
    return told;
}

static void facts__are_lines_for_a_person(void **state)
{
    char *told = tell(false, "an invented coordinator");

    (void)state;
    assert_string_equal(told, "contact person: an invented coordinator\n"
                              "rows:\n"
                              "  -\n"
                              "    node id: ab000000000000000000000000000000\n"
                              "    version: 7\n"
                              "  -\n"
                              "    complete: yes\n"
                              "none:\n"
                              "created: 2026-11-24T06:00:00Z\n");
    memory_free(told);
}

static void facts__are_one_json_value_whatever_the_text(void **state)
{
    static const struct {
        const char *text, *back;
    } rows[] = {
        {"", ""},
        {"a \"quoted\" \\ word", "a \"quoted\" \\ word"},
        {"two\nlines", "two\nlines"},
        {"\xd8\xa7\xd9\x85\xd8\xa7\xd9\x86", "\xd8\xa7\xd9\x85\xd8\xa7\xd9\x86"},
        {"no text: \xff\xfe", "no text: ??"},
        {"\x01\x7f", "\x01\x7f"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char *told = tell(true, rows[i].text);
        struct json *json = NULL;

        assert_ok(json_parse(span_text(told), JSON_TEXT_MAX, &json, NULL));
        assert_string_equal(json_find_text(json, "contact_person"), rows[i].back);
        assert_int_equal(json_count(json_find(json, "rows")), 2);
        assert_int_equal(
            json_find_int(json_nth(json_find(json, "rows"), 0), "version"), 7);
        json_destroy(&json);
        memory_free(told);
    }
}

static void facts__a_text_stays_within_its_line(void **state)
{
    static const struct {
        const char *text, *line;
    } rows[] = {
        {"call\nchange: none", "contact person: call\\nchange: none\nrows:"},
        {"\x1b[2Jgone\r", "contact person: ?[2Jgone?\nrows:"},
        {"bad \xff", "contact person: bad ?\nrows:"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char *told = tell(false, rows[i].text);

        assert_holds(told, rows[i].line);
        memory_free(told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts__are_lines_for_a_person),
        cmocka_unit_test(facts__are_one_json_value_whatever_the_text),
        cmocka_unit_test(facts__a_text_stays_within_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
