/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | service u8 | stopped u8 | mismatch u8 | groups u32 | day u64 | withdrawn u64 |
 * purged u64 | consent_id 16 | recipient 16 | body_hash 32 | reference 10. Its place is "share" | item_id.
 */
#include "sharings.h"

#include <string.h>

#include "memory.h"

enum { LAYOUT = 1, CONTENT_BYTES = 106, PLACE_BYTES = 24, DAY_MAX = 1000000 };

static const char PLACE[8] = {'s', 'h', 'a', 'r', 'e', 0, 0, 0};

#define COLUMNS "id, item_id, subject, content FROM share "
enum { PUT, CHANGE, SUBJECT, FIND, NEXT, REMOVE, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] = "INSERT INTO share (item_id, subject, content) VALUES (?1, ?2, ?3)",
    [CHANGE] = "UPDATE share SET content = ?3 WHERE item_id = ?1 AND subject = ?2",
    [SUBJECT] = "SELECT subject FROM share WHERE item_id = ?1",
    [FIND] = "SELECT " COLUMNS "WHERE item_id = ?1",
    [NEXT] = "SELECT " COLUMNS "WHERE subject = ?1 AND id > ?2 ORDER BY id LIMIT 1",
    [REMOVE] = "DELETE FROM share WHERE subject = ?1",
};

struct sharings {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
};

enum status sharings_open(
    struct db *db, struct chance *chance, struct sharings **ret, struct trouble *trouble)
{
    struct sharings *sharings = memory_new(sizeof(*sharings));
    enum status status = statements_open(db, SQL, N_SQL, &sharings->sql, trouble);

    sharings->db = db;
    sharings->chance = chance;
    if (status != STATUS_OK) {
        sharings_close(&sharings);
        return status;
    }
    *ret = sharings;
    return STATUS_OK;
}

void sharings_close(struct sharings **sharings)
{
    if (!*sharings)
        return;
    statements_close(&(*sharings)->sql);
    memory_free(*sharings);
    *sharings = NULL;
}

static struct span make_place(const struct ident *id, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, PLACE, sizeof(PLACE));
    memcpy(memory + sizeof(PLACE), id->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static void write_share(struct writer *writer, const struct share *share)
{
    writer_u8(writer, LAYOUT);
    writer_u8(writer, (uint8_t)share->service);
    writer_u8(writer, share->stopped);
    writer_u8(writer, share->mismatch);
    writer_u32(writer, share->groups);
    writer_u64(writer, (uint64_t)share->day);
    writer_u64(writer, (uint64_t)share->withdrawn_day);
    writer_u64(writer, (uint64_t)share->purged_day);
    writer_put(writer, share->consent_id.bytes, IDENT_BYTES);
    writer_put(writer, share->recipient.bytes, IDENT_BYTES);
    writer_hash(writer, &share->body_hash);
    writer_put(writer, share->reference, REFERENCE_BYTES);
}

static int64_t read_day(struct reader *reader)
{
    uint64_t day = reader_u64(reader);

    if (day > DAY_MAX)
        reader_fail(reader);
    return day > DAY_MAX ? 0 : (int64_t)day;
}

static enum status read_share(struct reader *reader, struct share *share)
{
    if (reader_u8(reader) != LAYOUT)
        reader_fail(reader);
    share->service = (enum service)reader_u8(reader);
    share->stopped = reader_u8(reader) != 0;
    share->mismatch = reader_u8(reader) != 0;
    share->groups = reader_u32(reader);
    share->day = read_day(reader);
    share->withdrawn_day = read_day(reader);
    share->purged_day = read_day(reader);
    reader_copy(reader, share->consent_id.bytes, IDENT_BYTES);
    reader_copy(reader, share->recipient.bytes, IDENT_BYTES);
    share->body_hash = reader_hash(reader);
    reader_copy(reader, share->reference, REFERENCE_BYTES);
    return reader_end(reader) == STATUS_OK && service_name(share->service) &&
                   share->reference[REFERENCE_BYTES - 1] == '\0'
               ? STATUS_OK
               : STATUS_CORRUPT;
}

static enum status write_row(struct sharings *sharings, const struct box_key *key,
    const struct share *share, size_t statement)
{
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));
    struct buffer boxed;

    PROMISE(db_in_transaction(sharings->db));
    write_share(&writer, share);
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = box_apply(key, sharings->chance,
        make_place(&share->item_id, place), writer_span(&writer), &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(sharings->sql, statement);

        query_ident(query, 1, &share->item_id);
        query_ident(query, 2, &share->subject);
        query_blob(query, 3, buffer_span(&boxed));
        status = query_run(query);
    }
    memory_wipe(plain, sizeof(plain));
    buffer_release(&boxed);
    return status;
}

enum status sharings_put(
    struct sharings *sharings, const struct box_key *key, const struct share *share)
{
    return write_row(sharings, key, share, PUT);
}

enum status sharings_change(
    struct sharings *sharings, const struct box_key *key, const struct share *share)
{
    enum status status = write_row(sharings, key, share, CHANGE);

    return status == STATUS_OK && db_changes(sharings->db) == 0 ? STATUS_NOT_FOUND
                                                                : status;
}

enum status sharings_subject(
    struct sharings *sharings, const struct ident *item_id, struct ident *ret)
{
    struct query *query = query_start(sharings->sql, SUBJECT);
    bool found = false;

    query_ident(query, 1, item_id);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? row_exact(query, 0, ret->bytes, IDENT_BYTES) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

/* The present row of the query; NOT_FOUND without one. Ends the query. */
static enum status read_row(
    struct query *query, const struct box_key *key, struct share *ret)
{
    struct share share = {0};
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    bool found = false;
    enum status status = query_next(query, &found);

    buffer_init(&plain, CONTENT_BYTES);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        share.id = row_int(query, 0);
        status = row_exact(query, 1, share.item_id.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        status = row_exact(query, 2, share.subject.bytes, IDENT_BYTES);
    if (status == STATUS_OK && box_break(key, make_place(&share.item_id, place),
                                   row_blob(query, 3), &plain) != STATUS_OK)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));

        status = read_share(&reader, &share);
    }
    query_end(query);
    buffer_release(&plain);
    if (status == STATUS_OK)
        *ret = share;
    else if (status == STATUS_CORRUPT && share.id > 0)
        ret->id = share.id; /* so that whoever goes through them can go on behind it */
    return status;
}

enum status sharings_find(struct sharings *sharings, const struct box_key *key,
    const struct ident *item_id, struct share *ret)
{
    struct query *query = query_start(sharings->sql, FIND);

    query_ident(query, 1, item_id);
    return read_row(query, key, ret);
}

enum status sharings_next(struct sharings *sharings, const struct box_key *key,
    const struct ident *subject, int64_t after, struct share *ret)
{
    struct query *query = query_start(sharings->sql, NEXT);

    query_ident(query, 1, subject);
    query_int(query, 2, after);
    return read_row(query, key, ret);
}

enum status sharings_remove(struct sharings *sharings, const struct ident *subject)
{
    PROMISE(db_in_transaction(sharings->db));
    struct query *query = query_start(sharings->sql, REMOVE);
    query_ident(query, 1, subject);
    return query_run(query);
}
