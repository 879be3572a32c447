/* SPDX-License-Identifier: Apache-2.0 */
#include "web_setup.h"

#include <string.h>

#include "memory.h"
#include "pages.h"
#include "web_answer.h"
#include "web_error.h"

struct web_step {
    struct web_setups *in;
    struct http_request *request;
    uint64_t life; /* of its session */
    enum page_language language;
    struct json *said;
    struct web_step *next, **self;
};

struct web_setups {
    struct web_setup setup;
    struct web_sessions *sessions;
    struct web_step *first;
};

struct web_setups *web_setups_new(
    const struct web_setup *setup, struct web_sessions *sessions)
{
    struct web_setups *setups = memory_new(sizeof(*setups));

    setups->setup = *setup;
    setups->sessions = sessions;
    return setups;
}

static void free_step(struct web_step *step)
{
    *step->self = step->next;
    if (step->next)
        step->next->self = step->self;
    json_destroy(&step->said);
    memory_free(step);
}

void web_setups_destroy(struct web_setups **setups)
{
    if (!*setups)
        return;
    while ((*setups)->first)
        free_step((*setups)->first);
    memory_free(*setups);
    *setups = NULL;
}

static page_function *choose_page(const struct json *data)
{
    static const struct {
        const char *step;
        page_function *render;
    } steps[] = {{"start", page_setup_start}, {"request", page_setup_request},
        {"compare", page_setup_compare}};
    const char *step = json_find_text(data, "step");

    for (size_t i = 0; step && i < ARRAY_LENGTH(steps); i++)
        if (strcmp(steps[i].step, step) == 0)
            return steps[i].render;
    return NULL;
}

static void show(struct http_request *request, const struct web_session *session,
    int code, struct json **data)
{
    char token[WEB_SECRET_TEXT];

    if (!choose_page(*data)) { /* it is over: the node's own page is there in a moment */
        web_send_away(request, "/", NULL);
        json_destroy(data);
        return;
    }
    web_session_form_token(session, token);
    struct page_context context = {.language = web_language(request, session),
        .token = token,
        .key = "",
        .path = "/"};
    web_answer(request, code, choose_page(*data), *data, &context, NULL, "setup");
    memory_wipe(token, sizeof(token));
    json_destroy(data);
}

void web_setup_look(struct web_setups *setups, struct http_request *request,
    const struct web_session *session)
{
    struct json *data;

    if (web_session_is_shut(session)) {
        web_refuse(request, NULL, WEB_CLOSED, 0, NULL);
        return;
    }
    if (strcmp(http_path(request), "/") != 0) { /* of a form that was reloaded */
        web_send_away(request, "/", NULL);
        return;
    }
    data = setups->setup.show(setups->setup.context);
    show(request, session, 200, &data);
}

/* What is no secret, for the form that is shown again. */
static struct json *keep_said(const struct web_form *form)
{
    static const char *const NAMES[] = {"name", "role", "person", "from", "folder"};
    struct json *said = json_new_object();

    for (size_t i = 0; i < ARRAY_LENGTH(NAMES); i++)
        if (web_form_value(form, NAMES[i]))
            json_put_text(said, NAMES[i], web_form_value(form, NAMES[i]));
    return said;
}

void web_setup_change(struct web_setups *setups, struct http_request *request,
    const struct web_session *session, const struct web_form *form)
{
    struct web_step *step = memory_new(sizeof(*step));

    step->in = setups;
    step->request = request;
    step->life = web_session_life(session);
    step->language = web_language(request, session);
    step->said = keep_said(form);
    step->next = setups->first;
    step->self = &setups->first;
    if (step->next)
        step->next->self = &step->next;
    setups->first = step;
    setups->setup.act(
        setups->setup.context, http_path(request) + sizeof(WEB_SETUP) - 1, form, step);
}

void web_step_end(struct web_step *step, int http, const char *code, const char *detail)
{
    struct web_setups *setups = step->in;
    const struct web_session *session = web_session_of_life(setups->sessions, step->life);

    if (!code || !session) {
        web_send_away(step->request, "/", NULL);
        free_step(step);
        return;
    }
    struct json *data = setups->setup.show(setups->setup.context);
    struct json *error = web_error_own(step->language, code, detail);

    if (detail && !json_find(error, "detail") &&
        strcmp(json_find_text(error, "text"), detail) != 0)
        json_put_text(error, "detail", detail);
    json_give(data, "error", &error);
    json_give(data, "said", &step->said);
    show(step->request, session, http, &data);
    free_step(step);
}
