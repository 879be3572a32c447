/* SPDX-License-Identifier: Apache-2.0
 * One row a state.
 */
#include "deadlines.h"

#include "clock.h"
#include "deadline_policy.data.h"
#include "json.h"
#include "memory.h"

enum { POLICY_BYTES_MAX = 4096 };

static const char *const CLOCKS[CLOCK_COUNT] = {
    "tonight", "urgent-medical", "emergency", "urgent", "normal"};

/* --- the policy --------------------------------------------------------------------------------------------- */

static enum status need(const struct json *json, const char *name, int64_t min,
    int64_t max, uint32_t *ret, struct trouble *trouble)
{
    int64_t value = 0;
    enum status status = json_need_int(json, name, min, max, &value, trouble);

    *ret = (uint32_t)value;
    return status;
}

static enum status read_clock(
    const struct json *json, struct deadline_minutes *ret, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"opening", "decision", "beginning"};
    enum status status = json_refuse_unknown(json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = need(json, "opening", 0, DEADLINE_MINUTES_MAX, &ret->opening, trouble);
    if (status == STATUS_OK)
        status = need(json, "decision", 2, DEADLINE_MINUTES_MAX, &ret->decision, trouble);
    if (status == STATUS_OK)
        status =
            need(json, "beginning", 2, DEADLINE_MINUTES_MAX, &ret->beginning, trouble);
    if (status == STATUS_OK && ret->opening >= ret->decision) {
        trouble_say(trouble, "it is opened before it is decided: \"opening\" is less "
                             "than \"decision\"");
        status = STATUS_MALFORMED;
    }
    return status;
}

static enum status read_clocks(
    const struct json *minutes, struct deadline_policy *ret, struct trouble *trouble)
{
    enum status status = json_refuse_unknown(minutes, CLOCKS, CLOCK_COUNT, trouble);

    for (int i = 0; status == STATUS_OK && i < CLOCK_COUNT; i++) {
        const struct json *one;

        status = json_need_object(minutes, CLOCKS[i], &one, trouble);
        if (status == STATUS_OK)
            status = read_clock(one, &ret->minutes[i], trouble);
    }
    return status;
}

static enum status read_days(
    const struct json *days, struct deadline_policy *ret, struct trouble *trouble)
{
    static const char *const NAMES[] = {
        "appointment", "place", "review", "on-hold", "no-show", "cancel"};
    uint32_t *const into[] = {&ret->appointment_days, &ret->place_days, &ret->review_days,
        &ret->hold_days, &ret->no_show_days, &ret->cancel_days};
    enum status status = json_refuse_unknown(days, NAMES, ARRAY_LENGTH(NAMES), trouble);

    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LENGTH(NAMES); i++)
        status = need(days, NAMES[i], 1, DEADLINE_DAYS_MAX, into[i], trouble);
    return status;
}

static enum status read_head(
    const struct json *json, struct deadline_policy *ret, struct trouble *trouble)
{
    static const char *const KNOWN[] = {"policy", "version", "state", "reviewed_by",
        "minutes", "days", "ring_minutes", "silence_hours"};
    static const char *const POLICIES[] = {"deadlines"};
    static const char *const STATES[] = {"draft", "reviewed"};
    const char *reviewed_by = "";
    size_t policy, state = 0;
    enum status status = json_refuse_unknown(json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = json_need_choice(json, "policy", POLICIES, 1, &policy, trouble);
    if (status == STATUS_OK)
        status = need(json, "version", 1, UINT32_MAX, &ret->version, trouble);
    if (status == STATUS_OK)
        status = json_need_choice(json, "state", STATES, 2, &state, trouble);
    if (status == STATUS_OK)
        status = json_need_text(json, "reviewed_by", 200, &reviewed_by, trouble);
    if (status == STATUS_OK)
        status = need(json, "ring_minutes", 1, 24 * 60, &ret->ring_minutes, trouble);
    if (status == STATUS_OK)
        status = need(json, "silence_hours", 1, 24 * 35, &ret->silence_hours, trouble);
    if (status == STATUS_OK && (state == 1) != (*reviewed_by != '\0')) {
        trouble_say(trouble, "who reviewed is named when the state is \"reviewed\"");
        status = STATUS_MALFORMED;
    }
    ret->reviewed = state == 1;
    return status;
}

enum status deadlines_parse(
    struct span text, struct deadline_policy *ret, struct trouble *trouble)
{
    struct deadline_policy policy = {0};
    const struct json *part;
    struct json *json = NULL;
    enum status status = json_parse(text, POLICY_BYTES_MAX, &json, trouble);

    if (status == STATUS_OK)
        status = read_head(json, &policy, trouble);
    if (status == STATUS_OK)
        status = json_need_object(json, "minutes", &part, trouble);
    if (status == STATUS_OK)
        status = read_clocks(part, &policy, trouble);
    if (status == STATUS_OK)
        status = json_need_object(json, "days", &part, trouble);
    if (status == STATUS_OK)
        status = read_days(part, &policy, trouble);
    if (status == STATUS_OK)
        *ret = policy;
    json_destroy(&json);
    return status == STATUS_TOO_BIG ? STATUS_MALFORMED : status;
}

void deadlines_load(struct deadline_policy *ret)
{
    PROMISE(deadlines_parse(span_of(DEADLINE_POLICY, DEADLINE_POLICY_BYTES), ret, NULL) ==
            STATUS_OK);
}

/* --- the clocks --------------------------------------------------------------------------------------------- */

enum deadline_clock deadline_clock_of(enum service service, enum priority priority)
{
    if (priority == PRIORITY_TONIGHT)
        return CLOCK_TONIGHT;
    if (priority == PRIORITY_NORMAL)
        return CLOCK_NORMAL;
    if (service == SERVICE_MEDICAL)
        return CLOCK_URGENT_MEDICAL;
    return priority == PRIORITY_EMERGENCY ? CLOCK_EMERGENCY : CLOCK_URGENT;
}

bool deadline_pauses(enum service service, enum priority priority)
{
    return deadline_clock_of(service, priority) == CLOCK_NORMAL;
}

static struct deadline make(enum waits waits, enum actor owner, int64_t start_ms,
    int64_t span_ms, int64_t paused_ms)
{
    start_ms += paused_ms; /* so that half of it is half of the time that ran */
    return (struct deadline){.waits = waits,
        .owner = owner,
        .start_ms = start_ms,
        .due_ms = start_ms + span_ms};
}

/* Nobody has decided yet. */
static size_t of_undecided(const struct deadline_minutes *minutes,
    const struct watched *watched, struct deadline *ret)
{
    size_t n = 0;

    if (watched->progress == PROGRESS_REQUESTED && minutes->opening != 0)
        ret[n++] = make(WAITS_OPENING, ACTOR_RECIPIENT, watched->created_ms,
            minutes->opening * MINUTE_MS, watched->paused_ms);
    ret[n++] = make(WAITS_DECISION, ACTOR_RECIPIENT, watched->created_ms,
        minutes->decision * MINUTE_MS, watched->paused_ms);
    return n;
}

/* The day itself, and those of the policy after it; without a day the days count from now on. */
static struct deadline of_day(
    enum waits waits, const struct watched *watched, uint32_t days)
{
    int64_t start = watched->since_ms;

    if (watched->day == 0)
        return make(waits, ACTOR_RECIPIENT, start, days * DAY_MS, watched->paused_ms);
    int64_t end = ((int64_t)watched->day + 1) * DAY_MS +
                  (waits == WAITS_APPOINTMENT ? (days - 1) * DAY_MS : 0);
    return make(waits, ACTOR_RECIPIENT, start, end > start ? end - start : 0, 0);
}

size_t deadlines_of(const struct deadline_policy *policy, const struct watched *watched,
    struct deadline ret[static DEADLINES_OF_ONE])
{
    const struct deadline_minutes *minutes =
        &policy->minutes[deadline_clock_of(watched->service, watched->priority)];
    int64_t since = watched->since_ms;

    if (watched->settled)
        return 0;
    if (watched->failed && !progress_is_over(watched->progress)) {
        *ret = make(WAITS_NEXT, ACTOR_SENDER, watched->created_ms, 0, 0);
        return 1;
    }
    switch (watched->progress) {
    case PROGRESS_REQUESTED:
    case PROGRESS_OPENED:
        return of_undecided(minutes, watched, ret);
    case PROGRESS_ACCEPTED:
        *ret = make(WAITS_BEGINNING, ACTOR_RECIPIENT, since,
            minutes->beginning * MINUTE_MS, watched->paused_ms);
        return 1;
    case PROGRESS_SCHEDULED:
        *ret = of_day(WAITS_APPOINTMENT, watched, policy->appointment_days);
        return 1;
    case PROGRESS_WAITLISTED:
        *ret = of_day(WAITS_PLACE, watched, policy->place_days);
        return 1;
    case PROGRESS_IN_SERVICE:
    case PROGRESS_ON_HOLD:
    case PROGRESS_NO_SHOW:
        *ret = make(WAITS_REVIEW, ACTOR_RECIPIENT, since,
            (watched->progress == PROGRESS_IN_SERVICE   ? policy->review_days
                : watched->progress == PROGRESS_ON_HOLD ? policy->hold_days
                                                        : policy->no_show_days) *
                DAY_MS,
            0);
        return 1;
    case PROGRESS_CANCEL_REQUESTED:
        *ret = make(WAITS_CANCEL, ACTOR_RECIPIENT, since, policy->cancel_days * DAY_MS,
            watched->paused_ms);
        return 1;
    case PROGRESS_DECLINED:
    case PROGRESS_REDIRECTED:
    case PROGRESS_FAILED:
        *ret = make(WAITS_NEXT, ACTOR_SENDER, since, minutes->decision * MINUTE_MS, 0);
        return 1;
    case PROGRESS_COMPLETED:
    case PROGRESS_CANCELLED:
    case PROGRESS_ENTERED_IN_ERROR:
    case PROGRESS_STAYS:
    case PROGRESS_COUNT:
        break;
    }
    return 0;
}

int64_t deadline_half_ms(const struct deadline *deadline)
{
    return deadline->start_ms + (deadline->due_ms - deadline->start_ms) / 2;
}

enum late deadline_late(const struct deadline *deadline, int64_t now_ms)
{
    if (now_ms >= deadline->due_ms)
        return LATE_FULL;
    return now_ms >= deadline_half_ms(deadline) ? LATE_HALF : LATE_NOT;
}
