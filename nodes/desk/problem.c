/* SPDX-License-Identifier: Apache-2.0
 * Two tables: what fits a status, and the titles of HTTP codes.
 */
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "memory.h"

struct fit {
    enum status status;
    int http;
    const char *code, *detail;
};

static const struct fit FITS[] = {
    {STATUS_MALFORMED, 400, "bad-request",
        "The request is not understood; nothing was changed."},
    {STATUS_UNSUPPORTED, 400, "unsupported",
        "The request asks for something that this version does not know; nothing was "
        "changed."},
    {STATUS_TOO_BIG, 413, "too-big", "The request is too large; nothing was changed."},
    {STATUS_DENIED, 403, "not-allowed",
        "This is not allowed to this member; nothing was changed."},
    {STATUS_NOT_FOUND, 404, "not-found", "There is no such thing here."},
    {STATUS_EXISTS, 409, "exists", "It is here already; nothing was changed."},
    {STATUS_CONFLICT, 409, "conflict",
        "It contradicts what is here; nothing was changed."},
    {STATUS_EXPIRED, 409, "expired", "It came too late; nothing was changed."},
    {STATUS_FULL, 507, "disk-full",
        "The disk is full: nothing was kept and nothing was sent. What was kept before "
        "is safe. "
        "Free some space and repeat."},
    {STATUS_BUSY, 503, "busy",
        "The node is busy; nothing was changed. Repeat in a moment."},
    {STATUS_LOCKED, 423, "locked",
        "The node is locked: letters are received and wait, sealed. Give the passphrase "
        "with "
        "\"amaan unlock\"."},
};

const char *problem_title(int http)
{
    static const struct {
        int http;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {423, "Locked"},
        {428, "Precondition Required"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {507, "Insufficient Storage"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(titles); i++)
        if (titles[i].http == http)
            return titles[i].title;
    return "Error";
}

void problem_say(
    struct problem *problem, int http, const char *code, const char *format, ...)
{
    char text[TROUBLE_BYTES];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    problem->http = http;
    problem->code = code;
    trouble_say(&problem->detail, "%s", text);
}

void problem_of_status(struct problem *problem, enum status status)
{
    if (problem->code)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(FITS); i++)
        if (FITS[i].status == status) {
            const char *said = problem->detail.text;

            problem->http = FITS[i].http;
            problem->code = FITS[i].code;
            if (!*said)
                trouble_say(&problem->detail, "%s", FITS[i].detail);
            return;
        }
    problem_say(problem, 500, "broken",
        "The node could not do it (%s) and claims nothing. Its log says more; "
        "\"amaan-node "
        "check\" looks through the database.",
        status_name(status));
}

struct json *problem_format(const struct problem *problem)
{
    struct json *json = json_new_object();

    json_put_text(json, "type", "about:blank");
    json_put_text(json, "title", problem_title(problem->http));
    json_put_int(json, "status", problem->http);
    json_put_text(json, "code", problem->code);
    json_put_text(json, "detail", problem->detail.text);
    return json;
}
