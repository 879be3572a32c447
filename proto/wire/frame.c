/* SPDX-License-Identifier: Apache-2.0
 * A table with a row for each kind: name, place of its message in link.proto's Frame, decoder, encoder. The
 * number of the field is the number of the kind (a test compares them). frame_decode.c and frame_encode.c
 * hold the functions of the rows.
 */
#include <string.h>

#include "frame_parts.h"
#include "memory.h"
#include "unpack.h"

#define PLACE(field) offsetof(Amaan__Link__Frame, field)

static const struct row {
    const char *name;
    size_t place;
    frame_decoder *decode;
    frame_encoder *encode;
} ROWS[FRAME_KIND_COUNT] = {
    [FRAME_HELLO] = {"hello", PLACE(hello), frame_decode_hello, frame_encode_hello},
    [FRAME_WELCOME] = {"welcome", PLACE(welcome), frame_decode_welcome,
        frame_encode_welcome},
    [FRAME_REFUSED] = {"refused", PLACE(refused), frame_decode_refused,
        frame_encode_refused},
    [FRAME_DOCUMENT_GET] = {"document-get", PLACE(document_get),
        frame_decode_document_get, frame_encode_document_get},
    [FRAME_DOCUMENT] = {"document", PLACE(document), frame_decode_document,
        frame_encode_document},
    [FRAME_BUNDLE_PUT] = {"bundle-put", PLACE(bundle_put), frame_decode_bundle_put,
        frame_encode_bundle_put},
    [FRAME_BUNDLES_GET] = {"bundles-get", PLACE(bundles_get), frame_decode_bundles_get,
        frame_encode_bundles_get},
    [FRAME_BUNDLES] = {"bundles", PLACE(bundles), frame_decode_bundles,
        frame_encode_bundles},
    [FRAME_OFFER] = {"offer", PLACE(offer), frame_decode_offer, frame_encode_offer},
    [FRAME_HELD] = {"held", PLACE(held), frame_decode_id, frame_encode_id},
    [FRAME_DELIVER] = {"deliver", PLACE(deliver), frame_decode_deliver,
        frame_encode_deliver},
    [FRAME_TAKEN] = {"taken", PLACE(taken), frame_decode_taken, frame_encode_taken},
    [FRAME_EMPTY] = {"empty", PLACE(empty), frame_decode_nothing, frame_encode_nothing},
    [FRAME_HAVE] = {"have", PLACE(have), frame_decode_have, frame_encode_have},
    [FRAME_HOLDS] = {"holds", PLACE(holds), frame_decode_holds, frame_encode_holds},
    [FRAME_RECALL] = {"recall", PLACE(recall), frame_decode_id, frame_encode_id},
    [FRAME_CREDIT] = {"credit", PLACE(credit), frame_decode_credit, frame_encode_credit},
    [FRAME_PING] = {"ping", PLACE(ping), frame_decode_time, frame_encode_time},
    [FRAME_PONG] = {"pong", PLACE(pong), frame_decode_time, frame_encode_time},
    [FRAME_BYE] = {"bye", PLACE(bye), frame_decode_bye, frame_encode_bye},
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

/* The message at a row's place, NULL if it is not set. */
static const ProtobufCMessage *get_part(const Amaan__Link__Frame *frame, size_t place)
{
    const ProtobufCMessage *part = NULL;
    memcpy(&part, (const uint8_t *)frame + place, sizeof(part));
    return part;
}

/* Which kind is set: 0 if none, FRAME_KIND_COUNT if several. */
static unsigned find_kind(const Amaan__Link__Frame *frame)
{
    unsigned found = 0;
    for (unsigned kind = FRAME_HELLO; kind < FRAME_KIND_COUNT; kind++) {
        if (get_part(frame, ROWS[kind].place) != NULL) {
            found = found == 0 ? kind : FRAME_KIND_COUNT;
        }
    }
    return found;
}

enum status frame_decode(struct arena *arena, struct span bytes, struct frame *ret)
{
    if (bytes.n > FRAME_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    const ProtobufCMessage *message = NULL;
    enum status status =
        unpack_message(arena, &amaan__link__frame__descriptor, bytes, &message);
    if (status != STATUS_OK) {
        return status;
    }
    const Amaan__Link__Frame *outer = (const Amaan__Link__Frame *)(const void *)message;
    unsigned kind = find_kind(outer);
    if (kind == 0 && message->n_unknown_fields == 1) {
        return STATUS_UNSUPPORTED;
    }
    if (kind == 0 || kind == FRAME_KIND_COUNT || message->n_unknown_fields > 0) {
        return STATUS_MALFORMED;
    }
    const ProtobufCMessage *part = get_part(outer, ROWS[kind].place);
    if (part->n_unknown_fields > 0) {
        return STATUS_MALFORMED;
    }
    struct frame frame = {.kind = (enum frame_kind)kind};
    status = ROWS[kind].decode(arena, part, &frame);
    if (status == STATUS_OK) {
        *ret = frame;
    }
    return status;
}

enum status frame_encode(const struct frame *frame, struct buffer *buffer)
{
    PROMISE(frame->kind >= FRAME_HELLO && frame->kind < FRAME_KIND_COUNT);
    struct frame_room room;
    room.list = NULL;
    buffer_clear(buffer);
    enum status status = ROWS[frame->kind].encode(frame, &room);
    if (status == STATUS_OK) {
        Amaan__Link__Frame outer = AMAAN__LINK__FRAME__INIT;
        const ProtobufCMessage *part = &room.base;
        memcpy((uint8_t *)&outer + ROWS[frame->kind].place, &part, sizeof(part));
        status = pack_message(&outer.base, buffer);
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
