/* SPDX-License-Identifier: Apache-2.0
 *
 * A proven, numbered letter finds its number (PROTOCOL.md 2.4 to 2.6): the same letter again, another one
 * under that number, one too far ahead, or a new one, which is then a VOID, invalid, late, waiting for an
 * earlier one, or due.
 */
#include "memory.h"
#include "parts.h"

struct arrival {
    const struct opened *opened;
    const struct inner *inner;
    const struct ident *peer;
    struct span envelope;
    int64_t received_ms;
    bool active; /* the sender, in my newest roster */
    struct chain_row chain;
};

static struct inbox_letter make_row(const struct arrival *arrival)
{
    const struct opened *opened = arrival->opened;
    return (struct inbox_letter){.peer = *arrival->peer,
        .epoch = opened->inner.chain_epoch,
        .seq = opened->inner.pair_seq,
        .link = opened->link,
        .prev_link = opened->inner.prev_link,
        .item_id = opened->inner.item_id,
        .kind = opened->inner.kind,
        .lane = opened->header.lane,
        .created_ms = opened->inner.created_ms,
        .after_back = opened->inner.after_back,
        .received_ms = arrival->received_ms,
        .body_commit = opened->body_commit,
        .envelope = opened->envelope,
        .state = INBOX_SETTLED};
}

static enum status box_body(
    struct post *post, const struct inbox_letter *letter, struct span body)
{
    uint8_t place[INBOX_PLACE_BYTES];
    buffer_clear(&post->boxed);
    return box_apply(&post->letters_key, post->options.chance, inbox_place(letter, place),
        body, &post->boxed);
}

/* --- a number that is known --------------------------------------------------------------------------- */

/* Its VOID came first. It is kept and shown, without effect. */
static enum status take_voided(
    struct post *post, const struct arrival *arrival, const struct inbox_letter *held)
{
    struct inbox_letter letter = make_row(arrival);
    letter.id = held->id;
    /* The place binds the item that the VOID named; both are bound by the link. */
    letter.item_id = held->item_id;
    enum status status = box_body(post, &letter, arrival->opened->body);
    return status == STATUS_OK
               ? inbox_revive(post->inbox, &letter, buffer_span(&post->boxed))
               : status;
}

/* Two letters under one number: the first keeps its effect, the second is evidence. */
static enum status dispute(struct post *post, const struct arrival *arrival,
    const struct hash *held_link, struct inbox_letter *held_row)
{
    enum status status = arrive_refuse(post, arrival->envelope,
        (int64_t)arrival->inner->pair_seq, ALARM_CONFLICT, arrival->peer);
    if (status != STATUS_OK || !arrival->active)
        return status;
    return settle_conflict(
        post, arrival->opened, held_link, held_row, arrival->received_ms);
}

static enum status take_known(
    struct post *post, const struct arrival *arrival, struct inbox_letter *held)
{
    bool unknown_link = hash_is_zero(&held->link); /* LOST: nothing to compare with */
    if (!unknown_link && !hash_equal(&held->link, &arrival->opened->link))
        return dispute(post, arrival, &held->link, held);
    if (!arrival->active || unknown_link)
        return STATUS_OK;
    if (held->how == SETTLED_VOID && held->state == INBOX_SETTLED && !held->has_receipt)
        return take_voided(post, arrival, held);
    return settle_repeat(post, held);
}

/* --- a new number ------------------------------------------------------------------------------------- */

/* Both neighbours are signed by the sender: a link that does not fit is the sender's fault. */
static enum status check_neighbours(
    struct post *post, const struct arrival *arrival, bool *ret_disputed)
{
    const struct inner *inner = arrival->inner;
    const struct chain_row *chain = &arrival->chain;
    struct inbox_letter row = {0};
    struct hash before = {{0}};
    *ret_disputed = false;
    enum status status = STATUS_NOT_FOUND;
    if (inner->pair_seq == chain->head + 1)
        before = chain->head_link;
    else
        status = inbox_find(
            post->inbox, arrival->peer, inner->chain_epoch, inner->pair_seq - 1, &row);
    if (status == STATUS_OK)
        before = row.link;
    else if (status != STATUS_NOT_FOUND)
        return status;
    if (!hash_is_zero(&before) && !hash_equal(&before, &inner->prev_link)) {
        *ret_disputed = true;
        return dispute(post, arrival, &before, status == STATUS_OK ? &row : NULL);
    }
    if (inner->pair_seq >= chain->highest)
        return STATUS_OK;
    status = inbox_find(
        post->inbox, arrival->peer, inner->chain_epoch, inner->pair_seq + 1, &row);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    if (hash_is_zero(&row.prev_link) ||
        hash_equal(&row.prev_link, &arrival->opened->link))
        return STATUS_OK;
    *ret_disputed = true;
    return dispute(post, arrival, &row.prev_link, &row);
}

/* It came and waits for a person: withdrawn by its sender it is gone, expired it will have no effect. */
static enum status void_aside(
    struct post *post, struct inbox_letter *row, enum void_reason reason)
{
    if (reason == VOID_EXPIRED)
        row->late = true;
    else
        row->state = INBOX_SETTLED;
    return inbox_update(post->inbox, row, NULL, reason == VOID_EXPIRED);
}

static enum status apply_void(
    struct post *post, const struct ident *peer, const struct void_entry *entry)
{
    struct chain_row chain;
    struct inbox_letter row;
    enum status status =
        inbox_find(post->inbox, peer, entry->chain_epoch, entry->pair_seq, &row);
    if (status == STATUS_OK && !hash_equal(&row.link, &entry->link) &&
        !hash_is_zero(&row.link))
        return post_alarm(post, ALARM_CONFLICT, peer, (int64_t)entry->pair_seq);
    if (status == STATUS_OK) /* it came, or was voided before */
        return row.state == INBOX_QUARANTINED ? void_aside(post, &row, entry->reason)
                                              : STATUS_OK;
    if (status != STATUS_NOT_FOUND)
        return status;
    status = settle_chain(post, peer, entry->chain_epoch, &chain);
    if (status == STATUS_DENIED)
        return post_alarm(post, ALARM_EPOCHS, peer, 0);
    if (status != STATUS_OK || entry->pair_seq <= chain.head)
        return status;
    if (entry->pair_seq > chain.head + CHAIN_WINDOW)
        return post_alarm(post, ALARM_WINDOW, peer, 0);
    row = (struct inbox_letter){.peer = *peer,
        .epoch = entry->chain_epoch,
        .seq = entry->pair_seq,
        .link = entry->link,
        .item_id = entry->item_id,
        .received_ms = post_now(post),
        .state = INBOX_SETTLED,
        .how = SETTLED_VOID};
    status = chain_put(post->chain, &chain);
    if (status == STATUS_OK)
        status = inbox_put(post->inbox, &row, (struct span){NULL, 0});
    if (status == STATUS_OK)
        status = settle_number(post, &row, SETTLED_VOID, 0, RECEIPT_CODE_NONE);
    return status;
}

/* The row of a VOID gets its effect and its receipt. */
static enum status make_void(
    struct post *post, struct inbox_letter *row, struct span body)
{
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    size_t n = 0;
    enum status status = STATUS_OK;
    if (void_list_decode(body, entries, &n) != STATUS_OK)
        return settle_number(
            post, row, SETTLED_INVALID, RECEIPT_INVALID, RECEIPT_CODE_BODY);
    for (size_t i = 0; i < n && status == STATUS_OK; i++)
        status = apply_void(post, &row->peer, &entries[i]);
    if (status != STATUS_OK)
        return status;
    return settle_number(post, row, SETTLED_STORED, RECEIPT_STORED, RECEIPT_CODE_NONE);
}

static enum status take_void(struct post *post, const struct arrival *arrival)
{
    struct inbox_letter row = make_row(arrival);
    enum status status = inbox_put(post->inbox, &row, (struct span){NULL, 0});
    return status == STATUS_OK ? make_void(post, &row, arrival->opened->body) : status;
}

/* The same item had its effect under an earlier number: a letter that moved to a new epoch. */
static enum status answer_again(
    struct post *post, struct inbox_letter *row, const struct inbox_letter *first)
{
    static const enum receipt_status words[] = {[SETTLED_NOT] = RECEIPT_STORED,
        [SETTLED_STORED] = RECEIPT_STORED,
        [SETTLED_INVALID] = RECEIPT_INVALID,
        [SETTLED_LATE] = RECEIPT_LATE};
    enum receipt_code code =
        first->how == SETTLED_INVALID ? RECEIPT_CODE_BODY : RECEIPT_CODE_NONE;
    return settle_number(post, row, SETTLED_AGAIN, words[first->how], code);
}

static enum status take_again(
    struct post *post, const struct arrival *arrival, const struct inbox_letter *first)
{
    struct inbox_letter row = make_row(arrival);
    enum status status = inbox_put(post->inbox, &row, (struct span){NULL, 0});
    return status == STATUS_OK ? answer_again(post, &row, first) : status;
}

/* Does it wait for a letter that is not settled yet? */
static enum status must_wait(struct post *post, const struct arrival *arrival, bool *ret)
{
    const struct inner *inner = arrival->inner;
    uint64_t target = inner->pair_seq - inner->after_back;
    struct inbox_letter row;
    *ret = false;
    if (inner->after_back == 0 || target <= arrival->chain.head)
        return STATUS_OK;
    enum status status =
        inbox_find(post->inbox, arrival->peer, inner->chain_epoch, target, &row);
    if (status == STATUS_NOT_FOUND) {
        *ret = true;
        return STATUS_OK;
    }
    *ret = status == STATUS_OK && row.how == SETTLED_NOT;
    return status;
}

static enum status take_body(struct post *post, const struct arrival *arrival)
{
    const struct inner *inner = arrival->inner;
    struct inbox_letter row = make_row(arrival);
    int64_t end_ms = inner->created_ms + inner->lifetime_s * SECOND_MS;
    bool waits = false;
    row.late = witness_past(&post->witness, post_own_ms(post), end_ms);
    enum status status = STATUS_OK;
    if (arrival->active && !row.late)
        status = must_wait(post, arrival, &waits);
    row.state = !arrival->active ? INBOX_QUARANTINED : waits ? INBOX_WAITING : INBOX_DUE;
    if (status == STATUS_OK)
        status = box_body(post, &row, arrival->opened->body);
    if (status == STATUS_OK)
        status = inbox_put(post->inbox, &row, buffer_span(&post->boxed));
    if (status != STATUS_OK)
        return status;
    if (row.state == INBOX_WAITING) /* durable, not yet in effect (PROTOCOL.md 2.6) */
        return settle_number(
            post, &row, SETTLED_STORED, RECEIPT_STORED, RECEIPT_CODE_NONE);
    if (row.state == INBOX_DUE)
        return STATUS_OK;
    status = settle_number(post, &row, SETTLED_QUARANTINE, 0, RECEIPT_CODE_NONE);
    return status == STATUS_OK
               ? post_alarm(post, ALARM_SUSPENDED, arrival->peer, (int64_t)row.seq)
               : status;
}

static enum status take_new(struct post *post, struct arrival *arrival)
{
    const struct inner *inner = arrival->inner;
    struct inbox_letter first;
    if (inner->pair_seq > arrival->chain.highest)
        arrival->chain.highest = inner->pair_seq;
    enum status status = chain_put(post->chain, &arrival->chain);
    if (status != STATUS_OK)
        return status;
    if (!arrival->active)
        return take_body(post, arrival);
    if (inner->kind == LETTER_VOID)
        return take_void(post, arrival);
    if (post->options.kind_allowed != NULL &&
        !post->options.kind_allowed(post->options.context, arrival->peer, inner->kind)) {
        struct inbox_letter row = make_row(arrival);
        status = inbox_put(post->inbox, &row, (struct span){NULL, 0});
        return status == STATUS_OK ? settle_number(post, &row, SETTLED_INVALID,
                                         RECEIPT_INVALID, RECEIPT_CODE_ROLE)
                                   : status;
    }
    status = inbox_find_item(post->inbox, arrival->peer, &inner->item_id,
        post_now(post) - ITEM_MEMORY_MS, &first);
    if (status == STATUS_OK)
        return take_again(post, arrival, &first);
    return status == STATUS_NOT_FOUND ? take_body(post, arrival) : status;
}

enum status letters_take(struct post *post, const struct opened *opened,
    struct span envelope, int64_t received_ms)
{
    struct arrival arrival = {.opened = opened,
        .inner = &opened->inner,
        .peer = &opened->sender->node_id,
        .envelope = envelope,
        .received_ms = received_ms,
        .active = opened->standing == STANDING_ACTIVE};
    struct inbox_letter held;
    bool disputed = false;
    uint64_t seq = opened->inner.pair_seq;
    enum status status =
        settle_chain(post, arrival.peer, opened->inner.chain_epoch, &arrival.chain);
    if (status == STATUS_DENIED)
        return arrive_refuse(post, envelope, 0, ALARM_EPOCHS, arrival.peer);
    if (status != STATUS_OK)
        return status;
    if (seq > arrival.chain.head + CHAIN_WINDOW)
        return arrive_refuse(post, envelope, 0, ALARM_WINDOW, arrival.peer);
    if (seq <= arrival.chain.highest) {
        status =
            inbox_find(post->inbox, arrival.peer, opened->inner.chain_epoch, seq, &held);
        if (status == STATUS_OK)
            return take_known(post, &arrival, &held);
        if (status != STATUS_NOT_FOUND || seq <= arrival.chain.head)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    status = check_neighbours(post, &arrival, &disputed);
    return status == STATUS_OK && !disputed ? take_new(post, &arrival) : status;
}

/* --- released by a person ------------------------------------------------------------------------------ */

static bool may_send(struct post *post, const struct inbox_letter *letter)
{
    return post->options.kind_allowed == NULL ||
           post->options.kind_allowed(post->options.context, &letter->peer, letter->kind);
}

enum status letters_release(struct post *post, struct inbox_letter *letter)
{
    struct inbox_letter first;
    letter->state = INBOX_SETTLED;
    if (!letter->has_receipt) {
        if (letter->kind == LETTER_VOID)
            return make_void(post, letter, buffer_span(&post->body));
        if (!may_send(post, letter))
            return settle_number(
                post, letter, SETTLED_INVALID, RECEIPT_INVALID, RECEIPT_CODE_ROLE);
        enum status status = inbox_find_item(post->inbox, &letter->peer, &letter->item_id,
            post_now(post) - ITEM_MEMORY_MS, &first);
        if (status != STATUS_NOT_FOUND)
            return status == STATUS_OK ? answer_again(post, letter, &first) : status;
    }
    letter->state = INBOX_DUE;
    letter->how = SETTLED_RELEASED;
    return inbox_update(post->inbox, letter, NULL, true);
}
