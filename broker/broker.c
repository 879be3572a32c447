/* SPDX-License-Identifier: Apache-2.0
 * A turn: begin a transaction; hand each frame to its handler by the table of session.h; purge what is due;
 * commit once; tell all parts that it was committed; speak.
 */
#include "broker_private.h"

#include <string.h>

#include "log.h"
#include "memory.h"
#include "rows.h"
#include "session.h"
#include "tombstones.h"

enum {
    APPLICATION_ID = 0x616d6272, /* "ambr" */
    PAGE_BYTES = 16384, /* 7 small envelopes a page: the best of 4 to 64 KiB (measured) */
    CACHE_PAGES_BYTES = 32 * 1024 * 1024,
    CHECKPOINT_PAGES = 1000,
    ALL_ENVELOPES_MAX = 4000000, /* 640 MiB of memory for their index */
    /* Documents that one member brings: a check of signatures each. All in force, and a few. */
    PAPERS_BURST = 64,
    PAPERS_PER_HOUR = 600,
    /* Times that all members are sent new bundles. */
    NEWS_BURST = 64,
    NEWS_PER_HOUR = 60
};
#define PURGE_EVERY_MS (10 * MINUTE_MS)
#define WATCH_EVERY_MS (10 * MINUTE_MS)

/* ---- opening ---- */

static void set_time(struct broker *broker)
{
    broker->wall_ms = clock_wall_ms(broker->options.clock);
    broker->steady_ms = clock_steady_ms(broker->options.clock);
    broker->now_ms = calendar_turn(&broker->calendar, broker->wall_ms, broker->steady_ms,
        trust_newest_signed_ms(broker->trust));
}

static enum status open_stores(struct broker *broker, struct trouble *trouble)
{
    struct chance *chance = broker->options.chance;
    enum status status = db_begin(broker->db);
    if (status == STATUS_OK) {
        status = origin_open(broker->db, chance, &broker->origin, trouble);
        enum status end = db_commit(broker->db);
        status = status == STATUS_OK ? end : status;
    }
    if (status == STATUS_OK) {
        status = trust_open(broker->db, &broker->trust, trouble);
    }
    if (status == STATUS_OK) {
        status = bundles_open(broker->db, chance, &broker->bundles, trouble);
    }
    if (status == STATUS_OK) {
        calendar_init(&broker->calendar, origin_hour(broker->origin) * HOUR_MS,
            broker->wall_ms, broker->steady_ms);
        set_time(broker);
        status = mailboxes_open(
            broker->db, chance, broker_hour(broker), &broker->mailboxes, trouble);
    }
    return status;
}

static enum status open_database(struct broker *broker, struct trouble *trouble)
{
    const char *const migrations[] = {
        TRUST_SCHEMA, ROWS_SCHEMA, TOMBSTONES_SCHEMA, BUNDLES_SCHEMA, ORIGIN_SCHEMA};
    struct db_options options = {
        .path = broker->options.path,
        .vfs = broker->options.vfs,
        .migrations = migrations,
        .n_migrations = ARRAY_LENGTH(migrations),
        .application_id = APPLICATION_ID,
        .page_bytes = PAGE_BYTES,
        .cache_bytes = CACHE_PAGES_BYTES,
    };
    enum status status = db_open(&options, &broker->db, trouble);
    if (status == STATUS_OK) {
        status = open_stores(broker, trouble);
    }
    return status;
}

static int64_t choose_limit(int64_t asked, int64_t normal)
{
    return asked > 0 ? asked : normal;
}

static void set_limits(struct broker *broker)
{
    const struct broker_options *options = &broker->options;
    broker->limits = (struct quota_limits){
        .mailbox_envelopes =
            choose_limit(options->mailbox_envelopes_max, MAILBOX_ENVELOPES_MAX),
        .mailbox_bytes = choose_limit(options->mailbox_bytes_max, MAILBOX_BYTES_MAX),
        .all_envelopes = ALL_ENVELOPES_MAX,
    };
    broker->offers_size = (struct bucket_size){
        .tokens = choose_limit(options->offers_burst, OFFERS_BURST),
        .per_hour = 60 * choose_limit(options->offers_per_minute, OFFERS_PER_MINUTE),
    };
    broker->express_size = (struct bucket_size){EXPRESS_BURST, EXPRESS_PER_HOUR};
    broker->papers_size = (struct bucket_size){PAPERS_BURST, PAPERS_PER_HOUR};
    broker->news_size = (struct bucket_size){NEWS_BURST, NEWS_PER_HOUR};
    bucket_fill(&broker->news, &broker->news_size, broker->steady_ms);
}

enum status broker_open(
    const struct broker_options *options, struct broker **ret, struct trouble *trouble)
{
    struct broker *broker = memory_new(sizeof *broker);
    broker->options = *options;
    broker->wall_ms = clock_wall_ms(options->clock);
    broker->steady_ms = clock_steady_ms(options->clock);
    broker->room_asked_steady_ms = INT64_MIN / 2;
    broker->retry_steady_ms = INT64_MAX;
    broker->purge_steady_ms = broker->steady_ms;
    broker->watch_steady_ms = broker->steady_ms + WATCH_EVERY_MS;
    set_limits(broker);
    buffer_init(&broker->frame, FRAME_BYTES_MAX);
    for (size_t i = 0; i < DOCUMENT_TYPE_COUNT; i++) {
        buffer_init(&broker->newest[i].bytes, PROFILES_BYTES_MAX);
    }
    buffer_init(&broker->other.bytes, PROFILES_BYTES_MAX);
    broker->arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    broker->lobby = lobby_new(options->chance);
    broker->intake = intake_new();
    broker->answers = answers_new();
    enum status status = open_database(broker, trouble);
    if (status != STATUS_OK) {
        broker_close(&broker);
        return status;
    }
    broker->reserve = reserve_open(options->vfs == NULL ? options->path : NULL);
    for (unsigned type = 1; type < DOCUMENT_TYPE_COUNT; type++) {
        broker->told[type] = trust_version(broker->trust, (enum document_type)type);
    }
    broker->bundles_told = bundles_mark(broker->bundles);
    broker_look_again(broker);
    *ret = broker;
    return STATUS_OK;
}

void broker_close(struct broker **broker_p)
{
    struct broker *broker = *broker_p;
    if (broker == NULL) {
        return;
    }
    if (broker->mailboxes != NULL) {
        while (lobby_first(broker->lobby) != NULL) {
            broker_end_session(broker, lobby_first(broker->lobby), false, "close");
        }
    }
    broker_papers_release(broker);
    lobby_destroy(&broker->lobby);
    intake_destroy(&broker->intake);
    answers_destroy(&broker->answers);
    reserve_close(&broker->reserve);
    mailboxes_close(&broker->mailboxes);
    bundles_close(&broker->bundles);
    trust_close(&broker->trust);
    origin_close(&broker->origin);
    db_close(&broker->db);
    arena_destroy(&broker->arena);
    buffer_release(&broker->frame);
    memory_free(broker);
    *broker_p = NULL;
}

/* ---- small things that all parts use ---- */

uint32_t broker_hour(const struct broker *broker)
{
    return calendar_hour(&broker->calendar);
}

const char *broker_node_text(
    const struct ident *node_id, char text[static NODE_TEXT_BYTES])
{
    hex_format(node_id->bytes, (NODE_TEXT_BYTES - 1) / 2, text);
    return text;
}

void broker_fail(struct broker *broker, enum status status)
{
    bool ends_turn =
        status == STATUS_FULL || status == STATUS_IO || status == STATUS_CORRUPT;
    PROMISE(ends_turn);
    if (broker->failure == STATUS_OK || broker->failure == STATUS_FULL) {
        broker->failure = status;
    }
}

void broker_answer(struct broker *broker, uint64_t connection, const struct frame *frame)
{
    answers_add(broker->answers, connection, frame);
}

void broker_refuse(struct broker *broker, uint64_t connection, const struct ident *msg_id,
    enum refusal code, uint32_t retry_after_s)
{
    struct frame frame = {.kind = FRAME_REFUSED};
    if (msg_id != NULL) {
        frame.refused.msg_id = *msg_id;
    }
    frame.refused.code = code;
    frame.refused.retry_after_s = retry_after_s;
    broker->counts.refused++;
    broker_answer(broker, connection, &frame);
}

void broker_part(struct broker *broker, uint64_t connection, enum refusal reason)
{
    if (broker->farewell == connection) {
        return;
    }
    broker->farewell = connection;
    struct frame frame = {.kind = FRAME_BYE};
    frame.bye.reason = reason;
    broker_answer(broker, connection, &frame);
}

/* ---- frames in ---- */

typedef void handler(
    struct broker *broker, struct session *session, const struct frame *frame);

static void on_ping(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    (void)frame;
    struct frame pong = {.kind = FRAME_PONG};
    pong.ping.time_ms = broker->wall_ms > 0 ? broker->wall_ms : 0;
    broker_answer(broker, session->connection, &pong);
}

static void on_bye(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    (void)frame;
    broker_end_session(broker, session, true, "bye");
}

static handler *const HANDLERS[FRAME_KIND_COUNT] = {
    [FRAME_DOCUMENT_GET] = broker_on_document_get,
    [FRAME_DOCUMENT] = broker_on_document,
    [FRAME_BUNDLE_PUT] = broker_on_bundle_put,
    [FRAME_BUNDLES_GET] = broker_on_bundles_get,
    [FRAME_OFFER] = broker_on_offer,
    [FRAME_TAKEN] = broker_on_taken,
    [FRAME_HAVE] = broker_on_have,
    [FRAME_RECALL] = broker_on_recall,
    [FRAME_CREDIT] = broker_on_credit,
    [FRAME_PING] = on_ping,
    [FRAME_BYE] = on_bye,
};

/* The msg_id that a refusal of this frame is about, NULL if it names none. */
static const struct ident *get_subject(const struct frame *frame, struct ident *room)
{
    if (frame->kind == FRAME_RECALL) {
        return &frame->recall.msg_id;
    }
    struct header header;
    if (frame->kind == FRAME_OFFER &&
        header_decode(frame->offer.envelope, &header, NULL, NULL) == STATUS_OK) {
        *room = header.msg_id;
        return room;
    }
    return NULL;
}

/* The standing of who speaks, looked up for this frame. */
static enum standing judge_speaker(const struct broker *broker,
    const struct session *session, const uint8_t key[static TRANSPORT_KEY_BYTES])
{
    const struct member *member = session != NULL ? session->caller->member : NULL;
    if (member == NULL || memcmp(member->transport, key, TRANSPORT_KEY_BYTES) != 0) {
        return STANDING_UNKNOWN; /* nobody's, or bound to that member before and not now */
    }
    return broker_standing(broker, member);
}

static void refuse_unlisted(struct broker *broker, uint64_t connection,
    struct session *session, enum standing standing)
{
    enum refusal reason = (enum refusal)0; /* without a session: say HELLO first */
    if (session != NULL) {
        bool may_speak = standing == STANDING_ACTIVE || standing == STANDING_SUSPENDED;
        reason = may_speak                      ? REFUSAL_MALFORMED
                 : standing == STANDING_REVOKED ? REFUSAL_SUSPENDED
                                                : REFUSAL_NOT_MEMBER;
        broker_end_session(broker, session, true, refusal_name(reason));
    }
    broker_part(broker, connection, reason);
}

static void handle(struct broker *broker, uint64_t connection,
    const uint8_t key[static TRANSPORT_KEY_BYTES], const struct frame *frame)
{
    struct session *session = lobby_find(broker->lobby, connection);
    enum standing standing = judge_speaker(broker, session, key);
    struct ident room;
    if (session != NULL) {
        session->spoke_turn = broker->turn;
        session->heard_steady_ms = broker->steady_ms;
    }
    switch (session_judge(session_state_of(session != NULL, standing), frame->kind)) {
    case SESSION_DOES:
        if (frame->kind == FRAME_HELLO) {
            broker_on_hello(broker, connection, key, frame);
        } else {
            HANDLERS[frame->kind](broker, session, frame);
        }
        break;
    case SESSION_DENIES:
        broker_refuse(
            broker, connection, get_subject(frame, &room), REFUSAL_SUSPENDED, 3600);
        break;
    case SESSION_IGNORES:
        break;
    case SESSION_ENDS:
        refuse_unlisted(broker, connection, session, standing);
        break;
    }
}

void broker_receive(struct broker *broker, uint64_t connection,
    const uint8_t key[static TRANSPORT_KEY_BYTES], struct span bytes)
{
    PROMISE(broker->in_turn);
    struct session *session = NULL;
    if (broker->failure != STATUS_OK) { /* the turn will be rolled back: hear nobody */
        session = lobby_find(broker->lobby, connection);
        if (session != NULL) {
            session->spoke_turn = broker->turn;
        }
        return;
    }
    struct frame frame;
    arena_reset(broker->arena);
    enum status status = frame_decode(broker->arena, bytes, &frame);
    if (status == STATUS_OK) {
        handle(broker, connection, key, &frame);
        return;
    }
    session = lobby_find(broker->lobby, connection);
    if (session != NULL) {
        char node[NODE_TEXT_BYTES];
        log_event(LOG_WARNING, "frame-refused", "node=%s reason=%s",
            broker_node_text(&session->caller->node_id, node), status_name(status));
        broker_end_session(broker, session, true, "frame");
    }
}

void broker_lost(struct broker *broker, uint64_t connection)
{
    struct session *session = lobby_find(broker->lobby, connection);
    if (session != NULL) {
        broker_end_session(broker, session, true, "lost");
    }
}

/* ---- the turn ---- */

enum status broker_begin(struct broker *broker)
{
    PROMISE(!broker->in_turn);
    set_time(broker);
    broker->farewell = 0;
    broker_ask_room(broker);
    enum status status = broker->failure;
    if (status == STATUS_OK) {
        status = db_begin(broker->db);
    }
    if (status == STATUS_OK) {
        broker->in_turn = true;
        broker->was_rolled_back = false;
        broker->turn++;
        broker->counts_before = broker->counts;
    }
    return status;
}

static uint32_t hours_ago(const struct broker *broker, int64_t ms)
{
    int64_t hour = broker_hour(broker) - ms / HOUR_MS;
    return hour > 0 ? (uint32_t)hour : 0;
}

static enum status purge(struct broker *broker)
{
    uint32_t before = hours_ago(broker, BROKER_TTL_MS);
    uint32_t tombstones_before = hours_ago(broker, TOMBSTONE_MS);
    size_t n = 0;
    if (broker->steady_ms < broker->purge_steady_ms) {
        return STATUS_OK;
    }
    enum status status = mailboxes_purge(
        broker->mailboxes, before, tombstones_before, PURGE_ROWS_PER_TURN, &n);
    if (status == STATUS_OK) {
        broker->counts.purged += (int64_t)n;
        bool more = mailboxes_purge_is_due(broker->mailboxes, before, tombstones_before);
        broker->purge_steady_ms = broker->steady_ms + (more ? 0 : PURGE_EVERY_MS);
        if (n > 0) {
            log_event(LOG_INFO, "purged", "envelopes=%zu", n);
        }
    }
    if (status == STATUS_OK && broker_hour(broker) != origin_hour(broker->origin)) {
        status = origin_set_hour(broker->origin, broker_hour(broker));
    }
    return status;
}

void broker_tell_committed(struct broker *broker)
{
    trust_committed(broker->trust);
    if (broker->trust_changed) {
        broker->trust_changed = false;
        broker_papers_release(broker);
        broker_look_again(broker); /* before anybody looks at a member: rows moved */
    }
    bundles_committed(broker->bundles);
    mailboxes_committed(broker->mailboxes, broker_on_waiting, broker);
}

void broker_tell_rolled_back(struct broker *broker)
{
    trust_rolled_back(broker->trust);
    bundles_rolled_back(broker->bundles);
    mailboxes_rolled_back(broker->mailboxes);
    broker->trust_changed = false;
    broker->counts = broker->counts_before;
    broker_forget_helds(broker, NULL);
    answers_clear(broker->answers);
    broker->farewell = 0;
}

static enum status commit(struct broker *broker)
{
    if (broker->failure == STATUS_OK) {
        enum status status = purge(broker);
        if (status == STATUS_OK) {
            status = mailboxes_flush(broker->mailboxes, broker_hour(broker));
        }
        if (status != STATUS_OK) {
            broker_fail(broker, status);
        }
    }
    enum status status = broker->failure;
    if (status == STATUS_OK) {
        broker_say_helds(broker);
        status = db_commit(broker->db);
    }
    if (status == STATUS_OK) {
        broker_tell_committed(broker);
    } else if (status == STATUS_FULL) {
        status = broker_survive_full(broker);
    }
    return status;
}

enum status broker_end(struct broker *broker)
{
    PROMISE(broker->in_turn);
    enum status status = commit(broker);
    broker->in_turn = false;
    if (status == STATUS_OK) {
        if (broker->steady_ms >= broker->watch_steady_ms) {
            broker->watch_steady_ms = broker->steady_ms + WATCH_EVERY_MS;
            broker_watch_sessions(broker);
        }
        broker_tell_news(broker);
        status = broker_speak(broker);
    }
    if (status == STATUS_OK) {
        status = db_checkpoint(broker->db, CHECKPOINT_PAGES);
        status = status == STATUS_FULL ? STATUS_OK : status;
    }
    if (status != STATUS_OK) {
        log_event(LOG_ALARM, "disk-failed", "status=%s", status_name(status));
        db_rollback(broker->db);
        answers_clear(broker->answers);
        broker->failure = status;
    }
    return status;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t broker_deadline_steady_ms(const struct broker *broker)
{
    int64_t deadline = earlier(broker->purge_steady_ms, broker->watch_steady_ms);
    deadline = earlier(deadline, broker->retry_steady_ms);
    deadline = earlier(deadline, broker_room_deadline_steady_ms(broker));
    bool must_part =
        broker->draining && !broker->drained && broker->retry_steady_ms == INT64_MAX;
    bool at_once = broker->has_more || must_part;
    return at_once ? earlier(deadline, broker->steady_ms) : deadline;
}
