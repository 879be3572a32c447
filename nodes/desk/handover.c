/* SPDX-License-Identifier: Apache-2.0
 * Hand-over: each step is the row and the letter of it, in one transaction. A missing arrival is found by both nodes
 * themselves and told to every coordinator.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"
#include "roles.h"

enum { MISSING_LISTED_MAX = 200 };

/* --- what is shown --------------------------------------------------------------------------------------------- */

static void put_plan(
    const struct desk *desk, const struct handover *handover, struct json *json)
{
    const struct meeting *plan = &handover->plan;
    const struct point *point = points_find(desk->points, plan->point);
    char code[HANDOVER_CODE_BYTES];

    json_put_int(json, "round", plan->round);
    if (plan->point == 0)
        return; /* it was erased */
    struct json *words = json_new_object();
    json_put_int(words, "number", plan->point);
    /* A number that this program's list does not have: a newer list is at the other end. */
    if (point) {
        json_put_text(words, "district", point->district);
        json_put_text(words, "eng", point->eng);
        json_put_text(words, "urd", point->urd);
    }
    json_give(json, "point", &words);
    json_put_time(json, "from", plan->from_ms);
    json_put_time(json, "until", plan->from_ms + (int64_t)plan->minutes * MINUTE_MS);
    json_put_int(json, "way_minutes", plan->way_minutes);
    json_put_text(json, "who", meeting_who_name(plan->who));
    handover_code(plan, code);
    json_put_text(json, "code", code);
    memory_wipe(code, sizeof(code));
}

enum status handover_put(
    struct desk *desk, const struct referral_row *row, struct json *json)
{
    struct handover handover;
    enum status status = handovers_find(desk->handovers, row->id, &handover);

    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    struct json *said = json_new_object();
    json_put_text(said, "state", handover_state_name(handover.state));
    put_plan(desk, &handover, said);
    if (handover.handed_ms != 0)
        json_put_time(said, "handed_over_at", handover.handed_ms);
    if (handover.arrived_ms != 0)
        json_put_time(said, "arrived_at", handover.arrived_ms);
    json_give(json, "handover", &said);
    return STATUS_OK;
}

/* --- letters ---------------------------------------------------------------------------------------------------- */

static enum status send_step(
    struct desk *desk, const struct ident *to, const struct meeting *meeting)
{
    struct post_letter_new letter = {.recipient = *to,
        .kind = LETTER_HANDOVER,
        .lane = LANE_EXPRESS,
        .item_id = ident_new(desk->options.chance)};
    struct buffer body;

    buffer_init(&body, BODY_BYTES_MAX);
    enum status status = meeting_encode(meeting, &body);
    if (status == STATUS_OK) {
        letter.body = buffer_span(&body);
        status = post_send(desk->options.post, &letter);
    }
    buffer_release(&body);
    return status;
}

#define COORDINATOR (UINT32_C(1) << (ROLE_COORDINATOR - 1))

/* A reference and a step: no place, no time. Who is gone is not told. */
static enum status tell_coordinators(struct desk *desk, const struct meeting *plan,
    enum meeting_step step, const struct ident *except)
{
    struct meeting meeting = {.step = step, .round = plan->round};
    enum status status = STATUS_OK;

    memcpy(meeting.reference, plan->reference, REFERENCE_BYTES);
    for (size_t i = 0; status == STATUS_OK && i < directory_count(desk->directory); i++) {
        const struct profile *profile = directory_nth(desk->directory, i);

        if (!(profile->roles & COORDINATOR) || ident_equal(&profile->node_id, except) ||
            ident_equal(&profile->node_id, &desk->options.node_id))
            continue;
        status = send_step(desk, &profile->node_id, &meeting);
        if (status == STATUS_NOT_FOUND || status == STATUS_DENIED)
            status = STATUS_OK;
    }
    return status;
}

/* --- what people do ------------------------------------------------------------------------------------------ */

static enum status explain_step(enum status status, const struct handover *handover,
    enum meeting_step step, struct problem *problem)
{
    switch (status) {
    case STATUS_DENIED:
        problem_say(problem, 409, "not-your-step",
            "\"%s\" is said by the other side of this referral. Nothing was changed.",
            meeting_step_name(step));
        break;
    case STATUS_CONFLICT:
        problem_say(problem, 409, "no-such-step",
            "The hand-over is \"%s\": \"%s\" does not follow. Nothing was changed. "
            "\"amaan "
            "show\" tells how far it is.",
            handover_state_name(handover->state), meeting_step_name(step));
        break;
    case STATUS_NOT_FOUND:
        problem_say(problem, 409, "sender-gone",
            "The other member is no member any more, so nobody can be told. Nothing was "
            "changed. Ask the coordinator.");
        break;
    default:
        break;
    }
    return status;
}

/* Accepted, or further: the words "arrived" and "completed" come in any order, and a cancel is a wish only. */
static bool handover_is_open_to(const struct referral_row *row)
{
    return row->progress == PROGRESS_ACCEPTED || row->progress == PROGRESS_SCHEDULED ||
           row->progress == PROGRESS_IN_SERVICE || row->progress == PROGRESS_ON_HOLD ||
           row->progress == PROGRESS_NO_SHOW || row->progress == PROGRESS_COMPLETED ||
           row->progress == PROGRESS_CANCEL_REQUESTED;
}

/* Nobody plans a hand-over further ahead: a wrong year, or a member that wants the alarm never to come. */
enum { AHEAD_DAYS_MAX = 14 };

static bool is_too_far(const struct desk *desk, const struct meeting *meeting)
{
    return meeting->from_ms > desk_now_ms(desk) + (int64_t)AHEAD_DAYS_MAX * DAY_MS;
}

/* The referral whose hand-over it is, and how far that is. */
static enum status find(struct desk *desk, const struct json *request,
    struct referral_row *row, struct handover *ret, struct problem *problem)
{
    enum status status = item_find(desk, request, row, problem);

    if (status == STATUS_OK && (row->late || row->purged || !handover_is_open_to(row))) {
        problem_say(problem, 409, "not-accepted",
            "A hand-over belongs to a referral that was accepted and is not ended. "
            "Nothing "
            "was changed. First the member that was asked says \"amaan accept\".");
        status = STATUS_CONFLICT;
    }
    if (status != STATUS_OK)
        return status;
    status = handovers_find(desk->handovers, row->id, ret);
    if (status == STATUS_NOT_FOUND) {
        memset(ret, 0, sizeof(*ret));
        status = STATUS_OK;
    }
    return status;
}

/* A fact is kept though nobody is there to hear it: whoever is missed is found by it. */
static enum status tell_other(
    struct desk *desk, const struct referral_row *row, const struct meeting *meeting)
{
    enum status status = send_step(desk, &row->peer, meeting);
    bool fact = meeting->step == MEETING_ARRIVE || meeting->step == MEETING_HAND_OVER;

    return fact && (status == STATUS_NOT_FOUND || status == STATUS_DENIED) ? STATUS_OK
                                                                           : status;
}

static enum status step(struct desk *desk, const struct referral_row *row,
    struct handover *handover, const struct meeting *meeting, struct problem *problem)
{
    enum handover_side side = row->sent ? SIDE_SENDER : SIDE_PROVIDER;
    bool was_missing = handover->state == HANDOVER_MISSING;
    enum status status = handover_move(handover, meeting, side, desk_now_ms(desk));

    if (status == STATUS_EXISTS)
        return STATUS_OK; /* said before: nothing is sent again */
    if (status == STATUS_OK)
        status = handovers_put(desk->handovers, row->id, handover);
    if (status == STATUS_OK)
        status = tell_other(desk, row, meeting);
    if (status == STATUS_OK && was_missing)
        status = tell_coordinators(desk, meeting, meeting->step, &row->peer);
    return explain_step(status, handover, meeting->step, problem);
}

static enum status say(struct desk *desk, const struct json *request,
    enum meeting_step what, struct json **ret, struct problem *problem)
{
    struct meeting meeting = {.step = what};
    struct referral_row row;
    struct handover handover = {.state = HANDOVER_NONE};
    enum status status = find(desk, request, &row, &handover, problem);

    memcpy(meeting.reference, row.referral.reference,
        status == STATUS_OK ? REFERENCE_BYTES : 0);
    meeting.round = handover.plan.round;
    bool erased = handover.plan.point == 0 && what != MEETING_ARRIVE;
    if (status == STATUS_OK && (meeting.round == 0 || erased))
        status = explain_step(STATUS_CONFLICT, &handover, what, problem);
    else if (status == STATUS_OK)
        status = step(desk, &row, &handover, &meeting, problem);
    return status == STATUS_OK ? item_format(desk, &row, true, ret) : status;
}

static enum status read_numbers(
    const struct json *request, struct meeting *meeting, struct trouble *trouble)
{
    int64_t point = 0, minutes = 60, way = 0;
    enum status status =
        json_need_int(request, "point", 1, MEETING_POINT_MAX, &point, trouble);

    if (status == STATUS_OK)
        status = json_need_time(request, "from", &meeting->from_ms, trouble);
    if (status == STATUS_OK)
        status = json_may_int(
            request, "minutes", 1, MEETING_WINDOW_MINUTES_MAX, &minutes, trouble);
    if (status == STATUS_OK)
        status = json_need_int(
            request, "way_minutes", 0, MEETING_WAY_MINUTES_MAX, &way, trouble);
    meeting->point = (unsigned)point;
    meeting->minutes = (unsigned)minutes;
    meeting->way_minutes = (unsigned)way;
    return status;
}

static enum status read_proposal(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct meeting *meeting, struct problem *problem)
{
    struct trouble trouble = {""};
    int who = 0;
    enum status status = read_numbers(request, meeting, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    status = desk_need_word(verb, request, "who", &who, problem);
    meeting->who = (enum meeting_who)who;
    if (status == STATUS_OK && !points_find(desk->points, meeting->point)) {
        problem_say(problem, 400, "no-such-point",
            "There is no meeting point %u. Nothing was changed. \"amaan meeting-points\" "
            "lists them.",
            meeting->point);
        return STATUS_MALFORMED;
    }
    if (status == STATUS_OK &&
        (meeting->from_ms + (int64_t)meeting->minutes * MINUTE_MS < desk_now_ms(desk) ||
            is_too_far(desk, meeting))) {
        problem_say(problem, 400, "bad-request",
            "That window is over already, or more than %d days ahead. Nothing was "
            "changed. "
            "Times are UTC, such as \"2026-11-24T14:30:00Z\".",
            AHEAD_DAYS_MAX);
        return STATUS_MALFORMED;
    }
    return status;
}

enum status use_hand_over_propose(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct meeting meeting = {.step = MEETING_PROPOSE};
    struct referral_row row;
    struct handover handover;
    enum status status = find(desk, request, &row, &handover, problem);

    if (status == STATUS_OK)
        status = read_proposal(desk, verb, request, &meeting, problem);
    if (status != STATUS_OK)
        return status;
    memcpy(meeting.reference, row.referral.reference, REFERENCE_BYTES);
    meeting.round = handover.plan.round + 1;
    chance_fill(desk->options.chance, meeting.seed, sizeof(meeting.seed));
    if (meeting.round > MEETING_ROUNDS_MAX) {
        problem_say(problem, 409, "no-such-step",
            "There were %d proposals already. Nothing was changed. Telephone the other "
            "side.",
            MEETING_ROUNDS_MAX);
        return STATUS_CONFLICT;
    }
    status = step(desk, &row, &handover, &meeting, problem);
    return status == STATUS_OK ? item_format(desk, &row, true, ret) : status;
}

enum status use_hand_over_agree(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return say(desk, request, MEETING_AGREE, ret, problem);
}

enum status use_handed_over(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return say(desk, request, MEETING_HAND_OVER, ret, problem);
}

enum status use_arrived(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return say(desk, request, MEETING_ARRIVE, ret, problem);
}

enum status use_hand_over_off(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return say(desk, request, MEETING_CALL_OFF, ret, problem);
}

enum status use_meeting_points(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object(), *list = json_new_list();
    const char *district = json_find_text(request, "district");

    (void)verb;
    (void)problem;
    for (size_t i = 0; i < points_count(desk->points); i++) {
        const struct point *point = points_nth(desk->points, i);
        struct json *one;

        if (district && strcmp(district, point->district) != 0)
            continue;
        one = json_new_object();
        json_put_int(one, "number", point->number);
        json_put_text(one, "district", point->district);
        json_put_text(one, "eng", point->eng);
        json_put_text(one, "urd", point->urd);
        json_add(list, &one);
    }
    json_put_text(
        json, "text_state", points_are_reviewed(desk->points) ? "reviewed" : "draft");
    json_give(json, "items", &list);
    *ret = json;
    return STATUS_OK;
}

enum status use_missing(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object(), *list = json_new_list();
    struct missing missing = {.id = INT64_MAX}; /* the newest first */
    enum status status = STATUS_OK;

    (void)verb;
    (void)request;
    (void)problem;
    for (int n = 0; status == STATUS_OK && n < MISSING_LISTED_MAX; n++) {
        status = handovers_next_missing(desk->handovers, missing.id, &missing);
        if (status == STATUS_OK) {
            char memory[IDENT_TEXT_BYTES];
            struct json *one = json_new_object();

            json_put_text(one, "reference", missing.reference);
            json_put_text(one, "told_by", item_member_name(desk, &missing.peer, memory));
            json_put_time(one, "told_at", missing.told_ms);
            json_add(list, &one);
        }
    }
    json_give(json, "items", &list);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}

/* --- what comes -------------------------------------------------------------------------------------------------- */

/* To a coordinator, about a referral of others. */
static enum status hear_of_missing(
    struct desk *desk, const struct ident *from, const struct meeting *meeting)
{
    struct missing missing = {.peer = *from, .told_ms = desk_now_ms(desk)};
    enum status status;

    if (!(desk_roles(desk) & COORDINATOR)) {
        log_event(LOG_WARNING, "handover-not-applied", "reason=%s", "unknown-reference");
        return STATUS_OK;
    }
    memcpy(missing.reference, meeting->reference, REFERENCE_BYTES);
    if (meeting->step == MEETING_ARRIVE) {
        status = handovers_end_missing(desk->handovers, from, meeting->reference);
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    if (meeting->step != MEETING_MISS)
        return STATUS_OK;
    status = handovers_put_missing(desk->handovers, &missing);
    if (status == STATUS_EXISTS)
        return STATUS_OK;
    return status == STATUS_OK ? post_alarm_missing(desk->options.post, from) : status;
}

static enum status move_by(struct desk *desk, const struct referral_row *row,
    const struct meeting *meeting, int64_t at_ms)
{
    struct handover handover = {0};
    bool was_missing;
    enum status status = handovers_find(desk->handovers, row->id, &handover);

    if (status == STATUS_CORRUPT) {
        log_event(LOG_ALARM, "record-damaged", NULL);
        return STATUS_OK;
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    was_missing = handover.state == HANDOVER_MISSING;
    if (meeting->step == MEETING_PROPOSE && is_too_far(desk, meeting)) {
        log_event(LOG_ALARM, "handover-not-applied", "reason=%s", "too-far");
        return STATUS_OK;
    }
    status =
        handover_move(&handover, meeting, row->sent ? SIDE_PROVIDER : SIDE_SENDER, at_ms);
    if (status == STATUS_EXISTS)
        return STATUS_OK;
    if (status != STATUS_OK) {
        log_event(LOG_WARNING, "handover-not-applied", "reason=%s step=%s",
            status_name(status), meeting_step_name(meeting->step));
        return STATUS_OK;
    }
    status = handovers_put(desk->handovers, row->id, &handover);
    if (status == STATUS_OK && meeting->step == MEETING_MISS)
        status = post_alarm_missing(desk->options.post, &row->peer);
    /* The other side may have told nobody else. */
    if (status == STATUS_OK && meeting->step == MEETING_MISS)
        status = tell_coordinators(desk, meeting, MEETING_MISS, &row->peer);
    if (status == STATUS_OK && was_missing && meeting->step == MEETING_ARRIVE)
        status = tell_coordinators(desk, meeting, MEETING_ARRIVE, &row->peer);
    return status;
}

enum status handover_apply(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct ident from = letter->peer;
    struct referral_row row;
    struct meeting meeting;

    if (meeting_decode(desk->arena, letter->body, &meeting) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    enum status status =
        referrals_find(desk->referrals, meeting.reference, desk->arena, &row);
    if (status == STATUS_NOT_FOUND)
        return hear_of_missing(desk, &from, &meeting);
    if (status != STATUS_OK)
        return status;
    if (!ident_equal(&row.peer, &from))
        /* Of a coordinator that is asked for something itself, others may tell something, too. */
        return hear_of_missing(desk, &from, &meeting);
    if (letter->late || row.late || row.damaged)
        return STATUS_OK;
    /* Said when it was written: that is when she went, whenever the letter came. */
    return move_by(desk, &row, &meeting,
        letter->created_ms < desk_now_ms(desk) ? letter->created_ms : desk_now_ms(desk));
}

/* --- what time does ------------------------------------------------------------------------------------------- */

static enum status miss(struct desk *desk, int64_t referral)
{
    struct meeting meeting = {.step = MEETING_MISS};
    struct handover handover;
    struct ident peer;
    bool sent = false;
    enum status status = handovers_find(desk->handovers, referral, &handover);

    if (status == STATUS_OK)
        status = referrals_peer(desk->referrals, referral, &peer, &sent);
    if (status != STATUS_OK)
        return status;
    memcpy(meeting.reference, handover.plan.reference, REFERENCE_BYTES);
    meeting.round = handover.plan.round;
    status = handover_move(
        &handover, &meeting, sent ? SIDE_SENDER : SIDE_PROVIDER, desk_now_ms(desk));
    if (status != STATUS_OK) /* the column says that it is due, the box that it is not */
        return STATUS_CORRUPT;
    status = handovers_put(desk->handovers, referral, &handover);
    if (status == STATUS_OK)
        status = send_step(desk, &peer, &meeting);
    if (status == STATUS_NOT_FOUND || status == STATUS_DENIED)
        status =
            STATUS_OK; /* the other side is gone: the coordinators are told all the same */
    if (status == STATUS_OK)
        status = tell_coordinators(desk, &meeting, MEETING_MISS, &peer);
    if (status == STATUS_OK)
        status = post_alarm_missing(desk->options.post, &peer);
    return status;
}

/* One bad row must neither stop the node nor hide the others. */
static enum status or_shelve(struct desk *desk, int64_t referral, enum status status)
{
    if (status != STATUS_CORRUPT && status != STATUS_NOT_FOUND)
        return status;
    log_event(LOG_ALARM, "record-damaged", NULL);
    return handovers_shelve(desk->handovers, referral);
}

static enum status forget(struct desk *desk, int64_t referral)
{
    struct handover handover;
    enum status status = handovers_find(desk->handovers, referral, &handover);

    if (status != STATUS_OK)
        return status;
    struct meeting *plan = &handover.plan;
    plan->point = plan->minutes = plan->way_minutes = 0;
    plan->from_ms = 0;
    plan->who = (enum meeting_who)0;
    memory_wipe(plan->seed, sizeof(plan->seed));
    /* Not to the minute any more: how long a way took tells where it went. */
    handover.handed_ms -= handover.handed_ms % DAY_MS;
    handover.arrived_ms -= handover.arrived_ms % DAY_MS;
    status = handovers_put(desk->handovers, referral, &handover);
    /* Answers that were kept for a repeated request hold them, too. */
    return status == STATUS_OK ? update_blank_replies(desk, plan->reference, "expired")
                               : status;
}

bool handovers_are_due(const struct desk *desk)
{
    int64_t due_ms = INT64_MAX;

    return !post_is_locked(desk->options.post) &&
           (handovers_soonest(desk->handovers, &due_ms) !=
                   STATUS_OK || /* the work says why */
               due_ms <= desk_now_ms(desk));
}

enum status handovers_work(struct desk *desk, struct two_days now)
{
    int64_t referral = 0, day = now.own < now.witness ? now.own : now.witness;
    enum status status = STATUS_OK;

    if (post_is_locked(desk->options.post))
        return STATUS_OK;
    while (status == STATUS_OK) {
        status = handovers_next_due(desk->handovers, desk_now_ms(desk), &referral);
        if (status == STATUS_OK)
            status = or_shelve(desk, referral, miss(desk, referral));
    }
    if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    while (status == STATUS_OK) {
        status = handovers_next_over(desk->handovers, day, &referral);
        if (status == STATUS_OK)
            status = or_shelve(desk, referral, forget(desk, referral));
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
