/* SPDX-License-Identifier: Apache-2.0
 * Reads the request field by field into content's struct, asks roles and directory; refer_plan.c builds what may
 * travel and asks consent; then the rows are written and the letter is given to post, in one transaction.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"
#include "roles.h"

enum { REFERENCE_TRIES = 8 };

static enum status read_languages(
    const struct json *request, struct referral *referral, struct problem *problem)
{
    struct trouble trouble = {""};
    const struct json *list;
    enum status status =
        json_need_list(request, "languages", LANGUAGES_MAX, &list, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    for (size_t i = 0; i < json_count(list); i++) {
        const char *code = json_text(json_nth(list, i));

        if (!code || strlen(code) != 3 || strspn(code, "abcdefghijklmnopqrstuvwxyz") != 3)
            trouble_say(&trouble, "field \"languages\" holds something that is no code "
                                  "of three small letters "
                                  "(ISO 639-3), such as \"urd\"");
        for (size_t k = 0; !*trouble.text && k < i; k++)
            if (strcmp(referral->person.languages[k], code) == 0)
                trouble_say(&trouble, "field \"languages\" names \"%s\" twice", code);
        if (*trouble.text)
            return desk_refuse(problem, STATUS_MALFORMED, &trouble);
        memcpy(referral->person.languages[i], code, 4);
    }
    referral->person.n_languages = json_count(list);
    return STATUS_OK;
}

static enum status read_words(const struct verb *verb, const struct json *request,
    struct referral *referral, struct problem *problem)
{
    int service, priority;
    enum status status = desk_need_word(verb, request, "service", &service, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "priority", &priority, problem);
    if (status != STATUS_OK)
        return status;
    referral->service = (enum service)service;
    referral->priority = (enum priority)priority;
    return STATUS_OK;
}

static enum status read_person_words(const struct verb *verb, const struct json *request,
    struct referral *referral, struct problem *problem)
{
    int age_band, minor, gender, risk;
    enum status status = desk_need_word(verb, request, "age_band", &age_band, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "minor", &minor, problem);
    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "gender", &gender, problem);
    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "risk", &risk, problem);
    if (status != STATUS_OK)
        return status;
    referral->person.age_band = (enum age_band)age_band;
    referral->person.minor = (enum minor)minor;
    referral->person.gender = (enum gender)gender;
    referral->person.risk = (enum risk)risk;
    return STATUS_OK;
}

static enum status read_texts(
    const struct json *request, struct referral *referral, struct problem *problem)
{
    struct trouble trouble = {""};
    enum status status;

    referral->sender_role = referral->note = "";
    status = json_may_text(
        request, "sender_role", SENDER_ROLE_BYTES_MAX, &referral->sender_role, &trouble);
    if (status == STATUS_OK)
        status =
            json_may_text(request, "note", NOTE_BYTES_MAX, &referral->note, &trouble);
    if (status == STATUS_OK)
        status = json_may_time(request, "needed_by", &referral->needed_by_ms, &trouble);
    if (status == STATUS_OK && json_find(request, "needed_by") &&
        (referral->needed_by_ms % DAY_MS != 0 || referral->needed_by_ms == 0)) {
        trouble_say(
            &trouble, "field \"needed_by\" is to be a day, such as \"2026-11-24\"");
        status = STATUS_MALFORMED;
    }
    return status == STATUS_OK ? status : desk_refuse(problem, status, &trouble);
}

/* A person without a case: what the request says is all that is known. */
static enum status read_person(const struct verb *verb, const struct json *request,
    struct referral *referral, struct problem *problem)
{
    struct trouble trouble = {""};
    enum status status = read_person_words(verb, request, referral, problem);

    referral->person.safe_contact = "";
    if (status == STATUS_OK)
        status = read_languages(request, referral, problem);
    if (status != STATUS_OK)
        return status;
    status = json_may_text(request, "safe_contact", SAFE_CONTACT_BYTES_MAX,
        &referral->person.safe_contact, &trouble);
    if (status == STATUS_OK)
        status = json_may_flag(
            request, "interpreter", &referral->person.interpreter, &trouble);
    return status == STATUS_OK ? status : desk_refuse(problem, status, &trouble);
}

/* Fields that are right one by one and contradict each other. */
static enum status check_age(const struct referral *referral, struct problem *problem)
{
    bool child =
        referral->person.age_band == AGE_0_8 || referral->person.age_band == AGE_9_17;
    bool unknown = referral->person.age_band == AGE_UNKNOWN;

    if ((child && referral->person.minor == MINOR_NO) ||
        (!child && !unknown && referral->person.minor == MINOR_YES)) {
        problem_say(problem, 400, "age-contradicts",
            "Fields \"age_band\" and \"minor\" contradict each other. Nothing was "
            "changed. If "
            "the age is not known, say \"unknown\" in both: the person is then treated "
            "as a "
            "child.");
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

static enum status find_recipient(const struct desk *desk, const struct json *request,
    const struct profile **ret, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *to;
    enum status status =
        json_need_text(request, "to", PROFILE_NAME_BYTES_MAX, &to, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    const struct profile *profile = directory_find_name(desk->directory, to);
    if (!profile) {
        const struct profile *near = directory_suggest(desk->directory, to);

        problem_say(problem, 404, "unknown-member",
            "The directory has no member \"%.64s\"%s%s%s. Nothing was sent. \"amaan "
            "members\" lists them.",
            to, near ? " (did you mean \"" : "", near ? near->name : "",
            near ? "\"?)" : "");
        return STATUS_NOT_FOUND;
    }
    if (ident_equal(&profile->node_id, &desk->options.node_id)) {
        problem_say(problem, 400, "own-member",
            "Field \"to\" names this member itself. Nothing was sent.");
        return STATUS_MALFORMED;
    }
    *ret = profile;
    return STATUS_OK;
}

static enum status check_roles(const struct desk *desk, const struct profile *to,
    enum service service, struct problem *problem)
{
    char words[PROFILE_TEXT_BYTES_MAX];

    if (!roles_may_send(desk_roles(desk), LETTER_REFERRAL)) {
        roles_format(desk_roles(desk), words, sizeof(words));
        problem_say(problem, 403, "role-may-not-refer",
            "A member with the role %s hands on through the coordinator and sends no "
            "referral "
            "itself. Nothing was sent.",
            words);
        return STATUS_DENIED;
    }
    if (!roles_may_receive(to->roles, LETTER_REFERRAL)) {
        roles_format(to->roles, words, sizeof(words));
        problem_say(problem, 403, "role-takes-no-referrals",
            "%s has the role %s and takes no referrals. Nothing was sent.", to->name,
            words);
        return STATUS_DENIED;
    }
    if (!roles_may_serve(to->roles, service) ||
        (to->services != 0 && !(to->services & (1u << (service - 1))))) {
        problem_say(problem, 400, "service-not-offered",
            "%s does not offer \"%s\". Nothing was sent. \"amaan members\" lists who "
            "offers what.",
            to->name, service_name(service));
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

enum status refer_recipient(const struct desk *desk, const struct json *request,
    enum service service, const struct profile **ret, struct problem *problem)
{
    enum status status = find_recipient(desk, request, ret, problem);

    return status == STATUS_OK ? check_roles(desk, *ret, service, problem) : status;
}

/* A reference that is not in use here. */
static enum status choose_reference(struct desk *desk, char ret[static REFERENCE_BYTES])
{
    struct referral_row row;

    for (int i = 0; i < REFERENCE_TRIES; i++) {
        reference_new(desk->options.chance, ret);
        enum status status = referrals_find(desk->referrals, ret, desk->arena, &row);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    return STATUS_EXISTS;
}

static enum status explain_send(
    enum status status, const struct profile *to, struct problem *problem)
{
    if (status == STATUS_NOT_FOUND)
        problem_say(problem, 409, "not-in-roster",
            "%s stands in the directory and not in the roster in force. Nothing was "
            "sent. Ask a "
            "steward.",
            to->name);
    else if (status == STATUS_DENIED)
        problem_say(problem, 403, "member-revoked",
            "%s was revoked by the stewards. Nothing was sent. Choose another member.",
            to->name);
    return status;
}

/* Row, consent, share and letter: all of them or none. */
static enum status file_and_send(
    struct desk *desk, struct refer_plan *plan, struct problem *problem)
{
    struct referral_row row = {.sent = true,
        .item_id = plan->item_id,
        .peer = plan->to->node_id,
        .day = desk_today(desk),
        .created_ms = desk_now_ms(desk),
        .referral = plan->referral};
    struct buffer body;
    enum status status;

    buffer_init(&body, BODY_BYTES_MAX);
    status = referral_encode(&plan->referral, &body);
    if (status == STATUS_OK)
        status = referrals_put(desk->referrals, &row, &row.id);
    if (status == STATUS_OK)
        status = refer_plan_keep(desk, plan, buffer_span(&body));
    if (status == STATUS_OK) {
        struct post_letter_new letter = {.recipient = plan->to->node_id,
            .kind = LETTER_REFERRAL,
            .lane = desk_lane(plan->referral.priority),
            .item_id = row.item_id,
            .body = buffer_span(&body)};

        status = explain_send(post_send(desk->options.post, &letter), plan->to, problem);
    }
    row.progress = PROGRESS_REQUESTED;
    if (status == STATUS_OK)
        status = watch_begin(desk, &row);
    buffer_release(&body);
    return status;
}

enum status refer_read(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct referral *ret, const struct profile **ret_to,
    struct problem *problem)
{
    struct referral referral;
    const struct profile *to;
    enum status status = find_recipient(desk, request, &to, problem);

    memset(&referral, 0, sizeof(referral));
    if (status == STATUS_OK)
        status = read_words(verb, request, &referral, problem);
    if (status == STATUS_OK && !json_find(request, "case"))
        status = read_person(verb, request, &referral, problem);
    if (status == STATUS_OK)
        status = read_texts(request, &referral, problem);
    if (status == STATUS_OK && !json_find(request, "case"))
        status = check_age(&referral, problem);
    if (status == STATUS_OK)
        status = check_roles(desk, to, referral.service, problem);
    if (status == STATUS_OK) {
        *ret = referral;
        *ret_to = to;
    }
    return status;
}

enum status use_refer(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct refer_plan plan;
    struct referral_row row;
    enum status status = refer_plan_make(desk, verb, request, &plan, problem);

    if (status == STATUS_OK)
        status = refer_plan_check(&plan, problem);
    if (status == STATUS_OK)
        status = choose_reference(desk, plan.referral.reference);
    if (status == STATUS_OK)
        status = file_and_send(desk, &plan, problem);
    if (status == STATUS_OK)
        status = act_begin(desk, &plan);
    if (status == STATUS_OK)
        status =
            referrals_find(desk->referrals, plan.referral.reference, desk->arena, &row);
    if (status == STATUS_OK)
        status = case_tie_sent(desk, request, &row, problem);
    if (status == STATUS_OK)
        status = reflect_keep(desk, &plan);
    if (status == STATUS_OK)
        status = item_format(desk, &row, false, ret);
    if (status == STATUS_OK)
        refer_plan_put_withheld(&plan, *ret);
    memory_wipe(&plan.key, sizeof(plan.key));
    return status;
}
