/* SPDX-License-Identifier: Apache-2.0
 *
 * web: raw requests at the port of a real node's process, as a browser, another page and another user send them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "check.h"
#include "loop.h"
#include "loopback.h"
#include "memory.h"
#include "node_conf.h"
#include "serve.h"
#include "vault.h"
#include "visitor.h"

enum { NOBODY = 65534, HALF_OPEN = 64, PATIENCE_MS = 60000 };
#define PASSPHRASE "seven invented words of a test"

struct bench {
    char home[128], socket[192];
    struct visitor web;
    void (*script)(struct bench *bench);
    pthread_t person;
    int refused;
};

/* Every page of a session says how the line is, the lock page how many letters wait: that must not come out. */
static void refuse(struct bench *bench, int code, int wanted)
{
    if (code != wanted)
        print_error("%s\n", bench->web.text);
    assert_int_equal(code, wanted);
    assert_null(strstr(bench->web.text, "role=\"status\""));
    assert_null(strstr(bench->web.text, "other letter"));
    assert_null(strstr(bench->web.text, "Set-Cookie"));
    bench->refused++;
}

/* What `amaan open` does. */
static void get_token(struct bench *bench, char ret[static VISITOR_SECRET])
{
    struct http_call call = {.socket_path = bench->socket,
        .method = "POST",
        .path = "/api/v1/open",
        .body = span_text("{}"),
        .timeout_ms = PATIENCE_MS};
    struct buffer answer;
    char begin[64];
    int http;

    buffer_init(&answer, 4096);
    assert_ok(http_call(&call, &http, &answer, NULL));
    assert_int_equal(http, 200);
    assert_ok(buffer_put(&answer, "", 1));
    snprintf(begin, sizeof(begin), "http://127.0.0.1:%u/launch?t=", bench->web.port);
    visitor_copy_after((const char *)answer.bytes, begin, "\"", ret, VISITOR_SECRET);
    buffer_release(&answer);
}

static void enter(struct bench *bench)
{
    char token[VISITOR_SECRET], line[128], body[128];

    get_token(bench, token);
    snprintf(line, sizeof(line), "GET /launch?t=%s", token);
    assert_int_equal(visitor_send_with(&bench->web, line, HOST, NULL), 200);
    assert_holds(bench->web.text, "<button>");
    assert_null(strstr(bench->web.text, "Set-Cookie"));
    snprintf(body, sizeof(body), "t=%s", token);
    assert_int_equal(visitor_send_with(&bench->web, "POST /launch", CHANGE, body), 303);
    visitor_keep_cookie(&bench->web);
    refuse(bench, visitor_send_with(&bench->web, "POST /launch", CHANGE, body),
        403); /* used */
    (void)visitor_look(&bench->web, "GET /");
}

/* --- scripts: they run beside the node ---------------------------------------------------------------------- */

#define RIGHT "&passphrase=seven+invented+words+of+a+test"

static void lock_and_unlock(struct bench *bench)
{
    char old[160];

    enter(bench);
    assert_holds(bench->web.text, "HTTP/1.1 423");
    assert_holds(bench->web.text, "This desk is locked");
    assert_holds(bench->web.text, "<bdi>0</bdi> express letters wait.");
    assert_int_equal(visitor_change(&bench->web, "POST /do/unlock",
                         "&person=Gul+%3CK%3E&passphrase=wrong+words"),
        403);
    assert_holds(bench->web.text, "This desk is locked");
    assert_holds(bench->web.text, "This is not the passphrase");
    assert_holds(bench->web.text, "value=\"Gul &lt;K&gt;\"");
    assert_null(strstr(bench->web.text, "wrong words"));
    assert_int_equal(visitor_change(&bench->web, "POST /do/unlock", "&passphrase="), 400);
    snprintf(old, sizeof(old), "%s", bench->web.cookie);
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/unlock", RIGHT "&pin=4711"), 303);
    visitor_keep_cookie(&bench->web);
    assert_string_not_equal(old, bench->web.cookie);
    assert_int_equal(visitor_look(&bench->web, "GET /"), 200);
    assert_holds(bench->web.text, "What needs you now");
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/switch", RIGHT "&pin=4711"), 303);
    visitor_keep_cookie(&bench->web);
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 200);
    /* The screen: its own PIN opens it again. */
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/screen-lock", "&back=/sent"), 303);
    assert_holds(bench->web.text, "Location: /sent");
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 423);
    assert_null(strstr(bench->web.text, "Sent referrals"));
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/show", "&reference=7K2MQ4XTA"), 423);
    assert_int_equal(visitor_look(&bench->web, "GET /"), 423);
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/screen-unlock", "&pin=4712"), 403);
    assert_holds(bench->web.text, "This is not the PIN");
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/screen-unlock", "&pin=4711&back=/sent"),
        303);
    visitor_keep_cookie(&bench->web);
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 200);
    /* The node, by the page: its own session is shut as well. */
    assert_int_equal(visitor_change(&bench->web, "POST /do/lock", ""), 303);
    assert_int_equal(visitor_change(&bench->web, "POST /do/lock", ""), 303); /* again */
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 423);
    assert_null(strstr(bench->web.text, "4711"));
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/unlock", RIGHT "&back=/sent"), 303);
    visitor_keep_cookie(&bench->web);
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 200);
}

static void post_api(struct bench *bench, const char *path, const char *body)
{
    struct http_call call = {.socket_path = bench->socket,
        .method = "POST",
        .path = path,
        .body = span_text(body),
        .timeout_ms = PATIENCE_MS};
    struct buffer answer;
    int http;

    buffer_init(&answer, 4096);
    assert_ok(http_call(&call, &http, &answer, NULL));
    assert_int_equal(http, 200);
    buffer_release(&answer);
}

static void is_locked(struct bench *bench)
{
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 423);
    assert_null(strstr(bench->web.text, "Sent referrals"));
    assert_null(strstr(bench->web.text, "aria-current"));
}

static void lock_elsewhere(struct bench *bench)
{
    char token[VISITOR_SECRET], body[128];

    enter(bench);
    post_api(bench, "/api/v1/unlock", "{\"passphrase\":\"" PASSPHRASE "\"}");
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 200);
    get_token(bench, token);
    post_api(bench, "/api/v1/lock", "{}");
    is_locked(bench);
    snprintf(body, sizeof(body), "t=%s", token);
    refuse(bench, visitor_send_with(&bench->web, "POST /launch", CHANGE, body), 403);
    /* Unlocked elsewhere: whoever sits at this browser has still shown nothing. */
    post_api(bench, "/api/v1/unlock", "{\"passphrase\":\"" PASSPHRASE "\"}");
    is_locked(bench);
    assert_int_equal(visitor_change(&bench->web, "POST /do/unlock", RIGHT), 303);
    visitor_keep_cookie(&bench->web);
    assert_int_equal(visitor_look(&bench->web, "GET /sent"), 200);
    post_api(bench, "/api/v1/screen-lock", "{}");
    is_locked(bench);
    post_api(bench, "/api/v1/lock", "{}");
    is_locked(bench);
}

/* The second click comes while the first is being done: both browsers' windows get the same answer. */
static void click_twice(struct bench *bench)
{
    char head[512], body[512], cookie[160];
    int first, second;

    enter(bench);
    snprintf(head, sizeof(head), CHANGE "Cookie: %s\r\n", bench->web.cookie);
    snprintf(body, sizeof(body), "form=%s&key=%s" RIGHT, bench->web.form, bench->web.key);
    first = visitor_ask(&bench->web, "POST /do/unlock", head, body);
    second = visitor_ask(&bench->web, "POST /do/unlock", head, body);
    assert_int_equal(visitor_hear(&bench->web, first), 303);
    visitor_keep_cookie(&bench->web);
    snprintf(cookie, sizeof(cookie), "%s", bench->web.cookie);
    assert_int_equal(visitor_hear(&bench->web, second), 303);
    visitor_keep_cookie(&bench->web);
    assert_string_equal(bench->web.cookie, cookie);
    assert_int_equal(visitor_look(&bench->web, "GET /"), 200);
    /* Another form, under a key that was used: nothing is done, and it is said. */
    snprintf(body, sizeof(body), "&key=%s&name=Gul&role=worker&new_passphrase=%s" RIGHT,
        bench->web.key, "twelve+invented+words");
    assert_int_equal(visitor_change(&bench->web, "POST /do/person-add", body), 303);
    assert_int_equal(visitor_change(&bench->web, "POST /do/person-add", body), 303);
    snprintf(body, sizeof(body), "&key=%s&name=Sana&role=worker&new_passphrase=%s" RIGHT,
        bench->web.key, "twelve+invented+words");
    assert_int_equal(visitor_change(&bench->web, "POST /do/person-add", body), 409);
    assert_holds(bench->web.text, "This form was sent already");
    assert_int_equal(visitor_look(&bench->web, "GET /people"), 200);
    assert_holds(bench->web.text, ">Gul<");
    assert_null(strstr(bench->web.text, ">Sana<"));
}

static void change_seats(struct bench *bench)
{
    static struct visitor other;
    char body[256];

    enter(bench);
    assert_int_equal(visitor_change(&bench->web, "POST /do/unlock", RIGHT), 303);
    visitor_keep_cookie(&bench->web);
    other = bench->web;
    enter(bench); /* a second browser */
    assert_int_equal(visitor_look(&other, "GET /people"), 200);
    snprintf(body, sizeof(body), "&name=Gul&role=worker&new_passphrase=%s" RIGHT,
        "twelve+invented+words");
    assert_int_equal(visitor_change(&bench->web, "POST /do/person-add", body), 303);
    assert_int_equal(visitor_look(&other, "GET /people"), 200);
    assert_int_equal(visitor_change(&bench->web, "POST /do/switch",
                         "&person=Gul&passphrase=twelve+invented+words"),
        303);
    visitor_keep_cookie(&bench->web);
    assert_int_equal(visitor_look(&bench->web, "GET /people"), 200);
    assert_int_equal(visitor_look(&other, "GET /people"), 423);
}

static void guess_the_pin(struct bench *bench)
{
    enter(bench);
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/unlock", RIGHT "&pin=4711"), 303);
    visitor_keep_cookie(&bench->web);
    (void)visitor_look(&bench->web, "GET /");
    assert_int_equal(visitor_change(&bench->web, "POST /do/screen-lock", ""), 303);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(visitor_look(&bench->web, "GET /"), 423);
        assert_holds(bench->web.text, "pin-now");
        assert_int_equal(
            visitor_change(&bench->web, "POST /do/screen-unlock", "&pin=0000"), 403);
    }
    assert_holds(bench->web.text, "Five wrong PINs");
    assert_int_equal(visitor_look(&bench->web, "GET /"), 423);
    assert_null(strstr(bench->web.text, "pin-now")); /* only a passphrase helps now */
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/screen-unlock", "&pin=4711"), 403);
}

static void speak_urdu(struct bench *bench)
{
    enter(bench);
    assert_holds(bench->web.text, "<html lang=\"en\" dir=\"ltr\"");
    assert_int_equal(
        visitor_change(&bench->web, "POST /language", "&lang=urd&back=/inbox?before=7"),
        400);
    assert_int_equal(visitor_change(&bench->web, "POST /language",
                         "&lang=urd&back=/inbox%3Fbefore%3D7"),
        303);
    assert_holds(bench->web.text, "Location: /inbox?before=7");
    assert_int_equal(visitor_look(&bench->web, "GET /"), 423);
    assert_holds(bench->web.text, "<html lang=\"ur\" dir=\"rtl\"");
    assert_int_equal(
        visitor_change(&bench->web, "POST /do/unlock", "&passphrase=wrong+words"), 403);
    assert_holds(bench->web.text, "یہ اس شخص کا خفیہ جملہ نہیں");
    assert_int_equal(visitor_change(&bench->web, "POST /do/unlock", RIGHT), 303);
    visitor_keep_cookie(&bench->web);
    assert_int_equal(visitor_look(&bench->web, "GET /"), 200);
    assert_holds(bench->web.text, "<html lang=\"ur\" dir=\"rtl\"");
    assert_int_equal(visitor_change(&bench->web, "POST /language", "&lang=xyz"), 400);
    assert_int_equal(visitor_change(&bench->web, "POST /language", "&lang=eng"), 303);
    assert_int_equal(visitor_look(&bench->web, "GET /"), 200);
    assert_holds(bench->web.text, "<html lang=\"en\" dir=\"ltr\"");
    /* Before there is a session, what the browser would like. */
    assert_int_equal(visitor_send_with(&bench->web, "GET /",
                         HOST "Accept-Language: ur-PK,en\r\n", NULL),
        403);
    assert_holds(bench->web.text, "<html lang=\"ur\" dir=\"rtl\"");
}

static void lead_nowhere(struct bench *bench)
{
    static const char *const STRANGERS[] = {"//evil.example", "http://evil.example/",
        "/%5Cevil.example", "evil.example", "/do/lock", "/launch", "/nothing", "",
        "/referral/", "/referral/a%2Fb", "/sent%3Fa%3D%0D%0AX%3A1",
        "/sent%3Fu%3Dhttp://e"};
    char fields[128];

    enter(bench);
    for (size_t i = 0; i < ARRAY_LENGTH(STRANGERS); i++) {
        snprintf(fields, sizeof(fields), "&lang=eng&back=%s", STRANGERS[i]);
        refuse(bench, visitor_change(&bench->web, "POST /language", fields), 400);
        snprintf(fields, sizeof(fields), "&back=%s", STRANGERS[i]);
        refuse(bench, visitor_change(&bench->web, "POST /do/lock", fields), 400);
    }
}

static void keep_assets(struct bench *bench)
{
    char path[160], line[200];

    assert_int_equal(visitor_send_with(&bench->web, "GET /", HOST, NULL), 403);
    visitor_copy_after(bench->web.text, "href=\"/asset/", "\"", path, sizeof(path));
    snprintf(line, sizeof(line), "GET /asset/%s", path);
    assert_int_equal(visitor_send_with(&bench->web, line, HOST, NULL), 200);
    assert_holds(bench->web.text, "Cache-Control: public, max-age=31536000, immutable");
    assert_null(strstr(bench->web.text, "no-store"));
    assert_holds(bench->web.text, "Content-Type: text/css; charset=utf-8");
    path[0] ^= 1; /* of another time */
    snprintf(line, sizeof(line), "GET /asset/%s", path);
    assert_int_equal(visitor_send_with(&bench->web, line, HOST, NULL), 403);
    assert_int_equal(visitor_send_with(&bench->web, "GET /favicon.ico", HOST, NULL), 204);
}

static const struct {
    const char *line, *head, *body;
    int code;
} ATTACKS[] = {
    /* a stranger's name that points here */
    {"GET /", "Host: evil.example\r\n", NULL, 421},
    {"GET /", "Host: evil.example:@P\r\n", NULL, 421},
    {"GET /", "Host: localhost:@P\r\n", NULL, 421},
    {"GET /", "Host: 127.0.0.1\r\n", NULL, 421},
    {"GET /", "Host: 127.0.0.1.:@P\r\n", NULL, 421},
    {"GET /", "Host: 127.0.0.1:@P.evil.example\r\n", NULL, 421},
    /* another page */
    {"POST /do/lock", HOST "Origin: http://evil.example\r\n" TYPE, "form=", 403},
    {"POST /do/lock", HOST "Origin: null\r\n" TYPE, "form=", 403},
    {"POST /do/lock", HOST "Origin: http://127.0.0.1:1\r\n" TYPE, "form=", 403},
    {"POST /do/lock", HOST TYPE, "form=", 403},
    {"POST /do/lock", CHANGE "Sec-Fetch-Site: cross-site\r\n", "form=", 403},
    {"POST /do/lock", CHANGE "Sec-Fetch-Site: same-site\r\n", "form=", 403},
    {"GET /",
        HOST "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: "
             "image\r\n",
        NULL, 403},
    {"GET /",
        HOST "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: "
             "iframe\r\n",
        NULL, 403},
    {"POST /do/lock", HOST "Origin: http://127.0.0.1:@P\r\nContent-Type: text/plain\r\n",
        "form=", 415},
    {"POST /do/lock",
        HOST "Origin: http://127.0.0.1:@P\r\nContent-Type: application/json\r\n", "{}",
        415},
    {"OPTIONS /", HOST, NULL, 405},
    {"PUT /do/lock", CHANGE, "form=", 405},
    /* our own page, without the form's token, or with another's; a change asked for by GET */
    {"POST /do/lock", CHANGE, "", 403},
    {"POST /do/lock", CHANGE,
        "form=0000000000000000000000000000000000000000000000000000000000000000", 403},
    {"POST /do/lock", CHANGE, "form=a&form=b", 400},
    {"POST /do/lock", CHANGE, "form=%zz", 400},
    {"GET /do/lock", HOST, NULL, 405},
    {"GET /language", HOST, NULL, 405},
    {"POST /sent", CHANGE, "form=", 405},
    {"POST /do/init", CHANGE, "form=", 404},
    {"POST /do/status", CHANGE, "form=", 404},
    {"POST /do/", CHANGE, "form=", 404},
    {"GET /nothing", HOST, NULL, 404},
    {"GET /referral/a/b", HOST, NULL, 404},
    {"GET /",
        HOST "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
             "Sec-Fetch-Dest: document\r\n",
        NULL, 403},
    {"GET /launch", HOST, NULL, 403},
    {"GET /launch?t=%3Cscript%3E", HOST, NULL, 403},
    /* two readers that would read two requests */
    {"GET /", HOST HOST, NULL, 400},
    {"POST /do/lock", CHANGE "Content-Length: 3\r\n", "form=", 400},
    {"POST /do/lock", CHANGE "Transfer-Encoding: chunked\r\n", "form=", 400},
    {"POST /do/lock", CHANGE "Origin: http://evil.example\r\n", "form=", 400},
    {"GET /", HOST "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n", NULL, 400},
    {"GET /", HOST "Cookie: a=b\r\n", NULL, 400}, /* a second one is added: two cookies */
    {"GET /a%00b", HOST, NULL, 400},
    {"GET http://evil.example/", HOST, NULL, 400},
};

static const char *const FRAMES[] = {"Content-Security-Policy: default-src 'none'",
    "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'",
    "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
    "Cross-Origin-Opener-Policy: same-origin",
    "Cross-Origin-Resource-Policy: same-origin", "Referrer-Policy: same-origin"};

static void look_at_head(const struct bench *bench)
{
    for (size_t i = 0; i < ARRAY_LENGTH(FRAMES); i++)
        assert_holds(bench->web.text, FRAMES[i]);
    assert_null(strstr(bench->web.text, "Access-Control"));
}

static void attack(struct bench *bench)
{
    static char big[70000];
    int before;

    enter(bench);
    look_at_head(bench);
    before = bench->refused;
    for (size_t i = 0; i < ARRAY_LENGTH(ATTACKS); i++) {
        int code =
            visitor_send(&bench->web, ATTACKS[i].line, ATTACKS[i].head, ATTACKS[i].body);

        if (code != ATTACKS[i].code)
            print_error("attack %zu: %s\n", i, ATTACKS[i].line);
        refuse(bench, code, ATTACKS[i].code);
        look_at_head(bench);
        if (code == 405)
            assert_holds(bench->web.text, "\r\nAllow: ");
    }
    memset(big, 'a', sizeof(big) - 1);
    refuse(bench, visitor_send(&bench->web, "POST /do/lock", CHANGE, big), 413);
    look_at_head(bench);
    /* Without a cookie, with a wrong one, with ours twice. */
    refuse(bench, visitor_send_with(&bench->web, "GET /", HOST, NULL), 403);
    refuse(bench,
        visitor_send_with(&bench->web, "GET /", HOST "Cookie: amaan=1\r\n", NULL), 403);
    char twice[512];
    snprintf(twice, sizeof(twice), HOST "Cookie: %s; %s\r\n", bench->web.cookie,
        bench->web.cookie);
    refuse(bench, visitor_send_with(&bench->web, "GET /", twice, NULL), 403);
    assert_int_equal(bench->refused - before, ARRAY_LENGTH(ATTACKS) + 4);
    /* And the session is as it was. */
    assert_int_equal(visitor_send(&bench->web, "GET /", HOST, NULL), 423);
    print_message("refused: %d requests\n", bench->refused - before);
}

static void hold_half_sent(struct bench *bench)
{
    int half[HALF_OPEN], cut = 0;
    char byte;

    enter(bench);
    for (int i = 0; i < HALF_OPEN; i++) {
        half[i] = visitor_reach(&bench->web);
        assert_true(half[i] >= 0);
        assert_int_equal(
            send(half[i], "POST /do/lock HTTP/1.1\r\nHo", 23, MSG_NOSIGNAL), 23);
    }
    /* The commands' socket is another door; the page answers when its time is over. */
    post_api(bench, "/api/v1/screen-lock", "{}");
    enter(bench);
    for (int i = 0; i < HALF_OPEN; i++) {
        cut += recv(half[i], &byte, 1, 0) <= 0;
        close(half[i]);
    }
    assert_int_equal(cut, HALF_OPEN);
    print_message("closed: %d half-sent requests\n", cut);
}

static void be_another_user(struct bench *bench)
{
    char request[512];
    int how = 0;

    if (geteuid() != 0)
        return; /* only root can become another user; test_loopback says it is skipped */
    enter(bench);
    snprintf(request, sizeof(request),
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\nConnection: close\r\n\r\n",
        bench->web.port, bench->web.cookie);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char byte;
        int fd;

        if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0 ||
            (fd = visitor_reach(&bench->web)) < 0)
            _exit(2);
        (void)!send(fd, request, strlen(request), MSG_NOSIGNAL);
        _exit(recv(fd, &byte, 1, 0) > 0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    assert_int_equal(visitor_send(&bench->web, "GET /", HOST, NULL), 423);
}

/* --- a node ------------------------------------------------------------------------------------------------- */

static void *play(void *context)
{
    struct bench *bench = context;

    bench->script(bench);
    (void)kill(getpid(), SIGTERM);
    return NULL;
}

static void on_ready(void *context, const char *socket_path)
{
    struct bench *bench = context;

    snprintf(bench->socket, sizeof(bench->socket), "%s", socket_path);
    assert_int_equal(pthread_create(&bench->person, NULL, play, bench), 0);
}

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static void set_port(struct bench *bench)
{
    struct trouble trouble = {""};
    struct node_conf conf;
    int fd;

    assert_ok(loopback_listen(0, &fd, &bench->web.port, &trouble));
    close(fd);
    assert_ok(node_conf_read(bench->home, &conf, &trouble));
    assert_int_equal(conf.page_port, 0);
    conf.page_port = bench->web.port;
    assert_ok(node_conf_write(bench->home, &conf, &trouble));
}

static void run(void (*script)(struct bench *bench))
{
    static struct bench bench;
    struct trouble trouble = {""};

    memset(&bench, 0, sizeof(bench));
    bench.script = script;
    assert_ok(vault_start(&trouble));
    snprintf(bench.home, sizeof(bench.home), "/tmp/amaan-page-XXXXXX");
    assert_non_null(mkdtemp(bench.home));
    struct node_new request = {.home = bench.home,
        .name = "fia.torkham",
        .roles = 1u << (ROLE_SCREENING - 1),
        .passphrase = span_text(PASSPHRASE),
        .cost = COST_FLOOR,
        .clock = clock_system(),
        .chance = chance_system()};
    if (node_create(&request, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    set_port(&bench);
    loop_block_signals();
    struct serve_options options = {.home = bench.home,
        .clock = clock_system(),
        .chance = chance_system(),
        .on_ready = on_ready,
        .context = &bench};
    if (serve(&options, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    pthread_join(bench.person, NULL);
    nftw(bench.home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void page__locks_and_unlocks_the_node(void **state)
{
    (void)state;
    run(lock_and_unlock);
}

static void page__shows_nothing_when_the_node_or_its_screen_is_locked_elsewhere(
    void **state)
{
    (void)state;
    run(lock_elsewhere);
}

static void page__does_once_what_is_clicked_twice(void **state)
{
    (void)state;
    run(click_twice);
}

static void page__is_shut_elsewhere_when_another_person_enters(void **state)
{
    (void)state;
    run(change_seats);
}

static void page__locks_the_node_when_its_pin_is_guessed(void **state)
{
    (void)state;
    run(guess_the_pin);
}

static void page__speaks_the_language_of_its_session(void **state)
{
    (void)state;
    run(speak_urdu);
}

static void page__leads_to_no_address_but_its_own(void **state)
{
    (void)state;
    run(lead_nowhere);
}

static void page__lets_a_browser_keep_style_and_fonts_and_nothing_else(void **state)
{
    (void)state;
    run(keep_assets);
}

static void page__refuses_what_no_page_of_its_own_would_send(void **state)
{
    (void)state;
    run(attack);
}

static void page__outlasts_half_sent_requests(void **state)
{
    (void)state;
    run(hold_half_sent);
}

static void page__serves_no_other_user_even_with_the_cookie(void **state)
{
    (void)state;
    run(be_another_user);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page__locks_and_unlocks_the_node),
        cmocka_unit_test(
            page__shows_nothing_when_the_node_or_its_screen_is_locked_elsewhere),
        cmocka_unit_test(page__does_once_what_is_clicked_twice),
        cmocka_unit_test(page__is_shut_elsewhere_when_another_person_enters),
        cmocka_unit_test(page__locks_the_node_when_its_pin_is_guessed),
        cmocka_unit_test(page__speaks_the_language_of_its_session),
        cmocka_unit_test(page__leads_to_no_address_but_its_own),
        cmocka_unit_test(page__lets_a_browser_keep_style_and_fonts_and_nothing_else),
        cmocka_unit_test(page__refuses_what_no_page_of_its_own_would_send),
        cmocka_unit_test(page__outlasts_half_sent_requests),
        cmocka_unit_test(page__serves_no_other_user_even_with_the_cookie),
    };
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
