/* SPDX-License-Identifier: Apache-2.0
 * What the member that was asked decides: a row a verb. What a decision may carry stands in answer_rule; its fields have
 * the same name in every verb.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum {
    GROUP_MAX = 24, /* one class */
    GROUP_TEXT_BYTES_MAX = GROUP_MAX * (REFERENCE_BYTES + 2),
    WORD_LIST_BYTES_MAX = 200
};

static const struct {
    const char *verb;
    enum decision decision;
} STAGES[] = {
    {"accept", DECISION_ACCEPTED},
    {"decline", DECISION_DECLINED},
    {"waitlist", DECISION_WAITLISTED},
    {"redirect", DECISION_REDIRECTED},
    {"schedule", DECISION_SCHEDULED},
    {"no-show", DECISION_NO_SHOW},
    {"start", DECISION_IN_SERVICE},
    {"hold", DECISION_ON_HOLD},
    {"resume", DECISION_IN_SERVICE},
    {"fail", DECISION_FAILED},
    {"complete", DECISION_COMPLETED},
    {"cancel-confirm", DECISION_CANCELLED},
    {"milestone", DECISION_MILESTONE},
};

/* --- fields of a request ------------------------------------------------------------------------------------ */

/* The next word of a list parted by blanks or commas, copied; false at the end. TOO_BIG as a word that fits nothing. */
static bool next_word(const char **at, char *ret, size_t size)
{
    *at += strspn(*at, " ,");
    size_t n = strcspn(*at, " ,");

    if (n == 0)
        return false;
    (void)snprintf(ret, size, "%.*s", (int)n, *at);
    *at += n;
    return true;
}

static enum status read_suggestions(struct desk *desk, const struct json *request,
    struct answer *answer, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *at;
    char name[PROFILE_NAME_BYTES_MAX + 2];
    enum status status =
        json_need_text(request, "suggest", WORD_LIST_BYTES_MAX, &at, &trouble);

    while (status == STATUS_OK && next_word(&at, name, sizeof(name))) {
        const struct profile *profile = directory_find_name(desk->directory, name);

        if (!profile || ident_equal(&profile->node_id, &desk->options.node_id))
            trouble_say(&trouble,
                "field \"suggest\" names \"%s\", which is no other "
                "member: \"amaan members\" lists them",
                name);
        else if (answer->n_suggestions == SUGGESTIONS_MAX)
            trouble_say(&trouble, "field \"suggest\" names more than %d members",
                SUGGESTIONS_MAX);
        for (size_t i = 0; profile && i < answer->n_suggestions; i++)
            if (ident_equal(&answer->suggestions[i], &profile->node_id))
                trouble_say(&trouble, "field \"suggest\" names \"%s\" twice", name);
        if (*trouble.text)
            status = STATUS_MALFORMED;
        else
            answer->suggestions[answer->n_suggestions++] = profile->node_id;
    }
    if (status == STATUS_OK && answer->n_suggestions == 0) {
        trouble_say(&trouble, "field \"suggest\" names nobody");
        status = STATUS_MALFORMED;
    }
    return status == STATUS_OK ? status : desk_refuse(problem, status, &trouble);
}

static enum status read_given(
    const struct json *request, struct answer *answer, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *at = "";
    char word[32];
    enum service service;
    enum status status =
        json_may_text(request, "given", WORD_LIST_BYTES_MAX, &at, &trouble);

    while (status == STATUS_OK && next_word(&at, word, sizeof(word))) {
        status = service_parse(word, &service);
        if (status == STATUS_OK)
            answer->services |= 1u << (service - 1);
        else
            trouble_say(
                &trouble, "field \"given\" names \"%s\", which is no service", word);
    }
    return status == STATUS_OK ? status
                               : desk_refuse(problem, STATUS_MALFORMED, &trouble);
}

enum status stages_read_day(struct desk *desk, const struct json *request, bool past,
    uint32_t *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    int64_t ms = 0, today = desk_today(desk);
    enum status status = json_need_time(request, "day", &ms, &trouble);

    if (status == STATUS_OK && (ms <= 0 || ms % DAY_MS != 0)) {
        trouble_say(&trouble, "field \"day\" is to be a day, such as \"2026-11-24\"");
        status = STATUS_MALFORMED;
    } else if (status == STATUS_OK &&
               (past ? ms / DAY_MS > today : ms / DAY_MS < today)) {
        trouble_say(
            &trouble, past ? "field \"day\" has not come yet" : "field \"day\" is over");
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    *ret = (uint32_t)(ms / DAY_MS);
    return STATUS_OK;
}

/* Does the decision carry that part, by its rule and by the request? */
static bool wants(const struct answer_rule *rule, enum answer_part part,
    const struct json *request, const char *field)
{
    return (rule->must & part) || ((rule->may & part) && json_find(request, field));
}

static enum status read_answer(struct desk *desk, const struct verb *verb,
    const struct json *request, enum decision decision, struct answer *ret,
    struct problem *problem)
{
    const struct answer_rule *rule = answer_rule(decision);
    struct answer answer = {.decision = decision};
    int word = 0;
    enum status status = STATUS_OK;

    if (rule->reason_needed || (rule->n_reasons > 0 && json_find(request, "reason"))) {
        status = desk_need_word(verb, request, "reason", &word, problem);
        answer.reason = (unsigned)word;
    }
    if (status == STATUS_OK && wants(rule, ANSWER_MILESTONE, request, "milestone")) {
        status = desk_need_word(verb, request, "milestone", &word, problem);
        answer.milestone = (enum milestone)word;
    }
    if (status == STATUS_OK && wants(rule, ANSWER_DAY, request, "day"))
        status = stages_read_day(
            desk, request, decision == DECISION_MILESTONE, &answer.day, problem);
    if (status == STATUS_OK && wants(rule, ANSWER_SUGGESTIONS, request, "suggest"))
        status = read_suggestions(desk, request, &answer, problem);
    if (status == STATUS_OK && wants(rule, ANSWER_SERVICES, request, "given"))
        status = read_given(request, &answer, problem);
    if (status == STATUS_OK)
        *ret = answer;
    return status;
}

/* --- what is possible now ------------------------------------------------------------------------------------ */

static bool moves(const struct referral_row *row, enum move move)
{
    enum progress to;

    return progress_move(row->progress, move, row->sent ? ACTOR_SENDER : ACTOR_RECIPIENT,
               &to) == STATUS_OK;
}

void stages_put_can(const struct referral_row *row, struct json *json)
{
    static const struct {
        const char *verb;
        enum move move;
    } OTHERS[] = {{"follow-up", MOVE_FOLLOWED_UP}, {"ask", MOVE_ASKS},
        {"tell", MOVE_TELLS}, {"cancel", MOVE_CANCEL_REQUESTED},
        {"entered-in-error", MOVE_ENTERED_IN_ERROR}};
    struct json *list = json_new_list();
    bool open = !row->damaged && !row->late;

    for (size_t i = 0; open && !row->sent && i < ARRAY_LENGTH(STAGES); i++) {
        bool resumes = strcmp(STAGES[i].verb, "resume") == 0;

        if (moves(row, (enum move)STAGES[i].decision) &&
            (STAGES[i].decision != DECISION_IN_SERVICE ||
                resumes == (row->progress == PROGRESS_ON_HOLD)))
            json_add_text(list, STAGES[i].verb);
    }
    for (size_t i = 0; open && i < ARRAY_LENGTH(OTHERS); i++)
        if (moves(row, OTHERS[i].move))
            json_add_text(list, OTHERS[i].verb);
    if (open && row->sent) {
        json_add_text(list, "withdraw-consent");
        if (progress_is_over(row->progress)) {
            json_add_text(list, "refer-again");
            json_add_text(list, "settle");
        }
    }
    json_give(json, "can", &list);
}

/* --- the verbs ---------------------------------------------------------------------------------------------- */

enum status use_stage(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    enum decision decision = (enum decision)0;
    struct referral_row row;
    struct answer answer;

    for (size_t i = 0; i < ARRAY_LENGTH(STAGES); i++)
        if (strcmp(STAGES[i].verb, verb->name) == 0)
            decision = STAGES[i].decision;
    PROMISE(decision != 0);
    enum status status = read_answer(desk, verb, request, decision, &answer, problem);
    if (status == STATUS_OK)
        status = item_find(desk, request, &row, problem);
    if (status == STATUS_OK && strcmp(verb->name, "resume") == 0 && !row.sent &&
        row.progress != PROGRESS_ON_HOLD) {
        problem_say(problem, 409, "cannot-decide",
            "The referral %s is %s and not on hold. Nothing was changed.",
            row.referral.reference, progress_name(row.progress));
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK)
        status = decide_answer(desk, &row, &answer, problem);
    if (status == STATUS_OK)
        status = item_format(desk, &row, true, ret);
    return status;
}

/* The answer says where each stands and nothing of the person: it is kept for a repeated request under no reference, so
 * that no erasure would find it. */
static enum status decide_one(struct desk *desk, const struct verb *verb,
    const char *reference, const struct answer *answer, struct json *list,
    struct problem *problem)
{
    struct json *about = json_new_object(), *one;
    struct referral_row row;
    char memory[IDENT_TEXT_BYTES];

    json_put_text(about, "reference", reference);
    arena_reset(desk->arena);
    enum status status = desk_record(desk, verb->name, desk_actor(desk), reference);
    if (status == STATUS_OK)
        status = item_find(desk, about, &row, problem);
    if (status == STATUS_OK)
        status = decide_answer(desk, &row, answer, problem);
    json_destroy(&about);
    if (status != STATUS_OK)
        return status;
    one = json_new_object();
    json_put_text(one, "reference", row.referral.reference);
    json_put_text(one, "peer", item_member_name(desk, &row.peer, memory));
    json_put_text(one, "state", progress_name(row.progress));
    json_add(list, &one);
    return STATUS_OK;
}

/* All of them or none: desk.c undoes what a failure leaves. */
enum status use_group(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    static const enum decision WHATS[] = {DECISION_COMPLETED, DECISION_MILESTONE};
    struct json *json = json_new_object(), *list = json_new_list();
    struct trouble trouble = {""};
    struct answer answer;
    const char *at = "";
    char reference[VERB_REFERENCE_BYTES];
    int what = 0;
    enum status status = desk_need_word(verb, request, "what", &what, problem);

    if (status == STATUS_OK)
        status = read_answer(desk, verb, request, WHATS[what - 1], &answer, problem);
    if (status == STATUS_OK && json_need_text(request, "references", GROUP_TEXT_BYTES_MAX,
                                   &at, &trouble) != STATUS_OK)
        status = desk_refuse(problem, STATUS_MALFORMED, &trouble);
    while (status == STATUS_OK && next_word(&at, reference, sizeof(reference))) {
        if (json_count(list) == GROUP_MAX) {
            trouble_say(&trouble, "field \"references\" has more than %d", GROUP_MAX);
            status = desk_refuse(problem, STATUS_MALFORMED, &trouble);
        } else {
            status = decide_one(desk, verb, reference, &answer, list, problem);
        }
    }
    json_give(json, "items", &list);
    if (status == STATUS_OK)
        *ret = json;
    else
        json_destroy(&json);
    return status;
}
