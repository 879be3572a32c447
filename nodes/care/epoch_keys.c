/* SPDX-License-Identifier: Apache-2.0
 * A change is made on a copy of the slots, written, and only then believed.
 */
#include "epoch_keys.h"

#include <string.h>

#include "disk.h"
#include "memory.h"

enum {
    VERSION = 1,
    HEAD_BYTES = 8,
    BOXED_BYTES = BOX_KEY_BYTES + BOX_EXTRA_BYTES,
    SLOT_BYTES = 4 + BOXED_BYTES,
    FILE_BYTES_MAX = HEAD_BYTES + EPOCH_KEYS_MAX * SLOT_BYTES,
    PLACE_BYTES = 12
};

struct slot {
    uint32_t epoch; /* 0: empty */
    struct box_key key;
};

struct epoch_keys {
    char *path;
    struct chance *chance;
    bool unlocked;
    struct box_key file_key;
    struct slot slots[EPOCH_KEYS_MAX];
};

struct epoch_keys *epoch_keys_new(const char *path, struct chance *chance)
{
    struct epoch_keys *keys = memory_new(sizeof(*keys));

    keys->path = memory_copy_text(path);
    keys->chance = chance;
    return keys;
}

void epoch_keys_destroy(struct epoch_keys **keys)
{
    if (!*keys)
        return;
    epoch_keys_lock(*keys);
    memory_free((*keys)->path);
    memory_free(*keys);
    *keys = NULL;
}

void epoch_keys_lock(struct epoch_keys *keys)
{
    memory_wipe(&keys->file_key, sizeof(keys->file_key));
    memory_wipe(keys->slots, sizeof(keys->slots));
    keys->unlocked = false;
}

static struct span make_place(uint32_t epoch, uint8_t memory[static PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, "casewrap", 8);
    writer_u32(&writer, epoch);
    return writer_span(&writer);
}

static enum status read_slot(
    const struct epoch_keys *keys, struct reader *reader, struct slot *ret)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    uint32_t epoch = reader_u32(reader);
    struct span boxed = reader_take(reader, BOXED_BYTES);
    enum status status = reader->bad || epoch == 0 ? STATUS_CORRUPT : STATUS_OK;

    buffer_init(&plain, BOX_KEY_BYTES);
    if (status == STATUS_OK && (box_break(&keys->file_key, make_place(epoch, place),
                                    boxed, &plain) != STATUS_OK ||
                                   plain.used != BOX_KEY_BYTES))
        status = STATUS_CORRUPT;
    if (status == STATUS_OK) {
        ret->epoch = epoch;
        memcpy(ret->key.bytes, plain.bytes, BOX_KEY_BYTES);
    }
    buffer_release(&plain);
    return status;
}

static enum status read_slots(struct epoch_keys *keys, struct span file)
{
    struct reader reader = reader_over(file);
    enum status status = STATUS_OK;

    reader_expect(&reader, "AMW1", 4);
    uint16_t version = reader_u16(&reader), n = reader_u16(&reader);
    if (reader.bad || version != VERSION || n == 0 || n > EPOCH_KEYS_MAX)
        return STATUS_CORRUPT;
    for (size_t i = 0; status == STATUS_OK && i < n; i++)
        status = read_slot(keys, &reader, &keys->slots[i]);
    if (status == STATUS_OK && reader_end(&reader) != STATUS_OK)
        status = STATUS_CORRUPT;
    return status;
}

enum status epoch_keys_unlock(struct epoch_keys *keys, const struct box_key *master)
{
    struct buffer file;
    enum status status;

    epoch_keys_lock(keys);
    box_derive_key(master, "case-wrap", &keys->file_key);
    buffer_init(&file, FILE_BYTES_MAX);
    status = disk_read(keys->path, FILE_BYTES_MAX, &file, NULL);
    if (status == STATUS_OK)
        status = read_slots(keys, buffer_span(&file));
    else if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    else
        status = status == STATUS_TOO_BIG ? STATUS_CORRUPT : STATUS_IO;
    buffer_release(&file);
    if (status == STATUS_OK)
        keys->unlocked = true;
    else
        epoch_keys_lock(keys);
    return status;
}

const struct box_key *epoch_keys_find(const struct epoch_keys *keys, uint32_t epoch)
{
    for (size_t i = 0; epoch != 0 && i < EPOCH_KEYS_MAX; i++)
        if (keys->slots[i].epoch == epoch)
            return &keys->slots[i].key;
    return NULL;
}

uint32_t epoch_keys_newest(const struct epoch_keys *keys)
{
    uint32_t newest = 0;

    for (size_t i = 0; i < EPOCH_KEYS_MAX; i++)
        if (keys->slots[i].epoch > newest)
            newest = keys->slots[i].epoch;
    return newest;
}

static enum status write_slot(
    const struct epoch_keys *keys, const struct slot *slot, struct buffer *file)
{
    uint8_t place[PLACE_BYTES], *epoch = buffer_grow(file, 4);
    struct writer writer = writer_over(epoch, 4);

    PROMISE(epoch);
    writer_u32(&writer, slot->epoch);
    return box_apply(&keys->file_key, keys->chance, make_place(slot->epoch, place),
        span_of(slot->key.bytes, BOX_KEY_BYTES), file);
}

/* These slots are the file from now on. */
static enum status replace(
    struct epoch_keys *keys, const struct slot slots[static EPOCH_KEYS_MAX])
{
    struct buffer file;
    uint16_t n = 0;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < EPOCH_KEYS_MAX; i++)
        n = (uint16_t)(n + (slots[i].epoch != 0));
    buffer_init(&file, FILE_BYTES_MAX);
    struct writer writer = writer_over(buffer_grow(&file, HEAD_BYTES), HEAD_BYTES);
    writer_put(&writer, "AMW1", 4);
    writer_u16(&writer, VERSION);
    writer_u16(&writer, n);
    for (size_t i = 0; status == STATUS_OK && i < EPOCH_KEYS_MAX; i++)
        if (slots[i].epoch != 0)
            status = write_slot(keys, &slots[i], &file);
    if (status == STATUS_OK)
        status = disk_write(keys->path, buffer_span(&file), 0600, NULL);
    buffer_release(&file);
    if (status == STATUS_OK)
        memcpy(keys->slots, slots, sizeof(keys->slots));
    return status;
}

enum status epoch_keys_begin(struct epoch_keys *keys, uint32_t current, uint32_t next)
{
    struct slot slots[EPOCH_KEYS_MAX] = {{0}};
    const struct box_key *kept = epoch_keys_find(keys, current);

    if (!keys->unlocked)
        return STATUS_LOCKED;
    PROMISE(next != 0 && next != current && (current == 0 || kept));
    if (kept)
        slots[0] = (struct slot){current, *kept};
    slots[1].epoch = next;
    box_new_key(keys->chance, &slots[1].key);
    enum status status = replace(keys, slots);
    memory_wipe(slots, sizeof(slots));
    return status;
}

enum status epoch_keys_keep(struct epoch_keys *keys, uint32_t current, uint32_t old)
{
    struct slot slots[EPOCH_KEYS_MAX] = {{0}};
    size_t kept = 0, present = 0;

    if (!keys->unlocked)
        return STATUS_LOCKED;
    for (size_t i = 0; i < EPOCH_KEYS_MAX; i++) {
        uint32_t epoch = keys->slots[i].epoch;

        present += epoch != 0;
        if (epoch != 0 && (epoch == current || epoch == old))
            slots[kept++] = keys->slots[i];
    }
    enum status status = kept == present || kept == 0 ? STATUS_OK : replace(keys, slots);
    memory_wipe(slots, sizeof(slots));
    return status;
}
