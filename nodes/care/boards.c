/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | service u8 | priority u8 | progress u8 | flags u8 | calls u8 | zero u16 | day u32 |
 * created u64 | since u64 | nudged u64 | sender 16 | recipient 16 | reference 10 | calls of u64 | whom u8 | result u8.
 * Its place is "board" | hash of the referral.
 */
#include "boards.h"

#include <string.h>

#include "hash.h"
#include "memory.h"

enum {
    LAYOUT = 1,
    FLAG_SETTLED = 1,
    FLAG_UNDELIVERED = 2,
    FLAG_ESCALATED = 4,
    FLAG_RELAYED = 8,
    FLAGS_ALL = 15,
    CALL_BYTES = 10,
    HEAD_BYTES = 12 + 24 + 32 + REFERENCE_BYTES,
    CONTENT_BYTES_MAX = HEAD_BYTES + BOARD_CALLS_MAX * CALL_BYTES,
    PLACE_BYTES = 5 + HASH_BYTES
};

const char *const BOARD_SCHEMA =
    "CREATE TABLE board ("
    " id INTEGER PRIMARY KEY,"
    " referral_hash BLOB NOT NULL UNIQUE CHECK (length(referral_hash) = 32),"
    " told_by_hash BLOB NOT NULL CHECK (length(told_by_hash) = 32),"
    " changed_day INTEGER NOT NULL,"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX board_told_by ON board (told_by_hash, id);"
    "CREATE INDEX board_changed ON board (changed_day);";

#define COLUMNS "id, referral_hash, content FROM board "
enum { FIND, GET, NEXT, ADD, CHANGE, COUNT, DROP_OLDEST, DROP, N_SQL };
static const char *const SQL[N_SQL] = {
    [FIND] = "SELECT " COLUMNS "WHERE referral_hash = ?1",
    [GET] = "SELECT " COLUMNS "WHERE id = ?1",
    [NEXT] = "SELECT " COLUMNS "WHERE id > ?1 ORDER BY id LIMIT 1",
    [ADD] = "INSERT INTO board (referral_hash, told_by_hash, changed_day, content)"
            " VALUES (?1, ?2, ?3, ?4)",
    [CHANGE] = "UPDATE board SET changed_day = ?2, content = ?3 WHERE id = ?1",
    [COUNT] = "SELECT count(*) FROM board WHERE told_by_hash = ?1",
    [DROP_OLDEST] = "DELETE FROM board WHERE id ="
                    " (SELECT min(id) FROM board WHERE told_by_hash = ?1)",
    [DROP] = "DELETE FROM board WHERE changed_day < ?1",
};

struct boards {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key content_key, hash_key;
};

enum status boards_open(
    struct db *db, struct chance *chance, struct boards **ret, struct trouble *trouble)
{
    struct boards *boards = memory_new(sizeof(*boards));
    enum status status = statements_open(db, SQL, N_SQL, &boards->sql, trouble);

    boards->db = db;
    boards->chance = chance;
    if (status != STATUS_OK) {
        boards_close(&boards);
        return status;
    }
    *ret = boards;
    return STATUS_OK;
}

void boards_close(struct boards **boards)
{
    if (!*boards)
        return;
    boards_lock(*boards);
    statements_close(&(*boards)->sql);
    memory_free(*boards);
    *boards = NULL;
}

void boards_unlock(struct boards *boards, const struct box_key *master)
{
    box_derive_key(master, "board", &boards->content_key);
    box_derive_key(master, "board hash", &boards->hash_key);
    boards->unlocked = true;
}

void boards_lock(struct boards *boards)
{
    memory_wipe(&boards->content_key, sizeof(boards->content_key));
    memory_wipe(&boards->hash_key, sizeof(boards->hash_key));
    boards->unlocked = false;
}

/* --- one row as bytes ---------------------------------------------------------------------------------------- */

static struct hash hash_referral(const struct boards *boards, const char *reference,
    const struct ident *sender, const struct ident *recipient)
{
    uint8_t memory[REFERENCE_BYTES + 2 * IDENT_BYTES];
    struct writer writer = writer_over(memory, sizeof(memory));

    writer_put(&writer, reference, REFERENCE_BYTES);
    writer_put(&writer, sender->bytes, IDENT_BYTES);
    writer_put(&writer, recipient->bytes, IDENT_BYTES);
    return hash_keyed(boards->hash_key.bytes, writer_span(&writer));
}

static struct span make_place(const struct hash *hash, uint8_t memory[PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, "board", 5);
    writer_put(&writer, hash->bytes, HASH_BYTES);
    return writer_span(&writer);
}

static void write_row(struct writer *writer, const struct board_row *row)
{
    writer_u8(writer, LAYOUT);
    writer_u8(writer, (uint8_t)row->service);
    writer_u8(writer, (uint8_t)row->priority);
    writer_u8(writer, (uint8_t)row->progress);
    writer_u8(writer, (uint8_t)((row->settled ? FLAG_SETTLED : 0) |
                                (row->undelivered ? FLAG_UNDELIVERED : 0) |
                                (row->escalated ? FLAG_ESCALATED : 0) |
                                (row->relayed ? FLAG_RELAYED : 0)));
    writer_u8(writer, (uint8_t)row->n_calls);
    writer_u16(writer, 0);
    writer_u32(writer, row->day);
    writer_u64(writer, (uint64_t)row->created_ms);
    writer_u64(writer, (uint64_t)row->since_ms);
    writer_u64(writer, (uint64_t)row->nudged_ms);
    writer_put(writer, row->sender.bytes, IDENT_BYTES);
    writer_put(writer, row->recipient.bytes, IDENT_BYTES);
    writer_put(writer, row->reference, REFERENCE_BYTES);
    for (size_t i = 0; i < row->n_calls; i++) {
        writer_u64(writer, (uint64_t)row->calls[i].at_ms);
        writer_u8(writer, (uint8_t)row->calls[i].whom);
        writer_u8(writer, (uint8_t)row->calls[i].result);
    }
}

static bool is_whole(const struct board_row *row, uint8_t layout, uint8_t flags)
{
    for (size_t i = 0; i < row->n_calls; i++)
        if (!call_whom_name(row->calls[i].whom) ||
            !call_result_name(row->calls[i].result))
            return false;
    return layout == LAYOUT && flags <= FLAGS_ALL && row->service > 0 &&
           row->service < SERVICE_COUNT && row->priority > 0 &&
           row->priority < PRIORITY_COUNT && row->progress > 0 &&
           row->progress < PROGRESS_COUNT && row->reference[REFERENCE_BYTES - 1] == '\0';
}

static enum status read_row(struct span plain, struct board_row *ret)
{
    struct reader reader = reader_over(plain);
    struct board_row row = {0};
    uint8_t layout = reader_u8(&reader);

    row.service = (enum service)reader_u8(&reader);
    row.priority = (enum priority)reader_u8(&reader);
    row.progress = (enum progress)reader_u8(&reader);
    uint8_t flags = reader_u8(&reader);
    row.n_calls = reader_u8(&reader);
    reader_zeros(&reader, 2);
    row.day = reader_u32(&reader);
    row.created_ms = reader_time_ms(&reader);
    row.since_ms = reader_time_ms(&reader);
    row.nudged_ms = reader_time_ms(&reader);
    reader_copy(&reader, row.sender.bytes, IDENT_BYTES);
    reader_copy(&reader, row.recipient.bytes, IDENT_BYTES);
    reader_copy(&reader, row.reference, REFERENCE_BYTES);
    if (row.n_calls > BOARD_CALLS_MAX)
        return STATUS_CORRUPT;
    for (size_t i = 0; i < row.n_calls; i++) {
        row.calls[i].at_ms = reader_time_ms(&reader);
        row.calls[i].whom = (enum call_whom)reader_u8(&reader);
        row.calls[i].result = (enum call_result)reader_u8(&reader);
    }
    row.settled = flags & FLAG_SETTLED;
    row.undelivered = flags & FLAG_UNDELIVERED;
    row.escalated = flags & FLAG_ESCALATED;
    row.relayed = flags & FLAG_RELAYED;
    if (reader_end(&reader) != STATUS_OK || !is_whole(&row, layout, flags))
        return STATUS_CORRUPT;
    *ret = row;
    return STATUS_OK;
}

/* --- reading -------------------------------------------------------------------------------------------------- */

/* The row that the query gives, and its end. *ret_id is set as soon as there is one. */
static enum status take(
    struct boards *boards, struct query *query, int64_t *ret_id, struct board_row *ret)
{
    uint8_t memory[PLACE_BYTES];
    struct buffer plain;
    struct hash hash;
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    buffer_init(&plain, CONTENT_BYTES_MAX);
    if (status == STATUS_OK) {
        *ret_id = row_int(query, 0);
        status = row_exact(query, 1, hash.bytes, HASH_BYTES);
    }
    if (status == STATUS_OK && box_break(&boards->content_key, make_place(&hash, memory),
                                   row_blob(query, 2), &plain) != STATUS_OK)
        status = STATUS_CORRUPT;
    query_end(query);
    if (status == STATUS_OK)
        status = read_row(buffer_span(&plain), ret);
    if (status == STATUS_OK)
        ret->id = *ret_id;
    buffer_release(&plain);
    return status;
}

enum status boards_find(struct boards *boards, const char *reference,
    const struct ident *sender, const struct ident *recipient, struct board_row *ret)
{
    int64_t id;

    if (!boards->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_referral(boards, reference, sender, recipient);
    struct query *query = query_start(boards->sql, FIND);
    query_blob(query, 1, hash_span(&hash));
    return take(boards, query, &id, ret);
}

enum status boards_get(struct boards *boards, int64_t id, struct board_row *ret)
{
    if (!boards->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(boards->sql, GET);
    query_int(query, 1, id);
    return take(boards, query, &id, ret);
}

enum status boards_next(struct boards *boards, int64_t *id, struct board_row *ret)
{
    if (!boards->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(boards->sql, NEXT);
    query_int(query, 1, *id);
    return take(boards, query, id, ret);
}

/* --- writing -------------------------------------------------------------------------------------------------- */

static enum status box_row(struct boards *boards, const struct board_row *row,
    const struct hash *hash, struct buffer *ret)
{
    uint8_t bytes[CONTENT_BYTES_MAX], memory[PLACE_BYTES];
    struct writer writer = writer_over(bytes, sizeof(bytes));

    write_row(&writer, row);
    enum status status = box_apply(&boards->content_key, boards->chance,
        make_place(hash, memory), writer_span(&writer), ret);
    memory_wipe(bytes, sizeof(bytes));
    return status;
}

static enum status make_room(struct boards *boards, const struct hash *told_by)
{
    struct query *query = query_start(boards->sql, COUNT);
    bool found = false;

    query_blob(query, 1, hash_span(told_by));
    enum status status = query_next(query, &found);
    bool full = status == STATUS_OK && found && row_int(query, 0) >= BOARD_OF_ONE_MAX;
    query_end(query);
    if (status != STATUS_OK || !full)
        return status;
    query = query_start(boards->sql, DROP_OLDEST);
    query_blob(query, 1, hash_span(told_by));
    return query_run(query);
}

enum status boards_add(struct boards *boards, struct board_row *row,
    const struct ident *told_by, int64_t day)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(boards->db));
    if (!boards->unlocked)
        return STATUS_LOCKED;
    struct hash hash =
        hash_referral(boards, row->reference, &row->sender, &row->recipient);
    struct hash payer =
        hash_keyed(boards->hash_key.bytes, span_of(told_by->bytes, IDENT_BYTES));
    enum status status = make_room(boards, &payer);
    buffer_init(&boxed, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    if (status == STATUS_OK)
        status = box_row(boards, row, &hash, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(boards->sql, ADD);

        query_blob(query, 1, hash_span(&hash));
        query_blob(query, 2, hash_span(&payer));
        query_int(query, 3, day);
        query_blob(query, 4, buffer_span(&boxed));
        status = query_run(query);
    }
    if (status == STATUS_OK)
        row->id = db_last_row(boards->db);
    buffer_release(&boxed);
    return status;
}

enum status boards_change(struct boards *boards, const struct board_row *row, int64_t day)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(boards->db));
    if (!boards->unlocked)
        return STATUS_LOCKED;
    struct hash hash =
        hash_referral(boards, row->reference, &row->sender, &row->recipient);
    buffer_init(&boxed, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    enum status status = box_row(boards, row, &hash, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(boards->sql, CHANGE);

        query_int(query, 1, row->id);
        query_int(query, 2, day);
        query_blob(query, 3, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status boards_drop(struct boards *boards, int64_t day)
{
    PROMISE(db_in_transaction(boards->db));
    struct query *query = query_start(boards->sql, DROP);
    query_int(query, 1, day);
    return query_run(query);
}
