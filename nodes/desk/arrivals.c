/* SPDX-License-Identifier: Apache-2.0
 * Lists of arrivals and their tasks. A list is read in the same way for preview and import; what the preview hands out is a
 * keyed hash of its bytes, and the import takes nothing else.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { TASKS_SHOWN_MAX = 500 };

/* --- lists ---------------------------------------------------------------------------------------------------------- */

static enum status read_list(struct desk *desk, const struct json *request,
    struct arrivals **ret, struct hash *ret_list, struct problem *problem)
{
    struct trouble trouble = {""};
    struct box_key key;
    /* Not as text for people: lines end as they end, and the reader is made for hostile bytes. */
    const char *csv = json_find_text(request, "csv");
    enum status status;

    if (!csv) {
        trouble_say(&trouble, "field \"csv\" is missing");
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    }
    status = casebook_number_key(desk->casebook, &key);
    if (status != STATUS_OK)
        return case_explain(desk, status, problem);
    status = arrivals_parse(span_text(csv), &key, ret, &trouble);
    memory_wipe(&key, sizeof(key));
    if (status == STATUS_DENIED)
        problem_say(problem, 400, "identity-column", "%.400s.", trouble.text);
    else if (status != STATUS_OK)
        problem_say(problem, status == STATUS_TOO_BIG ? 413 : 400, "bad-list",
            "%.400s. Nothing was kept.", trouble.text);
    else
        *ret_list = tasks_list_hash(desk->tasks, span_text(csv));
    return status;
}

static struct json *format_list(
    const struct arrivals *arrivals, const struct hash *list, bool known)
{
    struct json *json = json_new_object(), *refused = json_new_list();
    struct json *dropped = json_new_list();
    size_t first = 0;

    for (size_t i = 0; i < arrivals->n_refused && i < ARRIVALS_REFUSED_MAX; i++) {
        struct json *one = json_new_object();

        json_put_int(one, "line", arrivals->refused[i].line);
        json_put_text(one, "why", arrivals->refused[i].why);
        json_add(refused, &one);
    }
    for (size_t i = 0; i < arrivals->n_dropped; i++)
        json_add_text(dropped, arrivals->dropped[i]);
    for (size_t i = 0; i < arrivals->n_rows; i++)
        first +=
            arrivals->rows[i].minor != FLAG_NO || arrivals->rows[i].care_need == FLAG_YES;
    json_put_int(json, "rows", (int64_t)arrivals->n_rows);
    json_put_int(json, "first", (int64_t)first);
    json_put_int(json, "refused", (int64_t)arrivals->n_refused);
    json_give(json, "refused_rows", &refused);
    json_give(json, "dropped_columns", &dropped);
    json_put_flag(json, "imported", known);
    json_put_hex(json, "list", list->bytes, HASH_BYTES);
    return json;
}

enum status use_arrivals_preview(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct arrivals *arrivals = NULL;
    struct hash list;
    bool known = false;
    enum status status = read_list(desk, request, &arrivals, &list, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = tasks_knows_list(desk->tasks, &list, &known);
    if (status == STATUS_OK)
        *ret = format_list(arrivals, &list, known);
    arrivals_destroy(&arrivals);
    return status;
}

static enum status check_list(
    const struct json *request, const struct hash *list, struct problem *problem)
{
    struct trouble trouble = {""};
    struct hash said;
    enum status status = json_need_hex(request, "list", said.bytes, HASH_BYTES, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    if (hash_equal(&said, list))
        return STATUS_OK;
    problem_say(problem, 409, "list-changed",
        "This is not the list that was looked at. Nothing was kept. Look at it with "
        "\"amaan arrivals-preview\", and give what it says with --list.");
    return STATUS_CONFLICT;
}

enum status use_arrivals_import(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct arrivals *arrivals = NULL;
    struct hash list;
    bool known = false;
    enum status status = read_list(desk, request, &arrivals, &list, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = check_list(request, &list, problem);
    if (status == STATUS_OK)
        status = tasks_knows_list(desk->tasks, &list, &known);
    if (status == STATUS_OK && known) {
        problem_say(problem, 409, "list-known",
            "This list was imported before. Nothing was kept twice. \"amaan tasks\" "
            "shows "
            "what is left of it.");
        status = STATUS_EXISTS;
    }
    if (status == STATUS_OK)
        status = tasks_add_list(desk->tasks, &list, arrivals, desk_today(desk));
    if (status == STATUS_OK)
        *ret = format_list(arrivals, &list, true);
    arrivals_destroy(&arrivals);
    return status;
}

/* --- tasks ------------------------------------------------------------------------------------------------------------- */

static enum status format_task(
    struct desk *desk, const struct task_row *row, struct json **ret)
{
    struct json *json = json_new_object(), *reasons = json_new_list();
    enum status status = STATUS_OK;

    item_put_day(json, "day", row->arrival.day);
    if (row->damaged) {
        json_put_flag(json, "damaged", true);
    } else {
        json_put_text(json, "task", row->name);
        json_put_text(json, "state", task_state_name(row->state));
        json_put_text(json, "flight_or_bus", row->arrival.vehicle);
        json_put_text(json, "sending_state", row->arrival.state);
        json_put_text(json, "return_type", return_type_name(row->arrival.return_type));
        json_put_text(json, "minor", answer_flag_name(row->arrival.minor));
        json_put_text(json, "care_need", answer_flag_name(row->arrival.care_need));
        json_put_int(json, "line", row->arrival.line);
        for (size_t i = 0; arrival_reason(&row->arrival, i); i++)
            json_add_text(reasons, arrival_reason(&row->arrival, i));
        if (!ident_is_zero(&row->who))
            json_put_ident(json, "who", &row->who);
        if (row->changed_day != 0)
            item_put_day(json, "changed_day", row->changed_day);
    }
    if (!ident_is_zero(&row->case_id)) {
        char alias[REFERENCE_BYTES];

        status = case_alias(desk, &row->case_id, alias);
        if (status == STATUS_OK)
            json_put_text(json, "case", alias);
        if (status == STATUS_NOT_FOUND) /* erased since */
            status = STATUS_OK;
    }
    json_give(json, "reasons", &reasons);
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}

enum status use_tasks(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *items = json_new_list();
    struct task_cursor cursor = {0};
    struct task_row row;
    int settled = 1;
    enum status status = STATUS_OK;

    if (json_find(request, "settled"))
        status = desk_need_word(verb, request, "settled", &settled, problem);
    while (status == STATUS_OK && json_count(items) < TASKS_SHOWN_MAX) {
        struct json *one = NULL;

        status = tasks_next(desk->tasks, settled == 2, &cursor, &row);
        if (status == STATUS_OK)
            status = format_task(desk, &row, &one);
        if (status == STATUS_OK)
            json_add(items, &one);
    }
    bool more = status == STATUS_OK;
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        json_destroy(&items);
        return case_explain(desk, status, problem);
    }
    *ret = json_new_object();
    json_put_flag(*ret, "more", more);
    json_give(*ret, "items", &items);
    return STATUS_OK;
}

static enum status find_task(struct desk *desk, const struct json *request,
    struct task_row *ret, struct problem *problem)
{
    char name[REFERENCE_BYTES];
    enum status status = case_read_alias(request, "reference", name, problem);

    if (status != STATUS_OK)
        return status;
    status = tasks_find(desk->tasks, name, ret);
    if (status == STATUS_NOT_FOUND)
        problem_say(problem, 404, "unknown-task",
            "No task %s is known here. Nothing was changed. \"amaan tasks\" lists them.",
            name);
    if (status == STATUS_OK && ret->damaged) {
        problem_say(problem, 500, "damaged",
            "The record of task %s cannot be read any more: the disk damaged it. Nothing "
            "was "
            "changed. Have the disk looked at.",
            name);
        return STATUS_CORRUPT;
    }
    if (status == STATUS_OK && (ret->state == TASK_DONE || ret->state == TASK_NOT_MET)) {
        problem_say(problem, 409, "task-settled",
            "The task %s is %s. Nothing was changed.", name, task_state_name(ret->state));
        return STATUS_CONFLICT;
    }
    return status;
}

static enum status settle(
    struct desk *desk, struct task_row *row, enum task_state state, struct json **ret)
{
    row->state = state;
    row->changed_day = desk_today(desk);
    row->who = case_who(desk);
    enum status status = tasks_put(desk->tasks, row);
    return status == STATUS_OK ? format_task(desk, row, ret) : status;
}

enum status use_task_take(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct task_row row;
    enum status status = find_task(desk, request, &row, problem);

    (void)verb;
    if (status == STATUS_OK && row.state == TASK_TAKEN) {
        struct ident who = case_who(desk);

        if (ident_equal(&row.who, &who))
            return format_task(desk, &row, ret);
        problem_say(problem, 409, "task-taken",
            "Somebody else has taken the task %s. Nothing was changed.", row.name);
        return STATUS_CONFLICT;
    }
    return status == STATUS_OK ? settle(desk, &row, TASK_TAKEN, ret) : status;
}

enum status use_task_done(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct task_row row;
    struct case_row made;
    enum status status = find_task(desk, request, &row, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = case_named(desk, request, "case", &made, problem);
    if (status == STATUS_OK && row.arrival.has_rcms) {
        status = casebook_add_number(
            desk->casebook, &made.ident, NUMBER_RCMS, &row.arrival.rcms);
        if (status == STATUS_EXISTS)
            status = STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    row.case_id = made.ident;
    return settle(desk, &row, TASK_DONE, ret);
}

enum status use_task_not_met(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct task_row row;
    enum status status = find_task(desk, request, &row, problem);

    (void)verb;
    return status == STATUS_OK ? settle(desk, &row, TASK_NOT_MET, ret) : status;
}
