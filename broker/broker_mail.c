/* SPDX-License-Identifier: Apache-2.0
 * An offer passes, in this order: credit and rate, header, duplicates, recipient, prekey, quotas; and is put.
 * The order matters: what is held already is HELD again even when its mailbox is full by now.
 */
#include "broker_private.h"

#include "log.h"
#include "memory.h"

/* ---- HELD ---- */

static void answer_helds(struct broker *broker, struct session *session)
{
    struct frame frame = {.kind = FRAME_HELD};
    frame.held.n = session->n_helds;
    frame.held.msg_ids = session->helds;
    broker_answer(broker, session->connection, &frame);
    session->n_helds = 0;
}

/* Said for many together at the turn's end: a frame for each would cost as much as the envelopes. */
static void say_held(
    struct broker *broker, struct session *session, const struct ident *msg_id)
{
    broker->counts.helds++;
    if (session->helds == NULL) {
        session->helds = memory_new_array(HELD_IDS_FIRST, sizeof *session->helds);
        session->helds_size = HELD_IDS_FIRST;
        session->next_holder = broker->holders;
        broker->holders = session;
    }
    if (session->n_helds == session->helds_size && session->helds_size < HELD_IDS_MAX) {
        session->helds_size *= 2;
        session->helds =
            memory_resize(session->helds, session->helds_size, sizeof *session->helds);
    }
    if (session->n_helds == session->helds_size) {
        answer_helds(broker, session);
    }
    session->helds[session->n_helds++] = *msg_id;
}

static void forget_helds(struct session *session)
{
    memory_free(session->helds);
    session->helds = NULL;
    session->n_helds = session->helds_size = 0;
}

void broker_say_helds(struct broker *broker)
{
    while (broker->holders != NULL) {
        struct session *session = broker->holders;
        broker->holders = session->next_holder;
        if (session->n_helds > 0) {
            answer_helds(broker, session);
        }
        forget_helds(session);
    }
}

void broker_forget_helds(struct broker *broker, struct session *only)
{
    struct session **at = &broker->holders;
    while (*at != NULL) {
        struct session *session = *at;
        if (only == NULL || session == only) {
            *at = session->next_holder;
            forget_helds(session);
        } else {
            at = &session->next_holder;
        }
    }
}

/* ---- OFFER ---- */

static void refuse_offer(struct broker *broker, const struct session *session,
    const struct ident *msg_id, enum refusal code, const struct mailbox *recipient)
{
    struct frame frame = {.kind = FRAME_REFUSED};
    frame.refused.msg_id = *msg_id;
    frame.refused.code = code;
    frame.refused.retry_after_s = quota_retry_after_s(code);
    if (code == REFUSAL_RATE) {
        frame.refused.retry_after_s =
            bucket_wait_s(&session->caller->offers, &broker->offers_size);
    }
    frame.refused.silence =
        recipient != NULL ? quota_silence(recipient->collected_hour, broker_hour(broker))
                          : SILENCE_NONE;
    broker->counts.refused++;
    broker_answer(broker, session->connection, &frame);
}

static bool is_stale(
    const struct broker *broker, const struct member *member, const struct header *header)
{
    int64_t not_after_ms = 0;
    return bundles_find_end(
               broker->bundles, &member->node_id, header->prekey_id, &not_after_ms) &&
           broker->now_ms > not_after_ms + PREKEY_OFFER_LATE_MS;
}

static enum refusal judge_room(const struct broker *broker, const struct session *session,
    const struct mailbox *mailbox, size_t envelope_bytes)
{
    const struct share *share =
        mailbox_find_share(broker->mailboxes, mailbox, &session->caller->node_id);
    struct quota_facts facts = {
        .disk_refuses = broker->refuses_disk,
        .envelope_bytes = (int64_t)envelope_bytes,
        .all_envelopes = (int64_t)mailboxes_count_held(broker->mailboxes),
        .mailbox_envelopes = mailbox->envelopes,
        .mailbox_bytes = mailbox->bytes,
        .share_envelopes = share != NULL ? share->envelopes : 0,
        .share_bytes = share != NULL ? share->bytes : 0,
    };
    return quota_judge(&broker->limits, &facts);
}

static enum refusal judge_recipient(
    const struct broker *broker, const struct member *member, const struct header *header)
{
    switch (broker_standing(broker, member)) {
    case STANDING_UNKNOWN:
    case STANDING_REVOKED:
        return REFUSAL_UNKNOWN_RECIPIENT;
    case STANDING_SUSPENDED:
        return REFUSAL_RECIPIENT_SUSPENDED;
    case STANDING_ACTIVE:
        break;
    }
    return is_stale(broker, member, header) ? REFUSAL_STALE_PREKEY : (enum refusal)0;
}

static void put(struct broker *broker, struct session *session, struct mailbox *mailbox,
    const struct header *header, const struct arrival *known)
{
    struct arrival arrival = *known;
    arrival.header = header;
    arrival.hour = broker_hour(broker);
    arrival.sender = session->caller->node_id;
    arrival.queue = QUEUE_NORMAL;
    if (header->lane == LANE_EXPRESS && bucket_take(&session->caller->express,
                                            &broker->express_size, broker->steady_ms)) {
        arrival.queue = QUEUE_EXPRESS;
    }
    enum status status = mailbox_put(broker->mailboxes, mailbox, &arrival);
    if (status != STATUS_OK) {
        broker_fail(broker, status);
        return;
    }
    say_held(broker, session, &header->msg_id);
}

/* Is it new? If not, it is answered. */
static bool answer_known(struct broker *broker, struct session *session,
    const struct ident *msg_id, const struct hash *hash, bool again)
{
    switch (mailboxes_recall_offer(broker->mailboxes, msg_id, hash, again)) {
    case STATUS_NOT_FOUND:
        return false;
    case STATUS_EXISTS:
        broker->counts.duplicates++;
        say_held(broker, session, msg_id);
        return true;
    case STATUS_BUSY:
        broker_refuse(broker, session->connection, msg_id, REFUSAL_RATE, 1);
        return true;
    default:
        refuse_offer(broker, session, msg_id, REFUSAL_ID_CONFLICT, NULL);
        return true;
    }
}

static void consider(struct broker *broker, struct session *session,
    const struct frame *frame, const struct header *header)
{
    struct arrival arrival = {
        .envelope = frame->offer.envelope,
        .hash = hash_mark(origin_mark_key(broker->origin), frame->offer.envelope),
    };
    if (answer_known(
            broker, session, &header->msg_id, &arrival.hash, frame->offer.again)) {
        return;
    }
    const struct member *member = trust_find_queue(broker->trust, &header->queue_id);
    struct mailbox *mailbox = NULL;
    enum refusal code = judge_recipient(broker, member, header);
    if (member != NULL) {
        mailbox =
            mailboxes_get(broker->mailboxes, &member->queue_id, broker_hour(broker));
    }
    if (code == 0) {
        code = judge_room(broker, session, mailbox, frame->offer.envelope.n);
    }
    if (code != 0) {
        refuse_offer(broker, session, &header->msg_id, code, mailbox);
        return;
    }
    if (mailbox->session ==
        NULL) { /* its member may be here without having been bound to it */
        struct caller *caller = lobby_find_caller(broker->lobby, &member->node_id);
        mailbox->session = caller != NULL ? caller->session : NULL;
    }
    put(broker, session, mailbox, header, &arrival);
}

void broker_on_offer(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    struct header header;
    broker->counts.offers++;
    bool has_credit = grant_use(&session->grant, (int64_t)frame->offer.envelope.n);
    schedule_add(&broker->grants, &session->grant_place);
    enum status status = header_decode(frame->offer.envelope, &header, NULL, NULL);
    if (status != STATUS_OK) {
        bool unknown = status == STATUS_UNSUPPORTED;
        broker_refuse(broker, session->connection, NULL,
            unknown ? REFUSAL_VERSION : REFUSAL_MALFORMED, 0);
        return;
    }
    if (broker->draining) {
        refuse_offer(broker, session, &header.msg_id, REFUSAL_DRAINING, NULL);
        return;
    }
    if (!has_credit ||
        !bucket_take(&session->caller->offers, &broker->offers_size, broker->steady_ms)) {
        refuse_offer(broker, session, &header.msg_id, REFUSAL_RATE, NULL);
        return;
    }
    consider(broker, session, frame, &header);
}

/* ---- TAKEN ---- */

static void take(struct broker *broker, struct session *session, uint64_t delivery)
{
    struct parcel *parcel = session_find_parcel(session, delivery);
    if (parcel == NULL) {
        return; /* said twice */
    }
    struct held *held = parcel->held;
    uint32_t id = parcel->id;
    broker->out_bytes -= parcel->bytes;
    window_took(&session->window, delivery, parcel->bytes, broker->steady_ms);
    session_close_parcel(session, delivery);
    if ((uint32_t)held->id != id || held->state != HELD_OUT) {
        return; /* recalled or expired meanwhile */
    }
    mailbox_collected(broker->mailboxes, held->mailbox, broker_hour(broker));
    enum status status = mailbox_taken(broker->mailboxes, held);
    if (status != STATUS_OK) {
        broker_fail(broker, status);
        return;
    }
    broker->counts.taken++;
}

void broker_on_taken(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    for (size_t i = 0; i < frame->taken.n && broker->failure == STATUS_OK; i++) {
        if (!session_gave(session, frame->taken.deliveries[i])) {
            uint64_t connection = session->connection;
            broker_end_session(broker, session, false, "taken-not-given");
            broker_part(broker, connection, REFUSAL_MALFORMED);
            return;
        }
        take(broker, session, frame->taken.deliveries[i]);
    }
    broker_ready(broker, session);
}

/* ---- HAVE, RECALL, CREDIT ---- */

void broker_on_have(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    uint8_t bitmap[(HAVE_IDS_MAX + 7) / 8] = {0};
    struct frame answer = {.kind = FRAME_HOLDS};
    for (size_t i = 0; i < frame->have.n; i++) {
        if (mailboxes_find_held(broker->mailboxes, &frame->have.msg_ids[i]) != NULL) {
            bitmap[i / 8] |= (uint8_t)(1u << (i % 8));
        }
    }
    answer.holds.n = (uint32_t)frame->have.n;
    answer.holds.bitmap = span_of(bitmap, (frame->have.n + 7) / 8);
    broker_answer(broker, session->connection, &answer);
}

void broker_on_recall(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    (void)session;
    struct held *held = mailboxes_find_held(broker->mailboxes, &frame->recall.msg_id);
    if (held != NULL) {
        enum status status = mailbox_drop(broker->mailboxes, held);
        if (status != STATUS_OK) {
            broker_fail(broker, status);
        }
    }
}

void broker_on_credit(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    session->credit_bytes += frame->credit.bytes;
    if (session->credit_bytes > INFLIGHT_BYTES_MAX) {
        session->credit_bytes = INFLIGHT_BYTES_MAX; /* nobody can take more at once */
    }
    session->gave_credit = true;
    broker_ready(broker, session);
}
