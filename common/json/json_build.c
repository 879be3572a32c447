/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: jansson's setters only fail without memory (ours aborts first) or on bytes that are not UTF-8;
 * those are replaced before.
 */
#include <string.h>

#include "json_private.h"
#include "memory.h"

struct json *json_new_object(void)
{
    json_use_our_memory();
    json_t *json = json_object();
    PROMISE(json != NULL);
    return outside(json);
}

struct json *json_new_list(void)
{
    json_use_our_memory();
    json_t *json = json_array();
    PROMISE(json != NULL);
    return outside(json);
}

static void put(struct json *object, const char *name, json_t *value)
{
    PROMISE(value != NULL);
    PROMISE(json_object_set_new(inside_new(object), name, value) == 0);
}

/* Every byte outside of ASCII, NUL too, becomes '?': only for text that is not UTF-8 at all. */
static json_t *text_of_bad(struct span text)
{
    char *copy = memory_new(text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        copy[i] = text.at[i] > 0 && text.at[i] < 0x80 ? (char)text.at[i] : '?';
    json_t *value = json_stringn(copy, text.n);
    memory_wipe(copy, text.n);
    memory_free(copy);
    return value;
}

static json_t *text_of(struct span text)
{
    json_t *value = NULL;
    if (text.n == 0)
        return json_string("");
    if (memchr(text.at, '\0', text.n) == NULL)
        value = json_stringn((const char *)text.at, text.n);
    return value != NULL ? value : text_of_bad(text);
}

void json_put_span(struct json *object, const char *name, struct span text)
{
    put(object, name, text_of(text));
}

void json_put_text(struct json *object, const char *name, const char *text)
{
    put(object, name, text == NULL ? json_null() : text_of(span_text(text)));
}

void json_put_int(struct json *object, const char *name, int64_t value)
{
    put(object, name, json_integer(value));
}

void json_put_flag(struct json *object, const char *name, bool value)
{
    put(object, name, json_boolean(value));
}

void json_put_null(struct json *object, const char *name)
{
    put(object, name, json_null());
}

void json_put_time(struct json *object, const char *name, int64_t wall_ms)
{
    char text[TIME_TEXT_BYTES];
    time_format(wall_ms, text);
    json_put_text(object, name, text);
}

void json_put_hex(struct json *object, const char *name, const void *from, size_t n)
{
    char *text = memory_new(2 * n + 1);
    hex_format(from, n, text);
    json_put_text(object, name, text);
    memory_wipe(text, 2 * n);
    memory_free(text);
}

void json_put_ident(struct json *object, const char *name, const struct ident *ident)
{
    json_put_hex(object, name, ident->bytes, IDENT_BYTES);
}

void json_give(struct json *object, const char *name, struct json **value)
{
    put(object, name, inside_new(*value));
    *value = NULL;
}

static void add(struct json *list, json_t *value)
{
    PROMISE(value != NULL);
    PROMISE(json_array_append_new(inside_new(list), value) == 0);
}

void json_add_text(struct json *list, const char *text)
{
    add(list, text_of(span_text(text)));
}

void json_add_int(struct json *list, int64_t value)
{
    add(list, json_integer(value));
}

void json_add(struct json *list, struct json **value)
{
    add(list, inside_new(*value));
    *value = NULL;
}
