/* SPDX-License-Identifier: Apache-2.0
 * Each slot has a buffer of the announced length, which frame_decode held against the type's limit; it is
 * freed when the next document begins or its connection ends.
 */
#include "intake.h"

#include "memory.h"

struct slot {
    bool used, done;
    uint64_t connection;
    enum document_type type;
    uint64_t version;
    uint32_t total_bytes;
    int64_t last_steady_ms;
    struct buffer bytes;
};

struct intake {
    struct slot slots[INTAKE_SLOTS];
};

struct intake *intake_new(void)
{
    return memory_new(sizeof(struct intake));
}

static void clear_slot(struct slot *slot)
{
    if (slot->used) {
        buffer_release(&slot->bytes);
    }
    *slot = (struct slot){.used = false};
}

void intake_destroy(struct intake **intake)
{
    if (*intake == NULL) {
        return;
    }
    for (size_t i = 0; i < INTAKE_SLOTS; i++) {
        clear_slot(&(*intake)->slots[i]);
    }
    memory_free(*intake);
    *intake = NULL;
}

static struct slot *find_slot(
    struct intake *intake, uint64_t connection, enum document_type type)
{
    for (size_t i = 0; i < INTAKE_SLOTS; i++) {
        struct slot *slot = &intake->slots[i];
        if (slot->used && slot->connection == connection && slot->type == type) {
            return slot;
        }
    }
    return NULL;
}

static struct slot *free_slot(struct intake *intake, int64_t steady_ms)
{
    for (size_t i = 0; i < INTAKE_SLOTS; i++) {
        struct slot *slot = &intake->slots[i];
        if (!slot->used || slot->done ||
            steady_ms - slot->last_steady_ms >= INTAKE_LEFT_MS) {
            clear_slot(slot);
            return slot;
        }
    }
    return NULL;
}

enum intake_result intake_put(struct intake *intake, uint64_t connection,
    const struct frame *document, int64_t steady_ms, struct span *ret_whole,
    uint32_t *ret_offset)
{
    struct slot *slot = find_slot(intake, connection, document->document.type);
    if (document->document.offset == 0) {
        if (slot != NULL) {
            clear_slot(slot);
        } else {
            slot = free_slot(intake, steady_ms);
        }
        if (slot == NULL) {
            return INTAKE_BUSY;
        }
        *slot = (struct slot){
            .used = true,
            .connection = connection,
            .type = document->document.type,
            .version = document->document.version,
            .total_bytes = document->document.total_bytes,
        };
        buffer_init(&slot->bytes, slot->total_bytes);
    }
    if (slot == NULL || slot->done || slot->version != document->document.version ||
        slot->total_bytes != document->document.total_bytes ||
        slot->bytes.used != document->document.offset) {
        return INTAKE_STRAY;
    }
    slot->last_steady_ms = steady_ms;
    enum status status =
        buffer_put(&slot->bytes, document->document.part.at, document->document.part.n);
    PROMISE(status == STATUS_OK); /* offset + part <= total, says frame_decode */
    if (slot->bytes.used < slot->total_bytes) {
        *ret_offset = (uint32_t)slot->bytes.used;
        return INTAKE_MORE;
    }
    slot->done = true;
    *ret_whole = buffer_span(&slot->bytes);
    return INTAKE_DONE;
}

void intake_forget(struct intake *intake, uint64_t connection)
{
    for (size_t i = 0; i < INTAKE_SLOTS; i++) {
        if (intake->slots[i].used && intake->slots[i].connection == connection) {
            clear_slot(&intake->slots[i]);
        }
    }
}
