/* SPDX-License-Identifier: Apache-2.0
 * The same person and service to another member, in one step: a new referral under a new reference, by the same rules of
 * consent and disclosure as any (docs/CARE.md 7, 13, 14). What is known comes from the case, or from the first referral.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

/* While the first one may still be answered, two members would make room for one person. */
static enum status check_first(
    struct desk *desk, const struct referral_row *row, struct problem *problem)
{
    struct post_letter letter = {.state = LETTER_STATE_CONFIRMED};
    bool may_have = false;

    if (!row->sent) {
        problem_say(problem, 409, "not-yours",
            "This referral was received, not sent. Nothing was sent. To hand the person "
            "on, open a case of it (\"amaan case-open --received\") and refer from "
            "that.");
        return STATUS_CONFLICT;
    }
    enum status status = life_may_have_it(desk, row, &may_have);
    if (status == STATUS_OK)
        status = post_letter(desk->options.post, &row->item_id, &letter);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    bool gone = letter.state < LETTER_STATE_STORED && item_peer_is_gone(desk, &row->peer);
    bool lapsed = !may_have && letter.state > LETTER_STATE_CONFIRMED;
    if (progress_is_over(row->progress) || lapsed || gone)
        return STATUS_OK;
    problem_say(problem, 409, "still-open",
        "The referral %s is %s and not ended: two members would expect one person. "
        "Nothing was sent. End it first with \"amaan cancel\"; what never left is "
        "cancelled at once.",
        row->referral.reference, progress_name(row->progress));
    return STATUS_CONFLICT;
}

static void put_person(struct json *request, const struct person *person)
{
    struct json *languages = json_new_list();

    for (size_t i = 0; i < person->n_languages; i++)
        json_add_text(languages, person->languages[i]);
    json_put_text(request, "age_band", age_band_name(person->age_band));
    json_put_text(request, "minor", minor_name(person->minor));
    json_put_text(request, "gender", gender_name(person->gender));
    json_give(request, "languages", &languages);
    json_put_flag(request, "interpreter", person->interpreter);
    json_put_text(request, "risk", risk_name(person->risk ? person->risk : RISK_UNKNOWN));
    if (person->safe_contact && *person->safe_contact)
        json_put_text(request, "safe_contact", person->safe_contact);
}

/* The person's case, or what the first referral said. */
static enum status put_subject(struct desk *desk, const struct referral_row *row,
    struct json *made, struct problem *problem)
{
    const struct person *person = &row->referral.person;
    char alias[REFERENCE_BYTES];
    struct ident ident;
    enum status status = casebook_find_tie(desk->casebook, row->id, &ident);

    if (status == STATUS_OK) {
        status = case_alias(desk, &ident, alias);
        if (status == STATUS_OK)
            json_put_text(made, "case", alias);
        return status;
    }
    if (status != STATUS_NOT_FOUND)
        return status;
    if (row->purged || (person->n_languages == 0 && person->age_band == AGE_UNKNOWN &&
                           person->gender == GENDER_UNSTATED)) {
        problem_say(problem, 409, "content-gone",
            "What the referral %s said is destroyed, and it belongs to no case. Nothing "
            "was sent. Refer the person with \"amaan refer\".",
            row->referral.reference);
        return STATUS_CONFLICT;
    }
    put_person(made, person);
    return STATUS_OK;
}

/* A field of this request, if it is there. */
static void take(const struct json *request, const char *name, struct json *made)
{
    const struct json *value = json_find(request, name);

    if (!value)
        return;
    struct json *copy = json_clone(value);
    json_give(made, name, &copy);
}

static enum status make_request(struct desk *desk, const struct json *request,
    const struct referral_row *row, struct json *made, struct problem *problem)
{
    const struct referral *first = &row->referral;

    take(request, "to", made);
    take(request, "consent", made);
    take(request, "yes_text", made);
    json_put_text(made, "service", service_name(first->service));
    json_put_text(made, "priority", priority_name(first->priority));
    if (first->needed_by_ms >= desk_today(desk) * DAY_MS)
        item_put_day(made, "needed_by", first->needed_by_ms / DAY_MS);
    if (*first->sender_role)
        json_put_text(made, "sender_role", first->sender_role);
    if (*first->note)
        json_put_text(made, "note", first->note);
    return put_subject(desk, row, made, problem);
}

enum status use_refer_again(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *made = json_new_object();
    struct referral_row row;
    char first[REFERENCE_BYTES];
    enum status status = item_find(desk, request, &row, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = check_first(desk, &row, problem);
    if (status == STATUS_OK)
        status = make_request(desk, request, &row, made, problem);
    if (status == STATUS_OK) {
        memcpy(first, row.referral.reference, REFERENCE_BYTES);
        arena_reset(desk->arena);
        status = use_refer(desk, verb_find("refer"), made, ret, problem);
    }
    if (status == STATUS_OK)
        status = watch_settle(desk, &row);
    if (status == STATUS_OK)
        json_put_text(*ret, "again_of", first);
    json_destroy(&made);
    return status;
}
