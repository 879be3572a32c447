/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"
#include "web_form.h"

static enum status parse(const char *body, struct web_form *ret)
{
    return web_form_parse(span_text(body), ret);
}

static void assert_refused(const char *body)
{
    struct web_form form = {.n_fields = 0};
    assert_status(parse(body, &form), STATUS_MALFORMED);
    assert_null(form.text);
}

static void form__gives_values_by_name(void **state)
{
    struct web_form form;

    (void)state;
    assert_ok(parse("place=Torkham+gate&note=%D8%A7%D9%85%D8%A7%D9%86&empty=", &form));
    assert_int_equal(form.n_fields, 3);
    assert_string_equal(web_form_value(&form, "place"), "Torkham gate");
    assert_string_equal(
        web_form_value(&form, "note"), "\xd8\xa7\xd9\x85\xd8\xa7\xd9\x86");
    assert_string_equal(web_form_value(&form, "empty"), "");
    assert_null(web_form_value(&form, "absent"));
    web_form_release(&form);
    assert_ok(parse("", &form));
    assert_int_equal(form.n_fields, 0);
    web_form_release(&form);
}

static void form__counts_a_field_that_comes_several_times(void **state)
{
    struct web_form form;

    (void)state;
    assert_ok(parse("a=1&b=2&%61=3", &form));
    assert_int_equal(web_form_count(&form, "a"), 2);
    assert_int_equal(web_form_count(&form, "b"), 1);
    assert_int_equal(web_form_count(&form, "c"), 0);
    assert_string_equal(web_form_value(&form, "a"), "1");
    web_form_release(&form);
}

static void form__makes_a_browsers_line_end_one_line_feed(void **state)
{
    struct web_form form;

    (void)state;
    assert_ok(parse("a=one%0D%0Atwo%0Athree", &form));
    assert_string_equal(web_form_value(&form, "a"), "one\ntwo\nthree");
    web_form_release(&form);
    assert_refused("a=one%0Dtwo");
}

static void form__refuses_what_no_page_of_ours_sends(void **state)
{
    static const char *const BAD[] = {"a", "=1", "&", "a=1&", "&a=1", "a=1&&b=2", "a=1=2",
        "a=%", "a=%4", "a=%4g", "a=%g4", "a=%00", "%00=1", "a=%ff", "a=%c0%af",
        "a=%1b[31m", "a=%e2%80%ae", "a=\x01"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        assert_refused(BAD[i]);
    struct web_form form;
    assert_status(web_form_parse(span_of("a=1\0b", 5), &form), STATUS_MALFORMED);
}

static void form__has_limits(void **state)
{
    static char big[WEB_FORM_BYTES_MAX + 2];
    char many[WEB_FORM_FIELDS_MAX * 8 + 16] = "", name[WEB_FORM_NAME_MAX + 4];
    struct web_form form;
    size_t used = 0;

    (void)state;
    memset(big, 'x', sizeof(big));
    big[1] = '=';
    assert_ok(web_form_parse(span_of(big, WEB_FORM_BYTES_MAX), &form));
    web_form_release(&form);
    assert_status(
        web_form_parse(span_of(big, WEB_FORM_BYTES_MAX + 1), &form), STATUS_TOO_BIG);
    for (int i = 0; i < WEB_FORM_FIELDS_MAX; i++)
        used += (size_t)snprintf(
            many + used, sizeof(many) - used, "%sf%d=1", i > 0 ? "&" : "", i);
    assert_ok(parse(many, &form));
    web_form_release(&form);
    snprintf(many + used, sizeof(many) - used, "&g=1");
    assert_status(parse(many, &form), STATUS_TOO_BIG);
    memset(name, 'n', sizeof(name));
    snprintf(name + WEB_FORM_NAME_MAX, 3, "=1");
    assert_ok(parse(name, &form));
    web_form_release(&form);
    memset(name, 'n', sizeof(name));
    snprintf(name + WEB_FORM_NAME_MAX + 1, 3, "=1");
    assert_status(parse(name, &form), STATUS_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form__gives_values_by_name),
        cmocka_unit_test(form__counts_a_field_that_comes_several_times),
        cmocka_unit_test(form__makes_a_browsers_line_end_one_line_feed),
        cmocka_unit_test(form__refuses_what_no_page_of_ours_sends),
        cmocka_unit_test(form__has_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
