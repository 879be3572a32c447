/* SPDX-License-Identifier: Apache-2.0
 * One word a class; the policy names each of them once and nothing else.
 */
#include "retention.h"

#include "json.h"
#include "memory.h"
#include "retention_policy.data.h"

enum { POLICY_BYTES_MAX = 4096 };

static const char *const WORDS[RETAINED_COUNT] = {
    [RETAINED_DECLINED] = "declined",
    [RETAINED_LAPSED] = "lapsed",
    [RETAINED_LATE] = "late",
    [RETAINED_COMPLETED] = "completed",
    [RETAINED_CASE_CLOSED] = "case-closed",
    [RETAINED_SCREENING_UNFINISHED] = "screening-unfinished",
    [RETAINED_ARRIVALS] = "arrivals",
    [RETAINED_AUDIT] = "audit",
};

const char *retained_name(enum retained what)
{
    return (unsigned)what < RETAINED_COUNT ? WORDS[what] : NULL;
}

static enum status read_days(
    const struct json *days, struct retention *ret, struct trouble *trouble)
{
    enum status status =
        json_refuse_unknown(days, WORDS + 1, RETAINED_COUNT - 1, trouble);

    for (int what = 1; status == STATUS_OK && what < RETAINED_COUNT; what++) {
        int64_t value = 0;

        status = json_need_int(
            days, WORDS[what], RETENTION_DAYS_MIN, RETENTION_DAYS_MAX, &value, trouble);
        ret->days[what] = (uint32_t)value;
    }
    return status;
}

static enum status read_head(
    const struct json *json, struct retention *ret, struct trouble *trouble)
{
    static const char *const KNOWN[] = {
        "policy", "version", "state", "reviewed_by", "days", "reflection_days"};
    static const char *const POLICIES[] = {"retention"};
    static const char *const STATES[] = {"draft", "reviewed"};
    const char *reviewed_by = "";
    int64_t version = 0, reflection = 0;
    size_t policy, state = 0;
    enum status status = json_refuse_unknown(json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = json_need_choice(json, "policy", POLICIES, 1, &policy, trouble);
    if (status == STATUS_OK)
        status = json_need_int(json, "version", 1, UINT32_MAX, &version, trouble);
    if (status == STATUS_OK)
        status = json_need_choice(json, "state", STATES, 2, &state, trouble);
    if (status == STATUS_OK)
        status = json_need_text(json, "reviewed_by", 200, &reviewed_by, trouble);
    if (status == STATUS_OK)
        status = json_need_int(json, "reflection_days", RETENTION_DAYS_MIN,
            RETENTION_DAYS_MAX, &reflection, trouble);
    if (status == STATUS_OK && (state == 1) != (*reviewed_by != '\0')) {
        trouble_say(trouble, "who reviewed is named when the state is \"reviewed\"");
        status = STATUS_MALFORMED;
    }
    ret->version = (uint32_t)version;
    ret->reviewed = state == 1;
    ret->reflection_days = (uint32_t)reflection;
    return status;
}

enum status retention_parse(
    struct span text, struct retention *ret, struct trouble *trouble)
{
    struct retention retention = {0};
    const struct json *days;
    struct json *json = NULL;
    enum status status = json_parse(text, POLICY_BYTES_MAX, &json, trouble);

    if (status == STATUS_OK)
        status = read_head(json, &retention, trouble);
    if (status == STATUS_OK)
        status = json_need_object(json, "days", &days, trouble);
    if (status == STATUS_OK)
        status = read_days(days, &retention, trouble);
    if (status == STATUS_OK)
        *ret = retention;
    json_destroy(&json);
    return status == STATUS_TOO_BIG ? STATUS_MALFORMED : status;
}

void retention_load(struct retention *ret)
{
    PROMISE(retention_parse(span_of(RETENTION_POLICY, RETENTION_POLICY_BYTES), ret,
                NULL) == STATUS_OK);
}

int64_t retention_ends(
    const struct retention *retention, enum retained what, int64_t since_day)
{
    PROMISE(what >= 1 && what < RETAINED_COUNT);
    return since_day + retention->days[what];
}

static int64_t earlier_of(struct two_days now)
{
    return now.own < now.witness ? now.own : now.witness;
}

int64_t retention_horizon(
    const struct retention *retention, enum retained what, struct two_days now)
{
    PROMISE(what >= 1 && what < RETAINED_COUNT);
    return earlier_of(now) - retention->days[what];
}

bool retention_is_over(const struct retention *retention, enum retained what,
    int64_t since_day, struct two_days now)
{
    return since_day <= retention_horizon(retention, what, now);
}

bool reflection_is_over(const struct retention *retention, int64_t identified_day,
    bool person_asked, struct two_days now)
{
    return person_asked || earlier_of(now) >= identified_day + retention->reflection_days;
}
