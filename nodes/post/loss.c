/* SPDX-License-Identifier: Apache-2.0
 *
 * After a loss of records (PROTOCOL.md 5.6): questions out and answers in (my loss), questions in and answers out
 * (another's). Nothing here moves a number; what goes again goes under its old one.
 *
 * Who lost its records has new prekeys, too: whoever is asked first fetches its bundle, and answers a little later.
 */
#include <string.h>

#include "memory.h"
#include "parts.h"
#include "resync.h"

enum {
    ASKED_PER_TICK = 64,
    RESENT_PER_QUESTION = 256,
    ROOM_BYTES = HEADER_BYTES_MAX + BUCKET_SMALL + SEAL_TAG_BYTES
};
#define QUESTION_PERIOD_MS DAY_MS
#define ANSWER_PERIOD_MS HOUR_MS
#define MORE_AFTER_MS                                                                    \
    (HOUR_MS + 5 * MINUTE_MS)       /* a little more than the answer's period */
#define PAUSE_MS (20 * MINUTE_MS)   /* a tick, and the broker's answer */
#define ASKED_FOR_MS LETTER_KEEP_MS /* nobody keeps what it sent for longer */
#define LOST_AGAIN_MS (1 * HOUR_MS)

/* --- my loss: questions --------------------------------------------------------------------------------- */

static enum status begin(
    struct post *post, const struct ident *peer_id, int64_t lost_since_ms)
{
    struct resync_row row;
    struct peer peer;
    enum status status = resyncs_find(post->resyncs, peer_id, &row);
    if (status == STATUS_OK)
        status = peers_find(post->peers, peer_id, &peer);
    if (status != STATUS_OK)
        return status;
    row.begun_ms = post_now(post);
    row.asking = true;
    row.asked = false;
    row.next_ms = 0;
    row.lost_since_ms = lost_since_ms;
    row.known_epoch = peer.last_epoch;
    row.known_seq = peer.last_epoch != 0 ? peer.last_seq : 0;
    return resyncs_put(post->resyncs, &row);
}

enum status loss_begin(
    struct post *post, const struct ident *peer_id, int64_t lost_since_ms)
{
    struct resync_row row;
    enum status status = resyncs_find(post->resyncs, peer_id, &row);
    if (status != STATUS_OK)
        return status;
    bool lately = row.begun_ms != 0 && !period_over(post_now(post), row.begun_ms, DAY_MS);
    return lately ? STATUS_OK : begin(post, peer_id, lost_since_ms);
}

enum status loss_begin_all(struct post *post, int64_t lost_since_ms)
{
    const struct trust *trust = post->options.trust;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < trust_member_count(trust) && status == STATUS_OK; i++) {
        const struct member *member = trust_nth_member(trust, i);
        if (!ident_equal(&member->node_id, &post->options.node_id))
            status = begin(post, &member->node_id, lost_since_ms);
    }
    return status;
}

/* Members that came into the roster since the backup. */
static enum status begin_new(struct post *post)
{
    const struct facts_row *facts = facts_get(post->facts);
    const struct trust *trust = post->options.trust;
    enum status status = STATUS_OK;
    if (facts->restored_ms == 0 ||
        period_over(post_now(post), facts->restored_ms, ASKED_FOR_MS))
        return STATUS_OK;
    for (size_t i = 0; i < trust_member_count(trust) && status == STATUS_OK; i++) {
        const struct member *member = trust_nth_member(trust, i);
        struct resync_row row;
        status = resyncs_find(post->resyncs, &member->node_id, &row);
        if (status == STATUS_OK && row.begun_ms == 0 &&
            !ident_equal(&member->node_id, &post->options.node_id))
            status = loss_begin(post, &member->node_id, facts->restored_ms);
    }
    return status;
}

/* The newest epochs of the member, as they stand here. */
static enum status fill_held(
    struct post *post, const struct ident *peer, struct resync *resync)
{
    struct chain_row row = {.epoch = UINT32_MAX};
    enum status status = STATUS_OK;
    while (resync->n < RESYNC_HELD_MAX &&
           (status = chain_before(post->chain, peer, row.epoch, &row)) == STATUS_OK)
        resync->held[resync->n++] = (struct resync_held){row.epoch, row.head};
    for (size_t i = 0; i < resync->n / 2; i++) {
        struct resync_held other = resync->held[resync->n - 1 - i];
        resync->held[resync->n - 1 - i] = resync->held[i];
        resync->held[i] = other;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* BUSY: not now. */
static enum status say(
    struct post *post, const struct ident *peer, const struct resync *resync)
{
    uint8_t bytes[RESYNC_BYTES_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);
    struct flight flight = {.kind = FLIGHT_RESYNC};
    if (post->session.credit < ROOM_BYTES)
        return STATUS_BUSY;
    resync_encode(resync, &writer);
    enum status status =
        sealing_note(post, peer, LETTER_RESYNC, writer_span(&writer), &flight.msg_id);
    if (status == STATUS_OK)
        offer_envelope(post, &flight, false);
    return status;
}

static enum status ask(struct post *post, struct resync_row *row)
{
    struct resync question = {.lost_since_ms = row->lost_since_ms,
        .known_epoch = row->known_epoch,
        .known_seq = row->known_seq};
    struct peer peer;
    if (period_over(post_now(post), row->begun_ms, ASKED_FOR_MS)) {
        row->asking = row->asked = false;
        return resyncs_put(post->resyncs, row);
    }
    enum status status = fill_held(post, &row->peer, &question);
    if (status == STATUS_OK)
        status = peers_find(post->peers, &row->peer, &peer);
    if (status == STATUS_OK)
        status = say(post, &row->peer, &question);
    if (status == STATUS_OK)
        status = beat_one(post, &peer); /* it tells of the new bundle */
    if (status != STATUS_OK)
        return status;
    row->asked = true;
    row->next_ms = post_now(post) + QUESTION_PERIOD_MS;
    return resyncs_put(post->resyncs, row);
}

/* --- my loss: answers ----------------------------------------------------------------------------------- */

static enum status judge_letter(struct post *post, const struct ident *peer,
    const struct resync_letter *letter, int64_t *n_unknown)
{
    struct outbox_letter mine;
    if (letter->kind == LETTER_VOID)
        return STATUS_OK;
    enum status status =
        outbox_find_number(post->outbox, peer, letter->epoch, letter->seq, &mine);
    if (status == STATUS_OK && hash_equal(&mine.link, &letter->link))
        return STATUS_OK;
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = outbox_find_item(post->outbox, &letter->item_id, &mine);
    if (status != STATUS_NOT_FOUND)
        return status; /* its content is here, under another number */
    const struct post_unknown unknown = {.peer = *peer,
        .item_id = letter->item_id,
        .chain_epoch = letter->epoch,
        .pair_seq = letter->seq,
        .link = letter->link,
        .kind = letter->kind,
        .at_ms = post_now(post)};
    status = resyncs_put_unknown(post->resyncs, &unknown);
    if (status == STATUS_OK)
        (*n_unknown)++;
    return status == STATUS_EXISTS || status == STATUS_TOO_BIG ? STATUS_OK : status;
}

static enum status take_answer(
    struct post *post, struct resync_row *row, const struct resync *answer)
{
    int64_t n_unknown = 0;
    enum status status = STATUS_OK;
    if (!row->asking || !row->asked || answer->known_epoch != row->known_epoch ||
        answer->known_seq != row->known_seq)
        return STATUS_OK; /* nobody asked for it */
    for (size_t i = 0; i < answer->n && status == STATUS_OK; i++)
        status = judge_letter(post, &row->peer, &answer->letters[i], &n_unknown);
    if (status != STATUS_OK)
        return status;
    if (answer->n > 0) {
        row->known_epoch = answer->letters[answer->n - 1].epoch;
        row->known_seq = answer->letters[answer->n - 1].seq;
    }
    row->asked = false;
    row->asking = (answer->flags & RESYNC_MORE) != 0;
    row->next_ms = post_now(post) + MORE_AFTER_MS;
    status = resyncs_put(post->resyncs, row);
    return status == STATUS_OK && n_unknown > 0
               ? post_alarm(post, ALARM_UNKNOWN_SENT, &row->peer, n_unknown)
               : status;
}

/* --- another's loss ------------------------------------------------------------------------------------- */

static bool is_named(const struct resync *question, uint32_t epoch, uint64_t *ret_head)
{
    for (size_t i = 0; i < question->n; i++)
        if (question->held[i].epoch == epoch) {
            *ret_head = question->held[i].head;
            return true;
        }
    return false;
}

/* Its list is full, and this epoch is older than all of it: not spoken of. */
static bool is_below(const struct resync *question, uint32_t epoch)
{
    return question->n == RESYNC_HELD_MAX && epoch < question->held[0].epoch;
}

/* What it had receipted and has not any more goes again, once its new bundle is here. */
static enum status send_epoch(struct post *post, const struct ident *peer, uint32_t epoch,
    uint64_t above, int64_t signed_ms, int *n_sent)
{
    struct outbox_letter letter;
    enum status status = STATUS_OK;
    while (*n_sent < RESENT_PER_QUESTION &&
           (status = outbox_next_stored(
                post->outbox, peer, epoch, above, signed_ms, &letter)) == STATUS_OK) {
        above = letter.seq;
        if (!period_over(post_now(post), letter.stored_ms, LOST_AGAIN_MS))
            continue;
        status = beat_again(post, &letter, post_now(post) + PAUSE_MS);
        if (status != STATUS_OK)
            return status;
        (*n_sent)++;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status send_lost(struct post *post, const struct ident *peer,
    const struct resync *question, int64_t signed_ms)
{
    uint32_t epoch = 0;
    int n_sent = 0;
    enum status status;
    while ((status = outbox_next_epoch(post->outbox, peer, epoch, &epoch)) == STATUS_OK) {
        uint64_t head = 0;
        if (!is_named(question, epoch, &head) && is_below(question, epoch))
            continue;
        status = send_epoch(post, peer, epoch, head, signed_ms, &n_sent);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status want_bundle(struct post *post)
{
    struct facts_row facts = *facts_get(post->facts);
    facts.bundles_ms = 0; /* fetched now, or at the next tick */
    return facts_put(post->facts, &facts);
}

static enum status take_question(struct post *post, struct resync_row *row,
    const struct resync *question, int64_t signed_ms)
{
    int64_t now_ms = post_now(post);
    bool lately = row->answer_ms != 0 ||
                  (row->answered_ms != 0 &&
                      !period_over(now_ms, row->answered_ms, ANSWER_PERIOD_MS));
    if (lately || signed_ms <= row->signed_ms)
        return STATUS_OK;
    row->signed_ms = signed_ms < now_ms ? signed_ms : now_ms;
    row->told_ms = now_ms;
    row->told_since_ms = question->lost_since_ms;
    row->its_epoch = question->known_epoch;
    row->its_seq = question->known_seq;
    row->answer_ms = now_ms + PAUSE_MS;
    enum status status = resyncs_put(post->resyncs, row);
    if (status == STATUS_OK)
        status = post_alarm(post, ALARM_PEER_RESTORED, &row->peer, 0);
    if (status == STATUS_OK)
        status = want_bundle(post);
    if (status == STATUS_OK)
        rotate_ask(post);
    return status == STATUS_OK ? send_lost(post, &row->peer, question, signed_ms)
                               : status;
}

static enum status answer(struct post *post, struct resync_row *row)
{
    struct resync answer = {.flags = RESYNC_ANSWER,
        .lost_since_ms = row->told_since_ms,
        .known_epoch = row->its_epoch,
        .known_seq = row->its_seq};
    struct inbox_letter letter = {.epoch = row->its_epoch, .seq = row->its_seq};
    enum status status = STATUS_OK;
    while ((status = inbox_next_number(post->inbox, &row->peer, letter.epoch, letter.seq,
                &letter)) == STATUS_OK) {
        if (answer.n == RESYNC_LETTERS_MAX) {
            answer.flags |= RESYNC_MORE;
            break;
        }
        answer.letters[answer.n++] = (struct resync_letter){.epoch = letter.epoch,
            .kind = letter.kind,
            .seq = letter.seq,
            .link = letter.link,
            .item_id = letter.item_id};
    }
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = say(post, &row->peer, &answer);
    if (status != STATUS_OK)
        return status;
    row->answer_ms = 0;
    row->answered_ms = post_now(post);
    return resyncs_put(post->resyncs, row);
}

enum status loss_heard(struct post *post, const struct opened *opened)
{
    struct resync resync;
    struct resync_row row;
    if (resync_decode(opened->body, &resync) != STATUS_OK)
        return STATUS_OK;
    enum status status = resyncs_find(post->resyncs, &opened->sender->node_id, &row);
    if (status != STATUS_OK)
        return status;
    return (resync.flags & RESYNC_ANSWER) != 0
               ? take_answer(post, &row, &resync)
               : take_question(post, &row, &resync, opened->inner.created_ms);
}

/* --- the tick ------------------------------------------------------------------------------------------- */

enum status loss_tick(struct post *post)
{
    struct resync_row row = {0};
    int64_t now_ms = post_now(post);
    if (post->locked || post->uplink.state != UPLINK_OPEN)
        return STATUS_OK;
    enum status status = begin_new(post);
    for (int n = 0; n < ASKED_PER_TICK && status == STATUS_OK; n++) {
        status = resyncs_next_due(post->resyncs, &row.peer, now_ms, &row);
        if (status == STATUS_OK && row.answer_ms != 0)
            status = answer(post, &row);
        else if (status == STATUS_OK)
            status = ask(post, &row);
        if (status == STATUS_BUSY)
            status = STATUS_OK; /* suspended, no bundle, no credit: at the next tick */
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status post_unknowns(struct post *post, int64_t after_id, struct post_unknown *ret,
    size_t max, size_t *ret_n)
{
    return resyncs_unknowns(post->resyncs, after_id, ret, max, ret_n);
}

enum status post_losses(
    struct post *post, struct post_loss *ret, size_t max, size_t *ret_n)
{
    return resyncs_told(post->resyncs, ret, max, ret_n);
}
