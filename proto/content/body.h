/* SPDX-License-Identifier: Apache-2.0
 *
 * body: what a referral and an answer say (content.proto), as plain structs. Decoded only after the
 * signature of the letter held (PROTOCOL.md 1.7). Text points into the arena and is clean (bytes.h).
 *
 * This is the whole of a referral that travels: minimum data, no CNIC, no address (docs/CARE.md 1).
 */
#ifndef AMAAN_BODY_H
#define AMAAN_BODY_H

#include "ident.h"
#include "person.h"

enum {
    NOTE_BYTES_MAX = 1000,
    SENDER_ROLE_BYTES_MAX = 60,
    REFERENCE_BYTES =
        10 /* 9 characters, NUL: 8 Crockford base32 and a check character */,
    BODY_ARENA_BYTES = 65536,
    BODY_ARENA_PIECES = 256
};

enum service {
    SERVICE_SHELTER = 1,
    SERVICE_MEDICAL,
    SERVICE_PSYCHOSOCIAL,
    SERVICE_LEGAL,
    SERVICE_LIVELIHOOD,
    SERVICE_EDUCATION,
    SERVICE_CHILD_PROTECTION,
    SERVICE_SUPPLIES,
    SERVICE_FAMILY_CONTACT,
    SERVICE_DOCUMENTS,
    SERVICE_TRANSPORT,
    SERVICE_COORDINATION,
    SERVICE_COUNT
};
enum priority {
    PRIORITY_NORMAL = 1,
    PRIORITY_URGENT,
    PRIORITY_EMERGENCY,
    PRIORITY_TONIGHT,
    PRIORITY_COUNT
};
enum decision {
    DECISION_OPENED = 1,
    DECISION_ACCEPTED,
    DECISION_DECLINED,
    DECISION_COMPLETED,
    DECISION_WAITLISTED,
    DECISION_REDIRECTED,
    DECISION_SCHEDULED,
    DECISION_IN_SERVICE,
    DECISION_ON_HOLD,
    DECISION_NO_SHOW,
    DECISION_CANCELLED, /* the sender asked for it, and it is granted */
    DECISION_FAILED,
    DECISION_MILESTONE,   /* this and the next three move nothing */
    DECISION_FOLLOWED_UP, /* somebody asked how the person is */
    DECISION_ASKS,
    DECISION_TELLS,
    DECISION_COUNT
};
enum decline_reason {
    DECLINE_NONE = 0,
    DECLINE_AT_CAPACITY = 1,
    DECLINE_NOT_ELIGIBLE,
    DECLINE_SERVICE_CLOSED,
    DECLINE_SAFETY_CONFLICT,
    DECLINE_ALREADY_SERVED,
    DECLINE_CLIENT_DECLINED,
    DECLINE_INSUFFICIENT_INFO,
    DECLINE_NOT_ELIGIBLE_GENDER,
    DECLINE_NOT_ELIGIBLE_AGE,
    DECLINE_NOT_ELIGIBLE_AREA,
    DECLINE_COUNT
};
enum hold_reason {
    HOLD_PERSON_ASKED = 1,
    HOLD_HEALTH,
    HOLD_LEGAL,
    HOLD_NO_ROOM,
    HOLD_PAPERS,
    HOLD_COUNT
};
enum fail_reason {
    FAIL_NO_CONTACT = 1,
    FAIL_LEFT,
    FAIL_NOT_SUITABLE,
    FAIL_PROVIDER_STOPPED,
    FAIL_SAFETY,
    FAIL_COUNT
};
enum milestone {
    MILESTONE_SKILLS_TRAINING = 1,
    MILESTONE_START_UP_KIT,
    MILESTONE_PLACEMENT,
    MILESTONE_ENROLLED,
    MILESTONE_PAPERS_ISSUED,
    MILESTONE_COURT_HEARING,
    MILESTONE_FAMILY_CONTACT,
    MILESTONE_TREATMENT_ENDED,
    MILESTONE_COUNT
};
enum follow_up {
    FOLLOW_UP_30 = 1, /* days after the service began, or was given */
    FOLLOW_UP_90,
    FOLLOW_UP_180,
    FOLLOW_UP_COUNT
};
enum follow_result {
    FOLLOW_RESULT_SAFE_AND_WELL = 1,
    FOLLOW_RESULT_NEEDS_MORE,
    FOLLOW_RESULT_NOT_REACHED,
    FOLLOW_RESULT_MOVED,
    FOLLOW_RESULT_DECLINED_CONTACT,
    FOLLOW_RESULT_COUNT
};
enum inquiry {
    INQUIRY_NEEDS_INTERPRETER = 1,
    INQUIRY_CHILD_WITH_PERSON,
    INQUIRY_HEALTH_URGENT,
    INQUIRY_ARRIVAL_WHEN,
    INQUIRY_ESCORTED,
    INQUIRY_HAS_PAPERS,
    INQUIRY_PLACE_STILL_FREE,
    INQUIRY_STILL_NEEDED,
    INQUIRY_COUNT
};
enum told { TOLD_YES = 1, TOLD_NO, TOLD_UNKNOWN, TOLD_DAY, TOLD_COUNT };

struct referral {
    char reference[REFERENCE_BYTES];
    enum service service;
    enum priority priority;
    int64_t needed_by_ms; /* midnight UTC of a day, else MALFORMED; 0 if none */
    struct person
        person; /* the groups that matrix and consent let through (docs/CARE.md 14) */
    const char *sender_role; /* "screening officer"; never a person's name */
    const char *note;        /* at most NOTE_BYTES_MAX */
};

enum { SUGGESTIONS_MAX = 3 };

/* Codes and days alone: there is no field for a text or a place (DP13). What a decision may carry, and what it must,
 * is one table (answer_rule); everything else is zero. */
struct answer {
    char reference[REFERENCE_BYTES];
    enum decision decision;
    unsigned reason; /* of the list that the decision has; 0: none */
    uint32_t day;    /* days since 1970; 0: none */
    size_t n_suggestions;
    struct ident suggestions[SUGGESTIONS_MAX]; /* whom to ask instead; none twice */
    uint32_t services;                         /* bits 1 << (service - 1): given */
    enum milestone milestone;
    enum follow_up follow_up;
    enum follow_result result; /* with follow_up */
    enum inquiry question;
    enum told told; /* a day with TOLD_DAY, else none */
};

enum answer_part {
    ANSWER_DAY = 1,
    ANSWER_SUGGESTIONS = 2,
    ANSWER_SERVICES = 4,
    ANSWER_MILESTONE = 8,
    ANSWER_FOLLOW_UP = 16,
    ANSWER_QUESTION = 32,
    ANSWER_TOLD = 64
};
struct answer_rule {
    unsigned n_reasons; /* one past its highest; 0: it has none */
    bool reason_needed;
    unsigned may, must; /* parts */
    const char *(*reason_name)(unsigned reason);
};
/* NULL past the end. */
const struct answer_rule *answer_rule(enum decision decision);

enum status referral_encode(
    const struct referral *referral, struct buffer *buffer) MUST_USE;
enum status referral_decode(
    struct arena *arena, struct span bytes, struct referral *ret) MUST_USE;
enum status answer_encode(const struct answer *answer, struct buffer *buffer) MUST_USE;
enum status answer_decode(
    struct arena *arena, struct span bytes, struct answer *ret) MUST_USE;

/* "shelter", "at-capacity": the words of commands, JSON and documents. NULL past the end. */
const char *service_name(enum service service);
const char *priority_name(enum priority priority);
const char *decision_name(enum decision decision);
const char *decline_reason_name(enum decline_reason reason);
const char *hold_reason_name(enum hold_reason reason);
const char *fail_reason_name(enum fail_reason reason);
const char *milestone_name(enum milestone milestone);
const char *follow_up_name(enum follow_up follow_up); /* "30" */
const char *follow_result_name(enum follow_result result);
const char *inquiry_name(enum inquiry inquiry);
const char *told_name(enum told told);
/* The value of a word; NOT_FOUND otherwise. */
enum status service_parse(const char *word, enum service *ret) MUST_USE;
enum status priority_parse(const char *word, enum priority *ret) MUST_USE;
enum status decline_reason_parse(const char *word, enum decline_reason *ret) MUST_USE;

/* A new random reference with its check character (Crockford base32, mod 37), which is a letter or digit. */
struct chance;
void reference_new(struct chance *chance, char ret[static REFERENCE_BYTES]);
/* Folds case, O to 0, I and L to 1, drops '-' and spaces; MALFORMED if length, alphabet or check fail. */
enum status reference_parse(const char *text, char ret[static REFERENCE_BYTES]) MUST_USE;

#endif
