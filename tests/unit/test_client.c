/* SPDX-License-Identifier: Apache-2.0
 * The commands, as a person and a script meet them: the real program, a real socket, a scripted node.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_stage.h"
#include "memory.h"
#include "verbs.h"

#define ITEM                                                                             \
    "{\"reference\":\"7K2MQ4XTA\",\"direction\":\"sent\",\"peer\":\"shelter.nowhere\","  \
    "\"state\":\"requested\",\"letter\":\"sealed\",\"day\":\"2026-11-24\"}"
#define REFERRAL "{\"note\":\"two\\nlines\",\"service\":\"legal\"}"

static int set_up(void **state)
{
    *state = stage_new();
    return 0;
}

static int tear_down(void **state)
{
    stage_destroy(*state);
    return 0;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

/* --- refer ----------------------------------------------------------------------------------------------- */

static void refer__puts_recipient_and_service_in_and_prints_the_reference(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 201, .body = ITEM});
    assert_int_equal(
        STAGE_RUN(stage, REFERRAL, "refer", "--to", "shelter.nowhere", "-s", "shelter"),
        0);
    assert_string_equal(stage->out, "7K2MQ4XTA\n");
    assert_has(stage->err, "shelter.nowhere's signed receipt");
    assert_int_equal(stage->n_requests, 1);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/referrals");
    assert_string_equal(stage->requests[0].type, "application/json");
    assert_string_equal(stage->requests[0].body,
        "{\"note\":\"two\\nlines\",\"service\":\"shelter\",\"to\":\"shelter.nowhere\"}");
    assert_int_equal(strlen(stage->requests[0].key), 32);
    assert_int_equal(strspn(stage->requests[0].key, "0123456789abcdef"), 32);
}

/* A dry run asks another question of the node, without a key, and prints what would be read and what not. */
static void refer__dry_run_shows_what_would_be_read_and_sends_nothing(void **state)
{
    struct stage *stage = *state;
    static const char answer[] =
        "{\"may_leave\":false,\"refusal_detail\":\"Nobody agreed yet.\",\"fields\":["
        "{\"field\":\"age_band\",\"group\":\"core\",\"value\":\"18-25\",\"why\":"
        "\"always\"},{\"field\":\"dependants\",\"group\":\"dependants\",\"value\":2,"
        "\"why\":\"always\"},{\"field\":\"languages\",\"group\":\"core\",\"value\":["
        "\"urd\",\"pus\"],\"why\":\"always\"}],\"withheld\":[{\"group\":\"health\","
        "\"why\":\"matrix\"}],\"read_out\":{\"eng\":\"We would like\\nto ask\"}}";

    STAGE_BEGIN(stage, {.http = 200, .body = answer});
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "--dry-run"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/previews");
    assert_has(stage->out, "18-25");
    assert_has(stage->out, "urd, pus");
    assert_has(stage->out, "2");
    assert_has(stage->out, "health");
    assert_has(stage->out, "matrix");
    assert_has(stage->out, "We would like\nto ask");
    assert_has(stage->err, "Nobody agreed yet.");
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "preview", "--json"), 0);
    assert_has(stage->out, "\"may_leave\":false");
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "--yes-text"), EX_PROTOCOL);
    assert_has(stage->requests[2].body, "\"yes_text\":true");
}

static void shared__prints_the_page_in_both_languages(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(
        stage, {.http = 200,
                   .body = "{\"items\":[],\"pages\":{\"eng\":\"What was shared\\n\","
                           "\"urd\":\"کیا بتایا گیا\\n\"}}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "shared", "7K2MQ4XTA"), 0);
    assert_string_equal(
        stage->requests[0].line, "GET /api/v1/referrals/7K2MQ4XTA/shared");
    assert_string_equal(stage->out, "What was shared\n\nکیا بتایا گیا\n");
}

static void withdraw_consent__says_what_will_happen(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = ITEM});
    assert_int_equal(STAGE_RUN(stage, NULL, "withdraw-consent", "7K2MQ4XTA", "--reason",
                         "sent-in-error"),
        0);
    assert_string_equal(
        stage->requests[0].line, "POST /api/v1/referrals/7K2MQ4XTA/withdraw-consent");
    assert_has(stage->requests[0].body, "sent-in-error");
    assert_string_equal(stage->out, "7K2MQ4XTA withdrawn\n");
    assert_has(stage->err, "destroy");
}

static void acts__are_a_table_with_the_open_ones(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body = "{\"items\":[{\"reference\":\"7K2MQ4XTA\",\"state\":\"open\","
                    "\"reason\":\"life-at-risk\",\"mine\":true,\"peer\":\"a.b\","
                    "\"first\":\"lead\",\"day\":\"2026-11-24\"}]}"},
        {.http = 200, .body = "{\"items\":[]}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "acts"), 0);
    assert_has(stage->out, "life-at-risk");
    assert_has(stage->out, "open");
    assert_int_equal(STAGE_RUN(stage, NULL, "acts"), 0);
    assert_has(stage->err, "No overrides.");
}

#define TABLE                                                                            \
    "{\"cube\":\"opened\",\"period\":\"2026-11\",\"rows\":[\"walk-in\",\"total\"],"      \
    "\"columns\":[\"low\",\"high\",\"total\"],"                                          \
    "\"cells\":[[\"hidden\",\"none\",12],[\"hidden\",120,132]]}"

static void statistics__are_grids_in_which_hidden_is_a_star(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"items\":[" TABLE "," TABLE "]}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "statistics", "--month", "2026-11"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/statistics");
    assert_has(stage->requests[0].body, "{\"month\":\"2026-11\"}");
    assert_has(stage->out, "opened 2026-11\n"
                           "         low  high  total\n"
                           "walk-in    *  none     12\n"
                           "total      *   120    132\n"
                           "\nopened");
    assert_has(stage->err, "below 11");
    assert_int_equal(
        STAGE_RUN(stage, NULL, "statistics", "--month", "2026-11", "--json"), 0);
    assert_has(stage->out, "\"cube\":\"opened\"");
    assert_int_equal(STAGE_RUN(stage, NULL, "statistics"), 64);
}

static void export__prints_the_csv_to_the_byte(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body = "{\"csv\":\"\\\"amaan export\\\",7\\r\\n\\\"a\\\",1\\r\\n\"}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "export", "--month", "2026-11"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/export");
    assert_string_equal(stage->out, "\"amaan export\",7\r\n\"a\",1\r\n");
}

static void proof__is_one_document(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"proof\":\"amaan-1\",\"referrals\":[]}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "proof", "7K2MQ4XTA"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/cases/7K2MQ4XTA/proof");
    assert_string_equal(stage->out, "{\"proof\":\"amaan-1\",\"referrals\":[]}\n");
}

static void surge__is_a_table_and_its_names_come_from_a_file(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body =
                "{\"damaged\":1,\"found\":1,\"items\":[{\"contact\":\"invented 4711\","
                "\"district\":\"PK513\",\"from\":\"2026-11-24\",\"gender\":\"female\","
                "\"languages\":[\"pus\",\"urd\"],\"person\":\"Zestrolin\",\"reference\":"
                "\"7K2MQ4XTA\",\"role\":\"medical\",\"today\":true,\"until\":"
                "\"2026-12-31\"}]}"});
    assert_int_equal(
        STAGE_RUN(stage, NULL, "surge", "--role", "medical", "--language", "pus"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/surge/list");
    assert_has(stage->out, "Zestrolin");
    assert_has(stage->out, "pus, urd");
    assert_has(stage->err, "cannot be read");
    STAGE_BEGIN(stage,
        {.http = 201, .body = "{\"reference\":\"7K2MQ4XTA\",\"until\":\"2026-12-31\"}"});
    assert_int_equal(
        STAGE_RUN(stage, "{\"person\":\"Zestrolin\",\"contact\":\"invented 4711\"}",
            "surge-add", "-", "--role", "medical", "--gender", "female", "--languages",
            "pus", "--until", "2026-12-31"),
        0);
    assert_string_equal(stage->out, "7K2MQ4XTA\n");
}

static void case_summary__is_a_page_in_codes_and_months(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body =
                "{\"age_band\":\"18-25\",\"children\":true,\"interpreter\":false,"
                "\"languages\":[\"pus\",\"urd\"],\"needs\":[\"medical\"],\"course\":[{"
                "\"direction\":\"sent\",\"month\":\"2026-11\",\"priority\":\"urgent\","
                "\"service\":\"medical\",\"state\":\"declined\",\"steps\":[{\"by\":"
                "\"recipient\",\"month\":\"2026-12\",\"reason\":\"at-capacity\","
                "\"step\":\"declined\"}]}]}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "case-summary", "7K2MQ4XTA"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/cases/7K2MQ4XTA/summary");
    assert_has(stage->out, "pus, urd");
    assert_has(stage->out, "children");
    assert_has(stage->out, "at-capacity");
    assert_has(stage->err, "read it before you show it");
    assert_null(strstr(stage->out, "interpreter"));
}

static void shift__is_a_sheet_with_the_check_word_at_its_end(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body =
                "{\"referrals\":[{\"reference\":\"7K2MQ4XTA\",\"answer_from\":\"here\","
                "\"state\":\"requested\",\"priority\":\"tonight\","
                "\"since\":\"2026-11-24\"}],"
                "\"forms\":[{\"case\":\"28T5CY4TY\",\"since\":\"2026-11-24T05:00:00Z\","
                "\"waits_for_officer\":{\"deadline\":\"2026-11-24T09:00:00Z\","
                "\"overdue\":true}}],\"acts\":[],\"express\":2,\"record\":"
                "{\"holds\":true,\"rows\":41,\"check_word\":\"a1b2c3d4\"}}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "shift"), 0);
    assert_has(stage->out, "tonight requested");
    assert_has(stage->out, "officer overdue");
    assert_has(stage->out, "2026-11-24T09:00:00Z");
    assert_has(stage->out, "41 rows, check word a1b2c3d4");
}

static void refer__does_not_send_the_mark_that_an_editor_put_first(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 201, .body = ITEM});
    assert_int_equal(
        STAGE_RUN(stage, "\xef\xbb\xbf{\"to\":\"a.b\"}\r\n", "refer", "-s", "shelter"),
        0);
    assert_string_equal(
        stage->requests[0].body, "{\"service\":\"shelter\",\"to\":\"a.b\"}");
    assert_int_equal(STAGE_RUN(stage, "\xef\xbb\xbf\xef\xbb\xbf{}", "refer"), EX_DATAERR);
}

static void refer__reads_a_file_and_prints_the_reference_alone(void **state)
{
    struct stage *stage = *state;
    char path[STAGE_PATH_BYTES + 16];

    (void)snprintf(path, sizeof(path), "%s/referral.json", stage->home);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(REFERRAL, file);
    (void)fclose(file);
    STAGE_BEGIN(stage, {.http = 201, .body = ITEM});
    assert_int_equal(STAGE_RUN(stage, NULL, "refer", path, "--reference-only"), 0);
    assert_string_equal(stage->out, "7K2MQ4XTA\n");
    assert_string_equal(stage->err, "");
    assert_int_equal(STAGE_RUN(stage, NULL, "refer", path, "--json"), 0);
    assert_string_equal(stage->out,
        "{\"day\":\"2026-11-24\",\"direction\":\"sent\",\"letter\":\"sealed\","
        "\"peer\":\"shelter.nowhere\",\"reference\":\"7K2MQ4XTA\",\"state\":"
        "\"requested\"}\n");
    assert_string_not_equal(stage->requests[0].key, stage->requests[1].key);
}

static void refer__repeats_with_the_same_key_after_a_lost_reply(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 0}, {.http = 201, .body = ITEM, .torn = true},
        {.http = 503}, {.http = 201, .body = ITEM});
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "-"), 0);
    assert_string_equal(stage->out, "7K2MQ4XTA\n");
    assert_int_equal(stage->n_requests, 4);
    for (size_t i = 1; i < 4; i++) {
        assert_string_equal(stage->requests[i].key, stage->requests[0].key);
        assert_string_equal(stage->requests[i].body, stage->requests[0].body);
    }
}

static void refer__waits_for_a_node_that_comes_back(void **state)
{
    struct stage *stage = *state;
    const char *words[] = {"refer", "--home", stage->home, "--timeout", "60", NULL};
    struct stage_child child = stage_start(stage, NULL, REFERRAL, words, -1);

    stage_await_watch(&child);
    STAGE_BEGIN(stage, {.http = 201, .body = ITEM});
    assert_int_equal(stage_finish(stage, &child), 0);
    assert_string_equal(stage->out, "7K2MQ4XTA\n");
    assert_int_equal(stage->n_requests, 1);
}

static void refer__says_the_key_when_it_is_not_known_whether_it_was_kept(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 0});
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "-t", "1"), EX_UNAVAILABLE);
    assert_string_equal(stage->out, "");
    assert_has(stage->err, "not known");
    assert_has(stage->err, "--key");
    assert_has(stage->err, stage->requests[0].key);
    assert_true(stage->n_requests > 1);
}

/* The node was killed with the answer unsaid, and is locked when it is back. */
static void refer__says_the_key_when_the_node_came_back_locked(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 0},
        {.http = 423, .body = "{\"detail\":\"The node is locked.\"}"});
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer"), EX_NOPERM);
    assert_has(stage->err, "The node is locked.");
    assert_has(stage->err, stage->requests[0].key);
    STAGE_BEGIN(stage, {.http = 423, .body = "{\"detail\":\"The node is locked.\"}"});
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer"), EX_NOPERM);
    assert_lacks(stage->err, "--key");
}

static void refer__says_that_nothing_was_handed_over_when_nobody_listens(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "-t", "1"), EX_UNAVAILABLE);
    assert_has(stage->err, "is not running");
    assert_has(stage->err, "nothing was handed over");
    assert_has(stage->err, "--key");
    assert_lacks(stage->err, "not known");
}

static void refer__uses_the_key_that_is_given(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 201, .body = ITEM});
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "--key", "slip-17"), 0);
    assert_string_equal(stage->requests[0].key, "slip-17");
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "--key", "a b"), EX_USAGE);
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "--key", "a\r\nX: y"), EX_USAGE);
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer", "--key", ""), EX_USAGE);
    assert_int_equal(stage->n_requests, 1);
}

static void refer__sends_nothing_that_is_no_single_object(void **state)
{
    struct stage *stage = *state;
    static const char *const bad[] = {"", "{", "[]", "7", "{\"a\":1,\"a\":2}", "{} {}",
        "{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}"};

    STAGE_BEGIN(stage, {.http = 201, .body = ITEM});
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_int_equal(STAGE_RUN(stage, bad[i], "refer"), EX_DATAERR);
        assert_has(stage->err, "Nothing was sent");
    }
    assert_int_equal(STAGE_RUN(stage, NULL, "refer", "/nowhere/at-all"), EX_NOINPUT);
    static char large[70000];
    memset(large, ' ', sizeof(large) - 1);
    assert_int_equal(STAGE_RUN(stage, large, "refer"), EX_DATAERR);
    assert_int_equal(stage->n_requests, 0);
}

/* --- answers --------------------------------------------------------------------------------------------- */

static void exit_codes__follow_the_answers(void **state)
{
    struct stage *stage = *state;
    static const struct {
        int http, code;
    } fits[] = {{400, EX_DATAERR}, {422, EX_DATAERR}, {413, EX_DATAERR},
        {428, EX_DATAERR}, {401, EX_NOPERM}, {403, EX_NOPERM}, {423, EX_NOPERM},
        {404, EXIT_NEGATIVE}, {409, EXIT_NEGATIVE}, {405, EX_SOFTWARE},
        {500, EX_SOFTWARE}, {503, EX_UNAVAILABLE}, {507, EX_CANTCREAT}, {200, EX_OK}};

    for (size_t i = 0; i < ARRAY_LENGTH(fits); i++) {
        struct stage_step step = {.http = fits[i].http,
            .type = fits[i].http == 200 ? NULL : "application/problem+json",
            .body =
                "{\"code\":\"x\",\"detail\":\"The detail \\u001b[31m, in a sentence.\"}"};

        stage_begin(stage, &step, 1);
        assert_int_equal(STAGE_RUN(stage, NULL, "status", "--json"), fits[i].code);
        if (fits[i].http != 200) {
            assert_string_equal(
                stage->err, "amaan: The detail \\u001b[31m, in a sentence. [x]\n");
            assert_string_equal(stage->out, "");
        }
        stage_end(stage);
    }
}

static void a_full_disk__ends_a_change_at_once(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 507, .body = "{\"detail\":\"The disk is full.\"}"});
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer"), EX_CANTCREAT);
    assert_string_equal(stage->err, "amaan: The disk is full.\n");
    assert_int_equal(stage->n_requests, 1);
}

static void answers__that_no_node_gives_are_refused(void **state)
{
    struct stage *stage = *state;
    static char large[1024 * 1024 + 2];
    memset(large, ' ', sizeof(large) - 1);
    const struct stage_step steps[] = {{.http = 200, .type = "text/html"},
        {.http = 200, .type = "application/jsonp"}, {.http = 302},
        {.http = 200, .body = "{"}, {.http = 200, .body = "[]"},
        {.http = 200, .body = "{}{}"}, {.http = 200, .body = "{\"a\":1,\"a\":1}"},
        {.http = 200, .body = large}};

    for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
        stage_begin(stage, &steps[i], 1);
        assert_int_equal(STAGE_RUN(stage, NULL, "status"), EX_PROTOCOL);
        assert_string_equal(stage->out, "");
        assert_int_equal(stage->n_requests, 1);
        stage_end(stage);
    }
}

static int open_the_folders(const struct stage *stage)
{
    char run[STAGE_PATH_BYTES + 8];

    (void)snprintf(run, sizeof(run), "%s/run", stage->home);
    return chmod(stage->home, 0777) != 0 || chmod(run, 0777) != 0;
}

static void a_socket_of_another_user__gets_nothing(void **state)
{
    struct stage *stage = *state;

    if (geteuid() != 0)
        skip();
    assert_int_equal(open_the_folders(stage), 0);
    assert_int_equal(seteuid(65534), 0);
    STAGE_BEGIN(stage, {.http = 201, .body = ITEM});
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(STAGE_RUN(stage, REFERRAL, "refer"), EX_NOPERM);
    assert_has(stage->err, "another user");
    assert_int_equal(stage->n_requests, 0);
}

/* --- lists and pages ------------------------------------------------------------------------------------- */

static void lists__print_a_line_for_each_item_of_all_pages(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body = "{\"items\":[{\"b\":2,\"a\":1},{\"a\":\"\\u202e\\u007f\"}],"
                    "\"late\":[{\"late\":true}],\"next\":41}"},
        {.http = 200, .body = "{\"items\":[{\"a\":3}],\"late\":[],\"next\":0}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "inbox", "--json"), 0);
    assert_string_equal(stage->out, "{\"a\":1,\"b\":2}\n{\"a\":\"\\u202e\\u007f\"}\n"
                                    "{\"a\":3}\n{\"late\":true}\n");
    assert_int_equal(stage->n_requests, 2);
    assert_string_equal(stage->requests[0].line, "GET /api/v1/inbox?limit=200");
    assert_string_equal(stage->requests[1].line, "GET /api/v1/inbox?limit=200&before=41");
}

static void lists__stop_at_the_limit_and_at_a_node_that_goes_round(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"items\":[{\"a\":1}],\"next\":41}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "sent", "--json", "--limit", "1"), 0);
    assert_string_equal(stage->out, "{\"a\":1}\n");
    assert_string_equal(stage->requests[0].line, "GET /api/v1/sent?limit=1");
    assert_int_equal(STAGE_RUN(stage, NULL, "sent", "--json"), 0);
    assert_int_equal(stage->n_requests, 3);
    assert_int_equal(STAGE_RUN(stage, NULL, "sent", "--limit", "0"), EX_USAGE);
}

static void lists__of_nothing_say_so_on_standard_error(void **state)
{
    struct stage *stage = *state;
    static const char *const verbs[] = {"inbox", "sent", "members", "alarms"};

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"items\":[],\"late\":[],\"next\":0}"});
    for (size_t i = 0; i < ARRAY_LENGTH(verbs); i++) {
        assert_int_equal(STAGE_RUN(stage, NULL, verbs[i]), 0);
        assert_string_equal(stage->out, "");
        assert_has(stage->err, "No ");
        assert_int_equal(STAGE_RUN(stage, NULL, verbs[i], "--json"), 0);
        assert_string_equal(stage->out, "");
        assert_string_equal(stage->err, "");
    }
}

static void tables__escape_what_strangers_wrote(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200,
                           .body = "{\"items\":[{\"name\":\"clinic\\u001b]0;x\\u0007\","
                                   "\"contact\":\"a\\nfia.nowhere\\u202e\\u009b31m\","
                                   "\"roles\":[\"a\\rb\"]}]}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "members"), 0);
    assert_lacks(stage->out, "\x1b");
    assert_lacks(stage->out, "\r");
    assert_lacks(stage->out, "\n"
                             "fia");
    assert_lacks(stage->out, "\xe2\x80\xae");
    assert_lacks(stage->out, "\xc2\x9b");
    assert_has(stage->out, "clinic\\u001b]0;x\\u0007");
}

static void sent__shows_letter_and_state_in_columns_of_their_own(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(
        stage, {.http = 200, .body = "{\"items\":[" ITEM "],\"late\":[],\"next\":0}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "sent"), 0);
    assert_has(stage->out, "LETTER  STATE");
    assert_has(stage->out, "sealed  requested");
}

#define PAGE                                                                             \
    "{\"reference\":\"7K2MQ4XTA\",\"direction\":\"sent\",\"peer\":\"shelter.nowhere\","  \
    "\"state\":\"declined\",\"letter\":\"confirmed\",\"receipt_verified\":true,"         \
    "\"receipt\":\"00ff\",\"receipt_at\":\"2026-11-24T05:00:00Z\",\"day\":\"2026-11-"    \
    "24\","                                                                              \
    "\"changed_day\":\"2026-11-25\",\"minor\":\"unknown\",\"note\":\"first\\nState: "    \
    "done\","                                                                            \
    "\"number\":7,\"epoch\":1,\"sealed_again\":0,\"item\":\"0011\",\"decisions\":"       \
    "[{\"at\":\"2026-11-25T01:02:03Z\",\"decision\":\"declined\",\"reason\":\"at-"       \
    "capacity\","                                                                        \
    "\"mine\":false}]}"

static void show__puts_the_letters_way_and_peoples_word_side_by_side(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = PAGE});
    assert_int_equal(STAGE_RUN(stage, NULL, "show", "7k2m-q4xt a"), 0);
    assert_string_equal(
        stage->requests[0].line, "POST /api/v1/referrals/7k2m-q4xt%20a/show");
    assert_string_equal(stage->requests[0].body, "{}");
    assert_has(stage->out, "Referral 7K2MQ4XTA, sent to shelter.nowhere, 2026-11-24");
    assert_has(stage->out, "confirmed                 declined\n");
    assert_has(stage->out, "receipt verified          since 2026-11-25\n");
    assert_has(stage->out, "unknown (treated as a child)");
    assert_has(stage->out, "at-capacity");
    assert_has(stage->out, "7 of epoch 1");
    assert_lacks(stage->out, "\nState: done"); /* a note's lines never begin a line */
}

static void show__says_when_a_receipt_does_not_hold(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body = "{\"direction\":\"sent\",\"letter\":\"stored\",\"receipt\":\"00\","
                    "\"receipt_verified\":false,\"state\":\"requested\"}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "trace", "7K2MQ4XTA"), 0);
    assert_has(stage->out, "RECEIPT DOES NOT HOLD");
}

static void status__says_what_matters_in_words(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 200,
            .body =
                "{\"name\":\"fia.nowhere\",\"roles\":[\"screening\"],\"locked\":true,"
                "\"connected\":false,\"joined\":true,\"alarms\":2,"
                "\"outgoing\":{\"draft\":1,\"sealed\":2,\"held\":3,\"unconfirmed\":4},"
                "\"incoming\":{\"unopened\":5,\"unopened_express\":1},"
                "\"waiting\":{\"express\":1,\"normal\":4},"
                "\"announce\":{\"failed\":true,\"exit_code\":127}}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "status"), 0);
    assert_has(stage->out, "1 express, 4 normal that nobody has opened");
    assert_has(stage->out, "failed with code 127");
    assert_has(stage->out, "fia.nowhere (screening)");
    assert_has(stage->out, "locked: letters are received and wait");
    assert_has(stage->out, "not connected");
    assert_has(stage->out, "1 draft, 2 sealed, 3 with the exchange, 4 stored");
    assert_has(stage->out, "5 unopened (1 express)");
    assert_has(stage->out, "2: see \"amaan alarms\"");
    assert_lacks(stage->out, "\x1b");
}

/* --- until ----------------------------------------------------------------------------------------------- */

static void until__gives_0_when_it_has_come_so_far(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"reached\":\"not-yet\"}"}, {.http = 0},
        {.http = 503},
        {.http = 200, .body = "{\"reached\":\"yes\",\"reference\":\"R\"}"});
    assert_int_equal(
        STAGE_RUN(stage, NULL, "trace", "7K2MQ4XTA", "-u", "stored", "-t", "30", "-j"),
        0);
    assert_string_equal(stage->out, "{\"reached\":\"yes\",\"reference\":\"R\"}\n");
    assert_int_equal(stage->n_requests, 4);
    assert_string_equal(
        stage->requests[0].line, "GET /api/v1/referrals/7K2MQ4XTA?until=stored&wait=8");
}

static void until__opens_a_referral_only_when_it_has_come_so_far(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"reached\":\"yes\"}"},
        {.http = 200, .body = ITEM});
    assert_int_equal(
        STAGE_RUN(stage, NULL, "show", "7K2MQ4XTA", "--until", "opened", "--json"), 0);
    assert_int_equal(stage->n_requests, 2);
    assert_string_equal(stage->requests[1].line, "POST /api/v1/referrals/7K2MQ4XTA/show");
    assert_has(stage->out, "\"reference\":\"7K2MQ4XTA\"");
}

static void until__gives_75_when_the_time_is_over(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"reached\":\"not-yet\"}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "trace", "7K2MQ4XTA", "--until", "stored",
                         "-t", "1", "--json"),
        EX_TEMPFAIL);
    assert_string_equal(stage->out, "{\"reached\":\"not-yet\"}\n");
    assert_has(stage->err, "not stored yet");
    assert_in_range(stage->n_requests, 2, 8);
    assert_has(stage->requests[0].line, "wait=1");
}

static void until__waits_for_a_referral_that_is_not_known_yet(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 404, .body = "{\"detail\":\"Not known here.\"}"},
        {.http = 200, .body = "{\"reached\":\"yes\"}"});
    assert_int_equal(
        STAGE_RUN(stage, NULL, "trace", "7K2MQ4XTA", "--until", "opened", "--json"), 0);
    assert_string_equal(stage->err, "");
    STAGE_BEGIN(stage, {.http = 404, .body = "{\"detail\":\"Not known here.\"}"});
    assert_int_equal(
        STAGE_RUN(stage, NULL, "show", "7K2MQ4XTA", "--until", "opened", "-t", "1"),
        EX_TEMPFAIL);
    assert_string_equal(stage->out, "");
    assert_string_equal(stage->err, "amaan: Not known here.\n");
}

static void until__gives_1_when_it_never_will(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = "{\"reached\":\"never\"}"});
    assert_int_equal(STAGE_RUN(stage, NULL, "show", "7K2MQ4XTA", "--until", "accepted"),
        EXIT_NEGATIVE);
    assert_has(stage->err, "never be accepted");
    assert_int_equal(stage->n_requests, 1);
}

static void until__gives_69_when_no_node_answers(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(
        STAGE_RUN(stage, NULL, "trace", "7K2MQ4XTA", "--until", "stored", "-t", "1"),
        EX_UNAVAILABLE);
}

/* --- deciding -------------------------------------------------------------------------------------------- */

static void decline__needs_a_reason_and_lists_them(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = ITEM});
    assert_int_equal(STAGE_RUN(stage, NULL, "decline", "7K2MQ4XTA"), EX_USAGE);
    assert_has(stage->err, "--reason is missing");
    assert_has(stage->err, "at-capacity");
    assert_int_equal(stage->n_requests, 0);
    assert_int_equal(
        STAGE_RUN(stage, NULL, "decline", "7K2MQ4XTA", "--reason", "at-capacity"), 0);
    assert_string_equal(
        stage->requests[0].line, "POST /api/v1/referrals/7K2MQ4XTA/decline");
    assert_string_equal(stage->requests[0].body, "{\"reason\":\"at-capacity\"}");
    assert_int_equal(strlen(stage->requests[0].key), 32);
    assert_string_equal(stage->out, "7K2MQ4XTA requested\n");
}

static void references__that_cannot_be_one_are_not_asked_about(void **state)
{
    struct stage *stage = *state;
    static const char *const bad[] = {"", "../status", "7K2MQ4XTA/show",
        "7K2MQ4XTA?until=x", "a%2fb", "123456789012345678901", "a\nb"};

    STAGE_BEGIN(stage, {.http = 200, .body = ITEM});
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_int_equal(STAGE_RUN(stage, NULL, "accept", bad[i]), EX_DATAERR);
    assert_int_equal(stage->n_requests, 0);
}

/* --- the table ------------------------------------------------------------------------------------------- */

static void commands__ask_what_their_rows_say(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < VERBS_N; i++) {
        const struct verb *verb = &VERBS[i];
        const char *words[16] = {verb->name};
        char options[4][32], values[4][32];
        char line[VERB_PATH_BYTES + 8], path[VERB_PATH_BYTES];
        size_t n = 1;

        if (verb->place == VERB_LOCAL || verb_argument(verb, "passphrase") ||
            verb_argument(verb, "pin"))
            continue; /* test_client_terminal.c */
        if (strcmp(verb->name, "doctor") == 0)
            continue; /* it looks itself, and asks for the status alone: test_doctor.c */
        bool opens = strcmp(verb->name, "open") == 0;
        if (opens)
            words[n++] = "--print";
        if (strncmp(verb->words, "REF", 3) == 0 || strcmp(verb->words, "NUMBER") == 0)
            words[n++] = "7K2MQ4XTA";
        if (strcmp(verb->words, "REF FILE") == 0 || strcmp(verb->words, "FILE") == 0 ||
            strcmp(verb->words, "CSV") == 0)
            words[n++] = "-";
        size_t given = 0;
        for (const struct verb_argument *row = verb->arguments; row && row->name; row++) {
            const struct option_row *option = verb->options;

            while (option->name && strcmp(option->name, row->name) != 0)
                option++;
            if (!row->required || !option->name)
                continue;
            assert_true(given < ARRAY_LENGTH(options));
            const char *value = row->words                     ? row->words
                                : row->type == ARGUMENT_NUMBER ? "1"
                                                               : "7K2MQ4XTA";
            (void)snprintf(options[given], sizeof(options[given]), "--%s", row->name);
            (void)snprintf(values[given], sizeof(values[given]), "%.*s",
                (int)strcspn(value, " "), value);
            words[n++] = options[given];
            words[n++] = values[given++];
        }
        STAGE_BEGIN(
            stage, {.http = 200,
                       .body = opens ? "{\"address\":\"http://127.0.0.1:1/launch?t=ab\"}"
                                     : ITEM});
        if (stage_run(stage, REFERRAL, words) != 0)
            fail_msg("%s: %s", verb->name, stage->err);
        verb_path(verb, "7K2MQ4XTA", path);
        (void)snprintf(line, sizeof(line), "%s %s", verb->method, path);
        stage->requests[0].line[strcspn(stage->requests[0].line, "?")] = 0;
        assert_string_equal(stage->requests[0].line, line);
        assert_int_equal(*stage->requests[0].key != 0, verb->changes);
        stage_end(stage);
    }
}

static void command_lines__are_checked_before_anything_is_asked(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200});
    assert_int_equal(STAGE_RUN(stage, NULL, "acept", "7K2MQ4XTA"), EX_USAGE);
    assert_has(stage->err, "\"accept\"");
    assert_int_equal(STAGE_RUN(stage, NULL, "status", "--jsn"), EX_USAGE);
    assert_has(stage->err, "--json");
    assert_int_equal(STAGE_RUN(stage, NULL, "accept"), EX_USAGE);
    assert_int_equal(STAGE_RUN(stage, NULL, "status", "-t", "0"), EX_USAGE);
    assert_int_equal(STAGE_RUN(stage, NULL, "status", "-t", "1x"), EX_USAGE);
    assert_int_equal(STAGE_RUN(stage, NULL, "refer", "--passphrase", "x"), EX_USAGE);
    assert_int_equal(stage->n_requests, 0);
}

static void help__shows_examples_and_versions_name_libraries(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(STAGE_RUN(stage, NULL, "refer", "-h"), 0);
    assert_has(stage->out, "amaan refer --to shelter.peshawar");
    const char *words[] = {"--version", NULL};
    struct stage_child child = stage_start(stage, NULL, NULL, words, -1);
    assert_int_equal(stage_finish(stage, &child), 0);
    assert_has(stage->out, "libcurl 7.");
    assert_has(stage->out, "libsmartcols 2.");
    assert_has(stage->out, "jansson 2.");
}

static void homes__that_cannot_be_are_told(void **state)
{
    struct stage *stage = *state;
    char path[140];
    const char *nowhere[] = {"status", "--home", "/nowhere", NULL};
    const char *refer[] = {"refer", "--home", "/nowhere", NULL};
    const char *longer[] = {"status", "--home", path, NULL};

    struct stage_child child = stage_start(stage, NULL, NULL, nowhere, -1);
    assert_int_equal(stage_finish(stage, &child), EX_UNAVAILABLE);
    assert_has(stage->err, "amaan init");
    child = stage_start(stage, NULL, "{}", refer, -1);
    assert_int_equal(stage_finish(stage, &child), EX_UNAVAILABLE);
    assert_has(stage->err, "amaan init");
    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = 0;
    child = stage_start(stage, NULL, NULL, longer, -1);
    assert_int_equal(stage_finish(stage, &child), EX_CONFIG);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(refer__puts_recipient_and_service_in_and_prints_the_reference),
        STAGED(refer__dry_run_shows_what_would_be_read_and_sends_nothing),
        STAGED(shared__prints_the_page_in_both_languages),
        STAGED(withdraw_consent__says_what_will_happen),
        STAGED(acts__are_a_table_with_the_open_ones),
        STAGED(shift__is_a_sheet_with_the_check_word_at_its_end),
        STAGED(statistics__are_grids_in_which_hidden_is_a_star),
        STAGED(export__prints_the_csv_to_the_byte),
        STAGED(proof__is_one_document),
        STAGED(case_summary__is_a_page_in_codes_and_months),
        STAGED(surge__is_a_table_and_its_names_come_from_a_file),
        STAGED(refer__does_not_send_the_mark_that_an_editor_put_first),
        STAGED(refer__reads_a_file_and_prints_the_reference_alone),
        STAGED(refer__repeats_with_the_same_key_after_a_lost_reply),
        STAGED(refer__waits_for_a_node_that_comes_back),
        STAGED(refer__says_the_key_when_it_is_not_known_whether_it_was_kept),
        STAGED(refer__says_the_key_when_the_node_came_back_locked),
        STAGED(refer__says_that_nothing_was_handed_over_when_nobody_listens),
        STAGED(refer__uses_the_key_that_is_given),
        STAGED(refer__sends_nothing_that_is_no_single_object),
        STAGED(exit_codes__follow_the_answers),
        STAGED(a_full_disk__ends_a_change_at_once),
        STAGED(answers__that_no_node_gives_are_refused),
        STAGED(a_socket_of_another_user__gets_nothing),
        STAGED(lists__print_a_line_for_each_item_of_all_pages),
        STAGED(lists__stop_at_the_limit_and_at_a_node_that_goes_round),
        STAGED(lists__of_nothing_say_so_on_standard_error),
        STAGED(tables__escape_what_strangers_wrote),
        STAGED(sent__shows_letter_and_state_in_columns_of_their_own),
        STAGED(show__puts_the_letters_way_and_peoples_word_side_by_side),
        STAGED(show__says_when_a_receipt_does_not_hold),
        STAGED(status__says_what_matters_in_words),
        STAGED(until__gives_0_when_it_has_come_so_far),
        STAGED(until__opens_a_referral_only_when_it_has_come_so_far),
        STAGED(until__gives_75_when_the_time_is_over),
        STAGED(until__waits_for_a_referral_that_is_not_known_yet),
        STAGED(until__gives_1_when_it_never_will),
        STAGED(until__gives_69_when_no_node_answers),
        STAGED(decline__needs_a_reason_and_lists_them),
        STAGED(references__that_cannot_be_one_are_not_asked_about),
        STAGED(commands__ask_what_their_rows_say),
        STAGED(command_lines__are_checked_before_anything_is_asked),
        STAGED(help__shows_examples_and_versions_name_libraries),
        STAGED(homes__that_cannot_be_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
