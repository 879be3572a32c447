/* SPDX-License-Identifier: Apache-2.0
 * Guards and routes; what is asked of the node is web_visit's.
 */
#include "web.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "pages.h"
#include "web_answer.h"
#include "web_enter.h"
#include "web_fields.h"
#include "web_guard.h"
#include "web_pages.h"
#include "web_session.h"
#include "web_setup.h"
#include "web_visit.h"

#define DO "/do/"
#define ASSET "/asset/"
#define QUIET "/quiet"

struct web {
    struct web_options options;
    struct web_place place;
    struct web_sessions *sessions;
    struct web_visits *visits;
    struct web_enter *enter;   /* of an office; NULL: none */
    struct web_setups *setups; /* NULL: the node's own pages */
    bool elsewhere;            /* whoever sits entered by another page */
};

const struct http_field WEB_FIELDS[] = {
    {"Content-Security-Policy",
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors "
        "'none'; base-uri 'none'"},
    {"Cache-Control", "no-store"}, {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"}, {"Referrer-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
    {"Strict-Transport-Security", "max-age=31536000"}, /* the last: of an office alone */
};
const size_t WEB_OFFICE_FIELDS_N = ARRAY_LENGTH(WEB_FIELDS);
const size_t WEB_FIELDS_N = ARRAY_LENGTH(WEB_FIELDS) - 1;

/* Of what the node's process does itself, a desk does these; the others guard the node or reach into its machine. */
static bool is_for_desks(const struct verb *verb)
{
    static const char *const AT_DOOR[] = {"lock", "screen-lock", "doctor", "findings"};

    if (verb->place != VERB_AT_DOOR)
        return strcmp(verb->name, "people") != 0;
    for (size_t i = 0; i < ARRAY_LENGTH(AT_DOOR); i++)
        if (strcmp(AT_DOOR[i], verb->name) == 0)
            return true;
    return false;
}

/* What an office's desk may do: web_offer shows nothing else. */
static bool may_at_desk(void *context, const struct verb *verb)
{
    const struct web *web = context;

    return is_for_desks(verb) && web->options.may(web->options.context, verb);
}

static const struct {
    int http;
    const char *code, *detail;
} ONLY_THERE = {403, "only-there", /* as web_refuse has it */
    "This is done at the node's own computer, not from a desk of the office. Nothing was "
    "changed."};

static void ask_at_desk(void *context, const struct verb *verb, const char *key,
    struct json **fields,
    void (*on_answer)(void *asker, int http, const struct json *answer), void *asker)
{
    const struct web *web = context;

    if (!is_for_desks(verb)) { /* a page may ask for what no form sends */
        struct json *problem = json_new_object();

        json_put_text(problem, "code", ONLY_THERE.code);
        json_put_text(problem, "detail", ONLY_THERE.detail);
        json_destroy(fields);
        on_answer(asker, ONLY_THERE.http, problem);
        json_destroy(&problem);
        return;
    }
    web->options.ask(web->options.context, verb, key, fields, on_answer, asker);
}

struct web *web_new(const struct web_options *options)
{
    struct web *web = memory_new(sizeof(*web));
    struct web_options visits = *options;
    const struct web_office *office = options->office;

    web->options = *options;
    web_place_init(&web->place, office ? office->address : NULL,
        office ? office->name : "", options->port);
    web->sessions = options->sessions ? options->sessions
                                      : web_sessions_new(options->clock, options->chance);
    if (office) {
        web_sessions_set_secure(web->sessions);
        web->enter = web_enter_new(options, web->sessions);
        visits.ask = ask_at_desk;
        visits.may = may_at_desk;
        visits.context = web;
    }
    web->visits = web_visits_new(&visits, web->sessions);
    if (options->setup)
        web->setups = web_setups_new(options->setup, web->sessions);
    return web;
}

void web_destroy(struct web **web)
{
    if (!*web)
        return;
    web_visits_destroy(&(*web)->visits);
    web_enter_destroy(&(*web)->enter);
    web_setups_destroy(&(*web)->setups);
    web_sessions_destroy(&(*web)->sessions);
    memory_free(*web);
    *web = NULL;
}

struct web_sessions *web_take_sessions(struct web *web)
{
    struct web_sessions *sessions = web->sessions;

    web_visits_destroy(&web->visits);
    web->sessions = NULL;
    return sessions;
}

void web_address(struct web *web, char ret[static WEB_ADDRESS_MAX])
{
    char token[WEB_SECRET_TEXT];

    web_session_launch(web->sessions, token);
    (void)snprintf(ret, WEB_ADDRESS_MAX, "http://127.0.0.1:%u/launch?t=%s",
        (unsigned)web->options.port, token);
    memory_wipe(token, sizeof(token));
}

void web_shut_sessions(struct web *web)
{
    if (web)
        web_session_shut_all(web->sessions);
}

void web_set_elsewhere(struct web *web, bool elsewhere)
{
    if (web)
        web->elsewhere = elsewhere;
}

/* --- without a session ------------------------------------------------------------------------------------------ */

static bool is_secret(const char *text)
{
    return text && strlen(text) == WEB_SECRET_TEXT - 1 &&
           strspn(text, "0123456789abcdef") == WEB_SECRET_TEXT - 1;
}

static void show_launch(struct http_request *request)
{
    const char *token = http_query(request, "t");

    if (!is_secret(token)) {
        web_refuse(request, NULL, WEB_CLOSED, 0, NULL);
        return;
    }
    struct json *data = json_new_object();

    json_put_text(data, "token", token);
    web_send(request, 200, page_launch, web_language(request, NULL), &data, NULL);
}

/* To "/", with the new cookie and without those of starts before. */
static void send_in(struct web *web, struct http_request *request, const char *cookie)
{
    char stale[WEB_STALE_MAX][WEB_COOKIE_LINE_MAX];
    struct http_field fields[2 + WEB_STALE_MAX] = {
        {"Location", "/"}, {"Set-Cookie", cookie}};
    size_t n_stale = web_session_stale_lines(
        web->sessions, web->options.port, http_header(request, "Cookie"), stale);

    for (size_t i = 0; i < n_stale; i++)
        fields[2 + i] = (struct http_field){"Set-Cookie", stale[i]};
    http_answer(request,
        &(struct http_answer){.code = 303, .fields = fields, .n_fields = 2 + n_stale});
}

static void launch(
    struct web *web, struct http_request *request, const struct web_form *form)
{
    char secret[WEB_SECRET_TEXT], line[WEB_COOKIE_LINE_MAX];

    if (web_session_enter(web->sessions, web_form_value(form, "t"), secret) !=
        STATUS_OK) {
        web_refuse(request, NULL, WEB_CLOSED, 0, NULL);
        return;
    }
    if (web->elsewhere) /* a token says whose computer it is, not that it is who sits */
        web_session_shut(web->sessions, web_session_find(web->sessions, secret, true));
    web_session_cookie_line(web->sessions, web->options.port, secret, line);
    send_in(web, request, line);
    memory_wipe(secret, sizeof(secret));
    memory_wipe(line, sizeof(line));
}

/* Other bytes have another hash, so that a browser may keep them for ever. They say nothing of the node. */
static bool send_asset(struct http_request *request)
{
    static const struct http_field KEPT = {
        "Cache-Control", "public, max-age=31536000, immutable"};
    const char *hash = http_path(request) + sizeof(ASSET) - 1;
    size_t n = strcspn(hash, "/");
    const struct page_asset *asset = hash[n] ? page_asset_find(hash + n + 1) : NULL;

    if (!asset || strlen(asset->hash) != n || strncmp(asset->hash, hash, n) != 0)
        return false;
    http_answer(request, &(struct http_answer){.code = 200,
                             .type = asset->type,
                             .body = span_of(asset->bytes, asset->n),
                             .fields = &KEPT,
                             .n_fields = 1});
    return true;
}

/* --- routes ------------------------------------------------------------------------------------------------------- */

static bool begins(const char *path, const char *with)
{
    return strncmp(path, with, strlen(with)) == 0;
}

/* What may be done by a form; NULL is a normal answer. */
static const struct verb *find_change(const char *path)
{
    const struct verb *verb = begins(path, DO) ? verb_find(path + sizeof(DO) - 1) : NULL;

    return verb && verb->place != VERB_LOCAL && strcmp(verb->method, "POST") == 0 ? verb
                                                                                  : NULL;
}

static bool is_change(const char *path)
{
    return find_change(path) || strcmp(path, "/language") == 0 ||
           strcmp(path, QUIET) == 0;
}

/* What only the node's own machine does. */
static bool is_only_there(const struct web *web, const struct verb *verb)
{
    return web->enter && verb && !is_for_desks(verb);
}

static bool is_page_only_there(const struct web *web, const char *path)
{
    static const char *const PAGES[] = {
        "/people", "/recovery"}; /* they take passphrases */
    size_t n = strcspn(path, "?");

    for (size_t i = 0; web->enter && i < ARRAY_LENGTH(PAGES); i++)
        if (strlen(PAGES[i]) == n && strncmp(PAGES[i], path, n) == 0)
            return true;
    return false;
}

static bool is_page(const char *path)
{
    char reference[VERB_REFERENCE_BYTES];

    return web_page_find(path, reference) != NULL;
}

static struct web_session *find_session(struct web *web, struct http_request *request)
{
    return web_session_of_header(web->sessions, web->options.port,
        http_header(request, "Cookie"), strcmp(http_path(request), WEB_PAGE_LIVE) != 0);
}

/* The page's path, and of its query what an address may hold. */
static void read_path(struct http_request *request, char ret[static WEB_PATH_MAX])
{
    size_t used = (size_t)snprintf(ret, WEB_PATH_MAX, "%s", http_path(request));
    const char *name, *value;

    for (size_t i = 0; http_query_nth(request, i, &name, &value); i++) {
        int n = snprintf(ret + used, WEB_PATH_MAX - used, "%c%s=%s",
            strchr(ret, '?') ? '&' : '?', name, value);

        if (n > 0 && (size_t)n < WEB_PATH_MAX - used && web_page_is_address(ret))
            used += (size_t)n;
        else
            ret[used] = 0;
    }
}

static void look(struct web *web, struct http_request *request)
{
    const char *path = http_path(request);
    char whole[WEB_PATH_MAX];

    if (begins(path, ASSET) && send_asset(request))
        return;
    if (strcmp(path, "/favicon.ico") == 0) { /* asked for by every browser, by itself */
        http_answer(request, &(struct http_answer){.code = 204});
        return;
    }
    const struct web_session *session = find_session(web, request);
    if (strcmp(path, "/launch") == 0 && !web->enter) {
        show_launch(request);
    } else if (web->enter && strcmp(path, WEB_ENTER_PATH) == 0) {
        web_send_away(request, "/", NULL); /* what was refused is loaded again */
    } else if (is_change(path)) {
        web_refuse(request, session, WEB_WRONG_WAY, 0, "POST");
    } else if (!session && web->enter) {
        web_enter_show(request, web_page_is_address(path) ? path : "/");
    } else if (!session) {
        web_refuse(request, NULL, WEB_CLOSED, 0, NULL);
    } else if (web->setups) {
        web_setup_look(web->setups, request, session);
    } else if (strlen(path) >= WEB_PATH_MAX || !is_page(path)) {
        web_refuse(request, session, WEB_NO_PAGE, 0, NULL);
    } else if (is_page_only_there(web, path)) {
        web_refuse(request, session, WEB_ONLY_THERE, 0, NULL);
    } else {
        read_path(request, whole);
        web_visit_look(web->visits, request, session, whole);
    }
}

static void set_language(struct http_request *request, struct web_session *session,
    const struct web_form *form, const char *back)
{
    const char *language = web_form_value(form, "lang");

    if (!language || (strcmp(language, "eng") != 0 && strcmp(language, "urd") != 0)) {
        web_refuse(request, session, WEB_BAD_FORM, 0, NULL);
        return;
    }
    web_session_set_language(session, language);
    web_send_away(request, back, NULL);
}

static void change(
    struct web *web, struct http_request *request, const struct web_form *form)
{
    static const char *const OWN[] = {WEB_FIELD_FORM, WEB_FIELD_KEY, WEB_FIELD_BACK};
    const char *path = http_path(request);
    const char *back = web_form_value(form, WEB_FIELD_BACK);
    struct web_session *session = find_session(web, request);
    const struct verb *verb = find_change(path);
    bool has_token = session && web_session_is_form_token(
                                    session, web_form_value(form, WEB_FIELD_FORM));

    back = back ? back : "/";
    for (size_t i = 0; i < ARRAY_LENGTH(OWN); i++)
        if (web_form_count(form, OWN[i]) > 1) {
            web_refuse(request, session, WEB_BAD_FORM, 0, NULL);
            return;
        }
    if (web->enter && strcmp(path, WEB_ENTER_PATH) == 0) {
        web_enter_take(web->enter, request, session, form);
    } else if (strcmp(path, "/launch") == 0 && !web->enter) {
        launch(web, request, form);
    } else if (web->setups && session && web_session_is_shut(session)) {
        web_refuse(request, NULL, WEB_CLOSED, 0, NULL); /* nothing opens it again here */
    } else if (web->setups && has_token && begins(path, WEB_SETUP)) {
        web_setup_change(web->setups, request, session, form);
    } else if (web->setups && verb) {
        web_refuse(request, session, WEB_NO_PAGE, 0, NULL);
    } else if (!web->setups && !is_change(path)) {
        bool page = is_page(path);

        web_refuse(
            request, session, page ? WEB_WRONG_WAY : WEB_NO_PAGE, 0, page ? "GET" : NULL);
    } else if (!session) {
        web_refuse(request, NULL, WEB_CLOSED, 0, NULL);
    } else if (!has_token && web_session_is_shut(session)) {
        web_send_away(request, "/", NULL); /* the second click on "lock" */
    } else if (!web_session_is_form_token(
                   session, web_form_value(form, WEB_FIELD_FORM))) {
        web_refuse(request, session, WEB_OLD_FORM, 0, NULL);
    } else if (is_only_there(web, verb) || is_page_only_there(web, back)) {
        web_refuse(request, session, WEB_ONLY_THERE, 0, NULL);
    } else if (!web_page_is_address(back)) {
        web_refuse(request, session, WEB_BAD_FORM, 0, NULL);
    } else if (verb) {
        web_visit_change(web->visits, request, session, verb, form, back);
    } else if (strcmp(path, QUIET) == 0) {
        web_session_forget(session);
        web_send_away(request, back, NULL);
    } else {
        set_language(request, session, form, back);
    }
}

void web_take(void *context, struct http_request *request)
{
    struct web *web = context;
    const struct web_head head = {.method = http_method(request),
        .host = http_header(request, "Host"),
        .origin = http_header(request, "Origin"),
        .fetch_site = http_header(request, "Sec-Fetch-Site"),
        .fetch_mode = http_header(request, "Sec-Fetch-Mode"),
        .fetch_dest = http_header(request, "Sec-Fetch-Dest"),
        .type = http_header(request, "Content-Type"),
        .from_outside = !web->enter && strcmp(http_path(request), "/launch") == 0};
    int refused = web_guard_judge(&head, &web->place);
    struct web_form form;

    if (refused != 0) {
        web_refuse(
            request, NULL, WEB_NOT_OURS, refused, refused == 405 ? "GET, POST" : NULL);
    } else if (strcmp(head.method, "GET") == 0) {
        look(web, request);
    } else if (web_form_parse(http_body(request), &form) != STATUS_OK) {
        web_refuse(request, NULL, WEB_BAD_FORM, 0, NULL);
    } else {
        change(web, request, &form);
        web_form_release(&form);
    }
}
