/* SPDX-License-Identifier: Apache-2.0
 *
 * frame_parts: the rows of frame.c: one decoder and one encoder for each kind. Private to proto/wire.
 */
#ifndef AMAAN_FRAME_PARTS_H
#define AMAAN_FRAME_PARTS_H

#include "frame.h"
#include "link.pb-c.h"
#include "prekey.h"

/* Room for the message of any kind while a frame is encoded. `list` is freed by frame_encode. */
struct frame_room {
    union {
        ProtobufCMessage base;
        Amaan__Link__Hello hello;
        Amaan__Link__Welcome welcome;
        Amaan__Link__Refused refused;
        Amaan__Link__DocumentGet document_get;
        Amaan__Link__Document document;
        Amaan__Link__BundlePut bundle_put;
        Amaan__Link__BundlesGet bundles_get;
        Amaan__Link__Bundles bundles;
        Amaan__Link__Offer offer;
        Amaan__Link__Id id;
        Amaan__Link__Held held;
        Amaan__Link__Deliver deliver;
        Amaan__Link__Taken taken;
        Amaan__Link__Nothing nothing;
        Amaan__Link__Have have;
        Amaan__Link__Holds holds;
        Amaan__Link__Credit credit;
        Amaan__Link__Time time;
        Amaan__Link__Bye bye;
    };
    ProtobufCBinaryData *list;
};

/* `message` is of the kind's own type. */
typedef enum status frame_decoder(
    struct arena *arena, const void *message, struct frame *ret);
/* TOO_BIG for a list beyond limits.h. */
typedef enum status frame_encoder(const struct frame *frame, struct frame_room *room);

frame_decoder frame_decode_hello, frame_decode_welcome, frame_decode_refused,
    frame_decode_document_get, frame_decode_document, frame_decode_bundle_put,
    frame_decode_bundles_get, frame_decode_bundles, frame_decode_offer, frame_decode_held,
    frame_decode_id, frame_decode_deliver, frame_decode_taken, frame_decode_nothing,
    frame_decode_have, frame_decode_holds, frame_decode_credit, frame_decode_time,
    frame_decode_bye;
frame_encoder frame_encode_hello, frame_encode_welcome, frame_encode_refused,
    frame_encode_document_get, frame_encode_document, frame_encode_bundle_put,
    frame_encode_bundles_get, frame_encode_bundles, frame_encode_offer, frame_encode_held,
    frame_encode_id, frame_encode_deliver, frame_encode_taken, frame_encode_nothing,
    frame_encode_have, frame_encode_holds, frame_encode_credit, frame_encode_time,
    frame_encode_bye;

#endif
