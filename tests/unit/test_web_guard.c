/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"
#include "web_guard.h"

enum { PORT = 40123 };
#define OWN_HOST "127.0.0.1:40123"
#define OWN_ORIGIN "http://127.0.0.1:40123"
#define FORM "application/x-www-form-urlencoded"

static const char *const STRANGE_HOSTS[] = {"evil.example", "evil.example:40123",
    "127.0.0.1", "127.0.0.1:80", "127.0.0.1:40124", "127.0.0.1:040123",
    "127.0.0.1:40123.", "127.0.0.1:40123 ", " 127.0.0.1:40123", "127.0.0.1.:40123",
    "127.0.0.1.nip.example:40123", "localhost", "localhost:40123", "[::1]:40123",
    "[::ffff:127.0.0.1]:40123", "0.0.0.0:40123", "127.1:40123", "2130706433:40123",
    "0x7f.0.0.1:40123", "0177.0.0.1:40123", "127.0.0.2:40123", "user@127.0.0.1:40123",
    "127.0.0.1:40123,evil.example", "127.0.0.1:40123/", "http://127.0.0.1:40123", ""};

static const char *const STRANGE_ORIGINS[] = {"null", "", "http://evil.example",
    "https://evil.example", "http://evil.example:40123", "https://127.0.0.1:40123",
    "http://127.0.0.1", "http://127.0.0.1:40124", "http://127.0.0.1:40123/",
    "http://127.0.0.1:40123.evil.example", "http://localhost:40123", "http://[::1]:40123",
    "HTTP://127.0.0.1:40123", "http://127.0.0.1:40123 ",
    "http://127.0.0.1:40123 http://evil.example", "file://", "chrome-extension://abc",
    "moz-extension://abc", "http://x@127.0.0.1:40123", "//127.0.0.1:40123"};

static struct web_head a_look(void)
{
    return (struct web_head){.method = "GET", .host = OWN_HOST};
}

static struct web_head a_change(void)
{
    return (struct web_head){.method = "POST",
        .host = OWN_HOST,
        .origin = OWN_ORIGIN,
        .fetch_site = "same-origin",
        .fetch_mode = "navigate",
        .fetch_dest = "document",
        .type = FORM};
}

static int judge(struct web_head head)
{
    struct web_place place;

    web_place_init(&place, NULL, "", PORT);
    return web_guard_judge(&head, &place);
}

static void guard__lets_our_own_page_look_and_change(void **state)
{
    struct web_head look = a_look(), change = a_change();

    (void)state;
    assert_int_equal(judge(look), 0);
    look.fetch_site = "none";
    look.fetch_mode = "navigate";
    look.fetch_dest = "document";
    assert_int_equal(judge(look), 0);
    look.fetch_site = "same-origin";
    look.fetch_mode = "no-cors";
    look.fetch_dest = "style";
    assert_int_equal(judge(look), 0);
    assert_int_equal(judge(change), 0);
    change.type = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
    assert_int_equal(judge(change), 0);
    change.fetch_site = change.fetch_mode = change.fetch_dest = NULL; /* old browser */
    assert_int_equal(judge(change), 0);
}

static void guard__knows_one_name_of_itself(void **state)
{
    struct web_head look = a_look(), change = a_change();

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(STRANGE_HOSTS); i++) {
        look.host = change.host = STRANGE_HOSTS[i];
        assert_int_equal(judge(look), 421);
        assert_int_equal(judge(change), 421);
    }
    look.host = NULL;
    assert_int_equal(judge(look), 421);
}

static void guard__refuses_every_other_origin(void **state)
{
    struct web_head look = a_look(), change = a_change();

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(STRANGE_ORIGINS); i++) {
        look.origin = change.origin = STRANGE_ORIGINS[i];
        assert_int_equal(judge(look), 403);
        assert_int_equal(judge(change), 403);
    }
    change.origin = NULL; /* a change must say where it comes from */
    assert_int_equal(judge(change), 403);
}

static void guard__refuses_what_other_pages_ask_for(void **state)
{
    static const char *const SITES[] = {"cross-site", "same-site", "", "Same-Origin"};
    struct web_head look = a_look(), change = a_change();

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(SITES); i++) {
        look.fetch_site = change.fetch_site = SITES[i];
        assert_int_equal(judge(look), 403);
        assert_int_equal(judge(change), 403);
    }
    change.fetch_site = "none"; /* nobody types a change */
    assert_int_equal(judge(change), 403);
    look.fetch_site = "none";
    look.fetch_mode = "no-cors";
    assert_int_equal(judge(look), 403);
}

static void guard__is_shown_in_no_frame_and_feeds_no_worker(void **state)
{
    static const char *const DESTS[] = {
        "iframe", "frame", "embed", "object", "serviceworker", "sharedworker", "worker"};
    struct web_head look = a_look(), change = a_change();

    (void)state;
    look.fetch_site = "same-origin";
    for (size_t i = 0; i < ARRAY_LENGTH(DESTS); i++) {
        look.fetch_dest = change.fetch_dest = DESTS[i];
        assert_int_equal(judge(look), 403);
        assert_int_equal(judge(change), 403);
    }
}

static void guard__takes_two_methods_and_one_kind_of_body(void **state)
{
    static const char *const METHODS[] = {
        "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "POSTS"};
    static const char *const TYPES[] = {"text/plain", "application/json",
        "multipart/form-data; boundary=x", FORM "x", FORM ", text/plain", ""};
    struct web_head look = a_look(), change = a_change();

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(METHODS); i++) {
        look.method = METHODS[i];
        assert_int_equal(judge(look), 405);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(TYPES); i++) {
        change.type = TYPES[i];
        assert_int_equal(judge(change), 415);
    }
    change.type = NULL;
    assert_int_equal(judge(change), 415);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guard__lets_our_own_page_look_and_change),
        cmocka_unit_test(guard__knows_one_name_of_itself),
        cmocka_unit_test(guard__refuses_every_other_origin),
        cmocka_unit_test(guard__refuses_what_other_pages_ask_for),
        cmocka_unit_test(guard__is_shown_in_no_frame_and_feeds_no_worker),
        cmocka_unit_test(guard__takes_two_methods_and_one_kind_of_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
