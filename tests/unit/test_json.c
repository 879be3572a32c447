/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict reading, sentences that name the field, output that is always the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hostile.h"
#include "json.h"
#include "memory.h"
#include "seeded.h"

enum { MAX = 65536 };

static struct json *parse(const char *text)
{
    struct json *json = NULL;
    struct trouble trouble = {""};
    if (json_parse(span_text(text), MAX, &json, &trouble) != STATUS_OK)
        fail_msg("%s: %s", text, trouble.text);
    return json;
}

static void assert_prints(const struct json *json, const char *wanted)
{
    struct buffer text;
    buffer_init(&text, MAX);
    assert_int_equal(json_print(json, &text), STATUS_OK);
    assert_int_equal(text.used, strlen(wanted));
    assert_memory_equal(text.bytes, wanted, text.used);
    buffer_release(&text);
}

static void parse__refuses_what_readers_disagree_about(void **state)
{
    static const char *const BAD[] = {"", " ", "{", "{}x", "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}", "{\"a\":\"\\u0000\"}", "{\"a\":NaN}", "{'a':1}",
        "{a:1}", "[1,]", "[9223372036854775808]", "[-9223372036854775809]", "[01]",
        "[\"\xff\"]", "[\"\xc0\xaf\"]", "[\"\xed\xa0\x80\"]", "[\"\\ud800\"]", "\"text\"",
        "1", "null", "[1]//", "\xef\xbb\xbf{}", "[\"\n\"]", "{\"\\u0000\":1}", "[1e999]"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++) {
        struct json *json = NULL;
        struct trouble trouble = {""};
        if (json_parse(span_text(BAD[i]), MAX, &json, &trouble) != STATUS_MALFORMED)
            fail_msg("taken: %s", BAD[i]);
        assert_null(json);
        assert_true(strlen(trouble.text) > 0);
    }
    struct json *json = NULL;
    assert_int_equal(
        json_parse(span_of("{\"a\":1}\0", 8), MAX, &json, NULL), STATUS_MALFORMED);
    assert_int_equal(
        json_parse(span_of("[\"a\0b\"]", 7), MAX, &json, NULL), STATUS_MALFORMED);
}

static void parse__refuses_depth_and_length_beyond_the_limit(void **state)
{
    struct json *json = NULL;
    char text[2 * (JSON_DEPTH_MAX + 1) + 1] = "";
    (void)state;
    for (size_t i = 0; i <= JSON_DEPTH_MAX; i++) {
        text[i] = '[';
        text[2 * JSON_DEPTH_MAX + 1 - i] = ']';
    }
    assert_int_equal(json_parse(span_text(text), MAX, &json, NULL), STATUS_MALFORMED);
    assert_int_equal(
        json_parse(span_of(text + 1, 2 * JSON_DEPTH_MAX), MAX, &json, NULL), STATUS_OK);
    json_destroy(&json);
    assert_int_equal(
        json_parse(span_text("[\"[[[[[[[[[[[[[[[[[[[\\\"[\"]"), MAX, &json, NULL),
        STATUS_OK); /* brackets in text are none */
    json_destroy(&json);
    assert_int_equal(json_parse(span_text("[1,2]"), 4, &json, NULL), STATUS_TOO_BIG);
}

static enum status decode(void *context, struct span bytes)
{
    struct json *json = NULL;
    enum status status = json_parse(bytes, MAX, &json, NULL);
    (void)context;
    json_destroy(&json);
    return status;
}

static void parse__refuses_a_text_cut_at_any_length_or_with_more(void **state)
{
    static const char TEXT[] =
        "{\"a\":[1,-2.5e3,true,null,{\"b\":\"\\u0627 \xd8\xa7\\n\"}],\"c\":\"\"}";
    struct seeded seeded;
    (void)state;
    hostile_cut(span_text(TEXT), decode, NULL);
    (void)hostile_flip(
        span_text(TEXT), sizeof TEXT, seeded_init(&seeded, 1), decode, NULL);
}

static void print__is_compact_sorted_and_the_inverse_of_parse(void **state)
{
    const char *text =
        "{\"b\":[1,-2,true,null,\"\xd8\xa7\xd9\x85\xd8\xa7\xd9\x86\"],\"a\":{}, "
        "\"c\":9007199254740993}";
    const char *sorted =
        "{\"a\":{},\"b\":[1,-2,true,null,\"\xd8\xa7\xd9\x85\xd8\xa7\xd9\x86\"],"
        "\"c\":9007199254740993}";
    struct json *json = parse(text), *again = parse(sorted), *copy = json_clone(json);
    (void)state;
    assert_prints(json, sorted);
    assert_true(json_same(json, again));
    assert_true(json_same(json, copy));
    json_put_int(copy, "c", 1);
    assert_false(json_same(json, copy));
    json_destroy(&json);
    json_destroy(&again);
    json_destroy(&copy);
    json_destroy(&copy); /* NULL by now */
}

static void print__changes_nothing_when_the_buffer_is_too_small(void **state)
{
    struct json *json = parse("{\"a\":\"0123456789\"}");
    struct buffer text;
    (void)state;
    buffer_init(&text, 12);
    assert_int_equal(buffer_put(&text, "xy", 2), STATUS_OK);
    assert_int_equal(json_print(json, &text), STATUS_TOO_BIG);
    assert_int_equal(text.used, 2);
    buffer_release(&text);
    json_destroy(&json);
}

static void need__names_the_field_and_what_it_must_be(void **state)
{
    struct json *json = parse(
        "{\"t\":\"word\",\"n\":5,\"f\":true,\"r\":1.5,\"z\":null,\"bad\":\"a\\u0007\","
        "\"l\":[1,2,3],\"o\":{\"x\":1},\"id\":\"00112233445566778899aabbccddeeff\","
        "\"at\":\"2026-11-24T05:00:00Z\"}");
    static const char *const WORDS[] = {"sound", "word"};
    struct trouble trouble;
    const char *text = "before";
    const struct json *part = NULL;
    int64_t number = 77, at_ms = 0;
    size_t index = 9;
    bool flag = false;
    struct ident ident;
    (void)state;

    assert_int_equal(json_need_text(json, "t", 4, &text, &trouble), STATUS_OK);
    assert_string_equal(text, "word");
    assert_int_equal(json_need_text(json, "t", 3, &text, &trouble), STATUS_TOO_BIG);
    assert_string_equal(trouble.text, "field \"t\" is 4 bytes long: at most 3 fit");
    assert_int_equal(json_need_text(json, "x", 3, &text, &trouble), STATUS_MALFORMED);
    assert_string_equal(trouble.text, "field \"x\" is missing: it must be text");
    assert_int_equal(json_need_text(json, "z", 3, &text, &trouble), STATUS_MALFORMED);
    assert_int_equal(json_need_text(json, "bad", 9, &text, &trouble), STATUS_MALFORMED);
    assert_string_equal(
        trouble.text, "field \"bad\" must be text without control characters");
    assert_int_equal(json_need_text(json, "n", 3, &text, &trouble), STATUS_MALFORMED);
    assert_string_equal(trouble.text, "field \"n\" must be text");

    assert_int_equal(json_need_int(json, "n", 0, 5, &number, &trouble), STATUS_OK);
    assert_int_equal(number, 5);
    assert_int_equal(json_need_int(json, "n", 6, 9, &number, &trouble), STATUS_TOO_BIG);
    assert_string_equal(trouble.text, "field \"n\" is 5: it must lie in 6 to 9");
    assert_int_equal(json_need_int(json, "n", 0, 4, &number, &trouble), STATUS_TOO_BIG);
    assert_int_equal(json_need_int(json, "r", 0, 9, &number, &trouble), STATUS_MALFORMED);
    assert_int_equal(json_need_int(json, "t", 0, 9, &number, &trouble), STATUS_MALFORMED);
    assert_int_equal(number, 5);

    assert_int_equal(json_need_flag(json, "f", &flag, &trouble), STATUS_OK);
    assert_true(flag);
    assert_int_equal(json_need_flag(json, "n", &flag, &trouble), STATUS_MALFORMED);

    assert_int_equal(json_need_choice(json, "t", WORDS, 2, &index, &trouble), STATUS_OK);
    assert_int_equal(index, 1);
    assert_int_equal(
        json_need_choice(json, "t", WORDS, 1, &index, &trouble), STATUS_MALFORMED);
    assert_string_equal(trouble.text, "field \"t\" must be one of sound");

    assert_int_equal(json_need_time(json, "at", &at_ms, &trouble), STATUS_OK);
    assert_int_equal(at_ms, INT64_C(1795496400000));
    assert_int_equal(json_need_time(json, "t", &at_ms, &trouble), STATUS_MALFORMED);
    assert_int_equal(json_need_ident(json, "id", &ident, &trouble), STATUS_OK);
    assert_int_equal(ident.bytes[15], 0xff);
    assert_int_equal(json_need_ident(json, "t", &ident, &trouble), STATUS_MALFORMED);
    assert_string_equal(trouble.text, "field \"t\" must be 32 hex digits");

    assert_int_equal(json_need_list(json, "l", 3, &part, &trouble), STATUS_OK);
    assert_int_equal(json_int(json_nth(part, 2)), 3);
    assert_null(json_nth(part, 3));
    assert_int_equal(json_need_list(json, "l", 2, &part, &trouble), STATUS_TOO_BIG);
    assert_int_equal(json_need_object(json, "o", &part, &trouble), STATUS_OK);
    assert_int_equal(json_find_int(part, "x"), 1);
    assert_int_equal(json_need_object(json, "l", &part, &trouble), STATUS_MALFORMED);
    assert_int_equal(json_need_text(part, "t", 1, &text, &trouble), STATUS_MALFORMED);
    json_destroy(&json);
}

static void may__keeps_what_was_there_for_an_absent_field_only(void **state)
{
    struct json *json = parse("{\"n\":5,\"z\":null,\"t\":\"x\"}"), *list = parse("[]");
    static const char *const WORDS[] = {"x"};
    const char *text = "before";
    const struct json *part = json;
    int64_t number = 77;
    size_t index = 9;
    bool flag = true;
    (void)state;
    assert_int_equal(json_may_text(json, "a", 9, &text, NULL), STATUS_OK);
    assert_int_equal(json_may_text(json, "z", 9, &text, NULL), STATUS_OK);
    assert_string_equal(text, "before");
    assert_int_equal(json_may_text(json, "t", 9, &text, NULL), STATUS_OK);
    assert_string_equal(text, "x");
    assert_int_equal(json_may_text(json, "n", 9, &text, NULL), STATUS_MALFORMED);
    assert_int_equal(json_may_int(json, "a", 0, 9, &number, NULL), STATUS_OK);
    assert_int_equal(number, 77);
    assert_int_equal(json_may_int(json, "n", 0, 9, &number, NULL), STATUS_OK);
    assert_int_equal(number, 5);
    assert_int_equal(json_may_int(json, "n", 0, 4, &number, NULL), STATUS_TOO_BIG);
    assert_int_equal(json_may_flag(json, "a", &flag, NULL), STATUS_OK);
    assert_true(flag);
    assert_int_equal(json_may_flag(json, "n", &flag, NULL), STATUS_MALFORMED);
    assert_int_equal(json_may_choice(json, "t", WORDS, 1, &index, NULL), STATUS_OK);
    assert_int_equal(index, 0);
    assert_int_equal(json_may_time(json, "a", &number, NULL), STATUS_OK);
    assert_int_equal(json_may_list(json, "a", 1, &part, NULL), STATUS_OK);
    assert_ptr_equal(part, json);
    assert_int_equal(json_may_text(list, "a", 9, &text, NULL), STATUS_MALFORMED);
    json_destroy(&json);
    json_destroy(&list);
}

static void unknown_fields__are_refused_with_the_nearest_name(void **state)
{
    static const char *const KNOWN[] = {"service", "priority"};
    struct json *good = parse("{\"service\":1}"), *near = parse("{\"servcie\":1}"),
                *far = parse("{\"zebra\":1}"), *list = parse("[]");
    struct trouble trouble;
    (void)state;
    assert_int_equal(json_refuse_unknown(good, KNOWN, 2, &trouble), STATUS_OK);
    assert_int_equal(json_refuse_unknown(near, KNOWN, 2, &trouble), STATUS_MALFORMED);
    assert_string_equal(
        trouble.text, "field \"servcie\" is not known here; did you mean \"service\"?");
    assert_int_equal(json_refuse_unknown(far, KNOWN, 2, &trouble), STATUS_MALFORMED);
    assert_string_equal(trouble.text, "field \"zebra\" is not known here");
    assert_int_equal(json_refuse_unknown(list, KNOWN, 2, &trouble), STATUS_MALFORMED);
    assert_int_equal(json_refuse_unknown(NULL, KNOWN, 2, &trouble), STATUS_MALFORMED);
    json_destroy(&good);
    json_destroy(&near);
    json_destroy(&far);
    json_destroy(&list);
}

static void build__makes_what_was_said(void **state)
{
    struct json *object = json_new_object(), *list = json_new_list(),
                *inner = json_new_object();
    const struct ident ident = {{1, 2}};
    (void)state;
    json_add_text(list, "one");
    json_add_int(list, 2);
    json_put_flag(inner, "deep", true);
    json_add(list, &inner);
    assert_null(inner);
    json_give(object, "list", &list);
    assert_null(list);
    json_put_text(object, "text", "\"\\\n");
    json_put_text(object, "none", NULL);
    json_put_null(object, "null");
    json_put_int(object, "int", INT64_MIN);
    json_put_int(object, "twice", 1);
    json_put_int(object, "twice", 2);
    json_put_time(object, "time", INT64_C(1795496400000));
    json_put_ident(object, "ident", &ident);
    json_put_hex(object, "hex", "\xab", 1);
    json_put_span(object, "span", span_of("abc", 2));
    json_put_span(object, "bad", span_of("a\xff\0c", 4));
    json_put_span(object, "empty", span_of(NULL, 0));
    assert_prints(object,
        "{\"bad\":\"a??c\",\"empty\":\"\",\"hex\":\"ab\","
        "\"ident\":\"01020000000000000000000000000000\",\"int\":-9223372036854775808,"
        "\"list\":[\"one\",2,{\"deep\":true}],\"none\":null,\"null\":null,\"span\":"
        "\"ab\","
        "\"text\":\"\\\"\\\\\\n\",\"time\":\"2026-11-24T05:00:00Z\",\"twice\":2}");
    json_destroy(&object);
}

static void find__gives_nothing_for_what_is_absent_or_of_another_kind(void **state)
{
    struct json *json = parse("{\"t\":\"x\",\"n\":5,\"f\":true}");
    void *cursor = NULL;
    const char *name;
    const struct json *value;
    size_t n = 0;
    (void)state;
    assert_string_equal(json_find_text(json, "t"), "x");
    assert_null(json_find_text(json, "n"));
    assert_null(json_find_text(NULL, "n"));
    assert_int_equal(json_find_int(json, "t"), 0);
    assert_true(json_find_flag(json, "f"));
    assert_false(json_find_flag(json, "t"));
    assert_int_equal(json_count(json), 3);
    assert_int_equal(json_count(json_find(json, "t")), 0);
    assert_int_equal(json_kind(NULL), JSON_NULL_KIND);
    while (json_each(json, &cursor, &name, &value)) {
        assert_ptr_equal(value, json_find(json, name));
        n++;
    }
    assert_int_equal(n, 3);
    json_destroy(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse__refuses_what_readers_disagree_about),
        cmocka_unit_test(parse__refuses_depth_and_length_beyond_the_limit),
        cmocka_unit_test(parse__refuses_a_text_cut_at_any_length_or_with_more),
        cmocka_unit_test(print__is_compact_sorted_and_the_inverse_of_parse),
        cmocka_unit_test(print__changes_nothing_when_the_buffer_is_too_small),
        cmocka_unit_test(need__names_the_field_and_what_it_must_be),
        cmocka_unit_test(may__keeps_what_was_there_for_an_absent_field_only),
        cmocka_unit_test(unknown_fields__are_refused_with_the_nearest_name),
        cmocka_unit_test(build__makes_what_was_said),
        cmocka_unit_test(find__gives_nothing_for_what_is_absent_or_of_another_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
