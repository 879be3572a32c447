/* SPDX-License-Identifier: Apache-2.0
 *
 * Heartbeats (PROTOCOL.md 1.8): how far each of two members is. What a peer says of my numbers confirms them,
 * asks for what is missing, and shows when it lost what it had; what it says of its own shows gaps.
 *
 * A peer's word is about its own pair only: a lying peer can make this node send to it again, within limits,
 * and nothing else.
 */
#include "memory.h"
#include "parts.h"
#include "pulse.h"
#include "verify.h"

enum { RESENT_PER_HEARTBEAT = 256 };
#define RESTORED_TOLD_MS LETTER_KEEP_MS /* so long others may still send what was lost */
#define HEARD_LATELY_MS (2 * DAY_MS)    /* heartbeats are daily */
#define LOST_AGAIN_MS (1 * HOUR_MS)     /* a peer loses a letter at most so often */

/* --- out ---------------------------------------------------------------------------------------------- */

static enum status fill_own(
    struct post *post, const struct peer *peer, struct heartbeat *heartbeat)
{
    const struct facts_row *facts = facts_get(post->facts);
    int64_t now_ms = post_now(post);
    if (facts->restored_ms != 0 &&
        !period_over(now_ms, facts->restored_ms, RESTORED_TOLD_MS))
        heartbeat->flags |= HEARTBEAT_RESTORED;
    heartbeat->state_count = facts->state_count;
    heartbeat->bundle_number = facts->bundle_number;
    heartbeat->my_epoch = peer->epoch;
    if (peer->epoch != 0) {
        heartbeat->my_last = peer->last_seq;
        heartbeat->my_last_link = peer->last_link;
    }
    buffer_clear(&post->envelope);
    enum status status = facts_bundle(post->facts, &post->envelope);
    if (status == STATUS_OK)
        heartbeat->bundle_hash = bundle_hash(buffer_span(&post->envelope));
    buffer_clear(&post->envelope);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status fill_theirs(
    struct post *post, const struct ident *peer, struct heartbeat *heartbeat)
{
    struct chain_row row;
    enum status status = chain_spoken(post->chain, peer, &row);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    status = chain_seen(post->chain, &row, &row.highest);
    heartbeat->your_epoch = row.epoch;
    heartbeat->settled_head = row.head;
    heartbeat->head_link = row.head_link;
    heartbeat->highest_seen = row.highest;
    if (status == STATUS_OK && row.highest > row.head)
        status = chain_missing(post->chain, &row, heartbeat->missing,
            HEARTBEAT_RANGES_MAX, &heartbeat->n_missing);
    return status;
}

/* Numbers rise with time, so that those of a restored node are not below what its peers have heard. */
static uint64_t next_number(const struct post *post)
{
    uint64_t next = facts_get(post->facts)->heartbeat_number + 1;
    int64_t seconds = post_now(post) / SECOND_MS - EPOCH_ZERO_S;
    return seconds > 0 && (uint64_t)seconds > next ? (uint64_t)seconds : next;
}

enum status beat_one(struct post *post, struct peer *peer)
{
    struct heartbeat heartbeat = {0};
    struct facts_row facts = *facts_get(post->facts);
    uint8_t bytes[HEARTBEAT_BYTES_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);
    struct flight flight = {.kind = FLIGHT_HEARTBEAT};
    size_t room = HEADER_BYTES_MAX + BUCKET_SMALL + SEAL_TAG_BYTES;
    if (post->locked || post->uplink.state != UPLINK_OPEN ||
        post->session.credit < (int64_t)room)
        return STATUS_OK; /* at the next tick */
    heartbeat.number = next_number(post);
    enum status status = fill_own(post, peer, &heartbeat);
    if (status == STATUS_OK)
        status = fill_theirs(post, &peer->node_id, &heartbeat);
    if (status != STATUS_OK)
        return status;
    heartbeat_encode(&heartbeat, &writer);
    status = sealing_note(
        post, &peer->node_id, LETTER_HEARTBEAT, writer_span(&writer), &flight.msg_id);
    if (status != STATUS_OK)
        return status == STATUS_BUSY ? STATUS_OK : status;
    offer_envelope(post, &flight, false);
    facts.heartbeat_number = heartbeat.number;
    peer->heartbeat_out_ms = post_now(post);
    peer->heartbeat_tries++;
    status = facts_put(post->facts, &facts);
    return status == STATUS_OK ? peers_put(post->peers, peer) : status;
}

static enum status is_unsettled(struct post *post, const struct ident *peer, bool *ret)
{
    struct outbox_letter letter;
    struct chain_row row;
    enum status status = outbox_next_unsettled(post->outbox, peer, 0, &letter);
    *ret = status == STATUS_OK;
    if (status != STATUS_NOT_FOUND)
        return status;
    status = chain_spoken(post->chain, peer, &row);
    *ret = status == STATUS_OK && row.head < row.highest;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status beat_all(struct post *post)
{
    struct peer peer;
    int64_t cursor = 0;
    if (post->locked || post->uplink.state != UPLINK_OPEN)
        return STATUS_OK;
    enum status status;
    while ((status = peers_next(post->peers, &cursor, &peer)) == STATUS_OK) {
        struct pulse pulse = {.traffic_ms = peer.traffic_ms,
            .out_ms = peer.heartbeat_out_ms,
            .tries = peer.heartbeat_tries};
        status = is_unsettled(post, &peer.node_id, &pulse.unsettled);
        if (status == STATUS_OK && pulse_due(&pulse, post_now(post)))
            status = beat_one(post, &peer);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- in: my numbers at the peer ------------------------------------------------------------------------- */

static bool is_missing(const struct heartbeat *heartbeat, uint64_t seq)
{
    for (size_t i = 0; i < heartbeat->n_missing; i++)
        if (seq >= heartbeat->missing[i].first && seq <= heartbeat->missing[i].last)
            return true;
    return seq > heartbeat->highest_seen;
}

/* Letters of mine that it does not have go again at once: those on their way, and the VOID of those that
 * ended. */
static enum status send_missing(
    struct post *post, const struct ident *peer, const struct heartbeat *heartbeat)
{
    struct outbox_letter letter;
    int64_t cursor = 0, now_ms = post_now(post);
    int sent = 0;
    enum status status;
    while ((status = outbox_next_unsettled(post->outbox, peer, cursor, &letter)) ==
           STATUS_OK) {
        cursor = letter.id;
        bool waits = letter.state == LETTER_STATE_HELD &&
                     period_over(now_ms, letter.held_ms, RECEIPT_REPEAT_MS);
        if (!waits || letter.epoch != heartbeat->your_epoch ||
            !is_missing(heartbeat, letter.seq))
            continue;
        letter.next_ms = 0;
        status = outbox_update(post->outbox, &letter);
        if (status != STATUS_OK || ++sent == RESENT_PER_HEARTBEAT)
            break;
    }
    if (sent > 0)
        post->session.cursor[LANE_NORMAL] = post->session.cursor[LANE_EXPRESS] = 0;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status beat_again(struct post *post, struct outbox_letter *letter, int64_t next_ms)
{
    letter->state = LETTER_STATE_SEALED;
    letter->changed_ms = post_now(post);
    letter->reseal = true;
    letter->settled = false;
    letter->next_ms = next_ms;
    return outbox_update(post->outbox, letter);
}

/* It had receipted them and does not have them any more: it was restored from a backup. The kept letters go
 * again under their numbers. */
static enum status send_lost(struct post *post, const struct ident *peer,
    const struct heartbeat *heartbeat, int64_t signed_ms)
{
    struct outbox_letter letter;
    uint64_t above = heartbeat->settled_head;
    int sent = 0;
    enum status status;
    while ((status = outbox_next_stored(post->outbox, peer, heartbeat->your_epoch, above,
                signed_ms, &letter)) == STATUS_OK) {
        above = letter.seq;
        bool lately = !period_over(post_now(post), letter.stored_ms, LOST_AGAIN_MS);
        if (lately || !is_missing(heartbeat, letter.seq))
            continue;
        status = beat_again(post, &letter, 0);
        if (status != STATUS_OK || ++sent == RESENT_PER_HEARTBEAT)
            break;
    }
    if (sent > 0)
        post->session.cursor[LANE_NORMAL] = post->session.cursor[LANE_EXPRESS] = 0;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Numbers of mine that I never gave: this database is an older one, and only the peer can know. Its pair
 * alone starts anew, so that a lying peer moves nobody else's numbers. */
static enum status leave_numbering(struct post *post, struct peer *peer)
{
    enum status status = loss_begin(post, &peer->node_id, peer->traffic_ms);
    peer->epoch = 0;
    peer->conflicted = true; /* at most one new numbering a day */
    post->drafts_due = true;
    if (status == STATUS_OK)
        status = peers_put(post->peers, peer);
    return status == STATUS_OK ? post_alarm(post, ALARM_RESTORED, &peer->node_id, 0)
                               : status;
}

static enum status hear_mine(struct post *post, struct peer *peer,
    const struct heartbeat *heartbeat, int64_t signed_ms)
{
    struct outbox_letter at_head;
    uint32_t epoch = heartbeat->your_epoch;
    if (epoch == 0 || heartbeat->highest_seen > INT64_MAX)
        return STATUS_OK;
    bool ahead = epoch == peer->epoch && heartbeat->highest_seen > peer->last_seq;
    if (ahead || epoch > peer->last_epoch)
        return peer->epoch != 0 || epoch > peer->last_epoch ? leave_numbering(post, peer)
                                                            : STATUS_OK;
    enum status status = STATUS_OK;
    if (heartbeat->settled_head > 0) {
        status = outbox_find_number(
            post->outbox, &peer->node_id, epoch, heartbeat->settled_head, &at_head);
        if (status == STATUS_OK && !hash_equal(&at_head.link, &heartbeat->head_link))
            return post_alarm(
                post, ALARM_CONFLICT, &peer->node_id, (int64_t)heartbeat->settled_head);
        if (status == STATUS_OK)
            status = outbox_confirm(post->outbox, &peer->node_id, epoch,
                heartbeat->settled_head, signed_ms - CONFIRM_AFTER_MS, post_now(post));
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    if (status == STATUS_OK)
        status = send_missing(post, &peer->node_id, heartbeat);
    return status == STATUS_OK ? send_lost(post, &peer->node_id, heartbeat, signed_ms)
                               : status;
}

/* --- in: its numbers here ------------------------------------------------------------------------------- */

static enum status hear_theirs(
    struct post *post, const struct ident *peer, const struct heartbeat *heartbeat)
{
    struct chain_row row;
    if (heartbeat->my_epoch == 0 || heartbeat->my_last == 0)
        return STATUS_OK;
    enum status status = settle_chain(post, peer, heartbeat->my_epoch, &row);
    if (status == STATUS_DENIED)
        return post_alarm(post, ALARM_EPOCHS, peer, 0);
    if (status != STATUS_OK || heartbeat->my_last <= row.highest)
        return status;
    if (heartbeat->my_last > row.head + CHAIN_WINDOW)
        return post_alarm(post, ALARM_WINDOW, peer, 0);
    row.highest = heartbeat->my_last;
    return chain_put(post->chain, &row);
}

static enum status hear_bundle(
    struct post *post, const struct peer *peer, const struct heartbeat *heartbeat)
{
    if (heartbeat->bundle_number <= peer->bundle_number)
        return STATUS_OK;
    struct facts_row facts = *facts_get(post->facts);
    if (facts.bundles_ms == 0)
        return STATUS_OK;
    facts.bundles_ms = 0; /* due at the next tick */
    return facts_put(post->facts, &facts);
}

enum status beat_heard(struct post *post, const struct opened *opened)
{
    struct heartbeat heartbeat;
    struct peer peer;
    if (heartbeat_decode(opened->body, &heartbeat) != STATUS_OK)
        return STATUS_OK;
    enum status status = peers_find(post->peers, &opened->sender->node_id, &peer);
    if (status != STATUS_OK || heartbeat.number <= peer.heartbeat_in ||
        heartbeat.number > INT64_MAX)
        return status;
    peer.heartbeat_in = heartbeat.number;
    status = peers_put(post->peers, &peer);
    if (status == STATUS_OK && (heartbeat.flags & HEARTBEAT_RESTORED) != 0)
        status = post_alarm(post, ALARM_PEER_RESTORED, &peer.node_id, 0);
    if (status == STATUS_OK)
        status = hear_bundle(post, &peer, &heartbeat);
    if (status == STATUS_OK)
        status = hear_theirs(post, &peer.node_id, &heartbeat);
    return status == STATUS_OK
               ? hear_mine(post, &peer, &heartbeat, opened->inner.created_ms)
               : status;
}

/* --- gaps (PROTOCOL.md 2.6) ------------------------------------------------------------------------------- */

static enum status raise_gap(struct post *post, struct chain_row *row, struct peer *peer)
{
    enum status status = STATUS_OK;
    if (row->gap_stage == GAP_QUIET && row->gap_ms >= GAP_ASK_MS) {
        uint64_t said = facts_get(post->facts)->heartbeat_number;
        status = beat_one(post, peer);
        if (facts_get(post->facts)->heartbeat_number != said)
            row->gap_stage = GAP_ASKED;
    }
    if (status == STATUS_OK && row->gap_stage <= GAP_ASKED &&
        row->gap_ms >= GAP_SHOW_MS) {
        row->gap_stage = GAP_SHOWN;
        status = inbox_wake_all(post->inbox, &row->peer, row->epoch);
    }
    if (status == STATUS_OK && row->gap_stage == GAP_SHOWN &&
        row->gap_ms >= GAP_ALARM_MS) {
        row->gap_stage = GAP_ALARMED;
        status = post_alarm(post, ALARM_GAP, &row->peer, (int64_t)row->head + 1);
    }
    return status == STATUS_OK ? chain_put(post->chain, row) : status;
}

enum status beat_gaps(struct post *post, int64_t elapsed_ms)
{
    struct chain_row row = {0};
    if (post->locked || !post->session.drained)
        return STATUS_OK;
    enum status status;
    while ((status = chain_next_gap(post->chain, &row, &row)) == STATUS_OK) {
        struct peer peer;
        struct number_range missing;
        size_t n = 0;
        status = peers_find(post->peers, &row.peer, &peer);
        if (status == STATUS_OK)
            status = chain_missing(post->chain, &row, &missing, 1, &n);
        if (status == STATUS_OK && n > 0 && peer.heard_ms != 0 &&
            !period_over(post_now(post), peer.heard_ms, HEARD_LATELY_MS)) {
            row.gap_ms += elapsed_ms;
            status = raise_gap(post, &row, &peer);
        }
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
