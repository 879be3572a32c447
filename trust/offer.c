/* SPDX-License-Identifier: Apache-2.0
 * One function per type judges a document against the next view. Order: bytes, version, root known, signatures,
 * chain, content; nothing that costs a signature check is done for what is merely old.
 */
#include "memory.h"
#include "parcel.h"
#include "view.h"

#define NOTICE_REMEMBERED_MS (30 * DAY_MS) /* after its end */

static enum status keep_fork(
    struct trust *trust, const struct document *document, struct span bytes)
{
    struct view *next = view_next(trust);
    enum status status =
        archive_put_fork(trust->archive, document, bytes, next->root.version);

    if (status)
        return status;
    next->forked = true;
    return STATUS_CONFLICT;
}

/* ---- root ---- */

static enum status load_root_before(
    struct trust *trust, uint64_t version, struct root *ret)
{
    struct document document;
    struct buffer bytes;
    enum status status;

    buffer_init(&bytes, ROOT_BYTES_MAX);
    status = archive_get(trust->archive, DOCUMENT_ROOT, version - 1, &bytes);
    if (status == STATUS_OK &&
        (document_decode_one(buffer_span(&bytes), DOCUMENT_ROOT, &document) ||
            root_decode(&document, ret)))
        status = STATUS_CORRUPT;
    buffer_release(&bytes);
    return status;
}

/* A version that I have: the same, or a fork if it is signed as mine was. */
static enum status judge_known_root(struct trust *trust, const struct document *document,
    const struct root *root, struct span bytes)
{
    struct view *next = view_next(trust);
    struct root before;
    struct hash mine;
    enum status status =
        archive_hash(trust->archive, DOCUMENT_ROOT, root->version, &mine);

    if (status)
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    if (hash_equal(&mine, &root->hash))
        return root->version == next->root.version ? STATUS_EXISTS : STATUS_EXPIRED;
    if (root->version == 1)
        return STATUS_FORGED; /* another network's: anybody can make one */
    status = load_root_before(trust, root->version, &before);
    if (status)
        return status;
    status = root_check(document, root, &before, &next->network_id);
    return status == STATUS_FORGED ? status : keep_fork(trust, document, bytes);
}

static enum status offer_root(struct trust *trust, const struct document *document,
    struct span bytes, int64_t now_ms)
{
    struct view *next = view_next(trust);
    struct root root;
    enum status status = root_decode(document, &root);

    if (status)
        return status;
    if (root.version <= next->root.version)
        return judge_known_root(trust, document, &root, bytes);
    if (root.version - next->root.version > ROSTER_JUMP_MAX)
        return STATUS_TOO_BIG;
    status = root_check(document, &root, &next->root, &next->network_id);
    if (status == STATUS_CONFLICT)
        return keep_fork(trust, document, bytes);
    if (status)
        return status;
    status = archive_put(trust->archive, document, bytes, now_ms);
    if (status)
        return status;
    next->root = root;
    return archive_has_fork(trust->archive, root.version, &next->forked);
}

enum status trust_pin(struct trust *trust, struct span bytes, struct trouble *trouble)
{
    struct view *next = view_next(trust);
    struct document document;
    struct root root;
    struct ident network_id;
    size_t used;
    enum status status =
        root_read_chain(bytes, false, &root, &document, &network_id, trouble);

    if (status)
        return status;
    if (next->pinned) {
        if (!ident_equal(&network_id, &next->network_id)) {
            trouble_say(trouble, "these root documents are of another network than the "
                                 "one that this machine belongs to");
            return STATUS_CONFLICT;
        }
        status = trust_offer(trust, DOCUMENT_ROOT, bytes, 0, trouble);
        return status == STATUS_EXPIRED ? STATUS_EXISTS : status;
    }
    for (; status == STATUS_OK && bytes.n > 0;
         bytes = span_of(bytes.at + used, bytes.n - used)) {
        status = document_decode(bytes, &document, &used);
        if (status == STATUS_OK)
            status = archive_put(trust->archive, &document, span_of(bytes.at, used), 0);
    }
    if (status) {
        trouble_say(trouble, "the root could not be stored: %s", status_name(status));
        return status;
    }
    next->pinned = true;
    next->network_id = network_id;
    next->root = root;
    return STATUS_OK;
}

/* ---- what a threshold signs under a root ---- */

static enum status check_signatures(
    const struct view *next, const struct document *document)
{
    if (document->root_version > next->root.version)
        return STATUS_NOT_FOUND;
    return root_accepts(&next->root, document, &next->network_id);
}

/* Not newer than mine: EXISTS, EXPIRED, or CONFLICT for another hash that is signed all the same. */
static enum status judge_known_version(struct trust *trust,
    const struct document *document, struct span bytes, uint64_t newest)
{
    struct hash mine;
    enum status status =
        archive_hash(trust->archive, document->type, document->version, &mine);

    if (status == STATUS_NOT_FOUND)
        return STATUS_EXPIRED; /* jumped over: nothing to compare with */
    if (status)
        return status;
    if (hash_equal(&mine, &document->hash))
        return document->version == newest ? STATUS_EXISTS : STATUS_EXPIRED;
    status = check_signatures(view_next(trust), document);
    if (status)
        return status;
    return document->type == DOCUMENT_ROSTER ? keep_fork(trust, document, bytes)
                                             : STATUS_CONFLICT;
}

static enum status judge_version(struct trust *trust, const struct document *document,
    struct span bytes, uint64_t newest)
{
    if (document->version <= newest)
        return judge_known_version(trust, document, bytes, newest);
    if (newest != 0 && document->version - newest > ROSTER_JUMP_MAX)
        return STATUS_TOO_BIG;
    return check_signatures(view_next(trust), document);
}

static enum status offer_roster(struct trust *trust, const struct document *document,
    struct span bytes, int64_t now_ms)
{
    struct view *next = view_next(trust);
    uint64_t newest = next->roster ? roster_version(next->roster) : 0;
    struct roster *roster = NULL;
    struct hash mine;
    enum status status = judge_version(trust, document, bytes, newest);

    if (status)
        return status;
    if (newest != 0 && document->version == newest + 1) {
        mine = roster_hash(next->roster);
        if (!hash_equal(&mine, &document->previous))
            return keep_fork(trust, document, bytes);
    }
    status = roster_decode(document, &roster);
    if (status == STATUS_OK)
        status = archive_put(trust->archive, document, bytes, now_ms);
    if (status == STATUS_OK)
        view_give_roster(trust, &roster);
    roster_destroy(&roster);
    return status;
}

static enum status offer_profiles(struct trust *trust, const struct document *document,
    struct span bytes, int64_t now_ms)
{
    struct view *next = view_next(trust);
    struct parcel parcel;
    enum status status = parcel_decode(document, &parcel);

    if (status == STATUS_OK)
        status = judge_version(trust, document, bytes, next->profiles_version);
    if (status == STATUS_OK)
        status = archive_put(trust->archive, document, bytes, now_ms);
    if (status)
        return status;
    next->profiles_version = document->version;
    next->profiles_body = document->hash;
    next->profiles_created_ms = document->created_ms;
    return STATUS_OK;
}

/* ---- notice ---- */

static void forget_ended_notices(struct view *next, int64_t time_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < next->n_notices; i++) {
        if (!view_notice_is_over(next, &next->notices[i], time_ms))
            next->notices[kept++] = next->notices[i];
    }
    next->n_notices = kept;
}

/* Different members that this steward's notices suspend, the new one included. */
static size_t count_suspended(const struct view *next, const struct notice *notice)
{
    struct ident seen[(NOTICES_MAX + 1) * NOTICE_MEMBERS_MAX];
    size_t n = 0;

    for (size_t i = 0; i <= next->n_notices; i++) {
        const struct notice *one =
            i < next->n_notices ? &next->notices[i].notice : notice;

        if (!sign_public_equal(&one->steward, &notice->steward))
            continue;
        for (size_t k = 0; k < one->n; k++) {
            size_t at = 0;

            while (at < n && !ident_equal(&seen[at], &one->nodes[k]))
                at++;
            if (at == n)
                seen[n++] = one->nodes[k];
        }
    }
    return n;
}

static enum status judge_notice(struct trust *trust, const struct document *document,
    const struct held_notice *held, int64_t time_ms)
{
    struct view *next = view_next(trust);
    enum status status = archive_has_notice(trust->archive, &document->hash);

    if (status != STATUS_NOT_FOUND)
        return status ? status : STATUS_EXISTS;
    if (document->root_version > next->root.version)
        return STATUS_NOT_FOUND;
    if (document_count_signers(
            document, &next->network_id, next->root.stewards, next->root.n_stewards) != 1)
        return STATUS_FORGED;
    if (view_notice_is_over(next, held, time_ms))
        return STATUS_EXPIRED;
    if (count_suspended(next, &held->notice) > NOTICE_MEMBERS_MAX)
        return STATUS_DENIED;
    return next->n_notices < NOTICES_MAX ? STATUS_OK : STATUS_DENIED;
}

static enum status offer_notice(struct trust *trust, const struct document *document,
    struct span bytes, int64_t now_ms)
{
    struct view *next = view_next(trust);
    int64_t time_ms = view_time_ms(next, now_ms);
    struct held_notice held = {.taken_ms = time_ms};
    enum status status = notice_decode(document, &held.notice);

    if (status)
        return status;
    forget_ended_notices(next, time_ms);
    status = judge_notice(trust, document, &held, time_ms);
    if (status == STATUS_OK)
        status = archive_put(trust->archive, document, bytes, held.taken_ms);
    if (status == STATUS_OK)
        status = archive_drop_notices(trust->archive, time_ms - NOTICE_REMEMBERED_MS);
    if (status == STATUS_OK)
        next->notices[next->n_notices++] = held;
    return status;
}

/* ---- any ---- */

static void explain(struct trouble *trouble, enum document_type type,
    const struct document *document, enum status status)
{
    const char *name = document_type_name(type);
    unsigned long long version = document ? (unsigned long long)document->version : 0;

    switch (status) {
    case STATUS_FORGED:
        trouble_say(trouble, "%s %llu is not signed by enough stewards of this network",
            name, version);
        break;
    case STATUS_CONFLICT:
        trouble_say(trouble,
            type == DOCUMENT_PROFILES
                ? "another %s %llu is here already; the first one is kept"
                : "%s %llu is signed, but another one is here under that "
                  "version: the stewards' list has forked. Both are kept as proof; call "
                  "the stewards",
            name, version);
        break;
    case STATUS_NOT_FOUND:
        trouble_say(trouble,
            "%s %llu needs root documents that are not here yet: load those first", name,
            version);
        break;
    case STATUS_EXPIRED:
        trouble_say(trouble, "%s %llu is older than what is in force", name, version);
        break;
    case STATUS_EXISTS:
        trouble_say(trouble, "%s %llu is in force already", name, version);
        break;
    case STATUS_TOO_BIG:
        trouble_say(trouble, "%s %llu is too large, or more than %d versions ahead", name,
            version, ROSTER_JUMP_MAX);
        break;
    case STATUS_DENIED:
        trouble_say(trouble, "one steward's notices may suspend %d members at most",
            NOTICE_MEMBERS_MAX);
        break;
    default:
        trouble_say(trouble, "this %s cannot be used: %s", name, status_name(status));
        break;
    }
}

static enum status offer_one(struct trust *trust, const struct document *document,
    struct span bytes, int64_t now_ms)
{
    switch (document->type) {
    case DOCUMENT_ROOT:
        return offer_root(trust, document, bytes, now_ms);
    case DOCUMENT_ROSTER:
        return offer_roster(trust, document, bytes, now_ms);
    case DOCUMENT_PROFILES:
        return offer_profiles(trust, document, bytes, now_ms);
    case DOCUMENT_NOTICE:
        return offer_notice(trust, document, bytes, now_ms);
    case DOCUMENT_TYPE_COUNT:
        break;
    }
    return STATUS_MALFORMED;
}

enum status trust_offer(struct trust *trust, enum document_type type, struct span bytes,
    int64_t now_ms, struct trouble *trouble)
{
    bool several = type == DOCUMENT_ROOT || type == DOCUMENT_NOTICE, any = false;
    struct document document;
    size_t used = 0;
    enum status status;

    do {
        status = document_decode(bytes, &document, &used);
        if (status == STATUS_OK &&
            (document.type != type || (used != bytes.n && !several)))
            status = STATUS_MALFORMED;
        if (status) {
            explain(trouble, type, NULL, status);
            return status;
        }
        status = view_next(trust)->pinned
                     ? offer_one(trust, &document, span_of(bytes.at, used), now_ms)
                     : STATUS_NOT_FOUND;
        if (status && status != STATUS_EXISTS && status != STATUS_EXPIRED) {
            explain(trouble, type, &document, status);
            return status;
        }
        any |= status == STATUS_OK;
        bytes = span_of(bytes.at + used, bytes.n - used);
    } while (bytes.n > 0);
    if (any)
        return STATUS_OK;
    explain(trouble, type, &document, status);
    return status;
}
