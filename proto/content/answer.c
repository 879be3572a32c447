/* SPDX-License-Identifier: Apache-2.0
 * One row a decision: what it may carry and what it must. check_answer runs after decoding and before encoding.
 */
#include <string.h>

#include "field.h"
#include "message.h"

enum { SERVICE_BITS = (1 << (SERVICE_COUNT - 1)) - 1 };

static const char *decline_word(unsigned reason)
{
    return reason > 0 ? decline_reason_name((enum decline_reason)reason) : NULL;
}

static const char *hold_word(unsigned reason)
{
    return hold_reason_name((enum hold_reason)reason);
}

static const char *fail_word(unsigned reason)
{
    return fail_reason_name((enum fail_reason)reason);
}

static const struct answer_rule RULES[DECISION_COUNT] = {
    [DECISION_OPENED] = {0},
    [DECISION_ACCEPTED] = {0},
    [DECISION_DECLINED] = {DECLINE_COUNT, true, ANSWER_SUGGESTIONS, 0, decline_word},
    [DECISION_COMPLETED] = {0, false, ANSWER_SERVICES, 0, NULL},
    [DECISION_WAITLISTED] = {0, false, ANSWER_DAY, 0, NULL},
    [DECISION_REDIRECTED] = {DECLINE_COUNT, false, ANSWER_SUGGESTIONS, ANSWER_SUGGESTIONS,
        decline_word},
    [DECISION_SCHEDULED] = {0, false, ANSWER_DAY, ANSWER_DAY, NULL},
    [DECISION_IN_SERVICE] = {0},
    [DECISION_ON_HOLD] = {HOLD_COUNT, true, ANSWER_DAY, 0, hold_word},
    [DECISION_NO_SHOW] = {0},
    [DECISION_CANCELLED] = {0},
    [DECISION_FAILED] = {FAIL_COUNT, true, 0, 0, fail_word},
    [DECISION_MILESTONE] = {0, false, ANSWER_MILESTONE | ANSWER_DAY, ANSWER_MILESTONE,
        NULL},
    [DECISION_FOLLOWED_UP] = {0, false, ANSWER_FOLLOW_UP, ANSWER_FOLLOW_UP, NULL},
    [DECISION_ASKS] = {0, false, ANSWER_QUESTION, ANSWER_QUESTION, NULL},
    [DECISION_TELLS] = {0, false, ANSWER_QUESTION | ANSWER_TOLD | ANSWER_DAY,
        ANSWER_QUESTION | ANSWER_TOLD, NULL},
};

const struct answer_rule *answer_rule(enum decision decision)
{
    return decision >= 1 && decision < DECISION_COUNT ? &RULES[decision] : NULL;
}

static unsigned find_parts(const struct answer *answer)
{
    return (answer->day ? ANSWER_DAY : 0u) |
           (answer->n_suggestions ? ANSWER_SUGGESTIONS : 0u) |
           (answer->services ? ANSWER_SERVICES : 0u) |
           (answer->milestone ? ANSWER_MILESTONE : 0u) |
           (answer->follow_up ? ANSWER_FOLLOW_UP : 0u) |
           (answer->question ? ANSWER_QUESTION : 0u) | (answer->told ? ANSWER_TOLD : 0u);
}

/* A code of a later version is UNSUPPORTED. */
static enum status check_codes(
    const struct answer *answer, const struct answer_rule *rule)
{
    if (answer->reason >= (rule->n_reasons ? rule->n_reasons : 1) ||
        answer->services > SERVICE_BITS || answer->milestone >= MILESTONE_COUNT ||
        answer->follow_up >= FOLLOW_UP_COUNT || answer->result >= FOLLOW_RESULT_COUNT ||
        answer->question >= INQUIRY_COUNT || answer->told >= TOLD_COUNT)
        return rule->n_reasons || answer->reason == 0 ? STATUS_UNSUPPORTED
                                                      : STATUS_MALFORMED;
    return STATUS_OK;
}

static enum status check_suggestions(const struct answer *answer)
{
    if (answer->n_suggestions > SUGGESTIONS_MAX)
        return STATUS_TOO_BIG;
    for (size_t i = 0; i < answer->n_suggestions; i++) {
        if (ident_is_zero(&answer->suggestions[i]))
            return STATUS_MALFORMED;
        for (size_t k = 0; k < i; k++)
            if (ident_equal(&answer->suggestions[i], &answer->suggestions[k]))
                return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

static enum status check_answer(const struct answer *answer)
{
    const struct answer_rule *rule = answer_rule(answer->decision);
    unsigned parts = find_parts(answer);
    enum status status = field_check_reference(answer->reference);

    if (status != STATUS_OK || answer->decision == 0)
        return STATUS_MALFORMED;
    if (!rule)
        return STATUS_UNSUPPORTED;
    status = check_codes(answer, rule);
    if (status == STATUS_OK)
        status = check_suggestions(answer);
    if (status != STATUS_OK)
        return status;
    if ((parts & ~rule->may) != 0 || (rule->must & ~parts) != 0 ||
        (rule->reason_needed && answer->reason == 0) || answer->day > FIELD_DAY_MAX ||
        (answer->follow_up != 0) != (answer->result != 0))
        return STATUS_MALFORMED;
    if (answer->decision == DECISION_TELLS &&
        (answer->told == TOLD_DAY) != (answer->day != 0))
        return STATUS_MALFORMED;
    return STATUS_OK;
}

enum status answer_encode(const struct answer *answer, struct buffer *buffer)
{
    Amaan__Content__Answer message = AMAAN__CONTENT__ANSWER__INIT;
    ProtobufCBinaryData suggestions[SUGGESTIONS_MAX];
    enum status status = check_answer(answer);

    if (status != STATUS_OK)
        return status;
    message.reference = field_of_text(answer->reference);
    message.decision = (uint32_t)answer->decision;
    message.reason = answer->reason;
    message.day = answer->day;
    for (size_t i = 0; i < answer->n_suggestions; i++)
        suggestions[i] = field_of(answer->suggestions[i].bytes, IDENT_BYTES);
    message.n_suggestions = answer->n_suggestions;
    message.suggestions = suggestions;
    message.services = answer->services;
    message.milestone = (uint32_t)answer->milestone;
    message.follow_up = (uint32_t)answer->follow_up;
    message.result = (uint32_t)answer->result;
    message.question = (uint32_t)answer->question;
    message.told = (uint32_t)answer->told;
    return message_pack(&message.base, buffer);
}

static enum status read_suggestions(
    const Amaan__Content__Answer *message, struct answer *answer)
{
    if (message->n_suggestions > SUGGESTIONS_MAX)
        return STATUS_TOO_BIG;
    for (size_t i = 0; i < message->n_suggestions; i++) {
        if (message->suggestions[i].len != IDENT_BYTES)
            return STATUS_MALFORMED;
        memcpy(answer->suggestions[i].bytes, message->suggestions[i].data, IDENT_BYTES);
    }
    answer->n_suggestions = message->n_suggestions;
    return STATUS_OK;
}

enum status answer_decode(struct arena *arena, struct span bytes, struct answer *ret)
{
    const void *unpacked = NULL;
    struct answer answer = {0};
    enum status status =
        field_unpack(arena, &amaan__content__answer__descriptor, bytes, &unpacked);

    if (status != STATUS_OK)
        return status;
    const Amaan__Content__Answer *message = unpacked;
    answer.decision = (enum decision)message->decision;
    answer.reason = message->reason;
    answer.day = message->day;
    answer.services = message->services;
    answer.milestone = (enum milestone)message->milestone;
    answer.follow_up = (enum follow_up)message->follow_up;
    answer.result = (enum follow_result)message->result;
    answer.question = (enum inquiry)message->question;
    answer.told = (enum told)message->told;
    status = field_read_reference(message->reference, answer.reference);
    if (status == STATUS_OK)
        status = read_suggestions(message, &answer);
    if (status == STATUS_OK)
        status = check_answer(&answer);
    if (status == STATUS_OK)
        *ret = answer;
    return status;
}
