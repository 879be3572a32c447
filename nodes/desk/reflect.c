/* SPDX-License-Identifier: Apache-2.0
 * The time to reflect (docs/CARE.md 17, DP27): days of the case's timeline are all that is read here. What an interview says
 * cannot be reached from a referral, nor which class was confirmed (DP11).
 */
#include <string.h>

#include "inside.h"

#define SCREENING (UINT32_C(1) << (ROLE_SCREENING - 1))

/* The newest day on which the person was identified; 0: never. What cannot be read may have been that. */
static enum status find_day(struct desk *desk, const struct ident *ident, int64_t *ret)
{
    struct event_row event = {.id = INT64_MAX};
    enum status status;

    *ret = 0;
    while ((status = timeline_next(desk->timeline, ident, event.id, &event)) == STATUS_OK)
        if ((event.damaged || event.event == EVENT_IDENTIFIED ||
                event.event == EVENT_RECEIVED) &&
            event.day > *ret)
            *ret = event.day;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status reflect_weigh(struct desk *desk, const struct json *request,
    struct refer_plan *plan, struct problem *problem)
{
    struct two_days now = {plan->today, post_certain_ms(desk->options.post) / DAY_MS};
    struct trouble trouble = {""};
    int64_t day = 0;
    enum status status =
        json_may_flag(request, "person_asked", &plan->person_asked, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    if (!(plan->to->roles & SCREENING) || !json_find(request, "case"))
        return STATUS_OK;
    status = find_day(desk, &plan->subject, &day);
    plan->reflects = day != 0 && !reflection_is_over(&desk->retention, day, false, now);
    return status;
}

enum status reflect_check(const struct refer_plan *plan, struct problem *problem)
{
    if (!plan->reflects || plan->person_asked)
        return STATUS_OK;
    problem_say(problem, 403, "reflection",
        "The person was identified less than 30 days ago and has time to reflect, and %s "
        "is a member of officers who screen. Nothing was sent. Only if the person asks "
        "for it: say \"person_asked\": true, and it stands in the timeline.",
        plan->to->name);
    return STATUS_DENIED;
}

enum status reflect_keep(struct desk *desk, const struct refer_plan *plan)
{
    return plan->reflects && plan->person_asked
               ? case_say(desk, &plan->subject, EVENT_PERSON_ASKED, 0,
                     plan->referral.reference)
               : STATUS_OK;
}

/* Once: who is screened again does not wait anew. */
enum status reflect_begin(struct desk *desk, const struct ident *ident)
{
    struct event_row event = {.id = INT64_MAX};
    enum status status;

    while ((status = timeline_next(desk->timeline, ident, event.id, &event)) == STATUS_OK)
        if (!event.damaged && event.event == EVENT_IDENTIFIED)
            return STATUS_OK;
    return status == STATUS_NOT_FOUND ? case_say(desk, ident, EVENT_IDENTIFIED, 0, NULL)
                                      : status;
}
