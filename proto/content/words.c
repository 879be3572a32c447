/* SPDX-License-Identifier: Apache-2.0
 * One table of words for each enum; its index is the number that travels. docs/CARE.md 2 lists the same words
 * (test_body compares them).
 */
#include <string.h>

#include "body.h"
#include "capacity.h"
#include "enquiry.h"
#include "memory.h"
#include "profiles.h"

static const char *const SERVICES[SERVICE_COUNT] = {
    [SERVICE_SHELTER] = "shelter",
    [SERVICE_MEDICAL] = "medical",
    [SERVICE_PSYCHOSOCIAL] = "psychosocial",
    [SERVICE_LEGAL] = "legal",
    [SERVICE_LIVELIHOOD] = "livelihood",
    [SERVICE_EDUCATION] = "education",
    [SERVICE_CHILD_PROTECTION] = "child-protection",
    [SERVICE_SUPPLIES] = "supplies",
    [SERVICE_FAMILY_CONTACT] = "family-contact",
    [SERVICE_DOCUMENTS] = "documents",
    [SERVICE_TRANSPORT] = "transport",
    [SERVICE_COORDINATION] = "coordination",
};

static const char *const UNITS[UNIT_COUNT] = {
    [UNIT_PLACE] = "place",
    [UNIT_FEMALE_BED] = "female-bed",
    [UNIT_MALE_BED] = "male-bed",
    [UNIT_FAMILY_BED] = "family-bed",
    [UNIT_APPOINTMENT] = "appointment",
};

static const char *const PAPERS[PAPER_COUNT] = {
    [PAPER_IDENTITY] = "identity-card",
    [PAPER_POLICE] = "police-report",
    [PAPER_MEDICAL] = "medical-report",
    [PAPER_COURT] = "court-order",
    [PAPER_REFERRAL] = "referral-letter",
};

static const char *const CAPACITY_STATUSES[CAPACITY_STATUS_COUNT] = {
    [CAPACITY_OPEN] = "open",
    [CAPACITY_WAITLIST] = "waitlist",
    [CAPACITY_FULL] = "full",
    [CAPACITY_CLOSED] = "closed",
    [CAPACITY_ASK_FIRST] = "ask-first",
};

static const char *const ENQUIRY_WORDS[ENQUIRY_WORD_COUNT] = {
    [ENQUIRY_YES] = "yes",
    [ENQUIRY_NO] = "no",
    [ENQUIRY_WAITLIST] = "waitlist",
};

static const char *const CLAIMS[CLAIM_COUNT] = {
    [CLAIM_YES] = "yes",
    [CLAIM_NO] = "no",
};

static const char *const PRIORITIES[PRIORITY_COUNT] = {
    [PRIORITY_NORMAL] = "normal",
    [PRIORITY_URGENT] = "urgent",
    [PRIORITY_EMERGENCY] = "emergency",
    [PRIORITY_TONIGHT] = "tonight",
};

static const char *const AGE_BANDS[AGE_BAND_COUNT] = {
    [AGE_UNKNOWN] = "unknown",
    [AGE_0_8] = "0-8",
    [AGE_9_17] = "9-17",
    [AGE_18_25] = "18-25",
    [AGE_26_40] = "26-40",
    [AGE_41_60] = "41-60",
    [AGE_OVER_60] = "over-60",
};

static const char *const MINORS[MINOR_COUNT] = {
    [MINOR_NO] = "no",
    [MINOR_YES] = "yes",
    [MINOR_UNKNOWN] = "unknown",
};

static const char *const GENDERS[GENDER_COUNT] = {
    [GENDER_FEMALE] = "female",
    [GENDER_MALE] = "male",
    [GENDER_TRANSGENDER] = "transgender",
    [GENDER_OTHER] = "other",
    [GENDER_UNSTATED] = "unstated",
};

static const char *const RISKS[RISK_COUNT] = {
    [RISK_LOW] = "low",
    [RISK_MEDIUM] = "medium",
    [RISK_HIGH] = "high",
    [RISK_UNKNOWN] = "unknown",
};

static const char *const EXPLOITATIONS[EXPLOITATION_COUNT] = {
    [EXPLOITATION_UNSAID] = "unsaid",
    [EXPLOITATION_LABOUR] = "labour",
    [EXPLOITATION_SEXUAL] = "sexual",
    [EXPLOITATION_OTHER] = "other",
};

static const char *const FIELD_GROUPS[GROUP_COUNT] = {
    [GROUP_CORE] = "core",
    [GROUP_NAME] = "name",
    [GROUP_IDENTITY] = "identity",
    [GROUP_CONTACT] = "contact",
    [GROUP_DISTRICT] = "district",
    [GROUP_HEALTH_URGENT] = "health-urgent",
    [GROUP_HEALTH] = "health",
    [GROUP_ACCESS] = "access",
    [GROUP_RISK] = "risk",
    [GROUP_DEPENDANTS] = "dependants",
    [GROUP_EXPLOITATION] = "exploitation",
    [GROUP_SKILLS] = "skills",
    [GROUP_GUARDIAN] = "guardian",
};

static const char *const DECISIONS[DECISION_COUNT] = {
    [DECISION_OPENED] = "opened",
    [DECISION_ACCEPTED] = "accepted",
    [DECISION_DECLINED] = "declined",
    [DECISION_COMPLETED] = "completed",
    [DECISION_WAITLISTED] = "waitlisted",
    [DECISION_REDIRECTED] = "redirected",
    [DECISION_SCHEDULED] = "scheduled",
    [DECISION_IN_SERVICE] = "in-service",
    [DECISION_ON_HOLD] = "on-hold",
    [DECISION_NO_SHOW] = "no-show",
    [DECISION_CANCELLED] = "cancelled",
    [DECISION_FAILED] = "failed",
    [DECISION_MILESTONE] = "milestone",
    [DECISION_FOLLOWED_UP] = "followed-up",
    [DECISION_ASKS] = "asks",
    [DECISION_TELLS] = "tells",
};

static const char *const DECLINE_REASONS[DECLINE_COUNT] = {
    [DECLINE_NONE] = "none",
    [DECLINE_AT_CAPACITY] = "at-capacity",
    [DECLINE_NOT_ELIGIBLE] = "not-eligible",
    [DECLINE_SERVICE_CLOSED] = "service-closed",
    [DECLINE_SAFETY_CONFLICT] = "safety-conflict",
    [DECLINE_ALREADY_SERVED] = "already-served",
    [DECLINE_CLIENT_DECLINED] = "client-declined",
    [DECLINE_INSUFFICIENT_INFO] = "insufficient-info",
    [DECLINE_NOT_ELIGIBLE_GENDER] = "not-eligible-gender",
    [DECLINE_NOT_ELIGIBLE_AGE] = "not-eligible-age",
    [DECLINE_NOT_ELIGIBLE_AREA] = "not-eligible-area",
};

static const char *const HOLD_REASONS[HOLD_COUNT] = {
    [HOLD_PERSON_ASKED] = "person-asked",
    [HOLD_HEALTH] = "health",
    [HOLD_LEGAL] = "legal",
    [HOLD_NO_ROOM] = "no-room",
    [HOLD_PAPERS] = "papers",
};

static const char *const FAIL_REASONS[FAIL_COUNT] = {
    [FAIL_NO_CONTACT] = "no-contact",
    [FAIL_LEFT] = "left",
    [FAIL_NOT_SUITABLE] = "not-suitable",
    [FAIL_PROVIDER_STOPPED] = "provider-stopped",
    [FAIL_SAFETY] = "safety",
};

static const char *const MILESTONES[MILESTONE_COUNT] = {
    [MILESTONE_SKILLS_TRAINING] = "skills-training",
    [MILESTONE_START_UP_KIT] = "start-up-kit",
    [MILESTONE_PLACEMENT] = "placement",
    [MILESTONE_ENROLLED] = "enrolled",
    [MILESTONE_PAPERS_ISSUED] = "papers-issued",
    [MILESTONE_COURT_HEARING] = "court-hearing",
    [MILESTONE_FAMILY_CONTACT] = "family-contact",
    [MILESTONE_TREATMENT_ENDED] = "treatment-ended",
};

static const char *const FOLLOW_UPS[FOLLOW_UP_COUNT] = {
    [FOLLOW_UP_30] = "30",
    [FOLLOW_UP_90] = "90",
    [FOLLOW_UP_180] = "180",
};

static const char *const FOLLOW_RESULTS[FOLLOW_RESULT_COUNT] = {
    [FOLLOW_RESULT_SAFE_AND_WELL] = "safe-and-well",
    [FOLLOW_RESULT_NEEDS_MORE] = "needs-more",
    [FOLLOW_RESULT_NOT_REACHED] = "not-reached",
    [FOLLOW_RESULT_MOVED] = "moved",
    [FOLLOW_RESULT_DECLINED_CONTACT] = "declined-contact",
};

static const char *const INQUIRIES[INQUIRY_COUNT] = {
    [INQUIRY_NEEDS_INTERPRETER] = "needs-interpreter",
    [INQUIRY_CHILD_WITH_PERSON] = "child-with-person",
    [INQUIRY_HEALTH_URGENT] = "health-urgent",
    [INQUIRY_ARRIVAL_WHEN] = "arrival-when",
    [INQUIRY_ESCORTED] = "escorted",
    [INQUIRY_HAS_PAPERS] = "has-papers",
    [INQUIRY_PLACE_STILL_FREE] = "place-still-free",
    [INQUIRY_STILL_NEEDED] = "still-needed",
};

static const char *const TOLDS[TOLD_COUNT] = {
    [TOLD_YES] = "yes",
    [TOLD_NO] = "no",
    [TOLD_UNKNOWN] = "unknown",
    [TOLD_DAY] = "day",
};

static const char *const ROLES[ROLE_COUNT] = {
    [ROLE_SCREENING] = "screening",
    [ROLE_SHELTER] = "shelter",
    [ROLE_MEDICAL] = "medical",
    [ROLE_PSYCHOSOCIAL] = "psychosocial",
    [ROLE_LEGAL] = "legal",
    [ROLE_LIVELIHOOD] = "livelihood",
    [ROLE_EDUCATION] = "education",
    [ROLE_CHILD_PROTECTION] = "child-protection",
    [ROLE_SUPPLIES] = "supplies",
    [ROLE_COORDINATOR] = "coordinator",
};

static const char *name_in(const char *const *words, size_t n, size_t value)
{
    return value < n ? words[value] : NULL;
}

static enum status find_in(
    const char *const *words, size_t n, const char *word, size_t *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (words[i] != NULL && strcmp(words[i], word) == 0) {
            *ret = i;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

/* The pair of functions that every table has. */
#define NAME_OF(noun, table)                                                             \
    const char *noun##_name(enum noun value)                                             \
    {                                                                                    \
        return name_in(table, ARRAY_LENGTH(table), (size_t)value);                       \
    }
#define PARSE_OF(noun, table)                                                            \
    enum status noun##_parse(const char *word, enum noun *ret)                           \
    {                                                                                    \
        size_t value = 0;                                                                \
        enum status status = find_in(table, ARRAY_LENGTH(table), word, &value);          \
        if (status == STATUS_OK) {                                                       \
            *ret = (enum noun)value;                                                     \
        }                                                                                \
        return status;                                                                   \
    }

NAME_OF(service, SERVICES)
PARSE_OF(service, SERVICES)
NAME_OF(priority, PRIORITIES)
PARSE_OF(priority, PRIORITIES)
NAME_OF(age_band, AGE_BANDS)
PARSE_OF(age_band, AGE_BANDS)
NAME_OF(minor, MINORS)
PARSE_OF(minor, MINORS)
NAME_OF(gender, GENDERS)
PARSE_OF(gender, GENDERS)
NAME_OF(risk, RISKS)
PARSE_OF(risk, RISKS)
NAME_OF(exploitation, EXPLOITATIONS)
PARSE_OF(exploitation, EXPLOITATIONS)
NAME_OF(field_group, FIELD_GROUPS)
PARSE_OF(field_group, FIELD_GROUPS)
NAME_OF(decision, DECISIONS)
NAME_OF(decline_reason, DECLINE_REASONS)
PARSE_OF(decline_reason, DECLINE_REASONS)
NAME_OF(hold_reason, HOLD_REASONS)
NAME_OF(fail_reason, FAIL_REASONS)
NAME_OF(milestone, MILESTONES)
NAME_OF(follow_up, FOLLOW_UPS)
NAME_OF(follow_result, FOLLOW_RESULTS)
NAME_OF(inquiry, INQUIRIES)
NAME_OF(told, TOLDS)
NAME_OF(role, ROLES)
PARSE_OF(role, ROLES)
NAME_OF(unit, UNITS)
PARSE_OF(unit, UNITS)
NAME_OF(paper, PAPERS)
PARSE_OF(paper, PAPERS)
NAME_OF(capacity_status, CAPACITY_STATUSES)
PARSE_OF(capacity_status, CAPACITY_STATUSES)
NAME_OF(enquiry_word, ENQUIRY_WORDS)
NAME_OF(claim, CLAIMS)
PARSE_OF(claim, CLAIMS)

const char *urgent_health_name(unsigned bit)
{
    switch (bit) {
    case URGENT_INJURY:
        return "injury";
    case URGENT_ILLNESS:
        return "illness";
    case URGENT_PREGNANCY:
        return "pregnancy";
    case URGENT_MEDICATION:
        return "medication";
    default:
        return NULL;
    }
}
