/* SPDX-License-Identifier: Apache-2.0
 *
 * The shift list (docs/CARE.md 15) in a world of three members: what waits is on it, by reference, and nothing else of it.
 * All names are invented.
 */
#include "check.h"
#include "json.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};

#define WORLD() world_new(15900 + __LINE__, PLAN, CAST)
enum { REQUEST_BYTES = 1024, MANY = 203 };
#define REFER                                                                            \
    "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"tonight\","     \
    "\"case\":\"%s\",\"note\":\"asks for vintorel\",\"yes_text\":true,"

static struct json *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    struct json *answer = NULL;
    snprintf(key, sizeof(key), "shift-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    memory_free(text);
    return answer;
}

static void ask(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    struct json *answer = call(w, i, verb, request, http, holds);
    json_destroy(&answer);
}

static void open_case(struct world *w, char ret[static REFERENCE_BYTES])
{
    struct json *answer = call(w, OFFICER, "case-open",
        "{\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"
        "[\"pus\"],\"name\":\"Gulnamoona\",\"safe_contact\":\"through "
        "drabok\"}",
        201, "case");
    snprintf(ret, REFERENCE_BYTES, "%s", json_find_text(answer, "case"));
    json_destroy(&answer);
}

static void refer(
    struct world *w, const char *alias, const char *consent, char ret[REFERENCE_BYTES])
{
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request), REFER "%s}", alias, consent);
    struct json *answer = call(w, OFFICER, "refer", request, 201, "reference");
    snprintf(ret, REFERENCE_BYTES, "%s", json_find_text(answer, "reference"));
    json_destroy(&answer);
    world_settle(w);
}

static char *shift_text(struct world *w, size_t i)
{
    char *text = NULL;
    assert_int_equal(world_call(w, i, "shift", "", NULL, &text), 200);
    return text;
}

static void answer_form(
    struct world *w, const char *alias, const char *question, const char *said)
{
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"question\":\"%s\",\"answer\":\"%s\"}", alias, question,
        said);
    ask(w, OFFICER, "screen-answer", request, 200, alias);
}

static void shift__lists_what_is_open_by_reference_and_nothing_of_what_it_says(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES], agreed[REFERENCE_BYTES], alone[REFERENCE_BYTES];
    static const char *const VALUES[] = {"Gulnamoona", "drabok", "vintorel", "female",
        "26-40", "pus", "test person", "\"shelter\""};
    open_case(w, alias);
    answer_form(w, alias, "S1", "yes");
    answer_form(
        w, alias, "S2", "no"); /* an officer of the preferred gender is not there */
    refer(w, alias,
        "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","
        "\"interpreter\":true,\"groups\":[\"name\",\"contact\",\"note\"]}",
        agreed);
    refer(w, alias,
        "\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\",\"language\":\"urd\","
        "\"groups\":[\"note\"],\"role\":\"shift lead\",\"reason\":\"life-at-risk\"}",
        alone);
    char *text = shift_text(w, OFFICER);
    struct json *sheet = NULL;
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &sheet, NULL));
    assert_holds(text, agreed);
    assert_holds(text, alone);
    assert_int_equal(json_find_int(sheet, "awaited"), 2);
    assert_int_equal(json_find_int(sheet, "to_answer"), 0);
    assert_int_equal(json_count(json_find(sheet, "acts")), 1);
    const struct json *form = json_nth(json_find(sheet, "forms"), 0);
    assert_string_equal(json_find_text(form, "case"), alias);
    assert_non_null(json_find_text(json_find(form, "waits_for_officer"), "deadline"));
    assert_false(json_find_flag(sheet, "more"));
    for (size_t i = 0; i < ARRAY_LENGTH(VALUES); i++)
        if (strstr(text, VALUES[i]))
            fail_msg("the sheet says %s: %s", VALUES[i], text);
    memory_free(text);
    json_destroy(&sheet);
    /* The other end owes the answers; once they are given both sheets are shorter. */
    sheet = call(w, SHELTER, "shift", NULL, 200, "\"answer_from\":\"here\"");
    assert_int_equal(json_find_int(sheet, "to_answer"), 2);
    json_destroy(&sheet);
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", agreed);
    ask(w, SHELTER, "accept", request, 200, agreed);
    world_settle(w);
    ask(w, SHELTER, "shift", NULL, 200, "\"to_answer\":1");
    ask(w, OFFICER, "shift", NULL, 200, "\"awaited\":1");
    world_destroy(&w);
}

static void shift__carries_rows_and_check_word_that_grow_with_the_record(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct json *first = call(w, SHELTER, "shift", NULL, 200, "check_word");
    const struct json *record = json_find(first, "record");
    int64_t rows = json_find_int(record, "rows");
    assert_true(json_find_flag(record, "holds"));
    assert_int_equal(strlen(json_find_text(record, "check_word")), 8);
    ask(w, SHELTER, "show", "{\"reference\":\"28T5CY4TY\"}", 404, "");
    struct json *later = call(w, SHELTER, "shift", NULL, 200, "check_word");
    assert_true(json_find_int(json_find(later, "record"), "rows") > rows);
    assert_string_not_equal(json_find_text(json_find(later, "record"), "check_word"),
        json_find_text(record, "check_word"));
    ask(w, SHELTER, "audit", NULL, 200, "\"verb\":\"shift\"");
    json_destroy(&first);
    json_destroy(&later);
    world_destroy(&w);
}

static void shift__tells_express_letters_that_nobody_could_open(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char reference[WORLD_REFERENCE_BYTES];
    world_lock_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, reference);
    world_settle(w);
    ask(w, SHELTER, "shift", NULL, 423, "locked");
    ask(w, SHELTER, "status", NULL, 200,
        "\"unopened_express\":1"); /* what it shows then */
    world_unlock_node(w, SHELTER);
    world_settle(w);
    ask(w, SHELTER, "shift", NULL, 200, "\"to_answer\":1");
    world_destroy(&w);
}

static void shift__lists_the_oldest_two_hundred_and_says_that_there_are_more(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char first[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, first);
    for (int i = 1; i < MANY; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, reference);
    struct json *sheet = call(w, OFFICER, "shift", NULL, 200, first);
    assert_int_equal(json_count(json_find(sheet, "referrals")), 200);
    assert_true(json_find_flag(sheet, "more"));
    json_destroy(&sheet);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            shift__lists_what_is_open_by_reference_and_nothing_of_what_it_says),
        cmocka_unit_test(shift__carries_rows_and_check_word_that_grow_with_the_record),
        cmocka_unit_test(shift__tells_express_letters_that_nobody_could_open),
        cmocka_unit_test(
            shift__lists_the_oldest_two_hundred_and_says_that_there_are_more),
    };
    return cmocka_run_group_tests_name("shift", tests, NULL, NULL);
}
