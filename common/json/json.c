/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: jansson parses, with duplicates refused; depth is counted before, since its own limit is 2,048
 * levels. The values hold what people wrote about people, so freed memory is wiped.
 */
#include "json.h"

#include <malloc.h>
#include <string.h>

#include "json_private.h"
#include "memory.h"

static void *take_memory(size_t n)
{
    return memory_new(n);
}

static void wipe_and_free(void *memory)
{
    if (memory == NULL)
        return;
    memory_wipe(memory, malloc_usable_size(memory));
    memory_free(memory);
}

void json_use_our_memory(void)
{
    json_set_alloc_funcs(take_memory, wipe_and_free);
}

/* Brackets outside of strings, at most JSON_DEPTH_MAX open at once. */
static bool is_deep(struct span text)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.at[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

enum status json_parse(
    struct span text, size_t max, struct json **ret, struct trouble *trouble)
{
    json_error_t error;
    if (text.n > max || text.n > JSON_TEXT_MAX) {
        trouble_say(trouble, "the JSON text is longer than %zu bytes",
            max < JSON_TEXT_MAX ? max : (size_t)JSON_TEXT_MAX);
        return STATUS_TOO_BIG;
    }
    if (is_deep(text)) {
        trouble_say(
            trouble, "the JSON text is nested deeper than %d levels", JSON_DEPTH_MAX);
        return STATUS_MALFORMED;
    }
    json_use_our_memory();
    json_t *json = json_loadb(
        text.n > 0 ? (const char *)text.at : "", text.n, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        trouble_say(trouble, "not valid JSON: line %d, column %d: %s", error.line,
            error.column, error.text);
        return STATUS_MALFORMED;
    }
    *ret = outside(json);
    return STATUS_OK;
}

void json_destroy(struct json **json)
{
    if (*json == NULL)
        return;
    json_decref(inside_new(*json));
    *json = NULL;
}

struct json *json_clone(const struct json *json)
{
    if (json == NULL)
        return NULL;
    json_t *copy = json_deep_copy(inside(json));
    PROMISE(copy != NULL);
    return outside(copy);
}

bool json_same(const struct json *a, const struct json *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return json_equal(inside(a), inside(b)) == 1;
}

enum json_kind json_kind(const struct json *json)
{
    if (json == NULL)
        return JSON_NULL_KIND;
    switch (json_typeof(inside(json))) {
    case JSON_OBJECT:
        return JSON_OBJECT_KIND;
    case JSON_ARRAY:
        return JSON_LIST_KIND;
    case JSON_STRING:
        return JSON_TEXT_KIND;
    case JSON_INTEGER:
        return JSON_INT_KIND;
    case JSON_REAL:
        return JSON_REAL_KIND;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_FLAG_KIND;
    case JSON_NULL:
        break;
    }
    return JSON_NULL_KIND;
}

static int put_piece(const char *text, size_t n, void *context)
{
    return buffer_put(context, text, n) == STATUS_OK ? 0 : -1;
}

enum status json_print(const struct json *json, struct buffer *ret)
{
    PROMISE(json != NULL);
    struct buffer text;
    enum status status = STATUS_TOO_BIG;
    buffer_init(&text, ret->max - ret->used);
    if (json_dump_callback(inside(json), put_piece, &text,
            JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) == 0)
        status = buffer_put(ret, text.bytes, text.used);
    buffer_release(&text);
    return status;
}

const char *json_library(void)
{
    return "jansson " JANSSON_VERSION;
}
