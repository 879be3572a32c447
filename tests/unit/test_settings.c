/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings are a table; a file that does not fit it is refused with file and line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "memory.h"
#include "settings.h"

static const struct setting TABLE[] = {
    {"link/endpoint", SETTING_TEXT, "tcp://127.0.0.1:7117", 1, 200, NULL,
        "Where members reach the exchange. This sentence is long enough that the sample "
        "has to "
        "wrap it at least once."},
    {"link/ipv6", SETTING_FLAG, "no", 0, 0, NULL, "Also by IPv6."},
    {"mailbox/envelopes", SETTING_INT, "20000", 1, 1000000, NULL,
        "How many wait at most."},
    {"log/level", SETTING_CHOICE, "info", 0, 0, "debug info warning", "What is told."},
};
enum { N = ARRAY_LENGTH(TABLE) };

static enum status parse(const char *text, struct settings **ret, struct trouble *trouble)
{
    return settings_parse(TABLE, N, span_text(text), "test.conf", ret, trouble);
}

static void settings__are_defaults_where_the_file_says_nothing(void **state)
{
    struct settings *settings = NULL;
    (void)state;
    assert_int_equal(parse("", &settings, NULL), STATUS_OK);
    assert_string_equal(settings_text(settings, "link/endpoint"), "tcp://127.0.0.1:7117");
    assert_false(settings_flag(settings, "link/ipv6"));
    assert_int_equal(settings_int(settings, "mailbox/envelopes"), 20000);
    assert_string_equal(settings_text(settings, "log/level"), "info");
    assert_false(settings_is_set(settings, "log/level"));
    settings_destroy(&settings);
    assert_null(settings);
}

static void settings__are_read_from_sections(void **state)
{
    struct settings *settings = NULL;
    (void)state;
    assert_int_equal(
        parse("# head\n\nlink\n    endpoint = \"tcp://0.0.0.0:1 # no comment\"\n"
              "    # a comment\n    ipv6 = yes   # yes\nmailbox\n"
              "    envelopes=5\nlog\n    level = debug",
            &settings, NULL),
        STATUS_OK);
    assert_string_equal(
        settings_text(settings, "link/endpoint"), "tcp://0.0.0.0:1 # no comment");
    assert_true(settings_flag(settings, "link/ipv6"));
    assert_int_equal(settings_int(settings, "mailbox/envelopes"), 5);
    assert_string_equal(settings_text(settings, "log/level"), "debug");
    assert_true(settings_is_set(settings, "link/ipv6"));
    settings_destroy(&settings);
}

static void settings__name_file_line_and_reason_of_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *said;
    } WRONG[] = {
        {"link\n    endpiont = \"x\"\n", "test.conf, line 2: there is no setting "
                                         "link/endpiont; did you mean link/endpoint?"},
        {"link\n    colour = red\n",
            "test.conf, line 2: there is no setting link/colour"},
        {"lnik\n    ipv6 = yes\n",
            "test.conf, line 1: there is no section lnik; did you mean link?"},
        {"# one\n\nzebra\n", "test.conf, line 3: there is no section zebra"},
        {"link\n    ipv6 = no\n    ipv6 = no\n",
            "test.conf, line 3: link/ipv6 is set a second time"},
        {"link\n    ipv6 = no\nlog\nlink\n",
            "test.conf, line 4: section link stands there a second time"},
        {"link\n    ipv6 = maybe\n",
            "test.conf, line 2: link/ipv6 must be yes or no, not \"maybe\""},
        {"mailbox\n    envelopes = 0\n", "test.conf, line 2: mailbox/envelopes must be a "
                                         "whole number from 1 to 1000000, not "
                                         "\"0\""},
        {"mailbox\n    envelopes = 7x\n", "test.conf, line 2: mailbox/envelopes must be "
                                          "a whole number from 1 to 1000000, not "
                                          "\"7x\""},
        {"log\n    level = loud\n", "test.conf, line 2: log/level must be one of: debug "
                                    "info warning; not \"loud\""},
        {"link\n    endpoint = \"\"\n",
            "test.conf, line 2: link/endpoint must have 1 to 200 bytes"},
        {"link\n  ipv6 = no\n",
            "test.conf, line 2: indent by exactly four spaces inside a "
            "section, and not at all for its name"},
        {"link\n\tipv6 = no\n",
            "test.conf, line 2: a tab stands here: indent by four spaces"},
        {"ipv6 = no\n",
            "test.conf, line 1: a setting stands in a section, indented by four spaces"},
        {"    ipv6 = no\n",
            "test.conf, line 1: a setting stands in a section, indented by four spaces"},
        {"link\n    ipv6\n", "test.conf, line 2: \"= VALUE\" is missing"},
        {"link\n    ipv6 =\n", "test.conf, line 2: a value is missing behind ="},
        {"link\n    endpoint = \"x\n", "test.conf, line 2: the closing quote is missing"},
        {"link\n    endpoint = a b\n", "test.conf, line 2: a value with spaces, # or "
                                       "quotes stands between double quotes"},
        {"link\n    endpoint = \"a\"b\n", "test.conf, line 2: something follows the "
                                          "closing quote; a value has no quote inside"},
        {"link\n    Endpoint = a\n",
            "test.conf, line 2: a name is expected here (a to z, 0 to 9, -)"},
        {"link\r\n", "test.conf, line 1: this line is not plain text"},
        {"link\n    endpoint = \"\xff\"\n",
            "test.conf, line 2: this line is not plain text"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(WRONG); i++) {
        struct settings *settings = NULL;
        struct trouble trouble;
        assert_int_equal(parse(WRONG[i].text, &settings, &trouble), STATUS_MALFORMED);
        assert_null(settings);
        assert_string_equal(trouble.text, WRONG[i].said);
    }
}

static void settings__refuse_a_nul(void **state)
{
    struct settings *settings = NULL;
    (void)state;
    assert_int_equal(
        settings_parse(TABLE, N, span_of("link\0\n", 6), "x", &settings, NULL),
        STATUS_MALFORMED);
}

static void settings__say_that_the_file_is_missing(void **state)
{
    struct settings *settings = NULL;
    struct trouble trouble = {""};
    (void)state;
    assert_int_equal(settings_read(TABLE, N, "/nonexistent/x.conf", &settings, &trouble),
        STATUS_NOT_FOUND);
    assert_non_null(strstr(trouble.text, "/nonexistent/x.conf"));
}

static void sample__reads_back_as_the_defaults_and_explains_every_row(void **state)
{
    struct buffer text;
    struct settings *settings = NULL;
    const char *values[N] = {NULL, "yes", NULL, NULL};
    (void)state;
    buffer_init(&text, SETTINGS_BYTES_MAX);
    assert_int_equal(
        settings_sample(TABLE, N, "What this is.\n\nMore.", values, &text), STATUS_OK);
    assert_int_equal(
        settings_parse(TABLE, N, buffer_span(&text), "sample", &settings, NULL),
        STATUS_OK);
    for (size_t i = 0; i < N; i++)
        assert_true(settings_is_set(settings, TABLE[i].name));
    assert_true(settings_flag(settings, "link/ipv6"));
    assert_int_equal(settings_int(settings, "mailbox/envelopes"), 20000);
    assert_int_equal(buffer_put(&text, "", 1), STATUS_OK);
    assert_non_null(strstr((char *)text.bytes, "# What this is.\n#\n# More.\n\nlink\n"));
    assert_non_null(strstr((char *)text.bytes, "(1 to 1000000)"));
    assert_non_null(strstr((char *)text.bytes, "(one of: debug info warning)"));
    settings_destroy(&settings);
    buffer_release(&text);
}

/* A file that a full disk has cut is refused with a line, or read as far as it goes; no text comes back cut. */
static void sample__cut_at_any_length_is_refused_or_read_as_far_as_it_goes(void **state)
{
    struct buffer text;

    (void)state;
    buffer_init(&text, SETTINGS_BYTES_MAX);
    assert_int_equal(settings_sample(TABLE, N, "What this is.", NULL, &text), STATUS_OK);
    for (size_t n = 0; n < text.used; n++) {
        uint8_t *copy = memory_copy(text.bytes, n);
        struct settings *settings = NULL;
        struct trouble trouble = {""};
        enum status status =
            settings_parse(TABLE, N, span_of(copy, n), "cut", &settings, &trouble);

        if (status == STATUS_OK)
            assert_string_equal(
                settings_text(settings, "link/endpoint"), "tcp://127.0.0.1:7117");
        else
            assert_non_null(strstr(trouble.text, "cut, line "));
        settings_destroy(&settings);
        memory_free(copy);
    }
    buffer_release(&text);
}

static void effective__tells_defaults_from_what_was_set(void **state)
{
    struct buffer text;
    struct settings *settings = NULL;
    (void)state;
    buffer_init(&text, SETTINGS_BYTES_MAX);
    assert_int_equal(parse("link\n    ipv6 = yes\n", &settings, NULL), STATUS_OK);
    assert_int_equal(settings_effective(settings, &text), STATUS_OK);
    assert_int_equal(buffer_put(&text, "", 1), STATUS_OK);
    assert_string_equal((char *)text.bytes,
        "link/endpoint = tcp://127.0.0.1:7117 (default)\n"
        "link/ipv6 = yes\n"
        "mailbox/envelopes = 20000 (default)\n"
        "log/level = info (default)\n");
    settings_destroy(&settings);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings__are_defaults_where_the_file_says_nothing),
        cmocka_unit_test(settings__are_read_from_sections),
        cmocka_unit_test(settings__name_file_line_and_reason_of_what_is_wrong),
        cmocka_unit_test(settings__refuse_a_nul),
        cmocka_unit_test(settings__say_that_the_file_is_missing),
        cmocka_unit_test(sample__reads_back_as_the_defaults_and_explains_every_row),
        cmocka_unit_test(sample__cut_at_any_length_is_refused_or_read_as_far_as_it_goes),
        cmocka_unit_test(effective__tells_defaults_from_what_was_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
