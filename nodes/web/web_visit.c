/* SPDX-License-Identifier: Apache-2.0
 * A visit lives from the question to its answer. `n_waiting` counts what is asked and not answered, and one more while asking,
 * for an answer may come at once.
 */
#include "web_visit.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "pages.h"
#include "web_answer.h"
#include "web_error.h"
#include "web_fields.h"
#include "web_offer.h"

enum { KEY_BYTES = 16, LOCKED = 423 };

struct part {
    struct visit *visit;
    const struct web_ask *ask; /* NULL: status */
    struct json *asked;        /* of a form's verb */
};

struct visit {
    struct web_visits *in;
    struct http_request *request;
    uint64_t life; /* of its session */
    bool was_shut;
    enum page_language language;
    char path[WEB_PATH_MAX], reference[VERB_REFERENCE_BYTES];
    const struct web_page *page;
    struct part parts[WEB_ASKS_MAX + 1];
    size_t n_waiting;
    int code; /* of what it will be answered */
    bool page_refused;
    struct json *data;
    /* Of a change. */
    const struct verb *verb;
    bool keyed;
    struct hash name, said;
    struct visit *next, **self;
};

struct web_visits {
    struct web_options options;
    struct web_sessions *sessions;
    struct visit *first;
};

struct web_visits *web_visits_new(
    const struct web_options *options, struct web_sessions *sessions)
{
    struct web_visits *visits = memory_new(sizeof(*visits));

    visits->options = *options;
    visits->sessions = sessions;
    return visits;
}

static void end_visit(struct visit *visit)
{
    *visit->self = visit->next;
    if (visit->next)
        visit->next->self = visit->self;
    for (size_t i = 0; i < ARRAY_LENGTH(visit->parts); i++)
        json_destroy(&visit->parts[i].asked);
    json_destroy(&visit->data);
    memory_wipe(visit, sizeof(*visit));
    memory_free(visit);
}

void web_visits_destroy(struct web_visits **visits)
{
    if (!*visits)
        return;
    while ((*visits)->first)
        end_visit((*visits)->first);
    memory_free(*visits);
    *visits = NULL;
}

/* Why what rested could not be done, in the page's language. */
static void explain_not_done(struct visit *visit)
{
    const struct json *status = json_find(visit->data, "status");
    const struct json *before = json_find(status, "not_done");
    struct json *copy, *list = json_new_list();

    for (size_t i = 0; i < json_count(before); i++) {
        struct json *one = json_clone(json_nth(before, i));
        struct json *error = web_error_of_answer(visit->language, one);

        json_give(one, "error", &error);
        json_add(list, &one);
    }
    if (json_count(list) > 0) {
        copy = json_clone(status);
        json_give(copy, "not_done", &list);
        json_give(visit->data, "status", &copy);
    }
    json_destroy(&list);
}

/* Everything asked is answered: the page, or what may be shown instead of it. */
static void show(struct visit *visit)
{
    struct web_visits *visits = visit->in;
    const struct web_session *session =
        web_session_of_life(visits->sessions, visit->life);
    const struct json *status = json_find(visit->data, "status");
    char token[WEB_SECRET_TEXT], key[2 * KEY_BYTES + 1];
    uint8_t chance[KEY_BYTES];
    page_function *render = visit->page->render;

    if (!session) { /* renewed meanwhile, or it gave way: its browser comes again */
        web_send_away(visit->request, visit->path, NULL);
        end_visit(visit);
        return;
    }
    if (!status) {
        render = page_refusal;
    } else if (web_session_is_shut(session) || visit->was_shut ||
               !json_find_text(status, "sits")) {
        render = visits->options.office ? page_office : page_lock;
        if (visit->page_refused) /* because of the lock */
            json_put_null(visit->data, "error");
        if (visit->page_refused || visit->code == 200)
            visit->code = LOCKED;
    } else {
        web_offer_put(&visits->options, visit->page, visit->data);
        explain_not_done(visit);
        render = visit->page_refused ? page_refusal : render;
    }
    web_session_form_token(session, token);
    chance_fill(visits->options.chance, chance, sizeof(chance));
    hex_format(chance, sizeof(chance), key);
    struct page_context context = {.language = visit->language,
        .token = token,
        .key = key,
        .path = visit->path,
        .practice = json_find_flag(status, "practice")};
    web_answer(visit->request, visit->code, render, visit->data, &context, NULL,
        visit->page->path);
    memory_wipe(token, sizeof(token));
    end_visit(visit);
}

/* --- a look ---------------------------------------------------------------------------------------------------- */

static void arrive(struct visit *visit)
{
    if (--visit->n_waiting == 0)
        show(visit);
}

static void on_part(void *context, int http, const struct json *answer)
{
    const struct part *part = context;
    struct visit *visit = part->visit;

    if (http >= 200 && http < 300) {
        struct json *copy = json_clone(answer);

        json_give(visit->data, part->ask ? part->ask->name : "status", &copy);
    } else if (!visit->page_refused) {
        struct json *error = web_error_of_answer(visit->language, answer);

        json_give(visit->data, "error", &error);
        visit->page_refused = true;
        visit->code = http;
    }
    arrive(visit);
}

static struct hash name_of(const char *key, const char *verb, const char *reference)
{
    const struct span parts[] = {span_of(key, strlen(key) + 1),
        span_of(verb, strlen(verb) + 1), span_of(reference, strlen(reference) + 1)};

    return hash_of_parts(parts, ARRAY_LENGTH(parts));
}

/* Of an ask: the verb that a person has done already in this session, else the one of a mere look; NULL: none yet. */
static const struct verb *choose_verb(
    const struct visit *visit, const struct web_ask *ask)
{
    struct web_session *session = web_session_of_life(visit->in->sessions, visit->life);

    if (ask->once && session) {
        struct hash name = name_of("", ask->once, visit->reference);

        if (web_session_done(session, &name, &name) == WEB_DONE) {
            web_session_keep(session, &name, &name); /* while it is looked at */
            json_put_flag(visit->data, "whole", true);
            return verb_find(ask->once);
        }
    }
    return ask->verb ? verb_find(ask->verb) : NULL;
}

/* What a filter was set to, for the form that shows it again. */
static void keep_asked(const struct visit *visit, const char *name, const char *value)
{
    const struct json *before = json_find(visit->data, "asked");
    struct json *asked = before ? json_clone(before) : json_new_object();

    json_put_text(asked, name, value);
    json_give(visit->data, "asked", &asked);
}

/* Path and query give what the verb knows; the rest of a query is nobody's. */
static struct json *read_address(const struct visit *visit, const struct verb *verb)
{
    struct json *fields = json_new_object();
    struct trouble trouble = {""};
    char name[WEB_FORM_NAME_MAX + 1], value[WEB_PATH_MAX];

    if (*visit->reference && verb_argument(verb, "reference"))
        json_put_text(fields, "reference", visit->reference);
    if (verb_argument(verb, "lang"))
        json_put_text(fields, "lang", visit->language == PAGE_URD ? "urd" : "eng");
    for (const char *at = strchr(visit->path, '?'); at; at = strchr(at, '&')) {
        at++;
        int n = (int)strcspn(at, "=&");
        const char *from = at[n] == '=' ? at + n + 1 : at + n;

        if (n > WEB_FORM_NAME_MAX)
            continue;
        (void)snprintf(name, sizeof(name), "%.*s", n, at);
        (void)snprintf(value, sizeof(value), "%.*s", (int)strcspn(from, "&"), from);
        if (verb_argument(verb, name) && !json_find(fields, name) &&
            web_fields_put(verb, fields, name, value, &trouble) == STATUS_OK && *value)
            keep_asked(visit, name, value);
    }
    return fields;
}

static void ask_part(struct visit *visit, struct part *part, const struct verb *verb)
{
    const struct web_options *options = &visit->in->options;
    struct json *fields = read_address(visit, verb);

    visit->n_waiting++;
    part->visit = visit;
    options->ask(options->context, verb, "", &fields, on_part, part);
}

static void ask_all(struct visit *visit, const struct web_session *session)
{
    const struct web_options *options = &visit->in->options;
    size_t n = 0;

    visit->page = web_page_find(visit->path, visit->reference);
    PROMISE(visit->page && visit->n_waiting == 0);
    if (*visit->reference)
        json_put_text(visit->data, "reference", visit->reference);
    visit->was_shut = web_session_is_shut(session);
    visit->n_waiting = 1;
    for (size_t i = 0; i < WEB_ASKS_MAX && !visit->was_shut; i++) {
        const struct web_ask *ask = &visit->page->asks[i];

        if (!ask->name)
            break;
        const struct verb *verb = choose_verb(visit, ask);
        if (!verb || (ask->maybe && !options->may(options->context, verb)))
            continue;
        visit->parts[n].ask = ask;
        ask_part(visit, &visit->parts[n++], verb);
    }
    visit->parts[n].ask = NULL; /* it may have been a form's */
    ask_part(visit, &visit->parts[n], verb_find("status"));
    arrive(visit);
}

static struct visit *begin(struct web_visits *visits, struct http_request *request,
    const struct web_session *session, const char *path)
{
    struct visit *visit = memory_new(sizeof(*visit));

    PROMISE(strlen(path) < sizeof(visit->path));
    memcpy(visit->path, path, strlen(path) + 1);
    visit->in = visits;
    visit->request = request;
    visit->life = web_session_life(session);
    visit->language = web_language(request, session);
    visit->code = 200;
    visit->data = json_new_object();
    visit->next = visits->first;
    visit->self = &visits->first;
    if (visit->next)
        visit->next->self = &visit->next;
    visits->first = visit;
    return visit;
}

void web_visit_look(struct web_visits *visits, struct http_request *request,
    const struct web_session *session, const char *path)
{
    ask_all(begin(visits, request, session, path), session);
}

/* --- a change ---------------------------------------------------------------------------------------------------- */

/* A new cookie for whoever has just shown that they may enter. */
static bool enters(const struct verb *verb)
{
    return strcmp(verb->name, "unlock") == 0 || strcmp(verb->name, "switch") == 0 ||
           strcmp(verb->name, "screen-unlock") == 0;
}

static void renew(
    struct web_visits *visits, uint64_t life, char ret_line[static WEB_COOKIE_LINE_MAX])
{
    struct web_session *session = web_session_of_life(visits->sessions, life);
    char secret[WEB_SECRET_TEXT];

    *ret_line = 0;
    if (!session)
        return;
    web_session_renew(visits->sessions, session, secret);
    web_session_cookie_line(visits->sessions, visits->options.port, secret, ret_line);
    memory_wipe(secret, sizeof(secret));
}

static void fail(struct visit *visit, int http, struct json *error)
{
    const struct web_session *session =
        web_session_of_life(visit->in->sessions, visit->life);

    json_give(visit->data, "error", &error);
    visit->code = http;
    visit->keyed = false; /* what comes under this key from now on is tried anew */
    if (!session) {
        web_send_away(visit->request, visit->path, NULL);
        end_visit(visit);
        return;
    }
    ask_all(visit, session);
}

/* What was made has a page, and whoever made it has opened it. */
static void go_to_made(struct visit *visit, const struct json *answer)
{
    struct web_session *session = web_session_of_life(visit->in->sessions, visit->life);
    const struct web_made *made = web_made_find(visit->verb->name);
    const char *name = made ? json_find_text(answer, made->field) : NULL;

    if (!name)
        return;
    (void)snprintf(visit->path, sizeof(visit->path), "%s%s", made->path, name);
    if (session) {
        struct hash deed = name_of("", made->once, name);

        web_session_keep(session, &deed, &deed);
    }
}

static void settle(
    struct visit *visit, int http, const struct json *answer, const char *cookie)
{
    if (http < 200 || http >= 300) {
        fail(visit, http, web_error_of_answer(visit->language, answer));
        return;
    }
    go_to_made(visit, answer);
    web_send_away(visit->request, visit->path, *cookie ? cookie : NULL);
    end_visit(visit);
}

static bool is_same(const struct visit *a, const struct visit *b)
{
    return a != b && a->keyed && b->keyed && a->life == b->life &&
           hash_equal(&a->name, &b->name);
}

static void on_changed(void *context, int http, const struct json *answer)
{
    struct visit *visit = context, *twin = visit->in->first, *next;
    struct web_session *session = web_session_of_life(visit->in->sessions, visit->life);
    char cookie[WEB_COOKIE_LINE_MAX] = "";
    bool well = http >= 200 && http < 300;

    if (well && session && visit->keyed)
        web_session_keep(session, &visit->name, &visit->said);
    if (well && session && !visit->verb->changes) {
        struct hash name = name_of("", visit->verb->name, visit->reference);

        web_session_keep(session, &name, &name);
    }
    for (; twin; twin = next) { /* those that came while it was being done */
        next = twin->next;
        if (is_same(twin, visit)) {
            if (well && enters(visit->verb) && !*cookie)
                renew(visit->in, visit->life, cookie);
            settle(twin, http, answer, cookie);
        }
    }
    if (well && enters(visit->verb) && !*cookie)
        renew(visit->in, visit->life, cookie);
    settle(visit, http, answer, cookie);
    memory_wipe(cookie, sizeof(cookie));
}

/* What is not empty of what a person wrote, whatever its key or token. */
static struct hash hash_said(const struct hash *name, const struct json *fields)
{
    struct buffer text;

    buffer_init(&text, JSON_TEXT_MAX);
    PROMISE(json_print(fields, &text) == STATUS_OK); /* at most a form */
    const struct span parts[] = {hash_span(name), buffer_span(&text)};
    struct hash hash = hash_of_parts(parts, ARRAY_LENGTH(parts));
    memory_wipe(text.bytes, text.used);
    buffer_release(&text);
    return hash;
}

/* Was it done, or is it being done, in this session? */
static enum web_done find_done(
    const struct visit *visit, const struct web_session *session, bool *ret_now)
{
    *ret_now = false;
    if (!visit->keyed)
        return WEB_NOT_DONE;
    for (const struct visit *at = visit->in->first; at; at = at->next)
        if (is_same(at, visit)) {
            *ret_now = true;
            return hash_equal(&at->said, &visit->said) ? WEB_DONE : WEB_DONE_OTHERWISE;
        }
    return web_session_done(session, &visit->name, &visit->said);
}

/* Takes the fields. */
static void do_it(
    struct visit *visit, const struct web_session *session, struct json **fields)
{
    const struct web_options *options = &visit->in->options;
    char key[2 * HASH_BYTES + 1] = "";
    bool now;

    switch (find_done(visit, session, &now)) {
    case WEB_DONE:
        if (!now) {
            web_send_away(visit->request, visit->path, NULL);
            end_visit(visit);
        }
        break;
    case WEB_DONE_OTHERWISE:
        fail(visit, 409, web_error_own(visit->language, "key-used", NULL));
        break;
    case WEB_NOT_DONE:
        if (visit->keyed)
            hex_format(visit->name.bytes, HASH_BYTES, key);
        options->ask(options->context, visit->verb, visit->verb->changes ? key : "",
            fields, on_changed, visit);
    }
    json_destroy(fields);
}

/* --- a question, whose answer stands on the page --------------------------------------------------------------- */

static void end_question(struct visit *visit)
{
    const struct web_session *session =
        web_session_of_life(visit->in->sessions, visit->life);

    if (--visit->n_waiting > 0)
        return;
    if (session) {
        ask_all(visit, session);
        return;
    }
    web_send_away(visit->request, visit->path, NULL);
    end_visit(visit);
}

/* With what was asked beside it, so that the next form can say it again. */
static void put_answer(
    struct visit *visit, const struct part *part, int http, const struct json *answer)
{
    if (http >= 200 && http < 300) {
        struct json *list = json_find(visit->data, part->ask->name)
                                ? json_clone(json_find(visit->data, part->ask->name))
                                : json_new_list();
        struct json *one = json_clone(answer), *asked = json_clone(part->asked);

        json_give(one, "asked", &asked);
        json_add(list, &one);
        json_give(visit->data, part->ask->name, &list);
    } else if (visit->code == 200) {
        struct json *error = web_error_of_answer(visit->language, answer);

        json_give(visit->data, "error", &error);
        visit->code = http;
    }
}

static void on_answered(void *context, int http, const struct json *answer)
{
    struct part *part = context;
    struct visit *visit = part->visit, *twin = visit->in->first, *next;
    struct web_session *session = web_session_of_life(visit->in->sessions, visit->life);

    if (http >= 200 && http < 300 && session && visit->keyed)
        web_session_keep(session, &visit->name, &visit->said);
    for (; twin; twin = next) { /* the same form, sent again while this was done */
        next = twin->next;
        if (!is_same(twin, visit))
            continue;
        twin->keyed = false;
        put_answer(twin, part, http, answer);
        end_question(twin);
    }
    visit->keyed = false;
    put_answer(visit, part, http, answer);
    end_question(visit);
}

static void ask_one(struct visit *visit, struct part *part, const struct web_ask *ask,
    struct json **fields)
{
    const struct web_options *options = &visit->in->options;

    part->visit = visit;
    part->ask = ask;
    part->asked = json_clone(*fields);
    visit->n_waiting++;
    options->ask(options->context, visit->verb, "", fields, on_answered, part);
}

/* Once for each box that was ticked, else once. */
static enum status ask_each(struct visit *visit, const struct web_ask *ask,
    const struct web_form *form, const struct json *fields, struct trouble *trouble)
{
    struct json *all[WEB_ASKS_MAX] = {NULL};
    enum status status = STATUS_OK;
    size_t n = 0;

    if (web_form_count(form, WEB_FIELD_EACH) > WEB_ASKS_MAX) {
        trouble_say(trouble, "At most %d at once. Nothing was changed", WEB_ASKS_MAX);
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; status == STATUS_OK && i < form->n_fields; i++)
        if (strcmp(form->fields[i].name, WEB_FIELD_EACH) == 0) {
            all[n] = json_clone(fields);
            status = web_fields_put_each(
                visit->verb, all[n++], form->fields[i].value, trouble);
        }
    if (n == 0)
        all[n++] = json_clone(fields);
    for (size_t i = 0; i < n; i++) {
        if (status == STATUS_OK)
            ask_one(visit, &visit->parts[i], ask, &all[i]);
        json_destroy(&all[i]);
    }
    return status;
}

static void ask_form(struct visit *visit, const struct web_ask *ask,
    const struct web_form *form, struct json **fields)
{
    struct trouble trouble = {""};
    bool now = false;

    if (ask->single && visit->keyed) {
        const struct web_session *session =
            web_session_of_life(visit->in->sessions, visit->life);

        switch (session ? find_done(visit, session, &now) : WEB_NOT_DONE) {
        case WEB_NOT_DONE:
            break;
        case WEB_DONE:
            json_destroy(fields);
            visit->n_waiting = now; /* for the first one's answer */
            if (!now)
                fail(visit, 409, web_error_own(visit->language, "shown-once", NULL));
            return;
        case WEB_DONE_OTHERWISE:
            json_destroy(fields);
            fail(visit, 409, web_error_own(visit->language, "key-used", NULL));
            return;
        }
    }
    if (verb_argument(visit->verb, "lang") && !json_find(*fields, "lang"))
        json_put_text(*fields, "lang", visit->language == PAGE_URD ? "urd" : "eng");
    visit->n_waiting = 1;
    if (ask_each(visit, ask, form, *fields, &trouble) != STATUS_OK) {
        struct json *error = web_error_own(visit->language, "bad-request", trouble.text);

        json_give(visit->data, "error", &error);
        visit->code = 400;
    }
    json_destroy(fields);
    end_question(visit);
}

void web_visit_change(struct web_visits *visits, struct http_request *request,
    const struct web_session *session, const struct verb *verb,
    const struct web_form *form, const char *back)
{
    struct visit *visit = begin(visits, request, session, back);
    struct json *fields = json_new_object(), *said = web_fields_said(verb, form);
    const char *key = web_form_value(form, WEB_FIELD_KEY), *about;
    struct trouble trouble = {""};

    json_give(visit->data, "said", &said);
    json_put_text(visit->data, "did", verb->name);
    if (web_session_is_shut(session) && !enters(verb)) {
        json_destroy(&fields);
        ask_all(visit, session); /* the lock page */
        return;
    }
    if (web_fields_read(verb, form, fields, &trouble) != STATUS_OK) {
        json_destroy(&fields);
        fail(visit, 400, web_error_own(visit->language, "bad-request", trouble.text));
        return;
    }
    if (verb->changes &&
        verb_argument(verb, "rest")) /* what is sent by a page can be taken back */
        json_put_flag(fields, "rest", true);
    visit->verb = verb;
    const struct web_ask *shown =
        web_page_form(web_page_find(back, visit->reference), verb->name);
    if (shown && shown->single) {
        visit->keyed = key && *key;
        visit->name = name_of(key ? key : "", verb->name, visit->reference);
        visit->said = hash_said(&visit->name, fields);
    }
    if (shown) {
        ask_form(visit, shown, form, &fields);
        return;
    }
    if (web_form_count(form, WEB_FIELD_EACH) > 0) { /* one form, one change */
        json_destroy(&fields);
        fail(visit, 400, web_error_own(visit->language, "bad-request", NULL));
        return;
    }
    about = json_find_text(fields, "reference");
    (void)snprintf(visit->reference, sizeof(visit->reference), "%s", about ? about : "");
    visit->keyed = key && *key;
    visit->name = name_of(key ? key : "", verb->name, visit->reference);
    visit->said = hash_said(&visit->name, fields);
    do_it(visit, session, &fields);
}
