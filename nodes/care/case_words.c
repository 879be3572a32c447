/* SPDX-License-Identifier: Apache-2.0
 * Tables and one search.
 */
#include "case_words.h"

#include <stddef.h>
#include <string.h>

static const char *const ORIGINS[ORIGIN_COUNT] = {
    NULL, "screening", "arrival", "walk-in", "referral"};
static const char *const OUTCOMES[OUTCOME_COUNT] = {NULL, "open", "services-completed",
    "left", "declined-help", "taken-away", "transferred", "died", "not-a-case", "other"};
static const char *const REOPENS[REOPEN_COUNT] = {
    NULL, "came-back", "needs-more", "closed-by-mistake"};
static const char *const LINKS[LINK_REASON_COUNT] = {
    NULL, "same-number", "same-person", "family"};
static const char *const EVENTS[EVENT_COUNT] = {NULL, "opened", "changed", "closed",
    "reopened", "linked", "unlinked", "note", "referred", "received", "withdrawn",
    "consent-given", "consent-ended", "identified", "person-asked"};
static const char *const RETURNS[RETURN_COUNT] = {
    NULL, "eura-forced", "deported", "off-loaded", "dfd", "voluntary"};
static const char *const DISPLACEMENTS[DISPLACEMENT_COUNT] = {
    NULL, "unsaid", "flood", "drought", "heat", "glof"};
static const char *const FLAGS[FLAG_COUNT] = {NULL, "no", "yes", "unknown"};
static const char *const STATES[TASK_COUNT] = {
    NULL, "waiting", "taken", "done", "not-met"};

static const char *name_of(const char *const *names, int count, int value)
{
    return value > 0 && value < count ? names[value] : NULL;
}

static enum status find_word(
    const char *const *names, int count, const char *word, int *ret)
{
    for (int i = 1; i < count; i++)
        if (strcmp(names[i], word) == 0) {
            *ret = i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

const char *case_origin_name(enum case_origin origin)
{
    return name_of(ORIGINS, ORIGIN_COUNT, (int)origin);
}

const char *case_outcome_name(enum case_outcome outcome)
{
    return name_of(OUTCOMES, OUTCOME_COUNT, (int)outcome);
}

const char *reopen_reason_name(enum reopen_reason reason)
{
    return name_of(REOPENS, REOPEN_COUNT, (int)reason);
}

const char *link_reason_name(enum link_reason reason)
{
    return name_of(LINKS, LINK_REASON_COUNT, (int)reason);
}

const char *case_event_name(enum case_event event)
{
    return name_of(EVENTS, EVENT_COUNT, (int)event);
}

const char *return_type_name(enum return_type type)
{
    return name_of(RETURNS, RETURN_COUNT, (int)type);
}

const char *displacement_name(enum displacement displacement)
{
    return name_of(DISPLACEMENTS, DISPLACEMENT_COUNT, (int)displacement);
}

const char *answer_flag_name(enum answer_flag flag)
{
    return name_of(FLAGS, FLAG_COUNT, (int)flag);
}

const char *task_state_name(enum task_state state)
{
    return name_of(STATES, TASK_COUNT, (int)state);
}

enum status return_type_parse(const char *word, enum return_type *ret)
{
    int value;
    enum status status = find_word(RETURNS, RETURN_COUNT, word, &value);

    if (status == STATUS_OK)
        *ret = (enum return_type)value;
    return status;
}

enum status answer_flag_parse(const char *word, enum answer_flag *ret)
{
    int value;
    enum status status = find_word(FLAGS, FLAG_COUNT, word, &value);

    if (status == STATUS_OK)
        *ret = (enum answer_flag)value;
    return status;
}
