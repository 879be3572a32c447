/* SPDX-License-Identifier: Apache-2.0
 * Sessions begin with HELLO and end in one function. A caller is bound to its row of the roster and to its
 * mailboxes anew with every roster; a session lives on only while its key is that member's.
 */
#include "broker_private.h"

#include <string.h>

#include "log.h"

/* A node asks after 15 minutes of silence. Who is silent for longer is asked, and given up when it does not
 * answer: half a connection that died must not keep its deliveries for ever. */
#define SILENT_MS (25 * MINUTE_MS)
#define ANSWER_MS (5 * MINUTE_MS)
enum { COLLECTED_EVERY_HOURS = 12 };

enum standing broker_standing(const struct broker *broker, const struct member *member)
{
    return trust_standing(broker->trust, member, broker->wall_ms);
}

/* ---- callers ---- */

static struct mailbox *bind_mailbox(
    struct broker *broker, struct caller *caller, const struct ident *queue_id)
{
    if (ident_is_zero(queue_id)) {
        return NULL;
    }
    struct mailbox *mailbox =
        mailboxes_get(broker->mailboxes, queue_id, broker_hour(broker));
    mailbox->session = caller->session;
    return mailbox;
}

static void unbind_mailboxes(struct caller *caller)
{
    for (size_t i = 0; i < MAILBOXES_OF_MEMBER; i++) {
        if (caller->mailboxes[i] != NULL) {
            caller->mailboxes[i]->session = NULL;
            caller->mailboxes[i] = NULL;
        }
    }
}

static void bind_caller(struct broker *broker, struct caller *caller)
{
    caller->member = trust_find_node(broker->trust, &caller->node_id);
    if (caller->member != NULL) {
        caller->mailboxes[0] =
            bind_mailbox(broker, caller, &caller->member->previous_queue_id);
        caller->mailboxes[1] = bind_mailbox(broker, caller, &caller->member->queue_id);
    }
}

static struct caller *get_caller(struct broker *broker, const struct ident *node_id)
{
    struct caller *caller = lobby_find_caller(broker->lobby, node_id);
    if (caller == NULL) {
        caller = lobby_get_caller(broker->lobby, node_id);
        bucket_fill(&caller->offers, &broker->offers_size, broker->steady_ms);
        bucket_fill(&caller->express, &broker->express_size, broker->steady_ms);
        bucket_fill(&caller->papers, &broker->papers_size, broker->steady_ms);
    }
    return caller;
}

/* ---- the end of a session ---- */

static void tell_set_aside(const struct session *session)
{
    char node[NODE_TEXT_BYTES];
    log_event(LOG_ALARM, "set-aside", "node=%s sessions-ended=%d",
        broker_node_text(&session->caller->node_id, node), POISON_SESSIONS_ASIDE);
}

static void give_back_parcels(struct broker *broker, struct session *session, bool blames)
{
    uint64_t first = session->first_delivery;
    for (uint64_t i = session->next_delivery; i > first; i--) {
        struct parcel *parcel = session_find_parcel(session, i - 1);
        if (parcel == NULL) {
            continue;
        }
        struct held *held = parcel->held;
        broker->out_bytes -= parcel->bytes;
        if ((uint32_t)held->id == parcel->id && held->state == HELD_OUT) {
            bool ended = blames && i - 1 == first;
            mailbox_give_back(broker->mailboxes, held, ended);
            if (ended && held->ended == POISON_SESSIONS_ASIDE) {
                tell_set_aside(session);
            }
        }
        session_close_parcel(session, i - 1);
    }
}

void broker_end_session(
    struct broker *broker, struct session *session, bool blames, const char *reason)
{
    char node[NODE_TEXT_BYTES];
    struct caller *caller = session->caller;
    give_back_parcels(broker, session, blames);
    broker_forget_helds(broker, session);
    schedule_remove(&broker->deliveries, &session->place);
    schedule_remove(&broker->grants, &session->grant_place);
    schedule_remove(&broker->papers, &session->paper_place);
    intake_forget(broker->intake, session->connection);
    log_event(LOG_INFO, "session-end", "node=%s reason=%s",
        broker_node_text(&caller->node_id, node), reason);
    lobby_remove(broker->lobby, session);
    for (size_t i = 0; i < MAILBOXES_OF_MEMBER; i++) {
        if (caller->mailboxes[i] != NULL) {
            caller->mailboxes[i]->session = NULL;
        }
    }
}

/* ---- HELLO ---- */

/* 0 if the member may have a session. */
static enum refusal judge_hello(
    const struct broker *broker, const struct member *member, const struct frame *frame)
{
    if (member == NULL || !ident_equal(&member->node_id, &frame->hello.node_id)) {
        return REFUSAL_NOT_MEMBER;
    }
    if (broker_standing(broker, member) == STANDING_REVOKED) {
        return REFUSAL_SUSPENDED;
    }
    if (frame->hello.version_min > LINK_VERSION ||
        frame->hello.version_max < LINK_VERSION ||
        (frame->hello.suites & suite_bits()) == 0) {
        return REFUSAL_VERSION;
    }
    return broker->draining ? REFUSAL_DRAINING : (enum refusal)0;
}

static void replace_session(
    struct broker *broker, struct caller *caller, uint64_t connection)
{
    char node[NODE_TEXT_BYTES];
    struct session *old = caller->session;
    if (old == NULL) {
        return;
    }
    bool same = old->connection == connection;
    broker_end_session(broker, old, true, same ? "hello-again" : "replaced");
    if (!same && replacements_add(&caller->replacements, broker->steady_ms)) {
        log_event(LOG_ALARM, "key-cloned", "node=%s replacements=%zu",
            broker_node_text(&caller->node_id, node), caller->replacements.n);
    }
}

static size_t count_waiting(const struct caller *caller, enum queue queue)
{
    size_t n = 0;
    for (size_t i = 0; i < MAILBOXES_OF_MEMBER; i++) {
        n += caller->mailboxes[i] != NULL ? caller->mailboxes[i]->queues[queue].n : 0;
    }
    return n;
}

static void welcome(struct broker *broker, struct session *session)
{
    const struct trust *trust = broker->trust;
    struct hash hash = trust_roster_hash(trust);
    struct frame frame = {.kind = FRAME_WELCOME};
    frame.welcome.version = LINK_VERSION;
    frame.welcome.suite_bits = suite_bits();
    frame.welcome.store_id = *origin_store_id(broker->origin);
    frame.welcome.time_ms = broker->wall_ms > 0 ? broker->wall_ms : 0;
    frame.welcome.root_version = trust_version(trust, DOCUMENT_ROOT);
    frame.welcome.roster_version = trust_version(trust, DOCUMENT_ROSTER);
    frame.welcome.profiles_version = trust_version(trust, DOCUMENT_PROFILES);
    frame.welcome.notice_number = trust_version(trust, DOCUMENT_NOTICE);
    memcpy(frame.welcome.roster_hash, hash.bytes, FRAME_HASH_BYTES);
    frame.welcome.bundle_number =
        bundles_number(broker->bundles, &session->caller->node_id);
    frame.welcome.credit_bytes = (uint32_t)session->grant.left_bytes;
    for (unsigned queue = 0; queue < QUEUE_COUNT; queue++) {
        size_t n = count_waiting(session->caller, (enum queue)queue);
        frame.welcome.waiting += (uint32_t)n;
        frame.welcome.waiting_express += queue == QUEUE_EXPRESS ? (uint32_t)n : 0;
    }
    broker_answer(broker, session->connection, &frame);
}

/* What the node has and we lack, and what changed here since it asked last. */
static void compare_papers(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    uint64_t mine = trust_version(broker->trust, DOCUMENT_ROSTER);
    uint64_t theirs = frame->hello.roster_version;
    struct hash hash = trust_roster_hash(broker->trust);
    bool differs = theirs == mine && mine > 0 &&
                   memcmp(frame->hello.roster_hash, hash.bytes, FRAME_HASH_BYTES) != 0;
    if (theirs > mine || (differs && !trust_forked(broker->trust))) {
        broker_ask_document(broker, session->connection, DOCUMENT_ROSTER, theirs, 0);
    }
    if (bundles_mark(broker->bundles) != frame->hello.bundles_mark) {
        broker_wish_bundles(broker, session, frame->hello.bundles_mark);
    }
}

static struct session *begin_session(struct broker *broker, struct caller *caller,
    uint64_t connection, const uint8_t key[static TRANSPORT_KEY_BYTES])
{
    struct session *here = lobby_find(broker->lobby, connection);
    if (here != NULL && here->caller != caller) { /* its key is another member's now */
        broker_end_session(broker, here, true, "other-member");
    }
    replace_session(broker, caller, connection);
    struct session *session = lobby_add(broker->lobby, connection, caller);
    bind_caller(broker, caller);
    grant_init(&session->grant, broker->steady_ms);
    window_init(&session->window);
    memcpy(session->key, key, TRANSPORT_KEY_BYTES);
    session->spoke_turn = broker->turn;
    session->heard_steady_ms = broker->steady_ms;
    return session;
}

void broker_on_hello(struct broker *broker, uint64_t connection,
    const uint8_t key[static TRANSPORT_KEY_BYTES], const struct frame *frame)
{
    char node[NODE_TEXT_BYTES];
    const struct member *member = trust_find_transport(broker->trust, key);
    struct session *here = lobby_find(broker->lobby, connection);
    enum refusal code = judge_hello(broker, member, frame);
    if (code != 0) {
        if (here != NULL) {
            broker_end_session(broker, here, true, refusal_name(code));
        }
        log_event(LOG_INFO, "hello-refused", "reason=%s", refusal_name(code));
        broker_refuse(broker, connection, NULL, code, quota_retry_after_s(code));
        return;
    }
    struct caller *caller = get_caller(broker, &member->node_id);
    struct session *session = begin_session(broker, caller, connection, key);
    session->locked = frame->hello.locked;
    session->bundles_after = frame->hello.bundles_mark;
    log_event(LOG_INFO, "session-open", "node=%s locked=%d roster=%llu",
        broker_node_text(&caller->node_id, node), (int)session->locked,
        (unsigned long long)frame->hello.roster_version);
    welcome(broker, session);
    compare_papers(broker, session, frame);
}

/* ---- looking again ---- */

/* Ends what may not go on, frees what a suspended member may not take, lets flow what may flow. */
static void review_session(struct broker *broker, struct session *session)
{
    const struct member *member = session->caller->member;
    uint64_t connection = session->connection;
    bool same_key = member != NULL &&
                    memcmp(member->transport, session->key, TRANSPORT_KEY_BYTES) == 0;
    enum standing standing =
        same_key ? broker_standing(broker, member) : STANDING_UNKNOWN;
    switch (standing) {
    case STANDING_UNKNOWN:
        broker_end_session(broker, session, false, "no-member");
        broker_part(broker, connection, REFUSAL_NOT_MEMBER);
        break;
    case STANDING_REVOKED:
        broker_end_session(broker, session, false, "revoked");
        broker_part(broker, connection, REFUSAL_SUSPENDED);
        break;
    case STANDING_SUSPENDED: /* its TAKEN counts no more: nothing is under way */
        give_back_parcels(broker, session, false);
        window_init(&session->window);
        break;
    case STANDING_ACTIVE:
        broker_ready(broker, session);
        break;
    }
}

/* A purge is due if something became unwanted. */
static void mark_unwanted(struct broker *broker)
{
    struct mailbox *mailbox = mailboxes_first(broker->mailboxes);
    for (; mailbox != NULL; mailbox = mailbox->next) {
        const struct member *member = trust_find_queue(broker->trust, &mailbox->queue_id);
        bool unwanted =
            member != NULL && broker_standing(broker, member) == STANDING_REVOKED;
        mailboxes_set_unwanted(broker->mailboxes, mailbox, unwanted);
        if (unwanted && mailbox->envelopes > 0) {
            broker->purge_steady_ms = broker->steady_ms;
        }
    }
}

void broker_look_again(struct broker *broker)
{
    struct caller *first = lobby_first_caller(broker->lobby);
    for (struct caller *caller = first; caller != NULL; caller = caller->next) {
        unbind_mailboxes(
            caller); /* all of them first: a queue may be another member's now */
    }
    for (struct caller *caller = first; caller != NULL; caller = caller->next) {
        bind_caller(broker, caller);
        if (caller->session != NULL) {
            review_session(broker, caller->session);
        }
    }
    mark_unwanted(broker);
}

/* ---- from time to time ---- */

static void ask_alive(struct broker *broker, struct session *session)
{
    struct frame ping = {.kind = FRAME_PING};
    ping.ping.time_ms = broker->wall_ms > 0 ? broker->wall_ms : 0;
    session->asked_steady_ms = broker->steady_ms;
    broker_answer(broker, session->connection, &ping);
}

static bool has_vanished(const struct broker *broker, const struct session *session)
{
    return session->asked_steady_ms > session->heard_steady_ms &&
           broker->steady_ms - session->asked_steady_ms >= ANSWER_MS;
}

/* A member that is here and has nothing to take is not silent. */
static void note_collected(struct broker *broker, const struct caller *caller)
{
    uint32_t hour = broker_hour(broker);
    for (size_t i = 0; i < MAILBOXES_OF_MEMBER; i++) {
        struct mailbox *mailbox = caller->mailboxes[i];
        if (mailbox != NULL && mailbox->collected_hour + COLLECTED_EVERY_HOURS <= hour) {
            mailbox_collected(broker->mailboxes, mailbox, hour);
        }
    }
}

void broker_watch_sessions(struct broker *broker)
{
    struct session *next = NULL;
    for (struct session *session = lobby_first(broker->lobby); session; session = next) {
        next = session->next;
        uint64_t connection = session->connection;
        if (has_vanished(broker, session)) {
            broker_end_session(broker, session, true, "silent");
            broker_part(broker, connection, (enum refusal)0);
            continue;
        }
        if (broker->steady_ms - session->heard_steady_ms >= SILENT_MS) {
            ask_alive(broker, session);
        } else if (session->told_empty) {
            note_collected(broker, session->caller);
        }
        review_session(broker, session);
    }
}
