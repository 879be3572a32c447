/* SPDX-License-Identifier: Apache-2.0
 * The body is parsed strictly once; which fields a verb knows is the desk's question, so that all of them go there.
 */
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "memory.h"

static enum status read_key(const struct http_request *request, const struct verb *verb,
    char ret[static KEY_BYTES_MAX + 1], struct problem *problem)
{
    const char *key = http_header(request, "Idempotency-Key");
    size_t n = key ? strlen(key) : 0;

    ret[0] = 0;
    if (!verb->changes)
        return STATUS_OK;
    if (n == 0) {
        problem_say(problem, 428, "key-needed",
            "This request changes something and needs the header Idempotency-Key, so "
            "that it can "
            "be repeated without acting twice. Nothing was changed.");
        return STATUS_MALFORMED;
    }
    bool printable = n <= KEY_BYTES_MAX;
    for (size_t i = 0; printable && i < n; i++)
        printable = key[i] > ' ' && key[i] <= '~';
    if (!printable) {
        problem_say(problem, 400, "bad-key",
            "The Idempotency-Key is to be 1 to %d printable ASCII characters without "
            "spaces. "
            "Nothing was changed.",
            KEY_BYTES_MAX);
        return STATUS_MALFORMED;
    }
    memcpy(ret, key, n + 1);
    return STATUS_OK;
}

static enum status add_number(
    struct json *fields, const char *name, const char *text, struct problem *problem)
{
    char *end;

    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end || value < 0 || value > JSON_SAFE_INT) {
        problem_say(problem, 400, "bad-request", "Field \"%s\" is to be a number.", name);
        return STATUS_MALFORMED;
    }
    json_put_int(fields, name, value);
    return STATUS_OK;
}

static enum status read_query(const struct http_request *request, const struct verb *verb,
    struct json *fields, struct problem *problem)
{
    const char *name, *value;
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && http_query_nth(request, i, &name, &value);
         i++) {
        const struct verb_argument *row = verb_argument(verb, name);

        if (row && row->type == ARGUMENT_NUMBER)
            status = add_number(fields, name, value, problem);
        else
            json_put_text(fields, name, value);
    }
    return status;
}

static enum status refuse_query(
    const struct http_request *request, struct problem *problem)
{
    const char *name, *value;

    if (http_query_nth(request, 0, &name, &value)) {
        problem_say(problem, 400, "bad-request",
            "This request has its fields in the body, not in the address. Nothing was "
            "changed.");
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

/* The reference of the path; the fields may not say another one. */
static enum status put_reference(
    struct json *fields, const char *reference, struct problem *problem)
{
    const char *said = json_find_text(fields, "reference");

    if (!*reference)
        return STATUS_OK;
    if (json_find(fields, "reference") && !(said && strcmp(said, reference) == 0)) {
        problem_say(problem, 400, "bad-request",
            "Field \"reference\" says another one than the path. Nothing was changed.");
        return STATUS_MALFORMED;
    }
    json_put_text(fields, "reference", reference);
    return STATUS_OK;
}

static bool is_json(const char *type)
{
    static const char JSON[] = "application/json";
    size_t n = sizeof(JSON) - 1;

    return type && strncasecmp(type, JSON, n) == 0 && (!type[n] || type[n] == ';');
}

static enum status read_body(
    const struct http_request *request, struct json **ret, struct problem *problem)
{
    struct span body = http_body(request);
    enum status status;

    if (body.n == 0) {
        *ret = json_new_object();
        return STATUS_OK;
    }
    if (!is_json(http_header(request, "Content-Type"))) {
        problem_say(problem, 415, "not-json",
            "The body is to be JSON and to say so: Content-Type: application/json. "
            "Nothing was "
            "changed.");
        return STATUS_UNSUPPORTED;
    }
    status = json_parse(body, API_BODY_BYTES_MAX, ret, &problem->detail);
    if (status == STATUS_OK && json_kind(*ret) != JSON_OBJECT_KIND) {
        json_destroy(ret);
        trouble_say(&problem->detail, "the body is to be a JSON object");
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK) {
        struct trouble trouble = problem->detail;

        problem_say(problem, status == STATUS_TOO_BIG ? 413 : 400,
            status == STATUS_TOO_BIG ? "too-big" : "bad-json",
            "%.400s. Nothing was changed.", trouble.text);
    }
    return status;
}

enum status request_read(
    const struct http_request *request, struct api_request *ret, struct problem *problem)
{
    char reference[VERB_REFERENCE_BYTES];
    struct api_request read = {0};
    bool other_method = false;
    enum status status;

    read.verb =
        verb_route(http_method(request), http_path(request), reference, &other_method);
    if (!read.verb) {
        problem_say(problem, other_method ? 405 : 404,
            other_method ? "wrong-method" : "unknown-path",
            other_method ? "This path is asked for in another way."
                         : "There is nothing under this path.");
        return STATUS_NOT_FOUND;
    }
    status = read_key(request, read.verb, read.key, problem);
    if (status == STATUS_OK && strcmp(read.verb->method, "POST") == 0)
        status = read_body(request, &read.fields, problem);
    else if (status == STATUS_OK)
        read.fields = json_new_object();
    if (status == STATUS_OK && strcmp(read.verb->method, "GET") == 0)
        status = read_query(request, read.verb, read.fields, problem);
    else if (status == STATUS_OK)
        status = refuse_query(request, problem);
    if (status == STATUS_OK)
        status = put_reference(read.fields, reference, problem);
    if (status != STATUS_OK) {
        json_destroy(&read.fields);
        return status;
    }
    *ret = read;
    return STATUS_OK;
}

void request_allow(const char *path, char *ret, size_t size)
{
    static const char *const methods[] = {"GET", "POST"};
    char reference[VERB_REFERENCE_BYTES];
    size_t used = 0;

    ret[0] = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(methods); i++) {
        if (!verb_route(methods[i], path, reference, NULL))
            continue;
        int n =
            snprintf(ret + used, size - used, "%s%s", used > 0 ? ", " : "", methods[i]);
        PROMISE(n > 0 && (size_t)n < size - used);
        used += (size_t)n;
    }
}
