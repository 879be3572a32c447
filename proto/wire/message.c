/* SPDX-License-Identifier: Apache-2.0
 * protobuf-c asks an allocator for every piece; ours takes from the arena and never frees, since the arena
 * is reset as a whole. protobuf-c does not say why it gave up, so the allocator remembers.
 */
#include <protobuf-c/protobuf-c.h>

#include "memory.h"
#include "message.h"

struct budget {
    struct arena *arena;
    bool used_up;
};

static void *take(void *context, size_t n)
{
    struct budget *budget = context;
    void *piece = arena_take(budget->arena, n);
    if (piece == NULL) {
        budget->used_up = true;
    }
    return piece;
}

static void keep(void *context, void *piece)
{
    (void)context;
    (void)piece;
}

enum status message_unpack(struct arena *arena,
    const struct ProtobufCMessageDescriptor *type, struct span bytes,
    const struct ProtobufCMessage **ret)
{
    static const uint8_t nothing[1];
    struct budget budget = {arena, false};
    ProtobufCAllocator allocator = {take, keep, &budget};
    const uint8_t *at = bytes.n > 0 ? bytes.at : nothing;
    ProtobufCMessage *message = protobuf_c_message_unpack(type, &allocator, bytes.n, at);
    if (message == NULL) {
        return budget.used_up ? STATUS_TOO_BIG : STATUS_MALFORMED;
    }
    if (protobuf_c_message_get_packed_size(message) != bytes.n) {
        return STATUS_MALFORMED;
    }
    *ret = message;
    return STATUS_OK;
}

static bool field_knows_all(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const uint8_t *start = (const uint8_t *)message;
    const void *place = start + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t n = *(const size_t *)(const void *)(start + field->quantifier_offset);
        const ProtobufCMessage *const *list =
            *(const ProtobufCMessage *const *const *)place;
        for (size_t i = 0; i < n; i++) {
            if (!message_knows_all(list[i])) {
                return false;
            }
        }
        return true;
    }
    const ProtobufCMessage *within = *(const ProtobufCMessage *const *)place;
    return within == NULL || message_knows_all(within);
}

bool message_knows_all(const struct ProtobufCMessage *message)
{
    if (message->n_unknown_fields > 0) {
        return false;
    }
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && !field_knows_all(message, field)) {
            return false;
        }
    }
    return true;
}

enum status message_pack(const struct ProtobufCMessage *message, struct buffer *buffer)
{
    buffer->used =
        0; /* not buffer_clear: wiping all of a large buffer for each small frame is dear */
    size_t n = protobuf_c_message_get_packed_size(message);
    if (n == 0) {
        return STATUS_OK;
    }
    uint8_t *to = buffer_grow(buffer, n);
    if (to == NULL) {
        return STATUS_TOO_BIG;
    }
    size_t written = protobuf_c_message_pack(message, to);
    PROMISE(written == n);
    return STATUS_OK;
}
