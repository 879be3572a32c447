/* SPDX-License-Identifier: Apache-2.0
 *
 * A number is settled once. In one transaction: its row says how, its receipt is signed, kept and owed, the
 * chain's head moves, and letters that waited for it become due.
 */
#include "memory.h"
#include "parts.h"

#define YEAR_MS (365 * DAY_MS)

enum status settle_chain(
    struct post *post, const struct ident *peer, uint32_t epoch, struct chain_row *ret)
{
    int64_t now_ms = post_now(post), epochs = 0;
    enum status status = chain_find(post->chain, peer, epoch, ret);
    if (status != STATUS_NOT_FOUND)
        return status;
    status = chain_epochs_since(post->chain, peer, now_ms - YEAR_MS, &epochs);
    if (status != STATUS_OK)
        return status;
    if (epochs >= EPOCHS_PER_PEER_AND_YEAR)
        return STATUS_DENIED;
    *ret = (struct chain_row){.peer = *peer,
        .epoch = epoch,
        .head_link = link_first(
            trust_network_id(post->options.trust), peer, &post->options.node_id, epoch),
        .made_ms = now_ms};
    return STATUS_OK;
}

/* Signs a receipt for a letter of the inbox. NOT_FOUND if its sender is not in the roster any more. */
static enum status sign_receipt(struct post *post, const struct inbox_letter *letter,
    enum receipt_status receipt, enum receipt_code code,
    uint8_t ret[static RECEIPT_BYTES])
{
    struct opened opened = {
        .sender = trust_find_node(post->options.trust, &letter->peer),
        .envelope = letter->envelope,
        .body_commit = letter->body_commit,
        .link = letter->link,
        .inner = {.kind = letter->kind,
            .chain_epoch = letter->epoch,
            .pair_seq = letter->seq,
            .item_id = letter->item_id},
    };
    if (opened.sender == NULL)
        return STATUS_NOT_FOUND;
    struct sealer sealer = post_sealer(post);
    seal_receipt(&sealer, post->options.trust, &opened, receipt, code, &letter->link,
        letter->received_ms, ret);
    return STATUS_OK;
}

static bool keeps_body(const struct inbox_letter *letter)
{
    return letter->state != INBOX_SETTLED;
}

static enum status owe(
    struct post *post, const struct ident *peer, const uint8_t receipt[RECEIPT_BYTES])
{
    post->session.receipts_due = true;
    return receipts_owe(post->receipts, peer, receipt);
}

static enum status move_head(struct post *post, const struct inbox_letter *letter)
{
    struct chain_row row;
    enum status status = settle_chain(post, &letter->peer, letter->epoch, &row);
    if (status != STATUS_OK)
        return status;
    if (letter->seq > row.highest)
        row.highest = letter->seq;
    status = chain_advance(post->chain, &row);
    if (status == STATUS_OK)
        status = inbox_wake(post->inbox, &letter->peer, letter->epoch, letter->seq);
    return status == STATUS_OK ? facts_count(post->facts) : status;
}

enum status settle_number(struct post *post, struct inbox_letter *letter,
    enum settled_how how, enum receipt_status receipt, enum receipt_code code)
{
    uint8_t bytes[RECEIPT_BYTES];
    const uint8_t *signed_bytes = NULL;
    enum status status = STATUS_OK;
    letter->how = how;
    if (receipt != 0) {
        status = sign_receipt(post, letter, receipt, code, bytes);
        if (status == STATUS_OK) {
            signed_bytes = bytes;
            letter->said_ms = post_now(post);
            letter->has_receipt = true;
            status = owe(post, &letter->peer, bytes);
        } else if (status == STATUS_NOT_FOUND) {
            status = STATUS_OK;
        }
    }
    if (status == STATUS_OK)
        status = inbox_update(post->inbox, letter, signed_bytes, keeps_body(letter));
    return status == STATUS_OK ? move_head(post, letter) : status;
}

enum status settle_repeat(struct post *post, struct inbox_letter *letter)
{
    uint8_t bytes[RECEIPT_BYTES];
    int64_t now_ms = post_now(post);
    bool said_lately = letter->said_ms >= post->renewed_ms &&
                       !period_over(now_ms, letter->said_ms, RECEIPT_REPEAT_MS);
    if (!letter->has_receipt || said_lately)
        return STATUS_OK;
    enum status status = inbox_receipt(post->inbox, letter->id, bytes);
    if (status == STATUS_OK)
        status = owe(post, &letter->peer, bytes);
    letter->said_ms = now_ms;
    return status == STATUS_OK
               ? inbox_update(post->inbox, letter, NULL, keeps_body(letter))
               : status;
}

enum status settle_conflict(struct post *post, const struct opened *opened,
    const struct hash *held_link, struct inbox_letter *held_row, int64_t received_ms)
{
    uint8_t bytes[RECEIPT_BYTES];
    int64_t now_ms = post_now(post);
    enum status status = STATUS_OK;
    if (held_row != NULL && held_row->disputed_ms != 0 &&
        !period_over(now_ms, held_row->disputed_ms, RECEIPT_REPEAT_MS))
        return STATUS_OK;
    struct sealer sealer = post_sealer(post);
    seal_receipt(&sealer, post->options.trust, opened, RECEIPT_CONFLICT,
        RECEIPT_CODE_NONE, held_link, received_ms, bytes);
    status = owe(post, &opened->sender->node_id, bytes);
    if (status != STATUS_OK || held_row == NULL)
        return status;
    held_row->disputed_ms = now_ms;
    return inbox_update(post->inbox, held_row, NULL, keeps_body(held_row));
}

/* The sender is gone for good: what is missing will never come. */
enum status settle_gone(struct post *post, struct chain_row *row)
{
    struct number_range missing[HEARTBEAT_RANGES_MAX];
    int64_t lost = 0;
    size_t n = 0;
    do {
        enum status status =
            chain_missing(post->chain, row, missing, HEARTBEAT_RANGES_MAX, &n);
        for (size_t i = 0; i < n && status == STATUS_OK; i++)
            for (uint64_t seq = missing[i].first;
                 seq <= missing[i].last && status == STATUS_OK; seq++, lost++) {
                struct inbox_letter letter = {.peer = row->peer,
                    .epoch = row->epoch,
                    .seq = seq,
                    .state = INBOX_SETTLED,
                    .how = SETTLED_LOST,
                    .received_ms = post_now(post)};
                status = inbox_put(post->inbox, &letter, (struct span){NULL, 0});
            }
        if (status == STATUS_OK)
            status = chain_advance(post->chain, row);
        if (status != STATUS_OK)
            return status;
    } while (n == HEARTBEAT_RANGES_MAX);
    enum status status = inbox_wake_all(post->inbox, &row->peer, row->epoch);
    if (status == STATUS_OK)
        status = facts_count(post->facts);
    return status == STATUS_OK && lost > 0
               ? post_alarm(post, ALARM_LOST, &row->peer, lost)
               : status;
}

enum status post_settle(
    struct post *post, const struct post_opened *opened, enum receipt_code code)
{
    struct inbox_letter letter;
    if (post->locked)
        return STATUS_LOCKED;
    enum status status = inbox_get(post->inbox, (int64_t)opened->handle, &letter);
    if (status != STATUS_OK)
        return status;
    if (letter.state != INBOX_DUE)
        return STATUS_EXISTS;
    letter.state = INBOX_SETTLED;
    if (letter.has_receipt) { /* it waited, and STORED was said when it came */
        letter.how = SETTLED_STORED;
        status = inbox_update(post->inbox, &letter, NULL, false);
        if (status == STATUS_OK && code != RECEIPT_CODE_NONE)
            status =
                post_alarm(post, ALARM_INVALID_LATER, &letter.peer, (int64_t)letter.seq);
        return status;
    }
    if (letter.late)
        return settle_number(
            post, &letter, SETTLED_LATE, RECEIPT_LATE, RECEIPT_CODE_NONE);
    if (code != RECEIPT_CODE_NONE)
        return settle_number(post, &letter, SETTLED_INVALID, RECEIPT_INVALID, code);
    return settle_number(
        post, &letter, SETTLED_STORED, RECEIPT_STORED, RECEIPT_CODE_NONE);
}

/* Its sender was suspended while it waited: a person decides (PROTOCOL.md 5.5). */
static enum status set_aside(struct post *post, struct inbox_letter *letter)
{
    letter->state = INBOX_QUARANTINED;
    enum status status =
        letter->how != SETTLED_NOT
            ? inbox_update(post->inbox, letter, NULL, true)
            : settle_number(post, letter, SETTLED_QUARANTINE, 0, RECEIPT_CODE_NONE);
    return status == STATUS_OK
               ? post_alarm(post, ALARM_SUSPENDED, &letter->peer, (int64_t)letter->seq)
               : status;
}

/* The next one whose sender is active. */
static enum status next_due(struct post *post, struct inbox_letter *ret)
{
    enum status status;
    while ((status = inbox_next_due(post->inbox, ret)) == STATUS_OK) {
        const struct member *sender = trust_find_node(post->options.trust, &ret->peer);
        enum standing standing =
            trust_standing(post->options.trust, sender, post_now(post));
        if (standing == STANDING_ACTIVE || ret->how == SETTLED_RELEASED)
            return STATUS_OK;
        status = set_aside(post, ret);
        if (status != STATUS_OK)
            return status;
    }
    return status;
}

enum status post_opened(struct post *post, struct post_opened *ret)
{
    struct inbox_letter letter;
    uint8_t place[INBOX_PLACE_BYTES];
    if (post->locked)
        return STATUS_BUSY;
    enum status status = next_due(post, &letter);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_BUSY : status;
    buffer_clear(&post->boxed);
    buffer_clear(&post->body);
    status = inbox_body(post->inbox, letter.id, &post->boxed);
    if (status == STATUS_OK)
        status = box_break(&post->letters_key, inbox_place(&letter, place),
            buffer_span(&post->boxed), &post->body);
    if (status != STATUS_OK)
        return status == STATUS_FULL || status == STATUS_IO ? status : STATUS_CORRUPT;
    *ret = (struct post_opened){.item_id = letter.item_id,
        .peer = letter.peer,
        .kind = letter.kind,
        .late = letter.late,
        .earlier_missing = letter.missing,
        .created_ms = letter.created_ms,
        .received_ms = letter.received_ms,
        .body = buffer_span(&post->body),
        .handle = (uint64_t)letter.id};
    return STATUS_OK;
}
