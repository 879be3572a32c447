/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_pages: what the local page costs at a node with many cases, as a browser asks for it.
 *
 * usage: bench_pages BUILD_DIR HOME CASES ROUNDS
 *
 * A broker and an officer's node are made in HOME, an empty folder; CASES cases are opened through its API. Then each page
 * is asked for ROUNDS times over one kept connection. Beside it stands the same HTTP server with an answer of the same
 * size that is ready: what a page costs above that is ours.
 *
 * Prints one line of JSON: pages_per_s of the page "today"; of the heaviest page (by p99) its address, median and p99;
 * the node's memory before the first page, with pages open, and with all looked at; bytes of the first load (page, style sheet,
 * script) and of all fonts; static_per_s, and static_ratio: how many ready answers leave in the time of one page.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "figures.h"
#include "http.h"
#include "json.h"
#include "loopback.h"
#include "memory.h"
#include "network.h"
#include "node_conf.h"

enum {
    CASES_MAX = 200000,
    ROUNDS_MAX = 100000,
    FILLERS = 16, /* threads: calls of one turn share a commit */
    ANSWER_MAX = 65536,
    PAGE_MAX = 2 * 1024 * 1024,
    CALL_MS = 60000,
    SECRET = 65,
    STATIC_ROUNDS = 20 /* as many times ROUNDS: it is fast */
};

static const char *const NAMES[] = {"fia.torkham"};
static const char *const ROLES[] = {"screening"};
static const char *const PAGES[] = {
    "/", "/arrivals", "/cases", "/sent", "/shift", "/members", "/people", "/computer"};
static const char CASE[] =
    "{\"origin\":\"screening\",\"age_band\":\"26-40\",\"minor\":\"no\","
    "\"gender\":\"female\",\"languages\":[\"urd\"],\"risk\":\"medium\"}";

struct bench {
    struct network network;
    char socket[NETWORK_PATH_BYTES * 2], cookie[256];
    uint16_t port;
    atomic_long next, failed;
    long cases;
    char *page; /* the last answer, head and body */
    size_t page_n;
};

/* --- cases ------------------------------------------------------------------------------------------------------ */

static bool call(const struct bench *bench, const char *path, const char *key,
    const char *body, struct buffer *ret)
{
    struct http_call call = {.socket_path = bench->socket,
        .method = "POST",
        .path = path,
        .key = key,
        .body = span_text(body),
        .timeout_ms = CALL_MS};
    struct trouble trouble = {""};
    int code = 0;
    enum status status = http_call(&call, &code, ret, &trouble);

    if (status == STATUS_OK && code < 300)
        return true;
    (void)fprintf(stderr, "bench: %s: %s %d %.*s %s\n", path, status_name(status), code,
        (int)ret->used, (const char *)ret->bytes, trouble.text);
    return false;
}

static void *open_cases(void *context)
{
    struct bench *bench = context;
    struct buffer answer;
    char key[32];
    long i;

    buffer_init(&answer, ANSWER_MAX);
    while ((i = atomic_fetch_add(&bench->next, 1)) < bench->cases && bench->failed == 0) {
        (void)snprintf(key, sizeof key, "bench-%ld", i);
        buffer_clear(&answer);
        if (!call(bench, "/api/v1/cases", key, CASE, &answer))
            atomic_fetch_add(&bench->failed, 1);
    }
    buffer_release(&answer);
    return NULL;
}

static bool fill(struct bench *bench)
{
    pthread_t threads[FILLERS];

    for (size_t i = 0; i < FILLERS; i++)
        PROMISE(pthread_create(&threads[i], NULL, open_cases, bench) == 0);
    for (size_t i = 0; i < FILLERS; i++)
        PROMISE(pthread_join(threads[i], NULL) == 0);
    return bench->failed == 0;
}

/* --- a browser ---------------------------------------------------------------------------------------------------- */

static int reach(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* The whole answer into bench->page; its code, 0 if the connection ended. */
static int hear(struct bench *bench, int fd)
{
    size_t used = 0, whole = PAGE_MAX;

    while (used < whole) {
        ssize_t n = recv(fd, bench->page + used, PAGE_MAX - used, 0);

        if (n <= 0)
            return 0;
        used += (size_t)n;
        bench->page[used] = 0;
        const char *end = strstr(bench->page, "\r\n\r\n");
        const char *length = end ? strstr(bench->page, "Content-Length: ") : NULL;
        if (length && length < end)
            whole = (size_t)(end + 4 - bench->page) +
                    (size_t)strtoul(length + sizeof "Content-Length: " - 1, NULL, 10);
        if (whole > PAGE_MAX)
            return 0;
    }
    bench->page_n = used;
    return used > 12 ? (int)strtol(bench->page + 9, NULL, 10) : 0;
}

static int ask(
    struct bench *bench, int fd, uint16_t port, const char *line, const char *body)
{
    char head[1024];
    int n = snprintf(head, sizeof head,
        "%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\n", line, port, bench->cookie);

    if (body)
        n += snprintf(head + n, sizeof head - (size_t)n,
            "Origin: http://127.0.0.1:%u\r\nContent-Type: "
            "application/x-www-form-urlencoded\r\n"
            "Content-Length: %zu\r\n\r\n%s",
            port, strlen(body), body);
    else
        n += snprintf(head + n, sizeof head - (size_t)n, "\r\n");
    if (send(fd, head, (size_t)n, MSG_NOSIGNAL) != n)
        return 0;
    return hear(bench, fd);
}

static bool cut(
    const char *text, const char *before, const char *ends, char *ret, size_t size)
{
    const char *at = strstr(text, before);

    if (!at || strcspn(at + strlen(before), ends) >= size)
        return false;
    at += strlen(before);
    (void)snprintf(ret, size, "%.*s", (int)strcspn(at, ends), at);
    return true;
}

static bool enter(struct bench *bench)
{
    char token[SECRET], body[SECRET + 8];
    struct buffer answer;
    int fd = reach(bench->port);
    bool ok;

    buffer_init(&answer, ANSWER_MAX);
    ok = fd >= 0 && call(bench, "/api/v1/open", NULL, "{}", &answer) &&
         buffer_put(&answer, "", 1) == STATUS_OK &&
         cut((const char *)answer.bytes, "launch?t=", "\"", token, sizeof token);
    (void)snprintf(body, sizeof body, "t=%s", ok ? token : "");
    ok = ok && ask(bench, fd, bench->port, "POST /launch", body) == 303 &&
         cut(bench->page, "Set-Cookie: ", ";", bench->cookie, sizeof bench->cookie);
    buffer_release(&answer);
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

static bool measure(
    struct bench *bench, uint16_t port, const char *path, int64_t *took_us, long n)
{
    char line[160];
    int fd = reach(port);
    bool ok = fd >= 0;

    (void)snprintf(line, sizeof line, "GET %s", path);
    for (long i = 0; ok && i < n; i++) {
        int64_t begun = figure_now_us();

        ok = ask(bench, fd, port, line, NULL) == 200;
        took_us[i] = figure_now_us() - begun;
    }
    if (!ok)
        (void)fprintf(stderr, "bench: %s: %.200s\n", path, bench->page);
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

static double per_second(const int64_t *took_us, long n)
{
    int64_t all = 0;

    for (long i = 0; i < n; i++)
        all += took_us[i];
    return all > 0 ? (double)n * 1000000.0 / (double)all : 0;
}

/* What stands behind each `mark` in the text, under /asset/; the style sheet is copied to *ret_style. */
static bool weigh_assets(struct bench *bench, int fd, const char *text, const char *mark,
    size_t *ret, char **ret_style)
{
    char line[200];

    for (const char *at = text; (at = strstr(at, mark));) {
        at += strlen(mark);
        (void)snprintf(
            line, sizeof line, "GET /asset/%.*s", (int)strcspn(at, "\"')"), at);
        if (ask(bench, fd, bench->port, line, NULL) != 200)
            return false;
        *ret += bench->page_n;
        if (strstr(line, ".css") && !*ret_style)
            *ret_style = memory_copy_text(bench->page);
    }
    return true;
}

/* Page, style sheet and script; and all four fonts, of which a page takes what it shows. */
static bool weigh(struct bench *bench, size_t *ret_first, size_t *ret_fonts)
{
    char *page, *style = NULL;
    int fd = reach(bench->port);
    bool ok = fd >= 0 && ask(bench, fd, bench->port, "GET /", NULL) == 200;

    *ret_first = ok ? bench->page_n : 0;
    *ret_fonts = 0;
    page = memory_copy_text(ok ? bench->page : "");
    ok = ok && weigh_assets(bench, fd, page, "/asset/", ret_first, &style) && style &&
         weigh_assets(bench, fd, style, "url(\"../", ret_fonts, &style);
    memory_free(page);
    memory_free(style);
    if (fd >= 0)
        (void)close(fd);
    return ok && *ret_fonts > 0;
}

/* --- the same server with an answer that is ready ------------------------------------------------------------------ */

struct ready {
    size_t n;
    char *bytes;
};

static void answer_ready(void *context, struct http_request *request)
{
    const struct ready *ready = context;

    http_answer(request, &(struct http_answer){.code = 200,
                             .type = "text/html; charset=utf-8",
                             .body = span_of(ready->bytes, ready->n)});
}

static pid_t serve_ready(size_t n, uint16_t *ret_port)
{
    struct trouble trouble = {""};
    int fd = -1;

    if (loopback_listen(0, &fd, ret_port, &trouble) != STATUS_OK)
        return -1;
    pid_t pid = fork();
    if (pid != 0) {
        (void)close(fd);
        return pid;
    }
    struct ready ready = {n, memory_new(n)};
    struct loop *loop = loop_new(clock_system());
    struct http *http;
    struct http_options options = {.loop = loop,
        .listen_fd = fd,
        .body_bytes_max = ANSWER_MAX,
        .on_request = answer_ready,
        .context = &ready};
    memset(ready.bytes, 'a', n);
    if (http_open(&options, &http, &trouble) == STATUS_OK)
        while (loop_turn(loop, INT64_MAX) == STATUS_OK) {
        }
    _exit(1);
}

static double measure_ready(struct bench *bench, size_t n, int64_t *took_us, long rounds)
{
    uint16_t port;
    pid_t pid = serve_ready(n, &port);
    double rate = pid > 0 && measure(bench, port, "/", took_us, rounds)
                      ? per_second(took_us, rounds)
                      : 0;

    if (pid > 0) {
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
    }
    return rate;
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

static bool give_page(struct bench *bench)
{
    struct node_conf conf;
    struct trouble trouble = {""};
    int fd = -1;
    bool ok = loopback_listen(0, &fd, &bench->port, &trouble) == STATUS_OK;

    if (ok)
        (void)close(fd);
    ok = ok && process_stop(&bench->network.nodes[0]) == 0 &&
         node_conf_read(bench->network.homes[0], &conf, NULL) == STATUS_OK;
    if (!ok)
        return false;
    conf.page_port = bench->port;
    return node_conf_write(bench->network.homes[0], &conf, NULL) == STATUS_OK &&
           network_start_node(&bench->network, 0);
}

static double mebibytes(const struct bench *bench)
{
    return (double)figure_memory_bytes(bench->network.nodes[0]) / 1048576.0;
}

static bool look_at_pages(struct bench *bench, int64_t *took_us, long rounds)
{
    double idle = mebibytes(bench), rate = 0, heaviest = -1, median = 0, open = 0;
    size_t which = 0, first = 0, fonts = 0, size = 0;

    if (!enter(bench) || !weigh(bench, &first, &fonts))
        return false;
    open = mebibytes(bench);
    for (size_t i = 0; i < ARRAY_LENGTH(PAGES); i++) {
        if (!measure(bench, bench->port, PAGES[i], took_us, rounds))
            return false;
        if (i == 0) {
            rate = per_second(took_us, rounds);
            size = bench->page_n;
        }
        double p99 = figure_percentile_ms(took_us, (size_t)rounds, 99);
        if (p99 > heaviest) {
            heaviest = p99;
            median = figure_percentile_ms(took_us, (size_t)rounds, 50);
            which = i;
        }
    }
    double ready = measure_ready(bench, size, took_us, rounds * STATIC_ROUNDS);
    (void)printf(
        "{\"cases\":%ld,\"rounds\":%ld,\"pages_per_s\":%.1f,\"heaviest\":\"%s\",",
        bench->cases, rounds, rate, PAGES[which]);
    (void)printf(
        "\"heaviest_median_ms\":%.3f,\"heaviest_p99_ms\":%.3f,\"node_rss_mib\":%.1f,",
        median, heaviest, idle);
    (void)printf("\"page_rss_mib\":%.1f,\"all_pages_rss_mib\":%.1f,\"first_load_bytes\":%"
                 "zu,\"fonts_bytes\":%zu,",
        open, mebibytes(bench), first, fonts);
    (void)printf("\"static_per_s\":%.1f,\"static_ratio\":%.1f}\n", ready,
        rate > 0 ? ready / rate : 0);
    return rate > 0 && ready > 0;
}

int main(int argc, char **argv)
{
    struct bench bench = {.cases = argc == 5 ? strtol(argv[3], NULL, 10) : 0};
    long rounds = argc == 5 ? strtol(argv[4], NULL, 10) : 0;

    if (bench.cases < 1 || bench.cases > CASES_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: bench_pages BUILD_DIR HOME CASES ROUNDS\n");
        return 64;
    }
    int64_t *took_us =
        memory_new_array((size_t)(rounds * STATIC_ROUNDS), sizeof *took_us);
    bench.page = memory_new(PAGE_MAX + 1);
    bool ok = network_make(&bench.network, argv[1], argv[2], NAMES, ROLES, 1);
    (void)snprintf(
        bench.socket, sizeof bench.socket, "%s/run/socket", bench.network.homes[0]);
    ok =
        ok && give_page(&bench) && fill(&bench) && look_at_pages(&bench, took_us, rounds);
    network_stop(&bench.network);
    memory_free(bench.page);
    memory_free(took_us);
    return ok ? 0 : 1;
}
