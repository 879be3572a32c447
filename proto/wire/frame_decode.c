/* SPDX-License-Identifier: Apache-2.0
 * One function for each kind of frame: exact sizes, ranges and codes; spans point to where protobuf-c put the
 * bytes in the arena. The outer rules (one kind, no unknown field, shortest form) were checked by frame.c.
 */
#include <string.h>

#include "frame_parts.h"

static struct span span_from(ProtobufCBinaryData data)
{
    return span_of(data.data, data.len);
}

static bool copy_exact(ProtobufCBinaryData data, void *to, size_t n)
{
    if (data.len != n) {
        return false;
    }
    memcpy(to, data.data, n);
    return true;
}

static bool is_time(uint64_t time_ms)
{
    return time_ms <= (uint64_t)TIME_MS_MAX;
}

static uint32_t document_bytes_max(enum document_type type)
{
    static const uint32_t most[DOCUMENT_TYPE_COUNT] = {
        [DOCUMENT_ROOT] = ROOT_BYTES_MAX,
        [DOCUMENT_ROSTER] = ROSTER_BYTES_MAX,
        [DOCUMENT_PROFILES] = PROFILES_BYTES_MAX,
        [DOCUMENT_NOTICE] = NOTICE_BYTES_MAX,
    };
    return most[type];
}

enum status frame_decode_hello(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Hello *hello = message;
    ret->hello.version_min = hello->version_min;
    ret->hello.version_max = hello->version_max;
    ret->hello.suites = hello->suites;
    ret->hello.roster_version = hello->roster_version;
    ret->hello.bundle_number = hello->bundle_number;
    ret->hello.bundles_mark = hello->bundles_mark;
    ret->hello.locked = hello->locked;
    bool good =
        copy_exact(hello->node_id, &ret->hello.node_id, IDENT_BYTES) &&
        copy_exact(hello->roster_hash, ret->hello.roster_hash, FRAME_HASH_BYTES) &&
        !ident_is_zero(&ret->hello.node_id) && hello->version_min >= 1 &&
        hello->version_min <= hello->version_max && hello->suites != 0;
    return good ? STATUS_OK : STATUS_MALFORMED;
}

enum status frame_decode_welcome(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Welcome *welcome = message;
    ret->welcome.version = welcome->version;
    ret->welcome.suite_bits = welcome->suites;
    ret->welcome.time_ms = (int64_t)welcome->time_ms;
    ret->welcome.root_version = welcome->root_version;
    ret->welcome.roster_version = welcome->roster_version;
    ret->welcome.profiles_version = welcome->profiles_version;
    ret->welcome.notice_number = welcome->notice_number;
    ret->welcome.bundle_number = welcome->bundle_number;
    ret->welcome.credit_bytes = welcome->credit_bytes;
    ret->welcome.waiting = welcome->waiting;
    ret->welcome.waiting_express = welcome->waiting_express;
    bool good =
        copy_exact(welcome->store_id, &ret->welcome.store_id, IDENT_BYTES) &&
        copy_exact(welcome->roster_hash, ret->welcome.roster_hash, FRAME_HASH_BYTES) &&
        !ident_is_zero(&ret->welcome.store_id) && welcome->version >= 1 &&
        welcome->suites != 0 && is_time(welcome->time_ms) &&
        welcome->waiting_express <= welcome->waiting;
    return good ? STATUS_OK : STATUS_MALFORMED;
}

static bool silence_is_known(uint32_t days)
{
    return days == SILENCE_NONE || days == SILENCE_DAY || days == SILENCE_WEEK ||
           days == SILENCE_35_DAYS;
}

enum status frame_decode_refused(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Refused *refused = message;
    if (!copy_exact(refused->msg_id, &ret->refused.msg_id, IDENT_BYTES) ||
        refused->code == 0) {
        return STATUS_MALFORMED;
    }
    if (refused->code >= REFUSAL_COUNT || !silence_is_known(refused->silence_days)) {
        return STATUS_UNSUPPORTED;
    }
    ret->refused.code = (enum refusal)refused->code;
    ret->refused.retry_after_s = refused->retry_after_s;
    ret->refused.silence = (enum silence)refused->silence_days;
    return STATUS_OK;
}

static enum status read_document_type(uint32_t type, enum document_type *ret)
{
    if (type == 0) {
        return STATUS_MALFORMED;
    }
    if (type >= DOCUMENT_TYPE_COUNT) {
        return STATUS_UNSUPPORTED;
    }
    *ret = (enum document_type)type;
    return STATUS_OK;
}

enum status frame_decode_document_get(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__DocumentGet *get = message;
    enum status status = read_document_type(get->type, &ret->document_get.type);
    if (status != STATUS_OK) {
        return status;
    }
    if (get->offset >= document_bytes_max(ret->document_get.type)) {
        return STATUS_TOO_BIG;
    }
    ret->document_get.version = get->version;
    ret->document_get.offset = get->offset;
    return STATUS_OK;
}

enum status frame_decode_document(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Document *document = message;
    enum status status = read_document_type(document->type, &ret->document.type);
    if (status != STATUS_OK) {
        return status;
    }
    if (document->part.len > PART_BYTES_MAX ||
        document->total_bytes > document_bytes_max(ret->document.type)) {
        return STATUS_TOO_BIG;
    }
    if (document->version == 0 || document->part.len == 0 ||
        document->offset > document->total_bytes ||
        document->part.len > document->total_bytes - document->offset) {
        return STATUS_MALFORMED;
    }
    ret->document.version = document->version;
    ret->document.total_bytes = document->total_bytes;
    ret->document.offset = document->offset;
    ret->document.part = span_from(document->part);
    return STATUS_OK;
}

static enum status read_bundle(ProtobufCBinaryData data, struct span *ret)
{
    if (data.len > BUNDLE_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    if (data.len == 0) {
        return STATUS_MALFORMED;
    }
    *ret = span_from(data);
    return STATUS_OK;
}

enum status frame_decode_bundle_put(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__BundlePut *put = message;
    return read_bundle(put->bundle, &ret->bundle_put.bundle);
}

enum status frame_decode_bundles_get(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__BundlesGet *get = message;
    ret->bundles_get.mark = get->mark;
    return STATUS_OK;
}

enum status frame_decode_bundles(
    struct arena *arena, const void *message, struct frame *ret)
{
    const Amaan__Link__Bundles *bundles = message;
    size_t n = bundles->n_bundles;
    struct span *list = NULL;
    if (n > 0) {
        list = arena_take(arena, n * sizeof(*list));
        if (list == NULL) {
            return STATUS_TOO_BIG;
        }
    }
    size_t left = PART_BYTES_MAX;
    for (size_t i = 0; i < n; i++) {
        enum status status = read_bundle(bundles->bundles[i], &list[i]);
        if (status != STATUS_OK) {
            return status;
        }
        if (list[i].n > left) {
            return STATUS_TOO_BIG;
        }
        left -= list[i].n;
    }
    ret->bundles.n = n;
    ret->bundles.bundles = list;
    ret->bundles.mark = bundles->mark;
    ret->bundles.more = bundles->more;
    return STATUS_OK;
}

static enum status read_envelope(ProtobufCBinaryData data, struct span *ret)
{
    if (data.len > ENVELOPE_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    if (data.len == 0) {
        return STATUS_MALFORMED;
    }
    *ret = span_from(data);
    return STATUS_OK;
}

enum status frame_decode_offer(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Offer *offer = message;
    ret->offer.again = offer->again;
    return read_envelope(offer->envelope, &ret->offer.envelope);
}

enum status frame_decode_id(struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Id *id = message;
    bool good = copy_exact(id->msg_id, &ret->recall.msg_id, IDENT_BYTES) &&
                !ident_is_zero(&ret->recall.msg_id);
    return good ? STATUS_OK : STATUS_MALFORMED;
}

enum status frame_decode_deliver(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Deliver *deliver = message;
    if (deliver->delivery == 0) {
        return STATUS_MALFORMED;
    }
    ret->deliver.delivery = deliver->delivery;
    return read_envelope(deliver->envelope, &ret->deliver.envelope);
}

enum status frame_decode_taken(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Taken *taken = message;
    if (taken->n_deliveries > TAKEN_IDS_MAX) {
        return STATUS_TOO_BIG;
    }
    if (taken->n_deliveries == 0) {
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < taken->n_deliveries; i++) {
        if (taken->deliveries[i] == 0) {
            return STATUS_MALFORMED;
        }
    }
    ret->taken.n = taken->n_deliveries;
    ret->taken.deliveries = taken->deliveries;
    return STATUS_OK;
}

enum status frame_decode_nothing(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    (void)message;
    (void)ret;
    return STATUS_OK;
}

/* Ids behind each other. */
static enum status read_ids(
    ProtobufCBinaryData data, size_t max, size_t *ret_n, const struct ident **ret)
{
    size_t n = data.len / IDENT_BYTES;
    if (n > max) {
        return STATUS_TOO_BIG;
    }
    if (n == 0 || data.len % IDENT_BYTES != 0) {
        return STATUS_MALFORMED;
    }
    _Static_assert(sizeof(struct ident) == IDENT_BYTES, "ids lie behind each other");
    *ret_n = n;
    *ret = (const struct ident *)(const void *)data.data;
    return STATUS_OK;
}

enum status frame_decode_have(struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Have *have = message;
    return read_ids(have->msg_ids, HAVE_IDS_MAX, &ret->have.n, &ret->have.msg_ids);
}

enum status frame_decode_held(struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Held *held = message;
    enum status status =
        read_ids(held->msg_ids, HELD_IDS_MAX, &ret->held.n, &ret->held.msg_ids);
    for (size_t i = 0; status == STATUS_OK && i < ret->held.n; i++) {
        if (ident_is_zero(&ret->held.msg_ids[i])) {
            status = STATUS_MALFORMED;
        }
    }
    return status;
}

enum status frame_decode_holds(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Holds *holds = message;
    if (holds->n > HAVE_IDS_MAX) {
        return STATUS_TOO_BIG;
    }
    if (holds->n == 0 || holds->bitmap.len != (holds->n + 7) / 8) {
        return STATUS_MALFORMED;
    }
    unsigned used_bits = holds->n % 8;
    if (used_bits != 0 && holds->bitmap.data[holds->bitmap.len - 1] >> used_bits != 0) {
        return STATUS_MALFORMED;
    }
    ret->holds.n = holds->n;
    ret->holds.bitmap = span_from(holds->bitmap);
    return STATUS_OK;
}

enum status frame_decode_credit(
    struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Credit *credit = message;
    ret->credit.bytes = credit->bytes;
    return credit->bytes != 0 ? STATUS_OK : STATUS_MALFORMED;
}

enum status frame_decode_time(struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Time *time = message;
    ret->ping.time_ms = (int64_t)time->time_ms;
    return is_time(time->time_ms) ? STATUS_OK : STATUS_MALFORMED;
}

enum status frame_decode_bye(struct arena *arena, const void *message, struct frame *ret)
{
    (void)arena;
    const Amaan__Link__Bye *bye = message;
    ret->bye.reason = (enum refusal)bye->reason;
    return bye->reason < REFUSAL_COUNT ? STATUS_OK : STATUS_UNSUPPORTED;
}
