/* SPDX-License-Identifier: Apache-2.0
 * Spoken after the commit, in this order: answers, then papers, then deliveries, of the latter two a part
 * each turn, so that nobody's mail keeps the others' offers waiting. A session whose pipe is full is blocked:
 * its answers are kept, and nothing else is made for it until they are said.
 */
#include "broker_private.h"

#include <stddef.h>

#include "log.h"
#include "memory.h"

enum {
    PAPERS_BYTES = TURN_BYTES_MAX / 4,
    DELIVERIES_BYTES = TURN_BYTES_MAX,
    KEPT_ANSWERS_MAX =
        2 * TURN_FRAMES_MAX /* of one session: then it does not read at all */
};
#define RETRY_FIRST_MS INT64_C(20)
#define RETRY_LAST_MS (1 * SECOND_MS)

static struct session *session_at(struct place *place, size_t offset)
{
    return (struct session *)(void *)((uint8_t *)place - offset);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- full pipes ---- */

/* It is tried again, later each time. */
static void block(struct broker *broker, struct session *session)
{
    int64_t now = broker->steady_ms;
    if (session->blocked_since_steady_ms == 0) {
        session->blocked_since_steady_ms = now;
    }
    int64_t wait_ms = smaller(now - session->blocked_since_steady_ms, RETRY_LAST_MS);
    wait_ms = wait_ms > RETRY_FIRST_MS ? wait_ms : RETRY_FIRST_MS;
    broker->retry_steady_ms = smaller(broker->retry_steady_ms, now + wait_ms);
    session->is_blocked = true;
    schedule_remove(&broker->deliveries, &session->place);
    schedule_remove(&broker->papers, &session->paper_place);
}

static void unblock_all(struct broker *broker)
{
    if (broker->retry_steady_ms == INT64_MAX) {
        return; /* nobody is */
    }
    broker->retry_steady_ms = INT64_MAX;
    for (struct session *session = lobby_first(broker->lobby); session != NULL;
         session = session->next) {
        if (session->is_blocked) {
            session->is_blocked = false;
            schedule_add(&broker->papers, &session->paper_place);
            broker_ready(broker, session);
        }
    }
}

static enum status send_to(struct broker *broker, uint64_t connection, struct span frame)
{
    return broker->options.outlet.send(broker->options.outlet.context, connection, frame);
}

/* OK: it was said. BUSY: the session is blocked now. NOT_FOUND: it is over. */
static enum status say(struct broker *broker, struct session *session)
{
    enum status status =
        send_to(broker, session->connection, buffer_span(&broker->frame));
    if (status == STATUS_OK) {
        session->blocked_since_steady_ms = 0;
    } else if (status == STATUS_BUSY) {
        block(broker, session);
    } else {
        broker_end_session(broker, session, true, "gone");
        status = STATUS_NOT_FOUND;
    }
    return status;
}

/* ---- answers ---- */

static void keep_answer(struct broker *broker, struct session *session)
{
    if (session->kept_turn != broker->turn) {
        session->kept_turn = broker->turn;
        session->n_kept = 0;
    }
    if (++session->n_kept > KEPT_ANSWERS_MAX) {
        broker_end_session(broker, session, true, "does-not-read");
        return;
    }
    answers_keep(broker->answers);
}

static void say_answers(struct broker *broker)
{
    uint64_t connection = 0;
    struct span frame;
    while (answers_next(broker->answers, &connection, &frame)) {
        struct session *session = lobby_find(broker->lobby, connection);
        if (session != NULL && session->is_blocked) {
            keep_answer(broker, session);
            continue;
        }
        enum status status = send_to(broker, connection, frame);
        if (session == NULL) {
            continue; /* a word to a stranger: heard or not */
        }
        if (status == STATUS_OK) {
            session->blocked_since_steady_ms = 0;
        } else if (status == STATUS_BUSY) {
            block(broker, session);
            keep_answer(broker, session);
        } else {
            broker_end_session(broker, session, true, "gone");
        }
    }
}

static void make_credit(struct broker *broker)
{
    struct place *place = NULL;
    while ((place = schedule_next(&broker->grants)) != NULL) {
        struct session *session =
            session_at(place, offsetof(struct session, grant_place));
        struct frame frame = {.kind = FRAME_CREDIT};
        frame.credit.bytes = grant_renew(&session->grant, broker->steady_ms);
        if (frame.credit.bytes > 0 && !broker->draining) {
            broker_answer(broker, session->connection, &frame);
        }
        schedule_remove(&broker->grants, place);
    }
}

/* Who has heard all answers hears goodbye. */
static void part_with_all(struct broker *broker)
{
    struct session *next = NULL;
    for (struct session *session = lobby_first(broker->lobby); session; session = next) {
        next = session->next;
        if (!session->is_blocked) {
            uint64_t connection = session->connection;
            broker_end_session(broker, session, false, "draining");
            broker_part(broker, connection, REFUSAL_DRAINING);
        }
    }
    say_answers(broker);
    broker->drained = lobby_first(broker->lobby) == NULL;
}

/* ---- papers ---- */

static enum status say_papers(struct broker *broker)
{
    int64_t bytes_left = PAPERS_BYTES;
    struct place *place = NULL;
    while (bytes_left > 0 && (place = schedule_next(&broker->papers)) != NULL) {
        struct session *session =
            session_at(place, offsetof(struct session, paper_place));
        schedule_remove(&broker->papers, place);
        enum status status =
            session->is_blocked ? STATUS_NOT_FOUND : broker_make_paper(broker, session);
        if (status == STATUS_NOT_FOUND) {
            continue;
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (say(broker, session) == STATUS_OK) {
            bytes_left -= (int64_t)broker->frame.used;
            broker_paper_said(broker, session);
            schedule_add(&broker->papers, place); /* a part each, in turn */
        }
    }
    return STATUS_OK;
}

/* ---- deliveries ---- */

void broker_ready(struct broker *broker, struct session *session)
{
    if (session->gave_credit && !session->is_blocked) {
        schedule_add(&broker->deliveries, &session->place);
    }
}

void broker_on_waiting(void *context, struct mailbox *mailbox)
{
    if (mailbox->session != NULL) {
        mailbox->session->told_empty = false;
        broker_ready(context, mailbox->session);
    }
}

static enum queue choose(const struct session *session)
{
    const struct caller *caller = session->caller;
    struct choice_facts facts = {
        .under_way = session->n_under_way,
        .alone = session->alone,
        .express_run = session->express_run,
    };
    for (size_t i = 0; i < MAILBOXES_OF_MEMBER; i++) {
        for (unsigned queue = 0; caller->mailboxes[i] != NULL && queue < QUEUE_COUNT;
             queue++) {
            facts.waiting[queue] += caller->mailboxes[i]->queues[queue].n;
        }
    }
    return schedule_choose(&facts);
}

static struct mailbox *find_mailbox(const struct session *session, enum queue queue)
{
    for (size_t i = 0; i < MAILBOXES_OF_MEMBER; i++) {
        struct mailbox *mailbox = session->caller->mailboxes[i];
        if (mailbox != NULL && mailbox->queues[queue].n > 0) {
            return mailbox;
        }
    }
    return NULL;
}

/* Nothing to give: is that because the mailbox is drained? */
static void say_empty(struct broker *broker, struct session *session)
{
    struct frame frame = {.kind = FRAME_EMPTY};
    if (session->told_empty || session->n_under_way > 0) {
        return;
    }
    enum status status = frame_encode(&frame, &broker->frame);
    PROMISE(status == STATUS_OK);
    if (say(broker, session) == STATUS_OK) {
        session->told_empty = true;
    }
}

static void note_given(struct broker *broker, struct session *session,
    struct mailbox *mailbox, enum queue queue)
{
    struct held *held = mailbox_give(mailbox, queue);
    uint64_t delivery = session_give(session, held);
    window_gave(&session->window, delivery, held->bytes, broker->steady_ms);
    session->credit_bytes -= held->bytes;
    broker->out_bytes += held->bytes;
    broker->counts.delivered++;
    session->told_empty = false;
    session->alone = queue == QUEUE_BEHIND || queue == QUEUE_ASIDE;
    if (queue == QUEUE_EXPRESS) {
        session->express_run++;
    } else if (queue == QUEUE_NORMAL) {
        session->express_run = 0;
    }
}

static enum status deliver(struct broker *broker, struct session *session,
    struct mailbox *mailbox, enum queue queue)
{
    struct frame frame = {.kind = FRAME_DELIVER};
    frame.deliver.delivery = session->next_delivery;
    enum status status = mailbox_read(
        broker->mailboxes, mailbox->queues[queue].first, &frame.deliver.envelope);
    if (status != STATUS_OK) {
        return status;
    }
    status = frame_encode(&frame, &broker->frame);
    PROMISE(status == STATUS_OK);
    if (say(broker, session) == STATUS_OK) {
        note_given(broker, session, mailbox, queue);
    }
    return STATUS_OK;
}

/* One step of whose turn it is: an envelope, a word, or its place in the ring. */
static enum status serve(struct broker *broker, struct session *session,
    int64_t *bytes_left, bool *ret_throttled)
{
    if (broker_standing(broker, session->caller->member) != STANDING_ACTIVE) {
        schedule_remove(&broker->deliveries, &session->place);
        return STATUS_OK;
    }
    enum queue queue = choose(session);
    if (queue == QUEUE_COUNT) {
        schedule_remove(&broker->deliveries, &session->place);
        say_empty(broker, session);
        return STATUS_OK;
    }
    struct mailbox *mailbox = find_mailbox(session, queue);
    int64_t bytes = mailbox->queues[queue].first->bytes;
    if (session->credit_bytes < bytes || !window_has_room(&session->window, bytes) ||
        !session_may_give(session)) {
        schedule_remove(&broker->deliveries, &session->place); /* until CREDIT or TAKEN */
        return STATUS_OK;
    }
    if (broker->out_bytes + bytes > INFLIGHT_BYTES_MAX) {
        *ret_throttled = true; /* until anybody's TAKEN */
        return STATUS_OK;
    }
    if (!schedule_spend(&broker->deliveries, &session->place, bytes)) {
        return STATUS_OK;
    }
    *bytes_left -= bytes;
    return deliver(broker, session, mailbox, queue);
}

static enum status say_deliveries(struct broker *broker, bool *ret_throttled)
{
    enum status status = STATUS_OK;
    int64_t bytes_left = DELIVERIES_BYTES;
    bool throttled = false;
    struct place *place = NULL;
    while (status == STATUS_OK && bytes_left > 0 && !throttled &&
           (place = schedule_next(&broker->deliveries)) != NULL) {
        struct session *session = session_at(place, offsetof(struct session, place));
        status = serve(broker, session, &bytes_left, &throttled);
    }
    *ret_throttled = throttled;
    return status;
}

/* ---- all of it ---- */

enum status broker_speak(struct broker *broker)
{
    bool throttled = false;
    unblock_all(broker);
    make_credit(broker);
    say_answers(broker);
    if (broker->draining) {
        part_with_all(broker);
        broker->has_more = false;
        return STATUS_OK;
    }
    enum status status = say_papers(broker);
    if (status == STATUS_OK) {
        status = say_deliveries(broker, &throttled);
    }
    broker->has_more =
        broker->papers.first != NULL || (broker->deliveries.first != NULL && !throttled);
    return status;
}
