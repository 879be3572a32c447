/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor, explain: the real program over a scripted node: every probe has its row whatever the others meet, and a
 * report holds nothing that was met.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_stage.h"
#include "clock.h"
#include "findings.h"
#include "helper.h"
#include "command.h"
#include "json.h"

#define WELL                                                                             \
    "{\"connected\":true,\"locked\":false,\"joined\":true,\"alarms\":0,"                 \
    "\"outgoing\":{},\"usable_prekeys\":8,\"prekeys_left_ms\":5000000000,"               \
    "\"roster_left_ms\":9000000000,\"signed_ahead_ms\":0,\"broker_skew_ms\":0,"          \
    "\"name\":\"kanari.member\",\"person\":\"Kanari Person\"}"
#define ILL                                                                              \
    "{\"connected\":false,\"broker_refusal\":\"kanari_refusal\",\"locked\":true,"        \
    "\"locked_ms\":999999999,\"joined\":true,\"alarms\":3,\"outgoing\":{},"              \
    "\"oldest_open_ms\":9000000000,\"usable_prekeys\":0,\"roster_left_ms\":-1,"          \
    "\"signed_ahead_ms\":999999999,\"name\":\"kanari.member\","                          \
    "\"person\":\"Kanari Person\",\"reference\":\"7K2MQ4XTA\"}"
#define CONF                                                                             \
    "node\n    name = \"kanari.member\"\n    id = \"%032d\"\n    queue = \"%032d\"\n"    \
    "    roles = \"screening\"\n    person = \"Kanari Person\"\n"                        \
    "link\n    endpoint = \"%s\"\n"                                                      \
    "    broker-key = \"%064d\"\n"

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
    if (strcasestr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

static void write_file(const struct stage *stage, const char *name, const char *text)
{
    char path[STAGE_PATH_BYTES + 16];

    (void)snprintf(path, sizeof(path), "%s/%s", stage->home, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    assert_int_equal(chmod(path, 0600), 0);
}

static void write_conf(const struct stage *stage, const char *endpoint)
{
    char text[1024];

    (void)snprintf(text, sizeof(text), CONF, 1, 2, endpoint, 3);
    write_file(stage, "node.conf", text);
}

static void doctor__has_one_row_for_each_probe_whatever_is_broken(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(STAGE_RUN(stage, NULL, "doctor", "--json"), EXIT_NEGATIVE);
    const char *at = stage->out;
    for (size_t i = 0; i < PROBES_N; i++) {
        char probe[48];

        (void)snprintf(probe, sizeof(probe), "\"probe\":\"%s\"", PROBES[i].name);
        assert_has(at, probe);
        at = strchr(at, '\n') + 1;
    }
    assert_int_equal(*at, 0);
    assert_has(stage->out, "\"finding\":\"link-key-missing\"");
    assert_has(stage->out, "\"finding\":\"node-stopped\"");
    assert_has(stage->out, "\"finding\":\"not-asked\"");
    assert_lacks(stage->out, "no-helper");
}

static void doctor__leaves_database_and_line_of_a_running_node_alone(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200, .body = WELL});
    assert_int_equal(STAGE_RUN(stage, NULL, "doctor", "--json"), EXIT_NEGATIVE);
    assert_int_equal(stage->n_requests, 1);
    assert_string_equal(stage->requests[0].line, "GET /api/v1/status");
    assert_has(stage->out, "\"finding\":\"database-answers\"");
    assert_has(stage->out, "\"finding\":\"curve-connected\"");
    assert_has(stage->out, "\"finding\":\"prekeys-ok\"");
    assert_has(stage->out, "\"finding\":\"backup-unknown\"");
    assert_has(stage->out, "\"finding\":\"link-key-missing\"");
}

static void doctor__tells_a_silent_node_from_a_stranger_on_its_socket(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 0});
    assert_int_equal(STAGE_RUN(stage, NULL, "doctor", "--json"), EXIT_NEGATIVE);
    assert_has(stage->out, "\"finding\":\"node-silent\"");
    assert_has(stage->out, "\"finding\":\"link-key-missing\"");
    STAGE_BEGIN(stage, {.http = 200, .body = "hello", .type = "text/plain"});
    assert_int_equal(STAGE_RUN(stage, NULL, "doctor", "--json"), EXIT_NEGATIVE);
    assert_has(stage->out, "\"finding\":\"node-strange\"");
}

/* Whoever listens takes connections and says nothing: the handshake waits longer than this person does. */
static void doctor__stops_a_probe_that_does_not_end_and_shows_the_others(void **state)
{
    struct stage *stage = *state;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char endpoint[48];

    assert_int_equal(bind(fd, (struct sockaddr *)&address, n), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
    (void)snprintf(endpoint, sizeof(endpoint), "tcp://127.0.0.1:%u",
        (unsigned)ntohs(address.sin_port));
    write_conf(stage, endpoint);
    write_file(stage, "link.key", "thirty-two bytes that are no key");
    assert_int_equal(
        STAGE_RUN(stage, NULL, "doctor", "--json", "--timeout", "2"), EXIT_NEGATIVE);
    assert_has(stage->out, "\"finding\":\"tcp-ok\"");
    assert_has(stage->out, "\"finding\":\"no-end\",\"looks_at\":\"being let in");
    assert_has(stage->out, "\"probe\":\"backup\"");
    (void)close(fd);
}

static void doctor__reports_nobody_and_no_place(void **state)
{
    struct stage *stage = *state;
    static const char *const canaries[] = {
        "kanari", "7K2MQ4XTA", "Person", "invalid", "7117", "/tmp", "amaan-client"};
    char path[STAGE_PATH_BYTES + 16];
    char host[256] = "";

    write_conf(stage, "tcp://kanari-exchange.invalid:7117");
    STAGE_BEGIN(stage, {.http = 200, .body = ILL});
    assert_int_equal(chmod(stage->home, 0750), 0); /* so that its path is told */
    assert_int_equal(STAGE_RUN(stage, NULL, "doctor"), EXIT_NEGATIVE);
    assert_has(stage->out, "kanari-exchange.invalid"); /* the canaries do sing */
    assert_has(stage->out, "kanari_refusal");
    assert_has(stage->out, stage->home);
    assert_int_equal(STAGE_RUN(stage, NULL, "doctor", "--report", "-"), EXIT_NEGATIVE);
    assert_has(stage->out, "session-refused");
    assert_has(stage->out, "clock-wrong");
    for (size_t i = 0; i < sizeof(canaries) / sizeof(*canaries); i++)
        assert_lacks(stage->out, canaries[i]);
    assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
    if (strlen(host) > 5)
        assert_lacks(stage->out, host);

    (void)snprintf(path, sizeof(path), "%s/report", stage->home);
    assert_int_equal(STAGE_RUN(stage, NULL, "doctor", "--report", path), EXIT_NEGATIVE);
    assert_has(stage->out, "kanari"); /* the table as usual */
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(STAGE_RUN(stage, NULL, "doctor", "--report", path), EX_CANTCREAT);
}

static void helpers__that_do_not_end_cost_the_others_nothing(void **state)
{
    struct helper helpers[3];
    static const char *const scripts[] = {
        "echo one", "echo two; while :; do :; done", "while :; do echo much; done"};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        helper_start(
            &helpers[i], "/bin/sh", (const char *const[]){"sh", "-c", scripts[i], NULL});
    int64_t begun_ms = clock_steady_ms(clock_system());
    helpers_await(helpers, 3, 1500);
    assert_true(clock_steady_ms(clock_system()) - begun_ms < 20000);
    assert_true(helpers[0].ended);
    assert_int_equal(helpers[0].output.used, 4);
    assert_true(helpers[1].started && !helpers[1].ended);
    assert_false(helpers[2].ended); /* it said more than anybody wants to hear */
    assert_true(helpers[2].output.used <= HELPER_OUTPUT_MAX);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(helpers[i].pid, 0);
        helper_release(&helpers[i]);
    }
    helper_start(&helpers[0], "/nowhere/at-all", (const char *const[]){"x", NULL});
    assert_false(helpers[0].started);
    helpers_await(helpers, 1, 1000);
    helper_release(&helpers[0]);
}

static void probe__by_hand_prints_a_line_each_and_knows_its_names(void **state)
{
    struct stage *stage = *state;
    static const char program[] = AMAAN_BINARY_DIR "/nodes/amaan-node";
    const char *all[] = {"probe", stage->home, NULL};
    const char *one[] = {"probe", "--only", "node", stage->home, NULL};
    struct stage_child child;

    child = stage_start(stage, program, NULL, all, -1);
    assert_int_equal(stage_finish(stage, &child), EXIT_NEGATIVE);
    assert_has(stage->out, "link-key  failed      The key of the line");
    assert_has(stage->out, "home      ok ");
    child = stage_start(stage, program, NULL, one, -1);
    assert_int_equal(stage_finish(stage, &child), EX_USAGE); /* the node tells it */
    assert_string_equal(stage->out, "");
}

static void explain__says_each_meaning_of_a_word_in_both_languages(void **state)
{
    struct stage *stage = *state;
    const char *words[] = {"explain", "conflict", NULL};
    struct stage_child child;

    child = stage_start(stage, NULL, NULL, words, -1);
    assert_int_equal(stage_finish(stage, &child), 0);
    assert_has(stage->out, "an error of the node");
    assert_has(stage->out, "an alarm");
    assert_has(stage->out, "a recipient's receipt");
    const char *urdu[] = {"explain", "fork", "--lang", "urd", NULL};
    child = stage_start(stage, NULL, NULL, urdu, -1);
    assert_int_equal(stage_finish(stage, &child), 0);
    assert_has(stage->out, "منتظم");
    assert_has(stage->err, "draft");
    const char *unknown[] = {"explain", "nonsense", NULL};
    child = stage_start(stage, NULL, NULL, unknown, -1);
    assert_int_equal(stage_finish(stage, &child), EXIT_NEGATIVE);
    assert_has(stage->err, "nonsense");
    const char *language[] = {"explain", "--lang", "fra", NULL};
    child = stage_start(stage, NULL, NULL, language, -1);
    assert_int_equal(stage_finish(stage, &child), EX_USAGE);
}

static void explain__lists_all_with_a_text_for_each(void **state)
{
    struct stage *stage = *state;
    static const char *const languages[] = {"eng", "urd"};

    for (size_t i = 0; i < 2; i++) {
        const char *words[] = {"explain", "--json", "-l", languages[i], NULL};
        struct stage_child child = stage_start(stage, NULL, NULL, words, -1);
        size_t n = 0;

        assert_int_equal(stage_finish(stage, &child), 0);
        for (char *line = stage->out, *end; (end = strchr(line, '\n')); line = end + 1) {
            struct json *json = NULL;

            *end = 0;
            assert_int_equal(json_parse(span_text(line), 65536, &json, NULL), STATUS_OK);
            assert_non_null(json_find_text(json, "text"));
            assert_true(strlen(json_find_text(json, "text")) > 20);
            json_destroy(&json);
            n++;
        }
        assert_true(n > 80);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(doctor__has_one_row_for_each_probe_whatever_is_broken),
        TEST(doctor__leaves_database_and_line_of_a_running_node_alone),
        TEST(doctor__tells_a_silent_node_from_a_stranger_on_its_socket),
        TEST(doctor__stops_a_probe_that_does_not_end_and_shows_the_others),
        TEST(doctor__reports_nobody_and_no_place),
        cmocka_unit_test(helpers__that_do_not_end_cost_the_others_nothing),
        TEST(probe__by_hand_prints_a_line_each_and_knows_its_names),
        TEST(explain__says_each_meaning_of_a_word_in_both_languages),
        TEST(explain__lists_all_with_a_text_for_each),
    };
    return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
