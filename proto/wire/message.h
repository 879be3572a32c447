/* SPDX-License-Identifier: Apache-2.0
 *
 * message: protobuf-c under our rules; for the decoders of proto/ only. Memory comes from an arena, whose budget is the
 * limit. A message must be in its shortest form: that refuses doubled fields, spelled-out defaults and
 * padded integers with one comparison, so that nobody can hide bytes in a frame or body.
 */
#ifndef AMAAN_MESSAGE_H
#define AMAAN_MESSAGE_H

#include "bytes.h"

struct ProtobufCMessage;
struct ProtobufCMessageDescriptor;

/* TOO_BIG when the arena's budget is used up, else MALFORMED. The message and all it points to live in the
 * arena. Unknown fields are kept in it: ask message_knows_all. */
enum status message_unpack(struct arena *arena,
    const struct ProtobufCMessageDescriptor *type, struct span bytes,
    const struct ProtobufCMessage **ret) MUST_USE;
/* No unknown field in the message or in a message within it. */
bool message_knows_all(const struct ProtobufCMessage *message);
/* Replaces the buffer's content. TOO_BIG past its maximum: it is empty then. */
enum status message_pack(
    const struct ProtobufCMessage *message, struct buffer *buffer) MUST_USE;

#endif
