/* SPDX-License-Identifier: Apache-2.0 */
#include "web_answer.h"

#include <string.h>

#include "log.h"
#include "memory.h"
#include "pages.h"
#include "web_error.h"

static const struct {
    int http;
    const char *code;
} REFUSALS[] = {
    [WEB_CLOSED] = {403, "page-closed"},
    [WEB_NOT_OURS] = {403, "not-our-page"},
    [WEB_BAD_FORM] = {400, "bad-form"},
    [WEB_OLD_FORM] = {403, "old-form"},
    [WEB_NO_PAGE] = {404, "no-such-page"},
    [WEB_WRONG_WAY] = {405, "wrong-way"},
    [WEB_TOO_LONG] = {500, "page-too-long"},
    [WEB_ONLY_THERE] = {403, "only-there"},
};

enum page_language web_language(
    const struct http_request *request, const struct web_session *session)
{
    const char *said = session ? web_session_language(session) : "";
    const char *wished = http_header(request, "Accept-Language");

    if (*said)
        return strcmp(said, "urd") == 0 ? PAGE_URD : PAGE_ENG;
    return wished && strncmp(wished, "ur", 2) == 0 ? PAGE_URD : PAGE_ENG;
}

void web_send_away(struct http_request *request, const char *path, const char *cookie)
{
    const struct http_field fields[] = {{"Location", path}, {"Set-Cookie", cookie}};

    http_answer(request,
        &(struct http_answer){.code = 303, .fields = fields, .n_fields = cookie ? 2 : 1});
}

void web_answer(struct http_request *request, int code, page_function *render,
    const struct json *data, const struct page_context *context,
    const struct http_field *field, const char *name)
{
    struct page_count count = {0};
    struct page_context counted = *context;
    struct buffer page;

    counted.count = &count;
    buffer_init(&page, PAGE_BYTES_MAX);
    if (render(&page, data, &counted) != STATUS_OK) { /* a list that needs parts */
        struct json *sorry = json_new_object(), *error = web_error_own(context->language,
                                                    REFUSALS[WEB_TOO_LONG].code, NULL);

        code = REFUSALS[WEB_TOO_LONG].http;
        json_give(sorry, "error", &error);
        buffer_clear(&page);
        PROMISE(page_refusal(&page, sorry, &counted) == STATUS_OK);
        json_destroy(&sorry);
    }
    /* A fault of ours; a test looks for it. */
    if (count.missing > 0 || count.untranslated > 0)
        log_event(LOG_WARNING, "page-misses", "page=%s values=%zu words=%zu",
            log_text(name), count.missing, count.untranslated);
    http_answer(request, &(struct http_answer){.code = code,
                             .type = "text/html; charset=utf-8",
                             .body = buffer_span(&page),
                             .fields = field,
                             .n_fields = field != NULL});
    buffer_release(&page);
}

void web_send(struct http_request *request, int code, page_function *render,
    enum page_language language, struct json **data, const char *allow)
{
    const struct http_field field = {"Allow", allow};
    struct page_context context = {
        .language = language, .token = "", .key = "", .path = "/"};

    web_answer(request, code, render, *data, &context, allow ? &field : NULL, "own");
    json_destroy(data);
}

void web_refuse(struct http_request *request, const struct web_session *session,
    enum web_refusal why, int http, const char *allow)
{
    enum page_language language = web_language(request, session);
    struct json *data = json_new_object(),
                *error = web_error_own(language, REFUSALS[why].code, NULL);

    json_give(data, "error", &error);
    web_send(request, http != 0 ? http : REFUSALS[why].http, page_refusal, language,
        &data, allow);
}
