/* SPDX-License-Identifier: Apache-2.0
 * Two views: `now` answers, `next` is built by offers (offer.c) and becomes `now` at the commit. A roster is
 * shared by both as long as it is the same, and freed by whoever drops it last.
 */
#include "trust.h"

#include "memory.h"
#include "parcel.h"
#include "view.h"

/* ---- the two views ---- */

struct view *view_next(struct trust *trust)
{
    if (!trust->pending) {
        trust->next = trust->now;
        trust->pending = true;
    }
    return &trust->next;
}

void view_give_roster(struct trust *trust, struct roster **roster)
{
    struct view *next = view_next(trust);

    if (next->roster != trust->now.roster)
        roster_destroy(&next->roster);
    next->roster = *roster;
    *roster = NULL;
}

void trust_committed(struct trust *trust)
{
    if (!trust->pending)
        return;
    if (trust->next.roster != trust->now.roster)
        roster_destroy(&trust->now.roster);
    trust->now = trust->next;
    trust->pending = false;
}

void trust_rolled_back(struct trust *trust)
{
    if (!trust->pending)
        return;
    if (trust->next.roster != trust->now.roster)
        roster_destroy(&trust->next.roster);
    trust->pending = false;
}

int64_t view_newest_signed_ms(const struct view *view)
{
    int64_t newest = view->pinned ? view->root.created_ms : 0;

    if (view->roster && roster_created_ms(view->roster) > newest)
        newest = roster_created_ms(view->roster);
    if (view->profiles_created_ms > newest)
        newest = view->profiles_created_ms;
    return newest;
}

int64_t view_time_ms(const struct view *view, int64_t now_ms)
{
    int64_t signed_ms = view_newest_signed_ms(view);

    return now_ms > signed_ms ? now_ms : signed_ms;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool view_notice_is_over(
    const struct view *view, const struct held_notice *held, int64_t time_ms)
{
    const struct notice *notice = &held->notice;
    int64_t made_ms = smaller(notice->created_ms, held->taken_ms);

    if (time_ms >= smaller(notice->expires_ms, held->taken_ms + NOTICE_VALID_MS))
        return true;
    return view->roster && roster_created_ms(view->roster) > made_ms;
}

/* ---- loading ---- */

static enum status load_root(void *context, struct span bytes, int64_t taken_ms)
{
    struct view *view = context;
    struct document document;
    struct root root;

    (void)taken_ms;
    if (document_decode_one(bytes, DOCUMENT_ROOT, &document) ||
        root_decode(&document, &root))
        return STATUS_CORRUPT;
    if (root.version == 1)
        view->network_id = root_network_id(&root);
    if (root_check(
            &document, &root, view->pinned ? &view->root : NULL, &view->network_id))
        return STATUS_CORRUPT;
    view->root = root;
    view->pinned = true;
    return STATUS_OK;
}

static enum status load_notice(void *context, struct span bytes, int64_t taken_ms)
{
    struct view *view = context;
    struct held_notice held = {.taken_ms = taken_ms};
    struct document document;

    if (document_decode_one(bytes, DOCUMENT_NOTICE, &document) ||
        notice_decode(&document, &held.notice))
        return STATUS_CORRUPT;
    if (view->n_notices < NOTICES_MAX &&
        !view_notice_is_over(view, &held, view_newest_signed_ms(view)))
        view->notices[view->n_notices++] = held;
    return STATUS_OK;
}

/* Reads the newest document of a type; NOT_FOUND if there is none. */
static enum status load_newest(struct archive *archive, enum document_type type,
    struct buffer *bytes, struct document *ret)
{
    struct hash hash;
    enum status status;

    buffer_clear(bytes);
    status = archive_get(archive, type, 0, bytes);
    if (status)
        return status;
    if (document_decode_one(buffer_span(bytes), type, ret))
        return STATUS_CORRUPT;
    status = archive_hash(archive, type, ret->version, &hash);
    if (status == STATUS_NOT_FOUND || (!status && !hash_equal(&hash, &ret->hash)))
        status = STATUS_CORRUPT;
    return status;
}

static enum status load(struct trust *trust)
{
    struct view *view = &trust->now;
    struct document document;
    struct buffer bytes;
    enum status status = archive_walk(trust->archive, DOCUMENT_ROOT, load_root, view);

    buffer_init(&bytes, PROFILES_BYTES_MAX);
    if (status == STATUS_OK)
        status = load_newest(trust->archive, DOCUMENT_ROSTER, &bytes, &document);
    if (status == STATUS_OK && roster_decode(&document, &view->roster))
        status = STATUS_CORRUPT;
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = load_newest(trust->archive, DOCUMENT_PROFILES, &bytes, &document);
    if (status == STATUS_OK) {
        view->profiles_version = document.version;
        view->profiles_body = document.hash;
        view->profiles_created_ms = document.created_ms;
    }
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = archive_walk(trust->archive, DOCUMENT_NOTICE, load_notice, view);
    if (status == STATUS_OK)
        status = archive_has_fork(trust->archive, view->root.version, &view->forked);
    buffer_release(&bytes);
    return status;
}

enum status trust_open(struct db *db, struct trust **ret, struct trouble *trouble)
{
    struct trust *trust = memory_new(sizeof *trust);
    enum status status = archive_open(db, &trust->archive, trouble);

    if (status == STATUS_OK) {
        status = load(trust);
        if (status)
            trouble_say(trouble,
                "the signed documents in the database do not hold together (%s): "
                "restore the database from a backup",
                status_name(status));
    }
    if (status)
        trust_close(&trust);
    else
        *ret = trust;
    return status;
}

void trust_close(struct trust **trust)
{
    if (!*trust)
        return;
    trust_rolled_back(*trust);
    roster_destroy(&(*trust)->now.roster);
    archive_close(&(*trust)->archive);
    memory_free(*trust);
    *trust = NULL;
}

/* ---- answers ---- */

bool trust_is_pinned(const struct trust *trust)
{
    return trust->now.pinned;
}

const struct ident *trust_network_id(const struct trust *trust)
{
    return &trust->now.network_id;
}

bool trust_is_practice(const struct trust *trust)
{
    return trust->now.pinned && trust->now.root.practice;
}

static uint64_t newest_notice(const struct view *view)
{
    uint64_t newest = 0;

    for (size_t i = 0; i < view->n_notices; i++) {
        uint64_t number = (uint64_t)view->notices[i].notice.created_ms;

        if (number > newest)
            newest = number;
    }
    return newest;
}

uint64_t trust_version(const struct trust *trust, enum document_type type)
{
    const struct view *view = &trust->now;

    switch (type) {
    case DOCUMENT_ROOT:
        return view->root.version;
    case DOCUMENT_ROSTER:
        return view->roster ? roster_version(view->roster) : 0;
    case DOCUMENT_PROFILES:
        return view->profiles_version;
    case DOCUMENT_NOTICE:
        return newest_notice(view);
    case DOCUMENT_TYPE_COUNT:
        break;
    }
    return 0;
}

struct hash trust_roster_hash(const struct trust *trust)
{
    return trust->now.roster ? roster_hash(trust->now.roster) : (struct hash){{0}};
}

struct hash trust_profiles_hash(const struct trust *trust)
{
    return trust->now.roster ? roster_profiles(trust->now.roster) : (struct hash){{0}};
}

struct collection {
    const struct view *view;
    struct buffer *ret;
    bool any;
};

static enum status collect_notice(void *context, struct span bytes, int64_t taken_ms)
{
    struct collection *collection = context;
    struct document document;

    (void)taken_ms;
    if (document_decode_one(bytes, DOCUMENT_NOTICE, &document))
        return STATUS_CORRUPT;
    for (size_t i = 0; i < collection->view->n_notices; i++) {
        if (!hash_equal(&collection->view->notices[i].notice.hash, &document.hash))
            continue;
        collection->any = true;
        return buffer_put(collection->ret, bytes.at, bytes.n);
    }
    return STATUS_OK;
}

enum status trust_document(
    struct trust *trust, enum document_type type, uint64_t version, struct buffer *ret)
{
    struct collection collection = {.view = &trust->now, .ret = ret};
    enum status status;

    if (type != DOCUMENT_NOTICE || version != 0)
        return archive_get(trust->archive, type, version, ret);
    status = archive_walk(trust->archive, type, collect_notice, &collection);
    return status ? status : collection.any ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status trust_root_hash(struct trust *trust, struct hash *ret)
{
    return archive_hash(trust->archive, DOCUMENT_ROOT, 1, ret);
}

enum status trust_roster_hash_of(struct trust *trust, uint64_t version, struct hash *ret)
{
    return archive_hash(trust->archive, DOCUMENT_ROSTER, version, ret);
}

bool trust_forked(const struct trust *trust)
{
    return trust->now.forked;
}

enum status trust_forks(struct trust *trust, struct buffer *ret)
{
    return archive_get_forks(trust->archive, ret);
}

int64_t trust_roster_created_ms(const struct trust *trust)
{
    return trust->now.roster ? roster_created_ms(trust->now.roster) : 0;
}

int64_t trust_roster_expires_ms(const struct trust *trust)
{
    return trust->now.roster ? roster_expires_ms(trust->now.roster) : 0;
}

int64_t trust_newest_signed_ms(const struct trust *trust)
{
    return view_newest_signed_ms(&trust->now);
}

const struct member *trust_find_node(
    const struct trust *trust, const struct ident *node_id)
{
    return trust->now.roster ? roster_find_node(trust->now.roster, node_id) : NULL;
}

const struct member *trust_find_identity(
    const struct trust *trust, const struct sign_public *identity)
{
    return trust->now.roster ? roster_find_identity(trust->now.roster, identity) : NULL;
}

const struct member *trust_find_transport(
    const struct trust *trust, const uint8_t key[static TRANSPORT_KEY_BYTES])
{
    return trust->now.roster ? roster_find_transport(trust->now.roster, key) : NULL;
}

const struct member *trust_find_queue(
    const struct trust *trust, const struct ident *queue_id)
{
    return trust->now.roster ? roster_find_queue(trust->now.roster, queue_id) : NULL;
}

size_t trust_member_count(const struct trust *trust)
{
    return trust->now.roster ? roster_count(trust->now.roster) : 0;
}

const struct member *trust_nth_member(const struct trust *trust, size_t i)
{
    PROMISE(trust->now.roster);
    return roster_nth(trust->now.roster, i);
}

enum standing trust_standing(
    const struct trust *trust, const struct member *member, int64_t now_ms)
{
    const struct view *view = &trust->now;
    int64_t time_ms;

    if (!member)
        return STANDING_UNKNOWN;
    if (member->status != MEMBER_ACTIVE)
        return member->status == MEMBER_REVOKED ? STANDING_REVOKED : STANDING_SUSPENDED;
    if (view->roster && (roster_created_ms(view->roster) >= member->valid_to_ms ||
                            roster_created_ms(view->roster) < member->valid_from_ms))
        return STANDING_SUSPENDED;
    time_ms = view_time_ms(view, now_ms);
    for (size_t i = 0; i < view->n_notices; i++) {
        if (notice_names(&view->notices[i].notice, &member->node_id) &&
            !view_notice_is_over(view, &view->notices[i], time_ms))
            return STANDING_SUSPENDED;
    }
    return STANDING_ACTIVE;
}
