/* SPDX-License-Identifier: Apache-2.0
 * A visit lives from the question to its answer. What it may show is decided when the answer comes: a lock in between
 * ends all sessions, and with them what was asked under them (`term`).
 */
#include "web.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "web_form.h"
#include "web_guard.h"
#include "web_page.h"
#include "web_session.h"

struct visit {
    struct web *web;
    struct http_request *request;
    uint64_t term;
    bool changes; /* 303 when it went well */
    char form[WEB_SECRET_TEXT];
    struct visit *next, **self;
};

struct web {
    struct web_options options;
    struct web_sessions *sessions;
    uint64_t term; /* ends with each lock */
    struct visit *visits;
};

const struct http_field WEB_FIELDS[] = {
    {"Content-Security-Policy",
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"Cache-Control", "no-store"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
};
const size_t WEB_FIELDS_N = ARRAY_LENGTH(WEB_FIELDS);

static const char CLOSED[] = "This page is closed: it was locked, or left alone for ten "
                             "minutes. \"amaan open\" on "
                             "this machine gives a new address.";

struct web *web_new(const struct web_options *options)
{
    struct web *web = memory_new(sizeof(*web));

    web->options = *options;
    web->sessions = web_sessions_new(options->clock, options->chance);
    return web;
}

static void end_visit(struct visit *visit)
{
    *visit->self = visit->next;
    if (visit->next)
        visit->next->self = visit->self;
    memory_wipe(visit, sizeof(*visit));
    memory_free(visit);
}

void web_destroy(struct web **web)
{
    if (!*web)
        return;
    while ((*web)->visits)
        end_visit((*web)->visits);
    web_sessions_destroy(&(*web)->sessions);
    memory_free(*web);
    *web = NULL;
}

void web_address(struct web *web, char ret[static WEB_ADDRESS_MAX])
{
    char token[WEB_SECRET_TEXT];

    web_session_launch(web->sessions, token);
    (void)snprintf(ret, WEB_ADDRESS_MAX, "http://127.0.0.1:%u/launch?t=%s",
        (unsigned)web->options.port, token);
    memory_wipe(token, sizeof(token));
}

void web_end_sessions(struct web *web)
{
    if (!web)
        return;
    web_session_end_all(web->sessions);
    web->term++;
}

/* --- answers ---------------------------------------------------------------------------------------------- */

static void send_page(struct http_request *request, int code, struct buffer *page)
{
    http_answer(request,
        &(struct http_answer){
            .code = code, .type = "text/html; charset=utf-8", .body = buffer_span(page)});
    buffer_release(page);
}

static void send_note(
    struct http_request *request, int code, const char *title, const char *text)
{
    struct buffer page;

    buffer_init(&page, WEB_PAGE_BYTES_MAX);
    web_page_note(&page, title, text, code != 403 || text != CLOSED);
    send_page(request, code, &page);
}

static void send_closed(struct http_request *request)
{
    send_note(request, 403, "Closed", CLOSED);
}

static void send_home(struct http_request *request, const char *cookie)
{
    const struct http_field fields[] = {{"Location", "/"}, {"Set-Cookie", cookie}};

    http_answer(request,
        &(struct http_answer){.code = 303, .fields = fields, .n_fields = cookie ? 2 : 1});
}

static void on_answer(void *context, int http, const struct json *answer)
{
    struct visit *visit = context;
    struct buffer page;

    if (visit->changes && http == 200) {
        send_home(visit->request, NULL);
    } else if (visit->term != visit->web->term) {
        send_closed(visit->request);
    } else if (http != 200) {
        const char *detail = json_find_text(answer, "detail");

        send_note(visit->request, http, "That did not work",
            detail ? detail : "The node could not do that. Nothing was changed.");
    } else {
        buffer_init(&page, WEB_PAGE_BYTES_MAX);
        web_page_status(&page, answer, visit->form);
        send_page(visit->request, 200, &page);
    }
    end_visit(visit);
}

/* --- routes ----------------------------------------------------------------------------------------------- */

static void ask(struct web *web, struct http_request *request,
    const struct web_session *session, const char *verb, struct json *fields)
{
    struct visit *visit = memory_new(sizeof(*visit));
    const struct verb *row = verb_find(verb);

    PROMISE(row);
    visit->web = web;
    visit->request = request;
    visit->term = web->term;
    visit->changes = strcmp(row->method, "POST") == 0;
    web_session_form_token(session, visit->form);
    visit->next = web->visits;
    visit->self = &web->visits;
    if (visit->next)
        visit->next->self = &visit->next;
    web->visits = visit;
    web->options.ask(web->options.context, row, &fields, on_answer, visit);
}

static bool is_secret(const char *text)
{
    return text && strlen(text) == WEB_SECRET_TEXT - 1 &&
           strspn(text, "0123456789abcdef") == WEB_SECRET_TEXT - 1;
}

static void show_launch(struct http_request *request)
{
    const char *token = http_query(request, "t");
    struct buffer page;

    if (!is_secret(token)) {
        send_closed(request);
        return;
    }
    buffer_init(&page, WEB_PAGE_BYTES_MAX);
    web_page_launch(&page, token);
    send_page(request, 200, &page);
}

static void launch(
    struct web *web, struct http_request *request, const struct web_form *form)
{
    char name[WEB_COOKIE_NAME_MAX], secret[WEB_SECRET_TEXT];
    char cookie[WEB_COOKIE_NAME_MAX + WEB_SECRET_TEXT + 64];

    if (web_session_enter(web->sessions, web_form_value(form, "t"), secret) !=
        STATUS_OK) {
        send_closed(request);
        return;
    }
    web_session_cookie_name(web->sessions, web->options.port, name);
    (void)snprintf(
        cookie, sizeof(cookie), "%s=%s; Path=/; HttpOnly; SameSite=Strict", name, secret);
    send_home(request, cookie);
    memory_wipe(secret, sizeof(secret));
    memory_wipe(cookie, sizeof(cookie));
}

static const struct {
    const char *path, *verb;
} CHANGES[] = {{"/lock", "lock"}, {"/unlock", "unlock"}, {"/enter", "switch"}};

static const char *find_change(const char *path)
{
    for (size_t i = 0; i < ARRAY_LENGTH(CHANGES); i++)
        if (strcmp(CHANGES[i].path, path) == 0)
            return CHANGES[i].verb;
    return NULL;
}

/* The verb's own fields; an empty one was not filled in. */
static struct json *read_fields(const char *verb, const struct web_form *form)
{
    struct json *fields = json_new_object();

    for (size_t i = 0; i < form->n_fields; i++)
        if (verb_argument(verb_find(verb), form->fields[i].name) &&
            *form->fields[i].value)
            json_put_text(fields, form->fields[i].name, form->fields[i].value);
    return fields;
}

static void look(struct web *web, struct http_request *request)
{
    const struct web_session *session = web_session_of_header(
        web->sessions, web->options.port, http_header(request, "Cookie"), true);

    if (strcmp(http_path(request), "/launch") == 0)
        show_launch(request);
    else if (!session)
        send_closed(request);
    else if (strcmp(http_path(request), "/") == 0)
        ask(web, request, session, "status", json_new_object());
    else
        send_note(request, 404, "Nothing here", "There is no page under this address.");
}

static void change(
    struct web *web, struct http_request *request, const struct web_form *form)
{
    const char *verb = find_change(http_path(request));
    const struct web_session *session = web_session_of_header(
        web->sessions, web->options.port, http_header(request, "Cookie"), true);

    if (strcmp(http_path(request), "/launch") == 0)
        launch(web, request, form);
    else if (!session ||
             !web_session_is_form_token(session, web_form_value(form, "form")))
        send_closed(request);
    else if (verb)
        ask(web, request, session, verb, read_fields(verb, form));
    else
        send_note(request, 404, "Nothing here",
            "There is nothing under this address. Nothing was changed.");
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
        .type = http_header(request, "Content-Type")};
    int refused = web_guard_judge(&head, web->options.port);
    struct web_form form;

    if (refused != 0) {
        send_note(request, refused, "Refused",
            "This request did not come from the node's own page. Nothing was changed.");
    } else if (strcmp(head.method, "GET") == 0) {
        look(web, request);
    } else if (web_form_parse(http_body(request), &form) != STATUS_OK) {
        send_note(
            request, 400, "Refused", "The form could not be read. Nothing was changed.");
    } else {
        change(web, request, &form);
        web_form_release(&form);
    }
}
