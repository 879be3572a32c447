/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "seeded.h"
#include "web_session.h"

enum { PORT = 40123 };

struct bench {
    int64_t now_ms;
    struct clock clock;
    struct seeded seeded;
    struct web_sessions *sessions;
    char token[WEB_SECRET_TEXT], cookie[WEB_SECRET_TEXT];
};

static int64_t tell(void *context)
{
    return ((struct bench *)context)->now_ms;
}

static void open_bench(struct bench *bench)
{
    memset(bench, 0, sizeof(*bench));
    bench->now_ms = 1000;
    bench->clock = (struct clock){tell, tell, bench};
    bench->sessions = web_sessions_new(&bench->clock, seeded_init(&bench->seeded, 7));
}

static void enter(struct bench *bench)
{
    web_session_launch(bench->sessions, bench->token);
    assert_ok(web_session_enter(bench->sessions, bench->token, bench->cookie));
}

static struct web_session *find(struct bench *bench, bool by_person)
{
    return web_session_find(bench->sessions, bench->cookie, by_person);
}

static void session__opens_once_with_a_launch_token(void **state)
{
    struct bench bench;
    char again[WEB_SECRET_TEXT];

    (void)state;
    open_bench(&bench);
    enter(&bench);
    assert_non_null(find(&bench, true));
    assert_string_not_equal(bench.cookie, bench.token);
    assert_status(web_session_enter(bench.sessions, bench.token, again), STATUS_DENIED);
    assert_status(web_session_enter(bench.sessions, "", again), STATUS_DENIED);
    assert_status(web_session_enter(bench.sessions, NULL, again), STATUS_DENIED);
    /* what never was a token: all zeros, as an empty place holds */
    memset(bench.token, '0', WEB_SECRET_TEXT - 1);
    assert_status(web_session_enter(bench.sessions, bench.token, again), STATUS_DENIED);
    assert_null(web_session_find(bench.sessions, bench.token, true));
    web_sessions_destroy(&bench.sessions);
}

static void session__takes_no_launch_token_older_than_a_minute(void **state)
{
    struct bench bench;
    char cookie[WEB_SECRET_TEXT];

    (void)state;
    open_bench(&bench);
    web_session_launch(bench.sessions, bench.token);
    bench.now_ms += WEB_LAUNCH_MS;
    assert_status(web_session_enter(bench.sessions, bench.token, cookie), STATUS_DENIED);
    web_session_launch(bench.sessions, bench.token);
    bench.now_ms += WEB_LAUNCH_MS - 1;
    assert_ok(web_session_enter(bench.sessions, bench.token, cookie));
    web_sessions_destroy(&bench.sessions);
}

static void session__is_shut_when_nobody_acts(void **state)
{
    struct bench bench;

    (void)state;
    open_bench(&bench);
    enter(&bench);
    bench.now_ms += WEB_IDLE_MS - 1;
    assert_non_null(find(&bench, true));
    bench.now_ms += WEB_IDLE_MS - 1;
    assert_non_null(find(&bench, false)); /* a page that renews itself */
    bench.now_ms += 1;
    assert_true(web_session_is_shut(find(&bench, true)));
    assert_int_equal(web_session_count(bench.sessions), 0);
    web_sessions_destroy(&bench.sessions);
}

static void session__is_shut_after_a_working_day(void **state)
{
    struct bench bench;

    (void)state;
    open_bench(&bench);
    enter(&bench);
    for (int64_t at = 0; at + MINUTE_MS < WEB_LIFE_MS; at += MINUTE_MS) {
        bench.now_ms += MINUTE_MS;
        assert_non_null(find(&bench, true));
    }
    bench.now_ms += MINUTE_MS;
    assert_true(web_session_is_shut(find(&bench, true)));
    web_sessions_destroy(&bench.sessions);
}

static void session__is_shut_with_the_lock_and_tokens_are_gone(void **state)
{
    struct bench bench;
    char cookie[WEB_SECRET_TEXT], form[WEB_SECRET_TEXT];
    struct hash name = hash_of(span_text("a name"));
    uint64_t life;

    (void)state;
    open_bench(&bench);
    enter(&bench);
    web_session_launch(bench.sessions, bench.token);
    web_session_form_token(find(&bench, true), form);
    web_session_set_language(find(&bench, true), "urd");
    web_session_keep(find(&bench, true), &name, &name);
    life = web_session_life(find(&bench, true));
    web_session_shut_all(bench.sessions);
    assert_true(web_session_is_shut(find(&bench, true)));
    assert_ptr_equal(web_session_of_life(bench.sessions, life), find(&bench, true));
    assert_false(web_session_is_form_token(find(&bench, true), form));
    assert_int_equal(web_session_done(find(&bench, true), &name, &name), WEB_NOT_DONE);
    assert_string_equal(web_session_language(find(&bench, true)), "urd");
    web_session_renew(bench.sessions, find(&bench, true), cookie);
    assert_null(find(&bench, true)); /* the cookie of before */
    assert_null(web_session_of_life(bench.sessions, life));
    assert_false(web_session_is_shut(web_session_find(bench.sessions, cookie, true)));
    assert_status(web_session_enter(bench.sessions, bench.token, cookie), STATUS_DENIED);
    web_sessions_destroy(&bench.sessions);
}

static void session__is_found_in_a_cookie_header_by_its_own_name(void **state)
{
    struct bench bench;
    char name[WEB_COOKIE_NAME_MAX], header[400];

    (void)state;
    open_bench(&bench);
    enter(&bench);
    web_session_cookie_name(bench.sessions, PORT, name);
    assert_int_equal(strncmp(name, "amaan-40123-", 12), 0);
#define OF(port) web_session_of_header(bench.sessions, port, header, true)
    snprintf(header, sizeof(header), "a=1; %s=%s; b=2", name, bench.cookie);
    assert_non_null(OF(PORT));
    assert_null(OF(PORT + 1));
    snprintf(header, sizeof(header), "x%s=%s", name, bench.cookie);
    assert_null(OF(PORT));
    snprintf(header, sizeof(header), "%s=%s0", name, bench.cookie);
    assert_null(OF(PORT));
    snprintf(
        header, sizeof(header), "%s=%s; %s=%s", name, bench.cookie, name, bench.cookie);
    assert_null(OF(PORT));
#undef OF
    assert_null(web_session_of_header(bench.sessions, PORT, NULL, true));
    assert_null(web_session_of_header(bench.sessions, PORT, "", true));
    web_sessions_destroy(&bench.sessions);
}

/* A node that is started each morning for a year fills no browser's header. */
static void session__takes_the_cookies_of_starts_before_away(void **state)
{
    struct bench bench;
    char name[WEB_COOKIE_NAME_MAX], header[4096], wished[WEB_COOKIE_LINE_MAX],
        lines[WEB_STALE_MAX][WEB_COOKIE_LINE_MAX];
    size_t used = 0;

    (void)state;
    open_bench(&bench);
    enter(&bench);
    web_session_cookie_name(bench.sessions, PORT, name);
#define STALE(header) web_session_stale_lines(bench.sessions, PORT, header, lines)
    assert_int_equal(STALE(NULL), 0);
    assert_int_equal(STALE(""), 0);
    snprintf(header, sizeof(header), "amaan-40123-0123abcd=00; %s=11; theirs=1", name);
    assert_int_equal(STALE(header), 1);
    snprintf(wished, sizeof(wished),
        "amaan-40123-0123abcd=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    assert_string_equal(lines[0], wished);
    /* Another port's, another program's, and what is no name of ours. */
    assert_int_equal(
        STALE("amaan-40124-0123abcd=0; xamaan-40123-0123abcd=0; amaan-40123-0123abc=0; "
              "amaan-40123-0123abcx=0; amaan-40123-0123abcd; amaan-40123-0123abcde=0;=;"),
        0);
    for (unsigned i = 0; i < 45; i++)
        used += (size_t)snprintf(
            header + used, sizeof(header) - used, "amaan-40123-%08x=%064d; ", i, 0);
    assert_int_equal(STALE(header), WEB_STALE_MAX);
    assert_non_null(strstr(lines[WEB_STALE_MAX - 1], "amaan-40123-00000007="));
    web_sessions_destroy(&bench.sessions);
}

static void session__over_tls_has_one_name_for_ever(void **state)
{
    struct bench bench;
    struct web_sessions *next;
    char name[WEB_COOKIE_NAME_MAX], again[WEB_COOKIE_NAME_MAX],
        lines[WEB_STALE_MAX][WEB_COOKIE_LINE_MAX];

    (void)state;
    open_bench(&bench);
    next = web_sessions_new(&bench.clock, &bench.seeded.chance);
    web_sessions_set_secure(bench.sessions);
    web_sessions_set_secure(next);
    web_session_cookie_name(bench.sessions, PORT, name);
    web_session_cookie_name(next, PORT, again);
    assert_string_equal(name, "__Host-amaan-40123");
    assert_string_equal(name, again);
    assert_int_equal(STALE("amaan-40123-0123abcd=0; __Host-amaan-40123=0"), 0);
#undef STALE
    web_sessions_destroy(&next);
    web_sessions_destroy(&bench.sessions);
}

static void session__has_a_form_token_of_its_own(void **state)
{
    struct bench bench;
    char first[WEB_SECRET_TEXT], second[WEB_SECRET_TEXT];

    (void)state;
    open_bench(&bench);
    enter(&bench);
    web_session_form_token(find(&bench, true), first);
    assert_string_not_equal(first, bench.cookie);
    assert_true(web_session_is_form_token(find(&bench, true), first));
    assert_false(web_session_is_form_token(find(&bench, true), NULL));
    assert_false(web_session_is_form_token(find(&bench, true), ""));
    assert_false(web_session_is_form_token(find(&bench, true), bench.cookie));
    enter(&bench);
    web_session_form_token(find(&bench, true), second);
    assert_false(web_session_is_form_token(find(&bench, true), first));
    assert_true(web_session_is_form_token(find(&bench, true), second));
    web_sessions_destroy(&bench.sessions);
}

static void session__of_the_browser_idle_longest_gives_way(void **state)
{
    struct bench bench;
    char first[WEB_SECRET_TEXT], second[WEB_SECRET_TEXT];

    (void)state;
    open_bench(&bench);
    enter(&bench);
    memcpy(first, bench.cookie, sizeof(first));
    enter(&bench);
    memcpy(second, bench.cookie, sizeof(second));
    bench.now_ms += 1;
    assert_non_null(web_session_find(bench.sessions, first, true));
    for (int i = 0; i < WEB_SESSIONS_MAX - 1; i++)
        enter(&bench);
    assert_int_equal(web_session_count(bench.sessions), WEB_SESSIONS_MAX);
    assert_null(web_session_find(bench.sessions, second, true));
    assert_non_null(web_session_find(bench.sessions, first, true));
    web_sessions_destroy(&bench.sessions);
}

static void session__remembers_what_was_done_by_name_and_words(void **state)
{
    struct bench bench;
    struct hash first = hash_of(span_text("0")), said = hash_of(span_text("said"));

    (void)state;
    open_bench(&bench);
    enter(&bench);
    struct web_session *session = find(&bench, true);
    web_session_keep(session, &first, &said);
    assert_int_equal(web_session_done(session, &first, &said), WEB_DONE);
    assert_int_equal(web_session_done(session, &first, &first), WEB_DONE_OTHERWISE);
    assert_int_equal(web_session_done(session, &said, &said), WEB_NOT_DONE);
    for (int i = 0; i < WEB_DEEDS_MAX; i++) {
        struct hash other = hash_of(span_of(&i, sizeof(i)));

        assert_int_equal(web_session_done(session, &first, &said), WEB_DONE);
        web_session_keep(session, &other, &said);
    }
    assert_int_equal(web_session_done(session, &first, &said), WEB_NOT_DONE);
    web_sessions_destroy(&bench.sessions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session__opens_once_with_a_launch_token),
        cmocka_unit_test(session__takes_no_launch_token_older_than_a_minute),
        cmocka_unit_test(session__is_shut_when_nobody_acts),
        cmocka_unit_test(session__is_shut_after_a_working_day),
        cmocka_unit_test(session__is_shut_with_the_lock_and_tokens_are_gone),
        cmocka_unit_test(session__is_found_in_a_cookie_header_by_its_own_name),
        cmocka_unit_test(session__takes_the_cookies_of_starts_before_away),
        cmocka_unit_test(session__over_tls_has_one_name_for_ever),
        cmocka_unit_test(session__has_a_form_token_of_its_own),
        cmocka_unit_test(session__remembers_what_was_done_by_name_and_words),
        cmocka_unit_test(session__of_the_browser_idle_longest_gives_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
