/* SPDX-License-Identifier: Apache-2.0
 *
 * web_fields and web_pages: what a form says becomes what the verb wants, and the table of pages keeps its promises.
 */
#include "check.h"
#include "memory.h"
#include "web_fields.h"
#include "web_pages.h"

/* Compact JSON of the fields; NULL: refused. */
static const char *fields_of(const char *verb, const char *body)
{
    static char text[4096];
    struct web_form form;
    struct json *fields = json_new_object();
    struct trouble trouble = {""};
    struct buffer out;

    buffer_init(&out, sizeof(text));
    assert_ok(web_form_parse(span_text(body), &form));
    enum status status = web_fields_read(verb_find(verb), &form, fields, &trouble);
    assert_ok(json_print(fields, &out));
    snprintf(text, sizeof(text), "%.*s", (int)out.used, out.bytes);
    if (status != STATUS_OK) {
        assert_status(status, STATUS_MALFORMED);
        assert_holds(trouble.text, "Nothing was changed");
    }
    buffer_release(&out);
    json_destroy(&fields);
    web_form_release(&form);
    return status == STATUS_OK ? text : NULL;
}

static void fields__are_of_the_verbs_kind(void **state)
{
    (void)state;
    assert_string_equal(fields_of("capacity-set",
                            "unit=place&status=open&maximum=12&available=&form=x&key=y"),
        "{\"maximum\":12,\"status\":\"open\",\"unit\":\"place\"}");
    assert_string_equal(
        fields_of("match", "service=shelter&wheelchair=yes&tonight=no&children=0"),
        "{\"children\":0,\"service\":\"shelter\",\"tonight\":false,\"wheelchair\":true}");
    assert_string_equal(fields_of("accept", "reference=7K2MQ4XTA&back=%2Finbox"),
        "{\"reference\":\"7K2MQ4XTA\"}");
}

static void fields__that_come_several_times_become_a_list(void **state)
{
    (void)state;
    assert_string_equal(fields_of("match", "languages=pus&languages=urd,+prs"),
        "{\"languages\":[\"pus\",\"urd\",\"prs\"]}");
    assert_string_equal(fields_of("complete", "given=shelter&given=medical"),
        "{\"given\":\"shelter medical\"}");
    assert_null(fields_of("decline", "reason=left&reason=left"));
    assert_null(fields_of("match", "children=1&children=1"));
}

static void fields__of_a_time_are_pakistans(void **state)
{
    (void)state;
    assert_string_equal(fields_of("hand-over-propose", "from=2026-11-24T19:30"),
        "{\"from\":\"2026-11-24T14:30:00Z\"}");
    assert_string_equal(fields_of("hand-over-propose", "from=2026-11-24T03%3A30"),
        "{\"from\":\"2026-11-23T22:30:00Z\"}");
    assert_string_equal(fields_of("hand-over-propose", "from=2026-11-24T14:30:00Z"),
        "{\"from\":\"2026-11-24T14:30:00Z\"}");
    assert_null(fields_of("hand-over-propose", "from=2026-13-24T19:30"));
}

static void fields__of_an_object_are_its_parts(void **state)
{
    (void)state;
    assert_string_equal(
        fields_of("refer-again",
            "consent.given_by=person&consent.groups=contact&consent.groups="
            "note&consent.interpreter=yes&consent.expires="),
        "{\"consent\":{\"given_by\":\"person\",\"groups\":[\"contact\",\"note\"],"
        "\"interpreter\":true}}");
    assert_null(fields_of("refer-again", "consent.nonsense=1"));
    assert_null(fields_of("refer-again", "consent=1"));
    assert_null(fields_of("accept", "consent.given_by=person"));
}

static void fields__refuse_what_the_verb_does_not_know(void **state)
{
    (void)state;
    assert_null(fields_of("accept", "reference=7K2MQ4XTA&nonsense=1"));
    assert_null(fields_of("capacity-set", "maximum=-1"));
    assert_null(fields_of("capacity-set", "maximum=1e3"));
    assert_null(fields_of("capacity-set", "maximum=1234567890123456"));
    assert_null(fields_of("match", "tonight=perhaps"));
}

static void fields__shown_again_hold_no_secret(void **state)
{
    struct web_form form;

    (void)state;
    assert_ok(web_form_parse(
        span_text("person=Gul&passphrase=words&pin=4711&form=x&key=y"), &form));
    struct json *said = web_fields_said(verb_find("unlock"), &form);
    assert_int_equal(json_count(said), 1);
    assert_string_equal(json_find_text(said, "person"), "Gul");
    json_destroy(&said);
    web_form_release(&form);
}

static void fields__shown_again_know_which_came_first_and_what_was_in_a_part(void **state)
{
    struct web_form form;

    (void)state;
    assert_ok(web_form_parse(
        span_text("languages=pus&languages=&languages=ben&gender=female"), &form));
    struct json *said = web_fields_said(verb_find("case-open"), &form);
    assert_string_equal(json_find_text(said, "languages"), "pus");
    assert_string_equal(json_find_text(said, "languages_2"), "");
    assert_string_equal(json_find_text(said, "languages_3"), "ben");
    assert_string_equal(json_find_text(said, "gender"), "female");
    json_destroy(&said);
    web_form_release(&form);
    assert_ok(web_form_parse(span_text("consent.how=spoken&consent.nonsense=x"), &form));
    said = web_fields_said(verb_find("case-consent"), &form);
    assert_int_equal(json_count(said), 1);
    assert_int_equal(json_count(json_find(said, "consent")), 1);
    assert_string_equal(json_find_text(json_find(said, "consent"), "how"), "spoken");
    json_destroy(&said);
    web_form_release(&form);
}

static void fields__of_no_verb_are_named_as_the_pages_own(void **state)
{
    static const char *const OWN[] = {
        WEB_FIELD_FORM, WEB_FIELD_KEY, WEB_FIELD_BACK, WEB_FIELD_EACH};

    (void)state;
    for (size_t i = 0; i < VERBS_N; i++)
        for (size_t j = 0; j < ARRAY_LENGTH(OWN); j++)
            assert_null(verb_argument(&VERBS[i], OWN[j]));
}

static void pages__ask_by_a_look_only_what_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < WEB_PAGES_N; i++)
        for (size_t j = 0; j < WEB_ASKS_MAX && WEB_PAGES[i].asks[j].name; j++) {
            const struct web_ask *ask = &WEB_PAGES[i].asks[j];
            const struct verb *verb = ask->verb ? verb_find(ask->verb) : NULL;
            const struct verb *once = ask->once ? verb_find(ask->once) : NULL;
            const struct verb *form = ask->form ? verb_find(ask->form) : NULL;

            assert_true(verb || (once && !ask->verb) || (form && !ask->verb && !once));
            assert_true(!ask->form || (form && !form->changes));
            assert_true(!verb || (strcmp(verb->method, "GET") == 0 && !verb->changes));
            assert_true(!ask->once || (once && !once->changes));
        }
}

static void fields__of_a_box_are_pairs_of_name_and_value(void **state)
{
    const struct verb *verb = verb_find("preview");
    struct json *fields = json_new_object();
    struct trouble trouble = {""};

    (void)state;
    assert_ok(web_fields_put_each(
        verb, fields, "to=shelter.peshawar service=shelter", &trouble));
    assert_string_equal(json_find_text(fields, "to"), "shelter.peshawar");
    assert_string_equal(json_find_text(fields, "service"), "shelter");
    assert_int_equal(web_fields_put_each(verb, fields, "to", &trouble), STATUS_MALFORMED);
    assert_int_equal(
        web_fields_put_each(verb, fields, "nonsense=1", &trouble), STATUS_MALFORMED);
    json_destroy(&fields);
}

static void pages__are_found_by_their_whole_address(void **state)
{
    static const char *const GOOD[] = {
        "/", "/inbox", "/referral/7K2MQ4XTA", "/sent?before=12", "/inbox?a=b&c=d_e"};
    static const char *const BAD[] = {"", "//", "/inbox/", "/inboxes", "inbox",
        "/referral", "/referral/", "/referral/a/b", "/referral/%41", "/referral/..",
        "/sent?a=/", "/sent?a=%41", "/sent?a=b?c", "/sent#a", "/sent?a=b#c",
        "/sent\r\nX: 1"};
    char reference[VERB_REFERENCE_BYTES];

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(GOOD); i++)
        assert_true(web_page_is_address(GOOD[i]));
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        assert_false(web_page_is_address(BAD[i]));
    assert_non_null(web_page_find("/referral/7K2MQ4XTA?x=y", reference));
    assert_string_equal(reference, "7K2MQ4XTA");
    assert_non_null(web_page_find("/", reference));
    assert_string_equal(reference, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields__are_of_the_verbs_kind),
        cmocka_unit_test(fields__that_come_several_times_become_a_list),
        cmocka_unit_test(fields__of_a_box_are_pairs_of_name_and_value),
        cmocka_unit_test(fields__of_a_time_are_pakistans),
        cmocka_unit_test(fields__of_an_object_are_its_parts),
        cmocka_unit_test(fields__refuse_what_the_verb_does_not_know),
        cmocka_unit_test(fields__shown_again_hold_no_secret),
        cmocka_unit_test(
            fields__shown_again_know_which_came_first_and_what_was_in_a_part),
        cmocka_unit_test(fields__of_no_verb_are_named_as_the_pages_own),
        cmocka_unit_test(pages__ask_by_a_look_only_what_changes_nothing),
        cmocka_unit_test(pages__are_found_by_their_whole_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
