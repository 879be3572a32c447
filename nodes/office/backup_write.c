/* SPDX-License-Identifier: Apache-2.0
 * WRITING -> READING -> NAMED. Each step ends with a sync of what it wrote, so that no single step waits for the
 * whole file. Before it is read back the kernel is asked to forget it, so that the stick answers and not the memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_inside.h"
#include "disk.h"
#include "memory.h"

struct backup_writer {
    char *folder, *fresh, *path;
    char name[BACKUP_NAME_BYTES];
    int file;
    bool reading, named;
    struct backup_head head;
    struct backup_parts parts;
    struct buffer key_file;
    struct hash hash;
    struct box_key key;
    struct chance *chance;
    uint64_t piece;
    struct buffer plain, again, boxed;
};

static enum status complain(
    const struct backup_writer *writer, const char *what, struct trouble *trouble)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;

    trouble_say(trouble,
        "the backup in %s cannot be %s: %s. The backups that were there before stay.",
        writer->folder, what, strerror(errno));
    return full ? STATUS_FULL : STATUS_IO;
}

static bool write_all(int file, struct span bytes)
{
    while (bytes.n > 0) {
        ssize_t put = write(file, bytes.at, bytes.n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes.at += put;
        bytes.n -= (size_t)put;
    }
    return true;
}

static bool read_all(int file, uint8_t *to, size_t n)
{
    while (n > 0) {
        ssize_t got = read(file, to, n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        n -= (size_t)got;
    }
    return true;
}

static enum status write_head(struct backup_writer *writer, struct trouble *trouble)
{
    uint8_t bytes[BACKUP_HEAD_BYTES];
    struct writer head = writer_over(bytes, sizeof(bytes));

    backup_head_encode(&writer->head, &head);
    writer->hash = backup_file_hash(&writer->head, buffer_span(&writer->key_file));
    if (!write_all(writer->file, writer_span(&head)) ||
        !write_all(writer->file, buffer_span(&writer->key_file)))
        return complain(writer, "written", trouble);
    return STATUS_OK;
}

static enum status make_file(struct backup_writer *writer, struct trouble *trouble)
{
    uint8_t random[8];
    char digits[2 * sizeof(random) + 1], fresh[BACKUP_NAME_BYTES + 8];
    struct stat about;

    if (stat(writer->folder, &about) != 0 || !S_ISDIR(about.st_mode)) {
        trouble_say(trouble,
            "there is no folder %s: is the stick in its place? No backup was made; those "
            "that were made before stay.",
            writer->folder);
        return STATUS_CLOSED;
    }
    chance_fill(writer->chance, random, sizeof(random));
    hex_format(random, sizeof(random), digits);
    (void)snprintf(writer->name, sizeof(writer->name), "%s.bin", digits);
    (void)snprintf(fresh, sizeof(fresh), "%s.new", writer->name);
    writer->path = disk_path(writer->folder, writer->name);
    writer->fresh = disk_path(writer->folder, fresh);
    writer->file = open(writer->fresh, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
        S_IRUSR | S_IWUSR);
    return writer->file < 0 ? complain(writer, "made", trouble) : STATUS_OK;
}

enum status backup_start(
    const struct backup_new *request, struct backup_writer **ret, struct trouble *trouble)
{
    struct backup_writer *writer = memory_new(sizeof(*writer));
    enum status status;

    writer->file = -1;
    writer->folder = memory_copy_text(request->folder);
    writer->parts = request->parts;
    writer->chance = request->chance;
    backup_derive_key(request->master, &writer->key);
    buffer_init(&writer->key_file, BACKUP_KEY_FILE_MAX);
    buffer_init(&writer->plain, BACKUP_PIECE_BYTES);
    buffer_init(&writer->again, BACKUP_PIECE_BYTES);
    buffer_init(&writer->boxed, BACKUP_PIECE_BYTES + BOX_EXTRA_BYTES);
    writer->head = (struct backup_head){.node_id = request->node_id,
        .state_count = request->state_count,
        .made_ms = request->made_ms,
        .content_bytes = backup_content_bytes(&request->parts),
        .key_file_bytes = (uint32_t)request->key_file.n};
    chance_fill(request->chance, writer->head.salt, sizeof(writer->head.salt));
    status =
        request->key_file.n == 0 || writer->head.content_bytes > BACKUP_CONTENT_MAX
            ? STATUS_TOO_BIG
            : buffer_put(&writer->key_file, request->key_file.at, request->key_file.n);
    if (status == STATUS_OK)
        status = make_file(writer, trouble);
    if (status == STATUS_OK)
        status = write_head(writer, trouble);
    if (status == STATUS_OK)
        *ret = writer;
    else
        backup_stop(&writer);
    return status;
}

/* The plain piece into writer->plain. */
static enum status gather(struct backup_writer *writer)
{
    size_t n = backup_piece_bytes(writer->head.content_bytes, writer->piece);

    buffer_clear(&writer->plain);
    uint8_t *to = buffer_grow(&writer->plain, n);
    if (!to)
        return STATUS_TOO_BIG;
    backup_gather(&writer->parts, writer->piece * BACKUP_PIECE_BYTES, n, to);
    return STATUS_OK;
}

static enum status write_piece(struct backup_writer *writer, struct trouble *trouble)
{
    uint8_t place[BACKUP_PLACE_BYTES];
    enum status status = gather(writer);

    buffer_clear(&writer->boxed);
    if (status == STATUS_OK)
        status = box_apply(&writer->key, writer->chance,
            backup_place(&writer->hash, writer->piece, place),
            buffer_span(&writer->plain), &writer->boxed);
    if (status == STATUS_OK && !write_all(writer->file, buffer_span(&writer->boxed)))
        status = complain(writer, "written", trouble);
    return status;
}

static enum status read_piece(struct backup_writer *writer, struct trouble *trouble)
{
    uint8_t place[BACKUP_PLACE_BYTES];
    enum status status = gather(writer);
    uint8_t *to;

    buffer_clear(&writer->boxed);
    buffer_clear(&writer->again);
    to = buffer_grow(&writer->boxed, writer->plain.used + BOX_EXTRA_BYTES);
    if (status == STATUS_OK && (!to || !read_all(writer->file, to, writer->boxed.used)))
        status = STATUS_CORRUPT;
    if (status == STATUS_OK)
        status =
            box_break(&writer->key, backup_place(&writer->hash, writer->piece, place),
                buffer_span(&writer->boxed), &writer->again);
    if (status == STATUS_OK &&
        span_equal(buffer_span(&writer->again), buffer_span(&writer->plain)))
        return STATUS_OK;
    trouble_say(trouble,
        "what was written to %s does not come back as it was: take another stick. The "
        "file was removed; the backups that were there before stay.",
        writer->folder);
    return STATUS_CORRUPT;
}

/* Head and node.key as they lie there. */
static enum status read_head(struct backup_writer *writer, struct trouble *trouble)
{
    struct buffer there;
    struct backup_head head;
    size_t n = BACKUP_HEAD_BYTES + writer->key_file.used;
    bool same = false;

    buffer_init(&there, BACKUP_HEAD_BYTES + BACKUP_KEY_FILE_MAX);
    uint8_t *to = buffer_grow(&there, n);
    if (to && lseek(writer->file, 0, SEEK_SET) == 0 && read_all(writer->file, to, n) &&
        backup_head_decode(span_of(to, BACKUP_HEAD_BYTES), &head) == STATUS_OK) {
        struct hash hash = backup_file_hash(
            &head, span_of(to + BACKUP_HEAD_BYTES, writer->key_file.used));
        same = hash_equal(&hash, &writer->hash);
    }
    buffer_release(&there);
    if (!same)
        trouble_say(trouble, "what was written to %s does not come back as it was",
            writer->folder);
    return same ? STATUS_OK : STATUS_CORRUPT;
}

static enum status begin_reading(struct backup_writer *writer, struct trouble *trouble)
{
    if (fsync(writer->file) != 0)
        return complain(writer, "synced", trouble);
    (void)posix_fadvise(writer->file, 0, 0, POSIX_FADV_DONTNEED); /* a wish */
    writer->reading = true;
    writer->piece = 0;
    return read_head(writer, trouble);
}

static enum status give_name(struct backup_writer *writer, struct trouble *trouble)
{
    if (rename(writer->fresh, writer->path) != 0)
        return complain(writer, "named", trouble);
    writer->named = true;
    enum status status = disk_sync_parent(writer->path, trouble);
    if (status == STATUS_OK)
        backup_prune(writer->folder, &writer->head.node_id);
    return status;
}

enum status backup_step(
    struct backup_writer *writer, bool *ret_done, struct trouble *trouble)
{
    uint64_t pieces = backup_pieces(writer->head.content_bytes);
    enum status status = STATUS_OK;

    *ret_done = false;
    for (size_t bytes = 0;
         status == STATUS_OK && writer->piece < pieces && bytes < BACKUP_STEP_BYTES;
         bytes += BACKUP_PIECE_BYTES) {
        status =
            writer->reading ? read_piece(writer, trouble) : write_piece(writer, trouble);
        writer->piece++;
    }
    if (status != STATUS_OK)
        return status;
    if (!writer->reading && fdatasync(writer->file) != 0)
        return complain(writer, "synced", trouble);
    if (writer->piece < pieces)
        return STATUS_OK;
    if (!writer->reading)
        return begin_reading(writer, trouble);
    status = give_name(writer, trouble);
    *ret_done = status == STATUS_OK;
    return status;
}

const char *backup_name(const struct backup_writer *writer)
{
    return writer->name;
}

uint64_t backup_bytes(const struct backup_writer *writer)
{
    return backup_file_bytes(&writer->head);
}

void backup_stop(struct backup_writer **writer_p)
{
    struct backup_writer *writer = *writer_p;

    if (!writer)
        return;
    if (writer->file >= 0) {
        (void)close(writer->file);
        if (!writer->named)
            (void)unlink(writer->fresh);
    }
    memory_wipe(&writer->key, sizeof(writer->key));
    buffer_release(&writer->key_file);
    buffer_release(&writer->plain);
    buffer_release(&writer->again);
    buffer_release(&writer->boxed);
    memory_free(writer->folder);
    memory_free(writer->fresh);
    memory_free(writer->path);
    memory_free(writer);
    *writer_p = NULL;
}
