/* SPDX-License-Identifier: Apache-2.0
 *
 * json: jansson's front door: strict reading of requests, building of answers. <jansson.h> is included here
 * only. A struct json is one value and what it contains; memory is wiped when freed.
 *
 * Reading refuses what readers are known to disagree about: duplicate names, numbers beyond int64, bad UTF-8,
 * NUL, anything behind the end, and more than JSON_DEPTH_MAX levels. The `need` and `may` getters check type
 * and range and name the field in the trouble: "field \"service\" is missing". They answer MALFORMED, for a
 * value out of range or too long TOO_BIG. An absent field and null are the same.
 *
 * Borrowed results live as long as the value they were asked of. Builders copy text.
 */
#ifndef AMAAN_JSON_H
#define AMAAN_JSON_H

#include "bytes.h"
#include "clock.h"
#include "ident.h"

struct json;

enum { JSON_DEPTH_MAX = 16, JSON_TEXT_MAX = 1024 * 1024 };
/* Whole numbers that a script in a page can hold without loss, too. */
#define JSON_SAFE_INT (INT64_C(9007199254740991))

/* An object or a list. MALFORMED, TOO_BIG (text longer than max). */
enum status json_parse(
    struct span text, size_t max, struct json **ret, struct trouble *trouble) MUST_USE;
void json_destroy(struct json **json);
struct json *json_clone(const struct json *json); /* deep; NULL gives NULL */
bool json_same(const struct json *a, const struct json *b);

enum json_kind {
    JSON_NULL_KIND,
    JSON_OBJECT_KIND,
    JSON_LIST_KIND,
    JSON_TEXT_KIND,
    JSON_INT_KIND,
    JSON_FLAG_KIND,
    JSON_REAL_KIND
};
enum json_kind json_kind(const struct json *json); /* NULL is JSON_NULL_KIND */

/* --- reading an object that must have a certain shape --------------------------------------------------- */
/* Names not in the list are refused: MALFORMED, with the nearest known name. Also refuses a non-object. */
enum status json_refuse_unknown(const struct json *object, const char *const *known,
    size_t n, struct trouble *trouble) MUST_USE;
/* Text that may be shown (text_is_clean of bytes.h), at most max_bytes. */
enum status json_need_text(const struct json *object, const char *name, size_t max_bytes,
    const char **ret, struct trouble *trouble) MUST_USE;
enum status json_need_int(const struct json *object, const char *name, int64_t min,
    int64_t max, int64_t *ret, struct trouble *trouble) MUST_USE;
enum status json_need_flag(const struct json *object, const char *name, bool *ret,
    struct trouble *trouble) MUST_USE;
/* Index of the text in the list of words; the trouble lists them. */
enum status json_need_choice(const struct json *object, const char *name,
    const char *const *words, size_t n, size_t *ret, struct trouble *trouble) MUST_USE;
enum status json_need_time(const struct json *object, const char *name, int64_t *ret_ms,
    struct trouble *trouble) MUST_USE;
enum status json_need_hex(const struct json *object, const char *name, void *ret,
    size_t n, struct trouble *trouble) MUST_USE;
enum status json_need_ident(const struct json *object, const char *name,
    struct ident *ret, struct trouble *trouble) MUST_USE;
enum status json_need_object(const struct json *object, const char *name,
    const struct json **ret, struct trouble *trouble) MUST_USE;
enum status json_need_list(const struct json *object, const char *name, size_t max,
    const struct json **ret, struct trouble *trouble) MUST_USE;

/* The same for a field that may be absent: OK, and *ret keeps what the caller put there before. */
enum status json_may_text(const struct json *object, const char *name, size_t max_bytes,
    const char **ret, struct trouble *trouble) MUST_USE;
enum status json_may_int(const struct json *object, const char *name, int64_t min,
    int64_t max, int64_t *ret, struct trouble *trouble) MUST_USE;
enum status json_may_flag(const struct json *object, const char *name, bool *ret,
    struct trouble *trouble) MUST_USE;
enum status json_may_choice(const struct json *object, const char *name,
    const char *const *words, size_t n, size_t *ret, struct trouble *trouble) MUST_USE;
enum status json_may_time(const struct json *object, const char *name, int64_t *ret_ms,
    struct trouble *trouble) MUST_USE;
enum status json_may_list(const struct json *object, const char *name, size_t max,
    const struct json **ret, struct trouble *trouble) MUST_USE;

/* --- reading what our own programs wrote: absent or of another kind gives NULL, 0, false ------------------ */
const struct json *json_find(const struct json *object, const char *name);
const char *json_find_text(const struct json *object, const char *name);
int64_t json_find_int(const struct json *object, const char *name);
bool json_find_flag(const struct json *object, const char *name);
size_t json_count(const struct json *json); /* of a list or object */
const struct json *json_nth(const struct json *list, size_t i);
const char *json_text(const struct json *json);
int64_t json_int(const struct json *json);
/* All fields of an object: start with *cursor NULL; false at the end. In order of insertion. */
bool json_each(const struct json *object, void **cursor, const char **ret_name,
    const struct json **ret);

/* --- building ------------------------------------------------------------------------------------------- */
struct json *json_new_object(void);
struct json *json_new_list(void);
/* Bytes that are not UTF-8 become '?'. NULL text is null. A name that is there is replaced. */
void json_put_text(struct json *object, const char *name, const char *text);
void json_put_span(struct json *object, const char *name, struct span text);
void json_put_int(struct json *object, const char *name, int64_t value);
void json_put_flag(struct json *object, const char *name, bool value);
void json_put_null(struct json *object, const char *name);
void json_put_time(
    struct json *object, const char *name, int64_t wall_ms); /* "2026-11-24T05:00:00Z" */
void json_put_hex(struct json *object, const char *name, const void *from, size_t n);
void json_put_ident(struct json *object, const char *name, const struct ident *ident);
void json_give(struct json *object, const char *name, struct json **value); /* taken */
void json_add_text(struct json *list, const char *text);
void json_add_int(struct json *list, int64_t value);
void json_add(struct json *list, struct json **value); /* taken */

/* Appends the text: compact, names sorted, UTF-8; always the same for equal values. TOO_BIG. */
enum status json_print(const struct json *json, struct buffer *ret) MUST_USE;
const char *json_library(void); /* "jansson 2.14" */

#endif
