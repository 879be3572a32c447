/* SPDX-License-Identifier: Apache-2.0
 * What members ask for is a wish of their session, at most one of each type, served after the commit part by
 * part (broker_speak.c). What they bring is put together (intake.h), verified by trust and stored in the
 * turn; when it is committed everybody who is here gets its first part, and asks for the next.
 */
#include "broker_private.h"

#include "log.h"
#include "memory.h"
#include "verify.h"

enum { BUNDLES_MAX = PART_BYTES_MAX / (BUNDLE_HEAD_BYTES + BUNDLE_SIGNATURE_BYTES) };

/* ---- wishes ---- */

void broker_wish_document(struct broker *broker, struct session *session,
    enum document_type type, uint64_t version, uint32_t offset)
{
    session->wishes[type] = (struct document_wish){true, version, offset};
    schedule_add(&broker->papers, &session->paper_place);
}

void broker_wish_bundles(struct broker *broker, struct session *session, uint64_t after)
{
    session->wants_bundles = true;
    session->bundles_after = after;
    schedule_add(&broker->papers, &session->paper_place);
}

void broker_on_document_get(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    broker_wish_document(broker, session, frame->document_get.type,
        frame->document_get.version, frame->document_get.offset);
}

void broker_on_bundles_get(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    broker_wish_bundles(broker, session, frame->bundles_get.mark);
}

/* ---- documents that members bring ---- */

void broker_ask_document(struct broker *broker, uint64_t connection,
    enum document_type type, uint64_t version, uint32_t offset)
{
    struct frame frame = {.kind = FRAME_DOCUMENT_GET};
    frame.document_get.type = type;
    frame.document_get.version = version;
    frame.document_get.offset = offset;
    broker_answer(broker, connection, &frame);
}

enum status broker_offer_document(struct broker *broker, enum document_type type,
    struct span bytes, struct trouble *trouble)
{
    enum status status =
        trust_offer(broker->trust, type, bytes, broker->wall_ms, trouble);
    switch (status) {
    case STATUS_FULL:
    case STATUS_IO:
    case STATUS_CORRUPT:
        broker_fail(broker, status);
        break;
    case STATUS_EXISTS:
    case STATUS_EXPIRED:
        break;
    case STATUS_OK:
        if (type == DOCUMENT_NOTICE) {
            broker->told[type] = 0; /* it need not be the newest one to be news */
        }
        broker->trust_changed = true;
        break;
    default: /* even a bad one of several may have good ones before it; a fork is kept as proof */
        broker->trust_changed = true;
        break;
    }
    return status;
}

static void log_document(const struct session *session, int level, const char *event,
    const struct frame *frame, enum status status)
{
    char node[NODE_TEXT_BYTES];
    log_event(level, event, "node=%s type=%d version=%llu reason=%s",
        broker_node_text(&session->caller->node_id, node), (int)frame->document.type,
        (unsigned long long)frame->document.version, status_name(status));
}

/* A roster may be signed under roots that are not here yet: the same member has them, in order. */
static void ask_for_more(
    struct broker *broker, const struct session *session, const struct frame *frame)
{
    uint64_t connection = session->connection;
    if (frame->document.type != DOCUMENT_ROOT) {
        uint64_t next = trust_version(broker->trust, DOCUMENT_ROOT) + 1;
        broker_ask_document(broker, connection, DOCUMENT_ROOT, next, 0);
        return;
    }
    uint64_t next = frame->document.version + 1;
    broker_ask_document(broker, connection, DOCUMENT_ROOT, next, 0);
    broker_ask_document(broker, connection, DOCUMENT_ROSTER, 0, 0);
}

static void judge_document(struct broker *broker, struct session *session,
    const struct frame *frame, struct span whole)
{
    struct trouble trouble = {.text = ""};
    uint64_t connection = session->connection;
    enum status status =
        broker_offer_document(broker, frame->document.type, whole, &trouble);
    switch (status) {
    case STATUS_OK:
        log_document(session, LOG_INFO, "document-taken", frame, status);
        if (frame->document.type == DOCUMENT_ROOT) {
            ask_for_more(broker, session, frame);
        }
        break;
    case STATUS_NOT_FOUND:
        ask_for_more(broker, session, frame);
        break;
    case STATUS_CONFLICT:
        log_document(session, LOG_ALARM, "document-fork", frame, status);
        break;
    case STATUS_EXPIRED:
        broker_refuse(broker, connection, NULL, REFUSAL_OLDER, 0);
        break;
    case STATUS_MALFORMED:
    case STATUS_UNSUPPORTED: /* nobody looked at that before it was sent here */
        log_document(session, LOG_WARNING, "document-refused", frame, status);
        broker_end_session(broker, session, false, "document");
        broker_part(broker, connection, REFUSAL_MALFORMED);
        break;
    case STATUS_EXISTS:
        break;
    default: /* FORGED, too: the member may know older roots than we do */
        log_document(session, LOG_WARNING, "document-refused", frame, status);
        break;
    }
}

void broker_on_document(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    struct span whole;
    uint32_t offset = 0;
    if (frame->document.offset == 0 &&
        !bucket_take(&session->caller->papers, &broker->papers_size, broker->steady_ms)) {
        broker_refuse(broker, session->connection, NULL, REFUSAL_RATE,
            bucket_wait_s(&session->caller->papers, &broker->papers_size));
        return;
    }
    switch (intake_put(
        broker->intake, session->connection, frame, broker->steady_ms, &whole, &offset)) {
    case INTAKE_DONE:
        judge_document(broker, session, frame, whole);
        break;
    case INTAKE_MORE:
        broker_ask_document(broker, session->connection, frame->document.type,
            frame->document.version, offset);
        break;
    case INTAKE_BUSY: /* others bring theirs: this one is asked again at its next HELLO */
    case INTAKE_STRAY:
        break;
    }
}

/* ---- bundles that members bring ---- */

static enum refusal judge_bundle(
    struct broker *broker, struct session *session, struct span bytes)
{
    struct bundle bundle;
    struct span covered;
    if (bundle_decode(bytes, &bundle, &covered) != STATUS_OK) {
        return REFUSAL_MALFORMED;
    }
    const struct member *member = trust_find_node(broker->trust, &bundle.node_id);
    if (member == NULL || member->status == MEMBER_REVOKED) {
        return REFUSAL_NOT_MEMBER;
    }
    enum status known = bundles_compare(broker->bundles, &bundle, bytes);
    if (known == STATUS_EXISTS) {
        return (enum refusal)0;
    }
    if (known == STATUS_EXPIRED) {
        return REFUSAL_OLDER;
    }
    if (!bucket_take(&session->caller->offers, &broker->offers_size, broker->steady_ms)) {
        return REFUSAL_RATE; /* a signature and a row each */
    }
    if (bundle_verify(bytes, trust_network_id(broker->trust), member, &bundle) !=
        STATUS_OK) {
        return REFUSAL_MALFORMED;
    }
    if (known == STATUS_CONFLICT) {
        char node[NODE_TEXT_BYTES];
        log_event(LOG_ALARM, "two-bundles", "node=%s number=%llu",
            broker_node_text(&bundle.node_id, node), (unsigned long long)bundle.number);
        return REFUSAL_OLDER; /* the first one is kept */
    }
    enum status status = bundles_put(broker->bundles, &bundle, bytes);
    if (status != STATUS_OK) {
        broker_fail(broker, status);
    }
    return (enum refusal)0;
}

void broker_on_bundle_put(
    struct broker *broker, struct session *session, const struct frame *frame)
{
    enum refusal code = judge_bundle(broker, session, frame->bundle_put.bundle);
    if (code == REFUSAL_RATE) {
        broker_refuse(broker, session->connection, NULL, code,
            bucket_wait_s(&session->caller->offers, &broker->offers_size));
    } else if (code != 0) {
        broker_refuse(broker, session->connection, NULL, code, 0);
    }
}

/* ---- what is new ---- */

/* Whoever is in the middle of an older one begins anew. */
static void tell_document(struct broker *broker, enum document_type type)
{
    for (struct session *session = lobby_first(broker->lobby); session != NULL;
         session = session->next) {
        broker_wish_document(broker, session, type, 0, 0);
    }
}

static void tell_bundles(struct broker *broker)
{
    for (struct session *session = lobby_first(broker->lobby); session != NULL;
         session = session->next) {
        if (session->bundles_after != bundles_mark(broker->bundles)) {
            broker_wish_bundles(broker, session, session->bundles_after);
        }
    }
}

void broker_tell_news(struct broker *broker)
{
    for (unsigned i = 1; i < DOCUMENT_TYPE_COUNT; i++) {
        enum document_type type = (enum document_type)i;
        uint64_t version = trust_version(broker->trust, type);
        if (version != broker->told[type]) {
            broker->told[type] = version;
            if (version != 0) {
                tell_document(broker, type);
            }
        }
    }
    uint64_t mark = bundles_mark(broker->bundles);
    if (mark != broker->bundles_told &&
        bucket_take(&broker->news, &broker->news_size, broker->steady_ms)) {
        broker->bundles_told = mark;
        tell_bundles(broker);
    }
}

/* ---- serving ---- */

static void release_paper(struct paper *paper)
{
    buffer_release(&paper->bytes);
    buffer_init(&paper->bytes, PROFILES_BYTES_MAX);
    paper->loaded = false;
}

void broker_papers_release(struct broker *broker)
{
    for (unsigned type = 0; type < DOCUMENT_TYPE_COUNT; type++) {
        release_paper(&broker->newest[type]);
    }
    release_paper(&broker->other);
}

/* The newest of a type is kept in memory, and one other: NOT_FOUND, IO, CORRUPT. */
static enum status get_paper(
    struct broker *broker, enum document_type type, uint64_t version, struct paper **ret)
{
    uint64_t newest = trust_version(broker->trust, type);
    bool is_newest = version == 0 || (version == newest && type != DOCUMENT_NOTICE);
    struct paper *paper = is_newest ? &broker->newest[type] : &broker->other;
    bool fits = is_newest || (broker->other_type == type && paper->version == version);
    if (!paper->loaded || !fits) {
        release_paper(paper);
        enum status status =
            trust_document(broker->trust, type, is_newest ? 0 : version, &paper->bytes);
        if (status != STATUS_OK) {
            return status;
        }
        paper->loaded = true;
        paper->version = is_newest ? newest : version;
        broker->other_type = is_newest ? broker->other_type : type;
    }
    *ret = paper;
    return STATUS_OK;
}

static void encode(struct broker *broker, const struct frame *frame)
{
    enum status status = frame_encode(frame, &broker->frame);
    PROMISE(status == STATUS_OK);
}

static enum status make_document(
    struct broker *broker, enum document_type type, const struct document_wish *wish)
{
    struct paper *paper = NULL;
    struct frame frame = {.kind = FRAME_REFUSED};
    enum status status = get_paper(broker, type, wish->version, &paper);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    if (status == STATUS_NOT_FOUND || paper->version == 0 ||
        wish->offset >= paper->bytes.used) {
        frame.refused.code = REFUSAL_NOT_FOUND;
        encode(broker, &frame);
        return STATUS_OK;
    }
    size_t left = paper->bytes.used - wish->offset;
    frame.kind = FRAME_DOCUMENT;
    frame.document.type = type;
    frame.document.version = paper->version;
    frame.document.total_bytes = (uint32_t)paper->bytes.used;
    frame.document.offset = wish->offset;
    frame.document.part = span_of(
        paper->bytes.bytes + wish->offset, left < PART_BYTES_MAX ? left : PART_BYTES_MAX);
    encode(broker, &frame);
    return STATUS_OK;
}

static enum status make_bundles(struct broker *broker, struct session *session)
{
    size_t bytes[BUNDLES_MAX], n = 0;
    struct span spans[BUNDLES_MAX];
    struct buffer buffer;
    struct frame frame = {.kind = FRAME_BUNDLES};
    buffer_init(&buffer, PART_BYTES_MAX);
    enum status status = bundles_since(broker->bundles, session->bundles_after, &buffer,
        PART_BYTES_MAX, bytes, BUNDLES_MAX, &n, &frame.bundles.mark, &frame.bundles.more);
    if (status == STATUS_OK) {
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            spans[i] = span_of(buffer.bytes + at, bytes[i]);
            at += bytes[i];
        }
        frame.bundles.n = n;
        frame.bundles.bundles = spans;
        broker->frame_mark = frame.bundles.mark;
        encode(broker, &frame);
    }
    buffer_release(&buffer);
    return status;
}

/* The first type that is wished for; 0 none. */
static enum document_type first_wish(const struct session *session)
{
    for (unsigned type = 1; type < DOCUMENT_TYPE_COUNT; type++) {
        if (session->wishes[type].wanted) {
            return (enum document_type)type;
        }
    }
    return (enum document_type)0;
}

enum status broker_make_paper(struct broker *broker, struct session *session)
{
    enum document_type type = first_wish(session);
    if (type != 0) {
        return make_document(broker, type, &session->wishes[type]);
    }
    return session->wants_bundles ? make_bundles(broker, session) : STATUS_NOT_FOUND;
}

void broker_paper_said(const struct broker *broker, struct session *session)
{
    enum document_type type = first_wish(session);
    if (type != 0) {
        session->wishes[type].wanted = false;
    } else {
        session->wants_bundles = false;
        session->bundles_after = broker->frame_mark;
    }
}
