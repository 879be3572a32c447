/* SPDX-License-Identifier: Apache-2.0
 *
 * plot: whatever the data, a picture stays within itself, escapes its words, and reads from where its language begins.
 */
#include "plot.h"

#include <stdlib.h>

#include "check.h"
#include "memory.h"
#include "pages.h"

static struct buffer page;
static struct page_count counted;

/* The page of that JSON; with its end as a text. */
static const char *render(
    page_function *function, const char *text, enum page_language language)
{
    struct page_context context = {.language = language,
        .token = "",
        .key = "",
        .path = "/",
        .theme = "",
        .count = &counted};
    struct trouble trouble = {""};
    struct json *data = NULL;

    counted = (struct page_count){0};
    buffer_clear(&page);
    if (json_parse(span_text(text), PAGE_BYTES_MAX, &data, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    assert_ok(function(&page, data, &context));
    assert_ok(buffer_put(&page, "", 1));
    json_destroy(&data);
    return (char *)page.bytes;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

/* Each number behind `attribute` is from 0 to `most`. */
static void assert_within(const char *text, const char *attribute, long most)
{
    size_t n = 0;

    for (const char *at = strstr(text, "<svg"); at && (at = strstr(at, attribute)); n++) {
        char *end;

        at += strlen(attribute);
        long number = strtol(at, &end, 10);
        assert_int_equal(*end, '"');
        assert_in_range(number, 0, most);
    }
    assert_true(n > 0);
}

#define LINE(word, open, overdue)                                                        \
    "{\"service\":\"" word "\",\"open\":" open ",\"overdue\":" overdue                   \
    ",\"undelivered\":0,\"waiting\":0,\"median_hours\":0,\"longest_hours\":0}"
#define LOAD(lines) "{\"load\":{\"services\":[" lines "],\"complete\":true}}"

static void bars__are_as_long_as_their_numbers(void **state)
{
    const char *text;

    (void)state;
    text = render(page_load,
        LOAD(LINE("shelter", "8", "2") "," LINE("medical", "4", "0")), PAGE_ENG);
    assert_holds(text, "<rect class=\"bar\" x=\"0\" y=\"23\" width=\"360\"");
    assert_holds(text, "<rect class=\"part\" x=\"0\" y=\"23\" width=\"90\"");
    assert_holds(text, "<rect class=\"bar\" x=\"0\" y=\"23\" width=\"180\"");
    assert_int_equal(count(text, "class=\"part\""), 1);
    assert_holds(text, ">8 · 2 overdue</text>"); /* not colour alone */
    assert_int_equal(counted.missing + counted.untranslated, 0);
}

static void bars__begin_where_the_language_begins(void **state)
{
    const char *text = render(page_load,
        LOAD(LINE("shelter", "8", "2") "," LINE("medical", "4", "0")), PAGE_URD);

    (void)state;
    assert_holds(text, "direction=\"rtl\"");
    assert_holds(text, "<rect class=\"part\" x=\"270\" y=\"23\" width=\"90\"");
    assert_holds(text, "<rect class=\"bar\" x=\"180\" y=\"23\" width=\"180\"");
    assert_holds(text, "<text class=\"label\" x=\"360\"");
    assert_holds(text, "<text class=\"n\" x=\"0\"");
}

static void bars__stay_in_the_picture_whatever_the_numbers(void **state)
{
    const char *text = render(page_load,
        LOAD(LINE("shelter", "9007199254740991", "9007199254740991") "," LINE("medical",
            "-5", "7") "," LINE("legal", "1", "500") "," LINE("other", "0", "0")),
        PAGE_ENG);

    (void)state;
    assert_within(text, " width=\"", 360);
    assert_within(text, " x=\"", 360);
    assert_within(text, " height=\"", 360);
}

static void bars__escape_their_words(void **state)
{
    const char *text = render(page_load,
        "{\"load\":{\"services\":[" LINE("<script>\\\"&", "1",
            "0") "],\"districts\":["
                 "{\"district\":\"PK799\",\"name\":\"</text><a href='x'>\",\"open\":1,"
                 "\"overdue\":0,\"undelivered\":0,\"waiting\":0,\"median_hours\":0,"
                 "\"longest_hours\":0}],\"complete\":true}}",
        PAGE_ENG);

    (void)state;
    assert_null(strstr(text, "<script>")); /* ours has a src */
    assert_null(strstr(text, "<a href='x'"));
    assert_holds(text, ">&lt;/text&gt;&lt;a href=&#39;x&#39;&gt;</text>");
}

static void bars__name_a_place_in_the_language_of_the_page(void **state)
{
    static const char DATA[] = "{\"load\":{\"services\":[" LINE("shelter", "1",
        "0") "],\"districts\":["
             "{\"district\":\"PK513\",\"name\":\"Khyber\",\"open\":1,\"overdue\":0,"
             "\"undelivered\":0,\"waiting\":0,\"median_hours\":0,\"longest_hours\":0}],"
             "\"complete\":true}}";

    (void)state;
    assert_holds(render(page_load, DATA, PAGE_ENG), ">Khyber</text>");
    assert_holds(render(page_load, DATA, PAGE_URD), ">خیبر</text>");
}

static void bars__of_many_show_the_first_ones(void **state)
{
    struct buffer text;
    const char *line = LINE("shelter", "1", "0") ",";

    (void)state;
    buffer_init(&text, PAGE_BYTES_MAX);
    assert_ok(buffer_put(&text, "{\"load\":{\"services\":[", 21));
    for (int i = 0; i < 500; i++)
        assert_ok(buffer_put(&text, line, strlen(line) - (i == 499)));
    assert_ok(buffer_put(&text, "]}}", 4));
    const char *shown = render(page_load, (char *)text.bytes, PAGE_ENG);
    assert_int_equal(count(shown, "class=\"ground\""), 2 * PLOT_BARS_MAX);
    assert_int_equal(count(shown, "<tr><td"), 500); /* the table has all */
    buffer_release(&text);
}

static void bars__of_nothing_are_no_picture(void **state)
{
    (void)state;
    assert_null(strstr(render(page_load, LOAD(""), PAGE_ENG), "<svg"));
    assert_null(strstr(render(page_load, "{\"load\":7}", PAGE_ENG), "<svg"));
}

#define EVENT(at, shape)                                                                 \
    "{\"at\":\"" at "\",\"kind\":\"event\",\"word\":\"made\",\"shape\":\"" shape "\"}"
#define TRACK(events)                                                                    \
    "{\"board\":{\"items\":[{\"reference\":\"7K2MQ4XTA\",\"state\":\"requested\","       \
    "\"late\":\"no\",\"sender\":\"a\",\"recipient\":\"b\",\"service\":\"shelter\","      \
    "\"priority\":\"tonight\"}],\"events\":[" events "]}}"

static void track__puts_marks_as_far_from_each_other_as_times_are(void **state)
{
    const char *text = render(page_timeline,
        TRACK(EVENT("2026-11-24T00:00:00Z", "done") "," EVENT(
            "2026-11-24T01:00:00Z", "now") "," EVENT("2026-11-24T04:00:00Z", "due")),
        PAGE_ENG);

    (void)state;
    assert_holds(text, "<circle class=\"done\" cx=\"14\" cy=\"16\"");
    assert_holds(text, "<circle class=\"now\" cx=\"14\" cy=\"38\""); /* 16 + 92 / 4 */
    assert_holds(text, "<polygon class=\"due\" points=\"14,");       /* another shape */
    assert_holds(text, ">Until then: 24 November 2026, 09:00</text>");
    text = render(page_timeline, TRACK(EVENT("2026-11-24T00:00:00Z", "late")), PAGE_URD);
    assert_holds(text, "<polygon class=\"late\" points=\"346,");
}

static void track__stays_in_the_picture_whatever_the_times(void **state)
{
    const char *text = render(page_timeline,
        TRACK(EVENT("0001-01-01T00:00:00Z", "done") "," EVENT(
            "never", "\\\" onload=\\\"x") "," EVENT("9999-12-31T23:59:59Z",
            "done") "," EVENT("1970-01-01T00:00:00Z", "done")),
        PAGE_ENG);

    (void)state;
    assert_within(text, " cy=\"", 16 + 3 * 46);
    assert_within(text, " cx=\"", 360);
    assert_null(strstr(text, "onload"));
}

static int set_up(void **state)
{
    (void)state;
    buffer_init(&page, PAGE_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buffer_release(&page);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars__are_as_long_as_their_numbers),
        cmocka_unit_test(bars__begin_where_the_language_begins),
        cmocka_unit_test(bars__stay_in_the_picture_whatever_the_numbers),
        cmocka_unit_test(bars__escape_their_words),
        cmocka_unit_test(bars__name_a_place_in_the_language_of_the_page),
        cmocka_unit_test(bars__of_many_show_the_first_ones),
        cmocka_unit_test(bars__of_nothing_are_no_picture),
        cmocka_unit_test(track__puts_marks_as_far_from_each_other_as_times_are),
        cmocka_unit_test(track__stays_in_the_picture_whatever_the_times),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
