/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: libmicrohttpd 0.9.75 takes two Hosts, two lengths, a length with chunks and a NUL for granted, so
 * heads are counted here; and it is told to leave escapes alone, so that the target is decoded here and once.
 * A NUL in the target shows by where the version was found.
 */
#include <string.h>

#include "http_private.h"
#include "memory.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place; a '+' is a space in a query. False for a bad escape or bytes that may not be shown. */
static bool decode(char *text, bool is_query)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from == '%') {
            int high = hex_digit(from[1]), low = high < 0 ? -1 : hex_digit(from[2]);
            if (low < 0 || (high == 0 && low == 0))
                return false;
            *to++ = (char)(high * 16 + low);
            from += 2;
        } else {
            *to++ = is_query && *from == '+' ? ' ' : *from;
        }
    }
    *to = '\0';
    return text_is_clean(span_text(text));
}

static bool add_query(struct http_request *request, char *name)
{
    char *value = strchr(name, '=');
    if (*name == '\0')
        return true; /* "a=1&&b=2" */
    if (value == NULL || request->n_queries == HTTP_QUERIES_MAX)
        return false;
    *value++ = '\0';
    if (!decode(name, true) || !decode(value, true) || http_query(request, name) != NULL)
        return false;
    request->queries[request->n_queries].name = name;
    request->queries[request->n_queries++].value = value;
    return true;
}

bool request_read_target(struct http_request *request)
{
    char *query = strchr(request->target, '?');
    if (request->target[0] != '/')
        return false;
    if (query != NULL)
        *query++ = '\0';
    if (!decode(request->target, false))
        return false;
    request->path = request->target;
    while (query != NULL) {
        char *next = strchr(query, '&');
        if (next != NULL)
            *next++ = '\0';
        if (!add_query(request, query))
            return false;
        query = next;
    }
    return true;
}

static const char *const ONCE[] = {"Content-Length", "Cookie", "Origin", "Authorization",
    "Content-Type", "Idempotency-Key", "Sec-Fetch-Site", "Sec-Fetch-Mode",
    "Sec-Fetch-Dest"};

struct head_count {
    int hosts, bad;
    int once[ARRAY_LENGTH(ONCE)];
    const char *length;
};

static enum MHD_Result count_head(void *context, enum MHD_ValueKind kind,
    const char *name, size_t name_bytes, const char *value, size_t value_bytes)
{
    struct head_count *count = context;
    (void)kind;
    if (value == NULL || strlen(name) != name_bytes || strlen(value) != value_bytes)
        count->bad++;
    if (strcasecmp(name, "Host") == 0)
        count->hosts++;
    if (strcasecmp(name, "Transfer-Encoding") == 0)
        count->bad++;
    if (strcasecmp(name, ONCE[0]) == 0)
        count->length = value;
    for (size_t i = 0; i < ARRAY_LENGTH(ONCE); i++)
        if (strcasecmp(name, ONCE[i]) == 0 && ++count->once[i] > 1)
            count->bad++;
    return MHD_YES;
}

/* -1 if it is no length. */
static int64_t parse_length(const char *text)
{
    int64_t value = 0;
    if (*text == '\0' || strlen(text) > 18)
        return -1;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        value = value * 10 + (*text - '0');
    }
    return value;
}

int request_judge_head(struct http_request *request, const char *version, size_t body_max)
{
    struct head_count count = {.length = NULL};
    int64_t length = 0;

    if (strcmp(version, "HTTP/1.1") != 0)
        return MHD_HTTP_HTTP_VERSION_NOT_SUPPORTED;
    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, count_head, &count);
    if (count.length != NULL)
        length = parse_length(count.length);
    if (version != request->after_target || count.hosts != 1 || count.bad > 0 ||
        length < 0 || !request_read_target(request))
        return MHD_HTTP_BAD_REQUEST;
    if (length > (int64_t)body_max)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    return 0;
}

const char *http_method(const struct http_request *request)
{
    return request->method;
}

const char *http_path(const struct http_request *request)
{
    return request->path;
}

const char *http_query(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_queries; i++)
        if (strcmp(request->queries[i].name, name) == 0)
            return request->queries[i].value;
    return NULL;
}

bool http_query_nth(const struct http_request *request, size_t i, const char **ret_name,
    const char **ret_value)
{
    if (i >= request->n_queries)
        return false;
    *ret_name = request->queries[i].name;
    *ret_value = request->queries[i].value;
    return true;
}

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

struct span http_body(const struct http_request *request)
{
    return buffer_span(&request->body);
}
