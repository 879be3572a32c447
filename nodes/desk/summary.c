/* SPDX-License-Identifier: Apache-2.0
 * A case for the eyes of somebody who is to advise and not to know whose it is (docs/CARE.md 10.7). Built up from nothing:
 * what is not put in here is not in it. Codes and months; no alias, reference, member, place, day or text.
 */
#include "inside.h"
#include "memory.h"
#include "months.h"

enum { REFERRALS_MAX = 200 };

static void put_month(struct json *json, const char *name, int64_t day)
{
    char text[MONTH_TEXT_BYTES];

    month_format(month_of_day(day), text);
    json_put_text(json, name, text);
}

/* How many children come with the person is not told: seven are remembered by everybody. */
static void put_person(struct json *json, const struct person *person)
{
    struct json *languages = json_new_list();

    for (size_t i = 0; i < person->n_languages; i++)
        json_add_text(languages, person->languages[i]);
    json_put_text(json, "age_band", age_band_name(person->age_band));
    json_put_text(json, "minor", minor_name(person->minor));
    json_put_text(json, "gender", gender_name(person->gender));
    json_give(json, "languages", &languages);
    json_put_flag(json, "interpreter", person->interpreter);
    json_put_flag(json, "children", person->dependants > 0 || person->infant);
    for (unsigned bit = 1; bit <= URGENT_ALL; bit <<= 1)
        json_put_flag(json, urgent_health_name(bit), (person->urgent_health & bit) != 0);
}

/* A question and what is said to it is talk between two members. */
static bool belongs(const struct decision_row *said)
{
    return !said->damaged && said->applied && said->move != MOVE_ASKS &&
           said->move != MOVE_TELLS;
}

static struct json *format_step(const struct decision_row *said, bool sent)
{
    struct json *json = json_new_object();
    const char *reason = move_reason_name(said->move, said->reason);

    put_month(json, "month", said->at_ms / DAY_MS);
    json_put_text(json, "by", said->mine == sent ? "sender" : "recipient");
    json_put_text(json, "step", move_name(said->move));
    if (reason && *reason)
        json_put_text(json, "reason", reason);
    if (said->milestone)
        json_put_text(json, "milestone", milestone_name(said->milestone));
    if (said->follow_up)
        json_put_text(json, "after", follow_up_name(said->follow_up));
    if (said->result)
        json_put_text(json, "result", follow_result_name(said->result));
    return json;
}

static enum status put_steps(
    struct desk *desk, const struct referral_row *row, struct json *json)
{
    struct json *list = json_new_list();
    struct decision_row said = {0};
    enum status status;

    while ((status = decisions_next(desk->decisions, row->id, said.id, &said)) ==
           STATUS_OK) {
        struct json *one = belongs(&said) ? format_step(&said, row->sent) : NULL;

        if (one)
            json_add(list, &one);
    }
    json_give(json, "steps", &list);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* What the person took back, and what was a mistake, is told to nobody any more. */
static enum status may_tell(struct desk *desk, const struct referral_row *row, bool *ret)
{
    struct share share = {0};
    enum status status = STATUS_OK;

    *ret = !row->damaged && !row->purged && !row->late &&
           row->progress != PROGRESS_ENTERED_IN_ERROR;
    if (*ret && row->sent)
        status = item_find_share(desk, row, &share);
    /* One that the disk damaged may have been taken back. */
    *ret = *ret && status != STATUS_CORRUPT && share.withdrawn_day == 0;
    return status == STATUS_NOT_FOUND || status == STATUS_CORRUPT ? STATUS_OK : status;
}

static enum status add_referral(
    struct desk *desk, int64_t id, struct json *course, uint32_t *services)
{
    struct referral_row row;
    bool may = false;

    arena_reset(desk->arena);
    enum status status = referrals_get(desk->referrals, id, desk->arena, &row);
    if (status == STATUS_OK)
        status = may_tell(desk, &row, &may);
    if (status != STATUS_OK || !may)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    struct json *one = json_new_object();
    json_put_text(one, "direction", row.sent ? "sent" : "received");
    json_put_text(one, "service", service_name(row.referral.service));
    json_put_text(one, "priority", priority_name(row.referral.priority));
    json_put_text(one, "state", progress_name(row.progress));
    put_month(one, "month", row.day);
    status = put_steps(desk, &row, one);
    *services |= UINT32_C(1) << (row.referral.service - 1);
    if (status == STATUS_OK)
        json_add(course, &one);
    json_destroy(&one);
    return status;
}

static const char *name_service(int i)
{
    return service_name((enum service)i);
}

static struct json *begin(const struct case_row *row)
{
    struct json *json = json_new_object();

    put_person(json, &row->person);
    json_put_text(json, "origin", case_origin_name(row->origin));
    json_put_text(json, "outcome", case_outcome_name(row->outcome));
    put_month(json, "opened", row->opened_day);
    if (row->closed_day != 0)
        put_month(json, "closed", row->closed_day);
    return json;
}

enum status use_case_summary(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct case_row row;
    int64_t referral = 0;
    uint32_t services = 0;
    enum status status = case_named(desk, request, "reference", &row, problem);

    (void)verb;
    if (status != STATUS_OK)
        return status;
    struct json *json = begin(&row), *course = json_new_list();
    struct ident ident = row.ident; /* the row's arena goes with the first referral */
    while (status == STATUS_OK && json_count(course) < REFERRALS_MAX) {
        status = casebook_next_tie(desk->casebook, &ident, referral, &referral);
        if (status == STATUS_OK)
            status = add_referral(desk, referral, course, &services);
    }
    struct json *needs = item_words(services, SERVICE_COUNT, name_service);
    json_give(json, "needs", &needs);
    json_give(json, "course", &course);
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        *ret = json;
        return STATUS_OK;
    }
    json_destroy(&json);
    return status;
}
