/* SPDX-License-Identifier: Apache-2.0
 * The operator's side: admission, what is loaded by hand, what is told of the inside.
 */
#include "broker_private.h"

#include "log.h"

/* ---- ending ---- */

void broker_drain(struct broker *broker)
{
    broker->draining = true;
}

bool broker_drained(const struct broker *broker)
{
    return broker->drained;
}

/* ---- admission ---- */

enum admission broker_admits(
    const struct broker *broker, const uint8_t key[static TRANSPORT_KEY_BYTES])
{
    const struct member *member = trust_find_transport(broker->trust, key);
    switch (broker_standing(broker, member)) {
    case STANDING_ACTIVE:
    case STANDING_SUSPENDED:
        return broker->draining ? ADMIT_LATER : ADMIT_YES;
    case STANDING_REVOKED:
        return ADMIT_NEVER;
    case STANDING_UNKNOWN:
        break;
    }
    return ADMIT_LATER; /* the next roster may have it */
}

/* ---- documents ---- */

static enum status load(struct broker *broker, enum document_type type, struct span bytes,
    struct trouble *trouble)
{
    if (type != DOCUMENT_ROOT || trust_is_pinned(broker->trust)) {
        enum status status = broker_offer_document(broker, type, bytes, trouble);
        /* An older root of the chain that is held is no news, and nothing wrong. */
        return type == DOCUMENT_ROOT && status == STATUS_EXPIRED ? STATUS_EXISTS : status;
    }
    enum status status = trust_pin(broker->trust, bytes, trouble);
    if (status == STATUS_FULL || status == STATUS_IO || status == STATUS_CORRUPT) {
        broker_fail(broker, status);
    }
    broker->trust_changed = status == STATUS_OK;
    return status;
}

enum status broker_load(struct broker *broker, enum document_type type, struct span bytes,
    struct trouble *trouble)
{
    enum status status = broker_begin(broker);
    if (status != STATUS_OK) {
        trouble_say(
            trouble, "the exchange cannot write its database (%s)", status_name(status));
        return status;
    }
    enum status result = load(broker, type, bytes, trouble);
    status = broker_end(broker);
    if (status == STATUS_OK && broker->was_rolled_back) {
        trouble_say(trouble, "the disk is full: this document was not loaded. Make room, "
                             "then load it again");
        status = STATUS_FULL;
    }
    if (status == STATUS_OK && result == STATUS_CONFLICT) {
        log_event(LOG_ALARM, "document-fork", "type=%d", (int)type);
    }
    return status != STATUS_OK ? status : result;
}

/* ---- what is told ---- */

static int64_t hour_to_ms(uint32_t hour)
{
    return (int64_t)hour * HOUR_MS;
}

void broker_status(struct broker *broker, struct broker_status *ret)
{
    const struct trust *trust = broker->trust;
    const struct held *oldest = mailboxes_oldest(broker->mailboxes);
    *ret = (struct broker_status){
        .store_id = *origin_store_id(broker->origin),
        .root_version = trust_version(trust, DOCUMENT_ROOT),
        .roster_version = trust_version(trust, DOCUMENT_ROSTER),
        .profiles_version = trust_version(trust, DOCUMENT_PROFILES),
        .roster_expires_ms = trust_roster_expires_ms(trust),
        .members = trust_member_count(trust),
        .sessions = lobby_count(broker->lobby),
        .envelopes = (int64_t)mailboxes_count_held(broker->mailboxes),
        .bytes = mailboxes_count_bytes(broker->mailboxes),
        .oldest_hour_ms = oldest != NULL ? hour_to_ms(oldest->hour) : 0,
        .refusing_disk = broker->refuses_disk,
        .draining = broker->draining,
        .forked = trust_forked(trust),
        .offers = broker->counts.offers,
        .helds = broker->counts.helds,
        .delivered = broker->counts.delivered,
        .taken = broker->counts.taken,
        .refused = broker->counts.refused,
        .duplicates = broker->counts.duplicates,
        .purged = broker->counts.purged,
    };
}

static void note_oldest(struct queue_line *line, const struct held *held)
{
    int64_t hour_ms = held != NULL ? hour_to_ms(held->hour) : 0;
    if (hour_ms > 0 && (line->oldest_hour_ms == 0 || hour_ms < line->oldest_hour_ms)) {
        line->oldest_hour_ms = hour_ms;
    }
}

static void add_mailbox(
    const struct broker *broker, struct queue_line *line, const struct mailbox *mailbox)
{
    for (size_t i = 0; i < QUEUE_COUNT; i++) {
        note_oldest(line, mailbox->queues[i].first);
    }
    line->envelopes += mailbox->envelopes;
    line->bytes += mailbox->bytes;
    int silence = (int)quota_silence(mailbox->collected_hour, broker_hour(broker));
    if (mailbox->envelopes > 0 && silence > line->silence_days) {
        line->silence_days = silence;
    }
}

static void note_session(struct queue_line *line, struct session *session)
{
    line->connected = true;
    line->locked = session->locked;
    for (uint64_t i = session->first_delivery; i < session->next_delivery; i++) {
        const struct parcel *parcel = session_find_parcel(session, i);
        if (parcel != NULL && (uint32_t)parcel->held->id == parcel->id) {
            note_oldest(line, parcel->held);
        }
    }
}

static struct queue_line describe_member(
    const struct broker *broker, const struct member *member)
{
    struct queue_line line = {.node_id = member->node_id};
    const struct ident queues[] = {member->previous_queue_id, member->queue_id};
    for (size_t i = 0; i < 2; i++) {
        const struct mailbox *mailbox =
            ident_is_zero(&queues[i]) ? NULL
                                      : mailboxes_find(broker->mailboxes, &queues[i]);
        if (mailbox != NULL) {
            add_mailbox(broker, &line, mailbox);
        }
    }
    const struct caller *caller = lobby_find_caller(broker->lobby, &member->node_id);
    if (caller != NULL && caller->session != NULL) {
        note_session(&line, caller->session);
    }
    return line;
}

enum status broker_queues(
    struct broker *broker, struct queue_line *ret, size_t max, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < trust_member_count(broker->trust) && n < max; i++) {
        struct queue_line line =
            describe_member(broker, trust_nth_member(broker->trust, i));
        if (line.envelopes > 0 || line.connected) {
            ret[n++] = line;
        }
    }
    *ret_n = n;
    return broker->failure;
}

enum status broker_check(struct broker *broker, struct trouble *trouble)
{
    enum status status = db_check(broker->db, trouble);
    if (status == STATUS_OK) {
        status = mailboxes_check(broker->mailboxes, trouble);
    }
    return status;
}
