/* SPDX-License-Identifier: Apache-2.0
 * Person, consent rows and matrix come together here. Nothing is written before refer_plan_keep.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { FIELD_LIST_BYTES = 200 };

/* --- what is known, and who agreed ------------------------------------------------------------------------- */

static enum status find_person(struct desk *desk, const struct json *request,
    struct refer_plan *plan, struct problem *problem)
{
    if (!json_find(request, "case")) {
        plan->known = plan->referral.person;
        plan->subject = plan->item_id;
        return refer_key_find(desk, &plan->subject, &plan->item_id, &plan->key);
    }
    return refer_case_find(
        desk, request, &plan->known, &plan->subject, &plan->key, problem);
}

/* Which bits does a list of words name? All of them without the field. */
static enum status read_wanted(
    const struct json *request, uint32_t *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    const struct json *list = NULL;
    uint32_t bit, bits = 0;
    enum status status = json_may_list(request, "groups", GROUP_COUNT, &list, &trouble);

    for (size_t i = 0; status == STATUS_OK && i < json_count(list); i++) {
        const char *word = json_text(json_nth(list, i));

        if (!word || disclosure_parse(word, &bit) != STATUS_OK) {
            trouble_say(&trouble, "field \"groups\" names \"%.40s\", which is no group",
                word ? word : "?");
            status = STATUS_MALFORMED;
        } else {
            bits |= bit;
        }
    }
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    *ret = list ? bits : DISCLOSURE_ALL;
    return STATUS_OK;
}

/* Do the rows so far, and that of this request, say that the guardian is under suspicion? */
static enum status weigh_suspicion(
    struct desk *desk, const struct refer_plan *plan, bool *ret)
{
    struct consent_row row = {0};
    bool suspected = false;
    enum status status;

    while ((status = refer_next_consent(desk, &plan->key, &plan->subject, &row)) ==
           STATUS_OK)
        suspected = consent_suspects(suspected, &row.consent);
    if (status != STATUS_NOT_FOUND)
        return status;
    if (plan->has_consent)
        suspected = consent_suspects(suspected, &plan->consent.consent);
    *ret = suspected;
    return STATUS_OK;
}

enum status refer_plan_weigh(
    struct desk *desk, struct refer_plan *plan, uint32_t *ret_covered)
{
    struct consent_ask ask = {.service = plan->referral.service,
        .recipient = plan->to->node_id,
        .groups = DISCLOSURE_ALL,
        .child = person_is_child(&plan->known),
        .today = plan->today};
    struct consent_row row = {0};
    enum status status = weigh_suspicion(desk, plan, &ask.guardian_suspected);

    plan->verdict = consent_ask_begin(&ask);
    while (status == STATUS_OK) {
        status = refer_next_consent(desk, &plan->key, &plan->subject, &row);
        if (status == STATUS_OK && consent_weigh(&row.consent, &ask, &plan->verdict))
            plan->consent_id = row.consent_id;
    }
    if (status != STATUS_NOT_FOUND)
        return status;
    if (plan->has_consent && consent_weigh(&plan->consent.consent, &ask, &plan->verdict))
        plan->consent_id = plan->consent.consent_id;
    *ret_covered = DISCLOSURE_ALL & ~plan->verdict.missing;
    return STATUS_OK;
}

/* Builds what travels, and what of it nobody agreed to. */
static void build(
    struct desk *desk, struct refer_plan *plan, uint32_t covered, uint32_t wanted)
{
    struct disclosure_ask ask = {.matrix = &desk->matrix,
        .service = plan->referral.service,
        .recipient_roles = plan->to->roles,
        .consented = covered,
        .wanted = wanted};
    bool counted =
        plan->verdict.answer == CONSENT_OK || plan->verdict.answer == CONSENT_MISSING;

    plan->disclosure = disclosure_build(&ask, &plan->known, plan->note);
    plan->verdict.missing = plan->disclosure.sent & ~covered;
    if (counted)
        plan->verdict.answer = plan->verdict.missing == 0 ? CONSENT_OK : CONSENT_MISSING;
    plan->referral.person = plan->disclosure.person;
    plan->referral.note = plan->disclosure.note;
    if (disclosure_is_screening_only(plan->to->roles))
        plan->referral.sender_role = "";
    warn_referral(&plan->referral.person, plan->note, plan->referral.sender_role,
        &plan->known, &plan->warnings);
}

enum status refer_plan_make(struct desk *desk, const struct verb *verb,
    const struct json *request, struct refer_plan *ret, struct problem *problem)
{
    struct refer_plan *plan = ret;
    struct trouble trouble = {""};
    uint32_t covered = 0, wanted = 0;

    memset(plan, 0, sizeof(*plan));
    enum status status =
        refer_read(desk, verb, request, &plan->referral, &plan->to, problem);
    if (status == STATUS_OK)
        status = member_check_protocol(desk, plan->to, problem);
    plan->item_id = ident_new(desk->options.chance);
    plan->note = plan->referral.note;
    plan->today = desk_today(desk);
    if (status == STATUS_OK)
        status = find_person(desk, request, plan, problem);
    if (status == STATUS_OK)
        status = reflect_weigh(desk, request, plan, problem);
    if (status == STATUS_OK)
        status = read_wanted(request, &wanted, problem);
    if (status == STATUS_OK &&
        json_may_flag(request, "yes_text", &plan->text_accepted, &trouble) != STATUS_OK)
        status = desk_refuse(problem, STATUS_MALFORMED, &trouble);
    if (status == STATUS_OK && json_find(request, "consent")) {
        plan->consent = (struct consent_row){
            .consent_id = ident_new(desk->options.chance), .subject = plan->subject};
        plan->has_consent = true;
        status = refer_consent_read(desk, request, plan, &plan->consent.consent, problem);
    }
    if (status == STATUS_OK)
        status = refer_plan_weigh(desk, plan, &covered);
    if (status == STATUS_OK)
        build(desk, plan, covered, wanted);
    return status;
}

/* --- may it leave? ------------------------------------------------------------------------------------------ */

static void list_bits(uint32_t bits, char ret[static FIELD_LIST_BYTES])
{
    size_t used = 0;

    ret[0] = 0;
    for (int i = 0; i < 32; i++) {
        const char *word =
            bits & (UINT32_C(1) << i) ? disclosure_word(UINT32_C(1) << i) : NULL;

        if (!word)
            continue;
        int n = snprintf(
            ret + used, FIELD_LIST_BYTES - used, "%s%s", used > 0 ? ", " : "", word);
        if (n < 0 || (size_t)n >= FIELD_LIST_BYTES - used)
            return;
        used += (size_t)n;
    }
}

enum status refer_plan_say_no_consent(
    const struct refer_plan *plan, struct problem *problem)
{
    static const char *const sentences[CONSENT_ANSWER_COUNT] = {
        [CONSENT_OK] = "",
        [CONSENT_NONE] = "Nobody agreed yet to this service by this member. Ask the "
                         "person, and say so in field \"consent\".",
        [CONSENT_MISSING] = "The person did not agree to all that would be sent.",
        [CONSENT_EXPIRED] = "The consent for it has ended. Ask the person again.",
        [CONSENT_WITHDRAWN] = "The consent for it was withdrawn.",
        [CONSENT_CHILD] = "This is a child, or may be one: its own word is not enough. A "
                          "guardian or a best-interest decision is needed.",
        [CONSENT_SUSPECTED] = "The guardian is under suspicion: a best-interest decision "
                              "is needed.",
        [CONSENT_ADULT] = "An adult decides for herself: nobody is her guardian here.",
    };
    bool ended = plan->verdict.answer == CONSENT_EXPIRED ||
                 plan->verdict.answer == CONSENT_WITHDRAWN;
    char missing[FIELD_LIST_BYTES];

    list_bits(plan->verdict.missing, missing);
    problem_say(problem, 403, ended ? "consent-ended" : "consent-needed",
        "%s Nothing was sent.%s%s", sentences[plan->verdict.answer],
        plan->verdict.answer == CONSENT_MISSING ? " Missing: " : "",
        plan->verdict.answer == CONSENT_MISSING ? missing : "");
    return STATUS_DENIED;
}

static enum status check_note(const struct refer_plan *plan, struct problem *problem)
{
    if (!*plan->note || *plan->disclosure.note)
        return STATUS_OK;
    if (disclosure_is_screening_only(plan->to->roles))
        problem_say(problem, 403, "codes-only",
            "%s only screens: codes and days travel to it, and no text. Nothing was "
            "sent. Leave the note out.",
            plan->to->name);
    else
        problem_say(problem, 403, "note-withheld",
            "The person did not agree to the note. Nothing was sent. Ask, and name "
            "\"note\" in the groups of the consent, or leave the note out.");
    return STATUS_DENIED;
}

static enum status check_texts(const struct refer_plan *plan, struct problem *problem)
{
    const struct warning *first = &plan->warnings.items[0];

    if (plan->warnings.cnic) {
        problem_say(problem, 400, "cnic-in-text",
            "A text holds what looks like a CNIC. Nothing was sent. Such a number never "
            "travels: take it out.");
        return STATUS_DENIED;
    }
    if (plan->warnings.n == 0 || plan->text_accepted)
        return STATUS_OK;
    problem_say(problem, 409, "text-warning",
        "Field \"%s\" holds what looks like a %s, and %zu more such places. Nothing was "
        "sent. Take it out, or say \"yes_text\": true to send it all the same.",
        first->field, first->code == WARN_NAME ? "the person's name" : "telephone number",
        plan->warnings.n - 1);
    return STATUS_CONFLICT;
}

enum status refer_plan_check(const struct refer_plan *plan, struct problem *problem)
{
    enum status status = reflect_check(plan, problem);

    if (status != STATUS_OK)
        return status;
    status = check_note(plan, problem);
    /* A note that nobody agreed to because nobody agreed to anything is said as that. */
    if (plan->verdict.answer != CONSENT_OK &&
        !(status != STATUS_OK && disclosure_is_screening_only(plan->to->roles)))
        return refer_plan_say_no_consent(plan, problem);
    if (status == STATUS_OK)
        status = check_texts(plan, problem);
    return status;
}

/* --- writing ------------------------------------------------------------------------------------------------ */

enum status refer_plan_keep(
    struct desk *desk, const struct refer_plan *plan, struct span body)
{
    struct share share = {.item_id = plan->item_id,
        .subject = plan->subject,
        .consent_id = plan->consent_id,
        .recipient = plan->to->node_id,
        .service = plan->referral.service,
        .groups = plan->disclosure.sent,
        .day = desk_today(desk),
        .body_hash = hash_of(body)};
    enum status status = STATUS_OK;

    memcpy(share.reference, plan->referral.reference, REFERENCE_BYTES);
    if (plan->has_consent)
        status = consents_put(desk->consents, &plan->key, &plan->consent);
    if (status == STATUS_OK)
        status = sharings_put(desk->sharings, &plan->key, &share);
    return status;
}

void refer_plan_put_withheld(const struct refer_plan *plan, struct json *json)
{
    struct json *list = json_new_list();

    for (int group = 1; group <= GROUP_COUNT; group++) {
        enum withheld why =
            group < GROUP_COUNT ? plan->disclosure.why[group] : plan->disclosure.why_note;
        struct json *one;

        if (why == WITHHELD_NOT || why == WITHHELD_UNKNOWN)
            continue;
        one = json_new_object();
        json_put_text(one, "group",
            group < GROUP_COUNT ? field_group_name((enum field_group)group) : "note");
        json_put_text(one, "why", withheld_name(why));
        json_add(list, &one);
    }
    if (json_count(list) > 0)
        json_give(json, "withheld", &list);
    json_destroy(&list);
}
