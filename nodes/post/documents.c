/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed documents travel both ways in parts (PROTOCOL.md 7.2, 5a). One is fetched at a time: roots first,
 * because the others are signed under them, one by one; then roster and notices, without which no mail is
 * asked for; profiles last. Trust judges what came; a document counts when the turn that kept it is
 * committed, so the next is asked for only then.
 */
#include <string.h>

#include "log.h"
#include "memory.h"
#include "parts.h"

enum { PARTS_PER_TURN = 4 };

static const enum document_type ORDER[] = {
    DOCUMENT_ROOT, DOCUMENT_ROSTER, DOCUMENT_NOTICE, DOCUMENT_PROFILES};

static size_t bytes_max(enum document_type type)
{
    switch (type) {
    case DOCUMENT_ROOT:
        return ROOT_BYTES_MAX;
    case DOCUMENT_ROSTER:
        return ROSTER_BYTES_MAX;
    case DOCUMENT_PROFILES:
        return PROFILES_BYTES_MAX;
    case DOCUMENT_NOTICE:
        return NOTICE_BYTES_MAX;
    case DOCUMENT_TYPE_COUNT:
        break;
    }
    return 0;
}

/* Without it, mail could be judged wrongly. */
static bool is_needed_first(enum document_type type)
{
    return type != DOCUMENT_PROFILES;
}

static void drop_transfer(struct documents *documents)
{
    documents->type = 0;
    documents->version = 0;
    documents->total = 0;
    documents->asked = false;
    buffer_release(&documents->parts);
}

void documents_end(struct post *post)
{
    struct documents *documents = &post->documents;
    drop_transfer(documents);
    documents->judging = false;
    documents->suspect = false;
    memset(documents->wanted, 0, sizeof documents->wanted);
    memset(documents->vain, 0, sizeof documents->vain);
}

/* --- out ---------------------------------------------------------------------------------------------- */

static enum status put_part(
    struct post *post, enum document_type type, uint64_t version, uint32_t offset)
{
    struct buffer bytes;
    buffer_init(&bytes, bytes_max(type));
    enum status status = trust_document(post->options.trust, type, version, &bytes);
    if (status == STATUS_OK && offset < bytes.used) {
        size_t n = bytes.used - offset;
        struct frame frame = {.kind = FRAME_DOCUMENT};
        frame.document.type = type;
        frame.document.version =
            version != 0 ? version : trust_version(post->options.trust, type);
        frame.document.total_bytes = (uint32_t)bytes.used;
        frame.document.offset = offset;
        frame.document.part =
            span_of(bytes.bytes + offset, n < PART_BYTES_MAX ? n : PART_BYTES_MAX);
        if (frame.document.version != 0)
            speech_put(post->speech, &frame);
    }
    buffer_release(&bytes);
    return status == STATUS_NOT_FOUND || status == STATUS_TOO_BIG ? STATUS_OK : status;
}

/* Each part costs the reading of a whole document: who asks for many at once is not answered. */
enum status documents_give(struct post *post, const struct frame *frame)
{
    if (post->documents.given == PARTS_PER_TURN)
        return STATUS_OK;
    post->documents.given++;
    return put_part(post, frame->document_get.type, frame->document_get.version,
        frame->document_get.offset);
}

/* The broker asks for a newer roster itself, by my HELLO; of the rest it cannot know. */
static enum status hand_over(struct post *post, const struct frame *welcome)
{
    const struct trust *trust = post->options.trust;
    enum status status = STATUS_OK;
    for (uint64_t root = welcome->welcome.root_version + 1;
         status == STATUS_OK && root <= trust_version(trust, DOCUMENT_ROOT); root++)
        status = put_part(post, DOCUMENT_ROOT, root, 0);
    if (status == STATUS_OK &&
        trust_version(trust, DOCUMENT_NOTICE) > welcome->welcome.notice_number)
        status = put_part(post, DOCUMENT_NOTICE, 0, 0);
    uint64_t profiles = trust_version(trust, DOCUMENT_PROFILES);
    if (status == STATUS_OK && profiles > welcome->welcome.profiles_version)
        status = put_part(post, DOCUMENT_PROFILES, profiles, 0);
    return status;
}

/* --- in ----------------------------------------------------------------------------------------------- */

/* The word of one and the same broker may not go back. */
static enum status compare_word(struct post *post, const struct frame *welcome)
{
    struct documents *documents = &post->documents;
    uint64_t named = welcome->welcome.roster_version;
    bool same = ident_equal(&documents->named_store, &welcome->welcome.store_id);
    bool went_back = same && named < documents->named_roster;
    documents->named_store = welcome->welcome.store_id;
    documents->named_roster = named;
    return went_back ? post_alarm(post, ALARM_OLDER_ROSTER, NULL, (int64_t)named)
                     : STATUS_OK;
}

enum status documents_begin(struct post *post, const struct frame *welcome)
{
    struct documents *documents = &post->documents;
    struct hash mine = trust_roster_hash(post->options.trust);
    uint64_t version = trust_version(post->options.trust, DOCUMENT_ROSTER);
    documents_end(post);
    documents->wanted[DOCUMENT_ROOT] = welcome->welcome.root_version;
    documents->wanted[DOCUMENT_ROSTER] = welcome->welcome.roster_version;
    documents->wanted[DOCUMENT_NOTICE] = welcome->welcome.notice_number;
    documents->wanted[DOCUMENT_PROFILES] = welcome->welcome.profiles_version;
    documents->suspect =
        version != 0 && welcome->welcome.roster_version == version &&
        memcmp(mine.bytes, welcome->welcome.roster_hash, HASH_BYTES) != 0;
    enum status status = compare_word(post, welcome);
    return status == STATUS_OK ? hand_over(post, welcome) : status;
}

void documents_want(struct post *post, enum document_type type, uint64_t version)
{
    struct documents *documents = &post->documents;
    if (version > trust_version(post->options.trust, type) &&
        version > documents->wanted[type])
        documents->wanted[type] = version;
}

static void ask_part(struct post *post)
{
    struct documents *documents = &post->documents;
    struct frame frame = {.kind = FRAME_DOCUMENT_GET};
    frame.document_get.type = documents->type;
    frame.document_get.version = documents->version;
    frame.document_get.offset = (uint32_t)documents->parts.used;
    documents->asked = true;
    speech_put(post->speech, &frame);
}

static void start_transfer(struct post *post, enum document_type type, uint64_t version)
{
    struct documents *documents = &post->documents;
    drop_transfer(documents);
    documents->type = type;
    documents->version = version;
    buffer_init(&documents->parts, bytes_max(type));
}

/* The version to ask for; false if nothing is lacking. */
static bool is_lacking(
    const struct post *post, enum document_type type, uint64_t *ret_version)
{
    const struct documents *documents = &post->documents;
    uint64_t mine = trust_version(post->options.trust, type);
    uint64_t wanted = documents->wanted[type];
    if (type == DOCUMENT_ROSTER && documents->suspect) {
        *ret_version = mine;
        return true;
    }
    if (wanted <= mine || wanted <= documents->vain[type])
        return false;
    *ret_version = type == DOCUMENT_ROOT     ? mine + 1
                   : type == DOCUMENT_NOTICE ? 0 /* all in force */
                                             : wanted;
    return true;
}

enum status documents_step(struct post *post)
{
    struct documents *documents = &post->documents;
    enum uplink_state state = post->uplink.state;
    documents->given = 0;
    if ((state != UPLINK_CATCHING_UP && state != UPLINK_OPEN) || documents->judging ||
        documents->asked)
        return STATUS_OK;
    for (size_t i = 0; i < ARRAY_LENGTH(ORDER); i++) {
        uint64_t version;
        if (!is_needed_first(ORDER[i]))
            uplink_caught_up(&post->uplink, post_steady(post));
        if (is_lacking(post, ORDER[i], &version)) {
            start_transfer(post, ORDER[i], version);
            ask_part(post);
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

enum status documents_refused(struct post *post)
{
    struct documents *documents = &post->documents;
    enum document_type type = documents->type;
    if (!documents->asked)
        return STATUS_OK;
    documents->vain[type] = documents->wanted[type];
    /* What the broker itself has named it must have (PROTOCOL.md 5.4); a member may have named more. */
    bool withheld = type == DOCUMENT_ROSTER &&
                    documents->named_roster > trust_version(post->options.trust, type);
    if (type == DOCUMENT_ROSTER)
        documents->suspect = false;
    drop_transfer(documents);
    return withheld ? post_alarm(post, ALARM_ROSTER_WITHHELD, NULL, 0) : STATUS_OK;
}

/* A whole document came. */
static enum status judge(struct post *post)
{
    struct documents *documents = &post->documents;
    enum document_type type = documents->type;
    struct trouble trouble = {""};
    enum status status = trust_offer(post->options.trust, type,
        buffer_span(&documents->parts), post_now(post), &trouble);
    drop_transfer(documents);
    if (type == DOCUMENT_ROSTER)
        documents->suspect = false;
    switch (status) {
    case STATUS_OK:
        documents->judging = true;
        if (type == DOCUMENT_ROOT) /* what could not be judged before may be good now */
            memset(documents->vain, 0, sizeof documents->vain);
        return STATUS_OK;
    case STATUS_FULL:
    case STATUS_IO:
    case STATUS_CORRUPT:
        return status;
    case STATUS_NOT_FOUND: /* signed under a root that I lack */
        documents_want(
            post, DOCUMENT_ROOT, trust_version(post->options.trust, DOCUMENT_ROOT) + 1);
        break;
    case STATUS_EXISTS:
    case STATUS_EXPIRED:
        break;
    default:
        log_event(LOG_WARNING, "document-refused", "type=%d reason=%s", (int)type,
            status_name(status));
        break;
    }
    documents->vain[type] = documents->wanted[type];
    if (status != STATUS_CONFLICT || type == DOCUMENT_PROFILES)
        return STATUS_OK;
    documents->judging = true; /* the proof is kept with this turn */
    return post_alarm(
        post, ALARM_FORK, NULL, (int64_t)trust_version(post->options.trust, type));
}

/* Does the part begin a document, asked for or handed over, that is of use? */
static bool begin_document(struct post *post, const struct frame *frame)
{
    struct documents *documents = &post->documents;
    enum document_type type = frame->document.type;
    uint64_t version = frame->document.version;
    bool asked = documents->asked && documents->type == type &&
                 documents->parts.used == 0 &&
                 (documents->version == 0 || documents->version == version);
    if (asked) {
        documents->version = version;
        return true;
    }
    if (version <= trust_version(post->options.trust, type) || documents->judging)
        return false;
    documents_want(post, type, version);
    if (documents->type != 0 && is_needed_first(documents->type) &&
        !is_needed_first(type))
        return false; /* in its turn */
    start_transfer(post, type, version);
    if (is_needed_first(type))
        uplink_fall_behind(&post->uplink, post_steady(post));
    return true;
}

enum status documents_take(struct post *post, const struct frame *frame)
{
    struct documents *documents = &post->documents;
    if (frame->document.total_bytes > bytes_max(frame->document.type))
        return STATUS_DENIED;
    if (frame->document.offset == 0) {
        if (!begin_document(post, frame))
            return STATUS_OK;
        documents->total = frame->document.total_bytes;
    } else if (documents->type != frame->document.type ||
               documents->version != frame->document.version ||
               documents->total != frame->document.total_bytes ||
               documents->parts.used != frame->document.offset) {
        return STATUS_OK; /* of a transfer that was given up */
    }
    documents->asked = false;
    if (buffer_put(&documents->parts, frame->document.part.at, frame->document.part.n) !=
        STATUS_OK)
        return STATUS_DENIED;
    if (documents->parts.used < documents->total) {
        ask_part(post);
        return STATUS_OK;
    }
    return judge(post);
}

void documents_committed(struct post *post)
{
    struct documents *documents = &post->documents;
    if (!documents->judging)
        return;
    documents->judging = false;
    post->more = true;
}
