/* SPDX-License-Identifier: Apache-2.0
 *
 * office mode: a real node's process serves its page over TLS; desks, strangers and thieves are real connections. Time is
 * the system's with hours and days added by the test.
 */
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"
#include "check.h"
#include "guest.h"
#include "disk.h"
#include "http.h"
#include "loop.h"
#include "loopback.h"
#include "loss.h"
#include "memory.h"
#include "node_conf.h"
#include "office_papers.h"
#include "people.h"
#include "serve.h"
#include "vault.h"
#include "visitor.h"
#include "web_tries.h"

enum { PATIENCE_MS = 60000, LOOKS = 200 };
#define PASSPHRASE "seven invented words of a test"
#define NAME "amaan.office.internal"
#define OTHER "Gul Invented"

struct bench {
    char home[128], socket[192], host[64], change[256];
    struct guest desk, second;
    struct visitor local;
    struct office_papers papers;
    void (*script)(struct bench *bench);
    bool off;
    pthread_t person;
};

static _Atomic int64_t later_ms;

static int64_t tell_wall(void *context)
{
    (void)context;
    return clock_wall_ms(clock_system()) + later_ms;
}

static int64_t tell_steady(void *context)
{
    (void)context;
    return clock_steady_ms(clock_system()) + later_ms;
}

/* --- what a desk does --------------------------------------------------------------------------------------- */

static int look(const struct bench *bench, struct guest *desk, const char *path)
{
    char line[64];

    snprintf(line, sizeof(line), "GET %s", path);
    int code = guest_send(desk, line, bench->host, NULL);
    const char *at = strstr(desk->text, "name=\"form\" value=\"");
    if (at)
        snprintf(desk->form, sizeof(desk->form), "%.64s",
            at + strlen("name=\"form\" value=\""));
    return code;
}

static int enter_as(const struct bench *bench, struct guest *desk, const char *fields)
{
    return guest_send(desk, "POST /enter", bench->change, fields);
}

static int change(
    const struct bench *bench, struct guest *desk, const char *line, const char *fields)
{
    char body[1024];

    snprintf(body, sizeof(body), "form=%s%s", desk->form, fields);
    return guest_send(desk, line, bench->change, body);
}

#define RIGHT "person=administrator&word=seven+invented+words+of+a+test"
#define WRONG "person=administrator&word=seven+invented+words+of+a+text"
#define NOBODY_HERE "person=administratox&word=seven+invented+words+of+a+test"

static void let_in(const struct bench *bench, struct guest *desk, const char *fields)
{
    int code = enter_as(bench, desk, fields);

    if (code != 303)
        print_error("%s\n", desk->text);
    assert_int_equal(code, 303);
    guest_keep_cookie(desk);
    assert_int_equal(look(bench, desk, "/"), 200);
}

static void shows_nothing(const struct guest *desk)
{
    assert_null(strstr(desk->text, "letters wait"));
    assert_null(strstr(desk->text, "role=\"status\""));
    assert_null(strstr(desk->text, "Set-Cookie"));
}

/* --- scripts: they run beside the node ------------------------------------------------------------------------ */

static void enter(struct bench *bench)
{
    static const char *const FRAMES[] = {"Content-Security-Policy: default-src 'none'",
        "Cache-Control: no-store",
        "Strict-Transport-Security: max-age=", "X-Content-Type-Options: nosniff",
        "Referrer-Policy: same-origin"};
    struct guest *desk = &bench->desk;

    assert_int_equal(look(bench, desk, "/"), 423);
    assert_holds(desk->text, "Who works at this desk?");
    shows_nothing(desk);
    for (size_t i = 0; i < ARRAY_LENGTH(FRAMES); i++)
        assert_holds(desk->text, FRAMES[i]);
    /* A stranger learns no address either. */
    assert_int_equal(look(bench, desk, "/sent"), 423);
    assert_int_equal(look(bench, desk, "/nothing"), 423);
    assert_int_equal(look(bench, desk, "/launch?t=00"), 423);
    assert_int_equal(look(bench, desk, "/enter"), 303);
    assert_holds(desk->text, "Location: /\r\n");
    assert_int_equal(enter_as(bench, desk, RIGHT "&back=/sent"), 303);
    assert_holds(desk->text, "Location: /sent\r\n");
    assert_holds(desk->text, "Set-Cookie: __Host-amaan-");
    assert_holds(desk->text, "; Path=/; Secure; HttpOnly; SameSite=Strict\r\n");
    guest_keep_cookie(desk);
    assert_int_equal(look(bench, desk, "/sent"), 200);
    assert_holds(desk->text, "administrator");
    assert_int_equal(change(bench, desk, "POST /language", "&lang=urd"), 303);
    assert_int_equal(look(bench, desk, "/"), 200);
    assert_holds(desk->text, "<html lang=\"ur\" dir=\"rtl\"");
    /* Locked: counts, which this browser may see, and the same door. */
    assert_int_equal(change(bench, desk, "POST /do/lock", ""), 303);
    assert_int_equal(look(bench, desk, "/"), 423);
    assert_holds(desk->text, "action=\"/enter\"");
    assert_null(strstr(desk->text, "action=\"/do/unlock\""));
    let_in(bench, desk, RIGHT);
}

static void only_there(struct bench *bench)
{
    static const char *const VERBS[] = {"unlock", "switch", "second", "person-add",
        "person-remove", "person-role", "passphrase", "recovery-make", "screen-unlock",
        "backup", "backup-folder", "open"};
    static const char *const PAGES[] = {"/people", "/recovery"};
    struct guest *desk = &bench->desk;
    char line[64];

    let_in(bench, desk, RIGHT);
    for (size_t i = 0; i < ARRAY_LENGTH(VERBS); i++) {
        snprintf(line, sizeof(line), "POST /do/%s", VERBS[i]);
        assert_int_equal(change(bench, desk, line,
                             "&passphrase=seven+invented+words+of+a+test&name=Gul&role="
                             "administrator&new_passphrase=twelve+invented+words"),
            403);
        assert_holds(desk->text, "only-there");
    }
    for (size_t i = 0; i < ARRAY_LENGTH(PAGES); i++) {
        assert_int_equal(look(bench, desk, PAGES[i]), 403);
        assert_holds(desk->text, "only-there");
        /* Nor as the page that a form which fails comes back to. */
        snprintf(line, sizeof(line), "&reference=nothing&back=%s", PAGES[i]);
        assert_int_equal(change(bench, desk, "POST /do/accept", line), 403);
        assert_holds(desk->text, "only-there");
    }
    assert_int_equal(look(bench, desk, "/computer"), 200);
    assert_null(strstr(desk->text, "/do/backup"));
    assert_null(strstr(desk->text, "href=\"/recovery\""));
    assert_null(strstr(desk->text, "href=\"/people\""));
    assert_int_equal(change(bench, desk, "POST /do/doctor", "&back=/computer"), 303);
    assert_int_equal(look(bench, desk, "/"), 200);
    assert_null(strstr(desk->text, "type=\"password\""));
    assert_null(strstr(desk->text, "href=\"/people\""));
    print_message("refused: %zu verbs of the machine\n", ARRAY_LENGTH(VERBS));
}

static void guess(struct bench *bench)
{
    static struct guest wrong_name;
    struct guest *desk = &bench->desk;
    char *at;

    wrong_name = *desk;
    wrong_name.from = "127.0.0.7"; /* another desk, so that its tries are its own */
    assert_int_equal(enter_as(bench, desk, WRONG), 403);
    assert_int_equal(enter_as(bench, &wrong_name, NOBODY_HERE), 403);
    /* Whichever was wrong: the same bytes but for the name and the hour. */
    while ((at = strstr(wrong_name.text, "administratox")))
        memcpy(at, "administrator", 13);
    assert_string_equal(
        strstr(desk->text, "<!doctype"), strstr(wrong_name.text, "<!doctype"));
    assert_int_equal(enter_as(bench, desk, WRONG), 403);
    assert_int_equal(enter_as(bench, desk, WRONG), 403); /* two were free, this one not */
    assert_int_equal(enter_as(bench, desk, RIGHT), 429);
    assert_holds(desk->text, "Retry-After: 1");
    assert_holds(desk->text, "too-many-tries");
    shows_nothing(desk);
    /* The name is counted, wherever the next one sits; the address, whatever it says. */
    assert_int_equal(enter_as(bench, &wrong_name, RIGHT), 429);
    assert_int_equal(enter_as(bench, desk, NOBODY_HERE), 429);
    later_ms += WEB_TRIES_FIRST_MS;
    assert_int_equal(enter_as(bench, desk, WRONG), 403);
    later_ms += WEB_TRIES_FIRST_MS;
    assert_int_equal(enter_as(bench, desk, RIGHT), 429); /* it is twice as long now */
    later_ms += WEB_TRIES_FIRST_MS;
    let_in(bench, desk, RIGHT);
    let_in(bench, desk, RIGHT);
}

/* The desk that locked the node was stolen: it is a stranger now, and does not lock it again. */
static void lock_it_once(struct bench *bench, const struct guest *stolen)
{
    static struct guest thief;
    struct guest *desk = &bench->second;

    *desk = *stolen;
    *desk->cookie = 0;
    desk->from = "127.0.0.11";
    let_in(bench, desk, RIGHT "&pin=4711");
    assert_int_equal(change(bench, desk, "POST /do/screen-lock", ""), 303);
    thief = *stolen;
    assert_int_equal(look(bench, &thief, "/sent"), 423);
    for (int i = 0; i < 6; i++) {
        later_ms += WEB_TRIES_LONGEST_MS;
        int code = enter_as(bench, &thief, "person=administrator&word=0000");
        assert_true(code == 403 || code == 429);
    }
    let_in(bench, desk, "person=administrator&word=4711");
}

static void shut_out_nobody(struct bench *bench)
{
    static struct guest stranger;
    struct guest *desk = &bench->desk;
    int refused = 0;

    stranger = *desk;
    stranger.from = "127.0.0.9";
    let_in(bench, desk, RIGHT "&pin=4711");
    assert_int_equal(change(bench, desk, "POST /do/screen-lock", ""), 303);
    for (int i = 0; i < 20; i++) {
        int code = enter_as(bench, &stranger, "person=administrator&word=4711");

        assert_true(code == 403 || code == 429);
        refused++;
    }
    /* Guessing from the network locked nothing: the PIN of this desk still opens it. */
    assert_int_equal(enter_as(bench, desk, "person=Gul&word=4711"), 403);
    assert_holds(desk->text, "wrong-entry");
    let_in(bench, desk, "person=administrator&word=4711");
    /* Five wrong ones here lock the node, as everywhere. */
    assert_int_equal(change(bench, desk, "POST /do/screen-lock", ""), 303);
    for (int i = 0; i < 5; i++) {
        later_ms += WEB_TRIES_LONGEST_MS;
        assert_int_equal(enter_as(bench, desk, "person=administrator&word=0000"), 403);
        assert_holds(desk->text, "wrong-entry");
        assert_null(strstr(desk->text, "node-locked"));
    }
    later_ms += WEB_TRIES_LONGEST_MS;
    assert_int_equal(enter_as(bench, desk, "person=administrator&word=4711"), 403);
    later_ms += WEB_TRIES_LONGEST_MS;
    lock_it_once(bench, desk);
    print_message("refused: %d guesses of a stranger\n", refused);
}

static int come_from(const struct bench *bench, struct guest *stranger, int number)
{
    char from[32], fields[128];

    snprintf(from, sizeof(from), "127.0.1.%d", number + 1);
    snprintf(
        fields, sizeof(fields), "person=Invented+%d&word=some+invented+words", number);
    stranger->from = from;
    return enter_as(bench, stranger, fields);
}

/* Whoever has a whole network of addresses, and invents a name each time. */
static void come_in_crowds(struct bench *bench)
{
    static struct guest stranger;
    int i, refused = 0;

    stranger = bench->desk;
    let_in(bench, &bench->desk, RIGHT);
    for (i = 1; i < WEB_TRIES_STRANGERS; i++)
        assert_int_equal(come_from(bench, &stranger, i), 403);
    for (; i < WEB_TRIES_STRANGERS + 20; i++, refused++)
        assert_int_equal(come_from(bench, &stranger, i), 429);
    let_in(bench, &bench->desk, RIGHT); /* who was let in before is none of them */
    later_ms += HOUR_MS;
    assert_int_equal(come_from(bench, &stranger, i), 403);
    print_message("refused: %d strangers beyond the hour's share\n", refused);
}

/* What no passphrase was tried with costs nobody the hour's share. */
static void send_nonsense(struct bench *bench)
{
    static struct guest stranger;
    char fields[1200];
    int refused = 0;

    stranger = bench->desk;
    stranger.from = "127.0.0.9";
    for (int i = 0; i < WEB_TRIES_STRANGERS + 8; i++, refused++)
        assert_int_equal(enter_as(bench, &stranger, WRONG "&pin=1"), 400);
    assert_holds(stranger.text, "A PIN has 4 to 8 digits");
    assert_holds(stranger.text, "value=\"administrator\""); /* the form again */
    shows_nothing(&stranger);
    memset(fields, 'a', sizeof(fields));
    memcpy(fields, "person=administrator&word=", 26);
    fields[sizeof(fields) - 1] = 0;
    for (int i = 0; i < WEB_TRIES_STRANGERS + 8; i++, refused++)
        assert_int_equal(enter_as(bench, &stranger, fields), 400);
    let_in(bench, &bench->desk, RIGHT);
    print_message("refused: %d requests that tried nothing\n", refused);
}

static void post_api(struct bench *bench, const char *path, const char *body, char *ret)
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
    assert_ok(buffer_put(&answer, "", 1));
    if (ret)
        visitor_copy_after(
            (const char *)answer.bytes, "/launch?t=", "\"", ret, VISITOR_SECRET);
    buffer_release(&answer);
}

static void launch(struct bench *bench)
{
    char token[VISITOR_SECRET], body[128], head[400], stale[64];

    post_api(bench, "/api/v1/open", "{}", token);
    snprintf(body, sizeof(body), "t=%s", token);
    snprintf(stale, sizeof(stale), "amaan-%u-0123abcd=", bench->local.port);
    snprintf(head, sizeof(head), CHANGE "Cookie: %s00\r\n", stale);
    assert_int_equal(visitor_send_with(&bench->local, "POST /launch", head, body), 303);
    visitor_keep_cookie(&bench->local);
    /* The cookie of a start before goes. */
    assert_holds(strstr(bench->local.text, stale), "=; Path=/; Max-Age=0;");
}

/* A launch token says that somebody has this computer, not who it is. */
static void open_beside_a_desk(struct bench *bench)
{
    let_in(bench, &bench->desk, RIGHT "&pin=4711");
    launch(bench);
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 423);
    assert_int_equal(look(bench, &bench->desk, "/sent"), 200); /* nobody disturbs it */
    launch(bench);
    assert_int_equal(visitor_look(&bench->local, "GET /"), 423);
    assert_int_equal(
        visitor_change(&bench->local, "POST /do/screen-unlock", "&pin=4711"), 303);
    visitor_keep_cookie(&bench->local);
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 200);
    launch(bench); /* now it is this machine where somebody sits */
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 200);
    let_in(bench, &bench->desk, RIGHT);
    launch(bench);
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 423);
    post_api(bench, "/api/v1/unlock", "{\"passphrase\":\"" PASSPHRASE "\"}", NULL);
    launch(bench);
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 200);
}

static void work_alone(struct bench *bench)
{
    bench->second = bench->desk;
    bench->second.from = "127.0.0.5";
    bench->second.name = "amaan.office.internal";
    post_api(bench, "/api/v1/unlock", "{\"passphrase\":\"" PASSPHRASE "\"}", NULL);
    post_api(bench, "/api/v1/people/add",
        "{\"passphrase\":\"" PASSPHRASE
        "\",\"person\":\"administrator\",\"name\":\"" OTHER
        "\",\"role\":\"worker\",\"new_passphrase\":\"twelve invented words\"}",
        NULL);
    launch(bench);
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 200);
    /* A desk: this machine's browser is shut, and so is the next desk when another one enters. */
    let_in(bench, &bench->desk, RIGHT);
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 423);
    let_in(
        bench, &bench->second, "person=Gul+Invented&word=twelve+invented+words&pin=4711");
    assert_holds(bench->second.text, OTHER);
    assert_int_equal(look(bench, &bench->desk, "/sent"), 423);
    assert_null(strstr(bench->desk.text, OTHER));
    /* The same person at two desks, too: nobody can see who sits at the first. */
    let_in(bench, &bench->desk, "person=Gul+Invented&word=4711");
    assert_int_equal(look(bench, &bench->second, "/sent"), 423);
    /* And whoever enters at the node itself, by the PIN of that person or as another one. */
    (void)visitor_look(&bench->local, "GET /sent");
    assert_int_equal(
        visitor_change(&bench->local, "POST /do/screen-unlock", "&pin=4711"), 303);
    visitor_keep_cookie(&bench->local);
    assert_int_equal(look(bench, &bench->desk, "/sent"), 423);
    let_in(bench, &bench->desk, "person=Gul+Invented&word=4711");
    assert_int_equal(visitor_look(&bench->local, "GET /sent"), 423);
    post_api(bench, "/api/v1/switch",
        "{\"passphrase\":\"" PASSPHRASE "\",\"person\":\"administrator\"}", NULL);
    assert_int_equal(look(bench, &bench->desk, "/sent"), 423);
    /* A cookie of one door opens no other. */
    snprintf(
        bench->second.cookie, sizeof(bench->second.cookie), "%s", bench->local.cookie);
    assert_int_equal(look(bench, &bench->second, "/sent"), 423);
    shows_nothing(&bench->second);
}

static void shake_hands(struct bench *bench)
{
    static const char *const OLD[] = {"NORMAL:-VERS-ALL:+VERS-TLS1.2",
        "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT:@SYSTEM",
        "NORMAL:-VERS-ALL:+VERS-TLS1.1:+SHA1", "NORMAL:-VERS-ALL:+VERS-TLS1.0:+SHA1"};
    static struct guest desk;
    struct certificate_place place = {.address = {127, 0, 0, 1}, .name = NAME};
    struct buffer key, other;
    char hello[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", byte[16];
    int refused = 0;

    desk = bench->desk;
    assert_true(guest_shakes_hands(&desk));
    desk.name = NAME;
    assert_true(guest_shakes_hands(&desk));
    desk.name = "bank.example"; /* a name that the certificate does not have */
    assert_false(guest_shakes_hands(&desk));
    desk.name = NULL;
    desk.trust = span_of(NULL, 0); /* nothing was installed */
    assert_false(guest_shakes_hands(&desk));
    assert_ok(certificate_make_authority(
        &place, tell_wall(NULL), chance_system(), &key, &other));
    desk.trust = buffer_span(&other); /* one with the same name, of a thief */
    assert_false(guest_shakes_hands(&desk));
    buffer_release(&key);
    buffer_release(&other);
    desk.trust = bench->desk.trust;
    for (size_t i = 0; i < ARRAY_LENGTH(OLD); i++) {
        if (strstr(OLD[i], "@SYSTEM"))
            continue;
        desk.versions = OLD[i];
        assert_false(guest_shakes_hands(&desk));
        refused++;
    }
    /* In the clear: not a byte of HTTP comes back. */
    int fd = guest_reach(&desk);
    assert_true(send(fd, hello, sizeof(hello) - 1, MSG_NOSIGNAL) > 0);
    ssize_t got = recv(fd, byte, sizeof(byte), 0);
    assert_true(got <= 0 || byte[0] == 0x15); /* an alert of TLS at most */
    close(fd);
    print_message("refused: %d old versions, 3 certificates, 1 plain request\n", refused);
}

#define H "Host: 127.0.0.1:@P\r\n"
#define O "Origin: https://127.0.0.1:@P\r\n"

static const struct {
    const char *line, *head, *body;
    int code;
} ATTACKS[] = {{"GET /", "Host: evil.example:@P\r\n", NULL, 421},
    {"GET /", "Host: 127.0.0.1\r\n", NULL, 421},
    {"GET /", "Host: localhost:@P\r\n", NULL, 421},
    {"GET /", "Host: " NAME "\r\n", NULL, 421},
    {"GET /", "Host: " NAME ".:@P\r\n", NULL, 421},
    {"GET /", "Host: x" NAME ":@P\r\n", NULL, 421},
    {"GET /", "Host: 127.0.0.1:@Q\r\n", NULL, 421}, /* the page of this machine */
    {"POST /enter", H TYPE, RIGHT, 403},
    {"POST /enter", H "Origin: null\r\n" TYPE, RIGHT, 403},
    {"POST /enter", H "Origin: http://127.0.0.1:@P\r\n" TYPE, RIGHT, 403},
    {"POST /enter", H "Origin: https://127.0.0.1\r\n" TYPE, RIGHT, 403},
    {"POST /enter", H "Origin: https://127.0.0.1:@Q\r\n" TYPE, RIGHT, 403},
    {"POST /enter", H "Origin: https://" NAME ":@P\r\n" TYPE, RIGHT, 403},
    {"POST /enter", "Host: " NAME ":@P\r\n" O TYPE, RIGHT, 403},
    {"POST /enter", H O TYPE "Sec-Fetch-Site: cross-site\r\n", RIGHT, 403},
    {"POST /enter", H O TYPE "Sec-Fetch-Site: same-site\r\n", RIGHT, 403},
    {"POST /enter", H O "Content-Type: text/plain\r\n", RIGHT, 415},
    {"POST /enter", H O TYPE, "person=administrator", 400},
    {"POST /enter", H O TYPE, RIGHT "&person=Gul", 400},
    {"POST /enter", H O TYPE, RIGHT "&word=x", 400},
    {"POST /enter", H O TYPE, RIGHT "&back=//evil.example", 400},
    {"POST /enter", H O TYPE, "person=&word=x", 400},
    {"PUT /enter", H O TYPE, RIGHT, 405}, {"POST /launch", H O TYPE, "t=00", 404},
    {"POST /do/lock", H O TYPE, "form=", 403},
    {"POST /do/unlock", H O TYPE, "form=&passphrase=x", 403},
    {"GET /", H "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n", NULL, 403},
    {"GET /launch", H "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n", NULL,
        403},
    {"GET /", H H, NULL, 400},
    {"POST /enter", H O TYPE "Transfer-Encoding: chunked\r\n", RIGHT, 400}};

static void write_ports(const struct bench *bench, const char *from, char *to, size_t n)
{
    size_t used = 0;

    for (; *from && used + 8 < n; from++) {
        bool port = from[0] == '@' && (from[1] == 'P' || from[1] == 'Q');

        if (port)
            used += (size_t)snprintf(to + used, n - used, "%u",
                from[1] == 'P' ? bench->desk.port : bench->local.port);
        else
            to[used++] = *from;
        from += port;
    }
    to[used] = 0;
}

static void attack(struct bench *bench)
{
    char head[512];

    for (size_t i = 0; i < ARRAY_LENGTH(ATTACKS); i++) {
        write_ports(bench, ATTACKS[i].head, head, sizeof(head));
        int code = guest_send(&bench->desk, ATTACKS[i].line, head, ATTACKS[i].body);

        if (code != ATTACKS[i].code)
            print_error("attack %zu: %s\n%s", i, ATTACKS[i].line, head);
        assert_int_equal(code, ATTACKS[i].code);
        shows_nothing(&bench->desk);
    }
    /* By its name, with its name's Origin. */
    bench->desk.name = NAME;
    write_ports(bench, "Host: " NAME ":@P\r\nOrigin: https://" NAME ":@P\r\n" TYPE, head,
        sizeof(head));
    assert_int_equal(guest_send(&bench->desk, "POST /enter", head, RIGHT), 303);
    print_message("refused: %zu requests\n", ARRAY_LENGTH(ATTACKS));
}

static void hold_lines(struct bench *bench)
{
    int held[HTTP_DESK_MAX], cut = 0;
    char byte;

    for (int i = 0; i < HTTP_DESK_MAX; i++)
        assert_true((held[i] = guest_reach(&bench->desk)) >= 0);
    /* They never begin their handshake: no more of that address, and another desk is served. */
    assert_int_equal(look(bench, &bench->desk, "/"), 0);
    bench->second = bench->desk;
    bench->second.from = "127.0.0.3";
    assert_int_equal(look(bench, &bench->second, "/"), 423);
    later_ms += HTTP_REQUEST_MS;
    assert_int_equal(look(bench, &bench->second, "/"), 423);
    for (int i = 0; i < HTTP_DESK_MAX; i++) {
        cut += recv(held[i], &byte, 1, 0) <= 0;
        close(held[i]);
    }
    assert_int_equal(cut, HTTP_DESK_MAX);
    assert_int_equal(look(bench, &bench->desk, "/"), 423);
    print_message("closed: %d connections without a handshake\n", cut);
}

static void renew(struct bench *bench)
{
    uint8_t first[32], next[32];
    struct guest *desk = &bench->desk;

    let_in(bench, desk, RIGHT);
    memcpy(first, desk->seen, sizeof(first));
    later_ms += (CERTIFICATE_RENEW_DAYS - 2) * DAY_MS;
    let_in(bench, desk, RIGHT);
    assert_memory_equal(desk->seen, first, sizeof(first));
    later_ms += 2 * DAY_MS;
    assert_int_equal(look(bench, desk, "/"), 423);
    assert_memory_equal(desk->seen, first, sizeof(first)); /* nobody has unlocked it */
    let_in(bench, desk, RIGHT);
    for (int i = 0; i < LOOKS && memcmp(desk->seen, first, sizeof(first)) == 0; i++)
        (void)look(bench, desk, "/"); /* it is taken when this desk has hung up */
    assert_int_equal(look(bench, desk, "/"), 200);
    memcpy(next, desk->seen, sizeof(next));
    assert_memory_not_equal(next, first, sizeof(first));
    /* Sessions outlast it, and the desk has nothing to install. */
    assert_int_equal(look(bench, desk, "/sent"), 200);
    assert_memory_equal(desk->seen, next, sizeof(next));
    /* Nobody came for months: browsers refuse, until somebody unlocks at the machine. */
    later_ms += (CERTIFICATE_SERVER_DAYS + 1) * DAY_MS;
    assert_int_equal(look(bench, desk, "/"), 0);
    post_api(bench, "/api/v1/unlock", "{\"passphrase\":\"" PASSPHRASE "\"}", NULL);
    assert_int_equal(look(bench, desk, "/"), 423);
}

static void find_no_door(struct bench *bench)
{
    char token[VISITOR_SECRET];

    post_api(bench, "/api/v1/open", "{}", token); /* the node runs, and its page does */
    assert_int_equal(guest_reach(&bench->desk), -1);
}

/* --- a node --------------------------------------------------------------------------------------------------- */

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

static void open_keys(const char *home, struct people **ret)
{
    char *path = disk_path(home, "node.key");
    struct trouble trouble = {""};
    struct buffer file;

    assert_ok(disk_read(path, PEOPLE_FILE_MAX, &file, &trouble));
    assert_ok(people_break(
        buffer_span(&file), "", span_text(PASSPHRASE), chance_system(), ret));
    buffer_release(&file);
    memory_free(path);
}

/* As `amaan-node office` does it. */
static void set_up(struct bench *bench)
{
    static struct clock clock = {tell_wall, tell_steady, NULL};
    struct people *people = NULL;
    struct trouble trouble = {""};
    struct node_conf conf;
    bool anew;
    int fd[2];

    assert_ok(loopback_listen(0, &fd[0], &bench->local.port, &trouble));
    assert_ok(loopback_listen(0, &fd[1], &bench->desk.port, &trouble));
    close(fd[0]);
    close(fd[1]);
    assert_ok(node_conf_read(bench->home, &conf, &trouble));
    assert_string_equal(conf.office_address, "");
    conf.page_port = bench->local.port;
    conf.office_port = bench->desk.port;
    snprintf(conf.office_name, sizeof(conf.office_name), "%s", NAME);
    if (!bench->off)
        snprintf(conf.office_address, sizeof(conf.office_address), "127.0.0.1");
    assert_ok(node_conf_write(bench->home, &conf, &trouble));
    snprintf(
        bench->host, sizeof(bench->host), "Host: 127.0.0.1:%u\r\n", bench->desk.port);
    snprintf(bench->change, sizeof(bench->change),
        "%sOrigin: https://127.0.0.1:%u\r\n" TYPE, bench->host, bench->desk.port);
    if (bench->off)
        return;
    open_keys(bench->home, &people);
    struct office_papers_order order = {.home = bench->home,
        .place = office_place(&conf),
        .master = &people_keys(people)->master,
        .clock = &clock,
        .chance = chance_system()};
    assert_ok(office_papers_make(&order, &anew, &trouble));
    assert_true(anew);
    people_destroy(&people);
    assert_ok(office_papers_read(bench->home, &order.place, &bench->papers, &trouble));
    bench->desk.trust = buffer_span(&bench->papers.authority);
}

static void make_home(struct bench *bench)
{
    struct trouble trouble = {""};

    assert_ok(vault_start(&trouble));
    snprintf(bench->home, sizeof(bench->home), "/tmp/amaan-office-XXXXXX");
    assert_non_null(mkdtemp(bench->home));
    struct node_new request = {.home = bench->home,
        .name = "shelter.peshawar",
        .roles = 1u << (ROLE_SHELTER - 1),
        .passphrase = span_text(PASSPHRASE),
        .cost = COST_FLOOR,
        .clock = clock_system(),
        .chance = chance_system()};
    if (node_create(&request, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
}

static void run_as(void (*script)(struct bench *bench), bool off)
{
    static struct bench bench;
    static struct clock clock = {tell_wall, tell_steady, NULL};
    struct trouble trouble = {""};

    memset(&bench, 0, sizeof(bench));
    bench.script = script;
    bench.off = off;
    later_ms = 0;
    make_home(&bench);
    set_up(&bench);
    loop_block_signals();
    struct serve_options options = {.home = bench.home,
        .clock = &clock,
        .chance = chance_system(),
        .on_ready = on_ready,
        .context = &bench};
    if (serve(&options, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    pthread_join(bench.person, NULL);
    if (!off)
        office_papers_release(&bench.papers);
    nftw(bench.home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void run(void (*script)(struct bench *bench))
{
    run_as(script, false);
}

static void office__is_off_until_somebody_asks_for_it(void **state)
{
    (void)state;
    run_as(find_no_door, true);
}

static void office__lets_a_person_in_by_name_and_passphrase(void **state)
{
    (void)state;
    run(enter);
}

static void office__changes_nothing_that_guards_the_node(void **state)
{
    (void)state;
    run(only_there);
}

static void office__makes_who_guesses_wait_ever_longer(void **state)
{
    (void)state;
    run(guess);
}

static void office__takes_a_pin_where_it_was_open_and_no_guess_locks_it(void **state)
{
    (void)state;
    run(shut_out_nobody);
}

static void office__hears_so_many_strangers_an_hour_and_no_more(void **state)
{
    (void)state;
    run(come_in_crowds);
}

static void office__counts_no_try_that_tried_nothing(void **state)
{
    (void)state;
    run(send_nonsense);
}

static void office__has_one_person_at_one_desk(void **state)
{
    (void)state;
    run(work_alone);
}

static void office__gives_the_desks_session_to_nobody_at_the_machine(void **state)
{
    (void)state;
    run(open_beside_a_desk);
}

static void office__speaks_tls_1_3_to_those_who_trust_its_authority(void **state)
{
    (void)state;
    run(shake_hands);
}

static void office__refuses_what_no_page_of_its_own_would_send(void **state)
{
    (void)state;
    run(attack);
}

static void office__outlasts_connections_that_say_nothing(void **state)
{
    (void)state;
    run(hold_lines);
}

static void office__renews_its_certificate_when_somebody_unlocks(void **state)
{
    (void)state;
    run(renew);
}

/* --- papers ---------------------------------------------------------------------------------------------------- */

static bool is_there(const struct bench *bench, const char *name, mode_t *ret_mode)
{
    char *path = disk_path(bench->home, name);
    struct stat about;
    bool there = stat(path, &about) == 0;

    if (there)
        *ret_mode = about.st_mode & 07777;
    memory_free(path);
    return there;
}

/* A file that a failing disk cut, at each length: said, and nothing else happens. */
static void refuse_cut_files(
    const struct bench *bench, const struct certificate_place *place)
{
    static const char *const FILES[] = {"office.authority", "office.pem"};
    int refused = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(FILES); i++) {
        char *path = disk_path(bench->home, FILES[i]);
        struct buffer whole;

        assert_ok(disk_read(path, 2 * CERTIFICATE_TEXT_MAX, &whole, NULL));
        /* Where only the box is cut: that is noticed when it is opened, at an unlock. */
        size_t boxed = 6u + (size_t)(whole.bytes[4] << 8 | whole.bytes[5]);
        size_t until = i == 0 ? boxed + BOX_EXTRA_BYTES : whole.used - 40;

        for (size_t n = 0; n < until; n += 11, refused++) {
            struct trouble trouble = {""};
            struct office_papers papers;
            FILE *stream = fopen(path, "wb");

            assert_non_null(stream);
            assert_int_equal(fwrite(whole.bytes, 1, n, stream), n);
            assert_int_equal(fclose(stream), 0);
            assert_int_not_equal(
                office_papers_read(bench->home, place, &papers, &trouble), STATUS_OK);
            assert_true(*trouble.text != 0);
        }
        assert_ok(disk_write(path, buffer_span(&whole), 0600, NULL));
        buffer_release(&whole);
        memory_free(path);
    }
    print_message("refused: %d cut files\n", refused);
}

/* A battery died, and it is 2015: what was good stays, and is renewed when it is time by the right clock. */
static void keep_under_a_wrong_clock(
    const struct bench *bench, const struct office_papers_order *order)
{
    static const int64_t WRONG_MS[] = {
        -11 * 365 * DAY_MS, -2 * DAY_MS, 11 * 365 * DAY_MS};
    struct trouble trouble = {""};
    struct office_papers papers;
    bool renewed;

    for (size_t i = 0; i < ARRAY_LENGTH(WRONG_MS); i++) {
        later_ms = WRONG_MS[i];
        assert_status(office_papers_renew(order, &renewed, &trouble), STATUS_CONFLICT);
        assert_false(renewed);
        assert_holds(trouble.text, "the clock");
        assert_ok(office_papers_read(bench->home, &order->place, &papers, &trouble));
        later_ms = 0;
        assert_true(papers.page.from_ms < tell_wall(NULL));
        assert_true(papers.page.until_ms > tell_wall(NULL));
        office_papers_release(&papers);
    }
    assert_ok(office_papers_renew(order, &renewed, &trouble));
    assert_false(renewed);
    later_ms = CERTIFICATE_RENEW_DAYS * DAY_MS;
    assert_ok(office_papers_renew(order, &renewed, &trouble));
    assert_true(renewed);
    later_ms = 0;
    assert_ok(office_papers_renew(order, &renewed, &trouble));
    assert_true(renewed); /* that clock was wrong, but the authority is good by both */
}

static void papers__keep_the_authority_and_its_key_under_the_nodes_own(void **state)
{
    static struct bench bench;
    struct clock clock = {tell_wall, tell_steady, NULL};
    struct trouble trouble = {""};
    struct people *people = NULL;
    struct office_papers papers;
    struct box_key stranger;
    char first[CERTIFICATE_DIGITS];
    mode_t mode;
    bool anew;

    (void)state;
    memset(&bench, 0, sizeof(bench));
    later_ms = 0;
    make_home(&bench);
    set_up(&bench);
    open_keys(bench.home, &people);
    struct office_papers_order order = {.home = bench.home,
        .place = {.address = {127, 0, 0, 1}, .name = NAME},
        .master = &people_keys(people)->master,
        .clock = &clock,
        .chance = chance_system()};
    memcpy(first, bench.papers.authority_about.digits, sizeof(first));
    assert_true(is_there(&bench, "office.pem", &mode) && mode == 0600);
    assert_true(is_there(&bench, "office.authority", &mode) && mode == 0600);
    assert_ok(office_papers_make(&order, &anew, &trouble));
    assert_false(anew);
    assert_ok(office_papers_read(bench.home, &order.place, &papers, &trouble));
    assert_string_equal(papers.authority_about.digits, first);
    office_papers_release(&papers);
    keep_under_a_wrong_clock(&bench, &order);
    /* A thief of the disk, who has no passphrase, makes no certificate. */
    box_new_key(chance_system(), &stranger);
    order.master = &stranger;
    assert_status(office_papers_make(&order, &anew, &trouble), STATUS_FORGED);
    refuse_cut_files(&bench, &order.place);
    /* Another address: what is there is not for it, and another authority is made. */
    order.master = &people_keys(people)->master;
    order.place.address[3] = 2;
    assert_status(
        office_papers_read(bench.home, &order.place, &papers, &trouble), STATUS_CONFLICT);
    assert_ok(office_papers_make(&order, &anew, &trouble));
    assert_true(anew);
    assert_ok(loss_panic(bench.home, &trouble));
    assert_false(is_there(&bench, "office.pem", &mode));
    assert_false(is_there(&bench, "office.authority", &mode));
    people_destroy(&people);
    office_papers_release(&bench.papers);
    nftw(bench.home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(papers__keep_the_authority_and_its_key_under_the_nodes_own),
        cmocka_unit_test(office__is_off_until_somebody_asks_for_it),
        cmocka_unit_test(office__lets_a_person_in_by_name_and_passphrase),
        cmocka_unit_test(office__changes_nothing_that_guards_the_node),
        cmocka_unit_test(office__makes_who_guesses_wait_ever_longer),
        cmocka_unit_test(office__takes_a_pin_where_it_was_open_and_no_guess_locks_it),
        cmocka_unit_test(office__hears_so_many_strangers_an_hour_and_no_more),
        cmocka_unit_test(office__counts_no_try_that_tried_nothing),
        cmocka_unit_test(office__has_one_person_at_one_desk),
        cmocka_unit_test(office__gives_the_desks_session_to_nobody_at_the_machine),
        cmocka_unit_test(office__speaks_tls_1_3_to_those_who_trust_its_authority),
        cmocka_unit_test(office__refuses_what_no_page_of_its_own_would_send),
        cmocka_unit_test(office__outlasts_connections_that_say_nothing),
        cmocka_unit_test(office__renews_its_certificate_when_somebody_unlocks),
    };
    guest_set_clock(tell_wall);
    return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
