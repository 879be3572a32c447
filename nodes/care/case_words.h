/* SPDX-License-Identifier: Apache-2.0
 *
 * case_words: the codes of a case and of an arrivals list, with the words of commands, JSON and documents (docs/CARE.md 10
 * and 11). A number never changes its meaning. A test compares the tables.
 */
#ifndef AMAAN_CASE_WORDS_H
#define AMAAN_CASE_WORDS_H

#include "status.h"

enum case_origin {
    ORIGIN_SCREENING = 1,
    ORIGIN_ARRIVAL,
    ORIGIN_WALK_IN,
    ORIGIN_REFERRAL,
    ORIGIN_COUNT
};
enum case_outcome {
    OUTCOME_OPEN = 1,
    OUTCOME_SERVICES_COMPLETED,
    OUTCOME_LEFT,
    OUTCOME_DECLINED_HELP,
    OUTCOME_TAKEN_AWAY,
    OUTCOME_TRANSFERRED,
    OUTCOME_DIED,
    OUTCOME_NOT_A_CASE,
    OUTCOME_OTHER,
    OUTCOME_COUNT
};
enum reopen_reason {
    REOPEN_CAME_BACK = 1,
    REOPEN_NEEDS_MORE,
    REOPEN_BY_MISTAKE,
    REOPEN_COUNT
};
enum link_reason {
    LINK_SAME_NUMBER = 1,
    LINK_SAME_PERSON,
    LINK_FAMILY,
    LINK_REASON_COUNT
};
/* What was done; later ones are appended. */
enum case_event {
    EVENT_OPENED = 1,
    EVENT_CHANGED,
    EVENT_CLOSED,
    EVENT_REOPENED,
    EVENT_LINKED,
    EVENT_UNLINKED,
    EVENT_NOTE,
    EVENT_REFERRED,      /* a referral was sent for the case */
    EVENT_RECEIVED,      /* the case was made of a received referral */
    EVENT_WITHDRAWN,     /* the sender of its referral took the consent back */
    EVENT_CONSENT_GIVEN, /* for a service */
    EVENT_CONSENT_ENDED, /* for a service, or for all */
    EVENT_IDENTIFIED,    /* a confirmed screening: the time to reflect begins */
    EVENT_PERSON_ASKED,  /* the person asked for that referral before it was over */
    EVENT_COUNT
};
enum return_type {
    RETURN_EURA_FORCED = 1,
    RETURN_DEPORTED,
    RETURN_OFF_LOADED,
    RETURN_DFD,
    RETURN_VOLUNTARY,
    RETURN_COUNT
};
/* What drove the person from home, if she or he says so. It stays at this node: statistics count it (docs/CARE.md 20). */
enum displacement {
    DISPLACEMENT_UNSAID = 1,
    DISPLACEMENT_FLOOD,
    DISPLACEMENT_DROUGHT,
    DISPLACEMENT_HEAT,
    DISPLACEMENT_GLOF,
    DISPLACEMENT_COUNT
};
enum answer_flag { FLAG_NO = 1, FLAG_YES, FLAG_UNKNOWN, FLAG_COUNT };
enum task_state { TASK_WAITING = 1, TASK_TAKEN, TASK_DONE, TASK_NOT_MET, TASK_COUNT };

/* NULL past the end. */
const char *case_origin_name(enum case_origin origin);
const char *case_outcome_name(enum case_outcome outcome);
const char *reopen_reason_name(enum reopen_reason reason);
const char *link_reason_name(enum link_reason reason);
const char *case_event_name(enum case_event event);
const char *return_type_name(enum return_type type);
const char *displacement_name(enum displacement displacement);
const char *answer_flag_name(enum answer_flag flag);
const char *task_state_name(enum task_state state);
/* The value of a word; NOT_FOUND otherwise. */
enum status return_type_parse(const char *word, enum return_type *ret) MUST_USE;
enum status answer_flag_parse(const char *word, enum answer_flag *ret) MUST_USE;

#endif
