/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes to the broker, within its credit: express letters, receipts, then normal letters in the order
 * they were sent. A cursor per lane walks the outbox once per session; it goes back to the start when
 * something behind it became due again.
 */
#include <string.h>

#include "memory.h"
#include "parts.h"

enum {
    SMALL_ENVELOPE_BYTES = HEADER_BYTES_MAX + BUCKET_SMALL + SEAL_TAG_BYTES, /* at most */
    RECALLS_PER_TURN = 512,
    PEERS_PASSED_MAX = 64
};
#define RETRY_LEAST_MS (30 * SECOND_MS)
#define RETRY_LONG_MS (1 * HOUR_MS)
#define RETRY_MOST_MS (1 * DAY_MS)

void offer_envelope(struct post *post, const struct flight *flight, bool again)
{
    struct frame frame = {.kind = FRAME_OFFER};
    frame.offer.envelope = buffer_span(&post->envelope);
    frame.offer.again = again;
    speech_put(post->speech, &frame);
    session_fly(&post->session, flight, post->envelope.used);
}

bool offer_awaits(const struct post *post)
{
    return post->session.n_flights > 0 || post->session.have_asked ||
           post->documents.asked;
}

/* --- letters ------------------------------------------------------------------------------------------ */

/* The bytes to offer, into post->envelope. BUSY: none that may be offered now. */
static enum status find_sealing(
    struct post *post, struct outbox_letter *letter, const struct member *member)
{
    if (sealing_is_stale(post, letter, member)) {
        enum status status = sealing_again(post, letter);
        if (status != STATUS_BUSY)
            return status;
        int64_t end_ms = letter->prekey_end_ms + PREKEY_OFFER_LATE_MS;
        if (letter->reseal || witness_past(&post->witness, post_own_ms(post), end_ms) ||
            (post->locked && post_now(post) > end_ms))
            return STATUS_BUSY;
    }
    buffer_clear(&post->envelope);
    enum status status = outbox_envelope(post->outbox, letter->id, &post->envelope);
    return status == STATUS_NOT_FOUND ? STATUS_BUSY : status;
}

static enum status then_not(enum status status)
{
    return status == STATUS_OK ? STATUS_BUSY : status;
}

static enum status judge_recipient(
    struct post *post, struct outbox_letter *letter, const struct member *member)
{
    switch (trust_standing(post->options.trust, member, post_now(post))) {
    case STANDING_ACTIVE:
        return STATUS_OK;
    case STANDING_REVOKED:
        return then_not(custody_end(post, letter, LETTER_STATE_UNDELIVERABLE, 0));
    case STANDING_SUSPENDED:
        if (letter->state != LETTER_STATE_SEALED)
            return STATUS_BUSY;
        letter->state = LETTER_STATE_BLOCKED;
        letter->reason = WAIT_SUSPENDED;
        letter->changed_ms = post_now(post);
        return then_not(outbox_update(post->outbox, letter));
    case STANDING_UNKNOWN:
        break;
    }
    return STATUS_BUSY;
}

/* OK: it flies. BUSY: not this one. FULL: the credit does not reach. */
static enum status offer_letter(struct post *post, struct outbox_letter *letter)
{
    struct session *session = &post->session;
    const struct member *member = trust_find_node(post->options.trust, &letter->peer);
    enum status status = judge_recipient(post, letter, member);
    if (status == STATUS_OK)
        status = find_sealing(post, letter, member);
    if (status != STATUS_OK)
        return status;
    int64_t reserve =
        letter->lane == LANE_EXPRESS || !session->receipts_due ? 0 : SMALL_ENVELOPE_BYTES;
    if (session->credit < (int64_t)post->envelope.used + reserve)
        return STATUS_FULL;
    struct flight flight = {
        .kind = FLIGHT_LETTER, .msg_id = letter->msg_id, .row = letter->id};
    offer_envelope(post, &flight, letter->held_count > 0);
    return STATUS_OK;
}

/* STATUS_FULL: stop, there is no credit left. */
static enum status pump_lane(struct post *post, enum lane lane)
{
    struct session *session = &post->session;
    struct outbox_letter letter;
    while (session->n_flights < SESSION_FLIGHTS_MAX && session->credit > 0 &&
           !session->held_back) {
        enum status status = outbox_next_offer(
            post->outbox, lane, session->cursor[lane], post_now(post), &letter);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        if (!session_has_row(session, letter.id)) {
            status = offer_letter(post, &letter);
            if (status == STATUS_FULL || (status != STATUS_OK && status != STATUS_BUSY))
                return status;
        }
        session->cursor[lane] = letter.id;
    }
    return STATUS_FULL;
}

enum status offer_recalls(struct post *post)
{
    struct outbox_letter letter;
    for (int i = 0; i < RECALLS_PER_TURN; i++) {
        enum status status = outbox_next_recall(post->outbox, &letter);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        struct frame frame = {.kind = FRAME_RECALL};
        frame.recall.msg_id = letter.recall;
        speech_put(post->speech, &frame);
        letter.recall = (struct ident){{0}};
        status = outbox_update(post->outbox, &letter);
        if (status != STATUS_OK)
            return status;
    }
    post->more = true;
    return STATUS_OK;
}

enum status offer_pump(struct post *post)
{
    struct session *session = &post->session;
    if (post->uplink.state != UPLINK_OPEN)
        return STATUS_OK;
    if (session->retry_ms != 0 && post_now(post) >= session->retry_ms) {
        session->retry_ms = 0;
        session->held_back = false;
        session->n_refused = 0;
        session->cursor[LANE_NORMAL] = session->cursor[LANE_EXPRESS] = 0;
        session->receipts_due = true;
    }
    enum status status = offer_recalls(post);
    if (status == STATUS_OK)
        status = pump_lane(post, LANE_EXPRESS);
    if (status == STATUS_OK)
        status = pump_lane(post, LANE_NORMAL);
    /* FULL of the credit, not of the disk: that one is sticky in the database. */
    return status == STATUS_FULL ? STATUS_OK : status;
}

/* --- answers ------------------------------------------------------------------------------------------ */

static enum status note_held(struct post *post, int64_t row)
{
    struct outbox_letter letter;
    int64_t now_ms = post_now(post);
    enum status status = outbox_get(post->outbox, row, &letter);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    if (letter.state != LETTER_STATE_SEALED && letter.state != LETTER_STATE_HELD)
        return STATUS_OK; /* receipted or ended while it was under way */
    if (letter.state == LETTER_STATE_SEALED)
        letter.changed_ms = now_ms;
    letter.state = LETTER_STATE_HELD;
    letter.held_ms = now_ms;
    letter.next_ms =
        now_ms + (letter.held_count == 0 ? REOFFER_FIRST_MS : REOFFER_NEXT_MS);
    letter.held_count++;
    return outbox_update(post->outbox, &letter);
}

enum status offer_held(struct post *post, const struct ident *msg_id)
{
    struct flight flight;
    if (session_land(&post->session, msg_id, &flight) != STATUS_OK)
        return STATUS_OK; /* said twice */
    enum status status = STATUS_OK;
    if (flight.kind == FLIGHT_LETTER)
        return note_held(post, flight.row);
    for (size_t i = 0; i < flight.n_owed && status == STATUS_OK; i++)
        status = receipts_said(post->receipts, flight.owed[i]);
    return status;
}

static void retry_later(struct post *post, int64_t wait_ms)
{
    int64_t at_ms = post_now(post) + wait_ms;
    if (post->session.retry_ms == 0 || at_ms < post->session.retry_ms)
        post->session.retry_ms = at_ms;
}

/* Whoever it is for. */
static bool is_about_me(enum refusal code)
{
    return code == REFUSAL_RATE || code == REFUSAL_DISK_FULL ||
           code == REFUSAL_DRAINING || code == REFUSAL_SUSPENDED;
}

/* Receipts have no row that says when they may go again. */
static void note_refusal(
    struct session *session, const struct flight *flight, enum refusal code)
{
    if (is_about_me(code))
        session->held_back = true;
    else if (flight->kind == FLIGHT_RECEIPTS && session->n_refused < SESSION_REFUSED_MAX)
        session->refused[session->n_refused++] = flight->peer;
}

/* The more often it was sealed again, the longer the next time: nobody makes a node seal without end. */
static int64_t reseal_wait(const struct outbox_letter *letter)
{
    int64_t wait_ms = RETRY_LEAST_MS << (letter->seal_no < 12 ? letter->seal_no : 12);
    return wait_ms < RETRY_MOST_MS ? wait_ms : RETRY_MOST_MS;
}

/* Its keys may have changed: the newest bundles at the next tick. */
static enum status want_bundles(struct post *post)
{
    struct facts_row facts = *facts_get(post->facts);
    if (facts.bundles_ms == 0)
        return STATUS_OK;
    facts.bundles_ms = 0;
    return facts_put(post->facts, &facts);
}

static enum status note_refused(
    struct post *post, int64_t row, enum refusal code, int64_t wait_ms)
{
    struct outbox_letter letter;
    enum status status = outbox_get(post->outbox, row, &letter);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    if (letter.state != LETTER_STATE_SEALED && letter.state != LETTER_STATE_HELD)
        return STATUS_OK;
    letter.next_ms = post_now(post) + wait_ms;
    switch (code) {
    case REFUSAL_RECIPIENT_SUSPENDED:
        letter.state = LETTER_STATE_BLOCKED;
        letter.reason = WAIT_SUSPENDED;
        letter.changed_ms = post_now(post);
        break;
    case REFUSAL_STALE_PREKEY:
        status = want_bundles(post);
        /* fall through */
    case REFUSAL_ID_CONFLICT:
    case REFUSAL_UNKNOWN_RECIPIENT: /* its queue may be another by the newest roster */
        letter.reseal = true;
        if (wait_ms < reseal_wait(&letter))
            letter.next_ms = post_now(post) + reseal_wait(&letter);
        break;
    case REFUSAL_MALFORMED:
        status = post_alarm(post, ALARM_BROKER_REFUSED, &letter.peer, letter.id);
        letter.next_ms = post_now(post) + DAY_MS;
        break;
    default:
        break;
    }
    return status == STATUS_OK ? outbox_update(post->outbox, &letter) : status;
}

enum status offer_refused(struct post *post, const struct frame *frame)
{
    struct flight flight;
    if (ident_is_zero(&frame->refused.msg_id)) {
        return frame->refused.code == REFUSAL_NOT_FOUND ? documents_refused(post)
                                                        : STATUS_OK;
    }
    if (session_land(&post->session, &frame->refused.msg_id, &flight) != STATUS_OK)
        return STATUS_OK;
    int64_t wait_ms = frame->refused.retry_after_s * SECOND_MS;
    if (wait_ms < RETRY_LEAST_MS)
        wait_ms = RETRY_LEAST_MS;
    if (wait_ms > RETRY_MOST_MS)
        wait_ms = RETRY_MOST_MS;
    if (frame->refused.code == REFUSAL_UNKNOWN_RECIPIENT && wait_ms < RETRY_LONG_MS)
        wait_ms = RETRY_LONG_MS; /* its roster is older than mine */
    retry_later(post, wait_ms);
    note_refusal(&post->session, &flight, frame->refused.code);
    return flight.kind == FLIGHT_LETTER
               ? note_refused(post, flight.row, frame->refused.code, wait_ms)
               : STATUS_OK;
}

/* --- after the broker lost its disk ------------------------------------------------------------------- */

static enum status finish_have(struct post *post)
{
    struct facts_row facts = *facts_get(post->facts);
    facts.store_id = post->session.have_store;
    post->session.have_due = false;
    return facts_put(post->facts, &facts);
}

enum status offer_have(struct post *post)
{
    struct session *session = &post->session;
    struct ident ids[HAVE_IDS_MAX];
    if (post->uplink.state != UPLINK_OPEN || !session->have_due || session->have_asked)
        return STATUS_OK;
    enum status status = outbox_held(post->outbox, session->have_cursor,
        session->have_rows, ids, HAVE_IDS_MAX, &session->n_have);
    if (status != STATUS_OK)
        return status;
    if (session->n_have == 0)
        return finish_have(post);
    session->have_cursor = session->have_rows[session->n_have - 1];
    session->have_asked = true;
    struct frame frame = {.kind = FRAME_HAVE};
    frame.have.n = session->n_have;
    frame.have.msg_ids = ids;
    speech_put(post->speech, &frame);
    return STATUS_OK;
}

static enum status note_not_held(struct post *post, int64_t row)
{
    struct outbox_letter letter;
    enum status status = outbox_get(post->outbox, row, &letter);
    if (status != STATUS_OK || letter.state != LETTER_STATE_HELD)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    letter.state = LETTER_STATE_SEALED;
    letter.changed_ms = post_now(post);
    letter.next_ms = 0;
    return outbox_update(post->outbox, &letter);
}

enum status offer_holds(struct post *post, const struct frame *frame)
{
    struct session *session = &post->session;
    if (!session->have_asked || frame->holds.n != session->n_have)
        return STATUS_DENIED;
    session->have_asked = false;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < session->n_have && status == STATUS_OK; i++)
        if ((frame->holds.bitmap.at[i / 8] >> (i % 8) & 1) == 0)
            status = note_not_held(post, session->have_rows[i]);
    session->cursor[LANE_NORMAL] = session->cursor[LANE_EXPRESS] = 0;
    return status;
}

/* --- receipts ----------------------------------------------------------------------------------------- */

struct passed {
    const struct session *session;
    struct ident peers[PEERS_PASSED_MAX]; /* who cannot be written to now */
    size_t n;
};

static bool has_ident(const struct ident *idents, size_t n, const struct ident *ident)
{
    for (size_t i = 0; i < n; i++)
        if (ident_equal(&idents[i], ident))
            return true;
    return false;
}

static bool pass_over(void *context, int64_t id, const struct ident *peer)
{
    const struct passed *passed = context;
    const struct session *session = passed->session;
    return has_ident(passed->peers, passed->n, peer) ||
           has_ident(session->refused, session->n_refused, peer) ||
           session_has_owed(session, id);
}

/* Up to six receipts of one member under way. BUSY: that member cannot be written to now. */
static enum status offer_batch(struct post *post, const struct receipts_batch *batch)
{
    struct flight flight = {
        .kind = FLIGHT_RECEIPTS, .peer = batch->peer, .n_owed = batch->n};
    struct span parts[RECEIPTS_PER_ENVELOPE];
    uint8_t body[RECEIPT_BATCH_HEAD_BYTES + RECEIPTS_PER_ENVELOPE * RECEIPT_BYTES];
    struct writer writer = writer_over(body, sizeof body);
    for (size_t i = 0; i < batch->n; i++) {
        parts[i] = span_of(batch->bytes[i], RECEIPT_BYTES);
        flight.owed[i] = batch->ids[i];
    }
    receipt_batch_encode(parts, batch->n, &writer);
    enum status status = sealing_note(
        post, &batch->peer, LETTER_RECEIPT, writer_span(&writer), &flight.msg_id);
    if (status == STATUS_OK)
        offer_envelope(post, &flight, false);
    return status;
}

enum status offer_receipts(struct post *post)
{
    struct session *session = &post->session;
    struct passed passed = {.session = session};
    struct receipts_batch batch;
    while (session->receipts_due && post->uplink.state == UPLINK_OPEN && !post->locked &&
           session->credit >= SMALL_ENVELOPE_BYTES &&
           session->n_flights < SESSION_FLIGHTS_MAX && !session->held_back &&
           session->n_refused < SESSION_REFUSED_MAX) {
        enum status status = receipts_next(post->receipts, pass_over, &passed, &batch);
        if (status != STATUS_OK)
            return status;
        if (batch.n == 0) {
            session->receipts_due = false;
            break;
        }
        status = offer_batch(post, &batch);
        if (status == STATUS_BUSY && passed.n == PEERS_PASSED_MAX)
            break;
        if (status == STATUS_BUSY)
            passed.peers[passed.n++] = batch.peer;
        else if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
