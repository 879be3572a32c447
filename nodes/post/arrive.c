/* SPDX-License-Identifier: Apache-2.0
 *
 * Envelopes come from three doors: the broker, the raw rows of a locked time, and the parked letters of
 * members that my roster lacked. All go through the one opening order of PROTOCOL.md 1.7. Whatever fails
 * before the signature held is kept in quarantine, TAKEN, and never answered.
 */
#include "memory.h"
#include "parts.h"

enum { RAW_PER_TURN = 64, PARKED_HEAD_BYTES = 2 + HASH_BYTES };
#define OPEN_FREE_BYTES (INT64_C(64) * 1024 * 1024) /* what is opened takes little room */
static const char PARKED_PLACE[] = "amaan:post:parked";

enum status arrive_refuse(struct post *post, struct span envelope, int64_t detail,
    enum alarm_code code, const struct ident *peer)
{
    size_t dropped = 0;
    enum status status = STATUS_OK;
    if (envelope.n > 0) /* of a parked letter no sealed bytes are left */
        status = quarantine_put(post->quarantine, QUARANTINE_REFUSED, detail,
            post_now(post), envelope, &dropped);
    if (status == STATUS_OK)
        status = post_alarm(post, code, peer, detail);
    if (status == STATUS_OK && dropped > 0)
        status = post_alarm(post, ALARM_QUARANTINE_FULL, NULL, 0);
    return status;
}

/* Its prekey is not here: destroyed, or made before a restore. The sender will seal it again. */
static enum status keep_unreadable(struct post *post, struct span envelope)
{
    size_t dropped = 0;
    enum status status = quarantine_put(
        post->quarantine, QUARANTINE_UNREADABLE, 0, post_now(post), envelope, &dropped);
    return status == STATUS_OK ? post_alarm(post, ALARM_UNREADABLE, NULL, 0) : status;
}

/* --- parked letters ----------------------------------------------------------------------------------- */

/* Its sender is not in my roster yet: kept opened, boxed under my own key, so that it pins no prekey. */
static enum status park(
    struct post *post, struct span envelope, const struct opened *opened)
{
    struct span header, place = span_of(PARKED_PLACE, sizeof PARKED_PLACE - 1);
    struct header ignored;
    uint8_t head[PARKED_HEAD_BYTES];
    size_t dropped = 0;
    struct buffer parked;
    enum status status = header_decode(envelope, &ignored, &header, NULL);
    if (status != STATUS_OK)
        return status;
    struct writer writer = writer_over(head, sizeof head);
    writer_u16(&writer, (uint16_t)header.n);
    writer_hash(&writer, &opened->envelope);
    buffer_init(&parked, ENVELOPE_BYTES_MAX + PARKED_HEAD_BYTES);
    buffer_clear(&post->boxed);
    status = buffer_put(&parked, head, sizeof head);
    if (status == STATUS_OK)
        status = buffer_put(&parked, header.at, header.n);
    if (status == STATUS_OK)
        status = buffer_put(&parked, post->plain.bytes, post->plain.used);
    if (status == STATUS_OK)
        status = box_apply(&post->letters_key, post->options.chance, place,
            buffer_span(&parked), &post->boxed);
    if (status == STATUS_OK)
        status = quarantine_put(post->quarantine, QUARANTINE_PARKED,
            (int64_t)opened->inner.roster_version, post_now(post),
            buffer_span(&post->boxed), &dropped);
    buffer_release(&parked);
    if (status == STATUS_OK && dropped > 0)
        status = post_alarm(post, ALARM_QUARANTINE_FULL, NULL, 0);
    return status;
}

/* --- a proven letter ---------------------------------------------------------------------------------- */

static enum status judge_roster(struct post *post, const struct opened *opened)
{
    const struct ident *peer = opened->sender == NULL ? NULL : &opened->sender->node_id;
    int64_t version = (int64_t)opened->inner.roster_version;
    switch (opened->roster) {
    case ROSTER_NEWER:
        documents_want(post, DOCUMENT_ROSTER, opened->inner.roster_version);
        return STATUS_OK;
    case ROSTER_FORK:
        /* One member's word: evidence for people. Sealing stops when the roster itself proves it. */
        return post_alarm(post, ALARM_FORK, peer, version);
    case ROSTER_STRANGE:
        if (opened->inner.roster_version >
            trust_version(post->options.trust, DOCUMENT_ROSTER))
            return post_alarm(post, ALARM_ROSTER_AHEAD, peer, 0);
        return STATUS_OK;
    case ROSTER_SAME:
    case ROSTER_OLDER:
        break;
    }
    return STATUS_OK;
}

/* The sender lives: silence ends, its time is a witness. Written at most once an hour. */
static enum status note_heard(struct post *post, const struct opened *opened)
{
    struct peer peer;
    int64_t now_ms = post_now(post);
    witness_hear_member(&post->witness, &opened->sender->node_id,
        opened->inner.created_ms, post_steady(post));
    enum status status = peers_find(post->peers, &opened->sender->node_id, &peer);
    if (status != STATUS_OK)
        return status;
    bool numbered = letter_kind_is_numbered(opened->inner.kind);
    bool news = period_over(now_ms, peer.heard_ms, HOUR_MS) || peer.heartbeat_tries > 0 ||
                opened->inner.created_ms >= peer.signed_ms + HOUR_MS ||
                (numbered && period_over(now_ms, peer.traffic_ms, HOUR_MS));
    if (!news)
        return STATUS_OK;
    peer.heard_ms = now_ms;
    peer.heartbeat_tries = 0;
    if (opened->inner.created_ms > peer.signed_ms)
        peer.signed_ms = opened->inner.created_ms;
    if (numbered)
        peer.traffic_ms = now_ms;
    if (numbered && peer.heartbeat_out_ms == 0)
        peer.heartbeat_out_ms = now_ms;
    return peers_put(post->peers, &peer);
}

static enum status judge(struct post *post, const struct opened *opened,
    struct span envelope, int64_t received_ms)
{
    enum status status = judge_roster(post, opened);
    if (status != STATUS_OK)
        return status;
    bool active = opened->standing == STANDING_ACTIVE;
    if (active)
        status = note_heard(post, opened);
    if (status != STATUS_OK)
        return status;
    if (letter_kind_is_numbered(opened->inner.kind))
        return letters_take(post, opened, envelope, received_ms);
    if (!active)
        return STATUS_OK; /* a thief of a suspended node could sign STORED */
    if (opened->inner.kind == LETTER_RECEIPT)
        return told_receipts(post, opened);
    if (opened->inner.kind == LETTER_HEARTBEAT)
        return beat_heard(post, opened);
    return opened->inner.kind == LETTER_RESYNC ? loss_heard(post, opened) : STATUS_OK;
}

/* --- the doors ---------------------------------------------------------------------------------------- */

static enum status find_secret(void *context, uint64_t prekey_id, uint16_t *ret_suite,
    uint8_t ret_secret[static KEM_SECRET_MAX])
{
    struct post *post = context;
    return prekeys_secret(
        post->prekeys, &post->prekeys_key, prekey_id, ret_suite, ret_secret);
}

/* Only failures of the database come back: everything else has been dealt with. */
static enum status open_envelope(
    struct post *post, struct span envelope, int64_t received_ms)
{
    const struct member *me = post_me(post);
    struct ident queues[2] = {{{0}}};
    size_t n_queues = 0;
    if (me != NULL) {
        queues[n_queues++] = me->queue_id;
        if (!ident_is_zero(&me->previous_queue_id))
            queues[n_queues++] = me->previous_queue_id;
    }
    struct sealer sealer = post_sealer(post);
    const struct prekey_source source = {find_secret, post};
    struct opened opened;
    enum seal_step step;
    enum status status = seal_break(&sealer, post->options.trust, &source, queues,
        n_queues, envelope, post_now(post), &post->plain, &opened, &step);
    switch (status) {
    case STATUS_OK:
        status = opened.standing == STANDING_UNKNOWN
                     ? park(post, envelope, &opened)
                     : judge(post, &opened, envelope, received_ms);
        opened_release(&opened);
        buffer_clear(&post->plain);
        return status;
    case STATUS_NOT_FOUND:
        return keep_unreadable(post, envelope);
    case STATUS_MALFORMED:
    case STATUS_UNSUPPORTED:
    case STATUS_DENIED:
    case STATUS_FORGED:
    case STATUS_TOO_BIG:
        return arrive_refuse(post, envelope, step, ALARM_REFUSED, NULL);
    default:
        return status;
    }
}

bool arrive_has_room(const struct post *post)
{
    int64_t free_bytes = 0, total_bytes = 0;
    if (post->locked && post->raw_bytes + ENVELOPE_BYTES_MAX > RAW_BYTES_MAX)
        return false;
    if (post->options.room == NULL ||
        post->options.room(post->options.context, &free_bytes, &total_bytes) != STATUS_OK)
        return true;
    return free_bytes >=
           (post->locked ? total_bytes / 100 * RAW_FREE_DISK_PERCENT : OPEN_FREE_BYTES);
}

/* Taken unopened: nothing is parsed beyond the header (PROTOCOL.md 3). */
static enum status keep_raw(struct post *post, struct span envelope)
{
    struct header header;
    enum status status = header_decode(envelope, &header, NULL, NULL);
    if (status != STATUS_OK)
        return arrive_refuse(post, envelope, SEAL_STEP_HEADER, ALARM_REFUSED, NULL);
    status = raw_put(post->raw, header.lane, header.prekey_id, post_now(post), envelope);
    if (status == STATUS_OK)
        post->raw_bytes += (int64_t)envelope.n;
    return status;
}

enum status arrive_delivery(struct post *post, const struct frame *frame)
{
    struct span envelope = frame->deliver.envelope;
    if (envelope.n > ENVELOPE_BYTES_MAX)
        return STATUS_DENIED;
    enum status status = session_take(
        &post->session, frame->deliver.delivery, envelope.n, post_steady(post));
    if (status != STATUS_OK)
        return status;
    return post->locked ? keep_raw(post, envelope)
                        : open_envelope(post, envelope, post_now(post));
}

enum status arrive_raw(struct post *post)
{
    if (post->locked)
        return STATUS_OK;
    struct buffer envelope;
    buffer_init(&envelope, ENVELOPE_BYTES_MAX);
    enum status status = STATUS_OK;
    for (int i = 0; i < RAW_PER_TURN && status == STATUS_OK; i++) {
        int64_t id, hour_ms;
        buffer_clear(&envelope);
        status = raw_next(post->raw, &id, &hour_ms, &envelope);
        if (status != STATUS_OK)
            break;
        status = open_envelope(post, buffer_span(&envelope), hour_ms);
        if (status == STATUS_OK)
            status = raw_drop(post->raw, id);
        post->raw_bytes -= (int64_t)envelope.used;
    }
    buffer_release(&envelope);
    if (status == STATUS_NOT_FOUND) {
        post->raw_due = false;
        post->raw_bytes = 0;
        return STATUS_OK;
    }
    post->more = true;
    return status;
}

/* One parked letter, boxed in post->boxed. ret_keep: its sender is still unknown. */
static enum status judge_parked(struct post *post, int64_t at_ms, bool *ret_keep)
{
    struct span place = span_of(PARKED_PLACE, sizeof PARKED_PLACE - 1);
    struct buffer parked;
    struct opened opened;
    enum seal_step step;
    buffer_init(&parked, ENVELOPE_BYTES_MAX + PARKED_HEAD_BYTES);
    *ret_keep = false;
    enum status status =
        box_break(&post->letters_key, place, buffer_span(&post->boxed), &parked);
    if (status != STATUS_OK) {
        status = STATUS_CORRUPT;
        goto done;
    }
    struct reader reader = reader_over(buffer_span(&parked));
    size_t header_bytes = reader_u16(&reader);
    struct hash envelope = reader_hash(&reader);
    struct span header = reader_take(&reader, header_bytes);
    buffer_clear(&post->plain);
    status =
        reader.bad ? STATUS_CORRUPT : buffer_put(&post->plain, reader.at, reader.left);
    if (status != STATUS_OK)
        goto done;
    struct sealer sealer = post_sealer(post);
    status = seal_judge(&sealer, post->options.trust, header, buffer_span(&post->plain),
        &envelope, post_now(post), &opened, &step);
    if (status != STATUS_OK) {
        status =
            status == STATUS_FORGED || status == STATUS_MALFORMED ? STATUS_OK : status;
        goto done;
    }
    *ret_keep = opened.standing == STANDING_UNKNOWN;
    if (!*ret_keep)
        status = judge(post, &opened, (struct span){NULL, 0}, at_ms);
    opened_release(&opened);
done:
    buffer_clear(&post->plain);
    buffer_release(&parked);
    return status;
}

enum status arrive_parked(struct post *post)
{
    int64_t cursor = 0, version, at_ms;
    bool keep;
    if (post->locked)
        return STATUS_OK;
    for (;;) {
        buffer_clear(&post->boxed);
        enum status status = quarantine_next(
            post->quarantine, QUARANTINE_PARKED, &cursor, &version, &at_ms, &post->boxed);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        status = judge_parked(post, at_ms, &keep);
        if (status == STATUS_OK && !keep)
            status = quarantine_drop(post->quarantine, cursor);
        if (status != STATUS_OK)
            return status;
    }
}
