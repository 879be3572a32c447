/* SPDX-License-Identifier: Apache-2.0
 *
 * client: commands whose fields come from a file: cases and arrivals, against a scripted node.
 */
#include <sysexits.h>

#include "check.h"
#include "client_stage.h"

static int make_stage(void **state)
{
    *state = stage_new();
    return 0;
}

static int strike_stage(void **state)
{
    struct stage *stage = *state;

    stage_destroy(stage);
    return 0;
}

static void case_open__sends_the_object_with_the_options_on_top(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 201,
                           .body = "{\"case\":\"7K2MQ4XTA\",\"state\":\"open\","
                                   "\"duplicates\":[\"M3R8WZ0T5\"]}"});
    assert_int_equal(
        STAGE_RUN(stage, "\xef\xbb\xbf{\"name\":\"Zarq\",\"origin\":\"arrival\"}",
            "case-open", "-", "--origin", "walk-in"),
        0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/cases");
    assert_string_equal(
        stage->requests[0].body, "{\"name\":\"Zarq\",\"origin\":\"walk-in\"}");
    assert_int_equal(strlen(stage->requests[0].key), 32);
    assert_string_equal(stage->out, "7K2MQ4XTA\n");
    assert_holds(stage->err, "M3R8WZ0T5");
}

static void practice__is_said_beside_every_answer_and_every_refusal(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 201,
                           .body = "{\"case\":\"7K2MQ4XTA\",\"state\":\"open\","
                                   "\"practice\":true}"});
    assert_int_equal(STAGE_RUN(stage, "{}", "case-open", "-"), 0);
    assert_string_equal(stage->out, "7K2MQ4XTA\n");
    assert_holds(stage->err, "nothing in this network is real");
    STAGE_BEGIN(stage, {.http = 404,
                           .body = "{\"code\":\"unknown-case\",\"detail\":\"x\","
                                   "\"status\":404,\"practice\":true}"});
    assert_int_not_equal(STAGE_RUN(stage, NULL, "case-show", "7K2MQ4XTA"), 0);
    assert_holds(stage->err, "nothing in this network is real");
}

static void case_open__says_what_is_wrong_with_the_file(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 201});
    assert_int_equal(STAGE_RUN(stage, NULL, "case-open", "/nowhere/file"), EX_NOINPUT);
    assert_int_equal(STAGE_RUN(stage, "[1]", "case-open", "-"), EX_DATAERR);
    assert_holds(stage->err, "one JSON object");
    assert_int_equal(STAGE_RUN(stage, "{", "case-open", "-"), EX_DATAERR);
    assert_holds(stage->err, "standard input");
    assert_int_equal(STAGE_RUN(stage, "{}", "case-open"), EX_USAGE);
    assert_int_equal(stage->n_requests, 0);
}

static void case_find__takes_names_from_the_file_and_the_rest_from_options(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(
        stage, {.http = 200,
                   .body = "{\"complete\":false,\"found\":70,\"items\":[{\"case\":"
                           "\"7K2MQ4XTA\",\"name\":\"Zarq\",\"state\":\"open\"}]}"});
    assert_int_equal(
        STAGE_RUN(stage, NULL, "case-find", "--open", "--age-band", "18-25"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/cases/find");
    assert_string_equal(
        stage->requests[0].body, "{\"age_band\":\"18-25\",\"open\":true}");
    assert_string_equal(stage->requests[0].key, "");
    assert_holds(stage->out, "Zarq");
    assert_holds(stage->err, "70 cases fit");
    assert_holds(stage->err, "still being read");
    assert_int_equal(
        STAGE_RUN(stage, "{\"name\":\"zarq\"}", "case-find", "-", "--json"), 0);
    assert_string_equal(stage->requests[1].body, "{\"name\":\"zarq\"}");
    assert_string_equal(
        stage->out, "{\"case\":\"7K2MQ4XTA\",\"name\":\"Zarq\",\"state\":\"open\"}\n");
}

static void case_change__puts_the_alias_into_the_path(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(
        stage, {.http = 200, .body = "{\"case\":\"7K2MQ4XTA\",\"state\":\"open\"}"});
    assert_int_equal(
        STAGE_RUN(stage, "{\"risk\":\"high\"}", "case-change", "7K2MQ4XTA", "-"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/cases/7K2MQ4XTA");
    assert_string_equal(stage->requests[0].body, "{\"risk\":\"high\"}");
    assert_int_equal(STAGE_RUN(stage, NULL, "case-erase", "7K2MQ4XTA", "--now"), 0);
    assert_string_equal(stage->requests[1].line, "POST /api/v1/cases/7K2MQ4XTA/erase");
    assert_string_equal(stage->requests[1].body, "{\"now\":true}");
}

static void case_show__prints_record_links_and_timeline(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body =
                "{\"case\":\"7K2MQ4XTA\",\"cnic\":\"*****-*******-*\",\"interpreter\":"
                "true,\"infant\":false,\"languages\":[\"urd\",\"pus\"],\"links\":[{"
                "\"case\":\"M3R8WZ0T5\",\"reason\":\"family\"}],\"timeline\":[{\"day\":"
                "\"2026-11-24\",\"event\":\"note\",\"text\":\"two\\nlines\"}]}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "case-show", "7K2MQ4XTA"), 0);
    assert_holds(stage->out, "*****-*******-*");
    assert_holds(stage->out, "urd, pus");
    assert_holds(stage->out, "M3R8WZ0T5");
    assert_holds(stage->out, "note");
    assert_null(strstr(stage->out, "infant"));
}

static void arrivals__send_the_file_as_it_is_and_show_what_is_left_out(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(
        stage, {.http = 200,
                   .body = "{\"rows\":3,\"first\":1,\"refused\":1,\"refused_rows\":[{"
                           "\"line\":4,\"why\":\"date is to be a day\"}],"
                           "\"dropped_columns\":[\"name\"],\"imported\":false,"
                           "\"list\":\"abcd\"}"});
    assert_int_equal(STAGE_RUN(stage, "a,b\r\n\"c\",d\r\n", "arrivals-preview", "-"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/arrivals/preview");
    assert_string_equal(
        stage->requests[0].body, "{\"csv\":\"a,b\\r\\n\\\"c\\\",d\\r\\n\"}");
    assert_holds(stage->out, "date is to be a day");
    assert_holds(stage->out, "3 good rows, 1 of them to be met first; 1 left out");
    assert_holds(stage->out, "not kept: name");
    assert_holds(stage->err, "--list abcd");
    assert_int_equal(
        STAGE_RUN(stage, "a,b\n", "arrivals-import", "-", "--list", "abcd"), 0);
    assert_string_equal(
        stage->requests[1].body, "{\"csv\":\"a,b\\n\",\"list\":\"abcd\"}");
}

static void tasks__are_a_table_with_the_reasons(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body = "{\"more\":true,\"items\":[{\"task\":\"7K2MQ4XTA\","
                    "\"reasons\":[\"minor\",\"dfd\"],\"state\":\"waiting\"}]}"},
        {.http = 200, .body = "{\"items\":[]}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "tasks"), 0);
    assert_string_equal(stage->requests[0].line, "GET /api/v1/tasks");
    assert_holds(stage->out, "minor, dfd");
    assert_holds(stage->err, "There are more");
    assert_int_equal(STAGE_RUN(stage, NULL, "tasks", "--settled", "yes"), 0);
    assert_string_equal(stage->requests[1].line, "GET /api/v1/tasks?settled=yes");
    assert_holds(stage->err, "No tasks.");
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(case_open__sends_the_object_with_the_options_on_top),
        STAGED(practice__is_said_beside_every_answer_and_every_refusal),
        STAGED(case_open__says_what_is_wrong_with_the_file),
        STAGED(case_find__takes_names_from_the_file_and_the_rest_from_options),
        STAGED(case_change__puts_the_alias_into_the_path),
        STAGED(case_show__prints_record_links_and_timeline),
        STAGED(arrivals__send_the_file_as_it_is_and_show_what_is_left_out),
        STAGED(tasks__are_a_table_with_the_reasons),
    };
    return cmocka_run_group_tests_name("client_form", tests, NULL, NULL);
}
