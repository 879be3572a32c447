/* SPDX-License-Identifier: Apache-2.0
 * Erasing a case (docs/CARE.md 10.6): what waits is stopped, what others hold is asked back, what this node keeps is
 * emptied; then the key goes.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

/* Kept answers about that referral hold its content, too; what was done about it by an override goes with the case. A late one
 * has none: it was never answered. */
static enum status blank_referral(struct desk *desk, int64_t id, bool sent)
{
    struct arena *arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    struct referral_row row;
    enum status status =
        referrals_next(desk->referrals, sent, false, id + 1, arena, &row);

    if (status == STATUS_OK && row.id == id && !row.damaged) {
        status = update_blank_replies(desk, row.referral.reference, "erased");
        if (status == STATUS_OK)
            status = acts_remove(desk->acts, row.referral.reference);
    }
    arena_destroy(&arena);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* What this node keeps of the case's referrals is emptied. */
static enum status clear_referrals(struct desk *desk, const struct ident *ident)
{
    int64_t referral = 0;
    enum status status;

    while ((status = casebook_next_tie(desk->casebook, ident, referral, &referral)) ==
           STATUS_OK) {
        struct ident peer;
        bool sent = false;

        status = referrals_peer(desk->referrals, referral, &peer, &sent);
        if (status == STATUS_OK)
            status = blank_referral(desk, referral, sent);
        if (status == STATUS_OK)
            status = referrals_clear(desk->referrals, referral);
        if (status != STATUS_OK)
            break;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* One letter: it is stopped or asked back, unless that was done before; its proof is awaited, unless it never left. */
static enum status ask_back(
    struct desk *desk, const struct ident *ident, struct share *share)
{
    struct case_copy copy = {.peer = share->recipient, .body_hash = share->body_hash};
    bool left = true;
    enum status status = STATUS_OK;

    if (share->purged_day != 0 && !share->mismatch)
        return STATUS_OK;
    if (share->withdrawn_day == 0)
        status = withdraw_letter(desk, share, WITHDRAWAL_ERASED, &left);
    if (status != STATUS_OK || !left)
        return status;
    memcpy(copy.reference, share->reference, REFERENCE_BYTES);
    copy.stopped = share->stopped;
    status = casebook_ask(desk->casebook, ident, desk_today(desk), &copy);
    return status == STATUS_EXISTS ? STATUS_OK : status; /* asked before a restore */
}

static enum status ask_all_back(struct desk *desk, const struct ident *ident)
{
    struct box_key key;
    struct share share = {0};
    enum status status = casebook_key(desk->casebook, ident, &key);

    while (status == STATUS_OK) {
        int64_t before = share.id;

        status = sharings_next(desk->sharings, &key, ident, share.id, &share);
        if (status == STATUS_OK)
            status = ask_back(desk, ident, &share);
        else if (status == STATUS_CORRUPT && share.id > before) { /* that one alone */
            log_event(LOG_ALARM, "not-all-asked-back", NULL);
            status = STATUS_OK;
        }
    }
    memory_wipe(&key, sizeof(key));
    if (status == STATUS_CORRUPT) /* what a bad disk spoilt must not keep the rest here */
        log_event(LOG_ALARM, "not-all-asked-back", NULL);
    return status == STATUS_NOT_FOUND || status == STATUS_CORRUPT ? STATUS_OK : status;
}

enum status case_destroy(
    struct desk *desk, const struct ident *ident, const char *alias, bool ask)
{
    int64_t sheets = 0;
    enum status status = ask ? ask_all_back(desk, ident) : STATUS_OK;

    if (status == STATUS_OK)
        status = clear_referrals(desk, ident);
    if (status == STATUS_OK)
        status = casebook_erase(desk->casebook, ident, desk_today(desk));
    if (status == STATUS_OK)
        status = sheets_remove_case(desk->sheets, ident, &sheets);
    if (status == STATUS_OK)
        status = consents_remove(desk->consents, ident);
    if (status == STATUS_OK)
        status = sharings_remove(desk->sharings, ident);
    if (status == STATUS_OK)
        status = update_blank_replies(desk, alias, "erased");
    if (status == STATUS_OK)
        case_touch(desk, ident);
    return status;
}

/* --- after a restore --------------------------------------------------------------------------------------------- */

enum status desk_list_erased(struct desk *desk, struct buffer *ret)
{
    struct ident ident;
    int64_t id = 0;
    enum status status;

    while ((status = casebook_next_tombstone(desk->casebook, id, &id, &ident)) ==
           STATUS_OK) {
        status = buffer_put(ret, ident.bytes, IDENT_BYTES);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

int64_t desk_count_erased(struct desk *desk)
{
    struct casebook_count count;

    return casebook_count(desk->casebook, &count) == STATUS_OK ? count.erased : 0;
}

enum status desk_erase_again(struct desk *desk, struct span idents, int64_t *ret_n)
{
    enum status status = STATUS_OK;
    bool damaged = false;

    *ret_n = 0;
    for (size_t i = 0; status == STATUS_OK && i + IDENT_BYTES <= idents.n;
         i += IDENT_BYTES) {
        struct case_row row;
        struct ident ident;

        memcpy(ident.bytes, idents.at + i, IDENT_BYTES);
        arena_reset(desk->arena);
        status = casebook_find(desk->casebook, &ident, desk->arena, &row);
        if (status == STATUS_OK) {
            status = db_mark(desk->options.db);
            if (status == STATUS_OK) {
                status = case_destroy(desk, &row.ident, row.alias, true);
                db_unmark(desk->options.db, status == STATUS_OK);
            }
        }
        if (status == STATUS_OK)
            (*ret_n)++;
        else if (status == STATUS_NOT_FOUND || status == STATUS_CORRUPT) {
            damaged =
                damaged || status == STATUS_CORRUPT; /* the others go all the same */
            status = STATUS_OK;
        }
    }
    arena_reset(desk->arena);
    return status == STATUS_OK && damaged ? STATUS_CORRUPT : status;
}

enum status case_erase_proven(
    struct desk *desk, const struct ident *from, const struct update *update)
{
    enum status status = casebook_confirm(
        desk->casebook, from, update->reference, &update->body_hash, desk_today(desk));

    if (status == STATUS_CONFLICT) {
        log_event(LOG_ALARM, "purge-does-not-match", NULL);
        status = STATUS_OK;
    }
    return status;
}

static enum status format_tombstone(
    struct desk *desk, const char *alias, struct json **ret)
{
    struct tombstone stone;
    struct case_holder next = {.day = 0};
    enum status status = casebook_find_tombstone(desk->casebook, alias, &stone);

    if (status != STATUS_OK)
        return status;
    struct json *json = json_new_object(), *list = json_new_list();
    json_put_text(json, "case", alias);
    json_put_text(json, "state", "erased");
    item_put_day(json, "erased_day", stone.day);
    json_put_flag(json, "sealed_for_ever", stone.sealed_for_ever);
    while ((status = casebook_next_holder(desk->casebook, stone.id, &next.peer, &next)) ==
           STATUS_OK) {
        char memory[IDENT_TEXT_BYTES];
        struct json *one = json_new_object();

        json_put_text(one, "member", item_member_name(desk, &next.peer, memory));
        json_put_flag(one, "confirmed", next.day != 0);
        if (next.day != 0)
            item_put_day(one, "day", next.day);
        else if (next.stopped)
            json_put_flag(one, "stopped", true);
        if (next.mismatch)
            json_put_flag(one, "mismatch", true);
        json_add(list, &one);
    }
    json_give(json, "confirmations", &list);
    if (status != STATUS_NOT_FOUND) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}

static enum status rotate(struct desk *desk)
{
    bool more = false;
    enum status status = casebook_rotate(desk->casebook);

    if (status == STATUS_OK)
        status = casebook_work(desk->casebook, desk_today(desk), &more);
    desk->busy = desk->busy || more;
    return status;
}

enum status use_case_erase(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    char alias[REFERENCE_BYTES];
    struct trouble trouble = {""};
    struct tombstone stone;
    struct case_row row;
    bool now = false;
    enum status status = case_read_alias(request, "reference", alias, problem);

    (void)verb;
    if (status != STATUS_OK)
        return status;
    status = json_may_flag(request, "now", &now, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    /* Asked again, it tells how far it is, and may still be hastened. */
    if (casebook_find_tombstone(desk->casebook, alias, &stone) != STATUS_OK) {
        status = case_named(desk, request, "reference", &row, problem);
        if (status == STATUS_OK)
            status = case_destroy(desk, &row.ident, row.alias, true);
    }
    if (status == STATUS_OK && now)
        status = rotate(desk);
    return status == STATUS_OK ? format_tombstone(desk, alias, ret) : status;
}
