/* SPDX-License-Identifier: Apache-2.0
 *
 * A person's letter is boxed and kept first, then sealed if that is possible now. Both happen before its
 * row is written, so the usual letter costs one insert.
 */
#include <string.h>

#include "memory.h"
#include "parts.h"

enum { SALT_BYTES = 32, DRAFTS_PER_TURN = 64 };

/* salt | body into post->body, boxed into post->boxed. */
static enum status box_letter(
    struct post *post, const struct outbox_letter *letter, struct span body)
{
    uint8_t salt[SALT_BYTES], place[OUTBOX_PLACE_BYTES];
    chance_fill(post->options.chance, salt, sizeof salt);
    buffer_clear(&post->body);
    buffer_clear(&post->boxed);
    enum status status = buffer_put(&post->body, salt, sizeof salt);
    if (status == STATUS_OK)
        status = buffer_put(&post->body, body.at, body.n);
    if (status == STATUS_OK)
        status = box_apply(&post->letters_key, post->options.chance,
            outbox_place(letter, place), buffer_span(&post->body), &post->boxed);
    memory_wipe(salt, sizeof salt);
    return status;
}

static enum status keep_letter(
    struct post *post, struct outbox_letter *letter, struct span body)
{
    struct span envelope = {NULL, 0};
    enum status status = box_letter(post, letter, body);
    if (status == STATUS_OK)
        status = post->rehearsing
                     ? STATUS_BUSY
                     : sealing_number(post, letter, buffer_span(&post->body));
    if (status == STATUS_OK)
        envelope = buffer_span(&post->envelope);
    if (status == STATUS_OK || status == STATUS_BUSY)
        status = outbox_put(post->outbox, letter, buffer_span(&post->boxed), envelope);
    buffer_clear(&post->body);
    return status;
}

static enum status check_new(struct post *post, const struct post_letter_new *letter)
{
    struct outbox_letter before;
    if (letter->kind == 0 || letter->kind >= LETTER_RECEIPT ||
        letter->kind == LETTER_VOID || ident_is_zero(&letter->item_id))
        return STATUS_DENIED;
    if (letter->body.n > BODY_BYTES_MAX)
        return STATUS_TOO_BIG;
    if (post->locked)
        return STATUS_LOCKED;
    enum status status = outbox_find_item(post->outbox, &letter->item_id, &before);
    if (status != STATUS_NOT_FOUND)
        return status == STATUS_OK ? STATUS_EXISTS : status;
    const struct member *member =
        trust_find_node(post->options.trust, &letter->recipient);
    if (member == NULL || ident_equal(&letter->recipient, &post->options.node_id))
        return STATUS_NOT_FOUND;
    enum standing standing = trust_standing(post->options.trust, member, post_now(post));
    return standing == STANDING_REVOKED ? STATUS_DENIED : STATUS_OK;
}

void post_rehearse(struct post *post, bool yes)
{
    post->rehearsing = yes;
}

void post_undone(struct post *post)
{
    enum status status = facts_reload(post->facts);

    if (post->failure == STATUS_OK && status != STATUS_FULL)
        post->failure = status;
}

enum status post_send(struct post *post, const struct post_letter_new *letter)
{
    enum status status = check_new(post, letter);
    if (status != STATUS_OK)
        return status;
    struct outbox_letter row = {.item_id = letter->item_id,
        .peer = letter->recipient,
        .kind = letter->kind,
        .lane = letter->lane,
        .state = LETTER_STATE_DRAFT,
        .created_ms = post_now(post),
        .changed_ms = post_now(post),
        .lifetime_s = LETTER_LIFETIME_S,
        .after_item = letter->after};
    return keep_letter(post, &row, letter->body);
}

enum status send_void(
    struct post *post, const struct ident *peer, struct span body, int64_t *ret_row)
{
    struct outbox_letter row = {.item_id = ident_new(post->options.chance),
        .peer = *peer,
        .kind = LETTER_VOID,
        .lane = LANE_NORMAL,
        .state = LETTER_STATE_DRAFT,
        .created_ms = post_now(post),
        .changed_ms = post_now(post)};
    enum status status = keep_letter(post, &row, body);
    if (status == STATUS_OK)
        *ret_row = row.id;
    return status;
}

/* One draft: sealed, or its reason brought up to date. */
static enum status try_draft(struct post *post, struct outbox_letter *letter)
{
    struct outbox_letter before = *letter;
    struct span salt_and_body;
    if (letter->seq > 0) /* blocked with a number: custody.c frees it */
        return STATUS_OK;
    enum status status = sealing_unbox(post, letter, &salt_and_body);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    status = sealing_number(post, letter, salt_and_body);
    buffer_clear(&post->plain);
    if (status == STATUS_OK)
        return outbox_put_envelope(post->outbox, letter, buffer_span(&post->envelope));
    if (status != STATUS_BUSY)
        return status;
    if (letter->state == before.state && letter->reason == before.reason)
        return STATUS_OK;
    return outbox_update(post->outbox, letter);
}

enum status send_drafts(struct post *post)
{
    struct outbox_letter letter;
    int64_t cursor = 0;
    int sealed = 0;
    if (post->locked)
        return STATUS_OK;
    enum status status;
    while ((status = outbox_next_draft(post->outbox, cursor, &letter)) == STATUS_OK) {
        cursor = letter.id;
        status = try_draft(post, &letter);
        if (status != STATUS_OK)
            return status;
        if (letter.state == LETTER_STATE_SEALED && ++sealed == DRAFTS_PER_TURN) {
            post->drafts_due = post->more = true;
            return STATUS_OK;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status post_withdraw(struct post *post, const struct ident *item_id)
{
    struct outbox_letter letter;
    enum status status = outbox_find_item(post->outbox, item_id, &letter);
    if (status != STATUS_OK)
        return status;
    switch (letter.state) {
    case LETTER_STATE_DRAFT:
    case LETTER_STATE_SEALED:
    case LETTER_STATE_HELD:
    case LETTER_STATE_BLOCKED:
        post->tick_due = true; /* which makes the VOID */
        return custody_end(post, &letter, LETTER_STATE_WITHDRAWN, VOID_WITHDRAWN);
    case LETTER_STATE_WITHDRAWN:
        return STATUS_EXISTS;
    default:
        return STATUS_CONFLICT;
    }
}
