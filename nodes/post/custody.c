/* SPDX-License-Identifier: Apache-2.0
 *
 * How custody of a letter ends without a receipt (PROTOCOL.md 2.5, 5.5): its lifetime is over, it was
 * withdrawn, its recipient was revoked. The owner is told loudly, the broker is asked to drop it, and a VOID
 * tells the recipient that its number will never come.
 */
#include "memory.h"
#include "parts.h"

/* When the owner of a letter that nobody stored is told (PROTOCOL.md 6.7): in time to telephone, in time to choose
 * another member, and when silence has lasted as long as silence normally lasts. */
static const int64_t TELL_DAYS[] = {35, 7, 1};
enum { TOLD_PER_TURN = 256 };
enum { EXPIRED_PER_TURN = 64, VOIDS_PER_TURN = 16 };

static enum status tell_owner(struct post *post, const struct outbox_letter *letter)
{
    switch (letter->state) {
    case LETTER_STATE_EXPIRED:
        return post_alarm(post, ALARM_EXPIRED, &letter->peer, letter->id);
    case LETTER_STATE_UNDELIVERABLE:
        return post_alarm(post, ALARM_UNDELIVERABLE, &letter->peer, letter->id);
    default:
        return STATUS_OK; /* the owner did it */
    }
}

enum status custody_end(struct post *post, struct outbox_letter *letter,
    enum letter_state state, enum void_reason reason)
{
    bool numbered = letter->seq > 0;
    letter->state = state;
    letter->reason = WAIT_NOTHING;
    letter->changed_ms = post_now(post);
    letter->recall = letter->msg_id; /* zero if it was never sealed */
    letter->reseal = false;
    if (numbered && reason != 0)
        letter->void_due = reason;
    else
        letter->settled = true; /* nobody waits for that number */
    enum status status =
        outbox_put_envelope(post->outbox, letter, (struct span){NULL, 0});
    if (status != STATUS_OK || letter->kind != LETTER_VOID)
        return status == STATUS_OK ? tell_owner(post, letter) : status;
    return outbox_voided(post->outbox, letter->id); /* nobody wrote it, nobody waits */
}

enum status custody_expire(struct post *post)
{
    struct outbox_letter letter;
    int64_t cursor = 0, certain_ms = chores_certain_ms(post);
    for (int n = 0; n < EXPIRED_PER_TURN; n++) {
        enum status status =
            outbox_next_overdue(post->outbox, cursor, certain_ms, &letter);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        cursor = letter.id;
        status = custody_end(post, &letter, LETTER_STATE_EXPIRED, VOID_EXPIRED);
        if (status != STATUS_OK)
            return status;
    }
    post->tick_due = post->more = true;
    return STATUS_OK;
}

/* Telling destroys nothing, so silence of all others must not delay it: the own clock will do, unless the
 * broker's is more than a day behind. */
static int64_t telling_ms(const struct post *post)
{
    int64_t own_ms = post_own_ms(post), steady_ms = post_steady(post);
    return witness_doubtful(&post->witness, own_ms, steady_ms)
               ? witness_other_ms(&post->witness, steady_ms)
               : own_ms;
}

static enum status tell_stage(struct post *post, int64_t days, int *left)
{
    struct outbox_letter letter = {0};
    int64_t before_ms = telling_ms(post) - days * DAY_MS;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && *left > 0) {
        status = outbox_next_waiting(post->outbox, letter.id, before_ms, days, &letter);
        if (status == STATUS_OK)
            status = outbox_tell(post->outbox, letter.id, days);
        if (status == STATUS_OK)
            status = post_alarm(post, ALARM_WAITS, &letter.peer, days);
        --*left;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The longest first: who comes back after 40 days is told once. */
enum status custody_tell(struct post *post)
{
    int left = TOLD_PER_TURN;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_LENGTH(TELL_DAYS) && status == STATUS_OK; i++)
        status = tell_stage(post, TELL_DAYS[i], &left);
    if (left == 0)
        post->tick_due = post->more = true;
    return status;
}

/* One VOID letter for up to 27 numbers of one member. */
static enum status make_void(struct post *post, struct outbox_letter *letters, size_t n)
{
    struct void_entry entries[VOIDS_PER_ENVELOPE];
    uint8_t body[8 + VOIDS_PER_ENVELOPE * 64];
    struct writer writer = writer_over(body, sizeof body);
    int64_t row = 0;
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct void_entry){.chain_epoch = letters[i].epoch,
            .reason = letters[i].void_due,
            .pair_seq = letters[i].seq,
            .link = letters[i].link,
            .item_id = letters[i].item_id};
    void_list_encode(entries, n, &writer);
    enum status status = send_void(post, &letters[0].peer, writer_span(&writer), &row);
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        letters[i].void_due = 0;
        letters[i].void_row = row;
        status = outbox_update(post->outbox, &letters[i]);
    }
    return status;
}

enum status custody_voids(struct post *post)
{
    struct outbox_letter letters[VOIDS_PER_ENVELOPE];
    size_t n = 0;
    if (post->locked)
        return STATUS_OK;
    for (int i = 0; i < VOIDS_PER_TURN; i++) {
        enum status status = outbox_voids(post->outbox, letters, &n);
        if (status != STATUS_OK || n == 0)
            return status;
        status = make_void(post, letters, n);
        if (status != STATUS_OK)
            return status;
    }
    post->tick_due = post->more = true;
    return STATUS_OK;
}

/* A letter that waits: its recipient may be back, or gone for good. */
static enum status judge_waiting(struct post *post, struct outbox_letter *letter)
{
    const struct member *member = trust_find_node(post->options.trust, &letter->peer);
    switch (trust_standing(post->options.trust, member, post_now(post))) {
    case STANDING_REVOKED:
        return custody_end(post, letter, LETTER_STATE_UNDELIVERABLE, 0);
    case STANDING_ACTIVE:
        if (letter->state != LETTER_STATE_BLOCKED)
            return STATUS_OK;
        letter->state = letter->seq > 0 ? LETTER_STATE_SEALED : LETTER_STATE_DRAFT;
        letter->reason = WAIT_NOTHING;
        letter->changed_ms = post_now(post);
        letter->next_ms = 0;
        post->session.cursor[letter->lane] = 0;
        post->drafts_due = true;
        return outbox_update(post->outbox, letter);
    case STANDING_SUSPENDED:
    case STANDING_UNKNOWN:
        break;
    }
    return STATUS_OK;
}

enum status custody_standings(struct post *post)
{
    struct outbox_letter letter;
    int64_t cursor = 0;
    enum status status;
    while ((status = outbox_next_draft(post->outbox, cursor, &letter)) == STATUS_OK) {
        cursor = letter.id;
        status = judge_waiting(post, &letter);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A number that ended before its member did: there is nobody to be told any more. */
static enum status leave_void(struct post *post, struct outbox_letter *letter)
{
    letter->void_due = 0;
    letter->settled = true;
    return outbox_update(post->outbox, letter);
}

enum status custody_revoked(struct post *post, const struct ident *peer)
{
    struct outbox_letter letter;
    int64_t cursor = 0;
    enum status status;
    while ((status = outbox_next_unsettled(post->outbox, peer, cursor, &letter)) ==
           STATUS_OK) {
        cursor = letter.id;
        bool open =
            letter.state == LETTER_STATE_SEALED || letter.state == LETTER_STATE_HELD;
        if (open)
            status = custody_end(post, &letter, LETTER_STATE_UNDELIVERABLE, 0);
        else if (letter.void_due != 0)
            status = leave_void(post, &letter);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
