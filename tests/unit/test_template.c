/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"
#include "template.h"

static struct template_strings strings;

static bool find(void *self, const char *name, struct span *ret)
{
    (void)self;
    *ret = span_text(strcmp(name, "circle") == 0 ? "{{> circle}}" : "<b>x</b>");
    return strcmp(name, "circle") == 0 || strcmp(name, "part") == 0;
}

/* "" when it compiles, or the trouble. */
static const char *compile(const char *html)
{
    static struct trouble trouble;
    struct buffer out;
    enum status status;

    trouble.text[0] = 0;
    strings.n = 0;
    buffer_init(&out, TEMPLATE_OUT_MAX);
    status = template_compile("x", span_text(html), find, NULL, &out, &strings, &trouble);
    assert_int_equal(status == STATUS_OK, trouble.text[0] == 0);
    buffer_release(&out);
    return trouble.text;
}

static void template__takes_values_where_they_are_safe(void **state)
{
    static const char *const GOOD[] = {"<p>{{name}}</p>", "<p title=\"{{name}}\">x</p>",
        "<title>{{name}}</title>", "<a href=\"/x/{{path name}}/y\">z</a>",
        "<a href=\"/{{path name}}\">z</a>", "<link href=\"{{asset style.css}}\">",
        "<head>{{script script.js}}</head>", "<p class=\"a {{#if b}}c{{/if}}\">d</p>",
        "<details {{#if x}}open{{/if}}></details>", "{{#each a}}<p>{{.}}</p>{{/each}}",
        "{{t Hello {name}}}", "{{n n One|{n} more}}", "{{> part}}",
        "<p>{{bars a.b c d - Some words}}</p>", "{{track a.b Some words}}",
        "<input value=\"{{@token}}\">",
        "{{#is a \"b c\"}}<p>1</p>{{else}}<p>2</p>{{/is}}",
        "<option value=\"{{.}}\" {{#is a.b .}}selected{{/is}}>{{code k .}}</option>",
        "<!doctype html><!-- gone --><p aria-label=\"{{t Pages}}\"></p>"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(GOOD); i++)
        assert_string_equal(compile(GOOD[i]), "");
}

static void template__refuses_values_where_they_are_not(void **state)
{
    static const char *const BAD[] = {"<script>{{a}}</script>", "<style>{{a}}</style>",
        "<p title={{a}}>", "<p title='{{a}}'>", "<p onclick=\"{{a}}\">",
        "<p onclick=\"x\">", "<p style=\"{{a}}\">", "<a href=\"{{a}}\">",
        "<a href=\"{{path a}}\">", "<a href=\"//{{path a}}\">",
        "<a href=\"javascript:{{path a}}\">", "<a href=\"/x/{{a}}\">",
        "<a href=\"/x{{#if a}}y{{/if}}\">", "<p {{a}}>", "<{{a}}>", "<p {{a}}=\"x\">",
        "<!-- {{a}} -->", "<!doctype {{a}}>", "<iframe src=\"/x/{{path a}}\">", "<svg>",
        "<base href=\"/\">", "<form formaction=\"/x\">", "<img srcset=\"{{a}}\">",
        "<meta content=\"{{a}}\">", "<meta http-equiv=\"refresh\">", "{{{a}}}", "{{&a}}",
        "{{raw a}}", "<p TITLE=\"{{a}}\">", "<title><b>{{a}}</b></title>",
        "<textarea></title>{{a}}", "{{path a}}", "<p title=\"{{asset a}}\">",
        "<p title=\"{{script a}}\">", "<title>{{script a}}</title>",
        "<script src=\"{{asset a}}\"></script>", "<p title=\"{{bars a b c d T}}\">",
        "<title>{{track a T}}</title>", "{{track a}}", "{{bars a b c d}}",
        "{{bars a b c T}}", "<p {{track a T}}>", "{{bars a b c) d T}}"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        if (!*compile(BAD[i]))
            fail_msg("this was taken: %s", BAD[i]);
}

static void template__refuses_blocks_that_do_not_close_where_they_open(void **state)
{
    static const char *const BAD[] = {"{{#if a}}", "{{/if}}", "{{else}}",
        "{{#each a}}{{/if}}", "{{#if a}}<p title=\"{{/if}}",
        "{{#if a}}<p title=\"{{else}}{{/if}}\">", "{{#if a}}<title>{{/if}}",
        "{{#if a}}{{else}}{{else}}{{/if}}", "<p", "<p title=\"", "<title>", "{{a",
        "<!-- x", "{{> circle}}", "{{> none}}",
        "{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if "
        "a}}"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        if (!*compile(BAD[i]))
            fail_msg("this was taken: %s", BAD[i]);
}

static void template__says_where_and_what_to_do(void **state)
{
    (void)state;
    assert_string_equal(compile("<p>\n  <a href=\"{{a}}\">"),
        "x.html:2:12: a value in a link: write a fixed beginning and {{path name}}, as "
        "in "
        "href=\"/referral/{{path reference}}\"");
    assert_string_equal(
        compile("<p x=y>"), "x.html:1:6: the attribute's value needs double quotes");
}

static void template__lists_each_text_once(void **state)
{
    (void)state;
    assert_string_equal(compile("{{t A}}{{t B}}{{t A}}{{n x One|{x} of them}}"), "");
    assert_int_equal(strings.n, 3);
    assert_string_equal(strings.at[2].plural, "{x} of them");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(template__takes_values_where_they_are_safe),
        cmocka_unit_test(template__refuses_values_where_they_are_not),
        cmocka_unit_test(template__refuses_blocks_that_do_not_close_where_they_open),
        cmocka_unit_test(template__says_where_and_what_to_do),
        cmocka_unit_test(template__lists_each_text_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
