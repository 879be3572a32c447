/* SPDX-License-Identifier: Apache-2.0
 *
 * api: raw requests over a real local socket; the use cases behind it are a table of the test.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api.h"
#include "check.h"
#include "local.h"
#include "memory.h"

enum { TEXT_MAX = 131072, NOBODY = 65534 };

struct bench {
    char folder[128], path[160];
    int64_t steady_ms; /* added to the system's */
    struct clock clock;
    struct loop *loop;
    struct api *api;
    struct http *http;
    int calls;
    char verb[32], key[256], request[4096];
    int answer_http;
    const char *answer;
    struct api_call *door;
    char door_verb[32];
};

static int64_t tell_wall(void *context)
{
    (void)context;
    return clock_wall_ms(clock_system());
}

static int64_t tell_steady(void *context)
{
    const struct bench *bench = context;
    return clock_steady_ms(clock_system()) + bench->steady_ms;
}

static void on_call(void *context, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_http)
{
    struct bench *bench = context;
    struct buffer text;

    bench->calls++;
    snprintf(bench->verb, sizeof(bench->verb), "%s", verb);
    snprintf(bench->key, sizeof(bench->key), "%s", key);
    buffer_init(&text, sizeof(bench->request));
    assert_ok(json_print(request, &text));
    snprintf(bench->request, sizeof(bench->request), "%.*s", (int)text.used, text.bytes);
    buffer_release(&text);
    assert_ok(json_parse(span_text(bench->answer), TEXT_MAX, ret_answer, NULL));
    *ret_http = bench->answer_http;
}

static void on_door(
    void *context, const char *verb, const struct json *request, struct api_call *call)
{
    struct bench *bench = context;

    (void)request;
    snprintf(bench->door_verb, sizeof(bench->door_verb), "%s", verb);
    bench->door = call;
}

static void open_bench(struct bench *bench)
{
    struct trouble trouble = {""};
    int fd = -1;

    memset(bench, 0, sizeof(*bench));
    snprintf(bench->folder, sizeof(bench->folder), "/tmp/amaan-api-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(bench->path, sizeof(bench->path), "%s/socket", bench->folder);
    bench->clock = (struct clock){tell_wall, tell_steady, bench};
    bench->answer_http = 200;
    bench->answer = "{\"good\":true}";
    bench->loop = loop_new(clock_system());
    struct api_options api = {
        .clock = &bench->clock, .call = on_call, .door = on_door, .context = bench};
    bench->api = api_new(&api);
    if (local_listen(bench->path, &fd, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    struct http_options http = {.loop = bench->loop,
        .listen_fd = fd,
        .local = true,
        .body_bytes_max = API_BODY_BYTES_MAX,
        .on_request = api_take,
        .context = bench->api};
    assert_ok(http_open(&http, &bench->http, &trouble));
}

static void close_bench(struct bench *bench)
{
    http_close(&bench->http);
    api_destroy(&bench->api);
    loop_destroy(&bench->loop);
    unlink(bench->path);
    rmdir(bench->folder);
}

static void turn(struct bench *bench)
{
    assert_ok(loop_turn(bench->loop, loop_now_ms(bench->loop) + 20));
    api_turn(bench->api);
    api_speak(bench->api);
}

static int say(struct bench *bench, const char *request)
{
    int fd;

    assert_ok(local_connect(bench->path, &fd, NULL));
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

/* Turns until the server has closed the connection; the answer's code, its text in static memory. */
static int hear(struct bench *bench, int fd, const char **ret_text)
{
    static char text[TEXT_MAX];
    size_t used = 0;
    int code = 0;

    for (int rounds = 0; rounds < 500; rounds++) {
        ssize_t n = recv(fd, text + used, sizeof(text) - used - 1, 0);
        if (n == 0)
            break;
        if (n > 0)
            used += (size_t)n;
        else
            turn(bench);
    }
    close(fd);
    text[used] = 0;
    assert_memory_equal(text, "HTTP/1.1 ", 9);
    code = (int)strtol(text + 9, NULL, 10);
    if (ret_text)
        *ret_text = text;
    return code;
}

#define HEAD " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"

static int ask(struct bench *bench, const char *request, const char **ret_text)
{
    return hear(bench, say(bench, request), ret_text);
}

/* A POST with a body. */
static int post(struct bench *bench, const char *path, const char *headers,
    const char *body, const char **ret_text)
{
    static char request[TEXT_MAX];

    snprintf(request, sizeof(request), "POST %s" HEAD "%sContent-Length: %zu\r\n\r\n%s",
        path, headers, strlen(body), body);
    return ask(bench, request, ret_text);
}

#define JSON "Content-Type: application/json\r\n"
#define KEY "Idempotency-Key: key-1\r\n"

static void api__makes_a_call_of_a_get_with_its_query(void **state)
{
    (void)state;
    struct bench bench;
    const char *text;
    open_bench(&bench);
    assert_int_equal(
        ask(&bench, "GET /api/v1/inbox?limit=5&before=9" HEAD "\r\n", &text), 200);
    assert_holds(text, "{\"good\":true}");
    assert_holds(text, "no-store");
    assert_string_equal(bench.verb, "inbox");
    assert_string_equal(bench.request, "{\"before\":9,\"limit\":5}");
    assert_int_equal(ask(&bench, "GET /api/v1/inbox?limit=x" HEAD "\r\n", &text), 400);
    assert_holds(text, "bad-request");
    assert_int_equal(bench.calls, 1);
    close_bench(&bench);
}

static void api__puts_the_reference_of_the_path_into_the_request(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    assert_int_equal(post(&bench, "/api/v1/referrals/7K2MQ4XTA/decline", JSON KEY,
                         "{\"reason\":\"at-capacity\"}", NULL),
        200);
    assert_string_equal(bench.verb, "decline");
    assert_string_equal(bench.key, "key-1");
    assert_string_equal(
        bench.request, "{\"reason\":\"at-capacity\",\"reference\":\"7K2MQ4XTA\"}");
    assert_int_equal(
        post(&bench, "/api/v1/referrals/7K2MQ4XTA/accept", KEY, "", NULL), 200);
    assert_string_equal(bench.request, "{\"reference\":\"7K2MQ4XTA\"}");
    close_bench(&bench);
}

static void api__needs_a_key_for_what_changes_something(void **state)
{
    (void)state;
    struct bench bench;
    const char *text;
    char headers[400];
    open_bench(&bench);
    assert_int_equal(post(&bench, "/api/v1/referrals", JSON, "{}", &text), 428);
    assert_holds(text, "key-needed");
    assert_int_equal(
        post(&bench, "/api/v1/referrals", JSON "Idempotency-Key: a b\r\n", "{}", &text),
        400);
    assert_holds(text, "bad-key");
    snprintf(headers, sizeof(headers), JSON "Idempotency-Key: %0201d\r\n", 1);
    assert_int_equal(post(&bench, "/api/v1/referrals", headers, "{}", NULL), 400);
    assert_int_equal(bench.calls, 0);
    assert_int_equal(post(&bench, "/api/v1/referrals", JSON KEY, "{}", NULL), 200);
    assert_int_equal(bench.calls, 1);
    close_bench(&bench);
}

static void api__refuses_bodies_that_are_not_one_json_object(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{", "[]", "{} {}", "{\"a\":1,\"a\":2}", "null", "{\"a\":\"\xff\"}"};
    struct bench bench;
    const char *text;
    open_bench(&bench);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_int_equal(post(&bench, "/api/v1/referrals", JSON KEY, bad[i], &text), 400);
        assert_holds(text, "application/problem+json");
        assert_holds(text, "bad-json");
    }
    assert_int_equal(post(&bench, "/api/v1/referrals", KEY, "{}", &text), 415);
    assert_int_equal(post(&bench, "/api/v1/referrals", KEY "Content-Type: text/plain\r\n",
                         "{}", &text),
        415);
    assert_int_equal(bench.calls, 0);
    close_bench(&bench);
}

static void api__tells_unknown_paths_and_wrong_methods_apart(void **state)
{
    (void)state;
    struct bench bench;
    const char *text;
    open_bench(&bench);
    assert_int_equal(ask(&bench, "GET /api/v1/nothing" HEAD "\r\n", &text), 404);
    assert_holds(text, "unknown-path");
    assert_int_equal(ask(&bench, "GET /api/v1/referrals" HEAD "\r\n", &text), 405);
    assert_holds(text, "Allow: POST");
    assert_int_equal(post(&bench, "/api/v1/status", JSON, "{}", &text), 405);
    assert_holds(text, "Allow: GET");
    assert_int_equal(bench.calls, 0);
    close_bench(&bench);
}

static void api__answers_what_the_use_case_answers(void **state)
{
    (void)state;
    struct bench bench;
    const char *text;
    open_bench(&bench);
    bench.answer_http = 423;
    bench.answer = "{\"code\":\"locked\"}";
    assert_int_equal(ask(&bench, "GET /api/v1/sent" HEAD "\r\n", &text), 423);
    assert_holds(text, "application/problem+json");
    assert_holds(text, "\"locked\"");
    close_bench(&bench);
}

static void api__lets_a_trace_wait_until_it_is_reached_or_its_time_is_over(void **state)
{
    (void)state;
    struct bench bench;
    const char *text;
    open_bench(&bench);
    bench.answer = "{\"reached\":\"not-yet\"}";
    int fd =
        say(&bench, "GET /api/v1/referrals/7K2MQ4XTA?until=stored&wait=5" HEAD "\r\n");
    for (int i = 0; i < 5; i++)
        turn(&bench);
    assert_int_equal(api_waiting(bench.api), 1);
    assert_true(api_deadline_steady_ms(bench.api) < INT64_MAX);
    assert_string_equal(
        bench.request, "{\"reference\":\"7K2MQ4XTA\",\"until\":\"stored\"}");
    bench.answer = "{\"reached\":\"yes\"}";
    assert_int_equal(hear(&bench, fd, &text), 200);
    assert_holds(text, "\"yes\"");
    assert_int_equal(api_waiting(bench.api), 0);

    bench.answer = "{\"code\":\"unknown-reference\"}";
    bench.answer_http = 404;
    fd = say(&bench, "GET /api/v1/referrals/7K2MQ4XTA?until=stored&wait=5" HEAD "\r\n");
    for (int i = 0; i < 5; i++)
        turn(&bench);
    assert_int_equal(api_waiting(bench.api), 1);
    bench.steady_ms = 6 * SECOND_MS;
    assert_int_equal(hear(&bench, fd, &text), 404);
    assert_int_equal(
        ask(&bench, "GET /api/v1/referrals/7K2MQ4XTA?wait=9" HEAD "\r\n", &text), 400);
    close_bench(&bench);
}

static void api__gives_the_door_its_verbs_and_answers_later(void **state)
{
    (void)state;
    struct bench bench;
    const char *text;
    open_bench(&bench);
    int fd = say(&bench, "POST /api/v1/lock" HEAD "Content-Length: 0\r\n\r\n");
    while (!bench.door)
        turn(&bench);
    assert_string_equal(bench.door_verb, "lock");
    struct json *json = json_new_object();
    json_put_flag(json, "locked", true);
    api_finish(bench.door, 200, &json);
    assert_int_equal(hear(&bench, fd, &text), 200);
    assert_holds(text, "{\"locked\":true}");
    bench.door = NULL;
    fd = say(&bench, "POST /api/v1/unlock" HEAD "Content-Length: 0\r\n\r\n");
    while (!bench.door)
        turn(&bench);
    api_fail(bench.door, 403, "wrong-passphrase", "No.");
    assert_int_equal(hear(&bench, fd, &text), 403);
    assert_holds(text, "wrong-passphrase");
    assert_int_equal(bench.calls, 0);
    close_bench(&bench);
}

/* A misspelt field of a query reaches the one who knows the fields; nothing of a request is passed over. */
static void api__passes_over_no_field(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    assert_int_equal(
        ask(&bench, "GET /api/v1/inbox?limt=3&limit=2" HEAD "\r\n", NULL), 200);
    assert_string_equal(bench.request, "{\"limit\":2,\"limt\":\"3\"}");
    assert_int_equal(bench.calls, 1);
    assert_int_equal(
        post(&bench, "/api/v1/referrals/7K2MQ4XTA/accept?x=1", JSON KEY, "{}", NULL),
        400);
    assert_int_equal(post(&bench, "/api/v1/referrals/7K2MQ4XTA/accept", JSON KEY,
                         "{\"reference\":\"7K2MQ4XTB\"}", NULL),
        400);
    assert_int_equal(post(&bench, "/api/v1/referrals/7K2MQ4XTA/accept", JSON KEY,
                         "{\"reference\":7}", NULL),
        400);
    assert_int_equal(
        ask(&bench, "GET /api/v1/referrals/7K2MQ4XTA?reference=7K2MQ4XTB" HEAD "\r\n",
            NULL),
        400);
    assert_int_equal(bench.calls, 1);
    assert_int_equal(post(&bench, "/api/v1/referrals/7K2MQ4XTA/accept", JSON KEY,
                         "{\"reference\":\"7K2MQ4XTA\"}", NULL),
        200);
    close_bench(&bench);
}

static void api__refuses_bad_heads_as_it_refuses_all_else(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int http;
        const char *code;
    } bad[] = {
        {"GET /api/v1/status HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
            400, "\"code\":\"bad-request\""},
        {"GET /api/v1/inbox?limit=1&limit=2" HEAD "\r\n", 400,
            "\"code\":\"bad-request\""},
        {"POST /api/v1/referrals" HEAD JSON KEY "Content-Length: 99999999\r\n\r\n", 413,
            "\"code\":\"too-big\""},
    };
    struct bench bench;
    const char *text;
    open_bench(&bench);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct json *json = NULL;
        assert_int_equal(ask(&bench, bad[i].request, &text), bad[i].http);
        assert_holds(text, "application/problem+json");
        assert_holds(text, bad[i].code);
        assert_ok(
            json_parse(span_text(strstr(text, "\r\n\r\n") + 4), TEXT_MAX, &json, NULL));
        assert_int_equal(json_find_int(json, "status"), bad[i].http);
        json_destroy(&json);
    }
    assert_int_equal(bench.calls, 0);
    close_bench(&bench);
}

static void api__refuses_a_body_that_is_too_large(void **state)
{
    (void)state;
    struct bench bench;
    char *body = memory_new(API_BODY_BYTES_MAX + 16);
    open_bench(&bench);
    memset(body, ' ', API_BODY_BYTES_MAX + 8);
    assert_int_equal(post(&bench, "/api/v1/referrals", JSON KEY, body, NULL), 413);
    assert_int_equal(bench.calls, 0);
    memory_free(body);
    close_bench(&bench);
}

/* Even when the folder stands open: the kernel is asked who calls. */
static void api__serves_no_other_user(void **state)
{
    (void)state;
    struct bench bench;
    int wait_state = 0;
    if (geteuid() != 0)
        skip();
    open_bench(&bench);
    assert_int_equal(chmod(bench.folder, 0755), 0);
    assert_int_equal(chmod(bench.path, 0666), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        char text[256] = "";
        static const char request[] = "GET /api/v1/status" HEAD "\r\n";
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        memcpy(address.sun_path, bench.path, strlen(bench.path) + 1);
        if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0 ||
            connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
            _exit(2);
        (void)!write(fd, request, sizeof(request) - 1);
        (void)!read(fd, text, sizeof(text) - 1);
        _exit(strstr(text, " 200 ") ? 1 : 0);
    }
    while (waitpid(child, &wait_state, WNOHANG) == 0)
        turn(&bench);
    assert_true(WIFEXITED(wait_state));
    assert_int_equal(WEXITSTATUS(wait_state), 0);
    assert_int_equal(bench.calls, 0);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(api__makes_a_call_of_a_get_with_its_query),
        cmocka_unit_test(api__puts_the_reference_of_the_path_into_the_request),
        cmocka_unit_test(api__needs_a_key_for_what_changes_something),
        cmocka_unit_test(api__refuses_bodies_that_are_not_one_json_object),
        cmocka_unit_test(api__tells_unknown_paths_and_wrong_methods_apart),
        cmocka_unit_test(api__answers_what_the_use_case_answers),
        cmocka_unit_test(api__lets_a_trace_wait_until_it_is_reached_or_its_time_is_over),
        cmocka_unit_test(api__gives_the_door_its_verbs_and_answers_later),
        cmocka_unit_test(api__passes_over_no_field),
        cmocka_unit_test(api__refuses_bad_heads_as_it_refuses_all_else),
        cmocka_unit_test(api__refuses_a_body_that_is_too_large),
        cmocka_unit_test(api__serves_no_other_user),
    };
    loop_block_signals();
    return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
