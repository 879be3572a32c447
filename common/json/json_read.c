/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: each getter finds the field, treats null as absent, checks kind and range, and says what it
 * wanted. The `may` form is the `need` form behind one question.
 */
#include <string.h>

#include "json_private.h"
#include "nearest.h"

const struct json *json_find(const struct json *object, const char *name)
{
    json_t *value = json_kind(object) == JSON_OBJECT_KIND
                        ? json_object_get(inside(object), name)
                        : NULL;
    return value == NULL || json_is_null(value) ? NULL : outside(value);
}

static enum status refuse(struct trouble *trouble, const char *name, const char *wanted)
{
    trouble_say(trouble, "field \"%s\" must be %s", name, wanted);
    return STATUS_MALFORMED;
}

/* The field, of that kind. */
static enum status need(const struct json *object, const char *name, enum json_kind kind,
    const char *wanted, const struct json **ret, struct trouble *trouble)
{
    if (json_kind(object) != JSON_OBJECT_KIND) {
        trouble_say(trouble, "an object with fields is expected here");
        return STATUS_MALFORMED;
    }
    const struct json *value = json_find(object, name);
    if (value == NULL) {
        trouble_say(trouble, "field \"%s\" is missing: it must be %s", name, wanted);
        return STATUS_MALFORMED;
    }
    if (json_kind(value) != kind)
        return refuse(trouble, name, wanted);
    *ret = value;
    return STATUS_OK;
}

enum status json_refuse_unknown(const struct json *object, const char *const *known,
    size_t n, struct trouble *trouble)
{
    void *cursor = NULL;
    const char *name;
    const struct json *value;

    if (json_kind(object) != JSON_OBJECT_KIND) {
        trouble_say(trouble, "an object with fields is expected here");
        return STATUS_MALFORMED;
    }
    while (json_each(object, &cursor, &name, &value)) {
        bool is_known = false;
        for (size_t i = 0; i < n && !is_known; i++)
            is_known = strcmp(name, known[i]) == 0;
        if (is_known)
            continue;
        const char *meant = nearest_word(name, known, n);
        if (meant != NULL)
            trouble_say(trouble,
                "field \"%.60s\" is not known here; did you mean \"%s\"?", name, meant);
        else
            trouble_say(trouble, "field \"%.60s\" is not known here", name);
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

enum status json_need_text(const struct json *object, const char *name, size_t max_bytes,
    const char **ret, struct trouble *trouble)
{
    const struct json *value;
    enum status status = need(object, name, JSON_TEXT_KIND, "text", &value, trouble);
    if (status != STATUS_OK)
        return status;
    struct span text =
        span_of(json_string_value(inside(value)), json_string_length(inside(value)));
    if (text.n > max_bytes) {
        trouble_say(trouble, "field \"%s\" is %zu bytes long: at most %zu fit", name,
            text.n, max_bytes);
        return STATUS_TOO_BIG;
    }
    if (!text_is_clean(text))
        return refuse(trouble, name, "text without control characters");
    *ret = json_string_value(inside(value));
    return STATUS_OK;
}

enum status json_need_int(const struct json *object, const char *name, int64_t min,
    int64_t max, int64_t *ret, struct trouble *trouble)
{
    const struct json *value;
    enum status status =
        need(object, name, JSON_INT_KIND, "a whole number", &value, trouble);
    if (status != STATUS_OK)
        return status;
    int64_t number = json_integer_value(inside(value));
    if (number < min || number > max) {
        trouble_say(trouble, "field \"%s\" is %lld: it must lie in %lld to %lld", name,
            (long long)number, (long long)min, (long long)max);
        return STATUS_TOO_BIG;
    }
    *ret = number;
    return STATUS_OK;
}

enum status json_need_flag(
    const struct json *object, const char *name, bool *ret, struct trouble *trouble)
{
    const struct json *value;
    enum status status =
        need(object, name, JSON_FLAG_KIND, "true or false", &value, trouble);
    if (status == STATUS_OK)
        *ret = json_is_true(inside(value));
    return status;
}

enum status json_need_choice(const struct json *object, const char *name,
    const char *const *words, size_t n, size_t *ret, struct trouble *trouble)
{
    const struct json *value;
    char list[300] = "one of";
    size_t used = strlen(list);
    for (size_t i = 0; i < n && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, " %s", words[i]);
    enum status status = need(object, name, JSON_TEXT_KIND, list, &value, trouble);
    if (status != STATUS_OK)
        return status;
    const char *text = json_string_value(inside(value));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text, words[i]) == 0) {
            *ret = i;
            return STATUS_OK;
        }
    }
    return refuse(trouble, name, list);
}

enum status json_need_time(
    const struct json *object, const char *name, int64_t *ret_ms, struct trouble *trouble)
{
    static const char WANTED[] =
        "a time such as \"2026-11-24T05:00:00Z\" or a day such as \"2026-11-24\"";
    const struct json *value;
    enum status status = need(object, name, JSON_TEXT_KIND, WANTED, &value, trouble);
    if (status != STATUS_OK)
        return status;
    if (time_parse(json_string_value(inside(value)), ret_ms) != STATUS_OK)
        return refuse(trouble, name, WANTED);
    return STATUS_OK;
}

enum status json_need_hex(const struct json *object, const char *name, void *ret,
    size_t n, struct trouble *trouble)
{
    const struct json *value;
    char wanted[40];
    snprintf(wanted, sizeof wanted, "%zu hex digits", 2 * n);
    enum status status = need(object, name, JSON_TEXT_KIND, wanted, &value, trouble);
    if (status != STATUS_OK)
        return status;
    if (hex_parse(json_string_value(inside(value)), ret, n) != STATUS_OK)
        return refuse(trouble, name, wanted);
    return STATUS_OK;
}

enum status json_need_ident(const struct json *object, const char *name,
    struct ident *ret, struct trouble *trouble)
{
    return json_need_hex(object, name, ret->bytes, IDENT_BYTES, trouble);
}

enum status json_need_object(const struct json *object, const char *name,
    const struct json **ret, struct trouble *trouble)
{
    return need(object, name, JSON_OBJECT_KIND, "an object", ret, trouble);
}

enum status json_need_list(const struct json *object, const char *name, size_t max,
    const struct json **ret, struct trouble *trouble)
{
    const struct json *value;
    enum status status = need(object, name, JSON_LIST_KIND, "a list", &value, trouble);
    if (status != STATUS_OK)
        return status;
    if (json_count(value) > max) {
        trouble_say(trouble, "field \"%s\" has %zu entries: at most %zu are taken", name,
            json_count(value), max);
        return STATUS_TOO_BIG;
    }
    *ret = value;
    return STATUS_OK;
}

/* A non-object is not "absent": let the strict form say so. */
static bool is_absent(const struct json *object, const char *name)
{
    return json_kind(object) == JSON_OBJECT_KIND && json_find(object, name) == NULL;
}

enum status json_may_text(const struct json *object, const char *name, size_t max_bytes,
    const char **ret, struct trouble *trouble)
{
    return is_absent(object, name)
               ? STATUS_OK
               : json_need_text(object, name, max_bytes, ret, trouble);
}

enum status json_may_int(const struct json *object, const char *name, int64_t min,
    int64_t max, int64_t *ret, struct trouble *trouble)
{
    return is_absent(object, name) ? STATUS_OK
                                   : json_need_int(object, name, min, max, ret, trouble);
}

enum status json_may_flag(
    const struct json *object, const char *name, bool *ret, struct trouble *trouble)
{
    return is_absent(object, name) ? STATUS_OK
                                   : json_need_flag(object, name, ret, trouble);
}

enum status json_may_choice(const struct json *object, const char *name,
    const char *const *words, size_t n, size_t *ret, struct trouble *trouble)
{
    return is_absent(object, name)
               ? STATUS_OK
               : json_need_choice(object, name, words, n, ret, trouble);
}

enum status json_may_time(
    const struct json *object, const char *name, int64_t *ret_ms, struct trouble *trouble)
{
    return is_absent(object, name) ? STATUS_OK
                                   : json_need_time(object, name, ret_ms, trouble);
}

enum status json_may_list(const struct json *object, const char *name, size_t max,
    const struct json **ret, struct trouble *trouble)
{
    return is_absent(object, name) ? STATUS_OK
                                   : json_need_list(object, name, max, ret, trouble);
}

const char *json_find_text(const struct json *object, const char *name)
{
    return json_text(json_find(object, name));
}

int64_t json_find_int(const struct json *object, const char *name)
{
    return json_int(json_find(object, name));
}

bool json_find_flag(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    return value != NULL && json_is_true(inside(value));
}

size_t json_count(const struct json *json)
{
    switch (json_kind(json)) {
    case JSON_LIST_KIND:
        return json_array_size(inside(json));
    case JSON_OBJECT_KIND:
        return json_object_size(inside(json));
    default:
        return 0;
    }
}

const struct json *json_nth(const struct json *list, size_t i)
{
    return json_kind(list) == JSON_LIST_KIND ? outside(json_array_get(inside(list), i))
                                             : NULL;
}

const char *json_text(const struct json *json)
{
    return json_kind(json) == JSON_TEXT_KIND ? json_string_value(inside(json)) : NULL;
}

int64_t json_int(const struct json *json)
{
    return json_kind(json) == JSON_INT_KIND ? json_integer_value(inside(json)) : 0;
}

bool json_each(const struct json *object, void **cursor, const char **ret_name,
    const struct json **ret)
{
    /* jansson's iterator takes a writable object but does not write. */
    json_t *writable = json_kind(object) == JSON_OBJECT_KIND
                           ? (json_t *)(uintptr_t)(const void *)object
                           : NULL;
    void *at = *cursor == NULL ? json_object_iter(writable)
                               : json_object_iter_next(writable, *cursor);
    if (at == NULL)
        return false;
    *cursor = at;
    *ret_name = json_object_iter_key(at);
    *ret = outside(json_object_iter_value(at));
    return true;
}
