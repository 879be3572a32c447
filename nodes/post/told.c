/* SPDX-License-Identifier: Apache-2.0
 *
 * Receipts under my letters (PROTOCOL.md 1.5, 2.4). They are matched on issuer, epoch, number and link, never
 * on the envelope, and only members that are active in my newest roster get here.
 */
#include "memory.h"
#include "parts.h"

/* The peer holds another letter under this number: that numbering is over, the letter goes again under a
 * new one with the same item id. */
static enum status leave_epoch(struct post *post, struct outbox_letter *letter)
{
    struct peer peer;
    uint64_t number = letter->seq;
    enum status status = peers_find(post->peers, &letter->peer, &peer);
    if (status != STATUS_OK)
        return status;
    if (peer.epoch == letter->epoch) {
        peer.epoch = 0;
        peer.conflicted = true;
        status = peers_put(post->peers, &peer);
    }
    letter->recall = letter->msg_id;
    letter->state = LETTER_STATE_DRAFT;
    letter->reason = WAIT_EPOCH;
    letter->changed_ms = post_now(post);
    letter->epoch = 0;
    letter->seq = 0;
    letter->seal_no = 0;
    letter->held_ms = 0;
    letter->held_count = 0;
    letter->next_ms = 0;
    post->drafts_due = true;
    if (status == STATUS_OK)
        status = outbox_put_envelope(post->outbox, letter, (struct span){NULL, 0});
    return status == STATUS_OK
               ? post_alarm(post, ALARM_CONFLICT, &letter->peer, (int64_t)number)
               : status;
}

static enum letter_state next_state(
    const struct outbox_letter *letter, enum receipt_status receipt)
{
    bool ended = letter->state == LETTER_STATE_WITHDRAWN ||
                 letter->state == LETTER_STATE_EXPIRED ||
                 letter->state == LETTER_STATE_UNDELIVERABLE;
    if (receipt == RECEIPT_STORED)
        return letter->state == LETTER_STATE_WITHDRAWN ? LETTER_STATE_WITHDRAWN
                                                       : LETTER_STATE_STORED;
    if (ended)
        return letter->state; /* LATE, as it should be */
    return receipt == RECEIPT_LATE ? LETTER_STATE_LATE : LETTER_STATE_INVALID;
}

static enum status note_receipt(struct post *post, struct outbox_letter *letter,
    const struct receipt *receipt, struct span bytes)
{
    if (letter->state == LETTER_STATE_STORED || letter->state == LETTER_STATE_CONFIRMED ||
        letter->state == LETTER_STATE_INVALID || letter->state == LETTER_STATE_LATE)
        return STATUS_OK; /* said again */
    letter->state = next_state(letter, receipt->status);
    letter->reason = WAIT_NOTHING;
    letter->changed_ms = post_now(post);
    letter->stored_ms = letter->changed_ms;
    letter->received_ms = receipt->received_ms;
    letter->settled = true;
    letter->void_due = 0;
    letter->recall = (struct ident){{0}};
    enum status status = outbox_put_receipt(post->outbox, letter, bytes.at);
    if (status == STATUS_OK && letter->kind == LETTER_VOID)
        status = outbox_voided(post->outbox, letter->id);
    return status;
}

static enum status take_receipt(
    struct post *post, const struct member *issuer, struct span bytes)
{
    struct receipt receipt;
    struct outbox_letter letter;
    enum status status = seal_receipt_check(
        trust_network_id(post->options.trust), issuer, bytes, &receipt);
    if (status != STATUS_OK || !ident_equal(&receipt.sender, &post->options.node_id))
        return STATUS_OK; /* proves nothing, changes nothing */
    if (receipt.pair_seq > INT64_MAX)
        return STATUS_OK;
    status = outbox_find_number(
        post->outbox, &issuer->node_id, receipt.chain_epoch, receipt.pair_seq, &letter);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    bool same = hash_equal(&receipt.link, &letter.link);
    if (receipt.status != RECEIPT_CONFLICT)
        return same ? note_receipt(post, &letter, &receipt, bytes) : STATUS_OK;
    bool open = letter.state == LETTER_STATE_SEALED || letter.state == LETTER_STATE_HELD;
    return !same && open ? leave_epoch(post, &letter) : STATUS_OK;
}

enum status told_receipts(struct post *post, const struct opened *opened)
{
    struct span receipts[RECEIPTS_PER_ENVELOPE];
    size_t n = 0;
    if (receipt_batch_decode(opened->body, receipts, &n) != STATUS_OK)
        return STATUS_OK;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < n && status == STATUS_OK; i++)
        status = take_receipt(post, opened->sender, receipts[i]);
    return status;
}
