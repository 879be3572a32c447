/* SPDX-License-Identifier: Apache-2.0
 * A call lives on the heap from api_take to its answer, so that node_call may keep pointers into it. A trace that
 * waits is asked again each turn: whatever it waits for comes in a turn.
 */
#include "api.h"

#include <string.h>

#include "memory.h"
#include "problem.h"
#include "request.h"

struct api_call {
    struct api_call *next;
    struct http_request *http_request; /* NULL: asked by api_ask */
    void (*on_answer)(void *context, int http, const struct json *answer);
    void *context;
    struct api_request request;
    struct json *answer;
    int http;              /* 0: not answered yet */
    int64_t wait_until_ms; /* steady; 0: does not wait */
};

struct api {
    struct api_options options;
    struct api_call *first, **end;
    size_t n;
};

struct api *api_new(const struct api_options *options)
{
    struct api *api = memory_new(sizeof(*api));

    api->options = *options;
    api->end = &api->first;
    return api;
}

static void free_call(struct api_call *call)
{
    json_destroy(&call->request.fields);
    json_destroy(&call->answer);
    memory_wipe(call, sizeof(*call));
    memory_free(call);
}

void api_destroy(struct api **api_p)
{
    if (!*api_p)
        return;
    for (struct api_call *call = (*api_p)->first; call;) {
        struct api_call *next = call->next;

        free_call(call);
        call = next;
    }
    memory_free(*api_p);
    *api_p = NULL;
}

static void answer(
    struct http_request *request, const char *allow, int http, const struct json *json)
{
    struct http_field fields[] = {{"Cache-Control", "no-store"},
        {"X-Content-Type-Options", "nosniff"}, {"Allow", allow}};
    struct http_answer reply = {.code = http,
        .type = http >= 400 ? "application/problem+json" : "application/json",
        .fields = fields,
        .n_fields = allow ? 3 : 2};
    struct buffer text;

    buffer_init(&text, JSON_TEXT_MAX * 4);
    if (!json || json_print(json, &text) != STATUS_OK) {
        reply.code = 500;
        reply.type = NULL;
        buffer_clear(&text);
    }
    reply.body = buffer_span(&text);
    http_answer(request, &reply);
    buffer_release(&text);
}

static void answer_problem(struct http_request *request, const struct problem *problem)
{
    char allow[32];
    struct json *json = problem_format(problem);

    if (problem->http == 405)
        request_allow(http_path(request), allow, sizeof(allow));
    answer(request, problem->http == 405 ? allow : NULL, problem->http, json);
    json_destroy(&json);
}

/* To whoever asked. */
static void tell(struct api_call *call, int http, const struct json *json)
{
    if (call->on_answer)
        call->on_answer(call->context, http, json);
    else
        answer(call->http_request, NULL, http, json);
}

/* The desk does not wait: `wait` is taken out of the request here. */
static enum status read_wait(
    struct api *api, struct api_call *call, struct problem *problem)
{
    struct json *fields = call->request.fields, *rest;
    struct trouble trouble = {""};
    const struct json *value;
    const char *name;
    void *cursor = NULL;
    int64_t seconds = 0;

    if (!verb_argument(call->request.verb, "wait") || !json_find(fields, "wait"))
        return STATUS_OK;
    if (json_may_int(fields, "wait", 0, API_WAIT_SECONDS_MAX, &seconds, &trouble) !=
        STATUS_OK) {
        problem_say(problem, 400, "bad-request", "%.400s.", trouble.text);
        return STATUS_MALFORMED;
    }
    rest = json_new_object();
    while (json_each(fields, &cursor, &name, &value))
        if (strcmp(name, "wait") != 0) {
            struct json *copy = json_clone(value);

            json_give(rest, name, &copy);
        }
    json_destroy(&call->request.fields);
    call->request.fields = rest;
    if (seconds > 0)
        call->wait_until_ms = clock_steady_ms(api->options.clock) + seconds * SECOND_MS;
    return STATUS_OK;
}

static void send_in(struct api *api, struct api_call *call)
{
    if (call->request.verb->place == VERB_AT_DOOR) {
        api->options.door(
            api->options.context, call->request.verb->name, call->request.fields, call);
        return;
    }
    *api->end = call;
    api->end = &call->next;
    api->n++;
}

void api_take(void *context, struct http_request *request)
{
    struct api *api = context;
    struct problem problem = {0};
    struct api_call *call = memory_new(sizeof(*call));
    enum status status = STATUS_FULL;

    call->http_request = request;
    if (api->n >= API_CALLS_MAX)
        problem_say(
            &problem, 503, "busy", "Too many requests at once. Repeat in a moment.");
    else
        status = request_read(request, &call->request, &problem);
    if (status == STATUS_OK)
        status = read_wait(api, call, &problem);
    if (status != STATUS_OK) {
        problem_of_status(&problem, status);
        answer_problem(request, &problem);
        free_call(call);
        return;
    }
    send_in(api, call);
}

void api_ask(struct api *api, const struct verb *verb, const char *key,
    struct json **fields,
    void (*on_answer)(void *context, int http, const struct json *answer), void *context)
{
    struct api_call *call = memory_new(sizeof(*call));

    PROMISE(verb->place != VERB_LOCAL && strlen(key) <= KEY_BYTES_MAX);
    call->on_answer = on_answer;
    call->context = context;
    call->request.verb = verb;
    (void)snprintf(call->request.key, sizeof(call->request.key), "%s", key);
    call->request.fields = *fields;
    *fields = NULL;
    if (api->n >= API_CALLS_MAX)
        api_fail(call, 503, "busy", "Too many requests at once. Repeat in a moment.");
    else
        send_in(api, call);
}

void api_turn(struct api *api)
{
    for (struct api_call *call = api->first; call; call = call->next)
        if (call->http == 0)
            api->options.call(api->options.context, call->request.verb->name,
                call->request.key, call->request.fields, &call->answer, &call->http);
}

/* Is this answer only "not yet", and is there time left? */
static bool goes_on_waiting(const struct api *api, const struct api_call *call)
{
    const char *reached = json_find_text(call->answer, "reached");

    if (call->wait_until_ms == 0 ||
        clock_steady_ms(api->options.clock) >= call->wait_until_ms)
        return false;
    return call->http == 404 ||
           (call->http == 200 && reached && strcmp(reached, "not-yet") == 0);
}

void api_speak(struct api *api)
{
    struct api_call **at = &api->first;

    while (*at) {
        struct api_call *call = *at;

        if (goes_on_waiting(api, call)) {
            json_destroy(&call->answer);
            call->http = 0;
        }
        if (call->http == 0) {
            at = &call->next;
            continue;
        }
        *at = call->next;
        if (!*at)
            api->end = at; /* whoever is told may ask again, behind the last one */
        api->n--;
        tell(call, call->http, call->answer);
        free_call(call);
    }
}

void api_finish(struct api_call *call, int http, struct json **json)
{
    tell(call, http, *json);
    json_destroy(json);
    free_call(call);
}

void api_fail(struct api_call *call, int http, const char *code, const char *detail)
{
    struct problem problem = {0};

    problem_say(&problem, http, code, "%s", detail);
    struct json *json = problem_format(&problem);

    tell(call, http, json);
    json_destroy(&json);
    free_call(call);
}

bool api_has_work(const struct api *api)
{
    for (const struct api_call *call = api->first; call; call = call->next)
        if (call->http == 0 && call->wait_until_ms == 0)
            return true;
    return false;
}

size_t api_waiting(const struct api *api)
{
    size_t n = 0;

    for (const struct api_call *call = api->first; call; call = call->next)
        n += call->http == 0 && call->wait_until_ms != 0;
    return n;
}

int64_t api_deadline_steady_ms(const struct api *api)
{
    int64_t due = INT64_MAX;

    for (const struct api_call *call = api->first; call; call = call->next)
        if (call->http == 0 && call->wait_until_ms != 0 && call->wait_until_ms < due)
            due = call->wait_until_ms;
    return due;
}
