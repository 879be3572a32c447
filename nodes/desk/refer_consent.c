/* SPDX-License-Identifier: Apache-2.0
 * The request states who agreed, how and to what; consent_rule.h says whether that is a consent at all.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { GROUPS_MAX = GROUP_COUNT };

static const char *const KNOWN[] = {"given_by", "how", "language", "interpreter",
    "groups", "expires", "role", "rationale", "reason", "second", "guardian_suspected"};
static const char *const GIVERS[] = {"person", "guardian", "best-interest", "override"};
static const char *const WAYS[] = {"spoken", "signed", "thumbprint"};
static const char *const REASONS[] = {
    "life-at-risk", "child-at-risk", "unable-to-decide", "court-order"};

static enum status read_groups(
    const struct json *object, uint32_t *ret, struct trouble *trouble)
{
    const struct json *list = NULL;
    uint32_t bit, bits = 0;
    enum status status = json_may_list(object, "groups", GROUPS_MAX, &list, trouble);

    for (size_t i = 0; status == STATUS_OK && i < json_count(list); i++) {
        const char *word = json_text(json_nth(list, i));

        if (!word || disclosure_parse(word, &bit) != STATUS_OK) {
            trouble_say(trouble,
                "field \"groups\" names \"%.40s\", which is no group of "
                "fields",
                word ? word : "?");
            status = STATUS_MALFORMED;
        } else {
            bits |= bit;
        }
    }
    if (status == STATUS_OK)
        *ret |= bits;
    return status;
}

static enum status read_words(
    const struct json *object, struct consent *consent, struct trouble *trouble)
{
    size_t giver = 0, way = 0, reason = 0;
    const char *language;
    enum status status = json_need_choice(
        object, "given_by", GIVERS, ARRAY_LENGTH(GIVERS), &giver, trouble);

    if (status == STATUS_OK)
        status = json_need_choice(object, "how", WAYS, ARRAY_LENGTH(WAYS), &way, trouble);
    if (status == STATUS_OK)
        status = json_need_text(object, "language", 3, &language, trouble);
    if (status == STATUS_OK &&
        (strlen(language) != 3 || strspn(language, "abcdefghijklmnopqrstuvwxyz") != 3)) {
        trouble_say(trouble, "field \"language\" is to be a code of three small letters, "
                             "such as \"urd\"");
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK && json_find(object, "reason")) {
        status = json_need_choice(
            object, "reason", REASONS, ARRAY_LENGTH(REASONS), &reason, trouble);
        consent->override = (enum override)(reason + 1);
    }
    if (status != STATUS_OK)
        return status;
    consent->giver = (enum consent_giver)(giver + 1);
    consent->way = (enum consent_way)(way + 1);
    memcpy(consent->language, language, 4);
    return STATUS_OK;
}

static enum status read_rest(
    const struct json *object, struct consent *consent, struct trouble *trouble)
{
    bool suspected = false;
    int64_t expires_ms = consent->last_day * DAY_MS;
    enum status status =
        json_may_flag(object, "interpreter", &consent->interpreter, trouble);

    if (status == STATUS_OK)
        status = json_may_flag(object, "guardian_suspected", &suspected, trouble);
    if (status == STATUS_OK && json_find(object, "guardian_suspected"))
        consent->suspicion = suspected ? SUSPICION_HELD : SUSPICION_CLEARED;
    if (status == STATUS_OK)
        status = json_may_text(
            object, "role", CONSENT_ROLE_BYTES_MAX, &consent->role, trouble);
    if (status == STATUS_OK)
        status = json_may_text(object, "rationale", CONSENT_RATIONALE_BYTES_MAX,
            &consent->rationale, trouble);
    if (status == STATUS_OK)
        status = json_may_text(
            object, "second", CONSENT_PERSON_BYTES_MAX, &consent->second, trouble);
    if (status == STATUS_OK)
        status = json_may_time(object, "expires", &expires_ms, trouble);
    if (status == STATUS_OK && expires_ms % DAY_MS != 0) {
        trouble_say(trouble, "field \"expires\" is to be a day, such as \"2026-11-24\"");
        status = STATUS_MALFORMED;
    }
    consent->last_day = expires_ms / DAY_MS;
    return status;
}

static enum status say_fault(enum consent_fault fault, struct problem *problem)
{
    static const char *const sentences[CONSENT_FAULT_COUNT] = {
        [CONSENT_RIGHT] = "",
        [CONSENT_FAULT_DRAFT] =
            "The text in that language was not reviewed yet: it is only read out, by an "
            "interpreter (\"how\": \"spoken\", \"interpreter\": true), and nobody signs "
            "it.",
        [CONSENT_FAULT_ROLE] = "Field \"role\" is missing: whose decision is it?",
        [CONSENT_FAULT_RATIONALE] =
            "Field \"rationale\" is missing: why is it in the child's best interest?",
        [CONSENT_FAULT_REASON] =
            "An override needs a \"reason\", and nothing else has one.",
        [CONSENT_FAULT_SECOND] =
            "An override needs a \"second\" person, who is another one. One person may "
            "go on alone only when the reason is life-at-risk or child-at-risk.",
        [CONSENT_FAULT_CLEARS] =
            "Only a best-interest decision says that a guardian is not under suspicion.",
        [CONSENT_FAULT_DAYS] = "It ends before it begins, or after more than 366 days.",
    };

    problem_say(problem, 400, "consent-incomplete",
        "This is no consent yet. %s Nothing was sent or kept.", sentences[fault]);
    return STATUS_MALFORMED;
}

enum status refer_consent_read(const struct desk *desk, const struct json *request,
    const struct refer_plan *plan, struct consent *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    const struct json *object;
    struct consent consent = {.service = plan->referral.service,
        .recipient = plan->to->node_id,
        .given_day = plan->today,
        .last_day = plan->today + CONSENT_DAYS,
        .role = "",
        .rationale = "",
        .first = desk->options.person ? desk->options.person : "",
        .second = ""};
    enum status status = json_need_object(request, "consent", &object, &trouble);

    /* What the service always needs is read out, too. */
    consent.groups = desk->matrix.always[plan->referral.service];
    if (status == STATUS_OK)
        status = json_refuse_unknown(object, KNOWN, ARRAY_LENGTH(KNOWN), &trouble);
    if (status == STATUS_OK)
        status = read_words(object, &consent, &trouble);
    if (status == STATUS_OK)
        status = read_groups(object, &consent.groups, &trouble);
    if (status == STATUS_OK)
        status = read_rest(object, &consent, &trouble);
    if (status != STATUS_OK) {
        trouble_prefix(&trouble, "field \"consent\"");
        return desk_refuse(problem, status, &trouble);
    }
    const struct consent_text *text = consent_texts_find(desk->texts, consent.language);
    consent.text_version = text ? (uint32_t)consent_text_version(text) : 0;
    consent.text_reviewed = text && consent_text_is_reviewed(text);
    enum consent_fault fault = consent_check(&consent, desk_is_practice(desk));
    if (fault != CONSENT_RIGHT)
        return say_fault(fault, problem);
    *ret = consent;
    return STATUS_OK;
}
