/* SPDX-License-Identifier: Apache-2.0
 * One function for each kind of frame: it points protobuf-c at the bytes of the frame, so that they are copied
 * once, into the buffer. protobuf-c's pointers are not const, but it only reads while it packs.
 */
#include "frame_parts.h"
#include "memory.h"

static ProtobufCBinaryData data_of(const void *at, size_t n)
{
    return (ProtobufCBinaryData){n, (uint8_t *)(uintptr_t)at};
}

static ProtobufCBinaryData data_of_span(struct span span)
{
    return data_of(span.at, span.n);
}

static ProtobufCBinaryData data_of_ident(const struct ident *ident)
{
    return data_of(ident->bytes, IDENT_BYTES);
}

enum status frame_encode_hello(const struct frame *frame, struct frame_room *room)
{
    amaan__link__hello__init(&room->hello);
    room->hello.version_min = frame->hello.version_min;
    room->hello.version_max = frame->hello.version_max;
    room->hello.suites = frame->hello.suites;
    room->hello.node_id = data_of_ident(&frame->hello.node_id);
    room->hello.roster_version = frame->hello.roster_version;
    room->hello.roster_hash = data_of(frame->hello.roster_hash, FRAME_HASH_BYTES);
    room->hello.bundle_number = frame->hello.bundle_number;
    room->hello.bundles_mark = frame->hello.bundles_mark;
    room->hello.locked = frame->hello.locked;
    return STATUS_OK;
}

enum status frame_encode_welcome(const struct frame *frame, struct frame_room *room)
{
    amaan__link__welcome__init(&room->welcome);
    room->welcome.version = frame->welcome.version;
    room->welcome.suites = frame->welcome.suite_bits;
    room->welcome.store_id = data_of_ident(&frame->welcome.store_id);
    room->welcome.time_ms = (uint64_t)frame->welcome.time_ms;
    room->welcome.root_version = frame->welcome.root_version;
    room->welcome.roster_version = frame->welcome.roster_version;
    room->welcome.profiles_version = frame->welcome.profiles_version;
    room->welcome.notice_number = frame->welcome.notice_number;
    room->welcome.roster_hash = data_of(frame->welcome.roster_hash, FRAME_HASH_BYTES);
    room->welcome.bundle_number = frame->welcome.bundle_number;
    room->welcome.credit_bytes = frame->welcome.credit_bytes;
    room->welcome.waiting = frame->welcome.waiting;
    room->welcome.waiting_express = frame->welcome.waiting_express;
    return STATUS_OK;
}

enum status frame_encode_refused(const struct frame *frame, struct frame_room *room)
{
    amaan__link__refused__init(&room->refused);
    room->refused.msg_id = data_of_ident(&frame->refused.msg_id);
    room->refused.code = (uint32_t)frame->refused.code;
    room->refused.retry_after_s = frame->refused.retry_after_s;
    room->refused.silence_days = (uint32_t)frame->refused.silence;
    return STATUS_OK;
}

enum status frame_encode_document_get(const struct frame *frame, struct frame_room *room)
{
    amaan__link__document_get__init(&room->document_get);
    room->document_get.type = (uint32_t)frame->document_get.type;
    room->document_get.version = frame->document_get.version;
    room->document_get.offset = frame->document_get.offset;
    return STATUS_OK;
}

enum status frame_encode_document(const struct frame *frame, struct frame_room *room)
{
    if (frame->document.part.n > PART_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__document__init(&room->document);
    room->document.type = (uint32_t)frame->document.type;
    room->document.version = frame->document.version;
    room->document.total_bytes = frame->document.total_bytes;
    room->document.offset = frame->document.offset;
    room->document.part = data_of_span(frame->document.part);
    return STATUS_OK;
}

enum status frame_encode_bundle_put(const struct frame *frame, struct frame_room *room)
{
    if (frame->bundle_put.bundle.n > BUNDLE_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__bundle_put__init(&room->bundle_put);
    room->bundle_put.bundle = data_of_span(frame->bundle_put.bundle);
    return STATUS_OK;
}

enum status frame_encode_bundles_get(const struct frame *frame, struct frame_room *room)
{
    amaan__link__bundles_get__init(&room->bundles_get);
    room->bundles_get.mark = frame->bundles_get.mark;
    return STATUS_OK;
}

enum status frame_encode_bundles(const struct frame *frame, struct frame_room *room)
{
    size_t n = frame->bundles.n;
    size_t left = PART_BYTES_MAX;
    for (size_t i = 0; i < n; i++) {
        if (frame->bundles.bundles[i].n > left) {
            return STATUS_TOO_BIG;
        }
        left -= frame->bundles.bundles[i].n;
    }
    room->list = memory_new_array(n, sizeof(*room->list));
    for (size_t i = 0; i < n; i++) {
        room->list[i] = data_of_span(frame->bundles.bundles[i]);
    }
    amaan__link__bundles__init(&room->bundles);
    room->bundles.n_bundles = n;
    room->bundles.bundles = room->list;
    room->bundles.mark = frame->bundles.mark;
    room->bundles.more = frame->bundles.more;
    return STATUS_OK;
}

enum status frame_encode_offer(const struct frame *frame, struct frame_room *room)
{
    if (frame->offer.envelope.n > ENVELOPE_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__offer__init(&room->offer);
    room->offer.envelope = data_of_span(frame->offer.envelope);
    room->offer.again = frame->offer.again;
    return STATUS_OK;
}

enum status frame_encode_id(const struct frame *frame, struct frame_room *room)
{
    amaan__link__id__init(&room->id);
    room->id.msg_id = data_of_ident(&frame->recall.msg_id);
    return STATUS_OK;
}

enum status frame_encode_deliver(const struct frame *frame, struct frame_room *room)
{
    if (frame->deliver.envelope.n > ENVELOPE_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__deliver__init(&room->deliver);
    room->deliver.delivery = frame->deliver.delivery;
    room->deliver.envelope = data_of_span(frame->deliver.envelope);
    return STATUS_OK;
}

enum status frame_encode_taken(const struct frame *frame, struct frame_room *room)
{
    if (frame->taken.n > TAKEN_IDS_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__taken__init(&room->taken);
    room->taken.n_deliveries = frame->taken.n;
    room->taken.deliveries = (uint64_t *)(uintptr_t)frame->taken.deliveries;
    return STATUS_OK;
}

enum status frame_encode_nothing(const struct frame *frame, struct frame_room *room)
{
    (void)frame;
    amaan__link__nothing__init(&room->nothing);
    return STATUS_OK;
}

enum status frame_encode_held(const struct frame *frame, struct frame_room *room)
{
    if (frame->held.n > HELD_IDS_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__held__init(&room->held);
    room->held.msg_ids = data_of(frame->held.msg_ids, frame->held.n * IDENT_BYTES);
    return STATUS_OK;
}

enum status frame_encode_have(const struct frame *frame, struct frame_room *room)
{
    if (frame->have.n > HAVE_IDS_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__have__init(&room->have);
    room->have.msg_ids = data_of(frame->have.msg_ids, frame->have.n * IDENT_BYTES);
    return STATUS_OK;
}

enum status frame_encode_holds(const struct frame *frame, struct frame_room *room)
{
    if (frame->holds.n > HAVE_IDS_MAX) {
        return STATUS_TOO_BIG;
    }
    amaan__link__holds__init(&room->holds);
    room->holds.n = frame->holds.n;
    room->holds.bitmap = data_of_span(frame->holds.bitmap);
    return STATUS_OK;
}

enum status frame_encode_credit(const struct frame *frame, struct frame_room *room)
{
    amaan__link__credit__init(&room->credit);
    room->credit.bytes = frame->credit.bytes;
    return STATUS_OK;
}

enum status frame_encode_time(const struct frame *frame, struct frame_room *room)
{
    amaan__link__time__init(&room->time);
    room->time.time_ms = (uint64_t)frame->ping.time_ms;
    return STATUS_OK;
}

enum status frame_encode_bye(const struct frame *frame, struct frame_room *room)
{
    amaan__link__bye__init(&room->bye);
    room->bye.reason = (uint32_t)frame->bye.reason;
    return STATUS_OK;
}
