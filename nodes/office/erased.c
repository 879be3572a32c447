/* SPDX-License-Identifier: Apache-2.0
 * The box is bound to the node's id: the list of another node that shares the stick does not open.
 */
#include "erased.h"

#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "memory.h"

static const char MAGIC[4] = {'A', 'M', 'E', '1'};
enum { HEAD_BYTES = 8, NAME_DIGITS = 16, NAME_BYTES = 32 };

char *erased_path(const char *folder, const struct ident *node_id)
{
    char id[IDENT_TEXT_BYTES], name[NAME_BYTES];

    ident_format(node_id, id);
    (void)snprintf(name, sizeof(name), "%.*s.erased", NAME_DIGITS, id);
    return disk_path(folder, name);
}

static struct span place_of(const struct ident *node_id)
{
    return span_of(node_id->bytes, IDENT_BYTES);
}

static bool rises(struct span idents)
{
    for (size_t i = IDENT_BYTES; i < idents.n; i += IDENT_BYTES)
        if (memcmp(idents.at + i - IDENT_BYTES, idents.at + i, IDENT_BYTES) >= 0)
            return false;
    return idents.n % IDENT_BYTES == 0;
}

static enum status break_list(struct span file, const struct ident *node_id,
    const struct box_key *master, struct buffer *ret)
{
    struct reader reader = reader_over(file);
    struct box_key key;
    struct buffer plain;

    reader_expect(&reader, MAGIC, sizeof(MAGIC));
    reader_zeros(&reader, HEAD_BYTES - sizeof(MAGIC));
    struct span boxed =
        reader_take(&reader, file.n > HEAD_BYTES ? file.n - HEAD_BYTES : 0);
    if (reader_end(&reader) != STATUS_OK)
        return STATUS_MALFORMED;
    box_derive_key(master, "erased", &key);
    buffer_init(&plain, ERASED_CASES_MAX * IDENT_BYTES);
    enum status status = box_break(&key, place_of(node_id), boxed, &plain);
    if (status == STATUS_OK && !rises(buffer_span(&plain)))
        status = STATUS_MALFORMED;
    if (status == STATUS_OK)
        status = buffer_put(ret, plain.bytes, plain.used);
    buffer_release(&plain);
    memory_wipe(&key, sizeof(key));
    return status;
}

enum status erased_read(const char *path, const struct ident *node_id,
    const struct box_key *master, struct buffer *ret, struct trouble *trouble)
{
    struct buffer file;
    enum status status = disk_read(path, ERASED_FILE_BYTES_MAX, &file, trouble);

    if (status != STATUS_OK)
        return status;
    status = break_list(buffer_span(&file), node_id, master, ret);
    if (status != STATUS_OK)
        trouble_say(
            trouble, "%s is not this node's list of erased cases, or was changed", path);
    buffer_release(&file);
    return status;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, IDENT_BYTES);
}

/* Ascending, each once. */
static void settle(struct buffer *idents)
{
    size_t kept = 0;

    if (idents->used == 0)
        return;
    qsort(idents->bytes, idents->used / IDENT_BYTES, IDENT_BYTES, compare);
    for (size_t i = IDENT_BYTES; i < idents->used; i += IDENT_BYTES)
        if (memcmp(idents->bytes + kept, idents->bytes + i, IDENT_BYTES) != 0) {
            kept += IDENT_BYTES;
            memmove(idents->bytes + kept, idents->bytes + i, IDENT_BYTES);
        }
    idents->used = kept + IDENT_BYTES;
}

static enum status write_list(const char *path, const struct ident *node_id,
    const struct box_key *master, struct chance *chance, struct span idents,
    struct trouble *trouble)
{
    static const uint8_t zeros[HEAD_BYTES - sizeof(MAGIC)];
    struct box_key key;
    struct buffer file;

    box_derive_key(master, "erased", &key);
    buffer_init(&file, ERASED_FILE_BYTES_MAX);
    enum status status = buffer_put(&file, MAGIC, sizeof(MAGIC));
    if (status == STATUS_OK)
        status = buffer_put(&file, zeros, sizeof(zeros));
    if (status == STATUS_OK)
        status = box_apply(&key, chance, place_of(node_id), idents, &file);
    if (status == STATUS_OK)
        status = disk_write(path, buffer_span(&file), 0600, trouble);
    buffer_release(&file);
    memory_wipe(&key, sizeof(key));
    return status;
}

enum status erased_add(const char *path, const struct ident *node_id,
    const struct box_key *master, struct chance *chance, struct span idents,
    struct trouble *trouble)
{
    struct buffer all;

    buffer_init(&all, ERASED_CASES_MAX * IDENT_BYTES);
    enum status status = erased_read(path, node_id, master, &all, NULL);
    if (status == STATUS_NOT_FOUND || status == STATUS_FORGED ||
        status == STATUS_MALFORMED || status == STATUS_TOO_BIG)
        status = STATUS_OK;
    if (status == STATUS_OK)
        status = buffer_put(&all, idents.at, idents.n);
    if (status == STATUS_OK) {
        settle(&all);
        status = write_list(path, node_id, master, chance, buffer_span(&all), trouble);
    }
    buffer_release(&all);
    return status;
}
