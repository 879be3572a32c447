/* SPDX-License-Identifier: Apache-2.0
 * An override is told to every coordinator at once. One person's act stays open on both lists until somebody else has
 * said yes or no; the word of a coordinator comes as an UPDATE.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

enum { ACTS_LISTED_MAX = 200 };

#define COORDINATOR (UINT32_C(1) << (ROLE_COORDINATOR - 1))

static void copy_person(char to[static ACT_PERSON_BYTES_MAX + 1], const char *from)
{
    (void)snprintf(to, ACT_PERSON_BYTES_MAX + 1, "%s", from ? from : "");
}

/* Sends it to every coordinator but this node and the recipient of the referral itself is one like any other. */
static enum status tell_coordinators(struct desk *desk, const struct update *update)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < directory_count(desk->directory); i++) {
        const struct profile *profile = directory_nth(desk->directory, i);

        if ((profile->roles & COORDINATOR) &&
            !ident_equal(&profile->node_id, &desk->options.node_id))
            status = update_send(desk, &profile->node_id, update, LANE_EXPRESS);
    }
    return status;
}

enum status act_begin(struct desk *desk, const struct refer_plan *plan)
{
    const struct consent *consent = &plan->consent.consent;
    bool alone = plan->has_consent && consent_is_alone(consent);
    struct update update = {.what = alone ? UPDATE_OVERRIDE_ALONE : UPDATE_OVERRIDE,
        .reason = (unsigned)consent->override};
    struct act act = {.mine = true,
        .peer = plan->to->node_id,
        .reason = consent->override,
        .state = alone ? ACT_OPEN : ACT_TOLD,
        .day = desk_today(desk)};

    if (!plan->has_consent || consent->giver != GIVER_OVERRIDE)
        return STATUS_OK;
    memcpy(update.reference, plan->referral.reference, REFERENCE_BYTES);
    memcpy(act.reference, plan->referral.reference, REFERENCE_BYTES);
    copy_person(act.first, consent->first);
    copy_person(act.second, consent->second);
    enum status status = acts_put(desk->acts, &act);
    if (status == STATUS_OK)
        status =
            desk_record(desk, "override", desk_actor(desk), plan->referral.reference);
    return status == STATUS_OK ? tell_coordinators(desk, &update) : status;
}

/* --- what members and coordinators tell --------------------------------------------------------------------- */

static bool is_coordinator(const struct desk *desk, const struct ident *member)
{
    const struct profile *profile = directory_find(desk->directory, member);

    return profile && (profile->roles & COORDINATOR);
}

static enum status take_told(
    struct desk *desk, const struct ident *from, const struct update *update)
{
    struct act act = {.peer = *from,
        .reason = (enum override)update->reason,
        .state = update->what == UPDATE_OVERRIDE_ALONE ? ACT_OPEN : ACT_TOLD,
        .day = desk_today(desk)};

    if (!(desk_roles(desk) & COORDINATOR)) {
        log_event(LOG_WARNING, "update-not-applied", "reason=%s", "no-coordinator");
        return STATUS_OK;
    }
    memcpy(act.reference, update->reference, REFERENCE_BYTES);
    enum status status = acts_put(desk->acts, &act);
    if (status == STATUS_TOO_BIG)
        log_event(LOG_ALARM, "too-many-acts", NULL);
    return status == STATUS_EXISTS || status == STATUS_TOO_BIG ? STATUS_OK : status;
}

/* Undone: the consent is withdrawn, the letters called back. */
static enum status settle_mine(
    struct desk *desk, struct act *act, bool confirmed, const char *second)
{
    struct referral_row row;
    enum status status;

    act->state = confirmed ? ACT_CONFIRMED : ACT_UNDONE;
    act->settled_day = desk_today(desk);
    copy_person(act->second, second);
    status = acts_change(desk->acts, act);
    if (status != STATUS_OK || confirmed)
        return status;
    status = referrals_find(desk->referrals, act->reference, desk->arena, &row);
    if (status == STATUS_OK)
        status = withdraw_consent(desk, &row, WITHDRAWAL_ACT_UNDONE);
    if (status == STATUS_CORRUPT) { /* a coordinator's word must not stop the node */
        log_event(LOG_ALARM, "record-damaged", NULL);
        status = STATUS_OK;
    }
    return status == STATUS_EXISTS || status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status act_apply(
    struct desk *desk, const struct post_opened *letter, const struct update *update)
{
    struct ident from = letter->peer;
    char memory[IDENT_TEXT_BYTES];
    struct act act;

    if (update->what == UPDATE_OVERRIDE || update->what == UPDATE_OVERRIDE_ALONE)
        return take_told(desk, &from, update);
    enum status status = acts_find(desk->acts, update->reference, true, &act);
    if (status == STATUS_CORRUPT) { /* a coordinator's word must not stop the node */
        log_event(LOG_ALARM, "record-damaged", NULL);
        return STATUS_OK;
    }
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK &&
            (act.state != ACT_OPEN || !is_coordinator(desk, &from)))) {
        log_event(LOG_WARNING, "update-not-applied", "reason=%s", "no-open-act");
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    return settle_mine(desk, &act, update->what == UPDATE_ACT_CONFIRMED,
        item_member_name(desk, &from, memory));
}

/* --- what people do ------------------------------------------------------------------------------------------ */

static struct json *format_act(const struct desk *desk, const struct act *act)
{
    struct json *json = json_new_object();
    char memory[IDENT_TEXT_BYTES];

    if (act->damaged) { /* whose it was is all that is left to say */
        json_put_flag(json, "damaged", true);
        json_put_flag(json, "mine", act->mine);
        json_put_text(json, "peer", item_member_name(desk, &act->peer, memory));
        return json;
    }
    json_put_text(json, "reference", act->reference);
    json_put_text(json, "state", act_state_name(act->state));
    json_put_text(json, "reason", override_name(act->reason));
    json_put_flag(json, "mine", act->mine);
    json_put_text(json, "peer", item_member_name(desk, &act->peer, memory));
    item_put_day(json, "day", act->day);
    if (act->settled_day != 0)
        item_put_day(json, "settled_day", act->settled_day);
    if (*act->first)
        json_put_text(json, "first", act->first);
    if (*act->second)
        json_put_text(json, "second", act->second);
    return json;
}

enum status use_acts(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object(), *list = json_new_list();
    struct act act = {.id = INT64_MAX};
    enum status status = STATUS_OK;

    (void)verb;
    (void)request;
    (void)problem;
    /* Open ones first: they are few and wait for somebody. */
    for (int open = 1; open >= 0 && status != STATUS_CORRUPT; open--) {
        act.id = INT64_MAX;
        while (json_count(list) < ACTS_LISTED_MAX &&
               (status = acts_next(desk->acts, open == 1, act.id, &act)) == STATUS_OK) {
            struct json *one;

            if (open == 0 && act.state == ACT_OPEN)
                continue;
            one = format_act(desk, &act);
            json_add(list, &one);
        }
    }
    json_give(json, "items", &list);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}

static enum status find_open(struct desk *desk, const struct json *request,
    struct act *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    char reference[REFERENCE_BYTES];
    const char *text;
    enum status status =
        json_need_text(request, "reference", VERB_REFERENCE_BYTES, &text, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    if (reference_parse(text, reference) != STATUS_OK) {
        problem_say(problem, 400, "bad-reference",
            "\"%.20s\" is no reference. Nothing was changed. Compare it with the slip.",
            text);
        return STATUS_MALFORMED;
    }
    status = acts_find(desk->acts, reference, true, ret);
    if (status == STATUS_NOT_FOUND)
        status = acts_find(desk->acts, reference, false, ret);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && ret->state != ACT_OPEN)) {
        problem_say(problem, status == STATUS_OK ? 409 : 404, "no-open-act",
            status == STATUS_OK
                ? "That act is settled already. Nothing was changed. \"amaan acts\" "
                  "shows it."
                : "No act about that referral is known here. Nothing was changed.");
        return status == STATUS_OK ? STATUS_CONFLICT : STATUS_NOT_FOUND;
    }
    return status;
}

/* Whoever did it cannot be the second person. */
static enum status read_second(struct desk *desk, const struct json *request,
    const struct act *act, const char **ret, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *second = "";
    enum status status =
        json_may_text(request, "second", ACT_PERSON_BYTES_MAX, &second, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    if (!*second && !act->mine)
        second = desk->options.person ? desk->options.person : "";
    if (act->mine && (!*second || strcmp(second, act->first) == 0)) {
        problem_say(problem, 403, "second-person-needed",
            "Field \"second\" is to name another person than the one who did it (%.60s). "
            "Nothing was changed.",
            act->first);
        return STATUS_DENIED;
    }
    *ret = second;
    return STATUS_OK;
}

static enum status settle_told(
    struct desk *desk, struct act *act, bool confirmed, const char *second)
{
    struct update update = {.what = confirmed ? UPDATE_ACT_CONFIRMED : UPDATE_ACT_UNDONE};

    memcpy(update.reference, act->reference, REFERENCE_BYTES);
    act->state = confirmed ? ACT_CONFIRMED : ACT_UNDONE;
    act->settled_day = desk_today(desk);
    copy_person(act->second, second);
    enum status status = acts_change(desk->acts, act);
    return status == STATUS_OK ? update_send(desk, &act->peer, &update, LANE_EXPRESS)
                               : status;
}

static enum status settle(struct desk *desk, const struct json *request, bool confirmed,
    struct json **ret, struct problem *problem)
{
    const char *second = "";
    struct act act;
    enum status status = find_open(desk, request, &act, problem);

    if (status == STATUS_OK)
        status = read_second(desk, request, &act, &second, problem);
    if (status == STATUS_OK)
        status = act.mine ? settle_mine(desk, &act, confirmed, second)
                          : settle_told(desk, &act, confirmed, second);
    if (status == STATUS_OK)
        *ret = format_act(desk, &act);
    return status;
}

enum status use_confirm_act(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return settle(desk, request, true, ret, problem);
}

enum status use_undo_act(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    (void)verb;
    return settle(desk, request, false, ret, problem);
}
