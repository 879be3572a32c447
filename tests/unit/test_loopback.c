/* SPDX-License-Identifier: Apache-2.0
 *
 * http on 127.0.0.1: who may connect, and for how long. Real sockets; another user is a child that became one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "http.h"
#include "loopback.h"
#include "memory.h"

enum { NOBODY = 65534, OTHER = 12345, TRIES = 16, TEXT_MAX = 4096 };

struct bench {
    int64_t later_ms; /* added to the system's steady time */
    struct clock clock;
    struct loop *loop;
    struct http *http;
    uint16_t port;
    int requests;
    bool hold;
    struct http_request *held;
};

static int64_t tell_wall(void *context)
{
    (void)context;
    return clock_wall_ms(clock_system());
}

static int64_t tell_steady(void *context)
{
    return clock_steady_ms(clock_system()) + ((struct bench *)context)->later_ms;
}

static void answer(struct http_request *request)
{
    http_answer(request, &(struct http_answer){.code = 200, .body = span_text("good")});
}

static void on_request(void *context, struct http_request *request)
{
    struct bench *bench = context;

    bench->requests++;
    if (bench->hold)
        bench->held = request;
    else
        answer(request);
}

static void open_bench(struct bench *bench)
{
    struct trouble trouble = {""};

    memset(bench, 0, sizeof(*bench));
    bench->clock = (struct clock){tell_wall, tell_steady, bench};
    bench->loop = loop_new(&bench->clock);
    struct http_options options = {.loop = bench->loop,
        .body_bytes_max = 1024,
        .on_request = on_request,
        .context = bench};
    if (loopback_listen(0, &options.listen_fd, &bench->port, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    assert_ok(http_open(&options, &bench->http, &trouble));
}

static void close_bench(struct bench *bench)
{
    http_close(&bench->http);
    loop_destroy(&bench->loop);
}

static void turn(struct bench *bench)
{
    assert_ok(loop_turn(bench->loop, loop_now_ms(bench->loop) + 20));
}

/* -1 with errno if it could not. */
static int reach(uint16_t port, const char *from)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in own = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (inet_pton(AF_INET, from, &own.sin_addr) != 1 ||
        bind(fd, (struct sockaddr *)&own, sizeof(own)) != 0 ||
        connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        return -1;
    return fd;
}

#define REQUEST "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

static int say(struct bench *bench, const char *text)
{
    int fd = reach(bench->port, "127.0.0.1");

    assert_true(fd >= 0);
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

/* Turns until the server closed it or `rounds` are over; true if it closed. */
static bool hear(struct bench *bench, int fd, int rounds, char ret[static TEXT_MAX])
{
    size_t used = strlen(ret);

    while (rounds-- > 0) {
        ssize_t n = recv(fd, ret + used, TEXT_MAX - used - 1, 0);

        if (n == 0 || (n < 0 && errno == ECONNRESET))
            return true;
        if (n > 0)
            ret[used += (size_t)n] = 0;
        else
            turn(bench);
    }
    return false;
}

static void page__answers_the_user_who_runs_it(void **state)
{
    struct bench bench;

    (void)state;
    open_bench(&bench);
    for (int i = 0; i < TRIES; i++) {
        char text[TEXT_MAX] = "";
        int fd = say(&bench, REQUEST);

        assert_true(hear(&bench, fd, 500, text));
        assert_holds(text, "200 OK");
        close(fd);
    }
    assert_int_equal(bench.requests, TRIES);
    close_bench(&bench);
}

/* In the child: 0 if nothing came back on any try, else how many were answered or could not connect. */
static int call_as(uint16_t port, unsigned user)
{
    int bad = 0;

    if (setgid(user) != 0 || setuid(user) != 0)
        return TRIES + 1;
    for (int i = 0; i < TRIES; i++) {
        char byte;
        int fd = reach(port, "127.0.0.1");

        bad += fd < 0;
        if (fd < 0)
            continue;
        (void)!send(fd, REQUEST, sizeof(REQUEST) - 1, MSG_NOSIGNAL);
        bad += recv(fd, &byte, 1, 0) > 0;
        close(fd);
    }
    return bad;
}

static void page__closes_on_every_other_user_before_a_byte_is_read(void **state)
{
    static const unsigned USERS[] = {NOBODY, OTHER};
    struct bench bench;
    int refused = 0;

    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can become another user */
    open_bench(&bench);
    for (size_t i = 0; i < ARRAY_LENGTH(USERS); i++) {
        int how = 0;
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0)
            _exit(call_as(bench.port, USERS[i]));
        while (waitpid(child, &how, WNOHANG) == 0)
            turn(&bench);
        assert_true(WIFEXITED(how));
        assert_int_equal(WEXITSTATUS(how), 0);
        refused += TRIES;
    }
    assert_int_equal(bench.requests, 0);
    assert_int_equal(refused, 2 * TRIES);
    print_message("refused: %d connections of 2 other users\n", refused);
    close_bench(&bench);
}

static void page__closes_on_another_address_of_the_loopback(void **state)
{
    struct bench bench;
    char text[TEXT_MAX] = "";
    int fd;

    (void)state;
    open_bench(&bench);
    fd = reach(bench.port, "127.0.0.2");
    assert_true(fd >= 0);
    (void)!send(fd, REQUEST, sizeof(REQUEST) - 1, MSG_NOSIGNAL);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    assert_true(hear(&bench, fd, 500, text));
    assert_string_equal(text, "");
    assert_int_equal(bench.requests, 0);
    close(fd);
    close_bench(&bench);
}

static void caller__is_not_ours_when_the_kernel_knows_no_such_connection(void **state)
{
    uint16_t port, other_port;
    int listener, other, fd;
    struct sockaddr_in end;
    socklen_t n = sizeof(end);

    (void)state;
    assert_ok(loopback_listen(0, &listener, &port, NULL));
    assert_ok(loopback_listen(0, &other, &other_port, NULL));
    fd = reach(port, "127.0.0.1");
    assert_true(fd >= 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&end, &n), 0);
    const struct sockaddr *client = (const struct sockaddr *)&end;
    assert_true(loopback_is_ours(client, n, port));
    assert_false(loopback_is_ours(client, n, other_port));
    assert_false(loopback_is_ours(client, n, 0));
    assert_false(loopback_is_ours(client, n - 1, port));
    end.sin_family = AF_INET6;
    assert_false(loopback_is_ours(client, n, port));
    end.sin_family = AF_INET;
    /* A listener of ours at the asked end is no connection, though the kernel falls back to it. */
    in_port_t own = end.sin_port;
    end.sin_port = htons(other_port);
    assert_false(loopback_is_ours(client, n, port));
    end.sin_port = own;
    /* Ended by its owner: nobody holds it any more. */
    close(fd);
    assert_false(loopback_is_ours(client, n, port));
    close(listener);
    close(other);
}

static void page__says_when_its_port_is_taken(void **state)
{
    struct trouble trouble = {""};
    uint16_t port, again;
    int fd, second;

    (void)state;
    assert_ok(loopback_listen(0, &fd, &port, &trouble));
    assert_status(loopback_listen(port, &second, &again, &trouble), STATUS_EXISTS);
    assert_holds(trouble.text, "127.0.0.1");
    close(fd);
}

static void request__that_drips_is_closed_when_its_time_is_over(void **state)
{
    struct bench bench;
    char text[TEXT_MAX] = "";
    int fd;

    (void)state;
    open_bench(&bench);
    fd = say(&bench, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (int i = 0; i < 14; i++) { /* a byte each second: never silent for 10 s */
        bench.later_ms += SECOND_MS;
        assert_int_equal(send(fd, "X", 1, MSG_NOSIGNAL), 1);
        assert_false(hear(&bench, fd, 2, text));
    }
    bench.later_ms += SECOND_MS;
    assert_true(hear(&bench, fd, 500, text));
    assert_string_equal(text, "");
    assert_int_equal(bench.requests, 0);
    close(fd);
    close_bench(&bench);
}

static void request__of_half_open_connections_gives_way_to_whole_ones(void **state)
{
    struct bench bench;
    char text[TEXT_MAX] = "", none[TEXT_MAX] = "";
    int half[HTTP_CONNECTIONS_MAX], fd, cut = 0;

    (void)state;
    open_bench(&bench);
    for (int i = 0; i < HTTP_CONNECTIONS_MAX; i++)
        half[i] = say(
            &bench, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx");
    turn(&bench);
    fd = say(&bench, REQUEST);
    assert_false(hear(&bench, fd, 5, text));
    bench.later_ms += HTTP_REQUEST_MS;
    assert_true(hear(&bench, fd, 500, text));
    assert_holds(text, "200 OK");
    for (int i = 0; i < HTTP_CONNECTIONS_MAX; i++) {
        cut += hear(&bench, half[i], 500, none);
        close(half[i]);
    }
    assert_int_equal(cut, HTTP_CONNECTIONS_MAX);
    assert_int_equal(bench.requests, 1);
    print_message("closed: %d half-sent requests\n", cut);
    close(fd);
    close_bench(&bench);
}

static void request__that_the_program_thinks_about_is_not_cut(void **state)
{
    struct bench bench;
    char text[TEXT_MAX] = "";
    int fd;

    (void)state;
    open_bench(&bench);
    bench.hold = true;
    fd = say(&bench, REQUEST);
    for (int i = 0; i < 100 && !bench.held; i++)
        turn(&bench);
    assert_non_null(bench.held);
    bench.later_ms += 4 * HTTP_REQUEST_MS;
    assert_false(hear(&bench, fd, 5, text));
    answer(bench.held);
    assert_true(hear(&bench, fd, 500, text));
    assert_holds(text, "200 OK");
    close(fd);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page__answers_the_user_who_runs_it),
        cmocka_unit_test(page__closes_on_every_other_user_before_a_byte_is_read),
        cmocka_unit_test(page__closes_on_another_address_of_the_loopback),
        cmocka_unit_test(caller__is_not_ours_when_the_kernel_knows_no_such_connection),
        cmocka_unit_test(page__says_when_its_port_is_taken),
        cmocka_unit_test(request__that_drips_is_closed_when_its_time_is_over),
        cmocka_unit_test(request__of_half_open_connections_gives_way_to_whole_ones),
        cmocka_unit_test(request__that_the_program_thinks_about_is_not_cut),
    };
    loop_block_signals();
    return cmocka_run_group_tests_name("loopback", tests, NULL, NULL);
}
