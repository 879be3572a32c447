/* SPDX-License-Identifier: Apache-2.0
 * check_update runs after decoding and before encoding.
 */
#include "update.h"

#include <string.h>

#include "field.h"
#include "limits.h"
#include "memory.h"
#include "message.h"

static const char *const WHATS[UPDATE_COUNT] = {
    [UPDATE_CONSENT_WITHDRAWN] = "consent-withdrawn",
    [UPDATE_PURGED] = "purged",
    [UPDATE_OVERRIDE] = "override",
    [UPDATE_OVERRIDE_ALONE] = "override-alone",
    [UPDATE_ACT_CONFIRMED] = "act-confirmed",
    [UPDATE_ACT_UNDONE] = "act-undone",
    [UPDATE_CANCEL_REQUESTED] = "cancel-requested",
    [UPDATE_ENTERED_IN_ERROR] = "entered-in-error",
    [UPDATE_ASKS] = "asks",
    [UPDATE_TELLS] = "tells",
};
static const char *const WITHDRAWALS[WITHDRAWAL_COUNT] = {
    [WITHDRAWAL_PERSON_ASKED] = "person-asked",
    [WITHDRAWAL_GUARDIAN_ASKED] = "guardian-asked",
    [WITHDRAWAL_SENT_IN_ERROR] = "sent-in-error",
    [WITHDRAWAL_ACT_UNDONE] = "act-undone",
    [WITHDRAWAL_ERASED] = "erased",
};
static const char *const CANCELS[CANCEL_COUNT] = {
    [CANCEL_PERSON_ASKED] = "person-asked",
    [CANCEL_NO_LONGER_NEEDED] = "no-longer-needed",
    [CANCEL_PLACED_ELSEWHERE] = "placed-elsewhere",
    [CANCEL_SENT_TWICE] = "sent-twice",
};
static const char *const ERRORS[ERROR_COUNT] = {
    [ERROR_WRONG_MEMBER] = "wrong-member",
    [ERROR_WRONG_PERSON] = "wrong-person",
    [ERROR_DUPLICATE] = "duplicate",
};
static const char *const OVERRIDES[OVERRIDE_COUNT] = {
    [OVERRIDE_LIFE_AT_RISK] = "life-at-risk",
    [OVERRIDE_CHILD_AT_RISK] = "child-at-risk",
    [OVERRIDE_UNABLE_TO_DECIDE] = "unable-to-decide",
    [OVERRIDE_COURT_ORDER] = "court-order",
};

struct hash update_gone_before(void)
{
    return hash_of(span_text("amaan:gone-before:v1"));
}

bool update_is_gone_before(const struct hash *body_hash)
{
    struct hash gone = update_gone_before();

    return hash_equal(body_hash, &gone);
}

const char *update_what_name(enum update_what what)
{
    return (unsigned)what < UPDATE_COUNT ? WHATS[what] : NULL;
}

const char *withdrawal_name(enum withdrawal reason)
{
    return (unsigned)reason < WITHDRAWAL_COUNT ? WITHDRAWALS[reason] : NULL;
}

const char *override_name(enum override reason)
{
    return (unsigned)reason < OVERRIDE_COUNT ? OVERRIDES[reason] : NULL;
}

const char *cancel_reason_name(enum cancel_reason reason)
{
    return (unsigned)reason < CANCEL_COUNT ? CANCELS[reason] : NULL;
}

const char *error_reason_name(enum error_reason reason)
{
    return (unsigned)reason < ERROR_COUNT ? ERRORS[reason] : NULL;
}

enum status withdrawal_parse(const char *word, enum withdrawal *ret)
{
    for (int i = 1; i < WITHDRAWAL_COUNT; i++)
        if (strcmp(WITHDRAWALS[i], word) == 0) {
            *ret = (enum withdrawal)i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

enum status override_parse(const char *word, enum override *ret)
{
    for (int i = 1; i < OVERRIDE_COUNT; i++)
        if (strcmp(OVERRIDES[i], word) == 0) {
            *ret = (enum override)i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

/* How many reasons that kind of update knows; 1: it has none, and 0 stands there. */
static unsigned count_reasons(enum update_what what)
{
    switch (what) {
    case UPDATE_CONSENT_WITHDRAWN:
        return WITHDRAWAL_COUNT;
    case UPDATE_OVERRIDE:
    case UPDATE_OVERRIDE_ALONE:
        return OVERRIDE_COUNT;
    case UPDATE_CANCEL_REQUESTED:
        return CANCEL_COUNT;
    case UPDATE_ENTERED_IN_ERROR:
        return ERROR_COUNT;
    case UPDATE_ASKS:
    case UPDATE_TELLS:
    case UPDATE_PURGED:
    case UPDATE_ACT_CONFIRMED:
    case UPDATE_ACT_UNDONE:
    case UPDATE_COUNT:
        break;
    }
    return 1;
}

/* Question, what is told, and day: only where they belong. */
static enum status check_talk(const struct update *update)
{
    bool asks = update->what == UPDATE_ASKS, tells = update->what == UPDATE_TELLS;

    if ((unsigned)update->question >= INQUIRY_COUNT ||
        (unsigned)update->told >= TOLD_COUNT)
        return STATUS_UNSUPPORTED;
    if ((update->question != 0) != (asks || tells) || (update->told != 0) != tells ||
        (update->day != 0) != (update->told == TOLD_DAY) || update->day > FIELD_DAY_MAX)
        return STATUS_MALFORMED;
    return STATUS_OK;
}

static enum status check_update(const struct update *update)
{
    char canonical[REFERENCE_BYTES];

    if (!memchr(update->reference, '\0', REFERENCE_BYTES) ||
        reference_parse(update->reference, canonical) != STATUS_OK ||
        memcmp(canonical, update->reference, REFERENCE_BYTES) != 0 || update->what == 0)
        return STATUS_MALFORMED;
    if ((unsigned)update->what >= UPDATE_COUNT)
        return STATUS_UNSUPPORTED;
    unsigned reasons = count_reasons(update->what);
    if (reasons > 1 && update->reason == 0)
        return STATUS_MALFORMED;
    if (update->reason >= reasons)
        return reasons > 1 ? STATUS_UNSUPPORTED : STATUS_MALFORMED;
    if (hash_is_zero(&update->body_hash) != (update->what != UPDATE_PURGED))
        return STATUS_MALFORMED;
    return check_talk(update);
}

enum status update_encode(const struct update *update, struct buffer *buffer)
{
    Amaan__Content__Update message = AMAAN__CONTENT__UPDATE__INIT;
    enum status status = check_update(update);

    if (status != STATUS_OK)
        return status;
    message.reference = field_of_text(update->reference);
    message.what = (uint32_t)update->what;
    message.reason = update->reason;
    message.question = (uint32_t)update->question;
    message.told = (uint32_t)update->told;
    message.day = update->day;
    if (update->what == UPDATE_PURGED)
        message.body_hash = field_of(&update->body_hash, sizeof(update->body_hash));
    return message_pack(&message.base, buffer);
}

enum status update_decode(struct arena *arena, struct span bytes, struct update *ret)
{
    const ProtobufCMessage *unpacked = NULL;
    struct update update = {0};
    enum status status = bytes.n > BODY_BYTES_MAX ? STATUS_TOO_BIG : STATUS_OK;

    if (status == STATUS_OK)
        status =
            message_unpack(arena, &amaan__content__update__descriptor, bytes, &unpacked);
    if (status == STATUS_OK && !message_knows_all(unpacked))
        status = STATUS_MALFORMED;
    if (status != STATUS_OK)
        return status;
    const Amaan__Content__Update *message = (const Amaan__Content__Update *)unpacked;
    if (message->reference.len != REFERENCE_BYTES - 1 ||
        (message->body_hash.len != 0 &&
            message->body_hash.len != sizeof(update.body_hash)))
        return STATUS_MALFORMED;
    memcpy(update.reference, message->reference.data, message->reference.len);
    update.what = (enum update_what)message->what;
    update.reason = message->reason;
    update.question = (enum inquiry)message->question;
    update.told = (enum told)message->told;
    update.day = message->day;
    if (message->body_hash.len > 0) {
        memcpy(&update.body_hash, message->body_hash.data, message->body_hash.len);
        if (hash_is_zero(&update.body_hash)) /* zero is written as nothing */
            return STATUS_MALFORMED;
    }
    status = check_update(&update);
    if (status == STATUS_OK)
        *ret = update;
    return status;
}
