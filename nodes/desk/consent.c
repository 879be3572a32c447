/* SPDX-License-Identifier: Apache-2.0
 * Consent that is recorded before anything is sent: for each service and member by itself, so that a person can be asked
 * in peace and nothing has to be referred for it.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { ROWS_SHOWN_MAX = 200 };

static struct json *format_row(const struct desk *desk, const struct consent *consent)
{
    char memory[IDENT_TEXT_BYTES];
    struct json *json = json_new_object(), *groups = json_new_list();

    for (int i = 0; i < 32; i++)
        if (consent->groups & (UINT32_C(1) << i))
            json_add_text(groups, disclosure_word(UINT32_C(1) << i));
    json_put_text(json, "service", service_name(consent->service));
    json_put_text(json, "recipient", item_member_name(desk, &consent->recipient, memory));
    json_give(json, "groups", &groups);
    json_put_text(json, "given_by", consent_giver_name(consent->giver));
    json_put_text(json, "how", consent_way_name(consent->way));
    json_put_text(json, "language", consent->language);
    json_put_flag(json, "interpreter", consent->interpreter);
    json_put_int(json, "text_version", consent->text_version);
    json_put_flag(json, "text_reviewed", consent->text_reviewed);
    item_put_day(json, "given_day", consent->given_day);
    item_put_day(json, "last_day", consent->last_day);
    if (consent->withdrawn_day != 0) {
        item_put_day(json, "withdrawn_day", consent->withdrawn_day);
        json_put_text(json, "withdrawn", withdrawal_name(consent->withdrawn));
    }
    if (consent->suspicion == SUSPICION_HELD)
        json_put_flag(json, "guardian_suspected", true);
    if (consent->override != 0)
        json_put_text(json, "reason", override_name(consent->override));
    if (*consent->role)
        json_put_text(json, "role", consent->role);
    if (*consent->rationale)
        json_put_text(json, "rationale", consent->rationale);
    return json;
}

/* --- one more -------------------------------------------------------------------------------------------------- */

static enum status refuse_override(const struct refer_plan *plan, struct problem *problem)
{
    if (plan->consent.consent.giver != GIVER_OVERRIDE)
        return STATUS_OK;
    problem_say(problem, 400, "consent-incomplete",
        "An override is no consent that could be kept for later. Nothing was kept. Say "
        "it "
        "with the referral that goes out by it: \"amaan refer\".");
    return STATUS_MALFORMED;
}

/* Would this word count? A child's own does not, nor that of a guardian under suspicion. */
static enum status weigh(
    struct desk *desk, struct refer_plan *plan, struct problem *problem)
{
    uint32_t covered = 0;
    enum status status = refer_plan_weigh(desk, plan, &covered);

    if (status == STATUS_OK && plan->verdict.answer != CONSENT_OK &&
        plan->verdict.answer != CONSENT_MISSING)
        status = refer_plan_say_no_consent(plan, problem);
    return status;
}

static enum status read_plan(struct desk *desk, const struct verb *verb,
    const struct json *request, struct refer_plan *plan, struct problem *problem)
{
    struct case_row row;
    int service = 0;
    enum status status = case_named(desk, request, "reference", &row, problem);

    plan->today = desk_today(desk);
    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "service", &service, problem);
    plan->referral.service = (enum service)service;
    if (status == STATUS_OK)
        status =
            refer_recipient(desk, request, plan->referral.service, &plan->to, problem);
    if (status == STATUS_OK) {
        plan->known = row.person;
        plan->subject = row.ident;
        plan->consent = (struct consent_row){
            .consent_id = ident_new(desk->options.chance), .subject = row.ident};
        plan->has_consent = true;
        status = casebook_key(desk->casebook, &row.ident, &plan->key);
    }
    if (status == STATUS_OK)
        status = refer_consent_read(desk, request, plan, &plan->consent.consent, problem);
    if (status == STATUS_OK)
        status = refuse_override(plan, problem);
    return status == STATUS_OK ? weigh(desk, plan, problem) : status;
}

enum status use_case_consent(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct refer_plan *plan = memory_new(sizeof(*plan));
    enum status status = read_plan(desk, verb, request, plan, problem);

    if (status == STATUS_OK)
        status = consents_put(desk->consents, &plan->key, &plan->consent);
    if (status == STATUS_OK)
        status = case_say(
            desk, &plan->subject, EVENT_CONSENT_GIVEN, (int)plan->referral.service, NULL);
    if (status == STATUS_OK)
        *ret = format_row(desk, &plan->consent.consent);
    memory_wipe(&plan->key, sizeof(plan->key));
    memory_free(plan);
    return status;
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

static enum status list_rows(struct desk *desk, const struct case_row *row,
    const struct box_key *key, struct json *list)
{
    struct consent_row consent = {0};
    enum status status = STATUS_OK;

    for (int n = 0; status == STATUS_OK && n < ROWS_SHOWN_MAX; n++) {
        status = refer_next_consent(desk, key, &row->ident, &consent);
        if (status == STATUS_OK) {
            struct json *one = format_row(desk, &consent.consent);

            json_add(list, &one);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status use_case_consents(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object(), *list = json_new_list();
    struct case_row row;
    struct box_key key;
    enum status status = case_named(desk, request, "reference", &row, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = casebook_key(desk->casebook, &row.ident, &key);
    if (status == STATUS_OK)
        status = list_rows(desk, &row, &key, list);
    json_give(json, "items", &list);
    memory_wipe(&key, sizeof(key));
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}
