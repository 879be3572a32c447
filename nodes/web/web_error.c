/* SPDX-License-Identifier: Apache-2.0 */
#include "web_error.h"

#include "explain_problems.data.h"
#include "memory.h"

/* A heap copy; NULL: not explained. */
static char *explain(enum page_language language, const char *code)
{
    struct json *all = NULL;
    struct trouble trouble = {""};
    const char *text;
    char *copy;

    if (json_parse(span_of(EXPLAIN_PROBLEMS, EXPLAIN_PROBLEMS_BYTES), JSON_TEXT_MAX, &all,
            &trouble) != STATUS_OK)
        BUG("config/explain/problems.json is no JSON");
    text = json_find_text(json_find(all, code), language == PAGE_URD ? "urd" : "eng");
    copy = text ? memory_copy_text(text) : NULL;
    json_destroy(&all);
    return copy;
}

struct json *web_error_own(
    enum page_language language, const char *code, const char *detail)
{
    struct json *error = json_new_object();
    const char *own =
        page_catalogue_find(language == PAGE_URD ? PAGE_URD : PAGE_ENG, "error", code, 1);
    char *explained =
        !own && (language == PAGE_URD || !detail) ? explain(language, code) : NULL;

    json_put_text(error, "code", code);
    json_put_text(error, "text", own ? own : explained ? explained : detail);
    if (explained && detail)
        json_put_text(error, "detail", detail);
    memory_free(explained);
    return error;
}

struct json *web_error_of_answer(enum page_language language, const struct json *problem)
{
    const char *code = json_find_text(problem, "code");
    const char *detail = json_find_text(problem, "detail");

    return web_error_own(language, code ? code : "broken", detail ? detail : "");
}
