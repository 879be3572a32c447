/* SPDX-License-Identifier: Apache-2.0
 * Transport's word and people's word are two fields that never mix. A receipt is checked again each time that
 * evidence is asked for: what is shown as verified was verified now.
 */
#include <stdio.h>

#include "inside.h"
#include "log.h"
#include "memory.h"
#include "seal.h"

const char *item_member_name(
    const struct desk *desk, const struct ident *node_id, char memory[IDENT_TEXT_BYTES])
{
    const struct profile *profile = directory_find(desk->directory, node_id);

    if (profile)
        return profile->name;
    ident_format(node_id, memory);
    return memory;
}

struct json *item_words(uint32_t bits, int count, const char *(*name)(int))
{
    struct json *list = json_new_list();

    for (int i = 1; i < count; i++)
        if (bits & (1u << (i - 1)))
            json_add_text(list, name(i));
    return list;
}

static const char *service_word(int service)
{
    return service_name((enum service)service);
}

void item_put_day(struct json *json, const char *name, int64_t day)
{
    char text[TIME_TEXT_BYTES];

    time_format(day * DAY_MS, text);
    text[10] = 0;
    json_put_text(json, name, text);
}

static void put_said(struct json *json, const char *name, const char *text)
{
    if (text && *text)
        json_put_text(json, name, text);
}

/* What goes beyond the first need: only where it is said. */
static void put_person(struct json *json, const struct person *person)
{
    struct json *urgent = json_new_list();

    put_said(json, "preferred_name", person->preferred_name);
    put_said(json, "full_name", person->full_name);
    if (person->has_birth_day)
        item_put_day(json, "birth_day", person->birth_day_ms / DAY_MS);
    put_said(json, "district", person->district);
    for (unsigned bit = URGENT_INJURY; bit <= URGENT_MEDICATION; bit <<= 1)
        if (person->urgent_health & bit)
            json_add_text(urgent, urgent_health_name(bit));
    if (person->urgent_health)
        json_give(json, "health_urgent", &urgent);
    json_destroy(&urgent);
    put_said(json, "health", person->health);
    put_said(json, "access", person->access);
    if (person->searched_for)
        json_put_flag(json, "searched_for", true);
    if (person->dependants)
        json_put_int(json, "dependants", person->dependants);
    if (person->infant)
        json_put_flag(json, "infant", true);
    if (person->exploitation)
        json_put_text(json, "exploitation", exploitation_name(person->exploitation));
    put_said(json, "skills", person->skills);
    put_said(json, "guardian", person->guardian);
}

void item_put_referral(struct json *json, const struct referral *referral)
{
    struct json *languages = json_new_list();

    for (size_t i = 0; i < referral->person.n_languages; i++)
        json_add_text(languages, referral->person.languages[i]);
    json_put_text(json, "reference", referral->reference);
    json_put_text(json, "service", service_name(referral->service));
    json_put_text(json, "priority", priority_name(referral->priority));
    json_put_text(json, "age_band", age_band_name(referral->person.age_band));
    json_put_text(json, "minor", minor_name(referral->person.minor));
    json_put_text(json, "gender", gender_name(referral->person.gender));
    json_give(json, "languages", &languages);
    json_put_flag(json, "interpreter", referral->person.interpreter);
    if (referral->person.risk != 0)
        json_put_text(json, "risk", risk_name(referral->person.risk));
    json_put_text(json, "safe_contact",
        referral->person.safe_contact ? referral->person.safe_contact : "");
    put_person(json, &referral->person);
    json_put_text(json, "sender_role", referral->sender_role);
    json_put_text(json, "note", referral->note);
    if (referral->needed_by_ms != 0)
        item_put_day(json, "needed_by", referral->needed_by_ms / DAY_MS);
}

bool item_peer_is_gone(const struct desk *desk, const struct ident *node_id)
{
    const struct member *member = trust_find_node(desk->options.trust, node_id);

    return !member || trust_standing(desk->options.trust, member, desk_now_ms(desk)) ==
                          STANDING_REVOKED;
}

/* Does the receipt under a letter of mine hold, and does it fit that letter? */
static bool verify(struct desk *desk, const struct post_letter *letter,
    const uint8_t bytes[static RECEIPT_BYTES], struct receipt *ret)
{
    const struct member *issuer = trust_find_node(desk->options.trust, &letter->peer);

    return issuer &&
           seal_receipt_check(trust_network_id(desk->options.trust), issuer,
               span_of(bytes, RECEIPT_BYTES), ret) == STATUS_OK &&
           ret->status == RECEIPT_STORED && ret->pair_seq == letter->pair_seq &&
           ret->chain_epoch == letter->chain_epoch &&
           ident_equal(&ret->sender, &desk->options.node_id);
}

static void put_receipt(
    struct desk *desk, const struct post_letter *letter, struct json *json)
{
    uint8_t bytes[RECEIPT_BYTES];
    struct receipt receipt;
    bool found =
        post_letter_receipt(desk->options.post, &letter->item_id, bytes) == STATUS_OK;
    bool verified = found && verify(desk, letter, bytes, &receipt);

    json_put_flag(json, "receipt_verified", verified);
    if (verified)
        json_put_time(json, "receipt_at", receipt.received_ms);
    if (found)
        json_put_hex(json, "receipt", bytes, sizeof(bytes));
}

/* Transport's side of a letter of mine. */
/* Nobody at the other end has signed that it is stored. */
static bool is_waiting(enum letter_state state)
{
    return state == LETTER_STATE_DRAFT || state == LETTER_STATE_SEALED ||
           state == LETTER_STATE_HELD || state == LETTER_STATE_BLOCKED;
}

static int64_t waiting_days(const struct desk *desk, int64_t since_ms)
{
    int64_t now_ms = desk_now_ms(desk);

    return now_ms > since_ms ? (now_ms - since_ms) / DAY_MS : 0;
}

static enum status put_letter(
    struct desk *desk, const struct ident *item_id, bool evidence, struct json *json)
{
    struct post_letter letter;
    enum status status = post_letter(desk->options.post, item_id, &letter);

    if (status == STATUS_NOT_FOUND) {
        json_put_text(json, "letter", "forgotten"); /* kept no longer than needed */
        if (evidence)
            json_put_flag(json, "receipt_verified", false);
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    json_put_text(json, "letter", letter_state_name(letter.state));
    if (*letter.reason)
        json_put_text(json, "waits_for", letter.reason);
    json_put_flag(json, "express", letter.lane == LANE_EXPRESS);
    /* It came back: nobody there will read it. */
    if (letter.kind == LETTER_REFERRAL &&
        (letter.state == LETTER_STATE_UNDELIVERABLE ||
            (is_waiting(letter.state) && item_peer_is_gone(desk, &letter.peer)))) {
        json_put_flag(json, "returned", true);
        json_put_text(json, "next", "refer-again");
    }
    if (is_waiting(letter.state))
        json_put_int(json, "waits_days", waiting_days(desk, letter.created_ms));
    if (evidence) {
        json_put_time(json, "letter_changed_at", letter.changed_ms);
        json_put_ident(json, "item", &letter.item_id);
        json_put_int(json, "number", (int64_t)letter.pair_seq);
        json_put_int(json, "epoch", (int64_t)letter.chain_epoch);
        json_put_int(json, "sealed_again", (int64_t)letter.seal_no);
        put_receipt(desk, &letter, json);
    }
    return STATUS_OK;
}

/* What goes with the move: codes and days. */
static void put_parts(
    struct desk *desk, const struct decision_row *decision, struct json *json)
{
    char memory[IDENT_TEXT_BYTES];
    const char *reason = move_reason_name(decision->move, decision->reason);
    struct json *suggested = json_new_list();

    if (reason)
        json_put_text(json, "reason", reason);
    if (decision->day != 0)
        item_put_day(json, "day", decision->day);
    for (size_t i = 0; i < decision->n_suggestions; i++)
        json_add_text(
            suggested, item_member_name(desk, &decision->suggestions[i], memory));
    if (decision->n_suggestions > 0)
        json_give(json, "suggested", &suggested);
    json_destroy(&suggested);
    if (decision->services != 0) {
        struct json *given = item_words(decision->services, SERVICE_COUNT, service_word);

        json_give(json, "given", &given);
    }
    if (decision->milestone != 0)
        json_put_text(json, "milestone", milestone_name(decision->milestone));
    if (decision->follow_up != 0) {
        json_put_text(json, "after", follow_up_name(decision->follow_up));
        json_put_text(json, "result", follow_result_name(decision->result));
    }
    if (decision->question != 0)
        json_put_text(json, "question", inquiry_name(decision->question));
    if (decision->told != 0)
        json_put_text(json, "answer", told_name(decision->told));
}

static enum status put_decisions(
    struct desk *desk, const struct referral_row *row, struct json *json)
{
    struct json *list = json_new_list();
    struct decision_row decision = {0};
    enum status status;

    while ((status = decisions_next(desk->decisions, row->id, decision.id, &decision)) ==
           STATUS_OK) {
        struct json *one = json_new_object();

        if (decision.damaged) /* that something was decided is evidence, too */
            json_put_flag(one, "damaged", true);
        else
            json_put_text(one, "decision", move_name(decision.move));
        json_put_text(one, "by",
            actor_name(decision.mine == row->sent ? ACTOR_SENDER : ACTOR_RECIPIENT));
        if (!decision.damaged) {
            put_parts(desk, &decision, one);
            json_put_time(one, "at", decision.at_ms);
        }
        json_put_flag(one, "mine", decision.mine);
        json_put_flag(one, "applied", decision.applied);
        if (decision.mine && decision.move != MOVE_STOPPED)
            status = put_letter(desk, &decision.item_id, true, one);
        json_add(list, &one);
        if (status != STATUS_OK)
            break;
    }
    json_give(json, "decisions", &list);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The further letters that carried it. */
static enum status put_again(
    struct desk *desk, const struct referral_row *row, struct json *json)
{
    struct json *list = json_new_list();
    struct again_row again = {0};
    enum status status;

    while ((status = agains_next(desk->agains, row->id, again.id, &again)) == STATUS_OK) {
        struct json *one = json_new_object();

        item_put_day(one, "day", again.day);
        status = put_letter(desk, &again.item_id, true, one);
        json_add(list, &one);
        if (status != STATUS_OK)
            break;
    }
    if (json_count(list) > 0)
        json_give(json, "again", &list);
    else
        json_destroy(&list);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Codes are all that is left. */
static void put_purged(struct json *json, const struct referral *referral)
{
    json_put_text(json, "reference", referral->reference);
    json_put_text(json, "service", service_name(referral->service));
    json_put_text(json, "priority", priority_name(referral->priority));
    json_put_flag(json, "withdrawn", true);
}

enum status item_find_share(
    struct desk *desk, const struct referral_row *row, struct share *ret)
{
    struct box_key key;
    struct ident subject;
    enum status status = sharings_subject(desk->sharings, &row->item_id, &subject);

    if (status == STATUS_OK)
        status = refer_key_find(desk, &subject, &row->item_id, &key);
    if (status == STATUS_OK)
        status = sharings_find(desk->sharings, &key, &row->item_id, ret);
    memory_wipe(&key, sizeof(key));
    return status;
}

/* What became of the consent under which a referral of mine went. */
static enum status put_share(
    struct desk *desk, const struct referral_row *row, struct json *json)
{
    struct share share;
    enum status status = item_find_share(desk, row, &share);

    if (status == STATUS_CORRUPT) { /* one row's damage must not hide the list */
        log_event(LOG_ALARM, "record-damaged", NULL);
        status = STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    if (share.withdrawn_day != 0) {
        json_put_flag(json, "withdrawn", true);
        item_put_day(json, "withdrawn_day", share.withdrawn_day);
    }
    if (share.purged_day != 0) {
        item_put_day(json, "purged_day", share.purged_day);
        json_put_flag(json, "purge_verified", !share.mismatch);
    }
    return STATUS_OK;
}

enum status item_format(
    struct desk *desk, const struct referral_row *row, bool evidence, struct json **ret)
{
    char memory[IDENT_TEXT_BYTES];
    struct json *json = json_new_object();
    enum status status = STATUS_OK;

    if (row->damaged)
        json_put_flag(json, "damaged", true);
    else if (row->purged)
        put_purged(json, &row->referral);
    else
        item_put_referral(json, &row->referral);
    json_put_text(json, "direction", row->sent ? "sent" : "received");
    json_put_text(json, "peer", item_member_name(desk, &row->peer, memory));
    json_put_text(json, "state", progress_name(row->progress));
    item_put_day(json, "day", row->day);
    item_put_day(json, "changed_day", row->changed_day);
    if (row->late)
        json_put_flag(json, "late", true);
    if (evidence) {
        stages_put_can(row, json);
        json_put_time(json, "created_at", row->created_ms);
        if (!row->sent)
            json_put_time(json, "received_at", row->received_ms);
        status = put_decisions(desk, row, json);
        if (status == STATUS_OK)
            status = rest_put_item(desk, row->referral.reference, json);
    }
    if (status == STATUS_OK && row->sent)
        status = put_letter(desk, &row->item_id, evidence, json);
    if (status == STATUS_OK && row->sent && evidence)
        status = put_again(desk, row, json);
    if (status == STATUS_OK && row->sent && !row->damaged)
        status = put_share(desk, row, json);
    if (status == STATUS_OK && evidence)
        status = handover_put(desk, row, json);
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}

/* Field "if_state": another tab, another person or the other member was faster. */
static enum status check_as_seen(
    const struct json *request, const struct referral_row *row, struct problem *problem)
{
    const char *seen = json_find_text(request, "if_state");
    const char *now = progress_name(row->progress);

    if (!seen || strcmp(seen, now) == 0)
        return STATUS_OK;
    problem_say(problem, 409, "state-changed",
        "The referral %s is %s by now, and was %.20s when this was decided. Nothing was "
        "changed. Look at it, and decide again.",
        row->referral.reference, now, seen);
    return STATUS_CONFLICT;
}

enum status item_find(struct desk *desk, const struct json *request,
    struct referral_row *ret, struct problem *problem)
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
            "\"%.20s\" is no reference: it has 9 characters, and the last one checks the "
            "others. "
            "Nothing was changed. Compare it with the slip.",
            text);
        return STATUS_MALFORMED;
    }
    status = referrals_find(desk->referrals, reference, desk->arena, ret);
    if (status == STATUS_NOT_FOUND)
        problem_say(problem, 404, "unknown-reference",
            "No referral %s is known here. If it was sent to this member, it may still "
            "be on "
            "its way.",
            reference);
    if (status == STATUS_OK && ret->damaged) {
        problem_say(problem, 500, "damaged",
            "The record of referral %s cannot be read any more: the disk damaged it. "
            "Nothing was changed, and the other referrals are not touched. Telephone the "
            "other member, let it be referred again, and have the disk looked at.",
            reference);
        return STATUS_CORRUPT;
    }
    return status == STATUS_OK ? check_as_seen(request, ret, problem) : status;
}
