/* SPDX-License-Identifier: Apache-2.0
 * A table with a row for each kind: name, decoder, encoder; the kind's message type is asked of link.proto's
 * Frame. A frame is one field, so its tag and length are read and written here and only the message within
 * goes through protobuf-c: that halves the time of an OFFER, and a second field cannot be.
 */
#include <string.h>

#include "frame_parts.h"
#include "memory.h"
#include "message.h"

static const struct row {
    const char *name;
    frame_decoder *decode;
    frame_encoder *encode;
} ROWS[FRAME_KIND_COUNT] = {
    [FRAME_HELLO] = {"hello", frame_decode_hello, frame_encode_hello},
    [FRAME_WELCOME] = {"welcome", frame_decode_welcome, frame_encode_welcome},
    [FRAME_REFUSED] = {"refused", frame_decode_refused, frame_encode_refused},
    [FRAME_DOCUMENT_GET] = {"document-get", frame_decode_document_get,
        frame_encode_document_get},
    [FRAME_DOCUMENT] = {"document", frame_decode_document, frame_encode_document},
    [FRAME_BUNDLE_PUT] = {"bundle-put", frame_decode_bundle_put, frame_encode_bundle_put},
    [FRAME_BUNDLES_GET] = {"bundles-get", frame_decode_bundles_get,
        frame_encode_bundles_get},
    [FRAME_BUNDLES] = {"bundles", frame_decode_bundles, frame_encode_bundles},
    [FRAME_OFFER] = {"offer", frame_decode_offer, frame_encode_offer},
    [FRAME_HELD] = {"held", frame_decode_held, frame_encode_held},
    [FRAME_DELIVER] = {"deliver", frame_decode_deliver, frame_encode_deliver},
    [FRAME_TAKEN] = {"taken", frame_decode_taken, frame_encode_taken},
    [FRAME_EMPTY] = {"empty", frame_decode_nothing, frame_encode_nothing},
    [FRAME_HAVE] = {"have", frame_decode_have, frame_encode_have},
    [FRAME_HOLDS] = {"holds", frame_decode_holds, frame_encode_holds},
    [FRAME_RECALL] = {"recall", frame_decode_id, frame_encode_id},
    [FRAME_CREDIT] = {"credit", frame_decode_credit, frame_encode_credit},
    [FRAME_PING] = {"ping", frame_decode_time, frame_encode_time},
    [FRAME_PONG] = {"pong", frame_decode_time, frame_encode_time},
    [FRAME_BYE] = {"bye", frame_decode_bye, frame_encode_bye},
};

static const char *const REFUSALS[REFUSAL_COUNT] = {
    [REFUSAL_VERSION] = "version",
    [REFUSAL_NOT_MEMBER] = "not_member",
    [REFUSAL_SUSPENDED] = "suspended",
    [REFUSAL_UNKNOWN_RECIPIENT] = "unknown_recipient",
    [REFUSAL_RECIPIENT_SUSPENDED] = "recipient_suspended",
    [REFUSAL_MAILBOX_FULL] = "mailbox_full",
    [REFUSAL_SENDER_SHARE] = "sender_share",
    [REFUSAL_RATE] = "rate",
    [REFUSAL_DISK_FULL] = "disk_full",
    [REFUSAL_STALE_PREKEY] = "stale_prekey",
    [REFUSAL_ID_CONFLICT] = "id_conflict",
    [REFUSAL_MALFORMED] = "malformed",
    [REFUSAL_DRAINING] = "draining",
    [REFUSAL_NOT_FOUND] = "not_found",
    [REFUSAL_OLDER] = "older",
};

enum { WIRE_TYPE_BITS = 3, WIRE_TYPE_LENGTH = 2, OUTER_BYTES_MAX = 10 };

/* protobuf's integer: seven bits a byte, lowest first, in its shortest form. */
static uint32_t read_number(struct reader *reader)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        uint8_t byte = reader_u8(reader);
        value |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            if (byte == 0 && shift > 0) {
                reader_fail(reader);
            }
            return value;
        }
    }
    reader_fail(reader);
    return 0;
}

static void write_number(struct writer *writer, size_t value)
{
    for (; value >= 0x80; value >>= 7) {
        writer_u8(writer, (uint8_t)(0x80 | (value & 0x7f)));
    }
    writer_u8(writer, (uint8_t)value);
}

static const ProtobufCMessageDescriptor *type_of(unsigned kind)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&amaan__link__frame__descriptor, kind);
    PROMISE(field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE);
    return field->descriptor;
}

enum status frame_decode(struct arena *arena, struct span bytes, struct frame *ret)
{
    if (bytes.n > FRAME_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    struct reader reader = reader_over(bytes);
    uint32_t tag = read_number(&reader);
    uint32_t length = read_number(&reader);
    unsigned kind = tag >> WIRE_TYPE_BITS;
    if (reader.bad || (tag & 7) != WIRE_TYPE_LENGTH || kind == 0 ||
        length != reader.left) {
        return STATUS_MALFORMED;
    }
    if (kind >= FRAME_KIND_COUNT) {
        return STATUS_UNSUPPORTED;
    }
    const ProtobufCMessage *message = NULL;
    enum status status =
        message_unpack(arena, type_of(kind), reader_take(&reader, length), &message);
    if (status != STATUS_OK) {
        return status;
    }
    if (!message_knows_all(message)) {
        return STATUS_MALFORMED;
    }
    struct frame frame = {.kind = (enum frame_kind)kind};
    status = ROWS[kind].decode(arena, message, &frame);
    if (status == STATUS_OK) {
        *ret = frame;
    }
    return status;
}

/* Tag, length, message. */
static enum status pack_frame(
    enum frame_kind kind, const ProtobufCMessage *message, struct buffer *buffer)
{
    uint8_t outer[OUTER_BYTES_MAX];
    struct writer writer = writer_over(outer, sizeof outer);
    size_t n = protobuf_c_message_get_packed_size(message);
    write_number(&writer, (size_t)kind << WIRE_TYPE_BITS | WIRE_TYPE_LENGTH);
    write_number(&writer, n);
    struct span head = writer_span(&writer);
    uint8_t *to = buffer_grow(buffer, head.n + n);
    if (to == NULL) {
        return STATUS_TOO_BIG;
    }
    memcpy(to, head.at, head.n);
    size_t written = protobuf_c_message_pack(message, to + head.n);
    PROMISE(written == n);
    return STATUS_OK;
}

enum status frame_encode(const struct frame *frame, struct buffer *buffer)
{
    PROMISE(frame->kind >= FRAME_HELLO && frame->kind < FRAME_KIND_COUNT);
    struct frame_room room;
    room.list = NULL;
    buffer->used =
        0; /* not buffer_clear: wiping a large buffer for each small frame is dear */
    enum status status = ROWS[frame->kind].encode(frame, &room);
    if (status == STATUS_OK) {
        PROMISE(room.base.descriptor == type_of(frame->kind));
        status = pack_frame(frame->kind, &room.base, buffer);
    }
    memory_free(room.list);
    return status;
}

const char *frame_kind_name(enum frame_kind kind)
{
    bool known = kind >= FRAME_HELLO && kind < FRAME_KIND_COUNT;
    return known ? ROWS[kind].name : "unknown";
}

const char *refusal_name(enum refusal code)
{
    bool known = code >= REFUSAL_VERSION && code < REFUSAL_COUNT;
    return known ? REFUSALS[code] : "unknown";
}
