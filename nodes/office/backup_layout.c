/* SPDX-License-Identifier: Apache-2.0
 * Bytes only: no file is touched here.
 */
#include <string.h>

#include "backup_inside.h"
#include "memory.h"

enum { VERSION = 1 };

static const char MAGIC[4] = {'A', 'M', 'B', '1'};
static const char PLACE[16] = "amaan:backup:v1 ";

void backup_head_encode(const struct backup_head *head, struct writer *writer)
{
    writer_put(writer, MAGIC, sizeof(MAGIC));
    writer_u16(writer, VERSION);
    writer_zeros(writer, 2);
    writer_ident(writer, &head->node_id);
    writer_u64(writer, head->state_count);
    writer_u64(writer, (uint64_t)head->made_ms);
    writer_u64(writer, head->content_bytes);
    writer_u32(writer, head->key_file_bytes);
    writer_zeros(writer, 4);
    writer_put(writer, head->salt, sizeof(head->salt));
}

enum status backup_head_decode(struct span bytes, struct backup_head *ret)
{
    struct reader reader = reader_over(bytes);
    struct backup_head head;

    memset(&head, 0, sizeof(head));
    reader_expect(&reader, MAGIC, sizeof(MAGIC));
    uint16_t version = reader_u16(&reader);
    if (!reader.bad && version != VERSION)
        return STATUS_UNSUPPORTED;
    reader_zeros(&reader, 2);
    head.node_id = reader_ident(&reader);
    head.state_count = reader_u64(&reader);
    head.made_ms = reader_time_ms(&reader);
    head.content_bytes = reader_u64(&reader);
    head.key_file_bytes = reader_u32(&reader);
    reader_zeros(&reader, 4);
    reader_copy(&reader, head.salt, sizeof(head.salt));
    if (head.content_bytes < BACKUP_TABLE_BYTES ||
        head.content_bytes > BACKUP_CONTENT_MAX || head.state_count > INT64_MAX ||
        head.key_file_bytes == 0 || head.key_file_bytes > BACKUP_KEY_FILE_MAX)
        reader_fail(&reader);
    enum status status = reader_end(&reader);
    if (status == STATUS_OK)
        *ret = head;
    return status;
}

struct hash backup_file_hash(const struct backup_head *head, struct span key_file)
{
    uint8_t *bytes = memory_new(BACKUP_HEAD_BYTES + key_file.n);
    struct writer writer = writer_over(bytes, BACKUP_HEAD_BYTES + key_file.n);

    backup_head_encode(head, &writer);
    writer_put(&writer, key_file.at, key_file.n);
    struct hash hash = hash_of(writer_span(&writer));
    memory_free(bytes);
    return hash;
}

struct span backup_place(
    const struct hash *file, uint64_t i, uint8_t memory[static BACKUP_PLACE_BYTES])
{
    struct writer writer = writer_over(memory, BACKUP_PLACE_BYTES);

    writer_put(&writer, PLACE, sizeof(PLACE));
    writer_hash(&writer, file);
    writer_u64(&writer, i);
    return writer_span(&writer);
}

void backup_derive_key(const struct box_key *master, struct box_key *ret)
{
    box_derive_key(master, "backup", ret);
}

uint64_t backup_pieces(uint64_t content_bytes)
{
    return (content_bytes + BACKUP_PIECE_BYTES - 1) / BACKUP_PIECE_BYTES;
}

size_t backup_piece_bytes(uint64_t content_bytes, uint64_t i)
{
    uint64_t left = content_bytes - i * BACKUP_PIECE_BYTES;

    return left < BACKUP_PIECE_BYTES ? (size_t)left : BACKUP_PIECE_BYTES;
}

uint64_t backup_file_bytes(const struct backup_head *head)
{
    return BACKUP_HEAD_BYTES + head->key_file_bytes + head->content_bytes +
           backup_pieces(head->content_bytes) * BOX_EXTRA_BYTES;
}

uint64_t backup_content_bytes(const struct backup_parts *parts)
{
    return BACKUP_TABLE_BYTES + (uint64_t)parts->conf.n + parts->link_key.n +
           parts->case_key.n + parts->database.n;
}

void backup_gather(const struct backup_parts *parts, uint64_t at, size_t n, uint8_t *ret)
{
    uint8_t table[BACKUP_TABLE_BYTES];
    struct writer writer = writer_over(table, sizeof(table));

    writer_u64(&writer, parts->conf.n);
    writer_u64(&writer, parts->link_key.n);
    writer_u64(&writer, parts->case_key.n);
    writer_u64(&writer, parts->database.n);
    const struct span spans[] = {writer_span(&writer), parts->conf, parts->link_key,
        parts->case_key, parts->database};

    for (size_t i = 0; i < ARRAY_LENGTH(spans) && n > 0; i++) {
        if (at >= spans[i].n) {
            at -= spans[i].n;
            continue;
        }
        size_t some = spans[i].n - (size_t)at < n ? spans[i].n - (size_t)at : n;

        memcpy(ret, spans[i].at + at, some);
        ret += some;
        n -= some;
        at = 0;
    }
    PROMISE(n == 0);
}

enum status backup_parts_decode(struct span content, struct backup_parts *ret)
{
    struct reader reader = reader_over(content);
    struct backup_parts parts;
    uint64_t conf = reader_u64(&reader), link_key = reader_u64(&reader);
    uint64_t case_key = reader_u64(&reader), database = reader_u64(&reader);

    if (conf > content.n || link_key > content.n || case_key > content.n ||
        database > content.n)
        return STATUS_MALFORMED;
    parts.conf = reader_take(&reader, (size_t)conf);
    parts.link_key = reader_take(&reader, (size_t)link_key);
    parts.case_key = reader_take(&reader, (size_t)case_key);
    parts.database = reader_take(&reader, (size_t)database);
    enum status status = reader_end(&reader);
    if (status == STATUS_OK)
        *ret = parts;
    return status;
}
