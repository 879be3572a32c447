/* SPDX-License-Identifier: Apache-2.0
 * Who works here, and who looked. Ids become names as far as node.key still has them.
 */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { LIST_DEFAULT = 100, CHECK_WORD_BYTES = 4 };

enum status use_people(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    const struct colleague *sits = seat_person(desk->seat);
    struct json *list = json_new_list();
    int64_t administrators = 0;

    (void)verb, (void)request, (void)problem;
    for (size_t i = 0; i < desk->n_people; i++) {
        struct json *row = json_new_object();

        json_put_text(row, "name", desk->people[i].name);
        json_put_text(row, "role", local_role_name(desk->people[i].role));
        json_put_flag(row, "here", sits && ident_equal(&sits->id, &desk->people[i].id));
        json_add(list, &row);
        administrators += desk->people[i].role == LOCAL_ADMINISTRATOR;
    }
    *ret = json_new_object();
    json_give(*ret, "items", &list);
    json_put_int(*ret, "administrators", administrators);
    json_put_flag(*ret, "second_administrator_wanted", administrators < 2);
    json_put_flag(*ret, "recovery_shares", desk->recovery);
    return STATUS_OK;
}

static const char *name_of(
    const struct desk *desk, const struct ident *id, char memory[static IDENT_TEXT_BYTES])
{
    if (ident_is_zero(id))
        return "nobody";
    for (size_t i = 0; i < desk->n_people; i++)
        if (ident_equal(&desk->people[i].id, id))
            return desk->people[i].name;
    ident_format(id, memory);
    return memory;
}

/* The hash of what it was about, shortened: enough to see that two rows are about the same. */
static struct json *format_entry(
    const struct desk *desk, const struct audit_entry *entry, int64_t number)
{
    struct json *row = json_new_object();
    char memory[IDENT_TEXT_BYTES];

    json_put_int(row, "number", number);
    json_put_time(row, "hour", entry->hour * HOUR_MS);
    json_put_text(row, "person", name_of(desk, &entry->person, memory));
    json_put_text(row, "verb", entry->verb);
    if (hash_is_zero(&entry->subject))
        json_put_null(row, "about");
    else
        json_put_hex(row, "about", entry->subject.bytes, CHECK_WORD_BYTES);
    json_put_int(row, "times", entry->times);
    return row;
}

enum status use_audit(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct trouble trouble = {""};
    int64_t limit = LIST_DEFAULT, before = 0;
    size_t n = 0;
    enum status status =
        json_may_int(request, "limit", 1, AUDIT_LIST_MAX, &limit, &trouble);

    (void)verb;
    if (status == STATUS_OK)
        status = json_may_int(request, "before", 0, JSON_SAFE_INT, &before, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    struct audit_entry *entries = memory_new_array((size_t)limit, sizeof(*entries));
    int64_t *numbers = memory_new_array((size_t)limit, sizeof(*numbers));
    status = audit_list(desk->audit, before, entries, numbers, (size_t)limit, &n);
    if (status == STATUS_OK) {
        struct json *list = json_new_list();

        for (size_t i = 0; i < n; i++) {
            struct json *row = format_entry(desk, &entries[i], numbers[i]);

            json_add(list, &row);
        }
        *ret = json_new_object();
        json_give(*ret, "items", &list);
        json_put_int(
            *ret, "next", n == (size_t)limit && numbers[n - 1] > 1 ? numbers[n - 1] : 0);
    }
    memory_free(entries);
    memory_free(numbers);
    return status;
}

enum status use_audit_verify(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct hash head;
    int64_t count = 0, bad = 0, deleted = 0;
    enum status begins = audit_begins(desk->audit, &deleted);
    enum status status =
        begins == STATUS_OK ? audit_verify(desk->audit, &count, &bad, &head) : begins;

    (void)verb, (void)request, (void)problem;
    if (status != STATUS_OK && status != STATUS_CORRUPT)
        return status;
    if (status == STATUS_CORRUPT && bad == 0)
        return status; /* the database itself */
    *ret = json_new_object();
    json_put_flag(*ret, "holds", status == STATUS_OK);
    json_put_int(*ret, "rows", count);
    json_put_int(*ret, "from", deleted + 1);
    json_put_int(*ret, "first_bad", bad);
    if (status == STATUS_OK)
        json_put_hex(*ret, "check_word", head.bytes, CHECK_WORD_BYTES);
    return STATUS_OK;
}
