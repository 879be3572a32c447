/* SPDX-License-Identifier: Apache-2.0
 * What a coordinator sees on its board, and does about it: notes a telephone call, nudges whose turn it is, names another
 * member to the sender, hands a row to the other coordinators (docs/CARE.md 19). It holds no content, so it moves no state.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { LINES_MAX = 200 }; /* of one answer; the rest by field "skip" */

/* --- what is shown -------------------------------------------------------------------------------------------- */

static struct json *format_calls(const struct board_row *row)
{
    struct json *list = json_new_list();

    for (size_t i = 0; i < row->n_calls; i++) {
        struct json *one = json_new_object();

        json_put_time(one, "at", row->calls[i].at_ms);
        json_put_text(one, "whom", call_whom_name(row->calls[i].whom));
        json_put_text(one, "result", call_result_name(row->calls[i].result));
        json_add(list, &one);
    }
    return list;
}

static const char *turn_of(const struct deadline *deadline)
{
    return deadline->waits == WAITS_NOTHING  ? "nobody"
           : deadline->owner == ACTOR_SENDER ? "sender"
                                             : "recipient";
}

static struct json *format_line(
    const struct desk *desk, const struct board_row *row, const struct board_line *line)
{
    char memory[IDENT_TEXT_BYTES], code[PLACE_CODE_BYTES];
    const struct place *place = places_find(desk->places, row->district);
    struct json *one = json_new_object();

    json_put_int(one, "row", row->id);
    json_put_text(one, "reference", row->reference);
    json_put_text(one, "sender", item_member_name(desk, &row->sender, memory));
    json_put_text(one, "recipient", item_member_name(desk, &row->recipient, memory));
    json_put_text(one, "service", service_name(row->service));
    json_put_text(one, "priority", priority_name(row->priority));
    json_put_text(one, "state", progress_name(row->progress));
    json_put_text(one, "turn", turn_of(&line->deadline));
    json_put_text(one, "waits_for", waits_name(line->deadline.waits));
    if (line->deadline.waits != WAITS_NOTHING)
        json_put_time(one, "due", line->deadline.due_ms);
    json_put_text(one, "late", late_name(line->late));
    json_put_time(one, "made", row->created_ms);
    json_put_time(one, "since", row->since_ms);
    json_put_int(one, "age_days", (desk_now_ms(desk) - row->created_ms) / DAY_MS);
    if (row->district != 0) {
        place_code_format(row->district, code);
        json_put_text(one, "district", code);
        if (place)
            json_put_text(one, "district_name", place->name);
    }
    json_put_flag(one, "undelivered", row->undelivered);
    json_put_flag(one, "escalated", row->escalated);
    if (row->nudged_ms != 0)
        json_put_time(one, "nudged_at", row->nudged_ms);
    struct json *calls = format_calls(row);
    json_give(one, "calls", &calls);
    return one;
}

/* Field that may be absent: a word of the argument's list. */
static enum status may_word(const struct verb *verb, const struct json *request,
    const char *name, int *ret, struct problem *problem)
{
    *ret = 0;
    return json_find(request, name) ? desk_need_word(verb, request, name, ret, problem)
                                    : STATUS_OK;
}

/* Field with a member's name; zero if it is absent. */
static enum status may_member(const struct desk *desk, const struct json *request,
    const char *name, struct ident *ret, struct problem *problem)
{
    const char *text = json_find_text(request, name);
    const struct profile *profile =
        text ? directory_find_name(desk->directory, text) : NULL;

    *ret = (struct ident){0};
    if (text && !profile) {
        problem_say(problem, 404, "unknown-member",
            "There is no member \"%.64s\". Nothing was changed. \"amaan members\" lists "
            "them.",
            text);
        return STATUS_NOT_FOUND;
    }
    if (profile)
        *ret = profile->node_id;
    return STATUS_OK;
}

static enum status read_district(const struct desk *desk, const struct json *request,
    uint16_t *ret, struct problem *problem)
{
    const char *text = json_find_text(request, "district");

    if (!text ||
        (place_code_parse(text, ret) == STATUS_OK && places_find(desk->places, *ret)))
        return STATUS_OK;
    problem_say(problem, 400, "unknown-district",
        "\"%.8s\" is no district. Nothing was changed. Districts are named by their "
        "P-codes, such as PK528 (Peshawar): docs/CARE.md 5.1.",
        text);
    return STATUS_MALFORMED;
}

static enum status read_question(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct board_question *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    int service = 0, priority = 0;
    int64_t skip = 0;
    const char *state = json_find_text(request, "state");
    enum status status = may_word(verb, request, "service", &service, problem);

    *ret = (struct board_question){.now_ms = desk_now_ms(desk), .limit = LINES_MAX};
    if (status == STATUS_OK)
        status = may_word(verb, request, "priority", &priority, problem);
    if (status == STATUS_OK)
        status = read_district(desk, request, &ret->district, problem);
    if (status == STATUS_OK)
        status = may_member(desk, request, "member", &ret->member, problem);
    if (status != STATUS_OK)
        return status;
    ret->service = (enum service)service;
    ret->priority = (enum priority)priority;
    status = json_may_int(request, "skip", 0, INT32_MAX, &skip, &trouble);
    if (status == STATUS_OK)
        status = json_may_int(request, "row", 0, INT64_MAX, &ret->id, &trouble);
    if (status == STATUS_OK)
        status = json_may_flag(request, "late", &ret->late_only, &trouble);
    if (status == STATUS_OK)
        status = json_may_flag(request, "escalated", &ret->escalated_only, &trouble);
    if (status == STATUS_OK)
        status = json_may_flag(request, "all", &ret->with_ended, &trouble);
    ret->skip = (size_t)skip;
    if (status == STATUS_OK && state &&
        progress_parse(state, &ret->progress) != STATUS_OK) {
        trouble_say(&trouble, "field \"state\" is no state of a referral");
        status = STATUS_MALFORMED;
    }
    return status == STATUS_OK ? status
                               : desk_refuse(problem, STATUS_MALFORMED, &trouble);
}

enum status use_board(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct board_line lines[LINES_MAX];
    struct board_question question;
    struct board_totals totals;
    enum status status = read_question(desk, verb, request, &question, problem);

    if (status != STATUS_OK)
        return status;
    size_t n = board_view(
        &desk->deadlines, desk->board.rows, desk->board.n, &question, lines, &totals);
    struct json *json = json_new_object(), *list = json_new_list();
    for (size_t i = 0; i < n; i++) {
        struct json *one = format_line(desk, &desk->board.rows[lines[i].row], &lines[i]);
        json_add(list, &one);
    }
    if (question.id != 0 && n == 1) {
        struct json *events =
            row_events(desk, &desk->board.rows[lines[0].row], &lines[0]);
        json_give(json, "events", &events);
    }
    json_put_int(json, "found", (int64_t)totals.found);
    json_put_int(json, "overdue", (int64_t)totals.full);
    json_put_int(json, "half_over", (int64_t)totals.half);
    json_put_int(json, "undelivered", (int64_t)totals.undelivered);
    if (question.skip + n < totals.found)
        json_put_int(json, "next", (int64_t)(question.skip + n));
    json_put_flag(json, "complete", desk->board.complete);
    json_give(json, "items", &list);
    *ret = json;
    return STATUS_OK;
}

/* --- what is done ------------------------------------------------------------------------------------------------ */

/* The row of fields "reference" and, where several members use it, "sender". */
static enum status find_row(struct desk *desk, const struct json *request,
    struct board_row *ret, struct problem *problem)
{
    char reference[REFERENCE_BYTES];
    static const struct ident none;
    struct ident sender;
    size_t n = 0;
    enum status status = case_read_alias(request, "reference", reference, problem);

    if (status == STATUS_OK)
        status = may_member(desk, request, "sender", &sender, problem);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < desk->board.n; i++) {
        const struct board_row *row = &desk->board.rows[i];

        if (strcmp(row->reference, reference) == 0 &&
            (ident_equal(&sender, &none) || ident_equal(&sender, &row->sender))) {
            *ret = *row;
            n++;
        }
    }
    if (n == 1)
        return STATUS_OK;
    problem_say(problem, n == 0 ? 404 : 409, n == 0 ? "not-on-board" : "ambiguous",
        n == 0 ? "The referral %s is not on this board. Nothing was changed."
               : "Several members use the reference %s. Nothing was changed. Name the "
                 "sender, too: \"--sender NAME\".",
        reference);
    return n == 0 ? STATUS_NOT_FOUND : STATUS_CONFLICT;
}

static enum status finish(
    struct desk *desk, struct board_row *row, struct json **ret, struct problem *problem)
{
    enum status status = boards_change(desk->boards, row, desk_today(desk));

    (void)problem;
    if (status != STATUS_OK)
        return status;
    board_touch(desk, row->id);
    struct board_question question = {
        .now_ms = desk_now_ms(desk), .limit = 1, .with_ended = true};
    struct board_line line = {0};
    struct board_totals totals;
    (void)board_view(&desk->deadlines, row, 1, &question, &line, &totals);
    *ret = format_line(desk, row, &line);
    return STATUS_OK;
}

enum status use_call_note(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct board_row row;
    int whom = 0, result = 0;
    enum status status = desk_need_word(verb, request, "whom", &whom, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "result", &result, problem);
    if (status == STATUS_OK)
        status = find_row(desk, request, &row, problem);
    if (status != STATUS_OK)
        return status;
    struct board_call call = {.at_ms = desk_now_ms(desk),
        .whom = (enum call_whom)whom,
        .result = (enum call_result)result};
    board_note_call(&row, &call);
    return finish(desk, &row, ret, problem);
}

static enum status say_gone(enum status status, struct problem *problem)
{
    if (status == STATUS_NOT_FOUND || status == STATUS_DENIED) {
        problem_say(problem, 409, "member-revoked",
            "That member is no member any more. Nothing was sent, and nothing was "
            "changed.");
        return STATUS_CONFLICT;
    }
    return status;
}

static struct event make_word(const struct board_row *row, enum event_step step)
{
    struct event event = {.step = step};

    memcpy(event.reference, row->reference, REFERENCE_BYTES);
    return event;
}

enum status use_nudge(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct board_question question = {.now_ms = desk_now_ms(desk), .limit = 1};
    struct board_line line = {0};
    struct board_totals totals;
    struct board_row row;
    enum status status = find_row(desk, request, &row, problem);

    (void)verb;
    if (status != STATUS_OK)
        return status;
    if (board_view(&desk->deadlines, &row, 1, &question, &line, &totals) == 0) {
        problem_say(problem, 409, "nobodys-turn",
            "Nothing is waited for of the referral %s. Nothing was sent.", row.reference);
        return STATUS_CONFLICT;
    }
    struct event event = make_word(&row, EVENT_NUDGE);
    status =
        say_gone(event_send(desk,
                     line.deadline.owner == ACTOR_SENDER ? &row.sender : &row.recipient,
                     &event, desk_lane(row.priority)),
            problem);
    row.nudged_ms = desk_now_ms(desk);
    return status == STATUS_OK ? finish(desk, &row, ret, problem) : status;
}

enum status use_reassign(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    const struct profile *to = NULL;
    struct board_row row;
    enum status status = find_row(desk, request, &row, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = refer_recipient(desk, request, row.service, &to, problem);
    if (status != STATUS_OK)
        return status;
    struct event event = make_word(&row, EVENT_REASSIGN);
    event.member = to->node_id;
    status =
        say_gone(event_send(desk, &row.sender, &event, desk_lane(row.priority)), problem);
    row.nudged_ms = desk_now_ms(desk);
    return status == STATUS_OK ? finish(desk, &row, ret, problem) : status;
}

static struct event make_escalation(const struct desk *desk, const struct board_row *row)
{
    struct board_question question = {
        .now_ms = desk_now_ms(desk), .limit = 1, .with_ended = true};
    struct board_line line = {0};
    struct board_totals totals;
    struct event event = make_word(row, EVENT_ESCALATE);
    (void)board_view(&desk->deadlines, row, 1, &question, &line, &totals);

    event.member = row->recipient;
    event.sender = row->sender;
    event.side = SIDE_OF_SENDER;
    event.service = row->service;
    event.priority = row->priority;
    event.created_ms = row->created_ms;
    event.move = (unsigned)row->progress;
    event.day = row->day;
    event.waits = line.deadline.waits;
    event.late = line.late;
    return event;
}

enum status board_escalate(
    struct desk *desk, const struct board_row *row, int64_t *ret_told)
{
    const struct profile *coordinators[EVENT_COORDINATORS_MAX];
    struct event event = make_escalation(desk, row);
    size_t n = event_coordinators(desk, row->district, coordinators);
    enum status status = STATUS_OK;

    *ret_told = 0;
    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        if (ident_equal(&coordinators[i]->node_id, &desk->options.node_id))
            continue;
        status = event_send(desk, &coordinators[i]->node_id, &event, LANE_EXPRESS);
        *ret_told += status == STATUS_OK;
        if (status == STATUS_NOT_FOUND || status == STATUS_DENIED)
            status = STATUS_OK;
    }
    return status;
}

enum status use_escalate(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct board_row row;
    int64_t told = 0;
    enum status status = find_row(desk, request, &row, problem);

    (void)verb;
    if (status != STATUS_OK)
        return status;
    status = board_escalate(desk, &row, &told);
    if (status == STATUS_OK && told == 0) {
        problem_say(problem, 409, "no-deputy",
            "There is no other coordinator for that district. Nothing was sent.");
        return STATUS_CONFLICT;
    }
    row.escalated = true;
    if (status == STATUS_OK)
        status = finish(desk, &row, ret, problem);
    if (status == STATUS_OK)
        json_put_int(*ret, "told", told);
    return status;
}
