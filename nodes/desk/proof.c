/* SPDX-License-Identifier: Apache-2.0
 * The chain of receipts under the referrals of a case (docs/CARE.md 20.6): letters by their random ids, days, and what was
 * decided. A receipt of 264 bytes holds all that a third party needs but the roster.
 */
#include "inside.h"
#include "memory.h"
#include "receipt.h"
#include "seal.h"

enum { REFERRALS_OF_CASE_MAX = 200 };

static bool is_proven(
    struct desk *desk, const struct post_letter *letter, struct span bytes)
{
    const struct member *issuer = trust_find_node(desk->options.trust, &letter->peer);
    struct receipt receipt;

    return issuer &&
           seal_receipt_check(trust_network_id(desk->options.trust), issuer, bytes,
               &receipt) == STATUS_OK &&
           receipt.pair_seq == letter->pair_seq &&
           receipt.chain_epoch == letter->chain_epoch &&
           ident_equal(&receipt.sender, &desk->options.node_id);
}

/* A letter of this node: where transport stands, and the receipt under it. */
static void put_letter(struct desk *desk, const struct ident *item_id, struct json *json)
{
    uint8_t bytes[RECEIPT_BYTES];
    struct post_letter letter;

    json_put_ident(json, "letter", item_id);
    if (post_letter(desk->options.post, item_id, &letter) != STATUS_OK) {
        json_put_text(json, "state", "forgotten");
        return;
    }
    json_put_text(json, "state", letter_state_name(letter.state));
    json_put_ident(json, "member", &letter.peer);
    json_put_int(json, "epoch", letter.chain_epoch);
    json_put_int(json, "number", (int64_t)letter.pair_seq);
    if (post_letter_receipt(desk->options.post, item_id, bytes) != STATUS_OK)
        return;
    json_put_hex(json, "receipt", bytes, sizeof(bytes));
    json_put_flag(
        json, "proven", is_proven(desk, &letter, span_of(bytes, sizeof(bytes))));
}

static struct json *format_decision(
    struct desk *desk, const struct decision_row *decision)
{
    struct json *json = json_new_object();

    if (decision->damaged)
        json_put_flag(json, "damaged", true);
    else
        json_put_text(json, "decision", move_name(decision->move));
    json_put_text(json, "by", decision->mine ? "this-member" : "other-member");
    json_put_flag(json, "applied", decision->applied);
    if (!decision->damaged)
        item_put_day(json, "day", decision->at_ms / DAY_MS);
    if (decision->mine)
        put_letter(desk, &decision->item_id, json);
    else
        json_put_ident(json, "letter", &decision->item_id);
    return json;
}

static enum status add_decisions(struct desk *desk, int64_t referral, struct json *json)
{
    struct json *list = json_new_list();
    struct decision_row decision = {0};
    enum status status;

    while ((status = decisions_next(desk->decisions, referral, decision.id, &decision)) ==
           STATUS_OK) {
        struct json *one = format_decision(desk, &decision);

        json_add(list, &one);
    }
    json_give(json, "decisions", &list);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* `id` of the row; what it says is not asked for. */
static enum status find_row(
    struct desk *desk, int64_t id, bool sent, struct referral_row *ret)
{
    arena_reset(desk->arena);
    enum status status =
        referrals_next(desk->referrals, sent, false, id + 1, desk->arena, ret);
    if (status == STATUS_OK && ret->id == id)
        return status;
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = referrals_next(desk->referrals, sent, true, id + 1, desk->arena, ret);
    return status == STATUS_OK && ret->id != id ? STATUS_NOT_FOUND : status;
}

static enum status add_referral(struct desk *desk, int64_t id, struct json *list)
{
    struct referral_row row;
    struct ident peer;
    bool sent = false;
    enum status status = referrals_peer(desk->referrals, id, &peer, &sent);

    if (status == STATUS_OK)
        status = find_row(desk, id, sent, &row);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    struct json *json = json_new_object();
    json_put_text(json, "direction", sent ? "sent" : "received");
    json_put_ident(json, "other_member", &peer);
    item_put_day(json, "day", row.day);
    if (!row.damaged)
        json_put_text(json, "decided", progress_name(row.progress));
    if (sent)
        put_letter(desk, &row.item_id, json);
    else
        json_put_ident(json, "letter", &row.item_id);
    status = add_decisions(desk, id, json);
    if (status == STATUS_OK)
        json_add(list, &json);
    json_destroy(&json);
    return status;
}

enum status use_proof(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    const struct trust *trust = desk->options.trust;
    struct json *list = json_new_list();
    struct case_row row;
    struct ident ident;
    int64_t referral = 0;
    enum status status = case_named(desk, request, "reference", &row, problem);

    (void)verb;
    if (status != STATUS_OK) {
        json_destroy(&list);
        return status;
    }
    ident = row.ident; /* the row's arena goes with the first referral */
    while (status == STATUS_OK && json_count(list) < REFERRALS_OF_CASE_MAX) {
        status = casebook_next_tie(desk->casebook, &ident, referral, &referral);
        if (status == STATUS_OK)
            status = add_referral(desk, referral, list);
    }
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        *ret = json_new_object();
        json_put_text(*ret, "proof", "amaan-1");
        json_put_ident(*ret, "network", trust_network_id(trust));
        json_put_ident(*ret, "node", &desk->options.node_id);
        json_put_int(
            *ret, "roster_version", (int64_t)trust_version(trust, DOCUMENT_ROSTER));
        item_put_day(*ret, "made_day", desk_today(desk));
        json_give(*ret, "referrals", &list);
        status = STATUS_OK;
    }
    json_destroy(&list);
    return status;
}
